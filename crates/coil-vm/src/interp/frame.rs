//! The record of a running function.

use coil_heap::{Heap, Ref, Value};

/// Who gets what a frame returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The frame below: into its register `dst`.
    Frame,
    /// The same, for the method of an operator: what it does not know is asked elsewhere.
    Operator,
    /// Rust code that waits for the result.
    Native,
    /// Rust code that waits for all that this generator yields; `dst` says what for.
    Gather,
    /// The frame below, whose new instance this `__init__` fills: the instance goes into its
    /// register `dst`.
    Init,
    /// A `for` loop in the frame below, which drives this generator.
    For,
    /// The generator in the frame below, which delegates to this one: what it yields goes further
    /// down, what it returns into register `dst`.
    Delegate,
}

/// A running function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// The code object.
    pub(crate) code: Ref,
    /// The function, or null for a module body.
    pub(crate) function: Value,
    /// Dict of its module.
    pub(crate) globals: Ref,
    /// Dict of names of a module or class body, or null.
    pub(crate) locals: Value,
    /// The generator whose frame this is, the instance that this `__init__` fills, the number of
    /// the operator whose method this is, or null.
    pub(crate) owner: Value,
    /// The outermost of the generators that delegate, one through the other, to the one that runs
    /// here; null if none does. Those between wait meanwhile as if nobody had gone on with them.
    pub(crate) outermost: Value,
    /// Where the instructions are: a byte offset in the arena.
    pub(crate) words: u32,
    /// Where the constants are: a byte offset in the arena.
    pub(crate) consts: u32,
    /// Stack index of register 0.
    pub(crate) base: u32,
    /// Stack in use while this frame is on top: its own registers, and those of the frames below
    /// that reach beyond them (a callee starts inside its caller's registers).
    pub(crate) top: u32,
    /// Word index of the instruction to go on with when the frame above returns.
    pub(crate) pc: u32,
    /// Register of the frame below for the result.
    pub(crate) dst: u8,
    /// Who called.
    pub(crate) caller: Caller,
    /// Device bytes of stack that the call costs.
    pub(crate) cost: u16,
}

impl Frame {
    /// Marks what it holds.
    pub(crate) fn mark(&self, heap: &mut Heap) {
        let held = [self.function, self.locals, self.owner, self.outermost];
        for v in held.into_iter().chain([self.code.into(), self.globals.into()]) {
            heap.mark(v);
        }
    }

    /// The generator whose frame this is.
    pub(crate) fn generator(&self) -> Option<Ref> {
        if self.caller == Caller::Init { None } else { self.owner.as_ref() }
    }
}
