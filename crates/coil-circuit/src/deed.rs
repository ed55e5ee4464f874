//! What is done to the parts of a circuit: somebody presses, turns, or holds something near.

use crate::part::Kind;
use crate::value::Value;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Something that is done to a part.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// Its name in `circuit.toml`.
    pub part: String,
    /// The setting that changes.
    pub setting: String,
    /// What it is from then on.
    pub value: Value,
}

/// Why a deed cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeedError {
    /// There is no such part.
    #[error("there is no part `{part}`; there are: {known}")]
    Part {
        /// The part.
        part: String,
        /// All parts.
        known: String,
    },
    /// The part has no such setting.
    #[error("part `{part}` has no setting `{setting}`; it has: {known}")]
    Setting {
        /// The part.
        part: String,
        /// The setting.
        setting: String,
        /// All its settings.
        known: String,
    },
    /// The setting cannot change while the part is there.
    #[error("`{setting}` is how `{part}` is built; change it in `circuit.toml` and start anew")]
    Fixed {
        /// The part.
        part: String,
        /// The setting.
        setting: String,
    },
    /// The setting cannot be that.
    #[error("`{setting}` of `{part}` cannot be `{value}`; it is {range}")]
    Value {
        /// The part.
        part: String,
        /// The setting.
        setting: String,
        /// What it was to be.
        value: String,
        /// What it can be.
        range: String,
    },
}

/// Checks a deed on these parts: the number of its part, and its value as the setting has it.
pub(crate) fn check<'a>(
    parts: impl Iterator<Item = (&'a str, &'static Kind)> + Clone,
    deed: &Deed,
) -> Result<(usize, &'static str, Value), DeedError> {
    let (part, setting) = (deed.part.clone(), deed.setting.clone());
    let Some((at, (_, kind))) = parts.clone().enumerate().find(|(_, p)| p.0 == part) else {
        let known: Vec<_> = parts.map(|p| p.0).collect();
        return Err(DeedError::Part { part, known: known.join(", ") });
    };
    let Some(of) = kind.setting(&setting) else {
        let known: Vec<_> = kind.settings.iter().map(|s| s.name).collect();
        return Err(DeedError::Setting { part, setting, known: known.join(", ") });
    };
    if of.is_fixed {
        return Err(DeedError::Fixed { part, setting });
    }
    match of.sort.accept(&deed.value) {
        Some(value) => Ok((at, of.name, value)),
        None => {
            let value = deed.value.to_string();
            Err(DeedError::Value { part, setting, value, range: of.sort.words() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts;

    #[test]
    fn what_a_part_is_made_like_cannot_change_while_it_is_there() {
        let led = parts::find("led").expect("a kind");
        let deed = Deed { part: "led1".into(), setting: "ohms".into(), value: Value::Int(330) };
        let refused = check([("led1", led)].into_iter(), &deed).map_err(|e| e.to_string());
        let text =
            "`ohms` is how `led1` is built; change it in `circuit.toml` and start anew".to_string();
        assert_eq!(refused, Err(text));
    }
}
