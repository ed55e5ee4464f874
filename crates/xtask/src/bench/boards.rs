//! What boards cost: the figures of `coil-lab`'s bench, and those of a whole process.

use super::options::Options;
use super::report::Figure;
use super::timing::median;
use crate::shell::{root, say};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const RUNS: usize = 21;

/// Builds and measures.
pub(super) fn measure(options: &Options) -> Result<Vec<Figure>> {
    let coil = super::build(options)?;
    let mut figures = process(&coil)?;
    figures.extend(super::wires::measure(&coil)?);
    let bench = ["bench", "--profile", options.profile(), "--quiet", "-p", "coil-lab"];
    say(&format!("== cargo {} --bench boards", bench.join(" ")));
    let out = Command::new("cargo")
        .args(bench)
        .args(["--bench", "boards"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !out.status.success() {
        bail!("the boards' bench failed");
    }
    for line in out.stdout.split(|&b| b == b'\n').filter(|l| !l.is_empty()) {
        figures.push(serde_json::from_slice(line).context("a figure of the boards' bench")?);
    }
    Ok(figures)
}

/// `coil run hello.py`: how long, and how much memory at its end.
fn process(coil: &Path) -> Result<Vec<Figure>> {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let (hello, waits) = (folder.join("hello.py"), folder.join("waits.py"));
    std::fs::write(&hello, "print('hello')\n")?;
    std::fs::write(&waits, "print('hello')\ninput()\n")?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let out = Command::new(coil).arg("run").arg(&hello).stdin(Stdio::null()).output()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if out.stdout != b"hello\n" {
            bail!("`coil run hello.py` printed {:?}", String::from_utf8_lossy(&out.stdout));
        }
    }
    Ok(vec![
        Figure::new("coil run hello.py", median(&mut times), "ms", Some(8.0)),
        Figure::new("coil run hello.py, memory", peak_mb(coil, &waits)?, "MB", Some(12.0)),
    ])
}

/// The most that a process ever had in memory when its program has printed a line.
fn peak_mb(coil: &Path, program: &Path) -> Result<f64> {
    let mut child = Command::new(coil)
        .arg("run")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("it has an output")?).read_line(&mut line)?;
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    child.kill()?;
    child.wait()?;
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kb: f64 = peak.trim().trim_end_matches(" kB").parse()?;
    Ok(kb * 1024.0 / 1e6)
}
