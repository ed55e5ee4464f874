//! What a board has sent and a client has not taken yet: bounded, and never a reason to wait.

use crate::hub::Bell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Output that waits for a slow client, at most.
pub(crate) const BACKLOG_MAX: usize = 8 << 20;

/// What becomes of a client that is further behind than [`BACKLOG_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// It loses the oldest bytes: a port that cannot be closed from here.
    DropOldest,
    /// It is let go: an end is better than a gap that nobody sees.
    LetGo,
}

/// Bytes on their way to one client.
#[derive(Debug)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    bell: Bell,
    beyond: Beyond,
}

#[derive(Debug)]
struct State {
    bytes: VecDeque<u8>,
    /// Somebody reads.
    is_open: bool,
    /// The client was too slow.
    is_lost: bool,
    /// The bell has rung and nobody has looked yet.
    rung: bool,
}

impl Outbox {
    pub(crate) fn new(bell: Bell, beyond: Beyond, is_open: bool) -> Arc<Self> {
        let state = State { bytes: VecDeque::new(), is_open, is_lost: false, rung: false };
        Arc::new(Self { state: Mutex::new(state), bell, beyond })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes bytes of the board, if somebody reads; false if nobody does any more.
    pub(crate) fn write(&self, bytes: &[u8]) -> bool {
        let mut state = self.lock();
        if !state.is_open {
            return false;
        }
        let over = (state.bytes.len() + bytes.len()).saturating_sub(BACKLOG_MAX);
        let bytes = match self.beyond {
            _ if over == 0 => bytes,
            Beyond::DropOldest => {
                let n = over.min(state.bytes.len());
                state.bytes.drain(..n);
                &bytes[over - n..]
            }
            Beyond::LetGo => {
                state.is_open = false;
                state.is_lost = true;
                state.bytes = VecDeque::new();
                &[]
            }
        };
        state.bytes.extend(bytes);
        if !std::mem::replace(&mut state.rung, true) {
            drop(state);
            self.bell.ring();
        }
        true
    }

    /// Opens or closes it; closed, it is empty.
    pub(crate) fn set_open(&self, is_open: bool) {
        let mut state = self.lock();
        state.is_open = is_open;
        if !is_open {
            state.bytes = VecDeque::new();
        }
    }

    /// Whether its client was too slow.
    pub(crate) fn is_lost(&self) -> bool {
        self.lock().is_lost
    }

    /// Throws away what waits.
    pub(crate) fn purge(&self) {
        self.lock().bytes.clear();
    }

    /// Gives what waits to `take` until that answers that it has taken none, or nothing is left; true if
    /// nothing is.
    pub(crate) fn drain(&self, mut take: impl FnMut(&[u8]) -> usize) -> bool {
        loop {
            let mut state = self.lock();
            state.rung = false;
            let (front, _) = state.bytes.as_slices();
            if front.is_empty() {
                return true;
            }
            match take(front) {
                0 => return false,
                n => drop(state.bytes.drain(..n)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BACKLOG_MAX, Beyond, Outbox};
    use crate::hub::Bell;

    fn len(outbox: &Outbox) -> usize {
        outbox.lock().bytes.len()
    }

    #[test]
    fn a_port_loses_the_oldest_beyond_its_bound() {
        let outbox = Outbox::new(Bell::silent(), Beyond::DropOldest, true);
        assert!(outbox.write(&vec![1; BACKLOG_MAX]));
        assert!(outbox.write(&[2; 10]));
        assert_eq!(len(&outbox), BACKLOG_MAX);
        let mut seen = Vec::new();
        assert!(outbox.drain(|b| {
            seen.extend_from_slice(b);
            b.len()
        }));
        assert_eq!(seen[BACKLOG_MAX - 11..], [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
        let mut long = vec![3; BACKLOG_MAX + 5];
        long[4] = 4;
        long[5] = 5;
        assert!(outbox.write(&long));
        outbox.drain(|b| {
            seen = b.to_vec();
            0
        });
        assert_eq!(seen[..2], [5, 3]);
    }

    #[test]
    fn a_connection_that_is_too_far_behind_is_let_go() {
        let outbox = Outbox::new(Bell::silent(), Beyond::LetGo, true);
        assert!(outbox.write(&vec![1; BACKLOG_MAX]) && !outbox.is_lost());
        outbox.write(&[2]);
        assert!(outbox.is_lost() && len(&outbox) == 0);
        assert!(!outbox.write(&[3]));
    }

    #[test]
    fn nobody_s_output_is_not_kept() {
        let outbox = Outbox::new(Bell::silent(), Beyond::DropOldest, false);
        assert!(!outbox.write(b"boot"));
        outbox.set_open(true);
        assert!(outbox.write(b"now"));
        outbox.set_open(false);
        outbox.set_open(true);
        assert_eq!(len(&outbox), 0);
    }
}
