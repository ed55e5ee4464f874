//! Which application starts: the `otadata` partition, as the ESP-IDF's boot loader reads and
//! writes it, with the way back from one that does not confirm itself.

use super::app;
use super::{Partition, Region, SECTOR, TYPE_APP, TYPE_DATA, partitions};
use crate::chip::Chip;
use alloc::vec::Vec;

/// The subtype of the partition with the choice.
const SUBTYPE_OTADATA: u8 = 0;
/// The subtype of the application that is there from the start.
const FACTORY: u8 = 0;
/// The subtypes of applications that can be chosen.
const SLOTS: core::ops::RangeInclusive<u8> = 0x10..=0x1f;

/// Bytes of an entry of `otadata`; one stands at the start of each of its two sectors.
const ENTRY: usize = 32;
const STATE_AT: usize = 24;
const SUM_AT: usize = 28;

/// States of a chosen application.
const NEW: u32 = 0;
const PENDING: u32 = 1;
const VALID: u32 = 2;
const INVALID: u32 = 3;
const ABORTED: u32 = 4;

/// Why something cannot be done: error codes of the ESP-IDF.
pub(crate) const FAIL: i32 = -1;
/// There is no such thing.
pub(crate) const NOT_FOUND: i32 = 0x105;
/// The image is none that can be started.
pub(crate) const VALIDATE_FAILED: i32 = 0x1503;

#[derive(Clone, Copy)]
struct Entry {
    sequence: u32,
    state: u32,
    sum: u32,
}

/// CRC-32 of bytes, as the ROM computes it from a start of all ones.
pub(super) fn crc32(start: u32, bytes: &[u8]) -> u32 {
    let mut crc = !start;
    for b in bytes {
        crc ^= u32::from(*b);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

impl Entry {
    fn sum_of(sequence: u32) -> u32 {
        crc32(u32::MAX, &sequence.to_le_bytes())
    }

    fn is_usable(self) -> bool {
        self.sequence != u32::MAX
            && self.sum == Self::sum_of(self.sequence)
            && self.state != INVALID
            && self.state != ABORTED
    }

    fn read(chip: &Chip, data: Region, which: usize) -> Self {
        let mut e = [0xff; ENTRY];
        data.read(chip, which as u32 * SECTOR, &mut e);
        let word = |at: usize| u32::from_le_bytes([e[at], e[at + 1], e[at + 2], e[at + 3]]);
        Self { sequence: word(0), state: word(STATE_AT), sum: word(SUM_AT) }
    }

    fn write(self, chip: &Chip, data: Region, which: usize) {
        let mut e = [0xff; ENTRY];
        e[..4].copy_from_slice(&self.sequence.to_le_bytes());
        e[STATE_AT..STATE_AT + 4].copy_from_slice(&self.state.to_le_bytes());
        e[SUM_AT..].copy_from_slice(&self.sum.to_le_bytes());
        data.erase(chip, which as u32 * SECTOR, SECTOR);
        data.program(chip, which as u32 * SECTOR, &e);
    }
}

fn otadata(chip: &Chip) -> Option<Region> {
    let all = partitions(chip);
    let p = all.iter().find(|p| p.kind == TYPE_DATA && p.subtype == SUBTYPE_OTADATA)?;
    (p.size >= 2 * SECTOR).then(|| p.region())
}

fn entries(chip: &Chip, data: Region) -> [Entry; 2] {
    [Entry::read(chip, data, 0), Entry::read(chip, data, 1)]
}

/// The entry that counts: the usable one with the higher number.
fn active(entries: &[Entry; 2]) -> Option<usize> {
    match entries.map(Entry::is_usable) {
        [true, true] => Some(usize::from(entries[1].sequence > entries[0].sequence)),
        [true, false] => Some(0),
        [false, true] => Some(1),
        [false, false] => None,
    }
}

/// Applications that can be chosen, in the order of their numbers.
fn slots(chip: &Chip) -> Vec<Partition> {
    let mut all: Vec<Partition> = partitions(chip)
        .into_iter()
        .filter(|p| p.kind == TYPE_APP && SLOTS.contains(&p.subtype))
        .collect();
    all.sort_by_key(|p| p.subtype);
    all
}

fn default(chip: &Chip) -> Option<Partition> {
    let all = partitions(chip);
    all.into_iter()
        .find(|p| p.kind == TYPE_APP && p.subtype == FACTORY)
        .or_else(|| slots(chip).into_iter().next())
}

/// The application that the next reset starts.
pub(crate) fn boot_partition(chip: &Chip) -> Option<Partition> {
    let slots = slots(chip);
    let chosen = otadata(chip).and_then(|data| {
        let e = entries(chip, data);
        let sequence = e[active(&e)?].sequence;
        slots.get((sequence.wrapping_sub(1) as usize).checked_rem(slots.len())?).cloned()
    });
    chosen.or_else(|| default(chip))
}

/// What the boot loader does at a reset: gives up an application that has not confirmed itself,
/// and says which one it starts.
pub(crate) fn boot(chip: &Chip) -> Option<Partition> {
    if let Some(data) = otadata(chip) {
        for (i, e) in entries(chip, data).into_iter().enumerate() {
            if e.is_usable() && e.state == PENDING {
                Entry { state: ABORTED, ..e }.write(chip, data, i);
            }
        }
        let e = entries(chip, data);
        if let Some(i) = active(&e)
            && e[i].state == NEW
        {
            Entry { state: PENDING, ..e[i] }.write(chip, data, i);
        }
    }
    boot_partition(chip)
}

/// Chooses the application that the next reset starts.
pub(crate) fn set_boot(chip: &Chip, p: &Partition) -> Result<(), i32> {
    if !app::is_valid(chip, p.region()) {
        return Err(VALIDATE_FAILED);
    }
    let data = otadata(chip).ok_or(NOT_FOUND)?;
    if p.subtype == FACTORY {
        data.erase(chip, 0, data.size);
        return Ok(());
    }
    let slots = slots(chip);
    let slot = slots.iter().position(|s| s.subtype == p.subtype).ok_or(NOT_FOUND)? as u32;
    let (e, count) = (entries(chip, data), slots.len() as u32);
    let (now, which) = match active(&e) {
        Some(i) => (e[i].sequence, 1 - i),
        None => (0, 0),
    };
    // The next number that stands for the slot; none is all ones, and after the last one comes the first.
    let ahead = (slot + count - now % count) % count;
    let sequence = match now.checked_add(1 + ahead) {
        Some(sequence) if sequence != u32::MAX => sequence,
        _ => {
            data.erase(chip, 0, data.size);
            slot + 1
        }
    };
    Entry { sequence, state: NEW, sum: Entry::sum_of(sequence) }.write(chip, data, which);
    Ok(())
}

/// The application that runs has proved itself: resets start it again.
pub(crate) fn confirm(chip: &Chip) -> Result<(), i32> {
    let data = otadata(chip).ok_or(NOT_FOUND)?;
    let e = entries(chip, data);
    let i = active(&e).ok_or(FAIL)?;
    if e[i].state != VALID {
        Entry { state: VALID, ..e[i] }.write(chip, data, i);
    }
    Ok(())
}

/// The slot after one's own, where the next version goes.
pub(crate) fn next_slot(chip: &Chip, from: &Partition) -> Option<Partition> {
    let slots = slots(chip);
    let next = match slots.iter().position(|s| s.subtype == from.subtype && from.kind == TYPE_APP) {
        Some(i) => (i + 1) % slots.len(),
        None => 0,
    };
    slots.into_iter().nth(next)
}

/// Puts what stands for this firmware where the first application belongs, on a new flash.
pub(crate) fn ensure_application(chip: &Chip) {
    let Some(p) = default(chip) else { return };
    let mut head = [0; ENTRY];
    if p.region().read(chip, 0, &mut head) == 0 && head.iter().all(|&b| b == 0xff) {
        p.region().program(chip, 0, &app::image(&chip.profile));
    }
}
