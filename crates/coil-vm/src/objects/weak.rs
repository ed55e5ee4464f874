//! Weak references and finalizers. What they refer to is known to the heap alone.

use crate::kinds;
use crate::qstr::Qstr;
use crate::rom::{Access, Args, TypeDef, def};
use crate::vm::{Raised, Res, Vm};
use crate::witness::Told;
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

/// Fields: what is called at the end (or `None`), a finalizer's arguments and the pairs of its
/// keyword arguments.
const CALLBACK: usize = 0;
const ARGS: usize = 1;
const PAIRS: usize = 2;

/// `weakref.ref`
pub static REF: TypeDef = TypeDef {
    name: "ref",
    items: &[def("__del__(self)", |vm, a| let_go(vm, vm.arg(a, 0)))],
    new: Some(|vm, _, a| {
        vm.check_args(a, 1, 2)?;
        let target = expect_target(vm, vm.arg(a, 0))?;
        let callback = if a.n > 1 { vm.arg(a, 1) } else { Value::NONE };
        let holder = vm.new_native(&REF, &[callback])?;
        hold(vm, holder, target, false);
        Ok(holder)
    }),
    call: Some(|vm, v, _| Ok(target_of(vm, v).unwrap_or(Value::NONE))),
    ..TypeDef::EMPTY
};

/// `weakref.finalize`
pub static FINALIZE: TypeDef = TypeDef {
    name: "finalize",
    items: &[
        def("peek(self)", |vm, a| describe(vm, vm.arg(a, 0))),
        def("detach(self)", |vm, a| {
            let described = describe(vm, vm.arg(a, 0))?;
            let_go(vm, vm.arg(a, 0))?;
            Ok(described)
        }),
    ],
    new: Some(new_finalize),
    call: Some(|vm, v, _| {
        if target_of(vm, v).is_none() {
            return Ok(Value::NONE);
        }
        let_go(vm, v)?;
        call_back(vm, v)
    }),
    attr: Some(|vm, v, name, access| {
        Ok(if access == Access::Load && vm.names.get(name) == b"alive" {
            Value::bool(target_of(vm, v).is_some())
        } else {
            Value::NULL
        })
    }),
    ..TypeDef::EMPTY
};

/// Tells a reference or finalizer that its object is gone.
pub(crate) fn lost(vm: &mut Vm, holder: Ref) {
    let mark = vm.mark();
    let v = Value::from(holder);
    let callback = vm.native_field(v, CALLBACK);
    let told = if vm.type_of(v) == vm.type_value(&FINALIZE) {
        call_back(vm, v)
    } else if callback == Value::NONE {
        Ok(callback)
    } else {
        vm.call(callback, &[v])
    };
    if told.is_err() && !vm.aborting {
        let mut out = b"Unhandled exception in weakref callback:\n".to_vec();
        let e = vm.pending;
        vm.print_exception(e, &mut out);
        vm.write_lines(&out);
        vm.tell(Told::Exception { exception: e, origin: "__del__", text: &out });
    }
    vm.release(mark);
}

fn new_finalize(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n < 2 {
        return Err(vm.arg_count_error(args.n, 2, usize::MAX));
    }
    let target = expect_target(vm, vm.arg(args, 0))?;
    let positional = vm.args_vec(args).split_off(2);
    let positional = vm.new_tuple(&positional)?;
    vm.root(positional);
    let pairs: Vec<Value> =
        (0..args.nkw).map(|i| vm.kwarg(args, i)).flat_map(|(name, v)| [name, v]).collect();
    let pairs = vm.new_tuple(&pairs)?;
    let holder = vm.new_native(&FINALIZE, &[vm.arg(args, 1), positional, pairs])?;
    hold(vm, holder, target, true);
    Ok(holder)
}

/// The object to be referred to; what the device keeps outside its heap cannot be.
fn expect_target(vm: &mut Vm, v: Value) -> Result<Ref, Raised> {
    let is_empty_tuple = vm.as_ref_kind(v, kinds::TUPLE).is_some_and(|r| vm.heap.len(r) == 0);
    match v.as_ref() {
        Some(r) if !is_empty_tuple => Ok(r),
        _ => Err(vm.type_error("not a heap object")),
    }
}

fn hold(vm: &mut Vm, holder: Value, target: Ref, strong: bool) {
    if let Some(r) = holder.as_ref() {
        vm.heap.hold_weakly(r, target, strong);
    }
}

/// The reference or finalizer itself, also of an instance of a class that derives from it.
fn own(vm: &Vm, v: Value) -> Option<Ref> {
    let native = vm.as_native(v, &REF).or_else(|| vm.as_native(v, &FINALIZE));
    native.and_then(Value::as_ref)
}

fn target_of(vm: &Vm, v: Value) -> Option<Value> {
    own(vm, v).and_then(|r| vm.heap.held_weakly(r)).map(Value::from)
}

fn let_go(vm: &mut Vm, v: Value) -> Res {
    if let Some(r) = own(vm, v) {
        vm.heap.let_go(r);
    }
    Ok(Value::NONE)
}

fn call_back(vm: &mut Vm, v: Value) -> Res {
    let v = own(vm, v).map_or(v, Value::from);
    let callback = vm.native_field(v, CALLBACK);
    let [args, pairs] =
        [ARGS, PAIRS].map(|i| vm.tuple_items(vm.native_field(v, i)).unwrap_or_default());
    vm.call_kw(callback, &args, &pairs)
}

/// Object, callback, arguments and keyword arguments of a finalizer; `None` once it is dead.
fn describe(vm: &mut Vm, v: Value) -> Res {
    let v = own(vm, v).map_or(v, Value::from);
    let Some(target) = target_of(vm, v) else { return Ok(Value::NONE) };
    vm.root(target);
    let pairs = vm.tuple_items(vm.native_field(v, PAIRS)).unwrap_or_default();
    let kwargs = vm.new_dict(pairs.len() / 2)?;
    vm.root(kwargs);
    for pair in pairs.chunks_exact(2) {
        if let Some(name) = pair[0].as_qstr() {
            vm.dict_put(kwargs, Qstr(name), pair[1])?;
        }
    }
    vm.new_tuple(&[target, vm.native_field(v, CALLBACK), vm.native_field(v, ARGS), kwargs])
}
