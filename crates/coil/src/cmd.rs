//! The commands: a file and a row each.

mod board;
mod common;
mod run;

use anyhow::Result;
use clap::Subcommand;
use std::process::ExitCode;

/// What `coil` can do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run one bare board in the foreground; its serial port's name is the first line.
    Board(board::Args),
    /// Run a program on a fresh board and exit with its result.
    Run(run::Args),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self {
            Self::Board(a) => a.run(),
            Self::Run(a) => a.run(),
        }
    }
}
