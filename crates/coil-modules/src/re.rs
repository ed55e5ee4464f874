//! `re`: regular expressions of the reference's small dialect.

mod compile;
mod run;

use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, ModuleDef, PrintKind, TypeDef, def};
use coil_vm::{Raised, Ref, Res, Value, Vm, kinds, types};
use run::{Caps, Subject};

/// `re`
pub static MODULE: ModuleDef = ModuleDef {
    name: "re",
    items: &[
        def("compile(pattern, flags=)", |vm, a| new_regex(vm, vm.arg(a, 0))),
        def("match(pattern, text, start=, end=)", |vm, a| find(vm, a, true)),
        def("search(pattern, text, start=, end=)", |vm, a| find(vm, a, false)),
        def("sub(pattern, replace, text, count=, flags=)", sub),
        Item::Type("_re", &REGEX),
        Item::Type("_match", &MATCH),
    ],
    attr: None,
};

/// Fields: program, number of groups.
static REGEX: TypeDef = TypeDef {
    name: "re",
    items: &[
        def("match(self, text, start=, end=)", |vm, a| find(vm, a, true)),
        def("search(self, text, start=, end=)", |vm, a| find(vm, a, false)),
        def("split(self, text, max=)", split),
        def("sub(self, replace, text, count=, flags=)", sub),
    ],
    print: Some(|_, v, out, _| {
        out.extend_from_slice(format!("<re {:x}>", v.as_ref().map_or(0, Ref::offset)).as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Fields: text, then start and end of each group as byte offsets, or `None`.
static MATCH: TypeDef = TypeDef {
    name: "match",
    items: &[def("group(self, n)", group)],
    print: Some(|vm, v, out: &mut Vec<u8>, _: PrintKind| {
        out.extend_from_slice(format!("<match num={}>", groups_of(vm, v)).as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// A compiled expression, outside the board's memory while it runs.
#[derive(Debug)]
struct Regex {
    code: Vec<u8>,
    groups: usize,
}

fn new_regex(vm: &mut Vm, pattern: Value) -> Res {
    let text = crate::args::expect_text(vm, pattern)?;
    let (code, groups) = compile::compile(vm, &text)?;
    let code = vm.alloc_bytes(kinds::STORE, 0, &code)?;
    vm.new_native(&REGEX, &[code.into(), Value::int(groups as i64)])
}

/// The expression in an argument: compiled, or to be compiled.
fn regex(vm: &mut Vm, v: Value) -> Result<(Regex, bool), Raised> {
    let (v, was_compiled) = match vm.as_native(v, &REGEX) {
        Some(v) => (v, true),
        None => (new_regex(vm, v)?, false),
    };
    let code =
        vm.as_ref_kind(vm.native_field(v, 0), kinds::STORE).map(|r| vm.heap.bytes(r).to_vec());
    Ok((
        Regex { code: code.unwrap_or_default(), groups: vm.native_int(v, 1) as usize },
        was_compiled,
    ))
}

/// A part of the text, of the text's own type. What matches bytes may cut a character.
fn part(vm: &mut Vm, text: Value, bytes: &[u8]) -> Res {
    if vm.is_str(text) { vm.new_checked_str(bytes) } else { vm.new_bytes(bytes) }
}

fn new_match(vm: &mut Vm, text: Value, caps: &Caps) -> Res {
    let mut fields = alloc::vec![text];
    fields.extend(caps.iter().map(|c| c.map_or(Value::NONE, |i| Value::int(i as i64))));
    vm.new_native(&MATCH, &fields)
}

fn find(vm: &mut Vm, args: Args, anchored: bool) -> Res {
    let (re, was_compiled) = regex(vm, vm.arg(args, 0))?;
    let v = vm.arg(args, 1);
    let text = crate::args::expect_text(vm, v)?;
    let (mut start, mut end) = (0, text.len());
    if was_compiled && args.n > 2 {
        let fit = |i: i64| usize::try_from(i).unwrap_or(0).min(text.len());
        start = fit(vm.expect_int(vm.arg(args, 2))?);
        if args.n > 3 {
            end = fit(vm.expect_int(vm.arg(args, 3))?).max(start);
        }
    }
    let subject = Subject { text: &text[..end], start };
    match run::run(vm, &re, subject, anchored)? {
        Some(caps) => new_match(vm, v, &caps),
        None => Ok(Value::NONE),
    }
}

fn groups_of(vm: &Vm, v: Value) -> usize {
    vm.as_ref_kind(v, kinds::NATIVE).map_or(0, |r| (vm.heap.len(r) - 1) / 2)
}

fn group(vm: &mut Vm, args: Args) -> Res {
    let (this, n) = (vm.arg(args, 0), vm.arg(args, 1));
    let i = vm.expect_int(n)?;
    let i = match usize::try_from(i) {
        Ok(i) if i < groups_of(vm, this) => i,
        _ => return Err(vm.raise_value(types::INDEX_ERROR, n)),
    };
    let (start, end) = (vm.native_field(this, 1 + 2 * i), vm.native_field(this, 2 + 2 * i));
    let (Some(start), Some(end)) = (start.as_int(), end.as_int()) else { return Ok(Value::NONE) };
    let text = vm.native_field(this, 0);
    let bytes = vm.expect_bytes_like(text)?;
    let bytes = bytes.get(start as usize..end as usize).unwrap_or(&[]).to_vec();
    part(vm, text, &bytes)
}

/// Start and end of a whole match that is not empty.
fn whole(caps: Option<&Caps>) -> Option<(usize, usize)> {
    match caps?.as_slice() {
        [Some(start), Some(end), ..] if start != end => Some((*start, *end)),
        _ => None,
    }
}

fn split(vm: &mut Vm, args: Args) -> Res {
    let (re, _) = regex(vm, vm.arg(args, 0))?;
    let v = vm.arg(args, 1);
    let text = crate::args::expect_text(vm, v)?;
    let mut max = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
    let list = vm.new_list(&[])?;
    let r = list.as_ref().expect("a list is an object");
    let mark = vm.mark();
    let mut at = 0;
    loop {
        let caps = run::run(vm, &re, Subject { text: &text, start: at }, false)?;
        let Some((start, end)) = whole(caps.as_ref()) else { break };
        let s = part(vm, v, &text[at..start])?;
        vm.list_append(r, s)?;
        vm.release(mark);
        if re.groups > 0 {
            return Err(vm.raise_args(types::NOT_IMPLEMENTED_ERROR, "splitting with sub-captures"));
        }
        at = end;
        if max > 0 {
            max -= 1;
            if max == 0 {
                break;
            }
        }
    }
    let s = part(vm, v, &text[at..])?;
    vm.list_append(r, s)?;
    Ok(list)
}

fn sub(vm: &mut Vm, args: Args) -> Res {
    let (re, _) = regex(vm, vm.arg(args, 0))?;
    let (replace, v) = (vm.arg(args, 1), vm.arg(args, 2));
    let mut count = if args.n > 3 { vm.expect_int(vm.arg(args, 3))? } else { 0 };
    let text = crate::args::expect_text(vm, v)?;
    let is_function = vm.is_callable(replace);
    let (mut out, mut at, mut any) = (Vec::new(), 0, false);
    loop {
        let caps = run::run(vm, &re, Subject { text: &text, start: at }, false)?;
        let Some((start, end)) = whole(caps.as_ref()) else { break };
        let Some(caps) = caps else { break };
        any = true;
        out.extend_from_slice(&text[at..start]);
        let mark = vm.mark();
        let new = if is_function {
            let found = new_match(vm, v, &caps)?;
            vm.call(replace, &[found])?
        } else {
            replace
        };
        let new = crate::args::expect_text(vm, new)?;
        vm.release(mark);
        expand(vm, &new, &text, &caps, &mut out)?;
        if out.len() > 1 << 26 {
            return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
        }
        at = end;
        if count > 0 {
            count -= 1;
            if count == 0 {
                break;
            }
        }
    }
    if !any {
        return Ok(v);
    }
    out.extend_from_slice(&text[at..]);
    part(vm, v, &out)
}

/// Appends a replacement with its references to groups resolved.
fn expand(
    vm: &mut Vm,
    new: &[u8],
    text: &[u8],
    caps: &Caps,
    out: &mut Vec<u8>,
) -> Result<(), Raised> {
    // The reference's strings end at a NUL here.
    let end = new.iter().position(|&b| b == 0).unwrap_or(new.len());
    let mut rest = &new[..end];
    while let Some((&c, tail)) = rest.split_first() {
        rest = tail;
        if c != b'\\' {
            out.push(c);
            continue;
        }
        let named = rest.starts_with(b"g<");
        if named {
            rest = &rest[2..];
        }
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            let n = rest[..digits]
                .iter()
                .fold(0usize, |n, b| n.saturating_mul(10).saturating_add(usize::from(b - b'0')));
            rest = &rest[digits..];
            if named && rest.first() == Some(&b'>') {
                rest = &rest[1..];
            }
            if n >= caps.len() / 2 {
                return Err(vm.raise_value(types::INDEX_ERROR, Value::int((n as u32).into())));
            }
            if let (Some(start), Some(end)) = (caps[2 * n], caps[2 * n + 1]) {
                out.extend_from_slice(text.get(start..end).unwrap_or(&[]));
            }
        } else if rest.first() == Some(&b'\\') {
            out.push(b'\\');
            rest = &rest[1..];
        }
    }
    Ok(())
}
