//! `machine.SoftI2C`: a bus on any two pins, driven bit by bit. The bits are not modelled, the bytes are.

use super::bus::{Bus, Direction};
use super::methods;
use crate::chip::{self, Chip, wiring};
use crate::modules::machine::busy;
use crate::modules::machine::params::{any, gpio, int, parse};
use crate::outside::bus::I2cLines;
use crate::profile::Era;
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, TypeDef};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `SoftI2C`: see the fields below.
pub(crate) static SOFT_I2C: TypeDef = TypeDef {
    name: "SoftI2C",
    items: methods::ITEMS,
    new: Some(|vm, _, a| make(vm, a, 0)),
    print: Some(|vm, v, out, _| {
        let [scl, sda, delay] = [SCL, SDA, DELAY].map(|i| vm.native_int(v, i));
        // There was no other one once, so that it needed no other name.
        let is_old = Chip::of(vm).profile.switches.pins == Era::Y2019;
        let name = if is_old { "I2C" } else { "SoftI2C" };
        let text = format!("{name}(scl={scl}, sda={sda}, freq={})", 500_000 / delay.max(1));
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// `I2C` of MicroPython 1.11, which is this bus: the first argument may be -1.
pub(crate) static I2C_2019: TypeDef = TypeDef {
    name: "I2C",
    items: methods::ITEMS,
    new: Some(|vm, _, a| {
        if a.n > 0 && vm.arg(a, 0).as_int() != Some(-1) {
            return Err(vm.value_error("invalid I2C peripheral"));
        }
        make(vm, a, a.n.min(1))
    }),
    ..TypeDef::EMPTY
};

/// Fields: pins; microseconds of half a clock; microseconds to wait for the clock to rise; what the
/// bus is at.
const SCL: usize = 0;
const SDA: usize = 1;
const DELAY: usize = 2;
const TIMEOUT: usize = 3;
const CALLED: usize = 4;

/// What the bus is at: nothing was started; it was started and the next byte is an address; or the
/// byte that was the address.
const AT_REST: i64 = -1;
const STARTED: i64 = -2;

const DEFAULT_FREQ: i64 = 400_000;
const DEFAULT_TIMEOUT_US: i64 = 50_000;
const ENODEV: i64 = 19;

/// `SoftI2C(scl, sda, …)` with the arguments after the first `skip`.
pub(super) fn make(vm: &mut Vm, args: Args, skip: usize) -> Res {
    let soft = vm.new_native(&SOFT_I2C, &[Value::int(0); 5])?;
    init(vm, soft, args, skip)?;
    Ok(soft)
}

pub(super) fn init(vm: &mut Vm, soft: Value, args: Args, skip: usize) -> Result<(), Raised> {
    let given = parse(
        vm,
        args,
        skip,
        &[
            any("scl").required(),
            any("sda").required(),
            int("freq", DEFAULT_FREQ).by_name(),
            int("timeout", DEFAULT_TIMEOUT_US).by_name(),
        ],
    )?;
    let soft = vm.as_native(soft, &SOFT_I2C).unwrap_or(soft);
    let pins = [gpio(vm, given.any(0))?, gpio(vm, given.any(1))?];
    let freq = i64::from(given.int(2) as u32);
    if freq == 0 {
        return Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "divide by zero"));
    }
    let delay = (500_000 / freq).max(1);
    let timeout = i64::from(given.int(3) as u32);
    let fields = [i64::from(pins[0]), i64::from(pins[1]), delay, timeout, AT_REST];
    for (i, n) in fields.into_iter().enumerate() {
        vm.set_native_field(soft, i, Value::int(n));
    }
    for pin in pins.map(usize::from).into_iter().filter(|p| *p < wiring::FIRST_INPUT_ONLY) {
        wiring::set_up(vm, pin, |p| {
            p.output = true;
            p.open_drain = true;
            p.latch = true;
            p.uart_drives = false;
        });
    }
    Ok(())
}

/// The bus of an object, and what it is at.
fn bus(vm: &Vm, soft: Value) -> (Bus, i64) {
    let [scl, sda, delay, _, called] = [0, 1, 2, 3, 4].map(|i| vm.native_int(soft, i));
    let lines = I2cLines { scl: scl as u8, sda: sda as u8 };
    let at = match called {
        AT_REST | STARTED => None,
        byte => {
            let direction = if byte & 1 == 1 { Direction::Read } else { Direction::Write };
            Some(((byte >> 1) as u16, direction))
        }
    };
    (Bus::new(lines, 2000 * delay.max(1) as u64).resume(at), called)
}

/// OSError if the clock does not go up in time.
fn await_clock(vm: &mut Vm, soft: Value, bus: &Bus) -> Result<(), Raised> {
    // What changed outside counts at once.
    chip::poll(vm)?;
    if bus.clock_rises(vm) {
        return Ok(());
    }
    let until = vm.port.now_us() + vm.native_int(soft, TIMEOUT) as u64;
    busy::hold(vm, until, |vm| Ok(bus.clock_rises(vm)))?;
    if bus.clock_rises(vm) { Ok(()) } else { Err(crate::modules::timed_out(vm)) }
}

/// Starts and calls a device; OSError if nobody answers, and the bus is stopped again.
fn call(vm: &mut Vm, soft: Value, address: u16, direction: Direction) -> Result<Bus, Raised> {
    let (mut bus, _) = bus(vm, soft);
    await_clock(vm, soft, &bus)?;
    if !bus.start(vm, address, direction) {
        bus.stop(vm);
        vm.set_native_field(soft, CALLED, Value::int(AT_REST));
        bus.spend(vm)?;
        return Err(vm.os_error(ENODEV));
    }
    let byte = i64::from(address) << 1 | i64::from(direction == Direction::Read);
    vm.set_native_field(soft, CALLED, Value::int(byte));
    Ok(bus)
}

/// Ends a transfer, with a stop or without.
fn end(vm: &mut Vm, soft: Value, mut bus: Bus, stop: bool) -> Result<(), Raised> {
    if stop {
        bus.stop(vm);
        vm.set_native_field(soft, CALLED, Value::int(AT_REST));
    }
    bus.spend(vm)
}

/// Writes to a device; how many bytes it acknowledged.
pub(super) fn write_to(
    vm: &mut Vm,
    soft: Value,
    address: u16,
    bytes: &[u8],
    stop: bool,
) -> Result<usize, Raised> {
    let mut bus = call(vm, soft, address, Direction::Write)?;
    let acked = if bytes.is_empty() { 0 } else { bus.write(vm, bytes) };
    end(vm, soft, bus, stop)?;
    Ok(acked)
}

/// Reads from a device.
pub(super) fn read_from(
    vm: &mut Vm,
    soft: Value,
    address: u16,
    n: usize,
    stop: bool,
) -> Result<Vec<u8>, Raised> {
    let mut bus = call(vm, soft, address, Direction::Read)?;
    let bytes = bus.read(vm, n);
    end(vm, soft, bus, stop)?;
    Ok(bytes)
}

fn this(vm: &Vm, a: Args) -> Value {
    let v = vm.arg(a, 0);
    vm.as_native(v, &SOFT_I2C).unwrap_or(v)
}

/// `start()`: the next byte that is written is an address.
pub(super) fn start(vm: &mut Vm, a: Args) -> Res {
    let soft = this(vm, a);
    let (bus, _) = bus(vm, soft);
    await_clock(vm, soft, &bus)?;
    vm.set_native_field(soft, CALLED, Value::int(STARTED));
    Ok(Value::NONE)
}

/// `stop()`
pub(super) fn stop(vm: &mut Vm, a: Args) -> Res {
    let soft = this(vm, a);
    let (bus, _) = bus(vm, soft);
    await_clock(vm, soft, &bus)?;
    end(vm, soft, bus, true)?;
    Ok(Value::NONE)
}

/// `write(data)`: how many bytes were acknowledged, the address included.
pub(super) fn write(vm: &mut Vm, a: Args) -> Res {
    let soft = this(vm, a);
    let data = vm.expect_bytes_like(vm.arg(a, 1))?;
    let (mut bus, called) = bus(vm, soft);
    await_clock(vm, soft, &bus)?;
    let mut rest = data.as_slice();
    let mut acked = 0;
    if let (STARTED, Some((&byte, after))) = (called, rest.split_first()) {
        let direction = if byte & 1 == 1 { Direction::Read } else { Direction::Write };
        let answered = bus.start(vm, u16::from(byte >> 1), direction);
        let at = if answered { i64::from(byte) } else { AT_REST };
        vm.set_native_field(soft, CALLED, Value::int(at));
        acked = usize::from(answered);
        rest = if answered { after } else { &[] };
    }
    if !rest.is_empty() {
        acked += bus.write(vm, rest);
    }
    bus.spend(vm)?;
    Ok(Value::int(acked as i64))
}

/// `readinto(buffer[, nack])`
pub(super) fn readinto(vm: &mut Vm, a: Args) -> Res {
    let soft = this(vm, a);
    let n = vm.buffer_len(vm.arg(a, 1))?;
    let (mut bus, _) = bus(vm, soft);
    await_clock(vm, soft, &bus)?;
    let bytes = bus.read(vm, n);
    bus.spend(vm)?;
    vm.buffer_write(vm.arg(a, 1), 0, &bytes)?;
    Ok(Value::NONE)
}
