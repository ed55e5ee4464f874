//! The prompt: friendly, raw, raw paste and paste mode, byte for byte as the firmware speaks them.

use crate::readline::{self, Line};
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::compiler::{Mode, is_incomplete};
use coil_vm::{Raised, Value, Vm, types};

/// Which prompt is active; it survives a soft reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    /// For people.
    #[default]
    Friendly,
    /// For programs.
    Raw,
}

/// Why a prompt was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Soft reset.
    SoftReset,
    /// The other prompt was asked for.
    Switch,
    /// The chip resets or loses power.
    Leave,
}

const CTRL_A: u8 = 1;
const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_E: u8 = 5;
/// Bytes that a host may send in raw paste mode before it waits.
const WINDOW: u16 = 128;
/// A program typed or sent may have this many bytes.
const SOURCE_MAX: usize = 1 << 20;

/// Sends bytes as they are.
pub(crate) fn send(vm: &mut Vm, text: &str) {
    vm.port.write(text.as_bytes());
}

/// The next byte of input; nothing when the chip is being reset.
pub(crate) fn read_byte(vm: &mut Vm) -> Option<u8> {
    loop {
        if let Some(b) = vm.port.read() {
            return Some(b);
        }
        vm.port.set_interrupt_char(-1);
        let waited = vm.wait_until(None, |vm| Ok(vm.port.readable()));
        if waited.is_err() && vm.aborting {
            return None;
        }
    }
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Well,
    /// With an exception, which was printed.
    Raised,
    /// With SystemExit: the interpreter is to restart.
    Exit,
    /// The chip resets or loses power.
    Leave,
}

/// Runs a program in the main module. In raw mode a 0x04 goes out before an exception's text.
pub fn execute(vm: &mut Vm, source: &[u8], file: &str, mode: Mode, raw: bool) -> Ended {
    let globals = vm.pinned(crate::board::MAIN_DICT);
    vm.port.set_interrupt_char(3);
    let mark = vm.mark();
    let done = vm.exec_source(source, file, mode, globals).and_then(|_| vm.run_scheduled());
    vm.port.set_interrupt_char(-1);
    // A chip that resets has no end of the program to tell.
    if raw && !vm.aborting {
        vm.port.write(&[CTRL_D]);
    }
    let ended = match done {
        Ok(()) => Ended::Well,
        Err(Raised) if vm.aborting => Ended::Leave,
        Err(Raised) => report(vm),
    };
    if raw && ended != Ended::Leave {
        vm.port.write(&[CTRL_D]);
    }
    vm.release(mark);
    ended
}

fn report(vm: &mut Vm) -> Ended {
    let e = vm.pending;
    vm.pending = Value::NULL;
    if vm.exception_is(e, types::SYSTEM_EXIT) {
        return Ended::Exit;
    }
    vm.root(e);
    let mut text = Vec::new();
    vm.print_exception(e, &mut text);
    // Writing to the console cannot fail.
    let _ = vm.write_stdout(&text);
    Ended::Raised
}

/// The prompt for people.
pub fn friendly(vm: &mut Vm, banner: &str, history: &mut Vec<String>) -> Exit {
    'banner: loop {
        send(vm, banner);
        send(vm, "\r\nType \"help()\" for more information.\r\n");
        loop {
            let mut source = String::new();
            match readline::read(vm, ">>> ", "", history) {
                Line::Control(CTRL_A) => {
                    send(vm, "\r\n");
                    return Exit::Switch;
                }
                Line::Control(CTRL_B) => {
                    send(vm, "\r\n");
                    continue 'banner;
                }
                Line::Control(CTRL_C) => {
                    send(vm, "\r\n");
                    continue;
                }
                Line::Control(CTRL_D) => {
                    send(vm, "\r\n");
                    return Exit::SoftReset;
                }
                Line::Control(_) => {
                    match paste(vm) {
                        Some(Ended::Leave) => return Exit::Leave,
                        Some(Ended::Exit) => return Exit::SoftReset,
                        _ => {}
                    }
                    continue;
                }
                Line::Gone => return Exit::Leave,
                Line::Text(line) => source.push_str(&line),
            }
            if source.trim().is_empty() {
                continue;
            }
            while is_incomplete(&source) {
                source.push('\n');
                match readline::read(vm, "... ", &source, history) {
                    Line::Text(line) => source.push_str(&line),
                    Line::Control(CTRL_C) => {
                        send(vm, "\r\n");
                        source.clear();
                        break;
                    }
                    Line::Control(_) => break,
                    Line::Gone => return Exit::Leave,
                }
            }
            if source.is_empty() {
                continue;
            }
            match execute(vm, source.as_bytes(), "<stdin>", Mode::Single, false) {
                Ended::Leave => return Exit::Leave,
                Ended::Exit => return Exit::SoftReset,
                _ => {}
            }
        }
    }
}

/// Paste mode of the friendly prompt.
fn paste(vm: &mut Vm) -> Option<Ended> {
    send(vm, "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ");
    let mut source = Vec::new();
    loop {
        match read_byte(vm) {
            None => return Some(Ended::Leave),
            Some(CTRL_C) => {
                send(vm, "\r\n");
                return None;
            }
            Some(CTRL_D) => {
                send(vm, "\r\n");
                return Some(execute(vm, &source, "<stdin>", Mode::Module, false));
            }
            Some(b'\r') => {
                source.push(b'\n');
                send(vm, "\r\n=== ");
            }
            Some(b) => {
                if source.len() < SOURCE_MAX {
                    source.push(b);
                }
                vm.port.write(&[b]);
            }
        }
    }
}

/// The prompt for programs.
pub fn raw(vm: &mut Vm) -> Exit {
    'announce: loop {
        send(vm, "raw REPL; CTRL-B to exit\r\n>");
        let mut source = Vec::new();
        loop {
            let Some(c) = read_byte(vm) else { return Exit::Leave };
            let ended = match c {
                // `\x05` and a letter before Ctrl-A ask for another way to send.
                CTRL_A if source.len() == 2 && source[0] == CTRL_E => {
                    if source[1] == b'A' {
                        raw_paste(vm)
                    } else {
                        send(vm, "R\x00");
                        Ended::Well
                    }
                }
                CTRL_A => continue 'announce,
                CTRL_B => {
                    send(vm, "\r\n");
                    return Exit::Switch;
                }
                CTRL_C => {
                    source.clear();
                    continue;
                }
                CTRL_D if source.is_empty() => {
                    send(vm, "OK\r\n");
                    return Exit::SoftReset;
                }
                CTRL_D => {
                    send(vm, "OK");
                    execute(vm, &source, "<stdin>", Mode::Module, true)
                }
                c => {
                    if source.len() < SOURCE_MAX {
                        source.push(c);
                    }
                    continue;
                }
            };
            source.clear();
            match ended {
                Ended::Leave => return Exit::Leave,
                Ended::Exit => return Exit::SoftReset,
                _ => send(vm, ">"),
            }
        }
    }
}

/// Raw paste mode: a program arrives in windows, each of which is acknowledged.
fn raw_paste(vm: &mut Vm) -> Ended {
    send(vm, "R\x01");
    vm.port.write(&WINDOW.to_le_bytes());
    vm.port.write(&[1]);
    let mut source = Vec::new();
    let mut left = WINDOW;
    loop {
        let Some(c) = read_byte(vm) else { return Ended::Leave };
        match c {
            CTRL_C => {
                vm.port.write(&[CTRL_D, CTRL_D, CTRL_D]);
                return Ended::Well;
            }
            CTRL_D => {
                vm.port.write(&[CTRL_D]);
                return execute(vm, &source, "<stdin>", Mode::Module, true);
            }
            c => {
                if source.len() < SOURCE_MAX {
                    source.push(c);
                }
            }
        }
        left -= 1;
        if left == 0 {
            left = WINDOW;
            vm.port.write(&[1]);
        }
    }
}
