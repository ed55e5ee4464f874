//! What a running board and its runner share, and the port through which the board sees the host.

use crate::clock::Clock;
use crate::coroutine::{Pause, Pauser};
use crate::coverage::Coverage;
use crate::ear::{Ear, Sniffer};
use crate::look::Look;
use crate::recording::{Arrival, Entry, Recorder};
use crate::runner::{Console, Observer};
use coil_board::outside::{Listener, Stimulus};
use coil_circuit::{Deed, Plan, Random};
use coil_vm::port::{Strand, StrandBody};
use coil_vm::{Port, Wake};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// How much console input a board has not read, for who sends it.
#[derive(Debug, Default)]
pub(crate) struct Level {
    /// Sent, and not arrived yet.
    on_the_way: AtomicUsize,
    /// Arrived, and not read yet.
    queued: AtomicUsize,
    /// Read, ever.
    taken: AtomicU64,
}

impl Level {
    /// Bytes that the board has not read.
    pub(crate) fn waiting(&self) -> usize {
        self.on_the_way.load(Relaxed) + self.queued.load(Relaxed)
    }

    /// Bytes that it has read since power on.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Relaxed)
    }
}

/// Console input on its way to a board.
pub(crate) struct Keys {
    bytes: Vec<u8>,
    level: Arc<Level>,
}

impl Keys {
    pub(crate) fn new(bytes: &[u8], level: Arc<Level>) -> Self {
        level.on_the_way.fetch_add(bytes.len(), Relaxed);
        Self { bytes: bytes.to_vec(), level }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.level.on_the_way.fetch_sub(self.bytes.len(), Relaxed);
    }
}

/// What has arrived for a board's circuit.
#[derive(Debug)]
pub(crate) enum ForCircuit {
    /// Something is done to a part, so many nanoseconds from now.
    Deed(u64, Deed),
    /// It becomes another one.
    Plan(Box<Plan>),
}

/// What the runner and a board share.
pub(crate) struct Io {
    input: VecDeque<u8>,
    level: Arc<Level>,
    ear: Ear,
    pub(crate) stimuli: VecDeque<Stimulus>,
    pub(crate) for_circuit: VecDeque<ForCircuit>,
    pub(crate) script: VecDeque<(u64, Stimulus)>,
    pub(crate) keys: VecDeque<(u64, Vec<u8>)>,
    /// What arrived in an earlier life that is to be repeated.
    pub(crate) replay: VecDeque<Entry>,
    /// Who writes down what arrives in this one.
    pub(crate) recorder: Option<Recorder>,
    /// Who wants to know what the board looks like.
    pub(crate) askers: Vec<Sender<Look>>,
    interrupt_char: i16,
    interrupted: bool,
    pub(crate) console: Box<dyn Console>,
    pub(crate) observer: Option<Box<dyn Observer>>,
    slice_start: Instant,
    slice_start_us: u64,
    /// When it got its power, on the runner's clock.
    pub(crate) power_on_us: u64,
    /// How often it has looked for what arrives.
    looks: u64,
    /// The moment of what arrived last.
    noted_us: u64,
}

/// Console input that a board has not read yet, at most; more is dropped as a UART would. Wires stop
/// far below it while the board reads.
const INPUT_MAX: usize = 1 << 20;
/// A board computes this long before others have their turn.
const SLICE: Duration = Duration::from_millis(2);
/// The same where time is counted in steps: what happens must not depend on the host.
const SLICE_US: u64 = 1000;

/// A board's host: its console, its clock, its chance.
pub(crate) struct BoardPort {
    pub(crate) io: Rc<RefCell<Io>>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) pauser: Pauser,
    pub(crate) power_on_us: u64,
    pub(crate) chance: Random,
    pub(crate) coverage: Option<Coverage>,
    /// It will be looked at.
    pub(crate) keeps_locals: bool,
}

impl Port for BoardPort {
    fn now_us(&mut self) -> u64 {
        self.clock.now_us() - self.power_on_us
    }

    fn write(&mut self, bytes: &[u8]) {
        self.io.borrow_mut().console.write(bytes);
    }

    fn read(&mut self) -> Option<u8> {
        let mut io = self.io.borrow_mut();
        if io.is_deaf() {
            return None;
        }
        let byte = io.input.pop_front()?;
        io.level.queued.store(io.input.len(), Relaxed);
        io.level.taken.fetch_add(1, Relaxed);
        Some(byte)
    }

    fn readable(&mut self) -> bool {
        let io = self.io.borrow();
        !io.is_deaf() && !io.input.is_empty()
    }

    fn wait(&mut self, until_us: Option<u64>) -> Wake {
        let next = self.io.borrow().next_deed();
        let rest_us = next.into_iter().chain(until_us).min();
        self.io.borrow_mut().looks += 1;
        self.pauser.pause(Pause::Until(rest_us.map(|t| t.saturating_add(self.power_on_us))));
        self.take_due();
        match until_us {
            Some(t) if self.now_us() >= t => Wake::Time,
            _ => Wake::Event,
        }
    }

    fn poll(&mut self, steps: u32) {
        self.clock.spend(steps);
        self.io.borrow_mut().looks += 1;
        self.take_due();
        let is_over = if self.clock.counts_steps() {
            self.clock.now_us() - self.io.borrow().slice_start_us >= SLICE_US
        } else {
            self.io.borrow().slice_start.elapsed() >= SLICE
        };
        if is_over || self.clock.is_at_bound() {
            self.pauser.pause(Pause::Turn);
        }
    }

    fn watches_lines(&self) -> bool {
        self.coverage.is_some()
    }

    fn keeps_locals(&self) -> bool {
        self.keeps_locals
    }

    fn line(&mut self, file: &str, line: u32) {
        if let Some(coverage) = &self.coverage {
            coverage.add(file, line);
        }
    }

    fn take_interrupt(&mut self) -> bool {
        std::mem::take(&mut self.io.borrow_mut().interrupted)
    }

    fn set_interrupt_char(&mut self, c: i16) {
        let mut io = self.io.borrow_mut();
        io.interrupt_char = c;
        // What was typed ahead counts from now on.
        if let Ok(c) = u8::try_from(c)
            && let Some(at) = io.input.iter().position(|&b| b == c)
        {
            io.input.drain(..=at);
            io.level.queued.store(io.input.len(), Relaxed);
            io.interrupted = true;
        }
        if c < 0 {
            io.interrupted = false;
        }
    }

    fn random(&mut self) -> u32 {
        (self.chance.bits() >> 32) as u32
    }

    fn strand(&mut self, body: StrandBody) -> Option<Box<dyn Strand>> {
        crate::strand::strand(body)
    }
}

impl BoardPort {
    /// Takes what was to arrive by now.
    fn take_due(&mut self) {
        let io = self.io.borrow();
        if io.keys.is_empty() && io.replay.is_empty() {
            return;
        }
        drop(io);
        let now = self.now_us();
        let mut io = self.io.borrow_mut();
        while let Some((_, keys)) = io.keys.pop_front_if(|k| k.0 <= now) {
            io.receive(&keys);
        }
        let looks = io.looks;
        while let Some(entry) = io.replay.pop_front_if(|e| e.is_due(now, looks)) {
            io.deliver(entry.what);
        }
    }
}

impl Io {
    pub(crate) fn new(
        console: Box<dyn Console>,
        observer: Option<Box<dyn Observer>>,
        level: Arc<Level>,
    ) -> Self {
        Self {
            input: VecDeque::new(),
            level,
            ear: Ear::default(),
            stimuli: VecDeque::new(),
            for_circuit: VecDeque::new(),
            script: VecDeque::new(),
            keys: VecDeque::new(),
            replay: VecDeque::new(),
            recorder: None,
            askers: Vec::new(),
            interrupt_char: -1,
            interrupted: false,
            console,
            observer,
            slice_start: Instant::now(),
            slice_start_us: 0,
            power_on_us: 0,
            looks: 0,
            noted_us: 0,
        }
    }

    /// The board has its turn from now on.
    pub(crate) fn begin_slice(&mut self, now_us: u64) {
        self.slice_start = Instant::now();
        self.slice_start_us = now_us;
    }

    /// When something is to be done to the board next.
    fn next_deed(&self) -> Option<u64> {
        let script = self.script.front().map(|s| s.0).into_iter();
        let keys = script.chain(self.keys.front().map(|k| k.0));
        keys.chain(self.replay.front().map(|e| e.t_us)).min()
    }

    /// Something has arrived from outside, at this moment of the runner's clock.
    pub(crate) fn arrive(&mut self, now_us: u64, what: Arrival) {
        if let Some(recorder) = &mut self.recorder {
            let t_us = now_us.saturating_sub(self.power_on_us);
            self.noted_us = t_us;
            recorder.write(&Entry { t_us, looks: self.looks, what: what.clone() });
        }
        self.deliver(what);
    }

    /// Writes down an answer: it is told from others by its number, not by its moment.
    pub(crate) fn note(&mut self, answer: Arrival) {
        if let Some(recorder) = &mut self.recorder {
            recorder.write(&Entry { t_us: self.noted_us, looks: self.looks, what: answer });
        }
    }

    fn deliver(&mut self, what: Arrival) {
        match what {
            Arrival::Keys(keys) => self.receive(&keys),
            Arrival::Deed(step) => {
                let (after_ns, deed) = step.into();
                self.for_circuit.push_back(ForCircuit::Deed(after_ns, deed));
            }
            Arrival::Wake | Arrival::Answer(_) => {}
            Arrival::Lines { dtr, rts } => self.stimuli.push_back(Stimulus::Lines { dtr, rts }),
            Arrival::Speed { baud } => self.stimuli.push_back(Stimulus::Speed { baud }),
            Arrival::HungUp => self.stimuli.push_back(Stimulus::HungUp),
            Arrival::PowerOff => self.stimuli.push_back(Stimulus::PowerOff),
        }
    }

    /// Who listens on the console from now on. No program runs yet that could be interrupted: what is typed
    /// meanwhile counts when one does.
    pub(crate) fn set_listener(&mut self, who: Listener) {
        (self.interrupt_char, self.interrupted) = (-1, false);
        self.ear = match who {
            Listener::Firmware => Ear::Firmware(Sniffer::default()),
            Listener::Loader => Ear::Loader,
        };
    }

    /// Whether the loader was called and does not listen yet.
    const fn is_deaf(&self) -> bool {
        matches!(self.ear, Ear::Nobody)
    }

    fn receive(&mut self, bytes: &[u8]) {
        for &b in bytes {
            let interrupts = matches!(self.ear, Ear::Program | Ear::Firmware(_));
            if interrupts && i16::from(b) == self.interrupt_char {
                self.interrupted = true;
            } else if self.input.len() < INPUT_MAX {
                self.input.push_back(b);
            }
            if let Ear::Firmware(sniffer) = &mut self.ear
                && sniffer.hears(b)
            {
                // What was typed before it is for nobody any more.
                self.input.clear();
                self.interrupted = false;
                self.ear = Ear::Nobody;
                self.stimuli.push_back(Stimulus::Sync);
            }
        }
        self.level.queued.store(self.input.len(), Relaxed);
    }
}
