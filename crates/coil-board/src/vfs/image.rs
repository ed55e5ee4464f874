//! File systems in memory: made and read without a board, as the firmware makes and reads them.

use super::fat::{Memory, Whole};
use super::littlefs::{Blocks, CREATE, Geometry, Littlefs, READ, TRUNCATE, WRITE};
use crate::flash::SECTOR;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Which file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// littlefs 2, what the firmware makes.
    Littlefs,
    /// FAT, what firmware up to 1.12 made and every one reads.
    Fat,
}

/// A file or a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From the root, a slash in front.
    pub path: String,
    /// Whether it is a directory.
    pub is_dir: bool,
    /// Its bytes.
    pub size: u32,
}

/// A file system in memory. Errors are the numbers that programs on a board get, positive.
#[derive(Debug)]
pub struct FileSystem<'a> {
    kind: Kind,
    /// Bytes of a FAT sector.
    sector: u32,
    bytes: &'a mut [u8],
}

/// There is no file system.
const ENODEV: i32 = 19;
/// Directories inside each other at most.
const DEPTH_MAX: usize = 64;
/// Bytes read and written at a time.
const CHUNK: usize = 4096;

struct InMemory<'a>(&'a mut [u8]);

impl InMemory<'_> {
    fn part(&mut self, block: u32, at: u32, len: usize) -> Option<&mut [u8]> {
        let at = block as usize * SECTOR as usize + at as usize;
        self.0.get_mut(at..at + len)
    }
}

impl Blocks for InMemory<'_> {
    fn read(&mut self, block: u32, at: u32, into: &mut [u8]) -> i32 {
        match self.part(block, at, into.len()) {
            Some(part) => into.copy_from_slice(part),
            None => return -5,
        }
        0
    }
    fn program(&mut self, block: u32, at: u32, bytes: &[u8]) -> i32 {
        match self.part(block, at, bytes.len()) {
            Some(part) => part.iter_mut().zip(bytes).for_each(|(c, b)| *c &= b),
            None => return -5,
        }
        0
    }
    fn erase(&mut self, block: u32) -> i32 {
        match self.part(block, 0, SECTOR as usize) {
            Some(part) => part.fill(0xff),
            None => return -5,
        }
        0
    }
    fn sync(&mut self) -> i32 {
        0
    }
}

impl<'a> FileSystem<'a> {
    /// Makes an empty one, with the firmware's options.
    ///
    /// # Errors
    /// If it does not fit into so few bytes.
    pub fn format(kind: Kind, bytes: &'a mut [u8]) -> Result<Self, i32> {
        bytes.fill(0xff);
        let mut new = Self { kind, sector: SECTOR, bytes };
        match kind {
            Kind::Littlefs => {
                let geometry = new.geometry();
                Littlefs::format(&mut InMemory(new.bytes), geometry)?;
            }
            Kind::Fat => Whole::format(&mut new.memory())?,
        }
        Ok(new)
    }

    /// Mounts what is there.
    ///
    /// # Errors
    /// 19 if there is no file system.
    pub fn mount(bytes: &'a mut [u8]) -> Result<Self, i32> {
        let signature = |block: usize| {
            bytes.get(block * SECTOR as usize + 8..).is_some_and(|b| b.starts_with(b"littlefs"))
        };
        if signature(0) || signature(1) {
            return Ok(Self { kind: Kind::Littlefs, sector: SECTOR, bytes });
        }
        for sector in [SECTOR, 512] {
            if bytes.len() >= sector as usize && Whole::mount(Memory { bytes, sector }).is_ok() {
                return Ok(Self { kind: Kind::Fat, sector, bytes });
            }
        }
        Err(ENODEV)
    }

    /// Which one it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    fn geometry(&self) -> Geometry {
        Geometry {
            block_size: SECTOR,
            block_count: (self.bytes.len() / SECTOR as usize) as u32,
            read_size: 32,
            prog_size: 32,
            lookahead: 32,
        }
    }

    fn memory(&mut self) -> Memory<'_> {
        Memory { bytes: self.bytes, sector: self.sector }
    }

    fn littlefs(&mut self) -> Result<(Littlefs, InMemory<'_>), i32> {
        let geometry = self.geometry();
        let mut memory = InMemory(self.bytes);
        let fs = Littlefs::mount(&mut memory, geometry)?;
        Ok((fs, memory))
    }

    /// All files and directories, by path.
    ///
    /// # Errors
    /// If the structures contradict each other.
    pub fn list(&mut self) -> Result<Vec<Entry>, i32> {
        let mut all = match self.kind {
            Kind::Littlefs => self.list_littlefs()?,
            Kind::Fat => Whole::mount(self.memory())?.list()?,
        };
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(all)
    }

    fn list_littlefs(&mut self) -> Result<Vec<Entry>, i32> {
        let (mut fs, mut memory) = self.littlefs()?;
        let (mut waiting, mut all) = (vec![(String::from("/"), 0)], Vec::new());
        while let Some((path, depth)) = waiting.pop() {
            if depth > DEPTH_MAX {
                return Err(84);
            }
            let dir = fs.open_dir(&mut memory, &path)?;
            while let Some(e) = fs.read_dir(&mut memory, dir)? {
                if e.name == "." || e.name == ".." {
                    continue;
                }
                let inside = path.clone() + &e.name;
                if e.is_dir {
                    waiting.push((inside.clone() + "/", depth + 1));
                }
                all.push(Entry { path: inside, is_dir: e.is_dir, size: e.size });
            }
            fs.close_dir(&mut memory, dir);
        }
        Ok(all)
    }

    /// The content of a file.
    ///
    /// # Errors
    /// 2 if it is not there.
    pub fn read(&mut self, path: &str) -> Result<Vec<u8>, i32> {
        if self.kind == Kind::Fat {
            return Whole::mount(self.memory())?.read(path);
        }
        let (mut fs, mut memory) = self.littlefs()?;
        let file = fs.open(&mut memory, path, READ, None)?;
        let (mut bytes, mut part) = (Vec::new(), vec![0; CHUNK]);
        loop {
            let n = fs.read(&mut memory, file, &mut part)?;
            if n == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&part[..n]);
        }
    }

    /// Makes a directory and those above it; one that is there already stays.
    ///
    /// # Errors
    /// 28 if there is no room.
    pub fn make_dir(&mut self, path: &str) -> Result<(), i32> {
        let ends = path.match_indices('/').map(|(i, _)| i).chain([path.len()]);
        let dirs: Vec<&str> = ends.map(|i| &path[..i]).filter(|d| !d.is_empty()).collect();
        if self.kind == Kind::Fat {
            let mut fs = Whole::mount(self.memory())?;
            return dirs.into_iter().try_for_each(|d| if fs.has(d) { Ok(()) } else { fs.mkdir(d) });
        }
        let (mut fs, mut memory) = self.littlefs()?;
        dirs.into_iter().try_for_each(|d| match fs.stat(&mut memory, d) {
            Ok(_) => Ok(()),
            Err(_) => fs.mkdir(&mut memory, d),
        })
    }

    /// Writes a file anew, with the directories above it. It notes no time, so that images of the
    /// same files are the same.
    ///
    /// # Errors
    /// 28 if there is no room.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), i32> {
        if let Some((above, _)) = path.rsplit_once('/') {
            self.make_dir(above)?;
        }
        if self.kind == Kind::Fat {
            return Whole::mount(self.memory())?.write(path, bytes);
        }
        let (mut fs, mut memory) = self.littlefs()?;
        let file = fs.open(&mut memory, path, WRITE | CREATE | TRUNCATE, None)?;
        for part in bytes.chunks(CHUNK) {
            fs.write(&mut memory, file, part, None)?;
        }
        fs.close(&mut memory, file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_listed_and_read_on_both() {
        for kind in [Kind::Littlefs, Kind::Fat] {
            let mut bytes = vec![0; 64 * SECTOR as usize];
            let large: Vec<u8> = (0..30_000u32).map(|i| (i * 7) as u8).collect();
            let mut fs = FileSystem::format(kind, &mut bytes).unwrap();
            fs.write("/lib/deep/a long name.py", &large).unwrap();
            fs.write("/main.py", b"1").unwrap();
            fs.make_dir("/empty").unwrap();
            assert_eq!(fs.write("/large", &vec![1; 300_000]), Err(28));
            let mut fs = FileSystem::mount(&mut bytes).unwrap();
            assert_eq!(fs.kind(), kind);
            assert_eq!(fs.read("/lib/deep/a long name.py").unwrap(), large);
            assert_eq!(fs.read("/nothing"), Err(2));
            let paths: Vec<_> =
                fs.list().unwrap().into_iter().map(|e| (e.path, e.is_dir)).collect();
            for wanted in [("/empty", true), ("/lib/deep/a long name.py", false), ("/lib", true)] {
                assert!(paths.contains(&(wanted.0.into(), wanted.1)), "{paths:?}");
            }
        }
        assert_eq!(FileSystem::mount(&mut [0xff; 8192]).err(), Some(ENODEV));
    }
}
