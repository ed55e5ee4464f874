//! `io.BufferedWriter`: collects what is written and passes it on in blocks.

use crate::stream;
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, kinds};

/// Fields: stream, storage, bytes in it.
const STREAM: usize = 0;
const STORE: usize = 1;
const LEN: usize = 2;

/// `io.BufferedWriter`
pub(super) static BUFFERED_WRITER: TypeDef = TypeDef {
    name: "BufferedWriter",
    items: &[
        def("write(self, data, a=, b=)", |vm, a| {
            let data = super::memory::written(vm, a)?;
            match write(vm, vm.arg(a, 0), &data)? {
                true => Ok(Value::int(data.len() as i64)),
                false => Ok(Value::NONE),
            }
        }),
        def("flush(self)", |vm, a| {
            let this = vm.arg(a, 0);
            let n = vm.native_int(this, LEN) as usize;
            if !pass_on(vm, this, n)? {
                return Err(vm.os_error(11));
            }
            Ok(Value::NONE)
        }),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 2, 2)?;
    let size = vm.expect_int(vm.arg(args, 1))?;
    // Blocks of nothing would never get anything done.
    let store =
        vm.alloc_zeroed(kinds::STORE, usize::try_from(size).unwrap_or(usize::MAX).max(1))?;
    vm.new_native(&BUFFERED_WRITER, &[vm.arg(args, 0), store.into(), Value::int(0)])
}

/// Passes the first `n` bytes of the storage on; whether the stream took them.
fn pass_on(vm: &mut Vm, this: Value, n: usize) -> Result<bool, Raised> {
    let stream = vm.native_field(this, STREAM);
    let Some(store) = vm.as_ref_kind(vm.native_field(this, STORE), kinds::STORE) else {
        return Ok(false);
    };
    let bytes = vm.heap.bytes(store)[..n].to_vec();
    stream::check(vm, stream, stream::Op::Write)?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        match stream::write(vm, stream, rest)? {
            None => return Ok(false),
            Some(0) => break,
            Some(n) => rest = &rest[n..],
        }
    }
    vm.set_native_field(this, LEN, Value::int(0));
    Ok(true)
}

fn write(vm: &mut Vm, this: Value, mut data: &[u8]) -> Result<bool, Raised> {
    while !data.is_empty() {
        let Some(store) = vm.as_ref_kind(vm.native_field(this, STORE), kinds::STORE) else {
            return Ok(false);
        };
        let (len, size) = (vm.native_int(this, LEN) as usize, vm.heap.len(store));
        let n = data.len().min(size - len);
        vm.heap.bytes_mut(store)[len..len + n].copy_from_slice(&data[..n]);
        if len + n < size {
            vm.set_native_field(this, LEN, Value::int((len + n) as i64));
            return Ok(true);
        }
        data = &data[n..];
        if !pass_on(vm, this, size)? {
            return Ok(false);
        }
    }
    Ok(true)
}
