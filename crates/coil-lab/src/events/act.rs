//! What is done to the circuits of a running lab, as those say it who stand outside.

use coil_circuit::{Deed, Plan, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Things to be done to the circuit of a board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The board; nothing for the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// What is done, in order.
    pub steps: Vec<ActStep>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActStep {
    /// The part.
    pub part: String,
    /// Its setting.
    pub setting: String,
    /// What it is from then on.
    pub value: Value,
    /// Nanoseconds from now.
    #[serde(default)]
    pub after_ns: u64,
}

/// Does it, or says why it cannot be done.
pub type Actor = Arc<dyn Fn(&Act) -> Result<(), String> + Send + Sync>;

/// Steps of one act at most.
const STEPS_MAX: usize = 1000;

impl From<(u64, Deed)> for ActStep {
    fn from((after_ns, Deed { part, setting, value }): (u64, Deed)) -> Self {
        Self { part, setting, value, after_ns }
    }
}

impl From<ActStep> for (u64, Deed) {
    fn from(ActStep { part, setting, value, after_ns }: ActStep) -> Self {
        (after_ns, Deed { part, setting, value })
    }
}

/// The boards of a lab that have circuits, and how to do something to them.
type Boards<F> = BTreeMap<String, (Plan, F)>;

/// Who acts on these boards: each with its plan, and with what takes a deed and when it is to be done.
pub fn actor<F: Fn(u64, Deed) + Send + Sync + 'static>(boards: Boards<F>) -> Actor {
    Arc::new(move |act| {
        let known = || boards.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let (plan, take) = match &act.board {
            Some(name) => boards.get(name).ok_or_else(|| {
                format!("there is no board `{name}` with a circuit; there are: {}", known())
            })?,
            None if boards.len() == 1 => boards.values().next().ok_or("there is none")?,
            None if boards.is_empty() => {
                return Err(
                    "no board has a circuit; start the workshop with `--circuit FILE`".into()
                );
            }
            None => return Err(format!("say which board with `--board`; there are: {}", known())),
        };
        if act.steps.len() > STEPS_MAX {
            return Err(format!(
                "{} steps are too many at once; {STEPS_MAX} can be",
                act.steps.len()
            ));
        }
        let deeds: Vec<(u64, Deed)> = act.steps.iter().cloned().map(Into::into).collect();
        // All of it or nothing.
        deeds.iter().try_for_each(|(_, deed)| plan.check(deed)).map_err(|e| e.to_string())?;
        deeds.into_iter().for_each(|(after_ns, deed)| take(after_ns, deed));
        Ok(())
    })
}

/// An actor for a lab without circuits.
pub fn nobody() -> Actor {
    actor::<fn(u64, Deed)>(BTreeMap::new())
}
