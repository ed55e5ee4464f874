//! `_onewire`: the pulses of a 1-Wire bus, below the frozen module `onewire`.

use super::machine::{gpio_of, is_output};
use crate::chip::sensors::{Wire, crc8};
use crate::chip::{self, Chip};
use crate::outside::Event;
use crate::outside::event::OneWire;
use coil_vm::rom::{Args, ModuleDef, def};
use coil_vm::{Raised, Value, Vm};

/// `_onewire`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "_onewire",
    items: &[
        def("reset(pin)", |vm, a| {
            let gpio = wire(vm, a)?;
            let found = match Chip::of(vm).sensors.wire(gpio) {
                Some(wire) => {
                    wire.reset();
                    true
                }
                None => false,
            };
            tell(vm, gpio, OneWire::Reset { present: found });
            pass(vm, RESET_US)?;
            Ok(Value::bool(found))
        }),
        def("readbit(pin)", |vm, a| {
            let gpio = wire(vm, a)?;
            let bits = read(vm, gpio, 1)?;
            Ok(Value::int(bits))
        }),
        def("readbyte(pin)", |vm, a| {
            let gpio = wire(vm, a)?;
            let bits = read(vm, gpio, 8)?;
            Ok(Value::int(bits))
        }),
        def("writebit(pin, value)", |vm, a| {
            let gpio = wire(vm, a)?;
            let bit = vm.expect_int(vm.arg(a, 1))?;
            write(vm, gpio, i64::from(bit != 0), 1)?;
            Ok(Value::NONE)
        }),
        def("writebyte(pin, value)", |vm, a| {
            let gpio = wire(vm, a)?;
            let byte = vm.expect_int(vm.arg(a, 1))?;
            write(vm, gpio, byte, 8)?;
            Ok(Value::NONE)
        }),
        def("crc8(data)", |vm, a| {
            let bytes = vm.expect_bytes_like(vm.arg(a, 0))?;
            Ok(Value::int(i64::from(crc8(&bytes))))
        }),
    ],
    attr: None,
};

/// Microseconds of a reset with the answer to it, and of a bit.
const RESET_US: u64 = 960;
const BIT_US: u64 = 70;

/// The wire of a call; sensors that were just put on it are there.
fn wire(vm: &mut Vm, args: Args) -> Result<usize, Raised> {
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    chip::poll(vm)?;
    Ok(gpio)
}

fn tell(vm: &mut Vm, gpio: usize, action: OneWire) {
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::OneWire { gpio: gpio as u8, action });
}

fn pass(vm: &mut Vm, us: u64) -> Result<(), Raised> {
    let now = vm.port.now_us();
    vm.sleep_until(now + us)
}

/// Reads bits, the lowest first; a wire with nothing on it reads as ones.
fn read(vm: &mut Vm, gpio: usize, bits: u32) -> Result<i64, Raised> {
    let mut value = 0;
    for n in 0..bits {
        let bit = Chip::of(vm).sensors.wire(gpio).is_none_or(Wire::read);
        value |= i64::from(bit) << n;
    }
    tell(vm, gpio, OneWire::Read { bits: bits as u8, value: value as u8 });
    pass(vm, BIT_US * u64::from(bits))?;
    Ok(value)
}

fn write(vm: &mut Vm, gpio: usize, value: i64, bits: u32) -> Result<(), Raised> {
    // A pin that cannot drive sends nothing.
    if let Some(wire) = Chip::of(vm).sensors.wire(gpio).filter(|_| is_output(gpio)) {
        for n in 0..bits {
            wire.write(value >> n & 1 != 0);
        }
    }
    if is_output(gpio) {
        tell(vm, gpio, OneWire::Write { bits: bits as u8, value: value as u8 });
    }
    pass(vm, BIT_US * u64::from(bits))
}
