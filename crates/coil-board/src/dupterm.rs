//! The terminal that a program puts beside the console with `os.dupterm`: any stream. What it fails at ends it, never
//! the program that printed.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use coil_modules::stream as any;
use coil_vm::console::SecondConsole;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm};

/// The console beside the console.
pub(crate) static SECOND: SecondConsole = SecondConsole { write, read, readable };

/// Bytes that have come in and nobody has read yet, at most.
const QUEUE: usize = 260;
/// Bytes that the terminal gets at once.
const PIECE: usize = 1024;
/// How often a resting board asks the terminal for input, in microseconds.
const LOOK_US: u64 = 10_000;

/// The terminal, if there is one.
#[derive(Default)]
struct Dupterm {
    /// Where the machine keeps it.
    place: Option<usize>,
    /// What has come in.
    queue: VecDeque<u8>,
    /// It is being written or read: what that prints is not for it.
    busy: bool,
}

fn terminal(vm: &mut Vm) -> Option<Value> {
    let place = vm.state::<Dupterm>().place?;
    Some(vm.pinned(place)).filter(|v| *v != Value::NONE)
}

fn replace(vm: &mut Vm, new: Value) -> Value {
    match vm.state::<Dupterm>().place {
        Some(place) => {
            let old = vm.pinned(place);
            vm.set_pinned(place, new);
            old
        }
        None => {
            let place = vm.pin(new);
            vm.state::<Dupterm>().place = Some(place);
            Value::NONE
        }
    }
}

/// `os.dupterm(stream[, index])`: the one before.
pub(crate) fn attach(vm: &mut Vm, args: Args) -> Res {
    if args.n > 1 && vm.expect_int(vm.arg(args, 1))? != 0 {
        return Err(vm.value_error("invalid dupterm index"));
    }
    let new = vm.arg(args, 0);
    if new != Value::NONE {
        for op in [any::Op::Read, any::Op::Write, any::Op::Ioctl] {
            any::check(vm, new, op)?;
        }
    }
    Ok(replace(vm, new))
}

/// `os.dupterm_notify(x)`: takes what has come in, as far as there is room.
pub(crate) fn fetch_all(vm: &mut Vm) -> Res {
    while vm.state::<Dupterm>().queue.len() < QUEUE && fetch(vm) {}
    Ok(Value::NONE)
}

/// When to ask for input next.
pub(crate) fn deadline(vm: &mut Vm, now_us: u64) -> Option<u64> {
    terminal(vm).map(|_| now_us + LOOK_US)
}

/// Runs something with the terminal. An exception ends it, after `told` and its text on the console.
fn with<T>(
    vm: &mut Vm,
    told: &str,
    use_it: impl FnOnce(&mut Vm, Value) -> Result<T, Raised>,
) -> Option<T> {
    let stream = terminal(vm)?;
    if vm.aborting || core::mem::replace(&mut vm.state::<Dupterm>().busy, true) {
        return None;
    }
    // The program is in the middle of something, perhaps of an exception, perhaps without memory.
    let (mark, pending) = (vm.mark(), vm.pending);
    let lock = core::mem::take(&mut vm.heap_lock);
    vm.root(pending);
    vm.root(stream);
    let done = use_it(vm, stream);
    vm.state::<Dupterm>().busy = false;
    let done = match done {
        Ok(done) => Some(done),
        Err(Raised) => {
            if !vm.aborting {
                let e = vm.pending;
                vm.root(e);
                detach(vm, told, Some(e));
            }
            None
        }
    };
    vm.heap_lock = lock;
    vm.pending = pending;
    vm.release(mark);
    done
}

fn detach(vm: &mut Vm, told: &str, exception: Option<Value>) {
    let stream = replace(vm, Value::NONE);
    let mut text = Vec::from(told);
    if let Some(e) = exception {
        vm.print_exception(e, &mut text);
    }
    // The console takes everything, and a stream that cannot even be closed is gone all the same.
    let _ = vm.write_stdout(&text);
    let _ = any::ioctl(vm, stream, any::CLOSE, 0);
}

fn write(vm: &mut Vm, bytes: &[u8]) {
    for piece in bytes.chunks(PIECE) {
        let told = "dupterm: Exception in write() method, deactivating: ";
        with(vm, told, |vm, stream| any::write_all(vm, stream, piece));
    }
}

fn read(vm: &mut Vm) -> Option<u8> {
    if vm.state::<Dupterm>().queue.is_empty() {
        fetch(vm);
    }
    vm.state::<Dupterm>().queue.pop_front()
}

fn readable(vm: &mut Vm) -> bool {
    !vm.state::<Dupterm>().queue.is_empty() || fetch(vm)
}

/// Takes one byte from the terminal, if it has one.
fn fetch(vm: &mut Vm) -> bool {
    let told = "dupterm: Exception in read() method, deactivating: ";
    let Some(Some(bytes)) = with(vm, told, |vm, stream| any::read(vm, stream, 1)) else {
        return false;
    };
    let Some(&byte) = bytes.first() else {
        detach(vm, "dupterm: EOF received, deactivating\n", None);
        return false;
    };
    if i16::from(byte) == vm.interrupt_char() {
        vm.interrupt_soon();
        return false;
    }
    vm.state::<Dupterm>().queue.push_back(byte);
    true
}
