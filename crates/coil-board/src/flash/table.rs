//! The partition table, in the format of the ESP-IDF: at 0x8000, 32 bytes an entry.

use super::{Region, SECTOR};
use crate::chip::Chip;
use alloc::string::String;
use alloc::vec::Vec;
use md5::{Digest, Md5};
use serde::Deserialize;

/// Where the table is.
pub const TABLE_AT: u32 = 0x8000;
const TABLE: Region = Region { start: TABLE_AT, size: 0x1000 };
/// Bytes of an entry.
const ENTRY: usize = 32;
/// Entries at most, the check sum's included.
const ENTRIES: usize = 96;
/// How an entry starts.
const MAGIC: [u8; 2] = [0xaa, 0x50];
/// How the entry with the check sum starts, up to the sum itself.
const SUM_MAGIC: [u8; 16] = {
    let mut m = [0xff; 16];
    m[0] = 0xeb;
    m[1] = 0xeb;
    m
};
/// Bytes of a label.
const LABEL: usize = 16;
/// The flag of an encrypted partition.
const ENCRYPTED: u32 = 1;

/// The type of partitions that hold a program.
pub const TYPE_APP: u8 = 0;
/// The type of partitions that hold data.
pub const TYPE_DATA: u8 = 1;
/// Every subtype.
pub const SUBTYPE_ANY: u8 = 0xff;
/// The subtype of partitions for a FAT file system, which the firmware uses for its own too.
const SUBTYPE_FAT: u8 = 0x81;

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Partition {
    /// Its name.
    pub label: String,
    /// Program or data.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Which kind of it.
    pub subtype: u8,
    /// Its first byte.
    pub offset: u32,
    /// Its bytes.
    pub size: u32,
    /// Whether the flash chip's content is to be decrypted.
    #[serde(default)]
    pub encrypted: bool,
}

impl Partition {
    /// The place of a file system that no table names.
    pub(crate) fn of_files(offset: u32, size: u32) -> Self {
        let (kind, subtype) = (TYPE_DATA, SUBTYPE_FAT);
        Self { label: "vfs".into(), kind, subtype, offset, size, encrypted: false }
    }

    /// Its bytes.
    pub(crate) fn region(&self) -> Region {
        Region { start: self.offset, size: self.size }
    }

    fn from_entry(e: &[u8]) -> Self {
        let word = |at: usize| u32::from_le_bytes([e[at], e[at + 1], e[at + 2], e[at + 3]]);
        let label = &e[12..12 + LABEL];
        let end = label.iter().position(|&b| b == 0).unwrap_or(LABEL);
        Self {
            label: String::from_utf8_lossy(&label[..end]).into_owned(),
            kind: e[2],
            subtype: e[3],
            offset: word(4),
            size: word(8),
            encrypted: word(28) & ENCRYPTED != 0,
        }
    }

    fn to_entry(&self) -> [u8; ENTRY] {
        let mut e = [0; ENTRY];
        e[..2].copy_from_slice(&MAGIC);
        e[2] = self.kind;
        e[3] = self.subtype;
        e[4..8].copy_from_slice(&self.offset.to_le_bytes());
        e[8..12].copy_from_slice(&self.size.to_le_bytes());
        let n = self.label.len().min(LABEL - 1);
        e[12..12 + n].copy_from_slice(&self.label.as_bytes()[..n]);
        e[28..].copy_from_slice(&u32::from(self.encrypted).to_le_bytes());
        e
    }
}

/// The table in the bytes at [`TABLE_AT`]; nothing where there is none.
pub fn read_table(bytes: &[u8]) -> Vec<Partition> {
    let (entries, _) = bytes.as_chunks::<ENTRY>();
    let entries = entries.iter().take(ENTRIES).take_while(|e| e[..2] == MAGIC);
    entries.map(|e| Partition::from_entry(e)).collect()
}

/// The bytes of a table, its check sum included.
pub fn write_table(partitions: &[Partition]) -> Vec<u8> {
    let mut bytes: Vec<u8> = partitions.iter().flat_map(Partition::to_entry).collect();
    let sum = Md5::digest(&bytes);
    bytes.extend_from_slice(&SUM_MAGIC);
    bytes.extend_from_slice(&sum);
    bytes
}

/// The table as it stands on the flash.
fn read(chip: &Chip) -> Vec<Partition> {
    let mut bytes = [0xff; ENTRY * ENTRIES];
    if TABLE.read(chip, 0, &mut bytes) != 0 {
        return Vec::new();
    }
    read_table(&bytes)
}

/// Puts the firmware's own table on a flash that has none: the flash as it was bought, after the
/// firmware was flashed.
pub(crate) fn ensure_table(chip: &Chip) {
    let mut head = [0; ENTRY];
    if TABLE.read(chip, 0, &mut head) != 0 || head.iter().any(|&b| b != 0xff) {
        return;
    }
    TABLE.program(chip, 0, &write_table(&chip.profile.flash.partitions));
}

/// All partitions, in the order of the table, with the one that the firmware adds.
pub(crate) fn partitions(chip: &Chip) -> Vec<Partition> {
    if chip.profile.flash.files.is_some() {
        // This firmware knows the place without a partition.
        return read(chip);
    }
    let len = chip.flash.borrow().len();
    with_files(read(chip), len)
}

impl Partition {
    /// Whether the firmware keeps its files there.
    pub fn is_for_files(&self) -> bool {
        self.kind == TYPE_DATA && (self.label == "vfs" || self.label == "ffat")
    }
}

/// Partitions and the one for files, which the firmware adds from the end of the last to the end of a
/// flash of so many bytes if there is none.
pub fn with_files(mut all: Vec<Partition>, len: u32) -> Vec<Partition> {
    let end = all.iter().map(|p| p.offset.saturating_add(p.size)).max().unwrap_or(0);
    if !all.iter().any(Partition::is_for_files) && end > 0 && len > end {
        all.push(Partition {
            label: "vfs".into(),
            kind: TYPE_DATA,
            subtype: SUBTYPE_FAT,
            offset: end.next_multiple_of(SECTOR),
            size: len - end.next_multiple_of(SECTOR).min(len),
            encrypted: false,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_the_table_is_read_as_it_was_written() {
        let p = Partition {
            label: "factory".into(),
            kind: TYPE_APP,
            subtype: 0,
            offset: 0x10000,
            size: 0x1f_0000,
            encrypted: false,
        };
        let e = p.to_entry();
        assert_eq!(e[..8], [0xaa, 0x50, 0, 0, 0, 0, 1, 0]);
        assert_eq!(Partition::from_entry(&e), p);
    }
}
