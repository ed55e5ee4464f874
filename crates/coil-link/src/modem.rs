//! The lines of a serial port that can reset a chip, where the port itself has none: a pseudo-terminal's, set from beside it.

use crate::hub::Bell;

/// DTR and RTS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Data terminal ready.
    pub dtr: bool,
    /// Request to send.
    pub rts: bool,
}

/// What lines are to be; left out, they stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Data terminal ready.
    pub dtr: Option<bool>,
    /// Request to send.
    pub rts: Option<bool>,
}

/// The lines of a port as its driver has them: on while somebody has it open, unless they are set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lines {
    now: Levels,
    /// Somebody sets them: until then the board hears nothing of them.
    are_used: bool,
}

impl Lines {
    /// The first client has opened the port.
    pub(crate) fn open(&mut self) {
        if !self.are_used {
            self.now = Levels { dtr: true, rts: true };
        }
    }

    /// The last has closed it; what the board hears of that.
    pub(crate) fn close(&mut self) -> Option<Levels> {
        let were = std::mem::take(self);
        (were.are_used && were.now != Levels::default()).then_some(Levels::default())
    }

    /// They are set; true if the board hears of it.
    pub(crate) fn set(&mut self, change: Change) -> bool {
        let levels = Levels {
            dtr: change.dtr.unwrap_or(self.now.dtr),
            rts: change.rts.unwrap_or(self.now.rts),
        };
        let is_news = change != Change::default() && (levels != self.now || !self.are_used);
        self.are_used |= change != Change::default();
        self.now = levels;
        is_news
    }

    /// What they are.
    pub(crate) const fn now(&self) -> Levels {
        self.now
    }
}

/// The lines of one port. Copies are the same.
#[derive(Clone, Debug)]
pub struct Modem(Bell);

impl Modem {
    pub(crate) const fn of(bell: Bell) -> Self {
        Self(bell)
    }

    /// Sets lines and tells what all are; the board has heard of it by then. Nothing where the port has gone.
    pub fn set(&self, change: Change) -> Option<Levels> {
        self.0.modem(change)
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Levels, Lines};

    const BOTH: Levels = Levels { dtr: true, rts: true };
    const NONE: Levels = Levels { dtr: false, rts: false };

    #[test]
    fn lines_are_on_while_the_port_is_open_and_the_board_hears_only_who_sets_them() {
        let mut lines = Lines::default();
        assert_eq!(lines.now(), NONE);
        lines.open();
        assert!(!lines.set(Change::default()), "asking sets nothing");
        assert_eq!((lines.now(), lines.close(), lines.now()), (BOTH, None, NONE));
        lines.open();
        assert!(lines.set(Change { dtr: Some(true), rts: None }), "the first time counts");
        assert!(!lines.set(Change { dtr: None, rts: Some(true) }), "nothing new");
        assert!(lines.set(Change { dtr: Some(false), rts: None }));
        lines.open();
        assert_eq!(lines.now(), Levels { dtr: false, rts: true }, "another client changes nothing");
        assert_eq!(lines.close(), Some(NONE));
        assert_eq!(lines.close(), None);
        lines.open();
        assert!(lines.set(Change { dtr: Some(false), rts: Some(false) }));
        assert_eq!(lines.close(), None, "they are off already");
    }
}
