//! What the ESP-IDF does to the settings when it starts: a power cut in the middle of a change
//! leaves halves, and nobody must find them later.

use super::{
    ACTIVE, BLOB_DATA, BLOB_INDEX, EMPTY, ENTRIES, ENTRY, ERASED, FIRST, FREEING, Item, Storage,
    WRITTEN, entry_sum,
};
use crate::chip::Chip;
use crate::flash::SECTOR;

/// Makes the settings of a chip whole again, if its flash has a partition for them.
pub(crate) fn recover(chip: &Chip) {
    if let Ok(storage) = Storage::open(chip) {
        storage.recover();
    }
}

impl Storage<'_> {
    fn recover(&self) {
        self.resume_move();
        let used = self.used_pages();
        for &page in &used {
            self.mend(page);
        }
        self.drop_older();
        if !used.is_empty() && used.len() == self.pages() {
            // Nothing can be moved any more: the firmware starts with no settings.
            self.region.erase(self.chip, 0, self.region.size / SECTOR * SECTOR);
        }
    }

    /// Starts anew with the move of a page's items that was interrupted: the page still has them.
    fn resume_move(&self) {
        let used = self.used_pages();
        let Some(&from) = used.iter().find(|&&p| self.page_state(p) == FREEING) else { return };
        if let Some(&last) = used.last()
            && self.page_state(last) == ACTIVE
        {
            self.drop_page(last);
        }
        self.mend(from);
        let used = self.used_pages();
        if let Some(to) = (0..self.pages()).find(|p| !used.contains(p)) {
            self.move_items(from, to);
        }
    }

    /// Marks as erased what was not written whole, or not erased whole.
    fn mend(&self, page: usize) {
        let states = self.entry_states(page);
        let bytes = self.read(page, FIRST, ENTRIES * ENTRY);
        let (entries, _) = bytes.as_chunks::<ENTRY>();
        let mut i = 0;
        while i < ENTRIES {
            let span = match states[i] {
                ERASED => 1,
                EMPTY if entries[i].iter().all(|&b| b == 0xff) => 1,
                WRITTEN => {
                    let item = Item { page, at: i, head: entries[i] };
                    let (sum, end) = (entry_sum(&item.head), i + item.span());
                    let is_head = item.head[4..8] == sum.to_le_bytes() && end <= ENTRIES;
                    let span = if is_head { item.span() } else { 1 };
                    if !is_head || states[i..end].iter().any(|&s| s != WRITTEN) {
                        self.set_entry_states(page, i, span, ERASED);
                    }
                    span
                }
                _ => {
                    self.set_entry_states(page, i, 1, ERASED);
                    1
                }
            };
            i += span;
        }
    }

    /// Erases what was replaced, and parts of blobs that were not finished.
    fn drop_older(&self) {
        let items = self.items();
        for (i, item) in items.iter().enumerate() {
            let same = |o: &&Item| o.head[0] == item.head[0] && o.key() == item.key();
            let is_replaced = items[i + 1..]
                .iter()
                .filter(same)
                .any(|o| o.kind() == item.kind() && o.head[3] == item.head[3]);
            let is_part = || {
                let index = items.iter().filter(same).rfind(|o| o.kind() == BLOB_INDEX);
                index.is_some_and(|o| item.head[3].wrapping_sub(o.head[29]) < o.head[28])
            };
            if is_replaced || item.kind() == BLOB_DATA && !is_part() {
                self.erase(item);
            }
        }
    }
}
