//! Statements.

use alloc::vec::Vec;

use super::Parser;
use super::expr::{expr, starts_test};
use crate::ast::{
    Arg, BinaryOp, Except, Expr, ExprKind, For, Name, Stmt, StmtKind, TrailerKind, Try, With,
};
use crate::bytecode::Const;
use crate::error::{CompileError, Result};
use crate::lexer::Tok;

impl Parser {
    /// `stmt`; a simple one may be several.
    pub(super) fn statement(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        self.nested(|p| {
            let line = p.line();
            let kind = match p.tok() {
                Tok::If => p.if_statement()?,
                Tok::While => p.while_statement()?,
                Tok::For => p.for_statement(false)?,
                Tok::Try => p.try_statement()?,
                Tok::With => p.with_statement(false)?,
                Tok::Def => p.function(false, Vec::new())?,
                Tok::Class => p.class(Vec::new())?,
                Tok::At => {
                    let statement = p.decorated()?;
                    out.push(statement);
                    return Ok(());
                }
                Tok::Async => {
                    p.next()?;
                    match p.tok() {
                        Tok::For => p.for_statement(true)?,
                        Tok::With => p.with_statement(true)?,
                        _ => p.function(true, Vec::new())?,
                    }
                }
                _ => return p.simple_statements(out),
            };
            out.push(Stmt { line, kind });
            Ok(())
        })
    }

    fn simple_statements(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        loop {
            let line = self.line();
            let kind = self.small_statement()?;
            out.push(Stmt { line, kind });
            if !self.accept(Tok::Semicolon)? || self.tok() == Tok::Newline {
                break;
            }
        }
        self.expect(Tok::Newline)
    }

    fn small_statement(&mut self) -> Result<StmtKind> {
        let kind = match self.tok() {
            Tok::Pass => StmtKind::Pass,
            Tok::Break => StmtKind::Break,
            Tok::Continue => StmtKind::Continue,
            Tok::Del => {
                self.next()?;
                let targets = self.target_list()?;
                return Ok(StmtKind::Del(alloc::vec![targets]));
            }
            Tok::Return => {
                self.next()?;
                return Ok(StmtKind::Return(self.optional(Self::test_list)?));
            }
            Tok::Raise => return self.raise(),
            Tok::Yield => return Ok(StmtKind::Expr(self.yield_expr()?)),
            Tok::Import => return self.import(),
            Tok::From => return self.import_from(),
            Tok::Global => {
                self.next()?;
                return Ok(StmtKind::Global(self.name_list()?));
            }
            Tok::Nonlocal => {
                self.next()?;
                return Ok(StmtKind::Nonlocal(self.name_list()?));
            }
            Tok::Assert => {
                self.next()?;
                let condition = self.test()?;
                let message = if self.accept(Tok::Comma)? { Some(self.test()?) } else { None };
                return Ok(StmtKind::Assert(condition, message));
            }
            _ => return self.expression_statement(),
        };
        self.next()?;
        Ok(kind)
    }

    fn optional(&mut self, parse: fn(&mut Self) -> Result<Expr>) -> Result<Option<Expr>> {
        if starts_test(self.tok()) { parse(self).map(Some) } else { Ok(None) }
    }

    fn raise(&mut self) -> Result<StmtKind> {
        self.next()?;
        let Some(value) = self.optional(Self::test)? else {
            return Ok(StmtKind::Raise(None));
        };
        let cause = if self.accept(Tok::From)? { Some(self.test()?) } else { None };
        Ok(StmtKind::Raise(Some((value, cause))))
    }

    fn name_list(&mut self) -> Result<Vec<Name>> {
        let mut names = alloc::vec![self.name()?];
        while self.accept(Tok::Comma)? {
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// `dotted_name`
    pub(super) fn dotted_name(&mut self) -> Result<Vec<Name>> {
        let mut names = alloc::vec![self.name()?];
        while self.accept(Tok::Period)? {
            names.push(self.name()?);
        }
        Ok(names)
    }

    fn as_name(&mut self) -> Result<Option<Name>> {
        if self.accept(Tok::As)? { self.name().map(Some) } else { Ok(None) }
    }

    fn import(&mut self) -> Result<StmtKind> {
        self.next()?;
        let mut modules = Vec::new();
        loop {
            let path = self.dotted_name()?;
            modules.push((path, self.as_name()?));
            if !self.accept(Tok::Comma)? {
                return Ok(StmtKind::Import(modules));
            }
        }
    }

    fn import_from(&mut self) -> Result<StmtKind> {
        self.next()?;
        let mut level = 0u32;
        loop {
            match self.tok() {
                Tok::Period => level = level.saturating_add(1),
                Tok::Ellipsis => level = level.saturating_add(3),
                _ => break,
            }
            self.next()?;
        }
        let relative = level > 0 && self.tok() != Tok::Name;
        let module = if relative { Vec::new() } else { self.dotted_name()? };
        self.expect(Tok::Import)?;
        if self.accept(Tok::Star)? {
            return Ok(StmtKind::ImportFrom { level, module, names: Vec::new(), star: true });
        }
        let paren = self.accept(Tok::ParenOpen)?;
        let mut names = Vec::new();
        loop {
            let name = self.name()?;
            names.push((name, self.as_name()?));
            if !self.accept(Tok::Comma)? || self.tok() != Tok::Name {
                break;
            }
        }
        if paren {
            self.expect(Tok::ParenClose)?;
        }
        Ok(StmtKind::ImportFrom { level, module, names, star: false })
    }

    fn expression_statement(&mut self) -> Result<StmtKind> {
        let first = self.test_list_star()?;
        if self.accept(Tok::Colon)? {
            self.test()?;
            let value = if self.accept(Tok::Equal)? { Some(self.assigned()?) } else { None };
            return match value {
                Some(value) => self.constant(first, value, true),
                None => Ok(StmtKind::Annotated(first, None)),
            };
        }
        if let Some(op) = augmented(self.tok()) {
            self.next()?;
            let value = self.assigned()?;
            return Ok(StmtKind::Augmented(first, op, value));
        }
        if self.tok() != Tok::Equal {
            return Ok(StmtKind::Expr(first));
        }
        let mut targets = alloc::vec![first];
        loop {
            self.expect(Tok::Equal)?;
            let value = self.assigned()?;
            if self.tok() != Tok::Equal {
                return match targets.pop() {
                    Some(target) if targets.is_empty() => self.constant(target, value, false),
                    last => {
                        targets.extend(last);
                        Ok(StmtKind::Assign(targets, value))
                    }
                };
            }
            targets.push(value);
        }
    }

    fn assigned(&mut self) -> Result<Expr> {
        if self.tok() == Tok::Yield { self.yield_expr() } else { self.test_list_star() }
    }

    /// An assignment to one target, which may be `name = const(value)`.
    fn constant(&mut self, target: Expr, value: Expr, annotated: bool) -> Result<StmtKind> {
        let line = value.line;
        let value = match (&target.kind, value) {
            (ExprKind::Name(name), Expr { kind: ExprKind::Chain(base, trailers), .. })
                if self.is_const_call(&base, &trailers) =>
            {
                let name = *name;
                let value = match trailers.into_iter().next().map(|t| t.kind) {
                    Some(TrailerKind::Call(args)) => sole_constant(args),
                    _ => None,
                };
                let Some(value) = value else {
                    return Err(CompileError::syntax("not a constant", line));
                };
                self.constants.insert(name, value.clone());
                if self.spelling(name).starts_with('_') {
                    return Ok(StmtKind::Pass);
                }
                expr(0, ExprKind::Const(value))
            }
            (_, value) => value,
        };
        Ok(if annotated {
            StmtKind::Annotated(target, Some(value))
        } else {
            StmtKind::Assign(alloc::vec![target], value)
        })
    }

    fn is_const_call(&self, base: &Expr, trailers: &[crate::ast::Trailer]) -> bool {
        matches!(base.kind, ExprKind::Name(name) if self.spelling(name) == "const")
            && matches!(trailers, [t] if matches!(t.kind, TrailerKind::Call(_)))
    }

    /// `suite`, its colon included.
    pub(super) fn suite(&mut self) -> Result<Vec<Stmt>> {
        self.expect(Tok::Colon)?;
        let mut block = Vec::new();
        if !self.accept(Tok::Newline)? {
            self.simple_statements(&mut block)?;
            return Ok(block);
        }
        self.expect(Tok::Indent)?;
        loop {
            self.statement(&mut block)?;
            if self.accept(Tok::Dedent)? {
                return Ok(block);
            }
        }
    }

    fn else_suite(&mut self) -> Result<Vec<Stmt>> {
        if self.accept(Tok::Else)? { self.suite() } else { Ok(Vec::new()) }
    }

    fn if_statement(&mut self) -> Result<StmtKind> {
        let mut arms = Vec::new();
        loop {
            self.next()?;
            let condition = self.named()?;
            arms.push((condition, self.suite()?));
            if self.tok() != Tok::Elif {
                break;
            }
        }
        Ok(StmtKind::If(arms, self.else_suite()?))
    }

    fn while_statement(&mut self) -> Result<StmtKind> {
        self.next()?;
        let condition = self.named()?;
        let body = self.suite()?;
        Ok(StmtKind::While(condition, body, self.else_suite()?))
    }

    fn for_statement(&mut self, is_async: bool) -> Result<StmtKind> {
        self.next()?;
        let target = self.target_list()?;
        self.expect(Tok::In)?;
        let source = self.test_list()?;
        let body = self.suite()?;
        let otherwise = self.else_suite()?;
        Ok(StmtKind::For(For { is_async, target, source, body, otherwise }.into()))
    }

    fn try_statement(&mut self) -> Result<StmtKind> {
        self.next()?;
        let body = self.suite()?;
        let mut excepts = Vec::new();
        while self.tok() == Tok::Except {
            let line = self.line();
            self.next()?;
            let class = self.optional(Self::test)?;
            let name = if class.is_some() { self.as_name()? } else { None };
            let body = self.suite()?;
            excepts.push(Except { line, class, name, body });
        }
        let otherwise = if excepts.is_empty() { Vec::new() } else { self.else_suite()? };
        let finally = if self.accept(Tok::Finally)? { Some(self.suite()?) } else { None };
        if excepts.is_empty() && finally.is_none() {
            return Err(self.lexer.unexpected());
        }
        Ok(StmtKind::Try(Try { body, excepts, otherwise, finally }.into()))
    }

    fn with_statement(&mut self, is_async: bool) -> Result<StmtKind> {
        self.next()?;
        let mut items = Vec::new();
        loop {
            let context = self.test()?;
            let target = if self.accept(Tok::As)? { Some(self.bit_expr()?) } else { None };
            items.push((context, target));
            if !self.accept(Tok::Comma)? {
                break;
            }
        }
        let body = self.suite()?;
        Ok(StmtKind::With(With { is_async, items, body }.into()))
    }
}

fn sole_constant(args: Vec<Arg>) -> Option<Const> {
    let mut args = args.into_iter();
    match (args.next(), args.next()) {
        (Some(Arg::Plain(Expr { kind: ExprKind::Const(value), .. })), None) => Some(value),
        _ => None,
    }
}

fn augmented(tok: Tok) -> Option<BinaryOp> {
    Some(match tok {
        Tok::PlusEqual => BinaryOp::Add,
        Tok::MinusEqual => BinaryOp::Sub,
        Tok::StarEqual => BinaryOp::Mul,
        Tok::AtEqual => BinaryOp::MatMul,
        Tok::SlashEqual => BinaryOp::TrueDiv,
        Tok::PercentEqual => BinaryOp::Mod,
        Tok::AmpersandEqual => BinaryOp::And,
        Tok::PipeEqual => BinaryOp::Or,
        Tok::CaretEqual => BinaryOp::Xor,
        Tok::ShiftLeftEqual => BinaryOp::LShift,
        Tok::ShiftRightEqual => BinaryOp::RShift,
        Tok::DoubleStarEqual => BinaryOp::Pow,
        Tok::DoubleSlashEqual => BinaryOp::FloorDiv,
        _ => return None,
    })
}
