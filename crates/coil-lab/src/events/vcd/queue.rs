//! Changes of signals in the order of their time.

use super::Value;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A signal gets a value.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) t: u64,
    pub(super) signal: usize,
    pub(super) value: Value,
}

struct Entry(Change, u64);

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    /// The earliest is the greatest; of the same time the one that came first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.0.t, other.1).cmp(&(self.0.t, self.1))
    }
}

/// Changes that wait for their time.
#[derive(Default)]
pub(super) struct Queue {
    changes: BinaryHeap<Entry>,
    count: u64,
    last_ns: Option<u64>,
}

impl Queue {
    pub(super) fn put(&mut self, t: u64, signal: usize, value: Value) {
        self.count += 1;
        self.last_ns = self.last_ns.max(Some(t));
        self.changes.push(Entry(Change { t, signal, value }, self.count));
    }

    /// The first of those before a moment. Beyond a bound they come before their time.
    pub(super) fn take_before(&mut self, until_ns: u64) -> Option<Change> {
        let first = self.changes.peek()?;
        let due = first.0.t < until_ns || self.changes.len() > WAITING_MAX;
        if due { self.changes.pop().map(|e| e.0) } else { None }
    }

    /// When the last one is.
    pub(super) fn last_ns(&self) -> Option<u64> {
        self.last_ns
    }
}

/// Changes that wait at most.
const WAITING_MAX: usize = 1 << 20;
