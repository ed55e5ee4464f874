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

/// The host wakes who sleeps so much too late, at times.
const WAKES_LATE_US: u64 = 2000;
/// Looks at a clock that stands still after which it is the board's own, which moves when it rests.
const LOOKS: u32 = 64;

/// The same for what programs measure: the last of the time is not slept through.
pub(super) fn hold_exactly(
    vm: &mut Vm,
    until_us: u64,
    mut done: impl FnMut(&mut Vm) -> Result<bool, Raised>,
) -> Result<(), Raised> {
    let nap = until_us.saturating_sub(WAKES_LATE_US);
    if vm.port.now_us() < nap {
        hold(vm, nap, &mut done)?;
    }
    let (mut seen, mut looks) = (vm.port.now_us(), 0);
    while seen < until_us && looks < LOOKS {
        vm.lock_scheduler(true);
        let polled = vm.poll();
        vm.lock_scheduler(false);
        polled?;
        if done(vm)? {
            return Ok(());
        }
        let now = vm.port.now_us();
        looks = if now == seen { looks + 1 } else { 0 };
        seen = now;
    }
    if seen < until_us { hold(vm, until_us, done) } else { Ok(()) }
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
