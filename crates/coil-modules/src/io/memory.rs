//! `io.StringIO`, `io.BytesIO`: streams in memory.

use crate::stream;
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, PrintKind, TypeDef, def};
use coil_vm::{Raised, Ref, Res, Value, Vm, kinds, types};

/// Fields: storage (null when closed), bytes in it, position.
const STORE: usize = 0;
const LEN: usize = 1;
const POS: usize = 2;

/// `io.StringIO`
pub(crate) static STRING_IO: TypeDef = TypeDef {
    name: "StringIO",
    items: ITEMS,
    new: Some(|vm, _, a| new(vm, &STRING_IO, a)),
    print: Some(print),
    iter: Some(|_, v| Ok(v)),
    next: Some(next),
    ..TypeDef::EMPTY
};

/// `io.BytesIO`
pub(crate) static BYTES_IO: TypeDef = TypeDef {
    name: "BytesIO",
    items: ITEMS,
    new: Some(|vm, _, a| new(vm, &BYTES_IO, a)),
    print: Some(print),
    iter: Some(|_, v| Ok(v)),
    next: Some(next),
    ..TypeDef::EMPTY
};

const ITEMS: &[Item] = &[
    def("read(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
        let bytes = match n {
            -1 => take(vm, this, usize::MAX)?,
            n if n < 0 => {
                return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
            }
            n if is_text(vm, this) => take_chars(vm, this, n as usize)?,
            n => take(vm, this, n as usize)?,
        };
        content(vm, this, &bytes)
    }),
    def("readinto(self, buffer, n=)", |vm, a| {
        let buffer = vm.arg(a, 1);
        let mut n = vm.buffer_len(buffer)?;
        if a.n > 2 {
            // A negative limit is a huge one, as in the reference.
            n = n.min(vm.expect_int(vm.arg(a, 2))? as usize);
        }
        let bytes = take(vm, vm.arg(a, 0), n)?;
        vm.buffer_write(buffer, 0, &bytes)?;
        Ok(Value::int(bytes.len() as i64))
    }),
    def("readline(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
        let line = take_line(vm, this, n)?;
        content(vm, this, &line)
    }),
    def("write(self, data, a=, b=)", |vm, a| {
        let data = written(vm, a)?;
        put(vm, vm.arg(a, 0), &data)?;
        Ok(Value::int(data.len() as i64))
    }),
    def("seek(self, offset, whence=)", |vm, a| {
        let offset = vm.expect_int(vm.arg(a, 1))?;
        let whence = if a.n > 2 { vm.expect_int(vm.arg(a, 2))? } else { 0 };
        seek(vm, vm.arg(a, 0), offset, whence)
    }),
    def("tell(self)", |vm, a| seek(vm, vm.arg(a, 0), 0, 1)),
    def("flush(self)", |_, _| Ok(Value::NONE)),
    def("close(self)", |vm, a| {
        close(vm, vm.arg(a, 0));
        Ok(Value::NONE)
    }),
    def("getvalue(self)", |vm, a| {
        let this = vm.arg(a, 0);
        let (store, len, _) = open(vm, this)?;
        let bytes = vm.heap.bytes(store)[..len].to_vec();
        content(vm, this, &bytes)
    }),
    def("__enter__(self)", |vm, a| Ok(vm.arg(a, 0))),
    def("__exit__(self, t, v, tb)", |vm, a| {
        close(vm, vm.arg(a, 0));
        Ok(Value::NONE)
    }),
];

/// Whether a value is a stream in memory.
pub(crate) fn is(vm: &Vm, v: Value) -> bool {
    vm.as_native(v, &STRING_IO).or_else(|| vm.as_native(v, &BYTES_IO)).is_some()
}

fn this(vm: &Vm, v: Value) -> Option<Value> {
    vm.as_native(v, &STRING_IO).or_else(|| vm.as_native(v, &BYTES_IO))
}

/// Reads from a stream in memory; nothing if the value is none.
pub(crate) fn read_bytes(vm: &mut Vm, v: Value, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    match this(vm, v) {
        Some(this) => take(vm, this, n).map(Some),
        None => Ok(None),
    }
}

/// `ioctl` of a stream in memory; negative for an error number.
pub(crate) fn ioctl(vm: &mut Vm, v: Value, request: i64) -> Option<i64> {
    let this = this(vm, v)?;
    Some(match request {
        stream::FLUSH => 0,
        stream::CLOSE => {
            close(vm, this);
            0
        }
        _ => -22,
    })
}

fn is_text(vm: &Vm, v: Value) -> bool {
    vm.type_of(v) == vm.type_value(&STRING_IO)
}

fn content(vm: &mut Vm, this: Value, bytes: &[u8]) -> Res {
    if is_text(vm, this) { vm.new_checked_str(bytes) } else { vm.new_bytes(bytes) }
}

/// Storage, length and position of an open stream.
fn open(vm: &mut Vm, v: Value) -> Result<(Ref, usize, usize), Raised> {
    match vm.as_ref_kind(vm.native_field(v, STORE), kinds::STORE) {
        Some(store) => Ok((store, vm.native_int(v, LEN) as usize, vm.native_int(v, POS) as usize)),
        None => Err(vm.value_error("I/O operation on closed file")),
    }
}

fn close(vm: &mut Vm, v: Value) {
    vm.set_native_field(v, STORE, Value::NULL);
    vm.set_native_field(v, LEN, Value::int(0));
}

fn new(vm: &mut Vm, def: &'static TypeDef, args: Args) -> Res {
    let (mut room, mut data) = (16, Vec::new());
    if args.n > 0 {
        let v = vm.arg(args, 0);
        if crate::args::is_int(vm, v) {
            let n = vm.expect_int(v)?;
            room = usize::try_from(n).unwrap_or(usize::MAX);
        } else {
            data = vm.expect_bytes_like(v)?;
            room = data.len();
        }
    }
    let store = vm.alloc_zeroed(kinds::STORE, room)?;
    vm.heap.bytes_mut(store)[..data.len()].copy_from_slice(&data);
    vm.new_native(def, &[store.into(), Value::int(data.len() as i64), Value::int(0)])
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let at = v.as_ref().map_or(0, Ref::offset);
    out.extend_from_slice(format!("<io.{} 0x{at:x}>", vm.type_name(v)).as_bytes());
    Ok(())
}

fn next(vm: &mut Vm, v: Value) -> Res {
    let line = take_line(vm, v, -1)?;
    if line.is_empty() { Ok(Value::STOP) } else { content(vm, v, &line) }
}

/// Reads up to `n` bytes.
fn take(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let (store, len, pos) = open(vm, v)?;
    if pos >= len {
        return Ok(Vec::new());
    }
    let end = pos.saturating_add(n).min(len);
    vm.set_native_field(v, POS, Value::int(end as i64));
    Ok(vm.heap.bytes(store)[pos..end].to_vec())
}

/// Reads up to `n` characters of UTF-8.
fn take_chars(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let (store, len, pos) = open(vm, v)?;
    let text = &vm.heap.bytes(store)[pos.min(len)..len];
    let mut bytes = 0;
    for _ in 0..n {
        let Some(&lead) = text.get(bytes) else { break };
        bytes += match lead {
            0..0xc0 => 1,
            0xc0..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
    }
    let bytes = bytes.min(text.len());
    take(vm, v, bytes)
}

fn take_line(vm: &mut Vm, v: Value, max: i64) -> Result<Vec<u8>, Raised> {
    let (store, len, pos) = open(vm, v)?;
    let rest = &vm.heap.bytes(store)[pos.min(len)..len];
    let mut n = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |i| i + 1);
    if max != -1 {
        n = n.min(usize::try_from(max).unwrap_or(usize::MAX));
    }
    take(vm, v, n)
}

/// The data of a `write(data)`, `write(data, max)` or `write(data, offset, max)`.
pub(crate) fn written(vm: &mut Vm, args: Args) -> Result<Vec<u8>, Raised> {
    let mut data = vm.expect_bytes_like(vm.arg(args, 1))?;
    let (mut off, mut max) = (0, usize::MAX);
    if args.n == 3 {
        max = vm.expect_int(vm.arg(args, 2))? as usize;
    } else if args.n > 3 {
        off = vm.expect_int(vm.arg(args, 2))? as usize;
        max = vm.expect_int(vm.arg(args, 3))? as usize;
    }
    data.drain(..off.min(data.len()));
    data.truncate(max);
    Ok(data)
}

fn put(vm: &mut Vm, v: Value, data: &[u8]) -> Result<(), Raised> {
    let (mut store, len, pos) = open(vm, v)?;
    let end = pos + data.len();
    if end > vm.heap.len(store) {
        store = make_room(vm, v, store, len, end)?;
    }
    let bytes = vm.heap.bytes_mut(store);
    if pos > len {
        bytes[len..pos].fill(0);
    }
    bytes[pos..end].copy_from_slice(data);
    vm.set_native_field(v, LEN, Value::int(len.max(end) as i64));
    vm.set_native_field(v, POS, Value::int(end as i64));
    Ok(())
}

fn make_room(vm: &mut Vm, v: Value, old: Ref, len: usize, end: usize) -> Result<Ref, Raised> {
    let room = vm.checked_len(end + end / 4 + 16)?;
    if vm.grow_in_place(old, room) {
        return Ok(old);
    }
    let store = vm.alloc_zeroed(kinds::STORE, room as usize)?;
    vm.heap.copy_bytes(old, 0, store, 0, len);
    vm.set_native_field(v, STORE, store.into());
    vm.heap.free(old);
    Ok(store)
}

fn seek(vm: &mut Vm, v: Value, offset: i64, whence: i64) -> Res {
    if whence == 0 && offset < 0 {
        return Err(vm.os_error(22));
    }
    let (_, len, pos) = open(vm, v)?;
    let from = match whence {
        1 => pos as i64,
        2 => len as i64,
        _ => 0,
    };
    let at = from.saturating_add(offset).max(0);
    if at > i64::from(u32::MAX) {
        return Err(vm.os_error(22));
    }
    vm.set_native_field(v, POS, Value::int(at));
    Ok(Value::int(at))
}
