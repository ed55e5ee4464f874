//! Reports as people read them in a terminal.

use crate::check::time;
use crate::report::{FileReport, TestReport, Verdict};
use std::fmt::Write;
use std::time::Duration;

/// Lines of output that go with a failure at most.
const OUTPUT_LINES: usize = 20;

const GREEN: &str = "32";
const YELLOW: &str = "33";
const RED: &str = "31";

fn paint(text: &str, colour: &str, has_colours: bool) -> String {
    if has_colours { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
}

fn letter(verdict: &Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Passed => (".", "PASSED", GREEN),
        Verdict::Skipped(_) => ("s", "SKIPPED", YELLOW),
        Verdict::ExpectedFailure(_) => ("x", "XFAIL", YELLOW),
        Verdict::Failed(_) => ("F", "FAILED", RED),
        Verdict::Error(_) => ("E", "ERROR", RED),
    }
}

/// How a file's tests went: a line, or with `verbose` a line for each test.
pub fn one_file(file: &FileReport, verbose: bool, has_colours: bool) -> String {
    let path = file.path.display();
    if file.tests.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    if verbose {
        for test in &file.tests {
            let (_, word, colour) = letter(&test.verdict);
            let word = paint(word, colour, has_colours);
            // Into a text nothing fails.
            let _ = writeln!(text, "{} {word}{}", full_name(file, test), times(test));
        }
        return text;
    }
    let _ = write!(text, "{path} ");
    for test in &file.tests {
        let (letter, _, colour) = letter(&test.verdict);
        text += &paint(letter, colour, has_colours);
    }
    text.push('\n');
    text
}

fn times(test: &TestReport) -> String {
    let host = format!("{:.2} s", test.host.as_secs_f64());
    match test.board_ns {
        0 => format!("  ({host})"),
        ns => format!("  ({host}; {} on the board)", time(ns)),
    }
}

fn full_name(file: &FileReport, test: &TestReport) -> String {
    let path = file.path.display().to_string();
    if path.ends_with(".test.toml") { path } else { format!("{path}::{}", test.name) }
}

/// What failed and why, and how many tests went how.
pub fn summary(files: &[FileReport], took: Duration, has_colours: bool) -> String {
    let all = || files.iter().flat_map(|f| f.tests.iter().map(move |t| (f, t)));
    let mut text = String::new();
    for (file, test) in all() {
        let (Verdict::Failed(why) | Verdict::Error(why)) = &test.verdict else { continue };
        let (_, word, colour) = letter(&test.verdict);
        let title = format!("{word} {}", full_name(file, test));
        let _ = writeln!(text, "\n{}", paint(&title, colour, has_colours));
        for line in why.trim_end().lines() {
            let _ = writeln!(text, "  {line}");
        }
        let lines: Vec<_> = test.output.lines().collect();
        if !lines.is_empty() {
            let from = lines.len().saturating_sub(OUTPUT_LINES);
            let _ = writeln!(text, "  output{}:", if from > 0 { ", its last lines" } else { "" });
            for line in &lines[from..] {
                let shown: String = line.chars().filter(|c| !c.is_control()).collect();
                let _ = writeln!(text, "    {shown}");
            }
        }
    }
    let mut counts = Vec::new();
    for (word, name) in [
        ("FAILED", "failed"),
        ("ERROR", "errors"),
        ("PASSED", "passed"),
        ("SKIPPED", "skipped"),
        ("XFAIL", "expected failures"),
    ] {
        let n = all().filter(|t| letter(&t.1.verdict).1 == word).count();
        if n > 0 {
            counts.push(format!("{n} {name}"));
        }
    }
    let line = match counts.is_empty() {
        true => "no tests".to_owned(),
        false => counts.join(", "),
    };
    let line = format!("{line} in {:.2} s", took.as_secs_f64());
    let is_good = all().all(|t| t.1.verdict.is_good());
    let _ = writeln!(text, "\n{}", paint(&line, if is_good { GREEN } else { RED }, has_colours));
    text
}
