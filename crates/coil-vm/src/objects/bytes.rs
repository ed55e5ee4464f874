//! Bytes.

use crate::kinds;
use crate::rom::TypeDef;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// `bytes`
pub static BYTES: TypeDef = TypeDef {
    name: "bytes",
    print: Some(|vm, v, out, _| {
        out.push(b'b');
        crate::objects::str::print_quoted(vm.str_bytes(v), out, true);
        Ok(())
    }),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

impl Vm {
    /// Makes bytes.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Res {
        self.alloc_bytes(kinds::BYTES, 0, bytes).map(Value::from)
    }

    /// A copy of the bytes of a string or of anything with the buffer protocol, or TypeError.
    pub fn expect_bytes_like(&mut self, v: Value) -> Result<Vec<u8>, Raised> {
        if self.is_str(v) || self.as_ref_kind(v, kinds::BYTES).is_some() {
            return Ok(self.str_bytes(v).to_vec());
        }
        Err(self.type_error("object with buffer protocol required"))
    }
}

impl Vm {
    /// How many bytes a writable buffer has, or TypeError.
    pub fn buffer_len(&mut self, v: Value) -> Result<usize, Raised> {
        let _ = v;
        Err(self.type_error("object with buffer protocol required"))
    }

    /// Writes into a writable buffer; what does not fit is an error of the caller.
    pub fn buffer_write(&mut self, v: Value, at: usize, bytes: &[u8]) -> Result<(), Raised> {
        let _ = (v, at, bytes);
        Err(self.type_error("object with buffer protocol required"))
    }
}
