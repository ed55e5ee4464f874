//! The chip's addresses of what a program can see as bytes, and back.
//!
//! The arena stands in the chip's data memory, and what is in it has the address of its place
//! there; the texts of interned names stand where the chip maps its flash, a slot each. A program
//! may read all objects of bytes through an address, and write to those that bytearrays, arrays
//! and bytes are made of; everything else of the machine is out of reach. What is at other addresses
//! the chip around the machine says ([`crate::hardware`]).

use crate::hardware::{Bus, Fault};
use crate::interp::plan::Plan;
use crate::kinds::{self, memoryview as view};
use crate::objects::array::buffer::Source;
use crate::objects::array::{Buffer, WRITABLE};
use crate::qstr::Qstr;
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Header, Kind, Ref, Value};

/// Address of the arena's first byte.
pub const ARENA: u32 = 0x3ffb_8000;
/// Address of the first interned name, and the end of their memory.
const NAMES: u32 = 0x3f40_0000;
const NAMES_END: u32 = 0x3f80_0000;
/// Log2 of the bytes between the starts of two names: no name is longer.
const NAME_SHIFT: u32 = 8;
/// Bytes of an object's header.
const HEADER: u32 = 8;

/// Kinds whose objects a word may stand for: all that a program can hold.
const VISIBLE: &[Kind] = &[
    kinds::TUPLE,
    kinds::LIST,
    kinds::DICT,
    kinds::SET,
    kinds::FROZENSET,
    kinds::FUNCTION,
    kinds::BOUND,
    kinds::GENERATOR,
    kinds::CLASS,
    kinds::INSTANCE,
    kinds::EXC,
    kinds::MODULE,
    kinds::RANGE,
    kinds::SLICE,
    kinds::PROPERTY,
    kinds::NAMEDTUPLE,
    kinds::MEMORYVIEW,
    kinds::ARRAY,
    kinds::NATIVE,
    kinds::DICTVIEW,
    kinds::STR,
    kinds::BYTES,
    kinds::BIGINT,
    kinds::FLOAT,
    kinds::COMPLEX,
];

impl Vm {
    /// Where the bytes of a value are; nothing if it has no buffer.
    pub fn address_of(&self, v: Value) -> Option<u32> {
        if let Some(r) = self.as_ref_kind(v, kinds::MEMORYVIEW)
            && let Some(base) = self.heap.get(r, view::OBJECT).as_int()
        {
            let code = self.heap.get(r, view::CODE).int_unchecked() as u8;
            let size = crate::objects::array::item_size(code) as i64;
            let start = self.heap.get(r, view::START).int_unchecked();
            return Some((base as u32).wrapping_add((start * size) as u32));
        }
        let b = self.buffer(v)?;
        Some(match b.source {
            Source::Object(r) => ARENA + r.offset() + HEADER + b.at as u32,
            Source::Name(q) => NAMES
                .saturating_add(q.0.saturating_mul(1 << NAME_SHIFT))
                .saturating_add(b.at as u32),
        })
    }

    /// The bytes from an address to the end of what stands there.
    pub fn memory_at(&self, address: u32) -> Option<Buffer> {
        let code = b'B';
        if (NAMES..NAMES_END).contains(&address) {
            let q = Qstr((address - NAMES) >> NAME_SHIFT);
            let at = (address & ((1 << NAME_SHIFT) - 1)) as usize;
            let len = self.names.try_get(q)?.len().checked_sub(at)?;
            return Some(Buffer { source: Source::Name(q), at, len, code, writable: false });
        }
        let offset = address.checked_sub(ARENA)?;
        let r = self.heap.object_at(offset)?;
        let kind = self.heap.kind(r);
        if !matches!(kind, kinds::STORE | kinds::BYTES | kinds::STR) {
            return None;
        }
        let at = offset.checked_sub(r.offset() + HEADER)? as usize;
        let len = self.heap.len(r).checked_sub(at)?;
        // Text stays text.
        let writable = kind != kinds::STR;
        Some(Buffer { source: Source::Object(r), at, len, code, writable })
    }

    /// A copy of `n` bytes at an address; nothing if they are not all there.
    pub fn memory_read(&self, address: u32, n: usize) -> Option<Vec<u8>> {
        let b = self.memory_at(address).filter(|b| b.len >= n)?;
        self.buffer_bytes(b).get(..n).map(<[u8]>::to_vec)
    }

    /// A bytearray that shows `n` bytes at an address, whatever is there when it is used.
    pub fn memory_view(&mut self, address: u32, n: usize) -> Res {
        let keep = match self.memory_at(address).map(|b| b.source) {
            Some(Source::Object(r)) => r.into(),
            _ => Value::NULL,
        };
        let mark = self.mark();
        self.root(keep);
        let r = self.alloc(Header::new(kinds::MEMORYVIEW, 1, 0, view::LEN))?;
        for (field, v) in [
            (view::OBJECT, Value::int(i64::from(address))),
            (view::START, Value::int(0)),
            (view::LEN_ITEMS, Value::int(n as i64)),
            (view::CODE, Value::int(WRITABLE as i64)),
            (view::KEEP, keep),
        ] {
            self.heap.set(r, field, v);
        }
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// Opens the object at an address to the heap's loads and stores.
    fn open_memory(&mut self, address: u32) -> Option<()> {
        let b = self.memory_at(address)?;
        let Source::Object(r) = b.source else { return None };
        self.heap.open(r, b.writable);
        Some(())
    }

    /// `n` bytes (1, 2 or 4) at an address as a little-endian number.
    #[inline]
    pub fn load(&mut self, address: u32, n: u32) -> Result<u32, Raised> {
        match self.heap.load(address.wrapping_sub(ARENA), n) {
            Some(word) => Ok(word),
            None => self.load_slow(address, n),
        }
    }

    #[cold]
    #[inline(never)]
    fn load_slow(&mut self, address: u32, n: u32) -> Result<u32, Raised> {
        if self.open_memory(address).is_some()
            && let Some(word) = self.heap.load(address.wrapping_sub(ARENA), n)
        {
            return Ok(word);
        }
        match self.memory_read(address, n as usize) {
            Some(bytes) => Ok(bytes.iter().rev().fold(0, |word, b| word << 8 | u32::from(*b))),
            None => self.bus(Bus { address, size: n, store: None }),
        }
    }

    /// Replaces `n` bytes (1, 2 or 4) at an address by those of a number.
    #[inline]
    pub fn store(&mut self, address: u32, n: u32, word: u32) -> Result<(), Raised> {
        if self.heap.store(address.wrapping_sub(ARENA), n, word) {
            return Ok(());
        }
        if self.open_memory(address).is_some()
            && self.heap.store(address.wrapping_sub(ARENA), n, word)
        {
            return Ok(());
        }
        self.bus(Bus { address, size: n, store: Some(word) }).map(drop)
    }

    /// A value as the word that stands for it in the chip's memory.
    pub fn value_to_word(&mut self, v: Value) -> Result<u32, Raised> {
        if let Some(i) = v.as_int() {
            if (-(1 << 30)..1 << 30).contains(&i) {
                return Ok((i as u32) << 1 | 1);
            }
            let magnitude = i.unsigned_abs().to_le_bytes();
            let r = self.alloc_big(i < 0, &magnitude)?;
            return Ok(ARENA + r.offset());
        }
        if v.is_flonum() {
            let r = self.alloc_bytes(kinds::FLOAT, 0, &v.flonum_unchecked().to_le_bytes())?;
            return Ok(ARENA + r.offset());
        }
        if let Some(r) = v.as_ref() {
            return Ok(ARENA + r.offset());
        }
        if let Some(q) = v.as_qstr() {
            return Ok(q << 3 | 2);
        }
        let (tag, number) = v.as_immediate().unwrap_or((0, 0));
        Ok(number << 6 | u32::from(tag & 7) << 3 | 6)
    }

    /// The value that a word stands for; nothing if there is no such value.
    pub fn word_to_value(&mut self, word: u32) -> Result<Option<Value>, Raised> {
        if word & 1 == 1 {
            return Ok(Some(Value::int(i64::from(word as i32 >> 1))));
        }
        if word & 7 == 2 {
            let q = Qstr(word >> 3);
            return Ok(self.names.try_get(q).map(|_| q.into()));
        }
        if word & 7 == 6 {
            return Ok(self.immediate_of(word >> 3 & 7, word >> 6));
        }
        let Some(r) = word.checked_sub(ARENA).and_then(|at| self.object_from(at)) else {
            return Ok(None);
        };
        match self.heap.kind(r) {
            kinds::BIGINT => {
                let negative = self.heap.header(r).flags() & 1 != 0;
                let magnitude = self.heap.bytes(r).to_vec();
                self.new_big(negative, &magnitude).map(Some)
            }
            kinds::FLOAT => {
                let f = self.as_float(r.into()).unwrap_or(0.0);
                self.new_float(f).map(Some)
            }
            _ => Ok(Some(r.into())),
        }
    }

    /// What a word of type code `O` (an object) or `S` (a text that ends with a zero) points at.
    pub fn pointed_at(&mut self, code: u8, word: u32) -> Res {
        if code == b'O' {
            return match self.word_to_value(word)? {
                Some(v) => Ok(v),
                None => Err(self.crash(Fault::LoadProhibited(word))),
            };
        }
        let Some(b) = self.memory_at(word) else {
            return Err(self.crash(Fault::LoadProhibited(word)));
        };
        let bytes = self.buffer_bytes(b);
        let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
        let text = bytes[..end].to_vec();
        if core::str::from_utf8(&text).is_err() {
            return Err(self.raise_value(types::UNICODE_ERROR, Value::NULL));
        }
        self.new_str(&text)
    }

    fn object_from(&self, offset: u32) -> Option<Ref> {
        let r = self.heap.object_at(offset).filter(|r| r.offset() == offset)?;
        VISIBLE.contains(&self.heap.kind(r)).then_some(r)
    }

    fn immediate_of(&self, tag: u32, number: u32) -> Option<Value> {
        let special = [
            Value::NONE,
            Value::FALSE,
            Value::TRUE,
            Value::ELLIPSIS,
            Value::NOT_IMPLEMENTED,
            Value::OBJECT,
        ];
        let same =
            |v: &Value| v.as_immediate().is_some_and(|(t, n)| (u32::from(t), n) == (tag, number));
        special.into_iter().find(same).or_else(|| self.rom.immediate(tag, number))
    }

    /// Marks what registers of functions that compute with addresses point at: the chip's
    /// collector finds them in the same way, by looking at every word of the stack.
    pub(crate) fn mark_addresses(&mut self) {
        for i in 0..self.frames.len() {
            let frame = self.frames[i];
            let facts = crate::interp::loader::Facts::of(self, frame.code);
            if !facts.flags.has(coil_compiler::bytecode::CodeFlags::VIPER) {
                continue;
            }
            let plan = Plan::from_value(self.heap.get(frame.code, kinds::code::PLAN));
            for at in frame.base as usize..frame.base as usize + plan.registers() {
                let Some(word) = self.stack[at].as_int() else { continue };
                let found = (word as u32).checked_sub(ARENA).and_then(|at| self.heap.object_at(at));
                if let Some(r) = found {
                    self.heap.mark(r.into());
                }
            }
        }
    }
}
