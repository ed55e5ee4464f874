//! Waiting inside a call of the firmware, which no handler of the program interrupts.

use coil_vm::{Raised, Vm};

/// A transfer that is shorter than this is not worth a rest of the board's thread.
const REST_MIN_US: u64 = 20;

/// Rests until a moment in microseconds, or until `done` says so. Handlers of interrupts and timers
/// run afterwards, as on the chip, whose calls know nothing of them; Ctrl-C ends it.
pub(super) fn hold(
    vm: &mut Vm,
    until_us: u64,
    done: impl FnMut(&mut Vm) -> Result<bool, Raised>,
) -> Result<(), Raised> {
    vm.lock_scheduler(true);
    let waited = vm.wait_until(Some(until_us), done);
    vm.lock_scheduler(false);
    waited
}

/// The time that a transfer takes passes.
pub(super) fn spend(vm: &mut Vm, ns: u64) -> Result<(), Raised> {
    let us = ns.div_ceil(1000);
    if us < REST_MIN_US {
        return Ok(());
    }
    let until = vm.port.now_us() + us;
    hold(vm, until, |_| Ok(false))
}
