//! `coil replay`: a recorded session once more, and a look at any moment of it.

use super::common::BoardOptions;
use super::run::{ToStdout, exit_code};
use anyhow::{Context, Result, bail};
use coil_board::look::View;
use coil_board::outside::event::Record;
use coil_board::outside::{Event, Flash, RamFlash, Stimulus};
use coil_board::{Device, Outcome};
use coil_circuit::{Circuit, Duration, Plan};
use coil_lab::recording::{Arrival, Recording, Start, unhex};
use coil_lab::{BoardSpec, Console, Observer, Pace, Runner};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Repeat a recorded session exactly, as fast as it goes, and look at any moment of it.
///
/// Without more said, what the board printed is printed again.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The recording.
    file: PathBuf,
    /// Stop at a moment after power on, as `12.5s`, and show pins, parts, variables and calls there.
    #[arg(long, value_name = "TIME")]
    until: Option<Duration>,
    /// The events as lines of JSON instead of the output.
    #[arg(long, conflicts_with = "step")]
    events: bool,
    /// Step through it: `+100ms`, `-2s`, `12.5s`, `n` and `b` for the next event and the one before.
    #[arg(long, conflicts_with = "until")]
    step: bool,
}

/// What is seen of a session.
#[derive(Default)]
struct Seen {
    output: Vec<u8>,
    events: Vec<(u64, Event)>,
    /// The board at the moment that was asked for, and how much it had printed.
    view: Option<(View, Vec<Event>, usize)>,
}

type Shared = Arc<Mutex<Seen>>;

fn lock(seen: &Shared) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Screen(Shared, Sender<()>);

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        lock(&self.0).output.extend_from_slice(bytes);
    }
    fn end(&mut self, outcome: Outcome) {
        if let Outcome::Raised(text) = outcome {
            self.write(&text);
        }
        // Somebody waits for it.
        let _ = self.1.send(());
    }
}

struct Watch(Shared);

impl Observer for Watch {
    fn event(&mut self, at_ns: u64, event: &Event) {
        lock(&self.0).events.push((at_ns, event.clone()));
    }
    fn looked(&mut self, view: View, shown: Vec<Event>) {
        let mut seen = lock(&self.0);
        let printed = seen.output.len();
        seen.view.get_or_insert((view, shown, printed));
    }
}

/// A session whose recording ends without an end goes on for so long.
const AFTER_US: u64 = 1_000_000;
/// Events that are shown of those that a step has passed.
const EVENTS: usize = 10;

/// A recording, and what is needed to repeat it.
struct Session {
    recording: Recording,
    options: BoardOptions,
    plan: Option<Plan>,
}

impl Session {
    fn new(recording: Recording) -> Result<Self> {
        let Start { device, firmware, float, heap, seed, circuit, jumpers, .. } = &recording.start;
        let options = BoardOptions {
            device: device.clone(),
            firmware: firmware.clone(),
            float: *float,
            heap: *heap,
            seed: Some(*seed),
            jumper: jumpers.clone(),
            ..BoardOptions::default()
        };
        let (device, _): (Device, _) = options.check()?;
        let plan = match circuit {
            Some(text) => Some(Plan::read(text, &device).context("its circuit")?.with_seed(*seed)),
            None => None,
        };
        Ok(Self { recording, options, plan })
    }

    /// When it ends, in microseconds after power on; nothing for a program that ends by itself.
    fn end_us(&self) -> Option<u64> {
        let last = self.recording.entries.last();
        match last {
            Some(entry) if entry.what == Arrival::PowerOff => Some(entry.t_us),
            _ if self.recording.start.program.is_some() => None,
            last => Some(last.map_or(0, |e| e.t_us) + AFTER_US),
        }
    }

    /// The board once more, up to a moment or to its end.
    fn spec(&self, console: Box<dyn Console>, until_us: Option<u64>) -> Result<BoardSpec> {
        let mut spec = self.options.spec(console)?;
        spec.circuit = self.plan.as_ref().map(Circuit::new);
        spec.flash = self.flash(&spec)?;
        spec.replay = self.recording.entries.clone();
        let program = self.recording.start.program.clone();
        spec.program = program.map(|(text, name)| (text.into_bytes(), name));
        let end = until_us.into_iter().chain(self.end_us()).min();
        if let Some(end) = end {
            spec.script = vec![(end, Stimulus::Look), (end, Stimulus::PowerOff)];
        }
        Ok(spec)
    }

    /// Runs it and keeps what is seen.
    fn run(&self, until_us: Option<u64>) -> Result<Seen> {
        let seen = Shared::default();
        let (done, ended) = channel();
        let mut spec = self.spec(Box::new(Screen(seen.clone(), done)), until_us)?;
        spec.observer = Some(Box::new(Watch(seen.clone())));
        let rom = coil_board::modules::rom(&spec.profile);
        let mut runner = Runner::start(rom, Pace::Virtual).context("cannot start a thread")?;
        runner.add(spec);
        let _ = ended.recv();
        runner.stop();
        let seen = std::mem::take(&mut *lock(&seen));
        Ok(seen)
    }

    /// Prints what it printed, as it comes: a session that was cut off may have no end. Its result is the process's.
    fn print(&self) -> Result<ExitCode> {
        let (done, outcome) = channel();
        let spec = self.spec(Box::new(ToStdout { done }), None)?;
        let rom = coil_board::modules::rom(&spec.profile);
        let mut runner = Runner::start(rom, Pace::Virtual).context("cannot start a thread")?;
        runner.add(spec);
        let outcome = outcome.recv().unwrap_or(Outcome::Done);
        runner.stop();
        exit_code(outcome)
    }

    fn flash(&self, spec: &BoardSpec) -> Result<Box<dyn Flash + Send>> {
        let mut flash = RamFlash::new(spec.device.flash_bytes);
        for (at, hex) in &self.recording.start.flash {
            let written = unhex(hex).and_then(|bytes| flash.program(*at, &bytes).ok());
            written.with_context(|| {
                format!("what the recording has for the flash at {at:#x} is none")
            })?;
        }
        Ok(Box::new(flash))
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let name = self.file.display();
        let file = File::open(&self.file).with_context(|| format!("cannot read `{name}`"))?;
        let recording =
            Recording::read(BufReader::new(file)).with_context(|| format!("recording `{name}`"))?;
        let session = Session::new(recording).with_context(|| format!("recording `{name}`"))?;
        if !self.step && !self.events && self.until.is_none() {
            return session.print();
        }
        let shown = if self.step { step(&session) } else { self.show(&session) };
        match shown {
            // A reader that is gone has seen enough.
            Err(e) if e.downcast_ref().is_some_and(is_broken_pipe) => Ok(()),
            other => other,
        }?;
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, session: &Session) -> Result<()> {
        let seen = session.run(self.until.map(|t| t.ns / 1000))?;
        let mut out = std::io::stdout().lock();
        if self.events {
            for (t, event) in &seen.events {
                let (board, event) = (Cow::Borrowed("board0"), Cow::Borrowed(event));
                serde_json::to_writer(&mut out, &Record { t: *t, board, event })?;
                writeln!(out)?;
            }
        }
        if self.until.is_some() {
            let Some((view, shown, printed)) = &seen.view else {
                bail!("the session was over before that moment");
            };
            out.write_all(&seen.output[..*printed])?;
            show(&mut out, view, shown)?;
        }
        out.flush()?;
        Ok(())
    }
}

fn is_broken_pipe(e: &std::io::Error) -> bool {
    e.kind() == std::io::ErrorKind::BrokenPipe
}

/// A moment in seconds, to the microsecond.
fn seconds(us: u64) -> String {
    format!("{}.{:06}s", us / 1_000_000, us % 1_000_000)
}

/// Whether a name of a program is worth a line: what it has only imported or defined is not.
fn is_worth(name: &str, value: &str) -> bool {
    let defined = ["<module", "<function", "<class", "<closure", "<generator"];
    !name.starts_with("__") && !defined.iter().any(|d| value.starts_with(d))
}

/// Shows a board in a moment.
fn show(out: &mut dyn Write, view: &View, shown: &[Event]) -> Result<()> {
    writeln!(out, "\n--- {}", seconds(view.at_us))?;
    for pin in &view.pins {
        let how = match (pin.output, pin.pull) {
            (true, _) => "output",
            (false, Some(true)) => "input with pull-up",
            (false, Some(false)) => "input with pull-down",
            (false, None) => "input",
        };
        writeln!(out, "GPIO{:<3} {}  {how}", pin.gpio, u8::from(pin.level))?;
    }
    for event in shown {
        if let Event::Part { part, name, value } = event {
            writeln!(out, "{part}.{name} = {value}")?;
        }
    }
    for (name, value) in view.globals.iter().filter(|g| is_worth(&g.0, &g.1)) {
        writeln!(out, "{name}: {value}")?;
    }
    for call in &view.calls {
        writeln!(out, "in {} ({}:{})", call.function, call.file, call.line)?;
        for (name, value) in &call.locals {
            writeln!(out, "   {name}: {value}")?;
        }
    }
    Ok(())
}

/// Goes from moment to moment, as lines on standard input say.
fn step(session: &Session) -> Result<()> {
    let whole = session.run(None)?;
    let last = whole.events.last().map_or(0, |e| e.0 / 1000);
    let end = session.end_us().unwrap_or(last);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} events in {}. `+100ms`, `-2s`, `12.5s`: there; `n`, `b`: next event, the one before; `o`: output; `q`",
        whole.events.len(),
        seconds(end)
    )?;
    out.flush()?;
    let mut at = 0;
    let mut printed = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let line = line.trim();
        let before = at;
        let mut times = whole.events.iter().map(|e| e.0 / 1000);
        let length = |text: &str| text.parse::<Duration>().map(|d| d.ns / 1000);
        let to = match line.split_at_checked(1) {
            Some(("q", "")) => return Ok(()),
            Some(("o", "")) => {
                out.write_all(&whole.output[..printed])?;
                writeln!(out)?;
                out.flush()?;
                continue;
            }
            Some(("n", "")) => Ok(times.find(|t| *t > at).unwrap_or(end)),
            Some(("b", "")) => Ok(times.take_while(|t| *t < at).last().unwrap_or(0)),
            Some(("+", by)) => length(by).map(|by| at + by),
            Some(("-", by)) => length(by).map(|by| at.saturating_sub(by)),
            _ => length(line),
        };
        match to {
            Ok(to) => at = to.min(end),
            Err(e) => {
                writeln!(out, "{e}")?;
                continue;
            }
        }
        let passed = whole.events.iter().filter(|e| (before + 1..=at).contains(&(e.0 / 1000)));
        let passed: Vec<_> = passed.collect();
        for (t, event) in &passed[passed.len().saturating_sub(EVENTS)..] {
            let (board, event) = (Cow::Borrowed("board0"), Cow::Borrowed(event));
            writeln!(out, "{}", serde_json::to_string(&Record { t: *t, board, event })?)?;
        }
        match session.run(Some(at))?.view {
            Some((view, shown, so_far)) => {
                printed = so_far;
                show(&mut out, &view, &shown)?;
            }
            None => writeln!(out, "the session was over before that moment")?,
        }
        out.flush()?;
    }
    Ok(())
}
