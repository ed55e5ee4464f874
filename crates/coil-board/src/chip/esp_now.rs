//! ESP-NOW: the peers, the messages that wait, and what is still to be heard of those sent. What the driver keeps of it; the
//! object of the program is in `modules/net/espnow.rs`.

use super::Chip;
use crate::outside::{Mac, NowFrame, NowKeys, NowSent};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use coil_vm::{Value, Vm};

/// Bytes of a message, at most.
pub const DATA_MAX: usize = 1470;
/// Bytes of a key.
pub const KEY: usize = 16;
/// Peers, at most.
pub const PEERS_MAX: usize = 20;
/// Those with encryption, at most.
pub const ENCRYPTED_MAX: usize = 6;
/// What the buffer needs for a message beside its bytes: a mark, length, time, signal and sender.
const AROUND: usize = 1 + 2 + 4 + 1 + 6;
/// The size of the buffer if nothing is said.
const BUFFER: usize = 2 * (AROUND + DATA_MAX);
/// Kilobits a second, if nothing is said.
const KBITS: u32 = 1000;

/// A peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its address.
    pub mac: Mac,
    /// Its key; zeros if it has none.
    pub lmk: [u8; KEY],
    /// The channel that it must be on; zero for any.
    pub channel: u8,
    /// The interface that messages leave by.
    pub interface: u8,
    /// Messages are encrypted.
    pub encrypt: bool,
}

impl Peer {
    /// One peer, not several.
    pub fn is_single(&self) -> bool {
        self.mac[0] & 1 == 0
    }
}

/// A message that waits to be read.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its sender.
    pub from: Mac,
    /// What it says.
    pub data: Vec<u8>,
    /// The signal, in dBm.
    pub rssi: i8,
    /// When it came, in milliseconds since the chip left reset.
    pub time_ms: u64,
}

/// The driver's state.
#[derive(Debug)]
pub struct EspNow {
    /// It is on.
    pub on: bool,
    /// Its peers.
    pub peers: Vec<Peer>,
    /// The key that the peers' are made with.
    pub pmk: [u8; KEY],
    /// How fast it sends, in kilobits a second.
    pub kbits: u32,
    /// The size of the buffer that the next start makes.
    pub buffer_size: usize,
    size: usize,
    used: usize,
    waiting: VecDeque<Message>,
    pending: VecDeque<NowSent>,
    /// Messages sent, answers to them, those that say that nobody has acknowledged; messages that came, those that found no room.
    pub stats: [u64; 5],
}

const SENT: usize = 0;
const ANSWERED: usize = 1;
const FAILED: usize = 2;
const RECEIVED: usize = 3;
const DROPPED: usize = 4;

impl Default for EspNow {
    fn default() -> Self {
        Self {
            on: false,
            peers: Vec::new(),
            pmk: [0; KEY],
            kbits: KBITS,
            buffer_size: BUFFER,
            size: 0,
            used: 0,
            waiting: VecDeque::new(),
            pending: VecDeque::new(),
            stats: [0; 5],
        }
    }
}

impl EspNow {
    /// Switches it on, with an empty buffer.
    pub fn start(&mut self) {
        self.on = true;
        self.size = self.buffer_size;
        self.used = 0;
        self.waiting.clear();
    }

    /// Switches it off: no peers, no messages, nothing to be heard any more.
    pub fn stop(&mut self) {
        self.on = false;
        self.peers.clear();
        self.waiting.clear();
        self.pending.clear();
        self.stats[SENT] = self.stats[ANSWERED];
    }

    /// The peer with this address.
    pub fn peer(&mut self, mac: Mac) -> Option<&mut Peer> {
        self.peers.iter_mut().find(|peer| peer.mac == mac)
    }

    /// The keys for messages to a peer.
    pub fn keys_of(&self, peer: &Peer) -> Option<NowKeys> {
        peer.encrypt.then_some((self.pmk, peer.lmk))
    }

    /// A message has been sent, of which this is to be heard.
    pub fn sent(&mut self, what: NowSent) {
        self.stats[SENT] += 1;
        self.pending.push_back(what);
    }

    /// When everything is known of what was sent.
    pub fn settled_us(&self) -> Option<u64> {
        self.pending.iter().map(|sent| sent.at_us).max()
    }

    /// When the next is known.
    pub fn deadline(&self) -> Option<u64> {
        self.pending.iter().map(|sent| sent.at_us).min()
    }

    /// Messages that nobody has acknowledged.
    pub fn failures(&self) -> u64 {
        self.stats[FAILED]
    }

    /// Whether a message waits.
    pub fn has_message(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The next message.
    pub fn take(&mut self) -> Option<Message> {
        let message = self.waiting.pop_front()?;
        self.used -= AROUND + message.data.len();
        Some(message)
    }

    /// Forgets all messages that wait.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.used = 0;
    }

    /// Whether it can read a message: one that is encrypted takes the sender's keys.
    fn reads(&self, frame: &NowFrame) -> bool {
        let Some(keys) = frame.keys else { return true };
        let sender = self.peers.iter().find(|peer| peer.mac == frame.from);
        sender.is_some_and(|peer| self.keys_of(peer) == Some(keys))
    }

    /// Keeps a message; false if it found no room.
    fn store(&mut self, frame: NowFrame, booted_us: u64) -> bool {
        let needs = AROUND + frame.data.len();
        // One byte of the ring always stays free, and so does one more.
        if needs >= (self.size - self.used).saturating_sub(1) {
            self.stats[DROPPED] += 1;
            return false;
        }
        self.used += needs;
        self.stats[RECEIVED] += 1;
        self.waiting.push_back(Message {
            from: frame.from,
            data: frame.data,
            rssi: frame.rssi,
            time_ms: frame.at_us.saturating_sub(booted_us) / 1000,
        });
        true
    }

    fn settle(&mut self, now_us: u64) {
        let [_, answered, failed, ..] = &mut self.stats;
        self.pending.retain(|sent| {
            let is_over = sent.at_us <= now_us;
            *answered += u64::from(is_over);
            *failed += u64::from(is_over && !sent.acknowledged);
            !is_over
        });
    }
}

/// Where the machine keeps the program's object, if there is one: its field 1 is what is called when a message comes, its field 2
/// with what.
#[derive(Debug, Default)]
pub(crate) struct Singleton(pub(crate) Option<usize>);

/// Takes what has come, and hears of what was sent.
pub(crate) fn advance(vm: &mut Vm) {
    if !Chip::of(vm).esp_now.on {
        return;
    }
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    chip.esp_now.settle(now);
    while let Some(frame) = Chip::of(vm).radio.next_now() {
        let chip = Chip::of(vm);
        let booted_us = chip.booted_us;
        if chip.esp_now.reads(&frame) && chip.esp_now.store(frame, booted_us) {
            call(vm);
        }
    }
}

fn call(vm: &mut Vm) {
    let Some(place) = vm.state::<Singleton>().0 else { return };
    let object = vm.pinned(place);
    let (f, arg) = (vm.native_field(object, 1), vm.native_field(object, 2));
    if f != Value::NONE && !f.is_null() {
        vm.schedule(f, arg);
    }
}
