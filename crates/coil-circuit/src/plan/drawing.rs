//! A circuit as it is drawn: its parts and where they lie, and wires with two ends each.

use super::ends::{Ends, NOTHING};
use super::{Draft, End, File, Plan, PlanError, Table};
use crate::value::Value;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_board::Device;
use serde::{Deserialize, Serialize};

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Parts by name.
    #[serde(default)]
    pub parts: BTreeMap<String, Drawn>,
    /// What is joined: pins of the board by the names on its header, `3V3`, `5V`, `GND`, `part.pin`, and `nc` for a
    /// supply pin that is left off.
    #[serde(default)]
    pub wires: Vec<[String; 2]>,
}

/// A part that is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// What it is.
    pub kind: String,
    /// Where it lies, in millimetres from the board's upper left corner, if that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
    /// How it is turned, in degrees: 0, 90, 180 or 270.
    #[serde(default)]
    pub turned: i64,
    /// Its settings, as far as something is said of them.
    #[serde(default)]
    pub settings: BTreeMap<String, Value>,
}

/// Places are as fine as this: so many in a millimetre.
const PLACES: f64 = 100.0;

impl Drawing {
    /// What a draft says, for a board: every wire with the names that its ends have on that board, those of the parts' own
    /// `pins` included.
    ///
    /// # Errors
    /// If it is none for this board.
    pub fn of(draft: &Draft, device: &Device) -> Result<Self, PlanError> {
        Plan::of(draft, device)?;
        let ends = Ends::of(draft, device)?;
        let Draft(file) = draft;
        let mut wires = Vec::new();
        for wire in &file.wires {
            let wire: Vec<String> = wire.iter().map(End::text).collect();
            wires.extend(ends.pairs(wire.iter().map(String::as_str))?);
        }
        for (part, table) in &file.parts {
            for (pin, to) in &table.pins {
                let wire: Vec<String> = core::iter::once(alloc::format!("{part}.{pin}"))
                    .chain(to.all().iter().map(End::text))
                    .collect();
                wires.extend(ends.pairs(wire.iter().map(String::as_str))?);
            }
        }
        let parts = file.parts.iter().map(|(name, table)| (name.clone(), Drawn::of(table)));
        Ok(Self { parts: parts.collect(), wires: distinct(wires) })
    }

    /// Whether it draws the same: the order of wires, and of their ends, does not matter.
    pub fn is_same(&self, other: &Self) -> bool {
        let wires = |of: &Self| of.wires.iter().map(sorted).collect::<BTreeSet<_>>();
        self.parts == other.parts && wires(self) == wires(other)
    }

    /// The same as a draft; of what is not drawn it says what another one says.
    pub fn draft(&self, like: &Draft) -> Draft {
        let end = |end: &String| End::Name(end.clone());
        Draft(File {
            board: like.0.board.clone(),
            seed: like.0.seed,
            wires: self.wires.iter().map(|wire| wire.iter().map(end).collect()).collect(),
            parts: self.parts.iter().map(|(name, p)| (name.clone(), p.table())).collect(),
        })
    }
}

impl Drawn {
    fn of(table: &Table) -> Self {
        let fine = |mm: f64| libm::round(mm * PLACES) / PLACES;
        Self {
            kind: table.kind.clone(),
            at: table.at.map(|at| at.map(fine)),
            turned: table.turned.unwrap_or(0),
            settings: table.settings.clone(),
        }
    }

    fn table(&self) -> Table {
        Table {
            kind: self.kind.clone(),
            pins: BTreeMap::new(),
            at: self.at,
            turned: Some(self.turned),
            settings: self.settings.clone(),
        }
    }
}

impl End {
    fn text(&self) -> String {
        match self {
            Self::Gpio(gpio) => gpio.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

impl super::Ends {
    pub(super) fn all(&self) -> &[End] {
        match self {
            Self::One(end) => core::slice::from_ref(end),
            Self::Several(ends) => ends,
        }
    }
}

/// Each wire once; a pin that is left off and is on a wire is not left off.
fn distinct(mut wires: Vec<[String; 2]>) -> Vec<[String; 2]> {
    let is_nothing = |wire: &[String; 2]| wire[1] == NOTHING;
    let on_wires: BTreeSet<String> =
        wires.iter().filter(|w| !is_nothing(w)).flatten().cloned().collect();
    let mut seen = BTreeSet::new();
    wires.retain(|wire| {
        !(is_nothing(wire) && on_wires.contains(&wire[0])) && seen.insert(sorted(wire))
    });
    wires
}

/// The ends in an order that does not matter.
fn sorted([a, b]: &[String; 2]) -> [String; 2] {
    if a < b { [a.clone(), b.clone()] } else { [b.clone(), a.clone()] }
}
