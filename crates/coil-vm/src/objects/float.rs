//! Floats: single precision as on the chip, or double.

use crate::kinds;
use crate::rom::{Binary, TypeDef, Unary};
use crate::types;
use crate::vm::{Res, Vm};
use alloc::format;
use coil_heap::Value;

/// `float`
pub static FLOAT: TypeDef = TypeDef {
    name: "float",
    print: Some(|vm, v, out, _| {
        let f = vm.as_float(v).unwrap_or(0.0);
        out.extend_from_slice(format!("{f:?}").as_bytes());
        Ok(())
    }),
    unary: Some(unary),
    binary: Some(binary),
    ..TypeDef::EMPTY
};

impl Vm {
    /// Makes a float, rounded to the board's precision.
    #[inline]
    pub fn new_float(&mut self, f: f64) -> Res {
        let f = if self.single { f64::from(f as f32) } else { f };
        match Value::try_flonum(f) {
            Some(v) => Ok(v),
            None => self.alloc_bytes(kinds::FLOAT, 0, &f.to_le_bytes()).map(Value::from),
        }
    }

    /// The float in a value, if it is one.
    #[inline]
    pub fn as_float(&self, v: Value) -> Option<f64> {
        if v.is_flonum() {
            return Some(v.flonum_unchecked());
        }
        let r = self.as_ref_kind(v, kinds::FLOAT)?;
        self.heap.bytes(r).try_into().ok().map(f64::from_le_bytes)
    }
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let f = vm.as_float(v).unwrap_or(0.0);
    match op {
        Unary::Bool => Ok(Value::bool(f != 0.0)),
        Unary::Neg => vm.new_float(-f),
        Unary::Pos => Ok(v),
        Unary::Abs => vm.new_float(f64::from_bits(f.to_bits() & !(1 << 63))),
        _ => Ok(Value::NULL),
    }
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let x = vm.as_float(a).unwrap_or(0.0);
    let y = match (vm.as_float(b), b.as_int()) {
        (Some(f), _) => f,
        (_, Some(i)) => i as f64,
        _ => return Ok(Value::NULL),
    };
    arith(vm, op, x, y)
}

/// Arithmetic on two floats.
pub(crate) fn arith(vm: &mut Vm, op: Binary, x: f64, y: f64) -> Res {
    let f = match op.plain() {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::TrueDiv if y == 0.0 => return Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "divide by zero")),
        Binary::TrueDiv => x / y,
        Binary::Lt => return Ok(Value::bool(x < y)),
        Binary::Le => return Ok(Value::bool(x <= y)),
        Binary::Gt => return Ok(Value::bool(x > y)),
        Binary::Ge => return Ok(Value::bool(x >= y)),
        Binary::Eq => return Ok(Value::bool(x == y)),
        _ => return Ok(Value::NULL),
    };
    vm.new_float(f)
}
