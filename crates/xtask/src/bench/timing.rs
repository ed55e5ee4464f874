//! What a program costs: processor time of its process.

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::process::{Command, Stdio};

/// A program that has ended.
pub(super) struct Run {
    /// Processor time, user and system, in milliseconds.
    pub(super) ms: f64,
    /// What it printed, its errors included.
    pub(super) output: Vec<u8>,
    /// Whether it ended well.
    pub(super) success: bool,
}

/// Runs a command to its end.
pub(super) fn run(command: &mut Command) -> Result<Run> {
    let before = children_us()?;
    let out = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", command.get_program().display()))?;
    let us = children_us()? - before;
    let mut output = out.stdout;
    output.extend(out.stderr);
    Ok(Run { ms: us as f64 / 1e3, output, success: out.status.success() })
}

/// Microseconds that all children have used which were waited for. This program has one at a time.
fn children_us() -> Result<i64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("no figures of children")?;
    Ok(usage.user_time().num_microseconds() + usage.system_time().num_microseconds())
}

/// The middle one; zero of none.
pub(super) fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computing_costs_and_sleeping_does_not() {
        let run = |script| run(Command::new("sh").args(["-c", script])).unwrap();
        let busy = run("i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo $i");
        assert!(busy.success && busy.output == b"30000\n");
        let idle = run("sleep 0.3; exit 3");
        assert!(!idle.success);
        assert!(busy.ms > 3.0 && idle.ms < 100.0, "{} {}", busy.ms, idle.ms);
    }

    #[test]
    fn the_middle_of_an_odd_number_is_one_of_them() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut []), 0.0);
    }
}
