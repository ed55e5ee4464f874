//! The circuit of two transistors on most boards, by which the lines of the serial port reset the chip and choose
//! what it starts.
//!
//! EN is low while RTS is set and DTR is not. When RTS lets go, DTR says what starts: the ROM's loader if it is set.
//! Tools pass through both lines set on their way there, so EN stays low until RTS falls; who leaves both set
//! for longer only wants the firmware.

/// With both lines set the chip is let go after so long.
const BOTH_US: u64 = 400_000;

/// What the lines do to the chip.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AutoReset {
    /// EN is held low.
    holds: bool,
    /// When the chip is let go by itself.
    lets_go_us: Option<u64>,
    /// The chip was let go so that it starts the loader.
    boots: bool,
    /// DTR alone is set: the other transistor pulls GPIO0 low, as the BOOT button does.
    pulls: bool,
}

impl AutoReset {
    /// The lines are set at a moment.
    pub(super) fn set(&mut self, now_us: u64, dtr: bool, rts: bool) {
        self.pass(now_us);
        match (self.holds, dtr, rts) {
            (false, false, true) => *self = Self { holds: true, ..Self::default() },
            (true, _, false) => *self = Self { boots: dtr, ..Self::default() },
            (true, true, true) => {
                self.lets_go_us.get_or_insert(now_us + BOTH_US);
            }
            (true, false, true) => self.lets_go_us = None,
            (false, ..) => {}
        }
        self.pulls = dtr && !rts;
    }

    /// Whether GPIO0 is pulled low.
    pub(super) const fn pulls(&self) -> bool {
        self.pulls
    }

    /// Time goes on.
    pub(crate) fn pass(&mut self, now_us: u64) {
        if self.lets_go_us.is_some_and(|at| now_us >= at) {
            *self = Self::default();
        }
    }

    /// Whether EN is held low.
    pub(crate) const fn holds(&self) -> bool {
        self.holds
    }

    /// When it is let go by itself.
    pub(crate) const fn lets_go_us(&self) -> Option<u64> {
        self.lets_go_us
    }

    /// Whether the chip was let go for the loader, asked once for each time.
    pub(crate) fn take_boot(&mut self) -> bool {
        core::mem::take(&mut self.boots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// Lines one after the other, each with its moment in milliseconds: when EN rose, and whether to the loader.
    fn resets(steps: &[(u64, bool, bool)]) -> Vec<(u64, bool)> {
        let mut circuit = AutoReset::default();
        let mut resets = Vec::new();
        let end = steps.last().map_or(0, |s| s.0) + 1000;
        let mut steps = steps.iter().peekable();
        for ms in 0..end {
            let was_held = circuit.holds();
            circuit.pass(ms * 1000);
            while let Some((_, dtr, rts)) = steps.next_if(|s| s.0 <= ms) {
                circuit.set(ms * 1000, *dtr, *rts);
            }
            if was_held && !circuit.holds() {
                resets.push((ms, circuit.take_boot()));
            }
        }
        resets
    }

    /// What it is, the lines, and the resets.
    type Case = (&'static str, &'static [(u64, bool, bool)], &'static [(u64, bool)]);

    #[test]
    fn what_tools_do_to_the_lines_does_what_they_want() {
        const OFF: bool = false;
        const ON: bool = true;
        let cases: [Case; 7] = [
            (
                "esptool's classic reset",
                &[(0, OFF, OFF), (10, OFF, ON), (110, ON, ON), (110, ON, OFF), (160, OFF, OFF)],
                &[(110, true)],
            ),
            (
                "esptool's tight reset",
                &[(0, OFF, OFF), (1, ON, ON), (2, OFF, ON), (102, ON, OFF), (152, OFF, OFF)],
                &[(102, true)],
            ),
            ("a hard reset", &[(0, OFF, OFF), (10, OFF, ON), (110, OFF, OFF)], &[(110, false)]),
            (
                "a port is opened and closed",
                &[(0, ON, OFF), (1, ON, ON), (500, ON, OFF), (501, OFF, OFF)],
                &[],
            ),
            (
                "both lines stay on after a reset",
                &[(0, OFF, ON), (50, ON, ON), (900, ON, OFF)],
                &[(450, false)],
            ),
            (
                "DTR goes to and fro meanwhile",
                &[(0, OFF, ON), (50, ON, ON), (300, OFF, ON), (600, ON, ON), (800, ON, OFF)],
                &[(800, true)],
            ),
            (
                "one reset after another",
                &[(0, OFF, ON), (100, ON, OFF), (150, OFF, OFF), (200, OFF, ON), (300, OFF, OFF)],
                &[(100, true), (300, false)],
            ),
        ];
        for (what, steps, expected) in cases {
            assert_eq!(resets(steps), expected, "{what}");
        }
    }
}
