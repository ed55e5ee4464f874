//! Strings: interned ones and those on the heap. Their methods, most of which bytes and bytearray
//! share, are in `str/`.

use crate::kinds;
use crate::qstr::{Qstr, hash_bytes};
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary};
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_heap::{Header, Value};

pub(crate) mod case;
pub(crate) mod encoding;
pub(crate) mod find;
pub(crate) mod methods;
pub(crate) mod split;
pub(crate) mod text;
pub(crate) mod utf8;

use text::Text;

/// `str`
pub static STR: TypeDef = TypeDef {
    name: "str",
    items: methods::STR_ITEMS,
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

/// Flag of a heap string that is ASCII only.
pub(crate) const ASCII: u8 = 1;

/// What slices with a step are told.
pub(crate) const STEP_ERROR: &str = "only slices with step=1 (aka None) are supported";

impl Vm {
    /// Makes a string from UTF-8 bytes.
    pub fn new_str(&mut self, text: &[u8]) -> Res {
        match text {
            [] => return Ok(Qstr(0).into()),
            [c] if *c < 128 => return Ok(Qstr(1 + u32::from(*c)).into()),
            _ => {}
        }
        let flags = if text.is_ascii() { ASCII } else { 0 };
        self.alloc_bytes(kinds::STR, flags, text).map(Value::from)
    }

    /// Makes a string of bytes that may be no text.
    ///
    /// # Errors
    /// UnicodeError if they are none.
    pub fn new_checked_str(&mut self, bytes: &[u8]) -> Res {
        if !utf8::is_text(bytes) {
            return Err(self.unicode_error());
        }
        self.new_str(bytes)
    }

    /// Makes a string of a source text: short ones are interned, as in the reference.
    pub(crate) fn new_str_interned_if_short(&mut self, text: &[u8]) -> Res {
        if text.len() <= 10 || self.names.find(text).is_some() {
            return self.intern_text(text).map(Value::from);
        }
        self.new_str(text)
    }

    /// Makes a string of one character.
    pub fn new_char(&mut self, c: u32) -> Res {
        if c < 128 {
            return Ok(Qstr(1 + c).into());
        }
        self.new_str(&utf8::encode(c))
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
    ///
    /// # Errors
    /// Those of [`Vm::intern_text`].
    #[inline]
    pub fn str_to_qstr(&mut self, v: Value) -> Result<Option<Qstr>, Raised> {
        if let Some(q) = v.as_qstr() {
            return Ok(Some(Qstr(q)));
        }
        self.intern_value(v)
    }

    #[inline(never)]
    fn intern_value(&mut self, v: Value) -> Result<Option<Qstr>, Raised> {
        if !self.is_str(v) {
            return Ok(None);
        }
        let text = self.str_bytes(v).to_vec();
        self.intern_text(&text).map(Some)
    }

    /// The name in a string argument, or TypeError.
    #[inline]
    pub fn expect_name(&mut self, v: Value) -> Result<Qstr, Raised> {
        match self.str_to_qstr(v)? {
            Some(name) => Ok(name),
            None => {
                let t = String::from(self.type_name(v));
                Err(self.type_error(&format!("can't convert '{t}' object to str implicitly")))
            }
        }
    }

    /// The text of a string argument, or TypeError.
    pub fn expect_string(&mut self, v: Value) -> Result<String, Raised> {
        if self.is_str(v) {
            return Ok(String::from_utf8_lossy(self.str_bytes(v)).into_owned());
        }
        Err(self.no_implicit_text(v))
    }

    /// The ASCII character at a byte offset, and its length.
    pub(crate) fn str_char_at(&self, v: Value, at: usize) -> Option<(Value, usize)> {
        let c = *self.str_bytes(v).get(at)?;
        (c < 128).then(|| (Qstr(1 + u32::from(c)).into(), 1))
    }

    /// The character of several bytes at a byte offset, and its length.
    pub(crate) fn str_wide_char_at(
        &mut self,
        v: Value,
        at: usize,
    ) -> Result<(Value, usize), Raised> {
        let bytes = &self.str_bytes(v)[at..];
        let n = 1 + bytes[1..].iter().take_while(|&&b| utf8::is_continuation(b)).count();
        let c = bytes[..n].to_vec();
        Ok((self.new_str(&c)?, n))
    }

    /// Says that bytes and a string were compared, which is never true.
    pub(crate) fn warn_bytes_compared(&mut self) -> Result<(), Raised> {
        self.write_stdout(b"Warning: Comparison between bytes and str\n")
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.nkw > 0 {
        return Err(encoding::keywords(vm));
    }
    vm.check_args(args, 0, 3)?;
    match args.n {
        0 => Ok(Qstr(0).into()),
        1 => vm.to_text(vm.arg(args, 0), PrintKind::Str),
        _ => encoding::decode_text(vm, args),
    }
}

/// The quote that `repr()` puts around a text.
fn quote_of(text: &[u8]) -> u8 {
    if text.contains(&b'\'') && !text.contains(&b'"') { b'"' } else { b'\'' }
}

fn print_escaped(c: u8, quote: u8, out: &mut Vec<u8>) {
    match c {
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ if c == quote => out.extend_from_slice(&[b'\\', quote]),
        32..=126 => out.push(c),
        _ => out.extend_from_slice(format!("\\x{c:02x}").as_bytes()),
    }
}

/// Appends bytes in quotes.
pub(crate) fn print_quoted_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    let quote = quote_of(bytes);
    out.push(quote);
    for &c in bytes {
        print_escaped(c, quote, out);
    }
    out.push(quote);
}

/// Appends `repr()` of UTF-8 text.
pub(crate) fn print_quoted(text: &[u8], out: &mut Vec<u8>) {
    let quote = quote_of(text);
    out.push(quote);
    let mut at = 0;
    while at < text.len() {
        let (c, n) = utf8::decode(&text[at..]);
        match c {
            0..128 => print_escaped(c as u8, quote, out),
            0xd800..0xe000 => out.extend_from_slice(format!("\\u{c:04x}").as_bytes()),
            0x11_0000.. => out.extend_from_slice(format!("\\U{c:08x}").as_bytes()),
            _ => out.extend_from_slice(&text[at..at + n]),
        }
        at += n;
    }
    out.push(quote);
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, kind: PrintKind) -> Result<(), Raised> {
    let text = vm.str_bytes(v);
    match kind {
        PrintKind::Str => out.extend_from_slice(text),
        PrintKind::Repr => print_quoted(text, out),
    }
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    Ok(match op {
        Unary::Bool => Value::bool(!vm.str_bytes(v).is_empty()),
        Unary::Len if vm.str_is_ascii(v) => Value::int(vm.str_bytes(v).len() as i64),
        Unary::Len => Value::int(utf8::char_count(vm.str_bytes(v)) as i64),
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

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    match op {
        Binary::Mod | Binary::IMod => return crate::format::percent::format(vm, a, b),
        Binary::Mul | Binary::IMul => return repeat(vm, Text::Str, a, b),
        _ => {}
    }
    if vm.text_kind(b) != Some(Text::Str) {
        return match op {
            Binary::Contains => Err(vm.no_implicit_text(b)),
            Binary::Eq if vm.text_kind(b) == Some(Text::Bytes) => {
                vm.warn_bytes_compared()?;
                Ok(Value::FALSE)
            }
            _ => Ok(Value::NULL),
        };
    }
    match op {
        Binary::Add | Binary::IAdd => concat(vm, a, b),
        Binary::Contains => Ok(Value::bool(find::find(vm.str_bytes(a), vm.str_bytes(b)).is_some())),
        Binary::Eq => Ok(Value::bool(vm.str_eq(a, b))),
        Binary::Ne => Ok(Value::bool(!vm.str_eq(a, b))),
        _ => Ok(order(op, vm.str_bytes(a), vm.str_bytes(b))),
    }
}

/// `text * n`
pub(crate) fn repeat(vm: &mut Vm, kind: Text, text: Value, times: Value) -> Res {
    let Some(times) = vm.try_int_like(times)? else { return Ok(Value::NULL) };
    let times = usize::try_from(times).unwrap_or(0);
    if times == 0 {
        return vm.empty_text(kind);
    }
    vm.check_room(vm.text(text).len().saturating_mul(times))?;
    let repeated = vm.text(text).repeat(times);
    vm.new_text(kind, &repeated)
}

/// An ordering comparison of bytes; null for another operator.
pub(crate) fn order(op: Binary, x: &[u8], y: &[u8]) -> Value {
    Value::bool(match op {
        Binary::Lt => x < y,
        Binary::Le => x <= y,
        Binary::Gt => x > y,
        Binary::Ge => x >= y,
        Binary::Eq => x == y,
        _ => return Value::NULL,
    })
}

fn concat(vm: &mut Vm, a: Value, b: Value) -> Res {
    let (na, nb) = (vm.str_bytes(a).len(), vm.str_bytes(b).len());
    if na == 0 {
        return Ok(b);
    }
    if nb == 0 {
        return Ok(a);
    }
    let flags = if vm.str_is_ascii(a) && vm.str_is_ascii(b) { ASCII } else { 0 };
    let n = vm.checked_len(na + nb)?;
    let r = vm.alloc(Header::new(kinds::STR, flags, 0, n))?;
    for (v, at, len) in [(a, 0, na), (b, na, nb)] {
        if let Some(q) = v.as_qstr() {
            vm.heap.bytes_mut(r)[at..at + len].copy_from_slice(vm.names.get(Qstr(q)));
        } else if let Some(from) = vm.as_ref_kind(v, kinds::STR) {
            vm.heap.copy_bytes(from, 0, r, at, len);
        } else if let Some(from) = vm.buffer(v) {
            vm.copy_buffer(from, 0, len, r, at);
        }
    }
    Ok(r.into())
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    if access != Access::Load {
        return Ok(Value::NULL);
    }
    if let Some(r) = vm.as_ref_kind(index, kinds::SLICE) {
        // The step is looked at before anything else.
        let step = vm.heap.get(r, 2);
        if step != Value::NONE && step != Value::int(1) {
            return Err(vm.raise_args(crate::types::NOT_IMPLEMENTED_ERROR, STEP_ERROR));
        }
        // A slice's ends are indices here, not just ints.
        for end in [vm.heap.get(r, 0), vm.heap.get(r, 1)] {
            if end != Value::NONE && vm.try_int_like(end)?.is_none() {
                let t = String::from(vm.type_name(end));
                return Err(vm.type_error(&format!("string indices must be integers, not {t}")));
            }
        }
    }
    let ascii = vm.str_is_ascii(v);
    let n = if ascii { vm.str_bytes(v).len() } else { utf8::char_count(vm.str_bytes(v)) };
    if let Some(s) = vm.resolve_slice(index, n)? {
        let (mut start, mut end) = (s.start as usize, s.stop.max(s.start) as usize);
        if !ascii {
            let text = vm.str_bytes(v);
            (start, end) = (utf8::char_offset(text, start), utf8::char_offset(text, end));
        }
        return vm.sub_text(Text::Str, v, start, end);
    }
    let i = vm.resolve_index(index, n, "string")?;
    let at = if ascii { i } else { utf8::char_offset(vm.str_bytes(v), i) };
    match vm.str_char_at(v, at) {
        Some((c, _)) => Ok(c),
        None => Ok(vm.str_wide_char_at(v, at)?.0),
    }
}
