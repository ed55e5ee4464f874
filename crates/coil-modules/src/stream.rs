//! Streams of every kind, as modules use them: the firmware's own, and programs' classes that
//! derive from `io.IOBase`.

use crate::io::IOBASE;
use alloc::vec::Vec;
use coil_vm::{Raised, Value, Vm, kinds};

/// What is asked of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// To be read.
    Read,
    /// To be written.
    Write,
    /// To be controlled, and asked for readiness.
    Ioctl,
}

/// `ioctl`: write what is buffered.
pub const FLUSH: i64 = 1;
/// `ioctl`: go to a place, described by an offset and where it is counted from, a word each; the
/// place is told where the offset stood.
const SEEK: i64 = 2;
/// `ioctl`: readiness.
pub const POLL: i64 = 3;
/// `ioctl`: close.
pub const CLOSE: i64 = 4;
/// Readiness: readable.
pub const POLL_RD: i64 = 1;
/// Readiness: writable.
pub const POLL_WR: i64 = 4;
/// Readiness: in error.
pub const POLL_ERR: i64 = 8;
/// Readiness: the other end has gone.
pub const POLL_HUP: i64 = 16;

/// Whether a value is an instance of a program's class that derives from `io.IOBase`.
pub fn is_iobase(vm: &Vm, v: Value) -> bool {
    vm.as_native(v, &IOBASE).is_some()
}

/// OSError unless a value is a stream that can do this.
pub fn check(vm: &mut Vm, v: Value, op: Op) -> Result<(), Raised> {
    let native = match v.as_ref().map(|r| (r, vm.heap.kind(r))) {
        Some((_, kinds::NATIVE)) => v,
        Some((r, kinds::INSTANCE)) => vm.heap.get(r, kinds::instance::NATIVE),
        _ => Value::NULL,
    };
    if is_iobase(vm, v) {
        return Ok(());
    }
    if vm.as_ref_kind(native, kinds::NATIVE).is_some() {
        let name = vm.intern(match op {
            Op::Read => "readinto",
            Op::Write => "write",
            Op::Ioctl => "ioctl",
        });
        let class = vm.type_of(native);
        if vm.class_lookup(class, name).is_some() || op == Op::Ioctl && is_memory_stream(vm, native)
        {
            return Ok(());
        }
    }
    Err(vm.raise_args(coil_vm::types::OS_ERROR, "stream operation not supported"))
}

fn is_memory_stream(vm: &Vm, v: Value) -> bool {
    crate::io::memory::is(vm, v)
}

/// What a method of a program's stream has answered, as the reference takes it: nothing for
/// "not now", a number of bytes, or OSError for a negative one.
fn answered(vm: &mut Vm, v: Value, size: usize) -> Result<Option<usize>, Raised> {
    if v == Value::NONE {
        return Ok(None);
    }
    let n = vm.expect_int(v)?;
    match usize::try_from(n) {
        Ok(n) if n <= size => Ok(Some(n)),
        Ok(_) => Err(vm.os_error(5)),
        Err(_) => Err(vm.os_error(n.saturating_neg())),
    }
}

/// Calls a method of a stream.
pub fn call(vm: &mut Vm, stream: Value, name: &str, args: &[Value]) -> Result<Value, Raised> {
    let q = vm.intern(name);
    match vm.load_method(stream, q)? {
        Some((f, this)) => vm.call_method(f, this, args),
        None => Err(vm.attribute_error(stream, q)),
    }
}

/// Reads up to `n` bytes once; nothing if none are there now, none at the end.
pub fn read(vm: &mut Vm, stream: Value, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    if let Some(bytes) = crate::io::memory::read_bytes(vm, stream, n)? {
        return Ok(Some(bytes));
    }
    let mark = vm.mark();
    let buffer = vm.new_bytearray(&alloc::vec![0; n.min(1 << 20)])?;
    let v = call(vm, stream, "readinto", &[buffer])?;
    let Some(got) = answered(vm, v, n)? else {
        vm.release(mark);
        return Ok(None);
    };
    let mut bytes = vm.expect_bytes_like(buffer)?;
    bytes.truncate(got);
    vm.release(mark);
    Ok(Some(bytes))
}

/// Writes once; how many bytes were taken, nothing if none could be taken now.
pub fn write(vm: &mut Vm, stream: Value, bytes: &[u8]) -> Result<Option<usize>, Raised> {
    let mark = vm.mark();
    let data = if is_iobase(vm, stream) { vm.new_bytearray(bytes)? } else { vm.new_bytes(bytes)? };
    let v = call(vm, stream, "write", &[data])?;
    let n = answered(vm, v, bytes.len())?;
    vm.release(mark);
    Ok(n)
}

/// Writes everything, or as much as the stream takes.
pub fn write_all(vm: &mut Vm, stream: Value, mut bytes: &[u8]) -> Result<(), Raised> {
    while !bytes.is_empty() {
        match write(vm, stream, bytes)? {
            None | Some(0) => return Ok(()),
            Some(n) => bytes = &bytes[n..],
        }
    }
    Ok(())
}

/// `ioctl` of any stream.
pub fn ioctl(vm: &mut Vm, stream: Value, request: i64, arg: i64) -> Result<i64, Raised> {
    if let Some(memory) = crate::io::memory::ioctl(vm, stream, request) {
        return if memory < 0 { Err(vm.os_error(-memory)) } else { Ok(memory) };
    }
    let v = call(vm, stream, "ioctl", &[Value::int(request), Value::int(arg)])?;
    let n = vm.expect_int(v)?;
    if n < 0 { Err(vm.os_error(n.saturating_neg())) } else { Ok(n) }
}

/// Goes to a place, counted from the start (0), from here (1) or from the end (2): where the stream
/// is then.
pub fn seek(vm: &mut Vm, stream: Value, offset: i64, whence: i64) -> Result<i64, Raised> {
    let mark = vm.mark();
    let at = if is_iobase(vm, stream) {
        let mut place = [0; 8];
        place[..4].copy_from_slice(&(offset as i32).to_le_bytes());
        place[4..].copy_from_slice(&(whence as i32).to_le_bytes());
        let place = vm.new_bytearray(&place)?;
        let address = vm.address_of(place).map_or(0, i64::from);
        ioctl(vm, stream, SEEK, address)?;
        let bytes = vm.expect_bytes_like(place)?;
        bytes.first_chunk().map_or(0, |b| i64::from(i32::from_le_bytes(*b)))
    } else {
        let at = call(vm, stream, "seek", &[Value::int(offset), Value::int(whence)])?;
        vm.expect_int(at)?
    };
    vm.release(mark);
    Ok(at)
}

/// Has a stream write what it still holds.
pub fn flush(vm: &mut Vm, stream: Value) -> Result<(), Raised> {
    let mark = vm.mark();
    if is_iobase(vm, stream) {
        ioctl(vm, stream, FLUSH, 0)?;
    } else {
        call(vm, stream, "flush", &[])?;
    }
    vm.release(mark);
    Ok(())
}

/// Bytes one after the other, from a stream or from memory.
#[derive(Debug)]
pub struct Source {
    stream: Value,
    ahead: usize,
    bytes: Vec<u8>,
    at: usize,
}

impl Source {
    /// The bytes of a stream; the caller holds it.
    pub fn new(vm: &mut Vm, stream: Value) -> Result<Self, Raised> {
        // A program's own stream is asked for one byte at a time, as the reference does.
        let ahead = if is_iobase(vm, stream) { 1 } else { 256 };
        Ok(Self { stream, ahead, bytes: Vec::new(), at: 0 })
    }

    /// Bytes that are there already.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { stream: Value::NULL, ahead: 0, bytes, at: 0 }
    }

    /// The next byte; nothing at the end.
    pub fn next(&mut self, vm: &mut Vm) -> Result<Option<u8>, Raised> {
        if self.at == self.bytes.len() && !self.stream.is_null() {
            match read(vm, self.stream, self.ahead)? {
                Some(b) => self.bytes = b,
                None => return Err(vm.os_error(11)),
            }
            self.at = 0;
        }
        let b = self.bytes.get(self.at).copied();
        self.at += usize::from(b.is_some());
        Ok(b)
    }
}
