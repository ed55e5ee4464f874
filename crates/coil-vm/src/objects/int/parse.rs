//! Ints in text: `int("...", base)`.

use crate::objects::str::split::is_space;
use crate::types;
use crate::vm::{Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;
use dashu_int::{IBig, Sign, UBig};

/// The base that a prefix says, and how long the prefix is. A leading zero without a letter gives
/// base 1 where the prefix was to decide: then only zeros may follow.
fn prefix(s: &[u8], base: u32) -> (u32, usize) {
    match s {
        [b'0', letter, ..] => match (letter | 32, base) {
            (b'x', 0 | 16) => (16, 2),
            (b'o', 0 | 8) => (8, 2),
            (b'b', 0 | 2) => (2, 2),
            (_, 0) => (1, 0),
            _ => (base, 0),
        },
        _ if base == 0 => (10, 0),
        _ => (base, 0),
    }
}

/// An int in text; base 0 lets the prefix decide.
pub(crate) fn parse(vm: &mut Vm, text: &[u8], base: i64) -> Res {
    let Some(base) = u32::try_from(base).ok().filter(|b| *b == 0 || (2..=36).contains(b)) else {
        return Err(vm.value_error("int() arg 2 must be >= 2 and <= 36"));
    };
    let mut s = text.trim_ascii_start();
    while let [b, rest @ ..] = s
        && is_space(*b)
    {
        s = rest;
    }
    let negative = s.first() == Some(&b'-');
    if matches!(s.first(), Some(b'+' | b'-')) {
        s = &s[1..];
    }
    let (base, skip) = prefix(s, base);
    s = &s[skip..];
    let is_digit = |b: &u8| *b == b'_' || char::from(*b).to_digit(36).is_some_and(|d| d < base);
    let n = s.iter().position(|b| !is_digit(b)).unwrap_or(s.len());
    let (digits, rest) = s.split_at(n);
    if n == 0 || !rest.iter().all(|b| is_space(*b)) {
        let base = if base == 1 { 0 } else { base };
        return Err(vm.raise_fmt(
            types::VALUE_ERROR,
            format_args!("invalid syntax for integer with base {base}"),
        ));
    }
    let digits: Vec<u8> = digits.iter().copied().filter(|b| *b != b'_').collect();
    value(vm, &digits, base, negative)
}

fn value(vm: &mut Vm, digits: &[u8], base: u32, negative: bool) -> Res {
    let small = digits.iter().try_fold(0i64, |n, d| {
        let d = char::from(*d).to_digit(36)?;
        n.checked_mul(i64::from(base))?.checked_add(i64::from(d))
    });
    if let Some(n) = small {
        return vm.new_int(if negative { -n } else { n });
    }
    vm.check_room(digits.len() / 4)?;
    let text = core::str::from_utf8(digits).unwrap_or_default();
    let Ok(magnitude) = UBig::from_str_radix(text, base) else { return Ok(Value::int(0)) };
    let sign = if negative { Sign::Negative } else { Sign::Positive };
    vm.new_ibig(IBig::from_parts(sign, magnitude))
}
