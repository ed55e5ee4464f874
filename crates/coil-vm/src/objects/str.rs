//! Strings: interned ones and those on the heap. Methods are in `str/`.

use crate::kinds;
use crate::qstr::{Qstr, hash_bytes};
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_heap::{Header, Value};

pub(crate) mod methods;

/// `str`
pub static STR: TypeDef = TypeDef {
    name: "str",
    items: methods::ITEMS,
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

/// Flag of a heap string that is ASCII only.
const ASCII: u8 = 1;

impl Vm {
    /// Makes a string from UTF-8 bytes (which the reference does not check either).
    pub fn new_str(&mut self, text: &[u8]) -> Res {
        match text {
            [] => return Ok(Qstr(0).into()),
            [c] if *c < 128 => return Ok(Qstr(1 + u32::from(*c)).into()),
            _ => {}
        }
        let flags = if text.is_ascii() { ASCII } else { 0 };
        self.alloc_bytes(kinds::STR, flags, text).map(Value::from)
    }

    /// Makes a string of a source text: short ones are interned, as in the reference.
    pub(crate) fn new_str_interned_if_short(&mut self, text: &[u8]) -> Res {
        if text.len() <= 10 || self.names.find(text).is_some() {
            return Ok(self.names.intern(text).into());
        }
        self.new_str(text)
    }

    /// Makes a string of one character.
    pub fn new_char(&mut self, c: u32) -> Res {
        if c < 128 {
            return Ok(Qstr(1 + c).into());
        }
        self.new_str(&encode(c))
    }

    /// Whether a value is a string.
    #[inline]
    pub fn is_str(&self, v: Value) -> bool {
        v.as_qstr().is_some()
            || v.as_ref().is_some_and(|r| match self.heap.kind(r) {
                kinds::STR => true,
                kinds::INSTANCE => {
                    let native = self.heap.get(r, kinds::instance::NATIVE);
                    !native.is_null() && self.is_str(native)
                }
                _ => false,
            })
    }

    /// Whether a value is a string on the heap.
    #[inline(always)]
    pub(crate) fn is_heap_str(&self, v: Value) -> bool {
        self.as_ref_kind(v, kinds::STR).is_some()
    }

    /// The bytes of a string, or of bytes; empty for anything else.
    #[inline]
    pub fn str_bytes(&self, v: Value) -> &[u8] {
        if let Some(q) = v.as_qstr() {
            return self.names.get(Qstr(q));
        }
        match v.as_ref().map(|r| (r, self.heap.kind(r))) {
            Some((r, kinds::STR | kinds::BYTES)) => self.heap.bytes(r),
            Some((r, kinds::INSTANCE)) => {
                let native = self.heap.get(r, kinds::instance::NATIVE);
                if native.is_null() { &[] } else { self.str_bytes(native) }
            }
            _ => &[],
        }
    }

    /// Whether two strings are equal.
    pub(crate) fn str_eq(&self, a: Value, b: Value) -> bool {
        self.str_bytes(a) == self.str_bytes(b)
    }

    /// Whether a string is ASCII only, so that characters are bytes.
    pub(crate) fn str_is_ascii(&self, v: Value) -> bool {
        if let Some(q) = v.as_qstr() {
            return self.names.is_ascii(Qstr(q));
        }
        match self.as_ref_kind(v, kinds::STR) {
            Some(r) => self.heap.header(r).flags() & ASCII != 0,
            None => self.str_bytes(v).is_ascii(),
        }
    }

    /// The interned form of a string; nothing if the value is no string.
    pub fn str_to_qstr(&mut self, v: Value) -> Option<Qstr> {
        if let Some(q) = v.as_qstr() {
            return Some(Qstr(q));
        }
        if !self.is_str(v) {
            return None;
        }
        let text = self.str_bytes(v).to_vec();
        Some(self.names.intern(&text))
    }

    /// The text of a string argument, or TypeError.
    pub fn expect_string(&mut self, v: Value) -> Result<String, Raised> {
        if self.is_str(v) {
            return Ok(String::from_utf8_lossy(self.str_bytes(v)).into_owned());
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&format!("can't convert '{t}' object to str implicitly")))
    }

    /// The ASCII character at a byte offset, and its length.
    pub(crate) fn str_char_at(&self, v: Value, at: usize) -> Option<(Value, usize)> {
        let c = *self.str_bytes(v).get(at)?;
        (c < 128).then(|| (Qstr(1 + u32::from(c)).into(), 1))
    }

    /// The character of several bytes at a byte offset, and its length.
    pub(crate) fn str_wide_char_at(&mut self, v: Value, at: usize) -> Result<(Value, usize), Raised> {
        let bytes = &self.str_bytes(v)[at..];
        let n = 1 + bytes[1..].iter().take_while(|&&b| b & 0xc0 == 0x80).count();
        let c = bytes[..n].to_vec();
        Ok((self.new_str(&c)?, n))
    }
}

/// UTF-8 of a code point, surrogates included, as the reference writes it.
pub(crate) fn encode(c: u32) -> Vec<u8> {
    match c {
        0..0x80 => alloc::vec![c as u8],
        0x80..0x800 => alloc::vec![0xc0 | (c >> 6) as u8, 0x80 | (c & 63) as u8],
        0x800..0x10000 => alloc::vec![0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8],
        _ => alloc::vec![
            0xf0 | (c >> 18) as u8,
            0x80 | (c >> 12 & 63) as u8,
            0x80 | (c >> 6 & 63) as u8,
            0x80 | (c & 63) as u8
        ],
    }
}

/// How many characters UTF-8 bytes hold.
pub(crate) fn char_count(text: &[u8]) -> usize {
    text.iter().filter(|&&b| b & 0xc0 != 0x80).count()
}

/// The byte offset of a character.
pub(crate) fn char_offset(text: &[u8], index: usize) -> usize {
    text.iter()
        .enumerate()
        .filter(|(_, b)| *b & 0xc0 != 0x80)
        .nth(index)
        .map_or(text.len(), |(at, _)| at)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    match args.n {
        0 => Ok(Qstr(0).into()),
        1 => vm.to_text(vm.arg(args, 0), PrintKind::Str),
        2 | 3 => {
            let bytes = vm.expect_bytes_like(vm.arg(args, 0))?;
            if core::str::from_utf8(&bytes).is_err() {
                return Err(vm.raise_value(types::UNICODE_ERROR, Value::NULL));
            }
            vm.new_str(&bytes)
        }
        n => Err(vm.arg_count_error(n, 0, 3)),
    }
}

/// Appends `repr()` of UTF-8 text.
pub(crate) fn print_quoted(text: &[u8], out: &mut Vec<u8>, bytes: bool) {
    let double = text.contains(&b'\'') && !text.contains(&b'"');
    let quote = if double { b'"' } else { b'\'' };
    out.push(quote);
    for (i, &c) in text.iter().enumerate() {
        match c {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ if c == quote => out.extend_from_slice(&[b'\\', quote]),
            32..=126 => out.push(c),
            128.. if !bytes => {
                let _ = i;
                out.push(c);
            }
            _ => out.extend_from_slice(format!("\\x{c:02x}").as_bytes()),
        }
    }
    out.push(quote);
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, kind: PrintKind) -> Result<(), Raised> {
    let text = vm.str_bytes(v);
    match kind {
        PrintKind::Str => out.extend_from_slice(text),
        PrintKind::Repr => print_quoted(text, out, false),
    }
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    Ok(match op {
        Unary::Bool => Value::bool(!vm.str_bytes(v).is_empty()),
        Unary::Len if vm.str_is_ascii(v) => Value::int(vm.str_bytes(v).len() as i64),
        Unary::Len => Value::int(char_count(vm.str_bytes(v)) as i64),
        Unary::Hash => Value::int(i64::from(hash_of(vm, v))),
        _ => Value::NULL,
    })
}

/// The hash of a string or bytes, kept in the object.
pub(crate) fn hash_of(vm: &mut Vm, v: Value) -> u16 {
    if let Some(r) = v.as_ref().filter(|&r| matches!(vm.heap.kind(r), kinds::STR | kinds::BYTES)) {
        let header: Header = vm.heap.header(r);
        if header.aux() != 0 {
            return header.aux();
        }
        let hash = hash_bytes(vm.heap.bytes(r));
        vm.heap.set_header(r, header.with_aux(hash));
        return hash;
    }
    hash_bytes(vm.str_bytes(v))
}

/// Where a needle is in a haystack.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [c] => hay.iter().position(|b| b == c),
        _ => hay.windows(needle.len()).position(|w| w == needle),
    }
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    match op {
        Binary::Mod => return methods::format_percent(vm, a, b),
        Binary::Mul | Binary::IMul => {
            let Some(times) = vm.as_repeat_count(b) else { return Ok(Value::NULL) };
            let len = vm.str_bytes(a).len().saturating_mul(times);
            vm.checked_len(len)?;
            let text = vm.str_bytes(a).repeat(times);
            return vm.new_str(&text);
        }
        _ => {}
    }
    if !vm.is_str(b) {
        return match op {
            Binary::Contains | Binary::Add | Binary::IAdd => {
                let t = vm.type_name(b).to_string();
                Err(vm.type_error(&format!("can't convert '{t}' object to str implicitly")))
            }
            _ => Ok(Value::NULL),
        };
    }
    match op {
        Binary::Add | Binary::IAdd => concat(vm, a, b),
        Binary::Contains => Ok(Value::bool(find(vm.str_bytes(a), vm.str_bytes(b)).is_some())),
        Binary::Eq => Ok(Value::bool(vm.str_eq(a, b))),
        _ => Ok(order(op, vm.str_bytes(a), vm.str_bytes(b))),
    }
}

/// An ordering comparison of bytes; null for another operator.
pub(crate) fn order(op: Binary, x: &[u8], y: &[u8]) -> Value {
    Value::bool(match op {
        Binary::Lt => x < y,
        Binary::Le => x <= y,
        Binary::Gt => x > y,
        Binary::Ge => x >= y,
        _ => return Value::NULL,
    })
}

fn concat(vm: &mut Vm, a: Value, b: Value) -> Res {
    let (na, nb) = (vm.str_bytes(a).len(), vm.str_bytes(b).len());
    if na == 0 && vm.is_heap_str(b) {
        return Ok(b);
    }
    if nb == 0 {
        return Ok(a);
    }
    let flags = if vm.str_is_ascii(a) && vm.str_is_ascii(b) { ASCII } else { 0 };
    let n = vm.checked_len(na + nb)?;
    let r = vm.alloc(Header::new(kinds::STR, flags, 0, n))?;
    for (v, at, len) in [(a, 0, na), (b, na, nb)] {
        match vm.as_ref_kind(v, kinds::STR) {
            Some(s) => vm.heap.copy_bytes(s, 0, r, at, len),
            None => {
                let text = vm.str_bytes(v).to_vec();
                vm.heap.bytes_mut(r)[at..at + len].copy_from_slice(&text);
            }
        }
    }
    Ok(r.into())
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    if access != Access::Load {
        return Ok(Value::NULL);
    }
    let ascii = vm.str_is_ascii(v);
    let n = if ascii { vm.str_bytes(v).len() } else { char_count(vm.str_bytes(v)) };
    if let Some(s) = vm.resolve_slice(index, n)? {
        let text = vm.str_bytes(v);
        let part: Vec<u8> = if s.step == 1 {
            let end = s.stop.max(s.start) as usize;
            let start = s.start as usize;
            if ascii {
                text[start..end].to_vec()
            } else {
                text[char_offset(text, start)..char_offset(text, end)].to_vec()
            }
        } else if ascii {
            s.indices().map(|i| text[i]).collect()
        } else {
            let chars: Vec<char> = String::from_utf8_lossy(text).chars().collect();
            s.indices().map(|i| chars[i]).collect::<String>().into_bytes()
        };
        return vm.new_str(&part);
    }
    let i = vm.resolve_index(index, n, "str")?;
    let at = if ascii { i } else { char_offset(vm.str_bytes(v), i) };
    match vm.str_char_at(v, at) {
        Some((c, _)) => Ok(c),
        None => Ok(vm.str_wide_char_at(v, at)?.0),
    }
}
