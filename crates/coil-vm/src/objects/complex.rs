//! Complex numbers.

use super::float::{hash, number, text};
use crate::kinds;
use crate::qstr::Qstr;
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_heap::{Header, Value};

/// `complex`
pub static COMPLEX: TypeDef = TypeDef {
    name: "complex",
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

/// Real and imaginary part.
type Parts = (f64, f64);

impl Vm {
    /// Makes a complex number, rounded to the board's precision.
    pub fn new_complex(&mut self, re: f64, im: f64) -> Res {
        let r = self.alloc(Header::new(kinds::COMPLEX, 0, 0, 16))?;
        for (i, part) in [re, im].into_iter().enumerate() {
            self.heap.set(r, i, Value::from_bits(self.rounded(part).to_bits()));
        }
        Ok(r.into())
    }

    /// The parts of a complex number.
    pub fn as_complex(&self, v: Value) -> Option<(f64, f64)> {
        let r = self.as_ref_kind(v, kinds::COMPLEX)?;
        let part = |i| f64::from_bits(self.heap.get(r, i).bits());
        Some((part(0), part(1)))
    }

    /// An operator on two plain numbers, one of them complex at least; nothing if they are not.
    #[inline]
    pub(crate) fn binary_complex(&mut self, op: Binary, a: Value, b: Value) -> Option<Res> {
        let (x, y) = match (self.as_complex(a), self.as_complex(b)) {
            (Some(x), Some(y)) => (x, y),
            (Some(x), None) => (x, (self.plain_number(b)?, 0.0)),
            (None, Some(y)) => ((self.plain_number(a)?, 0.0), y),
            (None, None) => return None,
        };
        match compute(self, op, x, y) {
            Ok(v) if v.is_null() => None,
            done => Some(done),
        }
    }

    /// A complex number from any number or an object with `__complex__`; nothing if it is neither.
    fn try_complex(&mut self, v: Value) -> Result<Option<Parts>, Raised> {
        if let Some(c) = self.as_complex(v) {
            return Ok(Some(c));
        }
        if let Some(f) = self.try_float(v)? {
            return Ok(Some((f, 0.0)));
        }
        let Some(r) = self.as_ref_kind(v, kinds::INSTANCE) else { return Ok(None) };
        let class = self.heap.get(r, kinds::instance::CLASS);
        if self.class_lookup(class, crate::qstr::names::complex_).is_some() {
            let c = self.unary(Unary::Complex, v)?;
            return Ok(self.as_complex(c));
        }
        Ok(self.as_complex(self.heap.get(r, kinds::instance::NATIVE)))
    }

    /// A complex argument, or TypeError.
    pub fn expect_complex(&mut self, v: Value) -> Result<(f64, f64), Raised> {
        match self.try_complex(v)? {
            Some(c) => Ok(c),
            None => {
                let t = self.type_name(v).to_string();
                Err(self.type_error(&format!("can't convert {t} to complex")))
            }
        }
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, 2)?;
    if args.n == 0 {
        return vm.new_complex(0.0, 0.0);
    }
    let v = vm.arg(args, 0);
    if args.n == 1 {
        if vm.is_str(v) {
            return match number::parse_complex(vm.str_bytes(v), vm.is_single_precision()) {
                Some((re, im)) => vm.new_complex(re, im),
                None => Err(vm.value_error("invalid syntax for number")),
            };
        }
        if vm.as_complex(v).is_some() {
            return Ok(v);
        }
        let (re, im) = vm.expect_complex(v)?;
        return vm.new_complex(re, im);
    }
    let part = |vm: &mut Vm, v: Value| match vm.as_complex(v) {
        Some(c) => Ok(c),
        None => vm.expect_float(v).map(|f| (f, 0.0)),
    };
    let (a, b) = (part(vm, v)?, part(vm, vm.arg(args, 1))?);
    vm.new_complex(a.0 - b.1, a.1 + b.0)
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let (re, im) = vm.as_complex(v).unwrap_or_default();
    let single = vm.is_single_precision();
    let style = |sign| text::Style { letter: b'g', precision: text::REPR, sign };
    if re == 0.0 {
        out.extend(text::format(im, single, style(0)));
        out.push(b'j');
        return Ok(());
    }
    out.push(b'(');
    out.extend(text::format(re, single, style(0)));
    out.extend(text::format(im, single, style(b'+')));
    out.extend_from_slice(b"j)");
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let (re, im) = vm.as_complex(v).unwrap_or_default();
    match op {
        Unary::Bool => Ok(Value::bool(re != 0.0 || im != 0.0)),
        Unary::Neg => vm.new_complex(-re, -im),
        Unary::Pos | Unary::Complex => Ok(v),
        Unary::Hash => Ok(super::int::small_hash(hash(re) ^ hash(im))),
        Unary::Abs => {
            let f = magnitude(vm, (re, im));
            vm.new_float(f)
        }
        _ => Ok(Value::NULL),
    }
}

fn magnitude(vm: &Vm, (re, im): Parts) -> f64 {
    let sum = vm.rounded(vm.rounded(re * re) + vm.rounded(im * im));
    vm.rounded(libm::sqrt(sum))
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    let (re, im) = vm.as_complex(v).unwrap_or_default();
    match vm.names.get(name) {
        b"real" if access == Access::Load => vm.new_float(re),
        b"imag" if access == Access::Load => vm.new_float(im),
        _ => Ok(Value::NULL),
    }
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let x = vm.as_complex(a).unwrap_or_default();
    arith(vm, op, x, b)
}

fn multiply(vm: &Vm, a: Parts, b: Parts) -> Parts {
    let p = |x: f64, y: f64| vm.rounded(x * y);
    (vm.rounded(p(a.0, b.0) - p(a.1, b.1)), vm.rounded(p(a.0, b.1) + p(a.1, b.0)))
}

fn divide(vm: &mut Vm, a: Parts, b: Parts) -> Result<Parts, Raised> {
    if b.1 == 0.0 {
        if b.0 == 0.0 {
            return Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "complex divide by zero"));
        }
        return Ok((a.0 / b.0, a.1 / b.0));
    }
    if b.0 == 0.0 {
        return Ok((a.1 / b.1, -a.0 / b.1));
    }
    let square = vm.rounded(vm.rounded(b.0 * b.0) + vm.rounded(b.1 * b.1));
    let inverse = (vm.rounded(b.0 / square), vm.rounded(b.1 / -square));
    Ok(multiply(vm, a, inverse))
}

fn pow(vm: &mut Vm, a: Parts, b: Parts) -> Result<Parts, Raised> {
    let size = magnitude(vm, a);
    if size == 0.0 {
        if b.1 == 0.0 && b.0 >= 0.0 {
            return Ok((f64::from(u8::from(b.0 == 0.0)), a.1));
        }
        return Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "0.0 to a complex power"));
    }
    let (log, angle) = (vm.rounded(libm::log(size)), vm.rounded(libm::atan2(a.1, a.0)));
    let p = |x: f64, y: f64| vm.rounded(x * y);
    let x = vm.rounded(p(b.0, log) - p(b.1, angle));
    let y = vm.rounded(p(b.1, log) + p(b.0, angle));
    let scale = vm.rounded(libm::exp(x));
    Ok((scale * vm.rounded(libm::cos(y)), scale * vm.rounded(libm::sin(y))))
}

/// Arithmetic with a complex number on the left.
pub(crate) fn arith(vm: &mut Vm, op: Binary, a: Parts, b: Value) -> Res {
    let Some(b) = vm.try_complex(b)? else { return Ok(Value::NULL) };
    compute(vm, op, a, b)
}

/// An operator on the parts of two numbers; null if complex numbers do not have it.
fn compute(vm: &mut Vm, op: Binary, a: Parts, b: Parts) -> Res {
    let (re, im) = match op.plain() {
        Binary::Add => (a.0 + b.0, a.1 + b.1),
        Binary::Sub => (a.0 - b.0, a.1 - b.1),
        Binary::Mul => multiply(vm, a, b),
        Binary::FloorDiv => return Err(vm.type_error("can't truncate-divide a complex number")),
        Binary::TrueDiv => divide(vm, a, b)?,
        Binary::Pow => pow(vm, a, b)?,
        Binary::Eq => return Ok(Value::bool(a == b)),
        _ => return Ok(Value::NULL),
    };
    vm.new_complex(re, im)
}
