//! Statements.

use alloc::string::String;

use super::Gen;
use super::exit::Exit;
use crate::Mode;
use crate::ast::{Expr, ExprKind, Stmt, StmtKind};
use crate::bytecode::{Const, Op};
use crate::error::Result;

impl<'a> Gen<'a> {
    pub(super) fn block(&mut self, block: &'a [Stmt]) -> Result<()> {
        for statement in block {
            self.statement(statement)?;
            if self.viper_failed(statement.line, block.len() > 1) {
                break;
            }
        }
        Ok(())
    }

    fn statement(&mut self, statement: &'a Stmt) -> Result<()> {
        self.set_line(statement.line);
        if self.options.mark_lines && is_executable(statement) {
            self.mark_line(statement.line);
        }
        let mark = self.mark();
        match &statement.kind {
            StmtKind::Expr(value) => self.expr_statement(value)?,
            StmtKind::Assign(targets, value) => self.assign(targets, value)?,
            StmtKind::Annotated(target, Some(value)) => {
                self.assign(core::slice::from_ref(target), value)?;
            }
            StmtKind::Augmented(target, op, value) => self.augmented(target, *op, value)?,
            StmtKind::Del(targets) => targets.iter().try_for_each(|t| self.delete(t))?,
            StmtKind::Break => self.exit(Exit::Break, None)?,
            StmtKind::Continue => self.exit(Exit::Continue, None)?,
            StmtKind::Return(value) => self.return_statement(value.as_ref())?,
            StmtKind::Raise(raised) => match raised {
                None => self.bare_raise()?,
                Some((value, cause)) => self.raise(value, cause.as_ref())?,
            },
            StmtKind::Import(modules) => {
                for (path, alias) in modules {
                    self.import(path, *alias)?;
                }
            }
            StmtKind::ImportFrom { level, module, names, star } => {
                self.import_from(*level, module, names, *star)?;
            }
            StmtKind::Assert(condition, message) => self.assert(condition, message.as_ref())?,
            StmtKind::If(arms, otherwise) => self.if_statement(arms, otherwise)?,
            StmtKind::While(condition, body, otherwise) => {
                self.while_loop(condition, body, otherwise)?;
            }
            StmtKind::For(node) => self.for_loop(node)?,
            StmtKind::Try(node) => self.try_statement(node)?,
            StmtKind::With(node) => self.with(node, 0)?,
            StmtKind::Function(node) => self.function_statement(node)?,
            StmtKind::Class(node) => self.class_statement(node)?,
            StmtKind::Pass
            | StmtKind::Annotated(_, None)
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_) => {}
        }
        self.release(mark);
        Ok(())
    }

    fn mark_line(&mut self, line: u32) {
        // What is beyond is not counted; a board has no room for such a file.
        if let Ok(line) = u16::try_from(line) {
            self.unit.asm.emit_wide(Op::Line, 0, line);
        }
    }

    fn expr_statement(&mut self, value: &'a Expr) -> Result<()> {
        // The reference's parser leaves out what is a name for a value, but where it reads a single
        // statement: longer texts and other numbers are none.
        let is_dropped = self.options.mode == Mode::Paste
            && match value.constant() {
                Some(Const::Str(s)) => s.len() <= 10,
                Some(Const::None | Const::Bool(_) | Const::Ellipsis) => true,
                Some(Const::Int(i)) => (-(1 << 30)..1 << 30).contains(i),
                _ => false,
            };
        if !self.is_repl() || is_dropped {
            return self.expr_discard(value);
        }
        let reg = self.expr_any(value)?;
        self.emit(Op::PrintExpr, reg, 0, 0);
        Ok(())
    }

    fn return_statement(&mut self, value: Option<&'a Expr>) -> Result<()> {
        if self.is_viper() {
            return self.typed_return(value);
        }
        let reg = match value {
            None => self.none()?,
            Some(value) => {
                if let (ExprKind::IfElse(node), false) = (&value.kind, self.leaving_runs_code()) {
                    self.set_line(value.line);
                    let fail = self.unit.asm.label();
                    self.condition(&node.condition, false, fail)?;
                    let before = self.unit.assigned;
                    self.return_statement(Some(&node.then))?;
                    self.unit.asm.bind(fail);
                    self.unit.assigned = before;
                    return self.return_statement(Some(&node.otherwise));
                }
                if self.leaving_runs_code() {
                    let reg = self.temp()?;
                    self.expr_to(value, reg)?;
                    reg
                } else {
                    self.expr_any(value)?
                }
            }
        };
        self.exit(Exit::Return, Some(reg))
    }

    fn bare_raise(&mut self) -> Result<()> {
        self.native_lacks("native raise")?;
        match self.active_exception() {
            Some(reg) => self.emit(Op::Reraise, reg, 0, 0),
            None => self.emit(Op::RaiseNoActive, 0, 0, 0),
        }
        Ok(())
    }

    fn raise(&mut self, value: &'a Expr, cause: Option<&'a Expr>) -> Result<()> {
        if cause.is_some() {
            self.native_lacks("native raise")?;
        }
        let reg = if self.is_viper() { self.typed_raised(value)? } else { self.expr_any(value)? };
        match cause {
            None => self.emit(Op::Raise, reg, 0, 0),
            Some(cause) => {
                let cause = self.expr_any(cause)?;
                self.emit(Op::RaiseFrom, reg, cause, 0);
            }
        }
        Ok(())
    }

    fn assert(&mut self, condition: &'a Expr, message: Option<&'a Expr>) -> Result<()> {
        if self.options.opt_level != 0 {
            return Ok(());
        }
        let end = self.unit.asm.label();
        self.condition(condition, true, end)?;
        let before = self.unit.assigned;
        let window = self.temp()?;
        self.emit_name(Op::LoadGlobal, window, 0, String::from("AssertionError"))?;
        if let Some(message) = message {
            let reg = self.temp()?;
            self.expr_to(message, reg)?;
            self.unit.asm.emit_words(Op::Call, [window, 1, 0], &[u32::from(window)]);
        }
        self.emit(Op::Raise, window, 0, 0);
        self.unit.asm.bind(end);
        self.unit.assigned = before;
        Ok(())
    }

    fn if_statement(
        &mut self,
        arms: &'a [(Expr, alloc::vec::Vec<Stmt>)],
        otherwise: &'a [Stmt],
    ) -> Result<()> {
        let end = self.unit.asm.label();
        let mut after = super::RegSet::ALL;
        let mut rest = Some(otherwise);
        for (i, (condition, block)) in arms.iter().enumerate() {
            let truth = condition.truth();
            if truth == Some(false) {
                continue;
            }
            let next = self.unit.asm.label();
            self.condition(condition, false, next)?;
            let before = self.unit.assigned;
            self.block(block)?;
            after = after.and(self.state());
            if truth == Some(true) {
                // What follows cannot be reached, and may be wrong.
                rest = None;
                break;
            }
            let last = otherwise.is_empty() && i + 1 == arms.len();
            if !last {
                self.unit.asm.jump(end);
            }
            self.unit.asm.bind(next);
            self.unit.assigned = before;
        }
        if let Some(otherwise) = rest {
            self.block(otherwise)?;
            after = after.and(self.state());
        }
        self.unit.asm.bind(end);
        self.unit.assigned = after;
        Ok(())
    }
}

/// Whether a statement does something: declarations and documentation do not.
fn is_executable(statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::Expr(value) => value.constant().is_none(),
        StmtKind::Annotated(_, None) | StmtKind::Global(_) | StmtKind::Nonlocal(_) => false,
        _ => true,
    }
}
