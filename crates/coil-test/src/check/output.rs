//! What was printed.

use super::{Failure, time};
use crate::board::Recording;
use crate::scenario::{OutputForm, Window};
use std::fmt::Write;

/// Lines of output that a message shows at most.
const SHOWN_MAX: usize = 12;

pub(super) fn check(form: &OutputForm, window: Window, seen: &Recording) -> Option<Failure> {
    let from = seen.place(window.from_ns / 1000);
    let to = match window.to_ns {
        u64::MAX => seen.output.len(),
        ns => seen.place(ns / 1000 + 1),
    };
    let text = seen.output.get(from..to).unwrap_or_default();
    let when = words(window);
    let (is_so, expected) = match form {
        OutputForm::Contains(wanted) => {
            (text.contains(wanted), format!("the output contains {wanted:?}{when}"))
        }
        OutputForm::Equals(wanted) => {
            (text.trim_end() == wanted.trim_end(), format!("the output is {wanted:?}{when}"))
        }
        OutputForm::Matches(pattern) => {
            (pattern.is_match(text), format!("the output matches `{pattern}`{when}"))
        }
        OutputForm::Lacks(unwanted) => {
            (!text.contains(unwanted), format!("the output does not contain {unwanted:?}{when}"))
        }
        OutputForm::Lines(lines) => return in_order(lines, text, from, &when, seen),
    };
    if is_so {
        return None;
    }
    let mut told = shown(text);
    let late = match form {
        OutputForm::Contains(wanted) => seen.output.find(wanted.as_str()),
        OutputForm::Matches(pattern) => pattern.find(&seen.output).map(|m| m.start()),
        OutputForm::Lacks(unwanted) => text.find(unwanted.as_str()).map(|at| from + at),
        _ => None,
    };
    if let Some(at) = late {
        // Into a text nothing fails.
        let _ = write!(told, "\nit came at {}", time(seen.time_of(at)));
    }
    Some(Failure::new(expected, told))
}

/// Lines in this order, with others between.
fn in_order(
    lines: &[String],
    text: &str,
    from: usize,
    when: &str,
    seen: &Recording,
) -> Option<Failure> {
    let mut rest = text;
    let mut last = None;
    for (i, line) in lines.iter().enumerate() {
        let mut place = 0;
        let found = rest.split_inclusive('\n').find_map(|l| {
            place += l.len();
            (l.trim_end() == line.trim_end()).then_some(place)
        });
        let Some(end) = found else {
            let mut told = match last {
                Some((line, ns)) => format!("nothing like it after {line:?} at {}:\n", time(ns)),
                None => String::new(),
            };
            told += &shown(rest);
            let expected =
                format!("line {} of {}, {line:?}, in this order{when}", i + 1, lines.len());
            return Some(Failure::new(expected, told));
        };
        rest = &rest[end..];
        last = Some((line, seen.time_of(from + text.len() - rest.len() - 1)));
    }
    None
}

fn words(window: Window) -> String {
    match (window.from_ns, window.to_ns) {
        (0, u64::MAX) => String::new(),
        (0, to) => format!(" by {}", time(to)),
        (from, u64::MAX) => format!(" after {}", time(from)),
        (from, to) => format!(" from {} to {}", time(from), time(to)),
    }
}

/// The last lines of a text.
fn shown(text: &str) -> String {
    if text.is_empty() {
        return "no output".into();
    }
    let lines: Vec<_> = text.lines().collect();
    let from = lines.len().saturating_sub(SHOWN_MAX);
    let mut shown: String = if from > 0 { format!("… ({from} lines)\n") } else { String::new() };
    for line in &lines[from..] {
        let line: String = line.chars().take(200).collect();
        let _ = writeln!(shown, "{line}");
    }
    shown
}
