//! `machine.time_pulse_us`: how long a pin stays at a level; `machine.dht_readinto`.

use super::signal;
use crate::chip::{self, Chip};
use crate::outside::Event;
use alloc::vec::Vec;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm};

/// Microseconds that it waits for each end of the pulse.
const TIMEOUT_US: i64 = 1_000_000;
/// How often the level is looked at while nothing announces a change.
const STEP_US: u64 = 10;

/// Waits for a level, and measures how long it lasts: -2 if it does not come, -1 if it does not end.
pub(super) fn time_pulse_us(vm: &mut Vm, args: Args) -> Res {
    let pin = vm.arg(args, 0);
    if vm.as_native(pin, &signal::PIN_BASE).is_none() {
        super::gpio_of(vm, pin)?;
    }
    let level = vm.truth(vm.arg(args, 1))?;
    let timeout = super::int_or(vm, args, 2, TIMEOUT_US)?.max(0) as u64;
    let mut start = vm.port.now_us();
    for (missing, wanted) in [(-2, level), (-1, !level)] {
        match wait_for(vm, pin, wanted, start, start.saturating_add(timeout))? {
            Some(at) if missing == -1 => return vm.new_int((at - start) as i64),
            Some(at) => start = at,
            None => return Ok(Value::int(missing)),
        }
    }
    Ok(Value::NONE)
}

/// When something outside changed the pin's level last; 0 for a pin of the program's own.
fn changed_us(vm: &mut Vm, pin: Value) -> u64 {
    if vm.as_native(pin, &signal::PIN_BASE).is_some() {
        return 0;
    }
    super::gpio_of(vm, pin).map_or(0, |gpio| Chip::of(vm).pins[gpio].changed_ns / 1000)
}

/// When the pin had the level, if it got it in time. A change from outside counts from its own time,
/// whenever this board comes to see it.
fn wait_for(
    vm: &mut Vm,
    pin: Value,
    level: bool,
    since: u64,
    until: u64,
) -> Result<Option<u64>, Raised> {
    loop {
        let is = signal::level(vm, pin)?;
        let now = vm.port.now_us();
        if is == i64::from(level) {
            let changed = changed_us(vm, pin);
            return Ok(Some(if (since..=now).contains(&changed) { changed } else { now }));
        }
        if now >= until {
            return Ok(None);
        }
        vm.wait_until(Some((now + STEP_US).min(until)), |_| Ok(false))?;
    }
}

/// Milliseconds that the line rests before a sensor is asked, and that it is held low to ask.
const SETTLE_US: u64 = 250_000;
const ASK_US: u64 = 18_000;
/// What an answer of 40 bits takes.
const ANSWER_US: u64 = 4_000;

/// `machine.dht_readinto(pin, buffer)`: the five bytes of a DHT11 or DHT22.
pub(in crate::modules) fn dht_readinto(vm: &mut Vm, args: Args) -> Res {
    let gpio = super::gpio_of(vm, vm.arg(args, 0))?;
    let pin = &mut Chip::of(vm).pins[gpio];
    pin.output = super::is_output(gpio);
    pin.open_drain = true;
    let buffer = vm.arg(args, 1);
    let len = vm.buffer_len(buffer)?;
    vm.expect_writable(buffer)?;
    if len < 5 {
        return Err(vm.value_error("buffer too small"));
    }
    chip::drive(vm, gpio, true);
    let start = vm.port.now_us();
    vm.sleep_until(start + SETTLE_US)?;
    chip::drive(vm, gpio, false);
    vm.sleep_until(start + SETTLE_US + ASK_US)?;
    chip::drive(vm, gpio, true);
    chip::poll(vm)?;
    let answer = Chip::of(vm).sensors.dht(gpio);
    let now = vm.port.now_us();
    let bytes = answer.map_or_else(Vec::new, |bytes| bytes.to_vec());
    Chip::of(vm).emit(now, Event::Dht { gpio: gpio as u8, bytes });
    let Some(bytes) = answer else {
        return Err(crate::modules::timed_out(vm));
    };
    vm.sleep_until(start + SETTLE_US + ASK_US + ANSWER_US)?;
    vm.buffer_write(buffer, 0, &bytes)?;
    Ok(Value::NONE)
}
