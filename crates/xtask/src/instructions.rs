//! `cargo xtask instructions`: how many instructions of the host our programs take, against what
//! `bench/instructions.toml` says.
//!
//! A count is the same on a busy machine, so it can fail a check where a time could not. It
//! depends on the compiler: with another one than the file's, it only informs.

use crate::shell::{self, root, say, works};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What more than this share above its count is a regression.
const TOLERANCE: f64 = 0.03;

/// The checked-in file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Counts {
    /// The compiler that made the counted program.
    rustc: String,
    /// Millions of instructions by program.
    millions: BTreeMap<String, f64>,
}

/// Counts, and compares with the file, or writes it with `--update`.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let update = match args {
        [] => false,
        [a] if a == "--update" => true,
        _ => bail!("cargo xtask instructions [--update]"),
    };
    if !works("valgrind", &["--version"]) {
        say("instructions: NOT CHECKED, valgrind is missing (apt install valgrind)");
        return Ok(());
    }
    // As the tests build it: with other features of its libraries it would be another program, and built once more.
    let build = ["test", "--no-run", "--workspace", "--profile", "quick", "--quiet"];
    shell::run("cargo", &build, &[])?;
    let coil = root().join("target/quick/coil");
    let mut now = Counts { rustc: rustc()?, millions: BTreeMap::new() };
    for program in crate::bench::own_programs()? {
        let millions = count(&coil, &program)?;
        let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        now.millions.insert(name, millions);
    }
    let file = root().join("bench/instructions.toml");
    if update {
        std::fs::write(&file, now.text())?;
        say("bench/instructions.toml: written");
        return Ok(());
    }
    let text = std::fs::read_to_string(&file).context("bench/instructions.toml")?;
    compare(&toml::from_str(&text).context("bench/instructions.toml")?, &now)
}

fn rustc() -> Result<String> {
    let out = Command::new("rustc").arg("--version").output().context("cannot start rustc")?;
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Millions of instructions of a whole process. Virtual time keeps the clock out of it.
fn count(coil: &Path, program: &PathBuf) -> Result<f64> {
    let out = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(coil)
        .args(["run", "--virtual-time", "--heap", "2000000"])
        .arg(program)
        .stdin(Stdio::null())
        .output()
        .context("cannot start valgrind")?;
    let told = String::from_utf8_lossy(&out.stderr);
    let total = told.lines().find_map(|l| l.split_once("I refs:").or(l.split_once("I   refs:")));
    match total {
        Some((_, n)) if out.status.success() => {
            let n: f64 = n.trim().replace(',', "").parse().context("a count")?;
            Ok((n / 1e5).round() / 10.0)
        }
        _ => bail!("{} under valgrind: {told}", program.display()),
    }
}

impl Counts {
    fn text(&self) -> String {
        let mut text = String::from(
            "# Instructions of the host for each program of bench/programs, `coil run` in single \
             precision.\n# Made by `cargo xtask instructions --update`, checked by `cargo xtask \
             instructions`.\n",
        );
        // Writing to a string does not fail.
        let _ = writeln!(text, "rustc = {:?}\n\n[millions]", self.rustc);
        for (name, n) in &self.millions {
            let _ = writeln!(text, "{name} = {n:.1}");
        }
        text
    }
}

fn compare(then: &Counts, now: &Counts) -> Result<()> {
    let mut worse = Vec::new();
    let mut gained = false;
    for (name, n) in &now.millions {
        let Some(before) = then.millions.get(name) else {
            worse.push(format!("{name} is not in the file"));
            continue;
        };
        let change = n / before - 1.0;
        say(&format!("{name:<14} {n:>9.1} million instructions {:>+6.1} %", change * 100.0));
        gained |= change < -TOLERANCE;
        if change > TOLERANCE {
            worse.push(format!("{name} takes {:.1} % more", change * 100.0));
        }
    }
    if then.rustc != now.rustc {
        say(&format!(
            "instructions: NOT CHECKED, counted with {}, this is {}",
            then.rustc, now.rustc
        ));
        return Ok(());
    }
    if !worse.is_empty() {
        bail!(
            "instructions: {}; if that is meant, `cargo xtask instructions --update`",
            worse.join(", ")
        );
    }
    if gained {
        say(
            "instructions: fewer than in the file; `cargo xtask instructions --update` keeps the gain",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rustc: &str, dicts: f64) -> Counts {
        Counts { rustc: rustc.into(), millions: BTreeMap::from([("dicts".into(), dicts)]) }
    }

    #[test]
    fn more_instructions_than_the_tolerance_fail_and_fewer_do_not() {
        let then = counts("rustc 1", 100.0);
        assert!(compare(&then, &counts("rustc 1", 102.9)).is_ok());
        assert!(compare(&then, &counts("rustc 1", 103.1)).is_err());
        assert!(compare(&then, &counts("rustc 1", 50.0)).is_ok());
        assert!(compare(&then, &counts("rustc 2", 150.0)).is_ok());
    }

    #[test]
    fn a_program_without_a_count_fails() {
        let then = Counts { rustc: "rustc 1".into(), ..Counts::default() };
        assert!(compare(&then, &counts("rustc 1", 1.0)).is_err());
    }

    #[test]
    fn the_file_reads_back() {
        let made = counts("rustc 1.95.0 (\"x\")", 12.3);
        let back: Counts = toml::from_str(&made.text()).unwrap();
        assert_eq!((back.rustc, back.millions), (made.rustc, made.millions));
    }
}
