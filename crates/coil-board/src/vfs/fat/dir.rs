//! Directories of a FAT volume: entries of 32 bytes, long names in front of short ones.

use super::name::{LONG_PART, Name, SHORT, long_text, short_sum, short_text};
use super::volume::{Done, Fault, Sectors, Volume, Width, long, put_long, put_word, word};
use alloc::string::String;
use alloc::vec::Vec;

/// Bytes of an entry.
pub(super) const ENTRY: u32 = 32;
/// Bytes of a directory at most.
const DIR_MAX: u32 = 0x20_0000;

/// Attributes.
pub(super) const READ_ONLY: u8 = 0x01;
const LABEL: u8 = 0x08;
pub(super) const DIRECTORY: u8 = 0x10;
pub(super) const ARCHIVE: u8 = 0x20;
/// An entry with part of a long name has all four of the low ones.
const LONG: u8 = 0x0f;

/// The first byte of an entry that is free.
const FREE: u8 = 0xe5;
/// The flag of the last part of a long name, which comes first.
const LAST_PART: u8 = 0x40;
/// Where an entry of a long name has its characters.
const PART_AT: [usize; LONG_PART] = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

/// A place in a directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dir {
    /// Its first cluster; 0 for a root of fixed size.
    first: u32,
    at: u32,
    cluster: u32,
    sector: u32,
}

/// What stands in a directory.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The entry with the short name.
    pub(super) entry: [u8; ENTRY as usize],
    /// The long name, if it has one.
    long: Option<Vec<u16>>,
    /// Where its first entry is, and the one with the short name.
    start: u32,
    end: u32,
    /// Sector and byte of the entry with the short name.
    pub(super) place: (u32, usize),
}

impl Item {
    pub(super) fn is_dir(&self) -> bool {
        self.entry[11] & DIRECTORY != 0
    }

    pub(super) fn size(&self) -> u32 {
        long(&self.entry, 28)
    }

    /// Time of the last change, and date in the upper half.
    pub(super) fn changed(&self) -> u32 {
        long(&self.entry, 22)
    }

    pub(super) fn name(&self) -> String {
        self.long.as_deref().and_then(long_text).unwrap_or_else(|| short_text(&self.entry))
    }

    fn is_dots(&self) -> bool {
        self.entry[0] == b'.'
    }
}

impl Dir {
    /// The start of a directory.
    pub(super) fn open(v: &Volume, first: u32) -> Done<Self> {
        let first = if first == 0 && v.width == Width::Fat32 { v.root } else { first };
        let sector = if first == 0 { v.root } else { v.sector_of(first)? };
        Ok(Self { first, at: 0, cluster: first, sector })
    }

    /// Its first cluster as entries hold it: 0 for the root.
    pub(super) fn number(&self, v: &Volume) -> u32 {
        if v.width == Width::Fat32 && self.first == v.root { 0 } else { self.first }
    }

    fn seek(&mut self, v: &mut Volume, disk: &mut dyn Sectors, at: u32) -> Done<()> {
        *self = Self::open(v, self.first)?;
        while self.at < at {
            if !self.advance(v, disk, false)? {
                return Err(Fault::Inconsistent);
            }
        }
        Ok(())
    }

    /// Goes to the next entry; whether there is one. A directory may be made longer for that.
    fn advance(&mut self, v: &mut Volume, disk: &mut dyn Sectors, stretch: bool) -> Done<bool> {
        let at = self.at + ENTRY;
        if self.sector == 0 || at >= DIR_MAX {
            return Ok(false);
        }
        if at.is_multiple_of(v.sector) {
            if self.first == 0 {
                if at / ENTRY >= v.root_entries {
                    self.sector = 0;
                    return Ok(false);
                }
                self.sector += 1;
            } else if (at / v.sector).is_multiple_of(v.cluster) {
                let next = match v.next(disk, self.cluster)? {
                    Some(next) => next,
                    None if !stretch => {
                        self.sector = 0;
                        return Ok(false);
                    }
                    None => {
                        let new = v.grow(disk, self.cluster).map_err(|e| match e {
                            Fault::Full => Fault::Denied,
                            e => e,
                        })?;
                        clear(v, disk, new)?;
                        new
                    }
                };
                self.cluster = next;
                self.sector = v.sector_of(next)?;
            } else {
                self.sector += 1;
            }
        }
        self.at = at;
        Ok(true)
    }

    fn entry<'v>(&self, v: &'v mut Volume, disk: &mut dyn Sectors) -> Done<&'v mut [u8]> {
        let inside = (self.at % v.sector) as usize;
        Ok(&mut v.load(disk, self.sector)?[inside..inside + ENTRY as usize])
    }

    /// The next item, and the place behind it; nothing at the end.
    pub(super) fn read(&mut self, v: &mut Volume, disk: &mut dyn Sectors) -> Done<Option<Item>> {
        let (mut long, mut start): (Option<Parts>, u32) = (None, 0);
        while self.sector != 0 {
            let (at, sector) = (self.at, self.sector);
            let mut e = [0; ENTRY as usize];
            e.copy_from_slice(self.entry(v, disk)?);
            if e[0] == 0 {
                self.sector = 0;
                return Ok(None);
            }
            if !self.advance(v, disk, false)? {
                self.sector = 0;
            }
            let attributes = e[11] & 0x3f;
            if e[0] == FREE || attributes & !ARCHIVE == LABEL {
                long = None;
            } else if attributes == LONG {
                if e[0] & LAST_PART != 0 {
                    start = at;
                    long = Some(Parts::new(e[0] & !LAST_PART, e[13]));
                }
                long = long.and_then(|parts| parts.with(&e));
            } else {
                let long = long.and_then(|p| p.finish(&e));
                let start = if long.is_some() { start } else { at };
                let place = (sector, (at % v.sector) as usize);
                return Ok(Some(Item { entry: e, long, start, end: at, place }));
            }
        }
        Ok(None)
    }

    /// The next item that is not `.` or `..`.
    pub(super) fn read_file(
        &mut self,
        v: &mut Volume,
        disk: &mut dyn Sectors,
    ) -> Done<Option<Item>> {
        loop {
            match self.read(v, disk)? {
                Some(item) if item.is_dots() => {}
                other => return Ok(other),
            }
        }
    }

    /// Looks for a name.
    fn find(&self, v: &mut Volume, disk: &mut dyn Sectors, name: &Name) -> Done<Option<Item>> {
        let mut dir = Self::open(v, self.first)?;
        while let Some(item) = dir.read(v, disk)? {
            let is_long = item.long.as_ref().is_some_and(|l| name.is_long(l));
            if is_long || !name.is_lossy && item.entry[..SHORT] == name.short {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    fn has_short(&self, v: &mut Volume, disk: &mut dyn Sectors, short: &[u8]) -> Done<bool> {
        let mut dir = Self::open(v, self.first)?;
        while let Some(item) = dir.read(v, disk)? {
            if item.entry[..SHORT] == *short {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether nothing stands in it but itself and what is above it.
    pub(super) fn is_empty(&self, v: &mut Volume, disk: &mut dyn Sectors) -> Done<bool> {
        Ok(Self::open(v, self.first)?.read_file(v, disk)?.is_none())
    }

    /// Makes an item with this name, empty but for its attributes and times.
    pub(super) fn register(
        &self,
        v: &mut Volume,
        disk: &mut dyn Sectors,
        name: &Name,
        attributes: u8,
    ) -> Done<Item> {
        if name.is_dots {
            return Err(Fault::Name);
        }
        let mut short = name.short;
        if name.is_lossy {
            let mut n = 1;
            loop {
                short = name.numbered(n);
                if !self.has_short(v, disk, &short)? {
                    break;
                }
                n += 1;
                if n == 100 {
                    return Err(Fault::Denied);
                }
            }
        }
        let parts = name.long_parts();
        let mut dir = self.room(v, disk, parts as u32 + 1)?;
        let start = dir.at;
        let sum = short_sum(&short);
        for number in (1..=parts).rev() {
            let e = dir.entry(v, disk)?;
            e.fill(0);
            e[0] = number as u8 | if number == parts { LAST_PART } else { 0 };
            e[11] = LONG;
            e[13] = sum;
            for (at, w) in PART_AT.into_iter().zip(name.long_part(number)) {
                put_word(e, at, w);
            }
            v.changed();
            dir.advance(v, disk, false)?;
        }
        let now = disk.now();
        let place = (dir.sector, (dir.at % v.sector) as usize);
        let e = dir.entry(v, disk)?;
        e.fill(0);
        e[..SHORT].copy_from_slice(&short);
        e[11] = attributes;
        e[12] = name.case;
        put_long(e, 14, now);
        put_long(e, 22, now);
        let mut entry = [0; ENTRY as usize];
        entry.copy_from_slice(e);
        v.changed();
        let long = (parts > 0).then(|| name.long.clone());
        Ok(Item { entry, long, start, end: dir.at, place })
    }

    /// The first of so many free entries in a row.
    fn room(&self, v: &mut Volume, disk: &mut dyn Sectors, n: u32) -> Done<Self> {
        let mut dir = Self::open(v, self.first)?;
        let mut first = dir;
        let mut have = 0;
        loop {
            let is_free = matches!(dir.entry(v, disk)?[0], FREE | 0);
            if have == 0 {
                first = dir;
            }
            have = if is_free { have + 1 } else { 0 };
            if have == n {
                return Ok(first);
            }
            if !dir.advance(v, disk, true)? {
                return Err(Fault::Denied);
            }
        }
    }

    /// Frees the entries of an item.
    pub(super) fn remove(&self, v: &mut Volume, disk: &mut dyn Sectors, item: &Item) -> Done<()> {
        let mut dir = *self;
        dir.seek(v, disk, item.start)?;
        loop {
            dir.entry(v, disk)?[0] = FREE;
            v.changed();
            if dir.at >= item.end {
                return Ok(());
            }
            if !dir.advance(v, disk, false)? {
                return Err(Fault::Inconsistent);
            }
        }
    }
}

/// Fills a cluster with zeros.
pub(super) fn clear(v: &mut Volume, disk: &mut dyn Sectors, cluster: u32) -> Done<()> {
    let first = v.sector_of(cluster)?;
    for sector in (first..first + v.cluster).rev() {
        v.blank(disk, sector)?;
    }
    Ok(())
}

/// A long name while its parts are read.
struct Parts {
    next: u8,
    sum: u8,
    long: Vec<u16>,
}

impl Parts {
    fn new(count: u8, sum: u8) -> Self {
        Self { next: count, sum, long: alloc::vec![0; usize::from(count) * LONG_PART] }
    }

    /// Takes the next part; nothing if it is not the one that has to follow.
    fn with(mut self, e: &[u8]) -> Option<Self> {
        if self.next == 0 || e[0] & !LAST_PART != self.next || e[13] != self.sum {
            return None;
        }
        self.next -= 1;
        let from = usize::from(self.next) * LONG_PART;
        for (i, at) in PART_AT.into_iter().enumerate() {
            *self.long.get_mut(from + i)? = word(e, at);
        }
        Some(self)
    }

    fn finish(mut self, entry: &[u8]) -> Option<Vec<u16>> {
        let end = self.long.iter().position(|&w| w == 0).unwrap_or(self.long.len());
        self.long.truncate(end);
        (self.next == 0 && self.sum == short_sum(entry)).then_some(self.long)
    }
}

/// Where a path leads.
pub(super) struct Walk {
    /// The directory of its last name.
    pub(super) dir: Dir,
    /// The last name; nothing if the path is a directory's own.
    pub(super) name: Option<Name>,
    /// What there is under it.
    pub(super) item: Option<Item>,
}

/// Follows a path. Only the last name may be missing.
pub(super) fn follow(v: &mut Volume, disk: &mut dyn Sectors, path: &str) -> Done<Walk> {
    let is_slash = |c: char| c == '/' || c == '\\';
    let first = if path.starts_with(is_slash) { 0 } else { v.current };
    let mut walk = Walk { dir: Dir::open(v, first)?, name: None, item: None };
    let path = path.trim_start_matches(is_slash);
    let parts: Vec<&str> = path.split(is_slash).filter(|p| !p.is_empty()).collect();
    for (i, part) in parts.iter().enumerate() {
        let (name, is_last) = (Name::new(part.as_bytes())?, i + 1 == parts.len());
        let item = walk.dir.find(v, disk, &name)?;
        match item {
            // Above the root there is the root.
            None if name.is_dots => continue,
            None if !is_last => return Err(Fault::NoPath),
            Some(item) if !is_last => {
                if !item.is_dir() {
                    return Err(Fault::NoPath);
                }
                walk.dir = Dir::open(v, v.cluster_in(&item.entry))?;
            }
            item => {
                walk.item = item;
                walk.name = Some(name);
            }
        }
    }
    Ok(walk)
}
