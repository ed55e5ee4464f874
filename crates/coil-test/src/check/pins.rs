//! Levels of pins, their edges, and what pulses on them.

use super::levels::{value_at, was, words};
use super::{Failure, events, nearest, time};
use crate::board::Recording;
use crate::scenario::{PinForm, Window};
use coil_board::Device;
use coil_board::outside::Event;

pub(super) fn check(
    gpio: u8,
    form: &PinForm,
    window: Window,
    seen: &Recording,
    device: &Device,
) -> Option<Failure> {
    let name = match device.header_name(gpio) {
        Some(name) => format!("{name} (GPIO{gpio})"),
        None => format!("GPIO{gpio}"),
    };
    let changes = levels(gpio, seen);
    let history = |near_ns| nearest(near_ns, changes.iter().copied(), |l| u8::from(*l).to_string());
    let window = Window { to_ns: window.to_ns.min(seen.end_ns), ..window };
    let when = format!("from {} to {}", time(window.from_ns), time(window.to_ns));
    match form {
        PinForm::Is(level, moment) => {
            // A pin that nobody has driven is low.
            if was(&changes, *moment, |l| l.copied().unwrap_or(false) == *level) {
                return None;
            }
            let (when, near_ns) = words(*moment, seen.end_ns);
            let now = match value_at(&changes, near_ns) {
                Some((since, level)) => format!("{}, since {}", u8::from(level), time(since)),
                None => "0: nothing had driven it".into(),
            };
            let expected = format!("{name} is {} {when}", u8::from(*level));
            Some(Failure::new(expected, format!("{now}\n{}", history(near_ns))))
        }
        PinForm::Edges(which, count) => {
            let edges = edges(&changes, *which, window);
            if count.has(edges.len()) {
                return None;
            }
            let kind = match which {
                Some(true) => "rises",
                Some(false) => "falls",
                None => "changes",
            };
            let told = format!("{} times\n{}", edges.len(), history(window.to_ns));
            Some(Failure::new(format!("{name} {kind} {count} {when}"), told))
        }
        PinForm::Period(wanted, off) => {
            let wanted_hz = 1e9 / (*wanted as f64).max(1.0);
            let expected =
                format!("{name} has a period of {} within {}% {when}", time(*wanted), off * 100.0);
            match frequency(gpio, &changes, window, seen) {
                Some(hz) if is_near(1.0 / hz, 1.0 / wanted_hz, *off) => None,
                Some(hz) => Some(Failure::new(
                    expected,
                    format!("{}\n{}", time((1e9 / hz) as u64), history(window.to_ns)),
                )),
                None => Some(Failure::new(expected, still(&history(window.to_ns)))),
            }
        }
        PinForm::Freq(wanted, off) => {
            let expected = format!("{name} pulses at {wanted} Hz within {}% {when}", off * 100.0);
            match frequency(gpio, &changes, window, seen) {
                Some(hz) if is_near(hz, *wanted, *off) => None,
                Some(hz) => {
                    Some(Failure::new(expected, format!("{hz:.3} Hz\n{}", history(window.to_ns))))
                }
                None => Some(Failure::new(expected, still(&history(window.to_ns)))),
            }
        }
        PinForm::Duty(wanted, off) => {
            let duty = duty(gpio, &changes, window, seen);
            if (duty - wanted).abs() <= *off {
                return None;
            }
            let expected = format!("{name} is high for {wanted} of the time within {off} {when}");
            Some(Failure::new(expected, format!("{duty:.4}\n{}", history(window.to_ns))))
        }
    }
}

fn still(history: &str) -> String {
    format!("it does not pulse\n{history}")
}

fn is_near(value: f64, wanted: f64, off: f64) -> bool {
    (value - wanted).abs() <= wanted.abs() * off + f64::EPSILON
}

/// The levels that a pin took, whoever drove it; only changes.
fn levels(gpio: u8, seen: &Recording) -> Vec<(u64, bool)> {
    let mut levels: Vec<(u64, bool)> = events(seen, |e| match e {
        Event::Pin { gpio: g, level } | Event::Input { gpio: g, level } if *g == gpio => {
            Some(*level)
        }
        _ => None,
    })
    .collect();
    levels.sort_by_key(|l| l.0);
    levels.dedup_by_key(|l| l.1);
    levels
}

/// The moments of edges; the first level of a pin is one if it is high.
fn edges(changes: &[(u64, bool)], which: Option<bool>, window: Window) -> Vec<u64> {
    let mut before = false;
    let mut edges = Vec::new();
    for &(at, level) in changes {
        if level != before && which.is_none_or(|w| w == level) && window.has(at) {
            edges.push(at);
        }
        before = level;
    }
    edges
}

/// How a pin is pulsed by hardware at the end of a stretch: hertz, and the share that it is high.
fn pwm(gpio: u8, window: Window, seen: &Recording) -> Option<(f64, f64)> {
    let set = events(seen, |e| match e {
        Event::Pwm { gpio: g, freq, duty_u16 } if *g == gpio => Some((*freq, *duty_u16)),
        _ => None,
    });
    let (_, (freq, duty)) = set.take_while(|s| s.0 <= window.to_ns).last()?;
    (freq > 0).then(|| (f64::from(freq), f64::from(duty) / 65535.0))
}

fn frequency(gpio: u8, changes: &[(u64, bool)], window: Window, seen: &Recording) -> Option<f64> {
    if let Some((hz, _)) = pwm(gpio, window, seen) {
        return Some(hz);
    }
    let rising = edges(changes, Some(true), window);
    let (first, last) = (rising.first()?, rising.last()?);
    (last > first).then(|| (rising.len() - 1) as f64 * 1e9 / (last - first) as f64)
}

fn duty(gpio: u8, changes: &[(u64, bool)], window: Window, seen: &Recording) -> f64 {
    if let Some((_, duty)) = pwm(gpio, window, seen) {
        return duty;
    }
    // Whole periods, where there are any.
    let rising = edges(changes, Some(true), window);
    let (from, to) = match (rising.first(), rising.last()) {
        (Some(first), Some(last)) if last > first => (*first, *last),
        _ => (window.from_ns, window.to_ns),
    };
    let mut high_ns = 0;
    let mut at = from;
    let mut level = value_at(changes, from).is_some_and(|v| v.1);
    for &(next, to_level) in changes.iter().filter(|c| c.0 > from && c.0 < to) {
        high_ns += if level { next - at } else { 0 };
        (at, level) = (next, to_level);
    }
    high_ns += if level { to.saturating_sub(at) } else { 0 };
    high_ns as f64 / (to.saturating_sub(from)).max(1) as f64
}
