//! Numbers in arguments, and how many arguments a function takes.

use crate::kinds::instance;
use crate::qstr::names;
use crate::rom::{Args, Unary};
use crate::types;
use crate::vm::{Raised, Vm};
use alloc::format;
use alloc::string::ToString;
use coil_heap::Value;

/// Whether an int fits a word of the device, where the least of all is left out.
pub(crate) const fn fits_word(i: i64) -> bool {
    i.unsigned_abs() <= i32::MAX as u64
}

impl Vm {
    /// An int in a word of the device, from an int or bool (or an object with `__int__` where the
    /// reference allows it); nothing if the value is no int.
    ///
    /// # Errors
    /// OverflowError if it does not fit; what `__int__` raises.
    #[inline]
    pub fn try_int_like(&mut self, v: Value) -> Result<Option<i64>, Raised> {
        match v.as_int() {
            Some(i) if fits_word(i) => Ok(Some(i)),
            _ => self.try_other_int(v),
        }
    }

    fn try_other_int(&mut self, v: Value) -> Result<Option<i64>, Raised> {
        if v == Value::TRUE || v == Value::FALSE {
            return Ok(Some(i64::from(v == Value::TRUE)));
        }
        if self.is_int(v) {
            return Err(self.word_overflow());
        }
        match self.int_of_instance(v)? {
            Some(i) => self.try_int_like(i),
            None => Ok(None),
        }
    }

    /// The int that an instance stands for.
    fn int_of_instance(&mut self, v: Value) -> Result<Option<Value>, Raised> {
        let Some(r) = self.is_instance_value(v) else { return Ok(None) };
        let class = self.heap.get(r, instance::CLASS);
        if self.class_lookup(class, names::int_).is_some() {
            return self.unary(Unary::Int, v).map(Some);
        }
        let native = self.native_of(r);
        Ok(Some(native).filter(|n| !n.is_null() && self.is_instance_value(*n).is_none()))
    }

    /// OverflowError of an int that does not fit a word of the device.
    #[cold]
    pub fn word_overflow(&mut self) -> Raised {
        self.raise_args(types::OVERFLOW_ERROR, "overflow converting long int to machine word")
    }

    /// An int argument in a word of the device, or TypeError.
    ///
    /// # Errors
    /// TypeError for anything else, OverflowError if it does not fit.
    #[inline]
    pub fn expect_int(&mut self, v: Value) -> Result<i64, Raised> {
        match self.try_int_like(v)? {
            Some(i) => Ok(i),
            None => Err(self.no_int(v)),
        }
    }

    /// The low 64 bits of an int argument, or TypeError.
    ///
    /// # Errors
    /// TypeError for anything else.
    pub fn expect_long(&mut self, v: Value) -> Result<i64, Raised> {
        if self.is_int(v) || v == Value::TRUE || v == Value::FALSE {
            return Ok(self.int_low_bits(v));
        }
        match self.int_of_instance(v)? {
            Some(i) if self.is_int(i) => Ok(self.int_low_bits(i)),
            _ => Err(self.no_int(v)),
        }
    }

    #[cold]
    fn no_int(&mut self, v: Value) -> Raised {
        let t = self.type_name(v).to_string();
        self.type_error(&format!("can't convert {t} to int"))
    }

    /// How often `seq * v` repeats; nothing if `v` is no int.
    ///
    /// # Errors
    /// Those of [`Vm::try_int_like`].
    pub(crate) fn as_repeat_count(&mut self, v: Value) -> Result<Option<usize>, Raised> {
        let n = self.try_int_like(v)?;
        Ok(n.map(|n| usize::try_from(n).unwrap_or(0)))
    }

    /// TypeError unless the call has between `min` and `max` positional arguments and no others.
    pub fn check_args(&mut self, args: Args, min: usize, max: usize) -> Result<(), Raised> {
        if args.nkw > 0 {
            return Err(self.type_error("function doesn't take keyword arguments"));
        }
        if args.n < min || args.n > max {
            Err(self.arg_count_error(args.n, min, max))
        } else {
            Ok(())
        }
    }

    /// TypeError about the number of arguments.
    #[cold]
    pub fn arg_count_error(&mut self, n: usize, min: usize, max: usize) -> Raised {
        if min == max {
            return self.type_error(&format!(
                "function takes {min} positional arguments but {n} were given"
            ));
        }
        if n < min {
            let missing = min - n;
            return self
                .type_error(&format!("function missing {missing} required positional arguments"));
        }
        self.type_error(&format!("function expected at most {max} arguments, got {n}"))
    }
}
