//! The syntax tree to bytecode.
//!
//! Owns registers, control flow and the choice of instructions; must not know the text. Locals
//! live in the lowest registers and are read in place; temporaries are a stack above them.

mod assign;
mod call;
mod chain;
mod comprehension;
mod condition;
mod display;
mod exit;
mod expr;
mod function;
mod import;
mod loops;
mod name;
mod stmt;
mod try_;
mod viper;
mod with;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::ast::{Body, Name, Tree};
use crate::bytecode::asm::{Assembler, JumpTooFar, TableFull};
use crate::bytecode::{CodeFlags, CodeUnit, Const, Local, Op};
use crate::error::{CompileError, ErrorKind, Result};
use crate::scope::{Id, IdKind, Scope, ScopeKind, Scopes, block_name};
use crate::{Mode, Options};

use exit::Block;
use viper::Viper;

/// A set of registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RegSet([u64; 4]);

impl RegSet {
    const ALL: Self = Self([u64::MAX; 4]);

    fn insert(&mut self, reg: u8) {
        self.0[usize::from(reg >> 6)] |= 1 << (reg & 63);
    }

    fn contains(&self, reg: u8) -> bool {
        self.0[usize::from(reg >> 6)] & (1 << (reg & 63)) != 0
    }

    fn and(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] & other.0[i]))
    }
}

/// The code object being made.
#[derive(Debug)]
struct Unit {
    scope: usize,
    asm: Assembler,
    /// First free register.
    next: u8,
    /// Most registers in use so far.
    high: u8,
    /// Locals that surely have a value.
    assigned: RegSet,
    blocks: Vec<Block>,
    flags: u16,
    /// What is known of a viper function.
    viper: Option<Viper>,
}

/// The generator: the tree, what is known about it, and the unit at hand.
#[derive(Debug)]
struct Gen<'a> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    options: &'a Options,
    unit: Unit,
}

/// Makes the code unit of a tree.
pub(crate) fn generate(tree: &Tree, scopes: &Scopes, options: &Options) -> Result<CodeUnit> {
    let unit = Unit::new(scopes, 0, 0);
    let mut g = Gen { tree, scopes, options, unit };
    let result = g.module(&tree.body);
    result.map_err(|mut error| {
        if error.block.is_none() {
            error.block = Some(block_name(tree, g.scope()));
        }
        error
    })?;
    g.finish()
}

impl Unit {
    fn new(scopes: &Scopes, scope: usize, flags: u16) -> Self {
        let registers = scopes.scopes[scope].registers;
        Self {
            scope,
            asm: Assembler::new(),
            next: registers,
            high: registers,
            assigned: RegSet::default(),
            blocks: Vec::new(),
            flags,
            viper: Viper::new(&scopes.scopes[scope], flags),
        }
    }
}

impl<'a> Gen<'a> {
    fn module(&mut self, body: &'a Body) -> Result<()> {
        self.unit.flags |= CodeFlags::NAMES;
        self.prologue();
        match body {
            Body::Block(block) => {
                self.block(block)?;
                self.return_none()
            }
            Body::Expr(value) => {
                let reg = self.expr_any(value)?;
                self.emit(Op::Return, reg, 0, 0);
                Ok(())
            }
        }
    }

    fn return_none(&mut self) -> Result<()> {
        if self.unit.asm.is_reachable() {
            if self.is_viper() {
                return self.typed_return_none();
            }
            let mark = self.mark();
            let reg = self.temp()?;
            self.emit(Op::LoadNone, reg, 0, 0);
            self.emit(Op::Return, reg, 0, 0);
            self.release(mark);
        }
        Ok(())
    }

    /// The unit at hand, finished.
    fn finish(&mut self) -> Result<CodeUnit> {
        let empty = Unit::new(self.scopes, 0, 0);
        let unit = core::mem::replace(&mut self.unit, empty);
        let scope = &self.scopes.scopes[unit.scope];
        let assembled = unit
            .asm
            .finish()
            .map_err(|JumpTooFar| CompileError::new(ErrorKind::Overflow, "bytecode overflow", 0))?;
        let byte = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let mut flags = unit.flags;
        flags |= if scope.star.is_some() { CodeFlags::VARARGS } else { 0 };
        flags |= if scope.double_star.is_some() { CodeFlags::VARKEYWORDS } else { 0 };
        flags |= if scope.generator { CodeFlags::GENERATOR } else { 0 };
        Ok(CodeUnit {
            name: block_name(self.tree, scope),
            code: assembled.code,
            consts: assembled.consts,
            params: scope.params.iter().map(|name| self.spelling(*name)).collect(),
            positional: byte(scope.params.len() - scope.keyword_only),
            keyword_only: byte(scope.keyword_only),
            free: byte(scope.free.len()),
            registers: unit.high.max(1),
            flags: CodeFlags(flags),
            handlers: assembled.handlers,
            lines: if self.options.opt_level >= 3 { Vec::new() } else { assembled.lines },
            locals: if self.options.keep_locals { self.locals(scope, flags) } else { Vec::new() },
        })
    }

    /// The locals of a finished unit. In typed code registers do not hold objects.
    fn locals(&self, scope: &Scope, flags: u16) -> Vec<Local> {
        let is_local = |id: &&Id| matches!(id.kind, IdKind::Local | IdKind::Cell | IdKind::Free);
        let ids = scope.ids.iter().filter(is_local);
        let local = |id: &Id| Local { name: self.spelling(id.name), reg: id.reg };
        if CodeFlags(flags).has(CodeFlags::VIPER) { Vec::new() } else { ids.map(local).collect() }
    }

    /// Runs `body` with a fresh unit for a scope and gives back that unit, finished.
    fn nested(
        &mut self,
        scope: usize,
        flags: u16,
        body: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<CodeUnit> {
        let fresh = Unit::new(self.scopes, scope, flags);
        let outer = core::mem::replace(&mut self.unit, fresh);
        self.prologue();
        let result = body(self).and_then(|()| self.finish()).map_err(|mut error| {
            if error.block.is_none() {
                error.block = Some(block_name(self.tree, &self.scopes.scopes[scope]));
            }
            error
        });
        self.unit = outer;
        result
    }

    fn scope(&self) -> &'a Scope {
        &self.scopes.scopes[self.unit.scope]
    }

    fn spelling(&self, name: Name) -> String {
        self.tree.names.get(name.0 as usize).cloned().unwrap_or_else(|| {
            String::from(if name == self.scopes.well_known.class_cell { "__class__" } else { "" })
        })
    }

    fn is_repl(&self) -> bool {
        matches!(self.options.mode, Mode::Single | Mode::Paste)
            && self.scope().kind == ScopeKind::Module
    }

    // Lines.

    /// Lines only go forward within a unit, as in the reference.
    fn set_line(&mut self, line: u32) {
        if line > self.unit.asm.line() {
            self.unit.asm.set_line(line);
        }
    }

    fn line(&self) -> u32 {
        self.unit.asm.line()
    }

    // Registers.

    fn mark(&self) -> u8 {
        self.unit.next
    }

    fn release(&mut self, mark: u8) {
        self.unit.next = mark;
    }

    fn temp(&mut self) -> Result<u8> {
        self.temps(1)
    }

    /// That many registers in a row: the first of them.
    fn temps(&mut self, count: usize) -> Result<u8> {
        let first = self.unit.next;
        let end = usize::from(first) + count;
        match u8::try_from(end) {
            Ok(end) => {
                self.unit.next = end;
                self.unit.high = self.unit.high.max(end);
                Ok(first)
            }
            Err(_) => Err(CompileError::syntax("too many locals", self.line())),
        }
    }

    /// Whether that many more registers leave some for the expressions within.
    fn has_room(&self, count: usize) -> bool {
        count <= 128 && usize::from(self.unit.next) + count < 224
    }

    /// Whether the register belongs to a variable, so that it must not hold partial results.
    fn is_variable(&self, reg: u8) -> bool {
        reg < self.scope().registers
    }

    /// A register for partial results on the way to `dst`.
    fn scratch(&mut self, dst: u8) -> Result<u8> {
        if self.is_variable(dst) { self.temp() } else { Ok(dst) }
    }

    fn move_to(&mut self, dst: u8, src: u8) {
        if dst != src {
            self.emit(Op::Move, dst, src, 0);
        }
    }

    // Instructions.

    fn emit(&mut self, op: Op, a: u8, b: u8, c: u8) {
        self.unit.asm.emit(op, a, b, c);
    }

    fn constant(&mut self, value: Const) -> Result<u16> {
        let line = self.line();
        self.unit.asm.constant(value).map_err(|TableFull| table_full(line))
    }

    fn name_constant(&mut self, text: String) -> Result<u16> {
        self.constant(Const::Name(text))
    }

    /// An instruction with a name in its second word.
    fn emit_name(&mut self, op: Op, a: u8, b: u8, name: String) -> Result<()> {
        let name = self.name_constant(name)?;
        self.unit.asm.emit_words(op, [a, b, 0], &[u32::from(name)]);
        Ok(())
    }

    fn load_constant(&mut self, value: &Const, dst: u8) -> Result<()> {
        match value {
            Const::None => self.emit(Op::LoadNone, dst, 0, 0),
            Const::Bool(true) => self.emit(Op::LoadTrue, dst, 0, 0),
            Const::Bool(false) => self.emit(Op::LoadFalse, dst, 0, 0),
            Const::Int(i) if i16::try_from(*i).is_ok() => {
                self.unit.asm.emit_wide(Op::LoadInt, dst, *i as i16 as u16);
            }
            other => {
                let index = self.constant(other.clone())?;
                self.unit.asm.emit_wide(Op::LoadConst, dst, index);
            }
        }
        Ok(())
    }

    fn load_name_constant(&mut self, name: Name, dst: u8) -> Result<()> {
        let text = self.spelling(name);
        let index = self.name_constant(text)?;
        self.unit.asm.emit_wide(Op::LoadConst, dst, index);
        Ok(())
    }

    fn code_constant(&mut self, unit: CodeUnit) -> Result<u16> {
        self.constant(Const::Code(Box::new(unit)))
    }

    /// A small constant on the right of an operator.
    fn immediate(value: &crate::ast::Expr) -> Option<u8> {
        match value.constant() {
            Some(Const::Int(i)) => u8::try_from(*i).ok(),
            _ => None,
        }
    }

    // What is surely assigned.

    /// The state at the end of a path, neutral if the end cannot be reached.
    fn state(&self) -> RegSet {
        if self.unit.asm.is_reachable() { self.unit.assigned } else { RegSet::ALL }
    }
}

fn table_full(line: u32) -> CompileError {
    CompileError::new(ErrorKind::Memory, "code too large", line)
}
