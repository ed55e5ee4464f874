//! Functions, lambdas and classes.

use alloc::format;
use alloc::string::String;

use super::Gen;
use super::call::Callee;
use crate::ast::{Annotation, Body, Class, Decorator, Expr, Function, ParamKind, ScopeId};
use crate::bytecode::{CodeFlags, CodeUnit, Const, Op};
use crate::error::{CompileError, ErrorKind, Result};
use crate::scope::IdKind;

/// Bits of the second word of `MakeFunction`.
const DEFAULTS: u32 = 0x10000;
const KEYWORD_DEFAULTS: u32 = 0x20000;
const CELLS: u32 = 0x40000;

impl<'a> Gen<'a> {
    pub(super) fn lambda(&mut self, node: &'a Function, dst: u8) -> Result<()> {
        self.function(node, self.emitter(), dst)
    }

    /// The flags of the emitter that functions inherit from the one around them.
    pub(super) fn emitter(&self) -> u16 {
        self.unit.flags & (CodeFlags::NATIVE | CodeFlags::VIPER)
    }

    /// Viper functions may only name types the emitter knows.
    fn check_viper(&self, node: &Function) -> Result<()> {
        let params = node.params.iter().map(|param| param.annotation);
        for annotation in params.chain([node.returns]) {
            match annotation {
                Annotation::None => {}
                Annotation::Name(name) => {
                    let name = self.spelling(name);
                    if super::viper::Type::named(&name).is_none() {
                        let message = format!("unknown type '{name}'");
                        return Err(CompileError::new(ErrorKind::ViperType, message, node.line));
                    }
                }
                Annotation::Other(line) => {
                    let line = if line == 0 { node.line } else { line };
                    let message = "annotation must be an identifier";
                    return Err(CompileError::syntax(message, line));
                }
            }
        }
        Ok(())
    }

    fn function(&mut self, node: &'a Function, flags: u16, dst: u8) -> Result<()> {
        if flags & CodeFlags::VIPER != 0 {
            self.check_viper(node)?;
        }
        let mark = self.mark();
        let flags = flags | if node.is_async { CodeFlags::ASYNC } else { 0 };
        let base = self.temps(3)?;
        let mut word = if self.positional_defaults(node, base)? { DEFAULTS } else { 0 };
        word |= if self.keyword_defaults(node, base + 1)? { KEYWORD_DEFAULTS } else { 0 };
        let unit = self.nested(node.scope.0 as usize, flags, |g| {
            g.viper_entry(node)?;
            g.function_body(node)?;
            g.viper_exit(node.line)
        })?;
        self.make_function_at(unit, node.scope, word, base, dst)?;
        self.release(mark);
        Ok(())
    }

    fn function_body(&mut self, node: &'a Function) -> Result<()> {
        match &node.body {
            Body::Block(block) => {
                self.block(block)?;
                self.return_none()
            }
            Body::Expr(value) => {
                self.set_line(node.line);
                if self.scope().generator {
                    self.expr_discard(value)?;
                    return self.return_none();
                }
                if self.is_viper() {
                    return self.typed_return(Some(value));
                }
                let reg = self.expr_any(value)?;
                self.emit(Op::Return, reg, 0, 0);
                Ok(())
            }
        }
    }

    fn positional_defaults(&mut self, node: &'a Function, dst: u8) -> Result<bool> {
        let before_star = node.params.iter().take_while(|p| !matches!(p.kind, ParamKind::Star(_)));
        let values = before_star.filter_map(|param| match &param.kind {
            ParamKind::Plain { default, .. } => default.as_ref(),
            _ => None,
        });
        let values: alloc::vec::Vec<&'a Expr> = values.collect();
        if values.is_empty() {
            return Ok(false);
        }
        let mark = self.mark();
        if self.has_room(values.len()) {
            let first = self.temps(values.len())?;
            for (reg, value) in (first..).zip(&values) {
                self.expr_to(value, reg)?;
            }
            let count = u8::try_from(values.len()).unwrap_or(u8::MAX);
            self.emit(Op::BuildTuple, dst, first, count);
        } else {
            let list = self.temp()?;
            self.emit(Op::BuildList, list, 0, 0);
            for value in values {
                let mark = self.mark();
                let reg = self.expr_any(value)?;
                self.emit(Op::ListAppend, list, reg, 0);
                self.release(mark);
            }
            self.emit(Op::ListToTuple, dst, list, 0);
        }
        self.release(mark);
        Ok(true)
    }

    fn keyword_defaults(&mut self, node: &'a Function, dst: u8) -> Result<bool> {
        let mut any = false;
        let after_star = node.params.iter().skip_while(|p| !matches!(p.kind, ParamKind::Star(_)));
        for param in after_star {
            let ParamKind::Plain { name, default: Some(value), .. } = &param.kind else {
                continue;
            };
            if !any {
                self.unit.asm.emit_wide(Op::BuildMap, dst, 1);
                any = true;
            }
            let mark = self.mark();
            let value = self.expr_any(value)?;
            let key = self.temp()?;
            self.load_name_constant(*name, key)?;
            self.emit(Op::StoreMap, dst, key, value);
            self.release(mark);
        }
        Ok(any)
    }

    /// A function of this code without defaults.
    pub(super) fn make_function(&mut self, unit: CodeUnit, scope: ScopeId, dst: u8) -> Result<()> {
        let mark = self.mark();
        let base = self.temps(3)?;
        self.make_function_at(unit, scope, 0, base, dst)?;
        self.release(mark);
        Ok(())
    }

    /// A function of this code; `base` starts the registers of what the bits of `word` say.
    fn make_function_at(
        &mut self,
        unit: CodeUnit,
        scope: ScopeId,
        mut word: u32,
        base: u8,
        dst: u8,
    ) -> Result<()> {
        let free = &self.scopes.scopes[scope.0 as usize].free;
        if !free.is_empty() {
            word |= CELLS;
            let mark = self.mark();
            let first = self.temps(free.len())?;
            for (reg, name) in (first..).zip(free) {
                let cell = self.scope().find(*name).map_or(0, |id| id.reg);
                self.emit(Op::Move, reg, cell, 0);
            }
            let count = u8::try_from(free.len()).unwrap_or(u8::MAX);
            self.emit(Op::BuildTuple, base + 2, first, count);
            self.release(mark);
        }
        let code = self.code_constant(unit)?;
        self.unit.asm.emit_words(Op::MakeFunction, [dst, base, 0], &[word | u32::from(code)]);
        Ok(())
    }

    /// Evaluates the decorators that are not the compiler's own; the flags of those that are.
    fn decorators(&mut self, decorators: &'a [Decorator]) -> Result<(alloc::vec::Vec<u8>, u16)> {
        let mut windows = alloc::vec::Vec::new();
        let mut flags = self.emitter();
        for decorator in decorators {
            if self.spelling(decorator.path[0]) == "micropython" {
                flags = self.own_decorator(decorator)?;
                continue;
            }
            let window = self.temp()?;
            self.load_name(decorator.path[0], window)?;
            for name in &decorator.path[1..] {
                let text = self.spelling(*name);
                self.load_attr(window, window, text)?;
            }
            if let Some(args) = &decorator.args {
                let mark = self.mark();
                let callee = self.temp()?;
                self.move_to(callee, window);
                self.set_line(decorator.line);
                self.call(Callee::Plain(callee), args, window)?;
                self.release(mark);
            }
            windows.push(window);
        }
        Ok((windows, flags))
    }

    fn own_decorator(&self, decorator: &Decorator) -> Result<u16> {
        let kind = match decorator.path.as_slice() {
            [_, kind] => self.spelling(*kind),
            _ => String::new(),
        };
        match kind.as_str() {
            "bytecode" => Ok(0),
            "native" => Ok(CodeFlags::NATIVE),
            "viper" => Ok(CodeFlags::VIPER),
            _ => Err(CompileError::syntax("invalid micropython decorator", self.line())),
        }
    }

    /// Calls decorators, innermost first. They took registers in a row before the decorated
    /// object, so that each one's result is the argument of the one before it. Gives back where
    /// the last result is.
    fn apply_decorators(&mut self, windows: &[u8], object: u8) -> u8 {
        for &window in windows.iter().rev() {
            self.unit.asm.emit_words(Op::Call, [window, 1, 0], &[u32::from(window)]);
        }
        windows.first().copied().unwrap_or(object)
    }

    pub(super) fn function_statement(&mut self, node: &'a Function) -> Result<()> {
        let mark = self.mark();
        let (windows, flags) = self.decorators(&node.decorators)?;
        if let (true, Some(reg)) = (windows.is_empty(), self.local(node.name)) {
            self.function(node, flags, reg)?;
            self.mark_assigned(node.name, reg);
            return Ok(());
        }
        let function = self.temp()?;
        self.function(node, flags, function)?;
        let result = self.apply_decorators(&windows, function);
        self.store_name(node.name, result)?;
        self.release(mark);
        Ok(())
    }

    pub(super) fn class_statement(&mut self, node: &'a Class) -> Result<()> {
        let mark = self.mark();
        let (windows, flags) = self.decorators(&node.decorators)?;
        let window = self.temps(3)?;
        self.emit(Op::LoadBuildClass, window, 0, 0);
        let scope = node.scope.0 as usize;
        let unit = self.nested(scope, CodeFlags::NAMES | flags, |g| g.class_body(node))?;
        self.make_function(unit, node.scope, window + 1)?;
        let name = Const::Name(self.spelling(node.name));
        self.load_constant(&name, window + 2)?;
        self.call_with(Callee::Plain(window), &[window + 1, window + 2], &node.args, window)?;
        let result = self.apply_decorators(&windows, window);
        self.store_name(node.name, result)?;
        self.release(mark);
        Ok(())
    }

    fn class_body(&mut self, node: &'a Class) -> Result<()> {
        let mark = self.mark();
        let reg = self.temp()?;
        self.emit_name(Op::LoadName, reg, 0, String::from("__name__"))?;
        self.emit_name(Op::StoreName, reg, 0, String::from("__module__"))?;
        self.load_name_constant(node.name, reg)?;
        self.emit_name(Op::StoreName, reg, 0, String::from("__qualname__"))?;
        self.release(mark);
        self.block(&node.body)?;
        match self.scope().find(self.scopes.well_known.class_cell) {
            Some(id) if id.kind == IdKind::Cell => {
                self.emit(Op::Return, id.reg, 0, 0);
                Ok(())
            }
            _ => self.return_none(),
        }
    }
}
