//! What boards cost: a line of JSON per figure, with its limit. `cargo xtask bench` runs it.
//!
//! Every figure is taken in a process of its own, so that none sees the memory of another.

mod answering;
mod bench;
mod buttons;
mod circuit;
mod collection;
mod edges;
mod idle;
mod network;
mod prompt;
mod resident;

use bench::Figure;
use std::io::Write;
use std::process::{Command, ExitCode};

/// The figures' names, and who takes them.
const ALL: &[(&str, fn() -> Vec<Figure>)] = &[
    ("prompt", prompt::measure),
    ("resident", resident::measure),
    ("collection", collection::measure),
    ("answering", answering::measure),
    ("buttons", buttons::measure),
    ("edges", edges::measure),
    ("circuit", circuit::measure),
    ("idle", idle::measure),
    ("network", network::measure),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    match args.as_slice() {
        [mode, name] if mode == "one" => one(name),
        only => each(only),
    }
}

/// Takes one group of figures here.
fn one(name: &str) -> ExitCode {
    let Some((_, measure)) = ALL.iter().find(|a| a.0 == name) else {
        return ExitCode::FAILURE;
    };
    let mut out = std::io::stdout().lock();
    for figure in measure() {
        if writeln!(out, "{}", figure.json()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Takes all of them, or those that are named, each in its process.
fn each(only: &[String]) -> ExitCode {
    let Ok(this) = std::env::current_exe() else { return ExitCode::FAILURE };
    let mut result = ExitCode::SUCCESS;
    for (name, _) in ALL {
        if !only.is_empty() && !only.iter().any(|o| o == name) {
            continue;
        }
        let done = Command::new(&this).args(["one", name]).status();
        if !done.is_ok_and(|s| s.success()) {
            result = ExitCode::FAILURE;
        }
    }
    result
}
