//! Calls that were answered and are not in the request log yet. Nobody waits for them, so they go along with what is written anyway, a
//! few at a time, and the rest when nothing else is to be done. It must not know what a call was.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::devices::DeviceRef;
use super::log::{self, Entry};
use super::sql::{SqlError, Tx};

/// How many wait at most; then the oldest are left out.
const WAITING: usize = 16_384;
/// How many bytes of text they have at most, all together.
const BYTES: usize = 16 << 20;
/// How long one waits before it goes along with something else.
pub(super) const PAUSE: Duration = Duration::from_millis(50);
/// How many go along with something else.
pub(super) const ALONG: usize = 8;
/// How many are written at once when nothing else is to be done.
pub(super) const ALONE: usize = 256;

/// What waits, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    /// Empty where a newer one of the same device has pushed it out.
    notes: VecDeque<Option<Note>>,
    /// The number of the first.
    first: usize,
    /// The numbers of those of each device.
    by_device: HashMap<Option<DeviceRef>, VecDeque<usize>>,
    since: Option<Instant>,
    bytes: usize,
}

#[derive(Debug)]
struct Note {
    device: Option<DeviceRef>,
    entry: Entry,
    keep: u32,
}

impl Notes {
    /// Adds a call, which pushes out the one of its device that the log would not keep beside it; says whether it is alone.
    pub(super) fn add(&self, device: Option<DeviceRef>, entry: Entry, keep: u32) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_alone = waiting.notes.is_empty();
        if is_alone {
            waiting.since = Some(Instant::now());
        }
        let bytes = entry.bytes();
        while waiting.notes.len() >= WAITING || waiting.bytes + bytes > BYTES {
            if waiting.take().is_none() {
                break;
            }
        }
        waiting.bytes += bytes;
        let number = waiting.first + waiting.notes.len();
        let numbers = waiting.by_device.entry(device.clone()).or_default();
        numbers.push_back(number);
        let pushed_out = (numbers.len() > keep.max(1) as usize).then(|| numbers.pop_front());
        if let Some(old) = pushed_out.flatten() {
            let place = old - waiting.first;
            if let Some(note) = waiting.notes.get_mut(place).and_then(Option::take) {
                waiting.bytes -= note.entry.bytes();
            }
        }
        waiting.notes.push_back(Some(Note { device, entry, keep }));
        is_alone
    }

    /// Whether any wait.
    pub(super) fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).notes.is_empty()
    }

    /// Writes so many of them, if they have waited.
    pub(super) fn write_some(&self, tx: &Tx, count: usize) -> Result<(), SqlError> {
        let some: Vec<Note> = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.since.is_none_or(|since| since.elapsed() < PAUSE) {
                return Ok(());
            }
            std::iter::from_fn(|| waiting.next()).take(count).collect()
        };
        write(tx, some)
    }

    /// Writes all of them.
    pub(super) fn write_all(&self, tx: &Tx) -> Result<(), SqlError> {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        write(tx, all.notes.into_iter().flatten())
    }
}

impl Waiting {
    /// Removes the first place.
    fn take(&mut self) -> Option<Option<Note>> {
        let note = self.notes.pop_front()?;
        self.first += 1;
        if let Some(note) = &note {
            self.bytes -= note.entry.bytes();
            if let Some(numbers) = self.by_device.get_mut(&note.device) {
                numbers.pop_front();
                if numbers.is_empty() {
                    self.by_device.remove(&note.device);
                }
            }
        }
        if self.notes.is_empty() {
            self.since = None;
        }
        Some(note)
    }

    fn next(&mut self) -> Option<Note> {
        loop {
            if let Some(note) = self.take()? {
                return Some(note);
            }
        }
    }
}

fn write(tx: &Tx, notes: impl IntoIterator<Item = Note>) -> Result<(), SqlError> {
    for note in notes {
        log::add(tx, note.device.as_ref(), &note.entry, note.keep)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Notes, WAITING};
    use crate::store::devices::DeviceRef;
    use crate::store::log::Entry;
    use crate::time::Stamp;

    fn entry(number: i64) -> Entry {
        Entry {
            at: Stamp::from_micros(number),
            status: 200,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            reason: None,
            request: String::new(),
            answer: String::new(),
        }
    }

    fn waiting(notes: &Notes) -> Vec<i64> {
        let mut waiting = notes.0.lock().expect("nobody has panicked");
        std::iter::from_fn(|| waiting.next()).map(|note| note.entry.at.micros()).collect()
    }

    #[test]
    fn each_device_keeps_its_newest_calls_in_their_order() {
        let notes = Notes::default();
        for number in 0..100 {
            let device = DeviceRef::Id((number % 2).to_string());
            assert_eq!(notes.add(Some(device), entry(number), 3), number == 0);
        }
        notes.add(None, entry(100), 3);
        assert_eq!(waiting(&notes), [94, 95, 96, 97, 98, 99, 100]);
        assert!(notes.is_empty());
        assert!(notes.add(None, entry(101), 3));
        assert_eq!(waiting(&notes), [101]);
    }

    #[test]
    fn what_waits_is_bounded_for_all_devices_together() {
        let notes = Notes::default();
        let all = WAITING as i64 + 10;
        for number in 0..all {
            notes.add(Some(DeviceRef::Id(number.to_string())), entry(number), 100);
        }
        assert_eq!(waiting(&notes), (10..all).collect::<Vec<_>>());
        let large = "x".repeat(BYTES / 3);
        for number in 0..5 {
            notes.add(None, Entry { request: large.clone(), ..entry(number) }, 100);
        }
        assert_eq!(waiting(&notes), [3, 4]);
        let waiting = notes.0.lock().expect("nobody has panicked");
        assert!(waiting.by_device.is_empty() && waiting.bytes == 0);
    }
}
