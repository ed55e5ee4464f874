//! Items of arrays: type codes, sizes, from bytes to values and back.

use super::buffer::Buffer;
use crate::kinds;
use crate::vm::{Raised, Res, Vm};
use coil_heap::Value;

/// Bytes of an item. Sizes are the chip's: a long has four bytes.
pub(crate) const fn item_size(code: u8) -> usize {
    match code {
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'l' | b'L' | b'f' | b'P' | b'O' | b'S' => 4,
        b'q' | b'Q' | b'd' => 8,
        _ => 1,
    }
}

/// Whether arrays of this type code can be made.
pub(crate) const fn is_array_code(code: u8) -> bool {
    matches!(
        code,
        b'b' | b'B'
            | b'h'
            | b'H'
            | b'i'
            | b'I'
            | b'l'
            | b'L'
            | b'q'
            | b'Q'
            | b'f'
            | b'd'
            | b'P'
            | b'O'
            | b'S'
    )
}

/// An item of a buffer as a value.
pub(crate) fn decode(vm: &mut Vm, b: Buffer, i: usize) -> Res {
    let size = item_size(b.code);
    let mut raw = [0; 8];
    match vm.buffer_bytes(b).get(i * size..(i + 1) * size) {
        Some(bytes) => raw[..size].copy_from_slice(bytes),
        None => return Err(vm.index_error("array")),
    }
    let unsigned = u64::from_le_bytes(raw);
    let shift = 64 - 8 * size as u32;
    match b.code {
        b'f' => vm.new_float(f64::from(f32::from_bits(unsigned as u32))),
        b'd' => vm.new_float(f64::from_bits(unsigned)),
        b'Q' => vm.new_uint(unsigned),
        b'O' | b'S' => vm.pointed_at(b.code, unsigned as u32),
        b'b' | b'h' | b'i' | b'l' | b'q' => vm.new_int(((unsigned << shift) as i64) >> shift),
        _ => vm.new_int(unsigned as i64),
    }
}

impl Vm {
    /// An item of bytes or an array that is in a value as it is: [`Value::STOP`] behind the last
    /// one, nothing if it is something else or takes memory.
    #[inline]
    pub(crate) fn array_item(&self, v: Value, i: usize) -> Option<Value> {
        let r = v.as_ref()?;
        let h = self.heap.header(r);
        let (store, n, code) = match h.kind() {
            kinds::ARRAY => {
                let n = self.heap.get(r, 0).int_unchecked() as usize;
                (self.heap.get(r, 1).as_ref()?, n, h.flags())
            }
            kinds::BYTES => (r, h.len() as usize, 0),
            _ => return None,
        };
        if i >= n {
            return Some(Value::STOP);
        }
        let bytes = self.heap.bytes(store);
        match code {
            0 | b'B' => bytes.get(i).map(|b| Value::int(i64::from(*b))),
            b'b' => bytes.get(i).map(|b| Value::int(i64::from(*b as i8))),
            b'h' => {
                bytes.as_chunks::<2>().0.get(i).map(|b| Value::int(i16::from_le_bytes(*b).into()))
            }
            b'H' => {
                bytes.as_chunks::<2>().0.get(i).map(|b| Value::int(u16::from_le_bytes(*b).into()))
            }
            b'i' | b'l' => {
                bytes.as_chunks::<4>().0.get(i).map(|b| Value::int(i32::from_le_bytes(*b).into()))
            }
            b'I' | b'L' => {
                bytes.as_chunks::<4>().0.get(i).map(|b| Value::int(u32::from_le_bytes(*b).into()))
            }
            b'f' => {
                let b = bytes.as_chunks::<4>().0.get(i)?;
                Value::try_flonum(f32::from_le_bytes(*b).into())
            }
            b'd' => {
                let b = bytes.as_chunks::<8>().0.get(i)?;
                Value::try_flonum(self.rounded(f64::from_le_bytes(*b)))
            }
            _ => None,
        }
    }
}

/// A value as the bytes of an item. Ints lose their high bits.
pub(crate) fn encode(vm: &mut Vm, code: u8, v: Value) -> Result<[u8; 8], Raised> {
    match code {
        b'f' => {
            let f = vm.expect_float(v)? as f32;
            Ok(u64::from(f.to_bits()).to_le_bytes())
        }
        b'd' => Ok(vm.expect_float(v)?.to_le_bytes()),
        b'O' => Ok(u64::from(vm.value_to_word(v)?).to_le_bytes()),
        _ if vm.is_int(v) => Ok(vm.int_truncated(v).to_le_bytes()),
        _ => Ok(vm.expect_int(v)?.to_le_bytes()),
    }
}
