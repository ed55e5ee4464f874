//! Ints of any size, and bools. Small ones are values; arithmetic beyond them is in `int/`.

use crate::kinds;
use crate::rom::{Args, Binary, Convention, Def, Item, TypeDef, Unary, def_kw};
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::vec::Vec;
use coil_heap::Value;

pub(crate) mod big;
pub(crate) mod bytes;
mod limbs;
pub(crate) mod parse;

/// `int`
pub static INT: TypeDef = TypeDef {
    name: "int",
    items: &[
        Item::Class(Def {
            signature: "from_bytes(class, bytes, byteorder=, signed=)",
            f: bytes::from_bytes,
            convention: Convention::Plain,
        }),
        def_kw("to_bytes(self, length=, byteorder=, *, signed=)", bytes::to_bytes),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let (negative, digits) = vm.int_digits(v, 10)?;
        if negative {
            out.push(b'-');
        }
        out.extend(digits);
        Ok(())
    }),
    unary: Some(unary),
    binary: Some(binary),
    ..TypeDef::EMPTY
};

/// `bool`
pub static BOOL: TypeDef = TypeDef {
    name: "bool",
    new: Some(|vm, _, a| {
        vm.check_args(a, 0, 1)?;
        if a.n == 0 { Ok(Value::FALSE) } else { vm.truth(vm.arg(a, 0)).map(Value::bool) }
    }),
    print: Some(|_, v, out, _| {
        out.extend_from_slice(if v == Value::TRUE { b"True" } else { b"False" });
        Ok(())
    }),
    unary: Some(|vm, op, v| {
        let i = Value::int(i64::from(v == Value::TRUE));
        if op == Unary::Bool { Ok(v) } else { unary(vm, op, i) }
    }),
    binary: Some(bool_binary),
    ..TypeDef::EMPTY
};

/// A hash as a value: what does not fit is cut off.
pub(crate) fn small_hash(h: i64) -> Value {
    Value::int(h << 1 >> 1)
}

impl Vm {
    /// Whether a value is an int; bools are not.
    #[inline]
    pub fn is_int(&self, v: Value) -> bool {
        v.is_int() || self.as_ref_kind(v, kinds::BIGINT).is_some()
    }

    /// Makes an int.
    #[inline]
    pub fn new_int(&mut self, i: i64) -> Res {
        match Value::try_int(i) {
            Some(v) => Ok(v),
            None => self.new_big(i < 0, &i.unsigned_abs().to_le_bytes()),
        }
    }

    /// Makes an int that is not negative.
    pub fn new_uint(&mut self, i: u64) -> Res {
        match i64::try_from(i) {
            Ok(i) => self.new_int(i),
            Err(_) => self.new_big(false, &i.to_le_bytes()),
        }
    }

    /// Digits of an int's magnitude, and whether it is negative.
    pub(crate) fn int_digits(&mut self, v: Value, base: u32) -> Result<(bool, Vec<u8>), Raised> {
        if let Some(i) = small(v) {
            let n = i.unsigned_abs();
            let text = match base {
                2 => format!("{n:b}"),
                8 => format!("{n:o}"),
                16 => format!("{n:x}"),
                _ => format!("{n}"),
            };
            return Ok((i < 0, text.into_bytes()));
        }
        self.big_digits(v, base)
    }

    /// `bin()`, `oct()`, `hex()`
    pub(crate) fn format_int_base(&mut self, v: Value, base: u32, prefix: &str) -> Res {
        let is_int = self.is_int(v) || small(v).is_some();
        if base == 2 && !is_int {
            return Err(crate::format::unknown_code(self, b'b', v));
        }
        let v = if is_int { v } else { Value::int(self.expect_int(v)?) };
        let (negative, digits) = self.int_digits(v, base)?;
        let sign: &[u8] = if negative { b"-" } else { b"" };
        self.new_str(&[sign, prefix.as_bytes(), &digits].concat())
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, 2)?;
    let v = vm.arg(args, 0);
    match args.n {
        0 => Ok(Value::int(0)),
        1 => {
            if vm.is_int(v) {
                return Ok(v);
            }
            if vm.buffer(v).is_some() {
                // An object may know its number and have bytes as well.
                if vm.as_ref_kind(v, kinds::NATIVE).is_some()
                    && let Some(unary) = vm.def_of(v).unary
                {
                    let number = unary(vm, Unary::Int, v)?;
                    if !number.is_null() {
                        return Ok(number);
                    }
                }
                let text = vm.expect_bytes_like(v)?;
                return parse::parse(vm, &text, 10);
            }
            vm.unary(Unary::Int, v)
        }
        _ => {
            vm.expect_text(v)?;
            let base = vm.expect_int(vm.arg(args, 1))?;
            let text = vm.text(v).to_vec();
            parse::parse(vm, &text, base)
        }
    }
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let Some(i) = v.as_int() else { return vm.big_unary(op, v) };
    match op {
        Unary::Bool => Ok(Value::bool(i != 0)),
        Unary::Neg => vm.new_int(-i),
        Unary::Pos | Unary::Int | Unary::Hash => Ok(v),
        Unary::Invert => Ok(Value::int(!i)),
        Unary::Abs => vm.new_int(i.abs()),
        Unary::Float => vm.new_float(i as f64),
        _ => Ok(Value::NULL),
    }
}

/// An int or bool that is a value.
fn small(v: Value) -> Option<i64> {
    match v {
        Value::TRUE => Some(1),
        Value::FALSE => Some(0),
        _ => v.as_int(),
    }
}

/// A bool counts as an int, also in what errors say.
fn bool_binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let i = Value::int(i64::from(a == Value::TRUE));
    let v = binary(vm, op, i, b)?;
    let is_error = !matches!(op, Binary::Eq | Binary::Ne | Binary::Contains);
    if v.is_null() && is_error && vm.as_ref_kind(b, kinds::INSTANCE).is_none() {
        vm.binary(op, i, b)
    } else {
        Ok(v)
    }
}

/// Quotient rounded down.
fn floor_div(x: i64, y: i64) -> Option<i64> {
    let q = x.checked_div(y)?;
    Some(if x % y != 0 && (x < 0) != (y < 0) { q - 1 } else { q })
}

/// Remainder with the sign of the divisor.
fn floor_mod(x: i64, y: i64) -> i64 {
    let r = x.wrapping_rem(y);
    if r != 0 && (r < 0) != (y < 0) { r + y } else { r }
}

fn shift_left(x: i64, n: i64) -> Option<i64> {
    let n = u32::try_from(n).ok().filter(|n| *n < 63)?;
    let shifted = x << n;
    (shifted >> n == x).then_some(shifted)
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let (Some(x), Some(y)) = (small(a), small(b)) else { return mixed(vm, op, a, b) };
    let i = match op.plain() {
        Binary::Add => x.checked_add(y),
        Binary::Sub => x.checked_sub(y),
        Binary::Mul => x.checked_mul(y),
        Binary::FloorDiv | Binary::Mod | Binary::TrueDiv if y == 0 => {
            return Err(vm.zero_division());
        }
        Binary::FloorDiv => floor_div(x, y),
        Binary::Mod => Some(floor_mod(x, y)),
        Binary::And => Some(x & y),
        Binary::Or => Some(x | y),
        Binary::Xor => Some(x ^ y),
        Binary::LShift | Binary::RShift if y < 0 => {
            return Err(vm.value_error("negative shift count"));
        }
        Binary::LShift | Binary::RShift if y > i64::from(i32::MAX) => {
            return Err(vm.word_overflow());
        }
        Binary::LShift if x == 0 => Some(0),
        Binary::LShift => shift_left(x, y),
        Binary::RShift => Some(x >> y.min(63)),
        Binary::Pow if y < 0 => return float_arith(vm, op, a, b),
        Binary::Pow => u32::try_from(y).ok().and_then(|y| x.checked_pow(y)).or(match (x, y & 1) {
            (0 | 1, _) => Some(x),
            (-1, odd) => Some(if odd == 1 { -1 } else { 1 }),
            _ => None,
        }),
        Binary::TrueDiv => return float_arith(vm, op, a, b),
        Binary::Lt => return Ok(Value::bool(x < y)),
        Binary::Le => return Ok(Value::bool(x <= y)),
        Binary::Gt => return Ok(Value::bool(x > y)),
        Binary::Ge => return Ok(Value::bool(x >= y)),
        Binary::Eq => return Ok(Value::bool(x == y)),
        Binary::Ne => return Ok(Value::bool(x != y)),
        _ => return Ok(Value::NULL),
    };
    match i {
        Some(i) => vm.new_int(i),
        None => big::arith(vm, op.plain(), a, b),
    }
}

/// Both operands as floats.
fn float_arith(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    match (vm.number_as_float(a), vm.number_as_float(b)) {
        (Some(x), Some(y)) => super::float::arith(vm, op, x, y),
        _ => Ok(Value::NULL),
    }
}

/// An int with something that is no small one.
fn mixed(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    if vm.as_ref_kind(b, kinds::COMPLEX).is_some() {
        let x = vm.number_as_float(a).unwrap_or(0.0);
        return super::complex::arith(vm, op, (x, 0.0), b);
    }
    if vm.as_float(b).is_some() {
        return float_arith(vm, op, a, b);
    }
    if !vm.is_int(b) && small(b).is_none() {
        return Ok(Value::NULL);
    }
    big::arith(vm, op.plain(), a, b)
}
