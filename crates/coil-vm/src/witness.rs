//! What a machine tells whoever watches it, and nobody else: it changes nothing for the program.

use crate::vm::Vm;
use alloc::vec::Vec;
use coil_heap::Value;

/// What is told.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// The program writes to the console.
    Text(&'a [u8]),
    /// An exception has ended something.
    Exception {
        /// The exception.
        exception: Value,
        /// What it has ended.
        origin: &'a str,
        /// The traceback as it is printed.
        text: &'a [u8],
    },
    /// Memory was asked for and not to be had.
    NoMemory {
        /// Bytes that were asked for.
        bytes: u32,
        /// Bytes that are free, in pieces that are too small.
        free: u32,
    },
}

/// A witness. It must leave the program's objects as they are.
pub type Witness = fn(&mut Vm, Told<'_>);

impl Vm {
    /// Tells the witness, if there is one.
    #[inline]
    pub fn tell(&mut self, what: Told<'_>) {
        if let Some(witness) = self.witness {
            witness(self, what);
        }
    }

    /// Prints an exception that has ended something on the console, as it is, and tells of it.
    pub(crate) fn report_exception(&mut self, exception: Value, origin: &str) {
        let mut text = Vec::new();
        self.print_exception(exception, &mut text);
        self.write_console(&text);
        self.tell(Told::Exception { exception, origin, text: &text });
    }
}
