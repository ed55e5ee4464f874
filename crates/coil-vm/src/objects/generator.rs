//! Generators and coroutines.

use crate::kinds::{self, generator as g};
use crate::rom::{Args, TypeDef, def};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use coil_heap::{Ref, Value};

/// `generator`
pub static GENERATOR: TypeDef = TypeDef {
    name: "generator",
    items: &[
        def("send(self, value)", |vm, a| finish(vm, a, |vm, r, a| vm.resume(r, vm.arg(a, 1)))),
        def("throw(self, type, value=, traceback=)", throw),
        def("close(self)", close),
        def("pend_throw(self, exception)", pend_throw),
        def("__next__(self)", |vm, a| finish(vm, a, |vm, r, _| vm.resume(r, Value::NONE))),
    ],
    print: Some(|vm, v, out, _| {
        let r = v.as_ref().expect("a generator is an object");
        let name = vm.function_name(vm.heap.get(r, g::FUNCTION));
        let text = format!("<generator object '{}' at {:x}>", vm.names.text(name), r.offset());
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    next: Some(|vm, v| {
        let r = v.as_ref().expect("a generator is an object");
        vm.resume(r, Value::NONE)
    }),
    ..TypeDef::EMPTY
};

/// The generator has ended.
pub(crate) const FINISHED: i64 = -1;
/// It is on the stack now.
pub(crate) const RUNNING: i64 = -2;
/// It has not run yet.
pub(crate) const FRESH: i64 = -3;

fn this(vm: &mut Vm, args: Args) -> Result<Ref, Raised> {
    match vm.as_ref_kind(vm.arg(args, 0), kinds::GENERATOR) {
        Some(r) => Ok(r),
        None => Err(vm.type_error("argument has wrong type")),
    }
}

/// Runs a step; the end becomes StopIteration.
fn finish(vm: &mut Vm, args: Args, step: fn(&mut Vm, Ref, Args) -> Res) -> Res {
    let r = this(vm, args)?;
    let v = step(vm, r, args)?;
    if v == Value::STOP { Err(vm.stop_iteration()) } else { Ok(v) }
}

impl Vm {
    /// StopIteration that carries what the generator which just ended has returned.
    pub(crate) fn stop_iteration(&mut self) -> Raised {
        let v = core::mem::replace(&mut self.returned, Value::NULL);
        self.raise_value(types::STOP_ITERATION, if v == Value::NONE { Value::NULL } else { v })
    }

    /// Raises an exception inside a suspended generator.
    pub(crate) fn throw_into(&mut self, r: Ref, exception: Value) -> Res {
        let pc = self.heap.get(r, g::PC).int_unchecked();
        if pc == FINISHED {
            // It has ended, whatever is thrown.
            return self.resume(r, Value::NONE);
        }
        if self.is_executing(r) {
            return Err(self.value_error("generator already executing"));
        }
        self.heap.set(r, g::INJECT, exception);
        self.resume(r, Value::NONE)
    }
}

fn throw(vm: &mut Vm, args: Args) -> Res {
    finish(vm, args, |vm, r, a| {
        let (class, value) = (vm.arg(a, 1), vm.arg(a, 2));
        // What is thrown becomes an exception where it is raised: whoever the generator delegates
        // to gets it as it is.
        let given = !value.is_null() && value != Value::NONE;
        vm.throw_into(r, if given { value } else { class })
    })
}

fn close(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    if vm.heap.get(r, g::PC).int_unchecked() == FRESH {
        vm.heap.set(r, g::PC, Value::int(FINISHED));
    }
    if vm.heap.get(r, g::PC).int_unchecked() == FINISHED {
        return Ok(Value::NONE);
    }
    let exit = vm.new_exception(types::GENERATOR_EXIT, &[])?;
    match vm.throw_into(r, exit) {
        Ok(v) if v == Value::STOP => Ok(Value::NONE),
        Ok(_) => Err(vm.runtime_error("generator ignored GeneratorExit")),
        Err(Raised)
            if vm.exception_is(vm.pending, types::GENERATOR_EXIT)
                || vm.exception_is(vm.pending, types::STOP_ITERATION) =>
        {
            Ok(Value::NONE)
        }
        Err(Raised) => Err(Raised),
    }
}

/// Leaves an exception for the next resumption; gives the one that was left before.
fn pend_throw(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    if vm.is_executing(r) {
        return Err(vm.value_error("generator already executing"));
    }
    let old = vm.heap.get(r, g::INJECT);
    let new = vm.arg(args, 1);
    vm.heap.set(r, g::INJECT, if new == Value::NONE { Value::NULL } else { new });
    Ok(if old.is_null() { Value::NONE } else { old })
}
