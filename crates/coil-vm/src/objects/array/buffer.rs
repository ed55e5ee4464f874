//! The buffer protocol: the bytes inside strings, bytes, bytearrays, arrays and views.
//!
//! A [`Buffer`] says where the bytes are; it is good until the object is changed.

use crate::kinds::{self, memoryview as view};
use crate::qstr::Qstr;
use crate::vm::{Raised, Vm};
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

/// Where bytes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Name(Qstr),
    Object(Ref),
}

/// The bytes that a value gives access to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer {
    pub(crate) source: Source,
    pub(crate) at: usize,
    /// How many bytes.
    pub len: usize,
    /// Type code of the items; zero for a bytearray.
    pub code: u8,
    /// Whether they may be changed.
    pub writable: bool,
}

/// Views of views deeper than this show nothing.
const DEPTH_MAX: u32 = 64;

impl Vm {
    /// The buffer of a value; nothing if it has none.
    pub fn buffer(&self, v: Value) -> Option<Buffer> {
        self.buffer_in(v, 0)
    }

    /// The same; objects that show the buffer of another are followed so many times at most.
    fn buffer_in(&self, v: Value, depth: u32) -> Option<Buffer> {
        if depth > DEPTH_MAX {
            return None;
        }
        if let Some(q) = v.as_qstr() {
            let q = Qstr(q);
            let len = self.names.get(q).len();
            return Some(Buffer {
                source: Source::Name(q),
                at: 0,
                len,
                code: b'B',
                writable: false,
            });
        }
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::STR | kinds::BYTES => Some(Buffer {
                source: Source::Object(r),
                at: 0,
                len: self.heap.len(r),
                code: b'B',
                writable: false,
            }),
            kinds::ARRAY => {
                let code = self.heap.header(r).flags();
                let store = self.array_store(r);
                let len = (self.array_len(r) * super::item_size(code)).min(self.heap.len(store));
                Some(Buffer { source: Source::Object(store), at: 0, len, code, writable: true })
            }
            kinds::MEMORYVIEW => {
                let object = self.heap.get(r, view::OBJECT);
                let inner = match object.as_int() {
                    // Nothing can be seen where no bytes are.
                    Some(address) => self.memory_at(address as u32).unwrap_or(Buffer {
                        source: Source::Name(Qstr(0)),
                        at: 0,
                        len: 0,
                        code: 0,
                        writable: false,
                    }),
                    None => self.buffer_in(object, depth + 1)?,
                };
                let field = |i| self.heap.get(r, i).int_unchecked() as usize;
                let code = field(view::CODE);
                let size = super::item_size(code as u8);
                let at = (field(view::START) * size).min(inner.len);
                let len = (field(view::LEN_ITEMS) * size).min(inner.len - at);
                let writable = code & super::WRITABLE != 0 && inner.writable;
                Some(Buffer {
                    source: inner.source,
                    at: inner.at + at,
                    len,
                    code: code as u8,
                    writable,
                })
            }
            kinds::INSTANCE => {
                let native = self.heap.get(r, kinds::instance::NATIVE);
                if native.is_null() { None } else { self.buffer_in(native, depth + 1) }
            }
            kinds::NATIVE => {
                let inner = self.def_of(v).buffer?(self, v);
                if inner.is_null() { None } else { self.buffer_in(inner, depth + 1) }
            }
            _ => None,
        }
    }

    /// The bytes of a buffer.
    pub fn buffer_bytes(&self, b: Buffer) -> &[u8] {
        let all = match b.source {
            Source::Name(q) => self.names.get(q),
            Source::Object(r) => self.heap.bytes(r),
        };
        &all[b.at..b.at + b.len]
    }

    /// The bytes of a value with the buffer protocol.
    pub fn as_bytes(&self, v: Value) -> Option<&[u8]> {
        self.buffer(v).map(|b| self.buffer_bytes(b))
    }

    /// The buffer of an argument, or TypeError.
    pub fn expect_buffer(&mut self, v: Value) -> Result<Buffer, Raised> {
        match self.buffer(v) {
            Some(b) => Ok(b),
            None => Err(self.type_error("object with buffer protocol required")),
        }
    }

    /// The buffer of an argument that is to be written to, or TypeError.
    pub fn expect_writable(&mut self, v: Value) -> Result<Buffer, Raised> {
        match self.buffer(v) {
            Some(b) if b.writable => Ok(b),
            _ => Err(self.type_error("object with buffer protocol required")),
        }
    }

    /// A copy of the bytes of a string or of anything with the buffer protocol, or TypeError.
    pub fn expect_bytes_like(&mut self, v: Value) -> Result<Vec<u8>, Raised> {
        let b = self.expect_buffer(v)?;
        Ok(self.buffer_bytes(b).to_vec())
    }

    /// How many bytes a writable buffer has, or TypeError.
    pub fn buffer_len(&mut self, v: Value) -> Result<usize, Raised> {
        self.expect_writable(v).map(|b| b.len)
    }

    /// A copy of at most `n` bytes from an offset on, or TypeError.
    pub fn buffer_read(&mut self, v: Value, at: usize, n: usize) -> Result<Vec<u8>, Raised> {
        let b = self.expect_buffer(v)?;
        let bytes = self.buffer_bytes(b);
        let at = at.min(bytes.len());
        let end = at.saturating_add(n).min(bytes.len());
        Ok(bytes[at..end].to_vec())
    }

    /// How many bytes a bytearray has room for where it is; nothing for anything else.
    pub fn bytearray_room(&self, v: Value) -> Option<usize> {
        let r = self.as_ref_kind(v, kinds::ARRAY)?;
        let is_bytes = self.heap.header(r).flags() == 0;
        is_bytes.then(|| self.heap.len(self.array_store(r)))
    }

    /// Makes a bytearray longer, up to its room, or shorter, and keeps its room.
    pub fn set_bytearray_len(&mut self, v: Value, n: usize) {
        if let Some(room) = self.bytearray_room(v)
            && let Some(r) = v.as_ref()
        {
            self.heap.set(r, 0, Value::int(n.min(room) as i64));
        }
    }

    /// Writes into a writable buffer; ValueError if the bytes do not fit.
    pub fn buffer_write(&mut self, v: Value, at: usize, bytes: &[u8]) -> Result<(), Raised> {
        let b = self.expect_writable(v)?;
        let Source::Object(r) = b.source else {
            return Err(self.type_error("object with buffer protocol required"));
        };
        if at > b.len || bytes.len() > b.len - at {
            return Err(self.value_error("buffer too small"));
        }
        let at = b.at + at;
        self.heap.bytes_mut(r)[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    /// Copies part of a buffer into an object of bytes.
    pub(crate) fn copy_buffer(
        &mut self,
        from: Buffer,
        start: usize,
        len: usize,
        to: Ref,
        at: usize,
    ) {
        match from.source {
            Source::Object(r) => self.heap.copy_bytes(r, from.at + start, to, at, len),
            Source::Name(q) => {
                let text = &self.names.get(q)[from.at + start..][..len];
                self.heap.bytes_mut(to)[at..at + len].copy_from_slice(text);
            }
        }
    }
}
