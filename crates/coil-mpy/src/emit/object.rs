//! Everything on objects: variables, attributes, items, operators, displays, imports.

use coil_compiler::bytecode::{Const, Op};

use super::{Emitter, Held};
use crate::blocks::{Kind, State};
use crate::flow;
use crate::instruction::Instruction;
use crate::{MpyError, Result};

/// Operators by the reference's numbers: to a bool first, then in place, then plain.
const BINARY: &[Op] = &[
    Op::Lt,
    Op::Gt,
    Op::Eq,
    Op::Le,
    Op::Ge,
    Op::Ne,
    Op::In,
    Op::Is,
    // Number eight matches exceptions.
    Op::Nop,
    Op::IOr,
    Op::IXor,
    Op::IAnd,
    Op::ILShift,
    Op::IRShift,
    Op::IAdd,
    Op::ISub,
    Op::IMul,
    Op::IMatMul,
    Op::IFloorDiv,
    Op::ITrueDiv,
    Op::IMod,
    Op::IPow,
    Op::Or,
    Op::Xor,
    Op::And,
    Op::LShift,
    Op::RShift,
    Op::Add,
    Op::Sub,
    Op::Mul,
    Op::MatMul,
    Op::FloorDiv,
    Op::TrueDiv,
    Op::Mod,
    Op::Pow,
];
const EXCEPTION_MATCH: u8 = 8;

/// Jumps that compare, by the same numbers.
const JUMPS: &[Op] =
    &[Op::JLt, Op::JGt, Op::JEq, Op::JLe, Op::JGe, Op::JNe, Op::JIn, Op::JIs, Op::JExc];
const JUMPS_IMMEDIATE: &[Op] = &[Op::JLtI, Op::JGtI, Op::JEqI, Op::JLeI, Op::JGeI, Op::JNeI];

/// The form of an operator with a small number on the right.
fn immediate(op: Op) -> Option<Op> {
    Some(match op {
        Op::Add => Op::AddI,
        Op::Sub => Op::SubI,
        Op::Mul => Op::MulI,
        Op::FloorDiv => Op::FloorDivI,
        Op::Mod => Op::ModI,
        Op::LShift => Op::LShiftI,
        Op::RShift => Op::RShiftI,
        Op::And => Op::AndI,
        Op::Or => Op::OrI,
        Op::Xor => Op::XorI,
        Op::IAdd => Op::IAddI,
        Op::ISub => Op::ISubI,
        _ => return None,
    })
}

impl Emitter<'_> {
    /// Writes an instruction; gives the offset of the one that follows, if one does.
    pub(super) fn instruction(
        &mut self,
        at: usize,
        instruction: Instruction,
        next: usize,
        state: &State,
    ) -> Result<Option<usize>> {
        use Instruction as I;
        match instruction {
            I::None => self.simple(Op::LoadNone, next),
            I::Bool(true) => self.simple(Op::LoadTrue, next),
            I::Bool(false) => self.simple(Op::LoadFalse, next),
            I::LoadBuildClass => self.simple(Op::LoadBuildClass, next),
            I::Null => self.held.push(Held::Own),
            I::Small(n) => self.held.push(Held::Int(n)),
            I::Str(n) => {
                let name = self.name(n)? as u16;
                let dst = self.result(next);
                self.asm.emit_wide(Op::LoadConst, dst, name);
            }
            I::Object(n) => self.object(n, next)?,
            I::LoadFast(_)
            | I::LoadDeref(_)
            | I::StoreFast(_)
            | I::StoreDeref(_)
            | I::DeleteFast(_)
            | I::DeleteDeref(_) => self.variable(instruction, next, state)?,
            I::LoadName(n) => self.load_named(Op::LoadName, n, next)?,
            I::LoadGlobal(n) => self.load_named(Op::LoadGlobal, n, next)?,
            I::StoreName(n) => self.store_named(Op::StoreName, n)?,
            I::StoreGlobal(n) => self.store_named(Op::StoreGlobal, n)?,
            I::DeleteName(n) => {
                let name = self.name(n)?;
                self.asm.emit_words(Op::DelName, [0; 3], &[name]);
            }
            I::DeleteGlobal(n) => {
                let name = self.name(n)?;
                self.asm.emit_words(Op::DelGlobal, [0; 3], &[name]);
            }
            I::MakeFunction(make) => self.make_function(make, next, state)?,
            I::Call(call) => self.call(call, next, state)?,
            I::Unary(op) => {
                let op = [Op::Pos, Op::Neg, Op::Invert, Op::Not][usize::from(op & 3)];
                self.one_operand(op, next)?;
            }
            I::Binary(op) => return self.binary(op, next),
            I::RotThree if self.token_rotates(next, state)? => {
                self.rotate(2)?;
                let after = self.after(next)?;
                if self.flow.code.contains_key(&next) {
                    return Err(MpyError::Incompatible);
                }
                return Ok(Some(after));
            }
            I::Dup | I::DupTwo | I::Pop | I::RotTwo | I::RotThree => self.shuffle(instruction)?,
            I::LoadAttr(_)
            | I::LoadMethod(_)
            | I::LoadSuperMethod(_)
            | I::LoadSubscr
            | I::StoreAttr(_)
            | I::StoreSubscr => self.access(instruction, next, state)?,
            I::Jump(_)
            | I::PopJumpIf(..)
            | I::JumpIfOrPop(..)
            | I::Unwind(..)
            | I::Setup(..)
            | I::PopExceptJump(_)
            | I::ForIter(_)
            | I::WithCleanup
            | I::EndFinally
            | I::Return
            | I::RaiseLast
            | I::Raise
            | I::RaiseFrom => return self.control(at, instruction, next, state),
            other => self.build(at, other, next)?,
        }
        Ok(Some(next))
    }

    fn token_rotates(&self, next: usize, state: &State) -> Result<bool> {
        let token = matches!(state.top(0)?, Kind::Token(_));
        let again = crate::instruction::decode(self.code, next);
        Ok(token && matches!(again, Ok((Instruction::RotThree, _))))
    }

    fn simple(&mut self, op: Op, next: usize) {
        let dst = self.result(next);
        self.asm.emit(op, dst, 0, 0);
    }

    fn object(&mut self, n: usize, next: usize) -> Result<()> {
        let value = self.file.consts.get(n).ok_or(MpyError::Incompatible)?;
        if let Const::Int(n) = value {
            self.held.push(Held::Int(*n));
            return Ok(());
        }
        let index = self.asm.constant(value.clone())?;
        let dst = self.result(next);
        self.asm.emit_wide(Op::LoadConst, dst, index);
        Ok(())
    }

    fn variable(&mut self, instruction: Instruction, next: usize, state: &State) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::LoadFast(n) => {
                let reg = self.local(n);
                if !flow::is_cell(self.prelude, self.closed, n) && !state.assigned.contains(n) {
                    self.check(reg)?;
                }
                self.held.push(Held::Local(reg));
            }
            I::StoreFast(n) => {
                let reg = self.local(n);
                let top = self.top(0)?;
                let value = self.held[top];
                let own = self.slot(top);
                self.drop(1)?;
                self.settle_local(reg);
                match value {
                    Held::Own => self.asm.emit(Op::Move, reg, own, 0),
                    Held::Local(from) if from == reg => {}
                    Held::Local(from) => self.asm.emit(Op::Move, reg, from, 0),
                    Held::Int(n) => self.load_int(reg, n),
                }
            }
            I::DeleteFast(n) => {
                let reg = self.local(n);
                self.settle_local(reg);
                if !state.assigned.contains(n) {
                    self.check(reg)?;
                }
                self.asm.emit(Op::LoadNull, reg, 0, 0);
            }
            I::LoadDeref(n) => {
                let cell = self.local(n);
                let name = self.name_of("")?;
                let dst = self.result(next);
                self.asm.emit_words(Op::LoadCell, [dst, cell, 0], &[name]);
            }
            I::StoreDeref(n) => {
                let cell = self.local(n);
                let top = self.top(0)?;
                let value = self.reg(top);
                self.drop(1)?;
                self.asm.emit(Op::StoreCell, cell, value, 0);
            }
            I::DeleteDeref(n) => {
                let cell = self.local(n);
                let name = self.name_of("")?;
                self.asm.emit_words(Op::DelCell, [cell, 0, 0], &[name]);
            }
            _ => {}
        }
        Ok(())
    }

    fn check(&mut self, reg: u8) -> Result<()> {
        let name = self.name_of("")? as u16;
        self.asm.emit_wide(Op::CheckLocal, reg, name);
        Ok(())
    }

    fn load_named(&mut self, op: Op, n: usize, next: usize) -> Result<()> {
        let name = self.name(n)?;
        let dst = self.result(next);
        self.asm.emit_words(op, [dst, 0, 0], &[name]);
        Ok(())
    }

    fn store_named(&mut self, op: Op, n: usize) -> Result<()> {
        let name = self.name(n)?;
        let top = self.top(0)?;
        let value = self.reg(top);
        self.drop(1)?;
        self.asm.emit_words(op, [value, 0, 0], &[name]);
        Ok(())
    }

    fn one_operand(&mut self, op: Op, next: usize) -> Result<()> {
        let top = self.top(0)?;
        let reg = self.reg(top);
        self.drop(1)?;
        let dst = self.result(next);
        self.asm.emit(op, dst, reg, 0);
        Ok(())
    }

    fn binary(&mut self, number: u8, next: usize) -> Result<Option<usize>> {
        let (right, left) = (self.top(0)?, self.top(1)?);
        let a = self.reg(left);
        let small = match self.held[right] {
            Held::Int(n) => u8::try_from(n).ok(),
            _ => None,
        };
        if let Some(Instruction::PopJumpIf(sense, to)) = self.peek(next)
            && let Some(jump) = JUMPS.get(usize::from(number))
        {
            let immediate = small.zip(JUMPS_IMMEDIATE.get(usize::from(number)));
            let (op, b) = match immediate {
                Some((n, op)) => (*op, n),
                None => (*jump, self.reg(right)),
            };
            self.drop(2)?;
            self.settle_all();
            let label = self.label(to)?;
            self.asm.branch(op, [a, b, u8::from(sense)], label);
            self.skip = Some(next);
            return Ok(Some(next));
        }
        let op = *BINARY.get(usize::from(number)).ok_or(MpyError::Incompatible)?;
        if let Some((n, op)) = small.zip(immediate(op)) {
            self.drop(2)?;
            let dst = self.result(next);
            self.asm.emit(op, dst, a, n);
            return Ok(Some(next));
        }
        let b = self.reg(right);
        self.drop(2)?;
        if number == EXCEPTION_MATCH {
            self.held.push(Held::Own);
            let dst = self.slot(self.held.len() - 1);
            let (yes, done) = (self.asm.label(), self.asm.label());
            self.asm.branch(Op::JExc, [a, b, 1], yes);
            self.asm.emit(Op::LoadFalse, dst, 0, 0);
            self.asm.jump(done);
            self.asm.bind(yes);
            self.asm.emit(Op::LoadTrue, dst, 0, 0);
            self.asm.bind(done);
            return Ok(Some(next));
        }
        let dst = self.result(next);
        self.asm.emit(op, dst, a, b);
        Ok(Some(next))
    }

    /// Moves the top slot below the `n - 1` under it.
    fn rotate(&mut self, n: usize) -> Result<()> {
        let first = self.top(n - 1)?;
        // Slots that are in their registers go through the one above the stack.
        let scratch = self.slot(self.held.len());
        let held = self.held[first..].to_vec();
        let top = first + n - 1;
        if held[n - 1] == Held::Own {
            self.asm.emit(Op::Move, scratch, self.slot(top), 0);
        }
        for i in (0..n - 1).rev() {
            if held[i] == Held::Own {
                self.asm.emit(Op::Move, self.slot(first + i + 1), self.slot(first + i), 0);
            }
        }
        if held[n - 1] == Held::Own {
            self.asm.emit(Op::Move, self.slot(first), scratch, 0);
        }
        self.held[first..].rotate_right(1);
        Ok(())
    }

    fn shuffle(&mut self, instruction: Instruction) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::Pop => self.drop(1)?,
            I::RotTwo => self.rotate(2)?,
            I::RotThree => self.rotate(3)?,
            I::Dup => {
                let top = self.top(0)?;
                self.copy(top);
            }
            _ => {
                let first = self.top(1)?;
                self.copy(first);
                self.copy(first + 1);
            }
        }
        Ok(())
    }

    fn copy(&mut self, i: usize) {
        let held = self.held[i];
        self.held.push(held);
        if held == Held::Own {
            let dst = self.slot(self.held.len() - 1);
            self.asm.emit(Op::Move, dst, self.slot(i), 0);
        }
    }

    fn access(&mut self, instruction: Instruction, next: usize, state: &State) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::LoadAttr(n) => {
                let name = self.name(n)?;
                let top = self.top(0)?;
                let object = self.reg(top);
                self.drop(1)?;
                let dst = self.result(next);
                self.asm.emit_words(Op::LoadAttr, [dst, object, 0], &[name]);
            }
            I::LoadMethod(n) => {
                let name = self.name(n)?;
                let top = self.top(0)?;
                let object = self.reg(top);
                self.held[top] = Held::Own;
                self.held.push(Held::Own);
                self.asm.emit_words(Op::LoadMethod, [self.slot(top), object, 0], &[name]);
            }
            I::LoadSuperMethod(n) => {
                let name = self.name(n)?;
                let first = self.top(2)?;
                self.settle_from(first);
                let slot = self.slot(first);
                self.asm.emit_words(Op::Call, [slot, 2, 0], &[u32::from(slot)]);
                self.asm.emit_words(Op::LoadMethod, [slot, slot, 0], &[name]);
                self.drop(1)?;
            }
            I::LoadSubscr => {
                let (index, object) = (self.top(0)?, self.top(1)?);
                let object = self.reg(object);
                let small = match self.held[index] {
                    Held::Int(n) => u8::try_from(n).ok(),
                    _ => None,
                };
                let (op, index) = match small {
                    Some(n) => (Op::LoadItemI, n),
                    None => (Op::LoadItem, self.reg(index)),
                };
                self.drop(2)?;
                let dst = self.result(next);
                self.asm.emit(op, dst, object, index);
            }
            I::StoreAttr(n) => {
                let name = self.name(n)?;
                let (object, value) = (self.top(0)?, self.top(1)?);
                let object = self.reg(object);
                if state.stack[value] == Kind::Null {
                    self.asm.emit_words(Op::DelAttr, [object, 0, 0], &[name]);
                } else {
                    let value = self.reg(value);
                    self.asm.emit_words(Op::StoreAttr, [object, value, 0], &[name]);
                }
                self.drop(2)?;
            }
            _ => {
                let (index, object, value) = (self.top(0)?, self.top(1)?, self.top(2)?);
                let (index, object) = (self.reg(index), self.reg(object));
                if state.stack[value] == Kind::Null {
                    self.asm.emit(Op::DelItem, object, index, 0);
                } else {
                    let value = self.reg(value);
                    self.asm.emit(Op::StoreItem, object, index, value);
                }
                self.drop(3)?;
            }
        }
        Ok(())
    }

    fn build(&mut self, at: usize, instruction: Instruction, next: usize) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::BuildTuple(n) | I::BuildList(n) | I::BuildSet(n)
                if self.large.builds.contains_key(&at) =>
            {
                self.large_display(at, instruction, n, next)?;
            }
            I::BuildTuple(n) => self.display(Op::BuildTuple, n, next)?,
            I::BuildList(n) => self.display(Op::BuildList, n, next)?,
            I::BuildSet(n) => self.display(Op::BuildSet, n, next)?,
            I::BuildMap(n) => {
                let room = n.min(1 << 12) as u16;
                let dst = self.result(next);
                self.asm.emit_wide(Op::BuildMap, dst, room);
            }
            I::BuildSlice(step) => {
                if !step {
                    self.held.push(Held::Own);
                    let none = self.slot(self.held.len() - 1);
                    self.asm.emit(Op::LoadNone, none, 0, 0);
                }
                let first = self.top(2)?;
                self.settle_from(first);
                let base = self.slot(first);
                self.drop(3)?;
                let dst = self.result(next);
                self.asm.emit(Op::BuildSlice, dst, base, 0);
            }
            I::StoreMap => {
                let (key, value, map) = (self.top(0)?, self.top(1)?, self.top(2)?);
                let (key, value, map) = (self.reg(key), self.reg(value), self.reg(map));
                self.asm.emit(Op::StoreMap, map, key, value);
                self.drop(2)?;
            }
            I::StoreComp(n) => self.store_comp(n)?,
            I::UnpackSequence(n) => {
                let top = self.top(0)?;
                let from = self.reg(top);
                self.asm.emit(Op::UnpackSeq, self.slot(top), from, n as u8);
                self.unpacked(top, n)?;
            }
            I::UnpackEx(left, right) => {
                let top = self.top(0)?;
                let from = self.reg(top);
                let fields = [self.slot(top), from, left as u8];
                self.asm.emit_words(Op::UnpackEx, fields, &[right as u32]);
                self.unpacked(top, left + right + 1)?;
            }
            _ => self.rest(instruction, next)?,
        }
        Ok(())
    }

    fn display(&mut self, op: Op, n: usize, next: usize) -> Result<()> {
        let first = self.held.len().checked_sub(n).ok_or(MpyError::Incompatible)?;
        self.settle_from(first);
        let base = if n == 0 { 0 } else { self.slot(first) };
        self.drop(n)?;
        let dst = self.result(next);
        self.asm.emit(op, dst, base, n as u8);
        Ok(())
    }

    fn large_display(
        &mut self,
        at: usize,
        instruction: Instruction,
        n: usize,
        next: usize,
    ) -> Result<()> {
        let display = *self.large.builds.get(&at).ok_or(MpyError::Incompatible)?;
        if self.held.len() != display.first + n {
            return Err(MpyError::Incompatible);
        }
        self.append_items(display, n)?;
        self.open.pop();
        self.drop(n)?;
        let list = (self.list_base + display.level) as u8;
        let dst = self.result(next);
        match instruction {
            Instruction::BuildTuple(_) => self.asm.emit(Op::ListToTuple, dst, list, 0),
            Instruction::BuildList(_) => self.asm.emit(Op::Move, dst, list, 0),
            _ => {
                // The set is made apart, since a local must not hold a part of it.
                let set = self.slot(self.held.len());
                self.asm.emit(Op::BuildSet, set, 0, 0);
                self.asm.emit(Op::SetUpdate, set, list, 0);
                self.asm.emit(Op::Move, dst, set, 0);
            }
        }
        Ok(())
    }

    fn store_comp(&mut self, n: usize) -> Result<()> {
        let collection = self.top(n >> 2)?;
        let top = self.top(0)?;
        let (collection, item) = (self.reg(collection), self.reg(top));
        match n & 3 {
            0 => self.asm.emit(Op::ListAppend, collection, item, 0),
            1 => {
                let value = self.top(1)?;
                let value = self.reg(value);
                self.asm.emit(Op::StoreMap, collection, item, value);
                self.drop(1)?;
            }
            _ => self.asm.emit(Op::SetAdd, collection, item, 0),
        }
        self.drop(1)
    }

    /// What was unpacked into slots from the first on is to be on the stack the other way round.
    fn unpacked(&mut self, first: usize, n: usize) -> Result<()> {
        self.drop(1)?;
        self.held.extend(core::iter::repeat_n(Held::Own, n));
        let scratch = self.slot(self.held.len());
        for i in 0..n / 2 {
            let (a, b) = (self.slot(first + i), self.slot(first + n - 1 - i));
            self.asm.emit(Op::Move, scratch, a, 0);
            self.asm.emit(Op::Move, a, b, 0);
            self.asm.emit(Op::Move, b, scratch, 0);
        }
        Ok(())
    }

    fn rest(&mut self, instruction: Instruction, next: usize) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::GetIter => self.one_operand(Op::GetIter, next)?,
            I::GetIterStack => {
                let top = self.top(0)?;
                let reg = self.reg(top);
                self.held[top] = Held::Own;
                self.asm.emit(Op::GetIter, self.slot(top), reg, 0);
                self.held.extend([Held::Own; flow::ITER_SLOTS - 1]);
            }
            I::Yield => {
                self.settle_all();
                let slot = self.slot(self.top(0)?);
                self.asm.emit(Op::Yield, slot, slot, 0);
            }
            I::YieldFrom => {
                self.settle_all();
                let slot = self.slot(self.top(1)?);
                self.asm.emit(Op::YieldFrom, slot, slot, slot + 1);
                self.drop(1)?;
            }
            I::ImportName(n) => {
                let name = self.name(n)?;
                let first = self.top(1)?;
                self.settle_from(first);
                let slot = self.slot(first);
                self.asm.emit_words(Op::ImportName, [slot, slot, 0], &[name]);
                self.drop(1)?;
            }
            I::ImportFrom(n) => {
                let name = self.name(n)?;
                let top = self.top(0)?;
                let module = self.reg(top);
                let dst = self.result(next);
                self.asm.emit_words(Op::ImportFrom, [dst, module, 0], &[name]);
            }
            I::ImportStar => {
                let top = self.top(0)?;
                let module = self.reg(top);
                self.asm.emit(Op::ImportStar, module, 0, 0);
                self.drop(1)?;
            }
            _ => return Err(MpyError::Incompatible),
        }
        Ok(())
    }
}
