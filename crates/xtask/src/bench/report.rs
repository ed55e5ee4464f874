//! The figures of a bench: as a table, as JSON, and against those of an earlier day.

use crate::shell::say;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// All that was measured.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Report {
    /// Names of interpreters; the first is ours in double precision, the second in single.
    pub(super) interpreters: Vec<String>,
    /// A program each.
    pub(super) rows: Vec<Row>,
    /// What boards cost.
    pub(super) boards: Vec<Figure>,
    /// How fast the cloud is.
    #[serde(default)]
    pub(super) cloud: Vec<Figure>,
}

/// What a program costs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    /// Its name.
    pub(super) program: String,
    /// Milliseconds of processor time by interpreter; nothing where it failed.
    pub(super) ms: Vec<Option<f64>>,
    /// Whether all those with doubles printed the same.
    pub(super) same_output: bool,
}

/// A figure with what it may be at most, or must be at least.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Figure {
    name: String,
    value: f64,
    unit: String,
    limit: Option<f64>,
    #[serde(default)]
    least: Option<f64>,
}

impl Figure {
    pub(super) fn new(name: &str, value: f64, unit: &str, limit: Option<f64>) -> Self {
        Self { name: name.into(), value, unit: unit.into(), limit, least: None }
    }

    fn missed(&self) -> bool {
        // What is no number has not been reached either.
        self.limit.is_some_and(|l| self.value > l || self.value.is_nan())
            || self.least.is_some_and(|l| self.value < l || self.value.is_nan())
    }
}

/// The first interpreter that is not ours.
const PEERS: usize = 2;

impl Row {
    /// Our time as a share of another's.
    fn ratio(&self, peer: usize) -> Option<f64> {
        Some(self.ms.first().copied()?? / self.ms.get(peer).copied()??)
    }
}

fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    let sum: f64 = ratios.iter().map(|r| r.ln()).sum();
    (!ratios.is_empty()).then(|| (sum / ratios.len() as f64).exp())
}

impl Report {
    /// The table's head.
    pub(super) fn print_head(&self) {
        let peers: Vec<String> =
            self.interpreters.iter().skip(PEERS).map(|p| format!("{:>18}", last(p, 18))).collect();
        say(
            "Processor time in ms; then that of each interpreter, and ours (double) as a share of it",
        );
        say(&format!("{:<16} {:>8} {:>8} {}", "program", "double", "single", peers.join(" ")));
    }

    /// A line of the table.
    pub(super) fn print_row(&self, row: &Row) {
        let own: Vec<String> = row.ms.iter().take(PEERS).map(|t| ms(*t)).collect();
        let peers: Vec<String> = (PEERS..row.ms.len())
            .map(|i| match row.ratio(i) {
                Some(r) => format!("{} {r:>9.2}", ms(row.ms[i])),
                None => format!("{:>18}", "fails"),
            })
            .collect();
        let note = if row.same_output { "" } else { "  OUTPUTS DIFFER" };
        say(&format!("{:<16} {} {}{note}", row.program, own.join(" "), peers.join(" ")));
    }

    /// The last line.
    pub(super) fn print_means(&self) {
        let means: Vec<String> = (PEERS..self.interpreters.len())
            .map(|i| {
                let ratios: Vec<f64> = self.rows.iter().filter_map(|r| r.ratio(i)).collect();
                geometric_mean(&ratios).map_or_else(String::new, |m| format!("{m:>18.2}"))
            })
            .collect();
        say(&format!("{:<34} {}", "geometric mean", means.join(" ")));
    }

    /// The boards' figures, and the cloud's.
    pub(super) fn print_figures(&self) {
        for f in self.boards.iter().chain(&self.cloud) {
            let limit = match (f.limit, f.least) {
                (Some(l), _) => format!("at most {l}"),
                (None, Some(l)) => format!("at least {l}"),
                (None, None) => String::new(),
            };
            let missed = if f.missed() { "MISSED: " } else { "" };
            say(&format!("{:<62} {:>9.2} {:<5} {missed}{limit}", f.name, f.value, f.unit));
        }
    }

    /// Keeps the figures.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Figures that were kept.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read(file).with_context(|| format!("no {}", file.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is no bench", file.display()))
    }

    /// Says what has changed since then; with a tolerance, what was lost beyond it is an error.
    pub(super) fn compare(&self, then: &Self, tolerance: Option<f64>) -> Result<()> {
        // A peer that both have takes out what the machine was doing.
        let peer = self.interpreters.iter().skip(PEERS).find(|p| then.place(p).is_some());
        match peer {
            Some(peer) => say(&format!("Against the baseline, as shares of {peer}:")),
            None => say("Against the baseline, in processor time:"),
        }
        let mut lost = Vec::new();
        for row in &self.rows {
            let Some(change) = self.change(row, then, peer.map(String::as_str)) else { continue };
            say(&format!("{:<16} {:>+7.1} %", row.program, (change - 1.0) * 100.0));
            if tolerance.is_some_and(|t| change > 1.0 + t) {
                lost.push(row.program.clone());
            }
        }
        for row in self.rows.iter().filter(|r| !r.same_output) {
            lost.push(format!("{} (outputs differ)", row.program));
        }
        lost.extend(
            self.boards.iter().chain(&self.cloud).filter(|f| f.missed()).map(|f| f.name.clone()),
        );
        if tolerance.is_some() && !lost.is_empty() {
            bail!("lost beyond the tolerance: {}", lost.join(", "));
        }
        Ok(())
    }

    fn place(&self, interpreter: &str) -> Option<usize> {
        self.interpreters.iter().position(|i| i == interpreter)
    }

    /// What a program costs now as a share of what it cost then.
    fn change(&self, row: &Row, then: &Self, peer: Option<&str>) -> Option<f64> {
        let before = then.rows.iter().find(|r| r.program == row.program)?;
        match peer {
            Some(p) => Some(row.ratio(self.place(p)?)? / before.ratio(then.place(p)?)?),
            None => Some(row.ms.first().copied()?? / before.ms.first().copied()??),
        }
    }
}

fn ms(time: Option<f64>) -> String {
    time.map_or_else(|| format!("{:>8}", "fails"), |t| format!("{t:>8.1}"))
}

/// The end of a text: where a path's name is.
fn last(text: &str, chars: usize) -> String {
    let skip = text.chars().count().saturating_sub(chars);
    text.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(interpreters: &[&str], ms: &[f64]) -> Report {
        let ms = ms.iter().map(|&t| Some(t)).collect();
        Report {
            interpreters: interpreters.iter().map(|&i| i.into()).collect(),
            rows: vec![Row { program: "dicts".into(), ms, same_output: true }],
            boards: Vec::new(),
            cloud: Vec::new(),
        }
    }

    #[test]
    fn a_slower_machine_is_no_loss_when_a_peer_was_slow_as_well() {
        let then = report(&["coil", "coil single", "CPython"], &[10.0, 9.0, 20.0]);
        let slow = report(&["coil", "coil single", "CPython"], &[20.0, 18.0, 40.0]);
        assert!(slow.compare(&then, Some(0.1)).is_ok());
        let lost = report(&["coil", "coil single", "CPython"], &[12.0, 9.0, 20.0]);
        assert!(lost.compare(&then, Some(0.1)).is_err());
        assert!(lost.compare(&then, Some(0.3)).is_ok());
        assert!(lost.compare(&then, None).is_ok());
    }

    #[test]
    fn without_a_common_peer_time_counts() {
        let then = report(&["coil", "coil single"], &[10.0, 9.0]);
        let now = report(&["coil", "coil single", "CPython"], &[12.0, 9.0, 20.0]);
        assert!(now.compare(&then, Some(0.1)).is_err());
    }

    #[test]
    fn a_figure_beyond_its_limit_and_an_output_that_differs_are_lost() {
        let then = report(&["coil", "coil single"], &[10.0, 9.0]);
        let mut now = report(&["coil", "coil single"], &[10.0, 9.0]);
        now.boards.push(Figure::new("idle", 301.0, "KB", Some(300.0)));
        assert!(now.compare(&then, Some(0.1)).is_err());
        now.boards.clear();
        let speed = |value| Figure { least: Some(10.0), ..Figure::new("GET", value, "x", None) };
        now.cloud.push(speed(10.5));
        assert!(now.compare(&then, Some(0.1)).is_ok());
        now.cloud.push(speed(9.5));
        assert!(now.compare(&then, Some(0.1)).is_err());
        now.cloud.clear();
        now.rows[0].same_output = false;
        assert!(now.compare(&then, Some(0.1)).is_err());
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let file = std::env::temp_dir().join(format!("coil-bench-{}.json", std::process::id()));
        let mut one = report(&["coil", "coil single"], &[10.0, 9.0]);
        one.rows[0].ms.push(None);
        one.write(&file).unwrap();
        let back = Report::read(&file);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(format!("{:?}", back.unwrap()), format!("{one:?}"));
    }
}
