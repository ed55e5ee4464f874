//! `coil play`: a list of things that are done to a circuit, one after the other.

use super::hands::Hands;
use anyhow::{Context, Result, bail};
use coil_circuit::Stimuli;
use std::path::PathBuf;
use std::process::ExitCode;

/// Do to a circuit of the running workshop what a `stimulus.toml` says, its times counted from now.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    hands: Hands,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let name = self.file.display();
        let text =
            std::fs::read_to_string(&self.file).with_context(|| format!("cannot read `{name}`"))?;
        let stimuli = Stimuli::read(&text).with_context(|| format!("stimulus `{name}`"))?;
        if !stimuli.keys.is_empty() {
            bail!("stimulus `{name}` types on the console; a running board's is at `coil repl`");
        }
        self.hands.act(stimuli.deeds)
    }
}
