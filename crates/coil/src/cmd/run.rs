//! `coil run`: a program on a fresh board.

use super::common::BoardOptions;
use anyhow::{Context, Result};
use coil_board::Outcome;
use coil_lab::{BoardHandle, Console, Pace, Runner};
use signal_hook::consts::SIGINT;
use signal_hook::iterator::Signals;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};

/// Run a program on a fresh board.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The program.
    file: PathBuf,
    #[command(flatten)]
    board: BoardOptions,
    /// Let time jump ahead whenever the program waits.
    #[arg(long)]
    virtual_time: bool,
}

pub(super) struct ToStdout {
    pub(super) done: Sender<Outcome>,
}

impl Console for ToStdout {
    fn write(&mut self, bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        // A closed pipe ends nothing: the program's result still counts.
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }
    fn end(&mut self, outcome: Outcome) {
        let _ = self.done.send(outcome);
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let source = std::fs::read(&self.file)
            .with_context(|| format!("cannot read `{}`", self.file.display()))?;
        let (done, outcome) = channel();
        let options = self.board.at_pace(self.virtual_time);
        let mut spec = options.spec(Box::new(ToStdout { done }))?;
        let name =
            self.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        spec.program = Some((source, name));
        let pace = if self.virtual_time { Pace::Virtual } else { Pace::Real };
        let mut runner = Runner::start(coil_board::modules::rom(&spec.profile), pace)
            .context("cannot start a thread")?;
        let board = runner.add(spec);
        forward_input(board)?;
        exit_code(outcome.recv().unwrap_or(Outcome::Done))
    }
}

/// What the process ends with after a program; a traceback goes to stderr.
pub(super) fn exit_code(outcome: Outcome) -> Result<ExitCode> {
    match outcome {
        Outcome::Done => Ok(ExitCode::SUCCESS),
        Outcome::Exit(code) => Ok(ExitCode::from(code as u8)),
        Outcome::Raised(text) => {
            std::io::stderr().write_all(&text)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Input that may wait for the program to read it.
const INPUT_AHEAD: usize = 64 << 10;

/// Standard input goes to the board, and Ctrl-C as the character that interrupts a program.
pub(super) fn forward_input(board: BoardHandle) -> Result<()> {
    let mut signals = Signals::new([SIGINT]).context("signals")?;
    let interrupted = board.clone();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            interrupted.send(&[3]);
        }
    });
    std::thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(n) = std::io::stdin().read(&mut buffer) {
            if n == 0 {
                return;
            }
            // A program that reads slowly loses nothing of a long input.
            while board.waiting() > INPUT_AHEAD {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            board.send(&buffer[..n]);
        }
    });
    Ok(())
}
