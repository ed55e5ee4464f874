//! `coil as-usb`: programs to which a workshop's boards are USB serial ports.

use super::child::{self, warn};
use anyhow::{Context, Result, bail};
use coil_lab::events::{SetLines, Visit};
use coil_lab::{BoardStatus, Folder, catalog};
use coil_usb::{Bridge, Levels, Port};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGCHLD, SIGINT};
use signal_hook::iterator::Signals;
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Run a command, or a shell, to which the boards of a running workshop are USB serial ports.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
    /// The command and what it is given; a shell without one.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let status = Folder::status(&self.dir)?;
        let ports = status.boards.iter().map(port_of).collect::<Result<Vec<_>>>()?;
        let boards: HashMap<u64, String> = status
            .boards
            .iter()
            .filter_map(|b| Some((std::fs::metadata(&b.pts).ok()?.rdev(), b.name.clone())))
            .collect();
        let names = coil_usb::enter(&ports)?;
        let folder = status.folder.clone();
        let lines = move |device: u64, dtr, rts| {
            let set = SetLines { board: boards.get(&device)?.clone(), dtr, rts };
            let are = Visit::lines_of(&folder, &set);
            Some(are.map(|l| Levels { dtr: l.dtr, rts: l.rts }))
        };
        match coil_usb::serve_lines(Box::new(lines)) {
            // Without lines there are ports all the same.
            Err(e @ coil_usb::UsbError::Lines(_)) => warn(&format!("coil: {e}")),
            done => done?,
        }
        let is_shell = self.command.is_empty();
        if is_shell && std::io::stdin().is_terminal() {
            greet(&status.boards, &names);
        }
        let mut command = child::command(&self.command);
        command.env("COIL_LAB", &status.folder);
        child::run(&mut command)
    }
}

/// A board's port at the bridge that its type has.
fn port_of(board: &BoardStatus) -> Result<Port> {
    let Some(device) = catalog::device(&board.device) else {
        bail!("unknown board `{}`", board.device);
    };
    let usb = device.usb;
    let bridge = Bridge {
        vid: usb.vid,
        pid: usb.pid,
        manufacturer: usb.manufacturer,
        product: usb.product,
        serial: usb.serial,
    };
    Ok(Port { pts: board.pts.clone(), bridge })
}

/// Says what is what.
fn greet(boards: &[BoardStatus], names: &[PathBuf]) {
    let ports = boards.iter().zip(names).map(|(b, n)| format!("{} is {}", b.name, n.display()));
    let ports: Vec<_> = ports.collect();
    warn(&format!("In this shell the boards are USB serial ports: {}.", ports.join(", ")));
    warn("Tools find them by themselves and can reset them. `exit` leaves the shell.");
}

/// Runs such a shell in the process of the workshop, until the shell ends or a signal ends the workshop.
pub(crate) fn shell(folder: &Path, signals: &mut Signals) -> Result<ExitCode> {
    signals.add_signal(SIGCHLD).context("signals")?;
    let program = std::env::current_exe().context("this program's file")?;
    let mut child = Command::new(program)
        .arg("as-usb")
        .arg("--dir")
        .arg(folder)
        .spawn()
        .context("cannot start a shell")?;
    for signal in signals.forever() {
        match signal {
            SIGCHLD => {
                if let Some(status) = child.try_wait()? {
                    return child::ended(status);
                }
            }
            // A key for what runs in the shell.
            SIGINT => {}
            _ => break,
        }
    }
    // It may have ended by itself.
    let _ = kill_process(Pid::from_child(&child), Signal::HUP);
    child.wait()?;
    Ok(ExitCode::SUCCESS)
}
