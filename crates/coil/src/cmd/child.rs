//! A command, or a shell, that a command of ours runs in a view of its own.

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, ExitStatus};

/// What is to be run: a program and what it is given, or a shell.
pub(crate) fn command(given: &[OsString]) -> Command {
    let Some((program, args)) = given.split_first() else {
        return Command::new(std::env::var_os("SHELL").unwrap_or_else(|| "/bin/sh".into()));
    };
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// Runs it; its end is ours. Keys that interrupt are for the command; it is told of other ends.
pub(crate) fn run(command: &mut Command) -> Result<ExitCode> {
    let mut signals = Signals::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP]).context("signals")?;
    let cannot = format!("cannot run `{}`", command.get_program().to_string_lossy());
    let mut child = command.spawn().context(cannot)?;
    let pid = Pid::from_child(&child);
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                SIGTERM => Signal::TERM,
                SIGHUP => Signal::HUP,
                _ => continue,
            };
            // It may have ended by itself.
            let _ = kill_process(pid, signal);
        }
    });
    ended(child.wait()?)
}

/// The command's end as this one's.
pub(crate) fn ended(status: ExitStatus) -> Result<ExitCode> {
    if let Some(code) = status.code() {
        return Ok(ExitCode::from(code as u8));
    }
    // As shells say it.
    Ok(ExitCode::from(128 + status.signal().unwrap_or_default() as u8))
}

/// Says something beside the command's own output.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
