//! The entries `[[expect]]` of a scenario: what each may say, and what it means.

use crate::error::TestError;
use coil_board::Device;
use coil_circuit::{Duration, Value};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An entry as it is written: one subject, and what is said of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    output: Option<OutputText>,
    pin: Option<PinName>,
    shows: Option<String>,
    exception: Option<String>,
    fault: Option<String>,
    reset: Option<String>,
    request: Option<String>,
    ends: Option<bool>,
    exit: Option<i32>,

    is: Option<Value>,
    above: Option<f64>,
    below: Option<f64>,
    edges: Option<CountForm>,
    rising: Option<CountForm>,
    falling: Option<CountForm>,
    period: Option<Duration>,
    freq: Option<f64>,
    duty: Option<f64>,
    within: Option<String>,
    times: Option<CountForm>,
    contains: Option<String>,
    host: Option<String>,
    header: Option<BTreeMap<String, String>>,
    body: Option<String>,
    json: Option<serde_json::Value>,
    at: Option<Duration>,
    by: Option<Duration>,
    after: Option<Duration>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OutputText {
    Contains(String),
    Table(OutputTable),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputTable {
    contains: Option<String>,
    equals: Option<String>,
    matches: Option<String>,
    lacks: Option<String>,
    lines: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PinName {
    Gpio(u8),
    Name(String),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum CountForm {
    Exactly(usize),
    Range(String),
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) least: usize,
    pub(crate) most: usize,
}

impl Count {
    pub(crate) fn has(self, n: usize) -> bool {
        (self.least..=self.most).contains(&n)
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.least, self.most) {
            (1, 1) => write!(f, "once"),
            (a, b) if a == b => write!(f, "{a} times"),
            (1, usize::MAX) => write!(f, "at least once"),
            (a, usize::MAX) => write!(f, "at least {a} times"),
            (a, b) => write!(f, "{a} to {b} times"),
        }
    }
}

/// When something is looked at, in nanoseconds since power on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// At this moment.
    At(u64),
    /// At any moment of a stretch.
    Within(Window),
    /// At the end.
    End,
}

/// A stretch of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from_ns: u64,
    pub(crate) to_ns: u64,
}

impl Window {
    pub(crate) fn has(self, ns: u64) -> bool {
        (self.from_ns..=self.to_ns).contains(&ns)
    }
}

/// What is said of what was printed.
#[derive(Debug)]
pub(crate) enum OutputForm {
    Contains(String),
    Equals(String),
    Matches(Regex),
    Lacks(String),
    /// These lines in this order, with others between.
    Lines(Vec<String>),
}

/// What is said of a pin.
#[derive(Debug, PartialEq)]
pub(crate) enum PinForm {
    Is(bool, Moment),
    /// How many edges: rising ones, falling ones, or (nothing) both.
    Edges(Option<bool>, Count),
    /// Nanoseconds between rising edges, and the share that it may be off.
    Period(u64, f64),
    /// Hertz, and the share that it may be off.
    Freq(f64, f64),
    /// The share of time that it is high, and what it may be off.
    Duty(f64, f64),
}

/// What a value is to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ValueForm {
    Is(Value),
    Between(f64, f64),
}

/// What a request is to be.
#[derive(Debug)]
pub(crate) struct RequestForm {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) host: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) contains: Option<String>,
    pub(crate) json: Option<serde_json::Value>,
    pub(crate) times: Count,
}

/// What an expectation is about.
#[derive(Debug)]
pub(crate) enum Subject {
    Output(OutputForm),
    Pin {
        gpio: u8,
        form: PinForm,
    },
    Shows {
        part: String,
        name: String,
        form: ValueForm,
        moment: Moment,
    },
    /// The class, and what its text contains.
    Exception(String, Option<String>),
    Fault(String),
    Reset(String, Count),
    Request(RequestForm),
    Ends(bool),
    Exit(i32),
}

/// An expectation.
#[derive(Debug)]
pub(crate) struct Expect {
    /// Its number, from 1.
    pub(crate) number: usize,
    pub(crate) subject: Subject,
    pub(crate) window: Window,
}

const SUBJECTS: &str = "output, pin, shows, exception, fault, reset, request, ends, exit";

type Made<T> = Result<T, String>;

impl Form {
    pub(super) fn check(mut self, number: usize, device: &Device) -> Result<Expect, TestError> {
        let window = Window {
            from_ns: self.after.map_or(0, |d| d.ns),
            to_ns: self.by.map_or(u64::MAX, |d| d.ns),
        };
        let subject = self.subject(device, window).and_then(|subject| match self.left_over() {
            Some(name) => Err(format!("`{name}` says nothing about this; leave it out")),
            None => Ok(subject),
        });
        match subject {
            Ok(subject) => Ok(Expect { number, subject, window }),
            Err(why) => Err(TestError::Expect { number, why }),
        }
    }

    fn subject(&mut self, device: &Device, window: Window) -> Made<Subject> {
        let subjects = [
            self.output.is_some(),
            self.pin.is_some(),
            self.shows.is_some(),
            self.exception.is_some(),
            self.fault.is_some(),
            self.reset.is_some(),
            self.request.is_some(),
            self.ends.is_some(),
            self.exit.is_some(),
        ];
        if subjects.iter().filter(|s| **s).count() != 1 {
            return Err(format!("it has to say one of: {SUBJECTS}"));
        }
        if let Some(output) = self.output.take() {
            return output_form(output).map(Subject::Output);
        }
        if let Some(pin) = self.pin.take() {
            let gpio = gpio(&pin, device)?;
            return Ok(Subject::Pin { gpio, form: self.pin_form(window)? });
        }
        if let Some(what) = self.shows.take() {
            let Some((part, name)) = what.split_once('.') else {
                return Err(format!("`shows = \"{what}\"` has to be `part.name`, as in `led.lit`"));
            };
            let form = match (self.is.take(), self.above.take(), self.below.take()) {
                (Some(value), None, None) => ValueForm::Is(value),
                (None, above, below) if above.or(below).is_some() => ValueForm::Between(
                    above.unwrap_or(f64::NEG_INFINITY),
                    below.unwrap_or(f64::INFINITY),
                ),
                _ => return Err("say what it shows: `is = …`, or `above` and `below`".into()),
            };
            let (part, name, moment) = (part.into(), name.into(), self.moment(window));
            return Ok(Subject::Shows { part, name, form, moment });
        }
        if let Some(class) = self.exception.take() {
            return Ok(Subject::Exception(class, self.contains.take()));
        }
        if let Some(text) = self.fault.take() {
            return Ok(Subject::Fault(text));
        }
        if let Some(cause) = self.reset.take() {
            return Ok(Subject::Reset(cause, count(self.times.take(), "times")?.unwrap_or(ONCE)));
        }
        if let Some(request) = self.request.take() {
            return self.request_form(&request).map(Subject::Request);
        }
        match (self.ends.take(), self.exit.take()) {
            (Some(ends), _) => Ok(Subject::Ends(ends)),
            (_, code) => Ok(Subject::Exit(code.unwrap_or_default())),
        }
    }

    /// Something that was given and not used.
    fn left_over(&self) -> Option<&'static str> {
        let given = [
            ("is", self.is.is_some()),
            ("above", self.above.is_some()),
            ("below", self.below.is_some()),
            ("edges", self.edges.is_some()),
            ("rising", self.rising.is_some()),
            ("falling", self.falling.is_some()),
            ("period", self.period.is_some()),
            ("freq", self.freq.is_some()),
            ("duty", self.duty.is_some()),
            ("within", self.within.is_some()),
            ("times", self.times.is_some()),
            ("contains", self.contains.is_some()),
            ("host", self.host.is_some()),
            ("header", self.header.is_some()),
            ("body", self.body.is_some()),
            ("json", self.json.is_some()),
            ("at", self.at.is_some()),
        ];
        given.iter().find(|g| g.1).map(|g| g.0)
    }

    fn moment(&mut self, window: Window) -> Moment {
        match self.at.take() {
            Some(at) => Moment::At(at.ns),
            None if self.by.or(self.after).is_some() => Moment::Within(window),
            None => Moment::End,
        }
    }

    fn pin_form(&mut self, window: Window) -> Made<PinForm> {
        let one = "say one thing of the pin: is, edges, rising, falling, period, freq, duty";
        let mut forms = Vec::new();
        if let Some(is) = self.is.take() {
            let level = match is {
                Value::Bool(level) => level,
                Value::Int(n @ (0 | 1)) => n == 1,
                other => return Err(format!("a pin is 0 or 1, not `{other}`")),
            };
            forms.push(PinForm::Is(level, self.moment(window)));
        }
        if let Some(n) = count(self.edges.take(), "edges")? {
            forms.push(PinForm::Edges(None, n));
        }
        if let Some(n) = count(self.rising.take(), "rising")? {
            forms.push(PinForm::Edges(Some(true), n));
        }
        if let Some(n) = count(self.falling.take(), "falling")? {
            forms.push(PinForm::Edges(Some(false), n));
        }
        let measured = [self.period.is_some(), self.freq.is_some(), self.duty.is_some()];
        if measured.contains(&true) {
            let off = share(self.within.take())?;
            forms.extend(self.period.take().map(|p| PinForm::Period(p.ns, off)));
            forms.extend(self.freq.take().map(|f| PinForm::Freq(f, off)));
            forms.extend(self.duty.take().map(|d| PinForm::Duty(d, off)));
        }
        match (forms.pop(), forms.is_empty()) {
            (Some(form), true) => Ok(form),
            _ => Err(one.into()),
        }
    }

    fn request_form(&mut self, request: &str) -> Made<RequestForm> {
        let (method, path) = crate::service::method_and_path(request)?;
        Ok(RequestForm {
            method,
            path,
            host: self.host.take(),
            headers: self.header.take().unwrap_or_default().into_iter().collect(),
            body: self.body.take(),
            contains: self.contains.take(),
            json: self.json.take(),
            times: count(self.times.take(), "times")?.unwrap_or(ONCE),
        })
    }
}

/// Once or more.
const ONCE: Count = Count { least: 1, most: usize::MAX };

fn output_form(output: OutputText) -> Made<OutputForm> {
    let table = match output {
        OutputText::Contains(text) => return Ok(OutputForm::Contains(text)),
        OutputText::Table(table) => table,
    };
    let matches = match table.matches {
        Some(pattern) => Some(
            regex::RegexBuilder::new(&pattern)
                .multi_line(true)
                .size_limit(1 << 20)
                .build()
                .map_err(|e| format!("`{pattern}` is no regular expression: {e}"))?,
        ),
        None => None,
    };
    let forms = [
        table.contains.map(OutputForm::Contains),
        table.equals.map(OutputForm::Equals),
        matches.map(OutputForm::Matches),
        table.lacks.map(OutputForm::Lacks),
        table.lines.map(OutputForm::Lines),
    ];
    let mut forms = forms.into_iter().flatten();
    match (forms.next(), forms.next()) {
        (Some(form), None) => Ok(form),
        _ => {
            Err("say one of `contains`, `equals`, `matches`, `lacks`, `lines` of the output".into())
        }
    }
}

fn gpio(pin: &PinName, device: &Device) -> Made<u8> {
    let number = match pin {
        PinName::Gpio(n) => Some(*n),
        PinName::Name(name) => {
            let header = device.pins.iter().find(|p| p.0.eq_ignore_ascii_case(name)).map(|p| *p.1);
            let digits = name.trim_start_matches("GPIO").trim_start_matches("gpio");
            header.or_else(|| digits.parse().ok())
        }
    };
    number.filter(|n| *n < 40).ok_or_else(|| {
        let known: Vec<_> = device.pins.keys().map(String::as_str).collect();
        format!("there is no such pin; it is a GPIO number or one of: {}", known.join(", "))
    })
}

fn count(form: Option<CountForm>, name: &str) -> Made<Option<Count>> {
    let Some(form) = form else { return Ok(None) };
    let text = match form {
        CountForm::Exactly(n) => return Ok(Some(Count { least: n, most: n })),
        CountForm::Range(text) => text,
    };
    let number = |t: &str, none: usize| if t.is_empty() { Some(none) } else { t.parse().ok() };
    let range = text.split_once("..").and_then(|(a, b)| {
        let (least, most) = (number(a.trim(), 0)?, number(b.trim(), usize::MAX)?);
        (least <= most).then_some(Count { least, most })
    });
    match range {
        Some(range) => Ok(Some(range)),
        None => {
            Err(format!("`{name} = \"{text}\"` has to be a number or a range, as in `\"2..4\"`"))
        }
    }
}

/// A tolerance, as in `5%`; one percent where nothing is said.
fn share(text: Option<String>) -> Made<f64> {
    let Some(text) = text else { return Ok(0.01) };
    let number = text.strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok());
    match number.filter(|n| (0.0..=100.0).contains(n)) {
        Some(percent) => Ok(percent / 100.0),
        None => Err(format!("`within = \"{text}\"` has to be a percentage, as in `\"5%\"`")),
    }
}
