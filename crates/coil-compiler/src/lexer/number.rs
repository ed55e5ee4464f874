//! The value of number literals.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::bytecode::Const;

/// A number literal's value, or the message of its error.
pub(crate) type Number = core::result::Result<Const, String>;

/// The value of an integer literal, its underscores already gone.
pub(crate) fn parse_integer(text: &str) -> Number {
    let bytes = text.as_bytes();
    let (base, digits) = match bytes {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        [b'0', ..] if bytes.iter().any(|&c| c != b'0') => {
            return Err("invalid syntax for integer with base 0".into());
        }
        _ => (10, text),
    };
    let mut magnitude: Vec<u32> = Vec::new();
    let mut small: u64 = 0;
    let mut scale: u64 = 1;
    for c in digits.chars() {
        let digit = c
            .to_digit(base)
            .ok_or_else(|| format!("invalid syntax for integer with base {base}"))?;
        small = small * u64::from(base) + u64::from(digit);
        scale *= u64::from(base);
        if scale >= 1 << 27 {
            multiply_add(&mut magnitude, scale, small);
            small = 0;
            scale = 1;
        }
    }
    if digits.is_empty() {
        return Err(format!("invalid syntax for integer with base {base}"));
    }
    multiply_add(&mut magnitude, scale, small);
    Ok(from_magnitude(false, magnitude))
}

/// `digits = digits * scale + add`, where both fit 32 bits.
fn multiply_add(digits: &mut Vec<u32>, scale: u64, add: u64) {
    let mut carry = add;
    for digit in digits.iter_mut() {
        let wide = u64::from(*digit) * scale + carry;
        *digit = (wide & 0xffff_ffff) as u32;
        carry = wide >> 32;
    }
    while carry != 0 {
        digits.push((carry & 0xffff_ffff) as u32);
        carry >>= 32;
    }
}

/// The constant with this sign and magnitude.
pub(crate) fn from_magnitude(negative: bool, digits: Vec<u32>) -> Const {
    if digits.len() <= 2 {
        let value = digits.iter().rev().fold(0u128, |v, &d| v << 32 | u128::from(d)) as i128;
        let value = if negative { -value } else { value };
        if let Some(small) = small_int(value) {
            return Const::Int(small);
        }
    }
    Const::BigInt(negative, digits)
}

/// The number if it is one that a constant holds directly (63 bits).
pub(crate) fn small_int(value: i128) -> Option<i64> {
    if (-(1 << 62)..1 << 62).contains(&value) { i64::try_from(value).ok() } else { None }
}

/// The value of a float or imaginary literal.
pub(crate) fn parse_float(text: &str, read: crate::FloatReader) -> Number {
    let (digits, imaginary) = match text.strip_suffix(['j', 'J']) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let plain =
        digits.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b'e' | b'+' | b'-'));
    match read(digits).filter(|_| plain) {
        Some(value) if imaginary => Ok(Const::Imag(value)),
        Some(value) => Ok(Const::Float(value)),
        _ => Err(String::from("invalid syntax for number")),
    }
}
