//! `machine.Signal`: a pin whose active level may be low.

use super::gpio_of;
use crate::chip::{self, Chip};
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Qstr, Res, Value, Vm};

/// `Signal`: fields pin, inverted.
pub(crate) static SIGNAL: TypeDef = TypeDef {
    name: "Signal",
    items: &[
        def("value(self, x=)", |vm, a| access(vm, vm.arg(a, 0), vm.arg(a, 1))),
        def("on(self)", |vm, a| access(vm, vm.arg(a, 0), Value::TRUE)),
        def("off(self)", |vm, a| access(vm, vm.arg(a, 0), Value::FALSE)),
    ],
    new: Some(new),
    call: Some(|vm, v, a| {
        vm.check_args(a, 0, 1)?;
        access(vm, v, vm.arg(a, 0))
    }),
    ..TypeDef::EMPTY
};

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    let mut invert = false;
    let mut rest = alloc::vec::Vec::new();
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        if name.as_qstr().map(|q| vm.names.get(Qstr(q))) == Some(b"invert") {
            invert = vm.truth(v)?;
        } else {
            rest.extend([name, v]);
        }
    }
    let positional = vm.args_vec(args);
    if positional.is_empty() {
        return Err(vm.type_error("pin expected"));
    }
    let pin =
        if positional.len() == 1 && rest.is_empty() && vm.try_int_like(positional[0])?.is_none() {
            positional[0]
        } else {
            let class = vm.type_value(&super::pin::PIN);
            vm.call_kw(class, &positional, &rest)?
        };
    gpio_of(vm, pin)?;
    vm.new_native(&SIGNAL, &[pin, Value::bool(invert)])
}

fn access(vm: &mut Vm, signal: Value, value: Value) -> Res {
    let (pin, invert) = (vm.native_field(signal, 0), vm.native_field(signal, 1) == Value::TRUE);
    let gpio = gpio_of(vm, pin)?;
    if value.is_null() {
        chip::poll(vm)?;
        return Ok(Value::int(i64::from(Chip::of(vm).pins[gpio].level() != invert)));
    }
    let level = vm.truth(value)? != invert;
    chip::drive(vm, gpio, level);
    Ok(Value::NONE)
}
