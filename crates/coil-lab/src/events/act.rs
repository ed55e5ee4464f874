//! What is done to the circuits of a running lab, as those say it who stand outside.

use crate::circuits::Wired;
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

/// The boards of a lab, and how to do something to them.
type Boards<F> = BTreeMap<String, (Wired, F)>;

/// Those of them that something is wired to now.
fn wired<F>(boards: &Boards<F>) -> impl Iterator<Item = (&String, &(Wired, F))> + Clone {
    boards.iter().filter(|(_, (wired, _))| wired.with(|plan| !plan.is_empty()))
}

/// The board that an act is for.
fn find<'a, F>(boards: &'a Boards<F>, act: &Act) -> Result<&'a (Wired, F), String> {
    let known = || wired(boards).map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let mut all = wired(boards).map(|(_, board)| board);
    match (&act.board, all.next(), all.next()) {
        (_, None, _) => Err("no board has a circuit; wire one on the page, or start the workshop \
                             with `--circuit FILE`"
            .into()),
        (None, Some(board), None) => Ok(board),
        (None, ..) => Err(format!("say which board with `--board`; there are: {}", known())),
        (Some(name), ..) => {
            wired(boards).find(|(n, _)| *n == name).map(|(_, board)| board).ok_or_else(|| {
                format!("there is no board `{name}` with a circuit; there are: {}", known())
            })
        }
    }
}

/// Who acts on these boards: each with what it is wired by, and with what takes a deed and when it is to be done.
pub fn actor<F: Fn(u64, Deed) + Send + Sync + 'static>(boards: Boards<F>) -> Actor {
    Arc::new(move |act| {
        let (wired, take) = find(&boards, act)?;
        if act.steps.len() > STEPS_MAX {
            return Err(format!(
                "{} steps are too many at once; {STEPS_MAX} can be",
                act.steps.len()
            ));
        }
        let deeds: Vec<(u64, Deed)> = act.steps.iter().cloned().map(Into::into).collect();
        // All of it or nothing.
        let check = |plan: &Plan| deeds.iter().try_for_each(|(_, deed)| plan.check(deed));
        wired.with(check).map_err(|e| e.to_string())?;
        deeds.into_iter().for_each(|(after_ns, deed)| take(after_ns, deed));
        Ok(())
    })
}

/// An actor for a lab without circuits.
pub fn nobody() -> Actor {
    actor::<fn(u64, Deed)>(BTreeMap::new())
}
