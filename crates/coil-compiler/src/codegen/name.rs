//! Reading, storing and deleting variables.

use super::Gen;
use crate::ast::{Expr, ExprKind, Name};
use crate::bytecode::Op;
use crate::error::Result;
use crate::scope::IdKind;

impl Gen<'_> {
    /// Makes the cells that the unit's own variables need.
    pub(super) fn prologue(&mut self) {
        let scope = self.scope();
        for id in &scope.ids {
            match id.kind {
                IdKind::Cell if id.is_param => self.emit(Op::MakeCell, id.reg, 0, 0),
                IdKind::Cell => self.emit(Op::NewCell, id.reg, 0, 0),
                _ => {}
            }
            if id.is_param && !id.deleted {
                self.unit.assigned.insert(id.reg);
            }
        }
    }

    fn kind(&self, name: Name) -> (IdKind, u8) {
        self.scope().find(name).map_or((IdKind::Global, 0), |id| (id.kind, id.reg))
    }

    /// The register of a plain local that can be used in place.
    pub(super) fn local(&self, name: Name) -> Option<u8> {
        match self.kind(name) {
            (IdKind::Local, reg) if self.is_object_register(reg) => Some(reg),
            _ => None,
        }
    }

    /// The register of the plain local that an expression is.
    pub(super) fn local_of(&self, value: &Expr) -> Option<u8> {
        match value.kind {
            ExprKind::Name(name) => self.local(name),
            _ => None,
        }
    }

    /// Raises if a local may be unbound and is.
    pub(super) fn check_local(&mut self, name: Name, reg: u8) -> Result<()> {
        if self.unit.assigned.contains(reg) {
            return Ok(());
        }
        let text = self.spelling(name);
        let index = self.name_constant(text)?;
        self.unit.asm.emit_wide(Op::CheckLocal, reg, index);
        self.mark_assigned(name, reg);
        Ok(())
    }

    pub(super) fn load_name(&mut self, name: Name, dst: u8) -> Result<()> {
        let text = self.spelling(name);
        match self.kind(name) {
            (IdKind::Local, reg) => {
                if self.is_viper() {
                    return self.load_typed_local(name, reg, dst);
                }
                self.check_local(name, reg)?;
                self.move_to(dst, reg);
                Ok(())
            }
            (IdKind::Cell | IdKind::Free, reg) => self.emit_name(Op::LoadCell, dst, reg, text),
            (IdKind::GlobalImplicit | IdKind::GlobalAssigned, _) => {
                self.emit_name(Op::LoadName, dst, 0, text)
            }
            _ => self.emit_name(Op::LoadGlobal, dst, 0, text),
        }
    }

    pub(super) fn store_name(&mut self, name: Name, src: u8) -> Result<()> {
        let text = self.spelling(name);
        match self.kind(name) {
            (IdKind::Local, reg) => {
                if self.is_viper() {
                    return self.store_typed_local(name, reg, src);
                }
                self.move_to(reg, src);
                self.mark_assigned(name, reg);
                Ok(())
            }
            (IdKind::Cell | IdKind::Free, reg) => {
                self.emit(Op::StoreCell, reg, src, 0);
                Ok(())
            }
            (IdKind::GlobalImplicit | IdKind::GlobalAssigned, _) => {
                self.emit_name(Op::StoreName, src, 0, text)
            }
            _ => self.emit_name(Op::StoreGlobal, src, 0, text),
        }
    }

    /// Notes that a local now has a value. Those that some statement deletes are always checked,
    /// so that the notes hold around loops.
    pub(super) fn mark_assigned(&mut self, name: Name, reg: u8) {
        if self.scope().find(name).is_some_and(|id| !id.deleted) {
            self.unit.assigned.insert(reg);
        }
    }

    pub(super) fn delete_name(&mut self, name: Name) -> Result<()> {
        let text = self.spelling(name);
        match self.kind(name) {
            (IdKind::Local, reg) => {
                if self.is_native() {
                    return self.forget_local(name, reg);
                }
                self.check_local(name, reg)?;
                self.emit(Op::LoadNull, reg, 0, 0);
                Ok(())
            }
            (IdKind::Cell | IdKind::Free, reg) => self.emit_name(Op::DelCell, reg, 0, text),
            (IdKind::GlobalImplicit | IdKind::GlobalAssigned, _) => {
                self.emit_name(Op::DelName, 0, 0, text)
            }
            _ => self.emit_name(Op::DelGlobal, 0, 0, text),
        }
    }
}
