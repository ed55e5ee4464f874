//! What radios say to each other outside any network: ESP-NOW. Who hears what depends on the channel alone.

use crate::frame::{self, Mac, is_group};
use crate::rng::Rng;
use crate::segment::{Port, lock};
use crate::speech::Speech;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The keys that a frame is encrypted with: the primary one and the peer's.
pub type NowKeys = ([u8; 16], [u8; 16]);

/// A message of ESP-NOW.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NowFrame {
    /// The interface that it comes from.
    pub from: Mac,
    /// The interface that it is for, or a group.
    pub to: Mac,
    /// What it says.
    pub data: Vec<u8>,
    /// What it is encrypted with.
    pub keys: Option<NowKeys>,
    /// The signal at the receiver, in dBm.
    pub rssi: i8,
    /// When it is there, in microseconds of the lab's clock.
    pub at_us: u64,
}

/// What became of a message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NowSent {
    /// The receiver's radio has acknowledged it; a group's are not asked.
    pub acknowledged: bool,
    /// When that is known.
    pub at_us: u64,
}

/// Messages that wait for one board; more are lost.
const INBOX: usize = 64;
/// How often a radio sends what nobody acknowledges: once, and again as often as IEEE 802.11 has it by default.
const TRIES: u64 = 8;
/// Preamble and header of a frame at 1 Mbit/s, in microseconds.
const PREAMBLE_US: u64 = 192;
/// Bytes around a message: those of an action frame and its check sum, with what ESP-NOW puts before the first 250 bytes.
const AROUND: u64 = 24 + 4 + 8 + 7;
/// Bytes before each further 250.
const AROUND_NEXT: u64 = 7;
/// Bytes of a message that go together.
const PART: u64 = 250;

/// The fastest that the long range is.
const LONG_RANGE_KBITS: u32 = 500;

/// How long a message is on the air.
fn airtime_us(length: usize, kbits: u32) -> u64 {
    let length = length as u64;
    let parts = length.div_ceil(PART).max(1);
    let bytes = length + AROUND + (parts - 1) * AROUND_NEXT;
    PREAMBLE_US + bytes * 8000 / u64::from(kbits.max(1))
}

/// One board's place there.
#[derive(Debug)]
pub(crate) struct Seat {
    /// The channel that it listens to; zero while it hears nothing.
    channel: AtomicU8,
    /// It takes messages; their acknowledgement does not depend on that.
    listens: AtomicBool,
    dropped: AtomicU64,
    inbox: Mutex<VecDeque<NowFrame>>,
    port: Arc<Port>,
}

impl Seat {
    pub(crate) fn new(port: Arc<Port>) -> Self {
        Self {
            channel: AtomicU8::new(0),
            listens: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            inbox: Mutex::default(),
            port,
        }
    }

    /// The place of a board whose port is another one now.
    pub(crate) fn in_place_of(old: &Self, port: Arc<Port>) -> Self {
        Self {
            channel: AtomicU8::new(old.channel()),
            listens: AtomicBool::new(old.listens.load(Relaxed)),
            dropped: AtomicU64::new(old.dropped()),
            ..Self::new(port)
        }
    }

    pub(crate) fn tune(&self, channel: u8) {
        self.channel.store(channel, Relaxed);
    }

    pub(crate) fn channel(&self) -> u8 {
        self.channel.load(Relaxed)
    }

    pub(crate) fn listen(&self, on: bool) {
        self.listens.store(on, Relaxed);
        if !on {
            lock(&self.inbox).clear();
        }
    }

    /// Messages that found no room.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    /// The next message that is there by now.
    pub(crate) fn next(&self, now_us: u64) -> Option<NowFrame> {
        lock(&self.inbox).pop_front_if(|frame| frame.at_us <= now_us)
    }

    /// When there is one.
    pub(crate) fn deadline(&self) -> Option<u64> {
        lock(&self.inbox).front().map(|frame| frame.at_us)
    }

    fn hear(&self, frame: &NowFrame) {
        if !self.listens.load(Relaxed) {
            return;
        }
        let mut inbox = lock(&self.inbox);
        if inbox.len() >= INBOX {
            self.dropped.fetch_add(1, Relaxed);
            return;
        }
        inbox.push_back(frame.clone());
        drop(inbox);
        self.port.wake();
    }
}

/// All places, by the hardware addresses of interfaces that are on.
#[derive(Debug, Default)]
pub(crate) struct Ether {
    // In order, so that the same seed gives the same run.
    seats: RwLock<BTreeMap<Mac, (Arc<Seat>, Speech)>>,
}

impl Ether {
    /// An interface is on, and speaks like this.
    pub(crate) fn enter(&self, mac: Mac, seat: &Arc<Seat>, speech: Speech) {
        let mut seats = self.seats.write().unwrap_or_else(PoisonError::into_inner);
        seats.insert(mac, (seat.clone(), speech));
    }

    /// It is off again.
    pub(crate) fn leave(&self, mac: Mac, seat: &Arc<Seat>) {
        let mut seats = self.seats.write().unwrap_or_else(PoisonError::into_inner);
        if seats.get(&mac).is_some_and(|(it, _)| Arc::ptr_eq(it, seat)) {
            seats.remove(&mac);
        }
    }

    /// Sends a message on the sender's channel. `at_us` of it is when that begins.
    pub(crate) fn send(
        &self,
        sender: &Arc<Seat>,
        mut frame: NowFrame,
        kbits: u32,
        loss_ppm: u32,
        rng: &mut Rng,
    ) -> NowSent {
        let begins_us = frame.at_us;
        let airtime_us = airtime_us(frame.data.len(), kbits);
        let channel = sender.channel();
        let seats = self.seats.read().unwrap_or_else(PoisonError::into_inner);
        // What only the long range speaks it says in its way, and at its rates there is no other.
        let only = seats.get(&frame.from).is_some_and(|(_, speech)| !speech.usual);
        let long_range = only || kbits <= LONG_RANGE_KBITS;
        let is_reached = |(seat, speech): &(Arc<Seat>, Speech)| {
            !Arc::ptr_eq(seat, sender)
                && channel != 0
                && seat.channel() == channel
                && speech.hears(long_range)
        };
        frame.at_us = begins_us + airtime_us;
        if is_group(frame.to) {
            let mut told: Vec<&Arc<Seat>> = Vec::new();
            for (seat, _) in seats.values().filter(|it| is_reached(it)) {
                // A board with both interfaces on hears it once.
                if !told.iter().any(|it| Arc::ptr_eq(it, seat)) {
                    told.push(seat);
                    if !rng.chance(loss_ppm) {
                        seat.hear(&frame);
                    }
                }
            }
            return NowSent { acknowledged: true, at_us: frame.at_us };
        }
        let Some((seat, _)) = seats.get(&frame.to).filter(|it| is_reached(it)) else {
            return NowSent { acknowledged: false, at_us: begins_us + TRIES * airtime_us };
        };
        let tries = (1..=TRIES).find(|_| !rng.chance(loss_ppm));
        frame.at_us = begins_us + tries.unwrap_or(TRIES) * airtime_us;
        if tries.is_some() {
            seat.hear(&frame);
        }
        NowSent { acknowledged: tries.is_some(), at_us: frame.at_us }
    }
}

/// The frame as those who watch the air see it; what is encrypted they cannot read.
pub(crate) fn shown(frame: &NowFrame) -> Arc<[u8]> {
    let body = if frame.keys.is_some() { vec![0; frame.data.len()] } else { frame.data.clone() };
    frame::esp_now_frame(frame.from, frame.to, frame.keys.is_some(), &body)
}
