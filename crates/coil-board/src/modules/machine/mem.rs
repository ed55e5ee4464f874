//! `machine.mem8`, `mem16` and `mem32`: the chip's address space.
//!
//! What can be reached are the bytes of a program's objects and the registers of the pins.

use crate::chip::{self, Chip, GPIO_COUNT};
use coil_vm::rom::{Access, TypeDef};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `mem8` and its kin: field 0 is the bytes of an item.
pub(super) static MEM: TypeDef = TypeDef {
    name: "mem",
    print: Some(|vm, v, out, _| {
        let text = alloc::format!("<{}-bit memory>", 8 * vm.native_int(v, 0));
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    subscr: Some(subscr),
    ..TypeDef::EMPTY
};

/// The objects, once they were asked for: their pinned places.
#[derive(Default)]
struct Objects([Option<usize>; 3]);

/// `machine.mem8`, `machine.mem16`, `machine.mem32`; null for another name.
pub(super) fn object(vm: &mut Vm, name: &[u8]) -> Res {
    let at = match name {
        b"mem8" => 0,
        b"mem16" => 1,
        b"mem32" => 2,
        _ => return Ok(Value::NULL),
    };
    if let Some(place) = vm.state::<Objects>().0[at] {
        return Ok(vm.pinned(place));
    }
    let object = vm.new_native(&MEM, &[Value::int(1 << at)])?;
    let place = vm.pin(object);
    vm.state::<Objects>().0[at] = Some(place);
    Ok(object)
}

/// The low 32 bits of an int.
fn word(vm: &mut Vm, v: Value) -> Result<u32, Raised> {
    if vm.is_int(v) { Ok(vm.int_low_bits(v) as u32) } else { Ok(vm.expect_int(v)? as u32) }
}

fn subscr(vm: &mut Vm, this: Value, index: Value, access: Access) -> Res {
    if access == Access::Delete {
        return Ok(Value::NULL);
    }
    let (size, address) = (vm.native_int(this, 0) as u32, word(vm, index)?);
    if !address.is_multiple_of(size) {
        return Err(vm.raise_fmt(
            types::VALUE_ERROR,
            format_args!("address {address:08x} is not aligned to {size} bytes"),
        ));
    }
    match access {
        Access::Store(v) => {
            let v = word(vm, v)?;
            if !(size == 4 && write_register(vm, address, v)) {
                vm.store(address, size, v)?;
            }
            Ok(Value::NONE)
        }
        _ => {
            let register = if size == 4 { read_register(vm, address)? } else { None };
            let n = match register {
                Some(n) => n,
                None => vm.load(address, size)?,
            };
            vm.new_uint(u64::from(n))
        }
    }
}

// ---- the registers of the pins ----

/// Levels that are driven; the two after each set and clear bits. The second three are for the pins
/// from 32 on.
const OUT: u32 = 0x3ff4_4004;
/// Which pins are driven, in the same order.
const ENABLE: u32 = 0x3ff4_4020;
/// Levels of the pins, and of those from 32 on.
const IN: u32 = 0x3ff4_403c;
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

fn bits(vm: &mut Vm, which: u32, f: fn(&chip::PinState) -> bool) -> u32 {
    let chip = Chip::of(vm);
    bank(which).filter(|&(gpio, _)| f(&chip.pins[gpio])).fold(0, |all, (_, bit)| all | bit)
}

fn read_register(vm: &mut Vm, address: u32) -> Result<Option<u32>, Raised> {
    if let Some((which, _)) = one_of_six(address, OUT) {
        return Ok(Some(bits(vm, which, |p| p.latch)));
    }
    if let Some((which, _)) = one_of_six(address, ENABLE) {
        return Ok(Some(bits(vm, which, |p| p.output)));
    }
    if address == IN || address == IN + 4 {
        // A level that changed outside is seen at once.
        chip::poll(vm)?;
        return Ok(Some(bits(vm, (address - IN) / 4, chip::PinState::level)));
    }
    Ok(None)
}

fn write_register(vm: &mut Vm, address: u32, value: u32) -> bool {
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
                chip::drive(vm, gpio, level);
            }
        }
        return true;
    }
    if let Some((which, how)) = one_of_six(address, ENABLE) {
        for (gpio, bit) in bank(which) {
            chip::wiring::set_up(vm, gpio, |p| p.output = after(how, bit, p.output));
        }
        return true;
    }
    false
}
