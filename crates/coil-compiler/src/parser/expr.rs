//! Expressions above the atom.

use crate::grammar::Grammar;
use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Parser, fold};
use crate::ast::{BinaryOp, CompareOp, Expr, ExprKind, IfElse, UnaryOp};
use crate::error::Result;
use crate::lexer::Tok;

/// An expression.
pub(super) fn expr(line: u32, kind: ExprKind) -> Expr {
    Expr { line, kind }
}

/// Binding strengths of the binary operators, loosest first.
const LEVELS: usize = 6;

fn binary_at(level: usize, tok: Tok, grammar: Grammar) -> Option<BinaryOp> {
    Some(match (level, tok) {
        (0, Tok::Pipe) => BinaryOp::Or,
        (1, Tok::Caret) => BinaryOp::Xor,
        (2, Tok::Ampersand) => BinaryOp::And,
        (3, Tok::ShiftLeft) => BinaryOp::LShift,
        (3, Tok::ShiftRight) => BinaryOp::RShift,
        (4, Tok::Plus) => BinaryOp::Add,
        (4, Tok::Minus) => BinaryOp::Sub,
        (5, Tok::Star) => BinaryOp::Mul,
        (5, Tok::At) if grammar.matmul => BinaryOp::MatMul,
        (5, Tok::Slash) => BinaryOp::TrueDiv,
        (5, Tok::Percent) => BinaryOp::Mod,
        (5, Tok::DoubleSlash) => BinaryOp::FloorDiv,
        _ => return None,
    })
}

impl Parser {
    /// A list with commas: the one item, or all of them and whether it is a list.
    pub(super) fn comma_list(
        &mut self,
        item: impl Fn(&mut Self) -> Result<Expr>,
        more: impl Fn(Tok) -> bool,
    ) -> Result<Expr> {
        let line = self.line();
        let first = item(self)?;
        if self.tok() != Tok::Comma {
            return Ok(first);
        }
        let mut items = alloc::vec![first];
        while self.accept(Tok::Comma)? {
            if !more(self.tok()) {
                break;
            }
            items.push(item(self)?);
        }
        Ok(fold::tuple(line, items))
    }

    /// `testlist`
    pub(super) fn test_list(&mut self) -> Result<Expr> {
        self.comma_list(Self::test, starts_test)
    }

    /// `testlist_star_expr`
    pub(super) fn test_list_star(&mut self) -> Result<Expr> {
        self.comma_list(Self::test_or_star, |t| t == Tok::Star || starts_test(t))
    }

    /// `exprlist`: its items, and whether there was a comma.
    pub(super) fn target_list(&mut self) -> Result<Expr> {
        let line = self.line();
        let first = self.expr_or_star()?;
        if self.tok() != Tok::Comma {
            return Ok(first);
        }
        let mut items = alloc::vec![first];
        while self.accept(Tok::Comma)? {
            if self.tok() != Tok::Star && !starts_expr(self.tok()) {
                break;
            }
            items.push(self.expr_or_star()?);
        }
        Ok(expr(line, ExprKind::Tuple(items)))
    }

    fn star(&mut self) -> Result<Expr> {
        let line = self.line();
        self.expect(Tok::Star)?;
        let value = self.nested(Self::bit_expr)?;
        Ok(expr(line, ExprKind::Star(Box::new(value))))
    }

    fn test_or_star(&mut self) -> Result<Expr> {
        if self.tok() == Tok::Star { self.star() } else { self.test() }
    }

    fn expr_or_star(&mut self) -> Result<Expr> {
        if self.tok() == Tok::Star { self.star() } else { self.bit_expr() }
    }

    /// `star_expr | namedexpr_test`
    pub(super) fn named_or_star(&mut self) -> Result<Expr> {
        if self.tok() == Tok::Star { self.star() } else { self.named() }
    }

    /// `namedexpr_test`
    pub(super) fn named(&mut self) -> Result<Expr> {
        let line = self.line();
        let value = self.test()?;
        if !self.accept(Tok::Walrus)? {
            return Ok(value);
        }
        let assigned = self.test()?;
        Ok(expr(line, ExprKind::Walrus(Box::new(value), Box::new(assigned))))
    }

    /// `test`
    pub(super) fn test(&mut self) -> Result<Expr> {
        self.nested(|p| {
            if p.tok() == Tok::Lambda {
                return p.lambda(Self::test);
            }
            let line = p.line();
            let then = p.or_test()?;
            if !p.accept(Tok::If)? {
                return Ok(then);
            }
            let condition = p.or_test()?;
            p.expect(Tok::Else)?;
            let otherwise = p.test()?;
            Ok(expr(line, ExprKind::IfElse(Box::new(IfElse { condition, then, otherwise }))))
        })
    }

    /// `test_nocond`
    pub(super) fn test_no_condition(&mut self) -> Result<Expr> {
        self.nested(|p| {
            if p.tok() == Tok::Lambda { p.lambda(Self::test_no_condition) } else { p.or_test() }
        })
    }

    /// `or_test`
    pub(super) fn or_test(&mut self) -> Result<Expr> {
        self.logic(Tok::Or, Self::and_test)
    }

    fn and_test(&mut self) -> Result<Expr> {
        self.logic(Tok::And, Self::not_test)
    }

    fn logic(&mut self, tok: Tok, item: fn(&mut Self) -> Result<Expr>) -> Result<Expr> {
        let line = self.line();
        let first = item(self)?;
        if self.tok() != tok {
            return Ok(first);
        }
        let mut items = alloc::vec![first];
        while self.accept(tok)? {
            items.push(item(self)?);
        }
        Ok(fold::logic(line, tok == Tok::Or, items))
    }

    fn not_test(&mut self) -> Result<Expr> {
        if self.tok() != Tok::Not {
            return self.comparison();
        }
        self.nested(|p| {
            let line = p.line();
            p.next()?;
            let value = p.not_test()?;
            Ok(fold::not(line, value))
        })
    }

    fn comparison(&mut self) -> Result<Expr> {
        let line = self.line();
        let first = self.bit_expr()?;
        let mut rest = Vec::new();
        while let Some(op) = self.compare_op()? {
            rest.push((op, self.bit_expr()?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(expr(line, ExprKind::Compare(Box::new(first), rest)))
    }

    fn compare_op(&mut self) -> Result<Option<CompareOp>> {
        let op = match self.tok() {
            Tok::Less => CompareOp::Lt,
            Tok::More => CompareOp::Gt,
            Tok::DoubleEqual => CompareOp::Eq,
            Tok::LessEqual => CompareOp::Le,
            Tok::MoreEqual => CompareOp::Ge,
            Tok::NotEqual => CompareOp::Ne,
            Tok::In => CompareOp::In,
            Tok::Not => {
                self.next()?;
                self.expect(Tok::In)?;
                return Ok(Some(CompareOp::NotIn));
            }
            Tok::Is => {
                self.next()?;
                let not = self.accept(Tok::Not)?;
                return Ok(Some(if not { CompareOp::IsNot } else { CompareOp::Is }));
            }
            _ => return Ok(None),
        };
        self.next()?;
        Ok(Some(op))
    }

    /// `expr`: the binary operators down to the factor.
    pub(super) fn bit_expr(&mut self) -> Result<Expr> {
        let line = self.line();
        let first = self.factor()?;
        self.binary(line, first, 0)
    }

    /// Goes on after an operand with the operators of this level and tighter ones.
    fn binary(&mut self, line: u32, first: Expr, level: usize) -> Result<Expr> {
        let mut left = first;
        for at in (level..LEVELS).rev() {
            if binary_at(at, self.tok(), self.settings.grammar).is_none() {
                continue;
            }
            let mut rest = Vec::new();
            while let Some(op) = binary_at(at, self.tok(), self.settings.grammar) {
                self.next()?;
                let line = self.line();
                let operand = self.factor()?;
                rest.push((op, self.binary(line, operand, at + 1)?));
            }
            left = fold::binary(line, left, rest, self.settings.single_floats);
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Expr> {
        let op = match self.tok() {
            Tok::Plus => UnaryOp::Pos,
            Tok::Minus => UnaryOp::Neg,
            Tok::Tilde => UnaryOp::Invert,
            _ => return self.power(),
        };
        self.nested(|p| {
            let line = p.line();
            p.next()?;
            let value = p.factor()?;
            Ok(fold::unary(line, op, value))
        })
    }

    fn power(&mut self) -> Result<Expr> {
        let line = self.line();
        let base = self.atom_expr()?;
        if !self.accept(Tok::DoubleStar)? {
            return Ok(base);
        }
        let exponent = self.nested(Self::factor)?;
        let rest = alloc::vec![(BinaryOp::Pow, exponent)];
        Ok(fold::binary(line, base, rest, self.settings.single_floats))
    }
}

/// Whether an `expr` can start with this token.
pub(super) fn starts_expr(tok: Tok) -> bool {
    matches!(
        tok,
        Tok::Name
            | Tok::Integer
            | Tok::FloatOrImag
            | Tok::Str
            | Tok::Template
            | Tok::Bytes
            | Tok::Ellipsis
            | Tok::None
            | Tok::True
            | Tok::False
            | Tok::ParenOpen
            | Tok::BracketOpen
            | Tok::BraceOpen
            | Tok::Plus
            | Tok::Minus
            | Tok::Tilde
            | Tok::Await
    )
}

/// Whether a `test` can start with this token.
pub(super) fn starts_test(tok: Tok) -> bool {
    starts_expr(tok) || matches!(tok, Tok::Not | Tok::Lambda)
}
