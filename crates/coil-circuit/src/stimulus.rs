//! `stimulus.toml`: what is done to a circuit, and when.

use crate::deed::Deed;
use crate::duration::Duration;
use crate::value::Value;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::Deserialize;

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    step: Vec<Step>,
}

/// One step. Exactly one of `press`, `set` and `type` is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When, since the board's power came on.
    at: Duration,
    /// A part to press: its setting `pressed` for a while.
    press: Option<String>,
    /// For how long it is pressed.
    #[serde(rename = "for")]
    held: Option<Duration>,
    /// A part's setting, as `part.setting`.
    set: Option<String>,
    /// What it is set to.
    value: Option<Value>,
    /// What it is set to one after the other, instead: a table of values that were measured, say.
    #[serde(default)]
    values: Vec<Value>,
    /// How long each of them stays.
    every: Option<Duration>,
    /// What is typed on the console.
    #[serde(rename = "type")]
    typed: Option<String>,
}

/// Why a list of deeds cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StimulusError {
    /// Not TOML, or not the tables of such a file.
    #[error("{0}")]
    Toml(String),
    /// A step that says none of what there is to do, or several at once.
    #[error("the step at {at} has to say one of `press`, `set` and `type`")]
    Unclear {
        /// When.
        at: String,
    },
    /// `set` without a value, or not of a part.
    #[error(
        "the step at {at} has to be `set = \"part.setting\"` and `value = …`, or `values = […]` and `every = …`"
    )]
    Set {
        /// When.
        at: String,
    },
    /// More steps than can be.
    #[error("there are {0} steps or values, and 100000 at most")]
    TooMany(usize),
}

/// What is done, in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stimuli {
    /// Deeds, and when: nanoseconds since power on.
    pub deeds: Vec<(u64, Deed)>,
    /// What is typed, and when.
    pub keys: Vec<(u64, Vec<u8>)>,
}

/// How long a press is where nothing is said.
const PRESS_NS: u64 = 100_000_000;
const STEPS_MAX: usize = 100_000;

impl Stimuli {
    /// Reads such a file.
    ///
    /// # Errors
    /// If it is not well-formed.
    pub fn read(text: &str) -> Result<Self, StimulusError> {
        let file: File = toml::from_str(text).map_err(|e| StimulusError::Toml(e.to_string()))?;
        Self::of(file.step)
    }

    /// What these steps say.
    ///
    /// # Errors
    /// If one of them does not say one thing.
    pub fn of(steps: Vec<Step>) -> Result<Self, StimulusError> {
        let all = steps.iter().map(|s| s.values.len().max(1)).sum();
        if all > STEPS_MAX {
            return Err(StimulusError::TooMany(all));
        }
        let mut stimuli = Self::default();
        for step in steps {
            stimuli.add(step)?;
        }
        stimuli.deeds.sort_by_key(|d| d.0);
        stimuli.keys.sort_by_key(|k| k.0);
        Ok(stimuli)
    }

    fn add(&mut self, step: Step) -> Result<(), StimulusError> {
        let at = step.at.to_string();
        let is_table = step.every.is_some() || !step.values.is_empty();
        if is_table && (step.set.is_none() || step.value.is_some()) {
            return Err(StimulusError::Set { at });
        }
        match (step.press, step.set, step.typed) {
            (Some(part), None, None) if step.value.is_none() => {
                let held = step.held.map_or(PRESS_NS, |d| d.ns);
                self.press(step.at.ns, &part, held);
            }
            (None, Some(what), None) if step.held.is_none() => {
                let Some((part, setting)) = what.split_once('.') else {
                    return Err(StimulusError::Set { at });
                };
                let (every, values) = match (step.value, step.every) {
                    (Some(value), _) => (0, [value].into()),
                    (None, Some(every)) if !step.values.is_empty() => (every.ns, step.values),
                    _ => return Err(StimulusError::Set { at }),
                };
                for (n, value) in (0u64..).zip(values) {
                    let deed = Deed { part: part.into(), setting: setting.into(), value };
                    let later = every.saturating_mul(n);
                    self.deeds.push((step.at.ns.saturating_add(later), deed));
                }
            }
            (None, None, Some(text)) if step.held.is_none() && step.value.is_none() => {
                self.keys.push((step.at.ns, text.into_bytes()));
            }
            _ => return Err(StimulusError::Unclear { at }),
        }
        Ok(())
    }

    /// Presses a part for a while.
    pub fn press(&mut self, at_ns: u64, part: &str, held_ns: u64) {
        for (ns, down) in [(at_ns, true), (at_ns.saturating_add(held_ns), false)] {
            let deed =
                Deed { part: part.into(), setting: "pressed".into(), value: Value::Bool(down) };
            self.deeds.push((ns, deed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_become_deeds_in_order() {
        let text = "
[[step]]
at = '2s'
set = 'pot.position'
value = 0.25
[[step]]
at = '1s'
press = 'btn'
for = '50ms'
[[step]]
at = '3s'
type = \"1 + 1\\r\"
";
        let stimuli = Stimuli::read(text).expect("well-formed");
        let times: Vec<u64> = stimuli.deeds.iter().map(|d| d.0 / 1_000_000).collect();
        assert_eq!(times, [1000, 1050, 2000]);
        assert_eq!(stimuli.deeds[2].1.value, Value::Number(0.25));
        assert_eq!(stimuli.keys, [(3_000_000_000, b"1 + 1\r".to_vec())]);
    }

    #[test]
    fn a_table_is_set_value_by_value() {
        let text = "
[[step]]
at = '1s'
set = 'ldr.light'
every = '20ms'
values = [0.5, 0.75, 1.0]
";
        let stimuli = Stimuli::read(text).expect("well-formed");
        let is: Vec<_> = stimuli.deeds.iter().map(|d| (d.0 / 1_000_000, &d.1.value)).collect();
        let values = [0.5, 0.75, 1.0].map(Value::Number);
        assert_eq!(is, [(1000, &values[0]), (1020, &values[1]), (1040, &values[2])]);
        let long = text.replace("1.0]", &"1,".repeat(100_000)).replace("1,\n", "1]\n");
        assert_eq!(Stimuli::read(&long), Err(StimulusError::TooMany(100_002)));
    }

    #[test]
    fn steps_that_say_nothing_or_too_much_are_refused() {
        for step in [
            "",
            "press = 'b'\ntype = 'x'",
            "press = 'b'\nvalue = 1",
            "press = 'b'\nvalues = [1]",
            "set = 'x'\nvalue = 1",
            "set = 'x.y'",
            "set = 'x.y'\nvalues = [1]",
            "set = 'x.y'\nevery = '1s'",
            "set = 'x.y'\nevery = '1s'\nvalues = []",
            "set = 'x.y'\nevery = '1s'\nvalue = 1",
            "set = 'x.y'\nvalue = 1\nvalues = [1]\nevery = '1s'",
        ] {
            let text = alloc::format!("[[step]]\nat = '1s'\n{step}\n");
            assert!(Stimuli::read(&text).is_err(), "{text}");
        }
    }
}
