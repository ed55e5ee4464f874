//! `property`, `staticmethod`, `classmethod`.

use crate::kinds;
use crate::rom::{Args, TypeDef, def};
use crate::vm::{Res, Vm};
use coil_heap::{Kind, Value};

/// `property`
pub static PROPERTY: TypeDef = TypeDef {
    name: "property",
    items: &[
        def("getter(self, f)", |vm, a| with(vm, a, 0)),
        def("setter(self, f)", |vm, a| with(vm, a, 1)),
        def("deleter(self, f)", |vm, a| with(vm, a, 2)),
    ],
    new: Some(new_property),
    ..TypeDef::EMPTY
};

/// `staticmethod`
pub static STATICMETHOD: TypeDef = TypeDef {
    name: "staticmethod",
    new: Some(|vm, _, a| wrap(vm, kinds::STATIC, a)),
    ..TypeDef::EMPTY
};

/// `classmethod`
pub static CLASSMETHOD: TypeDef = TypeDef {
    name: "classmethod",
    new: Some(|vm, _, a| wrap(vm, kinds::CLASSMETHOD, a)),
    ..TypeDef::EMPTY
};

fn wrap(vm: &mut Vm, kind: Kind, args: Args) -> Res {
    vm.check_args(args, 1, 1)?;
    let r = vm.alloc_values(kind, 1)?;
    let f = vm.arg(args, 0);
    vm.heap.set(r, 0, f);
    Ok(r.into())
}

fn new_property(vm: &mut Vm, _: Value, args: Args) -> Res {
    let mut parts = [Value::NONE; 3];
    for (i, part) in parts.iter_mut().enumerate().take(args.n) {
        *part = vm.arg(args, i);
    }
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        match name.as_qstr().map(|q| vm.names.get(crate::qstr::Qstr(q))) {
            Some(b"fget") => parts[0] = v,
            Some(b"fset") => parts[1] = v,
            Some(b"fdel") => parts[2] = v,
            Some(b"doc") => {}
            _ => return Err(vm.type_error("extra keyword arguments given")),
        }
    }
    make(vm, parts)
}

fn make(vm: &mut Vm, parts: [Value; 3]) -> Res {
    let r = vm.alloc_values(kinds::PROPERTY, 3)?;
    for (i, v) in parts.into_iter().enumerate() {
        vm.heap.set(r, i, v);
    }
    Ok(r.into())
}

fn with(vm: &mut Vm, args: Args, which: usize) -> Res {
    let Some(r) = vm.as_ref_kind(vm.arg(args, 0), kinds::PROPERTY) else {
        return Err(vm.type_error("argument has wrong type"));
    };
    let mut parts = [0, 1, 2].map(|i| vm.heap.get(r, i));
    parts[which] = vm.arg(args, 1);
    make(vm, parts)
}
