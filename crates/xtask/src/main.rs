//! The project's own chores: `cargo xtask test`, `cargo xtask ci`, `cargo xtask bench`.

mod bench;
mod ci;
mod fuzz;
mod instructions;
mod page;
mod shell;
mod tidy;
mod tools;

use anyhow::{Result, bail};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            shell::say(&format!("xtask: {e:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    match args.first().map(String::as_str) {
        Some("test") => ci::test(),
        Some("ci") => ci::all(),
        Some("tidy") => tidy::check(),
        Some("page") if args.get(1).is_some_and(|a| a == "--check") => page::check(),
        Some("page") => page::build(),
        Some("no-std") => ci::no_std(),
        Some("tools") => tools::python()
            .and_then(|_| tools::esptool4())
            .and_then(|_| tools::m2x_mqtt())
            .and_then(|_| tools::schemathesis())
            .map(|_| ()),
        Some("instructions") => instructions::run(&args[1..]),
        Some("bench") => bench::run(&args[1..]),
        Some("fuzz") => fuzz::run_targets(&args[1..]),
        other => bail!(
            "unknown chore `{}`; there are: test, ci, tidy, page, no-std, tools, bench, fuzz, instructions",
            other.unwrap_or_default()
        ),
    }
}
