//! Ints of any size, and bools.

use crate::kinds;
use crate::rom::{Binary, TypeDef, Unary};
use crate::types;
use crate::vm::{Res, Vm};
use alloc::format;
use coil_heap::Value;

/// `int`
pub static INT: TypeDef = TypeDef {
    name: "int",
    print: Some(|_vm, v, out, _| {
        out.extend_from_slice(format!("{}", v.int_unchecked()).as_bytes());
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
    binary: Some(binary),
    ..TypeDef::EMPTY
};

impl Vm {
    /// Makes an int.
    pub fn new_int(&mut self, i: i64) -> Res {
        match Value::try_int(i) {
            Some(v) => Ok(v),
            None => self.new_big(i < 0, &i.unsigned_abs().to_le_bytes()),
        }
    }

    /// Makes an int from the bytes of its magnitude.
    pub fn new_big(&mut self, negative: bool, magnitude: &[u8]) -> Res {
        self.alloc_bytes(kinds::BIGINT, u8::from(negative), magnitude).map(Value::from)
    }

    /// A big int as a machine word: nothing if it is no big int, then nothing if it does not fit.
    pub(crate) fn big_to_i64(&self, v: Value) -> Option<Option<i64>> {
        self.as_ref_kind(v, kinds::BIGINT).map(|_| None)
    }

    /// The low bits of an int.
    pub(crate) fn int_truncated(&self, v: Value) -> i64 {
        v.as_int().unwrap_or(0)
    }

    pub(crate) fn format_int_base(&mut self, v: Value, base: u32, prefix: &str) -> Res {
        let i = self.expect_int(v)?;
        let sign = if i < 0 { "-" } else { "" };
        let i = i.unsigned_abs();
        let digits = match base {
            2 => format!("{i:b}"),
            8 => format!("{i:o}"),
            _ => format!("{i:x}"),
        };
        self.new_str(format!("{sign}{prefix}{digits}").as_bytes())
    }

    pub(crate) fn round(&mut self, v: Value, _digits: Value) -> Res {
        Ok(v)
    }

    pub(crate) fn pow_mod(&mut self, a: Value, _b: Value, _m: Value) -> Res {
        Ok(a)
    }
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let i = v.int_unchecked();
    match op {
        Unary::Bool => Ok(Value::bool(i != 0)),
        Unary::Neg => vm.new_int(-i),
        Unary::Pos | Unary::Int | Unary::Hash => Ok(v),
        Unary::Invert => Ok(Value::int(!i)),
        Unary::Abs => vm.new_int(i.abs()),
        _ => Ok(Value::NULL),
    }
}

fn small(v: Value) -> Option<i64> {
    match v {
        Value::TRUE => Some(1),
        Value::FALSE => Some(0),
        _ => v.as_int(),
    }
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let (Some(x), Some(y)) = (small(a), small(b)) else {
        return match (small(a), vm.as_float(b)) {
            (Some(x), Some(y)) => crate::objects::float::arith(vm, op, x as f64, y),
            _ => Ok(Value::NULL),
        };
    };
    let zero = |vm: &mut Vm| Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "divide by zero"));
    let i = match op.plain() {
        Binary::Add => x.checked_add(y),
        Binary::Sub => x.checked_sub(y),
        Binary::Mul => x.checked_mul(y),
        Binary::FloorDiv if y == 0 => return zero(vm),
        Binary::Mod if y == 0 => return zero(vm),
        Binary::FloorDiv => Some(x.wrapping_div_euclid(y) - i64::from(y < 0 && x.rem_euclid(y) != 0)),
        Binary::Mod => Some(((x % y) + y) % y),
        Binary::And => Some(x & y),
        Binary::Or => Some(x | y),
        Binary::Xor => Some(x ^ y),
        Binary::LShift => Some(x << y),
        Binary::RShift => Some(x >> y.min(63)),
        Binary::Pow => Some(x.pow(y as u32)),
        Binary::TrueDiv => return crate::objects::float::arith(vm, op, x as f64, y as f64),
        Binary::Lt => return Ok(Value::bool(x < y)),
        Binary::Le => return Ok(Value::bool(x <= y)),
        Binary::Gt => return Ok(Value::bool(x > y)),
        Binary::Ge => return Ok(Value::bool(x >= y)),
        Binary::Eq => return Ok(Value::bool(x == y)),
        _ => return Ok(Value::NULL),
    };
    match i {
        Some(i) => vm.new_int(i),
        None => Err(vm.raise_args(types::OVERFLOW_ERROR, "overflow")),
    }
}
