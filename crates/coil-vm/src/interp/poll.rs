//! What happens between two instructions: interrupts, scheduled calls, other boards' turns.

use crate::types;
use crate::vm::{POLL_STEPS, Raised, Vm};
use coil_heap::Value;

/// Native functions inside each other at most, printing and comparing included.
const NATIVE_DEPTH_MAX: u32 = 48;

impl Vm {
    /// A poll point: raises KeyboardInterrupt, runs what was scheduled, lets the port breathe.
    #[cold]
    #[inline(never)]
    pub fn poll(&mut self) -> Result<(), Raised> {
        if self.threads.is_some() {
            return self.poll_among_threads();
        }
        let steps = POLL_STEPS - self.fuel;
        self.fuel = POLL_STEPS;
        self.attend(steps)?;
        self.run_scheduled()
    }

    /// What a poll does outwards, after so many steps.
    pub(super) fn attend(&mut self, steps: u32) -> Result<(), Raised> {
        self.port.poll(steps);
        self.check_abort()?;
        self.check_interrupt()?;
        match self.hook {
            Some(hook) => hook(self),
            None => Ok(()),
        }
    }

    /// Goes on unwinding if the program is being left.
    pub fn check_abort(&mut self) -> Result<(), Raised> {
        if self.aborting {
            return Err(self.raise(self.abort_exception));
        }
        Ok(())
    }

    /// Raises KeyboardInterrupt if the user asked for it.
    pub fn check_interrupt(&mut self) -> Result<(), Raised> {
        let asked = self.schedule_lock == 0 && core::mem::take(&mut self.interrupt_asked);
        if self.port.take_interrupt() || asked {
            return Err(self.raise_value(types::KEYBOARD_INTERRUPT, Value::NULL));
        }
        Ok(())
    }

    /// Asks for a KeyboardInterrupt at the next poll point outside scheduled calls.
    pub fn interrupt_soon(&mut self) {
        self.interrupt_asked = true;
        self.poll_soon();
    }

    /// Asks for a poll at the next poll point.
    pub fn poll_soon(&mut self) {
        self.fuel = self.fuel.min(1);
    }

    /// Asks for a call between two instructions; false if the queue is full.
    pub fn schedule(&mut self, f: Value, arg: Value) -> bool {
        if self.scheduled.len() >= self.schedule_depth {
            return false;
        }
        self.scheduled.push((f, arg));
        self.poll_soon();
        true
    }

    /// Whether this call waits to be made already.
    pub fn is_scheduled(&self, f: Value, arg: Value) -> bool {
        self.scheduled.contains(&(f, arg))
    }

    /// Holds scheduled calls back, or lets them run again.
    pub fn lock_scheduler(&mut self, locked: bool) {
        if locked {
            self.schedule_lock += 1;
        } else {
            self.schedule_lock = self.schedule_lock.saturating_sub(1);
            self.poll_soon();
        }
    }

    /// Runs scheduled calls, one after the other; one that raises is told and forgotten.
    pub fn run_scheduled(&mut self) -> Result<(), Raised> {
        if self.schedule_lock > 0 {
            return Ok(());
        }
        self.schedule_lock += 1;
        let mut waiting = self.scheduled.len();
        let mut interrupted = Ok(());
        while waiting > 0 && !self.scheduled.is_empty() && interrupted.is_ok() {
            waiting -= 1;
            let (f, arg) = self.scheduled.remove(0);
            interrupted = self.call_protected(f, &[arg]);
        }
        self.schedule_lock -= 1;
        interrupted
    }

    /// Calls a handler; an exception in it is printed, but for SystemExit and KeyboardInterrupt.
    pub fn call_protected(&mut self, f: Value, args: &[Value]) -> Result<(), Raised> {
        let (mark, pending, returned) = (self.mark(), self.pending, self.returned);
        self.root(pending);
        self.root(returned);
        let done = self.call(f, args);
        if done.is_err() {
            let e = self.pending;
            if self.aborting || self.exception_is(e, types::SYSTEM_EXIT) {
                return Err(Raised);
            }
            self.report_exception(e, "handler");
        }
        self.pending = pending;
        self.returned = returned;
        self.release(mark);
        Ok(())
    }

    /// Rests until a moment in microseconds or forever, taking interrupts and scheduled calls on
    /// the way. Ends early when `done` says so.
    pub fn wait_until(
        &mut self,
        until_us: Option<u64>,
        mut done: impl FnMut(&mut Self) -> Result<bool, Raised>,
    ) -> Result<(), Raised> {
        if !self.on_main_thread() {
            return self.wait_on_thread(until_us, done);
        }
        self.attend_next();
        loop {
            self.poll()?;
            if done(self)? {
                return Ok(());
            }
            if until_us.is_some_and(|t| self.port.now_us() >= t) {
                return Ok(());
            }
            let mut next = until_us;
            if let Some(f) = self.deadline {
                next = match (next, f(self)) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            if let Ok(next) = self.threads_rest(next) {
                self.port.wait(next);
            }
        }
    }

    /// Rests until a moment in microseconds, taking interrupts and scheduled calls on the way.
    pub fn sleep_until(&mut self, until_us: u64) -> Result<(), Raised> {
        if !self.on_main_thread() {
            return self.sleep_on_thread(until_us);
        }
        self.wait_until(Some(until_us), |_| Ok(false))
    }

    /// Goes one native function deeper.
    pub fn enter_native(&mut self) -> Result<(), Raised> {
        if self.native_depth >= NATIVE_DEPTH_MAX {
            return Err(self.recursion_error());
        }
        self.native_depth += 1;
        Ok(())
    }

    /// Comes back from a native function.
    pub fn leave_native(&mut self) {
        self.native_depth -= 1;
    }

    #[cold]
    pub(crate) fn recursion_error(&mut self) -> Raised {
        self.runtime_error("maximum recursion depth exceeded")
    }
}
