//! What is on a new card: an empty FAT file system, without partitions.

use super::Disk;
use coil_board::outside::bus::SECTOR_BYTES;

/// Sectors before the tables, entries of the root folder, and bytes of one.
const RESERVED: u32 = 1;
const TABLES: u32 = 2;
const ROOT_ENTRIES: u32 = 512;
const ENTRY_BYTES: u32 = 32;
/// From so many clusters on a table's entries have 16 bits instead of 12.
const SIXTEEN_BITS: u32 = 4085;

/// Writes the first sector and the starts of the tables.
pub(super) fn format(disk: &mut Disk) {
    // Small enough clusters that the tables of cards of every size can have 12 or 16 bits.
    let cluster: u32 = match disk.count / super::SECTORS_PER_MEGABYTE {
        0..=4 => 1,
        5..=8 => 2,
        _ => 4,
    };
    let root = ROOT_ENTRIES * ENTRY_BYTES / SECTOR_BYTES as u32;
    let clusters = |table: u32| (disk.count - RESERVED - TABLES * table - root) / cluster;
    let bits = if clusters(0) < SIXTEEN_BITS + 40 { 12 } else { 16 };
    let table = ((disk.count / cluster + 2) * bits / 8).div_ceil(SECTOR_BYTES as u32);

    let mut boot = [0; SECTOR_BYTES];
    boot[..11].copy_from_slice(b"\xeb\x3c\x90COIL 1.0");
    boot[11..13].copy_from_slice(&(SECTOR_BYTES as u16).to_le_bytes());
    boot[13] = cluster as u8;
    boot[14] = RESERVED as u8;
    boot[16] = TABLES as u8;
    boot[17..19].copy_from_slice(&(ROOT_ENTRIES as u16).to_le_bytes());
    if let Ok(count) = u16::try_from(disk.count) {
        boot[19..21].copy_from_slice(&count.to_le_bytes());
    } else {
        boot[32..36].copy_from_slice(&disk.count.to_le_bytes());
    }
    boot[21] = 0xf8;
    boot[22..24].copy_from_slice(&(table as u16).to_le_bytes());
    // Geometry of a drive that has none.
    boot[24] = 63;
    boot[26] = 255;
    boot[36] = 0x80;
    boot[38] = 0x29;
    boot[39..43].copy_from_slice(&disk.count.to_le_bytes());
    boot[43..54].copy_from_slice(b"NO NAME    ");
    boot[54..62].copy_from_slice(if bits == 12 { b"FAT12   " } else { b"FAT16   " });
    boot[510..].copy_from_slice(&[0x55, 0xaa]);
    disk.write(0, &boot);

    let mut first = [0; SECTOR_BYTES];
    first[..4].copy_from_slice(&[0xf8, 0xff, 0xff, if bits == 12 { 0 } else { 0xff }]);
    for n in 0..TABLES {
        disk.write(RESERVED + n * table, &first);
    }
}
