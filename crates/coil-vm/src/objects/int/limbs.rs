//! Arithmetic of ints of moderate size on their digits where they lie: no copy, no allocation but
//! the result's. Longer ones, and what takes a real division, are computed in `big.rs`.

use crate::kinds;
use crate::rom::Binary;
use crate::vm::{Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Header, Value};
use core::cmp::Ordering;

/// Words of an operand, at most: products of longer ones are better computed in other ways.
const MOST: usize = 256;

/// A result: sign and words, the lowest first.
struct Out {
    negative: bool,
    words: Vec<u64>,
}

/// An operator on two ints, one of them big or the result; nothing if it takes more than this.
pub(crate) fn arith(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Option<Res> {
    // The words of the last result are used again.
    let mut out = Out { negative: false, words: core::mem::take(&mut vm.digits) };
    out.words.clear();
    let made = match compute(vm, op, a, b, &mut out) {
        Some(Done::Int) => Some(vm.new_int_of_words(out.negative, &out.words)),
        Some(Done::Bool(v)) => Some(Ok(Value::bool(v))),
        None => None,
    };
    vm.digits = out.words;
    made
}

/// What an operator came to.
enum Done {
    Int,
    Bool(bool),
}

fn compute(vm: &Vm, op: Binary, a: Value, b: Value, out: &mut Out) -> Option<Done> {
    let (mut small_a, mut small_b) = ([0], [0]);
    let (minus_x, x) = digits(vm, a, &mut small_a)?;
    let (minus_y, y) = digits(vm, b, &mut small_b)?;
    if x.len() > MOST || y.len() > MOST {
        return None;
    }
    let order = |less: fn(Ordering) -> bool| {
        let magnitudes = compare(x, y);
        let order = match (minus_x, minus_y) {
            (false, false) => magnitudes,
            (true, true) => magnitudes.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        };
        Some(Done::Bool(less(order)))
    };
    match op {
        Binary::Lt => return order(Ordering::is_lt),
        Binary::Le => return order(Ordering::is_le),
        Binary::Gt => return order(Ordering::is_gt),
        Binary::Ge => return order(Ordering::is_ge),
        Binary::Eq => return order(Ordering::is_eq),
        Binary::Ne => return order(Ordering::is_ne),
        Binary::Add => out.sum((minus_x, x), (minus_y, y)),
        Binary::Sub => out.sum((minus_x, x), (!minus_y, y)),
        Binary::Mul => {
            out.negative = minus_x != minus_y;
            out.product(x, y);
        }
        Binary::FloorDiv | Binary::Mod if !minus_x && !minus_y && !y.is_empty() => {
            out.divide(x, y, op == Binary::Mod);
        }
        Binary::And | Binary::Or | Binary::Xor if !minus_x && !minus_y => out.bitwise(op, x, y),
        Binary::LShift if y.len() <= 1 && !minus_y => {
            let n = usize::try_from(y.first().copied().unwrap_or(0)).ok()?;
            if n / 64 > MOST {
                return None;
            }
            out.negative = minus_x;
            out.shift_left(x, n);
        }
        Binary::RShift if y.len() <= 1 && !minus_x && !minus_y => {
            let n = u32::try_from(y.first().copied().unwrap_or(0)).ok()?;
            out.shift_right(x, i32::try_from(n).ok()? as usize);
        }
        _ => return None,
    }
    Some(Done::Int)
}

impl Vm {
    /// Makes an int from the words of its magnitude, the lowest first.
    fn new_int_of_words(&mut self, negative: bool, words: &[u64]) -> Res {
        let n = words.iter().rposition(|w| *w != 0).map_or(0, |at| at + 1);
        let words = &words[..n];
        match *words {
            [] => return Ok(Value::int(0)),
            [low] => {
                let i = if negative { -i128::from(low) } else { i128::from(low) };
                if let Some(v) = i64::try_from(i).ok().and_then(Value::try_int) {
                    return Ok(v);
                }
            }
            _ => {}
        }
        let bytes = 8 * n - words[n - 1].leading_zeros() as usize / 8;
        let len = self.checked_len(bytes)?;
        let r = self.alloc(Header::new(kinds::BIGINT, u8::from(negative), 0, len))?;
        for (i, w) in words.iter().enumerate() {
            self.heap.set(r, i, Value::from_bits(w.to_le()));
        }
        Ok(r.into())
    }
}

/// Sign and magnitude of an int that is no bool, without leading zeros.
#[inline]
fn digits<'a>(vm: &'a Vm, v: Value, small: &'a mut [u64; 1]) -> Option<(bool, &'a [u64])> {
    if let Some(i) = v.as_int() {
        small[0] = i.unsigned_abs();
        return Some((i < 0, if i == 0 { &[] } else { small }));
    }
    let r = vm.as_ref_kind(v, kinds::BIGINT)?;
    Some((vm.heap.header(r).flags() & 1 != 0, vm.heap.raw_words(r)))
}

fn compare(x: &[u64], y: &[u64]) -> Ordering {
    x.len().cmp(&y.len()).then_with(|| x.iter().rev().cmp(y.iter().rev()))
}

impl Out {
    fn sum(&mut self, (minus_x, x): (bool, &[u64]), (minus_y, y): (bool, &[u64])) {
        self.negative = minus_x;
        if minus_x == minus_y {
            self.add(x, y);
        } else if compare(x, y).is_lt() {
            self.negative = minus_y;
            self.subtract(y, x);
        } else {
            self.subtract(x, y);
        }
    }

    fn add(&mut self, x: &[u64], y: &[u64]) {
        let (long, short) = if x.len() >= y.len() { (x, y) } else { (y, x) };
        let (low, high) = long.split_at(short.len());
        let mut carry = false;
        self.words.reserve(long.len() + 1);
        for (&a, &b) in low.iter().zip(short) {
            let (s, c1) = a.overflowing_add(b);
            let (s, c2) = s.overflowing_add(u64::from(carry));
            carry = c1 | c2;
            self.words.push(s);
        }
        for &a in high {
            let (s, c) = a.overflowing_add(u64::from(carry));
            carry = c;
            self.words.push(s);
        }
        self.words.push(u64::from(carry));
    }

    /// The difference of two magnitudes, the first of which is not the smaller one.
    fn subtract(&mut self, x: &[u64], y: &[u64]) {
        self.words.extend_from_slice(x);
        subtract_from(&mut self.words, y);
    }

    fn product(&mut self, x: &[u64], y: &[u64]) {
        self.words.resize(x.len() + y.len(), 0);
        for (i, &a) in x.iter().enumerate() {
            let row = &mut self.words[i..=i + y.len()];
            let mut carry = 0u128;
            for (place, &b) in row.iter_mut().zip(y) {
                let t = u128::from(a) * u128::from(b) + u128::from(*place) + carry;
                *place = t as u64;
                carry = t >> 64;
            }
            if let Some(last) = row.last_mut() {
                *last = carry as u64;
            }
        }
    }

    /// Quotient, or remainder, of two magnitudes; the divisor is not zero.
    fn divide(&mut self, x: &[u64], y: &[u64], rest: bool) {
        match *y {
            [y] if y <= u64::from(u32::MAX) => self.divide_by_half(x, y, rest),
            _ if compare(x, y).is_lt() => {
                if rest {
                    self.words.extend_from_slice(x);
                }
            }
            _ => self.divide_long(x, y, rest),
        }
    }

    /// By a divisor of half a word: machine divisions do.
    fn divide_by_half(&mut self, x: &[u64], by: u64, rest: bool) {
        self.words.resize(x.len(), 0);
        let mut left = 0;
        for (place, &w) in self.words.iter_mut().zip(x).rev() {
            let high = (left << 32) | (w >> 32);
            let low = ((high % by) << 32) | (w & 0xffff_ffff);
            *place = ((high / by) << 32) | (low / by);
            left = low % by;
        }
        if rest {
            self.words.clear();
            self.words.push(left);
        }
    }

    /// Knuth's algorithm D on words of 64 bits: the dividend becomes the remainder from above.
    fn divide_long(&mut self, x: &[u64], y: &[u64], rest: bool) {
        let n = y.len();
        let shift = y[n - 1].leading_zeros();
        let mut divisor = Self { negative: false, words: Vec::with_capacity(n + 1) };
        divisor.shift_left(y, shift as usize);
        let by = &divisor.words[..n];
        let (top, next) = (u128::from(by[n - 1]), if n > 1 { u128::from(by[n - 2]) } else { 0 });
        // The dividend, a word longer.
        self.shift_left(x, shift as usize);
        let count = x.len() - n + 1;
        let mut quotient = Vec::new();
        for j in (0..count).rev() {
            let part = &mut self.words[j..=j + n];
            let high = u128::from(part[n]) << 64 | u128::from(part[n - 1]);
            let below = if n > 1 { u128::from(part[n - 2]) } else { 0 };
            let (mut guess, mut left) = (high / top, high % top);
            while guess >> 64 != 0 || guess * next > (left << 64 | below) {
                guess -= 1;
                left += top;
                if left >> 64 != 0 {
                    break;
                }
            }
            let mut guess = guess as u64;
            if subtract_multiple(part, by, guess) {
                guess -= 1;
                add_to(part, by);
            }
            quotient.push(guess);
        }
        if rest {
            let mut left = Self { negative: false, words: Vec::with_capacity(n) };
            left.shift_right(&self.words[..n], shift as usize);
            *self = left;
        } else {
            quotient.reverse();
            self.words = quotient;
        }
    }

    fn bitwise(&mut self, op: Binary, x: &[u64], y: &[u64]) {
        for i in 0..x.len().max(y.len()) {
            let (a, b) = (x.get(i).copied().unwrap_or(0), y.get(i).copied().unwrap_or(0));
            self.words.push(match op {
                Binary::And => a & b,
                Binary::Or => a | b,
                _ => a ^ b,
            });
        }
    }

    fn shift_left(&mut self, x: &[u64], n: usize) {
        let bits = n as u32 % 64;
        self.words.resize(if x.is_empty() { 0 } else { n / 64 }, 0);
        let mut carry = 0;
        for &w in x {
            self.words.push(w << bits | carry);
            carry = if bits == 0 { 0 } else { w >> (64 - bits) };
        }
        self.words.push(carry);
    }

    fn shift_right(&mut self, x: &[u64], n: usize) {
        let (words, bits) = (n / 64, n as u32 % 64);
        for i in words..x.len() {
            let above = x.get(i + 1).copied().unwrap_or(0);
            let moved = if bits == 0 { 0 } else { above << (64 - bits) };
            self.words.push(x[i] >> bits | moved);
        }
    }
}

/// Takes a magnitude from one that is not smaller.
fn subtract_from(x: &mut [u64], y: &[u64]) {
    let mut borrow = false;
    for (i, place) in x.iter_mut().enumerate() {
        let taken = match y.get(i) {
            Some(w) => *w,
            None if !borrow => return,
            None => 0,
        };
        let (d, b1) = place.overflowing_sub(taken);
        let (d, b2) = d.overflowing_sub(u64::from(borrow));
        borrow = b1 | b2;
        *place = d;
    }
}

/// Takes a multiple of `y` from the words of `x`, which has one more; whether that was too much.
fn subtract_multiple(x: &mut [u64], y: &[u64], times: u64) -> bool {
    let (mut carry, mut borrow) = (0u128, false);
    for (i, place) in x.iter_mut().enumerate() {
        let t = u128::from(y.get(i).copied().unwrap_or(0)) * u128::from(times) + carry;
        carry = t >> 64;
        let (d, b1) = place.overflowing_sub(t as u64);
        let (d, b2) = d.overflowing_sub(u64::from(borrow));
        borrow = b1 | b2;
        *place = d;
    }
    borrow
}

/// Adds `y` to the words of `x`, which has one more; what goes beyond them is lost.
fn add_to(x: &mut [u64], y: &[u64]) {
    let mut carry = false;
    for (i, place) in x.iter_mut().enumerate() {
        let (s, c1) = place.overflowing_add(y.get(i).copied().unwrap_or(0));
        let (s, c2) = s.overflowing_add(u64::from(carry));
        carry = c1 | c2;
        *place = s;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::UBig;

    fn big(words: &[u64]) -> UBig {
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        UBig::from_le_bytes(&bytes)
    }

    fn of(compute: impl FnOnce(&mut Out)) -> UBig {
        let mut out = Out { negative: false, words: Vec::new() };
        compute(&mut out);
        big(&out.words)
    }

    #[test]
    fn results_are_those_of_the_library() {
        let mut seed = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            match seed >> 61 {
                0 => 0,
                1 => u64::MAX,
                _ => seed,
            }
        };
        let mut number = |n: usize| -> Vec<u64> {
            let mut words: Vec<u64> = (0..n).map(|_| next()).collect();
            while words.last() == Some(&0) {
                words.pop();
            }
            words
        };
        for round in 0..4000 {
            let (x, y) = (number(round % 40), number(round / 7 % 40));
            let (a, b) = (big(&x), big(&y));
            assert_eq!(compare(&x, &y), a.cmp(&b));
            assert_eq!(of(|o| o.add(&x, &y)), &a + &b);
            assert_eq!(of(|o| o.product(&x, &y)), &a * &b);
            let (most, least) = if a >= b { (&x, &y) } else { (&y, &x) };
            assert_eq!(of(|o| o.subtract(most, least)), big(most) - big(least));
            for by in [number(1), number(2), y.clone(), x.clone()] {
                if by.is_empty() {
                    continue;
                }
                assert_eq!(of(|o| o.divide(&x, &by, false)), &a / big(&by));
                assert_eq!(of(|o| o.divide(&x, &by, true)), &a % big(&by));
            }
            assert_eq!(of(|o| o.bitwise(Binary::And, &x, &y)), &a & &b);
            assert_eq!(of(|o| o.bitwise(Binary::Xor, &x, &y)), &a ^ &b);
            let n = round % 300;
            assert_eq!(of(|o| o.shift_left(&x, n)), &a << n);
            assert_eq!(of(|o| o.shift_right(&x, n)), &a >> n);
        }
    }
}
