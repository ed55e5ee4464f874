//! Generators on the stack and off it: making, resuming, suspending and ending them.

use super::frame::{Caller, Frame};
use super::plan::Return;
use crate::kinds::{self, generator};
use crate::objects::generator as gen_state;
use crate::vm::{Raised, Res, Vm};
use coil_compiler::bytecode::Op;
use coil_heap::{Ref, Value};

/// Values of the stack that a frame may need, at most.
const ROOM: usize = 256 + 8;

impl Vm {
    /// Makes a generator of a function whose registers stand at `base`.
    pub(crate) fn make_generator(&mut self, f: Ref, base: usize, registers: usize) -> Res {
        let sp = self.sp;
        self.sp = sp.max(base + registers);
        let made = self.alloc_values(kinds::GENERATOR, generator::REGS as u32 + registers as u32);
        self.sp = sp;
        let r = made?;
        self.heap.set(r, generator::FUNCTION, f.into());
        self.heap.set(r, generator::PC, Value::int(gen_state::FRESH));
        self.keep_registers(r, base);
        Ok(r.into())
    }

    /// Copies a generator's registers from the stack into it.
    #[inline(always)]
    fn keep_registers(&mut self, r: Ref, base: usize) {
        let saved = &mut self.heap.slots_mut(r)[generator::REGS..];
        let stack = &self.stack[base..base + saved.len()];
        for (to, from) in saved.iter_mut().zip(stack) {
            *to = from.bits();
        }
    }

    /// Goes on with a generator, sending it a value. [`Value::STOP`] when it ends; what it
    /// returned is then in `returned`.
    pub(crate) fn resume(&mut self, r: Ref, send: Value) -> Res {
        let mark = self.mark();
        self.root(r.into());
        let done = self.drive(r, send, Caller::Native, 0);
        match done {
            Ok(v) => self.release_but(mark, v),
            Err(_) => self.release(mark),
        }
        done
    }

    /// The same for a generator that is held already, on behalf of any Rust code.
    #[inline(always)]
    pub(super) fn drive(&mut self, r: Ref, send: Value, caller: Caller, dst: u8) -> Res {
        self.returned = Value::NULL;
        self.enter_native()?;
        let sp = self.sp;
        let done = match self.push_generator(r, send, caller, dst) {
            Ok(true) => {
                self.raise_at_start = self.has_injected() && self.take_injected().is_err();
                self.run()
            }
            Ok(false) => Ok(Value::STOP),
            Err(e) => Err(e),
        };
        self.sp = sp;
        self.leave_native();
        done
    }

    /// Puts a suspended generator's frame on the stack; false if it has ended.
    #[inline]
    pub(crate) fn push_generator(
        &mut self,
        r: Ref,
        send: Value,
        caller: Caller,
        dst: u8,
    ) -> Result<bool, Raised> {
        if self.push_yielded(r, send, caller, dst) {
            return Ok(true);
        }
        self.push_any_generator(r, send, caller, dst)
    }

    /// The same for one that is suspended at a plain `yield`, as almost all are; false if it is
    /// not, or there is more to be done than to go on.
    #[inline]
    fn push_yielded(&mut self, r: Ref, send: Value, caller: Caller, dst: u8) -> bool {
        let fields = self.heap.fields::<{ generator::REGS }>(r).map(Value::from_bits);
        let pc = fields[generator::PC].int_unchecked();
        if pc <= 0 || !fields[generator::INJECT].is_null() {
            return false;
        }
        let Some(f) = fields[generator::FUNCTION].as_ref() else { return false };
        let plan = self.plan_of(f);
        let insn = self.heap.word_at(plan.words() + (pc as u32 - 1) * 4).to_le_bytes();
        let base = self.sp + 1;
        if insn[0] != Op::Yield as u8
            || self.depth_bytes + plan.cost() > self.stack_bytes
            || base + ROOM > self.stack.len()
        {
            return false;
        }
        let saved = &self.heap.slots(r)[generator::REGS..];
        let window = &mut self.stack[base - 1..base + saved.len()];
        window[0] = Value::NULL;
        for (to, from) in window[1..].iter_mut().zip(saved) {
            *to = Value::from_bits(*from);
        }
        self.stack[base + usize::from(insn[1])] = send;
        self.heap.set(r, generator::PC, Value::int(gen_state::RUNNING));
        self.push_planned(plan, f, base, Return { caller, dst, owner: r.into() });
        self.top_mut().pc = pc as u32;
        true
    }

    #[inline(never)]
    fn push_any_generator(
        &mut self,
        r: Ref,
        send: Value,
        caller: Caller,
        dst: u8,
    ) -> Result<bool, Raised> {
        let pc = self.heap.get(r, generator::PC).int_unchecked();
        if pc < 0 && !self.begin_generator(r, pc, send)? {
            return Ok(false);
        }
        let base = self.sp + 1;
        if base >= self.stack.len() {
            return Err(self.recursion_error());
        }
        self.stack[base - 1] = Value::NULL;
        if self.delegate_of(r).is_none() {
            self.push_suspended(r, base, Return { caller, dst, owner: r.into() }, 0)?;
        } else {
            let (inner, cost) = self.innermost(r)?;
            self.push_suspended(inner, base, Return { caller, dst, owner: inner.into() }, cost)?;
            if inner != r {
                self.top_mut().outermost = r.into();
            }
        }
        // What is sent goes where the suspended instruction wants it.
        if self.top().pc > 0 {
            let frame = self.top();
            let insn = self.heap.word_at(frame.words + (frame.pc - 1) * 4).to_le_bytes();
            let slot = if insn[0] == Op::YieldFrom as u8 {
                self.top_mut().pc -= 1;
                insn[3]
            } else {
                insn[1]
            };
            self.stack[base + usize::from(slot)] = send;
        }
        Ok(true)
    }

    /// Pushes the frame of a generator that is not on the stack, to go on behind the instruction
    /// that suspended it. `more` is what those that delegate to it take of the device's stack.
    fn push_suspended(&mut self, r: Ref, base: usize, to: Return, more: u32) -> Result<(), Raised> {
        let f = self.heap.get(r, generator::FUNCTION).as_ref().expect("it has a function");
        let plan = self.plan_of(f);
        let cost = plan.cost() + more;
        if self.depth_bytes + cost > self.stack_bytes
            || cost > u32::from(u16::MAX)
            || base + ROOM > self.stack.len()
        {
            return Err(self.recursion_error());
        }
        let saved = &self.heap.slots(r)[generator::REGS..];
        for (to, from) in self.stack[base..base + saved.len()].iter_mut().zip(saved) {
            *to = Value::from_bits(*from);
        }
        let pc = self.heap.get(r, generator::PC).int_unchecked();
        self.heap.set(r, generator::PC, Value::int(gen_state::RUNNING));
        self.push_planned(plan, f, base, to);
        self.depth_bytes += more;
        let frame = self.top_mut();
        frame.pc = pc.max(0) as u32;
        frame.cost = cost as u16;
        Ok(())
    }

    /// The generator to which a suspended one delegates.
    #[inline(always)]
    fn delegate_of(&self, r: Ref) -> Option<Ref> {
        let pc = self.heap.get(r, generator::PC).int_unchecked();
        if pc <= 0 {
            return None;
        }
        let f = self.heap.get(r, generator::FUNCTION).as_ref()?;
        let at = self.plan_of(f).words() + (pc as u32 - 1) * 4;
        let insn = self.heap.word_at(at).to_le_bytes();
        if insn[0] != Op::YieldFrom as u8 {
            return None;
        }
        let inner = self.heap.get(r, generator::REGS + usize::from(insn[2]));
        self.as_ref_kind(inner, kinds::GENERATOR)
    }

    /// The generator that has to run when this one is gone on with: itself, or the last of those
    /// to which it delegates. Also what those before it take of the device's stack.
    #[inline]
    fn innermost(&mut self, r: Ref) -> Result<(Ref, u32), Raised> {
        let (mut at, mut cost) = (r, 0);
        if !self.heap.get(r, generator::INJECT).is_null() {
            return Ok((r, 0));
        }
        while let Some(inner) = self.delegate_of(at) {
            let pc = self.heap.get(inner, generator::PC).int_unchecked();
            if pc == gen_state::RUNNING && self.is_executing(r) {
                return Err(self.value_error("generator already executing"));
            }
            if pc < 0 || !self.heap.get(inner, generator::INJECT).is_null() {
                break;
            }
            let f = self.heap.get(at, generator::FUNCTION).as_ref().expect("it has a function");
            cost += self.plan_of(f).cost();
            at = inner;
        }
        Ok((at, cost))
    }

    /// Whether a generator runs, itself or through one to which it delegates.
    pub(crate) fn is_executing(&self, r: Ref) -> bool {
        if self.heap.get(r, generator::PC).int_unchecked() == gen_state::RUNNING {
            return true;
        }
        self.frames.iter().rev().any(|frame| {
            let (mut at, inner) = (frame.outermost.as_ref(), frame.generator());
            while let Some(outer) = at.filter(|_| at != inner) {
                if outer == r {
                    return true;
                }
                at = self.delegate_of(outer);
            }
            false
        })
    }

    /// Brings back the generator that delegates to the one whose frame was taken away, if there
    /// is one: the frame on top is its frame then.
    pub(crate) fn bring_back(&mut self, frame: &Frame) -> bool {
        let (Some(mut at), Some(inner)) = (frame.outermost.as_ref(), frame.generator()) else {
            return false;
        };
        let mut more = 0;
        while let Some(next) = self.delegate_of(at).filter(|&next| next != inner) {
            let f = self.heap.get(at, generator::FUNCTION).as_ref().expect("it has a function");
            more += self.plan_of(f).cost();
            at = next;
        }
        self.sp = frame.base as usize - 1;
        let to = Return { caller: frame.caller, dst: frame.dst, owner: at.into() };
        // There was room for it when it went down to the inner one.
        if self.push_suspended(at, frame.base as usize, to, more).is_err() {
            return false;
        }
        if Some(at) != frame.outermost.as_ref() {
            self.top_mut().outermost = frame.outermost;
        }
        true
    }

    /// Whether a generator that is not suspended can be resumed.
    #[cold]
    fn begin_generator(&mut self, r: Ref, pc: i64, send: Value) -> Result<bool, Raised> {
        match pc {
            gen_state::FINISHED => {
                let inject = self.heap.get(r, generator::INJECT);
                self.heap.set(r, generator::INJECT, Value::NULL);
                self.returned = Value::NONE;
                if inject.is_null() {
                    return Ok(false);
                }
                let exception = self.make_exception(inject)?;
                Err(self.raise(exception))
            }
            gen_state::RUNNING => Err(self.value_error("generator already executing")),
            // One that has not begun ends before its first handler is in force.
            gen_state::FRESH if !self.heap.get(r, generator::INJECT).is_null() => {
                let inject = self.heap.get(r, generator::INJECT);
                self.heap.set(r, generator::INJECT, Value::NULL);
                self.heap.set(r, generator::PC, Value::int(gen_state::FINISHED));
                let exception = self.make_exception(inject)?;
                Err(self.raise(exception))
            }
            gen_state::FRESH if send != Value::NONE => {
                Err(self.type_error("can't send non-None value to a just-started generator"))
            }
            _ => Ok(true),
        }
    }

    /// Takes a suspended generator's frame off the stack into the generator; says who drives it
    /// and which register of the frame below is theirs.
    #[inline(always)]
    pub(crate) fn suspend(&mut self, pc: u32) -> (Caller, u8) {
        let frame = self.top();
        let r = frame.generator().expect("only generators are suspended");
        let (base, cost, caller, dst) = (frame.base as usize, frame.cost, frame.caller, frame.dst);
        self.frames.pop();
        self.depth_bytes -= u32::from(cost);
        self.keep_registers(r, base);
        self.heap.set(r, generator::PC, Value::int(i64::from(pc)));
        (caller, dst)
    }

    /// Marks a generator whose frame was popped as ended.
    pub(crate) fn end_generator(&mut self, r: Ref) {
        self.heap.set(r, generator::PC, Value::int(gen_state::FINISHED));
        self.heap.slots_mut(r)[generator::REGS..].fill(Value::NULL.bits());
    }

    /// Whether the next instruction of the top frame delegates to another generator.
    pub(crate) fn is_delegating(&self) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        self.heap.word_at(frame.words + frame.pc * 4) as u8 == Op::YieldFrom as u8
    }
}
