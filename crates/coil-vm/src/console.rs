//! The console as the machine uses it: the port's, and the one that a program may have put beside it.

use crate::vm::Vm;

/// What is beside the port's console.
#[derive(Clone, Copy, Debug)]
pub struct SecondConsole {
    /// Gets what is written to the console as well.
    pub write: fn(&mut Vm, &[u8]),
    /// The next byte that came in over it, if one is there.
    pub read: fn(&mut Vm) -> Option<u8>,
    /// Whether a byte is there.
    pub readable: fn(&mut Vm) -> bool,
}

impl Vm {
    /// Sends bytes out on all consoles.
    pub fn write_console(&mut self, bytes: &[u8]) {
        self.port.write(bytes);
        if let Some(second) = self.second_console {
            (second.write)(self, bytes);
        }
    }

    /// The next byte of input from any console, if one is there.
    pub fn read_console(&mut self) -> Option<u8> {
        self.port.read().or_else(|| self.second_console.and_then(|second| (second.read)(self)))
    }

    /// Whether a byte of input is there.
    pub fn console_readable(&mut self) -> bool {
        self.port.readable() || self.second_console.is_some_and(|second| (second.readable)(self))
    }

    /// Says which character interrupts a program on every console, -1 for none.
    pub fn set_interrupt_char(&mut self, c: i16) {
        self.interrupt_char = c;
        self.port.set_interrupt_char(c);
    }

    /// Which character interrupts a program, -1 for none.
    pub fn interrupt_char(&self) -> i16 {
        self.interrupt_char
    }
}
