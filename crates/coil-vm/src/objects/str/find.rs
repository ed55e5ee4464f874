//! Looking for parts of texts: find and index, count, prefixes, stripping.

use super::text::Text;
use super::utf8;
use crate::rom::Args;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// Where a needle is first in a haystack.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [c] => memchr::memchr(*c, hay),
        _ => memchr::memmem::find(hay, needle),
    }
}

/// Where a needle is last in a haystack.
pub(crate) fn find_last(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(hay.len()),
        [c] => memchr::memrchr(*c, hay),
        _ => memchr::memmem::rfind(hay, needle),
    }
}

/// What is to be found: a text like the haystack, or one byte as an int.
fn needle(vm: &mut Vm, this: Text, v: Value) -> Result<Vec<u8>, Raised> {
    if this != Text::Str
        && vm.text_kind(v).is_none()
        && let Some(i) = vm.try_int_like(v)?
    {
        return match u8::try_from(i) {
            Ok(b) => Ok(alloc::vec![b]),
            Err(_) => Err(vm.value_error("bytes value out of range")),
        };
    }
    vm.expect_same_text(this, v)?;
    Ok(vm.text(v).to_vec())
}

/// The position of a part, in characters.
fn position(vm: &mut Vm, args: Args, last: bool) -> Result<Option<i64>, Raised> {
    let v = vm.arg(args, 0);
    let this = vm.this_text(v)?;
    let needle = needle(vm, this, vm.arg(args, 1))?;
    let (start, end) = vm.text_range(this, args, 2)?;
    if end < start {
        return Ok(None);
    }
    let text = vm.text(v);
    let hay = &text[start..end];
    let found = if last { find_last(hay, &needle) } else { find(hay, &needle) };
    Ok(found.map(|at| {
        let at = start + at;
        let wide = this == Text::Str && !vm.str_is_ascii(v);
        (if wide { utf8::char_count(&text[..at]) } else { at }) as i64
    }))
}

pub(crate) fn find_method(vm: &mut Vm, args: Args) -> Res {
    position(vm, args, false).map(|p| Value::int(p.unwrap_or(-1)))
}

pub(crate) fn rfind(vm: &mut Vm, args: Args) -> Res {
    position(vm, args, true).map(|p| Value::int(p.unwrap_or(-1)))
}

pub(crate) fn index(vm: &mut Vm, args: Args) -> Res {
    match position(vm, args, false)? {
        Some(p) => Ok(Value::int(p)),
        None => Err(vm.value_error("substring not found")),
    }
}

pub(crate) fn rindex(vm: &mut Vm, args: Args) -> Res {
    match position(vm, args, true)? {
        Some(p) => Ok(Value::int(p)),
        None => Err(vm.value_error("substring not found")),
    }
}

pub(crate) fn count(vm: &mut Vm, args: Args) -> Res {
    let (v, sub) = (vm.arg(args, 0), vm.arg(args, 1));
    let this = vm.this_text(v)?;
    vm.expect_same_text(this, sub)?;
    let (start, end) = vm.text_range(this, args, 2)?;
    let hay = vm.text(v).get(start..end).unwrap_or_default();
    let n = match vm.text(sub) {
        [] => utf8::char_count(hay) + 1,
        [c] => memchr::memchr_iter(*c, hay).count(),
        needle => memchr::memmem::find_iter(hay, needle).count(),
    };
    Ok(Value::int(n as i64))
}

fn affix(vm: &mut Vm, args: Args, at_end: bool) -> Res {
    let (v, affixes) = (vm.arg(args, 0), vm.arg(args, 1));
    let this = vm.this_text(v)?;
    let (start, end) = vm.text_range(this, args, 2)?;
    let all = if vm.as_ref_kind(affixes, crate::kinds::TUPLE).is_some() {
        vm.tuple_items(affixes).unwrap_or_default()
    } else {
        alloc::vec![affixes]
    };
    for a in all {
        vm.expect_text(a)?;
        let part = vm.text(v).get(start..end).unwrap_or_default();
        let a = vm.text(a);
        if if at_end { part.ends_with(a) } else { part.starts_with(a) } {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub(crate) fn startswith(vm: &mut Vm, args: Args) -> Res {
    affix(vm, args, false)
}

pub(crate) fn endswith(vm: &mut Vm, args: Args) -> Res {
    affix(vm, args, true)
}

fn strip_sides(vm: &mut Vm, args: Args, left: bool, right: bool) -> Res {
    let v = vm.arg(args, 0);
    let this = vm.this_text(v)?;
    let chars = if args.n > 1 {
        let chars = vm.arg(args, 1);
        vm.expect_same_text(this, chars)?;
        vm.text(chars).to_vec()
    } else {
        b" \t\n\r\x0b\x0c".to_vec()
    };
    let text = vm.text(v);
    let keeps = |b: &u8| !chars.contains(b);
    let Some(first) = text.iter().position(keeps) else {
        return if text.is_empty() && this != Text::ByteArray {
            Ok(v)
        } else {
            vm.empty_text(this)
        };
    };
    let last = text.iter().rposition(keeps).expect("there is a first one to keep");
    let n = text.len();
    let (start, end) = (if left { first } else { 0 }, if right { last + 1 } else { n });
    if end - start == n { Ok(v) } else { vm.sub_text(this, v, start, end) }
}

pub(crate) fn strip(vm: &mut Vm, args: Args) -> Res {
    strip_sides(vm, args, true, true)
}

pub(crate) fn lstrip(vm: &mut Vm, args: Args) -> Res {
    strip_sides(vm, args, true, false)
}

pub(crate) fn rstrip(vm: &mut Vm, args: Args) -> Res {
    strip_sides(vm, args, false, true)
}
