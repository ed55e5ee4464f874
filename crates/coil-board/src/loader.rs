//! The loader in the chip's ROM, through which tools read and write the flash over the serial line.
//!
//! It speaks as the ROM does, and as the loader that tools put into the chip's memory from then on
//! (`docs/board/loader.md`). It works on the board's own flash; whoever leaves it resets the chip, so that
//! the firmware finds what was written.

mod command;
mod flash;
mod inflate;
mod registers;
mod session;
mod slip;
mod spi;

pub use session::{Facts, Next, Session};

use crate::chip::{self, Chip, Leave, ResetCause};
use crate::outside::{Event, Listener};
use alloc::vec::Vec;
use coil_vm::Vm;

/// Bits in a second on the line, as far as nobody says otherwise.
pub(crate) const BAUD: u32 = 115_200;
/// A frame is given up when its next byte does not come for so long.
const FRAME_US: u64 = 500_000;
/// What a request and a slice of work cost, in steps of the machine: neither line nor flash is as fast.
const REQUEST_STEPS: u32 = 1600;
const WORK_STEPS: u32 = 16_000;

/// Runs the loader until the chip is to be left; why it is. With `greets` it answers a request to
/// synchronise that has been heard already.
#[cold]
#[inline(never)] // what it needs on the stack, no board without a tool at its port shall need
pub(crate) fn run(vm: &mut Vm, greets: bool) -> Leave {
    let chip = Chip::of(vm);
    chip.wires.hears(Listener::Loader);
    chip.hung_up = false;
    let facts = Facts { silicon: chip.device.silicon, mac: chip.mac, straps: chip.straps };
    let mut session = Session::new(chip.flash.clone(), facts);
    session.set_speed(chip.line_baud);
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Loader);
    let mut out = Vec::new();
    if greets {
        session.synchronise(&mut out);
        flush(vm, &mut out);
    }
    // What was typed before it listened does not count; frames do.
    let mut listened = greets;
    let (mut heard, mut heard_us) = (false, 0);
    loop {
        chip::take_stimuli(vm);
        if let Some(leave) = Chip::of(vm).leave {
            return leave;
        }
        session.set_speed(Chip::of(vm).line_baud);
        while !session.is_busy()
            && let Some(byte) = vm.port.read()
        {
            heard = true;
            if session.receive(byte, &mut out) == Next::Leave && listened {
                vm.port.write(&out);
                return Leave::Reset(ResetCause::PowerOn);
            }
            if flush(vm, &mut out) {
                vm.port.poll(REQUEST_STEPS);
            }
        }
        listened = true;
        if core::mem::take(&mut heard) {
            heard_us = vm.port.now_us();
        }
        if session.is_busy() {
            session.work(&mut out);
            flush(vm, &mut out);
            vm.port.poll(WORK_STEPS);
            continue;
        }
        // Only what came before it counts.
        if core::mem::take(&mut Chip::of(vm).hung_up) && session.hang_up() == Next::Leave {
            return Leave::Reset(ResetCause::PowerOn);
        }
        let gives_up_us = session.is_in_frame().then_some(heard_us + FRAME_US);
        if gives_up_us.is_some_and(|at| vm.port.now_us() >= at) {
            session.abandon_frame();
            continue;
        }
        vm.port.wait(gives_up_us);
        // A steady moment of virtual time is no reason to go round for ever.
        vm.port.poll(0);
    }
}

/// Sends what is to be sent; whether that was anything.
fn flush(vm: &mut Vm, out: &mut Vec<u8>) -> bool {
    let is_any = !out.is_empty();
    if is_any {
        vm.port.write(out);
        out.clear();
    }
    is_any
}
