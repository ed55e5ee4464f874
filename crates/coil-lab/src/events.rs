//! The stream of a lab's events: boards put them in, whoever subscribes gets them out, and nobody
//! waits for anybody. Without a subscriber it costs a board one look at a number.

mod act;
mod door;
mod filter;
mod hands;
mod join;
mod line;
mod packets;
mod request;
mod ring;
pub mod vcd;

pub use act::{Act, ActStep, Actor, actor, nobody};
pub use door::{Door, Visit};
pub use filter::Filter;
pub use hands::{Hands, Liner, LinesAre, SetLines, no_board};
pub use join::{Arrival, Arrivals, GuestLink, JoinWish, Joined};
pub use line::{LINE_MAX, Line, LineError, Lines};
pub use packets::Names;
pub use request::{Answer, REQUEST_MAX, Request};
pub use ring::{Batch, Subscription};

use crate::runner::Observer;
use coil_board::outside::{Event, Kinds};
use ring::Ring;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Events that a board gathers at most before it hands them on. It hands them on as well whenever
/// it rests, and at least every few milliseconds.
const BATCH: usize = 512;

/// The stream of a lab. Copies are the same stream.
#[derive(Clone, Debug, Default)]
pub struct Events(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// The kinds that any subscriber wants.
    kinds: AtomicU32,
    rings: Mutex<Vec<Arc<Ring>>>,
}

/// Locks a mutex whose data stays whole even if a holder panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Events {
    /// A stream that nobody reads yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Subscribes to what passes a filter from now on. At most `capacity` events wait to be read, where
    /// one with much data counts as several; after that the oldest are lost, and counted.
    pub fn subscribe(&self, filter: Filter, capacity: usize) -> Subscription {
        let ring = Arc::new(Ring::new(filter, capacity.max(1)));
        lock(&self.0.rings).push(ring.clone());
        self.0.count_kinds();
        Subscription::new(self.clone(), ring)
    }

    /// The observer that puts a board's events into the stream.
    pub fn board(&self, name: &str) -> BoardEvents {
        let batch = Vec::new();
        BoardEvents { events: self.clone(), name: name.into(), power_on_ns: 0, batch }
    }

    /// Puts events of a board in, with moments of the lab's clock.
    pub fn publish(&self, board: &Arc<str>, events: &[(u64, Event)]) {
        for ring in lock(&self.0.rings).iter() {
            ring.put(board, events);
        }
    }

    /// The kinds that any subscriber wants.
    pub fn wanted(&self) -> Kinds {
        Kinds::from_bits(self.0.kinds.load(Ordering::Relaxed))
    }

    fn leave(&self, ring: &Arc<Ring>) {
        lock(&self.0.rings).retain(|r| !Arc::ptr_eq(r, ring));
        self.0.count_kinds();
    }
}

impl Shared {
    fn count_kinds(&self) {
        let rings = lock(&self.rings);
        let all = rings.iter().fold(Kinds::NONE, |all, r| all.or(r.filter().kinds()));
        self.kinds.store(all.bits(), Ordering::Relaxed);
    }
}

/// A board's end of the stream.
#[derive(Debug)]
pub struct BoardEvents {
    events: Events,
    name: Arc<str>,
    power_on_ns: u64,
    batch: Vec<(u64, Event)>,
}

impl Observer for BoardEvents {
    fn event(&mut self, at_ns: u64, event: &Event) {
        self.batch.push((self.power_on_ns + at_ns, event.clone()));
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }

    fn watches(&self) -> Kinds {
        self.events.wanted()
    }

    fn power_on(&mut self, at_ns: u64) {
        self.power_on_ns = at_ns;
    }

    fn flush(&mut self) {
        if !self.batch.is_empty() {
            self.events.publish(&self.name, &self.batch);
            self.batch.clear();
        }
    }
}

impl Drop for BoardEvents {
    fn drop(&mut self) {
        self.flush();
    }
}
