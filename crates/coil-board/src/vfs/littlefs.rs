//! littlefs, made safe: the port of the C library behind an interface that owns what the library
//! points to and lends it the device for one call at a time.
#![allow(unsafe_code, reason = "the library's callbacks get the device as a raw pointer")]

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::null_mut;
use littlefs_rust_core as core_lfs;
use littlefs_rust_core::lfs_type::{lfs_open_flags as open, lfs_type as kind};
use littlefs_rust_core::{Lfs, LfsAttr, LfsConfig, LfsDir, LfsFile, LfsFileConfig, LfsInfo};

/// To be read.
pub(super) const READ: i32 = open::LFS_O_RDONLY;
/// To be written.
pub(super) const WRITE: i32 = open::LFS_O_WRONLY;
/// To be made if it is not there.
pub(super) const CREATE: i32 = open::LFS_O_CREAT;
/// Must not be there.
pub(super) const EXCLUSIVE: i32 = open::LFS_O_EXCL;
/// To be emptied.
pub(super) const TRUNCATE: i32 = open::LFS_O_TRUNC;
/// Writes go to the end.
pub(super) const APPEND: i32 = open::LFS_O_APPEND;

/// Bytes of a block at least: two smaller ones could not hold a directory's entry.
const BLOCK_MIN: u32 = 64;
/// Longest name, in bytes.
pub(super) const NAME_MAX: i64 = 255;
/// The attribute that holds when a file was changed.
const MTIME: u8 = 1;
/// Bytes of it: nanoseconds since 1970, low byte first.
const MTIME_BYTES: u32 = 8;

/// A device that holds a file system. Answers are 0 or a negative error number.
pub(super) trait Blocks {
    /// Reads inside a block.
    fn read(&mut self, block: u32, at: u32, into: &mut [u8]) -> i32;
    /// Programs inside an erased block.
    fn program(&mut self, block: u32, at: u32, bytes: &[u8]) -> i32;
    /// Erases a block.
    fn erase(&mut self, block: u32) -> i32;
    /// Writes what the device holds back.
    fn sync(&mut self) -> i32;
}

/// Sizes in bytes, but for the number of blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Geometry {
    pub(super) block_size: u32,
    pub(super) block_count: u32,
    pub(super) read_size: u32,
    pub(super) prog_size: u32,
    pub(super) lookahead: u32,
}

/// What there is under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_dir: bool,
    pub(super) size: u32,
}

/// Not open, or not for this.
const EBADF: i32 = 9;

/// An error number, positive.
pub(super) type Errno = i32;

fn done(code: i32) -> Result<u32, Errno> {
    u32::try_from(code).map_err(|_| -code)
}

/// The device of the call that runs, as a thin pointer to a `&mut dyn Blocks`.
type Slot = Cell<*mut c_void>;

/// What the library points to. It never moves: everything is behind a box of its own.
struct Inner {
    lfs: Box<MaybeUninit<Lfs>>,
    config: Box<LfsConfig>,
    device: Box<Slot>,
    _buffers: [Vec<u8>; 3],
}

impl Inner {
    fn new(g: Geometry) -> Result<Self, Errno> {
        let cache = g.block_size.min(4 * g.read_size.max(g.prog_size));
        let fits = |part: u32, whole: u32| part > 0 && whole.is_multiple_of(part);
        if !(fits(g.read_size, cache) && fits(g.prog_size, cache) && fits(cache, g.block_size))
            || g.block_size < BLOCK_MIN
            || g.block_count == 0
            || !fits(8, g.lookahead)
            || g.lookahead == 0
        {
            // The library only asserts that; a device of such sizes holds no file system.
            return Err(22);
        }
        let mut buffers = [cache, cache, g.lookahead].map(|n| alloc::vec![0; n as usize]);
        let [read, prog, look] = &mut buffers;
        let device = Box::new(Cell::new(null_mut()));
        let config = LfsConfig {
            context: core::ptr::from_ref::<Slot>(&device).cast_mut().cast(),
            read: Some(read_blocks),
            prog: Some(program_blocks),
            erase: Some(erase_block),
            sync: Some(sync_blocks),
            read_size: g.read_size,
            prog_size: g.prog_size,
            block_size: g.block_size,
            block_count: g.block_count,
            block_cycles: 100,
            cache_size: cache,
            lookahead_size: g.lookahead,
            compact_thresh: 0,
            read_buffer: read.as_mut_ptr().cast(),
            prog_buffer: prog.as_mut_ptr().cast(),
            lookahead_buffer: look.as_mut_ptr().cast(),
            name_max: 0,
            file_max: 0,
            attr_max: 0,
            metadata_max: 0,
            inline_max: 0,
        };
        let lfs = Box::new(MaybeUninit::zeroed());
        Ok(Self { lfs, config: Box::new(config), device, _buffers: buffers })
    }

    /// Runs one function of the library with a device at hand.
    fn with(
        &mut self,
        mut device: &mut dyn Blocks,
        f: impl FnOnce(*mut Lfs) -> i32,
    ) -> Result<u32, Errno> {
        self.device.set((&raw mut device).cast());
        let code = f(self.lfs.as_mut_ptr());
        self.device.set(null_mut());
        done(code)
    }
}

/// The device behind a configuration.
///
/// # Safety
/// `config` must be the one in an [`Inner`], and [`Inner::with`] must be running: then `context`
/// is its live slot, and the slot holds a pointer to the exclusive borrow that `with` was given,
/// which nothing else uses until `with` returns.
unsafe fn device<'a>(config: *const LfsConfig) -> &'a mut dyn Blocks {
    // SAFETY: the caller promises that the configuration and its slot are alive.
    let slot = unsafe { &*(*config).context.cast::<Slot>() };
    // SAFETY: the caller promises that `with` runs, so the slot points to its borrow.
    unsafe { &mut **slot.get().cast::<&'a mut dyn Blocks>() }
}

unsafe extern "C" fn read_blocks(
    c: *const LfsConfig,
    block: u32,
    at: u32,
    to: *mut u8,
    n: u32,
) -> i32 {
    // SAFETY: the library calls this inside `Inner::with`, with room for `n` bytes that it owns.
    let (device, into) = unsafe { (device(c), core::slice::from_raw_parts_mut(to, n as usize)) };
    device.read(block, at, into)
}

unsafe extern "C" fn program_blocks(
    c: *const LfsConfig,
    block: u32,
    at: u32,
    from: *const u8,
    n: u32,
) -> i32 {
    // SAFETY: the library calls this inside `Inner::with`, with `n` bytes that it owns.
    let (device, bytes) = unsafe { (device(c), core::slice::from_raw_parts(from, n as usize)) };
    device.program(block, at, bytes)
}

unsafe extern "C" fn erase_block(c: *const LfsConfig, block: u32) -> i32 {
    // SAFETY: the library calls this inside `Inner::with`.
    unsafe { device(c) }.erase(block)
}

unsafe extern "C" fn sync_blocks(c: *const LfsConfig) -> i32 {
    // SAFETY: the library calls this inside `Inner::with`.
    unsafe { device(c) }.sync()
}

/// An open file as the library wants it; it stays where it is until it is closed.
struct OpenFile {
    file: MaybeUninit<LfsFile>,
    config: LfsFileConfig,
    attribute: LfsAttr,
    mtime: Box<Cell<[u8; MTIME_BYTES as usize]>>,
    flags: i32,
    _cache: Vec<u8>,
}

/// A mounted file system with its open files and directories, which are known by number.
pub(super) struct Littlefs {
    files: Vec<Option<Box<OpenFile>>>,
    dirs: Vec<Option<Box<MaybeUninit<LfsDir>>>>,
    inner: Inner,
    geometry: Geometry,
}

fn place<T>(list: &mut Vec<Option<T>>, item: T) -> usize {
    let free = list.iter().position(Option::is_none).unwrap_or(list.len());
    if free == list.len() {
        list.push(None);
    }
    list[free] = Some(item);
    free
}

fn c_string(path: &str) -> Vec<u8> {
    path.bytes().take_while(|&b| b != 0).chain([0]).collect()
}

fn entry(info: &LfsInfo) -> Entry {
    let end = info.name.iter().position(|&b| b == 0).unwrap_or(info.name.len());
    Entry {
        name: String::from_utf8_lossy(&info.name[..end]).into_owned(),
        is_dir: u32::from(info.type_) == kind::LFS_TYPE_DIR,
        size: info.size,
    }
}

const NO_INFO: LfsInfo = LfsInfo { type_: 0, size: 0, name: [0; 256] };

impl Littlefs {
    /// Makes an empty file system.
    pub(super) fn format(device: &mut dyn Blocks, geometry: Geometry) -> Result<(), Errno> {
        let mut inner = Inner::new(geometry)?;
        let config: *const LfsConfig = &*inner.config;
        inner.with(device, |lfs| core_lfs::lfs_format(lfs, config)).map(|_| ())
    }

    /// Mounts what is there.
    pub(super) fn mount(device: &mut dyn Blocks, geometry: Geometry) -> Result<Self, Errno> {
        let mut inner = Inner::new(geometry)?;
        let config: *const LfsConfig = &*inner.config;
        inner.with(device, |lfs| core_lfs::lfs_mount(lfs, config))?;
        // A move that a power cut has interrupted is finished now: until it is, the library takes
        // files beside it for gone. A device that cannot be written stays as it is.
        let _ = inner.with(device, core_lfs::lfs_fs_mkconsistent);
        Ok(Self { files: Vec::new(), dirs: Vec::new(), inner, geometry })
    }

    /// Its sizes.
    pub(super) fn geometry(&self) -> Geometry {
        self.geometry
    }

    /// What there is under a path.
    pub(super) fn stat(&mut self, device: &mut dyn Blocks, path: &str) -> Result<Entry, Errno> {
        let (path, mut info) = (c_string(path), NO_INFO);
        self.inner.with(device, |lfs| core_lfs::lfs_stat(lfs, path.as_ptr(), &raw mut info))?;
        Ok(entry(&info))
    }

    /// When a file was changed, in nanoseconds since 1970, if that was noted.
    pub(super) fn mtime(&mut self, device: &mut dyn Blocks, path: &str) -> Option<u64> {
        let (path, mut bytes) = (c_string(path), [0; MTIME_BYTES as usize]);
        let buffer = bytes.as_mut_ptr().cast();
        let n = self.inner.with(device, |lfs| {
            core_lfs::lfs_getattr(lfs, path.as_ptr(), MTIME, buffer, MTIME_BYTES)
        });
        (n == Ok(MTIME_BYTES)).then(|| u64::from_le_bytes(bytes))
    }

    /// Makes a directory.
    pub(super) fn mkdir(&mut self, device: &mut dyn Blocks, path: &str) -> Result<(), Errno> {
        let path = c_string(path);
        self.inner.with(device, |lfs| core_lfs::lfs_mkdir(lfs, path.as_ptr())).map(|_| ())
    }

    /// Removes a file or an empty directory.
    pub(super) fn remove(&mut self, device: &mut dyn Blocks, path: &str) -> Result<(), Errno> {
        let path = c_string(path);
        self.inner.with(device, |lfs| core_lfs::lfs_remove(lfs, path.as_ptr())).map(|_| ())
    }

    /// Renames or moves.
    pub(super) fn rename(
        &mut self,
        device: &mut dyn Blocks,
        from: &str,
        to: &str,
    ) -> Result<(), Errno> {
        let (from, to) = (c_string(from), c_string(to));
        let code = |lfs| core_lfs::lfs_rename(lfs, from.as_ptr(), to.as_ptr());
        self.inner.with(device, code).map(|_| ())
    }

    /// Blocks in use, as the firmware counts them: those of directories once for themselves and once
    /// for the entry that leads to them.
    pub(super) fn used_blocks(&mut self, device: &mut dyn Blocks) -> Result<u32, Errno> {
        let blocks = self.inner.with(device, core_lfs::lfs_fs_size)?;
        Ok(blocks + 2 * self.directories(device)?)
    }

    /// How many directories there are below the root.
    fn directories(&mut self, device: &mut dyn Blocks) -> Result<u32, Errno> {
        let (mut waiting, mut count) = (alloc::vec![String::from("/")], 0);
        while let Some(path) = waiting.pop() {
            let number = self.open_dir(device, &path)?;
            loop {
                match self.read_dir(device, number) {
                    Ok(Some(e)) if e.is_dir && e.name != "." && e.name != ".." => {
                        count += 1;
                        waiting.push(path.clone() + &e.name + "/");
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(e) => {
                        self.close_dir(device, number);
                        return Err(e);
                    }
                }
            }
            self.close_dir(device, number);
        }
        Ok(count)
    }

    // ---- directories ----

    /// Opens a directory; gives its number.
    pub(super) fn open_dir(&mut self, device: &mut dyn Blocks, path: &str) -> Result<usize, Errno> {
        let (path, mut dir) = (c_string(path), Box::new(MaybeUninit::zeroed()));
        let at = dir.as_mut_ptr();
        self.inner.with(device, |lfs| core_lfs::lfs_dir_open(lfs, at, path.as_ptr()))?;
        Ok(place(&mut self.dirs, dir))
    }

    /// The next entry, `.` and `..` included; nothing at the end.
    pub(super) fn read_dir(
        &mut self,
        device: &mut dyn Blocks,
        number: usize,
    ) -> Result<Option<Entry>, Errno> {
        let dir = self.dirs.get_mut(number).and_then(Option::as_mut).ok_or(EBADF)?.as_mut_ptr();
        let mut info = NO_INFO;
        let more =
            self.inner.with(device, |lfs| core_lfs::lfs_dir_read(lfs, dir, &raw mut info))?;
        Ok((more > 0).then(|| entry(&info)))
    }

    /// Closes a directory.
    pub(super) fn close_dir(&mut self, device: &mut dyn Blocks, number: usize) {
        if let Some(mut dir) = self.dirs.get_mut(number).and_then(Option::take) {
            // Closing only unlinks it from the library's list: that cannot fail.
            let _ = self.inner.with(device, |lfs| core_lfs::lfs_dir_close(lfs, dir.as_mut_ptr()));
        }
    }

    // ---- files ----

    /// Opens a file; gives its number. With a time, the file notes when it is written.
    pub(super) fn open(
        &mut self,
        device: &mut dyn Blocks,
        path: &str,
        flags: i32,
        now_ns: Option<u64>,
    ) -> Result<usize, Errno> {
        let path = c_string(path);
        let mut cache = alloc::vec![0; self.inner.config.cache_size as usize];
        let mtime = Box::new(Cell::new(now_ns.unwrap_or(0).to_le_bytes()));
        let mut o = Box::new(OpenFile {
            file: MaybeUninit::zeroed(),
            config: LfsFileConfig {
                buffer: cache.as_mut_ptr().cast(),
                attrs: null_mut(),
                attr_count: 0,
            },
            attribute: LfsAttr { type_: MTIME, buffer: mtime.as_ptr().cast(), size: MTIME_BYTES },
            mtime,
            flags,
            _cache: cache,
        });
        if now_ns.is_some() {
            o.config.attrs = &raw mut o.attribute;
            o.config.attr_count = 1;
        }
        let (file, config) = (o.file.as_mut_ptr(), &raw const o.config);
        self.inner.with(device, |lfs| {
            core_lfs::lfs_file_opencfg(lfs, file, path.as_ptr(), flags, config)
        })?;
        Ok(place(&mut self.files, o))
    }

    /// The library only asserts that a file is open for what is done with it.
    fn check(&self, number: usize, flag: i32) -> Result<(), Errno> {
        match self.files.get(number) {
            Some(Some(f)) if f.flags & flag != 0 => Ok(()),
            _ => Err(EBADF),
        }
    }

    fn on_file(
        &mut self,
        device: &mut dyn Blocks,
        number: usize,
        f: impl FnOnce(*mut Lfs, *mut LfsFile) -> i32,
    ) -> Result<u32, Errno> {
        let file = self.files.get_mut(number).and_then(Option::as_mut).ok_or(EBADF)?;
        let file = file.file.as_mut_ptr();
        self.inner.with(device, |lfs| f(lfs, file))
    }

    /// Reads from where the file stands; how many bytes, 0 at the end.
    pub(super) fn read(
        &mut self,
        device: &mut dyn Blocks,
        number: usize,
        into: &mut [u8],
    ) -> Result<usize, Errno> {
        self.check(number, READ)?;
        let (to, n) = (into.as_mut_ptr().cast(), into.len() as u32);
        let read = |lfs, file| core_lfs::lfs_file_read(lfs, file, to, n);
        self.on_file(device, number, read).map(|n| n as usize)
    }

    /// Writes where the file stands.
    pub(super) fn write(
        &mut self,
        device: &mut dyn Blocks,
        number: usize,
        bytes: &[u8],
        now_ns: Option<u64>,
    ) -> Result<usize, Errno> {
        self.check(number, WRITE)?;
        if let (Some(now), Some(Some(f))) = (now_ns, self.files.get(number)) {
            f.mtime.set(now.to_le_bytes());
        }
        let (from, n) = (bytes.as_ptr().cast(), bytes.len() as u32);
        let write = |lfs, file| core_lfs::lfs_file_write(lfs, file, from, n);
        self.on_file(device, number, write).map(|n| n as usize)
    }

    /// Moves to a position; 0 from the start, 1 from here, 2 from the end.
    pub(super) fn seek(
        &mut self,
        device: &mut dyn Blocks,
        number: usize,
        offset: i32,
        whence: i32,
    ) -> Result<u32, Errno> {
        self.on_file(device, number, |lfs, file| core_lfs::lfs_file_seek(lfs, file, offset, whence))
    }

    /// Commits what was written.
    pub(super) fn sync(&mut self, device: &mut dyn Blocks, number: usize) -> Result<(), Errno> {
        self.on_file(device, number, core_lfs::lfs_file_sync).map(|_| ())
    }

    /// Commits what was written and lets go of the file, whether or not that worked.
    pub(super) fn close(&mut self, device: &mut dyn Blocks, number: usize) -> Result<(), Errno> {
        let closed = self.on_file(device, number, core_lfs::lfs_file_close);
        // Closing unlinks the file from the library's list even when the commit fails.
        if let Some(slot) = self.files.get_mut(number) {
            *slot = None;
        }
        closed.map(|_| ())
    }

    /// The numbers of all open files.
    pub(super) fn open_files(&self) -> Vec<usize> {
        (0..self.files.len()).filter(|&i| self.files[i].is_some()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ram(Vec<u8>);

    const SIZES: Geometry =
        Geometry { block_size: 512, block_count: 32, read_size: 32, prog_size: 32, lookahead: 32 };

    impl Blocks for Ram {
        fn read(&mut self, block: u32, at: u32, into: &mut [u8]) -> i32 {
            let at = (block * 512 + at) as usize;
            into.copy_from_slice(&self.0[at..at + into.len()]);
            0
        }
        fn program(&mut self, block: u32, at: u32, bytes: &[u8]) -> i32 {
            let at = (block * 512 + at) as usize;
            self.0[at..at + bytes.len()].copy_from_slice(bytes);
            0
        }
        fn erase(&mut self, block: u32) -> i32 {
            self.0[block as usize * 512..][..512].fill(0xff);
            0
        }
        fn sync(&mut self) -> i32 {
            0
        }
    }

    #[test]
    fn what_is_written_is_read_after_another_mount_and_its_time_is_kept() {
        let mut ram = Ram(alloc::vec![0; 512 * 32]);
        Littlefs::format(&mut ram, SIZES).unwrap();
        let mut fs = Littlefs::mount(&mut ram, SIZES).unwrap();
        let f = fs.open(&mut ram, "a", WRITE | CREATE, Some(7)).unwrap();
        let g = fs.open(&mut ram, "b", WRITE | CREATE, None).unwrap();
        assert_eq!(fs.write(&mut ram, f, &[5; 1000], Some(9)), Ok(1000));
        fs.close(&mut ram, f).unwrap();
        assert_eq!(fs.open_files(), [g]);
        drop(fs);
        let mut fs = Littlefs::mount(&mut ram, SIZES).unwrap();
        assert_eq!(fs.mtime(&mut ram, "a"), Some(9));
        let f = fs.open(&mut ram, "a", READ, None).unwrap();
        let mut back = [0; 1001];
        assert_eq!(fs.read(&mut ram, f, &mut back), Ok(1000));
        assert_eq!(back[..1000], [5; 1000]);
        assert_eq!(fs.stat(&mut ram, "c"), Err(2));
    }

    #[test]
    fn sizes_that_do_not_fit_each_other_are_refused() {
        let mut ram = Ram(alloc::vec![0; 512 * 32]);
        for bad in [
            Geometry { read_size: 0, ..SIZES },
            Geometry { read_size: 100, ..SIZES },
            Geometry { lookahead: 4, ..SIZES },
            Geometry { block_size: 0, ..SIZES },
        ] {
            assert_eq!(Littlefs::format(&mut ram, bad), Err(22));
        }
    }
}
