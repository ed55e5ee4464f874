//! A board's prompt in this terminal.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::termios::{OptionalActions, Termios, isatty, tcgetattr, tcsetattr};
use std::io::{self, Write};
use std::path::Path;

/// The key that leaves the terminal: Ctrl-].
const LEAVE: u8 = 0x1d;

/// Puts the terminal's settings back.
struct Restore(Termios);

impl Drop for Restore {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

/// Connects this terminal with a serial port until Ctrl-] is typed, input ends, or the port goes.
///
/// # Errors
/// If the port cannot be opened.
pub fn attach(port: &Path) -> io::Result<()> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let port = rustix::fs::open(port, flags, Mode::empty())?;
    let stdin = io::stdin();
    let restore = if isatty(&stdin) {
        let settings = tcgetattr(&stdin)?;
        let mut raw = settings.clone();
        raw.make_raw();
        tcsetattr(&stdin, OptionalActions::Flush, &raw)?;
        Some(Restore(settings))
    } else {
        None
    };
    // The board shows its prompt anew.
    rustix::io::write(&port, b"\r")?;
    let mut buffer = [0; 4096];
    let mut input_open = true;
    loop {
        let mut fds = vec![PollFd::new(&port, PollFlags::IN)];
        if input_open {
            fds.push(PollFd::new(&stdin, PollFlags::IN));
        }
        // Once input has ended, what the board still says is awaited for a moment.
        let patience = rustix::event::Timespec { tv_sec: 0, tv_nsec: 300_000_000 };
        let n = poll(&mut fds, if input_open { None } else { Some(&patience) })?;
        if n == 0 {
            break;
        }
        let from_board = fds[0].revents();
        let typed = input_open && !fds[1].revents().is_empty();
        if from_board.contains(PollFlags::IN) {
            let n = rustix::io::read(&port, &mut buffer[..])?;
            io::stdout().write_all(&buffer[..n])?;
            io::stdout().flush()?;
        } else if from_board.intersects(PollFlags::HUP | PollFlags::ERR) {
            break;
        }
        if typed {
            let n = rustix::io::read(&stdin, &mut buffer[..])?;
            match buffer[..n].iter().position(|&b| b == LEAVE) {
                Some(at) => {
                    rustix::io::write(&port, &buffer[..at])?;
                    break;
                }
                None if n == 0 => input_open = false,
                None => {
                    rustix::io::write(&port, &buffer[..n])?;
                }
            }
        }
    }
    drop(restore);
    Ok(())
}
