//! The log of the ESP-IDF on the console: which of its lines are written.

use super::{Chip, up_ms};
use alloc::format;
use coil_vm::Vm;

/// How much a line matters; the numbers are those of `esp.LOG_ERROR` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Something failed.
    Error = 1,
    /// Something happened.
    Info = 3,
}

impl Level {
    const fn letter(self) -> char {
        match self {
            Self::Error => 'E',
            Self::Info => 'I',
        }
    }
}

/// What is written of the log; it outlives the interpreter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Log {
    /// Lines up to this level are.
    pub level: i64,
    /// The raw prompt holds all back.
    pub held: bool,
    /// The socket module has told of itself.
    sockets: bool,
}

impl Log {
    /// As after a reset, with lines up to this level.
    pub fn new(level: i64) -> Self {
        Self { level, ..Self::default() }
    }
}

/// The socket module is used.
pub(crate) fn sockets(vm: &mut Vm) {
    if !core::mem::replace(&mut Chip::of(vm).log.sockets, true) {
        write(vm, Level::Info, "modsocket: Initializing");
    }
}

/// Writes a line: what it is about, a colon, and the text.
pub(crate) fn write(vm: &mut Vm, level: Level, text: &str) {
    let log = Chip::of(vm).log;
    if log.level >= level as i64 && !log.held {
        let mut line = format!("{} ({}) {text}\n", level.letter(), up_ms(vm));
        if vm.console_crlf {
            line = line.replace('\n', "\r\n");
        }
        vm.write_console(line.as_bytes());
    }
}
