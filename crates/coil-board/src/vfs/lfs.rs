//! littlefs on a region of the flash, with the firmware's parameters.

use crate::outside::Flash;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use littlefs_rust::{Config, Error, FileType, Filesystem, OpenFlags, Storage};

/// Bytes of an erase block.
const BLOCK: u32 = 4096;

/// A region of the flash as blocks.
pub(crate) struct Region {
    flash: Rc<RefCell<Box<dyn Flash>>>,
    start: u32,
}

impl Storage for Region {
    fn read(&mut self, block: u32, offset: u32, buf: &mut [u8]) -> Result<(), Error> {
        self.flash
            .borrow_mut()
            .read(self.start + block * BLOCK + offset, buf)
            .map_err(|_| Error::Io)
    }
    fn write(&mut self, block: u32, offset: u32, data: &[u8]) -> Result<(), Error> {
        self.flash
            .borrow_mut()
            .program(self.start + block * BLOCK + offset, data)
            .map_err(|_| Error::Io)
    }
    fn erase(&mut self, block: u32) -> Result<(), Error> {
        self.flash.borrow_mut().erase(self.start + block * BLOCK, BLOCK).map_err(|_| Error::Io)
    }
}

/// A mounted file system.
pub(crate) struct Lfs {
    fs: Filesystem<Region>,
    blocks: u32,
}

/// What there is under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) is_dir: bool,
    pub(crate) size: u32,
}

fn config(blocks: u32) -> Config {
    Config {
        read_size: 32,
        prog_size: 32,
        block_cycles: 100,
        cache_size: 128,
        lookahead_size: 32,
        ..Config::new(BLOCK, blocks)
    }
}

impl Lfs {
    /// Mounts what is there.
    pub(crate) fn mount(flash: Rc<RefCell<Box<dyn Flash>>>, start: u32) -> Result<Self, Error> {
        let blocks = (flash.borrow().len() - start) / BLOCK;
        match Filesystem::mount(Region { flash, start }, config(blocks)) {
            Ok(fs) => Ok(Self { fs, blocks }),
            Err((e, _)) => Err(e),
        }
    }

    /// Makes an empty file system.
    pub(crate) fn format(flash: Rc<RefCell<Box<dyn Flash>>>, start: u32) -> Result<(), Error> {
        let blocks = (flash.borrow().len() - start) / BLOCK;
        Filesystem::format(&mut Region { flash, start }, &config(blocks))
    }

    pub(crate) fn stat(&self, path: &str) -> Result<Entry, Error> {
        if path.is_empty() || path == "/" {
            return Ok(Entry { name: String::new(), is_dir: true, size: 0 });
        }
        let m = self.fs.stat(path)?;
        Ok(Entry { name: m.name, is_dir: m.file_type == FileType::Dir, size: m.size })
    }

    pub(crate) fn list(&self, path: &str) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for e in self.fs.list_dir(if path.is_empty() { "/" } else { path })? {
            if e.name != "." && e.name != ".." {
                entries.push(Entry {
                    name: e.name,
                    is_dir: e.file_type == FileType::Dir,
                    size: e.size,
                });
            }
        }
        Ok(entries)
    }

    /// Reads up to `n` bytes from an offset.
    pub(crate) fn read(&self, path: &str, at: u32, n: usize) -> Result<Vec<u8>, Error> {
        let file = self.fs.open(path, OpenFlags::READ)?;
        let size = file.size();
        let mut bytes = alloc::vec![0; n.min(size.saturating_sub(at) as usize)];
        if !bytes.is_empty() {
            file.seek(littlefs_rust::SeekFrom::Start(at))?;
            let mut done = 0;
            while done < bytes.len() {
                match file.read(&mut bytes[done..])? {
                    0 => break,
                    n => done += n as usize,
                }
            }
            bytes.truncate(done);
        }
        file.close()?;
        Ok(bytes)
    }

    /// Writes at an offset; `truncate` empties the file first. All of it is on the flash, or
    /// nothing, when the power goes in between.
    pub(crate) fn write(
        &self,
        path: &str,
        at: u32,
        bytes: &[u8],
        truncate: bool,
    ) -> Result<(), Error> {
        let mut flags = OpenFlags::READ | OpenFlags::WRITE | OpenFlags::CREATE;
        if truncate {
            flags |= OpenFlags::TRUNC;
        }
        let file = self.fs.open(path, flags)?;
        file.seek(littlefs_rust::SeekFrom::Start(at))?;
        let mut done = 0;
        while done < bytes.len() {
            done += file.write(&bytes[done..])? as usize;
        }
        file.close()
    }

    pub(crate) fn mkdir(&self, path: &str) -> Result<(), Error> {
        self.fs.mkdir(path)
    }

    pub(crate) fn remove(&self, path: &str) -> Result<(), Error> {
        self.fs.remove(path)
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        self.fs.rename(from, to)
    }

    /// All blocks and free blocks.
    pub(crate) fn space(&self) -> (u32, u32) {
        (self.blocks, self.blocks.saturating_sub(self.fs.fs_size().unwrap_or(self.blocks)))
    }
}

/// The error number of a file system error.
pub(crate) const fn errno(e: Error) -> i64 {
    match e {
        Error::NoEntry => 2,
        Error::Exists => 17,
        Error::NotDir => 20,
        Error::IsDir => 21,
        Error::NotEmpty => 39,
        Error::Invalid => 22,
        Error::NoSpace => 28,
        Error::NoMemory => 12,
        Error::NameTooLong => 36,
        Error::Corrupt => 84,
        _ => 5,
    }
}
