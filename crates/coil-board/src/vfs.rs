//! Files of a board: what is frozen into the firmware, what is on its flash, what programs mount.

mod file;
mod lfs;

use crate::chip::Chip;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::interp::import::{Content, Found};
use coil_vm::{Raised, Res, Value, Vm};
use lfs::Lfs;

pub(crate) use file::{BINARY, TEXT, open};
pub(crate) use lfs::Entry;

/// What stands under a mount point.
#[derive(Clone)]
pub(crate) enum Volume {
    /// The flash.
    Flash(Rc<Lfs>),
    /// An object of the program with the methods of a file system: its pinned place.
    User(usize),
}

/// The mount table of a running machine.
#[derive(Default)]
pub(crate) struct Mounts {
    table: Vec<(String, Volume)>,
    current: String,
    files: file::Files,
}

impl core::fmt::Debug for Mounts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Mounts").field("current", &self.current).finish_non_exhaustive()
    }
}

/// What a fresh file system's `boot.py` says.
const BOOT_PY: &str = "# This file is executed on every boot (including wake-boot from deepsleep)\n#import esp\n#esp.osdebug(None)\n#import webrepl\n#webrepl.start()\n";

/// Mounts the file system of the flash at `/`; formats an erased one.
pub fn mount_root(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let (flash, start) = (chip.flash.clone(), chip.profile.flash.vfs_offset);
    let mut fresh = false;
    let volume = Lfs::mount(flash.clone(), start).or_else(|e| {
        if is_erased(&flash, start) {
            Lfs::format(flash.clone(), start)?;
            let fs = Lfs::mount(flash.clone(), start)?;
            fs.write("boot.py", 0, BOOT_PY.as_bytes(), true)?;
            fresh = true;
            Ok(fs)
        } else {
            Err(e)
        }
    });
    match volume {
        Ok(fs) => vm.state::<Mounts>().table.push(("/".into(), Volume::Flash(Rc::new(fs)))),
        Err(_) => vm.port.write(
            b"The filesystem appears to be corrupted. If you had important data there, you\r\nmay want to make a flash snapshot to try to recover it. Otherwise, perform\r\nfactory reprogramming of MicroPython firmware (completely erase flash, followed\r\nby firmware programming).\r\n",
        ),
    }
    vm.state::<Mounts>().current = "/".into();
    if fresh {
        for (path, content) in core::mem::take(&mut Chip::of(vm).files) {
            if let Err(errno) = write_file(vm, &path, &content) {
                let text = alloc::format!("{path}: not on the flash, error {errno}\r\n");
                vm.port.write(text.as_bytes());
            }
        }
    }
}

/// Whether the first blocks hold nothing at all.
fn is_erased(
    flash: &Rc<core::cell::RefCell<alloc::boxed::Box<dyn crate::outside::Flash>>>,
    start: u32,
) -> bool {
    let mut head = [0; 512];
    flash.borrow_mut().read(start, &mut head).is_ok() && head.iter().all(|&b| b == 0xff)
}

/// An absolute path without `.` and `..`.
pub(crate) fn absolute(vm: &mut Vm, path: &str) -> String {
    let base =
        if path.starts_with('/') { String::new() } else { vm.state::<Mounts>().current.clone() };
    let mut parts: Vec<&str> = Vec::new();
    let joined = base + "/" + path;
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            p => parts.push(p),
        }
    }
    String::from("/") + &parts.join("/")
}

/// The volume of a path, and the path inside it.
pub(crate) fn locate(vm: &mut Vm, path: &str) -> Option<(Volume, String)> {
    if !path.starts_with('/') {
        // A program's file system knows its own current directory.
        let current = vm.state::<Mounts>().current.clone();
        if let Some((volume @ Volume::User(_), _)) = locate_absolute(vm, &current) {
            return Some((volume, path.to_string()));
        }
    }
    let path = absolute(vm, path);
    locate_absolute(vm, &path)
}

fn locate_absolute(vm: &mut Vm, path: &str) -> Option<(Volume, String)> {
    let mounts = vm.state::<Mounts>();
    let best = mounts
        .table
        .iter()
        .filter(|(point, _)| {
            point == "/"
                || path == *point
                || path.strip_prefix(point.as_str()).is_some_and(|r| r.starts_with('/'))
        })
        .max_by_key(|(point, _)| point.len())?;
    let inner = if best.0 == "/" { path.to_string() } else { path[best.0.len()..].to_string() };
    Some((best.1.clone(), if inner.is_empty() { "/".into() } else { inner }))
}

/// The volume of a path, or OSError.
pub(crate) fn volume(vm: &mut Vm, path: &str) -> Result<(Volume, String), Raised> {
    match locate(vm, path) {
        Some(found) => Ok(found),
        None => Err(vm.os_error(19)),
    }
}

/// Turns the result of the file system into OSError.
pub(crate) fn check<T>(vm: &mut Vm, r: Result<T, littlefs_rust::Error>) -> Result<T, Raised> {
    r.map_err(|e| vm.os_error(lfs::errno(e)))
}

/// Calls a method of a mounted object.
pub(crate) fn user_call(vm: &mut Vm, place: usize, method: &str, args: &[Value]) -> Res {
    let object = vm.pinned(place);
    let name = vm.intern(method);
    match vm.load_method(object, name)? {
        Some((f, this)) => vm.call_method(f, this, args),
        None => Err(vm.os_error(1)),
    }
}

/// A whole file of the flash, if it is there.
pub fn read_file(vm: &mut Vm, path: &str) -> Option<Vec<u8>> {
    match locate(vm, path)? {
        (Volume::Flash(fs), path) => {
            let entry = fs.stat(&path).ok().filter(|e| !e.is_dir)?;
            fs.read(&path, 0, entry.size as usize).ok()
        }
        (Volume::User(_), _) => None,
    }
}

/// Puts a file on the flash, with the directories above it; for whoever prepares a board.
///
/// # Errors
/// The number of an OSError, if the flash is full or the name is taken by a directory.
pub fn write_file(vm: &mut Vm, path: &str, bytes: &[u8]) -> Result<(), i64> {
    let Some((Volume::Flash(fs), path)) = locate(vm, path) else { return Err(19) };
    for (i, _) in path.match_indices('/').filter(|m| m.0 > 0) {
        if fs.stat(&path[..i]).is_err() {
            fs.mkdir(&path[..i]).map_err(lfs::errno)?;
        }
    }
    fs.write(&path, 0, bytes, true).map_err(lfs::errno)
}

/// The kind of a path for `import`: whether it is a directory.
fn kind(vm: &mut Vm, path: &str) -> Result<Option<bool>, Raised> {
    match locate(vm, path) {
        Some((Volume::Flash(fs), path)) => Ok(fs.stat(&path).ok().map(|e| e.is_dir)),
        Some((Volume::User(place), path)) => {
            let name = vm.new_str(path.as_bytes())?;
            match user_call(vm, place, "stat", &[name]) {
                Ok(stat) => {
                    let mode = vm.tuple_item(stat, 0).as_int().unwrap_or(0);
                    Ok(Some(mode & 0x4000 != 0))
                }
                Err(Raised) if vm.exception_is(vm.pending, coil_vm::types::OS_ERROR) => Ok(None),
                Err(Raised) => Err(Raised),
            }
        }
        None => Ok(None),
    }
}

/// `ioctl`: the size of pieces that a stream likes to be read in; and what is used without, at
/// least, and at most.
const GET_BUFFER_SIZE: i64 = 11;
const READ_DEFAULT: i64 = 25;
const READ_MIN: i64 = 9;
const READ_MAX: i64 = 255;

fn read_any(vm: &mut Vm, path: &str) -> Result<Vec<u8>, Raised> {
    if let Some(bytes) = read_file(vm, path) {
        return Ok(bytes);
    }
    let (Volume::User(place), inner) = volume(vm, path)? else { return Err(vm.os_error(2)) };
    let (name, mode) = (vm.new_str(inner.as_bytes())?, vm.new_str(b"rb")?);
    let file = user_call(vm, place, "open", &[name, mode])?;
    vm.root(file);
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
        Err(Raised) if vm.exception_is(vm.pending, coil_vm::types::OS_ERROR) => READ_DEFAULT,
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
    let path = if root.is_empty() { name.to_string() } else { alloc::format!("{root}/{name}") };
    if kind(vm, &path)? == Some(true) {
        let init = module_file(vm, &(path.clone() + "/__init__"))?;
        return Ok(Some(Found::Package(init, path)));
    }
    let found = module_file(vm, &path)?;
    Ok(found.map(|(content, file)| Found::Source(content, file)))
}

/// The file of a module, and its name.
fn module_file(vm: &mut Vm, path: &str) -> Result<Option<(Content, String)>, Raised> {
    for ending in [".py", ".mpy"] {
        let file = String::from(path) + ending;
        if kind(vm, &file)? == Some(false) {
            return Ok(Some((Content::File(read_any), file)));
        }
    }
    Ok(None)
}

fn frozen(dir: &str, name: &str) -> Option<Found> {
    let path = if dir.is_empty() { name.to_string() } else { alloc::format!("{dir}/{name}") };
    let find = |file: &str| crate::frozen::FILES.iter().find(|f| f.0 == file);
    if let Some((file, source)) = find(&(path.clone() + ".py")) {
        let content = Content::Text(source.as_bytes().to_vec());
        return Some(Found::Source(content, (*file).into()));
    }
    let (file, source) = find(&(path.clone() + "/__init__.py"))?;
    Some(Found::Package(
        Some((Content::Text(source.as_bytes().to_vec()), (*file).into())),
        String::from(".frozen/") + &path,
    ))
}

/// `os.mount`
pub(crate) fn mount(vm: &mut Vm, object: Value, point: &str) -> Result<(), Raised> {
    let point = absolute(vm, point);
    if vm.state::<Mounts>().table.iter().any(|m| m.0 == point) {
        return Err(vm.os_error(1));
    }
    let place = vm.pin(object);
    let name = vm.intern("mount");
    if let Some((f, this)) = vm.load_method(object, name)? {
        vm.call_method(f, this, &[Value::FALSE, Value::FALSE])?;
    }
    vm.state::<Mounts>().table.push((point, Volume::User(place)));
    Ok(())
}

/// `os.umount`
pub(crate) fn umount(vm: &mut Vm, what: Value) -> Result<(), Raised> {
    let path = if vm.is_str(what) {
        let p = vm.expect_string(what)?;
        Some(absolute(vm, &p))
    } else {
        None
    };
    let table = vm.state::<Mounts>().table.clone();
    let at = table.iter().position(|(point, volume)| match (&path, volume) {
        (Some(p), _) => p == point,
        (None, Volume::User(place)) => vm.pinned(*place) == what,
        (None, Volume::Flash(_)) => false,
    });
    let Some(at) = at else { return Err(vm.os_error(22)) };
    let (_, volume) = vm.state::<Mounts>().table.remove(at);
    if let Volume::User(place) = volume {
        user_call(vm, place, "umount", &[])?;
        vm.set_pinned(place, Value::NONE);
    }
    vm.state::<Mounts>().current = "/".into();
    Ok(())
}

/// The mount table: object or nothing, and path.
pub(crate) fn mounted(vm: &mut Vm) -> Vec<(Option<Value>, String)> {
    let table = vm.state::<Mounts>().table.clone();
    table
        .into_iter()
        .map(|(point, volume)| match volume {
            Volume::User(place) => (Some(vm.pinned(place)), point),
            Volume::Flash(_) => (None, point),
        })
        .collect()
}

/// The current directory.
pub(crate) fn current(vm: &mut Vm) -> String {
    vm.state::<Mounts>().current.clone()
}

/// Changes the current directory.
pub(crate) fn chdir(vm: &mut Vm, path: &str) -> Result<(), Raised> {
    let to = absolute(vm, path);
    match volume(vm, &to)? {
        (Volume::Flash(fs), inner) => {
            let e = check(vm, fs.stat(&inner))?;
            if !e.is_dir {
                return Err(vm.os_error(2));
            }
        }
        (Volume::User(place), inner) => {
            let name = vm.new_str(inner.as_bytes())?;
            user_call(vm, place, "chdir", &[name])?;
        }
    }
    vm.state::<Mounts>().current = to;
    Ok(())
}
