//! Registers that are modelled: those of the pins. Others read as zero, and what is stored in them
//! is lost.

use super::{Chip, GPIO_COUNT, PinState};
use coil_vm::{Raised, Vm};

/// Levels that are driven; the two after each set and clear bits. The second three are for the pins
/// from 32 on.
const OUT: u32 = 0x3ff4_4004;
/// Which pins are driven, in the same order.
const ENABLE: u32 = 0x3ff4_4020;
/// Levels of the pins, and of those from 32 on.
const IN: u32 = 0x3ff4_403c;
/// Levels that the strapping pins had.
const STRAP: u32 = 0x3ff4_4038;
/// Bytes from the registers of the first pins to those of the others.
const BANK: u32 = 12;

/// What a register does to bits.
#[derive(Clone, Copy)]
enum How {
    Replace,
    Set,
    Clear,
}

/// The bank and the action of one of six registers from a first one on.
fn one_of_six(address: u32, first: u32) -> Option<(u32, How)> {
    let at = address.wrapping_sub(first);
    let how = match at % BANK {
        0 => How::Replace,
        4 => How::Set,
        8 => How::Clear,
        _ => return None,
    };
    (at < 2 * BANK).then_some((at / BANK, how))
}

/// The pins of a bank and their bits.
fn bank(which: u32) -> impl Iterator<Item = (usize, u32)> {
    let first = 32 * which as usize;
    (first..GPIO_COUNT.min(first + 32)).map(move |gpio| (gpio, 1 << (gpio - first)))
}

fn bits(vm: &mut Vm, which: u32, f: fn(&PinState) -> bool) -> u32 {
    let chip = Chip::of(vm);
    bank(which).filter(|&(gpio, _)| f(&chip.pins[gpio])).fold(0, |all, (_, bit)| all | bit)
}

/// The word of a register.
///
/// # Errors
/// If the program is being left.
pub(super) fn read(vm: &mut Vm, address: u32) -> Result<u32, Raised> {
    if let Some((which, _)) = one_of_six(address, OUT) {
        return Ok(bits(vm, which, |p| p.latch));
    }
    if let Some((which, _)) = one_of_six(address, ENABLE) {
        return Ok(bits(vm, which, |p| p.output));
    }
    if address == IN || address == IN + 4 {
        // A level that changed outside is seen at once.
        super::poll(vm)?;
        return Ok(bits(vm, (address - IN) / 4, PinState::level));
    }
    Ok(if address == STRAP { Chip::of(vm).straps.into() } else { 0 })
}

/// Stores in a register.
pub(super) fn write(vm: &mut Vm, address: u32, value: u32) {
    let after = |how, bit: u32, before: bool| match how {
        How::Replace => value & bit != 0,
        How::Set => before || value & bit != 0,
        How::Clear => before && value & bit == 0,
    };
    if let Some((which, how)) = one_of_six(address, OUT) {
        for (gpio, bit) in bank(which) {
            let before = Chip::of(vm).pins[gpio].latch;
            let level = after(how, bit, before);
            if level != before {
                super::drive(vm, gpio, level);
            }
        }
        return;
    }
    if let Some((which, how)) = one_of_six(address, ENABLE) {
        for (gpio, bit) in bank(which) {
            super::wiring::set_up(vm, gpio, |p| p.output = after(how, bit, p.output));
        }
    }
}
