//! Lets what has changed spread: voltages, levels, parts that answer, until nothing changes any more.

use super::nets::Link;
use super::{Change, Circuit, Fitted, Note};
use crate::part::{Element, Role, Source, Square};
use crate::solve::{Branch, End, Feed, Solution};
use alloc::vec::Vec;
use coil_board::outside::Stimulus;

/// Memory that is used again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) pins: Vec<(bool, f64)>,
    feeds: Vec<Feed>,
    branches: Vec<Branch>,
    solution: Solution,
    amps: Vec<f64>,
    calls: Vec<Call>,
}

/// What a part is to be told.
#[derive(Clone, Copy, Debug)]
enum Call {
    Level(usize, usize, bool),
    Wave(usize, usize, Option<Square>),
    Current(usize, usize, f64),
    Power(usize),
}

/// Above this a level is high, and below the other it is low.
const HIGH_VOLTS: f64 = 0.75 * crate::part::SUPPLY;
const LOW_VOLTS: f64 = 0.25 * crate::part::SUPPLY;
/// The resistance of a closed contact.
const CONTACT_OHMS: f64 = 0.05;
/// What a part draws: a few milliamperes.
const LOAD: Source = Source { volts: 0.0, ohms: 1000.0 };
/// Rounds of one moment before it is clear that it will never end.
const ROUNDS_MAX: usize = 2000;
/// Waves of an island whose every combination is looked at.
const WAVES_MAX: usize = 3;

impl Circuit {
    /// Something at a node has changed.
    pub(super) fn touch(&mut self, node: usize) {
        match self.nodes[node].island {
            Some((island, _)) => self.touch_island(island),
            // A supply stays what it is, but may be driven against.
            None => {
                self.check_fights(&[node]);
                self.check_voltages(&[node]);
                self.tell_board(node);
            }
        }
    }

    pub(super) fn touch_island(&mut self, island: usize) {
        if !core::mem::replace(&mut self.islands[island].is_dirty, true) {
            self.dirty.push(island);
        }
    }

    /// Lets everything spread that has changed.
    pub(super) fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let changes = core::mem::take(&mut self.changes);
            for (part, change) in changes {
                self.apply(part, change);
            }
            let Some(island) = self.dirty.pop() else {
                if self.changes.is_empty() {
                    return;
                }
                continue;
            };
            self.islands[island].is_dirty = false;
            self.balance(island);
        }
        self.changes.clear();
        for island in core::mem::take(&mut self.dirty) {
            self.islands[island].is_dirty = false;
        }
        let text = "it never comes to rest: parts switch each other on and off without an end";
        self.tell_fault(None, text.into());
    }

    fn apply(&mut self, part: usize, change: Change) {
        match change {
            Change::Drive(pin, source) => {
                if core::mem::replace(&mut self.parts[part].sources[pin], source) != source {
                    self.touch(self.parts[part].nodes[pin]);
                }
            }
            Change::Contact(element, now) => self.relink(part, element, |what| {
                if let Element::Contact { closed, .. } = what {
                    *closed = now;
                }
            }),
            Change::Resistor(element, now) => self.relink(part, element, |what| {
                if let Element::Resistor { ohms, .. } = what {
                    *ohms = now;
                }
            }),
            Change::At(at_ns, token) => {
                self.schedule(at_ns, super::Due::Timer(part, token));
            }
            Change::Show(name, value) => {
                let fitted = &mut self.parts[part];
                if fitted.shown.get(name) != Some(&value) {
                    fitted.shown.insert(name, value.clone());
                    let part = fitted.name.clone();
                    self.note(Note::Shows { part, name, value });
                }
            }
            Change::Sensor(pin, sensor) => {
                self.parts[part].sensors.insert(pin, sensor);
                let node = self.parts[part].nodes[pin];
                for n in 0..self.nodes[node].gpios.len() {
                    let gpio = self.nodes[node].gpios[n];
                    self.stimulate(Stimulus::Sensor { gpio, sensor });
                }
            }
            Change::Fault(text) => self.tell_fault(Some(part), text),
        }
    }

    fn relink(&mut self, part: usize, element: usize, change: impl Fn(&mut Element)) {
        for island in 0..self.islands.len() {
            let links = &mut self.islands[island].links;
            if let Some(link) = links.iter_mut().find(|l| l.part == part && l.element == element) {
                change(&mut link.what);
                self.touch_island(island);
            }
        }
    }

    /// Finds the voltages of an island, and tells whoever is there.
    fn balance(&mut self, island: usize) {
        let mut s = core::mem::take(&mut self.scratch);
        s.calls.clear();
        self.find_levels(island, &mut s);
        self.find_currents(island, &mut s);
        let calls = core::mem::take(&mut s.calls);
        self.scratch = s;
        for call in &calls {
            match *call {
                Call::Level(part, pin, level) => self.tell_level(part, pin, level),
                Call::Wave(part, pin, wave) => self.call(part, |p, cx| p.wave(cx, pin, wave)),
                Call::Power(part) => self.call(part, |p, cx| p.power(cx)),
                Call::Current(part, element, amps) => {
                    self.call(part, |p, cx| p.current(cx, element, amps));
                }
            }
        }
        self.scratch.calls = calls;
    }

    pub(super) fn tell_level(&mut self, part: usize, pin: usize, level: bool) {
        if self.parts[part].kind.pins[pin].role == Role::Select
            && let Some(device) = self.parts[part].part.spi()
        {
            device.select(!level);
        }
        if self.check_power(part) {
            self.call(part, |p, cx| p.level(cx, pin, level));
        }
    }

    /// What is on the nodes of an island, with the board's pins as `level` says.
    fn gather(&self, island: usize, s: &mut Scratch, level: impl Fn(u8) -> bool) {
        s.feeds.clear();
        for (at, &n) in self.islands[island].nodes.iter().enumerate() {
            let node = &self.nodes[n];
            let pads =
                node.gpios.iter().flat_map(|g| self.pads[usize::from(*g)].sources(level(*g)));
            let pins = node.pins.iter().map(|&(part, pin)| self.source(part, pin));
            let loads = node.pins.iter().map(|&(part, pin)| self.load(part, pin));
            for Source { volts, ohms } in pads.chain(pins).chain(loads).flatten() {
                s.feeds.push(Feed { node: at, volts, ohms });
            }
        }
        s.branches.clear();
        s.branches.extend(self.islands[island].links.iter().map(|l| self.branch(l)));
    }

    /// What a part draws from its supply.
    fn load(&self, part: usize, pin: usize) -> Option<Source> {
        let Fitted { kind, part, .. } = &self.parts[part];
        let is_supply = matches!(kind.pins[pin].role, Role::Power(_));
        (is_supply && part.draws()).then_some(LOAD)
    }

    /// What a part drives a pin with, if it has power.
    fn source(&self, part: usize, pin: usize) -> Option<Source> {
        self.parts[part].sources[pin].filter(|_| self.is_powered(part))
    }

    fn branch(&self, link: &Link) -> Branch {
        let end = |node: usize| match (self.nodes[node].rail, self.nodes[node].island) {
            (None, Some((_, at))) => End::Node(at),
            (volts, _) => End::Fixed(volts.unwrap_or(0.0)),
        };
        let (ohms, diode) = match link.what {
            Element::Resistor { ohms, .. } => (ohms.max(CONTACT_OHMS), None),
            Element::Contact { closed: true, .. } => (CONTACT_OHMS, None),
            // A diode that never conducts.
            Element::Contact { closed: false, .. } => (1.0, Some(f64::INFINITY)),
            Element::Led { volts, ohms, .. } => (ohms.max(CONTACT_OHMS), Some(volts)),
        };
        Branch { a: end(link.a), b: end(link.b), ohms, diode }
    }

    /// Voltages and levels of this moment.
    fn find_levels(&mut self, island: usize, s: &mut Scratch) {
        let now = self.now_ns;
        self.gather(island, s, |gpio| {
            let pad = &self.pads[usize::from(gpio)];
            // A wave that nobody follows is seen as it begins.
            if pad.wave.is_some_and(|w| !w.is_followed) { true } else { pad.level_at(now) }
        });
        s.solution.solve(self.islands[island].nodes.len(), &s.feeds, &s.branches);
        for at in 0..self.islands[island].nodes.len() {
            let n = self.islands[island].nodes[at];
            let node = &mut self.nodes[n];
            let before = (node.level, node.held, node.volts);
            node.volts = s.solution.volts[at];
            node.held = s.solution.held[at];
            node.between = node.held && (LOW_VOLTS..HIGH_VOLTS).contains(&node.volts);
            if node.held && !node.between {
                node.level = node.volts >= HIGH_VOLTS;
            }
            if before.0 != node.level {
                for &(part, pin) in &node.pins {
                    if self.parts[part].kind.pins[pin].role.listens() {
                        s.calls.push(Call::Level(part, pin, node.level));
                    }
                }
            }
            if (before.1, before.2) != (node.held, node.volts) {
                self.touch_supplied(n, &mut s.calls);
            }
            self.tell_board(n);
        }
        let nodes = core::mem::take(&mut self.islands[island].nodes);
        self.check_fights(&nodes);
        self.check_voltages(&nodes);
        self.islands[island].nodes = nodes;
    }

    /// What parts drive depends on a supply that has changed.
    fn touch_supplied(&mut self, node: usize, calls: &mut Vec<Call>) {
        for n in 0..self.nodes[node].pins.len() {
            let (part, pin) = self.nodes[node].pins[n];
            if matches!(self.parts[part].kind.pins[pin].role, Role::Power(_) | Role::Ground) {
                let is_powered = self.is_powered(part);
                if core::mem::replace(&mut self.parts[part].is_powered, is_powered) != is_powered {
                    calls.push(Call::Power(part));
                }
                for pin in 0..self.parts[part].nodes.len() {
                    if self.parts[part].sources[pin].is_some() {
                        self.touch(self.parts[part].nodes[pin]);
                    }
                }
            }
        }
    }

    /// Mean currents, and waves that reach parts.
    fn find_currents(&mut self, island: usize, s: &mut Scratch) {
        let gpios = || self.islands[island].nodes.iter().flat_map(|&n| &self.nodes[n].gpios);
        let waving: Vec<u8> = gpios()
            .copied()
            .filter(|g| self.pads[usize::from(*g)].wave.is_some())
            .take(WAVES_MAX)
            .collect();
        if waving.is_empty() {
            s.amps.clear();
            s.amps.extend_from_slice(&s.solution.amps);
            self.tell_waves(island, s, None);
        } else {
            self.mean_currents(island, s, &waving);
        }
        for (n, link) in self.islands[island].links.iter_mut().enumerate() {
            let amps = s.amps[n];
            if (amps - link.amps).abs() > 1e-7 {
                link.amps = amps;
                s.calls.push(Call::Current(link.part, link.element, amps));
            }
        }
    }

    /// The mean over all combinations of levels of the waves, each for its share of the time.
    fn mean_currents(&mut self, island: usize, s: &mut Scratch, waving: &[u8]) {
        let nodes = self.islands[island].nodes.len();
        s.amps.clear();
        s.amps.resize(self.islands[island].links.len(), 0.0);
        let mut extremes = [Vec::new(), Vec::new()];
        for levels in 0..1u32 << waving.len() {
            let is_high = |n: usize| levels >> n & 1 != 0;
            self.gather(island, s, |gpio| match waving.iter().position(|g| *g == gpio) {
                Some(n) => is_high(n),
                None => self.pads[usize::from(gpio)].level_at(self.now_ns),
            });
            s.solution.solve(nodes, &s.feeds, &s.branches);
            let share: f64 = waving
                .iter()
                .enumerate()
                .filter_map(|(n, gpio)| {
                    let Square { period_ns, high_ns } = self.pads[usize::from(*gpio)].wave?.square;
                    let high = high_ns as f64 / period_ns as f64;
                    Some(if is_high(n) { high } else { 1.0 - high })
                })
                .product();
            for (mean, amps) in s.amps.iter_mut().zip(&s.solution.amps) {
                *mean += share * amps;
            }
            if levels == 0 || levels + 1 == 1 << waving.len() {
                extremes[usize::from(levels != 0)].clone_from(&s.solution.volts);
            }
        }
        let square = self.pads[usize::from(waving[0])].wave.map(|w| w.square);
        self.tell_waves(island, s, square.map(|square| (square, &extremes)));
    }

    /// Finds the nodes that a wave reaches, and the parts that are to be told so.
    fn tell_waves(
        &mut self,
        island: usize,
        s: &mut Scratch,
        wave: Option<(Square, &[Vec<f64>; 2])>,
    ) {
        for at in 0..self.islands[island].nodes.len() {
            let n = self.islands[island].nodes[at];
            let square = wave.and_then(|(square, [low, high])| {
                (low[at] <= LOW_VOLTS && high[at] >= HIGH_VOLTS).then_some(square)
            });
            if core::mem::replace(&mut self.nodes[n].wave, square) != square {
                let pins = self.nodes[n].pins.iter();
                s.calls.extend(pins.map(|&(part, pin)| Call::Wave(part, pin, square)));
            }
        }
    }

    /// The voltage at a pin of the board in this moment, in microvolts.
    pub(super) fn measure(&mut self, gpio: u8) -> Option<u32> {
        let node = self.pads.get(usize::from(gpio))?.node?;
        let volts = match self.nodes[node].island {
            Some((island, at)) if self.nodes[node].held => {
                let mut s = core::mem::take(&mut self.scratch);
                let now = self.now_ns;
                self.gather(island, &mut s, |gpio| self.pads[usize::from(gpio)].level_at(now));
                s.solution.solve(self.islands[island].nodes.len(), &s.feeds, &s.branches);
                let volts = s.solution.volts[at];
                self.scratch = s;
                volts + NOISE_VOLTS * self.random.around_zero()
            }
            Some(_) => {
                self.tell_floating(gpio);
                FLOATING_VOLTS * (1.0 + self.random.around_zero())
            }
            None => self.nodes[node].volts + NOISE_VOLTS * self.random.around_zero(),
        };
        Some((volts.clamp(0.0, 5.0) * 1e6) as u32)
    }
}

/// How much a converter's readings scatter.
const NOISE_VOLTS: f64 = 0.004;
/// What is read at an input that nothing holds, in the middle.
const FLOATING_VOLTS: f64 = 0.6;
