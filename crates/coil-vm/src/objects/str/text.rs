//! What str, bytes and bytearray have in common: their kinds, parts of them, arguments.

use super::utf8;
use crate::kinds;
use crate::qstr::Qstr;
use crate::types;
use crate::vm::{Raised, Res, Vm};
use crate::witness::Told;
use alloc::format;
use alloc::string::ToString;
use coil_heap::{Header, Ref, Value};

/// The types that share the methods of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Str,
    Bytes,
    ByteArray,
}

impl Text {
    /// As error messages name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Str => "string",
            Self::Bytes => "bytes",
            Self::ByteArray => "bytearray",
        }
    }
}

impl Vm {
    /// Which text a value is; instances of subclasses are none.
    #[inline]
    pub(crate) fn text_kind(&self, v: Value) -> Option<Text> {
        if v.as_qstr().is_some() {
            return Some(Text::Str);
        }
        let header = self.heap.header(v.as_ref()?);
        match header.kind() {
            kinds::STR => Some(Text::Str),
            kinds::BYTES => Some(Text::Bytes),
            kinds::ARRAY if header.flags() == 0 => Some(Text::ByteArray),
            _ => None,
        }
    }

    /// The text that a method was called on, or TypeError.
    pub(crate) fn this_text(&mut self, v: Value) -> Result<Text, Raised> {
        match self.text_kind(v) {
            Some(t) => Ok(t),
            None => Err(self.type_error("argument has wrong type")),
        }
    }

    /// TypeError about a value that should be text of another type.
    #[cold]
    pub(crate) fn no_implicit_text(&mut self, v: Value) -> Raised {
        let t = self.type_name(v).to_string();
        let wanted = if t == "str" { "bytes" } else { "str" };
        self.type_error(&format!("can't convert '{t}' object to {wanted} implicitly"))
    }

    /// TypeError unless an argument is the same sort of text; bytes and bytearray are one.
    pub(crate) fn expect_same_text(&mut self, this: Text, v: Value) -> Result<(), Raised> {
        match self.text_kind(v) {
            Some(t) if (t == Text::Str) == (this == Text::Str) => Ok(()),
            _ => Err(self.no_implicit_text(v)),
        }
    }

    /// TypeError unless an argument is a str or bytes.
    pub(crate) fn expect_text(&mut self, v: Value) -> Result<(), Raised> {
        match self.text_kind(v) {
            Some(Text::Str | Text::Bytes) => Ok(()),
            _ => Err(self.no_implicit_text(v)),
        }
    }

    /// The bytes of a text; empty for anything else.
    #[inline]
    pub(crate) fn text(&self, v: Value) -> &[u8] {
        if let Some(q) = v.as_qstr() {
            return self.names.get(Qstr(q));
        }
        match v.as_ref() {
            Some(r) if matches!(self.heap.kind(r), kinds::STR | kinds::BYTES) => self.heap.bytes(r),
            _ => self.as_bytes(v).unwrap_or_default(),
        }
    }

    /// Makes a text of this type without looking at the bytes.
    pub(crate) fn new_text(&mut self, kind: Text, bytes: &[u8]) -> Res {
        match kind {
            Text::Str => self.new_str(bytes),
            Text::Bytes => self.new_bytes(bytes),
            Text::ByteArray => self.new_bytearray(bytes),
        }
    }

    /// The empty text of a type, as methods give it: bytes also for a bytearray.
    pub(crate) fn empty_text(&mut self, kind: Text) -> Res {
        if kind == Text::Str { Ok(Qstr(0).into()) } else { self.new_bytes(&[]) }
    }

    /// UnicodeError
    #[cold]
    pub(crate) fn unicode_error(&mut self) -> Raised {
        self.raise_value(types::UNICODE_ERROR, Value::NULL)
    }

    /// A part of a text as a new text of the same type. UnicodeError if it cuts a character.
    pub(crate) fn sub_text(&mut self, kind: Text, v: Value, start: usize, end: usize) -> Res {
        match kind {
            Text::Str => self.sub_str(v, start, end),
            Text::Bytes => {
                let r = self.copy_part(kinds::BYTES, 0, v, start, end)?;
                Ok(r.into())
            }
            Text::ByteArray => {
                let part = self.text(v)[start..end].to_vec();
                self.new_bytearray(&part)
            }
        }
    }

    fn sub_str(&mut self, v: Value, start: usize, end: usize) -> Res {
        let text = self.text(v);
        let part = &text[start..end];
        match part {
            [] => return Ok(Qstr(0).into()),
            [c] if *c < 128 => return Ok(Qstr(1 + u32::from(*c)).into()),
            _ => {}
        }
        let mut flags = super::ASCII;
        if !self.str_is_ascii(v) {
            let whole = utf8::is_boundary(text, start) && utf8::is_boundary(text, end);
            if !part.is_ascii() {
                flags = 0;
                if !whole {
                    return Err(self.unicode_error());
                }
            }
        }
        let r = self.copy_part(kinds::STR, flags, v, start, end)?;
        Ok(r.into())
    }

    fn copy_part(
        &mut self,
        kind: coil_heap::Kind,
        flags: u8,
        v: Value,
        start: usize,
        end: usize,
    ) -> Result<Ref, Raised> {
        let len = self.checked_len(end - start)?;
        let r = self.alloc(Header::new(kind, flags, 0, len))?;
        if let Some(b) = self.buffer(v) {
            self.copy_buffer(b, start, end - start, r, 0);
        }
        Ok(r)
    }

    /// MemoryError if a result of `n` bytes could never fit the heap.
    pub fn check_room(&mut self, n: usize) -> Result<(), Raised> {
        if n > 1024 && n as u64 > u64::from(self.heap.max_bytes()) {
            let (bytes, free) = (u32::try_from(n).unwrap_or(u32::MAX), self.heap.stats().free);
            self.tell(Told::NoMemory { bytes, free });
            return Err(self.raise_fmt(
                types::MEMORY_ERROR,
                format_args!("memory allocation failed, allocating {n} bytes"),
            ));
        }
        Ok(())
    }

    /// The byte offset that a slice bound in an argument means, fitted to the text.
    pub(crate) fn text_bound(
        &mut self,
        kind: Text,
        v: Value,
        index: Value,
    ) -> Result<usize, Raised> {
        let Some(i) = self.try_int_like(index)? else {
            let (what, t) = (kind.name(), self.type_name(index).to_string());
            return Err(self.type_error(&format!("{what} indices must be integers, not {t}")));
        };
        let wide = kind == Text::Str && !self.str_is_ascii(v);
        let text = self.text(v);
        let n = if wide { utf8::char_count(text) } else { text.len() } as i64;
        let i = if i < 0 { i.saturating_add(n) } else { i }.clamp(0, n) as usize;
        Ok(if wide { utf8::char_offset(text, i) } else { i })
    }

    /// The range that optional start and stop arguments mean; the end may lie before the start.
    pub(crate) fn text_range(
        &mut self,
        kind: Text,
        args: crate::rom::Args,
        first: usize,
    ) -> Result<(usize, usize), Raised> {
        let this = self.arg(args, 0);
        let (start, stop) = (self.arg(args, first), self.arg(args, first + 1));
        let given = |v: Value| !v.is_null() && v != Value::NONE;
        let from = if given(start) { self.text_bound(kind, this, start)? } else { 0 };
        let to =
            if given(stop) { self.text_bound(kind, this, stop)? } else { self.text(this).len() };
        Ok((from, to))
    }
}
