//! Atoms, their trailers, displays and comprehensions.

mod string;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::expr::{expr, starts_test};
use super::{Parser, fold};
use crate::ast::{
    Arg, Clause, Comprehension, ComprehensionKind, Expr, ExprKind, Trailer, TrailerKind,
};
use crate::bytecode::Const;
use crate::error::{CompileError, Result};
use crate::lexer::{Number, Piece, Tok, parse_float, parse_integer};

impl Parser {
    /// `atom_expr`
    pub(super) fn atom_expr(&mut self) -> Result<Expr> {
        let line = self.line();
        if self.accept(Tok::Await)? {
            let value = self.atom_with_trailers()?;
            return Ok(expr(line, ExprKind::Await(Box::new(value))));
        }
        self.atom_with_trailers()
    }

    fn atom_with_trailers(&mut self) -> Result<Expr> {
        let line = self.line();
        let base = self.atom()?;
        let mut trailers = Vec::new();
        while let Some(trailer) = self.trailer()? {
            trailers.push(trailer);
        }
        if trailers.is_empty() {
            return Ok(base);
        }
        if let ([Trailer { kind: TrailerKind::Attr(attr), .. }], ExprKind::Name(module)) =
            (trailers.as_slice(), &base.kind)
            && !(self.settings.foreign_errno && self.spelling(*module) == "errno")
            && let Some(value) =
                super::modules::constant(self.spelling(*module), self.spelling(*attr))
        {
            return Ok(expr(0, ExprKind::Const(value)));
        }
        Ok(expr(line, ExprKind::Chain(Box::new(base), trailers)))
    }

    fn trailer(&mut self) -> Result<Option<Trailer>> {
        let line = self.line();
        let kind = match self.tok() {
            Tok::ParenOpen => TrailerKind::Call(self.call_args()?),
            Tok::BracketOpen => {
                self.next()?;
                let index = self.subscripts()?;
                self.expect(Tok::BracketClose)?;
                TrailerKind::Index(index)
            }
            Tok::Period => {
                self.next()?;
                TrailerKind::Attr(self.name()?)
            }
            _ => return Ok(None),
        };
        Ok(Some(Trailer { line, kind }))
    }

    /// Arguments in parentheses.
    pub(super) fn call_args(&mut self) -> Result<Vec<Arg>> {
        self.expect(Tok::ParenOpen)?;
        let mut args = Vec::new();
        while self.tok() != Tok::ParenClose {
            args.push(self.argument()?);
            if !self.accept(Tok::Comma)? {
                break;
            }
        }
        self.expect(Tok::ParenClose)?;
        Ok(args)
    }

    fn argument(&mut self) -> Result<Arg> {
        if self.accept(Tok::Star)? {
            return Ok(Arg::Star(self.test()?));
        }
        if self.accept(Tok::DoubleStar)? {
            return Ok(Arg::DoubleStar(self.test()?));
        }
        let line = self.line();
        let value = self.test()?;
        match self.tok() {
            Tok::For => {
                let kind = ComprehensionKind::Generator;
                Ok(Arg::Bare(self.comprehension(line, kind, None, value)?))
            }
            Tok::Equal => {
                self.next()?;
                let assigned = self.test()?;
                let name = expr(line, value.kind);
                Ok(Arg::Keyword(name, assigned))
            }
            Tok::Walrus => {
                self.next()?;
                let assigned = self.test()?;
                let kind = ExprKind::Walrus(Box::new(value), Box::new(assigned));
                Ok(Arg::Bare(expr(line, kind)))
            }
            _ => Ok(Arg::Plain(value)),
        }
    }

    fn subscripts(&mut self) -> Result<Expr> {
        self.comma_list(Self::subscript, |t| t == Tok::Colon || starts_test(t))
    }

    fn subscript(&mut self) -> Result<Expr> {
        let line = self.line();
        let start = if self.tok() == Tok::Colon { None } else { Some(self.test()?) };
        if self.tok() != Tok::Colon {
            return match start {
                Some(index) => Ok(index),
                None => Err(self.lexer.unexpected()),
            };
        }
        self.next()?;
        let stop = self.optional_test()?;
        let step = if self.accept(Tok::Colon)? { self.optional_test()? } else { None };
        Ok(expr(line, ExprKind::Slice(Box::new([start, stop, step]))))
    }

    fn optional_test(&mut self) -> Result<Option<Expr>> {
        if starts_test(self.tok()) { self.test().map(Some) } else { Ok(None) }
    }

    fn atom(&mut self) -> Result<Expr> {
        let line = self.line();
        let kind = match self.tok() {
            Tok::Name => {
                let name = self.name()?;
                return Ok(match self.constants.get(&name) {
                    Some(value) => expr(0, ExprKind::Const(value.clone())),
                    None => expr(line, ExprKind::Name(name)),
                });
            }
            Tok::Integer => return self.number(parse_integer),
            Tok::FloatOrImag => {
                let read = self.settings.read_float;
                return self.number(|text| parse_float(text, read));
            }
            Tok::Str => return self.string(),
            Tok::Template => return self.template(),
            Tok::Bytes => {
                let pieces = core::mem::take(&mut self.lexer.pieces);
                let bytes = match pieces.into_iter().next() {
                    Some(Piece::Text(bytes)) => bytes,
                    _ => Vec::new(),
                };
                self.next()?;
                return Ok(expr(line, ExprKind::Const(Const::Bytes(bytes))));
            }
            Tok::ParenOpen => return self.paren(),
            Tok::BracketOpen => return self.bracket(),
            Tok::BraceOpen => return self.brace(),
            Tok::Ellipsis => Const::Ellipsis,
            Tok::None => Const::None,
            Tok::True => Const::Bool(true),
            Tok::False => Const::Bool(false),
            _ => return Err(self.lexer.unexpected()),
        };
        self.next()?;
        Ok(expr(0, ExprKind::Const(kind)))
    }

    fn number(&mut self, parse: impl Fn(&str) -> Number) -> Result<Expr> {
        let line = self.line();
        let value = parse(&self.lexer.text).map_err(|m| CompileError::syntax(m, line))?;
        let marked = if matches!(value, Const::Int(_)) { 0 } else { line };
        self.next()?;
        Ok(expr(marked, ExprKind::Const(value)))
    }

    fn paren(&mut self) -> Result<Expr> {
        let line = self.line();
        self.expect(Tok::ParenOpen)?;
        if self.accept(Tok::ParenClose)? {
            return Ok(expr(0, ExprKind::Const(Const::Tuple(Vec::new()))));
        }
        let value = if self.tok() == Tok::Yield {
            self.yield_expr()?
        } else {
            let first_line = self.line();
            let first = self.named_or_star()?;
            match self.tok() {
                Tok::For => {
                    let kind = ComprehensionKind::Generator;
                    self.comprehension(first_line, kind, None, first)?
                }
                Tok::Comma => {
                    let items = self.more_items(first)?;
                    fold::tuple(line, items)
                }
                _ => first,
            }
        };
        self.expect(Tok::ParenClose)?;
        Ok(value)
    }

    /// The items after a first one, up to what cannot start another.
    fn more_items(&mut self, first: Expr) -> Result<Vec<Expr>> {
        let mut items = alloc::vec![first];
        while self.accept(Tok::Comma)? {
            if self.tok() != Tok::Star && !starts_test(self.tok()) {
                break;
            }
            items.push(self.named_or_star()?);
        }
        Ok(items)
    }

    fn bracket(&mut self) -> Result<Expr> {
        let line = self.line();
        self.expect(Tok::BracketOpen)?;
        if self.accept(Tok::BracketClose)? {
            return Ok(expr(line, ExprKind::List(Vec::new())));
        }
        let first_line = self.line();
        let first = self.named_or_star()?;
        let value = if self.tok() == Tok::For {
            self.comprehension(first_line, ComprehensionKind::List, None, first)?
        } else {
            let items = self.more_items(first)?;
            expr(line, ExprKind::List(items))
        };
        self.expect(Tok::BracketClose)?;
        Ok(value)
    }

    fn brace(&mut self) -> Result<Expr> {
        let line = self.line();
        self.expect(Tok::BraceOpen)?;
        if self.accept(Tok::BraceClose)? {
            return Ok(expr(line, ExprKind::Dict(Vec::new())));
        }
        let first_line = self.line();
        let first = self.test()?;
        let value = if self.accept(Tok::Colon)? {
            let item = self.test()?;
            if self.tok() == Tok::For {
                self.comprehension(first_line, ComprehensionKind::Dict, Some(first), item)?
            } else {
                self.dict(line, first_line, first, item)?
            }
        } else if self.tok() == Tok::For {
            self.comprehension(first_line, ComprehensionKind::Set, None, first)?
        } else {
            self.set(line, first_line, first)?
        };
        self.expect(Tok::BraceClose)?;
        Ok(value)
    }

    fn dict(&mut self, line: u32, first_line: u32, key: Expr, value: Expr) -> Result<Expr> {
        let mut entries = alloc::vec![(key, value)];
        while self.accept(Tok::Comma)? && starts_test(self.tok()) {
            let key = self.test()?;
            if self.accept(Tok::Colon)? {
                entries.push((key, self.test()?));
            } else {
                self.defer("expecting key:value for dict", first_line);
            }
        }
        Ok(expr(line, ExprKind::Dict(entries)))
    }

    fn set(&mut self, line: u32, first_line: u32, first: Expr) -> Result<Expr> {
        let mut items = alloc::vec![first];
        while self.accept(Tok::Comma)? && starts_test(self.tok()) {
            items.push(self.test()?);
            if self.accept(Tok::Colon)? {
                self.test()?;
                self.defer("expecting just a value for set", first_line);
            }
        }
        Ok(expr(line, ExprKind::Set(items)))
    }

    fn comprehension(
        &mut self,
        line: u32,
        kind: ComprehensionKind,
        key: Option<Expr>,
        item: Expr,
    ) -> Result<Expr> {
        let scope = self.new_scope();
        let (target, source) = self.comp_for()?;
        let mut clauses = Vec::new();
        loop {
            if self.tok() == Tok::For {
                let (target, source) = self.comp_for()?;
                clauses.push(Clause::For(target, source));
            } else if self.accept(Tok::If)? {
                clauses.push(Clause::If(self.test_no_condition()?));
            } else {
                break;
            }
        }
        let name = self.intern(String::from(match kind {
            ComprehensionKind::List => "<listcomp>",
            ComprehensionKind::Set => "<setcomp>",
            ComprehensionKind::Dict => "<dictcomp>",
            ComprehensionKind::Generator => "<genexpr>",
        }));
        let comp = Comprehension { kind, scope, name, line, key, item, target, source, clauses };
        Ok(expr(line, ExprKind::Comprehension(Box::new(comp))))
    }

    fn comp_for(&mut self) -> Result<(Expr, Expr)> {
        self.expect(Tok::For)?;
        let target = self.target_list()?;
        self.expect(Tok::In)?;
        Ok((target, self.nested(Self::or_test)?))
    }

    /// `yield_expr`
    pub(super) fn yield_expr(&mut self) -> Result<Expr> {
        let line = self.line();
        self.expect(Tok::Yield)?;
        let kind = if self.accept(Tok::From)? {
            ExprKind::YieldFrom(Box::new(self.test()?))
        } else if starts_test(self.tok()) {
            ExprKind::Yield(Some(Box::new(self.test_list()?)))
        } else {
            ExprKind::Yield(None)
        };
        Ok(expr(line, kind))
    }
}
