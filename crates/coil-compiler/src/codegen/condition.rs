//! Conditions: jumps that compare.

use super::Gen;
use crate::ast::{CompareOp, Expr, ExprKind};
use crate::bytecode::asm::Label;
use crate::bytecode::{Const, Op};
use crate::error::Result;

impl<'a> Gen<'a> {
    /// Jumps to the label if the truth of the value is `sense`, else falls through.
    pub(super) fn condition(&mut self, value: &'a Expr, sense: bool, label: Label) -> Result<()> {
        if let Some(truth) = value.truth() {
            if truth == sense {
                self.unit.asm.jump(label);
            }
            return Ok(());
        }
        let mark = self.mark();
        if !matches!(value.kind, ExprKind::Name(_)) {
            self.set_line(value.line);
        }
        match &value.kind {
            ExprKind::Not(inner) => self.condition(inner, !sense, label)?,
            ExprKind::Logic(is_or, items) => self.logic_condition(*is_or, items, sense, label)?,
            ExprKind::Compare(first, rest) if !self.is_viper() => {
                self.compare_condition(first, rest, sense, label)?;
            }
            _ if self.may_be_typed(value) => self.typed_condition(value, sense, label)?,
            _ => {
                let reg = self.expr_any(value)?;
                let op = if sense { Op::JTrue } else { Op::JFalse };
                self.unit.asm.branch(op, [reg, 0, 0], label);
            }
        }
        self.release(mark);
        Ok(())
    }

    fn logic_condition(
        &mut self,
        is_or: bool,
        items: &'a [Expr],
        sense: bool,
        label: Label,
    ) -> Result<()> {
        let skip = self.unit.asm.label();
        let mut before = None;
        for (i, item) in items.iter().enumerate() {
            if is_or == sense || i + 1 == items.len() {
                self.condition(item, sense, label)?;
            } else {
                self.condition(item, !sense, skip)?;
            }
            before.get_or_insert(self.unit.assigned);
        }
        self.unit.asm.bind(skip);
        if let Some(state) = before {
            self.unit.assigned = state;
        }
        Ok(())
    }

    fn compare_condition(
        &mut self,
        first: &'a Expr,
        rest: &'a [(CompareOp, Expr)],
        sense: bool,
        label: Label,
    ) -> Result<()> {
        if let [(op, operand)] = rest {
            let left = self.expr_any(first)?;
            return self.compare_jump(*op, left, operand, sense, label);
        }
        let skip = self.unit.asm.label();
        let slots = [self.temp()?, self.temp()?];
        let mut left = self.expr_hint(first, slots[0])?;
        let mut before = None;
        for (i, (op, operand)) in rest.iter().enumerate() {
            let right = self.expr_hint(operand, slots[(i + 1) % 2])?;
            before.get_or_insert(self.unit.assigned);
            if sense && i + 1 == rest.len() {
                self.compare_registers(*op, left, right, true, label);
            } else if sense {
                self.compare_registers(*op, left, right, false, skip);
            } else {
                self.compare_registers(*op, left, right, false, label);
            }
            left = right;
        }
        self.unit.asm.bind(skip);
        if let Some(state) = before {
            self.unit.assigned = state;
        }
        Ok(())
    }

    fn compare_jump(
        &mut self,
        op: CompareOp,
        left: u8,
        operand: &'a Expr,
        sense: bool,
        label: Label,
    ) -> Result<()> {
        if matches!(operand.constant(), Some(Const::None)) {
            let sense = match op {
                CompareOp::Is => Some(sense),
                CompareOp::IsNot => Some(!sense),
                _ => None,
            };
            if let Some(sense) = sense {
                self.unit.asm.branch(Op::JNone, [left, u8::from(sense), 0], label);
                return Ok(());
            }
        }
        if let (Some(op), Some(number)) = (immediate_jump(op), Self::immediate(operand)) {
            self.unit.asm.branch(op, [left, number, u8::from(sense)], label);
            return Ok(());
        }
        let right = self.expr_any(operand)?;
        self.compare_registers(op, left, right, sense, label);
        Ok(())
    }

    pub(super) fn compare_registers(
        &mut self,
        op: CompareOp,
        left: u8,
        right: u8,
        sense: bool,
        to: Label,
    ) {
        let (op, sense) = match op {
            CompareOp::Lt => (Op::JLt, sense),
            CompareOp::Le => (Op::JLe, sense),
            CompareOp::Gt => (Op::JGt, sense),
            CompareOp::Ge => (Op::JGe, sense),
            CompareOp::Eq => (Op::JEq, sense),
            CompareOp::Ne => (Op::JNe, sense),
            CompareOp::Is => (Op::JIs, sense),
            CompareOp::IsNot => (Op::JIs, !sense),
            CompareOp::In => (Op::JIn, sense),
            CompareOp::NotIn => (Op::JIn, !sense),
        };
        self.unit.asm.branch(op, [left, right, u8::from(sense)], to);
    }
}

pub(super) fn immediate_jump(op: CompareOp) -> Option<Op> {
    Some(match op {
        CompareOp::Lt => Op::JLtI,
        CompareOp::Le => Op::JLeI,
        CompareOp::Gt => Op::JGtI,
        CompareOp::Ge => Op::JGeI,
        CompareOp::Eq => Op::JEqI,
        CompareOp::Ne => Op::JNeI,
        _ => return None,
    })
}
