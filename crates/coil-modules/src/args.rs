//! What several modules ask of their arguments.

use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::Args;
use coil_vm::{Raised, Value, Vm};

/// The items of a tuple or list, or TypeError.
pub fn expect_items(vm: &mut Vm, v: Value) -> Result<Vec<Value>, Raised> {
    if let Some(r) = vm.as_list(v) {
        return Ok(vm.list_items(r));
    }
    if let Some(items) = vm.tuple_items(v) {
        return Ok(items);
    }
    let text = format!("object '{}' isn't a tuple or list", vm.type_name(v));
    Err(vm.type_error(&text))
}

/// The number in a float or in anything that converts to one, in the board's precision.
pub(crate) fn expect_float(vm: &mut Vm, v: Value) -> Result<f64, Raised> {
    vm.expect_float(v)
}

/// Whether a value is an int or bool.
pub(crate) fn is_int(vm: &Vm, v: Value) -> bool {
    vm.type_of(v) == coil_vm::types::INT.into() || v == Value::TRUE || v == Value::FALSE
}

/// An optional int argument; nothing if it is missing or `None`.
pub(crate) fn optional_int(vm: &mut Vm, args: Args, i: usize) -> Result<Option<i64>, Raised> {
    let v = vm.arg(args, i);
    if v.is_null() || v == Value::NONE { Ok(None) } else { vm.expect_int(v).map(Some) }
}

/// The bytes of a string or of bytes, or TypeError.
pub(crate) fn expect_text(vm: &mut Vm, v: Value) -> Result<Vec<u8>, Raised> {
    if !vm.is_str(v) && vm.as_ref_kind(v, coil_vm::kinds::BYTES).is_none() {
        vm.expect_string(v)?;
    }
    Ok(vm.str_bytes(v).to_vec())
}
