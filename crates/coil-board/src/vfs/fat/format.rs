//! Making a FAT volume, with the sizes that the firmware's formatter chooses.

use super::volume::{
    Done, FAT12_MAX, FAT16_MAX, FAT32_MAX, Fault, Sectors, Width, put_long, put_word,
};
use alloc::vec;

/// Entries of a root directory of fixed size.
const ROOT_ENTRIES: u32 = 512;
/// Sectors in front of a volume that stands in a partition.
const BEFORE: u32 = 63;
/// From how many units of 4096 sectors on a cluster is twice as large.
const STEPS: [u32; 6] = [1, 4, 16, 64, 256, 512];
/// The same for FAT32, in units of 131 072 sectors.
const STEPS_32: [u32; 6] = [1, 2, 4, 8, 16, 32];
/// Sectors of a cluster at most.
const CLUSTER_MAX: u32 = 128;
/// Sectors of a volume at least.
const SECTORS_MIN: u32 = 22;

/// The sizes of a volume, in sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    width: Width,
    cluster: u32,
    reserved: u32,
    table: u32,
    root: u32,
    clusters: u32,
}

fn by_steps(steps: &[u32], n: u32) -> u32 {
    1 << steps.iter().take_while(|&&s| s <= n).count()
}

/// Sizes for FAT12 or FAT16; nothing if the volume is too large or too small for both.
fn plan_16(size: u32, sector: u32) -> Option<Plan> {
    let mut cluster = by_steps(&STEPS, size / 0x1000);
    loop {
        let clusters = size / cluster;
        let (mut width, mut bytes) = (Width::Fat16, clusters.checked_mul(2)?.checked_add(4)?);
        if clusters <= FAT12_MAX {
            (width, bytes) = (Width::Fat12, (clusters * 3).div_ceil(2) + 3);
        }
        let (table, root) = (bytes.div_ceil(sector), ROOT_ENTRIES * 32 / sector);
        let before = 1 + table + root;
        if size < before + cluster * 16 {
            return None;
        }
        let clusters = (size - before) / cluster;
        let fits = match width {
            Width::Fat16 => clusters > FAT12_MAX && clusters <= FAT16_MAX,
            _ => clusters <= FAT12_MAX,
        };
        if fits {
            return Some(Plan { width, cluster, reserved: 1, table, root, clusters });
        }
        if width == Width::Fat12 {
            return None;
        }
        cluster *= 2;
        if cluster > CLUSTER_MAX {
            return None;
        }
    }
}

/// Sizes for FAT32.
fn plan_32(size: u32, sector: u32) -> Option<Plan> {
    let mut cluster = by_steps(&STEPS_32, size / 0x2_0000);
    loop {
        let clusters = size / cluster;
        if !(FAT16_MAX + 1..=FAT32_MAX).contains(&clusters) {
            return None;
        }
        let (table, reserved) = ((clusters * 4 + 8).div_ceil(sector), 32);
        if size < reserved + table + cluster * 16 {
            return None;
        }
        let clusters = (size - reserved - table) / cluster;
        if clusters > FAT16_MAX {
            let width = Width::Fat32;
            return Some(Plan { width, cluster, reserved, table, root: 0, clusters });
        }
        cluster /= 2;
        if cluster == 0 {
            return None;
        }
    }
}

/// Makes an empty file system on a device of so many sectors: FAT12 or FAT16 on the whole of it, or
/// FAT32 in a partition.
pub(super) fn format(disk: &mut dyn Sectors, sectors: u32, sector: u32, only_16: bool) -> Done<()> {
    if !(512..=4096).contains(&sector) || !sector.is_power_of_two() {
        return Err(Fault::Disk);
    }
    disk.check_writable()?;
    if sectors >= SECTORS_MIN
        && let Some(plan) = plan_16(sectors, sector)
    {
        write(disk, 0, sectors, sector, plan)?;
        return disk.sync();
    }
    let size = sectors.checked_sub(BEFORE).filter(|&n| n >= SECTORS_MIN && !only_16);
    let size = size.ok_or(Fault::CannotFormat)?;
    let plan = plan_32(size, sector).ok_or(Fault::CannotFormat)?;
    write(disk, BEFORE, size, sector, plan)?;
    partition(disk, size, sector)?;
    disk.sync()
}

fn write(disk: &mut dyn Sectors, start: u32, size: u32, sector: u32, p: Plan) -> Done<()> {
    let is_32 = p.width == Width::Fat32;
    let mut b = vec![0; sector as usize];
    b[..11].copy_from_slice(b"\xeb\xfe\x90MSDOS5.0");
    put_word(&mut b, 11, sector as u16);
    b[13] = p.cluster as u8;
    put_word(&mut b, 14, p.reserved as u16);
    b[16] = 1;
    put_word(&mut b, 17, if is_32 { 0 } else { ROOT_ENTRIES as u16 });
    match u16::try_from(size) {
        Ok(short) => put_word(&mut b, 19, short),
        Err(_) => put_long(&mut b, 32, size),
    }
    b[21] = 0xf8;
    put_word(&mut b, 24, 63);
    put_word(&mut b, 26, 255);
    put_long(&mut b, 28, start);
    let now = disk.now();
    // Drive, signature, number, label and type, at different places.
    let at = if is_32 {
        put_long(&mut b, 36, p.table);
        put_long(&mut b, 44, 2);
        put_word(&mut b, 48, 1);
        put_word(&mut b, 50, 6);
        64
    } else {
        put_word(&mut b, 22, p.table as u16);
        36
    };
    b[at] = 0x80;
    b[at + 2] = 0x29;
    put_long(&mut b, at + 3, now);
    b[at + 7..at + 26].copy_from_slice(if is_32 {
        b"NO NAME    FAT32   "
    } else {
        b"NO NAME    FAT     "
    });
    put_word(&mut b, 510, 0xaa55);
    disk.write(start, &b)?;
    if is_32 {
        disk.write(start + 6, &b)?;
        b.fill(0);
        put_long(&mut b, 0, 0x4161_5252);
        put_long(&mut b, 484, 0x6141_7272);
        put_long(&mut b, 488, p.clusters - 1);
        put_long(&mut b, 492, 2);
        put_word(&mut b, 510, 0xaa55);
        disk.write(start + 7, &b)?;
        disk.write(start + 1, &b)?;
    }
    b.fill(0);
    match p.width {
        Width::Fat12 => put_long(&mut b, 0, 0x00ff_fff8),
        Width::Fat16 => put_long(&mut b, 0, 0xffff_fff8),
        Width::Fat32 => {
            put_long(&mut b, 0, 0xffff_fff8);
            put_long(&mut b, 4, 0xffff_ffff);
            put_long(&mut b, 8, 0x0fff_ffff);
        }
    }
    let root = if is_32 { p.cluster } else { p.root };
    for i in 0..p.table + root {
        disk.write(start + p.reserved + i, &b)?;
        if i == 0 {
            b.fill(0);
        }
    }
    Ok(())
}

/// The table with one partition, for devices that start with one.
fn partition(disk: &mut dyn Sectors, size: u32, sector: u32) -> Done<()> {
    let mut b = vec![0; sector as usize];
    put_word(&mut b, 510, 0xaa55);
    let p = &mut b[446..462];
    p[1] = 1;
    p[2] = 1;
    p[4] = 0x0c;
    let cylinders = (BEFORE + size) / (63 * 255);
    p[5] = 254;
    p[6] = ((cylinders >> 2) as u8 & 0xc0) | 63;
    p[7] = cylinders as u8;
    put_long(p, 8, BEFORE);
    put_long(p, 12, size);
    disk.write(0, &b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_the_formatter_s() {
        let small = plan_16(50, 512).unwrap();
        assert_eq!((small.width, small.cluster, small.clusters), (Width::Fat12, 1, 16));
        assert_eq!(plan_16(40, 512), None);
        let two = plan_16(4096, 512).unwrap();
        assert_eq!((two.width, two.cluster), (Width::Fat12, 2));
        assert_eq!(plan_16(8 << 20, 512).map(|p| p.width), None);
        let big = plan_32((8 << 20) - BEFORE, 512).unwrap();
        assert_eq!((big.width, big.cluster, big.clusters), (Width::Fat32, 64, 131_054));
    }
}
