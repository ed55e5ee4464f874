//! What was expected against what was seen, in words.

mod levels;
mod life;
mod output;
mod pins;
mod requests;

use crate::board::{End, Recording};
use crate::scenario::{Expect, Subject};
use coil_board::Device;
use coil_board::outside::Event;
use coil_board::outside::event::{Kind, PartValue};

/// Something that is not as it was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What was expected, in one line.
    pub(crate) expected: String,
    /// What was seen, a line or more.
    pub(crate) seen: String,
}

impl Failure {
    pub(crate) fn new(expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { expected: expected.into(), seen: seen.into() }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("expected: {}\n", self.expected);
        let mut lines = self.seen.lines();
        text += &format!("    seen: {}\n", lines.next().unwrap_or_default());
        lines.for_each(|line| text += &format!("          {line}\n"));
        text
    }
}

/// A moment, as people write it.
pub(crate) fn time(ns: u64) -> String {
    let (number, unit) = match ns {
        n if n >= 1_000_000_000 => (n as f64 / 1e9, "s"),
        n if n >= 1_000_000 => (n as f64 / 1e6, "ms"),
        n => (n as f64 / 1e3, "us"),
    };
    let text = format!("{number:.3}");
    format!("{} {unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Checks a recording: everything that was expected, and that nothing else went wrong.
pub(crate) fn check(expect: &[Expect], seen: &Recording, device: &Device) -> Vec<Failure> {
    let mut failures = Vec::new();
    if seen.end == End::Hung {
        let at = time(seen.end_ns);
        failures.push(Failure::new(
            "the board to come to an end",
            format!("it was still busy when the host's patience was over, at {at} of its own time"),
        ));
    }
    if seen.is_cut {
        failures.push(Failure::new(
            "a recording of everything",
            "the board did more than can be kept; let it run for a shorter time (`for`)",
        ));
    }
    failures.extend(life::unexpected(expect, seen));
    for one in expect {
        let failure = match &one.subject {
            Subject::Output(form) => output::check(form, one.window, seen),
            Subject::Pin { gpio, form } => pins::check(*gpio, form, one.window, seen, device),
            Subject::Shows { part, name, form, moment } => {
                levels::shows(part, name, form, *moment, seen)
            }
            Subject::Request(form) => requests::check(form, one.window, seen),
            other => life::check(other, one.window, seen),
        };
        if let Some(mut failure) = failure {
            failure.expected += &format!(" (expect {})", one.number);
            failures.push(failure);
        }
    }
    failures
}

/// The kinds of events that these expectations need.
pub(crate) fn kinds(expect: &[Expect]) -> impl Iterator<Item = Kind> {
    expect
        .iter()
        .flat_map(|e| match &e.subject {
            Subject::Pin { .. } => &[Kind::Pin, Kind::Input, Kind::Pwm][..],
            Subject::Shows { .. } => &[Kind::Part],
            _ => &[],
        })
        .copied()
}

/// What a part shows, as text.
pub(crate) fn shown(value: &PartValue) -> String {
    match value {
        PartValue::Switch(b) => b.to_string(),
        PartValue::Count(n) => n.to_string(),
        PartValue::Amount(a) => a.to_string(),
        PartValue::Text(t) => format!("{t:?}"),
    }
}

/// A few events around a moment, one after the other.
pub(crate) fn nearest<'a, T>(
    near_ns: u64,
    events: impl Iterator<Item = (u64, T)> + 'a,
    words: impl Fn(&T) -> String,
) -> String {
    let all: Vec<_> = events.collect();
    if all.is_empty() {
        return "nothing of it happened".into();
    }
    let at = all.partition_point(|e| e.0 <= near_ns);
    let range = at.saturating_sub(3)..(at + 2).min(all.len());
    let mut texts: Vec<_> =
        all[range.clone()].iter().map(|e| format!("{} at {}", words(&e.1), time(e.0))).collect();
    if range.start > 0 {
        texts.insert(0, "…".into());
    }
    if range.end < all.len() {
        texts.push("…".into());
    }
    texts.join(", ")
}

/// The events of one kind that something is made of.
pub(crate) fn events<'a, T>(
    seen: &'a Recording,
    pick: impl Fn(&'a Event) -> Option<T> + 'a,
) -> impl Iterator<Item = (u64, T)> + 'a {
    seen.events.iter().filter_map(move |(at, e)| pick(e).map(|t| (*at, t)))
}
