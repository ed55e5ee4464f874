//! `coil board`: one bare board in the foreground.

use super::common::{BoardOptions, tell};
use super::ports::Ports;
use anyhow::{Context, Result};
use coil_lab::{Pace, Runner};
use coil_link::Hub;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run one bare board in the foreground.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    board: BoardOptions,
    /// A symlink to the board's serial port.
    #[arg(long)]
    link: Option<PathBuf>,
    /// For other test runners: take requests as lines of JSON on standard input and answer on standard
    /// output, in time that goes on only as far as a request lets it (docs/testing.md).
    #[arg(long, conflicts_with_all = ["link", "flash", "card", "jumper", "stimulus"])]
    control: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        if self.control {
            let (device, profile) = self.board.check()?;
            let plan = self.board.plan(&device)?;
            let (requests, answers) = (std::io::stdin().lock(), std::io::stdout().lock());
            coil_test::control::serve((device, profile), plan, requests, answers)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
        let hub = Hub::start().context("cannot start a thread")?;
        let ports = Ports::open(&hub, self.link.as_deref())?;
        let spec = self.board.spec(ports.console())?;
        let mut runner = Runner::start(coil_board::modules::rom(&spec.profile), Pace::Real)
            .context("cannot start a thread")?;
        ports.seat.take(runner.add(spec));
        // Test runners look for the first line and take no other.
        let pts = ports.pty.pts().display();
        tell(&format!("{pts}\n{}\n{}\n", ports.socket(), ports.rfc2217()));
        signals.forever().next();
        runner.stop();
        Ok(ExitCode::SUCCESS)
    }
}
