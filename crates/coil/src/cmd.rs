//! The commands: a file and a row each.

mod as_usb;
mod board;
mod capture;
mod child;
mod cloud;
mod common;
mod explain;
mod fault;
mod forward;
mod hands;
mod image;
mod join;
mod keys;
mod network;
mod play;
mod ports;
mod press;
mod record;
mod repl;
mod replay;
mod run;
mod seat;
mod set;
mod status;
mod test;
mod trace;
mod up;

use anyhow::Result;
use clap::Subcommand;
use std::process::ExitCode;

/// What `coil` can do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run one bare board in the foreground; its serial port's name is the first line.
    Board(board::Args),
    /// Start a workshop: a board, WiFi and a cloud.
    Up(up::Args),
    /// Start the cloud alone, for boards on the table and for programs.
    Cloud(cloud::Args),
    /// Run a command, or a shell, to which the boards of a running workshop are USB serial ports.
    AsUsb(as_usb::Args),
    /// Run a command, or a shell, whose network is a running workshop's WiFi.
    Join(join::Args),
    /// Open a board's prompt in this terminal; Ctrl-] leaves it.
    Repl(repl::Args),
    /// Tell where everything of a running workshop is.
    Status(status::Args),
    /// Run a program on a fresh board and exit with its result.
    Run(run::Args),
    /// Follow what happens on the boards of a running workshop, or on one that runs a program.
    Trace(trace::Args),
    /// Make, show, exchange and take back the keys of a workshop's cloud.
    Keys(keys::Args),
    /// Write what goes over a running workshop's air as a pcapng file.
    Capture(capture::Args),
    /// Explain what a board has said: a traceback, a crash, a line of its log.
    Explain(explain::Args),
    /// Make something go wrong on a running workshop's air, or tell what does.
    Fault(fault::Args),
    /// Press a button that is wired to a board of the running workshop.
    Press(press::Args),
    /// Set something of a part that is wired to a board of the running workshop.
    Set(set::Args),
    /// Do to a circuit of the running workshop what a file says.
    Play(play::Args),
    /// Run a board so that its session can be repeated exactly.
    Record(record::Args),
    /// Repeat a recorded session, and look at any moment of it.
    Replay(replay::Args),
    /// Run tests of MicroPython programs on boards in virtual time.
    Test(test::Args),
    /// Pack files into a flash image, for a virtual board or a real chip, and look into one.
    Image(image::Args),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self {
            Self::Board(a) => a.run(),
            Self::Run(a) => a.run(),
            Self::Trace(a) => a.run(),
            Self::Press(a) => a.run(),
            Self::Set(a) => a.run(),
            Self::Play(a) => a.run(),
            Self::Record(a) => a.run(),
            Self::Replay(a) => a.run(),
            Self::Test(a) => a.run(),
            Self::Image(a) => a.run(),
            Self::Up(a) => a.run(),
            Self::Cloud(a) => a.run(),
            Self::AsUsb(a) => a.run(),
            Self::Join(a) => a.run(),
            Self::Keys(a) => a.run(),
            Self::Capture(a) => a.run(),
            Self::Explain(a) => a.run(),
            Self::Fault(a) => a.run(),
            Self::Repl(a) => a.run(),
            Self::Status(a) => a.run(),
        }
    }
}
