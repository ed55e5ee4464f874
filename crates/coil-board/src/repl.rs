//! The prompt: friendly, raw, raw paste and paste mode, byte for byte as the firmware speaks them.

use crate::chip::Chip;
use crate::readline::{self, Line};
use alloc::string::String;
use alloc::vec::Vec;
use coil_modules::sys::{self, Ps};
use coil_vm::compiler::{Mode, is_incomplete};
use coil_vm::{Raised, Told, Value, Vm, names, types};

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
/// A program typed or sent may have this many bytes; there is no memory for a longer one.
pub(crate) const SOURCE_MAX: usize = 1 << 20;

/// Sends bytes as they are.
pub(crate) fn send(vm: &mut Vm, text: &str) {
    vm.write_console(text.as_bytes());
}

/// The next byte of input; nothing when the chip is being reset.
pub(crate) fn read_byte(vm: &mut Vm) -> Option<u8> {
    loop {
        if let Some(b) = vm.read_console() {
            return Some(b);
        }
        vm.set_interrupt_char(-1);
        let waited = vm.wait_until(None, |vm| Ok(vm.console_readable()));
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
    let mark = vm.mark();
    let done = if source.len() > SOURCE_MAX {
        Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"))
    } else {
        run(vm, source, file, mode)
    };
    // A chip that resets has no end of the program to tell.
    if raw && !vm.aborting {
        vm.write_console(&[CTRL_D]);
    }
    let ended = match done {
        Ok(()) => Ended::Well,
        Err(Raised) if vm.aborting => Ended::Leave,
        Err(Raised) => report(vm, file),
    };
    if raw && ended != Ended::Leave {
        vm.write_console(&[CTRL_D]);
    }
    vm.release(mark);
    ended
}

fn run(vm: &mut Vm, source: &[u8], file: &str, mode: Mode) -> Result<(), Raised> {
    let globals = vm.pinned(crate::board::MAIN_DICT);
    if mode != Mode::Single && Chip::of(vm).profile.switches.main_file {
        let name = vm.intern(file);
        vm.dict_put(globals, names::file, name.into())?;
    }
    vm.set_interrupt_char(3);
    let done = vm.exec_source(source, file, mode, globals).and_then(|_| vm.run_scheduled());
    vm.set_interrupt_char(-1);
    done
}

fn report(vm: &mut Vm, file: &str) -> Ended {
    let e = vm.pending;
    vm.pending = Value::NULL;
    if vm.exception_is(e, types::SYSTEM_EXIT) {
        return Ended::Exit;
    }
    vm.root(e);
    let mut text = Vec::new();
    vm.print_exception(e, &mut text);
    vm.write_lines(&text);
    vm.tell(Told::Exception { exception: e, origin: file, text: &text });
    Ended::Raised
}

/// The prompt for people.
pub fn friendly(vm: &mut Vm, banner: &str) -> Exit {
    'banner: loop {
        send(vm, banner);
        send(vm, "\r\nType \"help()\" for more information.\r\n");
        loop {
            // Whoever locked the heap would have no way out.
            vm.heap_lock = 0;
            let mut source = String::new();
            let prompt = sys::prompt(vm, Ps::First);
            let ended = match readline::read(vm, &mut source, &prompt) {
                Line::Entered if source.is_empty() => continue,
                Line::Entered => match statement(vm, &mut source) {
                    Line::Control(CTRL_C) => {
                        send(vm, "\r\n");
                        continue;
                    }
                    Line::Gone => return Exit::Leave,
                    _ => execute(vm, source.as_bytes(), "<stdin>", Mode::Single, false),
                },
                Line::Control(CTRL_E) => match paste(vm) {
                    Some(source) => execute(vm, &source, "<stdin>", Mode::Paste, false),
                    None if vm.aborting => return Exit::Leave,
                    None => continue,
                },
                Line::Control(c) => {
                    send(vm, "\r\n");
                    match c {
                        CTRL_A => return Exit::Switch,
                        CTRL_B => continue 'banner,
                        CTRL_C => continue,
                        _ => return Exit::SoftReset,
                    }
                }
                Line::Gone => return Exit::Leave,
            };
            match ended {
                Ended::Leave => return Exit::Leave,
                Ended::Exit => return Exit::SoftReset,
                Ended::Well | Ended::Raised => {}
            }
        }
    }
}

/// Reads on until a statement is complete or given up; how its last line ended.
fn statement(vm: &mut Vm, source: &mut String) -> Line {
    let mut end = Line::Entered;
    while is_incomplete(source) {
        source.push('\n');
        let prompt = sys::prompt(vm, Ps::Second);
        end = readline::read(vm, source, &prompt);
        // Ctrl-A, Ctrl-B and Ctrl-E end an empty line as Enter does.
        if matches!(end, Line::Control(CTRL_C | CTRL_D) | Line::Gone) {
            break;
        }
    }
    end
}

/// Paste mode of the friendly prompt; nothing when it is cancelled, or the chip resets.
fn paste(vm: &mut Vm) -> Option<Vec<u8>> {
    send(vm, "\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ");
    let mut source = Vec::new();
    loop {
        let c = read_byte(vm)?;
        match c {
            CTRL_C | CTRL_D => {
                send(vm, "\r\n");
                return (c == CTRL_D).then_some(source);
            }
            b'\r' => send(vm, "\r\n=== "),
            _ => vm.write_console(&[c]),
        }
        if source.len() <= SOURCE_MAX {
            source.push(c);
        }
    }
}

/// The prompt for programs; nothing is logged meanwhile. The firmware forgets to go on with it after a
/// soft reset that is asked for here.
pub fn raw(vm: &mut Vm) -> Exit {
    let held = core::mem::replace(&mut Chip::of(vm).log.held, true);
    let exit = raw_programs(vm);
    if exit == Exit::Switch {
        Chip::of(vm).log.held = held;
    }
    exit
}

fn raw_programs(vm: &mut Vm) -> Exit {
    'announce: loop {
        send(vm, "raw REPL; CTRL-B to exit\r\n>");
        let mut source = Vec::new();
        loop {
            let Some(c) = read_byte(vm) else { return Exit::Leave };
            let ended = match c {
                // `\x05` and a letter before Ctrl-A ask for another way to send.
                CTRL_A if source.len() == 2 && source[0] == CTRL_E && has_raw_paste(vm) => {
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
                    if source.len() <= SOURCE_MAX {
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

fn has_raw_paste(vm: &mut Vm) -> bool {
    Chip::of(vm).profile.switches.raw_paste
}

/// Raw paste mode: a program arrives in windows, each of which is acknowledged.
fn raw_paste(vm: &mut Vm) -> Ended {
    send(vm, "R\x01");
    vm.write_console(&WINDOW.to_le_bytes());
    vm.write_console(&[1]);
    let mut source = Vec::new();
    let mut left = WINDOW;
    loop {
        let Some(c) = read_byte(vm) else { return Ended::Leave };
        match c {
            CTRL_C => {
                // The host learns that nothing more is taken, and then that the program has ended.
                vm.write_console(&[CTRL_D, CTRL_D]);
                vm.write_lines(b"KeyboardInterrupt: \n");
                vm.write_console(&[CTRL_D]);
                return Ended::Raised;
            }
            CTRL_D => {
                vm.write_console(&[CTRL_D]);
                return execute(vm, &source, "<stdin>", Mode::Module, true);
            }
            c => {
                if source.len() <= SOURCE_MAX {
                    source.push(c);
                }
            }
        }
        left -= 1;
        if left == 0 {
            left = WINDOW;
            vm.write_console(&[1]);
        }
    }
}
