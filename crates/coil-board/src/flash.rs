//! What is on the flash: the partition table, regions of it, which application starts, settings.

mod app;
pub(crate) mod nvs;
pub(crate) mod ota;
mod table;

pub use app::{description, image as application};
use table::ensure_table;
pub(crate) use table::partitions;
pub use table::{Partition, TABLE_AT, read_table, with_files, write_table};
pub use table::{SUBTYPE_ANY, TYPE_APP, TYPE_DATA};

use crate::chip::Chip;
use crate::outside::FlashError;
use alloc::vec;

/// Bytes of a sector: what is erased at once.
pub const SECTOR: u32 = 4096;

/// Input and output failed.
const EIO: i32 = 5;
/// A place that is not inside, or not at the start of a sector.
const EINVAL: i32 = 22;

/// A part of the flash. Answers are 0 or a negative error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Its first byte.
    pub(crate) start: u32,
    /// Its bytes.
    pub(crate) size: u32,
}

fn code(done: Result<(), FlashError>) -> i32 {
    match done {
        Ok(()) => 0,
        Err(FlashError::Range) => -EINVAL,
        Err(FlashError::Io) => -EIO,
    }
}

impl Region {
    fn place(self, at: u32, len: usize) -> Option<u32> {
        let end = u64::from(at) + len as u64;
        (end <= u64::from(self.size)).then(|| self.start + at)
    }

    /// Reads.
    pub(crate) fn read(self, chip: &Chip, at: u32, into: &mut [u8]) -> i32 {
        match self.place(at, into.len()) {
            Some(at) => code(chip.flash.borrow_mut().read(at, into)),
            None => -EINVAL,
        }
    }

    /// Programs: bits go from one to zero.
    pub(crate) fn program(self, chip: &Chip, at: u32, bytes: &[u8]) -> i32 {
        match self.place(at, bytes.len()) {
            Some(at) => code(chip.flash.borrow_mut().program(at, bytes)),
            None => -EINVAL,
        }
    }

    /// Erases whole sectors.
    pub(crate) fn erase(self, chip: &Chip, at: u32, len: u32) -> i32 {
        if !at.is_multiple_of(SECTOR) || !len.is_multiple_of(SECTOR) {
            return -EINVAL;
        }
        match self.place(at, len as usize) {
            Some(at) => code(chip.flash.borrow_mut().erase(at, len)),
            None => -EINVAL,
        }
    }

    /// Replaces bytes anywhere, and keeps the rest of the sectors that they touch.
    pub(crate) fn replace(self, chip: &Chip, at: u32, bytes: &[u8]) -> i32 {
        let Some(last) = at.checked_add(bytes.len() as u32) else { return -EINVAL };
        let (first, last) = (at / SECTOR * SECTOR, last.next_multiple_of(SECTOR));
        let mut all = vec![0; (last - first) as usize];
        let mut done = self.read(chip, first, &mut all);
        if done == 0 {
            let inside = (at - first) as usize;
            all[inside..inside + bytes.len()].copy_from_slice(bytes);
            done = self.erase(chip, first, last - first);
        }
        if done == 0 { self.program(chip, first, &all) } else { done }
    }
}

/// What happens at every reset: a flash that is new gets what flashing the firmware puts there, the
/// settings get rid of what a power cut left, and the boot loader chooses the application.
pub(crate) fn boot(chip: &mut Chip) {
    ensure_table(chip);
    ota::ensure_application(chip);
    nvs::recover(chip);
    chip.running = ota::boot(chip);
}
