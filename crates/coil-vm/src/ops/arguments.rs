//! Numbers in arguments, and how many arguments a function takes.

use crate::kinds::instance;
use crate::qstr::names;
use crate::rom::{Args, Unary};
use crate::types;
use crate::vm::{Raised, Vm};
use alloc::format;
use alloc::string::ToString;
use coil_heap::Value;

impl Vm {
    /// An int that fits 64 bits, from an int or bool (or an object with `__int__` where the
    /// reference allows it); nothing if the value is no int.
    pub fn try_int_like(&mut self, v: Value) -> Result<Option<i64>, Raised> {
        if let Some(i) = v.as_int() {
            return Ok(Some(i));
        }
        if v == Value::TRUE || v == Value::FALSE {
            return Ok(Some(i64::from(v == Value::TRUE)));
        }
        if let Some(i) = self.big_to_i64(v) {
            return match i {
                Some(i) => Ok(Some(i)),
                None => Err(self.raise_args(
                    types::OVERFLOW_ERROR,
                    "overflow converting long int to machine word",
                )),
            };
        }
        if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            if self.class_lookup(class, names::int_).is_some() {
                let i = self.unary(Unary::Int, v)?;
                return Ok(i.as_int());
            }
            let native = self.native_of(r);
            if !native.is_null() && self.is_instance_value(native).is_none() {
                return self.try_int_like(native);
            }
        }
        Ok(None)
    }

    /// An int argument, or TypeError.
    pub fn expect_int(&mut self, v: Value) -> Result<i64, Raised> {
        if let Some(i) = v.as_int() {
            return Ok(i);
        }
        match self.try_int_like(v)? {
            Some(i) => Ok(i),
            None => {
                let t = self.type_name(v).to_string();
                Err(self.type_error(&format!("can't convert {t} to int")))
            }
        }
    }

    /// How often `seq * v` repeats; nothing if `v` is no int.
    pub fn as_repeat_count(&self, v: Value) -> Option<usize> {
        match v {
            Value::TRUE => Some(1),
            Value::FALSE => Some(0),
            _ => v.as_int().map(|i| i.max(0) as usize),
        }
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
