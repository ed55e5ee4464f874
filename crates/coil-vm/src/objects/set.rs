//! Sets and frozen sets.

use crate::interp::gather::Sink;
use crate::kinds;
use crate::objects::map::Keys;
use crate::rom::{Args, Binary, Item, PrintKind, TypeDef, Unary, def};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Kind, Value};

const CONTAINS: Item =
    def("__contains__(self, x)", |vm, a| binary(vm, Binary::Contains, vm.arg(a, 0), vm.arg(a, 1)));

const COMMON: [Item; 7] = [
    def("copy(self)", |vm, a| {
        let set = this(vm, a)?;
        copy_of(vm, set)
    }),
    def("difference(self, *others)", |vm, a| method(vm, a, Op::Difference, false)),
    def("intersection(self, other)", |vm, a| method(vm, a, Op::Intersection, false)),
    def("symmetric_difference(self, other)", |vm, a| method(vm, a, Op::Symmetric, false)),
    def("union(self, other)", |vm, a| method(vm, a, Op::Union, false)),
    def("isdisjoint(self, other)", isdisjoint),
    def("issubset(self, other)", |vm, a| {
        let other = as_set_arg(vm, vm.arg(a, 1))?;
        Ok(Value::bool(is_subset(vm, vm.arg(a, 0), other)?))
    }),
];

const fn superset() -> Item {
    def("issuperset(self, other)", |vm, a| {
        let other = as_set_arg(vm, vm.arg(a, 1))?;
        Ok(Value::bool(is_subset(vm, other, vm.arg(a, 0))?))
    })
}

/// `set`
pub static SET: TypeDef = TypeDef {
    name: "set",
    items: &[
        COMMON[0],
        COMMON[1],
        COMMON[2],
        COMMON[3],
        COMMON[4],
        COMMON[5],
        COMMON[6],
        CONTAINS,
        superset(),
        def("add(self, x)", |vm, a| {
            let set = this(vm, a)?;
            set.insert(vm, vm.arg(a, 1))?;
            Ok(Value::NONE)
        }),
        def("clear(self)", |vm, a| {
            this(vm, a)?.clear(vm);
            Ok(Value::NONE)
        }),
        def("discard(self, x)", |vm, a| {
            discard(vm, a)?;
            Ok(Value::NONE)
        }),
        def("remove(self, x)", |vm, a| {
            if discard(vm, a)? { Ok(Value::NONE) } else { Err(vm.key_error(vm.arg(a, 1))) }
        }),
        def("pop(self)", pop),
        def("update(self, *others)", |vm, a| method(vm, a, Op::Union, true)),
        def("difference_update(self, *others)", |vm, a| method(vm, a, Op::Difference, true)),
        def("intersection_update(self, other)", |vm, a| method(vm, a, Op::Intersection, true)),
        def("symmetric_difference_update(self, other)", |vm, a| method(vm, a, Op::Symmetric, true)),
    ],
    new: Some(|vm, _, a| new(vm, kinds::SET, a)),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    iter: Some(|vm, v| vm.set_iter(v)),
    ..TypeDef::EMPTY
};

/// `frozenset`
pub static FROZENSET: TypeDef = TypeDef {
    name: "frozenset",
    items: &[
        COMMON[0],
        COMMON[1],
        COMMON[2],
        COMMON[3],
        COMMON[4],
        COMMON[5],
        COMMON[6],
        CONTAINS,
        superset(),
    ],
    new: Some(|vm, _, a| new(vm, kinds::FROZENSET, a)),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    iter: Some(|vm, v| vm.set_iter(v)),
    ..TypeDef::EMPTY
};

#[derive(Clone, Copy, PartialEq)]
enum Op {
    Union,
    Intersection,
    Difference,
    Symmetric,
}

impl Vm {
    /// Makes an empty set or frozen set.
    pub fn new_set(&mut self, kind: Kind) -> Res {
        let r = self.alloc_values(kind, 2)?;
        self.heap.set(r, 0, Value::int(0));
        Ok(r.into())
    }

    /// The table of a set or frozen set.
    #[inline]
    pub fn as_set(&self, v: Value) -> Option<Keys> {
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::SET | kinds::FROZENSET => Some(Keys { holder: r, at: 0, ordered: false }),
            kinds::INSTANCE => {
                let native = self.heap.get(r, kinds::instance::NATIVE);
                if native.is_ref() { self.as_set(native) } else { None }
            }
            _ => None,
        }
    }

    /// All items of a set.
    pub fn set_items(&self, v: Value) -> Vec<Value> {
        let Some(set) = self.as_set(v) else { return Vec::new() };
        let (mut at, mut out) = (0, Vec::new());
        while let Some(slot) = set.next_slot(self, at) {
            out.push(set.key(self, slot));
            at = slot + 1;
        }
        out
    }
}

fn this(vm: &mut Vm, args: Args) -> Result<Keys, Raised> {
    match vm.as_set(vm.arg(args, 0)) {
        Some(s) => Ok(s),
        None => Err(vm.type_error("argument has wrong type")),
    }
}

fn new(vm: &mut Vm, kind: Kind, args: Args) -> Res {
    vm.check_args(args, 0, 1)?;
    if args.n == 0 { vm.new_set(kind) } else { from_iterable(vm, kind, vm.arg(args, 0)) }
}

fn from_iterable(vm: &mut Vm, kind: Kind, items: Value) -> Res {
    let v = vm.new_set(kind)?;
    let set = vm.as_set(v).expect("just made");
    add_all(vm, set, items)?;
    Ok(v)
}

/// Adds everything an iterable gives.
pub(crate) fn add_all(vm: &mut Vm, set: Keys, items: Value) -> Result<(), Raised> {
    each(vm, items, Some(set), |vm, x| set.insert(vm, x).map(|_| ()))
}

/// Does something with everything an iterable gives; what a generator yields may also be put into
/// a set at once.
fn each(
    vm: &mut Vm,
    items: Value,
    into: Option<Keys>,
    mut f: impl FnMut(&mut Vm, Value) -> Result<(), Raised>,
) -> Result<(), Raised> {
    let it = vm.iter(items)?;
    let generator = into.and_then(|set| Some((vm.as_ref_kind(it, kinds::GENERATOR)?, set)));
    loop {
        let mark = vm.mark();
        let x = match generator {
            Some((r, set)) => vm.gather(r, Sink::Set, set.holder.into())?,
            None => vm.next(it)?,
        };
        if x == Value::STOP {
            return Ok(());
        }
        vm.root(x);
        f(vm, x)?;
        vm.release(mark);
    }
}

fn as_set_arg(vm: &mut Vm, v: Value) -> Res {
    if vm.as_set(v).is_some() { Ok(v) } else { from_iterable(vm, kinds::SET, v) }
}

fn is_subset(vm: &mut Vm, a: Value, b: Value) -> Result<bool, Raised> {
    let Some(other) = vm.as_set(b) else { return Ok(false) };
    for x in vm.set_items(a) {
        if other.find(vm, x)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn isdisjoint(vm: &mut Vm, args: Args) -> Res {
    let set = this(vm, args)?;
    let it = vm.iter(vm.arg(args, 1))?;
    loop {
        let mark = vm.mark();
        let x = vm.next(it)?;
        if x == Value::STOP {
            return Ok(Value::TRUE);
        }
        vm.root(x);
        if set.find(vm, x)?.is_some() {
            return Ok(Value::FALSE);
        }
        vm.release(mark);
    }
}

fn discard(vm: &mut Vm, args: Args) -> Result<bool, Raised> {
    let set = this(vm, args)?;
    let slot = set.find(vm, vm.arg(args, 1))?;
    if let Some(slot) = slot {
        set.remove_slot(vm, slot);
    }
    Ok(slot.is_some())
}

fn pop(vm: &mut Vm, args: Args) -> Res {
    let set = this(vm, args)?;
    let Some(slot) = set.next_slot(vm, 0) else {
        return Err(vm.raise_args(types::KEY_ERROR, "pop from an empty set"));
    };
    let v = set.key(vm, slot);
    set.remove_slot(vm, slot);
    Ok(v)
}

/// A set with the same items in the same slots.
fn copy_of(vm: &mut Vm, set: Keys) -> Res {
    let new = vm.new_set(vm.heap.kind(set.holder))?;
    let to = vm.as_set(new).expect("just made");
    let mark = vm.mark();
    vm.root(new);
    to.reserve(vm, set.slots(vm))?;
    if let (Some(a), Some(b)) = (set.store(vm), to.store(vm)) {
        let n = vm.heap.len(a);
        vm.heap.copy_values(a, 0, b, 0, n);
        let used = vm.heap.get(set.holder, set.at);
        vm.heap.set(to.holder, to.at, used);
    }
    vm.release_but(mark, new);
    Ok(new)
}

fn method(vm: &mut Vm, args: Args, op: Op, in_place: bool) -> Res {
    this(vm, args)?;
    let mut target = vm.arg(args, 0);
    if args.n == 1 && !in_place {
        return combined(vm, target, Value::NULL, op, false);
    }
    for i in 1..args.n {
        let other = vm.arg(args, i);
        // Further ones are taken from what the first has made.
        target = combined(vm, target, other, op, in_place || i > 1)?;
        vm.root(target);
    }
    Ok(if in_place { Value::NONE } else { target })
}

/// A set and an iterable put together: in place, or as a new set. No iterable: a copy.
fn combined(vm: &mut Vm, v: Value, other: Value, op: Op, in_place: bool) -> Res {
    let set = vm.as_set(v).expect("the caller checked");
    if op == Op::Intersection && v != other {
        let out = vm.new_set(kinds::SET)?;
        vm.root(out);
        let made = vm.as_set(out).expect("just made");
        each(vm, other, None, |vm, x| {
            if set.find(vm, x)?.is_some() {
                made.insert(vm, x)?;
            }
            Ok(())
        })?;
        if !in_place {
            return Ok(out);
        }
        for field in 0..2 {
            let x = vm.heap.get(made.holder, made.at + field);
            vm.heap.set(set.holder, set.at + field, x);
        }
        return Ok(v);
    }
    let target = if in_place { v } else { copy_of(vm, set)? };
    if other.is_null() || op == Op::Intersection {
        return Ok(target);
    }
    let mark = vm.mark();
    vm.root(target);
    let set = vm.as_set(target).expect("a set or its copy");
    match op {
        Op::Difference if target == other => set.clear(vm),
        Op::Difference => each(vm, other, None, |vm, x| {
            if let Some(slot) = set.find(vm, x)? {
                set.remove_slot(vm, slot);
            }
            Ok(())
        })?,
        Op::Symmetric => each(vm, other, None, |vm, x| {
            // What comes twice goes in and out again.
            match set.find(vm, x)? {
                Some(slot) => set.remove_slot(vm, slot),
                None => {
                    set.insert(vm, x)?;
                }
            }
            Ok(())
        })?,
        Op::Union | Op::Intersection => add_all(vm, set, other)?,
    }
    vm.release_but(mark, target);
    Ok(target)
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let items = vm.set_items(v);
    let frozen = v.as_ref().is_some_and(|r| vm.heap.kind(r) == kinds::FROZENSET);
    if items.is_empty() {
        out.extend_from_slice(if frozen { b"frozenset()" } else { b"set()" });
        return Ok(());
    }
    out.extend_from_slice(if frozen { b"frozenset({" } else { b"{" });
    for (i, x) in items.into_iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        vm.print(x, out, PrintKind::Repr)?;
    }
    out.extend_from_slice(if frozen { b"})" } else { b"}" });
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let Some(set) = vm.as_set(v) else { return Ok(Value::NULL) };
    Ok(match op {
        Unary::Bool => Value::bool(!set.is_empty(vm)),
        Unary::Len => Value::int(set.len(vm) as i64),
        Unary::Hash if vm.heap.kind(set.holder) == kinds::FROZENSET => {
            let mut hash = 0i64;
            for x in vm.set_items(v) {
                hash = hash.wrapping_add(vm.hash(x)?);
            }
            Value::int(hash & 0x3fff_ffff)
        }
        _ => Value::NULL,
    })
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let Some(set) = vm.as_set(a) else { return Ok(Value::NULL) };
    if op == Binary::Contains {
        return Ok(Value::bool(set.find(vm, b)?.is_some()));
    }
    let Some(other) = vm.as_set(b) else { return Ok(Value::NULL) };
    let how = match op.plain() {
        Binary::Or => Op::Union,
        Binary::And => Op::Intersection,
        Binary::Sub => Op::Difference,
        Binary::Xor => Op::Symmetric,
        Binary::Le => return Ok(Value::bool(is_subset(vm, a, b)?)),
        Binary::Ge => return Ok(Value::bool(is_subset(vm, b, a)?)),
        Binary::Lt => return Ok(Value::bool(set.len(vm) < other.len(vm) && is_subset(vm, a, b)?)),
        Binary::Gt => return Ok(Value::bool(other.len(vm) < set.len(vm) && is_subset(vm, b, a)?)),
        Binary::Eq => return Ok(Value::bool(set.len(vm) == other.len(vm) && is_subset(vm, a, b)?)),
        _ => return Ok(Value::NULL),
    };
    let in_place = op.is_inplace() && vm.heap.kind(set.holder) == kinds::SET;
    combined(vm, a, b, how, in_place)
}
