//! How fast the chip's radio is for programs: one frame after the other, whichever way it goes.

use crate::frame::Frame;
use crate::segment::Port;
use std::collections::VecDeque;

/// The pace of one board's radio.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Nothing for as fast as the host.
    bytes_per_second: Option<u32>,
    /// When what it has to do by now is done.
    free_at_us: u64,
}

impl Pace {
    pub(super) fn new(bytes_per_second: Option<u32>) -> Self {
        Self { bytes_per_second: bytes_per_second.filter(|rate| *rate > 0), free_at_us: 0 }
    }

    /// When a frame is through that comes at this moment; zero for at once.
    fn through_us(&mut self, at_us: u64, bytes: usize) -> u64 {
        let Some(rate) = self.bytes_per_second else { return 0 };
        let takes_us = bytes as u64 * 1_000_000 / u64::from(rate);
        self.free_at_us = self.free_at_us.max(at_us).saturating_add(takes_us);
        self.free_at_us
    }

    /// How much later than now a frame leaves that is to be sent now: after those before it. The time that it takes itself is the
    /// radio's from then on, so that the next frame comes as late as it would; who gets it need not wait, by a clock that may be
    /// coarse.
    pub(super) fn late_us(&mut self, now_us: u64, bytes: usize) -> u64 {
        let late_us = self.free_at_us.saturating_sub(now_us);
        self.through_us(now_us, bytes);
        late_us
    }

    /// Takes what has arrived at a port, to the end of what waits.
    pub(super) fn take(&mut self, port: &Port, waiting: &mut VecDeque<Frame>, now_us: u64) {
        let known = waiting.len();
        port.drain_into(waiting);
        if self.bytes_per_second.is_none() {
            return;
        }
        for frame in waiting.range_mut(known..) {
            frame.deliver_at_us =
                self.through_us(frame.deliver_at_us.max(now_us), frame.bytes.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_go_one_after_the_other_and_without_a_pace_at_once() {
        let mut pace = Pace::new(Some(1_000_000));
        assert_eq!(pace.late_us(5000, 1500), 0, "it is idle");
        assert_eq!(pace.late_us(5000, 100), 1500);
        assert_eq!(pace.through_us(5000, 500), 7100);
        assert_eq!(pace.through_us(9000, 60), 9060, "it has been idle");
        assert_eq!(Pace::new(None).late_us(5, 1500), 0);
        assert_eq!(Pace::new(Some(0)).through_us(5, 1500), 0);
    }
}
