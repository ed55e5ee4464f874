//! Who is at a board's ports, all of them together: when the last has gone, the board is told that the line
//! was hung up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The clients of a board, counted over all its ports. Copies count together.
#[derive(Clone)]
pub struct Guests {
    inner: Arc<Inner>,
}

struct Inner {
    count: AtomicUsize,
    gone: Box<dyn Fn() + Send + Sync>,
}

/// One of them, as long as this lives.
#[derive(Debug)]
pub struct Guest {
    of: Guests,
}

impl std::fmt::Debug for Guests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.inner.count.load(Ordering::Relaxed);
        f.debug_struct("Guests").field("count", &count).finish_non_exhaustive()
    }
}

impl Guests {
    /// Nobody yet. `gone` is called whenever the last one goes; it must not block.
    pub fn new(gone: impl Fn() + Send + Sync + 'static) -> Self {
        Self { inner: Arc::new(Inner { count: AtomicUsize::new(0), gone: Box::new(gone) }) }
    }

    /// Clients that nobody counts.
    pub fn uncounted() -> Self {
        Self::new(|| {})
    }

    /// One more. Drop it when all that it has sent has been handed on.
    pub fn enter(&self) -> Guest {
        self.inner.count.fetch_add(1, Ordering::AcqRel);
        Guest { of: self.clone() }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if self.of.inner.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            (self.of.inner.gone)();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_one_is_told_of() {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        let guests = Guests::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let other = guests.clone();
        let (first, second) = (guests.enter(), other.enter());
        drop(first);
        assert_eq!(calls.load(Ordering::Relaxed), 0);
        drop(second);
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        drop(guests.enter());
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }
}
