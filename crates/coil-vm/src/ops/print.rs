//! `str()` and `repr()` of anything.

use crate::kinds::{self, instance};
use crate::qstr::names;
use crate::rom::PrintKind;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

impl Vm {
    /// `str(v)` or `repr(v)` into a buffer.
    pub fn print(&mut self, v: Value, out: &mut Vec<u8>, kind: PrintKind) -> Result<(), Raised> {
        self.enter_native()?;
        let done = self.print_inner(v, out, kind);
        self.leave_native();
        done
    }

    fn print_inner(&mut self, v: Value, out: &mut Vec<u8>, kind: PrintKind) -> Result<(), Raised> {
        if v == Value::OBJECT {
            out.extend_from_slice(b"<object>");
            return Ok(());
        }
        if let Some(r) = self.is_instance_value(v) {
            return self.print_instance(r, out, kind);
        }
        if let Some(f) = self.def_of(v).print {
            return f(self, v, out, kind);
        }
        let text = format!("<{}>", self.type_name(v));
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn print_instance(&mut self, r: Ref, out: &mut Vec<u8>, kind: PrintKind) -> Result<(), Raised> {
        let class = self.heap.get(r, instance::CLASS);
        let mut method = None;
        if kind == PrintKind::Str {
            method = self.class_lookup(class, names::str_);
        }
        let native = self.native_of(r);
        if method.is_none() && (native.is_null() || kind == PrintKind::Repr) {
            method = self.class_lookup(class, names::repr);
        }
        if let Some(f) = method {
            let (f, this) = self.bind(f, r.into(), class);
            let text = self.call_method(f, this, &[])?;
            return self.print(text, out, PrintKind::Str);
        }
        if !native.is_null() {
            if self.as_exception(native).is_some() && kind == PrintKind::Repr {
                out.extend_from_slice(self.class_name(class).as_bytes());
                let args = self
                    .heap
                    .get(native.as_ref().expect("an exception is an object"), kinds::exc::ARGS);
                return self.print(args, out, PrintKind::Repr);
            }
            return self.print(native, out, kind);
        }
        let text = format!("<{} object at {:x}>", self.class_name(class), r.offset());
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// `str(v)` or `repr(v)` as a value.
    pub fn to_text(&mut self, v: Value, kind: PrintKind) -> Res {
        if kind == PrintKind::Str && self.is_str(v) && self.is_instance_value(v).is_none() {
            return Ok(v);
        }
        let mut out = Vec::new();
        self.print(v, &mut out, kind)?;
        self.new_str(&out)
    }
}
