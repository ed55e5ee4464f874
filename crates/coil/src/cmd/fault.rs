//! `coil fault`: what goes wrong on a workshop's air, on purpose.

use anyhow::{Context, Result};
use coil_air::{FAULTS, Faults};
use coil_lab::events::Visit;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make something go wrong on a running workshop's air, or tell what does.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
    /// Each as in `loss=5%`; `none` for an end to all of them.
    #[arg(value_name = "FAULT=VALUE")]
    faults: Vec<String>,
    /// Tell what can go wrong.
    #[arg(long)]
    list: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut out = std::io::stdout().lock();
        if self.list {
            for kind in FAULTS {
                writeln!(out, "{:<13} {}\n{:<13} {}", kind.name, kind.form, "", kind.text)?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        // It says why, where there is no workshop.
        coil_lab::Folder::status(&self.dir)?;
        let well: Vec<String> = Faults::default().all().iter().map(ToString::to_string).collect();
        let expand = |text: String| if text == "none" { well.clone() } else { vec![text] };
        let asked: Vec<String> = self.faults.into_iter().flat_map(expand).collect();
        let now = Visit::faults(&self.dir, &asked).context("cannot do it")?;
        let ill: Vec<_> = now.into_iter().filter(|fault| !well.contains(fault)).collect();
        match ill.as_slice() {
            [] => writeln!(out, "Nothing goes wrong on purpose.")?,
            ill => writeln!(out, "{}", ill.join(" "))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
