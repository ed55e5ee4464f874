//! `coil trace`: the events of boards, as lines of JSON or as signals.

use super::common::BoardOptions;
use super::run::{ToStdout, exit_code, forward_input};
use anyhow::{Context, Result, bail};
use coil_air::GuestSeat;
use coil_board::Outcome;
use coil_board::outside::{Event, Kinds};
use coil_lab::events::vcd::{PinName, Vcd};
use coil_lab::events::{Batch, Filter, Line, LineError, Visit};
use coil_lab::{BoardSpec, Console, Events, Folder, Observer, Pace, Runner, catalog};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::time::Duration;

/// Follow what happens on the boards of a running workshop, or on one that runs a program.
///
/// Events are lines of JSON; docs/events.md describes them.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A program to run on a fresh board; without one the running workshop is followed until Ctrl-C.
    file: Option<PathBuf>,
    /// Folder of the workshop.
    #[arg(long, default_value = "lab", conflicts_with = "file")]
    dir: PathBuf,
    /// Only events of these kinds: pin, pwm, i2c, print, packet and so on.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    only: Vec<String>,
    /// Only events of this board; may be given more than once.
    #[arg(long, value_delimiter = ',', conflicts_with = "file")]
    board: Vec<String>,
    /// Of the events that happen on pins only those on this one; may be given more than once.
    #[arg(long, value_name = "GPIO", value_delimiter = ',')]
    pin: Vec<u8>,
    /// Where the events go instead of standard output; signals if it ends in `.vcd`.
    #[arg(long, value_name = "FILE", conflicts_with = "vcd")]
    out: Option<PathBuf>,
    /// Write signals there: a value change dump, for PulseView and GTKWave.
    #[arg(long, value_name = "FILE")]
    vcd: Option<PathBuf>,
    /// Let time jump ahead whenever the program waits.
    #[arg(long, requires = "file")]
    virtual_time: bool,
    #[command(flatten)]
    options: BoardOptions,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let filter = Filter::new(self.only.clone(), self.board.clone(), self.pin.clone())?;
        match &self.file {
            Some(file) => self.run_program(file, filter),
            None => self.follow(&filter),
        }
    }

    fn sink(&self, devices: BTreeMap<String, String>) -> Result<Sink> {
        let signals = self.vcd.as_ref().or_else(|| {
            self.out.as_ref().filter(|out| out.extension().is_some_and(|e| e == "vcd"))
        });
        let pin_name = move |board: &str, gpio| {
            let device = catalog::device(devices.get(board)?)?;
            device.header_name(gpio).map(ToOwned::to_owned)
        };
        match (signals, &self.out) {
            (Some(path), _) => Sink::signals(path, Box::new(pin_name)),
            (None, Some(path)) => {
                let file = File::create(path)
                    .with_context(|| format!("cannot write `{}`", path.display()))?;
                Ok(Sink::Lines(Box::new(BufWriter::new(file))))
            }
            (None, None) => Ok(Sink::Lines(Box::new(BufWriter::new(io::stdout())))),
        }
    }

    fn follow(&self, filter: &Filter) -> Result<ExitCode> {
        let status = Folder::status(&self.dir)?;
        for board in &self.board {
            let is_guest = GuestSeat::all().any(|seat| seat.name() == *board);
            if !is_guest && !status.boards.iter().any(|b| b.name == *board) {
                let known: Vec<_> = status.boards.iter().map(|b| b.name.as_str()).collect();
                bail!("there is no board `{board}`; there are: {}", known.join(", "));
            }
        }
        let devices = status.boards.into_iter().map(|b| (b.name, b.device)).collect();
        let visit = Visit::new(&status.folder, filter)
            .with_context(|| format!("cannot follow the workshop in `{}`", self.dir.display()))?;
        let mut sink = self.sink(devices)?;
        let mut lines = visit.lines()?;
        let mut signals = Signals::new([SIGINT, SIGTERM]).context("signals")?;
        std::thread::spawn(move || {
            signals.forever().next();
            visit.leave();
        });
        loop {
            match lines.read() {
                Ok(Some(line)) => {
                    let written = sink
                        .line(&line)
                        .and_then(|()| if lines.is_waiting() { sink.flush() } else { Ok(()) });
                    if written.is_err() {
                        break;
                    }
                }
                Ok(None) => break,
                // A newer workshop may have events that this program does not know.
                Err(LineError::Malformed { .. }) => {}
                Err(e) => return Err(e.into()),
            }
        }
        sink.finish()?;
        Ok(ExitCode::SUCCESS)
    }

    fn run_program(&self, file: &Path, filter: Filter) -> Result<ExitCode> {
        let source =
            std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let (done, outcome) = channel();
        let is_on_screen = self.out.is_none() && self.vcd.is_none();
        let console: Box<dyn Console> =
            if is_on_screen { Box::new(Unseen(done)) } else { Box::new(ToStdout { done }) };
        let options = self.options.clone().at_pace(self.virtual_time);
        let mut spec = BoardSpec { program: Some((source, name)), ..options.spec(console)? };
        let mut sink = self.sink([(BOARD.into(), spec.device.name.clone())].into())?;
        let pace = if self.virtual_time { Pace::Virtual } else { Pace::Real };
        let rom = coil_board::modules::rom(&spec.profile);
        let mut next: Box<dyn FnMut() -> Option<Batch>> = if self.virtual_time {
            let (events, batches) = sync_channel(BATCHES);
            spec.observer = Some(Box::new(Lossless { filter, batch: Vec::new(), events }));
            Box::new(move || batches.recv_timeout(LOOK).ok())
        } else {
            let events = Events::new();
            let subscription = events.subscribe(filter, WAITING);
            spec.observer = Some(Box::new(events.board(BOARD)));
            Box::new(move || subscription.next(LOOK))
        };
        let mut runner = Runner::start(rom, pace).context("cannot start a thread")?;
        forward_input(runner.add(spec))?;
        let outcome = record(&mut sink, &mut *next, &outcome);
        // A board that waits for a reader does not stop.
        drop(next);
        runner.stop();
        sink.finish()?;
        match outcome {
            Some(outcome) => exit_code(outcome),
            None => Ok(ExitCode::SUCCESS),
        }
    }
}

/// The name of the board that runs a program.
const BOARD: &str = "board0";
/// How often to look whether the program has ended.
const LOOK: Duration = Duration::from_millis(20);
/// Events that may wait to be written in real time.
const WAITING: usize = 1 << 20;
/// Batches that may wait in virtual time, and events in each.
const BATCHES: usize = 64;
const BATCH: usize = 512;

/// Writes what comes until the program has ended: how, or nothing if nobody reads any more.
fn record(
    sink: &mut Sink,
    next: &mut dyn FnMut() -> Option<Batch>,
    outcome: &Receiver<Outcome>,
) -> Option<Outcome> {
    let mut ended = None;
    loop {
        match next() {
            Some(batch) => {
                for line in batch.lines() {
                    sink.line(&line).ok()?;
                }
                sink.flush().ok()?;
            }
            // What it did last has been handed on before its end was told, or at the turn's end.
            None if ended.is_some() => return ended,
            None => {}
        }
        if ended.is_none() {
            match outcome.try_recv() {
                Ok(outcome) => ended = Some(outcome),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => ended = Some(Outcome::Done),
            }
        }
    }
}

/// A console whose output is seen as events.
struct Unseen(Sender<Outcome>);

impl Console for Unseen {
    fn write(&mut self, _: &[u8]) {}
    fn end(&mut self, outcome: Outcome) {
        let _ = self.0.send(outcome);
    }
}

/// Waits for whoever writes the events: in virtual time that costs the board nothing.
struct Lossless {
    filter: Filter,
    batch: Vec<(u64, Event)>,
    events: SyncSender<Batch>,
}

impl Observer for Lossless {
    fn event(&mut self, at_ns: u64, event: &Event) {
        if self.filter.passes(event) {
            self.batch.push((at_ns, event.clone()));
        }
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }
    fn watches(&self) -> Kinds {
        self.filter.kinds()
    }
    fn flush(&mut self) {
        if !self.batch.is_empty() {
            let events = std::mem::take(&mut self.batch);
            let board: Arc<str> = BOARD.into();
            // Without a reader the program goes on alone.
            let _ = self.events.send(Batch { missed: 0, board, events });
        }
    }
}

/// Where events go.
enum Sink {
    Lines(Box<dyn Write>),
    Signals { vcd: Box<Vcd<File>>, path: PathBuf, spool: PathBuf },
}

impl Sink {
    fn signals(path: &Path, pin_name: PinName) -> Result<Self> {
        let spool = path.with_extension("vcd.part");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&spool)
            .with_context(|| format!("cannot write `{}`", spool.display()))?;
        Ok(Self::Signals { vcd: Box::new(Vcd::new(file, pin_name)), path: path.to_owned(), spool })
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        match (self, line) {
            (Self::Lines(out), line) => {
                let mut text = serde_json::to_vec(line)?;
                text.push(b'\n');
                out.write_all(&text)
            }
            (Self::Signals { vcd, .. }, Line::Event(record)) => {
                vcd.event(record.t, &record.board, &record.event)
            }
            (Self::Signals { .. }, _) => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Lines(out) => out.flush(),
            Self::Signals { .. } => Ok(()),
        }
    }

    fn finish(mut self) -> Result<()> {
        // A reader that is gone has seen enough.
        let _ = self.flush();
        if let Self::Signals { vcd, path, spool } = self {
            let write = || {
                let mut out = BufWriter::new(File::create(&path)?);
                vcd.finish(&mut out)?;
                std::fs::remove_file(&spool)
            };
            write().with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        Ok(())
    }
}
