//! `esp32.wake_on_*` and `gpio_deep_sleep_hold`: what ends a sleep, and what stays through it.

use crate::chip::Chip;
use crate::chip::power::{self, DEEP, LIGHT};
use crate::modules::machine::gpio_of;
use coil_modules::args::expect_items;
use coil_vm::rom::{Args, Item, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm};

/// `wake_on_touch(wake)`
pub(super) const ON_TOUCH: Item = def("wake_on_touch(wake)", |vm, a| {
    no_pins(vm)?;
    Chip::of(vm).power.on_touch = vm.truth(vm.arg(a, 0))?;
    Ok(Value::NONE)
});

/// `wake_on_ulp(wake)`
pub(super) const ON_ULP: Item = def("wake_on_ulp(wake)", |vm, a| {
    no_pins(vm)?;
    Chip::of(vm).power.on_ulp = vm.truth(vm.arg(a, 0))?;
    Ok(Value::NONE)
});

/// `wake_on_ext0(pin=, level=)`
pub(super) const ON_EXT0: Item = def_kw("wake_on_ext0(pin=, level=)", ext0);

/// `wake_on_ext1(pins=, level=)`
pub(super) const ON_EXT1: Item = def_kw("wake_on_ext1(pins=, level=)", |vm, a| {
    let before = Chip::of(vm).power.ext1_pins;
    let level = level(vm, vm.arg(a, 1))?;
    let pins = match vm.arg(a, 0) {
        Value::NULL | Value::NONE => before,
        given => bits(vm, given, true)?,
    };
    let power = &mut Chip::of(vm).power;
    power.ext1_any_high = level.unwrap_or(power.ext1_any_high);
    power.ext1_pins = pins;
    Ok(Value::NONE)
});

/// `wake_on_gpio(pins=, level=)`
pub(super) const ON_GPIO: Item = def_kw("wake_on_gpio(pins=, level=)", |vm, a| {
    let level = level(vm, vm.arg(a, 1))?;
    let power = &Chip::of(vm).power;
    if power.on_ulp || power.on_touch {
        return Err(vm.value_error("no resources"));
    }
    let before = power.gpio_pins;
    let pins = match vm.arg(a, 0) {
        Value::NULL | Value::NONE => before,
        given => bits(vm, given, false)?,
    };
    let power = &mut Chip::of(vm).power;
    power.gpio_level = level.unwrap_or(power.gpio_level);
    power.gpio_pins = pins;
    Ok(Value::NONE)
});

/// `gpio_deep_sleep_hold(enable)`
pub(super) const DEEP_HOLD: Item = def("gpio_deep_sleep_hold(enable)", |vm, a| {
    Chip::of(vm).power.deep_hold = vm.truth(vm.arg(a, 0))?;
    Ok(Value::NONE)
});

/// Touch and the small processor exclude pins.
fn no_pins(vm: &mut Vm) -> Result<(), Raised> {
    let power = &Chip::of(vm).power;
    if power.ext0_pin.is_some() || power.gpio_pins != 0 {
        return Err(vm.value_error("no resources"));
    }
    Ok(())
}

fn level(vm: &mut Vm, given: Value) -> Result<Option<bool>, Raised> {
    if given.is_null() { Ok(None) } else { vm.truth(given).map(Some) }
}

fn ext0(vm: &mut Vm, args: Args) -> Res {
    let power = &Chip::of(vm).power;
    let before = power.ext0_pin;
    if power.on_touch {
        return Err(vm.value_error("no resources"));
    }
    let level = level(vm, vm.arg(args, 1))?;
    let pin = match (vm.arg(args, 0), before) {
        (Value::NONE, _) => None,
        (Value::NULL, None) => return Err(vm.value_error("invalid pin")),
        (Value::NULL, before) => before,
        (given, _) => Some(rtc_pin(vm, given)?),
    };
    let power = &mut Chip::of(vm).power;
    power.ext0_pin = pin;
    power.ext0_level = level.unwrap_or(power.ext0_level);
    power.ext0_kinds = LIGHT | DEEP;
    Ok(Value::NONE)
}

/// A pin that can wake from deep sleep.
fn rtc_pin(vm: &mut Vm, v: Value) -> Result<usize, Raised> {
    let gpio = gpio_of(vm, v)?;
    if power::is_rtc(gpio) { Ok(gpio) } else { Err(vm.value_error("invalid pin")) }
}

/// The pins of a tuple or list as bits.
fn bits(vm: &mut Vm, pins: Value, deep: bool) -> Result<u64, Raised> {
    let mut bits = 0;
    for pin in expect_items(vm, pins)? {
        bits |= 1 << if deep { rtc_pin(vm, pin)? } else { gpio_of(vm, pin)? };
    }
    Ok(bits)
}
