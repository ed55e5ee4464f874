//! Stacks for the threads of a board's program, beside the board's own.

use crate::coroutine::{Pause, Task};
use coil_vm::port::{Strand, StrandBody};

impl Strand for Task {
    fn resume(&mut self) -> bool {
        Self::resume(self).is_some()
    }
}

/// A stack for a thread; nothing if the host has no memory for it.
pub(crate) fn strand(body: StrandBody) -> Option<Box<dyn Strand>> {
    // A thread is resumed by its board alone, which knows what it waits for.
    let task = Task::new(|pauser| body(Box::new(move || pauser.pause(Pause::Turn)))).ok()?;
    Some(Box::new(task))
}
