//! `coil repl`: a board's prompt in this terminal.

use anyhow::{Context, Result, bail};
use coil_lab::Folder;
use std::path::PathBuf;
use std::process::ExitCode;

/// Open a board's prompt in this terminal.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Name of the board; the first one if none is given.
    board: Option<String>,
    /// Folder of the workshop.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let status = Folder::status(&self.dir)?;
        let board = match &self.board {
            None => status.boards.first(),
            Some(name) => status.boards.iter().find(|b| b.name == *name),
        };
        let Some(board) = board else {
            let names: Vec<_> = status.boards.iter().map(|b| b.name.as_str()).collect();
            bail!(
                "no board `{}` here; there are: {}",
                self.board.unwrap_or_default(),
                names.join(", ")
            );
        };
        coil_link::terminal::attach(&board.tty)
            .with_context(|| format!("cannot open `{}`", board.tty.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}
