//! `circuit.toml`: which parts there are, and what is wired to what.

mod drawing;
mod ends;

pub use drawing::{Drawing, Drawn};
pub use ends::Ends as EndNames;
pub(crate) use ends::on_header;

use crate::deed::{self, Deed, DeedError};
use crate::part::{Kind, Rail, Role, Settings};
use crate::parts;
use crate::value::Value;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_board::Device;
use serde::Deserialize;

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The type of board that it is for.
    board: Option<String>,
    /// What noise and bounce depend on.
    #[serde(default)]
    seed: u64,
    /// Ends that are joined, two or more at a time.
    #[serde(default)]
    wires: Vec<Vec<End>>,
    /// Parts by name.
    #[serde(default)]
    parts: BTreeMap<String, Table>,
}

/// What a circuit is to be, not checked yet: the tables of `circuit.toml`, wherever they stand.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Draft(File);

impl Draft {
    /// The type of board that it is for, if it says so.
    pub fn board(&self) -> Option<&str> {
        self.0.board.as_deref()
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Table {
    kind: String,
    /// Where its pins are.
    #[serde(default)]
    pins: BTreeMap<String, Ends>,
    /// Where it is drawn, in millimetres from the board's upper left corner.
    at: Option<[f64; 2]>,
    /// How it is turned there, in degrees.
    turned: Option<i64>,
    #[serde(flatten)]
    settings: BTreeMap<String, Value>,
}

/// A pin of the board by name or number, a supply, a part's pin as `part.pin`, or `nc` for nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum End {
    Gpio(u8),
    Name(String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Ends {
    One(End),
    Several(Vec<End>),
}

/// Why a circuit cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Not TOML, or not the tables of a circuit.
    #[error("{0}")]
    Toml(String),
    /// A part of a kind that is not known.
    #[error("part `{part}`: there is no kind `{kind}`; known are: {known}")]
    Kind {
        /// The part.
        part: String,
        /// What it was to be.
        kind: String,
        /// All kinds.
        known: String,
    },
    /// A part's pin that its kind has not.
    #[error("part `{part}` has no pin `{pin}`; a {kind} has: {known}")]
    Pin {
        /// The part.
        part: String,
        /// The pin.
        pin: String,
        /// The kind of the part.
        kind: &'static str,
        /// All its pins.
        known: String,
    },
    /// A setting that the kind has not.
    #[error("part `{part}` has no setting `{setting}`; a {kind} has: {known}")]
    Setting {
        /// The part.
        part: String,
        /// The setting.
        setting: String,
        /// The kind of the part.
        kind: &'static str,
        /// All its settings.
        known: String,
    },
    /// A setting with a value that it cannot have.
    #[error("part `{part}`: `{setting}` is `{value}`, and must be {range}")]
    Value {
        /// The part.
        part: String,
        /// The setting.
        setting: &'static str,
        /// What was given.
        value: String,
        /// What it can be.
        range: String,
    },
    /// A place of a drawing that is beyond any table.
    #[error(
        "part `{0}`: `at` is two numbers of millimetres, each from -{PLACE_MAX} to {PLACE_MAX}"
    )]
    Place(String),
    /// A turn that is none of a drawing's.
    #[error("part `{part}`: `turned` is {turned}, and must be 0, 90, 180 or 270")]
    Turned {
        /// The part.
        part: String,
        /// What was given.
        turned: i64,
    },
    /// An end of a wire that is not there.
    #[error(
        "`{end}` is nothing to wire to; it is a pin of the board ({pins}), 3V3, 5V, GND, or `part.pin`"
    )]
    End {
        /// What was given.
        end: String,
        /// The board's pins.
        pins: String,
    },
    /// A pin that the flash needs.
    #[error(
        "GPIO{0} belongs to the flash: a board with something on it does not start; use another pin"
    )]
    FlashPin(u8),
    /// Supplies that are joined.
    #[error("{0} and {1} are wired together: a short circuit; take one of the wires away")]
    Short(&'static str, &'static str),
    /// A part's name that would not be understood where names of pins are.
    #[error("`{0}` is no name for a part; use letters, digits, `_` and `-`")]
    Name(String),
    /// More than a circuit can have.
    #[error("the circuit has {count} {what}, and {most} at most")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there can be.
        most: usize,
    },
}

/// Parts of a circuit at most.
const PARTS_MAX: usize = 100;
/// Wires of a circuit at most.
const WIRES_MAX: usize = 1000;
/// Bytes of a file at most.
pub const FILE_MAX: usize = 256 * 1024;
/// How far from the board a part can be drawn, in millimetres.
const PLACE_MAX: f64 = 10_000.0;

/// A part of a plan.
#[derive(Clone, Debug)]
pub(crate) struct PlannedPart {
    pub(crate) name: String,
    pub(crate) kind: &'static Kind,
    pub(crate) settings: Settings,
}

/// What is joined by wires.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlannedNode {
    /// Pins of the board.
    pub(crate) gpios: Vec<u8>,
    /// A supply's voltage.
    pub(crate) rail: Option<f64>,
    /// Parts and their pins.
    pub(crate) pins: Vec<(usize, usize)>,
}

/// A circuit that can be built.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(crate) board: Option<String>,
    pub(crate) seed: u64,
    pub(crate) parts: Vec<PlannedPart>,
    pub(crate) nodes: Vec<PlannedNode>,
    /// How users name the pins of the board.
    pub(crate) names: BTreeMap<u8, String>,
}

/// Numbers of ends: pins of the board, then supplies, then pins of parts.
const GPIOS: usize = 40;
const RAILS: [(&str, f64); 3] = [("3V3", 3.3), ("5V", 5.0), ("GND", 0.0)];
const V3: usize = GPIOS;
const V5: usize = GPIOS + 1;
const GROUND: usize = GPIOS + 2;
const FIRST_PART: usize = GPIOS + RAILS.len();

/// Ends that are joined.
struct Joined(Vec<usize>);

impl Joined {
    fn find(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}

impl Plan {
    /// The type of board that the circuit is for, if it says so. A file that cannot be read says nothing.
    pub fn board_of(text: &str) -> Option<String> {
        toml::from_str::<File>(text).ok()?.board
    }

    /// Reads `circuit.toml` for a board.
    ///
    /// # Errors
    /// If the file is not well-formed, or names what is not there.
    pub fn read(text: &str, device: &Device) -> Result<Self, PlanError> {
        Self::of(&Self::draft(text)?, device)
    }

    /// What it is to be, of a file that may be for any board.
    ///
    /// # Errors
    /// If the file is not well-formed.
    pub fn draft(text: &str) -> Result<Draft, PlanError> {
        at_most("bytes", text.len(), FILE_MAX)?;
        toml::from_str(text).map(Draft).map_err(|e| PlanError::Toml(e.to_string()))
    }

    /// Makes a plan of a draft, for a board.
    ///
    /// # Errors
    /// If it names what is not there.
    pub fn of(Draft(file): &Draft, device: &Device) -> Result<Self, PlanError> {
        at_most("parts", file.parts.len(), PARTS_MAX)?;
        at_most("wires", file.wires.len(), WIRES_MAX)?;
        let mut parts = Vec::new();
        for (name, table) in &file.parts {
            check_place(name, table)?;
            parts.push(part(name, table)?);
        }
        let mut ends = Vec::new();
        for wire in &file.wires {
            let wire: Result<Vec<_>, _> =
                wire.iter().map(|end| number(&parts, device, end)).collect();
            ends.push(wire?.into_iter().flatten().collect::<Vec<_>>());
        }
        for (at, table) in file.parts.values().enumerate() {
            for (pin, to) in &table.pins {
                let mut wire = alloc::vec![part_pin(&parts, at, pin)?];
                for end in to.all() {
                    wire.extend(number(&parts, device, end)?);
                }
                ends.push(wire);
            }
        }
        let nodes = join(&parts, file, &ends)?;
        let names = device.pins.iter().map(|(name, gpio)| (*gpio, name.clone())).collect();
        Ok(Self { board: file.board.clone(), seed: file.seed, parts, nodes, names })
    }

    /// The type of board that it says it is for.
    pub fn board(&self) -> Option<&str> {
        self.board.as_deref()
    }

    /// The names of its parts and their kinds.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &'static Kind)> + Clone {
        self.parts.iter().map(|p| (p.name.as_str(), p.kind))
    }

    /// Whether a deed can be done here.
    ///
    /// # Errors
    /// If there is no such part or setting, or it cannot be that.
    pub fn check(&self, deed: &Deed) -> Result<(), DeedError> {
        deed::check(self.parts(), deed).map(|_| ())
    }

    /// Whether nothing is wired to the board by it.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.wired() == 0
    }

    /// Whether it is electrically the same: nobody who has the one needs the other.
    pub fn is_same(&self, other: &Self) -> bool {
        let part = |p: &PlannedPart, q: &PlannedPart| {
            (&p.name, p.kind.name, &p.settings) == (&q.name, q.kind.name, &q.settings)
        };
        let is_same_part = |pair: (&PlannedPart, &PlannedPart)| part(pair.0, pair.1);
        self.seed == other.seed
            && self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(is_same_part)
            && self.nodes == other.nodes
    }

    /// Bits of the board's pins that it has something on.
    pub(crate) fn wired(&self) -> u64 {
        self.nodes.iter().flat_map(|n| &n.gpios).fold(0, |bits, gpio| bits | 1 << gpio)
    }

    /// Makes noise and bounce depend on another number.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), PlanError> {
    if count > most { Err(PlanError::TooMany { what, count, most }) } else { Ok(()) }
}

/// What says where a part is drawn.
fn check_place(name: &str, table: &Table) -> Result<(), PlanError> {
    if table.at.is_some_and(|at| at.iter().any(|mm| !(-PLACE_MAX..=PLACE_MAX).contains(mm))) {
        return Err(PlanError::Place(name.into()));
    }
    match table.turned.unwrap_or(0) {
        0 | 90 | 180 | 270 => Ok(()),
        turned => Err(PlanError::Turned { part: name.into(), turned }),
    }
}

fn part(name: &str, table: &Table) -> Result<PlannedPart, PlanError> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_name) {
        return Err(PlanError::Name(name.into()));
    }
    let Some(kind) = parts::find(&table.kind) else {
        let known: Vec<_> = parts::ALL.iter().map(|k| k.name).collect();
        let (kind, known) = (table.kind.clone(), known.join(", "));
        return Err(PlanError::Kind { part: name.into(), kind, known });
    };
    if let Some(setting) = table.settings.keys().find(|s| kind.setting(s).is_none()) {
        let known: Vec<_> = kind.settings.iter().map(|s| s.name).collect();
        let (setting, known) = (setting.clone(), known.join(", "));
        return Err(PlanError::Setting { part: name.into(), setting, kind: kind.name, known });
    }
    let mut settings = Settings::default();
    for setting in kind.settings {
        let given = table.settings.get(setting.name);
        let value = match given {
            None => setting.sort.usual(),
            Some(v) => setting.sort.accept(v).ok_or_else(|| PlanError::Value {
                part: name.into(),
                setting: setting.name,
                value: v.to_string(),
                range: setting.sort.words(),
            })?,
        };
        settings.0.push((setting.name, value));
    }
    Ok(PlannedPart { name: name.into(), kind, settings })
}

/// The number of the first pin of a part.
fn first_pin(parts: &[PlannedPart], at: usize) -> usize {
    FIRST_PART + parts[..at].iter().map(|p| p.kind.pins.len()).sum::<usize>()
}

fn part_pin(parts: &[PlannedPart], at: usize, pin: &str) -> Result<usize, PlanError> {
    let PlannedPart { name, kind, .. } = &parts[at];
    match kind.pins.iter().position(|p| p.name.eq_ignore_ascii_case(pin)) {
        Some(n) => Ok(first_pin(parts, at) + n),
        None => {
            let known: Vec<_> = kind.pins.iter().map(|p| p.name).collect();
            let (pin, known) = (pin.to_owned(), known.join(", "));
            Err(PlanError::Pin { part: name.clone(), pin, kind: kind.name, known })
        }
    }
}

/// The number of an end; nothing for `nc`.
fn number(parts: &[PlannedPart], device: &Device, end: &End) -> Result<Option<usize>, PlanError> {
    let unknown = |end: String| {
        let pins: Vec<_> = device.pins.keys().map(String::as_str).collect();
        PlanError::End { end, pins: pins.join(" ") }
    };
    let gpio = match end {
        End::Gpio(gpio) => Some(*gpio),
        End::Name(name) => {
            if name == "nc" {
                return Ok(None);
            }
            if let Some(rail) = rail(name) {
                return Ok(Some(rail));
            }
            if let Some((part, pin)) = name.split_once('.') {
                let at = parts.iter().position(|p| p.name == part);
                let at = at.ok_or_else(|| unknown(name.clone()))?;
                return part_pin(parts, at, pin).map(Some);
            }
            let number = name.strip_prefix("GPIO").or_else(|| name.strip_prefix("IO"));
            device.pins.get(name).copied().or_else(|| number.unwrap_or(name).parse().ok())
        }
    };
    match gpio {
        Some(gpio @ 6..=11) => Err(PlanError::FlashPin(gpio)),
        Some(gpio) if usize::from(gpio) < GPIOS => Ok(Some(usize::from(gpio))),
        _ => Err(unknown(match end {
            End::Gpio(gpio) => gpio.to_string(),
            End::Name(name) => name.clone(),
        })),
    }
}

fn rail(name: &str) -> Option<usize> {
    Some(match name {
        "3V3" | "3.3V" => V3,
        "5V" | "VIN" | "VUSB" => V5,
        "GND" => GROUND,
        _ => return None,
    })
}

/// What is joined by all wires. Supply pins that no wire mentions are where they belong.
fn join(
    parts: &[PlannedPart],
    file: &File,
    wires: &[Vec<usize>],
) -> Result<Vec<PlannedNode>, PlanError> {
    let count = first_pin(parts, parts.len());
    let mut joined = Joined((0..count).collect());
    let mut mentioned = alloc::vec![false; count];
    for wire in wires {
        for end in wire {
            mentioned[*end] = true;
            joined.join(wire[0], *end);
        }
    }
    let mut places = Vec::new();
    for (part, planned) in parts.iter().enumerate() {
        let table = &file.parts[&planned.name];
        for (pin, of) in planned.kind.pins.iter().enumerate() {
            let end = first_pin(parts, part) + pin;
            let named = table.pins.keys().any(|name| name.eq_ignore_ascii_case(of.name));
            let home = match of.role {
                Role::Power(Rail::V3) => Some(V3),
                Role::Power(Rail::V5) => Some(V5),
                Role::Ground => Some(GROUND),
                _ => None,
            };
            if let Some(home) = home.filter(|_| !named && !mentioned[end]) {
                joined.join(home, end);
            }
            places.push((end, (part, pin)));
        }
    }
    let mut nodes: BTreeMap<usize, PlannedNode> = BTreeMap::new();
    for gpio in 0..GPIOS {
        nodes.entry(joined.find(gpio)).or_default().gpios.push(gpio as u8);
    }
    let mut named: BTreeMap<usize, &'static str> = BTreeMap::new();
    for (n, (name, volts)) in RAILS.into_iter().enumerate() {
        let root = joined.find(GPIOS + n);
        if let Some(other) = named.insert(root, name) {
            return Err(PlanError::Short(other, name));
        }
        nodes.entry(root).or_default().rail = Some(volts);
    }
    for (end, place) in places {
        nodes.entry(joined.find(end)).or_default().pins.push(place);
    }
    // A pin of the board with nothing on it is none of the circuit's.
    nodes.retain(|_, n| !n.pins.is_empty() || n.gpios.len() > 1 || n.rail.is_some());
    Ok(nodes.into_values().collect())
}
