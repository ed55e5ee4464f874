//! `coil capture`: what goes over a workshop's air, for Wireshark.

use anyhow::{Context, Result, bail};
use coil_air::Air;
use coil_lab::capture::{Capture, Captures, Wish};
use coil_lab::events::{Names, Visit};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Write what goes over a running workshop's air as a pcapng file, until Ctrl-C.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
    /// The file; without it, standard output: `coil capture | wireshark -k -i -`.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only what this board sends and hears.
    #[arg(long, value_name = "NAME")]
    board: Option<String>,
    /// With the secrets of the TLS sessions that begin while it runs: Wireshark can read what is said in them, and so can whoever gets the file.
    #[arg(long)]
    keys: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
        if self.output.is_none() && std::io::stdout().is_terminal() {
            bail!(
                "a capture is no text; say where it goes with `-o FILE`, or `coil capture | wireshark -k -i -`"
            );
        }
        let wish = Wish { board: self.board, keys: self.keys };
        // It says why, where there is no workshop.
        coil_lab::Folder::status(&self.dir)?;
        let visit = Visit::capture(&self.dir, &wish).context("cannot capture")?;
        let mut from = visit.bytes()?;
        let mut to: Box<dyn Write> = match &self.output {
            Some(path) => Box::new(create(path)?),
            None => Box::new(std::io::stdout().lock()),
        };
        std::thread::spawn(move || {
            signals.forever().next();
            visit.leave();
        });
        let mut buffer = vec![0; 1 << 16];
        let mut written = 0;
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            // Whoever read it has had enough.
            if let Err(e) = to.write_all(&buffer[..n]).and_then(|()| to.flush()) {
                match self.output {
                    Some(path) => return Err(e).with_context(|| cannot_write(&path)),
                    None => return Ok(ExitCode::SUCCESS),
                }
            }
            written += n;
        }
        if let Some(path) = self.output {
            let _ = writeln!(std::io::stderr(), "{written} bytes in {}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
}

fn create(path: &Path) -> Result<File> {
    File::create(path).with_context(|| cannot_write(path))
}

/// A capture from a workshop's first frame on.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct CaptureOptions {
    /// Write what goes over the air to this file, as pcapng for Wireshark, from the first frame on.
    #[arg(long, value_name = "FILE")]
    capture: Option<PathBuf>,
    /// With the secrets of TLS sessions, so that Wireshark can read them.
    #[arg(long, requires = "capture")]
    capture_keys: bool,
}

impl CaptureOptions {
    /// The file, before anything runs.
    pub(crate) fn create(&self) -> Result<Option<File>> {
        self.capture.as_deref().map(create).transpose()
    }

    /// Starts it; the air has its clock by then, and no board is on it. It ends with the process.
    pub(crate) fn start(&self, file: Option<File>, air: &Air) -> Result<()> {
        let Some(file) = file else { return Ok(()) };
        let wish = Wish { board: None, keys: self.capture_keys };
        let capture = Captures::new(air.clone(), Names::new()).start(&wish);
        let capture = capture.map_err(anyhow::Error::msg)?;
        let path = self.capture.clone().unwrap_or_default();
        let write = move || {
            if let Err(e) = write_all(&capture, file) {
                let _ = writeln!(std::io::stderr(), "coil: {}: {e}", cannot_write(&path));
            }
        };
        std::thread::Builder::new()
            .name("capture".into())
            .spawn(write)
            .context("cannot start a thread")?;
        Ok(())
    }
}

fn write_all(capture: &Capture, mut file: File) -> std::io::Result<()> {
    loop {
        if let Some(bytes) = capture.next(LOOK) {
            file.write_all(&bytes)?;
        }
    }
}

/// How long to wait for the next frame at a time.
const LOOK: Duration = Duration::from_secs(60);
