//! What waits for one subscriber: so much and no more.

use super::{Events, Filter, lock};
use coil_board::outside::Event;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Events of a board, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// How many events, of any board, were lost before these because nobody took them in time.
    pub missed: u64,
    /// The board's name.
    pub board: Arc<str>,
    /// What happened, and when: nanoseconds of the lab's clock.
    pub events: Vec<(u64, Event)>,
}

#[derive(Debug, Default)]
struct Queue {
    batches: VecDeque<(usize, Batch)>,
    weight: usize,
    missed: u64,
}

#[derive(Debug)]
pub(super) struct Ring {
    filter: Filter,
    capacity: usize,
    queue: Mutex<Queue>,
    arrived: Condvar,
}

impl Ring {
    pub(super) fn new(filter: Filter, capacity: usize) -> Self {
        Self { filter, capacity, queue: Mutex::default(), arrived: Condvar::new() }
    }

    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    pub(super) fn put(&self, board: &Arc<str>, events: &[(u64, Event)]) {
        if !self.filter.passes_board(board) {
            return;
        }
        let mut passed: Vec<_> =
            events.iter().filter(|e| self.filter.passes(&e.1)).cloned().collect();
        if passed.is_empty() {
            return;
        }
        let mut weight: usize = passed.iter().map(|e| weight(&e.1)).sum();
        let mut excess = 0;
        while weight > self.capacity {
            weight -= self::weight(&passed[excess].1);
            excess += 1;
        }
        passed.drain(..excess);
        let mut queue = lock(&self.queue);
        while queue.weight + weight > self.capacity {
            let Some((weight, oldest)) = queue.batches.pop_front() else { break };
            queue.weight -= weight;
            queue.missed += oldest.missed + oldest.events.len() as u64;
        }
        queue.missed += excess as u64;
        if passed.is_empty() {
            return;
        }
        queue.weight += weight;
        let batch = Batch { missed: 0, board: board.clone(), events: passed };
        queue.batches.push_back((weight, batch));
        drop(queue);
        self.arrived.notify_one();
    }
}

/// Bytes that count as much as an event.
const BYTES_PER_EVENT: usize = 256;

/// What an event counts for.
fn weight(event: &Event) -> usize {
    1 + event.payload_bytes() / BYTES_PER_EVENT
}

/// What a subscriber reads from. The stream forgets it when it is dropped.
#[derive(Debug)]
pub struct Subscription {
    events: Events,
    ring: Arc<Ring>,
}

impl Subscription {
    pub(super) fn new(events: Events, ring: Arc<Ring>) -> Self {
        Self { events, ring }
    }

    /// The next events, which are waited for so long; nothing if none came.
    pub fn next(&self, patience: Duration) -> Option<Batch> {
        let give_up = Instant::now() + patience;
        let mut queue = lock(&self.ring.queue);
        loop {
            if let Some((weight, mut batch)) = queue.batches.pop_front() {
                queue.weight -= weight;
                batch.missed += std::mem::take(&mut queue.missed);
                return Some(batch);
            }
            let left = give_up.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.ring.arrived.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.events.leave(&self.ring);
    }
}
