//! `deque`: a ring of fixed size.

use coil_vm::rom::{Access, Args, TypeDef, Unary, def};
use coil_vm::{Raised, Ref, Res, Value, Vm, kinds, types};

/// Fields: the ring (one slot more than it holds), first item, one past the last, flags.
const RING: usize = 0;
const GET: usize = 1;
const PUT: usize = 2;
const FLAGS: usize = 3;

/// Flag: a full deque raises instead of forgetting.
const CHECK_OVERFLOW: i64 = 1;

/// `collections.deque`
pub(super) static DEQUE: TypeDef = TypeDef {
    name: "deque",
    items: &[
        def("append(self, x)", |vm, a| {
            append(vm, vm.arg(a, 0), vm.arg(a, 1))?;
            Ok(Value::NONE)
        }),
        def("appendleft(self, x)", appendleft),
        def("extend(self, iterable)", |vm, a| {
            extend(vm, vm.arg(a, 0), vm.arg(a, 1))?;
            Ok(Value::NONE)
        }),
        def("pop(self)", pop),
        def("popleft(self)", popleft),
    ],
    new: Some(new),
    unary: Some(unary),
    subscr: Some(subscr),
    iter: Some(|vm, v| {
        let at = vm.native_field(v, GET);
        vm.new_native(&ITERATOR, &[v, at])
    }),
    ..TypeDef::EMPTY
};

/// Fields: deque, next slot.
pub(super) static ITERATOR: TypeDef = TypeDef {
    name: "iterator",
    next: Some(|vm, it| {
        let deque = vm.native_field(it, 0);
        let Some(d) = Ring::of(vm, deque) else { return Ok(Value::STOP) };
        let at = vm.native_int(it, 1) as usize;
        if at == d.put || at >= d.alloc {
            return Ok(Value::STOP);
        }
        vm.set_native_field(it, 1, Value::int(d.after(at) as i64));
        let x = vm.heap.get(d.ring, at);
        Ok(if x.is_null() { Value::NONE } else { x })
    }),
    ..TypeDef::EMPTY
};

/// The state of a deque, taken out of its object.
#[derive(Clone, Copy)]
struct Ring {
    ring: Ref,
    alloc: usize,
    get: usize,
    put: usize,
    check: bool,
}

impl Ring {
    fn of(vm: &Vm, v: Value) -> Option<Self> {
        let ring = vm.as_ref_kind(vm.native_field(v, RING), kinds::VEC)?;
        let [get, put, flags] = [GET, PUT, FLAGS].map(|i| vm.native_int(v, i));
        let alloc = vm.heap.len(ring);
        Some(Self {
            ring,
            alloc,
            get: get as usize,
            put: put as usize,
            check: flags & CHECK_OVERFLOW != 0,
        })
    }

    fn after(self, i: usize) -> usize {
        if i + 1 == self.alloc { 0 } else { i + 1 }
    }

    fn before(self, i: usize) -> usize {
        if i == 0 { self.alloc - 1 } else { i - 1 }
    }

    fn len(self) -> usize {
        if self.put >= self.get { self.put - self.get } else { self.put + self.alloc - self.get }
    }

    fn store(self, vm: &mut Vm, v: Value) {
        vm.set_native_field(v, GET, Value::int(self.get as i64));
        vm.set_native_field(v, PUT, Value::int(self.put as i64));
    }
}

fn this(vm: &mut Vm, v: Value) -> Result<Ring, Raised> {
    match Ring::of(vm, v) {
        Some(d) => Ok(d),
        None => Err(vm.type_error("argument has wrong type")),
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 2, 3)?;
    let max = vm.expect_int(vm.arg(args, 1))?;
    let Ok(max) = usize::try_from(max) else {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    };
    let n = vm.checked_len(max.saturating_add(1))?;
    let ring = vm.alloc_values(kinds::VEC, n)?;
    let flags = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
    let zero = Value::int(0);
    let deque =
        vm.new_native(&DEQUE, &[ring.into(), zero, zero, Value::int(flags & CHECK_OVERFLOW)])?;
    extend(vm, deque, vm.arg(args, 0))?;
    Ok(deque)
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let Some(d) = Ring::of(vm, v) else { return Ok(Value::NULL) };
    Ok(match op {
        Unary::Bool => Value::bool(d.get != d.put),
        Unary::Len => Value::int(d.len() as i64),
        Unary::SizeOf => Value::int(24 + 4 * d.alloc as i64),
        _ => Value::NULL,
    })
}

fn full(vm: &mut Vm) -> Raised {
    vm.raise_args(types::INDEX_ERROR, "full")
}

fn empty(vm: &mut Vm) -> Raised {
    vm.raise_args(types::INDEX_ERROR, "empty")
}

fn append(vm: &mut Vm, v: Value, x: Value) -> Result<(), Raised> {
    let mut d = this(vm, v)?;
    let put = d.after(d.put);
    if d.check && put == d.get {
        return Err(full(vm));
    }
    vm.heap.set(d.ring, d.put, x);
    d.put = put;
    if d.get == put {
        d.get = d.after(d.get);
    }
    d.store(vm, v);
    Ok(())
}

fn appendleft(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let mut d = this(vm, v)?;
    let get = d.before(d.get);
    if d.check && get == d.put {
        return Err(full(vm));
    }
    d.get = get;
    vm.heap.set(d.ring, get, vm.arg(args, 1));
    if d.put == get {
        d.put = d.before(d.put);
    }
    d.store(vm, v);
    Ok(Value::NONE)
}

fn extend(vm: &mut Vm, v: Value, items: Value) -> Result<(), Raised> {
    let it = vm.iter(items)?;
    vm.root(it);
    let mark = vm.mark();
    loop {
        let x = vm.next(it)?;
        if x == Value::STOP {
            return Ok(());
        }
        append(vm, v, x)?;
        vm.release(mark);
    }
}

fn popleft(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let mut d = this(vm, v)?;
    if d.get == d.put {
        return Err(empty(vm));
    }
    let x = vm.heap.get(d.ring, d.get);
    vm.heap.set(d.ring, d.get, Value::NULL);
    d.get = d.after(d.get);
    d.store(vm, v);
    Ok(x)
}

fn pop(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let mut d = this(vm, v)?;
    if d.get == d.put {
        return Err(empty(vm));
    }
    d.put = d.before(d.put);
    let x = vm.heap.get(d.ring, d.put);
    vm.heap.set(d.ring, d.put, Value::NULL);
    d.store(vm, v);
    Ok(x)
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    if access == Access::Delete {
        return Ok(Value::NULL);
    }
    let len = this(vm, v)?.len();
    let i = vm.resolve_index(index, len, "deque")?;
    let d = this(vm, v)?;
    let mut at = d.get + i;
    if at >= d.alloc {
        at -= d.alloc;
    }
    match access {
        Access::Store(x) => {
            vm.heap.set(d.ring, at, x);
            Ok(Value::NONE)
        }
        _ => Ok(vm.heap.get(d.ring, at)),
    }
}
