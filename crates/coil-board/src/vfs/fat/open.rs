//! Open files of a FAT volume.

use super::dir::{ARCHIVE, DIRECTORY, READ_ONLY, follow};
use super::volume::{Done, Fault, Sectors, Volume, put_long};

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mode {
    pub(super) read: bool,
    pub(super) write: bool,
    /// Make it if it is not there.
    pub(super) create: bool,
    /// It must not be there.
    pub(super) exclusive: bool,
    /// Empty it.
    pub(super) truncate: bool,
}

/// An open file.
#[derive(Debug)]
pub(super) struct OpenFile {
    read: bool,
    write: bool,
    first: u32,
    size: u32,
    at: u32,
    /// The cluster of the byte before `at`, or the first one.
    cluster: u32,
    /// Sector and byte of its directory entry.
    entry: (u32, usize),
    modified: bool,
    /// What went wrong once keeps the file from being used.
    failed: Option<Fault>,
}

/// Opens a file.
pub(super) fn open(
    v: &mut Volume,
    disk: &mut dyn Sectors,
    path: &str,
    mode: Mode,
) -> Done<OpenFile> {
    if mode.write {
        disk.check_writable()?;
    }
    let walk = follow(v, disk, path)?;
    let name = walk.name.ok_or(Fault::Name)?;
    if name.is_dots {
        return Err(Fault::Name);
    }
    let (item, is_new) = match walk.item {
        Some(item) if mode.create => {
            if item.entry[11] & (READ_ONLY | DIRECTORY) != 0 {
                return Err(Fault::Denied);
            }
            if mode.exclusive {
                return Err(Fault::Exists);
            }
            (item, mode.truncate)
        }
        Some(item) if item.is_dir() => return Err(Fault::NoFile),
        Some(item) if mode.write && item.entry[11] & READ_ONLY != 0 => return Err(Fault::Denied),
        Some(item) => (item, false),
        None if mode.create => (walk.dir.register(v, disk, &name, ARCHIVE)?, true),
        None => return Err(Fault::NoFile),
    };
    let mut file = OpenFile {
        read: mode.read,
        write: mode.write,
        first: v.cluster_in(&item.entry),
        size: item.size(),
        at: 0,
        cluster: 0,
        entry: item.place,
        modified: false,
        failed: None,
    };
    if is_new {
        let (old, now) = (file.first, disk.now());
        let mut e = item.entry;
        e[11] = ARCHIVE;
        put_long(&mut e, 14, now);
        put_long(&mut e, 22, now);
        put_long(&mut e, 28, 0);
        v.put_cluster(&mut e, 0);
        let (sector, at) = file.entry;
        v.load(disk, sector)?[at..at + e.len()].copy_from_slice(&e);
        v.changed();
        (file.first, file.size, file.modified) = (0, 0, true);
        if old != 0 {
            v.free_chain(disk, old, None)?;
        }
    }
    Ok(file)
}

impl OpenFile {
    fn check(&self, can: bool) -> Done<()> {
        match self.failed {
            Some(fault) => Err(fault),
            None if !can => Err(Fault::Denied),
            None => Ok(()),
        }
    }

    fn note<T>(&mut self, done: Done<T>) -> Done<T> {
        if let Err(fault) = done {
            self.failed = Some(fault);
        }
        done
    }

    /// How many bytes it has.
    pub(super) fn size(&self) -> u32 {
        self.size
    }

    /// Where it stands.
    pub(super) fn tell(&self) -> u32 {
        self.at
    }

    /// Reads from where it stands; how many bytes.
    pub(super) fn read(
        &mut self,
        v: &mut Volume,
        disk: &mut dyn Sectors,
        into: &mut [u8],
    ) -> Done<usize> {
        self.check(self.read)?;
        let n = into.len().min((self.size - self.at) as usize);
        let mut done = 0;
        while done < n {
            let part = self.read_some(v, disk, &mut into[done..n]);
            done += self.note(part)?;
        }
        Ok(n)
    }

    fn read_some(
        &mut self,
        v: &mut Volume,
        disk: &mut dyn Sectors,
        into: &mut [u8],
    ) -> Done<usize> {
        if self.at.is_multiple_of(v.cluster_bytes()) {
            self.cluster = match self.at {
                0 => self.first,
                _ => v.next(disk, self.cluster)?.ok_or(Fault::Inconsistent)?,
            };
        }
        let (sector, inside) = self.sector(v)?;
        let whole = (into.len() as u32 / v.sector).min(self.left_in_cluster(v) / v.sector);
        let n = if inside == 0 && whole > 0 {
            let n = (whole * v.sector) as usize;
            disk.read(sector, &mut into[..n])?;
            if let Some(at) = v.dirty_within(sector, whole) {
                // The newest version of one of them is in memory.
                let from = ((at - sector) * v.sector) as usize;
                into[from..from + v.sector as usize].copy_from_slice(&v.window.bytes);
            }
            n
        } else {
            let n = into.len().min(v.sector as usize - inside);
            into[..n].copy_from_slice(&v.load(disk, sector)?[inside..inside + n]);
            n
        };
        self.at += n as u32;
        Ok(n)
    }

    /// Sector and byte where it stands.
    fn sector(&self, v: &Volume) -> Done<(u32, usize)> {
        let inside = self.at % v.cluster_bytes();
        Ok((v.sector_of(self.cluster)? + inside / v.sector, (inside % v.sector) as usize))
    }

    fn left_in_cluster(&self, v: &Volume) -> u32 {
        v.cluster_bytes() - self.at % v.cluster_bytes()
    }

    /// Writes where it stands; how many bytes, fewer when there is no room for all.
    pub(super) fn write(
        &mut self,
        v: &mut Volume,
        disk: &mut dyn Sectors,
        bytes: &[u8],
    ) -> Done<usize> {
        self.check(self.write)?;
        let n = bytes.len().min((u32::MAX - self.at) as usize);
        let mut done = 0;
        while done < n {
            let part = match self.write_some(v, disk, &bytes[done..n]) {
                Err(Fault::Full) => break,
                other => other,
            };
            done += self.note(part)?;
        }
        self.modified = true;
        Ok(done)
    }

    fn write_some(&mut self, v: &mut Volume, disk: &mut dyn Sectors, bytes: &[u8]) -> Done<usize> {
        if self.at.is_multiple_of(v.cluster_bytes()) {
            self.cluster = match (self.at, self.first) {
                (0, 0) => {
                    self.first = v.grow(disk, 0)?;
                    self.first
                }
                (0, first) => first,
                _ => v.grow(disk, self.cluster)?,
            };
        }
        let (sector, inside) = self.sector(v)?;
        let whole = (bytes.len() as u32 / v.sector).min(self.left_in_cluster(v) / v.sector);
        let n = if inside == 0 && whole > 0 {
            let n = (whole * v.sector) as usize;
            disk.write(sector, &bytes[..n])?;
            v.overwritten(sector, whole);
            n
        } else {
            let n = bytes.len().min(v.sector as usize - inside);
            // Behind the end of the file there is nothing that has to be read first.
            let b = if inside == 0 && self.at >= self.size {
                v.blank(disk, sector)?
            } else {
                v.load(disk, sector)?
            };
            b[inside..inside + n].copy_from_slice(&bytes[..n]);
            v.changed();
            n
        };
        self.at += n as u32;
        self.size = self.size.max(self.at);
        Ok(n)
    }

    /// Moves to a position; a writable file becomes as long as that.
    pub(super) fn seek(&mut self, v: &mut Volume, disk: &mut dyn Sectors, to: u32) -> Done<()> {
        self.check(true)?;
        let moved = self.move_to(v, disk, to);
        self.note(moved)
    }

    fn move_to(&mut self, v: &mut Volume, disk: &mut dyn Sectors, to: u32) -> Done<()> {
        let to = if self.write { to } else { to.min(self.size) };
        let bytes = v.cluster_bytes();
        (self.at, self.cluster) = (0, self.first);
        if to > 0 {
            if self.first == 0 && self.write {
                match v.grow(disk, 0) {
                    Ok(new) => (self.first, self.cluster) = (new, new),
                    Err(Fault::Full) => return Ok(()),
                    Err(e) => return Err(e),
                }
            }
            if self.first == 0 {
                return Ok(());
            }
            while to - self.at > bytes {
                let next = if self.write {
                    match v.grow(disk, self.cluster) {
                        // The disk is full: it goes as far as there is room.
                        Err(Fault::Full) => {
                            self.at += bytes;
                            self.stretched();
                            return Ok(());
                        }
                        other => other?,
                    }
                } else {
                    v.next(disk, self.cluster)?.ok_or(Fault::Inconsistent)?
                };
                self.at += bytes;
                self.cluster = next;
            }
            self.at = to;
        }
        self.stretched();
        Ok(())
    }

    fn stretched(&mut self) {
        if self.at > self.size {
            self.size = self.at;
            self.modified = true;
        }
    }

    /// Puts everything on the device, its size and time included.
    pub(super) fn sync(&mut self, v: &mut Volume, disk: &mut dyn Sectors) -> Done<()> {
        if !self.modified {
            return Ok(());
        }
        let (sector, at) = self.entry;
        let now = disk.now();
        v.load(disk, sector)?;
        let mut e = [0; 32];
        e.copy_from_slice(&v.window.bytes[at..at + 32]);
        e[11] |= ARCHIVE;
        v.put_cluster(&mut e, self.first);
        put_long(&mut e, 28, self.size);
        put_long(&mut e, 22, now);
        e[18..20].fill(0);
        v.window.bytes[at..at + 32].copy_from_slice(&e);
        v.changed();
        v.sync(disk)?;
        self.modified = false;
        Ok(())
    }
}
