//! Native values: what registers of functions marked `viper` hold instead of objects.

use crate::hardware::Fault;
use crate::vm::{Res, Vm};
use alloc::format;
use alloc::string::ToString;
use coil_heap::Value;

/// Numbers of native types in instructions.
const BOOL: u32 = 1;
const INT: u32 = 2;
const UINT: u32 = 3;

/// A native int as a register holds it.
#[inline(always)]
pub(super) fn int(i: i32) -> Value {
    Value::int(i64::from(i))
}

/// The address of an item of `1 << shift` bytes.
#[inline(always)]
pub(super) fn address(base: i32, index: i32, shift: u32) -> u32 {
    (base as u32).wrapping_add((index as u32) << shift)
}

impl Vm {
    /// `//` or `%` of native ints; the chip traps when the divisor is zero.
    #[cold]
    #[inline(never)]
    pub(super) fn native_divide(&mut self, x: i32, y: i32, is_modulo: bool) -> Res {
        if y == 0 {
            return Err(self.crash(Fault::IntegerDivideByZero));
        }
        let (x, y) = (i64::from(x), i64::from(y));
        let remainder = x.rem_euclid(y);
        // A remainder has the sign of the divisor.
        let remainder = if y < 0 && remainder != 0 { remainder + y } else { remainder };
        Ok(int(if is_modulo { remainder } else { (x - remainder) / y } as i32))
    }

    /// An object as a native value.
    #[inline(never)]
    pub(super) fn native_from(&mut self, v: Value, kind: u32) -> Res {
        match kind {
            BOOL => self.truth(v).map(|t| int(i32::from(t))),
            INT | UINT => self.native_int_of(v),
            _ => match self.address_of(v) {
                Some(address) => Ok(int(address as i32)),
                None => self.native_int_of(v),
            },
        }
    }

    fn native_int_of(&mut self, v: Value) -> Res {
        if self.is_int(v) || v == Value::TRUE || v == Value::FALSE {
            return Ok(int(self.int_low_bits(v) as i32));
        }
        if self.as_float(v).is_some() {
            let t = self.type_name(v).to_string();
            return Err(self.type_error(&format!("can't convert {t} to int")));
        }
        self.expect_int(v).map(|i| int(i as i32))
    }

    /// A native value as an object.
    #[inline(never)]
    pub(super) fn native_to_object(&mut self, i: i32, kind: u32) -> Res {
        Ok(match kind {
            BOOL => Value::bool(i != 0),
            INT => int(i),
            _ => Value::int(i64::from(i as u32)),
        })
    }
}
