//! Constant folding.
//!
//! Integers fold within 127 bits; floats fold only where the result cannot depend on more than
//! the rounding of that one operation.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::expr::expr;
use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::bytecode::Const;
use crate::lexer::small_int;

/// A tuple display, a constant if all its items are.
pub(super) fn tuple(line: u32, items: Vec<Expr>) -> Expr {
    if items.iter().any(|item| item.constant().is_none()) {
        return expr(line, ExprKind::Tuple(items));
    }
    let values = items
        .into_iter()
        .filter_map(|item| match item.kind {
            ExprKind::Const(value) => Some(value),
            _ => None,
        })
        .collect();
    expr(line, ExprKind::Const(Const::Tuple(values)))
}

/// `or` and `and`, without the operands whose truth is known.
pub(super) fn logic(line: u32, is_or: bool, items: Vec<Expr>) -> Expr {
    let mut kept: Vec<Expr> = Vec::new();
    let count = items.len();
    for (i, item) in items.into_iter().enumerate() {
        let truth = item.truth();
        let last = i + 1 == count;
        if truth == Some(!is_or) && !last {
            continue;
        }
        kept.push(item);
        if truth == Some(is_or) {
            break;
        }
    }
    match kept.pop() {
        Some(only) if kept.is_empty() => only,
        Some(last) => {
            kept.push(last);
            expr(line, ExprKind::Logic(is_or, kept))
        }
        None => expr(line, ExprKind::Const(Const::Bool(!is_or))),
    }
}

/// `not value`
pub(super) fn not(line: u32, value: Expr) -> Expr {
    match value.truth() {
        Some(truth) => expr(0, ExprKind::Const(Const::Bool(!truth))),
        None => expr(line, ExprKind::Not(Box::new(value))),
    }
}

/// A unary operator.
pub(super) fn unary(line: u32, op: UnaryOp, value: Expr) -> Expr {
    let folded = match (op, value.constant()) {
        (UnaryOp::Pos, Some(c @ (Const::Int(_) | Const::BigInt(..) | Const::Float(_)))) => {
            Some(c.clone())
        }
        (UnaryOp::Neg, Some(Const::Float(f))) => Some(Const::Float(-f)),
        (UnaryOp::Neg, Some(Const::Int(i))) => Some(integer(-i128::from(*i))),
        (UnaryOp::Neg, Some(Const::BigInt(negative, digits))) => {
            Some(crate::lexer::from_magnitude(!negative, digits.clone()))
        }
        (UnaryOp::Invert, Some(c)) => wide(c).map(|v| integer(!v)),
        _ => None,
    };
    match folded {
        Some(value) => expr(0, ExprKind::Const(value)),
        None => expr(line, ExprKind::Unary(op, Box::new(value))),
    }
}

/// A chain of binary operators of one level, folded if all operands are numbers.
pub(super) fn binary(line: u32, first: Expr, rest: Vec<(BinaryOp, Expr)>, single: bool) -> Expr {
    let mut value = first.constant().cloned();
    for (op, operand) in &rest {
        value = match (value, operand.constant()) {
            (Some(left), Some(right)) => apply(*op, &left, right, single),
            _ => None,
        };
    }
    match value {
        Some(value) => expr(0, ExprKind::Const(value)),
        None => expr(line, ExprKind::Binary(Box::new(first), rest)),
    }
}

fn apply(op: BinaryOp, left: &Const, right: &Const, single: bool) -> Option<Const> {
    if let (Some(a), Some(b)) = (wide(left), wide(right)) {
        return integers(op, a, b, single);
    }
    let (a, b) = (float(left, single)?, float(right, single)?);
    if let (BinaryOp::Pow, Some(exponent)) = (op, wide(right)) {
        return power(a, exponent, single);
    }
    floats(op, a, b, single)
}

fn integers(op: BinaryOp, a: i128, b: i128, single: bool) -> Option<Const> {
    let value = match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::FloorDiv if b != 0 => {
            let quotient = a.checked_div(b)?;
            if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
        }
        BinaryOp::Mod if b != 0 => {
            let rest = a.checked_rem(b)?;
            if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
        }
        BinaryOp::Pow if b < 0 => return power(exact(a, single)?, b, single),
        BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        BinaryOp::LShift => {
            let shift = u32::try_from(b).ok().filter(|&s| s < 127)?;
            a.checked_mul(1i128.checked_shl(shift)?)?
        }
        BinaryOp::RShift => a >> u32::try_from(b).ok()?.min(127),
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::TrueDiv if b != 0 => {
            return floats(op, exact(a, single)?, exact(b, single)?, single);
        }
        _ => return None,
    };
    Some(integer(value))
}

fn floats(op: BinaryOp, a: f64, b: f64, single: bool) -> Option<Const> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::TrueDiv if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Const::Float(round(value, single)))
}

/// A power that needs no more than one rounding: a square, or of a power of two.
fn power(base: f64, exponent: i128, single: bool) -> Option<Const> {
    let mantissa = base.to_bits() & ((1 << 52) - 1);
    let value = match exponent {
        0 => 1.0,
        1 => base,
        2 => base * base,
        _ if mantissa != 0 || base == 0.0 || !base.is_finite() || exponent.abs() > 16 => {
            return None;
        }
        n => {
            let magnitude = (0..n.abs()).fold(1.0, |product, _| product * base);
            if n < 0 { 1.0 / magnitude } else { magnitude }
        }
    };
    value.is_finite().then(|| Const::Float(round(value, single)))
}

fn round(value: f64, single: bool) -> f64 {
    if single { f64::from(value as f32) } else { value }
}

fn float(value: &Const, single: bool) -> Option<f64> {
    match value {
        Const::Float(f) => Some(round(*f, single)),
        _ => exact(wide(value)?, single),
    }
}

/// An integer as a float, if that loses nothing.
fn exact(value: i128, single: bool) -> Option<f64> {
    let limit = if single { 1 << 24 } else { 1 << 53 };
    (-limit..=limit).contains(&value).then_some(value as f64)
}

/// The value of an integer constant that fits.
fn wide(value: &Const) -> Option<i128> {
    match value {
        Const::Int(i) => Some(i128::from(*i)),
        Const::BigInt(negative, digits) if digits.len() <= 4 => {
            if digits.get(3).is_some_and(|&top| top >> 31 != 0) {
                return None;
            }
            let value = digits.iter().rev().fold(0i128, |v, &d| v << 32 | i128::from(d));
            Some(if *negative { -value } else { value })
        }
        _ => None,
    }
}

/// The constant for an integer.
fn integer(value: i128) -> Const {
    if let Some(small) = small_int(value) {
        return Const::Int(small);
    }
    let mut rest = value.unsigned_abs();
    let mut digits = Vec::new();
    while rest != 0 {
        digits.push((rest & 0xffff_ffff) as u32);
        rest >>= 32;
    }
    Const::BigInt(value < 0, digits)
}
