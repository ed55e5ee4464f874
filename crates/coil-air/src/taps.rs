//! Those who look on: called with what passes, in the order in which they came, and no cost where there is none.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

/// Called with every frame that is sent, and when (microseconds of the lab's clock).
pub(crate) type FrameTap = dyn Fn(u64, &[u8]) + Send + Sync;

/// A function that is called with every frame that is sent, and when (microseconds of the lab's clock). It must return at once, as a waker.
pub type Tap = Arc<FrameTap>;

/// One who looks on, for [`Air::remove_tap`](crate::Air::remove_tap).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapId(u64);

/// A list of functions.
pub(crate) struct Taps<F: ?Sized> {
    list: RwLock<Vec<(TapId, Arc<F>)>>,
    is_any: AtomicBool,
    next: AtomicU64,
}

impl<F: ?Sized> std::fmt::Debug for Taps<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Taps").field("is_any", &self.is_any).finish_non_exhaustive()
    }
}

impl<F: ?Sized> Default for Taps<F> {
    fn default() -> Self {
        Self { list: RwLock::default(), is_any: AtomicBool::new(false), next: AtomicU64::new(0) }
    }
}

impl<F: ?Sized> Taps<F> {
    pub(crate) fn add(&self, tap: Arc<F>) -> TapId {
        let id = TapId(self.next.fetch_add(1, Relaxed));
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        list.push((id, tap));
        self.is_any.store(true, Relaxed);
        id
    }

    /// Once it returns the function is not called any more.
    pub(crate) fn remove(&self, id: TapId) {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        list.retain(|(other, _)| *other != id);
        self.is_any.store(!list.is_empty(), Relaxed);
    }

    pub(crate) fn is_any(&self) -> bool {
        self.is_any.load(Relaxed)
    }

    pub(crate) fn each(&self, call: impl Fn(&F)) {
        if self.is_any() {
            let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
            list.iter().for_each(|(_, tap)| call(tap));
        }
    }
}
