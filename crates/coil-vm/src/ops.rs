//! What the operators mean: dispatch over built-in types and instances.

mod access;
pub(crate) mod arguments;
mod of_instances;
mod print;

use crate::interp::frame::Caller;
use crate::interp::plan::Return;
use crate::kinds::{self, instance};
use crate::objects::map::{Found, Keys};
use crate::qstr::{Qstr, names};
use crate::rom::{Args, Binary, Unary};
use crate::types::{self, Type};
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use coil_heap::{Header, Kind, Ref, Tag, Value};

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

/// The type of objects of each kind that says it alone, plus one; zero where the object has to be
/// asked or its flags matter.
const TYPE_OF_KIND: [u8; 256] = {
    let mut table = [0; 256];
    let mut kind = 0;
    while kind < 256 {
        table[kind] = match Kind(kind as u8) {
            kinds::INSTANCE | kinds::NAMEDTUPLE | kinds::EXC | kinds::NATIVE => 0,
            kind => type_without_flags(kind),
        };
        kind += 1;
    }
    table
};

/// The type of an object, if its header says it.
#[inline(always)]
pub(crate) fn type_of_header(h: Header) -> Option<Type> {
    match TYPE_OF_KIND[usize::from(h.kind().0)] {
        0 => match h.kind() {
            kinds::DICT if h.flags() & 1 == 0 => Some(types::DICT),
            kinds::ARRAY if h.flags() == 0 => Some(types::BYTEARRAY),
            _ => None,
        },
        n => Some(Type(u32::from(n) - 1)),
    }
}

/// The type of a kind plus one; zero if some flags make it another.
const fn type_without_flags(kind: Kind) -> u8 {
    let plain = type_of_kind(kind, 0).0;
    let mut flags = 255;
    while flags > 0 {
        if type_of_kind(kind, flags).0 != plain {
            return 0;
        }
        flags -= 1;
    }
    plain as u8 + 1
}

/// The type of objects of each kind, where the kind alone says it.
const fn type_of_kind(kind: Kind, flags: u8) -> Type {
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
        kinds::MEMORYVIEW if flags & 1 != 0 => types::BYTEARRAY,
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
                kinds::FUNCTION if crate::objects::function::makes_generators(self, r) => {
                    types::GENERATOR_FUNCTION.into()
                }
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
    #[inline]
    pub(crate) fn def_of(&self, v: Value) -> &'static crate::rom::TypeDef {
        if let Some(r) = v.as_ref() {
            let n = TYPE_OF_KIND[usize::from(self.heap.kind(r).0)];
            if n != 0 {
                return types::CORE[usize::from(n) - 1];
            }
        } else if v.is_int() {
            return types::CORE[types::INT.0 as usize];
        }
        self.def_of_slow(v)
    }

    #[inline(never)]
    fn def_of_slow(&self, v: Value) -> &'static crate::rom::TypeDef {
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
        if op == Unary::Len
            && let Some(r) = v.as_ref()
        {
            match self.heap.kind(r) {
                kinds::LIST | kinds::DICT | kinds::SET => return Ok(self.heap.get(r, 0)),
                kinds::TUPLE => return Ok(Value::int(self.heap.len(r) as i64)),
                _ => {}
            }
        }
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
                let x = self.call_method(f, this, &[])?;
                return match op {
                    Unary::Hash => Ok(Value::int(self.hash_given(x)?)),
                    Unary::Int if !self.is_int(x) => {
                        Err(self.raise_value(types::TYPE_ERROR, Value::NULL))
                    }
                    _ => Ok(x),
                };
            }
            let native = self.native_of(r);
            // What derives from a number is not converted to another kind of number by that.
            let converts =
                op == Unary::Float || op == Unary::Int && self.as_float(native).is_some();
            if !native.is_null() && self.def_of(native).unary.is_some() {
                return if converts {
                    self.unary_unsupported(op, v)
                } else {
                    self.unary(op, native)
                };
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
        let Some(r) = v.as_ref() else { return true };
        match self.heap.kind(r) {
            kinds::LIST | kinds::DICT | kinds::SET | kinds::ARRAY | kinds::SLICE => false,
            // Of the views only that of the values.
            kinds::DICTVIEW => self.heap.header(r).flags() == 2,
            // Objects of modules, unless they have a length or the like.
            kinds::NATIVE => self.def_of(v).unary.is_none(),
            _ => true,
        }
    }

    /// What a `__hash__` returned, as a hash.
    fn hash_given(&mut self, v: Value) -> Result<i64, Raised> {
        match v {
            Value::TRUE | Value::FALSE => Ok(i64::from(v == Value::TRUE)),
            _ if !self.is_int(v) => {
                let t = self.type_name(v).to_string();
                Err(self.type_error(&format!("can't convert {t} to int")))
            }
            _ => Ok(v.as_int().unwrap_or_else(|| self.int_truncated(v))),
        }
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
            let native = self.native_of(r);
            // A built-in part that knows its truth is asked before `__len__`.
            let told = !native.is_null() && self.def_of(native).unary.is_some();
            let by_len = !told && self.class_lookup(class, names::bool_).is_none();
            if by_len && self.class_lookup(class, names::len).is_some() {
                // Whatever is not zero.
                return Ok(self.unary(Unary::Len, v)? != Value::int(0));
            }
            if by_len && self.native_of(r).is_null() {
                return Ok(true);
            }
            self.unary(Unary::Bool, v)?
        } else {
            self.unary(Unary::Bool, v)?
        };
        // What else a `__bool__` may return counts as false.
        Ok(b == Value::TRUE)
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
        if self.is_heap_str(v) {
            return Ok(i64::from(crate::objects::str::hash_of(self, v)));
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
        if a.is_flonum() || b.is_flonum() {
            // Floats with floats or ints: no type has to be asked.
            if let (Some(x), Some(y)) = (self.plain_number(a), self.plain_number(b)) {
                let v = crate::objects::float::arith(self, op, x, y)?;
                if !v.is_null() {
                    return Ok(v);
                }
            }
        } else if let Some(v) = self.compare_strings(op, a, b) {
            return Ok(v);
        }
        if let Some(done) = self.binary_complex(op, a, b) {
            return done;
        }
        let found = self.binary_maybe(op, a, b)?;
        if !found.is_null() {
            return Ok(found);
        }
        self.binary_unsupported(op, a, b)
    }

    /// The number in a float or small int, as a float of the board's precision.
    #[inline(always)]
    pub(crate) fn plain_number(&self, v: Value) -> Option<f64> {
        if v.is_flonum() {
            return Some(v.flonum_unchecked());
        }
        match v.as_int() {
            Some(i) if self.is_single_precision() => Some(f64::from(i as f32)),
            Some(i) => Some(i as f64),
            None => None,
        }
    }

    /// `==` and `!=` of two plain strings.
    #[inline]
    fn compare_strings(&self, op: Binary, a: Value, b: Value) -> Option<Value> {
        let equal = match op {
            Binary::Eq => true,
            Binary::Ne => false,
            _ => return None,
        };
        self.strings_equal(a, b).map(|same| Value::bool(same == equal))
    }

    /// Whether two plain strings are equal; nothing if they are not both strings.
    #[inline]
    fn strings_equal(&self, a: Value, b: Value) -> Option<bool> {
        let is = |v: Value| v.as_qstr().is_some() || self.is_heap_str(v);
        (is(a) && is(b)).then(|| a == b || self.str_bytes(a) == self.str_bytes(b))
    }

    fn binary_maybe(&mut self, op: Binary, a: Value, b: Value) -> Res {
        if self.is_instance_value(a).is_some() || self.is_instance_value(b).is_some() {
            return self.binary_instance(op, a, b, false);
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

    /// Starts the method of an operator as a function of the program, if that is what it is: its
    /// frame is on top then.
    pub(crate) fn begin_operator(&mut self, op: Binary, a: Value, b: Value, dst: u8) -> bool {
        let Some(r) = self.is_instance_value(a) else { return false };
        let class = self.heap.get(r, instance::CLASS);
        let method = self.class_lookup(class, METHODS[op as usize]).unwrap_or(Value::NULL);
        let Some(f) = self.as_ref_kind(method, kinds::FUNCTION) else { return false };
        let plan = self.plan_of(f);
        let base = self.sp + 1;
        if !plan.takes(2) || plan.is_generator() || !self.has_room(plan, base + plan.registers()) {
            return false;
        }
        self.stack[base - 1] = Value::NULL;
        self.stack[base] = a;
        self.stack[base + 1] = b;
        self.fill_window(plan, f, base);
        let owner = Value::int(op as i64);
        self.push_planned(plan, f, base, Return { caller: Caller::Operator, dst, owner });
        true
    }

    /// The operator of this number when the method of the left operand does not know.
    pub(crate) fn operator_refused(&mut self, op: usize, a: Value, b: Value) -> Res {
        let op = Binary::ALL[op];
        let found = self.binary_instance(op, a, b, true)?;
        if found.is_null() { self.binary_unsupported(op, a, b) } else { Ok(found) }
    }

    #[cold]
    fn binary_unsupported(&mut self, op: Binary, a: Value, b: Value) -> Res {
        if op == Binary::Ne {
            return self.equal(a, b).map(|e| Value::bool(!e));
        }
        if let Some(raised) = self.unsupported_small_int(op, a, b) {
            return Err(raised);
        }
        if op == Binary::Contains {
            let is_bool = a == Value::TRUE || a == Value::FALSE;
            return self.contains_by_iteration(if is_bool { Value::int(0) } else { a }, b);
        }
        let is_instance = |v| self.is_instance_value(v).is_some();
        if op.is_inplace() && !is_instance(a) && !is_instance(b) {
            return self.binary(op.plain(), a, b);
        }
        let name = self.names.text(METHODS[op.plain() as usize]).to_string();
        Err(self.unsupported(&name, a, b))
    }

    /// An operator that small ints do not have with numbers is refused at once, without looking for
    /// other ways: its name is told as it is then.
    #[cold]
    fn unsupported_small_int(&mut self, op: Binary, a: Value, b: Value) -> Option<Raised> {
        let is_bool = |v: Value| v == Value::TRUE || v == Value::FALSE;
        // Those of the device have 31 bits.
        let as_small = |v: Value| v.as_int().filter(|i| (-1 << 30..1 << 30).contains(i));
        let is_number = |vm: &Self, v: Value| {
            as_small(v).is_some()
                || [types::FLOAT, types::COMPLEX].map(Value::from).contains(&vm.type_of(v))
        };
        let name = self.names.text(METHODS[op as usize]).to_string();
        if op == Binary::Contains {
            // Here the container comes first, with `in` it comes second.
            if as_small(a).is_some() && is_bool(b) {
                return Some(self.unsupported(&name, a, b));
            }
            if as_small(b).is_none() && !is_bool(a) || !is_number(self, b) {
                return None;
            }
            return match () {
                () if is_bool(a) => Some(self.unsupported(&name, Value::int(0), b)),
                () if is_number(self, a) => Some(self.unsupported("", b, a)),
                () => None,
            };
        }
        if (as_small(a).is_some() || is_bool(a)) && (is_number(self, b) || is_bool(b)) {
            return Some(self.unsupported(&name, a, b));
        }
        let reversed = REVERSED.get(op as usize).copied();
        if is_bool(b)
            && as_small(a).is_none()
            && is_number(self, a)
            && let Some(reversed) = reversed
        {
            let reversed = self.names.text(reversed).to_string();
            return Some(self.unsupported(&reversed, b, a));
        }
        None
    }

    /// TypeError for an operator. A truth value is told as the int that it is taken for, except on
    /// the right of a comparison, which is not tried the other way round.
    pub(crate) fn unsupported(&mut self, name: &str, a: Value, b: Value) -> Raised {
        let is_bool = |v: Value| v == Value::TRUE || v == Value::FALSE;
        let compares = ["__lt__", "__le__", "__gt__", "__ge__"].contains(&name);
        let int = "int".to_string();
        let x = if is_bool(a) { int.clone() } else { self.type_name(a).to_string() };
        let y = if is_bool(b) && !compares { int } else { self.type_name(b).to_string() };
        self.type_error(&format!("unsupported types for {name}: '{x}', '{y}'"))
    }

    /// `a == b`
    #[inline]
    pub fn equal(&mut self, a: Value, b: Value) -> Result<bool, Raised> {
        // What is one object is equal, but for numbers that are none and what a class says itself.
        if a == b && !self.is_nan(a) && self.is_instance_value(a).is_none() {
            return Ok(true);
        }
        if a.is_int() && b.is_int() || a.as_qstr().is_some() && b.as_qstr().is_some() {
            return Ok(false);
        }
        if let Some(same) = self.strings_equal(a, b) {
            return Ok(same);
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
        if a.is_int() && b.is_int() || a.as_qstr().is_some() && b.as_qstr().is_some() {
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
        let found = match a.as_ref().map(|r| (r, self.heap.kind(r))) {
            Some((r, kinds::DICT)) => self.dict_map(r).find_plain(self, b),
            Some((r, kinds::SET | kinds::FROZENSET)) => {
                Keys { holder: r, at: 0, ordered: false }.find_plain(self, b)
            }
            Some((r, kinds::LIST)) => return self.list_contains(r, b),
            _ => Found::Unknown,
        };
        match found {
            Found::At(..) => return Ok(true),
            Found::Nowhere(_) => return Ok(false),
            Found::Unknown => {}
        }
        let v = self.binary(Binary::Contains, a, b)?;
        self.truth(v)
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
    // Only "greater" is asked of items, as on the device.
    let (op, a, b) = match op {
        Binary::Lt => (Binary::Gt, b, a),
        Binary::Le => (Binary::Ge, b, a),
        _ => (op, a, b),
    };
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
                result = Some(vm.binary(op, x, y).map(|v| Value::bool(v == Value::TRUE)));
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
        Binary::Gt => a.len() > b.len(),
        _ => a.len() >= b.len(),
    }))
}

/// `seq.index(x, start, stop)`
pub(crate) fn index_of(vm: &mut Vm, items: &[Value], args: Args, what: &str) -> Res {
    let n = items.len() as i64;
    let mut range = [0, n];
    for (i, bound) in range.iter_mut().enumerate() {
        if args.n > 2 + i {
            let k = vm.index_value(vm.arg(args, 2 + i), what)?;
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
