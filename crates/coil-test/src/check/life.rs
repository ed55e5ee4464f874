//! How a board's life went: resets, exceptions, faults, its end.

use super::{Failure, events, nearest, time};
use crate::board::{End, Recording};
use crate::scenario::{Expect, Subject, Window};
use coil_board::outside::Event;

/// What went wrong although nobody expected it.
pub(super) fn unexpected(expect: &[Expect], seen: &Recording) -> Vec<Failure> {
    let mut failures = Vec::new();
    let expects = |f: &dyn Fn(&Subject) -> bool| expect.iter().any(|e| f(&e.subject));
    for (at, event) in &seen.events {
        match event {
            Event::Exception { kind, text, origin } => {
                let is_expected =
                    |s: &Subject| matches!(s, Subject::Exception(class, _) if class == kind);
                if !expects(&is_expected) && !is_exit(kind) {
                    let told = format!("{kind} in {origin} at {}\n{}", time(*at), text.trim_end());
                    failures.push(Failure::new("no exception", told));
                }
            }
            Event::Fault { text, .. } => {
                let is_expected =
                    |s: &Subject| matches!(s, Subject::Fault(f) if text.contains(f.as_str()));
                if !expects(&is_expected) {
                    failures.push(Failure::new(
                        "nothing wrong with the circuit",
                        format!("{text} (at {})", time(*at)),
                    ));
                }
            }
            _ => {}
        }
    }
    if let End::Exit(code) = seen.end
        && !expects(&|s| matches!(s, Subject::Exit(_)))
    {
        failures.push(Failure::new(
            "the program ends well",
            format!("it ended with exit code {code} at {}", time(seen.end_ns)),
        ));
    }
    failures
}

/// What ends a program on purpose.
fn is_exit(kind: &str) -> bool {
    kind == "SystemExit"
}

pub(super) fn check(subject: &Subject, window: Window, seen: &Recording) -> Option<Failure> {
    match subject {
        Subject::Exception(class, contains) => exception(class, contains.as_deref(), window, seen),
        Subject::Fault(wanted) => {
            let faults = || {
                events(seen, |e| match e {
                    Event::Fault { text, .. } => Some(text.as_str()),
                    _ => None,
                })
            };
            let is_there = faults().any(|f| window.has(f.0) && f.1.contains(wanted.as_str()));
            (!is_there).then(|| {
                let told = nearest(window.to_ns, faults(), |t| format!("{t:?}"));
                Failure::new(format!("a fault of the circuit with {wanted:?}"), told)
            })
        }
        Subject::Reset(wanted, count) => {
            let resets = || {
                events(seen, |e| match e {
                    Event::Reset(_) | Event::SoftReset => Some(cause(e)),
                    _ => None,
                })
            };
            let n = resets().filter(|r| window.has(r.0) && r.1 == *wanted).count();
            (!count.has(n)).then(|| {
                let told = format!("{n} times\n{}", nearest(window.to_ns, resets(), Clone::clone));
                Failure::new(format!("a reset of the kind `{wanted}` {count}"), told)
            })
        }
        Subject::Ends(ends) => {
            let has_ended = !matches!(seen.end, End::Stopped | End::Hung);
            let is_in_time = !ends || window.has(seen.end_ns);
            if has_ended == *ends && is_in_time {
                return None;
            }
            let expected = match (ends, window.to_ns) {
                (true, u64::MAX) => "the program ends by itself".into(),
                (true, by) => format!("the program ends by {}", time(by)),
                (false, _) => "the program goes on".into(),
            };
            let told = match has_ended {
                true => format!("it ended at {}", time(seen.end_ns)),
                false => format!("it was still running at {}", time(seen.end_ns)),
            };
            Some(Failure::new(expected, told))
        }
        Subject::Exit(code) => {
            let ended = match seen.end {
                End::Exit(code) => Some(code),
                End::Done => Some(0),
                _ => None,
            };
            (ended != Some(*code)).then(|| {
                let told = match ended {
                    Some(code) => format!("exit code {code} at {}", time(seen.end_ns)),
                    None => "it did not end by itself".into(),
                };
                Failure::new(format!("the program ends with exit code {code}"), told)
            })
        }
        _ => None,
    }
}

fn exception(
    class: &str,
    contains: Option<&str>,
    window: Window,
    seen: &Recording,
) -> Option<Failure> {
    let all = || {
        events(seen, |e| match e {
            Event::Exception { kind, text, .. } => Some((kind.as_str(), text.as_str())),
            _ => None,
        })
    };
    let is_wanted = |e: &(u64, (&str, &str))| {
        window.has(e.0) && e.1.0 == class && contains.is_none_or(|c| e.1.1.contains(c))
    };
    if all().any(|e| is_wanted(&e)) {
        return None;
    }
    let mut expected = format!("an exception {class}");
    if let Some(text) = contains {
        expected += &format!(" with {text:?}");
    }
    let last = |text: &str| text.trim_end().lines().last().unwrap_or_default().to_owned();
    Some(Failure::new(expected, nearest(window.to_ns, all(), |e| last(e.1))))
}

/// The name of a reset's cause, as events have it.
fn cause(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    let words = [json.get("cause"), json.get("event")];
    words.into_iter().flatten().find_map(|w| w.as_str()).unwrap_or_default().to_owned()
}
