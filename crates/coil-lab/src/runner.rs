//! A thread that runs any number of boards, each on a stack of its own.
//!
//! Everything from outside arrives as a command; everything a board sends goes to its
//! [`Console`] and [`Observer`], neither of which may block.

use crate::clock::{Clock, Pace, Steer, SteerError, TimeIs};
use crate::coroutine::{Pause, Task};
use crate::coverage::Coverage;
use crate::gateway::{Gateway, Services};
use crate::look::{Look, Looking};
use crate::port::{BoardPort, ForCircuit, Io, Keys, Level};
use crate::radio::StationRadio;
use crate::recording::past::Past;
use crate::recording::{Arrival, Entry, Recorder};
use crate::tls::Library;
use crate::wires::BoardWires;
use coil_air::{Air, Station};
use coil_board::look::View;
use coil_board::outside::{Bench, Event, Flash, Kinds, Listener, NoRadio, Radio, Stimulus};
use coil_board::{Board, Device, Outcome, Profile, Setup};
use coil_circuit::{Circuit, Deed, Plan, Random};
use coil_vm::rom::Rom;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

/// Where a board's console output goes. Must not block.
pub trait Console: Send {
    /// Takes bytes.
    fn write(&mut self, bytes: &[u8]);
    /// The board rests or others have their turn: what was kept back goes out.
    fn flush(&mut self) {}
    /// The board has lost its power; for a single program, how that ended.
    fn end(&mut self, outcome: Outcome) {
        let _ = outcome;
    }
}

/// Where a board's events go. Must not block.
pub trait Observer: Send {
    /// Takes an event and its time in nanoseconds since power on.
    fn event(&mut self, at_ns: u64, event: &Event);
    /// The kinds that it cares for; others need not be told. It may change at any time.
    fn watches(&self) -> Kinds {
        Kinds::ALL
    }
    /// The board gets its power at this moment of the runner's clock, in nanoseconds.
    fn power_on(&mut self, at_ns: u64) {
        let _ = at_ns;
    }
    /// What the board looks like, and what the parts of its circuit show, as [`Event::Part`] of each thing. It
    /// was asked for by [`Stimulus::Look`].
    fn looked(&mut self, view: View, shown: Vec<Event>) {
        let _ = (view, shown);
    }
    /// The board rests or others have their turn: what was kept back goes out.
    fn flush(&mut self) {}
}

/// A board to be run.
pub struct BoardSpec {
    /// Firmware generation.
    pub profile: Profile,
    /// Board type.
    pub device: Device,
    /// Its flash.
    pub flash: Box<dyn Flash + Send>,
    /// Its factory address.
    pub mac: [u8; 6],
    /// Its place on the air, if it has one.
    pub station: Option<Station>,
    /// Microseconds from 2000-01-01 to power on.
    pub rtc_offset_us: i64,
    /// Print what the ROM prints.
    pub boot_text: bool,
    /// Single precision, as the chip.
    pub single_precision: bool,
    /// Collect memory at every allocation, which is slow: for finding what the program forgets to hold.
    pub gc_stress: bool,
    /// Another heap size than the firmware's.
    pub heap: Option<u32>,
    /// Files to put on a flash that is new.
    pub files: Vec<(String, Vec<u8>)>,
    /// What is wired to it.
    pub bench: Bench,
    /// Parts and what they are wired to, if there are any.
    pub circuit: Option<Circuit>,
    /// What is done to it, and when: microseconds after power on, in order.
    pub script: Vec<(u64, Stimulus)>,
    /// What is typed on its console, and when: as for the script.
    pub keys: Vec<(u64, Vec<u8>)>,
    /// What arrived in an earlier life that is to be repeated, in virtual time.
    pub replay: Vec<Entry>,
    /// Who writes down what arrives in this one.
    pub recorder: Option<Recorder>,
    /// Seed of its random numbers.
    pub seed: u64,
    /// A program to run instead of the prompt: source and file name.
    pub program: Option<(Vec<u8>, String)>,
    /// Console output.
    pub console: Box<dyn Console>,
    /// Events.
    pub observer: Option<Box<dyn Observer>>,
    /// Where it is counted which lines are executed, if it is.
    pub coverage: Option<Coverage>,
}

impl std::fmt::Debug for BoardSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BoardSpec").field("device", &self.device.name).finish_non_exhaustive()
    }
}

impl BoardSpec {
    /// A board with nothing around it, whose program or prompt starts at once.
    pub fn new(
        profile: Profile,
        device: Device,
        flash: Box<dyn Flash + Send>,
        console: Box<dyn Console>,
    ) -> Self {
        Self {
            profile,
            device,
            flash,
            mac: [0x24, 0x0a, 0xc4, 0, 0, 1],
            station: None,
            rtc_offset_us: 0,
            boot_text: false,
            single_precision: true,
            gc_stress: false,
            heap: None,
            files: Vec::new(),
            bench: Bench::default(),
            circuit: None,
            script: Vec::new(),
            keys: Vec::new(),
            replay: Vec::new(),
            recorder: None,
            seed: 1,
            program: None,
            console,
            observer: None,
            coverage: None,
        }
    }
}

enum Command {
    Add(usize, Box<BoardSpec>, Arc<Level>),
    Input(usize, Keys),
    Stimulus(usize, Stimulus),
    Deed(usize, u64, Deed),
    Rewire(usize, Box<Plan>, Sender<Result<(), RewireError>>),
    Look(usize, Sender<Look>),
    Wake(usize),
    Advance(Goal),
    Steer(Steer, Sender<Result<TimeIs, SteerError>>),
    Stop,
}

/// Why a board is not wired anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RewireError {
    /// A recording has one circuit.
    #[error(
        "the board's session is recorded, and a recording has one circuit; end it and start another"
    )]
    Recorded,
    /// It was given power without a circuit, which may be an empty one.
    #[error("the board was started without a circuit, and cannot get one while it runs")]
    Unwired,
    /// It has ended.
    #[error("the board has no power any more; start it again")]
    NoPower,
}

/// How far stepped time is to go.
struct Goal {
    until_us: u64,
    /// It need not go further.
    enough: Arc<AtomicBool>,
    done: Sender<u64>,
}

/// The thread.
#[derive(Debug)]
pub struct Runner {
    commands: Sender<Command>,
    clock: Arc<Clock>,
    count: usize,
    thread: Option<JoinHandle<()>>,
}

/// The hand at the time of a runner's boards. Copies steer the same time.
#[derive(Clone, Debug)]
pub struct Steering {
    commands: Sender<Command>,
    clock: Arc<Clock>,
}

/// A running board, from outside.
#[derive(Clone, Debug)]
pub struct BoardHandle {
    commands: Sender<Command>,
    id: usize,
    level: Arc<Level>,
}

impl Runner {
    /// Starts a thread for boards with this firmware.
    ///
    /// # Errors
    /// If the host has no thread left.
    pub fn start(rom: Arc<Rom>, pace: Pace) -> io::Result<Self> {
        Self::launch(rom, pace, None, None)
    }

    /// The same, and runs the gateway of the boards' air as well, in their time. Its services are
    /// then those that the air has itself: addresses, names and the time.
    ///
    /// # Errors
    /// If the host has no thread left.
    pub fn start_with_air(rom: Arc<Rom>, pace: Pace, air: Air) -> io::Result<Self> {
        Self::launch(rom, pace, Some(air), None)
    }

    /// The same with services for the boards' connections to named hosts.
    ///
    /// # Errors
    /// If the host has no thread left.
    pub fn start_with_services(
        rom: Arc<Rom>,
        pace: Pace,
        air: Air,
        services: Box<dyn Services>,
    ) -> io::Result<Self> {
        Self::launch(rom, pace, Some(air), Some(services))
    }

    fn launch(
        rom: Arc<Rom>,
        pace: Pace,
        air: Option<Air>,
        services: Option<Box<dyn Services>>,
    ) -> io::Result<Self> {
        let (commands, inbox) = channel();
        let clock = Arc::new(Clock::new(pace));
        let for_loop = clock.clone();
        let for_wakers = commands.clone();
        let thread = std::thread::Builder::new().name("boards".into()).spawn(move || {
            Loop {
                rom,
                clock: for_loop,
                inbox,
                commands: for_wakers,
                slots: Vec::new(),
                ready: VecDeque::new(),
                timers: BinaryHeap::new(),
                gateway: air.map(|air| Gateway::new(air, services)),
                goal: None,
            }
            .run();
        })?;
        Ok(Self { commands, clock, count: 0, thread: Some(thread) })
    }

    /// The clock of its boards.
    pub fn clock(&self) -> Arc<Clock> {
        self.clock.clone()
    }

    /// Who steers their time.
    pub fn steering(&self) -> Steering {
        Steering { commands: self.commands.clone(), clock: self.clock.clone() }
    }

    /// Gives a board power.
    pub fn add(&mut self, spec: BoardSpec) -> BoardHandle {
        let id = self.count;
        self.count += 1;
        let level = Arc::new(Level::default());
        // A runner that has stopped runs nothing any more.
        let _ = self.commands.send(Command::Add(id, Box::new(spec), level.clone()));
        BoardHandle { commands: self.commands.clone(), id, level }
    }

    /// Lets stepped time go on for so many microseconds, or until `enough` is true; answers the time
    /// that it is then. Where everything waits for what does not come, time goes on all the same.
    pub fn advance(&self, by_us: u64, enough: &Arc<AtomicBool>) -> u64 {
        let (done, reached) = channel();
        let goal = Goal {
            until_us: self.clock.now_us().saturating_add(by_us),
            enough: enough.clone(),
            done,
        };
        let _ = self.commands.send(Command::Advance(goal));
        // A runner that has stopped goes nowhere.
        reached.recv().unwrap_or_else(|_| self.clock.now_us())
    }

    /// Ends the thread and all its boards.
    pub fn stop(&mut self) {
        let _ = self.commands.send(Command::Stop);
        if let Some(t) = self.thread.take() {
            let _ = t.join();
        }
    }
}

impl Steering {
    /// How time goes.
    pub fn told(&self) -> TimeIs {
        self.clock.told()
    }

    /// Does something to time, which holds from the boards' next turns on, and tells how it goes then.
    ///
    /// # Errors
    /// If it is no real time, or cannot go like that.
    pub fn steer(&self, how: Steer) -> Result<TimeIs, SteerError> {
        let (tell, told) = channel();
        let _ = self.commands.send(Command::Steer(how, tell));
        told.recv().unwrap_or(Err(SteerError::Over))
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.stop();
    }
}

impl BoardHandle {
    /// Sends console input. Who sends much looks at [`BoardHandle::waiting`]: what is beyond a
    /// mebibyte is lost, but for the character that interrupts.
    pub fn send(&self, bytes: &[u8]) {
        let _ = self.commands.send(Command::Input(self.id, Keys::new(bytes, self.level.clone())));
    }

    /// Bytes of console input that the board has not read.
    pub fn waiting(&self) -> usize {
        self.level.waiting()
    }

    /// Bytes of console input that it has read.
    pub fn taken(&self) -> u64 {
        self.level.taken()
    }

    /// Does something to a part of the board's circuit, so many nanoseconds from now. One that cannot
    /// be done is left out: ask [`coil_circuit::Plan::check`] before.
    pub fn act(&self, after_ns: u64, deed: Deed) {
        let _ = self.commands.send(Command::Deed(self.id, after_ns, deed));
    }

    /// Wires the board anew, without a reset: parts that stay go on as they are. It must have got its power with a circuit,
    /// which may be an empty one.
    ///
    /// # Errors
    /// If that cannot be.
    pub fn rewire(&self, plan: Plan) -> Result<(), RewireError> {
        let (answer, answered) = channel();
        let _ = self.commands.send(Command::Rewire(self.id, Box::new(plan), answer));
        // A runner that has stopped has no boards.
        answered.recv().unwrap_or(Err(RewireError::NoPower))
    }

    /// Asks what the board looks like now.
    pub fn look(&self) -> Looking {
        let (tell, looking) = Looking::pair();
        let _ = self.commands.send(Command::Look(self.id, tell));
        looking
    }

    /// Does something to the board.
    pub fn stimulate(&self, what: Stimulus) {
        let _ = self.commands.send(Command::Stimulus(self.id, what));
    }
}

/// A flash that is only moved between threads before its board starts.
struct Moved(Box<dyn Flash + Send>);

impl Flash for Moved {
    fn len(&self) -> u32 {
        self.0.len()
    }
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), coil_board::outside::FlashError> {
        self.0.read(at, into)
    }
    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), coil_board::outside::FlashError> {
        self.0.program(at, bytes)
    }
    fn erase(&mut self, at: u32, len: u32) -> Result<(), coil_board::outside::FlashError> {
        self.0.erase(at, len)
    }
}

struct Slot {
    task: Task,
    io: Rc<RefCell<Io>>,
    ready: bool,
    /// It has a circuit, which can become another.
    has_circuit: bool,
    /// Tells timers of this wait from those of earlier ones.
    wait: u64,
}

/// Turns that a board gets to leave when its power goes.
const LAST_TURNS: usize = 16;

struct Loop {
    rom: Arc<Rom>,
    clock: Arc<Clock>,
    inbox: Receiver<Command>,
    /// For those who wake boards.
    commands: Sender<Command>,
    slots: Vec<Option<Slot>>,
    ready: VecDeque<usize>,
    timers: BinaryHeap<Reverse<(u64, usize, u64)>>,
    gateway: Option<Gateway>,
    goal: Option<Goal>,
}

impl Loop {
    fn run(mut self) {
        while self.round() {}
        // The power goes, and boards leave by themselves: one that is in the middle of a file system
        // whose device is written in Python has frames on its stack that cannot be unwound.
        for id in 0..self.slots.len() {
            if let Some(slot) = &self.slots[id] {
                slot.io.borrow_mut().arrive(self.clock.now_us(), Arrival::PowerOff);
            }
            for _ in 0..LAST_TURNS {
                self.turn(id);
            }
        }
    }

    /// Obeys, wakes and runs boards, and rests; false when it is over.
    fn round(&mut self) -> bool {
        while let Ok(c) = self.inbox.try_recv() {
            if !self.obey(c) {
                return false;
            }
        }
        if self.clock.is_stepped() && !self.has_goal() {
            return self.inbox.recv().is_ok_and(|c| self.obey(c));
        }
        if self.clock.stands() {
            return self.inbox.recv().is_ok_and(|c| self.obey(c));
        }
        // A clock that counts steps and keeps to the wall's must not run ahead of it.
        let ahead = self.clock.ahead();
        if !ahead.is_zero()
            && let Ok(c) = self.inbox.recv_timeout(ahead)
            && !self.obey(c)
        {
            return false;
        }
        self.wake_due();
        if let Some(g) = &mut self.gateway {
            g.poll(self.clock.now_us());
        }
        let turns = self.ready.len();
        for _ in 0..turns {
            if let Some(id) = self.ready.pop_front() {
                self.turn(id);
            }
        }
        !self.ready.is_empty() || self.rest()
    }

    /// Whether stepped time has somewhere to go.
    fn has_goal(&mut self) -> bool {
        let is_reached =
            |g: &mut Goal| self.clock.is_at_bound() || g.enough.load(Ordering::Relaxed);
        if let Some(goal) = self.goal.take_if(is_reached) {
            // Who asked may have gone.
            let _ = goal.done.send(self.clock.now_us());
        }
        self.goal.is_some()
    }

    /// Sleeps until something is due or arrives.
    fn rest(&mut self) -> bool {
        // What was waited for may have come in this round.
        if self.clock.is_stepped() && !self.has_goal() {
            return true;
        }
        // One board may have woken another: that is now, and not when time has gone on.
        if let Ok(c) = self.inbox.try_recv() {
            return self.obey(c);
        }
        self.forget_stale_timers();
        let timer = self.timers.peek().map(|t| t.0.0);
        let gateway = self.gateway.as_ref().and_then(Gateway::due_us);
        // Time that jumps must not do so for what is planned before the boards are there.
        let is_early = self.clock.jumps() && self.slots.iter().all(Option::is_none);
        let now_us = self.clock.now_us();
        let gateway = gateway.filter(|due_us| !is_early || *due_us <= now_us);
        let goal = self.goal.as_ref().map(|g| g.until_us).into_iter().chain(self.clock.step_end());
        let command = match timer.into_iter().chain(gateway).chain(goal).min() {
            Some(until) => {
                let sleep = self.clock.sleep_until(until);
                if sleep.is_zero() {
                    return true;
                }
                match self.inbox.recv_timeout(sleep) {
                    Ok(c) => {
                        self.clock.catch_up(until);
                        c
                    }
                    Err(RecvTimeoutError::Timeout) => return true,
                    Err(RecvTimeoutError::Disconnected) => return false,
                }
            }
            None => match self.inbox.recv() {
                Ok(c) => {
                    self.clock.catch_up(u64::MAX);
                    c
                }
                Err(_) => return false,
            },
        };
        self.obey(command)
    }

    fn forget_stale_timers(&mut self) {
        while let Some(Reverse((_, id, wait))) = self.timers.peek() {
            match &self.slots[*id] {
                Some(s) if s.wait == *wait && !s.ready => return,
                _ => {
                    self.timers.pop();
                }
            }
        }
    }

    fn wake_due(&mut self) {
        let now = self.clock.now_us();
        while let Some(Reverse((until, id, wait))) = self.timers.peek().copied() {
            if until > now {
                return;
            }
            self.timers.pop();
            if self.slots[id].as_ref().is_some_and(|s| s.wait == wait) {
                self.make_ready(id);
            }
        }
    }

    fn make_ready(&mut self, id: usize) {
        if let Some(Some(s)) = self.slots.get_mut(id)
            && !s.ready
        {
            s.ready = true;
            self.ready.push_back(id);
        }
    }

    fn turn(&mut self, id: usize) {
        let Some(slot) = &mut self.slots[id] else { return };
        slot.ready = false;
        slot.wait += 1;
        slot.io.borrow_mut().begin_slice(self.clock.now_us());
        // A defect of ours in one board must not take the others with it.
        let resumed = catch_unwind(AssertUnwindSafe(|| slot.task.resume()));
        if let Ok(mut io) = slot.io.try_borrow_mut() {
            io.console.flush();
            if let Some(o) = &mut io.observer {
                o.flush();
            }
        }
        let Ok(paused) = resumed else {
            let text =
                b"coil: this board stopped on an internal error; please report it\n".to_vec();
            if let Ok(mut io) = slot.io.try_borrow_mut() {
                io.console.write(&text);
                io.console.flush();
                io.console.end(Outcome::Raised(text));
            }
            self.slots[id] = None;
            return;
        };
        match paused {
            Some(Pause::Turn) => self.make_ready(id),
            Some(Pause::Until(until)) => {
                // Something may have arrived while it computed: the board asks again by itself.
                if let Some(t) = until {
                    let wait = slot.wait;
                    self.timers.push(Reverse((t, id, wait)));
                }
            }
            None => {
                self.slots[id] = None;
            }
        }
    }

    fn obey(&mut self, command: Command) -> bool {
        match command {
            Command::Stop => return false,
            Command::Add(id, spec, level) => self.add(id, *spec, level),
            Command::Input(id, keys) => {
                if let Some(Some(s)) = self.slots.get(id) {
                    let arrival = Arrival::Keys(keys.bytes().to_vec());
                    s.io.borrow_mut().arrive(self.clock.now_us(), arrival);
                    self.make_ready(id);
                }
            }
            Command::Deed(id, after_ns, deed) => {
                if let Some(Some(s)) = self.slots.get(id) {
                    let deed = Arrival::Deed((after_ns, deed).into());
                    s.io.borrow_mut().arrive(self.clock.now_us(), deed);
                    self.make_ready(id);
                }
            }
            Command::Rewire(id, plan, answer) => {
                // Who asked may have gone.
                let _ = answer.send(self.rewire(id, *plan));
            }
            Command::Stimulus(id, what) => {
                if let Some(Some(s)) = self.slots.get(id) {
                    let mut io = s.io.borrow_mut();
                    match Arrival::of(what) {
                        Ok(arrival) => io.arrive(self.clock.now_us(), arrival),
                        Err(what) => io.stimuli.push_back(what),
                    }
                    drop(io);
                    self.make_ready(id);
                }
            }
            Command::Look(id, tell) => {
                if let Some(Some(s)) = self.slots.get(id) {
                    let mut io = s.io.borrow_mut();
                    io.askers.push(tell);
                    io.stimuli.push_back(Stimulus::Look);
                    drop(io);
                    self.make_ready(id);
                }
            }
            Command::Wake(id) => {
                if let Some(Some(s)) = self.slots.get(id) {
                    s.io.borrow_mut().arrive(self.clock.now_us(), Arrival::Wake);
                    self.make_ready(id);
                }
            }
            Command::Steer(how, tell) => {
                let steered = self.clock.steer(how).map(|()| self.clock.told());
                // Who asked may have gone.
                let _ = tell.send(steered);
            }
            Command::Advance(goal) => {
                self.clock.set_bound(goal.until_us);
                self.goal = Some(goal);
            }
        }
        true
    }

    fn rewire(&mut self, id: usize, plan: Plan) -> Result<(), RewireError> {
        let slot = self.slots.get(id).and_then(Option::as_ref).ok_or(RewireError::NoPower)?;
        let mut io = slot.io.borrow_mut();
        if io.recorder.is_some() {
            return Err(RewireError::Recorded);
        }
        if !slot.has_circuit {
            return Err(RewireError::Unwired);
        }
        io.for_circuit.push_back(ForCircuit::Plan(Box::new(plan)));
        drop(io);
        self.make_ready(id);
        Ok(())
    }

    fn add(&mut self, id: usize, spec: BoardSpec, level: Arc<Level>) {
        let mut io = Io::new(spec.console, spec.observer, level);
        if spec.program.is_none() {
            io.set_listener(Listener::Firmware);
        }
        (io.script, io.keys) = (spec.script.into(), spec.keys.into());
        let (past, replay) = Past::part(spec.replay);
        (io.replay, io.recorder) = (replay.into(), spec.recorder);
        let io = Rc::new(RefCell::new(io));
        let (shared, rom, clock) = (io.clone(), self.rom.clone(), self.clock.clone());
        let flash = spec.flash;
        let (mac, rtc_offset_us, boot_text) = (spec.mac, spec.rtc_offset_us, spec.boot_text);
        let (single_precision, heap, seed, program) =
            (spec.single_precision, spec.heap, spec.seed, spec.program);
        let (gc_stress, coverage) = (spec.gc_stress, spec.coverage);
        let keeps_locals = shared.borrow().script.iter().any(|s| s.1 == Stimulus::Look);
        let (bench, circuit) = (Box::new(spec.bench), spec.circuit.map(Box::new));
        let has_circuit = circuit.is_some();
        let (files, ended, commands) = (spec.files, io.clone(), self.commands.clone());
        // What moves into the coroutine must be small.
        let station = spec.station.map(Box::new);
        let firmware = Box::new((spec.profile, spec.device));
        let task = Task::new(move |pauser| {
            let power_on_us = clock.now_us();
            shared.borrow_mut().power_on_us = power_on_us;
            if let Some(o) = &mut shared.borrow_mut().observer {
                o.power_on(power_on_us * 1000);
            }
            let (io, time) = (shared.clone(), clock.clone());
            let wires = BoardWires::new(io, (*bench, circuit), time, power_on_us);
            let wake = move || {
                // A runner that has stopped has no one to wake.
                let _ = commands.send(Command::Wake(id));
            };
            let key_log = station.as_ref().map(|s| s.key_log()).unwrap_or_default();
            let station = station.filter(|_| !past.is_replay).map(|s| -> Box<dyn Radio> {
                Box::new(StationRadio::new(*s, &firmware.0, clock.clone(), power_on_us, wake))
            });
            let radio = station.unwrap_or_else(|| Box::new(NoRadio::default()));
            let (radio, tls) = past.network(&shared, radio, Library(key_log));
            let (io, chance) = (shared.clone(), Random::from_seed(seed));
            let port = BoardPort { io, clock, pauser, power_on_us, chance, coverage, keeps_locals };
            let setup = Setup {
                profile: Rc::new(firmware.0),
                device: Rc::new(firmware.1),
                rom,
                port: Box::new(port),
                wires: Box::new(wires),
                radio,
                tls,
                flash: Box::new(Moved(flash)),
                mac,
                rtc_offset_us,
                boot_text,
                single_precision,
                heap,
                files,
            };
            let mut board = Board::new(setup);
            board.vm().gc_stress = gc_stress;
            #[cfg(feature = "jit")]
            {
                board.vm().machine_code = Some(Box::new(coil_jit::Jit::default()));
            }
            let outcome = match program {
                Some((source, file)) => board.run_program(&source, &file),
                None => {
                    board.run();
                    Outcome::Done
                }
            };
            ended.borrow_mut().console.end(outcome);
        });
        while self.slots.len() <= id {
            self.slots.push(None);
        }
        let Ok(task) = task else {
            let no_memory = b"no memory for another board\n".to_vec();
            return io.borrow_mut().console.end(Outcome::Raised(no_memory));
        };
        self.slots[id] = Some(Slot { task, io, ready: false, has_circuit, wait: 0 });
        self.make_ready(id);
    }
}
