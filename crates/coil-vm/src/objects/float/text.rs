//! Floats as text, digit for digit as the reference prints them, and text as floats.
//!
//! Single precision searches for a mantissa that reads back as the same number; double precision
//! computes with more bits and adds digits until it does.

use super::machine::{Double, Machine, Single};
use alloc::vec::Vec;

/// How a float is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// One of `eEfFgG`.
    pub(crate) letter: u8,
    /// Digits; six if negative.
    pub(crate) precision: i32,
    /// What stands in front of numbers that are not negative, or zero.
    pub(crate) sign: u8,
}

/// The precision of `repr()`: as many digits as it takes.
pub(crate) const REPR: i32 = 99;

/// Bytes that the reference has for a number.
const ROOM: i32 = 33;

/// A float as text.
pub(crate) fn format(f: f64, single: bool, style: Style) -> Vec<u8> {
    if single { print::<Single>(f, style) } else { print::<Double>(f, style) }
}

/// A float as `repr()` shows it.
pub(crate) fn repr(f: f64, single: bool) -> Vec<u8> {
    let mut text = format(f, single, Style { letter: b'g', precision: REPR, sign: 0 });
    if !text.iter().any(|b| b".en".contains(b)) {
        text.extend_from_slice(b".0");
    }
    text
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Exponent,
    General,
    Fixed,
}

/// Everything that is fixed before digits are made.
#[derive(Clone, Copy, Debug)]
struct Plan {
    mode: Mode,
    upper: bool,
    /// Decimal exponent of the number.
    exp: i32,
    max_exp_zeros: i32,
    max_digits: i32,
    lead_zeros: i32,
    trail_zeros: i32,
}

/// One try: digits to make and where the point goes.
#[derive(Clone, Copy, Debug)]
struct Try {
    digits: i32,
    extra_zeros: i32,
    /// Digits in front of the point less one; 255 for none.
    dec: i32,
    /// Zeros in front, after "0.".
    lead_zeros: Option<i32>,
    cap: u64,
}

fn print<M: Machine>(value: f64, style: Style) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    let mut room = ROOM;
    let mut f = value;
    if value.is_sign_negative() && !value.is_nan() {
        f = -f;
        out.push(b'-');
        room -= 1;
    } else if style.sign != 0 {
        out.push(style.sign);
        room -= 1;
    }
    let upper = style.letter.is_ascii_uppercase();
    if !f.is_finite() {
        let text: &[u8] = if f.is_nan() { b"nan" } else { b"inf" };
        out.extend(text.iter().map(|b| if upper { b.to_ascii_uppercase() } else { *b }));
        return out;
    }
    let plan = plan::<M>(f, room, style, upper);
    out.extend(digits::<M>(f, plan));
    out
}

/// The decimal exponent of a number.
fn decimal_exponent<M: Machine>(f: f64) -> i32 {
    if f == 0.0 {
        return 0;
    }
    let mut e = M::estimate(f);
    let positive = f >= 1.0;
    let step = i32::from(positive);
    while (f >= M::power_of_ten(e + step)) == positive {
        e += if positive { 1 } else { -1 };
    }
    e
}

fn plan<M: Machine>(f: f64, room: i32, style: Style, upper: bool) -> Plan {
    let mut mode = match style.letter | 0x20 {
        b'f' => Mode::Fixed,
        b'g' => Mode::General,
        _ => Mode::Exponent,
    };
    let mut precision = if style.precision < 0 { 6 } else { style.precision };
    let mut max_exp_zeros = precision.min(room - 3);
    if precision == REPR {
        precision = M::MAX_DIGITS;
        max_exp_zeros = 16;
    }
    let exp = decimal_exponent::<M>(f);
    if mode == Mode::Fixed && exp > 0 && exp.saturating_add(precision).saturating_add(2) > room {
        mode = Mode::General;
        precision = precision.saturating_add(1);
    }
    let (mut max_digits, mut lead_zeros, mut trail_zeros) = (precision, 0, 0);
    if mode == Mode::Fixed {
        max_digits = max_digits.min(room - 3);
        if exp >= 0 {
            max_digits += exp + 1;
        } else if max_digits > 2 && exp < -2 {
            lead_zeros = (-exp).min(max_digits) - 2;
            max_digits -= lead_zeros;
        } else {
            max_digits += 1;
        }
    } else if mode == Mode::Exponent || max_digits == 0 {
        max_digits = max_digits.saturating_add(1);
    }
    if max_digits > M::MAX_DIGITS {
        trail_zeros = max_digits - M::MAX_DIGITS;
        max_digits = M::MAX_DIGITS;
    }
    let overhead = if mode == Mode::Fixed { 3 } else { M::SHORTEST + 1 };
    trail_zeros = trail_zeros.min(room - max_digits - overhead);
    Plan { mode, upper, exp, max_exp_zeros, max_digits, lead_zeros, trail_zeros }
}

fn digits<M: Machine>(f: f64, plan: Plan) -> Vec<u8> {
    let mut digits = M::SAFE_DIGITS.min(plan.max_digits);
    loop {
        let (attempt, decexp) = attempt(f, plan, digits);
        let mantissa = M::mantissa(f, decexp, digits);
        let text = layout(mantissa, plan, attempt);
        let more = digits < plan.max_digits;
        let check = M::read(&text);
        if check == f {
            return text;
        }
        if M::EXACT {
            if !more {
                return text;
            }
        } else if let Some(text) = search::<M>(f, plan, attempt, mantissa, check) {
            return text;
        }
        digits += 1;
    }
}

/// The layout for so many digits, and the power of ten that makes them an integer.
fn attempt(f: f64, plan: Plan, digits: i32) -> (Try, i32) {
    let extra_zeros = plan.trail_zeros + plan.max_digits - digits;
    let cap = 10u64.saturating_pow(digits.max(1) as u32);
    let mut t = Try { digits, extra_zeros, dec: 0, lead_zeros: None, cap };
    if f == 0.0 {
        return (t, 0);
    }
    if plan.mode != Mode::Fixed {
        return (t, digits - plan.exp - 1);
    }
    let mut decexp = digits - 1;
    if plan.exp >= 0 {
        decexp -= plan.exp;
        t.dec = plan.exp;
    } else if plan.lead_zeros > 0 {
        t.lead_zeros = Some(plan.lead_zeros);
        decexp += plan.lead_zeros + 1;
        t.dec = 255;
    }
    (t, decexp)
}

/// Looks for a mantissa nearby that reads back as the number. Nothing: try with more digits.
fn search<M: Machine>(f: f64, plan: Plan, t: Try, first: u64, check: f64) -> Option<Vec<u8>> {
    let (mut mantissa, mut best) = (first, first);
    let mut diff = M::difference(check, f);
    let mut best_diff = diff;
    let mut range = 1u64;
    if t.digits > M::SAFE_DIGITS {
        range <<= 3 * (t.digits - M::SAFE_DIGITS);
    }
    for _ in 0..3 + 3 * (M::MAX_DIGITS - M::SAFE_DIGITS) {
        mantissa = if diff.is_sign_negative() {
            mantissa.wrapping_add(range)
        } else {
            mantissa.wrapping_sub(range)
        };
        mantissa &= 0xffff_ffff;
        let text = layout(mantissa, plan, t);
        diff = M::difference(M::read(&text), f);
        if diff == 0.0 {
            return Some(text);
        }
        let delta = M::difference(diff.abs(), best_diff.abs());
        if delta.is_sign_negative() || delta == 0.0 && mantissa % 10 == 0 {
            (best_diff, best) = (diff, mantissa);
        }
        if range > 1 {
            range >>= 1;
        } else if t.digits < plan.max_digits {
            return None;
        } else {
            break;
        }
    }
    Some(layout(best, plan, t))
}

/// "0." and zeros.
fn prepend_zeros(out: &mut Vec<u8>, n: i32) {
    out.extend_from_slice(b"0.");
    out.extend((0..n.max(0)).map(|_| b'0'));
}

/// Writes a decimal mantissa with point, zeros and exponent.
fn layout(mut mantissa: u64, plan: Plan, t: Try) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    if let Some(n) = t.lead_zeros {
        prepend_zeros(&mut out, n);
    }
    let (mut digits, mut dec, mut e, mut zeros) =
        (t.digits, t.dec, if plan.mode == Mode::Fixed { 0 } else { plan.exp }, t.extra_zeros);
    if mantissa != 0 && mantissa >= t.cap {
        if plan.mode == Mode::Fixed {
            digits += 1;
            dec += 1;
        } else {
            mantissa /= 10;
            e += 1;
        }
    }
    if plan.mode == Mode::General && e > 0 && e < plan.max_exp_zeros {
        dec += e;
        if dec >= digits {
            zeros = dec - (digits - 1);
        }
        e = 0;
    } else if plan.mode == Mode::General && (-4..0).contains(&e) {
        let mut cut = 0;
        while e < 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            cut += 1;
            e += 1;
        }
        digits -= cut;
        prepend_zeros(&mut out, cut - e - 1);
        dec = 255;
        e = 0;
    }
    let point = put_digits(&mut out, mantissa, digits, dec);
    put_zeros(&mut out, zeros, dec - (digits - 1), point || dec >= 255, plan.mode == Mode::General);
    if plan.mode != Mode::Fixed && (e != 0 || plan.mode == Mode::Exponent) {
        put_exponent(&mut out, e, plan.upper);
    }
    out
}

/// The digits of a mantissa, with a point if it falls between them.
fn put_digits(out: &mut Vec<u8>, mut mantissa: u64, digits: i32, dec: i32) -> bool {
    let at = out.len();
    let mut reversed: Vec<u8> = Vec::with_capacity(24);
    for _ in 0..digits.max(0) {
        reversed.push(b'0' + (mantissa % 10) as u8);
        mantissa /= 10;
    }
    out.extend(reversed.into_iter().rev());
    let point = dec + 1 < digits;
    if point {
        out.insert(at + dec as usize + 1, b'.');
    }
    point
}

/// Zeros behind the digits, the point among them after `before` zeros.
fn put_zeros(out: &mut Vec<u8>, zeros: i32, mut before: i32, mut point: bool, general: bool) {
    for _ in 0..zeros.max(0) {
        if before == 0 {
            out.push(b'.');
            point = true;
        }
        before -= 1;
        out.push(b'0');
    }
    if general && point {
        while out.last() == Some(&b'0') {
            out.pop();
        }
        if out.last() == Some(&b'.') {
            out.pop();
        }
    }
}

fn put_exponent(out: &mut Vec<u8>, e: i32, upper: bool) {
    out.push(if upper { b'E' } else { b'e' });
    out.push(if e < 0 { b'-' } else { b'+' });
    let e = e.unsigned_abs();
    if e >= 100 {
        out.push(b'0' + (e / 100) as u8);
    }
    out.extend([b'0' + (e / 10 % 10) as u8, b'0' + (e % 10) as u8]);
}

/// A decimal number at the front of some text, and how much of it that was. Nothing if an
/// exponent is announced and missing.
pub(crate) fn parse(text: &[u8], single: bool) -> Option<(f64, usize)> {
    if single { parse_as::<Single>(text) } else { parse_as::<Double>(text) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Fraction,
    Exponent,
}

/// Digits taken in so far.
struct Digits {
    mantissa: u64,
    exp: i32,
    max: u64,
}

impl Digits {
    fn accept(&mut self, digit: u64, part: Part) {
        if self.mantissa < self.max {
            if part == Part::Fraction {
                self.exp -= 1;
            }
            self.mantissa = 10 * self.mantissa + digit;
        } else if part == Part::Whole {
            self.exp += 1;
        }
    }
}

pub(super) fn parse_as<M: Machine>(text: &[u8]) -> Option<(f64, usize)> {
    let mut part = Part::Whole;
    let mut d = Digits { mantissa: 0, exp: 0, max: M::MANTISSA_MAX };
    let (mut exp, mut negative) = (0i32, false);
    let (mut whole_zeros, mut fraction_zeros) = (0, 0);
    let mut at = 0;
    while at < text.len() {
        let c = text[at];
        at += 1;
        match c {
            b'0'..=b'9' if part == Part::Exponent => {
                if exp < (i32::MAX / 2 - 9) / 10 {
                    exp = 10 * exp + i32::from(c - b'0');
                }
            }
            b'0'..=b'9' if c == b'0' || d.mantissa >= M::MANTISSA_MAX => {
                if part == Part::Whole {
                    whole_zeros += 1;
                } else {
                    fraction_zeros += 1;
                }
            }
            b'0'..=b'9' => {
                for _ in 0..core::mem::take(&mut whole_zeros) {
                    d.accept(0, Part::Whole);
                }
                for _ in 0..core::mem::take(&mut fraction_zeros) {
                    d.accept(0, Part::Fraction);
                }
                d.accept(u64::from(c - b'0'), part);
            }
            b'.' if part == Part::Whole => part = Part::Fraction,
            b'e' | b'E' if part != Part::Exponent => {
                part = Part::Exponent;
                match text.get(at) {
                    Some(b'+') => at += 1,
                    Some(b'-') => {
                        at += 1;
                        negative = true;
                    }
                    _ => {}
                }
                if at == text.len() {
                    return None;
                }
            }
            b'_' => {}
            _ => {
                at -= 1;
                break;
            }
        }
    }
    let exp = if negative { -exp } else { exp };
    Some((M::scaled(d.mantissa, exp + d.exp + whole_zeros), at))
}
