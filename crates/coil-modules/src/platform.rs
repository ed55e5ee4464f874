//! `platform`: what the firmware was built for and with.

use crate::sys::Identity;
use alloc::format;
use coil_vm::rom::{ModuleDef, def};
use coil_vm::{Value, Vm};

/// `platform`
pub static MODULE: ModuleDef = ModuleDef {
    name: "platform",
    items: &[
        def("platform()", |vm, _| {
            let (a, b, c) = vm.state::<Identity>().numbers;
            let text = format!("MicroPython-{a}.{b}.{c}-xtensa-IDFv5.5.1-with-newlib4.3.0");
            vm.new_str(text.as_bytes())
        }),
        def("python_compiler()", |vm, _| vm.new_str(b"GCC 14.2.0")),
        def("libc_ver()", |vm: &mut Vm, _| {
            let (name, version): (Value, Value) =
                (vm.intern("newlib").into(), vm.intern("4.3.0").into());
            vm.new_tuple(&[name, version])
        }),
    ],
    attr: None,
};
