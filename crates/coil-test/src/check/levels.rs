//! Values over time: what a part shows, and when.

use super::{Failure, events, nearest, shown, time};
use crate::board::Recording;
use crate::scenario::Moment;
use crate::scenario::ValueForm;
use coil_board::outside::Event;
use coil_board::outside::event::PartValue;
use coil_circuit::Value;

/// What something was at a moment, of its changes; and since when.
pub(super) fn value_at<T: Clone>(changes: &[(u64, T)], at_ns: u64) -> Option<(u64, T)> {
    changes[..changes.partition_point(|c| c.0 <= at_ns)].last().cloned()
}

/// Whether something was as wanted at a moment, or at any of a stretch.
pub(super) fn was<T: Clone>(
    changes: &[(u64, T)],
    moment: Moment,
    is_wanted: impl Fn(Option<&T>) -> bool,
) -> bool {
    match moment {
        Moment::At(at_ns) => is_wanted(value_at(changes, at_ns).as_ref().map(|v| &v.1)),
        Moment::End => is_wanted(changes.last().map(|v| &v.1)),
        Moment::Within(window) => {
            is_wanted(value_at(changes, window.from_ns).as_ref().map(|v| &v.1))
                || changes.iter().any(|c| window.has(c.0) && is_wanted(Some(&c.1)))
        }
    }
}

/// A moment in words, and the time that it is near to.
pub(super) fn words(moment: Moment, end_ns: u64) -> (String, u64) {
    match moment {
        Moment::At(ns) => (format!("at {}", time(ns)), ns),
        Moment::End => ("at the end".into(), end_ns),
        Moment::Within(w) if w.to_ns == u64::MAX => {
            (format!("at some time after {}", time(w.from_ns)), w.from_ns)
        }
        Moment::Within(w) if w.from_ns == 0 => {
            (format!("at some time up to {}", time(w.to_ns)), w.to_ns)
        }
        Moment::Within(w) => {
            (format!("at some time from {} to {}", time(w.from_ns), time(w.to_ns)), w.to_ns)
        }
    }
}

fn number(value: &PartValue) -> Option<f64> {
    match value {
        PartValue::Count(n) => Some(*n as f64),
        PartValue::Amount(a) => Some(*a),
        _ => None,
    }
}

fn is(form: &ValueForm, value: &PartValue) -> bool {
    match (form, value) {
        (ValueForm::Between(least, most), value) => {
            number(value).is_some_and(|n| n >= *least && n <= *most)
        }
        (ValueForm::Is(Value::Bool(a)), PartValue::Switch(b)) => a == b,
        (ValueForm::Is(Value::Text(a)), PartValue::Text(b)) => a == b,
        (ValueForm::Is(wanted), value) => {
            let (Some(a), Some(b)) = (wanted.as_number(), number(value)) else { return false };
            (a - b).abs() <= 1e-9 * a.abs().max(1.0)
        }
    }
}

/// What a part shows.
pub(super) fn shows(
    part: &str,
    name: &str,
    form: &ValueForm,
    moment: Moment,
    seen: &Recording,
) -> Option<Failure> {
    let changes: Vec<_> = events(seen, |e| match e {
        Event::Part { part: p, name: n, value } if p == part && n == name => Some(value),
        _ => None,
    })
    .collect();
    if was(&changes, moment, |v| v.is_some_and(|v| is(form, v))) {
        return None;
    }
    let wanted = match form {
        ValueForm::Is(Value::Text(text)) => format!("{text:?}"),
        ValueForm::Is(value) => value.to_string(),
        ValueForm::Between(least, f64::INFINITY) => format!("{least} or more"),
        ValueForm::Between(f64::NEG_INFINITY, most) => format!("{most} or less"),
        ValueForm::Between(least, most) => format!("{least} to {most}"),
    };
    let (when, near_ns) = words(moment, seen.end_ns);
    let expected = format!("{part}.{name} shows {wanted} {when}");
    let mut text = match value_at(&changes, near_ns) {
        Some((since, value)) => format!("{}, since {}\n", shown(value), time(since)),
        None => return Some(Failure::new(expected, no_such(part, name, seen))),
    };
    text += &nearest(near_ns, changes.into_iter(), |v| shown(v));
    Some(Failure::new(expected, text))
}

/// Nothing was shown: what there is instead.
fn no_such(part: &str, name: &str, seen: &Recording) -> String {
    let all = events(seen, |e| match e {
        Event::Part { part, name, .. } => Some(format!("{part}.{name}")),
        _ => None,
    });
    let names: std::collections::BTreeSet<_> = all.map(|e| e.1).collect();
    let names: Vec<_> = names.into_iter().collect();
    format!("nothing shows {part}.{name}; there are: {}", names.join(", "))
}
