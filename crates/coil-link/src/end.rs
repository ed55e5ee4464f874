//! The board's end of a wire, and how clients that send more than it reads are slowed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Input that a board may leave unread before its wires stop taking more from their clients.
pub(crate) const INPUT_MARK: usize = 64 << 10;
/// A board that has read nothing for so long while input waits does not read: its wires then take
/// what comes all the same, so that the key that interrupts its program gets through.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// The speed of those who have none, which is that of a board's own.
pub(crate) const BAUD: u32 = 115_200;
/// What frames of tools that flash chips start with: nobody else is asked for a speed.
const FRAME: u8 = 0xc0;

/// What a wire needs of the board at its end. Nothing here may block.
pub trait End: Send + Sync {
    /// Bytes have come. What is beyond the room that the board has is lost, but for the key that
    /// interrupts.
    fn send(&self, bytes: &[u8]);
    /// Bytes that have come and that the board has not read.
    fn waiting(&self) -> usize;
    /// Bytes that it has read since its power came on.
    fn taken(&self) -> u64;
    /// The lines of a serial port that can reset a chip have changed.
    fn lines(&self, dtr: bool, rts: bool) {
        let _ = (dtr, rts);
    }
    /// Who sends frames does so at this speed, in bits a second. It changes nothing on a wire; a ROM's loader tells it.
    fn speed(&self, baud: u32) {
        let _ = baud;
    }
    /// The client that spoke last has closed its end.
    fn hung_up(&self) {}
}

/// What all wires of one board share: the board, who spoke to it last, and how fast frames came last.
#[derive(Clone)]
pub struct Line {
    end: Arc<dyn End>,
    speaker: Arc<AtomicU64>,
    baud: Arc<AtomicU32>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

impl Line {
    /// The line of a board.
    pub fn new(end: impl End + 'static) -> Self {
        Self { end: Arc::new(end), speaker: Arc::default(), baud: Arc::new(AtomicU32::new(BAUD)) }
    }

    /// A client, known by a number, says something, at a speed that is asked for where it matters.
    pub(crate) fn send(&self, client: u64, bytes: &[u8], baud: impl FnOnce() -> u32) {
        self.speaker.store(client, Ordering::Relaxed);
        if bytes.contains(&FRAME) {
            let baud = baud();
            if self.baud.swap(baud, Ordering::Relaxed) != baud {
                self.end.speed(baud);
            }
        }
        self.end.send(bytes);
    }

    /// A client sets the lines.
    pub(crate) fn lines(&self, dtr: bool, rts: bool) {
        self.end.lines(dtr, rts);
    }

    /// A client has gone. The board hears of it only if nobody else has spoken since: one who merely
    /// listened ends nobody's session.
    pub(crate) fn gone(&self, client: u64) {
        let spoke = self.speaker.compare_exchange(client, 0, Ordering::Relaxed, Ordering::Relaxed);
        if spoke.is_ok() {
            self.end.hung_up();
        }
    }
}

/// Whether a client's bytes are taken now.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// Since when the board has read nothing, and what it had read by then.
    since: Option<(Instant, u64)>,
}

impl Gate {
    /// Asks anew; a gate that is shut is to be asked again soon.
    pub(crate) fn is_open(&mut self, line: &Line) -> bool {
        self.ask(line.end.waiting(), line.end.taken(), Instant::now())
    }

    fn ask(&mut self, waiting: usize, taken: u64, now: Instant) -> bool {
        if waiting < INPUT_MARK {
            self.since = None;
            return true;
        }
        match self.since {
            Some((since, before)) if before == taken => {
                now.saturating_duration_since(since) >= PATIENCE
            }
            _ => {
                self.since = Some((now, taken));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, INPUT_MARK, PATIENCE};
    use std::time::{Duration, Instant};

    #[test]
    fn a_client_is_slowed_while_the_board_reads_and_heard_when_it_does_not() {
        let mut gate = Gate::default();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        assert!(gate.ask(INPUT_MARK - 1, 0, at(0)));
        assert!(!gate.ask(INPUT_MARK, 0, at(0)));
        assert!(!gate.ask(INPUT_MARK, 0, at(999)));
        assert!(!gate.ask(INPUT_MARK, 1, at(1500)), "it reads");
        assert!(!gate.ask(INPUT_MARK, 1, at(2400)));
        assert!(gate.ask(INPUT_MARK, 1, at(2500)), "it does not read any more");
        assert!(gate.ask(INPUT_MARK + 4096, 1, at(2501)));
        assert!(!gate.ask(INPUT_MARK + 4096, 2, at(2502)), "it reads again");
        assert!(gate.ask(INPUT_MARK - 1, 5000, at(2503)));
        assert_eq!(PATIENCE, Duration::from_secs(1));
    }
}
