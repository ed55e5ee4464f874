//! Numbers in text: `float("...")` and `complex("...")`.

use super::text;
use crate::objects::str::split::is_space;

/// One number, and whether it is followed by a `j`.
struct Part<'a> {
    value: f64,
    imaginary: bool,
    rest: &'a [u8],
}

fn skip_space(s: &[u8]) -> &[u8] {
    let n = s.iter().take_while(|b| is_space(**b)).count();
    &s[n..]
}

fn starts(s: &[u8], word: &[u8]) -> bool {
    s.len() >= word.len() && s[..word.len()].eq_ignore_ascii_case(word)
}

fn part(s: &[u8], allow_imaginary: bool, single: bool) -> Option<Part<'_>> {
    let mut s = skip_space(s);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), rest @ ..] = s {
        negative = *sign == b'-';
        s = rest;
    }
    let begin = s;
    let mut value;
    if starts(s, b"inf") {
        value = f64::INFINITY;
        s = &s[3..];
        if starts(s, b"inity") {
            s = &s[5..];
        }
    } else if starts(s, b"nan") {
        value = f64::NAN;
        s = &s[3..];
    } else {
        let n;
        (value, n) = text::parse(s, single)?;
        s = &s[n..];
    }
    let mut imaginary = false;
    if let [b'j' | b'J', rest @ ..] = s
        && allow_imaginary
    {
        if s.len() == begin.len() {
            value = 1.0;
        }
        imaginary = true;
        s = rest;
    }
    if s.len() == begin.len() {
        return None;
    }
    Some(Part { value: if negative { -value } else { value }, imaginary, rest: skip_space(s) })
}

/// A float; nothing if the text is none.
pub(crate) fn parse_float(text: &[u8], single: bool) -> Option<f64> {
    let p = part(text, false, single)?;
    p.rest.is_empty().then_some(p.value)
}

/// A complex number; nothing if the text is none.
pub(crate) fn parse_complex(text: &[u8], single: bool) -> Option<(f64, f64)> {
    let p = part(text, true, single)?;
    if p.rest.is_empty() {
        return Some(if p.imaginary { (0.0, p.value) } else { (p.value, 0.0) });
    }
    if p.imaginary {
        return None;
    }
    let q = part(p.rest, true, single)?;
    (q.rest.is_empty() && q.imaginary).then_some((p.value, q.value))
}
