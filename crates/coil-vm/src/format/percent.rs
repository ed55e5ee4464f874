//! `text % values`

use super::pad::{self, Layout};
use super::spec::{character, number};
use crate::kinds;
use crate::objects::str::text::Text;
use crate::rom::PrintKind;
use crate::vm::{Raised, Res, Vm};
use alloc::format as text_of;
use alloc::vec::Vec;
use coil_heap::Value;

/// The values, and how far they are used.
struct Values {
    items: Vec<Value>,
    dict: Option<Value>,
    next: usize,
}

impl Values {
    fn take(&mut self, vm: &mut Vm) -> Res {
        match self.items.get(self.next) {
            Some(v) => {
                self.next += 1;
                Ok(*v)
            }
            None => Err(vm.type_error("format string needs more arguments")),
        }
    }
}

/// Fills a pattern with values: a tuple, a dict or a single one.
pub(crate) fn format(vm: &mut Vm, pattern: Value, values: Value) -> Res {
    let is_bytes = vm.text_kind(pattern) == Some(Text::Bytes);
    let dict = vm.as_ref_kind(values, kinds::DICT).map(|_| values);
    let items = vm.tuple_items(values).unwrap_or_else(|| alloc::vec![values]);
    let mut values = Values { items, dict, next: 0 };
    let text = vm.text(pattern).to_vec();
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text.as_slice();
    while let Some(at) = memchr::memchr(b'%', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let [b'%', after @ ..] = rest {
            out.push(b'%');
            rest = after;
            continue;
        }
        let mark = vm.mark();
        let (v, layout);
        (v, layout, rest) = parse(vm, rest, &mut values)?;
        let Some((&letter, after)) = rest.split_first() else { return Err(incomplete(vm)) };
        let v = match v {
            Some(v) => v,
            None => values.take(vm)?,
        };
        let index = text.len() - rest.len();
        field(vm, &mut out, v, letter, layout, is_bytes, index)?;
        rest = after;
        vm.release(mark);
    }
    out.extend_from_slice(rest);
    if values.dict.is_none() && values.next != values.items.len() {
        return Err(vm.type_error("format string didn't convert all arguments"));
    }
    vm.new_text(if is_bytes { Text::Bytes } else { Text::Str }, &out)
}

fn incomplete(vm: &mut Vm) -> Raised {
    vm.value_error("incomplete format")
}

type Parsed<'a> = (Option<Value>, Layout, &'a [u8]);

/// Everything between the percent sign and the letter.
fn parse<'a>(vm: &mut Vm, mut s: &'a [u8], values: &mut Values) -> Result<Parsed<'a>, Raised> {
    let mut found = None;
    if let [b'(', rest @ ..] = s {
        let Some(dict) = values.dict else { return Err(vm.type_error("format needs a dict")) };
        values.next = 1;
        let Some(end) = memchr::memchr(b')', rest) else {
            return Err(vm.value_error("incomplete format key"));
        };
        let key = vm.intern_text(&rest[..end])?;
        let v = vm.get_item(dict, key.into())?;
        vm.root(v);
        found = Some(v);
        s = &rest[end + 1..];
    }
    let mut layout = Layout::PLAIN;
    while let [flag, rest @ ..] = s {
        match flag {
            b'-' => layout.left = true,
            b'+' => layout.sign = b'+',
            b' ' if layout.sign == 0 => layout.sign = b' ',
            b' ' => {}
            b'#' => layout.prefix = true,
            b'0' => (layout.after_sign, layout.fill) = (true, b'0'),
            _ => break,
        }
        s = rest;
    }
    (layout.width, s) = size(vm, s, values, 0)?;
    if let [b'.', rest @ ..] = s {
        (layout.precision, s) =
            if rest.is_empty() { (-1, rest) } else { size(vm, rest, values, 0)? };
    }
    Ok((found, layout, s))
}

/// A width or precision: a number, or `*` for the next value.
fn size<'a>(
    vm: &mut Vm,
    s: &'a [u8],
    values: &mut Values,
    default: i32,
) -> Result<(i32, &'a [u8]), Raised> {
    if let [b'*', rest @ ..] = s {
        let v = values.take(vm)?;
        let n = vm.expect_int(v)?;
        return Ok((n.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32, rest));
    }
    let (n, rest) = number(s);
    Ok((n.unwrap_or(default), rest))
}

/// One value as its letter says.
fn field(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    v: Value,
    letter: u8,
    layout: Layout,
    is_bytes: bool,
    index: usize,
) -> Result<(), Raised> {
    let spaced = Layout { fill: b' ', after_sign: false, ..layout };
    match letter {
        b'c' => {
            if vm.text_kind(v) == Some(Text::Str) {
                let text = vm.text(v).to_vec();
                if text.len() != 1 {
                    return Err(vm.type_error("%c needs int or char"));
                }
                return pad::text(vm, out, &text, spaced);
            }
            if vm.is_int(v) || v == Value::TRUE || v == Value::FALSE {
                return character(vm, out, v, spaced);
            }
            Err(vm.type_error("integer needed"))
        }
        b'd' | b'i' | b'u' => {
            let v = match vm.as_float(v) {
                Some(f) => vm.int_from_float(f)?,
                None => v,
            };
            pad::int(vm, out, v, 10, false, Layout { prefix: false, ..layout })
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
            let f = vm.expect_float(v)?;
            pad::float(vm, out, f, letter, layout)
        }
        b'o' => pad::int(vm, out, v, 8, false, layout),
        b'x' | b'X' => pad::int(vm, out, v, 16, letter == b'X', layout),
        b'r' | b's' => {
            let mut text = Vec::new();
            if letter == b's' && is_bytes && vm.text_kind(v) == Some(Text::Bytes) {
                text.extend_from_slice(vm.text(v));
            } else {
                vm.print(
                    v,
                    &mut text,
                    if letter == b'r' { PrintKind::Repr } else { PrintKind::Str },
                )?;
            }
            if let Ok(n) = usize::try_from(layout.precision) {
                text.truncate(n);
            }
            pad::text(vm, out, &text, spaced)
        }
        _ => Err(vm.value_error(&text_of!(
            "unsupported format character '{}' (0x{letter:x}) at index {index}",
            char::from(letter)
        ))),
    }
}
