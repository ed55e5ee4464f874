//! A pseudo-terminal that stands for a board's serial port.
//!
//! The contract that tools rely on: the slave is raw before the first byte, and again when a client that
//! changed it has gone; the board's side keeps one slave open, so that nothing breaks while no client is
//! there; output is dropped while no client is there, and never blocks; a client that died with the port
//! marked exclusive does not lock the next one out; a symlink gives the port a stable name.

use crate::end::{BAUD, Gate, Line};
use crate::hub::{Hub, Next, Round, Served, Source};
use crate::modem::{Change, Levels, Lines, Modem};
use crate::outbox::{Beyond, Outbox};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A board's port on this machine.
#[derive(Debug)]
pub struct PtyPort {
    pts: PathBuf,
    link: Option<PathBuf>,
    outbox: Arc<Outbox>,
    modem: Modem,
    master: Arc<OwnedFd>,
    served: Option<Served>,
}

/// Sends a board's output to the port.
#[derive(Clone, Debug)]
pub struct PtyWriter {
    outbox: Arc<Outbox>,
    master: Arc<OwnedFd>,
}

impl PtyPort {
    /// Opens a pseudo-terminal for a board, and names it by a symlink if one is given.
    ///
    /// # Errors
    /// If the system has no pseudo-terminal left, or the symlink's name is taken by a file.
    pub fn open(hub: &Hub, link: Option<&Path>, line: &Line) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let pts = PathBuf::from(name.to_string_lossy().into_owned());
        let slave = rustix::fs::open(
            &pts,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK,
            Mode::empty(),
        )?;
        let mut raw = tcgetattr(&slave)?;
        raw.make_raw();
        tcsetattr(&slave, OptionalActions::Now, &raw)?;
        let flags = rustix::fs::fcntl_getfl(&master)?;
        rustix::fs::fcntl_setfl(&master, flags | OFlags::NONBLOCK)?;
        let watch = hub.watch(&pts)?;
        if let Some(link) = link {
            publish(&pts, link)?;
        }
        let bell = hub.bell();
        let outbox = Outbox::new(bell.clone(), Beyond::DropOldest, false);
        let master = Arc::new(master);
        let port = Port {
            master: master.clone(),
            slave,
            raw,
            line: line.clone(),
            id: bell.token(),
            gate: Gate::default(),
            outbox: outbox.clone(),
            clients: 0,
            has_closed: false,
            last_words: Vec::new(),
            lines: Lines::default(),
        };
        let served = hub.serve(&bell, Some(watch), Box::new(port));
        let (link, modem) = (link.map(Path::to_owned), Modem::of(bell));
        Ok(Self { pts, link, outbox, modem, master, served: Some(served) })
    }

    /// The device's own name, such as `/dev/pts/7`.
    pub fn pts(&self) -> &Path {
        &self.pts
    }

    /// The lines that a pseudo-terminal has not.
    pub fn modem(&self) -> Modem {
        self.modem.clone()
    }

    /// Something that writes to the port.
    pub fn writer(&self) -> PtyWriter {
        PtyWriter { outbox: self.outbox.clone(), master: self.master.clone() }
    }
}

impl Drop for PtyPort {
    fn drop(&mut self) {
        self.outbox.set_open(false);
        self.served = None;
        if let Some(link) = &self.link
            && std::fs::read_link(link).is_ok_and(|to| to == self.pts)
        {
            let _ = std::fs::remove_file(link);
        }
    }
}

impl PtyWriter {
    /// Bytes for the client, if one is there. They go out with the next [`PtyWriter::flush`], or before.
    pub fn write(&self, bytes: &[u8]) {
        self.outbox.write(bytes);
    }

    /// Sends what was written: at once, as far as the port takes it.
    pub fn flush(&self) {
        self.outbox.flush_by(|bytes| rustix::io::write(&self.master, bytes).unwrap_or_default());
    }
}

/// Puts a symlink in place, replacing an older symlink but nothing else.
fn publish(pts: &Path, link: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(link) {
        Ok(m) if m.file_type().is_symlink() => std::fs::remove_file(link)?,
        Ok(_) => {
            let text = format!("`{}` is there already and is no symlink", link.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        Err(_) => {}
    }
    std::os::unix::fs::symlink(pts, link)
}

/// The port as the hub has it.
struct Port {
    master: Arc<OwnedFd>,
    slave: OwnedFd,
    /// How the slave is at the start.
    raw: Termios,
    line: Line,
    id: u64,
    gate: Gate,
    outbox: Arc<Outbox>,
    clients: usize,
    /// The last client has closed, and what it had sent may still be on its way.
    has_closed: bool,
    /// What was read since: its last words, or the first of one of whom the system has not told yet.
    last_words: Vec<u8>,
    lines: Lines,
}

/// Buffers that are read, and written, in a turn, so that others have theirs.
const READS: usize = 16;
const WRITES: usize = 64;

impl Source for Port {
    fn file(&self) -> BorrowedFd<'_> {
        self.master.as_fd()
    }

    fn clients(&mut self, opened: usize, closed: usize) {
        self.clients = (self.clients + opened).saturating_sub(closed);
        if opened > 0 {
            self.outbox.set_open(true);
            self.lines.open();
        }
        if closed > 0 {
            // A client that was killed leaves the port exclusive.
            let _ = rustix::termios::ioctl_tiocnxcl(&self.slave);
            if self.clients == 0 {
                self.tidy();
                self.has_closed = true;
                if let Some(Levels { dtr, rts }) = self.lines.close() {
                    self.line.lines(dtr, rts);
                }
            }
        }
    }

    fn modem(&mut self, change: Change) -> Option<Levels> {
        if self.lines.set(change) {
            let Levels { dtr, rts } = self.lines.now();
            self.line.lines(dtr, rts);
        }
        Some(self.lines.now())
    }

    fn turn(&mut self, _: &mut Round) -> Next {
        let mut buffer = [0; 4096];
        let mut is_open = true;
        let mut is_empty = false;
        if self.gate.is_open(&self.line) {
            // Whoever had opened the port before they were said is known by now.
            let words = std::mem::take(&mut self.last_words);
            self.pass_on(&words);
        }
        for _ in 0..READS {
            is_open = self.gate.is_open(&self.line) && self.last_words.is_empty();
            if !is_open {
                break;
            }
            match rustix::io::read(&self.master, &mut buffer[..]) {
                Ok(n) if n > 0 && self.clients == 0 && self.has_closed => {
                    self.last_words.extend_from_slice(&buffer[..n]);
                }
                Ok(n) if n > 0 => {
                    if self.clients == 0 {
                        // The system tells of two openings in a row once: who speaks is there.
                        self.clients(1, 0);
                    }
                    self.pass_on(&buffer[..n]);
                }
                _ => {
                    is_empty = true;
                    break;
                }
            }
        }
        if is_empty && std::mem::take(&mut self.has_closed) && self.clients == 0 {
            self.line.gone(self.id);
        }
        let mut writes = 0;
        let master = &self.master;
        let is_flushed = self.outbox.drain(|bytes| {
            writes += 1;
            if writes > WRITES { 0 } else { rustix::io::write(master, bytes).unwrap_or_default() }
        });
        // Its last words may end where a turn does, and then nothing more comes.
        Next::Wait { read: is_open, write: !is_flushed, soon: !is_open || self.has_closed }
    }
}

/// What the client has set, in bits a second.
fn speed_of(slave: &OwnedFd) -> u32 {
    tcgetattr(slave).map_or(BAUD, |now| now.output_speed())
}

impl Port {
    /// Bytes for the board.
    fn pass_on(&self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.line.send(self.id, bytes, || speed_of(&self.slave));
        }
    }

    /// The next client starts with a clean line: nobody reads what is left, and who made the port cook
    /// what goes over it was the last to want that.
    fn tidy(&mut self) {
        self.outbox.set_open(false);
        let _ = tcflush(&self.slave, QueueSelector::IFlush);
        if let Ok(now) = tcgetattr(&self.slave)
            && (now.input_modes, now.output_modes, now.local_modes)
                != (self.raw.input_modes, self.raw.output_modes, self.raw.local_modes)
        {
            let _ = tcsetattr(&self.slave, OptionalActions::Now, &self.raw);
        }
    }
}
