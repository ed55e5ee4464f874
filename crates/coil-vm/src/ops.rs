//! What the operators mean: dispatch over built-in types and instances.

use crate::kinds::{self, instance};
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Args, Binary, PrintKind, Unary};
use crate::types::{self, Type};
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_heap::{Kind, Ref, Tag, Value};

/// The method of each binary operator, and its reversed form; in the order of [`Binary`].
const METHODS: [Qstr; 33] = {
    use names::*;
    [
        add, sub, mul, truediv, floordiv, mod_, pow, matmul, lshift, rshift, and_, or_, xor, iadd,
        isub, imul, itruediv, ifloordiv, imod, ipow, imatmul, ilshift, irshift, iand, ior, ixor,
        lt, le, gt, ge, eq, ne, contains,
    ]
};
const REVERSED: [Qstr; 13] = {
    use names::*;
    [radd, rsub, rmul, rtruediv, rfloordiv, rmod, rpow, rmatmul, rlshift, rrshift, rand, ror, rxor]
};

/// The type of objects of each kind, where the kind alone says it.
fn type_of_kind(kind: Kind, flags: u8) -> Type {
    match kind {
        kinds::TUPLE => types::TUPLE,
        kinds::LIST => types::LIST,
        kinds::DICT if flags & 1 != 0 => types::ORDERED_DICT,
        kinds::DICT => types::DICT,
        kinds::SET => types::SET,
        kinds::FROZENSET => types::FROZENSET,
        kinds::FUNCTION => types::FUNCTION,
        kinds::CODE => types::CODE,
        kinds::CELL => types::CELL,
        kinds::BOUND => types::BOUND_METHOD,
        kinds::GENERATOR => types::GENERATOR,
        kinds::CLASS => types::TYPE,
        kinds::MODULE => types::MODULE,
        kinds::RANGE => types::RANGE,
        kinds::SLICE => types::SLICE,
        kinds::ITER => match flags {
            crate::objects::iter::MAP_ => types::MAP,
            crate::objects::iter::FILTER_ => types::FILTER,
            crate::objects::iter::ZIP_ => types::ZIP,
            crate::objects::iter::ENUMERATE_ => types::ENUMERATE,
            crate::objects::iter::REVERSED_ => types::REVERSED,
            _ => types::ITERATOR,
        },
        kinds::PROPERTY => types::PROPERTY,
        kinds::STATIC => types::STATICMETHOD,
        kinds::CLASSMETHOD => types::CLASSMETHOD,
        kinds::SUPER => types::SUPER,
        kinds::MEMORYVIEW => types::MEMORYVIEW,
        kinds::ARRAY if flags == 0 => types::BYTEARRAY,
        kinds::ARRAY => types::ARRAY,
        kinds::DICTVIEW => types::DICT_VIEW,
        kinds::STR => types::STR,
        kinds::BYTES => types::BYTES,
        kinds::BIGINT => types::INT,
        kinds::FLOAT => types::FLOAT,
        kinds::COMPLEX => types::COMPLEX,
        _ => types::OBJECT,
    }
}

impl Vm {
    /// The object of a value, if it is of this kind.
    #[inline(always)]
    pub fn as_ref_kind(&self, v: Value, kind: Kind) -> Option<Ref> {
        match v.as_ref() {
            Some(r) if self.heap.kind(r) == kind => Some(r),
            _ => None,
        }
    }

    /// `type(v)`
    pub fn type_of(&self, v: Value) -> Value {
        if v.is_int() {
            return types::INT.into();
        }
        if v.is_flonum() {
            return types::FLOAT.into();
        }
        if let Some(r) = v.as_ref() {
            let h = self.heap.header(r);
            return match h.kind() {
                kinds::INSTANCE | kinds::NAMEDTUPLE => self.heap.get(r, 0),
                kinds::EXC => self.heap.get(r, kinds::exc::TYPE),
                kinds::NATIVE => Value::immediate(Tag::Type, u32::from(h.aux())),
                kind => type_of_kind(kind, h.flags()).into(),
            };
        }
        match v {
            Value::NONE => types::NONE,
            Value::TRUE | Value::FALSE => types::BOOL,
            Value::ELLIPSIS => types::ELLIPSIS,
            Value::NOT_IMPLEMENTED => types::NOT_IMPLEMENTED,
            _ => match v.as_immediate().map(|i| i.0) {
                Some(t) if t == Tag::Qstr as u8 => types::STR,
                Some(t) if t == Tag::Type as u8 => types::TYPE,
                Some(t) if t == Tag::Native as u8 => types::NATIVE_FUNCTION,
                Some(t) if t == Tag::Module as u8 => types::MODULE,
                _ => types::OBJECT,
            },
        }
        .into()
    }

    /// The table of a value's built-in type; for an instance, that of its built-in base.
    pub(crate) fn def_of(&self, v: Value) -> &'static crate::rom::TypeDef {
        let t = self.type_of(v);
        let n = match t.as_tagged(Tag::Type) {
            Some(n) => n,
            None => Self::type_number(self.native_base(t)).unwrap_or(types::OBJECT.0),
        };
        self.rom.types[n as usize].def
    }

    fn is_instance_value(&self, v: Value) -> Option<Ref> {
        self.as_ref_kind(v, kinds::INSTANCE)
    }

    /// The value that stands for an instance where only built-in types count.
    fn native_of(&self, r: Ref) -> Value {
        self.heap.get(r, instance::NATIVE)
    }

    // ---- unary ----

    /// A unary operator.
    pub fn unary(&mut self, op: Unary, v: Value) -> Res {
        if let Some(r) = self.is_instance_value(v) {
            let method = match op {
                Unary::Neg => names::neg,
                Unary::Pos => names::pos,
                Unary::Invert => names::invert,
                Unary::Bool => names::bool_,
                Unary::Len => names::len,
                Unary::Hash => names::hash,
                Unary::Abs => names::abs_,
                Unary::Int => names::int_,
                Unary::Float => names::float_,
                Unary::Complex => names::complex_,
                Unary::SizeOf => names::sizeof_,
            };
            let class = self.heap.get(r, instance::CLASS);
            if let Some(f) =
                self.class_lookup(class, method).filter(|f| f.as_tagged(Tag::Native).is_none())
            {
                let (f, this) = self.bind(f, v, class);
                return self.call_method(f, this, &[]);
            }
            let native = self.native_of(r);
            if !native.is_null() {
                return self.unary(op, native);
            }
            if op == Unary::Hash {
                if self.class_lookup(class, names::eq).is_none() {
                    return Ok(Value::int(i64::from(r.offset())));
                }
                return self.unary_unsupported(op, v);
            }
        }
        if let Some(f) = self.def_of(v).unary {
            let x = f(self, op, v)?;
            if !x.is_null() {
                return Ok(x);
            }
        }
        match op {
            Unary::Bool => {
                if let Some(f) = self.def_of(v).unary {
                    let n = f(self, Unary::Len, v)?;
                    if !n.is_null() {
                        return Ok(Value::bool(n != Value::int(0)));
                    }
                }
                Ok(Value::TRUE)
            }
            Unary::Hash if self.is_hashable_by_identity(v) => {
                Ok(Value::int((v.bits() >> 3) as i64 & 0x3fff_ffff))
            }
            _ => self.unary_unsupported(op, v),
        }
    }

    fn is_hashable_by_identity(&self, v: Value) -> bool {
        let kind = v.as_ref().map(|r| self.heap.kind(r));
        !matches!(kind, Some(kinds::LIST | kinds::DICT | kinds::SET | kinds::ARRAY | kinds::SLICE))
    }

    #[cold]
    fn unary_unsupported(&mut self, op: Unary, v: Value) -> Res {
        let t = self.type_name(v).to_string();
        let text = match op {
            Unary::Len => format!("object of type '{t}' has no len()"),
            Unary::Hash => format!("unsupported type for __hash__: '{t}'"),
            Unary::Int => format!("can't convert {t} to int"),
            Unary::Float => format!("can't convert {t} to float"),
            Unary::Complex => format!("can't convert {t} to complex"),
            Unary::Neg => format!("unsupported type for __neg__: '{t}'"),
            Unary::Pos => format!("unsupported type for __pos__: '{t}'"),
            Unary::Invert => format!("unsupported type for __invert__: '{t}'"),
            Unary::Abs => format!("unsupported type for __abs__: '{t}'"),
            Unary::Bool => format!("unsupported type for __bool__: '{t}'"),
            Unary::SizeOf => format!("unsupported type for __sizeof__: '{t}'"),
        };
        Err(self.type_error(&text))
    }

    /// The truth of a value.
    #[inline]
    pub fn truth(&mut self, v: Value) -> Result<bool, Raised> {
        match v {
            Value::TRUE => Ok(true),
            Value::FALSE | Value::NONE => Ok(false),
            _ if v.is_int() => Ok(v != Value::int(0)),
            _ => self.truth_slow(v),
        }
    }

    fn truth_slow(&mut self, v: Value) -> Result<bool, Raised> {
        let b = if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            let by_len = self.class_lookup(class, names::bool_).is_none();
            if by_len && self.class_lookup(class, names::len).is_some() {
                let n = self.unary(Unary::Len, v)?;
                return self.truth(n);
            }
            if by_len && self.native_of(r).is_null() {
                return Ok(true);
            }
            self.unary(Unary::Bool, v)?
        } else {
            self.unary(Unary::Bool, v)?
        };
        Ok(b != Value::FALSE && b != Value::int(0))
    }

    /// `hash(v)`
    #[inline]
    pub fn hash(&mut self, v: Value) -> Result<i64, Raised> {
        if let Some(q) = v.as_qstr() {
            return Ok(i64::from(self.names.hash(Qstr(q))));
        }
        if let Some(i) = v.as_int() {
            return Ok(i);
        }
        let h = self.unary(Unary::Hash, v)?;
        match h.as_int() {
            Some(h) => Ok(h),
            None => Ok(self.int_truncated(h)),
        }
    }

    // ---- binary ----

    /// A binary operator or comparison.
    #[inline(never)]
    pub fn binary(&mut self, op: Binary, a: Value, b: Value) -> Res {
        let found = self.binary_maybe(op, a, b)?;
        if !found.is_null() {
            return Ok(found);
        }
        self.binary_unsupported(op, a, b)
    }

    fn binary_maybe(&mut self, op: Binary, a: Value, b: Value) -> Res {
        if self.is_instance_value(a).is_some() || self.is_instance_value(b).is_some() {
            return self.binary_instance(op, a, b);
        }
        self.binary_native(op, a, b)
    }

    fn binary_native(&mut self, op: Binary, a: Value, b: Value) -> Res {
        if let Some(f) = self.def_of(a).binary {
            let v = f(self, op, a, b)?;
            if !v.is_null() {
                return Ok(v);
            }
        }
        if op.plain() == Binary::Mul
            && (a.is_int() || a == Value::TRUE || a == Value::FALSE)
            && let Some(f) = self.def_of(b).binary
        {
            return f(self, Binary::Mul, b, a);
        }
        match op {
            Binary::Eq => {
                // The other operand's type may know better.
                if a != b
                    && let Some(f) = self.def_of(b).binary
                {
                    let v = f(self, op, b, a)?;
                    if !v.is_null() {
                        return Ok(v);
                    }
                }
                Ok(Value::bool(a == b))
            }
            _ => Ok(Value::NULL),
        }
    }

    fn special_binary(&mut self, method: Qstr, a: Value, b: Value) -> Res {
        let Some(r) = self.is_instance_value(a) else { return Ok(Value::NULL) };
        let class = self.heap.get(r, instance::CLASS);
        match self.class_lookup(class, method).filter(|f| f.as_tagged(Tag::Native).is_none()) {
            Some(f) => {
                let (f, this) = self.bind(f, a, class);
                let v = self.call_method(f, this, &[b])?;
                Ok(if v == Value::NOT_IMPLEMENTED { Value::NULL } else { v })
            }
            None => Ok(Value::NULL),
        }
    }

    fn binary_instance(&mut self, op: Binary, a: Value, b: Value) -> Res {
        let v = self.special_binary(METHODS[op as usize], a, b)?;
        if !v.is_null() {
            return Ok(v);
        }
        if op.is_inplace() {
            let v = self.special_binary(METHODS[op.plain() as usize], a, b)?;
            if !v.is_null() {
                return Ok(v);
            }
        }
        if op == Binary::Contains {
            return self.contains_by_iteration(a, b);
        }
        if op == Binary::Ne {
            // `!=` is the opposite of `==` before the other operand is asked.
            let v = self.special_binary(names::eq, a, b)?;
            if !v.is_null() {
                return self.truth(v).map(|t| Value::bool(!t));
            }
        }
        let mirrored = match op {
            Binary::Lt => Binary::Gt,
            Binary::Gt => Binary::Lt,
            Binary::Le => Binary::Ge,
            Binary::Ge => Binary::Le,
            _ => op,
        };
        let v = if op.is_comparison() {
            self.special_binary(METHODS[mirrored as usize], b, a)?
        } else {
            self.special_binary(REVERSED[op.plain() as usize], b, a)?
        };
        if !v.is_null() {
            return Ok(v);
        }
        if op == Binary::Ne {
            let v = self.binary_instance(Binary::Eq, a, b)?;
            return if v.is_null() { Ok(v) } else { self.truth(v).map(|t| Value::bool(!t)) };
        }
        let (x, y) = (self.without_instance(a), self.without_instance(b));
        if x == a {
            // A built-in type may take any object on the right, such as one with `__float__`.
            let v = self.binary_native(op, a, b)?;
            if !(v.is_null() || op == Binary::Eq && v == Value::FALSE) {
                return Ok(v);
            }
        }
        if (x != a || y != b) && !x.is_null() && !y.is_null() {
            return self.binary_native(op, x, y);
        }
        Ok(if op == Binary::Eq { Value::bool(a == b) } else { Value::NULL })
    }

    fn without_instance(&self, v: Value) -> Value {
        match self.is_instance_value(v) {
            Some(r) => self.native_of(r),
            None => v,
        }
    }

    fn contains_by_iteration(&mut self, a: Value, b: Value) -> Res {
        if let Some(r) = self.is_instance_value(a) {
            let native = self.native_of(r);
            let class = self.heap.get(r, instance::CLASS);
            if !native.is_null() && self.class_lookup(class, names::iter).is_none() {
                return self.binary_native(Binary::Contains, native, b);
            }
        } else if self.def_of(a).binary.is_some() {
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

    #[cold]
    fn binary_unsupported(&mut self, op: Binary, a: Value, b: Value) -> Res {
        match op {
            Binary::Ne => return self.equal(a, b).map(|e| Value::bool(!e)),
            Binary::Contains => return self.contains_by_iteration(a, b),
            _ => {}
        }
        if op.is_inplace() {
            return self.binary(op.plain(), a, b);
        }
        let (x, y) = (self.type_name(a).to_string(), self.type_name(b).to_string());
        let name = self.names.text(METHODS[op as usize]).to_string();
        Err(self.type_error(&format!("unsupported types for {name}: '{x}', '{y}'")))
    }

    /// `a == b`
    #[inline]
    pub fn equal(&mut self, a: Value, b: Value) -> Result<bool, Raised> {
        if a == b && !self.is_nan(a) {
            return Ok(true);
        }
        if a.is_int() && b.is_int() || a.as_qstr().is_some() && b.as_qstr().is_some() {
            return Ok(false);
        }
        let v = self.binary(Binary::Eq, a, b)?;
        self.truth(v)
    }

    fn is_nan(&self, v: Value) -> bool {
        self.as_ref_kind(v, kinds::FLOAT).is_some_and(|_| self.as_float(v).is_some_and(f64::is_nan))
    }

    /// Equality of keys in a hash table.
    #[inline]
    pub(crate) fn keys_equal(&mut self, a: Value, b: Value) -> Result<bool, Raised> {
        if a.as_qstr().is_some() && b.as_qstr().is_some() {
            return Ok(false);
        }
        self.equal(a, b)
    }

    /// `a < b`
    pub fn less(&mut self, a: Value, b: Value) -> Result<bool, Raised> {
        if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
            return Ok(x < y);
        }
        let v = self.binary(Binary::Lt, a, b)?;
        self.truth(v)
    }

    /// `b in a`
    pub fn contains(&mut self, a: Value, b: Value) -> Result<bool, Raised> {
        let v = self.binary(Binary::Contains, a, b)?;
        self.truth(v)
    }

    // ---- attributes ----

    /// An attribute as callee and self; nothing if there is none.
    pub fn load_method(&mut self, v: Value, name: Qstr) -> Result<Option<(Value, Value)>, Raised> {
        if let Some(r) = v.as_ref() {
            match self.heap.kind(r) {
                kinds::INSTANCE => return self.instance_lookup(r, name),
                kinds::SUPER => return self.super_lookup(v, name),
                _ => {}
            }
        }
        let class = self.type_of(v);
        let def = self.def_of(v);
        if let Some(attr) = def.attr {
            let found = attr(self, v, name, Access::Load)?;
            if !found.is_null() {
                return Ok(Some((found, Value::NULL)));
            }
        }
        if name == names::class {
            return Ok(Some((class, Value::NULL)));
        }
        // Attributes of a class are those of the class itself, found above; `type` has none.
        if self.as_type(v).is_some() {
            return Ok(None);
        }
        if name == names::next && (def.next.is_some()) && self.class_lookup(class, name).is_none() {
            let f = self.rom.builtins.get(names::next_builtin);
            return Ok(f.map(|f| (f, v)));
        }
        match self.class_lookup(class, name) {
            Some(found) => Ok(Some(self.bind(found, v, class))),
            None => Ok(None),
        }
    }

    /// `v.name`; null if there is none.
    pub fn get_attr_maybe(&mut self, v: Value, name: Qstr) -> Res {
        match self.load_method(v, name)? {
            None => Ok(Value::NULL),
            Some((f, this)) if this.is_null() => Ok(f),
            Some((f, this)) => self.new_bound(f, this),
        }
    }

    /// `v.name`
    pub fn get_attr(&mut self, v: Value, name: Qstr) -> Res {
        let found = self.get_attr_maybe(v, name)?;
        if found.is_null() { Err(self.attribute_error(v, name)) } else { Ok(found) }
    }

    /// `v.name = x` or `del v.name`
    pub fn set_attr(&mut self, v: Value, name: Qstr, access: Access) -> Result<(), Raised> {
        if let Some(r) = self.is_instance_value(v) {
            return self.instance_store(r, name, access);
        }
        if let Some(attr) = self.def_of(v).attr
            && !attr(self, v, name, access)?.is_null()
        {
            return Ok(());
        }
        Err(self.attribute_error(v, name))
    }

    // ---- items ----

    /// `v[key]`
    pub fn get_item(&mut self, v: Value, key: Value) -> Res {
        self.subscript(v, key, Access::Load)
    }

    /// `v[key] = x`
    pub fn set_item(&mut self, v: Value, key: Value, x: Value) -> Result<(), Raised> {
        self.subscript(v, key, Access::Store(x)).map(|_| ())
    }

    /// `v[key]`, `v[key] = x`, `del v[key]`
    pub fn subscript(&mut self, v: Value, key: Value, access: Access) -> Res {
        if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            let method = match access {
                Access::Load => names::getitem,
                Access::Store(_) => names::setitem,
                Access::Delete => names::delitem,
            };
            if let Some(f) =
                self.class_lookup(class, method).filter(|f| f.as_tagged(Tag::Native).is_none())
            {
                let (f, this) = self.bind(f, v, class);
                return match access {
                    Access::Store(x) => self.call_method(f, this, &[key, x]),
                    _ => self.call_method(f, this, &[key]),
                };
            }
            let native = self.native_of(r);
            if !native.is_null() {
                return self.subscript(native, key, access);
            }
        } else if let Some(f) = self.def_of(v).subscr {
            let x = f(self, v, key, access)?;
            if !x.is_null() {
                return Ok(x);
            }
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&match access {
            Access::Load => format!("'{t}' object isn't subscriptable"),
            Access::Store(_) => format!("'{t}' object doesn't support item assignment"),
            Access::Delete => format!("'{t}' object doesn't support item deletion"),
        }))
    }

    // ---- iteration ----

    /// `iter(v)`
    pub fn iter(&mut self, v: Value) -> Res {
        if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            if let Some(f) =
                self.class_lookup(class, names::iter).filter(|f| f.as_tagged(Tag::Native).is_none())
            {
                let (f, this) = self.bind(f, v, class);
                return self.call_method(f, this, &[]);
            }
            let native = self.native_of(r);
            if !native.is_null() {
                return self.iter(native);
            }
            if self.class_lookup(class, names::getitem).is_some() {
                return self.getitem_iter(v);
            }
        } else {
            let def = self.def_of(v);
            if let Some(f) = def.iter {
                return f(self, v);
            }
            if def.next.is_some() {
                return Ok(v);
            }
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&format!("'{t}' object isn't iterable")))
    }

    /// `next(it)`; [`Value::STOP`] at the end.
    pub fn next(&mut self, it: Value) -> Res {
        self.returned = Value::NULL;
        if let Some(r) = self.is_instance_value(it) {
            let class = self.heap.get(r, instance::CLASS);
            if let Some(f) = self.class_lookup(class, names::next) {
                let (f, this) = self.bind(f, it, class);
                return match self.call_method(f, this, &[]) {
                    Err(Raised) if self.exception_is(self.pending, types::STOP_ITERATION) => {
                        self.returned = self.exception_value(self.pending);
                        Ok(Value::STOP)
                    }
                    other => other,
                };
            }
        } else if let Some(f) = self.def_of(it).next {
            return f(self, it);
        }
        let t = self.type_name(it).to_string();
        Err(self.type_error(&format!("'{t}' object isn't an iterator")))
    }

    /// Items of a list or tuple, without iterating.
    pub(crate) fn fast_items(&self, v: Value) -> Option<Vec<Value>> {
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::LIST => Some(self.list_items(r)),
            kinds::TUPLE => self.tuple_items(v),
            _ => None,
        }
    }

    /// Everything an iterable gives, held as temporary roots.
    pub fn collect_iterable(&mut self, v: Value) -> Result<Vec<Value>, Raised> {
        if let Some(items) = self.fast_items(v) {
            for x in &items {
                self.root(*x);
            }
            return Ok(items);
        }
        let it = self.iter(v)?;
        self.root(it);
        let mut items = Vec::new();
        loop {
            let mark = self.mark();
            let x = self.next(it)?;
            if x == Value::STOP {
                return Ok(items);
            }
            self.release_but(mark, x);
            if items.len() >= 1 << 22 {
                return Err(self.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
            }
            items.push(x);
        }
    }

    /// Items of a list or tuple, as slice assignment takes them.
    pub(crate) fn sequence_items(&mut self, v: Value) -> Result<Vec<Value>, Raised> {
        if let Some(r) = self.as_list(v) {
            return Ok(self.list_items(r));
        }
        if let Some(items) = self.tuple_items(v) {
            return Ok(items);
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&format!("object '{t}' isn't a tuple or list")))
    }

    // ---- printing ----

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

    // ---- numbers in arguments ----

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

/// Compares two sequences item by item.
pub(crate) fn compare_sequences(vm: &mut Vm, op: Binary, a: &[Value], b: &[Value]) -> Res {
    if op == Binary::Eq && a.len() != b.len() {
        return Ok(Value::FALSE);
    }
    if op == Binary::Ne {
        return Ok(Value::NULL);
    }
    vm.enter_native()?;
    let mut result = None;
    for (&x, &y) in a.iter().zip(b) {
        match vm.equal(x, y) {
            Ok(true) => {}
            Ok(false) if op == Binary::Eq => {
                result = Some(Ok(Value::FALSE));
                break;
            }
            Ok(false) => {
                result = Some(vm.binary(op, x, y));
                break;
            }
            Err(e) => {
                result = Some(Err(e));
                break;
            }
        }
    }
    vm.leave_native();
    if let Some(r) = result {
        return r;
    }
    Ok(Value::bool(match op {
        Binary::Eq => true,
        Binary::Lt => a.len() < b.len(),
        Binary::Le => a.len() <= b.len(),
        Binary::Gt => a.len() > b.len(),
        _ => a.len() >= b.len(),
    }))
}

/// `seq.index(x, start, stop)`
pub(crate) fn index_of(vm: &mut Vm, items: &[Value], args: Args) -> Res {
    let n = items.len() as i64;
    let mut range = [0, n];
    for (i, bound) in range.iter_mut().enumerate() {
        if args.n > 2 + i {
            let k = vm.expect_int(vm.arg(args, 2 + i))?;
            *bound = (if k < 0 { k + n } else { k }).clamp(0, n);
        }
    }
    for i in range[0]..range[1] {
        if vm.equal(items[i as usize], vm.arg(args, 1))? {
            return Ok(Value::int(i));
        }
    }
    Err(vm.value_error("object not in sequence"))
}
