//! `cargo xtask bench`: programs of ours against the interpreters that are on the machine.
//!
//! Every figure is the user time of a whole process, a median over interleaved rounds, and a ratio
//! to CPython's (or to that of the interpreter given with `--against PATH`).

use crate::shell::{self, root, say, works};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ROUNDS: usize = 5;

/// Compares, and prints a table.
pub(crate) fn run(args: &[String]) -> Result<()> {
    build()?;
    let coil = root().join("target/release/coil");
    let mut peers: Vec<(String, PathBuf)> = Vec::new();
    if works("python3", &["--version"]) {
        peers.push(("CPython".into(), "python3".into()));
    }
    let mut rest = args.iter();
    while let Some(a) = rest.next() {
        if a == "--against"
            && let Some(path) = rest.next()
        {
            peers.push((path.clone(), path.into()));
        }
    }
    let mut programs: Vec<PathBuf> = std::fs::read_dir(root().join("bench/programs"))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .collect();
    programs.sort();
    let names: Vec<&str> = peers.iter().map(|p| p.0.as_str()).collect();
    say(&format!("{:<14} {:>9}  ratio to {}", "program", "coil ms", names.join(", ")));
    for program in &programs {
        row(&coil, &peers, program)?;
    }
    Ok(())
}

fn build() -> Result<()> {
    shell::run("cargo", &["build", "--release", "--quiet", "-p", "coil"], &[])
}

fn row(coil: &Path, peers: &[(String, PathBuf)], program: &Path) -> Result<()> {
    let mut ours = Vec::new();
    let mut theirs = vec![Vec::new(); peers.len()];
    let mut outputs = Vec::new();
    for _ in 0..ROUNDS {
        let (time, out) = timed(
            Command::new(coil).args(["run", "--float", "64", "--heap", "2000000"]).arg(program),
        )?;
        ours.push(time);
        outputs.push(out);
        for (peer, times) in peers.iter().zip(&mut theirs) {
            let (time, out) = timed(Command::new(&peer.1).arg(program))?;
            times.push(time);
            outputs.push(out);
        }
    }
    outputs.dedup();
    let same = outputs.len() == 1;
    let mine = median(&mut ours);
    let ratios: Vec<String> =
        theirs.iter_mut().map(|t| format!("{:>8.2}", mine / median(t).max(1e-3))).collect();
    let name = program.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let note = if same { "" } else { "  OUTPUTS DIFFER" };
    say(&format!("{name:<14} {mine:>9.1}  {}{note}", ratios.join(" ")));
    Ok(())
}

/// User time of a process in milliseconds, by the clock that counts finished children.
fn timed(command: &mut Command) -> Result<(f64, Vec<u8>)> {
    let before = children_ms()?;
    let out =
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("cannot start")?;
    Ok((children_ms()? - before, out.stdout))
}

fn children_ms() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit(')').next().unwrap_or_default();
    let field = after.split_whitespace().nth(13).unwrap_or("0");
    // Clock ticks are a hundredth of a second on Linux.
    Ok(field.parse::<f64>()? * 10.0)
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}
