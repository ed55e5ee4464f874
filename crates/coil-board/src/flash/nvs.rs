//! Settings that stay: the ESP-IDF's non-volatile storage, in its own format on its own partition.
//!
//! A page is a sector: a header, two bits of state for each of 126 entries, the entries. What is
//! written again goes to a new entry and the old one is marked erased; a page without room is full;
//! when only one page is left, the live entries of the page with the fewest move there.

mod recover;

pub(crate) use recover::recover;

use super::ota::crc32;
use super::{Region, SECTOR, TYPE_DATA, partitions};
use crate::chip::Chip;
use alloc::vec;
use alloc::vec::Vec;

/// Error codes of the ESP-IDF.
pub(crate) const NOT_FOUND: i32 = 0x1102;
const NO_SPACE: i32 = 0x1105;
const KEY_TOO_LONG: i32 = 0x1109;
/// The buffer is too short.
pub(crate) const INVALID_LENGTH: i32 = 0x110c;
const TOO_LONG: i32 = 0x110e;
const NO_PARTITION: i32 = 0x110f;

/// The subtype of its partition.
const SUBTYPE: u8 = 2;
/// Entries of a page.
const ENTRIES: usize = 126;
/// Bytes of an entry.
const ENTRY: usize = 32;
/// Where the states of entries are.
const STATES: usize = 32;
/// Where the entries start.
const FIRST: usize = 64;
/// Bytes of a key, the zero at its end included.
const KEY: usize = 16;
/// The version of the format, as it stands in a page.
const VERSION: u8 = 0xfe;

/// States of a page.
const UNUSED: u32 = 0xffff_ffff;
const ACTIVE: u32 = 0xffff_fffe;
const FULL: u32 = 0xffff_fffc;
const FREEING: u32 = 0xffff_fff8;
/// None of them: the ESP-IDF takes such a page for one to be erased.
const DROPPED: u32 = 0;

/// States of an entry.
const WRITTEN: u8 = 2;
const ERASED: u8 = 0;
const EMPTY: u8 = 3;

/// Types of entries.
const U8: u8 = 0x01;
const I32: u8 = 0x14;
const BLOB_V1: u8 = 0x41;
const BLOB_DATA: u8 = 0x42;
const BLOB_INDEX: u8 = 0x48;

/// "No chunk" of entries that are not part of a blob.
const NO_CHUNK: u8 = 0xff;
/// The other version of a blob counts its chunks from here.
const OTHER_CHUNKS: u8 = 0x80;
/// Bytes of a blob at most, as the ESP-IDF limits them.
const BLOB_MAX: usize = 508_000;
/// Namespaces at most.
const SPACES: u8 = 254;

/// The storage of a chip.
pub(crate) struct Storage<'a> {
    chip: &'a Chip,
    region: Region,
}

/// A live entry and where it is.
#[derive(Clone)]
struct Item {
    page: usize,
    at: usize,
    head: [u8; ENTRY],
}

impl Item {
    fn span(&self) -> usize {
        usize::from(self.head[2]).clamp(1, ENTRIES)
    }

    fn key(&self) -> &[u8] {
        let key = &self.head[8..8 + KEY];
        &key[..key.iter().position(|&b| b == 0).unwrap_or(KEY)]
    }

    fn is(&self, space: u8, key: &str) -> bool {
        self.head[0] == space && self.key() == key.as_bytes()
    }

    fn kind(&self) -> u8 {
        self.head[1]
    }

    fn word(&self) -> u32 {
        u32::from_le_bytes([self.head[24], self.head[25], self.head[26], self.head[27]])
    }
}

fn entry_sum(head: &[u8; ENTRY]) -> u32 {
    let mut covered = [0; 28];
    covered[..4].copy_from_slice(&head[..4]);
    covered[4..].copy_from_slice(&head[8..]);
    crc32(u32::MAX, &covered)
}

fn new_head(space: u8, kind: u8, span: usize, chunk: u8, key: &str, data: [u8; 8]) -> [u8; ENTRY] {
    let mut h = [0; ENTRY];
    h[..4].copy_from_slice(&[space, kind, span as u8, chunk]);
    h[8..8 + key.len()].copy_from_slice(key.as_bytes());
    h[24..].copy_from_slice(&data);
    let sum = entry_sum(&h);
    h[4..8].copy_from_slice(&sum.to_le_bytes());
    h
}

fn padded(bytes: &[u8]) -> [u8; 8] {
    let mut d = [0xff; 8];
    d[..bytes.len()].copy_from_slice(bytes);
    d
}

impl<'a> Storage<'a> {
    /// The storage of a chip, if its flash has a partition for it.
    pub(crate) fn open(chip: &'a Chip) -> Result<Self, i32> {
        let all = partitions(chip);
        let p = all.iter().find(|p| p.kind == TYPE_DATA && p.subtype == SUBTYPE);
        let region = p.ok_or(NO_PARTITION)?.region();
        Ok(Self { chip, region })
    }

    fn pages(&self) -> usize {
        (self.region.size / SECTOR) as usize
    }

    fn read(&self, page: usize, at: usize, n: usize) -> Vec<u8> {
        let mut bytes = vec![0xff; n];
        self.region.read(self.chip, page as u32 * SECTOR + at as u32, &mut bytes);
        bytes
    }

    fn write(&self, page: usize, at: usize, bytes: &[u8]) {
        self.region.program(self.chip, page as u32 * SECTOR + at as u32, bytes);
    }

    fn page_state(&self, page: usize) -> u32 {
        let head = self.read(page, 0, STATES);
        let word =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let state = word(0);
        if state != UNUSED && word(28) != crc32(u32::MAX, &head[4..28]) { 0 } else { state }
    }

    fn sequence(&self, page: usize) -> u32 {
        let b = self.read(page, 4, 4);
        u32::from_le_bytes([b[0], b[1], b[2], b[3]])
    }

    fn set_page_state(&self, page: usize, state: u32) {
        self.write(page, 0, &state.to_le_bytes());
    }

    /// Pages that hold something, oldest first.
    fn used_pages(&self) -> Vec<usize> {
        let holds = |&p: &usize| matches!(self.page_state(p), ACTIVE | FULL | FREEING);
        let mut all: Vec<usize> = (0..self.pages()).filter(holds).collect();
        all.sort_by_key(|&p| self.sequence(p));
        all
    }

    fn entry_states(&self, page: usize) -> [u8; ENTRIES] {
        let bits = self.read(page, STATES, FIRST - STATES);
        core::array::from_fn(|i| bits[i / 4] >> (i % 4 * 2) & 3)
    }

    /// A power cut must not leave the middle of an item looking like one: what is written starts
    /// with the head, what is erased ends with it.
    fn set_entry_states(&self, page: usize, from: usize, n: usize, state: u8) {
        for step in 0..n {
            let i = if state == ERASED { from + n - 1 - step } else { from + step };
            // The other states of the byte stay: ones program nothing.
            let keep = !(3 << (i % 4 * 2));
            self.write(page, STATES + i / 4, &[keep | state << (i % 4 * 2)]);
        }
    }

    fn items_of(&self, page: usize) -> Vec<Item> {
        let (states, mut items, mut i) = (self.entry_states(page), Vec::new(), 0);
        while i < ENTRIES {
            if states[i] != WRITTEN {
                i += 1;
                continue;
            }
            let bytes = self.read(page, FIRST + i * ENTRY, ENTRY);
            let mut head = [0; ENTRY];
            head.copy_from_slice(&bytes);
            let item = Item { page, at: i, head };
            let sum = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
            if sum == entry_sum(&head) && i + item.span() <= ENTRIES {
                i += item.span();
                items.push(item);
            } else {
                i += 1;
            }
        }
        items
    }

    fn items(&self) -> Vec<Item> {
        self.used_pages().into_iter().flat_map(|p| self.items_of(p)).collect()
    }

    fn erase(&self, item: &Item) {
        self.set_entry_states(item.page, item.at, item.span(), ERASED);
    }

    /// The data behind a head, if it is what was written.
    fn content(&self, item: &Item) -> Result<Vec<u8>, i32> {
        let n = usize::from(u16::from_le_bytes([item.head[24], item.head[25]]));
        let n = n.min((item.span() - 1) * ENTRY);
        let bytes = self.read(item.page, FIRST + (item.at + 1) * ENTRY, n);
        let sum = crc32(u32::MAX, &bytes).to_le_bytes();
        if item.head[28..] == sum { Ok(bytes) } else { Err(NOT_FOUND) }
    }

    // ---- room ----

    /// The first entry of a page after all that was ever written.
    fn tail(&self, page: usize) -> usize {
        let states = self.entry_states(page);
        states.iter().rposition(|&s| s != EMPTY).map_or(0, |i| i + 1)
    }

    fn activate(&self, page: usize) {
        self.region.erase(self.chip, page as u32 * SECTOR, SECTOR);
        let last = self.used_pages().last().map(|&p| self.sequence(p));
        let mut head = [0xff; STATES];
        head[..4].copy_from_slice(&ACTIVE.to_le_bytes());
        head[4..8].copy_from_slice(&last.map_or(0, |n| n.wrapping_add(1)).to_le_bytes());
        head[8] = VERSION;
        let sum = crc32(u32::MAX, &head[4..28]);
        head[28..].copy_from_slice(&sum.to_le_bytes());
        self.write(page, 0, &head);
    }

    /// Puts an entry and what follows it at the end of a page.
    fn put(&self, page: usize, head: &[u8; ENTRY], content: &[u8]) {
        let (at, span) = (self.tail(page), usize::from(head[2]));
        let mut bytes = vec![0xff; span * ENTRY];
        bytes[..ENTRY].copy_from_slice(head);
        bytes[ENTRY..ENTRY + content.len()].copy_from_slice(content);
        self.write(page, FIRST + at * ENTRY, &bytes);
        self.set_entry_states(page, at, span, WRITTEN);
    }

    /// A page with room for so many entries.
    fn room(&self, n: usize) -> Result<usize, i32> {
        let used = self.used_pages();
        let active = used.iter().copied().find(|&p| self.page_state(p) == ACTIVE);
        if let Some(p) = active {
            if self.tail(p) + n <= ENTRIES {
                return Ok(p);
            }
            self.set_page_state(p, FULL);
        }
        let free: Vec<usize> = (0..self.pages()).filter(|p| !used.contains(p)).collect();
        match free[..] {
            [] => return Err(NO_SPACE),
            // The last free page is for moving to.
            [last] if !used.is_empty() => self.reclaim(&used, last)?,
            [first, ..] => self.activate(first),
        }
        let fresh = self.used_pages().into_iter().find(|&p| self.page_state(p) == ACTIVE);
        match fresh {
            Some(p) if self.tail(p) + n <= ENTRIES => Ok(p),
            _ => Err(NO_SPACE),
        }
    }

    /// Moves what is alive in the page with the least of it to a free page.
    fn reclaim(&self, used: &[usize], to: usize) -> Result<(), i32> {
        let alive = |p: usize| self.items_of(p).iter().map(Item::span).sum::<usize>();
        let victim = used.iter().copied().min_by_key(|&p| alive(p)).ok_or(NO_SPACE)?;
        if alive(victim) == ENTRIES {
            return Err(NO_SPACE);
        }
        self.set_page_state(victim, FREEING);
        self.move_items(victim, to);
        Ok(())
    }

    /// Moves what is alive in a page to a free one, and frees it.
    fn move_items(&self, from: usize, to: usize) {
        self.activate(to);
        for item in self.items_of(from) {
            let rest = (item.span() - 1) * ENTRY;
            let content = self.read(from, FIRST + (item.at + 1) * ENTRY, rest);
            self.put(to, &item.head, &content);
        }
        self.drop_page(from);
    }

    /// Erases a page. It stops being one first: half erased it could bring back what is gone.
    fn drop_page(&self, page: usize) {
        self.set_page_state(page, DROPPED);
        self.region.erase(self.chip, page as u32 * SECTOR, SECTOR);
    }

    fn add(&self, head: &[u8; ENTRY], content: &[u8]) -> Result<(), i32> {
        let page = self.room(usize::from(head[2]))?;
        self.put(page, head, content);
        Ok(())
    }

    // ---- what programs ask for ----

    /// The number of a namespace, which is made if there is none of that name.
    pub(crate) fn namespace(&self, name: &str) -> Result<u8, i32> {
        check_key(name)?;
        let items = self.items();
        let spaces = || items.iter().filter(|i| i.head[0] == 0 && i.kind() == U8);
        if let Some(i) = spaces().find(|i| i.is(0, name)) {
            return Ok(i.head[24]);
        }
        let free = (1..=SPACES).find(|n| spaces().all(|i| i.head[24] != *n)).ok_or(NO_SPACE)?;
        self.add(&new_head(0, U8, 1, NO_CHUNK, name, padded(&[free])), &[])?;
        Ok(free)
    }

    /// A number.
    pub(crate) fn get_i32(&self, space: u8, key: &str) -> Result<i32, i32> {
        check_key(key)?;
        let items = self.items();
        let found = items.iter().rfind(|i| i.is(space, key) && i.kind() == I32);
        found.map(|i| i.word() as i32).ok_or(NOT_FOUND)
    }

    /// Keeps a number.
    pub(crate) fn set_i32(&self, space: u8, key: &str, value: i32) -> Result<(), i32> {
        check_key(key)?;
        if self.get_i32(space, key) == Ok(value) {
            return Ok(());
        }
        let old = self.of_key(space, key);
        let data = padded(&value.to_le_bytes());
        self.add(&new_head(space, I32, 1, NO_CHUNK, key, data), &[])?;
        self.forget(space, key, &old);
        Ok(())
    }

    /// Some bytes.
    pub(crate) fn get_blob(&self, space: u8, key: &str) -> Result<Vec<u8>, i32> {
        check_key(key)?;
        let all = self.of_key(space, key);
        if let Some(old) = all.iter().find(|i| i.kind() == BLOB_V1) {
            return self.content(old);
        }
        let index = all.iter().rfind(|i| i.kind() == BLOB_INDEX).ok_or(NOT_FOUND)?;
        let (count, start) = (index.head[28], index.head[29]);
        let mut bytes = Vec::new();
        for n in 0..count {
            let is_next = |i: &&Item| i.kind() == BLOB_DATA && i.head[3] == start.wrapping_add(n);
            let chunk = all.iter().find(is_next).ok_or(NOT_FOUND)?;
            bytes.extend_from_slice(&self.content(chunk)?);
        }
        bytes.truncate(index.word() as usize);
        Ok(bytes)
    }

    /// Keeps some bytes.
    pub(crate) fn set_blob(&self, space: u8, key: &str, value: &[u8]) -> Result<(), i32> {
        check_key(key)?;
        if value.len() > BLOB_MAX {
            return Err(TOO_LONG);
        }
        if self.get_blob(space, key).as_deref() == Ok(value) {
            return Ok(());
        }
        let old = self.of_key(space, key);
        let before = old.iter().find(|i| i.kind() == BLOB_INDEX).map(|i| i.head[29]);
        let start = if before == Some(0) { OTHER_CHUNKS } else { 0 };
        let (mut count, mut rest) = (0, value);
        while !rest.is_empty() || count == 0 {
            // A page is filled to its end before the next one is taken.
            let page = self.room(2).inspect_err(|_| self.drop_chunks(space, key, start))?;
            let room = (ENTRIES - self.tail(page) - 1) * ENTRY;
            let (part, more) = rest.split_at(rest.len().min(room));
            let mut data = [0xff; 8];
            data[..2].copy_from_slice(&(part.len() as u16).to_le_bytes());
            data[4..].copy_from_slice(&crc32(u32::MAX, part).to_le_bytes());
            let span = 1 + part.len().div_ceil(ENTRY);
            self.add(&new_head(space, BLOB_DATA, span, start + count, key, data), part)
                .inspect_err(|_| self.drop_chunks(space, key, start))?;
            count += 1;
            rest = more;
        }
        let mut data = padded(&(value.len() as u32).to_le_bytes());
        data[4..6].copy_from_slice(&[count, start]);
        self.add(&new_head(space, BLOB_INDEX, 1, NO_CHUNK, key, data), &[])
            .inspect_err(|_| self.drop_chunks(space, key, start))?;
        // What was there before is what is not of the new version.
        for item in self.of_key(space, key) {
            let is_new = match item.kind() {
                BLOB_INDEX => item.head[29] == start,
                BLOB_DATA => item.head[3] & OTHER_CHUNKS == start,
                _ => false,
            };
            if !is_new {
                self.erase(&item);
            }
        }
        Ok(())
    }

    /// Forgets a key.
    pub(crate) fn erase_key(&self, space: u8, key: &str) -> Result<(), i32> {
        check_key(key)?;
        let all = self.of_key(space, key);
        if all.is_empty() {
            return Err(NOT_FOUND);
        }
        // The index of a blob first: its parts mean nothing without it.
        all.iter().rev().for_each(|i| self.erase(i));
        Ok(())
    }

    fn of_key(&self, space: u8, key: &str) -> Vec<Item> {
        let mut all = self.items();
        all.retain(|i| i.is(space, key));
        all
    }

    /// Marks what a key had before as erased; it may have moved to another page meanwhile.
    fn forget(&self, space: u8, key: &str, old: &[Item]) {
        let mut left = old.len();
        for item in self.of_key(space, key) {
            if left > 0 && old.iter().any(|o| o.head == item.head) {
                left -= 1;
                self.erase(&item);
            }
        }
    }

    /// Takes back the chunks of a blob that did not fit.
    fn drop_chunks(&self, space: u8, key: &str, start: u8) {
        for item in self.of_key(space, key) {
            if item.kind() == BLOB_DATA && item.head[3] & OTHER_CHUNKS == start {
                self.erase(&item);
            }
        }
    }
}

fn check_key(key: &str) -> Result<(), i32> {
    if key.len() < KEY { Ok(()) } else { Err(KEY_TOO_LONG) }
}
