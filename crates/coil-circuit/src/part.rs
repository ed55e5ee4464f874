//! What a part is: its pins, its settings, what it shows, and how it behaves.

use crate::circuit::Change;
use crate::random::Random;
use crate::value::Value;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use coil_board::outside::Sensor;
use coil_board::outside::bus::{I2cDevice, SpiDevice};

/// A kind of part: a row of [`crate::parts::ALL`].
#[derive(Debug)]
pub struct Kind {
    /// How `circuit.toml` names it.
    pub name: &'static str,
    /// How people name it.
    pub title: &'static str,
    /// What it does and how it is connected, in a few sentences.
    pub text: &'static str,
    /// Its picture's name.
    pub picture: &'static str,
    /// Its pins, in the order of their numbers.
    pub pins: &'static [Pin],
    /// What can be set, in `circuit.toml` and while it runs.
    pub settings: &'static [Setting],
    /// What it shows: names and what they mean.
    pub shows: &'static [(&'static str, &'static str)],
    /// Makes one with these settings.
    pub make: fn(&Settings) -> Box<dyn Part>,
}

/// A pin of a part.
#[derive(Clone, Copy, Debug)]
pub struct Pin {
    /// Its name, as it is printed on the part.
    pub name: &'static str,
    /// What it is for.
    pub role: Role,
}

/// What a pin of a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its supply. It is on the board's pin of this name where `circuit.toml` says nothing of it.
    Power(Rail),
    /// Ground; on GND where `circuit.toml` says nothing of it.
    Ground,
    /// It listens: [`Part::level`] is told of every edge.
    Input,
    /// It drives, or is only connected to what is inside.
    Passive,
    /// Clock and data of I2C.
    Scl,
    /// See [`Role::Scl`].
    Sda,
    /// Clock, data in, data out and selection of SPI.
    Sck,
    /// See [`Role::Sck`].
    Mosi,
    /// See [`Role::Sck`].
    Miso,
    /// See [`Role::Sck`].
    Select,
}

impl Role {
    /// Whether the part is told of every edge on such a pin.
    pub(crate) fn listens(self) -> bool {
        !matches!(self, Self::Passive | Self::Ground | Self::Power(_))
    }
}

/// A supply of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rail {
    /// The regulator's 3.3 V.
    V3,
    /// The USB plug's 5 V.
    V5,
}

/// Something that can be set.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// It is how the part is built: `circuit.toml` says it, and it cannot change while it runs.
    pub is_fixed: bool,
    /// What it can be.
    pub sort: Sort,
    /// What it means, with its unit.
    pub text: &'static str,
}

/// What a setting can be, and what it is where nothing is said.
#[derive(Clone, Copy, Debug)]
pub enum Sort {
    /// On or off.
    Flag(bool),
    /// A whole number: the least, the most, the usual.
    Int(i64, i64, i64),
    /// A number: the least, the most, the usual.
    Number(f64, f64, f64),
    /// One of these; the first is the usual one.
    Choice(&'static [&'static str]),
}

impl Sort {
    /// What it is where nothing is said.
    pub fn usual(&self) -> Value {
        match *self {
            Self::Flag(b) => Value::Bool(b),
            Self::Int(.., usual) => Value::Int(usual),
            Self::Number(.., usual) => Value::Number(usual),
            Self::Choice(of) => Value::Text(of.first().copied().unwrap_or_default().into()),
        }
    }

    /// The value, if the setting can be that.
    pub fn accept(&self, value: &Value) -> Option<Value> {
        match (*self, value) {
            (Self::Flag(_), Value::Bool(b)) => Some(Value::Bool(*b)),
            (Self::Flag(_), Value::Int(i @ 0..=1)) => Some(Value::Bool(*i == 1)),
            (Self::Int(least, most, _), Value::Int(i)) => {
                (least..=most).contains(i).then_some(Value::Int(*i))
            }
            (Self::Number(least, most, _), v) => {
                let n = v.as_number().filter(|n| (least..=most).contains(n))?;
                Some(Value::Number(n))
            }
            (Self::Choice(of), Value::Text(t)) => {
                of.contains(&t.as_str()).then(|| Value::Text(t.clone()))
            }
            _ => None,
        }
    }

    /// What it can be, in words.
    pub fn words(&self) -> String {
        match *self {
            Self::Flag(_) => "true or false".into(),
            Self::Int(least, most, _) => alloc::format!("a whole number from {least} to {most}"),
            Self::Number(least, most, _) => alloc::format!("a number from {least} to {most}"),
            Self::Choice(of) => alloc::format!("one of {}", of.join(", ")),
        }
    }
}

/// The settings of a part, each with a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(pub(crate) Vec<(&'static str, Value)>);

impl Settings {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|s| s.0 == name).map(|s| &s.1)
    }

    /// Gives a setting another value.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        if let Some(setting) = self.0.iter_mut().find(|s| s.0 == name) {
            setting.1 = value;
        }
    }

    /// A flag; false if there is none of this name.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Bool(true)))
    }

    /// A number; zero if there is none of this name.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(Value::as_number).unwrap_or_default()
    }

    /// A whole number; zero if there is none of this name.
    pub fn int(&self, name: &str) -> i64 {
        match self.get(name) {
            Some(Value::Int(i)) => *i,
            _ => 0,
        }
    }

    /// A choice; nothing if there is none of this name.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Value::Text(t)) => t,
            _ => "",
        }
    }
}

/// What a part has between two of its pins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Element {
    /// A resistor, or what behaves like one.
    Resistor {
        /// One end.
        a: usize,
        /// The other.
        b: usize,
        /// How much.
        ohms: f64,
    },
    /// A contact, closed or not.
    Contact {
        /// One end.
        a: usize,
        /// The other.
        b: usize,
        /// It conducts.
        closed: bool,
    },
    /// A diode that lights, with a resistor before it.
    Led {
        /// Where the current goes in.
        anode: usize,
        /// Where it comes out.
        cathode: usize,
        /// What falls off at it.
        volts: f64,
        /// The resistor.
        ohms: f64,
    },
}

/// What drives a pin of a part, or a net: a voltage behind a resistance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Source {
    /// The voltage.
    pub volts: f64,
    /// The resistance.
    pub ohms: f64,
}

/// The resistance of an output that drives both ways.
const OUTPUT_OHMS: f64 = 40.0;
/// The voltage that chips run at.
pub(crate) const SUPPLY: f64 = 3.3;

impl Source {
    /// An output of a chip at this level.
    pub const fn output(level: bool) -> Self {
        Self { volts: if level { SUPPLY } else { 0.0 }, ohms: OUTPUT_OHMS }
    }

    /// A resistor to the supply or to ground.
    pub const fn pull(level: bool, ohms: f64) -> Self {
        Self { volts: if level { SUPPLY } else { 0.0 }, ohms }
    }
}

/// A wave with two levels that repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Square {
    /// Nanoseconds of a round.
    pub period_ns: u64,
    /// Nanoseconds that it is high in each, at the beginning of it.
    pub high_ns: u64,
}

/// How a part behaves. All but making it has a default that does nothing.
pub trait Part: Send {
    /// What is between its pins, always in the same order.
    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }

    /// Whether something in it draws current from its supply, so that a pull-up is not enough for one.
    fn draws(&self) -> bool {
        true
    }

    /// The circuit gets power: it drives and shows what it does at first.
    fn start(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// A setting has changed; the value fits its [`Sort`].
    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        let _ = (cx, name, value);
    }

    /// The circuit around it has become another one, or the program starts anew: what is wrong with it is told again, if it still is.
    fn tell_again(&mut self) {}

    /// Its supply has come or gone, which it was not told of at the start.
    fn power(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// The level of one of its pins that listen has changed, and it has power.
    fn level(&mut self, cx: &mut Context<'_>, pin: usize, level: bool) {
        let _ = (cx, pin, level);
    }

    /// A pin has been given a wave, another one, or none any more. Edges are not told one by one.
    fn wave(&mut self, cx: &mut Context<'_>, pin: usize, wave: Option<Square>) {
        let _ = (cx, pin, wave);
    }

    /// Whether it must be told every edge of a wave on this pin, by [`Part::level`].
    fn counts_edges(&self, pin: usize) -> bool {
        let _ = pin;
        false
    }

    /// Bits came in on a pin as pulses of two kinds: nanoseconds high and low of a zero and of a one.
    fn bits(&mut self, cx: &mut Context<'_>, pin: usize, timing_ns: [u32; 4], bytes: &[u8]) {
        let _ = (cx, pin, timing_ns, bytes);
    }

    /// The mean current through an element has changed, in amperes; below zero if it flows backwards.
    fn current(&mut self, cx: &mut Context<'_>, element: usize, amps: f64) {
        let _ = (cx, element, amps);
    }

    /// A moment that it has asked for has come.
    fn timer(&mut self, cx: &mut Context<'_>, token: u32) {
        let _ = (cx, token);
    }

    /// A bus has used it: bytes went to it or came from it.
    fn served(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// A bus is about to use it, for a byte or more.
    fn attend(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// What answers to an address on its I2C pins.
    fn i2c(&mut self, address: u16) -> Option<&mut dyn I2cDevice> {
        let _ = address;
        None
    }

    /// What is on its SPI pins.
    fn spi(&mut self) -> Option<&mut dyn SpiDevice> {
        None
    }
}

/// What a part sees and does while it is called.
pub struct Context<'a> {
    pub(crate) now_ns: u64,
    pub(crate) part: usize,
    pub(crate) is_powered: bool,
    /// Levels and voltages of its pins.
    pub(crate) pins: &'a [(bool, f64)],
    pub(crate) random: &'a mut Random,
    pub(crate) changes: &'a mut Vec<(usize, Change)>,
}

impl core::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Context").field("now_ns", &self.now_ns).finish_non_exhaustive()
    }
}

impl Context<'_> {
    /// Nanoseconds since the board's power came on.
    pub fn now_ns(&self) -> u64 {
        self.now_ns
    }

    /// Whether it has its supply, or needs none.
    pub fn is_powered(&self) -> bool {
        self.is_powered
    }

    /// The level of one of its pins.
    pub fn level(&self, pin: usize) -> bool {
        self.pins.get(pin).is_some_and(|p| p.0)
    }

    /// The voltage at one of its pins.
    pub fn volts(&self, pin: usize) -> f64 {
        self.pins.get(pin).map_or(0.0, |p| p.1)
    }

    fn change(&mut self, change: Change) {
        self.changes.push((self.part, change));
    }

    /// Drives a pin from now on, or lets go of it.
    pub fn drive(&mut self, pin: usize, source: Option<Source>) {
        self.change(Change::Drive(pin, source));
    }

    /// Closes or opens a contact.
    pub fn contact(&mut self, element: usize, closed: bool) {
        self.change(Change::Contact(element, closed));
    }

    /// Changes a resistor.
    pub fn resistor(&mut self, element: usize, ohms: f64) {
        self.change(Change::Resistor(element, ohms));
    }

    /// Asks for [`Part::timer`] with this token at a moment, which is not before now.
    pub fn at(&mut self, ns: u64, token: u32) {
        self.change(Change::At(ns.max(self.now_ns), token));
    }

    /// Shows something from now on: a name of [`Kind::shows`].
    pub fn show(&mut self, name: &'static str, value: impl Into<Value>) {
        self.change(Change::Show(name, value.into()));
    }

    /// A sensor with a protocol of its own is on a pin, or reads something else from now on.
    pub fn sensor(&mut self, pin: usize, sensor: Sensor) {
        self.change(Change::Sensor(pin, sensor));
    }

    /// Something is wrong with how it is connected or used: why, and what to do.
    pub fn fault(&mut self, text: String) {
        self.change(Change::Fault(text));
    }

    /// From -1 to 1, near zero more often than far from it: noise, from the circuit's seed.
    pub fn noise(&mut self) -> f64 {
        self.random.around_zero()
    }

    /// A number below a limit, from the circuit's seed.
    pub fn chance(&mut self, limit: u64) -> u64 {
        self.random.below(limit)
    }
}
