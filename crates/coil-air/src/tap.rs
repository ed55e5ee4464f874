//! Who is shown every frame: one tap for all segments of an air.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

/// Called with every frame that is sent, and when (microseconds of the lab's clock). It must return at once, as a waker.
pub type Tap = Arc<dyn Fn(u64, &[u8]) + Send + Sync>;

/// The place for it.
#[derive(Default)]
pub(crate) struct TapPlace {
    tap: RwLock<Option<Tap>>,
    is_taken: AtomicBool,
}

impl fmt::Debug for TapPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TapPlace").field("is_taken", &self.is_taken).finish_non_exhaustive()
    }
}

impl TapPlace {
    pub(crate) fn set(&self, tap: Option<Tap>) {
        let mut place = self.tap.write().unwrap_or_else(PoisonError::into_inner);
        self.is_taken.store(tap.is_some(), Relaxed);
        *place = tap;
    }

    /// Shows a frame to whoever is there.
    pub(crate) fn show(&self, bytes: &[u8], now_us: u64) {
        if !self.is_taken.load(Relaxed) {
            return;
        }
        let tap = self.tap.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(tap) = tap {
            tap(now_us, bytes);
        }
    }
}
