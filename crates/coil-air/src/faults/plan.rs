//! Faults that are planned: what happens at which moment of the lab's clock.

use super::parse::time_us;
use super::{Fault, FaultError};
use serde::Deserialize;

/// What goes wrong at a moment, as people write it: `at = "10s"`, `set = ["dns=dead"]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultStep {
    at: String,
    set: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fault: Vec<FaultStep>,
}

/// Steps that a plan can have.
const STEPS_MAX: usize = 10_000;

impl FaultStep {
    /// Its moment in microseconds, and each of its faults.
    ///
    /// # Errors
    /// If the moment is none, or a fault is none.
    pub fn planned(&self) -> Result<Vec<(u64, Fault)>, FaultError> {
        let at_us = time_us(&self.at).ok_or_else(|| FaultError::Moment(self.at.clone()))?;
        self.set.iter().map(|text| Ok((at_us, Fault::read(text)?))).collect()
    }

    /// The plan of a file of `[[fault]]` tables.
    ///
    /// # Errors
    /// If it is no TOML, has other things in it, or too many steps.
    pub fn read_all(text: &str) -> Result<Vec<(u64, Fault)>, FaultError> {
        let file: File = toml::from_str(text).map_err(|e| FaultError::File(e.to_string()))?;
        if file.fault.len() > STEPS_MAX {
            return Err(FaultError::TooMany(file.fault.len()));
        }
        let mut plan = Vec::new();
        for step in &file.fault {
            plan.extend(step.planned()?);
        }
        Ok(plan)
    }
}

/// What is to come, the next first.
#[derive(Debug, Default)]
pub(crate) struct Plan(Vec<(u64, Fault)>);

impl Plan {
    /// More of it. What is at the same moment happens in the order in which it was planned.
    pub(crate) fn add(&mut self, faults: impl IntoIterator<Item = (u64, Fault)>) {
        self.0.extend(faults);
        self.0.sort_by_key(|(at_us, _)| *at_us);
    }

    /// The next that is due.
    pub(crate) fn take(&mut self, now_us: u64) -> Option<Fault> {
        let is_due = self.due_us().is_some_and(|at_us| at_us <= now_us);
        is_due.then(|| self.0.remove(0).1)
    }

    /// When the next is.
    pub(crate) fn due_us(&self) -> Option<u64> {
        self.0.first().map(|(at_us, _)| *at_us)
    }
}
