//! A FAT volume in a piece of memory, for whoever makes or reads images without a board.

use super::dir::Dir;
use super::open::{self, Mode};
use super::volume::{Done, Fault, Sectors, Volume};
use super::{follow, format, mkdir};
use crate::vfs::image::Entry;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The first day that FAT can name: images of the same files are the same.
const DAY_ONE: u32 = 0x0021_0000;
/// Directories inside each other at most.
const DEPTH_MAX: usize = 64;

/// A volume of memory.
pub(in crate::vfs) struct Memory<'a> {
    pub(in crate::vfs) bytes: &'a mut [u8],
    pub(in crate::vfs) sector: u32,
}

impl Memory<'_> {
    fn place(&self, sector: u32, len: usize) -> Done<core::ops::Range<usize>> {
        let at = sector as usize * self.sector as usize;
        if at + len <= self.bytes.len() { Ok(at..at + len) } else { Err(Fault::Disk) }
    }
}

impl Sectors for Memory<'_> {
    fn read(&mut self, sector: u32, into: &mut [u8]) -> Result<(), Fault> {
        into.copy_from_slice(&self.bytes[self.place(sector, into.len())?]);
        Ok(())
    }
    fn write(&mut self, sector: u32, bytes: &[u8]) -> Result<(), Fault> {
        let place = self.place(sector, bytes.len())?;
        self.bytes[place].copy_from_slice(bytes);
        Ok(())
    }
    fn sync(&mut self) -> Result<(), Fault> {
        Ok(())
    }
    fn check_writable(&mut self) -> Result<(), Fault> {
        Ok(())
    }
    fn now(&mut self) -> u32 {
        DAY_ONE
    }
}

/// A volume with what it is in.
pub(in crate::vfs) struct Whole<'a> {
    volume: Volume,
    memory: Memory<'a>,
}

impl<'a> Whole<'a> {
    /// Makes an empty one.
    pub(in crate::vfs) fn format(memory: &mut Memory<'_>) -> Result<(), i32> {
        let sectors = (memory.bytes.len() / memory.sector as usize) as u32;
        let sector = memory.sector;
        format::format(memory, sectors, sector, false).map_err(Fault::errno)
    }

    /// Mounts what is there.
    pub(in crate::vfs) fn mount(mut memory: Memory<'a>) -> Result<Self, i32> {
        let sector = memory.sector;
        let volume = Volume::mount(&mut memory, sector).map_err(Fault::errno)?;
        Ok(Self { volume, memory })
    }

    /// All files and directories.
    pub(in crate::vfs) fn list(&mut self) -> Result<Vec<Entry>, i32> {
        self.walk().map_err(Fault::errno)
    }

    fn walk(&mut self) -> Done<Vec<Entry>> {
        let (v, d) = (&mut self.volume, &mut self.memory);
        let (mut waiting, mut all) = (vec![(String::from("/"), 0, 0)], Vec::new());
        while let Some((path, first, depth)) = waiting.pop() {
            if depth > DEPTH_MAX {
                return Err(Fault::Inconsistent);
            }
            let mut dir = Dir::open(v, first)?;
            while let Some(item) = dir.read_file(v, d)? {
                let inside = path.clone() + &item.name();
                if item.is_dir() {
                    waiting.push((inside.clone() + "/", v.cluster_in(&item.entry), depth + 1));
                }
                all.push(Entry { path: inside, is_dir: item.is_dir(), size: item.size() });
            }
        }
        Ok(all)
    }

    /// The content of a file.
    pub(in crate::vfs) fn read(&mut self, path: &str) -> Result<Vec<u8>, i32> {
        let (v, d) = (&mut self.volume, &mut self.memory);
        let mut get = || {
            let mut file = open::open(v, d, path, Mode { read: true, ..Mode::default() })?;
            let mut bytes = vec![0; (file.size() as usize).min(d.bytes.len())];
            let n = file.read(v, d, &mut bytes)?;
            bytes.truncate(n);
            Ok(bytes)
        };
        get().map_err(Fault::errno)
    }

    /// Makes a directory.
    pub(in crate::vfs) fn mkdir(&mut self, path: &str) -> Result<(), i32> {
        mkdir(&mut self.volume, &mut self.memory, path).map_err(Fault::errno)
    }

    /// Writes a file anew.
    pub(in crate::vfs) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), i32> {
        let (v, d) = (&mut self.volume, &mut self.memory);
        let mut put = || {
            let mode = Mode { write: true, create: true, truncate: true, ..Mode::default() };
            let mut file = open::open(v, d, path, mode)?;
            let n = file.write(v, d, bytes)?;
            file.sync(v, d)?;
            if n < bytes.len() { Err(Fault::Full) } else { Ok(()) }
        };
        put().map_err(Fault::errno)
    }

    /// Whether there is something under a path.
    pub(in crate::vfs) fn has(&mut self, path: &str) -> bool {
        follow(&mut self.volume, &mut self.memory, path)
            .is_ok_and(|walk| walk.name.is_none() || walk.item.is_some())
    }
}
