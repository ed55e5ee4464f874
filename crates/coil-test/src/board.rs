//! A board that runs for a test: what it is made of, and a recording of all that it did.

use crate::error::TestError;
use crate::service::{Answer, Asked, Log, Service};
use coil_air::{AccessPoint, Air, AirConfig, Fault, ServiceKind, ServicePort};
use coil_board::outside::event::Kind;
use coil_board::outside::{Bench, Event, Kinds, RamFlash, Stimulus};
use coil_board::{Device, Outcome, Profile};
use coil_circuit::Circuit;
use coil_lab::{BoardSpec, Clock, Console, Coverage, Observer, Pace, Runner};
use coil_vm::rom::Rom;
use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The factory address of a board.
const MAC: [u8; 6] = [0x24, 0x0a, 0xc4, 0, 0, 1];
/// Events that are kept at most.
const EVENTS_MAX: usize = 1_000_000;
/// Bytes of output that are kept at most.
const OUTPUT_MAX: usize = 16 << 20;

/// A board for a test.
pub(crate) struct Setup {
    pub(crate) device: Device,
    pub(crate) profile: Profile,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) program: Option<(Vec<u8>, String)>,
    pub(crate) circuit: Option<Circuit>,
    /// What is typed, and when: microseconds after power on.
    pub(crate) keys: Vec<(u64, Vec<u8>)>,
    pub(crate) access_points: Vec<AccessPoint>,
    /// Where on the flash the certificate is that vouches for the hosts of the network.
    pub(crate) authority: Option<String>,
    pub(crate) faults: Vec<(u64, Fault)>,
    pub(crate) answers: Vec<Answer>,
    /// The kinds of events that are kept.
    pub(crate) kinds: Kinds,
    pub(crate) coverage: Option<Coverage>,
}

/// A piece of output.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Microseconds of the board's time.
    pub(crate) at_us: u64,
    /// When it was on the host.
    pub(crate) host: Instant,
    /// Where it starts in the text.
    pub(crate) from: usize,
}

/// How a board's life ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The program ended by itself, or the chip was reset.
    Done,
    /// With SystemExit.
    Exit(i32),
    /// With an exception, whose traceback is the end of the output.
    Raised,
    /// Its time was over.
    Stopped,
    /// The host's patience was over, in the middle of its work.
    Hung,
}

/// What a board did.
#[derive(Debug)]
pub(crate) struct Recording {
    /// What it printed, with lines that end in LF.
    pub(crate) output: String,
    pub(crate) pieces: Vec<Piece>,
    /// In order of time, which is nanoseconds since power on.
    pub(crate) events: Vec<(u64, Event)>,
    pub(crate) requests: Vec<Asked>,
    pub(crate) end: End,
    pub(crate) end_ns: u64,
    /// There was more than is kept.
    pub(crate) is_cut: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) output: Vec<u8>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) events: Vec<(u64, Event)>,
    pub(crate) is_cut: bool,
}

pub(crate) type SharedTape = Arc<Mutex<Tape>>;

/// Locks a mutex whose data stays whole even if a holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tape {
    /// Adds output, its line ends made plain.
    pub(crate) fn print(&mut self, at_us: u64, bytes: &[u8]) {
        if self.output.len() + bytes.len() > OUTPUT_MAX {
            self.is_cut = true;
            return;
        }
        self.pieces.push(Piece { at_us, host: Instant::now(), from: self.output.len() });
        self.output.extend(bytes.iter().filter(|b| **b != b'\r'));
    }
}

struct Screen {
    tape: SharedTape,
    clock: Arc<Clock>,
    done: Sender<(Outcome, u64)>,
}

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        lock(&self.tape).print(self.clock.now_us(), bytes);
    }
    fn end(&mut self, outcome: Outcome) {
        let now = self.clock.now_us();
        if let Outcome::Raised(text) = &outcome {
            lock(&self.tape).print(now, text);
        }
        let _ = self.done.send((outcome, now));
    }
}

/// Keeps events on a tape.
pub(crate) struct Watch {
    pub(crate) tape: SharedTape,
    pub(crate) kinds: Kinds,
}

impl Observer for Watch {
    fn event(&mut self, at_ns: u64, event: &Event) {
        let mut tape = lock(&self.tape);
        if !self.kinds.has(event.kind()) {
            return;
        }
        if tape.events.len() >= EVENTS_MAX {
            tape.is_cut = true;
            return;
        }
        tape.events.push((at_ns, event.clone()));
    }
    fn watches(&self) -> Kinds {
        self.kinds
    }
}

/// The kinds that every test looks at.
pub(crate) fn always_watched() -> Kinds {
    let kinds =
        [Kind::Reset, Kind::SoftReset, Kind::Sleep, Kind::Wake, Kind::Exception, Kind::Fault];
    kinds.into_iter().collect()
}

/// The fixed part of a firmware, made once for all boards.
pub(crate) fn rom(profile: &Profile) -> Arc<Rom> {
    static ROMS: Mutex<BTreeMap<String, Arc<Rom>>> = Mutex::new(BTreeMap::new());
    let mut roms = lock(&ROMS);
    roms.entry(profile.name.clone()).or_insert_with(|| coil_board::modules::rom(profile)).clone()
}

/// The air of a test: one network, whose hosts are those of course programs and those that are answered for.
fn air(access_points: Vec<AccessPoint>, answers: &[Answer]) -> Result<Air, TestError> {
    let mut config = AirConfig::without_access_points()?;
    config.access_points = access_points;
    for host in answers.iter().filter_map(|a| a.host.as_ref()) {
        if config.names.find(host).is_none() {
            let ports =
                vec![ServicePort { port: 80, tls: false }, ServicePort { port: 443, tls: true }];
            config.names.add(host, "http", ServiceKind { ports, ntp: false });
        }
    }
    Ok(Air::new(config)?)
}

impl Setup {
    /// A runner for it, what boards ask its services, and the board itself.
    pub(crate) fn build(
        self,
        pace: Pace,
        observer: Watch,
        console: impl FnOnce(Arc<Clock>) -> Box<dyn Console>,
    ) -> Result<(Runner, Log, BoardSpec), TestError> {
        let log = Log::default();
        let air = air(self.access_points, &self.answers)?;
        let mut files = self.files;
        if let Some(path) = self.authority {
            files.push((path, air.authority().certificate_der().to_vec()));
        }
        air.plan_faults(self.faults);
        let station = air.attach(MAC);
        let service = Box::new(Service::new(self.answers, log.clone()));
        let runner = Runner::start_with_services(rom(&self.profile), pace, air, service)
            .map_err(TestError::Thread)?;
        let spec = BoardSpec {
            flash: Box::new(RamFlash::new(self.device.flash_bytes)),
            profile: self.profile,
            device: self.device,
            mac: MAC,
            station: Some(station),
            rtc_offset_us: 0,
            boot_text: false,
            single_precision: true,
            gc_stress: false,
            heap: None,
            files,
            bench: Bench::default(),
            circuit: self.circuit,
            script: Vec::new(),
            keys: self.keys,
            replay: Vec::new(),
            recorder: None,
            seed: 1,
            program: self.program,
            console: console(runner.clock()),
            observer: Some(Box::new(observer)),
            coverage: self.coverage,
        };
        Ok((runner, log, spec))
    }

    /// Runs it for so long of its own time at most, and of the host's.
    pub(crate) fn run(self, limit_ns: u64, patience: Duration) -> Result<Recording, TestError> {
        let (done, outcome) = channel();
        let tape = SharedTape::default();
        let watch = Watch { tape: tape.clone(), kinds: self.kinds };
        let screen = tape.clone();
        let (mut runner, log, mut spec) = self
            .build(Pace::Virtual, watch, |clock| Box::new(Screen { tape: screen, clock, done }))?;
        let limit_us = limit_ns.div_ceil(1000);
        spec.script.push((limit_us, Stimulus::PowerOff));
        let clock = runner.clock();
        runner.add(spec);
        let (end, end_us) = match outcome.recv_timeout(patience) {
            Ok((_, at_us)) if at_us >= limit_us => (End::Stopped, limit_us),
            Ok((Outcome::Done, at_us)) => (End::Done, at_us),
            Ok((Outcome::Exit(0), at_us)) => (End::Done, at_us),
            Ok((Outcome::Exit(code), at_us)) => (End::Exit(code), at_us),
            Ok((Outcome::Raised(_), at_us)) => (End::Raised, at_us),
            Err(_) => (End::Hung, clock.now_us()),
        };
        if end == End::Hung {
            // It may never listen again; its thread is left to itself.
            std::mem::forget(runner);
        } else {
            runner.stop();
        }
        let tape = std::mem::take(&mut *lock(&tape));
        let requests = std::mem::take(&mut *lock(&log));
        let output = match String::from_utf8(tape.output) {
            Ok(text) => text,
            // Places in the text must stay where they are.
            Err(e) => e
                .into_bytes()
                .iter()
                .map(|b| if b.is_ascii() { char::from(*b) } else { '?' })
                .collect(),
        };
        Ok(Recording {
            output,
            pieces: tape.pieces,
            events: tape.events,
            requests,
            end,
            end_ns: end_us * 1000,
            is_cut: tape.is_cut,
        })
    }
}

impl Recording {
    /// Where in the output a moment is: what was printed before it.
    pub(crate) fn place(&self, at_us: u64) -> usize {
        let next = self.pieces.iter().find(|p| p.at_us >= at_us);
        self.floor(next.map_or(self.output.len(), |p| p.from))
    }

    /// When the output at a place was printed, in nanoseconds.
    pub(crate) fn time_of(&self, place: usize) -> u64 {
        let piece = self.pieces.iter().rev().find(|p| p.from <= place);
        piece.map_or(0, |p| p.at_us * 1000)
    }

    fn floor(&self, place: usize) -> usize {
        (0..=place).rev().find(|p| self.output.is_char_boundary(*p)).unwrap_or(0)
    }
}
