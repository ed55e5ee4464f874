//! `machine.lightsleep`, `deepsleep` and what woke the chip; `machine.WDT`.

use super::bind;
use crate::chip::power::{self, DEEP, LIGHT};
use crate::chip::{self, Chip, Leave};
use crate::profile::Era;
use alloc::vec::Vec;
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `WDT`: one for the whole chip, which no program can stop.
pub(super) static WDT: TypeDef = TypeDef {
    name: "WDT",
    items: &[def("feed(self)", |vm, _| {
        power::feed(vm, None);
        Ok(Value::NONE)
    })],
    new: Some(|vm, _, args| {
        let [id, timeout] = bind(vm, args, 0, 2, ["id", "timeout"])?;
        let mut timeout = super::int_value(vm, timeout, 5000)?;
        if Chip::of(vm).profile.switches.wdt != Era::Now {
            // It counts whole seconds.
            timeout = timeout / 1000 * 1000;
        }
        if !id.is_null() && id.as_int() != Some(0) {
            return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
        }
        if timeout <= 0 {
            return Err(vm.value_error("WDT timeout too short"));
        }
        power::feed(vm, Some(timeout as u64 * 1000));
        vm.new_native(&WDT, &[])
    }),
    ..TypeDef::EMPTY
};

/// When the sleep of so many milliseconds ends; the pins that are to wake must be able to.
fn prepare(vm: &mut Vm, args: Args, kind: i64) -> Result<Option<u64>, Raised> {
    let until_us = if args.n == 0 {
        None
    } else {
        let ms = vm.expect_int(vm.arg(args, 0))?;
        // A time that the chip cannot count to is none.
        u64::try_from(ms).ok().map(|ms| vm.port.now_us().saturating_add(ms.saturating_mul(1000)))
    };
    if kind == DEEP && Chip::of(vm).power.gpio_pins != 0 {
        return Err(vm.value_error("DEEPSLEEP with gpio pins not supported on this chip"));
    }
    Ok(until_us)
}

/// `lightsleep(ms=)`
pub(super) fn lightsleep(vm: &mut Vm, args: Args) -> Res {
    let until_us = prepare(vm, args, LIGHT)?;
    power::light_sleep(vm, until_us)?;
    Ok(Value::NONE)
}

/// `deepsleep(ms=)`
pub(super) fn deepsleep(vm: &mut Vm, args: Args) -> Res {
    let until_us = prepare(vm, args, DEEP)?;
    Chip::of(vm).power.until_us = until_us;
    chip::leave(vm, Leave::DeepSleep);
    vm.check_abort()?;
    Ok(Value::NONE)
}

/// `wake_reason()`
pub(super) fn wake_reason(vm: &mut Vm, _: Args) -> Res {
    Ok(Value::int(Chip::of(vm).power.reason.code()))
}

/// `wake_pins()`: the pins that woke it together.
pub(super) fn wake_pins(vm: &mut Vm, _: Args) -> Res {
    let bits = Chip::of(vm).power.woken_by;
    let pins: Vec<Value> = (0..64).filter(|gpio| bits >> gpio & 1 != 0).map(Value::int).collect();
    vm.new_tuple(&pins)
}
