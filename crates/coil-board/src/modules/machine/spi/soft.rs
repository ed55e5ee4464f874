//! `machine.SoftSPI`: a bus on any three pins, driven bit by bit. The bits are not modelled, the bytes are.

use super::{lines, take_pins, transfer as shared};
use crate::chip::{Chip, wiring};
use crate::modules::machine::busy;
use crate::modules::machine::params::{any, gpio, int, parse};
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, TypeDef};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `SoftSPI`: see the fields below.
pub(crate) static SOFT_SPI: TypeDef = TypeDef {
    name: "SoftSPI",
    items: shared::ITEMS,
    new: Some(|vm, _, a| make(vm, a, 0)),
    print: Some(|vm, v, out, _| {
        let [delay, polarity, phase, firstbit, sck, mosi, miso] =
            [0, 1, 2, 3, 4, 5, 6].map(|i| vm.native_int(v, i));
        let baudrate = rate(vm, delay);
        let text = format!(
            "SoftSPI(baudrate={baudrate}, polarity={polarity}, phase={phase}, firstbit={firstbit}, \
             sck={sck}, mosi={mosi}, miso={miso})"
        );
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Fields: microseconds of half a clock, polarity, phase, first bit, and the pins.
const DELAY: usize = 0;
const POLARITY: usize = 1;
const FIRSTBIT: usize = 3;
const SCK: usize = 4;

/// The rate from which on there are no pauses between the edges: a bit takes about two hundred
/// cycles of the processor.
fn rate_max(vm: &mut Vm) -> i64 {
    i64::from(Chip::of(vm).freq) / 200
}

fn rate(vm: &mut Vm, delay: i64) -> i64 {
    if delay == 0 { rate_max(vm) } else { 500_000 / delay }
}

/// Microseconds of half a clock, so that the rate is not above the one that is wanted.
fn delay(vm: &mut Vm, baudrate: i64) -> Result<i64, Raised> {
    match baudrate {
        0 => Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "divide by zero")),
        fast if fast >= rate_max(vm) => Ok(0),
        slow => Ok((500_000 + slow - 1) / slow),
    }
}

/// `SoftSPI(…)` with the arguments after the first `skip`.
pub(super) fn make(vm: &mut Vm, args: Args, skip: usize) -> Res {
    let given = parse(
        vm,
        args,
        skip,
        &[
            int("baudrate", 500_000),
            int("polarity", 0).by_name(),
            int("phase", 0).by_name(),
            int("bits", 8).by_name(),
            int("firstbit", 0).by_name(),
            any("sck").by_name(),
            any("mosi").by_name(),
            any("miso").by_name(),
        ],
    )?;
    let delay = delay(vm, i64::from(given.int(0) as u32))?;
    if given.int(3) != 8 {
        return Err(vm.value_error("bits must be 8"));
    }
    if (5..8).any(|i| given.any(i).is_null()) {
        return Err(vm.value_error("must specify all of sck/mosi/miso"));
    }
    let mut fields = [delay, given.int(1), given.int(2), given.int(4), 0, 0, 0].map(Value::int);
    for i in 0..3 {
        fields[SCK + i] = Value::int(i64::from(gpio(vm, given.any(5 + i))?));
    }
    let soft = vm.new_native(&SOFT_SPI, &fields)?;
    configure(vm, soft);
    Ok(soft)
}

/// `init(…)`
pub(super) fn init(vm: &mut Vm, soft: Value, args: Args) -> Result<(), Raised> {
    let given = parse(
        vm,
        args,
        1,
        &[
            int("baudrate", -1),
            int("polarity", -1),
            int("phase", -1),
            int("firstbit", -1).by_name(),
            any("sck").by_name(),
            any("mosi").by_name(),
            any("miso").by_name(),
        ],
    )?;
    if given.int(0) != -1 {
        let delay = delay(vm, i64::from(given.int(0) as u32))?;
        vm.set_native_field(soft, DELAY, Value::int(delay));
    }
    for i in POLARITY..=FIRSTBIT {
        if given.int(i) != -1 {
            vm.set_native_field(soft, i, Value::int(given.int(i)));
        }
    }
    for i in SCK..SCK + 3 {
        if !given.any(i).is_null() {
            let pin = gpio(vm, given.any(i))?;
            vm.set_native_field(soft, i, Value::int(i64::from(pin)));
        }
    }
    configure(vm, soft);
    Ok(())
}

fn pins(vm: &Vm, soft: Value) -> [i8; 3] {
    [SCK, SCK + 1, SCK + 2].map(|i| vm.native_int(soft, i) as i8)
}

fn configure(vm: &mut Vm, soft: Value) {
    // A pin that can only be an input stays one.
    let drivable = |p: i8| if p < wiring::FIRST_INPUT_ONLY as i8 { p } else { -1 };
    let [sck, mosi, miso] = pins(vm, soft);
    let high = vm.native_int(soft, POLARITY) != 0;
    take_pins(vm, [drivable(sck), drivable(mosi), miso], high);
}

/// Transfers: what came back, as many bytes as were sent.
pub(super) fn transfer(vm: &mut Vm, soft: Value, out: &[u8]) -> Result<Vec<u8>, Raised> {
    let lines = lines(pins(vm, soft));
    let lsb_first = vm.native_int(soft, FIRSTBIT) != 0;
    let delay = vm.native_int(soft, DELAY);
    let hz = rate(vm, delay).max(1) as u64;
    let [polarity, phase] = [POLARITY, POLARITY + 1].map(|i| u8::from(vm.native_int(soft, i) != 0));
    let how = shared::Exchange { freq: hz as u32, mode: polarity << 1 | phase, lsb_first };
    let back = shared::exchange(vm, lines, how, out);
    busy::spend(vm, out.len() as u64 * 8 * 1_000_000_000 / hz)?;
    Ok(back)
}
