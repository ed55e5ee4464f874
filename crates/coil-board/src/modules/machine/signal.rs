//! `machine.Signal`: a pin whose active level may be low; `machine.PinBase`: what a program's own
//! class derives from to be a pin for it.

use super::pin;
use crate::chip::{self, Chip};
use alloc::vec::Vec;
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Qstr, Raised, Res, Value, Vm, types};

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

/// `PinBase`: a class that derives from it has a method `value`.
pub(crate) static PIN_BASE: TypeDef = TypeDef {
    name: "PinBase",
    new: Some(|vm, _, _| vm.new_native(&PIN_BASE, &[])),
    ..TypeDef::EMPTY
};

const PIN: usize = 0;
const INVERTED: usize = 1;

/// Signals of signals are followed so many times at most.
const DEPTH_MAX: usize = 16;

/// What a signal can be of: a pin, another signal, or a program's own pin.
fn is_pin(vm: &Vm, v: Value) -> bool {
    [&pin::PIN, &SIGNAL, &PIN_BASE].iter().any(|t| vm.as_native(v, t).is_some())
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    let positional = vm.args_vec(args);
    let (mut invert, mut value, mut rest) = (false, None, Vec::new());
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        match name.as_qstr().map(|q| vm.names.get(Qstr(q))) {
            Some(b"invert") => invert = vm.truth(v)?,
            given => {
                if given == Some(b"value") {
                    value = Some(rest.len() + 1);
                }
                rest.extend([name, v]);
            }
        }
    }
    let pin = match positional.first() {
        Some(&v) if is_pin(vm, v) => {
            if positional.len() > 1 || !rest.is_empty() {
                return Err(vm.raise_value(types::TYPE_ERROR, Value::NULL));
            }
            vm.as_native(v, &pin::PIN).unwrap_or(v)
        }
        // Anything else is what `Pin` is made of; the value is the signal's.
        _ => {
            if let (true, Some(i)) = (invert, value) {
                rest[i] = Value::int(i64::from(!vm.truth(rest[i])?));
            }
            let class = vm.type_value(&pin::PIN);
            vm.call_kw(class, &positional, &rest)?
        }
    };
    vm.new_native(&SIGNAL, &[pin, Value::bool(invert)])
}

fn access(vm: &mut Vm, signal: Value, value: Value) -> Res {
    if value.is_null() {
        return read(vm, signal).map(Value::int);
    }
    let level = vm.truth(value)?;
    write(vm, signal, level)?;
    Ok(Value::NONE)
}

/// The pin below a signal, and whether its level is the other one.
fn pin_below(vm: &mut Vm, signal: Value) -> Result<(Value, bool), Raised> {
    let (mut at, mut inverted) = (signal, false);
    for _ in 0..DEPTH_MAX {
        let Some(signal) = vm.as_native(at, &SIGNAL) else { return Ok((at, inverted)) };
        inverted ^= vm.native_field(signal, INVERTED) == Value::TRUE;
        at = vm.native_field(signal, PIN);
    }
    Err(vm.runtime_error("maximum recursion depth exceeded"))
}

fn read(vm: &mut Vm, signal: Value) -> Result<i64, Raised> {
    let (pin, inverted) = pin_below(vm, signal)?;
    Ok(level(vm, pin)? ^ i64::from(inverted))
}

/// The level of a pin, a program's own or the chip's.
pub(super) fn level(vm: &mut Vm, pin: Value) -> Result<i64, Raised> {
    if vm.as_native(pin, &PIN_BASE).is_some() {
        let mark = vm.mark();
        let level = coil_modules::stream::call(vm, pin, "value", &[])?;
        let level = vm.expect_int(level)?;
        vm.release(mark);
        return Ok(level);
    }
    let gpio = super::gpio_of(vm, pin)?;
    // A level that changed outside is seen at once.
    chip::poll(vm)?;
    let now = vm.port.now_us();
    Ok(i64::from(Chip::of(vm).read(now, gpio)))
}

fn write(vm: &mut Vm, signal: Value, level: bool) -> Result<(), Raised> {
    let (pin, inverted) = pin_below(vm, signal)?;
    let level = level != inverted;
    if vm.as_native(pin, &PIN_BASE).is_some() {
        coil_modules::stream::call(vm, pin, "value", &[Value::bool(level)])?;
    } else {
        let gpio = super::gpio_of(vm, pin)?;
        chip::drive(vm, gpio, level);
    }
    Ok(())
}
