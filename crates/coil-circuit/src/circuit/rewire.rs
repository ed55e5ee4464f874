//! Another circuit takes the place of the one that is there, while the board runs: what stays the same goes on as it was.
//!
//! A part is kept whole if its kind and what it is made like are the same: a display keeps its picture, a button that is
//! held stays down. What was set while it ran stays, too, unless the plan says something else of it than before.

use super::nets::{self, Island, Node};
use super::{Circuit, Due, Fitted};
use crate::part::{Settings, Square};
use crate::plan::{Plan, PlannedPart};
use crate::value::Value;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use coil_board::outside::{Sensor, Stimulus};
use core::cmp::Reverse;

/// What a kept part's pin had on it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Had {
    level: bool,
    wave: Option<Square>,
}

impl Had {
    fn of(node: &Node) -> Self {
        Self { level: node.level, wave: node.wave }
    }
}

/// A part that was there before.
struct Kept {
    /// Its number then.
    before: usize,
    /// What its pins had on them.
    had: Vec<Had>,
}

/// Sensors by pin of the board, with the names of their parts.
type Sensors = BTreeMap<u8, Vec<(String, Sensor)>>;

impl Circuit {
    /// Becomes what another plan says, at a moment in nanoseconds since power on. The board's pins drive and pull as they
    /// did, waves go on, and the board is told what is different for it. A board that has pins which nothing was wired to
    /// must have told them before ([`Stimulus::LookAround`]).
    pub fn rewire(&mut self, at_ns: u64, plan: &Plan) {
        self.advance(at_ns);
        let (joined, sensors) = (nets::joined(&self.nodes), self.sensors(|_| true));
        let kept = self.refit(plan);
        let is_kept = |part: usize| kept[part].is_some();
        self.told.clear();
        self.plug(&joined);
        self.put_sensors(&sensors, &self.sensors(is_kept));
        let first: Vec<Had> = self.nodes.iter().map(Had::of).collect();
        (0..self.nodes.len()).for_each(|node| self.follow_waves(node));
        self.settle_all();
        for (part, kept) in kept.iter().enumerate() {
            match kept {
                Some(Kept { had, .. }) => self.go_on(part, had, &first),
                None => self.start(part),
            }
        }
        for (part, planned) in plan.parts.iter().enumerate().filter(|(part, _)| is_kept(*part)) {
            self.set_as_planned(part, planned);
        }
        self.settle();
        self.check_supplies();
        self.stimulate(Stimulus::LookAround);
    }

    /// Puts other parts and nodes in the place of those that are there; which of them were there before.
    fn refit(&mut self, plan: &Plan) -> Vec<Option<Kept>> {
        let mut before: Vec<Option<Fitted>> = self.parts.drain(..).map(Some).collect();
        let mut kept = Vec::new();
        for planned in &plan.parts {
            let is_it = |p: &Option<Fitted>| {
                let is_it = |p: &Fitted| p.name == planned.name && p.kind.name == planned.kind.name;
                p.as_ref().is_some_and(is_it)
            };
            let number = before.iter().position(is_it);
            let old = number.and_then(|n| before[n].take());
            let (fitted, old) = match (number, old) {
                (Some(before), Some(mut old)) if is_made_alike(&old.planned, planned) => {
                    old.part.tell_again();
                    let had = old.nodes.iter().map(|n| Had::of(&self.nodes[*n])).collect();
                    (old, Some(Kept { before, had }))
                }
                (_, Some(old)) => (Fitted::new(planned, plan.seed, carried(&old, planned)), None),
                _ => (Fitted::new(planned, plan.seed, planned.settings.clone()), None),
            };
            self.parts.push(fitted);
            kept.push(old);
        }
        // What the pins of kept parts were on is known from them, until they are on something else.
        let places: Vec<Vec<usize>> = self.parts.iter().map(|p| p.nodes.clone()).collect();
        let (mut nodes, mut islands) = nets::build(plan, &mut self.parts);
        for node in &mut nodes {
            let of_pin =
                |&(part, pin): &(usize, usize)| kept[part].as_ref().map(|_| places[part][pin]);
            let of_board = node.gpios.iter().find_map(|g| self.pads[usize::from(*g)].node);
            if let Some(old) = of_board.or_else(|| node.pins.iter().find_map(of_pin)) {
                go_on_as(node, &self.nodes[old]);
            }
        }
        relink(&kept, &self.islands, &mut islands);
        let numbers: BTreeMap<usize, usize> = kept
            .iter()
            .enumerate()
            .filter_map(|(now, k)| Some((k.as_ref()?.before, now)))
            .collect();
        self.attending = self.attending.and_then(|part| numbers.get(&part).copied());
        (self.nodes, self.islands) = (nodes, islands);
        self.dirty.clear();
        self.changes.clear();
        (self.wired, self.names) = (plan.wired(), plan.names.clone());
        self.move_pads();
        self.renumber(&numbers);
        kept
    }

    /// The pins of the board are on other nodes, or on none: what the circuit held there it lets go.
    fn move_pads(&mut self) {
        for pad in &mut self.pads {
            pad.node = None;
            if let Some(wave) = &mut pad.wave {
                wave.is_followed = false;
            }
        }
        for (n, node) in self.nodes.iter().enumerate() {
            for &gpio in &node.gpios {
                self.pads[usize::from(gpio)].node = Some(n);
            }
        }
        for gpio in 0..self.pads.len() {
            if self.pads[gpio].node.is_none() && self.pads[gpio].told.take().is_some() {
                self.stimulate(Stimulus::Pin { gpio: gpio as u8, level: None });
            }
        }
    }

    /// What comes due for parts that are still there, by their new numbers.
    fn renumber(&mut self, numbers: &BTreeMap<usize, usize>) {
        for Reverse((at_ns, count, due)) in core::mem::take(&mut self.due) {
            let due = match due {
                Due::Timer(part, token) => match numbers.get(&part) {
                    Some(part) => Due::Timer(*part, token),
                    None => continue,
                },
                // Waves are followed anew.
                Due::Edge(..) => continue,
                Due::Level(..) | Due::Deed(_) => due,
            };
            self.due.push(Reverse((at_ns, count, due)));
        }
    }

    /// Plugs and unplugs what is joined now and was not before, and the other way round.
    fn plug(&mut self, before: &BTreeSet<(u8, u8)>) {
        let now = nets::joined(&self.nodes);
        for &(a, b) in before.difference(&now) {
            self.stimulate(Stimulus::Jumper { a, b, plugged: false });
        }
        for &(a, b) in now.difference(before) {
            self.stimulate(Stimulus::Jumper { a, b, plugged: true });
        }
    }

    fn sensors(&self, of: impl Fn(usize) -> bool) -> Sensors {
        let mut sensors = Sensors::new();
        for (_, part) in self.parts.iter().enumerate().filter(|(n, _)| of(*n)) {
            for (pin, sensor) in part.sensors.iter().filter(|s| *s.1 != Sensor::Gone) {
                for gpio in &self.nodes[part.nodes[*pin]].gpios {
                    sensors.entry(*gpio).or_default().push((part.name.clone(), *sensor));
                }
            }
        }
        sensors
    }

    /// Takes sensors off pins of the board where they are not any more, and puts them where they are.
    fn put_sensors(&mut self, before: &Sensors, now: &Sensors) {
        for gpio in before.keys().filter(|gpio| before.get(gpio) != now.get(gpio)) {
            self.stimulate(Stimulus::Sensor { gpio: *gpio, sensor: Sensor::Gone });
        }
        for (gpio, sensors) in now.iter().filter(|(gpio, of)| before.get(gpio) != Some(of)) {
            for (_, sensor) in sensors {
                self.stimulate(Stimulus::Sensor { gpio: *gpio, sensor: *sensor });
            }
        }
    }

    /// A part that was there before is told what its pins have now, where nobody has told it yet: `first` is what was
    /// on each node when it was put there.
    fn go_on(&mut self, part: usize, had: &[Had], first: &[Had]) {
        for (pin, had) in had.iter().enumerate() {
            let node = self.parts[part].nodes[pin];
            let now = Had::of(&self.nodes[node]);
            if now == first[node] && now.wave != had.wave {
                self.call(part, |p, cx| p.wave(cx, pin, now.wave));
            }
            let listens = self.parts[part].kind.pins[pin].role.listens();
            if listens && now.level == first[node].level && now.level != had.level {
                self.tell_level(part, pin, now.level);
            }
        }
        let is_powered = self.is_powered(part);
        if core::mem::replace(&mut self.parts[part].is_powered, is_powered) != is_powered {
            self.call(part, |part, cx| part.power(cx));
            for pin in 0..self.parts[part].nodes.len() {
                self.touch(self.parts[part].nodes[pin]);
            }
        }
        self.settle();
    }

    /// A part that was there before is set to what the plan says of it now and did not say before.
    fn set_as_planned(&mut self, part: usize, planned: &PlannedPart) {
        let before = core::mem::replace(&mut self.parts[part].planned, planned.settings.clone());
        for (name, value) in &planned.settings.0 {
            if before.get(name) != Some(value) {
                self.set(part, name, value);
            }
        }
    }
}

/// Whether a part need not be made anew: what it is made like is what it was.
fn is_made_alike(before: &Settings, planned: &PlannedPart) -> bool {
    let fixed = planned.kind.settings.iter().filter(|s| s.is_fixed);
    fixed.into_iter().all(|s| before.get(s.name) == planned.settings.get(s.name))
}

/// What a part that is made anew is set to: what it was, unless the plan says something else than before.
fn carried(before: &Fitted, planned: &PlannedPart) -> Settings {
    let carry = |(name, value): &(&'static str, Value)| {
        let is_same = before.planned.get(name) == Some(value);
        let value = before.settings.get(name).filter(|_| is_same).unwrap_or(value);
        (*name, value.clone())
    };
    Settings(planned.settings.0.iter().map(carry).collect())
}

/// A node begins with what was on its wire before, so that nobody there sees an edge that is none.
fn go_on_as(node: &mut Node, before: &Node) {
    if node.rail.is_none() {
        node.volts = before.volts;
        (node.level, node.held, node.between) = (before.level, before.held, before.between);
        node.wave = before.wave;
    }
}

/// Contacts and resistors of kept parts are as they were. The currents through them are told again, whatever they are.
fn relink(kept: &[Option<Kept>], before: &[Island], islands: &mut [Island]) {
    let old = |part: usize, element: usize| {
        let part = kept[part].as_ref()?.before;
        let mut links = before.iter().flat_map(|i| &i.links);
        links.find(|l| (l.part, l.element) == (part, element))
    };
    for link in islands.iter_mut().flat_map(|i| &mut i.links) {
        if let Some(old) = old(link.part, link.element) {
            (link.what, link.amps) = (old.what, f64::INFINITY);
        }
    }
}
