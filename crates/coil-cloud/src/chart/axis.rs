//! Where an axis has its marks, and what stands at them: round numbers, and round times in UTC. It
//! must not know where an axis is drawn.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Steps of time that people count in, in microseconds.
const STEPS: &[i64] = &[
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    7 * DAY,
    14 * DAY,
];
/// Longer ones, in months.
const MONTHS: &[i64] = &[1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];
/// Marks of an axis at most, whatever is asked for.
const MAX_MARKS: usize = 60;

/// An axis of numbers: from the first of its marks to the last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers {
    pub(super) marks: Vec<(f64, String)>,
}

impl Numbers {
    /// An axis that has these numbers within, with about so many steps.
    pub(super) fn new(low: f64, high: f64, steps: usize) -> Self {
        let (low, high) = widen(low, high);
        let step = round_step((high - low) / steps.max(1) as f64);
        // What is beyond a mark by a part that cannot be seen needs no other one.
        let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        let largest = low.abs().max(high.abs());
        let mut marks = Vec::new();
        let mut index = first;
        while index <= last && marks.len() < MAX_MARKS {
            let value = index * step;
            marks.push((value, number(value, step, largest)));
            index += 1.0;
        }
        Self { marks }
    }

    /// From 0 at the low end to 1 at the high one.
    pub(super) fn place(&self, value: f64) -> f64 {
        let low = self.marks.first().map_or(0.0, |mark| mark.0);
        let high = self.marks.last().map_or(1.0, |mark| mark.0);
        // Halves, so that the largest numbers have a difference.
        ((value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0)).clamp(0.0, 1.0)
    }
}

/// Bounds with room between them, small enough to count with.
fn widen(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = (low.clamp(-1e300, 1e300), high.clamp(-1e300, 1e300));
    let largest = low.abs().max(high.abs());
    if high - low > (largest * 1e-9).max(1e-290) {
        return (low, high);
    }
    let room = if largest < 1e-280 { 1.0 } else { largest * 0.1 };
    (low - room, high + room)
}

/// The next of 1, 2, 5, 10, 20, … and their fractions.
fn round_step(step: f64) -> f64 {
    let unit = 10_f64.powf(step.log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0];
    let factor = factors.into_iter().find(|factor| factor * unit >= step * (1.0 - 1e-9));
    (factor.unwrap_or(10.0) * unit).max(f64::MIN_POSITIVE)
}

/// A number with as many digits as its step has.
fn number(value: f64, step: f64, largest: f64) -> String {
    let digits_of = |number: f64| number.log10().floor() as i32;
    if largest >= 1e7 || step < 1e-6 {
        let digits = (digits_of(largest) - digits_of(step)).clamp(0, 9);
        return if value == 0.0 {
            "0".to_owned()
        } else {
            format!("{value:.0$e}", usize::try_from(digits).unwrap_or_default())
        };
    }
    let digits = usize::try_from(-digits_of(step * 1.000_001)).unwrap_or_default();
    let text = format!("{value:.digits$}");
    if value == 0.0 { text.trim_start_matches('-').to_owned() } else { text }
}

/// A mark on the axis of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeMark {
    pub(super) at: i64,
    pub(super) label: String,
    /// What the label leaves open, where it begins and where it changes: the day, or the year.
    pub(super) context: Option<String>,
}

/// Round times between two others, in microseconds since 1970, at most about so many.
pub(super) fn times(start: i64, end: i64, wanted: usize) -> Vec<TimeMark> {
    let span = end.saturating_sub(start).max(1);
    let wanted = i64::try_from(wanted.max(1)).unwrap_or(i64::MAX);
    let marks = match STEPS.iter().find(|step| span / **step <= wanted) {
        Some(step) => (even_marks(start, end, *step), formats(*step)),
        None => {
            let month = 30 * DAY;
            let step = MONTHS.iter().find(|months| span / (**months * month) <= wanted);
            let step = step.or(MONTHS.last()).copied().unwrap_or(12);
            let formats = if step < 12 { ("%b", "%Y") } else { ("%Y", "") };
            (month_marks(start, end, step), formats)
        }
    };
    let (marks, (label, context)) = marks;
    let mut before = String::new();
    let labelled = marks.into_iter().take(MAX_MARKS).enumerate().map(|(index, at)| {
        let open = format(at, context);
        let is_new = open != before;
        before.clone_from(&open);
        let zone = if index == 0 { format!("{open} UTC").trim_start().to_owned() } else { open };
        let context = (index == 0 || is_new).then_some(zone);
        TimeMark { at, label: format(at, label), context }
    });
    labelled.collect()
}

const fn formats(step: i64) -> (&'static str, &'static str) {
    match step {
        ..SECOND => ("%H:%M:%S%.3f", "%-d %b %Y"),
        SECOND..MINUTE => ("%H:%M:%S", "%-d %b %Y"),
        MINUTE..DAY => ("%H:%M", "%-d %b %Y"),
        _ => ("%-d %b", "%Y"),
    }
}

fn format(at: i64, format: &str) -> String {
    let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).strftime(format).to_string()
}

fn even_marks(start: i64, end: i64, step: i64) -> Vec<i64> {
    let first = start.div_euclid(step) + i64::from(start.rem_euclid(step) != 0);
    let indices = first..=end.div_euclid(step);
    indices.take(MAX_MARKS).map(|index| index.saturating_mul(step)).collect()
}

fn month_marks(start: i64, end: i64, step: i64) -> Vec<i64> {
    let Ok(from) = Timestamp::from_microsecond(start) else { return Vec::new() };
    let from = from.to_zoned(TimeZone::UTC);
    let month = i64::from(from.year()) * 12 + i64::from(from.month()) - 1;
    let first = month.div_euclid(step) * step;
    let marks = (0..).map(|index| first + index * step).map_while(first_of);
    marks.skip_while(|at| *at < start).take_while(|at| *at <= end).take(MAX_MARKS).collect()
}

/// The first moment of a month, counted from the year 0.
fn first_of(month: i64) -> Option<i64> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let month = i8::try_from(month.rem_euclid(12) + 1).ok()?;
    let first = DateTime::new(year, month, 1, 0, 0, 0, 0).ok()?;
    Some(TimeZone::UTC.to_timestamp(first).ok()?.as_microsecond())
}
