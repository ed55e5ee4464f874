//! Arithmetic on ints that do not fit a value. Sizes are checked before anything is computed, so
//! that no program can take more memory than its board has.

use super::small_hash;
use crate::kinds;
use crate::rom::{Binary, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_heap::{Header, Ref, Value};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, Sign, UBig};

impl Vm {
    /// Makes an int from the little-endian bytes of its magnitude.
    pub fn new_big(&mut self, negative: bool, magnitude: &[u8]) -> Res {
        let n = magnitude.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
        let magnitude = &magnitude[..n];
        if n <= 8 {
            let mut low = [0; 8];
            low[..n].copy_from_slice(magnitude);
            let low = i128::from(u64::from_le_bytes(low));
            let i = if negative { -low } else { low };
            if let Some(v) = i64::try_from(i).ok().and_then(Value::try_int) {
                return Ok(v);
            }
        }
        self.alloc_big(negative, magnitude).map(Value::from)
    }

    /// A big int whose magnitude has no leading zeros. The bytes behind it in its last word are
    /// zero, so that it can be read by words.
    pub(crate) fn alloc_big(&mut self, negative: bool, magnitude: &[u8]) -> Result<Ref, Raised> {
        let n = self.checked_len(magnitude.len())?;
        let r = self.alloc(Header::new(kinds::BIGINT, u8::from(negative), 0, n))?;
        if let Some(last) = magnitude.len().div_ceil(8).checked_sub(1) {
            self.heap.set(r, last, Value::NULL);
        }
        self.heap.bytes_mut(r).copy_from_slice(magnitude);
        Ok(r)
    }

    pub(crate) fn new_ibig(&mut self, i: IBig) -> Res {
        let (sign, magnitude) = i.into_parts();
        self.new_big(sign == Sign::Negative, &magnitude.to_le_bytes())
    }

    /// An int or bool, whatever its size.
    pub(crate) fn as_ibig(&self, v: Value) -> Option<IBig> {
        if let Some(i) = super::small(v) {
            return Some(IBig::from(i));
        }
        let r = self.as_ref_kind(v, kinds::BIGINT)?;
        let sign =
            if self.heap.header(r).flags() & 1 != 0 { Sign::Negative } else { Sign::Positive };
        Some(IBig::from_parts(sign, UBig::from_le_bytes(self.heap.bytes(r))))
    }

    /// The low bits of an int.
    pub(crate) fn int_truncated(&self, v: Value) -> i64 {
        let Some(r) = self.as_ref_kind(v, kinds::BIGINT) else {
            return super::small(v).unwrap_or(0);
        };
        let bytes = self.heap.bytes(r);
        let mut low = [0; 8];
        let n = bytes.len().min(8);
        low[..n].copy_from_slice(&bytes[..n]);
        let low = i64::from_le_bytes(low);
        if self.heap.header(r).flags() & 1 != 0 { low.wrapping_neg() } else { low }
    }

    /// A big int as a float, digit by digit as the reference adds them up.
    pub(crate) fn big_as_float(&self, v: Value) -> Option<f64> {
        let r = self.as_ref_kind(v, kinds::BIGINT)?;
        let digit = |bytes: &[u8]| bytes.iter().rev().fold(0u32, |d, b| d << 8 | u32::from(*b));
        let bytes = self.heap.bytes(r);
        let f = if self.is_single_precision() {
            f64::from(bytes.chunks(2).rev().fold(0f32, |f, d| f * 65_536.0 + digit(d) as f32))
        } else {
            bytes.chunks(4).rev().fold(0f64, |f, d| f * 4_294_967_296.0 + f64::from(digit(d)))
        };
        Some(if self.heap.header(r).flags() & 1 != 0 { -f } else { f })
    }

    pub(crate) fn big_digits(&mut self, v: Value, base: u32) -> Result<(bool, Vec<u8>), Raised> {
        let Some(i) = self.as_ibig(v) else {
            return Err(self.type_error("argument has wrong type"));
        };
        let (sign, magnitude) = i.into_parts();
        let bits_per_digit = if base == 10 { 3 } else { base.ilog2() as usize };
        self.check_room(magnitude.bit_len() / bits_per_digit)?;
        Ok((sign == Sign::Negative, magnitude.in_radix(base).to_string().into_bytes()))
    }

    pub(crate) fn big_unary(&mut self, op: Unary, v: Value) -> Res {
        match op {
            Unary::Bool => return Ok(Value::TRUE),
            Unary::Pos | Unary::Int => return Ok(v),
            Unary::Hash => return Ok(small_hash(self.int_truncated(v))),
            Unary::Float => {
                let f = self.big_as_float(v).unwrap_or(0.0);
                return self.new_float(f);
            }
            _ => {}
        }
        let Some(i) = self.as_ibig(v) else { return Ok(Value::NULL) };
        match op {
            Unary::Neg => self.new_ibig(-i),
            Unary::Invert => self.new_ibig(!i),
            Unary::Abs if i.sign() == Sign::Positive => Ok(v),
            Unary::Abs => self.new_ibig(-i),
            _ => Ok(Value::NULL),
        }
    }

    /// `int(f)`
    pub fn int_from_float(&mut self, f: f64) -> Res {
        if f.is_infinite() {
            return Err(self.raise_args(types::OVERFLOW_ERROR, "can't convert inf to int"));
        }
        if f.is_nan() {
            return Err(self.value_error("can't convert NaN to int"));
        }
        if libm::fabs(f) < 9e18 {
            return self.new_int(f as i64);
        }
        let bits = f.to_bits();
        let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
        let shift = (bits >> 52 & 0x7ff) as usize - 1075;
        let sign = if f < 0.0 { Sign::Negative } else { Sign::Positive };
        self.new_ibig(IBig::from_parts(sign, UBig::from(mantissa) << shift))
    }

    /// An int rounded to a multiple of a power of ten, halves to even.
    pub(crate) fn round_int(&mut self, v: Value, digits: i64) -> Res {
        let Some(i) = self.as_ibig(v) else { return Ok(v) };
        let exp = digits.unsigned_abs();
        // Half of such a power is more than any int on this heap.
        if exp > i.bit_len() as u64 / 3 + 2 {
            return Ok(Value::int(0));
        }
        let power = IBig::from(10).pow(exp as usize);
        let (quotient, rest) = floor_div_mod(&i, &power);
        let double = &rest * IBig::from(2);
        let up = double > power || double == power && quotient.bit(0);
        let rounded = i - rest;
        self.new_ibig(if up { rounded + power } else { rounded })
    }

    /// `pow(a, b, m)`
    pub(crate) fn pow_mod(&mut self, a: Value, b: Value, m: Value) -> Res {
        if m == Value::NONE {
            return self.binary(Binary::Pow, a, b);
        }
        if !self.is_int(a) || !self.is_int(b) || !self.is_int(m) {
            return Err(self.type_error("pow() with 3 arguments requires integers"));
        }
        let (Some(a), Some(b), Some(m)) = (self.as_ibig(a), self.as_ibig(b), self.as_ibig(m))
        else {
            return Ok(Value::NULL);
        };
        if m.is_zero() {
            return Err(self.value_error("divide by zero"));
        }
        if b.sign() == Sign::Negative || m == IBig::from(1) || m == IBig::from(-1) {
            return Ok(Value::int(0));
        }
        let (m_sign, modulus) = m.into_parts();
        let ring = ConstDivisor::new(modulus.clone());
        let (_, exponent) = b.into_parts();
        let residue = IBig::from(ring.reduce(a).pow(&exponent).residue());
        let negative = m_sign == Sign::Negative && !residue.is_zero();
        self.new_ibig(if negative { residue - IBig::from(modulus) } else { residue })
    }

    /// MemoryError if an int of so many bits could never fit the heap.
    fn check_bits(&mut self, bits: u64) -> Result<(), Raised> {
        self.check_room(usize::try_from(bits / 8).unwrap_or(usize::MAX))
    }
}

/// Quotient rounded down, and remainder with the divisor's sign.
fn floor_div_mod(x: &IBig, y: &IBig) -> (IBig, IBig) {
    let (q, r) = x.div_rem(y);
    if !r.is_zero() && (r.sign() == Sign::Negative) != (y.sign() == Sign::Negative) {
        (q - IBig::from(1), r + y)
    } else {
        (q, r)
    }
}

/// A shift count, or an error.
fn shift_count(vm: &mut Vm, y: &IBig) -> Result<u32, Raised> {
    if y.sign() == Sign::Negative && !y.is_zero() {
        return Err(vm.value_error("negative shift count"));
    }
    match u32::try_from(y.clone()) {
        Ok(n) if n <= i32::MAX as u32 => Ok(n),
        _ => Err(vm.word_overflow()),
    }
}

fn power(vm: &mut Vm, x: &IBig, y: &IBig) -> Res {
    let exponent = u64::try_from(y.clone()).unwrap_or(u64::MAX);
    if x.is_zero() || *x == IBig::from(1) {
        return vm.new_ibig(if exponent == 0 { IBig::from(1) } else { x.clone() });
    }
    if *x == IBig::from(-1) {
        return Ok(Value::int(if y.bit(0) { -1 } else { 1 }));
    }
    // At least this many bits.
    vm.check_bits((x.bit_len() as u64 - 1).max(1).saturating_mul(exponent))?;
    vm.new_ibig(x.pow(exponent as usize))
}

/// An operator on two ints, at least one of which or whose result is big.
pub(crate) fn arith(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    if let Some(done) = super::limbs::arith(vm, op, a, b) {
        return done;
    }
    let (Some(x), Some(y)) = (vm.as_ibig(a), vm.as_ibig(b)) else { return Ok(Value::NULL) };
    match op {
        Binary::Lt => return Ok(Value::bool(x < y)),
        Binary::Le => return Ok(Value::bool(x <= y)),
        Binary::Gt => return Ok(Value::bool(x > y)),
        Binary::Ge => return Ok(Value::bool(x >= y)),
        Binary::Eq => return Ok(Value::bool(x == y)),
        Binary::Ne => return Ok(Value::bool(x != y)),
        Binary::TrueDiv | Binary::FloorDiv | Binary::Mod if y.is_zero() => {
            return Err(vm.zero_division());
        }
        Binary::TrueDiv => return super::float_arith(vm, op, a, b),
        Binary::Pow if y.sign() == Sign::Negative => return super::float_arith(vm, op, a, b),
        Binary::Pow => return power(vm, &x, &y),
        _ => {}
    }
    let result = match op {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => {
            vm.check_bits((x.bit_len() + y.bit_len()) as u64)?;
            x * y
        }
        Binary::FloorDiv => floor_div_mod(&x, &y).0,
        Binary::Mod => floor_div_mod(&x, &y).1,
        Binary::And => x & y,
        Binary::Or => x | y,
        Binary::Xor => x ^ y,
        Binary::LShift => {
            let n = shift_count(vm, &y)?;
            vm.check_bits(u64::from(n).saturating_add(x.bit_len() as u64))?;
            x << n as usize
        }
        Binary::RShift => {
            let n = shift_count(vm, &y)? as usize;
            x.clone() >> n.min(x.bit_len() + 1)
        }
        _ => return Ok(Value::NULL),
    };
    vm.new_ibig(result)
}
