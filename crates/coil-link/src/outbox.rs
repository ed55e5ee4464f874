//! What a board has sent and a client has not taken yet: bounded, and never a reason to wait.

use crate::hub::Bell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Output that waits for a slow client, at most.
pub(crate) const BACKLOG_MAX: usize = 8 << 20;
/// Output of a board that has not paused yet: from here on it goes out while the board goes on.
const PIECE: usize = 16 << 10;
/// How often the board's own thread writes before it leaves the rest to the hub.
const WRITES: usize = 4;

/// What becomes of a client that is further behind than [`BACKLOG_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// It loses the oldest bytes, as at a serial port: one that cannot be closed from here, or that speaks of itself as one.
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
    /// The hub knows that something waits, and sends it: until nothing is left, it alone does.
    is_hubs: bool,
}

impl Outbox {
    pub(crate) fn new(bell: Bell, beyond: Beyond, is_open: bool) -> Arc<Self> {
        let state = State { bytes: VecDeque::new(), is_open, is_lost: false, is_hubs: false };
        Arc::new(Self { state: Mutex::new(state), bell, beyond })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes bytes of the board, if somebody reads; false if nobody does any more. They go out with the next
    /// [`Outbox::flush`], or before.
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
        if state.is_lost || state.bytes.len() >= PIECE {
            self.hand_over(state);
        }
        true
    }

    /// Leaves what waits to the hub.
    fn hand_over(&self, mut state: MutexGuard<'_, State>) {
        if !std::mem::replace(&mut state.is_hubs, true) {
            drop(state);
            self.bell.ring();
        }
    }

    /// The board pauses: has what waits sent.
    pub(crate) fn flush(&self) {
        let state = self.lock();
        if !state.bytes.is_empty() {
            self.hand_over(state);
        }
    }

    /// The same, by `send`, which must not wait and answers how much it took: the client has it sooner than by way
    /// of the hub, which gets what cannot be sent now.
    pub(crate) fn flush_by(&self, send: impl Fn(&[u8]) -> usize) {
        let mut state = self.lock();
        for _ in 0..WRITES {
            let (front, _) = state.bytes.as_slices();
            if state.is_hubs || front.is_empty() {
                return;
            }
            match send(front) {
                0 => break,
                n => drop(state.bytes.drain(..n)),
            }
        }
        if !state.bytes.is_empty() {
            self.hand_over(state);
        }
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
    /// nothing is. For the hub, which comes again as long as something is.
    pub(crate) fn drain(&self, mut take: impl FnMut(&[u8]) -> usize) -> bool {
        loop {
            let mut state = self.lock();
            let (front, _) = state.bytes.as_slices();
            if front.is_empty() {
                state.is_hubs = false;
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
    use super::{BACKLOG_MAX, Beyond, Outbox, PIECE};
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
    fn what_the_board_s_thread_cannot_send_is_the_hub_s_and_nothing_overtakes_it() {
        let outbox = Outbox::new(Bell::silent(), Beyond::DropOldest, true);
        let sent = std::cell::RefCell::new(Vec::new());
        let (all, some) = (
            |b: &[u8]| {
                sent.borrow_mut().extend_from_slice(b);
                b.len()
            },
            |b: &[u8]| {
                let n = usize::from(sent.borrow().len() < 3);
                sent.borrow_mut().extend_from_slice(&b[..n]);
                n
            },
        );
        outbox.write(b"1");
        outbox.write(b"2");
        assert!(sent.borrow().is_empty(), "it is kept until the board pauses");
        outbox.flush_by(all);
        assert_eq!(*sent.borrow(), b"12");
        outbox.write(b"345");
        outbox.flush_by(some);
        assert_eq!(*sent.borrow(), b"123", "no more can be sent");
        outbox.write(b"6");
        outbox.flush_by(all);
        assert_eq!(*sent.borrow(), b"123", "what came before it is the hub's");
        assert!(outbox.drain(all));
        assert_eq!(*sent.borrow(), b"123456");
        outbox.write(b"7");
        outbox.flush_by(all);
        assert_eq!(*sent.borrow(), b"1234567", "and from then on all is as before");
        outbox.write(&[8; PIECE]);
        outbox.flush_by(all);
        assert_eq!(sent.borrow().len(), 7, "the hub has begun with what is long");
        outbox.set_open(false);
        outbox.write(b"9");
        outbox.flush_by(all);
        assert_eq!((sent.borrow().len(), len(&outbox)), (7, 0), "nobody is there");
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
