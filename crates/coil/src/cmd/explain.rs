//! `coil explain`: what the chip's words mean to a beginner.

use anyhow::{Context, Result, bail};
use coil_explain::{Explained, explain};
use std::io::{Read, Write};
use std::process::ExitCode;

/// Explain what a board has said: a traceback, a crash, a line of its log.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// What the board has said; without it standard input, which is passed on as it is with the explanation after it.
    text: Vec<String>,
    /// Tell what can be explained.
    #[arg(long)]
    list: bool,
    /// Answer as JSON, without what was read; `null` if nothing is known.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        if self.list {
            list(self.json)?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.text.is_empty() {
            let said = listen(!self.json)?;
            tell(explain(&said).as_ref(), self.json, true)?;
            return Ok(ExitCode::SUCCESS);
        }
        let said = self.text.join(" ");
        let found = explain(&said);
        if found.is_none() && !self.json {
            bail!("nothing is known about `{said}`; `coil explain --list` tells what is");
        }
        tell(found.as_ref(), self.json, false)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// All explanations: a name and what the chip says.
fn list(json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(coil_explain::all())?)?;
        return Ok(());
    }
    for entry in coil_explain::all() {
        let said = entry.sample.first().and_then(|sample| sample.text.lines().next_back());
        writeln!(out, "{:<26} {}", entry.id, said.unwrap_or_default())?;
    }
    Ok(())
}

/// Prints what was found, if something was.
fn tell(found: Option<&Explained>, json: bool, after_text: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
    } else if let Some(found) = found {
        let gap = if after_text { "\n" } else { "" };
        write!(out, "{gap}{found}")?;
    }
    Ok(())
}

/// Reads standard input to its end, passing it on as it comes. Of a long one the end is kept, of which an explanation is found.
fn listen(pass_on: bool) -> Result<String> {
    let (mut stdin, mut stdout) = (std::io::stdin().lock(), std::io::stdout().lock());
    let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let n = match stdin.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e).context("cannot read standard input"),
        };
        if pass_on {
            stdout.write_all(&buffer[..n]).and_then(|()| stdout.flush())?;
        }
        said.extend_from_slice(&buffer[..n]);
        if said.len() > 2 * coil_explain::TEXT_MAX {
            said.drain(..said.len() - coil_explain::TEXT_MAX);
        }
    }
    Ok(String::from_utf8_lossy(&said).into_owned())
}
