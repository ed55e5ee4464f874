//! A stack per board: a board that waits is put aside in the middle of whatever it does.
//!
//! The only file of this crate with `unsafe`.

#![allow(
    unsafe_code,
    reason = "the board keeps a pointer to its own coroutine's yielder, see below"
)]

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use std::io;

/// What a board asks for when it is put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// Others shall have their turn.
    Turn,
    /// To be woken at a moment, or by an event.
    Until(Option<u64>),
}

/// Bytes of address space for a stack; only what is touched costs memory.
const STACK_BYTES: usize = 1 << 20;

/// A function that runs on a stack of its own.
pub(crate) struct Task {
    coroutine: Coroutine<(), Pause, (), DefaultStack>,
}

/// From inside a task: puts it aside.
#[derive(Clone, Copy)]
pub(crate) struct Pauser {
    yielder: *const Yielder<(), Pause>,
}

impl Task {
    /// Prepares a task; it starts at the first [`Task::resume`].
    pub(crate) fn new(body: impl FnOnce(Pauser) + 'static) -> io::Result<Self> {
        let stack = DefaultStack::new(STACK_BYTES)?;
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder<(), Pause>, ()| {
            body(Pauser { yielder: std::ptr::from_ref(yielder) });
        });
        Ok(Self { coroutine })
    }

    /// Goes on until the task pauses; nothing when it has ended.
    pub(crate) fn resume(&mut self) -> Option<Pause> {
        match self.coroutine.resume(()) {
            CoroutineResult::Yield(p) => Some(p),
            CoroutineResult::Return(()) => None,
        }
    }
}

impl Pauser {
    /// Puts the running task aside.
    pub(crate) fn pause(self, what: Pause) {
        // SAFETY: the yielder lives on the task's own stack as long as its body runs, and a
        // `Pauser` is only handed to that body, which owns all that it is stored in.
        let yielder = unsafe { &*self.yielder };
        yielder.suspend(what);
    }
}
