//! Raising: how native code makes exceptions.

use crate::kinds;
use crate::qstr::Qstr;
use crate::types::{self, Type};
use crate::vm::{Raised, Vm};
use alloc::string::{String, ToString};
use coil_heap::Value;
use core::fmt;

/// Bytes of the emergency buffer before the arguments of an exception, on the device.
const EMERGENCY_TUPLE: usize = 32;
/// Bytes of the emergency buffer before a text, on the device.
const EMERGENCY_TEXT: usize = 52;

impl Vm {
    /// Makes an instance of a built-in exception with these arguments. Where the heap is locked or
    /// full it has as many of them as the emergency buffer holds: all or none.
    pub fn new_exception(&mut self, class: Type, args: &[Value]) -> Result<Value, Raised> {
        let mark = self.mark();
        for a in args {
            self.root(*a);
        }
        let fits = EMERGENCY_TUPLE + 4 * args.len() <= self.emergency_bytes as usize;
        let made = if self.heap_lock == 0 {
            self.exception_object(class, args)
        } else {
            self.off_heap(|vm| vm.exception_object(class, if fits { args } else { &[] }))
        };
        let e = made.unwrap_or_else(|Raised| self.static_exception(class));
        self.release_but(mark, e);
        Ok(e)
    }

    fn exception_object(&mut self, class: Type, args: &[Value]) -> Result<Value, Raised> {
        let tuple = self.new_tuple(args)?;
        let e = self.alloc_values(kinds::EXC, kinds::exc::LEN)?;
        self.heap.set(e, kinds::exc::TYPE, class.into());
        self.heap.set(e, kinds::exc::ARGS, tuple);
        Ok(e.into())
    }

    /// The one exception that takes no memory: a type, and nothing to say.
    fn static_exception(&mut self, class: Type) -> Value {
        let e = self.emergency_exception;
        if let Some(r) = e.as_ref() {
            self.heap.set(r, kinds::exc::TYPE, class.into());
            self.heap.set(r, kinds::exc::TRACE, Value::NULL);
        }
        e
    }

    /// Raises an exception value.
    #[cold]
    pub fn raise(&mut self, exception: Value) -> Raised {
        self.pending = exception;
        Raised
    }

    /// Raises a built-in exception with a text.
    #[cold]
    #[inline(never)]
    pub fn raise_fmt(&mut self, class: Type, text: fmt::Arguments<'_>) -> Raised {
        let mut text: String = text.to_string();
        if self.heap_lock > 0 {
            // It is written into the emergency buffer, as far as that reaches.
            let room = (self.emergency_bytes as usize).saturating_sub(EMERGENCY_TEXT);
            if room < 16 {
                return self.raise_value(class, Value::NULL);
            }
            text.truncate(text.floor_char_boundary(room - 1));
        }
        self.raise_args(class, &text)
    }

    /// Raises a built-in exception with a fixed text.
    #[cold]
    #[inline(never)]
    pub fn raise_args(&mut self, class: Type, text: &str) -> Raised {
        if self.heap_lock > 0 && (self.emergency_bytes as usize) < EMERGENCY_TEXT {
            return self.raise_value(class, Value::NULL);
        }
        let text = self.off_heap(|vm| vm.new_str(text.as_bytes()));
        let made = match text {
            Ok(text) => self.off_heap(|vm| vm.new_exception(class, &[text])),
            Err(Raised) => self.new_exception(class, &[]),
        };
        match made {
            Ok(e) => self.raise(e),
            Err(Raised) => Raised,
        }
    }

    /// Raises a built-in exception without arguments, or with one value.
    #[cold]
    #[inline(never)]
    pub fn raise_value(&mut self, class: Type, value: Value) -> Raised {
        let made = if value.is_null() {
            self.new_exception(class, &[])
        } else {
            self.new_exception(class, &[value])
        };
        match made {
            Ok(e) => self.raise(e),
            Err(Raised) => Raised,
        }
    }

    /// TypeError
    #[cold]
    pub fn type_error(&mut self, text: &str) -> Raised {
        self.raise_args(types::TYPE_ERROR, text)
    }

    /// ValueError
    #[cold]
    pub fn value_error(&mut self, text: &str) -> Raised {
        self.raise_args(types::VALUE_ERROR, text)
    }

    /// RuntimeError
    #[cold]
    pub fn runtime_error(&mut self, text: &str) -> Raised {
        self.raise_args(types::RUNTIME_ERROR, text)
    }

    /// OSError with an error number.
    #[cold]
    pub fn os_error(&mut self, errno: i64) -> Raised {
        self.raise_value(types::OS_ERROR, Value::int(errno))
    }

    /// `IndexError: list index out of range` and its kin.
    #[cold]
    pub fn index_error(&mut self, what: &str) -> Raised {
        self.raise_fmt(types::INDEX_ERROR, format_args!("{what} index out of range"))
    }

    /// TypeError without a text.
    #[cold]
    pub fn new_type_error(&mut self) -> Raised {
        match self.new_exception(types::TYPE_ERROR, &[]) {
            Ok(e) => self.raise(e),
            Err(raised) => raised,
        }
    }

    /// AttributeError for a value that does not let that attribute be set or deleted.
    #[cold]
    pub fn attribute_fixed_error(&mut self, v: Value, name: Qstr) -> Raised {
        let (t, name) = (self.type_name(v).to_string(), self.names.text(name).to_string());
        let text = format_args!("'{t}' object has no attribute '{name}'");
        self.raise_fmt(types::ATTRIBUTE_ERROR, text)
    }

    /// AttributeError for a value without that attribute.
    #[cold]
    pub fn attribute_error(&mut self, v: Value, name: Qstr) -> Raised {
        let name = self.names.text(name).to_string();
        if let Some(class) = self.as_type(v) {
            let t = self.class_name(class).to_string();
            return self.raise_fmt(
                types::ATTRIBUTE_ERROR,
                format_args!("type object '{t}' has no attribute '{name}'"),
            );
        }
        let t = self.type_name(v).to_string();
        self.raise_fmt(
            types::ATTRIBUTE_ERROR,
            format_args!("'{t}' object has no attribute '{name}'"),
        )
    }

    /// NameError for an unknown name.
    #[cold]
    pub fn name_error(&mut self, name: Qstr) -> Raised {
        let name = self.names.text(name).to_string();
        self.raise_fmt(types::NAME_ERROR, format_args!("name '{name}' isn't defined"))
    }
}
