//! `micropython.RingIO`: a stream that is a ring of bytes, for passing data on without allocation.

use crate::stream;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// Fields: the buffer, where the next byte is read, where the next one is written. One byte of the
/// buffer stays free, so that a full ring is not an empty one.
const BUFFER: usize = 0;
const GET: usize = 1;
const PUT: usize = 2;

/// Bytes of a ring at most, the free one included.
const SIZE_MAX: usize = 0xffff;

/// `micropython.RingIO`
pub(super) static RING_IO: TypeDef = TypeDef {
    name: "RingIO",
    items: &[
        def("any(self)", |vm, a| {
            let n = used(vm, vm.arg(a, 0))?;
            Ok(Value::int(n as i64))
        }),
        def("read(self, n=)", |vm, a| {
            let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
            let bytes = take(vm, vm.arg(a, 0), usize::try_from(n).unwrap_or(usize::MAX))?;
            vm.new_bytes(&bytes)
        }),
        def("readline(self, n=)", |vm, a| {
            let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
            let line = take_line(vm, vm.arg(a, 0), usize::try_from(n).unwrap_or(usize::MAX))?;
            vm.new_bytes(&line)
        }),
        def("readinto(self, buffer, n=)", |vm, a| {
            let buffer = vm.arg(a, 1);
            let mut n = vm.buffer_len(buffer)?;
            if a.n > 2 {
                n = n.min(vm.expect_int(vm.arg(a, 2))? as usize);
            }
            let bytes = take(vm, vm.arg(a, 0), n)?;
            vm.buffer_write(buffer, 0, &bytes)?;
            Ok(Value::int(bytes.len() as i64))
        }),
        def("write(self, data, a=, b=)", |vm, a| {
            let data = crate::io::memory::written(vm, a)?;
            let n = put(vm, vm.arg(a, 0), &data)?;
            Ok(Value::int(n as i64))
        }),
        def("close(self)", |_, _| Ok(Value::NONE)),
        def("ioctl(self, request, arg)", |vm, a| {
            let this = vm.arg(a, 0);
            match vm.expect_int(vm.arg(a, 1))? {
                stream::CLOSE => Ok(Value::int(0)),
                stream::POLL => {
                    let used = used(vm, this)?;
                    let free = size(vm, this)? - 1 - used;
                    let ready = if used > 0 { stream::POLL_RD } else { 0 }
                        | if free > 0 { stream::POLL_WR } else { 0 };
                    Ok(Value::int(vm.expect_int(vm.arg(a, 2))? & ready))
                }
                _ => Ok(Value::int(-22)),
            }
        }),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

/// The row of the module's table.
pub(super) const ITEM: Item = Item::Type("RingIO", &RING_IO);

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 1)?;
    let given = vm.arg(args, 0);
    let size = match vm.buffer(given) {
        Some(_) => vm.buffer_len(given)?,
        None => usize::try_from(vm.expect_int(given)?.saturating_add(1)).unwrap_or(usize::MAX),
    };
    if !(2..=SIZE_MAX).contains(&size) {
        return Err(vm.raise_value(coil_vm::types::VALUE_ERROR, Value::NULL));
    }
    let buffer = match vm.buffer(given) {
        Some(_) => given,
        None => vm.new_bytearray(&alloc::vec![0; size])?,
    };
    vm.root(buffer);
    vm.new_native(&RING_IO, &[buffer, Value::int(0), Value::int(0)])
}

/// Bytes of the ring. The buffer may be the program's own, and may have shrunk.
fn size(vm: &mut Vm, v: Value) -> Result<usize, Raised> {
    let n = vm.buffer_len(vm.native_field(v, BUFFER))?;
    if n < 2 {
        return Err(vm.raise_value(coil_vm::types::VALUE_ERROR, Value::NULL));
    }
    Ok(n)
}

fn used(vm: &mut Vm, v: Value) -> Result<usize, Raised> {
    let n = size(vm, v)?;
    let (get, put) = (vm.native_int(v, GET) as usize % n, vm.native_int(v, PUT) as usize % n);
    Ok((put + n - get) % n)
}

fn take(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let (size, n) = (size(vm, v)?, n.min(used(vm, v)?));
    let (buffer, get) = (vm.native_field(v, BUFFER), vm.native_int(v, GET) as usize % size);
    let first = n.min(size - get);
    let mut bytes = vm.buffer_read(buffer, get, first)?;
    bytes.extend(vm.buffer_read(buffer, 0, n - first)?);
    vm.set_native_field(v, GET, Value::int(((get + n) % size) as i64));
    Ok(bytes)
}

fn take_line(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let mut line = Vec::new();
    while line.len() < n && line.last() != Some(&b'\n') {
        match take(vm, v, 1)?.first() {
            Some(&b) => line.push(b),
            None => break,
        }
    }
    Ok(line)
}

fn put(vm: &mut Vm, v: Value, bytes: &[u8]) -> Result<usize, Raised> {
    let size = size(vm, v)?;
    let n = bytes.len().min(size - 1 - used(vm, v)?);
    let (buffer, put) = (vm.native_field(v, BUFFER), vm.native_int(v, PUT) as usize % size);
    let first = n.min(size - put);
    vm.buffer_write(buffer, put, &bytes[..first])?;
    vm.buffer_write(buffer, 0, &bytes[first..n])?;
    vm.set_native_field(v, PUT, Value::int(((put + n) % size) as i64));
    Ok(n)
}
