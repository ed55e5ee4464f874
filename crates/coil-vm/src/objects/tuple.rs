//! Tuples and named tuples.

use crate::kinds;
use crate::objects::str::STEP_ERROR;
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary, def};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

/// `tuple`
pub static TUPLE: TypeDef = TypeDef {
    name: "tuple",
    items: &[def("count(self, x)", count), def("index(self, x, start=, stop=)", index)],
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

/// What classes made by `namedtuple` derive from.
pub static NAMEDTUPLE: TypeDef = TypeDef {
    name: "namedtuple",
    base: Some(&TUPLE),
    items: TUPLE.items,
    print: Some(print_named),
    unary: Some(unary),
    binary: Some(binary),
    attr: Some(named_attr),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

impl Vm {
    /// Makes a tuple.
    pub fn new_tuple(&mut self, items: &[Value]) -> Res {
        let mark = self.mark();
        for v in items {
            self.root(*v);
        }
        let n = self.checked_len(items.len())?;
        let r = self.alloc_values(kinds::TUPLE, n)?;
        for (i, v) in items.iter().enumerate() {
            self.heap.set(r, i, *v);
        }
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// Where the items of a tuple or named tuple are: object, index of the first, number.
    #[inline]
    pub fn as_tuple(&self, v: Value) -> Option<(Ref, usize, usize)> {
        let r = v.as_ref()?;
        let h = self.heap.header(r);
        match h.kind() {
            kinds::TUPLE => Some((r, 0, h.len() as usize)),
            kinds::NAMEDTUPLE => Some((r, 1, h.len() as usize - 1)),
            kinds::INSTANCE => {
                let native = self.heap.get(r, kinds::instance::NATIVE);
                if native.is_ref() { self.as_tuple(native) } else { None }
            }
            _ => None,
        }
    }

    /// The items of a tuple as a host vector.
    pub fn tuple_items(&self, v: Value) -> Option<Vec<Value>> {
        let (r, at, n) = self.as_tuple(v)?;
        Some((at..at + n).map(|i| self.heap.get(r, i)).collect())
    }

    /// An item of what is known to be a tuple.
    #[inline(always)]
    pub fn tuple_item(&self, v: Value, i: usize) -> Value {
        match self.as_tuple(v) {
            Some((r, at, n)) if i < n => self.heap.get(r, at + i),
            _ => Value::NULL,
        }
    }
}

fn new(vm: &mut Vm, _class: Value, args: Args) -> Res {
    vm.check_args(args, 0, 1)?;
    if args.n == 0 {
        return vm.new_tuple(&[]);
    }
    let v = vm.arg(args, 0);
    if vm.as_ref_kind(v, kinds::TUPLE).is_some() {
        return Ok(v);
    }
    let items = vm.collect_iterable(v)?;
    vm.new_tuple(&items)
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let n = vm.as_tuple(v).map_or(0, |t| t.2);
    out.push(b'(');
    for i in 0..n {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        let item = vm.tuple_item(v, i);
        vm.print(item, out, PrintKind::Repr)?;
    }
    out.extend_from_slice(if n == 1 { b",)" } else { b")" });
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let n = vm.as_tuple(v).map_or(0, |t| t.2);
    match op {
        Unary::Bool => Ok(Value::bool(n != 0)),
        Unary::Len => Ok(Value::int(n as i64)),
        Unary::Hash => {
            // The reference starts from the address of nothing in particular; only equality counts.
            let mut hash = 0x345_678_u32;
            for i in 0..n {
                let item = vm.tuple_item(v, i);
                hash = hash.wrapping_mul(1_000_003) ^ vm.hash(item)? as u32;
            }
            Ok(Value::int(i64::from(hash & 0x3fff_ffff)))
        }
        _ => Ok(Value::NULL),
    }
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    match op {
        Binary::Add | Binary::IAdd => {
            let (Some((ra, ia, na)), Some((rb, ib, nb))) = (vm.as_tuple(a), vm.as_tuple(b)) else {
                return Ok(Value::NULL);
            };
            let n = vm.checked_len(na + nb)?;
            let r = vm.alloc_values(kinds::TUPLE, n)?;
            vm.heap.copy_values(ra, ia, r, 0, na);
            vm.heap.copy_values(rb, ib, r, na, nb);
            Ok(r.into())
        }
        Binary::Mul | Binary::IMul => {
            let Some(times) = vm.as_repeat_count(b)? else { return Ok(Value::NULL) };
            let Some((r, at, n)) = vm.as_tuple(a) else { return Ok(Value::NULL) };
            let len = vm.checked_len(n.saturating_mul(times))?;
            let new = vm.alloc_values(kinds::TUPLE, len)?;
            for k in 0..if n == 0 { 0 } else { times } {
                vm.heap.copy_values(r, at, new, k * n, n);
            }
            Ok(new.into())
        }
        Binary::Contains => {
            let n = vm.as_tuple(a).map_or(0, |t| t.2);
            for i in 0..n {
                let item = vm.tuple_item(a, i);
                if vm.equal(item, b)? {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::FALSE)
        }
        _ if op.is_comparison() => {
            let (Some(x), Some(y)) = (vm.tuple_items(a), vm.tuple_items(b)) else {
                return Ok(Value::NULL);
            };
            crate::ops::compare_sequences(vm, op, &x, &y)
        }
        _ => Ok(Value::NULL),
    }
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    if access != Access::Load {
        return Ok(Value::NULL);
    }
    let n = vm.as_tuple(v).map_or(0, |t| t.2);
    if let Some(slice) = vm.resolve_slice(index, n)? {
        if slice.step != 1 {
            return Err(vm.raise_args(crate::types::NOT_IMPLEMENTED_ERROR, STEP_ERROR));
        }
        let items: Vec<Value> = slice.indices().map(|i| vm.tuple_item(v, i)).collect();
        return vm.new_tuple(&items);
    }
    let i = match index.as_int() {
        Some(i) if (0..n as i64).contains(&i) => i as usize,
        _ => {
            let name = alloc::string::String::from(vm.type_name(v));
            vm.resolve_index(index, n, &name)?
        }
    };
    Ok(vm.tuple_item(v, i))
}

fn count(vm: &mut Vm, args: Args) -> Res {
    let (v, x) = (vm.arg(args, 0), vm.arg(args, 1));
    let mut n = 0;
    for i in 0..vm.as_tuple(v).map_or(0, |t| t.2) {
        let item = vm.tuple_item(v, i);
        n += i64::from(vm.equal(item, x)?);
    }
    Ok(Value::int(n))
}

fn index(vm: &mut Vm, args: Args) -> Res {
    let items = vm.tuple_items(vm.arg(args, 0)).unwrap_or_default();
    crate::ops::index_of(vm, &items, args, "tuple")
}

/// The field names of a named tuple's class.
fn fields(vm: &mut Vm, v: Value) -> Option<(Value, Value)> {
    let r = vm.as_ref_kind(v, kinds::NAMEDTUPLE)?;
    let class = vm.heap.get(r, 0);
    let names = vm.class_lookup(class, names::args)?;
    Some((class, names))
}

fn print_named(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some((class, names)) = fields(vm, v) else { return print(vm, v, out, PrintKind::Repr) };
    out.extend_from_slice(vm.class_name(class).as_bytes());
    out.push(b'(');
    for i in 0..vm.as_tuple(v).map_or(0, |t| t.2) {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        let field = vm.tuple_item(names, i);
        vm.print(field, out, PrintKind::Str)?;
        out.push(b'=');
        let item = vm.tuple_item(v, i);
        vm.print(item, out, PrintKind::Repr)?;
    }
    out.push(b')');
    Ok(())
}

fn named_attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    let Some((_, names)) = fields(vm, v) else { return Ok(Value::NULL) };
    let n = vm.as_tuple(v).map_or(0, |t| t.2);
    match (0..n).find(|&i| vm.tuple_item(names, i) == Value::from(name)) {
        Some(i) if access == Access::Load => Ok(vm.tuple_item(v, i)),
        Some(_) => Err(vm.raise_args(types::ATTRIBUTE_ERROR, "can't set attribute")),
        None => Ok(Value::NULL),
    }
}

/// Makes an instance of a class that `namedtuple` made.
pub(crate) fn new_named(vm: &mut Vm, class: Value, args: Args) -> Res {
    let Some(names) = vm.class_lookup(class, names::args) else {
        return Err(vm.type_error("argument has wrong type"));
    };
    let n = vm.as_tuple(names).map_or(0, |t| t.2);
    if args.n + args.nkw != n {
        return Err(vm.arg_count_error(args.n + args.nkw, n, n));
    }
    let len = vm.checked_len(n + 1)?;
    let r = vm.alloc_values(kinds::NAMEDTUPLE, len)?;
    vm.heap.set(r, 0, class);
    for i in 0..args.n {
        let v = vm.arg(args, i);
        vm.heap.set(r, i + 1, v);
    }
    for k in 0..args.nkw {
        let (name, v) = vm.kwarg(args, k);
        let text = alloc::string::String::from_utf8_lossy(vm.str_bytes(name)).into_owned();
        match (0..n).find(|&i| vm.tuple_item(names, i) == name) {
            None => {
                return Err(vm.type_error(&alloc::format!("unexpected keyword argument '{text}'")));
            }
            Some(i) if !vm.heap.get(r, i + 1).is_null() => {
                return Err(vm.type_error(&alloc::format!(
                    "function got multiple values for argument '{text}'"
                )));
            }
            Some(i) => vm.heap.set(r, i + 1, v),
        }
    }
    Ok(r.into())
}

impl Vm {
    /// Makes a tuple whose items have names as well.
    pub fn new_attr_tuple(&mut self, fields: &[&str], values: &[Value]) -> Res {
        let mark = self.mark();
        for v in values {
            self.root(*v);
        }
        let names_: Vec<Value> = fields.iter().map(|f| self.intern(f).into()).collect();
        let field_names = self.new_tuple(&names_)?;
        let dict = self.new_dict(1)?;
        self.dict_put(dict, names::args, field_names)?;
        let bases = self.new_tuple(&[types::NAMEDTUPLE.into()])?;
        let class = self.new_class(Qstr(0), bases, dict)?;
        let n = self.checked_len(values.len() + 1)?;
        let r = self.alloc_values(kinds::NAMEDTUPLE, n)?;
        self.heap.set(r, 0, class);
        for (i, v) in values.iter().enumerate() {
            self.heap.set(r, i + 1, *v);
        }
        self.release_but(mark, r.into());
        Ok(r.into())
    }
}
