//! `coil play`: a list of things that are done to a circuit, one after the other.

use super::common::read_stimuli;
use super::hands::Hands;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

/// Do to a circuit of the running workshop what a `stimulus.toml` or a recording says, its times counted from now.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    hands: Hands,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let stimuli = read_stimuli(&self.file)?;
        if !stimuli.keys.is_empty() {
            let name = self.file.display();
            bail!("stimulus `{name}` types on the console; a running board's is at `coil repl`");
        }
        self.hands.act(stimuli.deeds)
    }
}
