//! `coil record`: a board whose session can be repeated.

use super::common::{BoardOptions, read, tell};
use super::network::{Network, NetworkOptions};
use super::ports::{Ports, hands};
use super::run::{ToStdout, exit_code, forward_input};
use anyhow::{Context, Result, bail};
use coil_board::Outcome;
use coil_lab::events::{Door, actor};
use coil_lab::recording::{Recorder, Start, VERSION, hex};
use coil_lab::{BoardStatus, CloudStatus, Console, Events, Folder, Pace, Runner, Status, Wired};
use coil_link::Hub;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;

/// Run a board so that its session can be repeated exactly, with `coil replay`.
///
/// What is typed, what is done to its circuit and what the network answers is written down.
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
    network: NetworkOptions,
    #[command(flatten)]
    board: BoardOptions,
}

/// The name of the board.
const BOARD: &str = "board0";
/// What is erased at once.
const SECTOR: usize = 4096;

impl Args {
    pub(crate) fn run(mut self) -> Result<ExitCode> {
        if self.board.card.is_some() {
            bail!(
                "`--card` cannot be recorded: what the card holds would be missing from the recording"
            );
        }
        if self.board.stimulus.is_some() {
            bail!("`--stimulus` cannot be recorded; play it with `coil play` while the board runs");
        }
        let (device, profile) = self.board.check()?;
        let plan = self.board.plan(&device)?;
        self.board.seed.get_or_insert_with(rand_seed);
        let program = self.program.as_deref().map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            read(path).map(|text| (text, name))
        });
        let program = program.transpose()?;
        let start = self.start(program.clone())?;
        let access_points = self.network.access_points()?;
        let listener = self.network.listen()?;
        let folder = Folder::open(&self.dir)?;
        let mut network = self.network.open(access_points, &folder, listener, 1)?;
        let file = File::create(&self.file)
            .with_context(|| format!("cannot write `{}`", self.file.display()))?;
        let recorder = Recorder::new(Box::new(file), &start).context("the recording")?;
        let tty = folder.path().join(format!("tty-{BOARD}"));
        let hub = Hub::start().context("cannot start a thread")?;
        let ports = Ports::open(&hub, Some(&tty))?;
        let (done, outcome) = channel();
        let done_at_the_end = done.clone();
        let console: Box<dyn Console> = match program {
            Some(_) => Box::new(ToStdout { done }),
            None => ports.console(),
        };
        let events = Events::new();
        let mut spec = self.board.spec(console)?;
        spec.observer = Some(Box::new(events.board(BOARD)));
        let mac = spec.mac;
        spec.station = Some(network.air.attach(mac));
        spec.recorder = Some(recorder);
        spec.program = program.clone().map(|(text, name)| (text.into_bytes(), name));
        let rom = coil_board::modules::rom(&profile);
        let mut runner = Runner::start(rom, Pace::Live).context("cannot start a thread")?;
        // The network is on the wall's time, as others are that the board speaks to.
        let started = Instant::now();
        network.serve(Arc::new(move || started.elapsed().as_micros() as u64))?;
        let board = runner.add(spec);
        ports.seat.take(board.clone());
        let circuits = plan.map(|plan| (BOARD.to_owned(), (Wired::new(plan), ports.seat.hands())));
        let circuits = circuits.into_iter().collect();
        let modems = BTreeMap::from([(BOARD.to_owned(), ports.pty.modem())]);
        let names = [(mac, BOARD.into())].into();
        let hands = hands(actor(circuits), modems).with_air(&network.air, names);
        let _door = Door::open(folder.path(), events, hands).context("a socket")?;
        folder.publish(&self.status(&folder, &network, &ports, &tty))?;
        if program.is_some() {
            forward_input(board)?;
            // Whoever ends the process ends the session, so that its end is recorded as well.
            let ended = done_at_the_end;
            let mut signals = Signals::new([SIGTERM, SIGHUP]).context("signals")?;
            std::thread::spawn(move || signals.forever().next().map(|_| ended.send(Outcome::Done)));
            let outcome = outcome.recv().unwrap_or(Outcome::Done);
            runner.stop();
            return exit_code(outcome);
        }
        tell(&format!(
            "{}\nNext: `coil repl --dir {}` for the prompt; Ctrl-C ends the recording.\n",
            ports.pty.pts().display(),
            self.dir.display()
        ));
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
            jumpers: self.board.jumper.clone(),
            flash,
        })
    }

    fn status(&self, folder: &Folder, network: &Network, ports: &Ports, tty: &Path) -> Status {
        let board = BoardStatus {
            name: BOARD.into(),
            device: self.board.device.clone(),
            firmware: self.board.firmware.clone(),
            tty: tty.to_owned(),
            pts: ports.pty.pts().to_owned(),
            tcp: ports.tcp(),
            rfc2217: ports.rfc2217(),
            webrepl: String::new(),
            ports: BTreeMap::new(),
            flash: self.board.flash.clone().unwrap_or_default(),
        };
        Status {
            folder: folder.path().to_owned(),
            pid: std::process::id(),
            boards: vec![board],
            cloud: CloudStatus {
                url: network.url.clone(),
                mqtt: network.mqtt.clone(),
                master_key: network.cloud.master_key(),
            },
            page: String::new(),
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
    Ok(written.map(|(n, sector)| ((n * SECTOR) as u32, hex(sector))).collect())
}
