//! A circuit with power: the wires of a board, with parts on them.

mod buses;
mod faults;
mod nets;
mod pads;
mod rewire;
mod settle;

pub use faults::Fault;

use crate::deed::{self, Deed, DeedError};
use crate::part::{Context, Kind, Part, Settings, Source};
use crate::plan::{Plan, PlannedPart};
use crate::random::Random;
use crate::value::Value;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_board::outside::bus::{I2cDevice, I2cLines, SpiDevice, SpiLines};
use coil_board::outside::event::PartValue;
use coil_board::outside::{Event, Kinds, Pad, Sensor, Stimulus, Wires};
use core::cmp::Reverse;
use nets::{Island, Node};
use pads::PadState;

/// What a part does to the circuit.
#[derive(Debug)]
pub(crate) enum Change {
    Drive(usize, Option<Source>),
    Contact(usize, bool),
    Resistor(usize, f64),
    At(u64, u32),
    Show(&'static str, Value),
    Sensor(usize, Sensor),
    Fault(String),
}

/// Something that can be told of a circuit.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// A part shows something new.
    Shows {
        /// Its name.
        part: String,
        /// What: a name of [`Kind::shows`].
        name: &'static str,
        /// What it shows.
        value: Value,
    },
    /// Something is wrong.
    Fault(Fault),
}

impl From<Note> for Event {
    fn from(note: Note) -> Self {
        match note {
            Note::Shows { part, name, value } => {
                let value = match value {
                    Value::Bool(b) => PartValue::Switch(b),
                    Value::Int(i) => PartValue::Count(i),
                    Value::Number(n) => PartValue::Amount(n),
                    Value::Text(t) => PartValue::Text(t),
                    Value::Bytes(_) => PartValue::Text(value.to_string()),
                };
                Self::Part { part, name: name.into(), value }
            }
            Note::Fault(Fault { part, text }) => Self::Fault { part, text },
        }
    }
}

/// Something that comes due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// A part's own moment: its number and token.
    Timer(usize, u32),
    /// The next edge of a wave: the pin, and which of its waves it was.
    Edge(u8, u32),
    /// A pin gets a level from pulses: the pin, which of its pulses, the level.
    Level(u8, u32, bool),
    /// A deed, by its place in [`Circuit::deeds`].
    Deed(u64),
}

/// A part that is there.
struct Fitted {
    name: String,
    kind: &'static Kind,
    part: Box<dyn Part>,
    /// What its plan says of it, and what it is set to by now.
    planned: Settings,
    settings: Settings,
    random: Random,
    /// The node of each pin.
    nodes: Vec<usize>,
    /// What drives each pin.
    sources: Vec<Option<Source>>,
    /// It had its supply when it was told last.
    is_powered: bool,
    /// What it shows.
    shown: BTreeMap<&'static str, Value>,
    /// What it has put on pins: sensors with protocols of their own.
    sensors: BTreeMap<usize, Sensor>,
}

impl Fitted {
    /// A part as a plan says, but set to this.
    fn new(planned: &PlannedPart, seed: u64, settings: Settings) -> Self {
        let PlannedPart { name, kind, .. } = planned;
        Self {
            name: name.clone(),
            kind,
            part: (kind.make)(&settings),
            planned: planned.settings.clone(),
            settings,
            random: Random::new(seed, name),
            nodes: alloc::vec![0; kind.pins.len()],
            sources: alloc::vec![None; kind.pins.len()],
            is_powered: true,
            shown: BTreeMap::new(),
            sensors: BTreeMap::new(),
        }
    }
}

/// Moments that can wait at once.
const DUE_MAX: usize = 100_000;
/// What can wait to be taken or told at once.
const QUEUE_MAX: usize = 1_000_000;

/// Parts, and the wires between them and a board.
pub struct Circuit {
    names: BTreeMap<u8, String>,
    parts: Vec<Fitted>,
    nodes: Vec<Node>,
    islands: Vec<Island>,
    pads: Vec<PadState>,
    random: Random,
    /// Bits of the board's pins that it has something on.
    wired: u64,
    now_ns: u64,
    /// What comes due, in order; the number keeps those of one moment in order.
    due: BinaryHeap<Reverse<(u64, u64, Due)>>,
    count: u64,
    deeds: BTreeMap<u64, Deed>,
    /// Islands to be looked at.
    dirty: Vec<usize>,
    changes: Vec<(usize, Change)>,
    /// What the board is to take.
    out: VecDeque<(u64, Stimulus)>,
    notes: VecDeque<(u64, Note)>,
    /// What was told to be wrong since the interpreter started.
    told: BTreeSet<String>,
    /// The part that a bus uses.
    attending: Option<usize>,
    scratch: settle::Scratch,
}

impl core::fmt::Debug for Circuit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Circuit")
            .field("parts", &self.parts.len())
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

impl Circuit {
    /// Builds what a plan says.
    pub fn new(plan: &Plan) -> Self {
        let fit = |p: &PlannedPart| Fitted::new(p, plan.seed, p.settings.clone());
        let mut parts: Vec<Fitted> = plan.parts.iter().map(fit).collect();
        let (nodes, islands) = nets::build(plan, &mut parts);
        let mut circuit = Self {
            names: plan.names.clone(),
            pads: pads::all(&nodes),
            parts,
            islands,
            nodes,
            random: Random::new(plan.seed, ""),
            wired: plan.wired(),
            now_ns: 0,
            due: BinaryHeap::new(),
            count: 0,
            deeds: BTreeMap::new(),
            dirty: Vec::new(),
            changes: Vec::new(),
            out: VecDeque::new(),
            notes: VecDeque::new(),
            told: BTreeSet::new(),
            attending: None,
            scratch: settle::Scratch::default(),
        };
        for (a, b) in nets::joined(&circuit.nodes) {
            circuit.stimulate(Stimulus::Jumper { a, b, plugged: true });
        }
        circuit.settle_all();
        (0..circuit.parts.len()).for_each(|part| circuit.start(part));
        circuit.settle();
        circuit
    }

    /// Finds all voltages, and tells parts what they get.
    fn settle_all(&mut self) {
        (0..self.nodes.len()).for_each(|node| self.touch(node));
        // What is between two supplies alone has no node of its own.
        (0..self.islands.len()).for_each(|island| self.touch_island(island));
        self.settle();
    }

    /// A part that was not there before begins.
    fn start(&mut self, part: usize) {
        self.parts[part].is_powered = self.is_powered(part);
        self.call(part, |part, cx| part.start(cx));
    }

    /// What a part shows now, by name.
    pub fn shown(&self, part: &str) -> Option<&BTreeMap<&'static str, Value>> {
        self.parts.iter().find(|p| p.name == part).map(|p| &p.shown)
    }

    /// All that its parts show now, as it was told when it changed.
    pub fn everything_shown(&self) -> Vec<Event> {
        let of_part = |part: &Fitted| {
            let values = part.shown.iter();
            let note = |(&name, value): (&&'static str, &Value)| Note::Shows {
                part: part.name.clone(),
                name,
                value: value.clone(),
            };
            values.map(|shown| note(shown).into()).collect::<Vec<Event>>()
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    /// The names of its parts, and their kinds.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &'static Kind)> + Clone {
        self.parts.iter().map(|p| (p.name.as_str(), p.kind))
    }

    /// The voltage at a pin of the board, if the circuit has something on it that holds it.
    pub fn volts(&self, gpio: u8) -> Option<f64> {
        let node = &self.nodes[self.pads.get(usize::from(gpio))?.node?];
        node.held.then_some(node.volts)
    }

    /// What there is to tell, and when it happened.
    pub fn take_note(&mut self) -> Option<(u64, Note)> {
        self.notes.pop_front()
    }

    /// Does something to a part at a moment, in nanoseconds since power on, or now if that is past.
    ///
    /// # Errors
    /// If there is no such part or setting, or it cannot be that.
    pub fn plan_deed(&mut self, at_ns: u64, deed: Deed) -> Result<(), DeedError> {
        deed::check(self.parts(), &deed)?;
        let number = self.count;
        if self.schedule(at_ns, Due::Deed(number)) {
            self.deeds.insert(number, deed);
        }
        Ok(())
    }

    /// Something is due at a moment; false if too much is due already.
    fn schedule(&mut self, at_ns: u64, due: Due) -> bool {
        if self.due.len() >= DUE_MAX {
            self.tell_fault(
                None,
                "more happens at once than can be followed; some of it is left out".into(),
            );
            return false;
        }
        self.due.push(Reverse((at_ns.max(self.now_ns), self.count, due)));
        self.count += 1;
        true
    }

    /// Lets everything happen that is due up to a moment.
    fn advance(&mut self, to_ns: u64) {
        while let Some(Reverse((at_ns, ..))) = self.due.peek()
            && *at_ns <= to_ns
            && let Some(Reverse((at_ns, _, due))) = self.due.pop()
        {
            self.now_ns = self.now_ns.max(at_ns);
            match due {
                Due::Timer(part, token) => self.call(part, |part, cx| part.timer(cx, token)),
                Due::Edge(gpio, wave) => self.wave_edge(gpio, wave),
                Due::Level(gpio, pulses, level) => self.pulse_level(gpio, pulses, level),
                Due::Deed(number) => self.do_deed(number),
            }
            self.settle();
        }
        self.now_ns = self.now_ns.max(to_ns);
    }

    fn do_deed(&mut self, number: u64) {
        let Some(deed) = self.deeds.remove(&number) else { return };
        if let Ok((at, name, value)) = deed::check(self.parts(), &deed) {
            self.set(at, name, &value);
        }
    }

    /// Sets a part to something.
    fn set(&mut self, at: usize, name: &'static str, value: &Value) {
        self.parts[at].settings.set(name, value.clone());
        self.call(at, |part, cx| part.set(cx, name, value));
    }

    /// Calls a part, and keeps what it does for [`Circuit::settle`].
    fn call(&mut self, at: usize, f: impl FnOnce(&mut dyn Part, &mut Context<'_>)) {
        let is_powered = self.is_powered(at);
        let fitted = &mut self.parts[at];
        self.scratch.pins.clear();
        let pins = fitted.nodes.iter().map(|&n| (self.nodes[n].level, self.nodes[n].volts));
        self.scratch.pins.extend(pins);
        let mut cx = Context {
            now_ns: self.now_ns,
            part: at,
            is_powered,
            pins: &self.scratch.pins,
            random: &mut fitted.random,
            changes: &mut self.changes,
        };
        f(&mut *fitted.part, &mut cx);
    }

    fn note(&mut self, note: Note) {
        if self.notes.len() < QUEUE_MAX {
            self.notes.push_back((self.now_ns, note));
        }
    }

    fn stimulate(&mut self, stimulus: Stimulus) {
        if self.out.len() < QUEUE_MAX {
            self.out.push_back((self.now_ns, stimulus));
        }
    }
}

impl Wires for Circuit {
    fn emit(&mut self, at_ns: u64, event: Event) {
        self.happened(at_ns, &event);
    }

    fn watches(&self) -> Kinds {
        if self.parts.is_empty() { pads::LASTS } else { pads::WATCHES }
    }

    fn take(&mut self, now_ns: u64) -> Option<(u64, Stimulus)> {
        self.advance(now_ns);
        self.out.pop_front()
    }

    fn next_ns(&self) -> Option<u64> {
        match self.out.front() {
            Some((at_ns, _)) => Some(*at_ns),
            None => self.due.peek().map(|d| d.0.0),
        }
    }

    fn wired(&self) -> u64 {
        self.wired
    }

    fn pad(&mut self, at_ns: u64, gpio: u8, pad: Pad) {
        self.set_pad(at_ns, gpio, pad);
    }

    fn microvolts(&mut self, at_ns: u64, gpio: u8) -> Option<u32> {
        self.advance(at_ns);
        self.measure(gpio)
    }

    fn noise(&mut self, at_ns: u64, gpio: u8) -> Option<bool> {
        self.advance(at_ns);
        self.read_floating(gpio)
    }

    fn i2c(&mut self, lines: I2cLines, address: u16) -> Option<&mut dyn I2cDevice> {
        let at = self.find_i2c(lines, address)?;
        self.attend(at);
        self.parts[at].part.i2c(address)
    }

    fn has_pull_ups(&self, lines: I2cLines) -> bool {
        [lines.scl, lines.sda].iter().all(|gpio| self.volts(*gpio).is_some_and(|v| v > 2.4))
    }

    fn spi(&mut self, lines: &SpiLines) -> Option<&mut dyn SpiDevice> {
        let at = self.find_spi(lines)?;
        self.attend(at);
        self.parts[at].part.spi()
    }
}
