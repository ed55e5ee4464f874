//! Which lines of which files tests have executed, and which they have not.

use crate::files::File;
use coil_compiler::{Options, executable_lines};
use coil_lab::Coverage;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A source file that was on a board.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// How the board names it.
    pub(crate) board: String,
    /// Where it comes from.
    pub(crate) host: PathBuf,
    pub(crate) text: Vec<u8>,
}

impl Source {
    /// Those of a board's files that count: Python, but no tests.
    pub(crate) fn of(files: &[File]) -> Vec<Self> {
        let counts = |f: &&File| {
            let name = f.path.rsplit('/').next().unwrap_or_default();
            name.ends_with(".py") && !name.starts_with("test_")
        };
        let source = |f: &File| Self {
            board: f.path.clone(),
            host: f.host.clone(),
            text: f.content.clone(),
        };
        files.iter().filter(counts).map(source).collect()
    }
}

/// The lines of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// Those that can be executed.
    pub executable: BTreeSet<u32>,
    /// Those of them that were.
    pub executed: BTreeSet<u32>,
}

impl FileCoverage {
    /// Lines that were not executed, as `3-5, 9`: a range has no executable line between that was.
    pub fn missing(&self) -> String {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut goes_on = false;
        for line in &self.executable {
            if self.executed.contains(line) {
                goes_on = false;
                continue;
            }
            match ranges.last_mut().filter(|_| goes_on) {
                Some(range) => range.1 = *line,
                None => ranges.push((*line, *line)),
            }
            goes_on = true;
        }
        let text = |(a, b): &(u32, u32)| if a == b { a.to_string() } else { format!("{a}-{b}") };
        ranges.iter().map(text).collect::<Vec<_>>().join(", ")
    }
}

/// The lines of all files that were on boards.
#[derive(Clone, Debug, Default)]
pub struct CoverageReport {
    /// By path.
    pub files: BTreeMap<PathBuf, FileCoverage>,
}

impl CoverageReport {
    /// Adds what a board executed of its files.
    pub(crate) fn add(&mut self, sources: Vec<Source>, coverage: &Coverage) {
        let mut executed: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (file, lines) in coverage.executed() {
            executed.entry(file.trim_start_matches('/').to_owned()).or_default().extend(lines);
        }
        for source in sources {
            let path = plain(&source.host);
            let file = self.files.entry(path).or_default();
            if file.executable.is_empty() {
                let text = String::from_utf8_lossy(&source.text);
                // What cannot be compiled has no lines; the test has said so.
                let lines = executable_lines(&text, &Options::default()).unwrap_or_default();
                file.executable = lines.into_iter().collect();
            }
            if let Some(lines) = executed.get(&source.board) {
                let lines = lines.intersection(&file.executable).copied().collect::<Vec<_>>();
                file.executed.extend(lines);
            }
        }
    }

    /// A table for people.
    pub fn table(&self) -> String {
        let mut names: Vec<_> = self.files.keys().map(|p| p.display().to_string()).collect();
        names.push("total".into());
        let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        let (mut of, mut done) = (0, 0);
        let mut row = |name: &str, of: usize, done: usize, missing: &str| {
            let percent = (done * 100).checked_div(of).unwrap_or(100);
            let line = format!("{name:width$}  {done:>5} of {of:>5}  {percent:>3}%  {missing}");
            // Into a text nothing fails.
            let _ = writeln!(text, "{}", line.trim_end());
        };
        for (name, file) in names.iter().zip(self.files.values()) {
            row(name, file.executable.len(), file.executed.len(), &file.missing());
            of += file.executable.len();
            done += file.executed.len();
        }
        row("total", of, done, "");
        text
    }

    /// The same for other programs, in the format of lcov.
    pub fn lcov(&self) -> String {
        let mut text = String::new();
        for (path, file) in &self.files {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let _ = writeln!(text, "TN:\nSF:{}", path.display());
            for line in &file.executable {
                let _ = writeln!(text, "DA:{line},{}", u8::from(file.executed.contains(line)));
            }
            let _ = writeln!(text, "LF:{}", file.executable.len());
            let _ = writeln!(text, "LH:{}\nend_of_record", file.executed.len());
        }
        text
    }
}

/// A path without detours, below the working folder if it is there.
fn plain(path: &Path) -> PathBuf {
    let Ok(real) = std::fs::canonicalize(path) else { return path.to_owned() };
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    match here.ok().and_then(|h| real.strip_prefix(h).ok().map(Path::to_owned)) {
        Some(below) => below,
        None => real,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_no_executed_line_in_them() {
        let executable = [1, 2, 5, 6, 8, 9, 12].into_iter().collect();
        let executed = [1, 8].into_iter().collect();
        let file = FileCoverage { executable, executed };
        assert_eq!(file.missing(), "2-6, 9-12");
        assert_eq!(FileCoverage::default().missing(), "");
    }

    #[test]
    fn executable_lines_are_those_on_which_statements_start() {
        let source = "\
\"\"\"Documentation.\"\"\"
import os

def f(a,
      b):
    \"\"\"More of it.\"\"\"
    global g
    if a:
        return (a +
                b)
    else:
        pass
    return 1
    g = 2

class C:
    x: int
    y = 1
";
        let lines = executable_lines(source, &Options::default()).expect("it compiles");
        assert_eq!(lines, [2, 4, 8, 9, 12, 13, 16, 18]);
    }
}
