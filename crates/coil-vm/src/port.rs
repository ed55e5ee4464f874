//! The one door out of a board: time, bytes, chance, and stacks for threads.

use alloc::boxed::Box;

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The deadline passed.
    Time,
    /// Something arrived: input, a packet, an edge.
    Event,
}

/// What a board asks of its surroundings. Nothing else of the host is in reach.
pub trait Port {
    /// Microseconds since power on.
    fn now_us(&mut self) -> u64;

    /// Sends bytes out on the console. Never blocks the board.
    fn write(&mut self, bytes: &[u8]);

    /// The next byte of console input, if one is there.
    fn read(&mut self) -> Option<u8>;

    /// Whether a byte of console input is there.
    fn readable(&mut self) -> bool;

    /// Rests until the deadline or until something happens. `None` waits for events alone.
    fn wait(&mut self, until_us: Option<u64>) -> Wake;

    /// Called at poll points with the number of steps taken since the last call; gives other
    /// boards their turn and moves virtual time on.
    fn poll(&mut self, steps: u32);

    /// Whether the interrupt character arrived since it was last asked; taking it clears it.
    fn take_interrupt(&mut self) -> bool;

    /// Which character interrupts a program, -1 for none.
    fn set_interrupt_char(&mut self, c: i16);

    /// True random bits.
    fn random(&mut self) -> u32;

    /// Whether somebody wants to know which lines are executed: what is compiled from then on says so.
    fn watches_lines(&self) -> bool {
        false
    }

    /// A statement starts on this line of a file, of those that were compiled while
    /// [`Self::watches_lines`] was true.
    fn line(&mut self, file: &str, line: u32) {
        let _ = (file, line);
    }

    /// Whether the board is to be looked at while it runs: the names of locals are kept, beside its memory.
    fn keeps_locals(&self) -> bool {
        false
    }

    /// Prepares something to run on a stack of its own, for a thread. Nothing if there is none to
    /// be had here.
    fn strand(&mut self, body: StrandBody) -> Option<Box<dyn Strand>> {
        drop(body);
        None
    }
}

/// Puts the strand that calls it aside, until it is resumed.
pub type Aside = Box<dyn Fn()>;

/// What runs on a strand. It must not keep what it is given when it ends.
pub type StrandBody = Box<dyn FnOnce(Aside)>;

/// A stack of its own with something running on it. When it is dropped before its end, what is on
/// the stack is dropped as well.
pub trait Strand {
    /// Goes on until it puts itself aside; false when it has ended.
    fn resume(&mut self) -> bool;
}

/// A port with nothing at the other end: output is kept, time stands still but for waits.
#[derive(Debug, Default)]
pub struct NullPort {
    /// What was written.
    pub output: alloc::vec::Vec<u8>,
    now: u64,
}

impl Port for NullPort {
    fn now_us(&mut self) -> u64 {
        self.now
    }
    fn write(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }
    fn read(&mut self) -> Option<u8> {
        None
    }
    fn readable(&mut self) -> bool {
        false
    }
    fn wait(&mut self, until_us: Option<u64>) -> Wake {
        self.now = self.now.max(until_us.unwrap_or(self.now));
        Wake::Time
    }
    fn poll(&mut self, steps: u32) {
        self.now += u64::from(steps) / 64;
    }
    fn take_interrupt(&mut self) -> bool {
        false
    }
    fn set_interrupt_char(&mut self, _: i16) {}
    fn random(&mut self) -> u32 {
        4
    }
}
