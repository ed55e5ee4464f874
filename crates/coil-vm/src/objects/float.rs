//! Floats: single precision as on the chip, or double.

use crate::kinds;
use crate::rom::{Args, Binary, TypeDef, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use coil_heap::Value;

pub(crate) mod extended;
pub(crate) mod machine;
pub(crate) mod number;
pub(crate) mod text;

/// `float`
pub static FLOAT: TypeDef = TypeDef {
    name: "float",
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let f = vm.as_float(v).unwrap_or(0.0);
        out.extend(text::repr(f, vm.is_single_precision()));
        Ok(())
    }),
    unary: Some(unary),
    binary: Some(binary),
    ..TypeDef::EMPTY
};

impl Vm {
    /// A result as the board's precision holds it.
    #[inline]
    pub fn rounded(&self, f: f64) -> f64 {
        if self.is_single_precision() { f64::from(f as f32) } else { f }
    }

    /// Makes a float, rounded to the board's precision.
    #[inline]
    pub fn new_float(&mut self, f: f64) -> Res {
        let f = self.rounded(f);
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

    /// The number in an int, bool or float as a float of the board's precision.
    pub(crate) fn number_as_float(&self, v: Value) -> Option<f64> {
        match v {
            Value::TRUE => Some(1.0),
            Value::FALSE => Some(0.0),
            _ => match v.as_int() {
                Some(i) if self.is_single_precision() => Some(f64::from(i as f32)),
                Some(i) => Some(i as f64),
                None => self.as_float(v).or_else(|| self.big_as_float(v)),
            },
        }
    }

    /// A float from a number or from an object with `__float__`; nothing if it is neither.
    pub fn try_float(&mut self, v: Value) -> Result<Option<f64>, Raised> {
        if let Some(f) = self.number_as_float(v) {
            return Ok(Some(f));
        }
        let Some(r) = self.as_ref_kind(v, kinds::INSTANCE) else { return Ok(None) };
        let class = self.heap.get(r, kinds::instance::CLASS);
        if self.class_lookup(class, crate::qstr::names::float_).is_some() {
            let f = self.unary(Unary::Float, v)?;
            return Ok(self.as_float(f));
        }
        // Not even the built-in part of what derives from a number is one here.
        Ok(None)
    }

    /// A float argument, or TypeError.
    pub fn expect_float(&mut self, v: Value) -> Result<f64, Raised> {
        match self.try_float(v)? {
            Some(f) => Ok(f),
            None => {
                let t = self.type_name(v).to_string();
                Err(self.type_error(&format!("can't convert {t} to float")))
            }
        }
    }

    /// `round()`
    pub(crate) fn round(&mut self, v: Value, digits: Value) -> Res {
        if self.is_int(v) {
            if digits.is_null() {
                return Ok(v);
            }
            let digits = self.expect_int(digits)?;
            return if digits >= 0 { Ok(v) } else { self.round_int(v, digits) };
        }
        let f = self.expect_float(v)?;
        if digits.is_null() {
            return self.int_from_float(libm::rint(f));
        }
        let digits = self.expect_int(digits)? as f64;
        let factor = self.power(10.0, digits);
        let scaled = libm::rint(self.rounded(f * factor));
        self.new_float(scaled / factor)
    }

    /// `x ** y` in the board's precision.
    pub(crate) fn power(&self, x: f64, y: f64) -> f64 {
        if self.is_single_precision() {
            f64::from(libm::powf(x as f32, y as f32))
        } else {
            libm::pow(x, y)
        }
    }

    /// ZeroDivisionError
    #[cold]
    pub(crate) fn zero_division(&mut self) -> Raised {
        self.raise_args(types::ZERO_DIVISION_ERROR, "divide by zero")
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, 1)?;
    if args.n == 0 {
        return vm.new_float(0.0);
    }
    let v = vm.arg(args, 0);
    if vm.buffer(v).is_some() {
        let bytes = vm.expect_bytes_like(v)?;
        return match number::parse_float(&bytes, vm.is_single_precision()) {
            Some(f) => vm.new_float(f),
            None => Err(vm.value_error("invalid syntax for number")),
        };
    }
    if vm.as_float(v).is_some() {
        return Ok(v);
    }
    let f = vm.expect_float(v)?;
    vm.new_float(f)
}

/// The hash of a float: its integer part, as far as a word of the device goes.
pub(crate) fn hash(f: f64) -> i64 {
    i64::from(f as i32)
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let f = vm.as_float(v).unwrap_or(0.0);
    match op {
        Unary::Bool => Ok(Value::bool(f != 0.0)),
        Unary::Neg => vm.new_float(-f),
        Unary::Pos | Unary::Float => Ok(v),
        Unary::Abs if f.is_sign_negative() => vm.new_float(-f),
        Unary::Abs => Ok(v),
        Unary::Hash => Ok(super::int::small_hash(hash(f))),
        Unary::Int => vm.int_from_float(f),
        _ => Ok(Value::NULL),
    }
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let x = vm.as_float(a).unwrap_or(0.0);
    if vm.as_ref_kind(b, kinds::COMPLEX).is_some() {
        return super::complex::arith(vm, op, (x, 0.0), b);
    }
    match vm.try_float(b)? {
        Some(y) => arith(vm, op, x, y),
        None => Ok(Value::NULL),
    }
}

/// Quotient rounded down, and remainder with the divisor's sign.
pub(crate) fn div_mod(vm: &Vm, x: f64, y: f64) -> (f64, f64) {
    let mut rest = libm::fmod(x, y);
    let mut quotient = vm.rounded(vm.rounded(x - rest) / y);
    if rest == 0.0 {
        rest = libm::copysign(0.0, y);
    } else if (rest < 0.0) != (y < 0.0) {
        rest = vm.rounded(rest + y);
        quotient = vm.rounded(quotient - 1.0);
    }
    if quotient == 0.0 {
        return (libm::copysign(0.0, x / y), rest);
    }
    let floor = libm::floor(quotient);
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

fn pow(vm: &mut Vm, x: f64, y: f64) -> Res {
    if x == 0.0 && y < 0.0 && !y.is_infinite() {
        return Err(vm.zero_division());
    }
    if x < 0.0 && y != libm::floor(y) && !y.is_nan() {
        let y = vm.new_float(y)?;
        return super::complex::arith(vm, Binary::Pow, (x, 0.0), y);
    }
    let f = vm.power(x, y);
    vm.new_float(f)
}

/// Arithmetic on two floats.
pub(crate) fn arith(vm: &mut Vm, op: Binary, x: f64, y: f64) -> Res {
    let f = match op.plain() {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::TrueDiv | Binary::FloorDiv | Binary::Mod if y == 0.0 => {
            return Err(vm.zero_division());
        }
        Binary::TrueDiv => x / y,
        Binary::FloorDiv => div_mod(vm, x, y).0,
        Binary::Mod => {
            let rest = libm::fmod(x, y);
            if rest == 0.0 {
                libm::copysign(0.0, y)
            } else if (rest < 0.0) != (y < 0.0) {
                rest + y
            } else {
                rest
            }
        }
        Binary::Pow => return pow(vm, x, y),
        Binary::Lt => return Ok(Value::bool(x < y)),
        Binary::Le => return Ok(Value::bool(x <= y)),
        Binary::Gt => return Ok(Value::bool(x > y)),
        Binary::Ge => return Ok(Value::bool(x >= y)),
        Binary::Eq => return Ok(Value::bool(x == y)),
        Binary::Ne => return Ok(Value::bool(x != y)),
        _ => return Ok(Value::NULL),
    };
    vm.new_float(f)
}
