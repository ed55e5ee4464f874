//! The door to machine code: who makes it stands outside, and is asked where rounds of a loop start.
//!
//! Machine code runs a stretch of a frame's instructions on the frame's own registers and leaves at
//! an instruction, with everything as the interpreter would have it there. What it cannot do it
//! leaves to the interpreter: calls, exceptions, collections and polls all happen here.

#![allow(unsafe_code, reason = "a trait whose implementor vouches for the places it names")]

use super::loader::Facts;
use super::plan::Plan;
use crate::kinds::code;
use crate::vm::Vm;
use coil_compiler::bytecode::CodeFlags;
use coil_heap::{Heap, Ref, Value};

/// The note of a place that is never to be asked about again.
pub const NEVER: u32 = u32::MAX;

/// A frame at the start of a round.
#[derive(Debug)]
pub struct Round<'a> {
    /// The code object ([`crate::kinds::code`]); its instructions are verified.
    pub code: Ref,
    /// Whether its ints have 32 bits.
    pub viper: bool,
    /// Word index of the instruction to go on with.
    pub at: u32,
    /// The registers of the frame, as many as the code has.
    pub registers: &'a mut [Value],
    /// The board's memory.
    pub heap: &'a mut Heap,
    /// Backward jumps until the next poll, at least one. Who jumps counts down, and the jump that
    /// would end at zero is left to the interpreter.
    pub fuel: &'a mut u32,
}

/// Makes and runs machine code for one board.
///
/// # Safety
/// [`MachineCode::go_on`] must name the start of an instruction of the very code it was asked about.
pub unsafe trait MachineCode {
    /// Runs instructions of a frame for as long as it can; gives the place to go on at. `note` is
    /// what it has noted about this place, zero at first: it may note any number. [`NEVER`] means
    /// that the place is not worth asking about.
    fn go_on(&mut self, note: &mut u32, round: Round<'_>) -> u32;

    /// Forgets all code objects but these: they are no more.
    fn forget_unless(&mut self, alive: &dyn Fn(Ref) -> bool);
}

impl Vm {
    /// Goes on with the top frame in machine code, if there is some; gives the place to go on at
    /// in the interpreter, and what the instruction is to note.
    #[inline(never)]
    pub(super) fn go_on_in_machine_code(&mut self, at: u32, mut note: u32) -> (u32, u32) {
        let frame = *self.top();
        let viper = Facts::of(self, frame.code).flags.has(CodeFlags::VIPER);
        let plan = Plan::from_value(self.heap.get(frame.code, code::PLAN));
        let Some(machine_code) = &mut self.machine_code else { return (at, note) };
        let base = frame.base as usize;
        let round = Round {
            code: frame.code,
            viper,
            at,
            registers: &mut self.stack[base..base + plan.registers()],
            heap: &mut self.heap,
            fuel: &mut self.fuel,
        };
        let at = machine_code.go_on(&mut note, round);
        (at, note)
    }
}
