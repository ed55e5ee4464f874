//! What is wrong with a circuit, in words.

use super::nets::Node;
use super::{Circuit, Note};
use crate::part::{Rail, Role};
use alloc::format;
use alloc::string::{String, ToString};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The part that it is about, if it is about one.
    pub part: Option<String>,
    /// What happens, why, and what to do.
    pub text: String,
}

/// An output gives more than this only into a supply or another output; into an LED without a resistor it
/// is less, and the LED says so itself.
const OUTPUT_AMPS: f64 = 0.050;
/// What a pin stands.
const PIN_VOLTS: f64 = 3.6;
/// What a chip needs to run.
const POWER_VOLTS: f64 = 2.4;
/// Two voltages that are one.
const SAME_VOLTS: f64 = 0.3;

impl Circuit {
    /// Tells that something is wrong, once until the interpreter starts anew or the circuit becomes another one.
    pub(super) fn tell_fault(&mut self, part: Option<usize>, text: String) {
        let part = part.map(|at| self.parts[at].name.clone());
        let key = format!("{}:{text}", part.as_deref().unwrap_or_default());
        // What was said of a thousand things need not be said of more.
        if self.told.len() < 1000 && self.told.insert(key) {
            self.note(Note::Fault(Fault { part, text }));
        }
    }

    /// How a user names a pin of the board.
    fn pin_name(&self, gpio: u8) -> String {
        match self.names.get(&gpio) {
            Some(name) if !name.ends_with(&gpio.to_string()) || !name.starts_with("IO") => {
                format!("{name} (GPIO{gpio})")
            }
            _ => format!("GPIO{gpio}"),
        }
    }

    /// What else is on a wire, in words.
    fn others(&self, node: usize, but: u8) -> String {
        let node = &self.nodes[node];
        let rail = node.rail.map(|v| if v == 0.0 { "GND".to_string() } else { format!("{v} V") });
        let pins = node.gpios.iter().filter(|g| **g != but).map(|g| self.pin_name(*g));
        let parts = node.pins.iter().map(|&(part, pin)| {
            format!("{}.{}", self.parts[part].name, self.parts[part].kind.pins[pin].name)
        });
        let all: alloc::vec::Vec<_> = rail.into_iter().chain(pins).chain(parts).collect();
        if all.is_empty() { "nothing".into() } else { all.join(", ") }
    }

    /// Finds outputs of the board that drive against something.
    pub(super) fn check_fights(&mut self, nodes: &[usize]) {
        for &n in nodes {
            for at in 0..self.nodes[n].gpios.len() {
                let gpio = self.nodes[n].gpios[at];
                let pad = &self.pads[usize::from(gpio)];
                let level = pad.level_at(self.now_ns);
                let Some(source) = pad.sources(level)[0] else { continue };
                let amps = (source.volts - self.nodes[n].volts).abs() / source.ohms;
                if amps > OUTPUT_AMPS {
                    let (pin, others) = (self.pin_name(gpio), self.others(n, gpio));
                    let text = format!(
                        "{pin} is an output at {} and drives against {others}: {} mA, a short circuit that \
                         ends pins; make one of them an input, or take the wire away",
                        u8::from(level),
                        (amps * 1000.0) as u32,
                    );
                    self.tell_fault(None, text);
                }
            }
        }
    }

    /// Finds pins of the board that get more than they stand.
    pub(super) fn check_voltages(&mut self, nodes: &[usize]) {
        for &n in nodes {
            let volts = self.nodes[n].volts;
            if volts > PIN_VOLTS && self.nodes[n].held && !self.nodes[n].gpios.is_empty() {
                let gpio = self.nodes[n].gpios[0];
                let (pin, others) = (self.pin_name(gpio), self.others(n, gpio));
                let text = format!(
                    "{pin} gets {volts:.1} V from {others}, and stands 3.3 V: put a divider between them"
                );
                self.tell_fault(None, text);
            }
        }
    }

    /// What is read from a pin that nothing holds.
    pub(super) fn read_floating(&mut self, gpio: u8) -> Option<bool> {
        let node = self.pads.get(usize::from(gpio))?.node?;
        if self.nodes[node].held {
            return None;
        }
        self.tell_floating(gpio);
        Some(self.random.below(2) == 1)
    }

    pub(super) fn tell_floating(&mut self, gpio: u8) {
        let text = format!(
            "{} is read while nothing holds it, and reads anything: give it a pull-up \
             (`Pin({gpio}, Pin.IN, Pin.PULL_UP)`), or wire it to something",
            self.pin_name(gpio)
        );
        self.tell_fault(None, text);
    }

    /// A wave has more edges than can be followed.
    pub(super) fn tell_too_fast(&mut self, gpio: u8, node: usize) {
        let (pin, others) = (self.pin_name(gpio), self.others(node, gpio));
        let text = format!(
            "the wave on {pin} is faster than the 100 kHz that can be followed, and {others} sees no edges of \
             it: use a lower frequency"
        );
        self.tell_fault(None, text);
    }

    /// What the chip finds on the pins that say how it starts.
    pub(super) fn check_straps(&mut self) {
        let wrong = [
            (12, true, "high", "the chip takes its flash for one of 1.8 V and does not start"),
            (0, false, "low", "the chip waits for a new firmware instead of starting"),
        ];
        for (gpio, level, word, why) in wrong {
            let Some(node) = self.pads[usize::from(gpio)].node else { continue };
            if self.nodes[node].held && self.nodes[node].level == level {
                let (pin, others) = (self.pin_name(gpio), self.others(node, gpio));
                let text = format!(
                    "{pin} is held {word} by {others} while the board starts: {why}; use another pin"
                );
                self.tell_fault(None, text);
            }
        }
    }

    /// Finds parts that will never have power: a supply pin is on another supply, or on nothing.
    pub(super) fn check_supplies(&mut self) {
        for part in 0..self.parts.len() {
            let fitted = &self.parts[part];
            let Some((lacking, _)) = self.lacks(part) else { continue };
            let mut pins = fitted.kind.pins.iter().zip(&fitted.nodes);
            let node = pins.find(|p| p.0.name == lacking).map(|p| &self.nodes[*p.1]);
            let is_hopeless =
                |n: &Node| n.rail.is_some() || n.gpios.is_empty() && n.pins.len() == 1;
            if fitted.part.draws() && node.is_some_and(is_hopeless) {
                self.check_power(part);
            }
        }
    }

    /// Whether a part has its supply, or needs none.
    pub(super) fn is_powered(&self, part: usize) -> bool {
        self.lacks(part).is_none()
    }

    /// The supply pin that a part lacks.
    fn lacks(&self, part: usize) -> Option<(&'static str, &'static str)> {
        let fitted = &self.parts[part];
        fitted.kind.pins.iter().zip(&fitted.nodes).find_map(|(pin, &n)| {
            let node = &self.nodes[n];
            let (home, is_there) = match pin.role {
                Role::Power(Rail::V3) => ("3V3", node.held && node.volts > POWER_VOLTS),
                Role::Power(Rail::V5) => ("5V", node.held && node.volts > POWER_VOLTS),
                Role::Ground => ("GND", node.held && node.volts < SAME_VOLTS),
                _ => return None,
            };
            (!is_there).then_some((pin.name, home))
        })
    }

    /// Whether a part that is used has its supply; says so if not.
    pub(super) fn check_power(&mut self, part: usize) -> bool {
        let Some((pin, home)) = self.lacks(part) else { return true };
        let text = format!("it has no power and does nothing: wire its `{pin}` to {home}");
        self.tell_fault(Some(part), text);
        false
    }
}
