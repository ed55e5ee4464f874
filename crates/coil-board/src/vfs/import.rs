//! `import`: modules that are frozen into the firmware, and those in files.

use super::{At, delegate, look_up, proxy};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_vm::interp::import::Found;
use coil_vm::{Raised, Value, Vm};

/// `ioctl` of a stream: close.
const CLOSE: i64 = 4;
/// `ioctl` of a stream: how many bytes it likes to be asked for at once.
const BUFFER_SIZE: i64 = 11;
/// Limits and default of that.
const BUFFER_MIN: i64 = 4;
const BUFFER_MAX: i64 = 255;
const BUFFER_DEFAULT: i64 = 20;

/// The kind of a path: nothing, or whether it is a directory.
pub(super) fn kind(vm: &mut Vm, path: &str) -> Option<bool> {
    let At::In(place, inner) = look_up(vm, path) else { return None };
    let object = vm.pinned(place);
    let class = vm.type_of(object);
    if class == vm.type_value(&super::VFS_LFS2) {
        return super::lfs::import_stat(vm, object, &inner);
    }
    if class == vm.type_value(&super::VFS_FAT) {
        return super::fat::import_stat(vm, object, &inner);
    }
    let mark = vm.mark();
    let stat = match vm.new_str(inner.as_bytes()) {
        Ok(name) => proxy(vm, place, "stat", &[name]),
        Err(raised) => Err(raised),
    };
    // Any exception means that there is no such thing.
    let mode = stat.ok().map(|stat| vm.tuple_item(stat, 0).as_int().unwrap_or(0));
    vm.release(mark);
    mode.map(|m| m & super::MODE_DIR != 0)
}

/// A whole file.
pub(super) fn read(vm: &mut Vm, path: &str) -> Result<Vec<u8>, Raised> {
    let mode = vm.new_str(b"rb")?;
    let path = super::Path { text: path.into(), is_str: true };
    let file = delegate(vm, &path, "open", &[mode])?;
    vm.root(file);
    let class = vm.type_of(file);
    if [&super::lfs::BINARY, &super::fat::BINARY].map(|t| vm.type_value(t)).contains(&class) {
        let bytes = super::file::read(vm, file, usize::MAX);
        call(vm, file, "close", &[])?;
        return bytes;
    }
    let bytes = read_stream(vm, file);
    let failed = bytes.is_err().then_some(vm.pending);
    vm.root(failed.unwrap_or(Value::NULL));
    call(vm, file, "ioctl", &[Value::int(CLOSE), Value::int(0)])?;
    if let Some(e) = failed {
        vm.pending = e;
    }
    bytes
}

fn call(vm: &mut Vm, object: Value, method: &str, args: &[Value]) -> Result<Value, Raised> {
    let name = vm.intern(method);
    match vm.load_method(object, name)? {
        Some((f, this)) => vm.call_method(f, this, args),
        None => Err(vm.attribute_error(object, name)),
    }
}

/// Reads a stream of the program to its end, in pieces of the size that it likes.
fn read_stream(vm: &mut Vm, file: Value) -> Result<Vec<u8>, Raised> {
    let args = [Value::int(BUFFER_SIZE), Value::int(0)];
    let size = call(vm, file, "ioctl", &args)?;
    let size = match vm.expect_int(size)? {
        i64::MIN..=0 => BUFFER_DEFAULT,
        n => n.clamp(BUFFER_MIN, BUFFER_MAX),
    };
    let buffer = vm.new_bytearray(&alloc::vec![0; size as usize])?;
    let mut all = Vec::new();
    loop {
        let n = call(vm, file, "readinto", &[buffer])?;
        let n = if n == Value::NONE { 0 } else { vm.expect_int(n)? };
        if n < 0 {
            return Err(vm.os_error(n.saturating_neg()));
        }
        let bytes = vm.buffer_read(buffer, 0, n as usize)?;
        all.extend_from_slice(&bytes);
        if n < size {
            return Ok(all);
        }
    }
}

/// Finds a module for `import`, in `sys.path` or in the directory of its package.
pub fn import(vm: &mut Vm, name: &str, dir: Option<&str>) -> Result<Option<Found>, Raised> {
    let mut roots = Vec::new();
    match dir {
        Some(d) => roots.push(d.to_string()),
        None => {
            let path = coil_modules::sys::path(vm)?;
            for entry in vm.collect_iterable(path)? {
                roots.push(vm.expect_string(entry)?);
            }
        }
    }
    for root in roots {
        let found = match root.strip_prefix(".frozen") {
            Some(inside) => frozen(inside.trim_start_matches('/'), name),
            None => in_files(vm, &root, name)?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn in_files(vm: &mut Vm, root: &str, name: &str) -> Result<Option<Found>, Raised> {
    let path = if root.is_empty() { name.to_string() } else { format!("{root}/{name}") };
    if kind(vm, &path) == Some(true) {
        let init = path.clone() + "/__init__.py";
        let source = match kind(vm, &init) {
            Some(false) => Some((read(vm, &init)?, init)),
            _ => None,
        };
        return Ok(Some(Found::Package(source, path)));
    }
    let file = path + ".py";
    if kind(vm, &file) == Some(false) {
        return Ok(Some(Found::Source(read(vm, &file)?, file)));
    }
    Ok(None)
}

fn frozen(dir: &str, name: &str) -> Option<Found> {
    let path = if dir.is_empty() { name.to_string() } else { format!("{dir}/{name}") };
    let find = |file: &str| crate::frozen::FILES.iter().find(|f| f.0 == file);
    if let Some((file, source)) = find(&(path.clone() + ".py")) {
        return Some(Found::Source(source.as_bytes().to_vec(), (*file).into()));
    }
    let (file, source) = find(&(path.clone() + "/__init__.py"))?;
    Some(Found::Package(
        Some((source.as_bytes().to_vec(), (*file).into())),
        String::from(".frozen/") + &path,
    ))
}
