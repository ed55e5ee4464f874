//! The ends of wires by the one name that each has, however a file says it.

use super::{
    Draft, End, FIRST_PART, GPIOS, PlanError, PlannedPart, RAILS, first_pin, number, part, rail,
};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_board::Device;

/// What is said of an end that is nothing.
pub(super) const NOTHING: &str = "nc";

/// The ends that there are on a board and on the parts of a draft.
#[derive(Debug)]
pub struct Ends<'a> {
    parts: Vec<PlannedPart>,
    device: &'a Device,
}

impl<'a> Ends<'a> {
    /// Those of a draft, for a board.
    ///
    /// # Errors
    /// If a part is none.
    pub fn of(Draft(file): &Draft, device: &'a Device) -> Result<Self, PlanError> {
        let parts = file.parts.iter().map(|(name, table)| part(name, table));
        Ok(Self { parts: parts.collect::<Result<_, _>>()?, device })
    }

    /// The pairs of ends that a wire of two ends or more joins: the first with each of the others. A part's pin that is
    /// alone is joined with `nc`: it is left off.
    ///
    /// # Errors
    /// If one of them is not there.
    pub fn pairs<'e>(
        &self,
        wire: impl IntoIterator<Item = &'e str>,
    ) -> Result<Vec<[String; 2]>, PlanError> {
        let mut ends: Vec<usize> = Vec::new();
        for end in wire {
            let end = number(&self.parts, self.device, &End::Name(end.into()))?;
            ends.extend(end.filter(|end| !ends.contains(end)));
        }
        Ok(match ends[..] {
            [] => Vec::new(),
            [end] if end < FIRST_PART => Vec::new(),
            [end] => alloc::vec![[self.name(end), NOTHING.into()]],
            [first, ref others @ ..] => {
                others.iter().map(|end| [self.name(first), self.name(*end)]).collect()
            }
        })
    }

    /// The name of an end.
    fn name(&self, end: usize) -> String {
        if end < GPIOS {
            let name = self.device.header_name(end as u8);
            return name.map_or_else(|| format!("GPIO{end}"), ToString::to_string);
        }
        if end < FIRST_PART {
            return RAILS[end - GPIOS].0.into();
        }
        let mut at = 0;
        while first_pin(&self.parts, at + 1) <= end {
            at += 1;
        }
        let PlannedPart { name, kind, .. } = &self.parts[at];
        format!("{name}.{}", kind.pins[end - first_pin(&self.parts, at)].name)
    }
}

/// What wires call a pin of a header by what is printed beside it, and its GPIO if it has one; nothing if nothing can be
/// wired to it.
pub(crate) fn on_header<'l>(device: &Device, label: &'l str) -> Option<(&'l str, Option<u8>)> {
    match (device.pins.get(label), rail(label)) {
        (Some(gpio), _) => Some((label, Some(*gpio))),
        (None, Some(rail)) => Some((RAILS[rail - GPIOS].0, None)),
        (None, None) => None,
    }
}
