//! Assignments of all kinds, and `del`.

use super::Gen;
use crate::ast::{BinaryOp, Expr, ExprKind, Trailer, TrailerKind};
use crate::bytecode::{Const, Op};
use crate::error::Result;

impl<'a> Gen<'a> {
    pub(super) fn assign(&mut self, targets: &'a [Expr], value: &'a Expr) -> Result<()> {
        let mark = self.mark();
        if self.is_viper() {
            self.typed_assign(targets, value)?;
        } else if let [target] = targets {
            self.assign_one(target, value)?;
        } else {
            let reg = self.temp()?;
            self.expr_to(value, reg)?;
            for target in targets {
                self.store(target, reg)?;
            }
        }
        self.release(mark);
        Ok(())
    }

    fn assign_one(&mut self, target: &'a Expr, value: &'a Expr) -> Result<()> {
        if let (ExprKind::Name(name), Some(reg)) = (&target.kind, self.local_of(target)) {
            self.expr_to(value, reg)?;
            self.mark_assigned(*name, reg);
            return Ok(());
        }
        if let ExprKind::Tuple(targets) = &target.kind
            && !targets.iter().any(|t| matches!(t.kind, ExprKind::Star(_)))
            && self.has_room(targets.len())
        {
            match &value.kind {
                ExprKind::Tuple(values)
                    if values.len() == targets.len()
                        && !values.iter().any(|v| matches!(v.kind, ExprKind::Star(_))) =>
                {
                    self.set_line(value.line);
                    return self.parallel(targets, values);
                }
                ExprKind::Const(Const::Tuple(values)) if values.len() == targets.len() => {
                    for (target, value) in targets.iter().zip(values) {
                        self.store_constant(target, value)?;
                    }
                    return Ok(());
                }
                _ => {}
            }
        }
        let reg = self.expr_any(value)?;
        self.store(target, reg)
    }

    fn store_constant(&mut self, target: &'a Expr, value: &Const) -> Result<()> {
        if let (ExprKind::Name(name), Some(reg)) = (&target.kind, self.local_of(target)) {
            self.load_constant(value, reg)?;
            self.mark_assigned(*name, reg);
            return Ok(());
        }
        let mark = self.mark();
        let reg = self.temp()?;
        self.load_constant(value, reg)?;
        self.store(target, reg)?;
        self.release(mark);
        Ok(())
    }

    /// `a, b = c, d` without a tuple: all values first, then the stores from left to right.
    fn parallel(&mut self, targets: &'a [Expr], values: &'a [Expr]) -> Result<()> {
        let mut sources = alloc::vec::Vec::with_capacity(values.len());
        for (i, value) in values.iter().enumerate() {
            let source = match self.local_of(value) {
                Some(reg) if !self.is_stored_before(targets, i, reg) => self.expr_any(value)?,
                _ => {
                    let reg = self.temp()?;
                    self.expr_to(value, reg)?;
                    reg
                }
            };
            sources.push(source);
        }
        for (target, source) in targets.iter().zip(sources) {
            self.store(target, source)?;
        }
        Ok(())
    }

    /// Whether storing the targets before number `count` may change a local.
    fn is_stored_before(&self, targets: &[Expr], count: usize, reg: u8) -> bool {
        targets[..count].iter().any(|target| match &target.kind {
            ExprKind::Name(_) => self.local_of(target) == Some(reg),
            ExprKind::Chain(..) => false,
            _ => true,
        })
    }

    /// Stores a register into a target.
    pub(super) fn store(&mut self, target: &'a Expr, src: u8) -> Result<()> {
        let mark = self.mark();
        match &target.kind {
            ExprKind::Name(name) => self.store_name(*name, src)?,
            ExprKind::Chain(base, trailers) => {
                self.set_line(target.line);
                let Some((last, before)) = trailers.split_last() else {
                    return Ok(());
                };
                let object = self.chain_object(base, before)?;
                self.store_trailer(object, last, src)?;
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => self.unpack(items, src)?,
            ExprKind::Star(inner) => self.store(inner, src)?,
            _ => {}
        }
        self.release(mark);
        Ok(())
    }

    fn store_trailer(&mut self, object: u8, trailer: &'a Trailer, src: u8) -> Result<()> {
        match &trailer.kind {
            TrailerKind::Attr(name) => {
                let text = self.spelling(*name);
                self.emit_name(Op::StoreAttr, object, src, text)?;
            }
            TrailerKind::Index(index) => {
                if let Some(number) = Self::immediate(index) {
                    self.emit(Op::StoreItemI, object, number, src);
                } else {
                    let index = self.expr_any(index)?;
                    self.emit(Op::StoreItem, object, index, src);
                }
            }
            TrailerKind::Call(_) => {}
        }
        Ok(())
    }

    fn unpack(&mut self, items: &'a [Expr], src: u8) -> Result<()> {
        let star = items.iter().position(|item| matches!(item.kind, ExprKind::Star(_)));
        let byte = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let base = match self.consecutive(items, src) {
            Some(base) if star.is_none() => {
                self.emit(Op::UnpackSeq, base, src, byte(items.len()));
                for item in items {
                    if let (ExprKind::Name(name), Some(reg)) = (&item.kind, self.local_of(item)) {
                        self.mark_assigned(*name, reg);
                    }
                }
                return Ok(());
            }
            _ => self.temps(items.len())?,
        };
        match star {
            Some(before) => {
                let after = u32::try_from(items.len() - before - 1).unwrap_or(u32::MAX);
                self.unit.asm.emit_words(Op::UnpackEx, [base, src, byte(before)], &[after]);
            }
            None => {
                let base = if items.is_empty() { 0 } else { base };
                self.emit(Op::UnpackSeq, base, src, byte(items.len()));
            }
        }
        for (reg, item) in (base..).zip(items) {
            self.store(item, reg)?;
        }
        Ok(())
    }

    /// The first register if the targets are plain locals in a row that do not hold the source.
    fn consecutive(&self, items: &[Expr], src: u8) -> Option<u8> {
        let base = self.local_of(items.first()?)?;
        for (i, item) in items.iter().enumerate() {
            let reg = self.local_of(item)?;
            if usize::from(reg) != usize::from(base) + i || reg == src {
                return None;
            }
        }
        Some(base)
    }

    pub(super) fn augmented(
        &mut self,
        target: &'a Expr,
        op: BinaryOp,
        value: &'a Expr,
    ) -> Result<()> {
        let mark = self.mark();
        if self.is_viper() {
            self.typed_augmented(target, op, value)?;
            self.release(mark);
            return Ok(());
        }
        match &target.kind {
            ExprKind::Name(name) => {
                if let Some(reg) = self.local(*name) {
                    let left = self.expr_any(target)?;
                    self.in_place_op(op, reg, left, value)?;
                } else {
                    let reg = self.temp()?;
                    self.load_name(*name, reg)?;
                    self.in_place_op(op, reg, reg, value)?;
                    self.store_name(*name, reg)?;
                }
            }
            ExprKind::Chain(base, trailers) => {
                self.set_line(target.line);
                if let Some((last, before)) = trailers.split_last() {
                    let object = self.chain_object(base, before)?;
                    self.augmented_trailer(object, last, op, value)?;
                }
            }
            _ => {}
        }
        self.release(mark);
        Ok(())
    }

    fn augmented_trailer(
        &mut self,
        object: u8,
        trailer: &'a Trailer,
        op: BinaryOp,
        value: &'a Expr,
    ) -> Result<()> {
        match &trailer.kind {
            TrailerKind::Attr(name) => {
                let reg = self.temp()?;
                let text = self.spelling(*name);
                self.load_attr(reg, object, text.clone())?;
                self.in_place_op(op, reg, reg, value)?;
                self.emit_name(Op::StoreAttr, object, reg, text)?;
            }
            TrailerKind::Index(index) => {
                if let Some(number) = Self::immediate(index) {
                    let reg = self.temp()?;
                    self.emit(Op::LoadItemI, reg, object, number);
                    self.in_place_op(op, reg, reg, value)?;
                    self.emit(Op::StoreItemI, object, number, reg);
                } else {
                    let index = self.expr_any(index)?;
                    let reg = self.temp()?;
                    self.emit(Op::LoadItem, reg, object, index);
                    self.in_place_op(op, reg, reg, value)?;
                    self.emit(Op::StoreItem, object, index, reg);
                }
            }
            TrailerKind::Call(_) => {}
        }
        Ok(())
    }

    fn in_place_op(&mut self, op: BinaryOp, dst: u8, left: u8, value: &'a Expr) -> Result<()> {
        let mark = self.mark();
        match (op, Self::immediate(value)) {
            (BinaryOp::Add, Some(number)) => self.emit(Op::IAddI, dst, left, number),
            (BinaryOp::Sub, Some(number)) => self.emit(Op::ISubI, dst, left, number),
            _ => {
                let right = self.expr_any(value)?;
                self.emit(in_place(op), dst, left, right);
            }
        }
        self.release(mark);
        Ok(())
    }

    pub(super) fn delete(&mut self, target: &'a Expr) -> Result<()> {
        let mark = self.mark();
        match &target.kind {
            ExprKind::Name(name) => self.delete_name(*name)?,
            ExprKind::Tuple(items) => items.iter().try_for_each(|item| self.delete(item))?,
            ExprKind::Chain(base, trailers) => {
                self.set_line(target.line);
                if let Some((last, before)) = trailers.split_last() {
                    let object = self.chain_object(base, before)?;
                    match &last.kind {
                        TrailerKind::Attr(name) => {
                            let text = self.spelling(*name);
                            self.emit_name(Op::DelAttr, object, 0, text)?;
                        }
                        TrailerKind::Index(index) => {
                            let index = self.expr_any(index)?;
                            self.emit(Op::DelItem, object, index, 0);
                        }
                        TrailerKind::Call(_) => {}
                    }
                }
            }
            _ => {}
        }
        self.release(mark);
        Ok(())
    }
}

/// The opcode of an operation on objects.
pub(super) fn operator(op: BinaryOp, is_in_place: bool) -> Op {
    if is_in_place { in_place(op) } else { super::expr::binary_op(op) }
}

fn in_place(op: BinaryOp) -> Op {
    match op {
        BinaryOp::Add => Op::IAdd,
        BinaryOp::Sub => Op::ISub,
        BinaryOp::Mul => Op::IMul,
        BinaryOp::TrueDiv => Op::ITrueDiv,
        BinaryOp::FloorDiv => Op::IFloorDiv,
        BinaryOp::Mod => Op::IMod,
        BinaryOp::Pow => Op::IPow,
        BinaryOp::MatMul => Op::IMatMul,
        BinaryOp::LShift => Op::ILShift,
        BinaryOp::RShift => Op::IRShift,
        BinaryOp::And => Op::IAnd,
        BinaryOp::Or => Op::IOr,
        BinaryOp::Xor => Op::IXor,
    }
}
