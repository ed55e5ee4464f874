//! Instructions of moves, ints and jumps.

use crate::code::Insn;
use crate::facts::{self, Effect, Fact};
use crate::translate::Translator;
use coil_vm::Value as Word;
use coil_vm::compiler::bytecode::Op;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value};

/// Numbers of native types in instructions.
const BOOL: u8 = 1;
const INT: u8 = 2;

impl Translator<'_, '_> {
    /// Writes an instruction whose operands are what it needs; true if the block has ended.
    pub(crate) fn instruction(&mut self, insn: &Insn, effect: &Effect) -> bool {
        if crate::code::is_jump(insn.op) {
            self.jumps(insn);
            return true;
        }
        let result = self.moves(insn).or_else(|| self.ints(insn)).or_else(|| self.short_ints(insn));
        let result = match result {
            Some(v) => Some(v),
            None => self.rest(insn),
        };
        if insn.op == Op::Move {
            self.copy_items(insn.a, insn.b);
        }
        if let (Some((reg, fact)), Some(v)) = (effect.write, result) {
            self.put(reg, fact, v);
        }
        facts::after(&mut self.state, effect);
        false
    }

    fn moves(&mut self, insn: &Insn) -> Option<Value> {
        let v = match insn.op {
            Op::LoadConst => self.code.constant(insn),
            Op::LoadInt => Word::int(i64::from(insn.wide() as i16)),
            Op::LoadNone => Word::NONE,
            Op::LoadTrue => Word::TRUE,
            Op::LoadFalse => Word::FALSE,
            Op::LoadNull => Word::NULL,
            Op::Move => return Some(self.as_it_is(insn.b)),
            _ => return None,
        };
        Some(if facts::of_constant(v, self.code.viper) == Fact::Int32 {
            self.builder.ins().iconst(I32, i64::from(v.int_unchecked() as u32))
        } else {
            self.constant(v)
        })
    }

    /// Arithmetic of small ints, as the interpreter has them: twice the number and one.
    #[allow(clippy::too_many_lines, reason = "one arm per kind of opcode")]
    fn ints(&mut self, insn: &Insn) -> Option<Value> {
        let by = Word::int(i64::from(insn.c)).bits() as i64;
        Some(match insn.op {
            Op::Add | Op::IAdd => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let y = self.builder.ins().iadd_imm_s(y, -1);
                let (v, over) = self.builder.ins().sadd_overflow(x, y);
                self.guard_not(over);
                v
            }
            Op::Sub | Op::ISub => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let y = self.builder.ins().iadd_imm_s(y, -1);
                let (v, over) = self.builder.ins().ssub_overflow(x, y);
                self.guard_not(over);
                v
            }
            Op::AddI | Op::IAddI => {
                let x = self.whole(insn.b);
                let y = self.builder.ins().iconst(I64, by - 1);
                let (v, over) = self.builder.ins().sadd_overflow(x, y);
                self.guard_not(over);
                v
            }
            Op::SubI | Op::ISubI => {
                let x = self.whole(insn.b);
                let y = self.builder.ins().iconst(I64, by - 1);
                let (v, over) = self.builder.ins().ssub_overflow(x, y);
                self.guard_not(over);
                v
            }
            Op::Mul | Op::IMul => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let y = self.builder.ins().sshr_imm_u(y, 1);
                self.product(x, y)
            }
            Op::MulI => {
                let x = self.whole(insn.b);
                let y = self.builder.ins().iconst(I64, i64::from(insn.c));
                self.product(x, y)
            }
            Op::FloorDiv | Op::IFloorDiv | Op::Mod | Op::IMod => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let positive = self.builder.ins().icmp_imm_s(IntCC::SignedGreaterThan, y, 1);
                self.guard(positive);
                let y = self.builder.ins().sshr_imm_u(y, 1);
                self.quotient(x, y, matches!(insn.op, Op::Mod | Op::IMod))
            }
            Op::FloorDivI | Op::ModI => {
                let x = self.whole(insn.b);
                let y = self.builder.ins().iconst(I64, i64::from(insn.c));
                self.quotient(x, y, insn.op == Op::ModI)
            }
            Op::LShift | Op::ILShift => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let limit = Word::int(32).bits() as i64;
                let few = self.builder.ins().icmp_imm_u(IntCC::UnsignedLessThan, y, limit);
                self.guard(few);
                let y = self.builder.ins().ushr_imm_u(y, 1);
                self.shifted_left(x, y)
            }
            Op::LShiftI => {
                let x = self.whole(insn.b);
                let y = self.builder.ins().iconst(I64, i64::from(insn.c));
                self.shifted_left(x, y)
            }
            Op::RShift | Op::IRShift => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let limit = Word::int(63).bits() as i64;
                let few = self.builder.ins().icmp_imm_u(IntCC::UnsignedLessThan, y, limit);
                self.guard(few);
                let y = self.builder.ins().ushr_imm_u(y, 1);
                let v = self.builder.ins().sshr(x, y);
                self.builder.ins().bor_imm_u(v, 1)
            }
            Op::RShiftI => {
                let x = self.whole(insn.b);
                let v = self.builder.ins().sshr_imm_u(x, i64::from(insn.c));
                self.builder.ins().bor_imm_u(v, 1)
            }
            Op::And | Op::IAnd | Op::Or | Op::IOr | Op::Xor | Op::IXor => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                self.bits(insn.op, x, y)
            }
            Op::AndI | Op::OrI | Op::XorI => {
                let x = self.whole(insn.b);
                let y = self.builder.ins().iconst(I64, by);
                self.bits(insn.op, x, y)
            }
            Op::Neg => {
                let x = self.whole(insn.b);
                let least = self.constant(Word::int(Word::INT_MIN));
                let ok = self.builder.ins().icmp(IntCC::NotEqual, x, least);
                self.guard(ok);
                let two = self.builder.ins().iconst(I64, 2);
                self.builder.ins().isub(two, x)
            }
            Op::Invert => {
                let x = self.whole(insn.b);
                self.builder.ins().bxor_imm_s(x, -2)
            }
            Op::Pos => self.whole(insn.b),
            _ => return None,
        })
    }

    /// The product of a tagged int and a plain number.
    fn product(&mut self, x: Value, y: Value) -> Value {
        let x = self.builder.ins().iadd_imm_s(x, -1);
        let (v, over) = self.builder.ins().smul_overflow(x, y);
        self.guard_not(over);
        self.builder.ins().bor_imm_u(v, 1)
    }

    /// Quotient or remainder of a tagged int by a plain number above zero, rounded down.
    fn quotient(&mut self, x: Value, y: Value, is_modulo: bool) -> Value {
        let x = self.builder.ins().sshr_imm_u(x, 1);
        let q = self.builder.ins().sdiv(x, y);
        let whole = self.builder.ins().imul(q, y);
        let r = self.builder.ins().isub(x, whole);
        // All bits of a remainder below zero, none of another one.
        let below = self.builder.ins().sshr_imm_u(r, 63);
        let v = if is_modulo {
            let more = self.builder.ins().band(below, y);
            self.builder.ins().iadd(r, more)
        } else {
            self.builder.ins().iadd(q, below)
        };
        self.tagged(v)
    }

    /// A tagged int shifted by a plain number below 32, if it is small.
    fn shifted_left(&mut self, x: Value, y: Value) -> Value {
        let x = self.builder.ins().sshr_imm_u(x, 1);
        let moved = self.builder.ins().iadd_imm_s(x, (1 << 30) - 1);
        let small = self.builder.ins().icmp_imm_u(IntCC::UnsignedLessThan, moved, (1i64 << 31) - 1);
        self.guard(small);
        let v = self.builder.ins().ishl(x, y);
        self.tagged(v)
    }

    fn bits(&mut self, op: Op, x: Value, y: Value) -> Value {
        match op {
            Op::And | Op::IAnd | Op::AndI => self.builder.ins().band(x, y),
            Op::Or | Op::IOr | Op::OrI => self.builder.ins().bor(x, y),
            _ => {
                let v = self.builder.ins().bxor(x, y);
                self.builder.ins().bor_imm_u(v, 1)
            }
        }
    }

    /// Arithmetic of 32 bits, which wraps around.
    fn short_ints(&mut self, insn: &Insn) -> Option<Value> {
        let (b, c) = (insn.b, insn.c);
        let two = |it: &mut Self| (it.short(b), it.short(c));
        let by = i64::from(c);
        Some(match insn.op {
            Op::IntAdd => {
                let (x, y) = two(self);
                self.builder.ins().iadd(x, y)
            }
            Op::IntSub => {
                let (x, y) = two(self);
                self.builder.ins().isub(x, y)
            }
            Op::IntMul => {
                let (x, y) = two(self);
                self.builder.ins().imul(x, y)
            }
            Op::IntAnd => {
                let (x, y) = two(self);
                self.builder.ins().band(x, y)
            }
            Op::IntOr => {
                let (x, y) = two(self);
                self.builder.ins().bor(x, y)
            }
            Op::IntXor => {
                let (x, y) = two(self);
                self.builder.ins().bxor(x, y)
            }
            Op::IntShl => {
                let (x, y) = two(self);
                self.builder.ins().ishl(x, y)
            }
            Op::IntShr => {
                let (x, y) = two(self);
                self.builder.ins().sshr(x, y)
            }
            Op::IntShrU => {
                let (x, y) = two(self);
                self.builder.ins().ushr(x, y)
            }
            Op::IntFloorDiv | Op::IntMod => {
                let (x, y) = two(self);
                self.short_quotient(x, y, insn.op == Op::IntMod)
            }
            Op::IntAddI => {
                let x = self.short(b);
                self.builder.ins().iadd_imm_s(x, by)
            }
            Op::IntSubI => {
                let x = self.short(b);
                self.builder.ins().iadd_imm_s(x, -by)
            }
            Op::IntAndI => {
                let x = self.short(b);
                self.builder.ins().band_imm_u(x, by)
            }
            Op::IntShlI => {
                let x = self.short(b);
                self.builder.ins().ishl_imm_u(x, by & 31)
            }
            Op::IntNeg => {
                let x = self.short(b);
                self.builder.ins().ineg(x)
            }
            Op::IntInvert => {
                let x = self.short(b);
                self.builder.ins().bnot(x)
            }
            Op::IntLt | Op::IntLe | Op::IntLtU | Op::IntLeU | Op::IntEq | Op::IntNe => {
                let (x, y) = two(self);
                let is = self.builder.ins().icmp(comparison(insn.op), x, y);
                self.builder.ins().uextend(I32, is)
            }
            _ => return None,
        })
    }

    fn short_quotient(&mut self, x: Value, y: Value, is_modulo: bool) -> Value {
        // Zero raises, and the least number by minus one does not fit.
        let moved = self.builder.ins().iadd_imm_s(y, 1);
        let plain = self.builder.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, moved, 1);
        self.guard(plain);
        let q = self.builder.ins().sdiv(x, y);
        let whole = self.builder.ins().imul(q, y);
        let r = self.builder.ins().isub(x, whole);
        let exact = self.builder.ins().icmp_imm_s(IntCC::Equal, r, 0);
        let differ = self.builder.ins().bxor(r, y);
        let differ = self.builder.ins().sshr_imm_u(differ, 31);
        let zero = self.builder.ins().iconst(I32, 0);
        // All bits if the remainder's sign is not the divisor's.
        let down = self.builder.ins().select(exact, zero, differ);
        if is_modulo {
            let more = self.builder.ins().band(down, y);
            self.builder.ins().iadd(r, more)
        } else {
            self.builder.ins().iadd(q, down)
        }
    }

    /// Comparisons, conversions and memory.
    fn rest(&mut self, insn: &Insn) -> Option<Value> {
        Some(match insn.op {
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
                let is = self.compared(comparison(insn.op), insn.b, insn.c);
                self.truth_value(is)
            }
            Op::Is | Op::IsNot => {
                let (x, y) = (self.whole(insn.b), self.whole(insn.c));
                let same = if insn.op == Op::Is { IntCC::Equal } else { IntCC::NotEqual };
                let is = self.builder.ins().icmp(same, x, y);
                self.truth_value(is)
            }
            Op::Not => {
                let is = self.truth(insn.b);
                let (yes, no) = (self.constant(Word::FALSE), self.constant(Word::TRUE));
                self.builder.ins().select(is, yes, no)
            }
            Op::CheckLocal => {
                if matches!(self.state.get(insn.a), Fact::Unasked | Fact::Any) {
                    let v = self.whole(insn.a);
                    let bound = self.builder.ins().icmp_imm_s(IntCC::NotEqual, v, 0);
                    self.guard(bound);
                }
                return None;
            }
            Op::ToNative if insn.c == BOOL => {
                let is = self.truth(insn.b);
                self.builder.ins().uextend(I32, is)
            }
            Op::ToNative => self.short(insn.b),
            Op::ToObject if insn.c == BOOL => {
                let v = self.short(insn.b);
                let is = self.builder.ins().icmp_imm_s(IntCC::NotEqual, v, 0);
                self.truth_value(is)
            }
            Op::ToObject if insn.c == INT => self.short(insn.b),
            Op::ToObject => {
                let v = self.short(insn.b);
                let v = self.builder.ins().uextend(I64, v);
                self.tagged(v)
            }
            _ => return self.reach(insn),
        })
    }

    fn truth_value(&mut self, is: Value) -> Value {
        let (yes, no) = (self.constant(Word::TRUE), self.constant(Word::FALSE));
        self.builder.ins().select(is, yes, no)
    }

    fn compared(&mut self, how: IntCC, x: u8, y: u8) -> Value {
        let (x, y) = if self.are_short(&[x, y]) {
            (self.short(x), self.short(y))
        } else {
            (self.whole(x), self.whole(y))
        };
        self.builder.ins().icmp(how, x, y)
    }

    fn compared_to(&mut self, how: IntCC, x: u8, number: u8) -> Value {
        let number = i64::from(number);
        if self.are_short(&[x]) {
            let x = self.short(x);
            return self.builder.ins().icmp_imm_s(how, x, number);
        }
        let x = self.whole(x);
        self.builder.ins().icmp_imm_s(how, x, Word::int(number).bits() as i64)
    }

    /// Whether a register is true, if it is an int or a bool.
    fn truth(&mut self, reg: u8) -> Value {
        match self.state.get(reg) {
            Fact::Int32 => {
                let v = self.short(reg);
                self.builder.ins().icmp_imm_s(IntCC::NotEqual, v, 0)
            }
            Fact::Int => {
                let v = self.whole(reg);
                self.builder.ins().icmp_imm_s(IntCC::NotEqual, v, Word::int(0).bits() as i64)
            }
            Fact::Unasked | Fact::Bytes | Fact::List | Fact::Any => {
                let v = self.whole(reg);
                let (yes, no) = (self.constant(Word::TRUE), self.constant(Word::FALSE));
                let is_true = self.builder.ins().icmp(IntCC::Equal, v, yes);
                let is_false = self.builder.ins().icmp(IntCC::Equal, v, no);
                let is_bool = self.builder.ins().bor(is_true, is_false);
                let odd = self.builder.ins().band_imm_u(v, 1);
                let odd = self.builder.ins().icmp_imm_s(IntCC::NotEqual, odd, 0);
                let known = self.builder.ins().bor(is_bool, odd);
                self.guard(known);
                let zero = Word::int(0).bits() as i64;
                let other = self.builder.ins().icmp_imm_s(IntCC::NotEqual, v, zero);
                let not_false = self.builder.ins().icmp(IntCC::NotEqual, v, no);
                self.builder.ins().band(other, not_false)
            }
        }
    }

    fn jumps(&mut self, insn: &Insn) {
        let (a, b) = (insn.a, insn.b);
        match insn.op {
            Op::Jump => self.jump(insn),
            Op::JTrue | Op::JFalse => {
                let is = self.truth(a);
                self.branch(insn, is, insn.op == Op::JTrue);
            }
            Op::JNone => {
                let (v, none) = (self.whole(a), self.constant(Word::NONE));
                let is = self.builder.ins().icmp(IntCC::Equal, v, none);
                self.branch(insn, is, b != 0);
            }
            Op::JIs => {
                let (x, y) = (self.whole(a), self.whole(b));
                let is = self.builder.ins().icmp(IntCC::Equal, x, y);
                self.branch(insn, is, insn.c != 0);
            }
            Op::JLt | Op::JLe | Op::JGt | Op::JGe | Op::JEq | Op::JNe => {
                let is = self.compared(comparison(insn.op), a, b);
                self.branch(insn, is, insn.c != 0);
            }
            Op::JLtI | Op::JLeI | Op::JGtI | Op::JGeI | Op::JEqI | Op::JNeI => {
                let is = self.compared_to(comparison(insn.op), a, b);
                self.branch(insn, is, insn.c != 0);
            }
            Op::ForRange => self.round(insn),
            _ => unreachable!("other jumps have no effect and end a block"),
        }
    }

    /// The next round of a loop over a range.
    fn round(&mut self, insn: &Insn) {
        let (b, stop, c) = (insn.b, insn.b + 1, insn.c);
        let is_short = facts::is_short_round(&self.state, insn);
        let value = |it: &mut Self, reg| if is_short { it.short(reg) } else { it.whole(reg) };
        let (i, stop, step) = (value(self, b), value(self, stop), value(self, c));
        let zero = if is_short { 0 } else { 1 };
        let block = |it: &mut Self| it.builder.create_block();
        let (up, down, more, done) = (block(self), block(self), block(self), block(self));
        let rises = self.builder.ins().icmp_imm_s(IntCC::SignedGreaterThan, step, zero);
        self.builder.ins().brif(rises, up, &[], down, &[]);
        for (block, how) in [(up, IntCC::SignedLessThan), (down, IntCC::SignedGreaterThan)] {
            self.builder.switch_to_block(block);
            self.builder.seal_block(block);
            let goes_on = self.builder.ins().icmp(how, i, stop);
            self.builder.ins().brif(goes_on, more, &[], done, &[]);
        }
        self.builder.switch_to_block(done);
        self.builder.seal_block(done);
        self.go(insn.next());
        self.builder.switch_to_block(more);
        self.builder.seal_block(more);
        let step = if is_short { step } else { self.builder.ins().iadd_imm_s(step, -1) };
        let (next, over) = self.builder.ins().sadd_overflow(i, step);
        self.guard_not(over);
        if insn.is_backward() {
            self.count_step();
        }
        let item = self.as_it_is(b);
        facts::after_round(&mut self.state, insn);
        let (item_fact, next_fact) = (self.state.get(insn.a), self.state.get(b));
        if insn.a != b {
            self.put(insn.a, item_fact, item);
        }
        self.put(b, next_fact, next);
        self.go(insn.target);
    }
}

/// How an instruction compares.
fn comparison(op: Op) -> IntCC {
    match op {
        Op::Lt | Op::JLt | Op::JLtI | Op::IntLt => IntCC::SignedLessThan,
        Op::Le | Op::JLe | Op::JLeI | Op::IntLe => IntCC::SignedLessThanOrEqual,
        Op::Gt | Op::JGt | Op::JGtI => IntCC::SignedGreaterThan,
        Op::Ge | Op::JGe | Op::JGeI => IntCC::SignedGreaterThanOrEqual,
        Op::IntLtU => IntCC::UnsignedLessThan,
        Op::IntLeU => IntCC::UnsignedLessThanOrEqual,
        Op::Ne | Op::JNe | Op::JNeI | Op::IntNe => IntCC::NotEqual,
        _ => IntCC::Equal,
    }
}
