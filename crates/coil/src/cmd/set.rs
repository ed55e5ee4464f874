//! `coil set`: turns, slides and holds near what is wired to a board.

use super::hands::Hands;
use anyhow::{Result, bail};
use coil_circuit::{Deed, Value};
use std::process::ExitCode;

/// Set something of a part that is wired to a board of the running workshop: `coil set pot.position 0.3`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The part and its setting, as `part.setting`.
    #[arg(value_name = "PART.SETTING")]
    what: String,
    /// What it is from now on: a number, `true` or `false`, or a word.
    #[arg(allow_hyphen_values = true)]
    value: String,
    #[command(flatten)]
    hands: Hands,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let Some((part, setting)) = self.what.split_once('.') else {
            bail!(
                "`{}` is not possible; it is a part and its setting, as in `pot.position`",
                self.what
            );
        };
        let value = Value::parse(&self.value);
        self.hands.act(vec![(0, Deed { part: part.into(), setting: setting.into(), value })])
    }
}
