//! Iterators.
//!
//! An [`kinds::ITER`] object's flags say what it walks over; its fields depend on that.

use crate::kinds;
use crate::objects::map::Map;
use crate::qstr::names;
use crate::rom::{Args, TypeDef, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Header, Ref, Value};

/// Sequence by index: object, next index.
pub(crate) const SEQUENCE: u8 = 0;
/// Next item, stop, step.
pub(crate) const RANGE: u8 = 1;
/// Dict, next slot; `DICT + 1` keys, `DICT + 2` values.
pub(crate) const DICT: u8 = 2;
/// Set, next slot.
pub(crate) const SET: u8 = 5;
/// An object with `__getitem__`: object, next index.
pub(crate) const GETITEM: u8 = 6;
/// Function, iterators of the arguments.
pub(crate) const MAP_: u8 = 7;
/// Function, iterator.
pub(crate) const FILTER_: u8 = 8;
/// Iterators.
pub(crate) const ZIP_: u8 = 9;
/// Iterator, next number.
pub(crate) const ENUMERATE_: u8 = 10;
/// Sequence, next index + 1.
pub(crate) const REVERSED_: u8 = 11;
/// Template, next part.
pub(crate) const TEMPLATE: u8 = 12;

/// Iterators that have no constructor.
pub static ITERATOR: TypeDef = TypeDef { name: "iterator", next: Some(next), ..TypeDef::EMPTY };
/// `map`
pub static MAP: TypeDef =
    TypeDef { name: "map", new: Some(new_map), next: Some(next), ..TypeDef::EMPTY };
/// `filter`
pub static FILTER: TypeDef = TypeDef {
    name: "filter",
    new: Some(|vm, _, a| {
        vm.check_args(a, 2, 2)?;
        let it = vm.iter(vm.arg(a, 1))?;
        make(vm, FILTER_, &[vm.arg(a, 0), it])
    }),
    next: Some(next),
    ..TypeDef::EMPTY
};
/// `zip`
pub static ZIP: TypeDef = TypeDef {
    name: "zip",
    new: Some(|vm, _, a| {
        vm.check_args(a, 0, usize::MAX)?;
        let items = iterators(vm, a, 0)?;
        make(vm, ZIP_, &items)
    }),
    next: Some(next),
    ..TypeDef::EMPTY
};
/// `enumerate`
pub static ENUMERATE: TypeDef =
    TypeDef { name: "enumerate", new: Some(new_enumerate), next: Some(next), ..TypeDef::EMPTY };
/// `reversed`
pub static REVERSED: TypeDef = TypeDef {
    name: "reversed",
    new: Some(|vm, _, a| {
        vm.check_args(a, 1, 1)?;
        let v = vm.arg(a, 0);
        if let Some((f, this)) = vm.load_method(v, names::reversed_)? {
            return vm.call_method(f, this, &[]);
        }
        let n = vm.unary(Unary::Len, v)?;
        make(vm, REVERSED_, &[v, n])
    }),
    next: Some(next),
    ..TypeDef::EMPTY
};

/// An iterator that a loop holds: on the device it lies on the stack.
fn of_loop(vm: &mut Vm, kind: u8, fields: &[Value]) -> Res {
    vm.off_heap(|vm| make(vm, kind, fields))
}

fn make(vm: &mut Vm, kind: u8, fields: &[Value]) -> Res {
    let mark = vm.mark();
    for v in fields {
        vm.root(*v);
    }
    let r = vm.alloc(Header::new(kinds::ITER, kind, 0, fields.len() as u32))?;
    for (i, v) in fields.iter().enumerate() {
        vm.heap.set(r, i, *v);
    }
    vm.release_but(mark, r.into());
    Ok(r.into())
}

fn iterators(vm: &mut Vm, args: Args, from: usize) -> Result<Vec<Value>, Raised> {
    let mut items = Vec::new();
    for i in from..args.n {
        let it = vm.iter(vm.arg(args, i))?;
        vm.root(it);
        items.push(it);
    }
    Ok(items)
}

fn new_map(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 2, usize::MAX)?;
    let mut fields = iterators(vm, args, 1)?;
    fields.insert(0, vm.arg(args, 0));
    make(vm, MAP_, &fields)
}

fn new_enumerate(vm: &mut Vm, _: Value, args: Args) -> Res {
    let mut start = Value::int(0);
    let mut iterable = vm.arg(args, 0);
    if args.n > 2 {
        return Err(vm.type_error("extra positional arguments given"));
    }
    if args.n > 1 {
        start = vm.arg(args, 1);
    }
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        match k.as_qstr().map(|q| vm.names.get(crate::qstr::Qstr(q))) {
            Some(b"start") => start = v,
            Some(b"iterable") => iterable = v,
            _ => return Err(vm.type_error("extra keyword arguments given")),
        }
    }
    if iterable.is_null() {
        return Err(vm.type_error("'iterable' argument required"));
    }
    let start = Value::int(vm.expect_int(start)?);
    let it = vm.iter(iterable)?;
    make(vm, ENUMERATE_, &[it, start])
}

/// `iter()` of everything that is walked over by index.
pub(crate) fn sequence(vm: &mut Vm, v: Value) -> Res {
    of_loop(vm, SEQUENCE, &[v, Value::int(0)])
}

/// `iter()` of a range.
pub(crate) fn range(vm: &mut Vm, v: Value) -> Res {
    let Some(r) = v.as_ref() else { return Ok(Value::NULL) };
    let fields = [0, 1, 2].map(|i| vm.heap.get(r, i));
    of_loop(vm, RANGE, &fields)
}

/// `iter()` of a template.
pub(crate) fn template(vm: &mut Vm, v: Value) -> Res {
    let template = vm.as_native(v, &super::template::TEMPLATE).unwrap_or(v);
    of_loop(vm, TEMPLATE, &[template, Value::int(0)])
}

impl Vm {
    /// An iterator over a dict: 0 items, 1 keys, 2 values.
    pub(crate) fn dict_iter(&mut self, dict: Value, what: u8) -> Res {
        of_loop(self, DICT + what, &[dict, Value::int(0)])
    }

    pub(crate) fn set_iter(&mut self, set: Value) -> Res {
        of_loop(self, SET, &[set, Value::int(0)])
    }

    pub(crate) fn getitem_iter(&mut self, v: Value) -> Res {
        of_loop(self, GETITEM, &[v, Value::int(0)])
    }
}

/// The next item of an [`kinds::ITER`] object.
pub(crate) fn next(vm: &mut Vm, v: Value) -> Res {
    let r = v.as_ref().expect("an iterator is an object");
    if vm.heap.header(r).flags() < MAP_ {
        return next_of(vm, r);
    }
    // Iterators over iterators may be nested without end.
    vm.enter_native()?;
    let x = next_of(vm, r);
    vm.leave_native();
    x
}

fn next_of(vm: &mut Vm, r: Ref) -> Res {
    match vm.heap.header(r).flags() {
        SEQUENCE => next_in_sequence(vm, r),
        RANGE => Ok(next_in_range(vm, r)),
        SET => {
            let set = vm.heap.get(r, 0);
            let Some(set) = vm.as_set(set) else { return Ok(Value::STOP) };
            Ok(next_slot(vm, r, set).map_or(Value::STOP, |slot| set.key(vm, slot)))
        }
        kind @ (DICT | 3 | 4) => next_in_dict(vm, r, kind - DICT),
        GETITEM => next_by_getitem(vm, r),
        MAP_ => next_of_map(vm, r),
        FILTER_ => next_of_filter(vm, r),
        ZIP_ => next_of_zip(vm, r),
        ENUMERATE_ => {
            let (it, n) = (vm.heap.get(r, 0), vm.heap.get(r, 1));
            let x = vm.next(it)?;
            if x == Value::STOP {
                return Ok(x);
            }
            vm.heap.set(r, 1, Value::int(n.int_unchecked() + 1));
            vm.new_tuple(&[n, x])
        }
        REVERSED_ => {
            let (seq, n) = (vm.heap.get(r, 0), vm.heap.get(r, 1).int_unchecked());
            if n <= 0 {
                return Ok(Value::STOP);
            }
            vm.heap.set(r, 1, Value::int(n - 1));
            vm.get_item(seq, Value::int(n - 1))
        }
        TEMPLATE => Ok(next_in_template(vm, r)),
        _ => Ok(Value::STOP),
    }
}

/// Strings and interpolations in turn, but for empty strings.
fn next_in_template(vm: &mut Vm, r: Ref) -> Value {
    loop {
        let (template, n) = (vm.heap.get(r, 0), vm.heap.get(r, 1).int_unchecked());
        let Some(part) = super::template::part(vm, template, n as usize) else {
            return Value::STOP;
        };
        vm.heap.set(r, 1, Value::int(n + 1));
        if n % 2 != 0 || !vm.str_bytes(part).is_empty() {
            return part;
        }
    }
}

fn next_in_sequence(vm: &mut Vm, r: Ref) -> Res {
    let (seq, i) = (vm.heap.get(r, 0), vm.heap.get(r, 1).int_unchecked());
    if let Some(list) = vm.as_list(seq) {
        let v = vm.list_item(list, i as usize);
        if v.is_null() {
            return Ok(Value::STOP);
        }
        vm.heap.set(r, 1, Value::int(i + 1));
        return Ok(v);
    }
    if let Some((t, at, n)) = vm.as_tuple(seq) {
        if i as usize >= n {
            return Ok(Value::STOP);
        }
        vm.heap.set(r, 1, Value::int(i + 1));
        return Ok(vm.heap.get(t, at + i as usize));
    }
    if vm.is_str(seq) {
        // Strings are walked by byte offset.
        return match vm.str_char_at(seq, i as usize) {
            Some((c, len)) => {
                vm.heap.set(r, 1, Value::int(i + len as i64));
                Ok(c)
            }
            None if (i as usize) < vm.str_bytes(seq).len() => {
                let (c, len) = vm.str_wide_char_at(seq, i as usize)?;
                vm.heap.set(r, 1, Value::int(i + len as i64));
                Ok(c)
            }
            None => Ok(Value::STOP),
        };
    }
    if let Some(v) = vm.array_item(seq, i as usize) {
        if v != Value::STOP {
            vm.heap.set(r, 1, Value::int(i + 1));
        }
        return Ok(v);
    }
    let n = vm.unary(Unary::Len, seq)?.int_unchecked();
    if i >= n {
        return Ok(Value::STOP);
    }
    vm.heap.set(r, 1, Value::int(i + 1));
    vm.get_item(seq, Value::int(i))
}

fn next_in_range(vm: &mut Vm, r: Ref) -> Value {
    let (at, stop, step) = super::range::parts(vm, r);
    if if step > 0 { at >= stop } else { at <= stop } {
        return Value::STOP;
    }
    vm.heap.set(r, 0, Value::int(at + step));
    Value::int(at)
}

fn next_slot<const STRIDE: usize>(
    vm: &mut Vm,
    r: Ref,
    table: super::map::Table<STRIDE>,
) -> Option<usize> {
    let at = vm.heap.get(r, 1).int_unchecked() as usize;
    let slot = table.next_slot(vm, at)?;
    vm.heap.set(r, 1, Value::int(slot as i64 + 1));
    Some(slot)
}

fn next_in_dict(vm: &mut Vm, r: Ref, what: u8) -> Res {
    let dict = vm.heap.get(r, 0);
    let Some(map): Option<Map> = vm.as_dict(dict) else { return Ok(Value::STOP) };
    let Some(slot) = next_slot(vm, r, map) else { return Ok(Value::STOP) };
    match what {
        0 => vm.new_tuple(&[map.key(vm, slot), map.value(vm, slot)]),
        1 => Ok(map.key(vm, slot)),
        _ => Ok(map.value(vm, slot)),
    }
}

fn next_by_getitem(vm: &mut Vm, r: Ref) -> Res {
    let (v, i) = (vm.heap.get(r, 0), vm.heap.get(r, 1));
    match vm.get_item(v, i) {
        Ok(x) => {
            vm.heap.set(r, 1, Value::int(i.int_unchecked() + 1));
            Ok(x)
        }
        Err(Raised)
            if vm.exception_is(vm.pending, types::STOP_ITERATION)
                || vm.exception_is(vm.pending, types::INDEX_ERROR) =>
        {
            Ok(Value::STOP)
        }
        Err(Raised) => Err(Raised),
    }
}

fn next_of_map(vm: &mut Vm, r: Ref) -> Res {
    let n = vm.heap.len(r);
    let mark = vm.mark();
    let mut items = Vec::with_capacity(n - 1);
    for i in 1..n {
        let it = vm.heap.get(r, i);
        let x = vm.next(it)?;
        if x == Value::STOP {
            return Ok(x);
        }
        vm.root(x);
        items.push(x);
    }
    let f = vm.heap.get(r, 0);
    let v = vm.call(f, &items)?;
    vm.release_but(mark, v);
    Ok(v)
}

fn next_of_filter(vm: &mut Vm, r: Ref) -> Res {
    let (f, it) = (vm.heap.get(r, 0), vm.heap.get(r, 1));
    loop {
        let mark = vm.mark();
        let x = vm.next(it)?;
        if x == Value::STOP {
            return Ok(x);
        }
        vm.root(x);
        let keep = if f == Value::NONE { x } else { vm.call(f, &[x])? };
        if vm.truth(keep)? {
            return Ok(x);
        }
        vm.release(mark);
    }
}

fn next_of_zip(vm: &mut Vm, r: Ref) -> Res {
    let n = vm.heap.len(r);
    if n == 0 {
        return Ok(Value::STOP);
    }
    // The items are held by the temporary roots, in order.
    let mark = vm.mark();
    for i in 0..n {
        let it = vm.heap.get(r, i);
        let x = vm.next(it)?;
        vm.release(mark + i);
        if x == Value::STOP {
            return Ok(x);
        }
        vm.root(x);
    }
    let len = vm.checked_len(n)?;
    let tuple = vm.alloc_values(kinds::TUPLE, len)?;
    for i in 0..n {
        let x = vm.rooted(mark + i);
        vm.heap.set(tuple, i, x);
    }
    vm.release_but(mark, tuple.into());
    Ok(tuple.into())
}
