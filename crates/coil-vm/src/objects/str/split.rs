//! Taking texts apart and putting them together: split, partition, join, replace.

use super::find::{find, find_last};
use super::text::Text;
use crate::kinds;
use crate::rom::Args;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Header, Ref, Value};

/// Whether a byte is white space.
pub(crate) const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Ranges of bytes in a text.
type Parts = Vec<(usize, usize)>;

/// A list of parts of a text.
fn list_of(vm: &mut Vm, this: Text, v: Value, parts: &Parts) -> Res {
    let list = vm.new_list_with_room(parts.len())?;
    let r = list.as_ref().expect("a list is an object");
    let mark = vm.mark();
    for &(start, end) in parts {
        let part = vm.sub_text(this, v, start, end)?;
        vm.list_append(r, part)?;
        vm.release(mark);
    }
    Ok(list)
}

fn split_spaces(text: &[u8], mut max: usize) -> Parts {
    let mut parts = Parts::new();
    let skip = |from: usize| {
        text[from..].iter().position(|b| !is_space(*b)).map_or(text.len(), |n| from + n)
    };
    let mut at = skip(0);
    while at < text.len() && max != 0 {
        let end = text[at..].iter().position(|b| is_space(*b)).map_or(text.len(), |n| at + n);
        parts.push((at, end));
        at = skip(end);
        max -= 1;
    }
    if at < text.len() {
        parts.push((at, text.len()));
    }
    parts
}

fn split_at(text: &[u8], sep: &[u8], max: usize) -> Parts {
    let mut parts = Parts::new();
    let mut at = 0;
    while parts.len() < max
        && let Some(n) = find(&text[at..], sep)
    {
        parts.push((at, at + n));
        at += n + sep.len();
    }
    parts.push((at, text.len()));
    parts
}

fn rsplit_at(text: &[u8], sep: &[u8], max: usize) -> Parts {
    let mut parts = Parts::new();
    let mut end = text.len();
    while parts.len() < max
        && let Some(n) = find_last(&text[..end], sep)
    {
        parts.push((n + sep.len(), end));
        end = n;
    }
    parts.push((0, end));
    parts.reverse();
    parts
}

/// The separator's bytes, or ValueError if there is none.
fn separator(vm: &mut Vm, sep: Value) -> Result<Vec<u8>, Raised> {
    let text = vm.text(sep).to_vec();
    if text.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(text) }
}

/// How often to split at most.
fn limit(vm: &mut Vm, args: Args) -> Result<usize, Raised> {
    if args.n < 3 {
        return Ok(usize::MAX);
    }
    let n = vm.expect_int(vm.arg(args, 2))?;
    Ok(usize::try_from(n).unwrap_or(usize::MAX))
}

pub(crate) fn split(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let this = vm.this_text(v)?;
    let max = limit(vm, args)?;
    let sep = vm.arg(args, 1);
    let parts = if sep.is_null() || sep == Value::NONE {
        split_spaces(vm.text(v), max)
    } else {
        vm.expect_same_text(this, sep)?;
        vm.expect_text(sep)?;
        let sep = separator(vm, sep)?;
        split_at(vm.text(v), &sep, max)
    };
    list_of(vm, this, v, &parts)
}

pub(crate) fn rsplit(vm: &mut Vm, args: Args) -> Res {
    let max = limit(vm, args)?;
    if max == usize::MAX {
        return split(vm, args);
    }
    let (v, sep) = (vm.arg(args, 0), vm.arg(args, 1));
    let this = vm.this_text(v)?;
    if sep == Value::NONE {
        return Err(vm.raise_args(crate::types::NOT_IMPLEMENTED_ERROR, "rsplit(None,n)"));
    }
    vm.expect_text(sep)?;
    let sep = separator(vm, sep)?;
    let parts = rsplit_at(vm.text(v), &sep, max);
    list_of(vm, this, v, &parts)
}

pub(crate) fn splitlines(vm: &mut Vm, args: Args) -> Res {
    let (v, keep) = (vm.arg(args, 0), vm.arg(args, 1));
    let this = vm.this_text(v)?;
    let keep = !keep.is_null() && vm.truth(keep)?;
    let text = vm.text(v);
    let mut parts = Parts::new();
    let mut at = 0;
    while at < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |n| at + n);
        let next = match &text[end..] {
            [b'\r', b'\n', ..] => end + 2,
            [] => end,
            _ => end + 1,
        };
        parts.push((at, if keep { next } else { end }));
        at = next;
    }
    list_of(vm, this, v, &parts)
}

fn partition_at(vm: &mut Vm, args: Args, last: bool) -> Res {
    let (v, sep) = (vm.arg(args, 0), vm.arg(args, 1));
    let this = vm.this_text(v)?;
    vm.expect_same_text(this, sep)?;
    let needle = separator(vm, sep)?;
    let text = vm.text(v);
    let n = text.len();
    let found = if last { find_last(text, &needle) } else { find(text, &needle) };
    let Some(at) = found else {
        let empty = vm.empty_text(this)?;
        let parts = if last { [empty, empty, v] } else { [v, empty, empty] };
        return vm.new_tuple(&parts);
    };
    let sep = if vm.text_kind(sep) == Some(this) { sep } else { vm.new_text(this, &needle)? };
    let before = vm.sub_text(this, v, 0, at)?;
    let after = vm.sub_text(this, v, at + needle.len(), n)?;
    vm.new_tuple(&[before, sep, after])
}

pub(crate) fn partition(vm: &mut Vm, args: Args) -> Res {
    partition_at(vm, args, false)
}

pub(crate) fn rpartition(vm: &mut Vm, args: Args) -> Res {
    partition_at(vm, args, true)
}

pub(crate) fn join(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let this = vm.this_text(v)?;
    let items = vm.collect_iterable(vm.arg(args, 1))?;
    let sep_len = vm.text(v).len();
    let mut total = sep_len * items.len().saturating_sub(1);
    let mut ascii = this == Text::Str && (items.len() < 2 || vm.str_is_ascii(v));
    for &item in &items {
        match vm.text_kind(item) {
            Some(t) if (t == Text::Str) == (this == Text::Str) => {}
            _ => {
                return Err(vm.type_error(
                    "join expects a list of str/bytes objects consistent with self object",
                ));
            }
        }
        total += vm.text(item).len();
        ascii = ascii && vm.str_is_ascii(item);
    }
    vm.check_room(total)?;
    if total < 2 || this == Text::ByteArray {
        let sep = vm.text(v).to_vec();
        let pieces: Vec<&[u8]> = items.iter().map(|i| vm.text(*i)).collect();
        let joined = pieces.join(&sep[..]);
        return vm.new_text(this, &joined);
    }
    let kind = if this == Text::Str { kinds::STR } else { kinds::BYTES };
    let flags = if ascii { super::ASCII } else { 0 };
    let len = vm.checked_len(total)?;
    let r = vm.alloc(Header::new(kind, flags, 0, len))?;
    let mut at = 0;
    for (i, &item) in items.iter().enumerate() {
        if i > 0 && sep_len > 0 {
            at = put(vm, v, r, at);
        }
        at = put(vm, item, r, at);
    }
    Ok(r.into())
}

/// Copies a text into an object; gives the place behind it.
fn put(vm: &mut Vm, v: Value, to: Ref, at: usize) -> usize {
    let Some(b) = vm.buffer(v) else { return at };
    vm.copy_buffer(b, 0, b.len, to, at);
    at + b.len
}

pub(crate) fn replace(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let this = vm.this_text(v)?;
    let mut max = usize::MAX;
    if args.n == 4 {
        let n = vm.expect_int(vm.arg(args, 3))?;
        if n == 0 {
            return Ok(v);
        }
        max = usize::try_from(n).unwrap_or(usize::MAX);
    }
    let (old, new) = (vm.arg(args, 1), vm.arg(args, 2));
    vm.expect_same_text(this, old)?;
    vm.expect_same_text(this, new)?;
    let text = vm.text(v);
    let (old, new) = (vm.text(old), vm.text(new));
    if old.len() > text.len() {
        return Ok(v);
    }
    let done = if old.is_empty() {
        let places = (text.len() + 1).min(max);
        let room = text.len().saturating_add(places.saturating_mul(new.len()));
        vm_room(vm, room).map(|()| between(text, new, places))
    } else {
        let n = memchr::memmem::find_iter(text, old).take(max).count();
        if n == 0 {
            return Ok(v);
        }
        let room = (text.len() - n * old.len()).saturating_add(n.saturating_mul(new.len()));
        vm_room(vm, room).map(|()| replaced(text, old, new, n, room))
    };
    match done {
        Ok(text) => vm.new_text(this, &text),
        Err(n) => Err(vm.check_room(n).err().unwrap_or(Raised)),
    }
}

/// Whether a result could fit the heap at all; else its size.
fn vm_room(vm: &Vm, n: usize) -> Result<(), usize> {
    if n > 1024 && n as u64 > u64::from(vm.heap.max_bytes()) { Err(n) } else { Ok(()) }
}

/// The new text in front of each of the first bytes, and at the end if it is reached.
fn between(text: &[u8], new: &[u8], places: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + places * new.len());
    for (i, b) in text.iter().enumerate() {
        if i < places {
            out.extend_from_slice(new);
        }
        out.push(*b);
    }
    if places > text.len() {
        out.extend_from_slice(new);
    }
    out
}

fn replaced(text: &[u8], old: &[u8], new: &[u8], n: usize, room: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(room);
    let mut at = 0;
    for found in memchr::memmem::find_iter(text, old).take(n) {
        out.extend_from_slice(&text[at..found]);
        out.extend_from_slice(new);
        at = found + old.len();
    }
    out.extend_from_slice(&text[at..]);
    out
}
