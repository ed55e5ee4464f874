//! `esp32.NVS`: settings that stay, by namespace and key.

use super::check;
use crate::chip::Chip;
use crate::flash::nvs::{INVALID_LENGTH, Storage};
use alloc::string::String;
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// `NVS`: field 0 is the number of its namespace.
pub(super) static NVS: TypeDef = TypeDef {
    name: "NVS",
    items: &[
        def("get_i32(self, key)", |vm, a| {
            let (space, key) = place(vm, a)?;
            let found = with(vm, |s| s.get_i32(space, &key))?;
            vm.new_int(i64::from(found))
        }),
        def("set_i32(self, key, value)", |vm, a| {
            let (space, key) = place(vm, a)?;
            let value = vm.expect_int(vm.arg(a, 2))? as i32;
            with(vm, |s| s.set_i32(space, &key, value))?;
            Ok(Value::NONE)
        }),
        def("get_blob(self, key, buffer)", |vm, a| {
            let (space, key) = place(vm, a)?;
            let buffer = vm.arg(a, 2);
            let room = vm.buffer_len(buffer)?;
            let bytes = with(vm, |s| {
                s.get_blob(space, &key)
                    .and_then(|b| if b.len() > room { Err(INVALID_LENGTH) } else { Ok(b) })
            })?;
            vm.buffer_write(buffer, 0, &bytes)?;
            Ok(Value::int(bytes.len() as i64))
        }),
        def("set_blob(self, key, value)", |vm, a| {
            let (space, key) = place(vm, a)?;
            let bytes = vm.expect_bytes_like(vm.arg(a, 2))?;
            with(vm, |s| s.set_blob(space, &key, &bytes))?;
            Ok(Value::NONE)
        }),
        def("erase_key(self, key)", |vm, a| {
            let (space, key) = place(vm, a)?;
            with(vm, |s| s.erase_key(space, &key))?;
            Ok(Value::NONE)
        }),
        // Everything is on the flash as soon as it is set.
        def("commit(self)", |_, _| Ok(Value::NONE)),
    ],
    new: Some(new),
    print: Some(|_, _, out, _| {
        out.extend_from_slice(b"<NVS namespace>");
        Ok(())
    }),
    ..TypeDef::EMPTY
};

fn with<T>(vm: &mut Vm, f: impl FnOnce(&Storage<'_>) -> Result<T, i32>) -> Result<T, Raised> {
    let done = Storage::open(Chip::of(vm)).and_then(|s| f(&s));
    check(vm, done)
}

fn place(vm: &mut Vm, args: Args) -> Result<(u8, String), Raised> {
    let key = vm.expect_string(vm.arg(args, 1))?;
    Ok((vm.native_int(vm.arg(args, 0), 0) as u8, key))
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 1)?;
    let name = vm.expect_string(vm.arg(args, 0))?;
    let space = with(vm, |s| s.namespace(&name))?;
    vm.new_native(&NVS, &[Value::int(i64::from(space))])
}
