//! `vfs.VfsLfs2`: littlefs on a block device.

use super::Path;
use super::device::{self, Device};
use super::file::{self, Protocol};
use super::littlefs::{self, Geometry, Littlefs};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use coil_modules::time::wall_us;
use coil_vm::rom::{Args, Convention, Def, Item, TypeDef, def};
use coil_vm::{Qstr, Raised, Res, Value, Vm, types};
use core::cell::RefCell;

/// `VfsLfs2`: fields number, device.
pub(crate) static VFS_LFS2: TypeDef = TypeDef {
    name: "VfsLfs2",
    items: &[
        Item::Static(Def {
            signature: "mkfs(device, **options)",
            f: mkfs,
            convention: Convention::Raw,
        }),
        def("open(self, path, mode)", |vm, a| {
            let mode = vm.expect_string(vm.arg(a, 2))?;
            open(vm, vm.arg(a, 0), vm.arg(a, 1), &mode)
        }),
        def("ilistdir(self, path=)", ilistdir),
        def("mkdir(self, path)", |vm, a| change(vm, a, |l, d, p| l.fs.mkdir(d, p))),
        def("rmdir(self, path)", |vm, a| change(vm, a, |l, d, p| l.fs.remove(d, p))),
        def("chdir(self, path)", chdir),
        def("getcwd(self)", |vm, a| {
            let cwd = with(vm, vm.arg(a, 0), |l, _| Ok(l.cwd.clone()))?;
            let end = if cwd.len() > 1 { cwd.len() - 1 } else { 1 };
            vm.new_str(&cwd.as_bytes()[..end])
        }),
        def("remove(self, path)", |vm, a| change(vm, a, |l, d, p| l.fs.remove(d, p))),
        def("rename(self, from, to)", rename),
        def("stat(self, path)", stat),
        def("statvfs(self, path)", statvfs),
        def("mount(self, readonly, mkfs)", |vm, a| {
            if vm.truth(vm.arg(a, 1))? {
                with(vm, vm.arg(a, 0), |l, _| {
                    l.readonly = true;
                    Ok(())
                })?;
            }
            Ok(Value::NONE)
        }),
        // The object works on without being mounted.
        def("umount(self)", |_, _| Ok(Value::NONE)),
        def("__del__(self)", forget),
    ],
    new: Some(|vm, _, a| {
        let options = options(vm, a)?;
        new(vm, &options)
    }),
    ..TypeDef::EMPTY
};

/// Text files: fields number, file system.
pub(crate) static TEXT: TypeDef =
    TypeDef { name: "TextIOWrapper", print: Some(print_file), ..file::BASE };
/// Binary files: the same fields.
pub(crate) static BINARY: TypeDef =
    TypeDef { name: "FileIO", print: Some(print_file), ..file::BASE };
/// What `ilistdir` gives: fields number, file system, whether names are strings.
pub(crate) static ENTRIES: TypeDef = TypeDef {
    name: "iterator",
    items: &[def("__del__(self)", |vm, a| {
        let this = vm.arg(a, 0);
        if !file::later(vm, this, |vm, this| is_busy(vm, vm.native_field(this, OWNER))) {
            close_entries(vm, this);
        }
        Ok(Value::NONE)
    })],
    next: Some(next_entry),
    ..TypeDef::EMPTY
};

/// What open files do.
pub(super) static FILE: Protocol = Protocol {
    read: |vm, v, into| on_file(vm, v, |l, d, n| l.fs.read(d, n, into)),
    write: |vm, v, bytes| {
        let now = now_ns(vm);
        on_file(vm, v, |l, d, n| l.fs.write(d, n, bytes, l.mtime.then_some(now)))
    },
    seek: |vm, v, offset, whence| {
        let offset = i32::try_from(offset).unwrap_or(if offset < 0 { i32::MIN } else { i32::MAX });
        on_file(vm, v, |l, d, n| l.fs.seek(d, n, offset, whence as i32))
    },
    flush: |vm, v| on_file(vm, v, |l, d, n| l.fs.sync(d, n)),
    close: |vm, v| {
        if vm.native_int(v, NUMBER) < 0 {
            return Ok(());
        }
        let closed = on_file(vm, v, |l, d, n| l.fs.close(d, n));
        vm.set_native_field(v, NUMBER, Value::int(-1));
        closed
    },
    is_busy: |vm, v| is_busy(vm, vm.native_field(v, OWNER)),
};

/// Fields of everything here.
const NUMBER: usize = 0;
const DEVICE: usize = 1;
const OWNER: usize = 1;
const IS_STR: usize = 2;

const ENOENT: i32 = 2;
const EBUSY: i64 = 16;
const EINVAL: i32 = 22;
/// Seconds from 1970 to 2000.
const EPOCH: i64 = 946_684_800;

/// A mounted file system.
struct Lfs {
    fs: Littlefs,
    /// The current directory, a slash at its end.
    cwd: String,
    mtime: bool,
    readonly: bool,
}

impl Lfs {
    fn path(&self, path: &str) -> String {
        if path.starts_with('/') { path.into() } else { format!("{}{path}", self.cwd) }
    }
}

/// All of a machine's.
#[derive(Default)]
struct Volumes(Vec<Option<Rc<RefCell<Lfs>>>>);

fn now_ns(vm: &mut Vm) -> u64 {
    (wall_us(vm).saturating_add(EPOCH * 1_000_000)).saturating_mul(1000).max(0) as u64
}

fn volume(vm: &mut Vm, this: Value) -> Option<Rc<RefCell<Lfs>>> {
    let number = usize::try_from(vm.native_field(this, NUMBER).as_int()?).ok()?;
    vm.state::<Volumes>().0.get(number)?.clone()
}

fn is_busy(vm: &mut Vm, this: Value) -> bool {
    volume(vm, this).is_some_and(|v| v.try_borrow_mut().is_err())
}

/// Works on a file system; one that a device of its own calls back into is busy.
fn with<T>(
    vm: &mut Vm,
    this: Value,
    f: impl FnOnce(&mut Lfs, &mut Device<'_>) -> Result<T, i32>,
) -> Result<T, Raised> {
    let Some(volume) = volume(vm, this) else { return Err(vm.os_error(i64::from(EINVAL))) };
    let Ok(mut lfs) = volume.try_borrow_mut() else { return Err(vm.os_error(EBUSY)) };
    let device = vm.native_field(this, DEVICE);
    let mut device = Device::new(vm, device, lfs.fs.geometry().block_size, lfs.readonly);
    let answer = f(&mut lfs, &mut device);
    device.finish(answer)
}

// ---- making ----

struct Options {
    device: Value,
    sizes: [u32; 3],
    mtime: bool,
}

fn options(vm: &mut Vm, args: Args) -> Result<Options, Raised> {
    if args.n > 1 {
        return Err(vm.type_error("extra positional arguments given"));
    }
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, 1));
    }
    let mut o = Options { device: vm.arg(args, 0), sizes: [32; 3], mtime: true };
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        let at = match name.as_qstr().map(|q| vm.names.get(Qstr(q))) {
            Some(b"readsize") => 0,
            Some(b"progsize") => 1,
            Some(b"lookahead") => 2,
            Some(b"mtime") => {
                o.mtime = vm.truth(v)?;
                continue;
            }
            _ => return Err(vm.type_error("extra keyword arguments given")),
        };
        o.sizes[at] = u32::try_from(vm.expect_int(v)?).unwrap_or(0);
    }
    Ok(o)
}

/// Readies a device and asks for its sizes.
fn geometry(vm: &mut Vm, o: &Options) -> Result<Geometry, Raised> {
    Device::check(vm, o.device)?;
    let mut device = Device::new(vm, o.device, 0, false);
    device.ioctl(device::INIT, 1)?;
    let mut sizes = [0; 2];
    for (n, op) in sizes.iter_mut().zip([device::BLOCK_SIZE, device::BLOCK_COUNT]) {
        match device.ioctl(op, 0)? {
            Some(i) => *n = u32::try_from(i).unwrap_or(0),
            None => return Err(device.vm().type_error("can't convert NoneType to int")),
        }
    }
    let ([block_size, block_count], [read_size, prog_size, lookahead]) = (sizes, o.sizes);
    Ok(Geometry { block_size, block_count, read_size, prog_size, lookahead })
}

fn mkfs(vm: &mut Vm, args: Args) -> Res {
    let o = options(vm, args)?;
    let geometry = geometry(vm, &o)?;
    let mut device = Device::new(vm, o.device, geometry.block_size, false);
    let made = Littlefs::format(&mut device, geometry);
    device.finish(made)?;
    Ok(Value::NONE)
}

fn new(vm: &mut Vm, o: &Options) -> Res {
    let geometry = geometry(vm, o)?;
    let mut device = Device::new(vm, o.device, geometry.block_size, false);
    let fs = Littlefs::mount(&mut device, geometry);
    let fs = device.finish(fs)?;
    let this = vm.new_native(&VFS_LFS2, &[Value::int(-1), o.device])?;
    let lfs = Lfs { fs, cwd: "/".into(), mtime: o.mtime, readonly: false };
    let volumes = &mut vm.state::<Volumes>().0;
    let free = volumes.iter().position(Option::is_none).unwrap_or(volumes.len());
    if free == volumes.len() {
        volumes.push(None);
    }
    volumes[free] = Some(Rc::new(RefCell::new(lfs)));
    vm.set_native_field(this, NUMBER, Value::int(free as i64));
    vm.heap.add_finaliser(this.as_ref().expect("just made"));
    Ok(this)
}

/// A file system on a device, with the firmware's options.
pub(super) fn on(vm: &mut Vm, device: Value) -> Res {
    new(vm, &Options { device, sizes: [32; 3], mtime: true })
}

/// Makes an empty file system on a device, with the firmware's options.
pub(super) fn format(vm: &mut Vm, device: Value) -> Result<(), Raised> {
    let o = Options { device, sizes: [32; 3], mtime: true };
    let geometry = geometry(vm, &o)?;
    let mut device = Device::new(vm, o.device, geometry.block_size, false);
    let made = Littlefs::format(&mut device, geometry);
    device.finish(made)
}

/// Closes what is open and lets go of a file system that became garbage.
fn forget(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if file::later(vm, this, is_busy) {
        return Ok(Value::NONE);
    }
    close_files(vm, this)?;
    if let Ok(number) = usize::try_from(vm.native_field(this, NUMBER).as_int().unwrap_or(-1)) {
        vm.set_native_field(this, NUMBER, Value::int(-1));
        if let Some(slot) = vm.state::<Volumes>().0.get_mut(number) {
            *slot = None;
        }
    }
    Ok(Value::NONE)
}

/// Closes all open files, so that what was written is on the device.
pub(super) fn close_files(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    if volume(vm, this).is_none() {
        return Ok(());
    }
    with(vm, this, |l, d| {
        for n in l.fs.open_files() {
            l.fs.close(d, n)?;
        }
        Ok(())
    })
}

// ---- paths ----

fn change(
    vm: &mut Vm,
    args: Args,
    f: fn(&mut Lfs, &mut Device<'_>, &str) -> Result<(), i32>,
) -> Res {
    let path = super::path_text(vm, vm.arg(args, 1))?;
    with(vm, vm.arg(args, 0), |l, d| {
        let path = l.path(&path);
        f(l, d, &path)
    })?;
    Ok(Value::NONE)
}

fn rename(vm: &mut Vm, args: Args) -> Res {
    let from = super::path_text(vm, vm.arg(args, 1))?;
    let to = super::path_text(vm, vm.arg(args, 2))?;
    with(vm, vm.arg(args, 0), |l, d| {
        let (from, to) = (l.path(&from), l.path(&to));
        l.fs.rename(d, &from, &to)
    })?;
    Ok(Value::NONE)
}

fn chdir(vm: &mut Vm, args: Args) -> Res {
    let path = super::path_text(vm, vm.arg(args, 1))?;
    with(vm, vm.arg(args, 0), |l, d| {
        let path = l.path(&path);
        if path.len() > 1 && !l.fs.stat(d, &path).is_ok_and(|e| e.is_dir) {
            return Err(ENOENT);
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                p => parts.push(p),
            }
        }
        l.cwd = parts.iter().fold("/".into(), |all, p| all + p + "/");
        Ok(())
    })?;
    Ok(Value::NONE)
}

fn stat(vm: &mut Vm, args: Args) -> Res {
    let path = super::path_text(vm, vm.arg(args, 1))?;
    let (entry, mtime) = with(vm, vm.arg(args, 0), |l, d| {
        let path = l.path(&path);
        let entry = l.fs.stat(d, &path)?;
        Ok((entry, l.fs.mtime(d, &path)))
    })?;
    let seconds = mtime.map_or(0, |ns| (ns / 1_000_000_000) as i64 - EPOCH);
    super::stat_tuple(vm, entry.is_dir, entry.size, seconds)
}

/// What a path is for `import`: nothing, or whether it is a directory.
pub(super) fn import_stat(vm: &mut Vm, this: Value, path: &str) -> Option<bool> {
    with(vm, this, |l, d| {
        let path = l.path(path);
        Ok(l.fs.stat(d, &path).ok().map(|e| e.is_dir))
    })
    .unwrap_or(None)
}

fn statvfs(vm: &mut Vm, args: Args) -> Res {
    super::path_text(vm, vm.arg(args, 1))?;
    let (used, g) = with(vm, vm.arg(args, 0), |l, d| Ok((l.fs.used_blocks(d)?, l.fs.geometry())))?;
    let free = i64::from(g.block_count) - i64::from(used);
    super::statvfs_tuple(vm, g.block_size, g.block_count, free, littlefs::NAME_MAX)
}

// ---- directories ----

fn ilistdir(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let path = if args.n > 1 { Path::of(vm, vm.arg(args, 1))? } else { Path::empty() };
    let fields = [Value::int(-1), this, Value::bool(path.is_str)];
    let entries = vm.new_native(&ENTRIES, &fields)?;
    let number = with(vm, this, |l, d| {
        let path = l.path(&path.text);
        l.fs.open_dir(d, &path)
    })?;
    vm.set_native_field(entries, NUMBER, Value::int(number as i64));
    vm.heap.add_finaliser(entries.as_ref().expect("just made"));
    Ok(entries)
}

fn next_entry(vm: &mut Vm, this: Value) -> Res {
    let Ok(number) = usize::try_from(vm.native_int(this, NUMBER)) else { return Ok(Value::STOP) };
    let owner = vm.native_field(this, OWNER);
    let entry = with(vm, owner, |l, d| {
        loop {
            match l.fs.read_dir(d, number) {
                Ok(Some(e)) if e.name == "." || e.name == ".." => {}
                // An error ends the list as well, as in the reference.
                other => return Ok(other.unwrap_or(None)),
            }
        }
    })?;
    let Some(e) = entry else {
        close_entries(vm, this);
        return Ok(Value::STOP);
    };
    let is_str = vm.native_field(this, IS_STR) == Value::TRUE;
    super::entry_tuple(vm, &e.name, is_str, e.is_dir, e.size)
}

fn close_entries(vm: &mut Vm, this: Value) {
    let Ok(number) = usize::try_from(vm.native_int(this, NUMBER)) else { return };
    vm.set_native_field(this, NUMBER, Value::int(-1));
    let owner = vm.native_field(this, OWNER);
    let Some(volume) = volume(vm, owner) else { return };
    let Ok(mut lfs) = volume.try_borrow_mut() else { return };
    let object = vm.native_field(owner, DEVICE);
    let mut device = Device::new(vm, object, 0, true);
    lfs.fs.close_dir(&mut device, number);
}

// ---- files ----

fn flags(vm: &mut Vm, mode: &str) -> Result<(i32, &'static TypeDef), Raised> {
    let (mut flags, mut def) = (0, &TEXT);
    for c in mode.chars() {
        let new = match c {
            'r' => littlefs::READ,
            'w' => littlefs::WRITE | littlefs::CREATE | littlefs::TRUNCATE,
            'x' => littlefs::WRITE | littlefs::CREATE | littlefs::EXCLUSIVE,
            'a' => littlefs::WRITE | littlefs::CREATE | littlefs::APPEND,
            '+' => {
                flags |= littlefs::READ | littlefs::WRITE;
                continue;
            }
            'b' => {
                def = &BINARY;
                continue;
            }
            't' => {
                def = &TEXT;
                continue;
            }
            _ => continue,
        };
        if flags != 0 {
            return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
        }
        flags = new;
    }
    Ok((if flags == 0 { littlefs::READ } else { flags }, def))
}

fn open(vm: &mut Vm, this: Value, path: Value, mode: &str) -> Res {
    let (flags, def) = flags(vm, mode)?;
    let path = super::path_text(vm, path)?;
    let file = vm.new_native(def, &[Value::int(-1), this])?;
    let now = now_ns(vm);
    let number = with(vm, this, |l, d| {
        let path = l.path(&path);
        l.fs.open(d, &path, flags, l.mtime.then_some(now))
    })?;
    vm.set_native_field(file, NUMBER, Value::int(number as i64));
    vm.heap.add_finaliser(file.as_ref().expect("just made"));
    Ok(file)
}

fn on_file<T>(
    vm: &mut Vm,
    file: Value,
    f: impl FnOnce(&mut Lfs, &mut Device<'_>, usize) -> Result<T, i32>,
) -> Result<T, Raised> {
    let Ok(number) = usize::try_from(vm.native_int(file, NUMBER)) else {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    };
    let owner = vm.native_field(file, OWNER);
    with(vm, owner, |l, d| f(l, d, number))
}

fn print_file(
    vm: &mut Vm,
    v: Value,
    out: &mut Vec<u8>,
    _: coil_vm::rom::PrintKind,
) -> Result<(), Raised> {
    out.extend_from_slice(format!("<io.{}>", vm.type_name(v)).as_bytes());
    Ok(())
}
