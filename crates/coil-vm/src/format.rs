//! `str.format()`, f-strings, and the specifications of fields.

use crate::objects::str::text::Text;
use crate::rom::{Args, PrintKind};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_heap::Value;

pub(crate) mod pad;
pub(crate) mod percent;
pub(crate) mod spec;

/// Fields inside the specifications of fields, at most.
const NESTING: u32 = 8;

impl Vm {
    /// A replacement field of an f-string: conversion 0 none, 1 str, 2 repr, then the specification.
    pub(crate) fn format_value(&mut self, v: Value, spec: Value, conversion: u32) -> Res {
        let kind = if conversion == 2 { PrintKind::Repr } else { PrintKind::Str };
        if self.text(spec).is_empty() {
            return self.to_text(v, kind);
        }
        let v = if conversion == 0 { v } else { self.to_text(v, kind)? };
        let mut out = Vec::new();
        let spec = self.text(spec).to_vec();
        spec::apply(self, v, &spec, &mut out)?;
        self.new_str(&out)
    }
}

/// What a call of `format` works with.
struct Call {
    args: Args,
    /// Next automatic argument; nothing after a numbered one.
    next: Option<usize>,
}

pub(crate) fn format_method(vm: &mut Vm, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let this = vm.this_text(vm.arg(args, 0))?;
    let pattern = vm.text(vm.arg(args, 0)).to_vec();
    let mut out = Vec::with_capacity(pattern.len() + 16);
    fields(vm, &pattern, &mut Call { args, next: Some(0) }, &mut out, 0)?;
    let kind = if this == Text::ByteArray { Text::ByteArray } else { this };
    vm.new_text(kind, &out)
}

/// The parts of a replacement field.
struct Field<'a> {
    name: &'a [u8],
    conversion: u8,
    spec: &'a [u8],
}

/// Writes a pattern with its fields filled in.
fn fields(
    vm: &mut Vm,
    pattern: &[u8],
    call: &mut Call,
    out: &mut Vec<u8>,
    depth: u32,
) -> Result<(), Raised> {
    let mut rest = pattern;
    while let Some(at) = memchr::memchr2(b'{', b'}', rest) {
        out.extend_from_slice(&rest[..at]);
        let brace = rest[at];
        rest = &rest[at + 1..];
        if rest.first() == Some(&brace) {
            out.push(brace);
            rest = &rest[1..];
            continue;
        }
        if brace == b'}' {
            return Err(vm.value_error("single '}' encountered in format string"));
        }
        let field;
        (field, rest) = match parse_field(rest) {
            Ok(parsed) => parsed,
            Err(text) => return Err(vm.value_error(text)),
        };
        let mark = vm.mark();
        let mut v = argument(vm, field.name, call)?;
        vm.root(v);
        if field.spec.is_empty() || field.conversion != 0 {
            let kind = if field.conversion == b'r' { PrintKind::Repr } else { PrintKind::Str };
            if field.spec.is_empty() {
                vm.print(v, out, kind)?;
                vm.release(mark);
                continue;
            }
            v = vm.to_text(v, kind)?;
        }
        let mut spec = Vec::new();
        if depth < NESTING {
            fields(vm, field.spec, call, &mut spec, depth + 1)?;
        } else {
            return Err(vm.raise_args(types::RUNTIME_ERROR, "maximum recursion depth exceeded"));
        }
        spec::apply(vm, v, &spec, out)?;
        vm.release(mark);
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// Takes a field apart, from behind its opening brace; gives what follows its closing brace.
fn parse_field(text: &[u8]) -> Result<(Field<'_>, &[u8]), &'static str> {
    let name_end = text.iter().position(|b| b"}!:".contains(b)).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(name_end);
    let mut field = Field { name, conversion: 0, spec: &[] };
    if let [b'!', after @ ..] = rest {
        match after {
            [c @ (b'r' | b's'), after @ ..] => {
                field.conversion = *c;
                rest = after;
            }
            _ => return Err("bad conversion specifier"),
        }
    }
    if let [b':', after @ ..] = rest {
        let mut nest = 1;
        let end = after.iter().position(|b| {
            match b {
                b'{' => nest += 1,
                b'}' => nest -= 1,
                _ => {}
            }
            nest == 0
        });
        let end = end.ok_or("unmatched '{' in format")?;
        (field.spec, rest) = after.split_at(end);
    }
    match rest {
        [b'}', rest @ ..] => Ok((field, rest)),
        [] => Err("unmatched '{' in format"),
        _ => Err("expected ':' after format specifier"),
    }
}

/// The argument that a field names.
fn argument(vm: &mut Vm, name: &[u8], call: &mut Call) -> Res {
    let args = call.args;
    let index = if name.is_empty() {
        let Some(i) = call.next else {
            return Err(vm.value_error(
                "can't switch from manual field specification to automatic field numbering",
            ));
        };
        call.next = Some(i + 1);
        i
    } else if name[0].is_ascii_digit() {
        if call.next.is_some_and(|n| n > 0) {
            return Err(vm.value_error(
                "can't switch from automatic field numbering to manual field specification",
            ));
        }
        call.next = None;
        let (n, rest) = spec::number(name);
        if !rest.is_empty() {
            return Err(unsupported(vm));
        }
        n.unwrap_or(0).max(0) as usize
    } else {
        return named(vm, name, args);
    };
    if index >= args.n - 1 {
        return Err(vm.raise_args(types::INDEX_ERROR, "tuple index out of range"));
    }
    Ok(vm.arg(args, index + 1))
}

fn unsupported(vm: &mut Vm) -> Raised {
    vm.raise_args(types::NOT_IMPLEMENTED_ERROR, "attributes not supported")
}

fn named(vm: &mut Vm, name: &[u8], args: Args) -> Res {
    let end = name.iter().position(|b| b".[".contains(b)).unwrap_or(name.len());
    let key = &name[..end];
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        if vm.text(k) == key {
            return if end < name.len() { Err(unsupported(vm)) } else { Ok(v) };
        }
    }
    let key = vm.new_str(key)?;
    Err(vm.raise_value(types::KEY_ERROR, key))
}

/// ValueError about a type letter that a value does not take.
#[cold]
pub(crate) fn unknown_code(vm: &mut Vm, letter: u8, v: Value) -> Raised {
    let t = vm.type_name(v).to_string();
    vm.value_error(&format!(
        "unknown format code '{}' for object of type '{t}'",
        char::from(letter)
    ))
}
