//! Everything a MicroPython-on-ESP32 workshop needs, in one program.
//!
//! Owns the commands, a file each; must not know any protocol.

mod cmd;

use clap::Parser;
use std::process::ExitCode;

/// Virtual ESP32 boards with MicroPython, their air and their cloud, offline.
#[derive(Parser, Debug)]
#[command(name = "coil", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: cmd::Command,
}

fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(code) => code,
        Err(e) => {
            complain(&format!("{e:#}"));
            ExitCode::FAILURE
        }
    }
}

/// One line about what went wrong, on stderr.
fn complain(text: &str) {
    use std::io::Write;
    // Nobody is left to tell if stderr is closed.
    let _ = writeln!(std::io::stderr(), "coil: {text}");
}
