//! The stream methods that sockets and TLS sessions share.

use alloc::vec::Vec;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm};

/// Reads at most so many bytes: nothing at the end, `None` if it would block.
pub(super) type Read = fn(&mut Vm, Value, usize) -> Result<Option<Vec<u8>>, Raised>;
/// Writes some of the bytes: how many, `None` if it would block.
pub(super) type Write = fn(&mut Vm, Value, &[u8]) -> Result<Option<usize>, Raised>;

/// Bytes asked for at once when all are wanted.
const CHUNK: usize = 2048;

/// Reads until there are `n` bytes, or the end; `None` if it would block at the start.
fn read_full(vm: &mut Vm, this: Value, n: usize, read: Read) -> Result<Option<Vec<u8>>, Raised> {
    let mut all = Vec::new();
    while all.len() < n {
        match read(vm, this, (n - all.len()).min(CHUNK))? {
            Some(part) if part.is_empty() => break,
            Some(part) => all.extend_from_slice(&part),
            None if all.is_empty() => return Ok(None),
            None => break,
        }
    }
    Ok(Some(all))
}

fn give(vm: &mut Vm, bytes: Option<Vec<u8>>) -> Res {
    match bytes {
        Some(bytes) => vm.new_bytes(&bytes),
        None => Ok(Value::NONE),
    }
}

/// `read([n])`
pub(super) fn read(vm: &mut Vm, args: Args, read: Read) -> Res {
    let n = match vm.arg(args, 1) {
        v if v.is_null() || v == Value::NONE => -1,
        v => vm.expect_int(v)?,
    };
    let bytes = read_full(vm, vm.arg(args, 0), usize::try_from(n).unwrap_or(usize::MAX), read)?;
    give(vm, bytes)
}

/// `readinto(buffer[, n])`
pub(super) fn readinto(vm: &mut Vm, args: Args, read: Read) -> Res {
    let buffer = vm.arg(args, 1);
    let mut n = vm.buffer_len(buffer)?;
    if args.n > 2 {
        n = n.min(usize::try_from(vm.expect_int(vm.arg(args, 2))?).unwrap_or(0));
    }
    let Some(bytes) = read_full(vm, vm.arg(args, 0), n, read)? else { return Ok(Value::NONE) };
    vm.buffer_write(buffer, 0, &bytes)?;
    Ok(Value::int(bytes.len() as i64))
}

/// `readline([n])`
pub(super) fn readline(vm: &mut Vm, args: Args, read: Read) -> Res {
    let max = if args.n > 1 { vm.expect_int(vm.arg(args, 1))? } else { -1 };
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    let mut line = Vec::new();
    while line.len() < max {
        match read(vm, vm.arg(args, 0), 1)? {
            Some(byte) if byte.is_empty() => break,
            Some(byte) => {
                line.extend_from_slice(&byte);
                if byte == b"\n" {
                    break;
                }
            }
            None if line.is_empty() => return Ok(Value::NONE),
            None => break,
        }
    }
    vm.new_bytes(&line)
}

/// `write(data[, n])`
pub(super) fn write(vm: &mut Vm, args: Args, write: Write) -> Res {
    let mut data = vm.expect_bytes_like(vm.arg(args, 1))?;
    if args.n > 2 {
        let n = vm.expect_int(vm.arg(args, 2))?;
        data.truncate(usize::try_from(n).unwrap_or(usize::MAX));
    }
    let mut done = 0;
    while done < data.len() {
        match write(vm, vm.arg(args, 0), &data[done..])? {
            Some(n) => done += n,
            None if done == 0 => return Ok(Value::NONE),
            None => break,
        }
    }
    Ok(Value::int(done as i64))
}
