//! `machine.TouchPad`: pads that read less the nearer a finger is.

use super::gpio_of;
use crate::chip::analog::{TOUCH_PADS, TouchPad};
use crate::chip::{self, Chip};
use coil_vm::rom::{TypeDef, def};
use coil_vm::{Value, Vm};

/// `TouchPad`: field 0 is the number of the pad.
pub(super) static TOUCH_PAD: TypeDef = TypeDef {
    name: "TouchPad",
    items: &[
        def("config(self, threshold)", |vm, a| {
            let threshold = vm.expect_int(vm.arg(a, 1))?;
            pad(vm, vm.arg(a, 0)).threshold = threshold as u16;
            Ok(Value::NONE)
        }),
        def("read(self)", |vm, a| {
            // A finger that has just come is felt at once.
            chip::poll(vm)?;
            Ok(Value::int(i64::from(pad(vm, vm.arg(a, 0)).value)))
        }),
    ],
    new: Some(|vm, _, args| {
        if args.n != 1 {
            return Err(vm.arg_count_error(args.n, 1, 1));
        }
        let gpio = gpio_of(vm, vm.arg(args, 0))?;
        let Some(n) = TOUCH_PADS.iter().position(|&p| usize::from(p) == gpio) else {
            return Err(vm.value_error("invalid pin for touchpad"));
        };
        let pad = &mut Chip::of(vm).analog.pads[n];
        *pad = TouchPad { ready: true, threshold: 0, ..*pad };
        vm.new_native(&TOUCH_PAD, &[Value::int(n as i64)])
    }),
    ..TypeDef::EMPTY
};

fn pad(vm: &mut Vm, this: Value) -> &mut TouchPad {
    let n = vm.native_int(this, 0) as usize % TOUCH_PADS.len();
    &mut Chip::of(vm).analog.pads[n]
}
