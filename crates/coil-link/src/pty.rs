//! A pseudo-terminal that stands for a board's serial port.
//!
//! The contract that tools rely on: the slave is raw before the first byte; the board's side keeps
//! one slave open, so that nothing breaks while no client is there; output is dropped while no
//! client is there, and never blocks; a client that died with the port marked exclusive does not
//! lock the next one out; a symlink gives the port a stable name.

use crate::guests::{Guest, Guests};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::inotify::{self, ReadFlags, WatchFlags};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::collections::VecDeque;
use std::io;
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Output that waits for a slow client, at most; the oldest is dropped beyond it.
const BACKLOG_MAX: usize = 8 << 20;

/// A board's port on this machine.
#[derive(Debug)]
pub struct PtyPort {
    pts: PathBuf,
    link: Option<PathBuf>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Sends a board's output to the port.
#[derive(Clone, Debug)]
pub struct PtyWriter {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Wakes the thread: the writing end of a pipe.
    wake: OwnedFd,
}

#[derive(Debug, Default)]
struct State {
    backlog: VecDeque<u8>,
    clients: usize,
    /// They, among those of all ports of the board.
    guest: Option<Guest>,
    stop: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        // A full pipe wakes as well.
        let _ = rustix::io::write(&self.wake, b"w");
    }
}

struct Ends {
    master: OwnedFd,
    slave: OwnedFd,
    wake: OwnedFd,
    watch: OwnedFd,
}

impl PtyPort {
    /// Opens a pseudo-terminal, names it by a symlink if one is given, and hands every byte that
    /// clients send to `input`. Its clients, however many, are one of the `guests`.
    ///
    /// # Errors
    /// If the system has no pseudo-terminal left, or the symlink's name is taken by a file.
    pub fn open(
        link: Option<&Path>,
        guests: Guests,
        input: impl FnMut(&[u8]) + Send + 'static,
    ) -> io::Result<Self> {
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
        let watch = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?;
        inotify::add_watch(
            &watch,
            &pts,
            WatchFlags::OPEN | WatchFlags::CLOSE_WRITE | WatchFlags::CLOSE_NOWRITE,
        )?;
        let (wake_end, wake) = rustix::pipe::pipe_with(
            rustix::pipe::PipeFlags::CLOEXEC | rustix::pipe::PipeFlags::NONBLOCK,
        )?;
        if let Some(link) = link {
            publish(&pts, link)?;
        }
        let shared = Arc::new(Shared { state: Mutex::default(), wake });
        let ends = Ends { master, slave, wake: wake_end, watch };
        let for_thread = shared.clone();
        let thread = std::thread::Builder::new()
            .name("pty".into())
            .spawn(move || serve(&ends, &for_thread, &guests, input))?;
        Ok(Self { pts, link: link.map(Path::to_owned), shared, thread: Some(thread) })
    }

    /// The device's own name, such as `/dev/pts/7`.
    pub fn pts(&self) -> &Path {
        &self.pts
    }

    /// Something that writes to the port.
    pub fn writer(&self) -> PtyWriter {
        PtyWriter { shared: self.shared.clone() }
    }
}

impl Drop for PtyPort {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.wake();
        if let Some(t) = self.thread.take() {
            let _ = t.join();
        }
        if let Some(link) = &self.link
            && std::fs::read_link(link).is_ok_and(|to| to == self.pts)
        {
            let _ = std::fs::remove_file(link);
        }
    }
}

impl PtyWriter {
    /// Sends bytes to the client, if one is there.
    pub fn write(&self, bytes: &[u8]) {
        let mut state = self.shared.lock();
        if state.clients == 0 {
            return;
        }
        let over = (state.backlog.len() + bytes.len()).saturating_sub(BACKLOG_MAX);
        if over > 0 {
            let n = over.min(state.backlog.len());
            state.backlog.drain(..n);
        }
        state.backlog.extend(bytes);
        drop(state);
        self.shared.wake();
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

fn serve(ends: &Ends, shared: &Shared, guests: &Guests, mut input: impl FnMut(&[u8])) {
    let mut buffer = [0; 4096];
    // Has gone, but what it has sent is still to be read.
    let mut leaving: Option<Guest> = None;
    loop {
        let pending = {
            let state = shared.lock();
            if state.stop {
                return;
            }
            !state.backlog.is_empty()
        };
        let mut interest = PollFlags::IN;
        if pending {
            interest |= PollFlags::OUT;
        }
        let mut fds = [
            PollFd::new(&ends.master, interest),
            PollFd::new(&ends.wake, PollFlags::IN),
            PollFd::new(&ends.watch, PollFlags::IN),
        ];
        if poll(&mut fds, None).is_err() {
            continue;
        }
        let (master, woken, watched) = (fds[0].revents(), fds[1].revents(), fds[2].revents());
        if watched.contains(PollFlags::IN) {
            leaving = count_clients(ends, shared, guests).or(leaving);
        }
        if woken.contains(PollFlags::IN) {
            while rustix::io::read(&ends.wake, &mut buffer[..]).is_ok_and(|n| n > 0) {}
        }
        if master.contains(PollFlags::IN) || leaving.is_some() {
            // Not more than a few buffers at a time, so that output gets its turn.
            for _ in 0..16 {
                match rustix::io::read(&ends.master, &mut buffer[..]) {
                    Ok(n) if n > 0 => input(&buffer[..n]),
                    _ => {
                        leaving = None;
                        break;
                    }
                }
            }
        }
        if pending || woken.contains(PollFlags::IN) {
            flush(ends, shared);
        }
    }
}

fn flush(ends: &Ends, shared: &Shared) {
    loop {
        let mut state = shared.lock();
        let (front, _) = state.backlog.as_slices();
        if front.is_empty() {
            return;
        }
        match rustix::io::write(&ends.master, front) {
            Ok(n) => {
                state.backlog.drain(..n);
            }
            Err(_) => return,
        }
    }
}

/// Follows clients coming and going; gives who has gone with the last of them.
fn count_clients(ends: &Ends, shared: &Shared, guests: &Guests) -> Option<Guest> {
    let mut space = [MaybeUninit::uninit(); 2048];
    let mut events = inotify::Reader::new(&ends.watch, &mut space);
    let (mut closed, mut gone) = (false, None);
    {
        let mut state = shared.lock();
        while let Ok(e) = events.next() {
            if e.events().contains(ReadFlags::OPEN) {
                state.clients += 1;
            }
            if e.events().intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE) {
                state.clients = state.clients.saturating_sub(1);
                closed = true;
            }
        }
        if state.clients == 0 && closed {
            // Nobody reads what is left; the next client starts with a clean line.
            state.backlog.clear();
            // They may have come and gone at once.
            gone = state.guest.take().or_else(|| Some(guests.enter()));
        } else if state.clients > 0 && state.guest.is_none() {
            state.guest = Some(guests.enter());
        }
    }
    if closed {
        // A client that was killed leaves the port exclusive.
        let _ = rustix::termios::ioctl_tiocnxcl(ends.slave.as_fd());
    }
    gone
}
