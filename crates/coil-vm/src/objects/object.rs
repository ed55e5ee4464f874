//! `object`.

use crate::kinds;
use crate::rom::{Access, Args, Convention, Def, Item, TypeDef, def};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use coil_heap::Value;

/// `object`
pub static OBJECT: TypeDef = TypeDef {
    name: "object",
    items: &[
        Item::Static(Def {
            signature: "__new__(cls, *args)",
            f: new_instance,
            convention: Convention::Raw,
        }),
        def("__setattr__(self, name, value)", |vm, a| set(vm, a, Access::Store(vm.arg(a, 2)))),
        def("__delattr__(self, name)", |vm, a| set(vm, a, Access::Delete)),
        Item::Fn(Def { signature: "__init__(self, *args)", f: init, convention: Convention::Raw }),
    ],
    new: Some(|vm, _, args| vm.check_args(args, 0, 0).map(|()| Value::OBJECT)),
    print: Some(|_, _, out, _| {
        out.extend_from_slice(b"<object>");
        Ok(())
    }),
    ..TypeDef::EMPTY
};

fn new_instance(vm: &mut Vm, args: Args) -> Res {
    vm.check_args(args, 1, 1)?;
    let class = vm.arg(args, 0);
    if vm.as_ref_kind(class, kinds::CLASS).is_none() {
        return Err(vm.type_error("arg must be user-type"));
    }
    vm.new_instance(class)
}

/// Makes the built-in part of an instance, or replaces the arguments of an exception.
fn init(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let has_native_base = vm
        .as_ref_kind(this, kinds::INSTANCE)
        .is_some_and(|r| !vm.native_base(vm.heap.get(r, kinds::instance::CLASS)).is_null());
    if !has_native_base && vm.as_ref_kind(this, kinds::EXC).is_none() {
        vm.check_args(args, 1, 1)?;
        return Ok(Value::NONE);
    }
    let rest = Args { base: args.base + 1, n: args.n.saturating_sub(1), nkw: args.nkw };
    if let Some(r) = vm.as_ref_kind(this, kinds::EXC) {
        let items = vm.args_vec(rest);
        let tuple = vm.new_tuple(&items)?;
        vm.heap.set(r, kinds::exc::ARGS, tuple);
    } else if let Some(r) = vm.as_ref_kind(this, kinds::INSTANCE) {
        let class = vm.heap.get(r, kinds::instance::CLASS);
        vm.init_native_base(r, class, rest)?;
    }
    Ok(Value::NONE)
}

fn set(vm: &mut Vm, args: Args, access: Access) -> Res {
    let name = vm.expect_name(vm.arg(args, 1))?;
    let Some(r) = vm.as_ref_kind(vm.arg(args, 0), kinds::INSTANCE) else {
        return Err(vm.type_error("arg must be user-type"));
    };
    match vm.instance_set_plain(r, name, access) {
        Err(Raised) if access == Access::Delete => {
            Err(vm.raise_args(types::ATTRIBUTE_ERROR, "no such attribute"))
        }
        done => done.map(|()| Value::NONE),
    }
}
