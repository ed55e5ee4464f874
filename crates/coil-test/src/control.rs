//! A board for other test runners: requests and answers are lines of JSON, and the board's time goes on
//! only as far as a request lets it. `docs/testing.md` describes it.

mod raw;
mod request;

pub use request::{LINE_MAX, Lines, Request};

use crate::board::{Setup, SharedTape, Tape, Watch, lock};
use crate::error::TestError;
use crate::scenario::air;
use coil_board::outside::event::{Kind, PartValue, Record};
use coil_board::outside::{Event, Kinds, Stimulus};
use coil_board::{Device, Outcome, Profile};
use coil_circuit::{Circuit, Deed, Plan, Value};
use coil_lab::{BoardHandle, Clock, Console, Pace, Runner};
use raw::Raw;
use serde_json::{Value as Json, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The number of the protocol; it grows when something of it changes that others rely on.
const PROTOCOL: u32 = 1;
/// How long the board may take to its prompt, and for what is executed where nothing is said.
const BOOT_US: u64 = 2_000_000;
const EXEC_US: u64 = 10_000_000;
/// Bytes of a file that go over the prompt at one time.
const CHUNK: usize = 512;

/// A board that is controlled.
struct Board {
    runner: Runner,
    handle: BoardHandle,
    plan: Plan,
    device: Device,
    raw: Arc<Mutex<Raw>>,
    tape: SharedTape,
    /// The board need not go on.
    enough: Arc<AtomicBool>,
    /// What was seen of pins and parts.
    seen: Seen,
    /// Deeds to come: when a button that was pressed is let go.
    later: Vec<(u64, Deed)>,
}

/// The state of what can be observed, and the events that nobody has asked for yet.
#[derive(Default)]
struct Seen {
    levels: BTreeMap<u8, bool>,
    pwm: BTreeMap<u8, (u32, u16)>,
    shown: BTreeMap<String, BTreeMap<String, PartValue>>,
    events: Vec<(u64, Event)>,
}

struct Screen {
    raw: Arc<Mutex<Raw>>,
    enough: Arc<AtomicBool>,
}

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        if lock(&self.raw).feed(bytes) {
            self.enough.store(true, Ordering::Relaxed);
        }
    }
    fn end(&mut self, _: Outcome) {
        self.enough.store(true, Ordering::Relaxed);
    }
}

/// Gives a board power and does what is asked of it, until there are no more requests.
///
/// # Errors
/// If the board cannot be made, or the answers cannot be written.
pub fn serve(
    (device, profile): (Device, Profile),
    plan: Option<Plan>,
    requests: impl BufRead,
    mut answers: impl Write,
) -> Result<(), TestError> {
    let broken = |why| TestError::Read { path: "the answers".into(), why };
    let names = (device.name.clone(), profile.name.clone());
    let mut board = Board::start(device, profile, plan)?;
    let ready = json!({ "protocol": PROTOCOL, "device": names.0, "firmware": names.1 });
    let mut answer = |value: Json| writeln!(answers, "{value}").and_then(|()| answers.flush());
    answer(json!({ "ok": ready })).map_err(broken)?;
    for request in request::Lines::new(requests) {
        let done = request.and_then(|r| board.answer(r));
        answer(match done {
            Ok(value) => json!({ "ok": value }),
            Err(why) => json!({ "error": why }),
        })
        .map_err(broken)?;
    }
    Ok(())
}

type Answered = Result<Json, String>;

impl Board {
    fn start(device: Device, profile: Profile, plan: Option<Plan>) -> Result<Self, TestError> {
        let plan = match plan {
            Some(plan) => plan,
            None => Plan::read("", &device)?,
        };
        let tape = SharedTape::default();
        let (raw, enough) = (Arc::new(Mutex::new(Raw::default())), Arc::default());
        let setup = Setup {
            profile,
            device: device.clone(),
            files: Vec::new(),
            program: None,
            circuit: Some(Circuit::new(&plan)),
            keys: Vec::new(),
            access_points: air::workshop(),
            authority: None,
            faults: Vec::new(),
            answers: Vec::new(),
            kinds: Kinds::ALL,
            coverage: None,
        };
        let screen = Screen { raw: raw.clone(), enough: Arc::clone(&enough) };
        let watch = Watch { tape: tape.clone(), kinds: Kinds::ALL };
        let console = |_: Arc<Clock>| Box::new(screen) as Box<dyn Console>;
        let (mut runner, _, spec) = setup.build(Pace::Stepped, watch, console)?;
        let handle = runner.add(spec);
        let (seen, later) = (Seen::default(), Vec::new());
        let mut board = Self { runner, handle, plan, device, raw, tape, enough, seen, later };
        lock(&board.raw).wait_for(raw::PROMPT);
        board.advance(BOOT_US);
        // The flash is new: what the board has said is about that.
        lock(&board.raw).take();
        Ok(board)
    }

    fn now_us(&self) -> u64 {
        self.runner.clock().now_us()
    }

    /// Lets time go on, up to so much or until something is enough.
    fn advance(&mut self, by_us: u64) {
        self.enough.store(false, Ordering::Relaxed);
        let end_us = self.now_us().saturating_add(by_us);
        loop {
            let now = self.now_us();
            let (due, later) =
                std::mem::take(&mut self.later).into_iter().partition(|d| d.0 <= now);
            self.later = later;
            let due: Vec<(u64, Deed)> = due;
            due.into_iter().for_each(|(_, deed)| self.handle.act(0, deed));
            let next = self.later.iter().map(|d| d.0).chain([end_us]).min().unwrap_or(end_us);
            let now = self.runner.advance(next.saturating_sub(now), &self.enough);
            if now >= end_us || self.enough.load(Ordering::Relaxed) {
                break;
            }
        }
        self.look();
    }

    /// Takes note of what has happened.
    fn look(&mut self) {
        let Tape { events, .. } = std::mem::take(&mut *lock(&self.tape));
        for (at, event) in events {
            match &event {
                Event::Pin { gpio, level } | Event::Input { gpio, level } => {
                    self.seen.levels.insert(*gpio, *level);
                }
                Event::Pwm { gpio, freq, duty_u16 } => {
                    self.seen.pwm.insert(*gpio, (*freq, *duty_u16));
                }
                Event::Part { part, name, value } => {
                    let of_part = self.seen.shown.entry(part.clone()).or_default();
                    of_part.insert(name.to_string(), value.clone());
                }
                _ => {}
            }
            // Of events that nobody takes the first are kept, as in a test that failed early.
            if self.seen.events.len() < EVENTS_MAX && event.kind() != Kind::Print {
                self.seen.events.push((at, event));
            }
        }
    }

    fn answer(&mut self, request: Request) -> Answered {
        match request {
            Request::Exec { code, limit } => {
                self.enter()?;
                self.begin(&code);
                self.advance(limit.map_or(EXEC_US, |d| d.ns / 1000));
                Ok(self.result())
            }
            Request::Start { code } => {
                self.enter()?;
                self.begin(&code);
                self.advance(0);
                Ok(self.result())
            }
            Request::Advance { by } => {
                let end_us = self.now_us().saturating_add(by.ns / 1000);
                // A program that ends on the way does not end the time.
                loop {
                    self.advance(end_us.saturating_sub(self.now_us()));
                    if self.now_us() >= end_us {
                        return Ok(self.result());
                    }
                }
            }
            Request::Interrupt => {
                self.enter()?;
                Ok(self.result())
            }
            Request::Reset => {
                lock(&self.raw).wait_for(raw::PROMPT);
                self.handle.stimulate(Stimulus::Reset);
                self.advance(BOOT_US);
                lock(&self.raw).forget_prompt();
                Ok(self.result())
            }
            Request::Put { path, text, hex } => self.put(&path, text, hex),
            Request::Type { text } => {
                self.handle.send(text.as_bytes());
                Ok(Json::Null)
            }
            Request::Press { part, held } => {
                let held_us = held.map_or(100_000, |d| d.ns / 1000);
                self.act(&part, "pressed", Value::Bool(true))?;
                let setting = "pressed".into();
                let deed = Deed { part, setting, value: Value::Bool(false) };
                self.later.push((self.now_us().saturating_add(held_us), deed));
                Ok(Json::Null)
            }
            Request::Set { part, setting, value } => {
                self.act(&part, &setting, value).map(|()| Json::Null)
            }
            Request::Pin { pin } => self.pin(&pin),
            Request::Shows { part } => match self.seen.shown.get(&part) {
                Some(shown) => Ok(json!(shown)),
                None => {
                    let known: Vec<_> = self.seen.shown.keys().map(String::as_str).collect();
                    Err(format!("no part `{part}` shows anything; there are: {}", known.join(", ")))
                }
            },
            Request::Events => {
                let events = std::mem::take(&mut self.seen.events);
                let record = |(t, event): &(u64, Event)| {
                    let (board, event) = (Cow::Borrowed("board"), Cow::Borrowed(event));
                    json!(Record { t: *t, board, event })
                };
                Ok(events.iter().map(record).collect())
            }
        }
    }

    /// Interrupts whatever runs, and goes to the raw prompt.
    fn enter(&mut self) -> Result<(), String> {
        if lock(&self.raw).is_at_raw_prompt() {
            return Ok(());
        }
        lock(&self.raw).wait_for(raw::RAW_PROMPT);
        self.handle.send(b"\r\x03\x03\r\x01");
        self.advance(BOOT_US);
        match lock(&self.raw).is_at_raw_prompt() {
            true => Ok(()),
            false => Err("the board does not come to its prompt; `reset` starts it anew".into()),
        }
    }

    /// Sends a program to the raw prompt.
    fn begin(&mut self, code: &str) {
        lock(&self.raw).expect_result();
        self.handle.send(code.as_bytes());
        self.handle.send(b"\x04");
    }

    /// What was printed since it was last told, and how the last program ended.
    fn result(&mut self) -> Json {
        let mut raw = lock(&self.raw);
        let (output, error) = raw.take();
        let text = |b: Vec<u8>| String::from_utf8_lossy(&b).replace("\r\n", "\n");
        let error = error.map(text).filter(|e| !e.is_empty());
        let is_running = raw.is_running();
        json!({
            "output": text(output),
            "error": error,
            "running": is_running,
            "t": self.runner.clock().now_us() * 1000,
        })
    }

    fn put(&mut self, path: &str, text: Option<String>, hex: Option<String>) -> Answered {
        let bytes = match (text, hex) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(hex)) => {
                request::bytes(&hex).ok_or("`hex` has to be pairs of hexadecimal digits")?
            }
            _ => return Err("say either `text` or `hex`".into()),
        };
        let quoted = json!(path);
        let mut folder = String::new();
        let mut steps = vec!["import os, binascii".to_owned()];
        let folders = path.trim_start_matches('/').split('/').collect::<Vec<_>>();
        for name in &folders[..folders.len().saturating_sub(1)] {
            folder = format!("{folder}/{name}");
            let quoted = json!(folder);
            steps.push(format!("try:\n os.mkdir({quoted})\nexcept OSError:\n pass"));
        }
        steps.push(format!("f = open({quoted}, 'wb')"));
        for chunk in bytes.chunks(CHUNK) {
            let hex: String = chunk.iter().map(|b| format!("{b:02x}")).collect();
            steps.push(format!("f.write(binascii.unhexlify('{hex}'))"));
        }
        steps.push("f.close()\ndel f".into());
        for code in steps {
            self.enter()?;
            self.begin(&code);
            self.advance(EXEC_US);
            let done = self.result();
            if let Some(why) = done["error"].as_str() {
                return Err(format!("`{path}` cannot be written: {why}"));
            }
        }
        Ok(Json::Null)
    }

    fn act(&mut self, part: &str, setting: &str, value: Value) -> Result<(), String> {
        let deed = Deed { part: part.into(), setting: setting.into(), value };
        self.plan.check(&deed).map_err(|e| e.to_string())?;
        self.handle.act(0, deed);
        Ok(())
    }

    fn pin(&self, pin: &Json) -> Answered {
        let name = pin.as_str().unwrap_or_default();
        let by_name = self.device.pins.iter().find(|p| p.0.eq_ignore_ascii_case(name));
        let number = pin.as_u64().or_else(|| name.trim_start_matches("GPIO").parse().ok());
        let number = by_name.map(|p| *p.1).or_else(|| number.and_then(|n| u8::try_from(n).ok()));
        let Some(gpio) = number.filter(|n| *n < 40) else {
            return Err(format!("there is no pin {pin}; it is a header name or a GPIO number"));
        };
        let level = self.seen.levels.get(&gpio).map(|l| u8::from(*l));
        let pwm = self.seen.pwm.get(&gpio).filter(|p| p.0 > 0);
        let pwm = pwm.map(|(freq, duty)| json!({ "freq": freq, "duty_u16": duty }));
        Ok(json!({ "gpio": gpio, "level": level, "pwm": pwm }))
    }
}

/// Events that are kept for who asks for them, at most.
const EVENTS_MAX: usize = 100_000;
