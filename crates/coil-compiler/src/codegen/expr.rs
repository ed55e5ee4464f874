//! Expressions: operators, comparisons, choices.

use alloc::string::String;

use super::Gen;
use crate::ast::{BinaryOp, CompareOp, Expr, ExprKind, IfElse, UnaryOp};
use crate::bytecode::{Const, Op};
use crate::error::Result;

impl<'a> Gen<'a> {
    /// Computes into `dst`, which is written once, last.
    pub(super) fn expr_to(&mut self, value: &'a Expr, dst: u8) -> Result<()> {
        let mark = self.mark();
        if !matches!(value.kind, ExprKind::Name(_)) {
            self.set_line(value.line);
        }
        if self.may_be_typed(value) {
            self.typed_to_object(value, dst)?;
        } else {
            self.expr_object(value, dst)?;
        }
        self.release(mark);
        Ok(())
    }

    /// Computes what is an object for sure.
    pub(super) fn expr_object(&mut self, value: &'a Expr, dst: u8) -> Result<()> {
        let mark = self.mark();
        match &value.kind {
            ExprKind::Name(name) => self.load_name(*name, dst)?,
            ExprKind::Const(value) => self.load_constant(value, dst)?,
            ExprKind::FString(parts) => self.fstring(parts, dst)?,
            ExprKind::Tuple(items) => self.sequence(Op::BuildTuple, items, dst)?,
            ExprKind::List(items) => self.sequence(Op::BuildList, items, dst)?,
            ExprKind::Set(items) => self.sequence(Op::BuildSet, items, dst)?,
            ExprKind::Dict(entries) => self.dict(entries, dst)?,
            ExprKind::Comprehension(comp) => self.comprehension(comp, dst)?,
            ExprKind::Lambda(node) => self.lambda(node, dst)?,
            ExprKind::IfElse(node) => self.if_else(node, dst)?,
            ExprKind::Logic(is_or, items) => self.logic(*is_or, items, dst)?,
            ExprKind::Not(inner) => {
                let reg = self.expr_hint(inner, dst)?;
                self.emit(Op::Not, dst, reg, 0);
            }
            ExprKind::Compare(first, rest) => self.compare(first, rest, dst)?,
            ExprKind::Binary(first, rest) => self.binary(first, rest, dst)?,
            ExprKind::Unary(op, inner) => {
                let reg = self.expr_hint(inner, dst)?;
                self.emit(unary_op(*op), dst, reg, 0);
            }
            ExprKind::Chain(base, trailers) => self.chain(base, trailers, dst)?,
            ExprKind::Await(inner) => {
                let reg = self.expr_hint(inner, dst)?;
                self.await_value(reg, dst)?;
            }
            ExprKind::Yield(inner) => {
                let reg = match inner {
                    Some(inner) => self.expr_hint(inner, dst)?,
                    None => self.none()?,
                };
                self.emit(Op::Yield, dst, reg, 0);
            }
            ExprKind::YieldFrom(inner) => {
                let iterator = self.temp()?;
                let reg = self.expr_hint(inner, iterator)?;
                self.emit(Op::GetIter, iterator, reg, 0);
                let none = self.none()?;
                self.emit(Op::YieldFrom, dst, iterator, none);
            }
            ExprKind::Walrus(target, inner) => {
                let reg = self.scratch(dst)?;
                self.expr_to(inner, reg)?;
                if let ExprKind::Name(name) = target.kind {
                    self.store_name(name, reg)?;
                }
                self.move_to(dst, reg);
            }
            ExprKind::Slice(parts) => self.slice(parts, dst)?,
            // The scope pass has refused it.
            ExprKind::Star(inner) => self.expr_to(inner, dst)?,
        }
        self.release(mark);
        Ok(())
    }

    /// A register that holds the value: that of a local, or a new temporary.
    pub(super) fn expr_any(&mut self, value: &'a Expr) -> Result<u8> {
        if let Some(reg) = self.in_place(value)? {
            return Ok(reg);
        }
        let reg = self.temp()?;
        self.expr_to(value, reg)?;
        Ok(reg)
    }

    /// As `expr_any`, but puts a value that needs a register into `hint` if that is a temporary.
    pub(super) fn expr_hint(&mut self, value: &'a Expr, hint: u8) -> Result<u8> {
        if let Some(reg) = self.in_place(value)? {
            return Ok(reg);
        }
        let reg = self.scratch(hint)?;
        self.expr_to(value, reg)?;
        Ok(reg)
    }

    /// The register of a local that can be read where it is: not so in a scope where an
    /// expression may assign it before the value is used.
    fn in_place(&mut self, value: &'a Expr) -> Result<Option<u8>> {
        let (ExprKind::Name(name), Some(reg)) = (&value.kind, self.local_of(value)) else {
            return Ok(None);
        };
        if self.scope().walrus {
            return Ok(None);
        }
        self.check_local(*name, reg)?;
        Ok(Some(reg))
    }

    /// Computes for the effects only.
    pub(super) fn expr_discard(&mut self, value: &'a Expr) -> Result<()> {
        let mark = self.mark();
        if self.may_be_typed(value) {
            self.typed_discard(value)?;
        } else if !matches!(value.kind, ExprKind::Const(_)) {
            self.expr_any(value)?;
        }
        self.release(mark);
        Ok(())
    }

    /// A new temporary that holds `None`.
    pub(super) fn none(&mut self) -> Result<u8> {
        let reg = self.temp()?;
        self.emit(Op::LoadNone, reg, 0, 0);
        Ok(reg)
    }

    /// Waits for what a register holds.
    pub(super) fn await_value(&mut self, value: u8, dst: u8) -> Result<()> {
        let mark = self.mark();
        let iterator = self.temp()?;
        self.emit(Op::GetAwaitable, iterator, value, 0);
        let none = self.none()?;
        self.emit(Op::YieldFrom, dst, iterator, none);
        self.release(mark);
        Ok(())
    }

    fn if_else(&mut self, node: &'a IfElse, dst: u8) -> Result<()> {
        let (fail, end) = (self.unit.asm.label(), self.unit.asm.label());
        self.condition(&node.condition, false, fail)?;
        let before = self.unit.assigned;
        self.expr_to(&node.then, dst)?;
        self.unit.asm.jump(end);
        self.unit.asm.bind(fail);
        self.unit.assigned = before;
        self.expr_to(&node.otherwise, dst)?;
        self.unit.asm.bind(end);
        self.unit.assigned = before;
        Ok(())
    }

    fn logic(&mut self, is_or: bool, items: &'a [Expr], dst: u8) -> Result<()> {
        let end = self.unit.asm.label();
        let result = self.scratch(dst)?;
        let mut before = None;
        for (i, item) in items.iter().enumerate() {
            self.expr_to(item, result)?;
            if i + 1 < items.len() {
                let op = if is_or { Op::JTrue } else { Op::JFalse };
                self.unit.asm.branch(op, [result, 0, 0], end);
            }
            before.get_or_insert(self.unit.assigned);
        }
        self.unit.asm.bind(end);
        if let Some(state) = before {
            self.unit.assigned = state;
        }
        self.move_to(dst, result);
        Ok(())
    }

    fn compare(&mut self, first: &'a Expr, rest: &'a [(CompareOp, Expr)], dst: u8) -> Result<()> {
        if let [(op, operand)] = rest {
            let left = self.expr_hint(first, dst)?;
            let right = self.expr_any(operand)?;
            self.emit(compare_op(*op), dst, left, right);
            return Ok(());
        }
        let end = self.unit.asm.label();
        let result = self.temp()?;
        let slots = [self.temp()?, self.temp()?];
        let mut left = self.expr_hint(first, slots[0])?;
        let mut before = None;
        for (i, (op, operand)) in rest.iter().enumerate() {
            let right = self.expr_hint(operand, slots[(i + 1) % 2])?;
            self.emit(compare_op(*op), result, left, right);
            before.get_or_insert(self.unit.assigned);
            if i + 1 < rest.len() {
                self.unit.asm.branch(Op::JFalse, [result, 0, 0], end);
            }
            left = right;
        }
        self.unit.asm.bind(end);
        if let Some(state) = before {
            self.unit.assigned = state;
        }
        self.move_to(dst, result);
        Ok(())
    }

    fn binary(&mut self, first: &'a Expr, rest: &'a [(BinaryOp, Expr)], dst: u8) -> Result<()> {
        let partial = self.scratch(dst)?;
        let mut left = self.expr_hint(first, partial)?;
        for (i, (op, operand)) in rest.iter().enumerate() {
            let to = if i + 1 == rest.len() { dst } else { partial };
            let mark = self.mark();
            match (immediate_op(*op), Self::immediate(operand)) {
                (Some(op), Some(number)) => self.emit(op, to, left, number),
                _ => {
                    let right = self.expr_any(operand)?;
                    self.emit(binary_op(*op), to, left, right);
                }
            }
            self.release(mark);
            left = to;
        }
        Ok(())
    }

    fn slice(&mut self, parts: &'a [Option<Expr>; 3], dst: u8) -> Result<()> {
        let base = self.temps(3)?;
        for (reg, part) in (base..).zip(parts) {
            match part {
                Some(part) => self.expr_to(part, reg)?,
                None => self.emit(Op::LoadNone, reg, 0, 0),
            }
        }
        self.emit(Op::BuildSlice, dst, base, 0);
        Ok(())
    }

    /// An attribute named by the language, into `dst`.
    pub(super) fn load_attr(&mut self, dst: u8, object: u8, name: String) -> Result<()> {
        self.emit_name(Op::LoadAttr, dst, object, name)
    }

    /// Loads an empty string, as a format.
    pub(super) fn empty_string(&mut self, dst: u8) -> Result<()> {
        self.load_constant(&Const::Str(String::new()), dst)
    }
}

fn unary_op(op: UnaryOp) -> Op {
    match op {
        UnaryOp::Neg => Op::Neg,
        UnaryOp::Pos => Op::Pos,
        UnaryOp::Invert => Op::Invert,
    }
}

pub(super) fn compare_op(op: CompareOp) -> Op {
    match op {
        CompareOp::Lt => Op::Lt,
        CompareOp::Le => Op::Le,
        CompareOp::Gt => Op::Gt,
        CompareOp::Ge => Op::Ge,
        CompareOp::Eq => Op::Eq,
        CompareOp::Ne => Op::Ne,
        CompareOp::In => Op::In,
        CompareOp::NotIn => Op::NotIn,
        CompareOp::Is => Op::Is,
        CompareOp::IsNot => Op::IsNot,
    }
}

pub(super) fn binary_op(op: BinaryOp) -> Op {
    match op {
        BinaryOp::Add => Op::Add,
        BinaryOp::Sub => Op::Sub,
        BinaryOp::Mul => Op::Mul,
        BinaryOp::TrueDiv => Op::TrueDiv,
        BinaryOp::FloorDiv => Op::FloorDiv,
        BinaryOp::Mod => Op::Mod,
        BinaryOp::Pow => Op::Pow,
        BinaryOp::MatMul => Op::MatMul,
        BinaryOp::LShift => Op::LShift,
        BinaryOp::RShift => Op::RShift,
        BinaryOp::And => Op::And,
        BinaryOp::Or => Op::Or,
        BinaryOp::Xor => Op::Xor,
    }
}

fn immediate_op(op: BinaryOp) -> Option<Op> {
    Some(match op {
        BinaryOp::Add => Op::AddI,
        BinaryOp::Sub => Op::SubI,
        BinaryOp::Mul => Op::MulI,
        BinaryOp::FloorDiv => Op::FloorDivI,
        BinaryOp::Mod => Op::ModI,
        BinaryOp::LShift => Op::LShiftI,
        BinaryOp::RShift => Op::RShiftI,
        BinaryOp::And => Op::AndI,
        BinaryOp::Or => Op::OrI,
        BinaryOp::Xor => Op::XorI,
        _ => return None,
    })
}
