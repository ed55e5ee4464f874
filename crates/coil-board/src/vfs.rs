//! Files of a board: the mount table, and paths that lead through it.
//!
//! Everything mounted is an object with the methods of a file system, the firmware's own included.

mod device;
pub(crate) mod fat;
mod file;
pub mod image;
mod import;
pub(crate) mod lfs;
mod littlefs;

use crate::chip::Chip;
use crate::flash::{self, Partition, TYPE_DATA};
use crate::modules::esp32::partition;
use crate::profile::FileSystem;
use crate::repl::{self, Ended};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use coil_vm::compiler::Mode;
use coil_vm::rom::TypeDef;
use coil_vm::{Raised, Res, Value, Vm, types};
use device::Device;

pub(crate) use fat::VFS_FAT;
pub use import::import;
pub(crate) use lfs::VFS_LFS2;

/// The mode of a directory in what `stat` gives.
pub(crate) const MODE_DIR: i64 = 0x4000;
/// The mode of a file.
const MODE_FILE: i64 = 0x8000;

const EPERM: i64 = 1;
const EEXIST: i64 = 17;
const ENODEV: i64 = 19;
const EINVAL: i64 = 22;
/// Longest path, as `statvfs` of an empty root tells it.
const PATH_MAX: i64 = 128;

#[derive(Clone)]
struct Mount {
    point: String,
    /// Where the machine keeps the object.
    place: usize,
}

/// The mount table of a running machine. What is mounted at `/` stands last.
#[derive(Default)]
pub(crate) struct Mounts {
    table: Vec<Mount>,
    /// The place of the object with the current directory; nothing for the root.
    current: Option<usize>,
    free: Vec<usize>,
}

/// A path argument.
pub(crate) struct Path {
    text: String,
    is_str: bool,
}

impl Path {
    /// The path in a string or bytes.
    pub(crate) fn of(vm: &mut Vm, v: Value) -> Result<Self, Raised> {
        Ok(Self { text: path_text(vm, v)?, is_str: vm.is_str(v) })
    }

    /// The current directory.
    pub(crate) fn empty() -> Self {
        Self { text: String::new(), is_str: true }
    }
}

/// The text of a path argument: a string or bytes.
fn path_text(vm: &mut Vm, v: Value) -> Result<String, Raised> {
    if vm.type_of(v) != types::BYTES.into() {
        return vm.expect_string(v);
    }
    let bytes = vm.expect_bytes_like(v)?;
    String::from_utf8(bytes).map_err(|_| vm.raise_value(types::UNICODE_ERROR, Value::NULL))
}

/// Where a path leads.
enum At {
    /// Nothing is mounted there.
    Nowhere,
    /// To the root, which need not be mounted.
    Root,
    /// Into the object at this place, by the rest of the path.
    In(usize, String),
}

fn look_up(vm: &mut Vm, path: &str) -> At {
    let mounts = vm.state::<Mounts>();
    if let (false, Some(current)) = (path.starts_with('/'), mounts.current) {
        return At::In(current, path.into());
    }
    let inside = path.strip_prefix('/').unwrap_or(path);
    if inside.is_empty() {
        return At::Root;
    }
    for m in &mounts.table {
        let point = m.point.get(1..).unwrap_or("");
        if point.is_empty() {
            return At::In(m.place, path.into());
        }
        match inside.strip_prefix(point) {
            Some("") => return At::In(m.place, "/".into()),
            Some(rest) if rest.starts_with('/') => return At::In(m.place, rest.into()),
            _ => {}
        }
    }
    At::Nowhere
}

/// What is mounted at `/`.
fn root(vm: &mut Vm) -> Option<usize> {
    vm.state::<Mounts>().table.iter().find(|m| m.point.len() <= 1).map(|m| m.place)
}

/// Calls a method of the object at a place.
fn proxy(vm: &mut Vm, place: usize, method: &str, args: &[Value]) -> Res {
    let object = vm.pinned(place);
    vm.root(object);
    let name = vm.intern(method);
    match vm.load_method(object, name)? {
        Some((f, this)) => vm.call_method(f, this, args),
        None => Err(vm.attribute_error(object, name)),
    }
}

fn path_value(vm: &mut Vm, text: &str, is_str: bool) -> Res {
    if is_str { vm.new_str(text.as_bytes()) } else { vm.new_bytes(text.as_bytes()) }
}

/// Calls a method for a path, which becomes the first argument.
fn delegate(vm: &mut Vm, path: &Path, method: &str, more: &[Value]) -> Res {
    match look_up(vm, &path.text) {
        At::Nowhere => Err(vm.os_error(ENODEV)),
        At::Root => Err(vm.os_error(EPERM)),
        At::In(place, rest) => {
            let rest = path_value(vm, &rest, path.is_str)?;
            let mut args = alloc::vec![rest];
            args.extend_from_slice(more);
            proxy(vm, place, method, &args)
        }
    }
}

// ---- what `os` and `open` do ----

/// `open(path, mode)`
pub(crate) fn open(vm: &mut Vm, path: Value, mode: Value) -> Res {
    let path = Path::of(vm, path)?;
    let mode = if mode.is_null() { vm.new_str(b"r")? } else { mode };
    delegate(vm, &path, "open", &[mode])
}

/// `remove`, `rmdir`
pub(crate) fn change(vm: &mut Vm, path: Value, method: &str) -> Res {
    let path = Path::of(vm, path)?;
    delegate(vm, &path, method, &[])
}

/// `mkdir`
pub(crate) fn mkdir(vm: &mut Vm, path: Value) -> Res {
    let path = Path::of(vm, path)?;
    match look_up(vm, &path.text) {
        At::Root => Err(vm.os_error(EEXIST)),
        At::In(_, rest) if rest == "/" => Err(vm.os_error(EEXIST)),
        _ => delegate(vm, &path, "mkdir", &[]),
    }
}

/// `rename`
pub(crate) fn rename(vm: &mut Vm, from: Value, to: Value) -> Res {
    let (from, to) = (Path::of(vm, from)?, Path::of(vm, to)?);
    match (look_up(vm, &from.text), look_up(vm, &to.text)) {
        (At::In(a, _), At::In(b, rest)) if a == b => {
            let rest = path_value(vm, &rest, to.is_str)?;
            delegate(vm, &from, "rename", &[rest])
        }
        (At::Nowhere, At::Nowhere) => Err(vm.os_error(ENODEV)),
        _ => Err(vm.os_error(EPERM)),
    }
}

/// `stat`
pub(crate) fn stat(vm: &mut Vm, path: Value) -> Res {
    let path = Path::of(vm, path)?;
    if let At::Root = look_up(vm, &path.text) {
        return stat_tuple(vm, true, 0, 0);
    }
    delegate(vm, &path, "stat", &[])
}

/// `statvfs`
pub(crate) fn statvfs(vm: &mut Vm, path: Value) -> Res {
    let path = Path::of(vm, path)?;
    if let At::Root = look_up(vm, &path.text) {
        return match root(vm) {
            Some(place) => {
                let slash = vm.new_str(b"/")?;
                proxy(vm, place, "statvfs", &[slash])
            }
            None => statvfs_tuple(vm, 0, 0, 0, PATH_MAX),
        };
    }
    delegate(vm, &path, "statvfs", &[])
}

/// `getcwd`
pub(crate) fn getcwd(vm: &mut Vm) -> Res {
    let Some(place) = vm.state::<Mounts>().current else { return vm.new_str(b"/") };
    let inner = proxy(vm, place, "getcwd", &[])?;
    let mounts = vm.state::<Mounts>();
    let point = mounts.table.iter().find(|m| m.place == place).map(|m| m.point.clone());
    match point {
        Some(point) if point.len() > 1 => {
            let inner = vm.expect_string(inner)?;
            let whole = if inner == "/" { point } else { point + &inner };
            vm.new_str(whole.as_bytes())
        }
        _ => Ok(inner),
    }
}

/// `chdir`
pub(crate) fn chdir(vm: &mut Vm, path: Value) -> Res {
    let path = Path::of(vm, path)?;
    let to = match look_up(vm, &path.text) {
        At::Root => {
            // Relative paths then begin at the root of what is mounted there.
            if let Some(place) = root(vm) {
                let slash = vm.new_str(b"/")?;
                proxy(vm, place, "chdir", &[slash])?;
            }
            None
        }
        At::In(place, _) => {
            delegate(vm, &path, "chdir", &[])?;
            Some(place)
        }
        At::Nowhere => return Err(vm.os_error(ENODEV)),
    };
    vm.state::<Mounts>().current = to;
    Ok(Value::NONE)
}

/// `ilistdir`
pub(crate) fn ilistdir(vm: &mut Vm, path: &Path) -> Res {
    if let At::Root = look_up(vm, &path.text) {
        let fields = [Value::int(0), Value::NULL, Value::bool(path.is_str)];
        return vm.new_native(&ROOT_ENTRIES, &fields);
    }
    delegate(vm, path, "ilistdir", &[])
}

/// The entries of the root: fields next mount, iterator of what is mounted there, string names.
pub(crate) static ROOT_ENTRIES: TypeDef =
    TypeDef { name: "iterator", next: Some(next_root_entry), ..TypeDef::EMPTY };

fn next_root_entry(vm: &mut Vm, this: Value) -> Res {
    let iterator = vm.native_field(this, 1);
    if !iterator.is_null() {
        return vm.next(iterator);
    }
    let at = vm.native_int(this, 0) as usize;
    let Some(m) = vm.state::<Mounts>().table.get(at).cloned() else { return Ok(Value::STOP) };
    vm.set_native_field(this, 0, Value::int(at as i64 + 1));
    if m.point.len() > 1 {
        let is_str = vm.native_field(this, 2) == Value::TRUE;
        let name = path_value(vm, &m.point[1..], is_str)?;
        return vm.new_tuple(&[name, Value::int(MODE_DIR), Value::int(0)]);
    }
    let slash = vm.new_str(b"/")?;
    let entries = proxy(vm, m.place, "ilistdir", &[slash])?;
    vm.root(entries);
    let iterator = vm.iter(entries)?;
    vm.set_native_field(this, 1, iterator);
    vm.next(iterator)
}

// ---- tuples that every file system gives ----

fn stat_tuple(vm: &mut Vm, is_dir: bool, size: u32, seconds: i64) -> Res {
    let time = vm.new_int(seconds)?;
    let mut fields = [Value::int(0); 10];
    fields[0] = Value::int(if is_dir { MODE_DIR } else { MODE_FILE });
    fields[6] = Value::int(i64::from(size));
    fields[7..].fill(time);
    vm.new_tuple(&fields)
}

fn statvfs_tuple(vm: &mut Vm, block: u32, blocks: u32, free: i64, name_max: i64) -> Res {
    let mut fields = [Value::int(0); 10];
    fields[..2].fill(Value::int(i64::from(block)));
    fields[2] = Value::int(i64::from(blocks));
    fields[3..5].fill(Value::int(free));
    fields[9] = Value::int(name_max);
    vm.new_tuple(&fields)
}

fn entry_tuple(vm: &mut Vm, name: &str, is_str: bool, is_dir: bool, size: u32) -> Res {
    let name = path_value(vm, name, is_str)?;
    let mode = if is_dir { MODE_DIR } else { MODE_FILE };
    vm.new_tuple(&[name, Value::int(mode), Value::int(0), Value::int(i64::from(size))])
}

// ---- mounting ----

/// The file system on a block device: littlefs by its signature, FAT otherwise.
fn detect(vm: &mut Vm, device: Value) -> Res {
    const SIGNATURE_AT: u32 = 8;
    let mut found = false;
    let looked = Device::check(vm, device).and_then(|()| {
        // The signature is in both of the first two blocks, one of which may be half written.
        for block in 0..2 {
            let (mut head, mut d) = ([0; 44], Device::new(vm, device, flash::SECTOR, false));
            let code = littlefs::Blocks::read(&mut d, block, SIGNATURE_AT, &mut head);
            d.finish(Ok(()))?;
            found |= code == 0 && head.starts_with(b"littlefs");
        }
        Ok(())
    });
    // An object that cannot be asked like this holds no littlefs.
    if looked.is_ok() && found { lfs::on(vm, device) } else { fat::on(vm, device) }
}

/// `mount(object, point, readonly, mkfs)`
pub(crate) fn mount(
    vm: &mut Vm,
    object: Value,
    point: Value,
    readonly: Value,
    mkfs: Value,
) -> Result<(), Raised> {
    let point = vm.expect_string(point)?;
    let name = vm.intern("mount");
    let object = if vm.load_method(object, name)?.is_some() { object } else { detect(vm, object)? };
    vm.root(object);
    match vm.load_method(object, name)? {
        Some((f, this)) => vm.call_method(f, this, &[readonly, mkfs])?,
        None => return Err(vm.attribute_error(object, name)),
    };
    if let At::In(place, _) = look_up(vm, &point) {
        // What is mounted at the root may have others mounted below it.
        if point.len() == 1 || root(vm) != Some(place) {
            return Err(vm.os_error(EPERM));
        }
    }
    let place = match vm.state::<Mounts>().free.pop() {
        Some(place) => {
            vm.set_pinned(place, object);
            place
        }
        None => vm.pin(object),
    };
    let table = &mut vm.state::<Mounts>().table;
    let at = table.iter().position(|m| m.point.len() == 1).unwrap_or(table.len());
    table.insert(at, Mount { point, place });
    Ok(())
}

/// `umount(object or point)`
pub(crate) fn umount(vm: &mut Vm, what: Value) -> Result<(), Raised> {
    let point = if vm.is_str(what) { Some(vm.expect_string(what)?) } else { None };
    let table = vm.state::<Mounts>().table.clone();
    let at =
        table.iter().position(|m| point.as_ref() == Some(&m.point) || vm.pinned(m.place) == what);
    let Some(at) = at else { return Err(vm.os_error(EINVAL)) };
    let mounts = vm.state::<Mounts>();
    let Mount { place, .. } = mounts.table.remove(at);
    if mounts.current == Some(place) {
        mounts.current = None;
    }
    let done = proxy(vm, place, "umount", &[]);
    vm.set_pinned(place, Value::NONE);
    vm.state::<Mounts>().free.push(place);
    done.map(|_| ())
}

/// The mount table: object and path.
pub(crate) fn mounted(vm: &mut Vm) -> Vec<(Value, String)> {
    let table = vm.state::<Mounts>().table.clone();
    table.into_iter().map(|m| (vm.pinned(m.place), m.point)).collect()
}

// ---- the firmware's own file system ----

/// What starts the setup of a flash without a file system, in the line that the chip's traceback
/// tells; it leaves no name behind.
const SETUP: &str = "\n\n\n\n\n\n\n\n\n\n__import__('inisetup').setup()\n";
const SETUP_FILE: &str = "_boot.py";

/// How the files got ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mounted {
    /// They are there, or the prompt has to do without.
    Done,
    /// The chip resets or loses its power meanwhile.
    Leave,
}

/// Mounts the file system of the flash at `/`, as the firmware does when it starts: an erased flash
/// gets one, and one that is corrupt is complained about until Ctrl-C. A program that runs without
/// the chip's console gets its files without a word, or none.
pub fn mount_root(vm: &mut Vm, has_console: bool) -> Mounted {
    let mark = vm.mark();
    let is_mounted = mount_flash(vm);
    vm.pending = Value::NULL;
    vm.release(mark);
    match is_mounted {
        Ok(()) => return Mounted::Done,
        Err(Raised) if vm.aborting => return Mounted::Leave,
        Err(Raised) => {}
    }
    let ended = if has_console {
        repl::execute(vm, SETUP.as_bytes(), SETUP_FILE, Mode::Module, false)
    } else {
        set_up(vm)
    };
    if ended == Ended::Well {
        prepare(vm);
    }
    if ended == Ended::Leave { Mounted::Leave } else { Mounted::Done }
}

/// The partition for files as a block device, and the bytes of a block; nothing where there is none.
fn files_device(vm: &mut Vm) -> Result<Option<(Value, u32)>, Raised> {
    let all = flash::partitions(Chip::of(vm));
    let placed =
        Chip::of(vm).profile.flash.files.map(|place| Partition::of_files(place.offset, place.size));
    let data = |label: &str| all.iter().find(|p| p.kind == TYPE_DATA && p.label == label);
    let (p, block) = match (&placed, data("vfs"), data("ffat")) {
        (Some(p), ..) | (None, Some(p), _) => (p, flash::SECTOR),
        (None, None, Some(p)) => (p, 512),
        (None, None, None) => return Ok(None),
    };
    partition::make(vm, Some(p), i64::from(block)).map(|device| Some((device, block)))
}

fn mount_flash(vm: &mut Vm) -> Result<(), Raised> {
    // Without a partition for files there are none.
    let Some((device, _)) = files_device(vm)? else { return Ok(()) };
    let point = vm.new_str(b"/")?;
    mount(vm, device, point, Value::FALSE, Value::FALSE)
}

/// What the `boot.py` of a fresh file system says; `inisetup.py` has it too.
const BOOT_PY: &str = "# This file is executed on every boot (including wake-boot from deepsleep)\n#import esp\n#esp.osdebug(None)\n#import webrepl\n#webrepl.start()\n";

/// The setup without Python: for a program, which goes on without files where they are corrupt.
fn set_up(vm: &mut Vm) -> Ended {
    let mark = vm.mark();
    let done = make_files(vm);
    vm.pending = Value::NULL;
    vm.release(mark);
    match done {
        Ok(()) => Ended::Well,
        Err(Raised) if vm.aborting => Ended::Leave,
        Err(Raised) => {
            vm.write_console(
                b"the file system of the flash is corrupt, the program has no files\n",
            );
            Ended::Raised
        }
    }
}

fn make_files(vm: &mut Vm) -> Result<(), Raised> {
    let Some((device, block)) = files_device(vm)? else { return Ok(()) };
    let mut head = vec![0; block as usize];
    let mut d = Device::new(vm, device, block, false);
    let read = littlefs::Blocks::read(&mut d, 0, 0, &mut head);
    d.finish(Ok(()))?;
    if read != 0 || head.iter().any(|&b| b != 0xff) {
        return Err(Raised);
    }
    let is_lfs =
        block == flash::SECTOR && Chip::of(vm).profile.flash.file_system == FileSystem::Littlefs;
    let fs = if is_lfs {
        lfs::format(vm, device)?;
        lfs::on(vm, device)?
    } else {
        fat::format(vm, device)?;
        fat::on(vm, device)?
    };
    let point = vm.new_str(b"/")?;
    mount(vm, fs, point, Value::FALSE, Value::FALSE)?;
    write_file(vm, "boot.py", BOOT_PY.as_bytes())
}

/// Puts on a new file system what its owner wants there, and the libraries of the firmware's image.
fn prepare(vm: &mut Vm) {
    let mark = vm.mark();
    let profile = Chip::of(vm).profile.clone();
    let mut prepared = core::mem::take(&mut Chip::of(vm).files);
    for file in &profile.modules.lib {
        if let Some(source) = crate::frozen::source(&profile.modules, file) {
            prepared.push((alloc::format!("/lib/{file}"), source.as_bytes().to_vec()));
        }
    }
    for (path, content) in prepared {
        if write_file(vm, &path, &content).is_err() {
            let e = core::mem::replace(&mut vm.pending, Value::NULL);
            let errno = vm.exception_value(e).as_int().unwrap_or(0);
            let text = alloc::format!("{path}: not on the flash, error {errno}\r\n");
            vm.write_console(text.as_bytes());
        }
    }
    vm.release(mark);
}

/// Puts on the flash what programs wrote to files that they left open: a soft reset closes them.
pub(crate) fn close_all(vm: &mut Vm) {
    for (object, _) in mounted(vm) {
        let (lfs, fat) = (vm.type_value(&VFS_LFS2), vm.type_value(&VFS_FAT));
        let class = vm.type_of(object);
        // A device that fails now has nobody to tell.
        let _ = if class == lfs {
            lfs::close_files(vm, object)
        } else if class == fat {
            fat::close_files(vm, object)
        } else {
            Ok(())
        };
    }
}

/// A whole file, if it is there.
pub fn read_file(vm: &mut Vm, path: &str) -> Option<Vec<u8>> {
    let mark = vm.mark();
    let found = match import::kind(vm, path) {
        Some(false) => import::read(vm, path).ok(),
        _ => None,
    };
    vm.release(mark);
    found
}

/// The content of a file, or OSError.
pub(crate) fn read_whole(vm: &mut Vm, path: &str) -> Result<Vec<u8>, Raised> {
    import::read(vm, path)
}

/// Puts a file in place, with the directories above it; for whoever prepares a board.
fn write_file(vm: &mut Vm, path: &str, bytes: &[u8]) -> Result<(), Raised> {
    for (i, _) in path.match_indices('/').filter(|m| m.0 > 0) {
        if import::kind(vm, &path[..i]).is_none() {
            let dir = vm.new_str(&path.as_bytes()[..i])?;
            mkdir(vm, dir)?;
        }
    }
    let (name, mode) = (vm.new_str(path.as_bytes())?, vm.new_str(b"wb")?);
    let file = open(vm, name, mode)?;
    vm.root(file);
    for (method, part) in
        bytes.chunks(4096).map(|part| ("write", Some(part))).chain([("close", None)])
    {
        let mark = vm.mark();
        let name = vm.intern(method);
        let f = vm.get_attr(file, name)?;
        vm.root(f);
        match part {
            Some(part) => {
                let part = vm.new_bytes(part)?;
                vm.call(f, &[part])?;
            }
            None => {
                vm.call(f, &[])?;
            }
        }
        vm.release(mark);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_setups_write_the_same_boot_py() {
        let (_, source) =
            crate::frozen::FILES.iter().find(|f| f.0 == "inisetup.py").expect("it is frozen");
        assert!(source.contains(super::BOOT_PY));
    }
}
