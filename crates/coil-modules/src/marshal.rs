//! `marshal`: code objects as bytes.

use coil_vm::rom::{ModuleDef, def};

/// `marshal`
pub static MODULE: ModuleDef = ModuleDef {
    name: "marshal",
    items: &[
        def("dumps(code)", |vm, a| {
            let bytes = vm.pack_code(vm.arg(a, 0))?;
            vm.new_bytes(&bytes)
        }),
        def("loads(data)", |vm, a| {
            let bytes = vm.expect_bytes_like(vm.arg(a, 0))?;
            vm.unpack_code(&bytes)
        }),
    ],
    attr: None,
};
