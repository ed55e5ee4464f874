//! Which events a subscriber wants.

use coil_board::outside::{Event, Kind, Kinds};
use serde::{Deserialize, Serialize};

/// Which events a subscriber wants: those that pass all three. An empty list lets everything pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Names of kinds.
    only: Vec<String>,
    /// Names of boards.
    boards: Vec<String>,
    /// Pin numbers, for those events that happen on pins.
    pins: Vec<u8>,
    #[serde(skip)]
    kinds: Option<Kinds>,
}

/// A kind of event that there is not.
#[derive(Debug, thiserror::Error)]
#[error("there are no events of the kind `{0}`; known are: {known}", known = known())]
pub struct UnknownKind(String);

fn known() -> String {
    Kind::all().map(Kind::name).collect::<Vec<_>>().join(", ")
}

impl Filter {
    /// Everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// These kinds, boards and pins.
    ///
    /// # Errors
    /// If there is no such kind.
    pub fn new(only: Vec<String>, boards: Vec<String>, pins: Vec<u8>) -> Result<Self, UnknownKind> {
        Self { only, boards, pins, kinds: None }.checked()
    }

    /// Itself, once its kinds are known: one that came as JSON lets everything pass before that.
    ///
    /// # Errors
    /// If there is no such kind.
    pub fn checked(mut self) -> Result<Self, UnknownKind> {
        let kind = |name: &String| Kind::of_name(name).ok_or_else(|| UnknownKind(name.clone()));
        let kinds: Kinds = self.only.iter().map(kind).collect::<Result<_, _>>()?;
        self.kinds = (!kinds.is_empty()).then_some(kinds);
        Ok(self)
    }

    /// The kinds that may pass.
    pub fn kinds(&self) -> Kinds {
        self.kinds.unwrap_or(Kinds::ALL)
    }

    /// Whether events of a board may pass.
    pub fn passes_board(&self, board: &str) -> bool {
        self.boards.is_empty() || self.boards.iter().any(|b| b == board)
    }

    /// Whether an event passes, on a board whose events may.
    pub fn passes(&self, event: &Event) -> bool {
        let kind = event.kind();
        self.kinds().has(kind)
            && (self.pins.is_empty()
                || !kind.is_on_pins()
                || self.pins.iter().any(|&pin| event.is_on(pin)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_boards_and_pins_all_must_pass() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let filter = Filter::new(names(&["pin", "print"]), names(&["board1"]), vec![2]).unwrap();
        assert!(filter.passes_board("board1") && !filter.passes_board("board0"));
        assert!(filter.passes(&Event::Pin { gpio: 2, level: true }));
        assert!(!filter.passes(&Event::Pin { gpio: 4, level: true }));
        assert!(filter.passes(&Event::Print { bytes: Vec::new() }));
        assert!(!filter.passes(&Event::SoftReset));
        assert!(Filter::all().passes(&Event::SoftReset));
    }

    #[test]
    fn an_unknown_kind_is_refused_with_those_there_are() {
        let error = Filter::new(vec!["pins".into()], vec![], vec![]).unwrap_err().to_string();
        assert!(error.contains("`pins`") && error.contains("soft_reset"), "{error}");
    }
}
