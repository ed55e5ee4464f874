//! A FAT volume: where its parts are, the table of clusters, and the one sector held in memory.

/// A device in sectors.
pub(super) trait Sectors {
    /// Reads one sector or several in a row.
    fn read(&mut self, sector: u32, into: &mut [u8]) -> Result<(), Fault>;
    /// Writes one sector or several in a row.
    fn write(&mut self, sector: u32, bytes: &[u8]) -> Result<(), Fault>;
    /// Writes what the device holds back.
    fn sync(&mut self) -> Result<(), Fault>;
    /// Fails if nothing can be written.
    fn check_writable(&mut self) -> Result<(), Fault>;
    /// Date and time as directory entries hold them: date in the upper half.
    fn now(&mut self) -> u32;
}

/// Why something did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The device failed.
    Disk,
    /// The structures on the device contradict each other.
    Inconsistent,
    /// The last name of a path is not there.
    NoFile,
    /// A directory on the way is not there.
    NoPath,
    /// No name that a file can have.
    Name,
    /// Read-only, in use, not empty, or the directory is full.
    Denied,
    /// The name is taken.
    Exists,
    /// A directory where a file is wanted.
    IsDirectory,
    /// A file where a directory is wanted.
    NotDirectory,
    /// Not open.
    Closed,
    /// The device is read-only.
    ReadOnly,
    /// There is no FAT file system.
    NoFileSystem,
    /// No free cluster.
    Full,
    /// No file system of any kind fits such a device.
    CannotFormat,
}

impl Fault {
    /// The error number that programs see.
    pub(super) const fn errno(self) -> i32 {
        match self {
            Self::Disk | Self::Inconsistent | Self::CannotFormat => 5,
            Self::NoFile | Self::NoPath => 2,
            Self::Name | Self::Closed => 22,
            Self::Denied => 13,
            Self::Exists => 17,
            Self::NotDirectory => 20,
            Self::IsDirectory => 21,
            Self::ReadOnly => 30,
            Self::NoFileSystem => 19,
            Self::Full => 28,
        }
    }
}

pub(super) type Done<T> = Result<T, Fault>;

/// How wide the entries of the table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Fat12,
    Fat16,
    Fat32,
}

/// Clusters at most, by width.
pub(super) const FAT12_MAX: u32 = 0xff5;
pub(super) const FAT16_MAX: u32 = 0xfff5;
pub(super) const FAT32_MAX: u32 = 0x0fff_fff5;

/// The end of a chain.
pub(super) const END: u32 = 0x0fff_ffff;
/// Where the table of partitions starts in the first sector, and how long an entry is.
const PARTITIONS: usize = 446;
const PARTITION: usize = 16;

pub(super) fn word(b: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([b[at], b[at + 1]])
}

pub(super) fn long(b: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]])
}

pub(super) fn put_word(b: &mut [u8], at: usize, n: u16) {
    b[at..at + 2].copy_from_slice(&n.to_le_bytes());
}

pub(super) fn put_long(b: &mut [u8], at: usize, n: u32) {
    b[at..at + 4].copy_from_slice(&n.to_le_bytes());
}

/// The sector in memory.
pub(super) struct Window {
    pub(super) bytes: alloc::vec::Vec<u8>,
    at: Option<u32>,
    dirty: bool,
}

/// A mounted volume.
pub(super) struct Volume {
    pub(super) width: Width,
    /// Bytes of a sector.
    pub(super) sector: u32,
    /// Sectors of a cluster.
    pub(super) cluster: u32,
    /// Entries of the table, the two first ones included.
    pub(super) entries: u32,
    table_at: u32,
    table_sectors: u32,
    tables: u32,
    /// First sector of the root directory; on FAT32 its first cluster.
    pub(super) root: u32,
    /// Entries of a root directory of fixed size.
    pub(super) root_entries: u32,
    data_at: u32,
    info_at: Option<u32>,
    info_dirty: bool,
    last_taken: u32,
    free: Option<u32>,
    pub(super) window: Window,
    /// First cluster of the current directory; 0 for the root.
    pub(super) current: u32,
}

enum Head {
    Fat,
    Other,
    Nothing,
}

fn head_of(b: &[u8]) -> Head {
    if word(b, 510) != 0xaa55 {
        return Head::Nothing;
    }
    let jumps = matches!(b[0], 0xe8 | 0xe9 | 0xeb);
    if jumps && (b[54..].starts_with(b"FAT") || b[82..].starts_with(b"FAT32")) {
        return Head::Fat;
    }
    Head::Other
}

impl Volume {
    /// Mounts what is on a device, in the first partition if it has some.
    pub(super) fn mount(disk: &mut dyn Sectors, sector: u32) -> Done<Self> {
        if !(512..=4096).contains(&sector) || !sector.is_power_of_two() {
            return Err(Fault::Disk);
        }
        let mut b = alloc::vec![0; sector as usize];
        disk.read(0, &mut b)?;
        let mut start = 0;
        match head_of(&b) {
            Head::Fat => {}
            Head::Nothing => return Err(Fault::NoFileSystem),
            Head::Other => {
                let table: alloc::vec::Vec<u32> = (0..4)
                    .map(|i| &b[PARTITIONS + i * PARTITION..])
                    .map(|p| if p[4] == 0 { 0 } else { long(p, 8) })
                    .collect();
                for at in table {
                    start = at;
                    if at != 0 {
                        disk.read(at, &mut b)?;
                        if matches!(head_of(&b), Head::Fat) {
                            break;
                        }
                    }
                    start = 0;
                }
                if start == 0 {
                    return Err(Fault::NoFileSystem);
                }
            }
        }
        Self::from_head(disk, sector, start, b)
    }

    fn from_head(
        disk: &mut dyn Sectors,
        sector: u32,
        start: u32,
        b: alloc::vec::Vec<u8>,
    ) -> Done<Self> {
        let short_or_long = |short: u16, at: usize| match short {
            0 => long(&b, at),
            n => u32::from(n),
        };
        let (table_sectors, tables) = (short_or_long(word(&b, 22), 36), u32::from(b[16]));
        let (cluster, reserved) = (u32::from(b[13]), u32::from(word(&b, 14)));
        let root_entries = u32::from(word(&b, 17));
        let total = short_or_long(word(&b, 19), 32);
        let in_sector = sector / 32;
        let sane = u32::from(word(&b, 11)) == sector
            && (1..=2).contains(&tables)
            && cluster.is_power_of_two()
            && root_entries.is_multiple_of(in_sector)
            && reserved > 0
            && start.checked_add(total).is_some();
        if !sane {
            return Err(Fault::NoFileSystem);
        }
        let system = u64::from(reserved)
            + u64::from(table_sectors) * u64::from(tables)
            + u64::from(root_entries / in_sector);
        let data = u64::from(total).checked_sub(system).ok_or(Fault::NoFileSystem)?;
        let clusters = (data / u64::from(cluster)) as u32;
        let width = match clusters {
            0 => return Err(Fault::NoFileSystem),
            n if n <= FAT12_MAX => Width::Fat12,
            n if n <= FAT16_MAX => Width::Fat16,
            n if n <= FAT32_MAX => Width::Fat32,
            _ => return Err(Fault::NoFileSystem),
        };
        let entries = clusters + 2;
        let table_at = start + reserved;
        let (root, needed) = match width {
            Width::Fat32 if word(&b, 42) != 0 || root_entries != 0 => {
                return Err(Fault::NoFileSystem);
            }
            Width::Fat32 => (long(&b, 44), u64::from(entries) * 4),
            _ if root_entries == 0 => return Err(Fault::NoFileSystem),
            Width::Fat16 => (table_at + table_sectors * tables, u64::from(entries) * 2),
            Width::Fat12 => (table_at + table_sectors * tables, u64::from(entries) * 3 / 2 + 1),
        };
        if u64::from(table_sectors) * u64::from(sector) < needed {
            return Err(Fault::NoFileSystem);
        }
        let has_info = width == Width::Fat32 && word(&b, 48) == 1;
        let mut v = Self {
            width,
            sector,
            cluster,
            entries,
            table_at,
            table_sectors,
            tables,
            root,
            root_entries,
            data_at: start + system as u32,
            info_at: has_info.then_some(start + 1),
            info_dirty: false,
            last_taken: 0,
            free: None,
            window: Window { bytes: b, at: Some(start), dirty: false },
            current: 0,
        };
        v.read_info(disk)?;
        Ok(v)
    }

    fn read_info(&mut self, disk: &mut dyn Sectors) -> Done<()> {
        let Some(at) = self.info_at else { return Ok(()) };
        let b = self.load(disk, at)?;
        let signed =
            word(b, 510) == 0xaa55 && long(b, 0) == 0x4161_5252 && long(b, 484) == 0x6141_7272;
        let (free, last) = (long(b, 488), long(b, 492));
        if signed {
            self.free = (free <= self.entries - 2).then_some(free);
            self.last_taken = last;
        }
        Ok(())
    }

    // ---- the window ----

    /// Brings a sector into memory.
    pub(super) fn load(&mut self, disk: &mut dyn Sectors, at: u32) -> Done<&mut [u8]> {
        if self.window.at != Some(at) {
            self.flush(disk)?;
            self.window.at = None;
            disk.read(at, &mut self.window.bytes)?;
            self.window.at = Some(at);
        }
        Ok(&mut self.window.bytes)
    }

    /// Brings a sector of zeros into memory in the place of what the device holds.
    pub(super) fn blank(&mut self, disk: &mut dyn Sectors, at: u32) -> Done<&mut [u8]> {
        self.flush(disk)?;
        self.window.bytes.fill(0);
        self.window.at = Some(at);
        self.window.dirty = true;
        Ok(&mut self.window.bytes)
    }

    /// Says that the sector in memory was changed.
    pub(super) fn changed(&mut self) {
        self.window.dirty = true;
    }

    /// Writes the sector in memory if it was changed; sectors of the table go to every copy.
    pub(super) fn flush(&mut self, disk: &mut dyn Sectors) -> Done<()> {
        if let (true, Some(at)) = (self.window.dirty, self.window.at) {
            disk.write(at, &self.window.bytes)?;
            self.window.dirty = false;
            if at.wrapping_sub(self.table_at) < self.table_sectors && self.tables == 2 {
                disk.write(at + self.table_sectors, &self.window.bytes)?;
            }
        }
        Ok(())
    }

    /// Whether the sector in memory is one of these, and it was changed.
    pub(super) fn dirty_within(&self, from: u32, n: u32) -> Option<u32> {
        self.window.at.filter(|at| self.window.dirty && at.wrapping_sub(from) < n)
    }

    /// Forgets the sector in memory if it is one of these: they were written past it.
    pub(super) fn overwritten(&mut self, from: u32, n: u32) {
        if self.window.at.is_some_and(|at| at.wrapping_sub(from) < n) {
            self.window.at = None;
            self.window.dirty = false;
        }
    }

    /// Puts everything on the device.
    pub(super) fn sync(&mut self, disk: &mut dyn Sectors) -> Done<()> {
        self.flush(disk)?;
        if let (true, Some(at)) = (self.info_dirty, self.info_at) {
            let (free, last) = (self.free.unwrap_or(u32::MAX), self.last_taken);
            let b = self.blank(disk, at)?;
            put_word(b, 510, 0xaa55);
            put_long(b, 0, 0x4161_5252);
            put_long(b, 484, 0x6141_7272);
            put_long(b, 488, free);
            put_long(b, 492, last);
            self.flush(disk)?;
            self.info_dirty = false;
        }
        disk.sync()
    }

    // ---- clusters ----

    /// The first sector of a cluster.
    pub(super) fn sector_of(&self, cluster: u32) -> Done<u32> {
        let n = cluster.wrapping_sub(2);
        if n >= self.entries - 2 {
            return Err(Fault::Inconsistent);
        }
        Ok(self.data_at + n * self.cluster)
    }

    /// Bytes of a cluster.
    pub(super) fn cluster_bytes(&self) -> u32 {
        self.cluster * self.sector
    }

    fn byte_of_table(&mut self, disk: &mut dyn Sectors, at: u32) -> Done<&mut u8> {
        let inside = (at % self.sector) as usize;
        Ok(&mut self.load(disk, self.table_at + at / self.sector)?[inside])
    }

    /// What the table says about a cluster.
    pub(super) fn get(&mut self, disk: &mut dyn Sectors, cluster: u32) -> Done<u32> {
        if cluster < 2 || cluster >= self.entries {
            return Err(Fault::Inconsistent);
        }
        let (bytes, shift) = self.place(cluster);
        let mut n = 0;
        for (i, at) in bytes.enumerate() {
            n |= u32::from(*self.byte_of_table(disk, at)?) << (8 * i);
        }
        Ok(match self.width {
            Width::Fat12 => n >> shift & 0xfff,
            Width::Fat16 => n,
            Width::Fat32 => n & 0x0fff_ffff,
        })
    }

    /// The bytes of an entry, and by how many bits it is shifted in them.
    fn place(&self, cluster: u32) -> (core::ops::Range<u32>, u32) {
        match self.width {
            Width::Fat12 => {
                let at = cluster + cluster / 2;
                (at..at + 2, cluster % 2 * 4)
            }
            Width::Fat16 => (cluster * 2..cluster * 2 + 2, 0),
            Width::Fat32 => (cluster * 4..cluster * 4 + 4, 0),
        }
    }

    /// Changes the table.
    pub(super) fn set(&mut self, disk: &mut dyn Sectors, cluster: u32, value: u32) -> Done<()> {
        if cluster < 2 || cluster >= self.entries {
            return Err(Fault::Inconsistent);
        }
        let (bytes, shift) = self.place(cluster);
        let mask = match self.width {
            Width::Fat12 => 0xfff << shift,
            Width::Fat16 => 0xffff,
            Width::Fat32 => 0x0fff_ffff,
        };
        for (i, at) in bytes.enumerate() {
            let (m, v) = ((mask >> (8 * i)) as u8, (value << shift >> (8 * i)) as u8);
            let b = self.byte_of_table(disk, at)?;
            *b = *b & !m | v & m;
            self.changed();
        }
        Ok(())
    }

    /// The cluster after another one, if the chain goes on.
    pub(super) fn next(&mut self, disk: &mut dyn Sectors, cluster: u32) -> Done<Option<u32>> {
        match self.get(disk, cluster)? {
            0 | 1 => Err(Fault::Inconsistent),
            n => Ok((n < self.entries).then_some(n)),
        }
    }

    /// Makes a chain, or the one after `cluster` longer: the cluster that follows. Raises
    /// [`Fault::Full`] if none is free.
    pub(super) fn grow(&mut self, disk: &mut dyn Sectors, cluster: u32) -> Done<u32> {
        let mut from = if cluster == 0 {
            if (1..self.entries).contains(&self.last_taken) { self.last_taken } else { 1 }
        } else {
            if let Some(next) = self.next(disk, cluster)? {
                return Ok(next);
            }
            cluster
        };
        if self.free == Some(0) {
            return Err(Fault::Full);
        }
        let wrap = |n: u32, entries: u32| if n + 1 >= entries { 2 } else { n + 1 };
        let mut new = wrap(from, self.entries);
        if cluster != 0 && self.get(disk, new)? != 0 {
            // Not the one beside it: look from where the last one was taken.
            if (2..self.entries).contains(&self.last_taken) {
                from = self.last_taken;
            }
            new = wrap(from, self.entries);
        }
        let mut looked = 0;
        while self.get(disk, new)? != 0 {
            looked += 1;
            if looked >= self.entries - 2 {
                return Err(Fault::Full);
            }
            new = wrap(new, self.entries);
        }
        self.set(disk, new, END)?;
        if cluster != 0 {
            self.set(disk, cluster, new)?;
        }
        self.last_taken = new;
        self.free = self.free.map(|n| n.saturating_sub(1));
        self.info_dirty = true;
        Ok(new)
    }

    /// Frees a chain; `end` becomes the end of what is in front of it.
    pub(super) fn free_chain(
        &mut self,
        disk: &mut dyn Sectors,
        first: u32,
        end: Option<u32>,
    ) -> Done<()> {
        if let Some(end) = end {
            self.set(disk, end, END)?;
        }
        let mut at = Some(first);
        while let Some(cluster) = at {
            let next = self.get(disk, cluster)?;
            if next == 1 {
                return Err(Fault::Inconsistent);
            }
            if next != 0 {
                self.set(disk, cluster, 0)?;
                self.free = self.free.map(|n| (n + 1).min(self.entries - 2));
                self.info_dirty = true;
            }
            at = (next != 0 && next < self.entries).then_some(next);
        }
        Ok(())
    }

    /// Clusters that are free.
    pub(super) fn free_clusters(&mut self, disk: &mut dyn Sectors) -> Done<u32> {
        if let Some(n) = self.free {
            return Ok(n);
        }
        let mut n = 0;
        for cluster in 2..self.entries {
            n += u32::from(self.get(disk, cluster)? == 0);
        }
        self.free = Some(n);
        self.info_dirty = true;
        Ok(n)
    }

    /// Whether a cluster number of a directory entry is in use by this width.
    pub(super) fn cluster_in(&self, entry: &[u8]) -> u32 {
        let low = u32::from(word(entry, 26));
        if self.width == Width::Fat32 { low | u32::from(word(entry, 20)) << 16 } else { low }
    }

    /// Puts a first cluster into a directory entry.
    pub(super) fn put_cluster(&self, entry: &mut [u8], cluster: u32) {
        put_word(entry, 26, cluster as u16);
        if self.width == Width::Fat32 {
            put_word(entry, 20, (cluster >> 16) as u16);
        }
    }
}
