//! `coil record`: a board whose session can be repeated.

use super::common::{BoardOptions, read};
use super::run::{ToStdout, exit_code, forward_input};
use anyhow::{Context, Result};
use coil_board::Outcome;
use coil_lab::events::{Door, actor};
use coil_lab::recording::{Recorder, Start, VERSION};
use coil_lab::{
    BoardHandle, BoardStatus, CloudStatus, Console, Events, Folder, Pace, Runner, Status,
};
use coil_link::{PtyPort, PtyWriter};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

/// Run a board so that its session can be repeated exactly, with `coil replay`.
///
/// What is typed and what is done to its circuit is written down; the board has no network.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Where the recording goes.
    file: PathBuf,
    /// A program to run instead of the prompt.
    program: Option<PathBuf>,
    /// Folder of the session, for `coil repl`, `press`, `set`, `play` and `trace`.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
    #[command(flatten)]
    board: BoardOptions,
}

/// The name of the board.
const BOARD: &str = "board0";
/// What is erased at once.
const SECTOR: usize = 4096;

struct ToPty(PtyWriter);

impl Console for ToPty {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }
    fn end(&mut self, _: Outcome) {}
}

impl Args {
    pub(crate) fn run(mut self) -> Result<ExitCode> {
        let (device, profile) = self.board.check()?;
        let plan = self.board.plan(&device)?;
        self.board.seed.get_or_insert_with(rand_seed);
        let program = self.program.as_deref().map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            read(path).map(|text| (text, name))
        });
        let program = program.transpose()?;
        let start = self.start(program.clone())?;
        let folder = Folder::open(&self.dir)?;
        let file = File::create(&self.file)
            .with_context(|| format!("cannot write `{}`", self.file.display()))?;
        let recorder = Recorder::new(Box::new(file), &start).context("the recording")?;
        let (hand, typing, acting) = {
            let h = Hand::default();
            (h.clone(), h.clone(), h)
        };
        let typed = move |bytes: &[u8]| typing.with(|board| board.send(bytes));
        let tty = folder.path().join(format!("tty-{BOARD}"));
        let pty = PtyPort::open(Some(&tty), typed).context("cannot open a pseudo-terminal")?;
        let (done, outcome) = channel();
        let console: Box<dyn Console> = match program {
            Some(_) => Box::new(ToStdout { done }),
            None => Box::new(ToPty(pty.writer())),
        };
        let events = Events::new();
        let mut spec = self.board.spec(console)?;
        spec.observer = Some(Box::new(events.board(BOARD)));
        spec.recorder = Some(recorder);
        spec.program = program.clone().map(|(text, name)| (text.into_bytes(), name));
        let rom = coil_board::modules::rom(&profile);
        let mut runner = Runner::start(rom, Pace::Live).context("cannot start a thread")?;
        let board = runner.add(spec);
        hand.take(board.clone());
        let act = move |after_ns, deed| acting.with(|board| board.act(after_ns, deed));
        let circuits: BTreeMap<_, _> =
            plan.map(|plan| (BOARD.to_owned(), (plan, act))).into_iter().collect();
        let _door = Door::open(folder.path(), events, actor(circuits)).context("a socket")?;
        folder.publish(&self.status(&folder, &pty, &tty))?;
        if program.is_some() {
            forward_input(board)?;
            let outcome = outcome.recv().unwrap_or(Outcome::Done);
            runner.stop();
            return exit_code(outcome);
        }
        let mut out = std::io::stdout();
        writeln!(out, "{}", pty.pts().display())?;
        writeln!(
            out,
            "Next: `coil repl {}` for the prompt; Ctrl-C ends the recording.",
            self.dir.display()
        )?;
        out.flush()?;
        Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?.forever().next();
        runner.stop();
        Ok(ExitCode::SUCCESS)
    }

    fn start(&self, program: Option<(String, String)>) -> Result<Start> {
        let flash = match &self.board.flash {
            Some(path) if path.exists() => sectors(path)?,
            _ => Vec::new(),
        };
        Ok(Start {
            recording: VERSION,
            device: self.board.device.clone(),
            firmware: self.board.firmware.clone(),
            float: self.board.float,
            heap: self.board.heap,
            seed: self.board.seed.unwrap_or_default(),
            circuit: self.board.circuit.as_deref().map(read).transpose()?,
            program,
            flash,
        })
    }

    fn status(&self, folder: &Folder, pty: &PtyPort, tty: &Path) -> Status {
        let board = BoardStatus {
            name: BOARD.into(),
            device: self.board.device.clone(),
            firmware: self.board.firmware.clone(),
            tty: tty.to_owned(),
            pts: pty.pts().to_owned(),
            tcp: String::new(),
            flash: self.board.flash.clone().unwrap_or_default(),
        };
        Status {
            folder: folder.path().to_owned(),
            pid: std::process::id(),
            boards: vec![board],
            cloud: CloudStatus { url: String::new(), master_key: String::new() },
            page: String::new(),
        }
    }
}

/// The board, once it is there.
#[derive(Clone, Default)]
struct Hand(Arc<Mutex<Option<BoardHandle>>>);

impl Hand {
    fn take(&self, board: BoardHandle) {
        if let Ok(mut h) = self.0.lock() {
            *h = Some(board);
        }
    }

    fn with(&self, f: impl FnOnce(&BoardHandle)) {
        if let Ok(h) = self.0.lock()
            && let Some(board) = h.as_ref()
        {
            f(board);
        }
    }
}

/// A seed that is different every time.
fn rand_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap_or_default().as_nanos() as u64
}

/// What is on an image where it is not erased.
fn sectors(path: &Path) -> Result<Vec<(u32, String)>> {
    let image = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let written = image.chunks(SECTOR).enumerate().filter(|(_, s)| s.iter().any(|b| *b != 0xff));
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect();
    Ok(written.map(|(n, sector)| ((n * SECTOR) as u32, hex(sector))).collect())
}
