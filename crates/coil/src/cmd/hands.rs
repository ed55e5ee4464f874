//! What commands share that do something to a circuit of a running workshop.

use anyhow::{Context, Result};
use coil_circuit::Deed;
use coil_lab::Folder;
use coil_lab::events::{Act, Visit};
use std::path::PathBuf;
use std::process::ExitCode;

/// Which workshop, and which of its boards.
#[derive(clap::Args, Debug)]
pub(crate) struct Hands {
    /// The board; it need not be said if only one has a circuit.
    #[arg(long)]
    board: Option<String>,
    /// Folder of the workshop.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
}

impl Hands {
    /// Does it: what, and how many nanoseconds from now.
    pub(crate) fn act(self, deeds: Vec<(u64, Deed)>) -> Result<ExitCode> {
        let status = Folder::status(&self.dir)?;
        let steps = deeds.into_iter().map(Into::into).collect();
        Visit::act(&status.folder, &Act { board: self.board, steps })
            .context("the workshop does not do that")?;
        Ok(ExitCode::SUCCESS)
    }
}
