//! `coil press`: a button of a running workshop's circuit.

use super::hands::Hands;
use anyhow::Result;
use coil_circuit::{Duration, Stimuli};
use std::process::ExitCode;

/// Press a button that is wired to a board of the running workshop.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The part's name in `circuit.toml`.
    part: String,
    /// For how long, as `50ms` or `2s`.
    #[arg(long = "for", value_name = "TIME", default_value = "100ms")]
    held: Duration,
    #[command(flatten)]
    hands: Hands,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut stimuli = Stimuli::default();
        stimuli.press(0, &self.part, self.held.ns);
        self.hands.act(stimuli.deeds)
    }
}
