//! `coil explain`: what the chip's words mean to a beginner.

mod paragraphs;

use super::common::tell;
use anyhow::{Context, Result, anyhow, bail};
use coil_explain::{Explained, Explanation, explain};
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
    /// Read a text that an explanation names, `lists` or `docs/learn/lists.md#one-section-of-it`; without a name, what there is to read.
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = CONTENTS, conflicts_with_all = ["text", "list", "json"])]
    read: Option<String>,
    /// Answer as JSON, without what was read; `null` if nothing is known.
    #[arg(long)]
    json: bool,
}

/// What there is to read.
const CONTENTS: &str = "docs/learn/README.md";

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        if let Some(asked) = &self.read {
            tell(&read(asked)?);
            return Ok(ExitCode::SUCCESS);
        }
        if self.list {
            tell(&list(self.json)?);
            return Ok(ExitCode::SUCCESS);
        }
        if self.text.is_empty() {
            let said = listen(!self.json)?;
            let found = explain(&said);
            if found.is_some() && !self.json {
                tell("\n");
            }
            tell(&answer(found.as_ref(), self.json)?);
            return Ok(ExitCode::SUCCESS);
        }
        let said = self.text.join(" ");
        let found = explain(&said);
        if found.is_none() && !self.json {
            bail!("nothing is known about `{said}`; `coil explain --list` tells what is");
        }
        tell(&answer(found.as_ref(), self.json)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// All explanations: a name and what the chip says.
fn list(json: bool) -> Result<String> {
    if json {
        return Ok(serde_json::to_string_pretty(coil_explain::all())? + "\n");
    }
    let row = |entry: &Explanation| {
        let said = entry.sample.first().and_then(|sample| sample.text.lines().next_back());
        format!("{:<26} {}\n", entry.id, said.unwrap_or_default())
    };
    Ok(coil_explain::all().iter().map(row).collect())
}

/// A text or a section of it.
fn read(asked: &str) -> Result<String> {
    let (path, anchor) = asked.split_once('#').unwrap_or((asked, ""));
    let text = coil_explain::text(path).ok_or_else(|| {
        anyhow!("there is no text `{path}` to read; `coil explain --read` tells what there is")
    })?;
    let anchors = || text.anchors().join("`, `");
    let none = || anyhow!("`{}` has no section `{anchor}`; it has `{}`", text.path, anchors());
    let part = if anchor.is_empty() { text.text } else { text.section(anchor).ok_or_else(none)? };
    Ok(if text.is_document() { paragraphs::broken(part) } else { part.to_owned() })
}

/// What was found, if something was.
fn answer(found: Option<&Explained>, json: bool) -> Result<String> {
    if json {
        return Ok(serde_json::to_string_pretty(&found)? + "\n");
    }
    Ok(found.map(ToString::to_string).unwrap_or_default())
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
            // Who has read enough and gone does not end the program that speaks.
            let _ = stdout.write_all(&buffer[..n]).and_then(|()| stdout.flush());
        }
        said.extend_from_slice(&buffer[..n]);
        if said.len() > 2 * coil_explain::TEXT_MAX {
            said.drain(..said.len() - coil_explain::TEXT_MAX);
        }
    }
    Ok(String::from_utf8_lossy(&said).into_owned())
}
