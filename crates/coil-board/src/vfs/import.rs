//! `import`: modules that are frozen into the firmware, and those in files.

use super::{At, delegate, look_up, proxy};
use crate::chip::Chip;
use crate::profile::Modules;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::interp::import::{Content, Found};
use coil_vm::{Raised, Value, Vm, types};

/// The entry of `sys.path` for frozen modules.
const FROZEN: &str = ".frozen";

/// `ioctl`: the size of pieces that a stream likes to be read in; and what is used without, at
/// least, and at most.
const GET_BUFFER_SIZE: i64 = 11;
const READ_DEFAULT: i64 = 25;
const READ_MIN: i64 = 9;
const READ_MAX: i64 = 255;

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
pub(crate) fn read(vm: &mut Vm, path: &str) -> Result<Vec<u8>, Raised> {
    let mode = vm.new_str(b"rb")?;
    let path = super::Path { text: path.into(), is_str: true };
    let file = delegate(vm, &path, "open", &[mode])?;
    vm.root(file);
    let class = vm.type_of(file);
    if [&super::lfs::BINARY, &super::fat::BINARY].map(|t| vm.type_value(t)).contains(&class) {
        let bytes = super::file::read(vm, file, usize::MAX);
        stream::call(vm, file, "close", &[])?;
        return bytes;
    }
    stream::check(vm, file, stream::Op::Read)?;
    let content = read_stream(vm, file);
    // It is closed whatever has happened.
    let raised = vm.pending;
    vm.root(raised);
    let closed = stream::ioctl(vm, file, stream::CLOSE, 0);
    if content.is_err() {
        vm.pending = raised;
    } else {
        closed?;
    }
    content
}

/// All that a program's stream has, in pieces of the size that it asks for.
fn read_stream(vm: &mut Vm, file: Value) -> Result<Vec<u8>, Raised> {
    let size = match stream::ioctl(vm, file, GET_BUFFER_SIZE, 0) {
        Ok(size) if size > 0 => size.clamp(READ_MIN, READ_MAX),
        Ok(_) => READ_DEFAULT,
        Err(Raised) if vm.exception_is(vm.pending, types::OS_ERROR) => READ_DEFAULT,
        Err(Raised) => return Err(Raised),
    };
    let mut all = Vec::new();
    loop {
        let mark = vm.mark();
        let part = stream::read(vm, file, size as usize)?.unwrap_or_default();
        vm.release(mark);
        all.extend_from_slice(&part);
        if (part.len() as i64) < size {
            return Ok(all);
        }
    }
}

/// Finds a module for `import`, in `sys.path` or in the directory of its package.
pub fn import(vm: &mut Vm, name: &str, dir: Option<&str>) -> Result<Option<Found>, Raised> {
    let profile = Chip::of(vm).profile.clone();
    let modules = &profile.modules;
    if let (None, Some(linked)) = (dir, &modules.u_names)
        && !linked.iter().any(|n| n == name)
        && let Some(q) = vm.names.find(name.as_bytes())
        && vm.rom.find_module(q).is_some()
    {
        // No file takes its place.
        return Ok(None);
    }
    // Without an entry for them, frozen modules are found beside the files of the current directory.
    let beside = !profile.path.iter().any(|entry| entry.starts_with(FROZEN));
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
        let found = match root.strip_prefix(FROZEN) {
            Some(inside) => frozen(modules, inside.trim_start_matches('/'), name),
            None => in_files(vm, &root, name).or_else(|| {
                if beside && root.is_empty() { frozen(modules, "", name) } else { None }
            }),
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn in_files(vm: &mut Vm, root: &str, name: &str) -> Option<Found> {
    let path = if root.is_empty() { name.to_string() } else { format!("{root}/{name}") };
    if kind(vm, &path) == Some(true) {
        let init = module_file(vm, &(path.clone() + "/__init__"));
        return Some(Found::Package(init, path));
    }
    let (content, file) = module_file(vm, &path)?;
    Some(Found::Source(content, file))
}

/// The file of a module, and its name.
fn module_file(vm: &mut Vm, path: &str) -> Option<(Content, String)> {
    for ending in [".py", ".mpy"] {
        let file = String::from(path) + ending;
        if kind(vm, &file) == Some(false) {
            return Some((Content::File(read), file));
        }
    }
    None
}

fn frozen(modules: &Modules, dir: &str, name: &str) -> Option<Found> {
    let path = if dir.is_empty() { name.to_string() } else { format!("{dir}/{name}") };
    let file = path.clone() + ".py";
    if let Some(source) = crate::frozen::find(modules, &file) {
        return Some(Found::Source(Content::Text(source.as_bytes().to_vec()), file));
    }
    let file = path.clone() + "/__init__.py";
    let source = crate::frozen::find(modules, &file)?;
    Some(Found::Package(
        Some((Content::Text(source.as_bytes().to_vec()), file)),
        format!("{FROZEN}/{path}"),
    ))
}
