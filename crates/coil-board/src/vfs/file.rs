//! Open files: `open()` and what it gives.
//!
//! What is written stays in memory until the file is flushed or closed, and then reaches the flash
//! in one commit: the file system keeps the old content until that moment.

use super::{Volume, check, user_call, volume};
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, TypeDef, def};
use coil_vm::{Header, Raised, Res, Value, Vm, kinds};

/// Bytes read ahead.
const CHUNK: usize = 4096;
/// Files open at once.
const FILES_MAX: usize = 64;

/// An open file.
pub(crate) struct OpenFile {
    fs: Volume,
    path: String,
    readable: bool,
    writable: bool,
    append: bool,
    /// Where the next byte is read or written.
    position: usize,
    /// Bytes read ahead, and where they start.
    ahead: (usize, Vec<u8>),
    /// Bytes not yet on the flash, and where they start.
    pending: (usize, Vec<u8>),
    /// The file is to be emptied at the next commit.
    truncate: bool,
}

/// All open files of a machine.
#[derive(Default)]
pub(crate) struct Files {
    open: Vec<Option<OpenFile>>,
}

/// Text files.
pub(crate) static TEXT: TypeDef = TypeDef { name: "TextIOWrapper", ..BASE };
/// Binary files.
pub(crate) static BINARY: TypeDef = TypeDef { name: "FileIO", ..BASE };

const BASE: TypeDef = TypeDef {
    items: ITEMS,
    print: Some(|vm, v, out, _| {
        out.extend_from_slice(if is_text(vm, v) { b"<io.TextIOWrapper>" } else { b"<io.FileIO>" });
        Ok(())
    }),
    iter: Some(|_, v| Ok(v)),
    next: Some(|vm, v| {
        let line = read_line(vm, v)?;
        if line.is_empty() { Ok(Value::STOP) } else { give(vm, v, &line) }
    }),
    ..TypeDef::EMPTY
};

const ITEMS: &[Item] = &[
    def("read(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let n =
            if a.n > 1 && vm.arg(a, 1) != Value::NONE { vm.expect_int(vm.arg(a, 1))? } else { -1 };
        let bytes = if n >= 0 && is_text(vm, this) {
            read_chars(vm, this, n as usize)?
        } else {
            read(vm, this, usize::try_from(n).unwrap_or(usize::MAX))?
        };
        give(vm, this, &bytes)
    }),
    def("readline(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let line = read_line(vm, this)?;
        give(vm, this, &line)
    }),
    def("readlines(self)", |vm, a| {
        let this = vm.arg(a, 0);
        let list = vm.new_list(&[])?;
        loop {
            let line = read_line(vm, this)?;
            if line.is_empty() {
                return Ok(list);
            }
            let v = give(vm, this, &line)?;
            vm.list_append(list.as_ref().expect("a list is an object"), v)?;
        }
    }),
    def("readinto(self, buffer, n=)", |vm, a| {
        let (this, buffer) = (vm.arg(a, 0), vm.arg(a, 1));
        let mut n = vm.buffer_len(buffer)?;
        if a.n > 2 {
            n = n.min(usize::try_from(vm.expect_int(vm.arg(a, 2))?).unwrap_or(0));
        }
        let bytes = read(vm, this, n)?;
        vm.buffer_write(buffer, 0, &bytes)?;
        Ok(Value::int(bytes.len() as i64))
    }),
    def("write(self, data, n=)", write),
    def("seek(self, offset, whence=)", seek),
    def("tell(self)", |vm, a| with(vm, vm.arg(a, 0), |_, f| Ok(Value::int(f.position as i64)))),
    def("flush(self)", |vm, a| {
        commit(vm, vm.arg(a, 0))?;
        Ok(Value::NONE)
    }),
    def("close(self)", close),
    def("__enter__(self)", |vm, a| Ok(vm.arg(a, 0))),
    def("__exit__(self, *args)", close),
    def("__del__(self)", close),
];

fn is_text(vm: &Vm, v: Value) -> bool {
    vm.type_of(v) == vm.type_value(&TEXT)
}

fn give(vm: &mut Vm, v: Value, bytes: &[u8]) -> Res {
    if is_text(vm, v) { vm.new_str(bytes) } else { vm.new_bytes(bytes) }
}

/// `open(path, mode)`
pub(crate) fn open(vm: &mut Vm, args: Args) -> Res {
    let path = vm.expect_string(vm.arg(args, 0))?;
    let mode = if vm.arg(args, 1).is_null() {
        String::from("r")
    } else {
        vm.expect_string(vm.arg(args, 1))?
    };
    let (fs, inner) = volume(vm, &path)?;
    if let Volume::User(place) = fs {
        let (name, mode) = (vm.new_str(inner.as_bytes())?, vm.new_str(mode.as_bytes())?);
        return user_call(vm, place, "open", &[name, mode]);
    }
    let Volume::Flash(lfs) = &fs else { return Err(vm.os_error(19)) };
    let plus = mode.contains('+');
    let (mut file, first) = (
        OpenFile {
            fs: fs.clone(),
            path: inner.clone(),
            readable: plus,
            writable: plus,
            append: false,
            position: 0,
            ahead: (0, Vec::new()),
            pending: (0, Vec::new()),
            truncate: false,
        },
        mode.chars().find(|c| "rwax".contains(*c)).unwrap_or('r'),
    );
    let found = lfs.stat(&inner);
    if found.as_ref().is_ok_and(|e| e.is_dir) {
        return Err(vm.os_error(21));
    }
    match first {
        'w' => {
            file.writable = true;
            file.truncate = true;
        }
        'a' => {
            file.writable = true;
            file.append = true;
            file.position = found.as_ref().map_or(0, |e| e.size as usize);
        }
        'x' => {
            if found.is_ok() {
                return Err(vm.os_error(17));
            }
            file.writable = true;
            file.truncate = true;
        }
        _ => file.readable = true,
    }
    if found.is_err() {
        if first == 'r' {
            return Err(vm.os_error(2));
        }
        // The name is there from now on, and a missing directory is told at once.
        check(vm, lfs.write(&inner, 0, &[], false))?;
    }
    let def = if mode.contains('b') { &BINARY } else { &TEXT };
    let class = vm.type_value(def);
    let number = Vm::type_number(class).expect("a built-in type has a number");
    let r = vm.alloc(Header::new(kinds::NATIVE, 0, number as u16, 1))?;
    let files = &mut vm.state::<super::Mounts>().files.open;
    let id = files.iter().position(Option::is_none).unwrap_or(files.len());
    if id >= FILES_MAX {
        return Err(vm.os_error(23));
    }
    if id == files.len() {
        files.push(None);
    }
    files[id] = Some(file);
    vm.heap.set(r, 0, Value::int(id as i64));
    vm.heap.add_finaliser(r);
    Ok(r.into())
}

/// Works on an open file; a closed one is an error.
fn with<T>(
    vm: &mut Vm,
    v: Value,
    f: impl FnOnce(&mut Vm, &mut OpenFile) -> Result<T, Raised>,
) -> Result<T, Raised> {
    let id = v.as_ref().and_then(|r| vm.heap.get(r, 0).as_int()).unwrap_or(-1);
    let slot = usize::try_from(id).ok();
    let taken =
        slot.and_then(|i| vm.state::<super::Mounts>().files.open.get_mut(i).and_then(Option::take));
    let (Some(i), Some(mut file)) = (slot, taken) else { return Err(vm.os_error(22)) };
    let done = f(vm, &mut file);
    vm.state::<super::Mounts>().files.open[i] = Some(file);
    done
}

fn read(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    commit(vm, v)?;
    with(vm, v, |vm, f| {
        if !f.readable {
            return Err(vm.os_error(9));
        }
        let mut out = Vec::new();
        while out.len() < n {
            let (start, bytes) = &f.ahead;
            let inside = f.position.wrapping_sub(*start);
            if f.position >= *start && inside < bytes.len() {
                let take = (bytes.len() - inside).min(n - out.len());
                out.extend_from_slice(&bytes[inside..inside + take]);
                f.position += take;
                continue;
            }
            let Volume::Flash(lfs) = &f.fs else { break };
            let want = if n == usize::MAX { 1 << 22 } else { (n - out.len()).max(CHUNK) };
            let more = lfs.read(&f.path, f.position as u32, want);
            let more = check(vm, more)?;
            if more.is_empty() {
                break;
            }
            f.ahead = (f.position, more);
        }
        Ok(out)
    })
}

fn read_line(vm: &mut Vm, v: Value) -> Result<Vec<u8>, Raised> {
    let mut line = Vec::new();
    loop {
        let part = read(vm, v, 1)?;
        let Some(&b) = part.first() else { return Ok(line) };
        line.push(b);
        if b == b'\n' {
            return Ok(line);
        }
    }
}

/// Reads `n` characters, however many bytes they take.
fn read_chars(vm: &mut Vm, v: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let mut out = read(vm, v, n)?;
    loop {
        let have = out.iter().filter(|&&b| b & 0xc0 != 0x80).count();
        let open = out.iter().rev().take(4).position(|&b| b >= 0xc0).map(|back| {
            let lead = out[out.len() - 1 - back];
            let need = if lead >= 0xf0 {
                4
            } else if lead >= 0xe0 {
                3
            } else {
                2
            };
            need - 1 - back.min(need - 1)
        });
        let missing = (n - have.min(n)).max(open.unwrap_or(0));
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

fn write(vm: &mut Vm, args: Args) -> Res {
    let (this, data) = (vm.arg(args, 0), vm.arg(args, 1));
    let bytes = vm.expect_bytes_like(data)?;
    let gap = with(vm, this, |vm, f| {
        if !f.writable {
            return Err(vm.os_error(9));
        }
        Ok(f.pending.0 + f.pending.1.len() != f.position && !f.pending.1.is_empty())
    })?;
    if gap {
        commit(vm, this)?;
    }
    let n = bytes.len();
    with(vm, this, |_, f| {
        if f.pending.1.is_empty() {
            f.pending.0 = f.position;
        }
        f.pending.1.extend_from_slice(&bytes);
        f.position += n;
        f.ahead.1.clear();
        Ok(())
    })?;
    Ok(Value::int(n as i64))
}

/// Puts on the flash what was written.
fn commit(vm: &mut Vm, v: Value) -> Result<(), Raised> {
    with(vm, v, |vm, f| {
        if !f.writable || f.pending.1.is_empty() && !f.truncate {
            return Ok(());
        }
        let Volume::Flash(lfs) = &f.fs else { return Ok(()) };
        let at =
            if f.append { lfs.stat(&f.path).map_or(0, |e| e.size as usize) } else { f.pending.0 };
        let done = lfs.write(&f.path, at as u32, &f.pending.1, f.truncate);
        if f.append {
            f.position = at + f.pending.1.len();
        }
        f.pending.1.clear();
        f.truncate = false;
        check(vm, done)
    })
}

fn seek(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let offset = vm.expect_int(vm.arg(args, 1))?;
    let whence = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
    commit(vm, this)?;
    with(vm, this, |vm, f| {
        let base = match whence {
            0 => 0,
            1 => f.position as i64,
            _ => match &f.fs {
                Volume::Flash(lfs) => lfs.stat(&f.path).map_or(0, |e| i64::from(e.size)),
                Volume::User(_) => 0,
            },
        };
        match usize::try_from(base.saturating_add(offset)) {
            Ok(p) if p <= 1 << 30 => {
                f.position = p;
                Ok(Value::int(p as i64))
            }
            _ => Err(vm.os_error(22)),
        }
    })
}

fn close(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let Some(r) = this.as_ref() else { return Ok(Value::NONE) };
    let Some(id) = vm.heap.get(r, 0).as_int().and_then(|i| usize::try_from(i).ok()) else {
        return Ok(Value::NONE);
    };
    let done = commit(vm, this);
    vm.heap.set(r, 0, Value::int(-1));
    if let Some(slot) = vm.state::<super::Mounts>().files.open.get_mut(id) {
        *slot = None;
    }
    done.map(|()| Value::NONE)
}
