//! Open files: the methods that files of every file system share.

use alloc::vec;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// What a file system does with an open file.
pub(super) struct Protocol {
    /// Reads from where the file stands; 0 bytes at the end.
    pub(super) read: fn(&mut Vm, Value, &mut [u8]) -> Result<usize, Raised>,
    /// Writes all of the bytes where the file stands.
    pub(super) write: fn(&mut Vm, Value, &[u8]) -> Result<usize, Raised>,
    /// Moves by an offset from the start (0), from here (1) or from the end (2).
    pub(super) seek: fn(&mut Vm, Value, i64, i64) -> Result<u32, Raised>,
    /// Puts what was written on the device.
    pub(super) flush: fn(&mut Vm, Value) -> Result<(), Raised>,
    /// The same, and lets go of the file; does nothing the second time.
    pub(super) close: fn(&mut Vm, Value) -> Result<(), Raised>,
    /// Whether the file system is in the middle of something.
    pub(super) is_busy: fn(&mut Vm, Value) -> bool,
}

/// Garbage is found whenever memory is short, even while a device in Python works for the same file
/// system: then its finaliser has to wait for the next collection. Whether it has.
pub(super) fn later(vm: &mut Vm, this: Value, is_busy: fn(&mut Vm, Value) -> bool) -> bool {
    let busy = is_busy(vm, this);
    if let (true, Some(r)) = (busy, this.as_ref()) {
        vm.heap.add_finaliser(r);
    }
    busy
}

/// Bytes read at once when all are wanted.
const CHUNK: usize = 256;
/// Bytes that one call holds outside the board's memory until they are in it.
const PART_MAX: usize = 1 << 16;

pub(super) const ITEMS: &[Item] = &[
    def("read(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let n = match vm.arg(a, 1) {
            Value::NULL | Value::NONE => -1,
            v => vm.expect_int(v)?,
        };
        let bytes = match usize::try_from(n) {
            Err(_) if n == -1 => read(vm, this, usize::MAX)?,
            Err(_) => return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed")),
            Ok(n) => {
                vm.check_room(n)?;
                if is_text(vm, this) { read_chars(vm, this, n)? } else { read(vm, this, n)? }
            }
        };
        give(vm, this, &bytes)
    }),
    def("readinto(self, buffer, n=)", |vm, a| {
        let (this, buffer) = (vm.arg(a, 0), vm.arg(a, 1));
        let mut n = vm.buffer_len(buffer)?;
        if a.n > 2 {
            // A negative limit is a huge one, as in the reference.
            n = n.min(vm.expect_int(vm.arg(a, 2))? as usize);
        }
        let mut done = 0;
        while done < n {
            let mut part = vec![0; (n - done).min(PART_MAX)];
            let got = read_full(vm, this, &mut part)?;
            vm.buffer_write(buffer, done, &part[..got])?;
            done += got;
            if got < part.len() {
                break;
            }
        }
        Ok(Value::int(done as i64))
    }),
    def("readline(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
        let line = read_line(vm, this, usize::try_from(n).unwrap_or(usize::MAX))?;
        give(vm, this, &line)
    }),
    def("readlines(self)", |vm, a| {
        let this = vm.arg(a, 0);
        let list = vm.new_list(&[])?;
        loop {
            let mark = vm.mark();
            let line = read_line(vm, this, usize::MAX)?;
            if line.is_empty() {
                return Ok(list);
            }
            let v = give(vm, this, &line)?;
            vm.list_append(list.as_ref().expect("a list is an object"), v)?;
            vm.release(mark);
        }
    }),
    def("write(self, data, a=, b=)", write),
    def("seek(self, offset, whence=)", |vm, a| {
        let offset = vm.expect_int(vm.arg(a, 1))?;
        let whence = if a.n > 2 { vm.expect_int(vm.arg(a, 2))? } else { 0 };
        if whence == 0 && offset < 0 {
            return Err(vm.os_error(22));
        }
        let this = vm.arg(a, 0);
        let at = (protocol(vm, this).seek)(vm, this, offset, whence)?;
        vm.new_int(i64::from(at))
    }),
    def("tell(self)", |vm, a| {
        let this = vm.arg(a, 0);
        let at = (protocol(vm, this).seek)(vm, this, 0, 1)?;
        vm.new_int(i64::from(at))
    }),
    def("flush(self)", |vm, a| {
        let this = vm.arg(a, 0);
        (protocol(vm, this).flush)(vm, this)?;
        Ok(Value::NONE)
    }),
    def("close(self)", close),
    def("__enter__(self)", |vm, a| Ok(vm.arg(a, 0))),
    def("__exit__(self, t, v, tb)", close),
    def("__del__(self)", |vm, a| {
        let this = vm.arg(a, 0);
        if later(vm, this, protocol(vm, this).is_busy) {
            return Ok(Value::NONE);
        }
        close(vm, a)
    }),
];

/// `iter(f)` and `next(f)`: lines.
pub(super) const BASE: TypeDef = TypeDef {
    items: ITEMS,
    iter: Some(|_, v| Ok(v)),
    next: Some(|vm, v| {
        let line = read_line(vm, v, usize::MAX)?;
        if line.is_empty() { Ok(Value::STOP) } else { give(vm, v, &line) }
    }),
    ..TypeDef::EMPTY
};

fn protocol(vm: &Vm, v: Value) -> &'static Protocol {
    let class = vm.type_of(v);
    let fat = [&super::fat::TEXT, &super::fat::BINARY].map(|t| vm.type_value(t));
    if fat.contains(&class) { &super::fat::FILE } else { &super::lfs::FILE }
}

fn is_text(vm: &Vm, v: Value) -> bool {
    vm.type_name(v) == "TextIOWrapper"
}

fn give(vm: &mut Vm, v: Value, bytes: &[u8]) -> Res {
    if is_text(vm, v) { vm.new_str(bytes) } else { vm.new_bytes(bytes) }
}

/// Reads until the buffer is full or the file ends.
fn read_full(vm: &mut Vm, v: Value, into: &mut [u8]) -> Result<usize, Raised> {
    let mut done = 0;
    while done < into.len() {
        match (protocol(vm, v).read)(vm, v, &mut into[done..])? {
            0 => break,
            n => done += n,
        }
    }
    Ok(done)
}

/// Reads so many bytes, or all that are left.
pub(super) fn read(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let step = if n == usize::MAX { CHUNK } else { n.min(PART_MAX) };
    let mut all = Vec::new();
    while all.len() < n {
        let start = all.len();
        let want = step.max(start.min(PART_MAX)).min(n - start);
        all.resize(start + want, 0);
        let got = read_full(vm, v, &mut all[start..])?;
        all.truncate(start + got);
        if got < want {
            break;
        }
    }
    // A file that asks nothing still has to be open.
    if n == 0 {
        read_full(vm, v, &mut [])?;
    }
    Ok(all)
}

fn read_line(vm: &mut Vm, v: Value, max: usize) -> Result<Vec<u8>, Raised> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while line.len() < max {
        if (protocol(vm, v).read)(vm, v, &mut byte)? == 0 {
            break;
        }
        line.push(byte[0]);
        if byte[0] == b'\n' {
            break;
        }
    }
    Ok(line)
}

/// Reads `n` characters, however many bytes they take.
fn read_chars(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let mut out = read(vm, v, n)?;
    loop {
        let missing = missing_bytes(&out, n);
        if missing == 0 {
            return Ok(out);
        }
        let more = read(vm, v, missing)?;
        if more.is_empty() {
            return Ok(out);
        }
        out.extend_from_slice(&more);
    }
}

/// How many bytes must at least follow so that there are `n` whole characters.
fn missing_bytes(text: &[u8], n: usize) -> usize {
    let (mut at, mut chars) = (0, 0);
    while at < text.len() && chars < n {
        let len = match text[at] {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        if at + len > text.len() {
            // The rest of this one, and a byte for each that is to follow.
            return at + len - text.len() + (n - chars - 1);
        }
        at += len;
        chars += 1;
    }
    n - chars
}

fn write(vm: &mut Vm, args: Args) -> Res {
    let (this, data) = (vm.arg(args, 0), vm.arg(args, 1));
    let bytes = vm.expect_bytes_like(data)?;
    let (mut from, mut max) = (0, bytes.len());
    match args.n {
        3 => max = vm.expect_int(vm.arg(args, 2))? as usize,
        4 => {
            from = (vm.expect_int(vm.arg(args, 2))? as usize).min(bytes.len());
            max = vm.expect_int(vm.arg(args, 3))? as usize;
        }
        _ => {}
    }
    let bytes = &bytes[from..];
    let bytes = &bytes[..bytes.len().min(max)];
    let n = (protocol(vm, this).write)(vm, this, bytes)?;
    Ok(Value::int(n as i64))
}

fn close(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    (protocol(vm, this).close)(vm, this)?;
    Ok(Value::NONE)
}

#[cfg(test)]
mod tests {
    use super::missing_bytes;

    #[test]
    fn what_is_missing_never_reaches_into_the_next_character() {
        assert_eq!(missing_bytes(b"abc", 3), 0);
        assert_eq!(missing_bytes(b"ab", 5), 3);
        assert_eq!(missing_bytes("aé".as_bytes(), 3), 1);
        assert_eq!(missing_bytes(&"é".as_bytes()[..1], 2), 2);
        assert_eq!(missing_bytes(&"€".as_bytes()[..1], 1), 2);
    }
}
