//! Operators with an instance of a program's class among their operands.

use super::{METHODS, REVERSED};
use crate::kinds::instance;
use crate::qstr::{Qstr, names};
use crate::rom::Binary;
use crate::types::{self, Type};
use crate::vm::{Res, Vm};
use alloc::string::ToString;
use coil_heap::{Tag, Value};

impl Vm {
    /// An operator with an instance among its operands. `asked`: the left one's method has been.
    pub(super) fn binary_instance(&mut self, op: Binary, a: Value, b: Value, asked: bool) -> Res {
        if !asked {
            let v = self.special_binary(METHODS[op as usize], a, b)?;
            if !v.is_null() {
                return Ok(v);
            }
        }
        if matches!(op, Binary::Eq | Binary::Ne) {
            return self.equality_of_instances(op, a, b);
        }
        if let Some(native) = self.silent_part(a, METHODS[op as usize]) {
            if op != Binary::Contains {
                return self.binary(op, native, b);
            }
            if native.is_int() && self.plain_number(b).is_some() {
                return Err(self.unsupported("__contains__", native, b));
            }
            return self.contains_by_iteration(native, b);
        }
        if op == Binary::Contains {
            return self.contains_by_iteration(a, b);
        }
        if op.is_comparison() {
            return self.native_with_instance(op, a, b);
        }
        let mut v = self.native_with_instance(op, a, b)?;
        let in_place = op.is_inplace();
        let op = op.plain();
        if in_place && v.is_null() {
            v = self.special_binary(METHODS[op as usize], a, b)?;
            if v.is_null() {
                v = self.native_with_instance(op, a, b)?;
            }
        }
        if !v.is_null() {
            return Ok(v);
        }
        let reversed = REVERSED[op as usize];
        let v = self.special_binary(reversed, b, a)?;
        if v.is_null()
            && let Some(native) = self.silent_part(b, reversed)
        {
            // No built-in type has reversed operators; small ints say so at once.
            let number = self.plain_number(a).is_some() || self.as_complex(a).is_some();
            let name = if number && native.is_int() { reversed } else { METHODS[op as usize] };
            let name = self.names.text(name).to_string();
            let (x, y) = if number && native.is_int() { (native, a) } else { (a, native) };
            return Err(self.unsupported(&name, x, y));
        }
        Ok(v)
    }

    /// `==` and `!=` with an instance on one side, whose method the left one did not have.
    fn equality_of_instances(&mut self, op: Binary, a: Value, b: Value) -> Res {
        if op == Binary::Ne
            && let Some(native) = self.silent_part(a, names::ne)
        {
            return self.binary(op, native, b);
        }
        if op == Binary::Ne {
            // `!=` is the opposite of `==` before the other operand is asked.
            let v = self.special_binary(names::eq, a, b)?;
            if !v.is_null() {
                return self.truth(v).map(|t| Value::bool(!t));
            }
        }
        let v = self.special_binary(METHODS[op as usize], b, a)?;
        if !v.is_null() {
            return Ok(v);
        }
        if op == Binary::Ne {
            let v = self.binary_instance(Binary::Eq, a, b, false)?;
            return if v.is_null() { Ok(v) } else { self.truth(v).map(|t| Value::bool(!t)) };
        }
        let (x, y) = (self.without_instance(a), self.without_instance(b));
        if (x != a || y != b) && !x.is_null() && !y.is_null() {
            return self.binary_native(op, x, y);
        }
        Ok(Value::bool(a == b))
    }

    /// The built-in part of an instance whose class does not have a method of this name itself, if
    /// that part has operators: it takes the operator over.
    pub(crate) fn silent_part(&mut self, v: Value, method: Qstr) -> Option<Value> {
        let r = self.is_instance_value(v)?;
        let native = self.native_of(r);
        if native.is_null() || self.def_of(native).binary.is_none() {
            return None;
        }
        let found = self.class_lookup(self.heap.get(r, instance::CLASS), method);
        found.is_none_or(|f| f.as_tagged(Tag::Native).is_some()).then_some(native)
    }

    /// The operator of a built-in type on the left with an instance on the right, which is not taken
    /// for its built-in part but where a number, a buffer or anything to be formatted will do.
    fn native_with_instance(&mut self, op: Binary, a: Value, b: Value) -> Res {
        if self.is_instance_value(a).is_some() {
            return Ok(Value::NULL);
        }
        let derives = !self.without_instance(b).is_null();
        let takes = |types: &[Type], vm: &Self| {
            types.iter().any(|t| types::CORE[t.0 as usize].name == vm.def_of(a).name)
        };
        use types::{ARRAY, BYTEARRAY, BYTES, DICT, LIST, MEMORYVIEW};
        use types::{NAMEDTUPLE, ORDERED_DICT, STR, TUPLE};
        let allowed = match op.plain() {
            _ if !derives => true,
            // What extends a list may be any iterable.
            Binary::Add if op == Binary::IAdd && takes(&[LIST], self) => true,
            Binary::Mod => takes(&[STR, BYTES], self),
            Binary::Mul => takes(&[LIST, TUPLE, NAMEDTUPLE, STR, BYTES, BYTEARRAY, ARRAY], self),
            Binary::Or => takes(&[DICT, ORDERED_DICT], self),
            _ => takes(&[TUPLE, NAMEDTUPLE, BYTES, BYTEARRAY, ARRAY, MEMORYVIEW], self),
        };
        if allowed { self.binary_native(op, a, b) } else { Ok(Value::NULL) }
    }

    fn without_instance(&self, v: Value) -> Value {
        match self.is_instance_value(v) {
            Some(r) => self.native_of(r),
            None => v,
        }
    }

    pub(super) fn contains_by_iteration(&mut self, a: Value, b: Value) -> Res {
        if self.is_instance_value(a).is_none() && self.def_of(a).binary.is_some() {
            let v = self.binary_native(Binary::Contains, a, b)?;
            if !v.is_null() {
                return Ok(v);
            }
        }
        let it = self.iter(a)?;
        self.root(it);
        loop {
            let mark = self.mark();
            let x = self.next(it)?;
            if x == Value::STOP {
                return Ok(Value::FALSE);
            }
            self.root(x);
            if self.equal(x, b)? {
                return Ok(Value::TRUE);
            }
            self.release(mark);
        }
    }
}
