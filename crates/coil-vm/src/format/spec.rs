//! Format specifications: `[[fill]align][sign][#][0][width][,_][.precision][type]`.

use super::pad::{self, Layout};
use super::unknown_code;
use crate::objects::str::text::Text;
use crate::objects::str::utf8;
use crate::types;
use crate::vm::{Raised, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// A decimal number in front of some text, as a C int, and what follows.
pub(crate) fn number(text: &[u8]) -> (Option<i32>, &[u8]) {
    let n = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = text[..n]
        .iter()
        .fold(0i32, |v, d| v.saturating_mul(10).saturating_add(i32::from(d - b'0')));
    ((n > 0).then_some(value), &text[n..])
}

/// A specification taken apart.
struct Spec {
    layout: Layout,
    align: u8,
    letter: u8,
}

const fn is_align(b: u8) -> bool {
    matches!(b, b'<' | b'>' | b'=' | b'^')
}

fn parse(mut s: &[u8], numeric: bool) -> Option<Spec> {
    let mut layout = Layout { fill: 0, width: -1, ..Layout::PLAIN };
    let mut align = 0;
    match s {
        [a, rest @ ..] if is_align(*a) => (align, s) = (*a, rest),
        [f, a, rest @ ..] if is_align(*a) => (layout.fill, align, s) = (*f, *a, rest),
        _ => {}
    }
    if let [sign @ (b'+' | b'-' | b' '), rest @ ..] = s {
        layout.sign = if *sign == b'-' { 0 } else { *sign };
        s = rest;
    }
    if let [b'#', rest @ ..] = s {
        layout.prefix = true;
        s = rest;
    }
    if s.first() == Some(&b'0') {
        if align == 0 && numeric {
            align = b'=';
        }
        if layout.fill == 0 {
            layout.fill = b'0';
        }
    }
    let width;
    (width, s) = number(s);
    layout.width = width.unwrap_or(-1);
    if let [sep @ (b',' | b'_'), rest @ ..] = s {
        layout.separator = *sep;
        s = rest;
    }
    if let [b'.', rest @ ..] = s {
        let precision;
        (precision, s) = number(rest);
        layout.precision = precision.unwrap_or(-1);
    }
    let mut letter = 0;
    if let [l, rest @ ..] = s
        && b"bcdeEfFgGnosxX%".contains(l)
    {
        (letter, s) = (*l, rest);
    }
    if layout.fill == 0 {
        layout.fill = b' ';
    }
    s.is_empty().then_some(Spec { layout, align, letter })
}

/// Appends a value as a specification says.
pub(crate) fn apply(vm: &mut Vm, v: Value, spec: &[u8], out: &mut Vec<u8>) -> Result<(), Raised> {
    let integer = vm.is_int(v) || v == Value::TRUE || v == Value::FALSE;
    let float = vm.as_float(v);
    let numeric = integer || float.is_some();
    let Some(Spec { mut layout, mut align, letter }) = parse(spec, numeric) else {
        return Err(vm.value_error("invalid format specifier"));
    };
    if align == 0 {
        align = if numeric { b'>' } else { b'<' };
    }
    if layout.sign != 0 && letter == b's' {
        return Err(vm.value_error("sign not allowed in string format specifier"));
    }
    if layout.sign != 0 && letter == b'c' {
        return Err(vm.value_error("sign not allowed with integer format specifier 'c'"));
    }
    match align {
        b'<' => layout.left = true,
        b'=' => layout.after_sign = true,
        b'^' => layout.center = true,
        _ => {}
    }
    if integer {
        let layout = Layout { precision: 0, ..layout };
        match letter {
            b'b' => return pad::int(vm, out, v, 2, false, layout),
            b'o' => return pad::int(vm, out, v, 8, false, layout),
            b'x' | b'X' => return pad::int(vm, out, v, 16, letter == b'X', layout),
            0 | b'n' | b'd' => return pad::int(vm, out, v, 10, false, layout),
            b'c' => return character(vm, out, v, layout),
            b's' => return Err(unknown_code(vm, letter, v)),
            _ => {}
        }
    }
    if numeric {
        let f = vm.expect_float(v)?;
        return match letter {
            0 | b'n' => pad::float(vm, out, f, b'g', layout),
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => pad::float(vm, out, f, letter, layout),
            b'%' => {
                let hundred = vm.rounded(f * 100.0);
                pad::float(vm, out, hundred, b'f', Layout { percent: true, ..layout })
            }
            _ => Err(unknown_code(vm, letter, v)),
        };
    }
    if align == b'=' {
        return Err(vm.value_error("'=' alignment not allowed in string format specifier"));
    }
    if letter != 0 && letter != b's' {
        return Err(unknown_code(vm, letter, v));
    }
    if !matches!(vm.text_kind(v), Some(Text::Str | Text::Bytes)) {
        return Err(vm.no_implicit_text(v));
    }
    let mut body = vm.text(v).to_vec();
    if let Ok(n) = usize::try_from(layout.precision) {
        body.truncate(n);
    }
    pad::text(vm, out, &body, layout)
}

/// Appends the character with a code point.
pub(crate) fn character(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    v: Value,
    layout: Layout,
) -> Result<(), Raised> {
    let c = vm.expect_int(v)?;
    match u32::try_from(c).ok().filter(|c| *c < 0x11_0000) {
        Some(c) => pad::text(vm, out, &utf8::encode(c), layout),
        None => Err(vm.raise_args(types::OVERFLOW_ERROR, "char not in range(0x110000)")),
    }
}
