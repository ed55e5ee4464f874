//! `vfs.VfsFat`: FAT12, FAT16 and FAT32 with long names on a block device.
//!
//! Written for boards: the mature crate keeps borrowed handles, cannot hand a machine through to a
//! device written in Python, and needs the host's standard library.

mod dir;
mod format;
mod name;
mod open;
mod volume;
mod whole;

use super::Path;
use super::device::{self, Device, EROFS};
use super::file::{self, Protocol};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use coil_modules::time::{civil, seconds_of, wall_us};
use coil_vm::rom::{Args, Convention, Def, Item, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};
use core::cell::RefCell;
use dir::{ARCHIVE, DIRECTORY, Dir, ENTRY, READ_ONLY, follow};
use open::{Mode, OpenFile};
use volume::{Fault, Sectors, Volume};
pub(super) use whole::{Memory, Whole};

/// `VfsFat`: fields number, device.
pub(crate) static VFS_FAT: TypeDef = TypeDef {
    name: "VfsFat",
    items: &[
        Item::Static(Def { signature: "mkfs(device)", f: mkfs, convention: Convention::Plain }),
        def("open(self, path, mode)", open_file),
        def("ilistdir(self, path=)", ilistdir),
        def("mkdir(self, path)", |vm, a| change(vm, a, mkdir)),
        def("rmdir(self, path)", |vm, a| change(vm, a, |v, d, path| unlink(v, d, path, true))),
        def("chdir(self, path)", |vm, a| change(vm, a, chdir)),
        def("getcwd(self)", |vm, a| {
            let path = on_volume(vm, vm.arg(a, 0), getcwd)?;
            vm.new_str(path.as_bytes())
        }),
        def("remove(self, path)", |vm, a| change(vm, a, |v, d, path| unlink(v, d, path, false))),
        def("rename(self, from, to)", |vm, a| {
            let from = super::path_text(vm, vm.arg(a, 1))?;
            let to = super::path_text(vm, vm.arg(a, 2))?;
            on_volume(vm, vm.arg(a, 0), |v, d| match rename(v, d, &from, &to) {
                Err(Fault::Exists) => {
                    // A file in the way makes room.
                    unlink(v, d, &to, false)?;
                    rename(v, d, &from, &to)
                }
                other => other,
            })?;
            Ok(Value::NONE)
        }),
        def("stat(self, path)", stat),
        def("statvfs(self, path)", |vm, a| {
            let (block, blocks, free) = on_volume(vm, vm.arg(a, 0), |v, d| {
                Ok((v.cluster_bytes(), v.entries - 2, v.free_clusters(d)?))
            })?;
            super::statvfs_tuple(vm, block, blocks, i64::from(free), name::NAME_MAX as i64)
        }),
        def("mount(self, readonly, mkfs)", mount),
        // The object works on without being mounted.
        def("umount(self)", |_, _| Ok(Value::NONE)),
        def("__del__(self)", forget),
    ],
    new: Some(|vm, _, a| {
        vm.check_args(a, 1, 1)?;
        on(vm, vm.arg(a, 0))
    }),
    ..TypeDef::EMPTY
};

/// Text files: fields number, file system, last position.
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
    read: |vm, this, into| on_file(vm, this, |v, d, f| f.read(v, d, into)),
    write: |vm, this, bytes| {
        on_file(vm, this, |v, d, f| match f.write(v, d, bytes)? {
            n if n < bytes.len() => Err(Fault::Full),
            n => Ok(n),
        })
    },
    seek: |vm, this, offset, whence| {
        if vm.native_int(this, NUMBER) < 0 {
            // A closed file knows where it stood, and tells no error.
            return Ok(vm.native_int(this, LAST) as u32);
        }
        on_file(vm, this, |v, d, f| {
            let from = match whence {
                1 => f.tell(),
                2 => f.size(),
                _ => 0,
            };
            // The reference tells no errors here: the file stays where it got to.
            let to = u32::try_from(i64::from(from) + offset).unwrap_or(u32::MAX);
            if f.seek(v, d, to).is_err() {
                return Ok(f.tell());
            }
            Ok(f.tell())
        })
    },
    flush: |vm, this| on_file(vm, this, |v, d, f| f.sync(v, d)),
    close: |vm, this| {
        let Ok(number) = usize::try_from(vm.native_int(this, NUMBER)) else { return Ok(()) };
        let last = on_file(vm, this, |v, d, f| f.sync(v, d).map(|()| f.tell()))?;
        vm.set_native_field(this, LAST, Value::int(i64::from(last)));
        vm.set_native_field(this, NUMBER, Value::int(-1));
        let owner = vm.native_field(this, OWNER);
        if let Some(fat) = fat(vm, owner)
            && let Ok(mut fat) = fat.try_borrow_mut()
        {
            fat.files[number] = None;
        }
        Ok(())
    },
    is_busy: |vm, this| is_busy(vm, vm.native_field(this, OWNER)),
};

/// Fields of everything here.
const NUMBER: usize = 0;
const DEVICE: usize = 1;
const OWNER: usize = 1;
const IS_STR: usize = 2;
/// Of a file: where it stood when it was closed.
const LAST: usize = 2;

const EBUSY: i64 = 16;
const EINVAL: i64 = 22;
/// Directories inside each other at most: a path of more has no room.
const DEPTH_MAX: usize = 128;
/// Bytes of a sector where the device does not say.
const SECTOR: u32 = 512;

/// A file system with what is open on it.
struct Fat {
    /// Nothing until the device is formatted.
    volume: Option<Volume>,
    files: Vec<Option<OpenFile>>,
    dirs: Vec<Option<Dir>>,
    sector: u32,
    readonly: bool,
}

/// All of a machine's.
#[derive(Default)]
struct Volumes(Vec<Option<Rc<RefCell<Fat>>>>);

impl Sectors for Device<'_> {
    fn read(&mut self, sector: u32, into: &mut [u8]) -> Result<(), Fault> {
        if self.read_whole(sector, into) == 0 { Ok(()) } else { Err(Fault::Disk) }
    }
    fn write(&mut self, sector: u32, bytes: &[u8]) -> Result<(), Fault> {
        match self.write_whole(sector, bytes) {
            0 => Ok(()),
            code if code == -EROFS => Err(Fault::ReadOnly),
            _ => Err(Fault::Disk),
        }
    }
    fn sync(&mut self) -> Result<(), Fault> {
        // What the device answers is not looked at, as in the reference; what it raises is.
        match self.control(device::SYNC) {
            Ok(_) => Ok(()),
            Err(Raised) => Err(Fault::Disk),
        }
    }
    fn check_writable(&mut self) -> Result<(), Fault> {
        if self.can_write() { Ok(()) } else { Err(Fault::ReadOnly) }
    }
    fn now(&mut self) -> u32 {
        let [y, mo, d, h, mi, s, ..] = civil(wall_us(self.vm()).div_euclid(1_000_000));
        let date = (y - 1980).clamp(0, 127) << 9 | mo << 5 | d;
        (date << 16 | h << 11 | mi << 5 | (s / 2)) as u32
    }
}

fn fat(vm: &mut Vm, this: Value) -> Option<Rc<RefCell<Fat>>> {
    let number = usize::try_from(vm.native_field(this, NUMBER).as_int()?).ok()?;
    vm.state::<Volumes>().0.get(number)?.clone()
}

fn is_busy(vm: &mut Vm, this: Value) -> bool {
    fat(vm, this).is_some_and(|v| v.try_borrow_mut().is_err())
}

/// Works on a file system; one that a device of its own calls back into is busy.
fn with<T>(
    vm: &mut Vm,
    this: Value,
    f: impl FnOnce(&mut Fat, &mut Device<'_>) -> Result<T, Fault>,
) -> Result<T, Raised> {
    let Some(fat) = fat(vm, this) else { return Err(vm.os_error(EINVAL)) };
    let Ok(mut fat) = fat.try_borrow_mut() else { return Err(vm.os_error(EBUSY)) };
    let device = vm.native_field(this, DEVICE);
    let mut device = Device::new(vm, device, fat.sector, fat.readonly);
    let answer = f(&mut fat, &mut device);
    device.finish(answer.map_err(Fault::errno))
}

fn on_volume<T>(
    vm: &mut Vm,
    this: Value,
    f: impl FnOnce(&mut Volume, &mut dyn Sectors) -> Result<T, Fault>,
) -> Result<T, Raised> {
    with(vm, this, |fat, d| f(fat.volume.as_mut().ok_or(Fault::NoFileSystem)?, d))
}

// ---- making ----

/// Readies a device and asks for its sizes: bytes of a sector, sectors.
fn sizes(device: &mut Device<'_>) -> Result<(u32, u32), Raised> {
    let mut size = |op, default| {
        let n = device.ioctl(op, 0)?;
        Ok(n.map_or(default, |n| u32::try_from(n).unwrap_or(0)))
    };
    Ok((size(device::BLOCK_SIZE, SECTOR)?, size(device::BLOCK_COUNT, 0)?))
}

/// What is on a device, and the bytes of its sectors.
fn look(vm: &mut Vm, object: Value) -> Result<(Option<Volume>, u32), Raised> {
    Device::check(vm, object)?;
    let mut device = Device::new(vm, object, 0, false);
    if !matches!(device.ioctl(device::INIT, 0)?, None | Some(0)) {
        // It is not ready.
        return Err(device.vm().os_error(EBUSY));
    }
    let sector = match device.ioctl(device::BLOCK_SIZE, 0)? {
        Some(n) => u32::try_from(n).unwrap_or(0),
        None => SECTOR,
    };
    let mut device = Device::new(vm, object, sector, false);
    let volume = match Volume::mount(&mut device, sector) {
        Err(Fault::NoFileSystem) => Ok(None),
        other => other.map(Some).map_err(Fault::errno),
    };
    Ok((device.finish(volume)?, sector))
}

/// A file system on a device, whether or not there is one yet.
pub(super) fn on(vm: &mut Vm, device: Value) -> Res {
    let (volume, sector) = look(vm, device)?;
    let this = vm.new_native(&VFS_FAT, &[Value::int(-1), device])?;
    let fat = Fat { volume, files: Vec::new(), dirs: Vec::new(), sector, readonly: false };
    let number = place(&mut vm.state::<Volumes>().0, Rc::new(RefCell::new(fat)));
    vm.set_native_field(this, NUMBER, Value::int(number as i64));
    vm.heap.add_finaliser(this.as_ref().expect("just made"));
    Ok(this)
}

fn place<T>(list: &mut Vec<Option<T>>, item: T) -> usize {
    let free = list.iter().position(Option::is_none).unwrap_or(list.len());
    if free == list.len() {
        list.push(None);
    }
    list[free] = Some(item);
    free
}

/// Makes an empty file system on a device.
pub(super) fn format(vm: &mut Vm, device: Value) -> Result<(), Raised> {
    let (_, sector) = look(vm, device)?;
    make(vm, device, sector, false)
}

fn make(vm: &mut Vm, object: Value, sector: u32, only_16: bool) -> Result<(), Raised> {
    let mut device = Device::new(vm, object, sector, false);
    let (_, sectors) = sizes(&mut device)?;
    let made = format::format(&mut device, sectors, sector, only_16);
    device.finish(made.map_err(Fault::errno))
}

fn mkfs(vm: &mut Vm, args: Args) -> Res {
    format(vm, vm.arg(args, 0))?;
    Ok(Value::NONE)
}

fn mount(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let (readonly, mkfs) = (vm.truth(vm.arg(args, 1))?, vm.truth(vm.arg(args, 2))?);
    let (is_missing, sector) = with(vm, this, |fat, _| {
        fat.readonly |= readonly;
        Ok((fat.volume.is_none(), fat.sector))
    })?;
    if is_missing && mkfs {
        let device = vm.native_field(this, DEVICE);
        make(vm, device, sector, true)?;
        with(vm, this, |fat, d| {
            fat.volume = Some(Volume::mount(d, sector)?);
            Ok(())
        })?;
    } else if is_missing {
        return Err(vm.os_error(i64::from(Fault::NoFileSystem.errno())));
    }
    Ok(Value::NONE)
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

/// Puts on the device what was written to files that are still open.
pub(super) fn close_files(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    if fat(vm, this).is_none() {
        return Ok(());
    }
    with(vm, this, |fat, d| {
        let Some(volume) = &mut fat.volume else { return Ok(()) };
        fat.files.iter_mut().flatten().try_for_each(|f| f.sync(volume, d))
    })
}

// ---- paths ----

fn change(
    vm: &mut Vm,
    args: Args,
    f: fn(&mut Volume, &mut dyn Sectors, &str) -> Result<(), Fault>,
) -> Res {
    let path = super::path_text(vm, vm.arg(args, 1))?;
    on_volume(vm, vm.arg(args, 0), |v, d| f(v, d, &path))?;
    Ok(Value::NONE)
}

fn mkdir(v: &mut Volume, d: &mut dyn Sectors, path: &str) -> Result<(), Fault> {
    d.check_writable()?;
    let walk = follow(v, d, path)?;
    let name = walk.name.ok_or(Fault::Exists)?;
    if walk.item.is_some() {
        return Err(Fault::Exists);
    }
    let cluster = v.grow(d, 0).map_err(|e| if e == Fault::Full { Fault::Denied } else { e })?;
    dir::clear(v, d, cluster)?;
    let (now, above, at) = (d.now(), walk.dir.number(v), v.sector_of(cluster)?);
    for (i, target) in [cluster, above].into_iter().enumerate() {
        let mut e = [0; ENTRY as usize];
        e[..11].fill(b' ');
        e[..=i].fill(b'.');
        e[11] = DIRECTORY;
        volume::put_long(&mut e, 22, now);
        v.put_cluster(&mut e, target);
        let from = i * e.len();
        v.load(d, at)?[from..from + e.len()].copy_from_slice(&e);
        v.changed();
    }
    let item = match walk.dir.register(v, d, &name, DIRECTORY) {
        Ok(item) => item,
        Err(e) => {
            v.free_chain(d, cluster, None)?;
            return Err(e);
        }
    };
    put_first(v, d, item.place, cluster)?;
    v.sync(d)
}

/// Puts the first cluster into the entry at a place.
fn put_first(
    v: &mut Volume,
    d: &mut dyn Sectors,
    (sector, at): (u32, usize),
    cluster: u32,
) -> Result<(), Fault> {
    let mut e = [0; ENTRY as usize];
    e.copy_from_slice(&v.load(d, sector)?[at..at + ENTRY as usize]);
    v.put_cluster(&mut e, cluster);
    v.load(d, sector)?[at..at + e.len()].copy_from_slice(&e);
    v.changed();
    Ok(())
}

fn chdir(v: &mut Volume, d: &mut dyn Sectors, path: &str) -> Result<(), Fault> {
    let walk = follow(v, d, path)?;
    v.current = match (walk.name, walk.item) {
        (None, _) => walk.dir.number(v),
        (Some(_), Some(item)) if item.is_dir() => v.cluster_in(&item.entry),
        (Some(name), None) if name.is_dots => walk.dir.number(v),
        _ => return Err(Fault::NoPath),
    };
    Ok(())
}

fn getcwd(v: &mut Volume, d: &mut dyn Sectors) -> Result<String, Fault> {
    let (mut names, mut at) = (Vec::new(), v.current);
    while at != 0 {
        let mut inside = Dir::open(v, at)?;
        inside.read(v, d)?;
        let above = inside.read(v, d)?.ok_or(Fault::Inconsistent)?;
        let above = v.cluster_in(&above.entry);
        let mut list = Dir::open(v, above)?;
        let name = loop {
            let item = list.read_file(v, d)?.ok_or(Fault::Inconsistent)?;
            if v.cluster_in(&item.entry) == at {
                break item.name();
            }
        };
        names.push(name);
        if names.len() > DEPTH_MAX {
            return Err(Fault::Inconsistent);
        }
        at = above;
    }
    if names.is_empty() {
        return Ok("/".into());
    }
    Ok(names.iter().rev().fold(String::new(), |all, n| all + "/" + n))
}

/// Removes a file or an empty directory.
fn unlink(v: &mut Volume, d: &mut dyn Sectors, path: &str, is_dir: bool) -> Result<(), Fault> {
    d.check_writable()?;
    let walk = follow(v, d, path)?;
    let name = walk.name.ok_or(Fault::Name)?;
    let item = walk.item.ok_or(Fault::NoFile)?;
    match (item.is_dir(), is_dir) {
        (true, false) => return Err(Fault::IsDirectory),
        (false, true) => return Err(Fault::NotDirectory),
        _ => {}
    }
    if name.is_dots {
        return Err(Fault::Name);
    }
    if item.entry[11] & READ_ONLY != 0 {
        return Err(Fault::Denied);
    }
    let first = v.cluster_in(&item.entry);
    if item.is_dir() && (first == v.current || !Dir::open(v, first)?.is_empty(v, d)?) {
        return Err(Fault::Denied);
    }
    walk.dir.remove(v, d, &item)?;
    if first != 0 {
        v.free_chain(d, first, None)?;
    }
    v.sync(d)
}

fn rename(v: &mut Volume, d: &mut dyn Sectors, from: &str, to: &str) -> Result<(), Fault> {
    d.check_writable()?;
    let old = follow(v, d, from)?;
    let item = match (&old.name, old.item) {
        (Some(name), Some(item)) if !name.is_dots => item,
        (Some(name), None) if !name.is_dots => return Err(Fault::NoFile),
        _ => return Err(Fault::Name),
    };
    let new = follow(v, d, to)?;
    let name = new.name.ok_or(Fault::Exists)?;
    if new.item.as_ref().is_some_and(|i| i.place != item.place) {
        return Err(Fault::Exists);
    }
    let made = new.dir.register(v, d, &name, item.entry[11])?;
    let mut e = item.entry;
    e[..13].copy_from_slice(&made.entry[..13]);
    e[11] = item.entry[11] | if item.is_dir() { 0 } else { ARCHIVE };
    let (sector, at) = made.place;
    v.load(d, sector)?[at..at + e.len()].copy_from_slice(&e);
    v.changed();
    let above = new.dir.number(v);
    if item.is_dir() && above != old.dir.number(v) {
        // What is above it is another directory now.
        let sector = v.sector_of(v.cluster_in(&e))?;
        if v.load(d, sector)?[ENTRY as usize + 1] == b'.' {
            put_first(v, d, (sector, ENTRY as usize), above)?;
        }
    }
    old.dir.remove(v, d, &item)?;
    v.sync(d)
}

fn stat(vm: &mut Vm, args: Args) -> Res {
    let path = super::path_text(vm, vm.arg(args, 1))?;
    if path.is_empty() || path == "/" {
        return super::stat_tuple(vm, true, 0, 0);
    }
    let item = on_volume(vm, vm.arg(args, 0), |v, d| {
        let walk = follow(v, d, &path)?;
        if walk.name.is_none_or(|n| n.is_dots) {
            return Err(Fault::Name);
        }
        walk.item.ok_or(Fault::NoFile)
    })?;
    let t = i64::from(item.changed());
    let bits = |at: u32, n: u32| t >> at & ((1 << n) - 1);
    let seconds = seconds_of(
        1980 + bits(25, 7),
        bits(21, 4),
        bits(16, 5),
        bits(11, 5),
        bits(5, 6),
        2 * bits(0, 5),
    );
    super::stat_tuple(vm, item.is_dir(), item.size(), seconds)
}

/// What a path is for `import`: nothing, or whether it is a directory.
pub(super) fn import_stat(vm: &mut Vm, this: Value, path: &str) -> Option<bool> {
    on_volume(vm, this, |v, d| Ok(follow(v, d, path)?.item.map(|i| i.is_dir()))).unwrap_or(None)
}

// ---- directories ----

fn ilistdir(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let path = if args.n > 1 { Path::of(vm, vm.arg(args, 1))? } else { Path::empty() };
    let fields = [Value::int(-1), this, Value::bool(path.is_str)];
    let entries = vm.new_native(&ENTRIES, &fields)?;
    let number = with(vm, this, |fat, d| {
        let v = fat.volume.as_mut().ok_or(Fault::NoFileSystem)?;
        let walk = follow(v, d, &path.text)?;
        let dir = match (walk.name, walk.item) {
            (None, _) => walk.dir,
            (Some(_), Some(item)) if item.is_dir() => Dir::open(v, v.cluster_in(&item.entry))?,
            (Some(name), None) if name.is_dots => walk.dir,
            _ => return Err(Fault::NoPath),
        };
        Ok(place(&mut fat.dirs, dir))
    })?;
    vm.set_native_field(entries, NUMBER, Value::int(number as i64));
    vm.heap.add_finaliser(entries.as_ref().expect("just made"));
    Ok(entries)
}

fn next_entry(vm: &mut Vm, this: Value) -> Res {
    let Ok(number) = usize::try_from(vm.native_int(this, NUMBER)) else { return Ok(Value::STOP) };
    let owner = vm.native_field(this, OWNER);
    let item = with(vm, owner, |fat, d| {
        let (Some(v), Some(Some(dir))) = (&mut fat.volume, fat.dirs.get_mut(number)) else {
            return Ok(None);
        };
        // An error ends the list as well, as in the reference.
        Ok(dir.read_file(v, d).unwrap_or(None))
    })?;
    let Some(item) = item else {
        close_entries(vm, this);
        return Ok(Value::STOP);
    };
    let is_str = vm.native_field(this, IS_STR) == Value::TRUE;
    super::entry_tuple(vm, &item.name(), is_str, item.is_dir(), item.size())
}

fn close_entries(vm: &mut Vm, this: Value) {
    let Ok(number) = usize::try_from(vm.native_int(this, NUMBER)) else { return };
    vm.set_native_field(this, NUMBER, Value::int(-1));
    let owner = vm.native_field(this, OWNER);
    if let Some(fat) = fat(vm, owner)
        && let Ok(mut fat) = fat.try_borrow_mut()
        && let Some(slot) = fat.dirs.get_mut(number)
    {
        *slot = None;
    }
}

// ---- files ----

fn open_file(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let path = super::path_text(vm, vm.arg(args, 1))?;
    let text = vm.expect_string(vm.arg(args, 2))?;
    let (mut mode, mut to_end, mut def) = (Mode::default(), false, &TEXT);
    for c in text.chars() {
        match c {
            'r' => mode.read = true,
            'w' => (mode.write, mode.create, mode.truncate) = (true, true, true),
            'x' => (mode.write, mode.create, mode.exclusive) = (true, true, true),
            'a' => (mode.write, mode.create, to_end) = (true, true, true),
            '+' => (mode.read, mode.write) = (true, true),
            'b' => def = &BINARY,
            't' => def = &TEXT,
            _ => {}
        }
    }
    let file = vm.new_native(def, &[Value::int(-1), this, Value::int(0)])?;
    let number = with(vm, this, |fat, d| {
        let v = fat.volume.as_mut().ok_or(Fault::NoFileSystem)?;
        let mut file = open::open(v, d, &path, mode)?;
        if to_end {
            let end = file.size();
            file.seek(v, d, end)?;
        }
        Ok(place(&mut fat.files, file))
    })?;
    vm.set_native_field(file, NUMBER, Value::int(number as i64));
    vm.heap.add_finaliser(file.as_ref().expect("just made"));
    Ok(file)
}

fn on_file<T>(
    vm: &mut Vm,
    file: Value,
    f: impl FnOnce(&mut Volume, &mut dyn Sectors, &mut OpenFile) -> Result<T, Fault>,
) -> Result<T, Raised> {
    let number = usize::try_from(vm.native_int(file, NUMBER)).unwrap_or(usize::MAX);
    if number == usize::MAX {
        return Err(vm.os_error(EINVAL));
    }
    let owner = vm.native_field(file, OWNER);
    with(vm, owner, |fat, d| match (&mut fat.volume, fat.files.get_mut(number)) {
        (Some(v), Some(Some(file))) => f(v, d, file),
        _ => Err(Fault::Closed),
    })
}

fn print_file(
    vm: &mut Vm,
    v: Value,
    out: &mut Vec<u8>,
    _: coil_vm::rom::PrintKind,
) -> Result<(), Raised> {
    let at = v.as_ref().map_or(0, |r| r.offset());
    out.extend_from_slice(format!("<io.{} {at:x}>", vm.type_name(v)).as_bytes());
    Ok(())
}
