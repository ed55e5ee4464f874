//! `machine.time_pulse_us`: how long a pin stays at a level.

use super::signal;
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
        match wait_for(vm, pin, wanted, start.saturating_add(timeout))? {
            Some(at) if missing == -1 => return vm.new_int((at - start) as i64),
            Some(at) => start = at,
            None => return Ok(Value::int(missing)),
        }
    }
    Ok(Value::NONE)
}

/// When the pin had the level, if it got it in time.
fn wait_for(vm: &mut Vm, pin: Value, level: bool, until: u64) -> Result<Option<u64>, Raised> {
    loop {
        let is = signal::level(vm, pin)?;
        let now = vm.port.now_us();
        if is == i64::from(level) {
            return Ok(Some(now));
        }
        if now >= until {
            return Ok(None);
        }
        vm.wait_until(Some((now + STEP_US).min(until)), |_| Ok(false))?;
    }
}
