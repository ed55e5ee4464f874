//! Objects of extension types: a type number and fields.

use crate::kinds;
use crate::qstr::names;
use crate::rom::TypeDef;
use crate::vm::{Raised, Res, Vm};
use coil_heap::{Header, Value};

impl Vm {
    /// Makes an object of an extension type with these fields.
    pub fn new_native(&mut self, def: &'static TypeDef, fields: &[Value]) -> Res {
        let mark = self.mark();
        for v in fields {
            self.root(*v);
        }
        let number = Self::type_number(self.type_value(def)).expect("a built-in type has a number");
        let n = self.checked_len(fields.len())?;
        let r = self.alloc(Header::new(kinds::NATIVE, 0, number as u16, n))?;
        for (i, v) in fields.iter().enumerate() {
            self.heap.set(r, i, *v);
        }
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// The object of an extension type in a value: itself, or the built-in base of an instance.
    pub fn as_native(&self, v: Value, def: &'static TypeDef) -> Option<Value> {
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::NATIVE if self.type_of(v) == self.type_value(def) => Some(v),
            kinds::INSTANCE => {
                let native = self.heap.get(r, kinds::instance::NATIVE);
                if native.is_ref() && self.as_ref_kind(native, kinds::NATIVE).is_some() {
                    self.as_native(native, def)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// A field of an object of an extension type; null for anything else.
    #[inline]
    pub fn native_field(&self, v: Value, i: usize) -> Value {
        match self.as_ref_kind(v, kinds::NATIVE) {
            Some(r) if i < self.heap.len(r) => self.heap.get(r, i),
            _ => Value::NULL,
        }
    }

    /// A field that holds an int; zero if it does not.
    #[inline]
    pub fn native_int(&self, v: Value, i: usize) -> i64 {
        self.native_field(v, i).as_int().unwrap_or(0)
    }

    /// Replaces a field of an object of an extension type.
    #[inline]
    pub fn set_native_field(&mut self, v: Value, i: usize, x: Value) {
        if let Some(r) = self.as_ref_kind(v, kinds::NATIVE)
            && i < self.heap.len(r)
        {
            self.heap.set(r, i, x);
        }
    }

    /// The low 64 bits of an int of any size.
    pub fn int_low_bits(&self, v: Value) -> i64 {
        match v {
            Value::TRUE => 1,
            Value::FALSE => 0,
            _ => self.int_truncated(v),
        }
    }

    /// Text as it is handed to the `write` of a stream: a program's class that derives from a
    /// stream type of the firmware gets a bytearray, as in the reference.
    pub fn stream_data(&mut self, stream: Value, text: &[u8]) -> Res {
        let native = match self.as_ref_kind(stream, kinds::INSTANCE) {
            Some(r) => self.heap.get(r, kinds::instance::NATIVE),
            None => Value::NULL,
        };
        if self.as_ref_kind(native, kinds::NATIVE).is_some() {
            self.new_bytearray(text)
        } else {
            self.new_str(text)
        }
    }

    /// Writes text to a stream with its `write`, as often as a program's own stream takes only part
    /// of it; nothing is written of no text.
    pub fn write_stream(&mut self, stream: Value, mut text: &[u8]) -> Result<(), Raised> {
        let in_parts = self.as_ref_kind(stream, kinds::INSTANCE).is_some();
        while !text.is_empty() {
            let mark = self.mark();
            let write = self.get_attr(stream, names::write)?;
            self.root(write);
            let data = self.stream_data(stream, text)?;
            let answer = self.call(write, &[data])?;
            self.release(mark);
            if !in_parts || answer == Value::NONE {
                return Ok(());
            }
            let taken = self.expect_int(answer)?;
            match usize::try_from(taken) {
                Err(_) => return Err(self.os_error(taken.saturating_neg())),
                Ok(0) => return Ok(()),
                Ok(n) if n > text.len() => return Err(self.os_error(EIO)),
                Ok(n) => text = &text[n..],
            }
        }
        Ok(())
    }
}

/// Input and output failed.
const EIO: i64 = 5;
