//! The I2S controllers: how far the samples are, at the rate that was asked for.
//!
//! Time here is nanoseconds since power on.

use super::Chip;
use alloc::collections::VecDeque;
use coil_vm::{Value, Vm};

/// How many I2S controllers there are.
pub const I2SS: usize = 2;
/// Frames of one of the hardware's buffers.
const BUFFER_FRAMES: u64 = 256;
/// Bytes of a frame as the hardware hears it: two samples of 32 bits.
const HEARD_FRAME_BYTES: u64 = 8;
/// Transfers in the background at most: one at work, one that waits.
const JOBS_MAX: usize = 2;

/// How a program transfers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Io {
    /// Until all is done.
    #[default]
    Blocking,
    /// In the background; a handler is called at the end.
    Background,
    /// As much as goes at once.
    Polled,
}

/// An I2S controller.
#[derive(Clone, Debug, Default)]
pub struct I2s {
    /// It is set up.
    pub live: bool,
    /// It sends.
    pub sends: bool,
    /// Bits of a sample: 16 or 32.
    pub bits: u8,
    /// Two channels.
    pub stereo: bool,
    /// Frames in a second.
    pub rate: u32,
    /// Bytes that the program wants buffered.
    pub ibuf: i32,
    /// Pins: SCK, WS, SD.
    pub pins: [i8; 3],
    /// How it transfers.
    pub io: Io,
    /// Where the machine keeps the object and its handler, plus one.
    pub slot: usize,
    /// Sending: when all samples will have been sent. Hearing: when the first unread one was heard.
    at_ns: u64,
    /// It found its buffers full or empty, until then.
    ready_ns: Option<u64>,
    /// When the transfers in the background end.
    jobs: VecDeque<u64>,
}

impl I2s {
    /// Bytes of a frame as programs have it.
    pub fn frame_bytes(&self) -> usize {
        usize::from(self.bits) / 8 * if self.stereo { 2 } else { 1 }
    }

    /// Starts it, with nothing sent or heard.
    pub fn start(&mut self, now_ns: u64) {
        self.live = true;
        self.io = Io::Blocking;
        self.at_ns = now_ns;
        self.ready_ns = None;
        self.jobs.clear();
    }

    /// Stops it.
    pub fn stop(&mut self) {
        self.live = false;
        self.jobs.clear();
        self.ready_ns = None;
    }

    /// Has nothing in the background any more.
    pub fn forget_jobs(&mut self) {
        self.jobs.clear();
    }

    fn frames_ns(&self, frames: u64) -> u64 {
        frames * 1_000_000_000 / u64::from(self.rate.max(1))
    }

    fn bytes_ns(&self, n: usize) -> u64 {
        let a_second = u64::from(self.rate.max(1)) * self.frame_bytes() as u64;
        n as u64 * 1_000_000_000 / a_second
    }

    /// How long the samples last that the hardware has room for.
    fn capacity_ns(&self) -> u64 {
        let frame = if self.sends { self.frame_bytes() as u64 } else { HEARD_FRAME_BYTES };
        let buffers = u64::try_from(self.ibuf).unwrap_or(0) / (BUFFER_FRAMES * frame);
        self.frames_ns(buffers.max(2) * BUFFER_FRAMES)
    }

    /// Takes part in a transfer of so many bytes that is done as a whole: when it ends.
    pub fn transfer(&mut self, now_ns: u64, n: usize) -> u64 {
        let took = self.bytes_ns(n);
        if self.sends {
            self.at_ns = self.at_ns.max(now_ns) + took;
            self.at_ns.saturating_sub(self.capacity_ns())
        } else {
            // What nobody has read in time is lost.
            self.at_ns = self.at_ns.max(now_ns.saturating_sub(self.capacity_ns())) + took;
            self.at_ns
        }
    }

    /// The same in the background; one too many is forgotten.
    pub fn transfer_later(&mut self, now_ns: u64, n: usize) {
        if self.jobs.len() < JOBS_MAX {
            let end = self.transfer(now_ns, n).max(now_ns);
            let end = self.jobs.back().map_or(end, |last| end.max(*last));
            self.jobs.push_back(end);
        }
    }

    /// Transfers what goes at once: how many of the bytes.
    pub fn transfer_some(&mut self, now_ns: u64, n: usize) -> usize {
        let capacity = self.capacity_ns();
        let room_ns = if self.sends {
            capacity.saturating_sub(self.at_ns.saturating_sub(now_ns))
        } else {
            now_ns.saturating_sub(self.at_ns).min(capacity)
        };
        let frames = room_ns * u64::from(self.rate) / 1_000_000_000;
        let some = usize::try_from(frames).unwrap_or(usize::MAX).saturating_mul(self.frame_bytes());
        let some = some.min(n);
        self.transfer(now_ns, some);
        if some < n {
            self.ready_ns = Some(now_ns + self.frames_ns(BUFFER_FRAMES));
        }
        some
    }

    /// Whether something can be transferred at once.
    pub fn is_ready(&self) -> bool {
        self.ready_ns.is_none()
    }
}

/// Lets time pass: calls the handlers of what has ended.
pub(crate) fn advance(vm: &mut Vm) {
    if Chip::of(vm).i2ss.iter().all(|i| i.jobs.is_empty() && i.ready_ns.is_none()) {
        return;
    }
    let now = vm.port.now_us() * 1000;
    for id in 0..I2SS {
        let i2s = &mut Chip::of(vm).i2ss[id];
        i2s.ready_ns = i2s.ready_ns.filter(|at| *at > now);
        while Chip::of(vm).i2ss[id].jobs.pop_front_if(|at| *at <= now).is_some() {
            let slot = Chip::of(vm).i2ss[id].slot;
            if slot != 0 {
                let (object, handler) = (vm.pinned(slot - 1), vm.pinned(slot));
                if handler != Value::NONE {
                    vm.schedule(handler, object);
                }
            }
        }
    }
}

/// When something happens next, in microseconds.
pub(crate) fn deadline(chip: &Chip) -> Option<u64> {
    let dues = chip.i2ss.iter().flat_map(|i| i.jobs.front().copied().into_iter().chain(i.ready_ns));
    dues.min().map(|ns| ns.div_ceil(1000))
}
