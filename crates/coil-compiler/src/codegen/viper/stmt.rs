//! Statements of viper functions that handle typed values.

use alloc::format;
use alloc::string::String;

use super::{Gen, Place, Type, Typed};
use crate::ast::{BinaryOp, CompareOp, Expr, ExprKind, Name, Trailer, TrailerKind};
use crate::bytecode::Op;
use crate::codegen::exit::{Block, Exit};
use crate::error::Result;

impl<'a> Gen<'a> {
    /// The register of a plain local, whatever its type.
    pub(super) fn local_register(&self, name: Name) -> Option<u8> {
        let id = self.scope().find(name)?;
        (id.kind == crate::scope::IdKind::Local).then_some(id.reg)
    }

    pub(in crate::codegen) fn typed_assign(
        &mut self,
        targets: &'a [Expr],
        value: &'a Expr,
    ) -> Result<()> {
        if let [Expr { kind: ExprKind::Tuple(names), .. }] = targets
            && let ExprKind::Tuple(values) = &value.kind
            && (2..=3).contains(&names.len())
            && names.len() == values.len()
            && !names.iter().chain(values).any(|item| matches!(item.kind, ExprKind::Star(_)))
        {
            self.set_line(value.line);
            let mut sources = [Typed { ty: Type::None, place: Place::Now(0) }; 3];
            for (source, value) in sources.iter_mut().zip(values) {
                *source = self.typed(value, None)?;
                if let Place::Reg(reg) = source.place {
                    let copy = self.temp()?;
                    self.move_to(copy, reg);
                    source.place = Place::Reg(copy);
                }
            }
            for (target, source) in names.iter().zip(sources) {
                self.store_typed(target, source)?;
            }
            return Ok(());
        }
        let hint = match targets {
            [Expr { kind: ExprKind::Name(name), .. }] => self.local_register(*name),
            _ => None,
        };
        let value = self.typed(value, hint)?;
        for target in targets {
            self.store_typed(target, value)?;
        }
        Ok(())
    }

    /// Stores a typed value into a target.
    pub(super) fn store_typed(&mut self, target: &'a Expr, value: Typed) -> Result<()> {
        let mark = self.mark();
        match &target.kind {
            ExprKind::Name(name) => {
                if let Some(reg) = self.local_register(*name) {
                    self.store_local(*name, reg, value)?;
                } else {
                    let object = self.converted(value)?;
                    self.store_name(*name, object)?;
                }
            }
            ExprKind::Chain(base, trailers) => {
                self.set_line(target.line);
                if let Some((last, before)) = trailers.split_last() {
                    let object = self.typed_object(base, before)?;
                    self.store_typed_trailer(object, last, value)?;
                }
            }
            _ => {
                let object = self.object(value)?;
                self.store(target, object)?;
            }
        }
        self.release(mark);
        Ok(())
    }

    fn converted(&mut self, value: Typed) -> Result<u8> {
        if value.ty == Type::Object {
            return self.native(value);
        }
        let reg = self.temp()?;
        self.converted_to(value, reg)?;
        Ok(reg)
    }

    /// The value of a target without its last trailer.
    fn typed_object(&mut self, base: &'a Expr, trailers: &'a [Trailer]) -> Result<Typed> {
        if trailers.is_empty() {
            return self.typed(base, None);
        }
        self.typed_chain(base, trailers, None)
    }

    fn store_typed_trailer(
        &mut self,
        base: Typed,
        trailer: &'a Trailer,
        value: Typed,
    ) -> Result<()> {
        match &trailer.kind {
            TrailerKind::Attr(name) => {
                let object = self.object(base)?;
                let value = self.converted(value)?;
                let text = self.spelling(*name);
                self.emit_name(Op::StoreAttr, object, value, text)
            }
            TrailerKind::Index(index) => {
                let index = self.typed(index, None)?;
                if base.ty != Type::Object {
                    return self.store_pointed(base, index, value);
                }
                let (a, b, c) = (self.object(base)?, self.object(index)?, self.object(value)?);
                self.emit(Op::StoreItem, a, b, c);
                Ok(())
            }
            TrailerKind::Call(_) => Ok(()),
        }
    }

    pub(in crate::codegen) fn typed_augmented(
        &mut self,
        target: &'a Expr,
        op: BinaryOp,
        value: &'a Expr,
    ) -> Result<()> {
        let ExprKind::Chain(base, trailers) = &target.kind else {
            let left = self.typed(target, None)?;
            let right = self.typed(value, None)?;
            let hint = match target.kind {
                ExprKind::Name(name) => self.local_register(name),
                _ => None,
            };
            let result = self.typed_binary(op, true, left, right, hint)?;
            return self.store_typed(target, result);
        };
        self.set_line(target.line);
        let Some((last, before)) = trailers.split_last() else { return Ok(()) };
        let base = self.typed_object(base, before)?;
        match &last.kind {
            TrailerKind::Attr(name) => {
                let object = self.object(base)?;
                let text = self.spelling(*name);
                let reg = self.temp()?;
                self.load_attr(reg, object, text.clone())?;
                let left = Typed { ty: Type::Object, place: Place::Reg(reg) };
                let right = self.typed(value, None)?;
                let result = self.typed_binary(op, true, left, right, None)?;
                let result = self.converted(result)?;
                self.emit_name(Op::StoreAttr, object, result, text)
            }
            TrailerKind::Index(index) => {
                let index = self.typed(index, None)?;
                if base.ty != Type::Object {
                    let left = self.load_pointed(base, index, None)?;
                    let right = self.typed(value, None)?;
                    let result = self.typed_binary(op, true, left, right, None)?;
                    return self.store_pointed(base, index, result);
                }
                let (object, index) = (self.native(base)?, self.object(index)?);
                let reg = self.temp()?;
                self.emit(Op::LoadItem, reg, object, index);
                let left = Typed { ty: Type::Object, place: Place::Reg(reg) };
                let right = self.typed(value, None)?;
                let result = self.typed_binary(op, true, left, right, None)?;
                let result = self.object(result)?;
                self.emit(Op::StoreItem, object, index, result);
                Ok(())
            }
            TrailerKind::Call(_) => Ok(()),
        }
    }

    pub(in crate::codegen) fn typed_return(&mut self, value: Option<&'a Expr>) -> Result<()> {
        let value = match value {
            Some(value) => self.typed(value, None)?,
            None => Typed { ty: Type::None, place: Place::Now(0) },
        };
        let reg = self.returned(value)?;
        self.exit(Exit::Return, Some(reg))
    }

    /// What the end of a function returns.
    pub(in crate::codegen) fn typed_return_none(&mut self) -> Result<()> {
        let mark = self.mark();
        let reg = self.returned(Typed { ty: Type::None, place: Place::Now(0) })?;
        self.emit(Op::Return, reg, 0, 0);
        self.release(mark);
        Ok(())
    }

    fn returned(&mut self, value: Typed) -> Result<u8> {
        let returns = self.unit.viper.as_ref().map_or(Type::Object, |v| v.returns);
        let reg = self.temp()?;
        if value.ty == Type::None {
            match returns {
                Type::Object => self.emit(Op::LoadNone, reg, 0, 0),
                ty => self.converted_to(Typed { ty, place: Place::Now(0) }, reg)?,
            }
            return Ok(reg);
        }
        if value.ty != returns {
            let (want, got) = (returns.name(), value.ty.name());
            self.type_error(format!("return expected '{want}' but got '{got}'"));
            return Ok(reg);
        }
        self.converted_to(value, reg)?;
        Ok(reg)
    }

    /// The register of what is raised.
    pub(in crate::codegen) fn typed_raised(&mut self, value: &'a Expr) -> Result<u8> {
        let value = self.typed(value, None)?;
        if value.ty != Type::Object {
            self.type_error(String::from("must raise an object"));
        }
        self.native(value)
    }

    /// A loop through the ints from `start` (zero if there is none) to `stop`.
    pub(in crate::codegen) fn typed_for_range(
        &mut self,
        target: Name,
        (start, stop, step): (Option<&'a Expr>, &'a Expr, i64),
        body: &'a [crate::ast::Stmt],
        otherwise: &'a [crate::ast::Stmt],
    ) -> Result<()> {
        let index = self.temps(3)?;
        let end = self.typed(stop, None)?;
        let begin = match start {
            Some(start) => self.typed(start, None)?,
            None => Typed { ty: Type::Int, place: Place::Now(0) },
        };
        self.native_to(end, index + 1)?;
        self.native_to(begin, index)?;
        self.number(step, index + 2)?;
        let at = |ty, reg| Typed { ty, place: Place::Reg(reg) };
        let (begin, end) = (at(begin.ty, index), at(end.ty, index + 1));
        let (on_break, on_continue) = self.push_loop();
        let top = self.unit.asm.label();
        let reachable = self.unit.asm.is_reachable();
        let before = self.unit.assigned;
        let line = self.line();
        self.unit.asm.jump(on_continue);
        self.round_starts(top, reachable);
        let own = self.local_register(target);
        let fused = begin.ty == Type::Int && end.ty == Type::Int;
        let item = match own {
            Some(reg) if fused => reg,
            _ => self.temp()?,
        };
        match own {
            Some(reg) => self.store_local(target, reg, at(begin.ty, item))?,
            None => {
                let object = self.converted(at(begin.ty, item))?;
                self.store_name(target, object)?;
            }
        }
        self.block(body)?;
        self.unit.asm.bind(on_continue);
        self.unit.assigned = before;
        let last = self.line();
        self.unit.asm.set_line(line);
        if fused {
            self.unit.asm.branch(Op::ForRange, [item, index, index + 2], top);
        } else {
            self.slow_range_step(begin, end, (index, item), step, top)?;
        }
        self.unit.asm.set_line(last);
        debug_assert!(matches!(self.unit.blocks.last(), Some(Block::Loop { .. })));
        self.finish_loop(on_break, otherwise)
    }

    fn slow_range_step(
        &mut self,
        begin: Typed,
        end: Typed,
        (index, item): (u8, u8),
        step: i64,
        top: crate::bytecode::asm::Label,
    ) -> Result<()> {
        // The item goes ahead of the index by a step.
        let done = self.unit.asm.label();
        let op = if step >= 0 { CompareOp::Lt } else { CompareOp::Gt };
        self.compare_jump_typed(op, begin, end, false, done)?;
        self.move_to(item, index);
        let by = Typed { ty: Type::Int, place: Place::Reg(index + 2) };
        self.typed_binary(BinaryOp::Add, true, begin, by, Some(index))?;
        self.unit.asm.jump(top);
        self.unit.asm.bind(done);
        Ok(())
    }
}
