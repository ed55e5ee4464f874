//! The door through which other processes of the same user read a running lab's stream and do
//! something to its boards: a socket in the lab's folder, on which lines of JSON go to and fro.
//!
//! A client sends one line. If that is a [`Filter`], it gets `{"ok":true}` or `{"error":"…"}`, then events
//! until it goes away; one that reads slowly is told what it missed. If it is `{"act":…}`, an [`Act`], or
//! `{"lines":…}`, a [`SetLines`], or `{"faults":[…]}`, it is done, the answer says so or why not, and the next line may follow. After `{"capture":…}`, a [`Wish`], and the answer
//! comes a pcapng file, until it goes away. After `{"join":…}`, a [`JoinWish`], and the answer the connection carries frames of Ethernet.

use super::{
    Act, Answer, Events, Filter, GuestLink, Hands, JoinWish, Joined, Lines, LinesAre, REQUEST_MAX,
    Request, SetLines,
};
use crate::capture::{Capture, Wish};
use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Its name in the lab's folder.
const NAME: &str = "events.sock";
/// Clients at a time.
const CLIENTS_MAX: usize = 16;
/// Steps that certainly fit a client's line.
const STEPS: usize = 50;
/// Events that wait for a client.
const WAITING: usize = 1 << 16;
/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often an idle client is looked after.
const LOOK: Duration = Duration::from_millis(250);

/// The open door; it closes when it is dropped.
#[derive(Debug)]
pub struct Door {
    folder: PathBuf,
    closed: Arc<AtomicBool>,
}

/// The path of something in a folder, short enough for a socket's however deep the folder is.
fn short(folder: &File, name: &str) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}/{name}", folder.as_raw_fd()))
}

impl Door {
    /// Opens it in the folder of a lab that this process has locked.
    ///
    /// # Errors
    /// If no socket can be made there.
    pub fn open(folder: &Path, events: Events, hands: Hands) -> io::Result<Self> {
        // Nobody else may come in before the socket is this user's alone.
        let private = folder.join(".door");
        let _ = std::fs::remove_dir_all(&private);
        DirBuilder::new().mode(0o700).create(&private)?;
        let listener = UnixListener::bind(short(&File::open(&private)?, NAME))?;
        std::fs::set_permissions(private.join(NAME), Permissions::from_mode(0o600))?;
        std::fs::rename(private.join(NAME), folder.join(NAME))?;
        std::fs::remove_dir(&private)?;
        let closed = Arc::new(AtomicBool::new(false));
        let is_closed = closed.clone();
        std::thread::Builder::new()
            .name("events".into())
            .spawn(move || welcome(&listener, &events, &hands, &is_closed))?;
        Ok(Self { folder: folder.to_owned(), closed })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
        // Whoever waits for clients sees that it is over.
        if let Ok(folder) = File::open(&self.folder) {
            let _ = UnixStream::connect(short(&folder, NAME));
        }
        let _ = std::fs::remove_file(self.folder.join(NAME));
    }
}

fn welcome(listener: &UnixListener, events: &Events, hands: &Hands, closed: &Arc<AtomicBool>) {
    let clients = Arc::new(AtomicUsize::new(0));
    for client in listener.incoming() {
        if closed.load(Ordering::Acquire) {
            return;
        }
        let Ok(client) = client else {
            // No descriptors left, most likely.
            std::thread::sleep(LOOK);
            continue;
        };
        if clients.fetch_add(1, Ordering::AcqRel) >= CLIENTS_MAX {
            clients.fetch_sub(1, Ordering::AcqRel);
            let busy = format!("{CLIENTS_MAX} others read already; close one of them");
            let _ = say(&client, &Answer::Error(busy));
            continue;
        }
        let (events, hands) = (events.clone(), hands.clone());
        let (closed, leaving) = (closed.clone(), clients.clone());
        let thread = std::thread::Builder::new().name("events reader".into()).spawn(move || {
            // A client that is gone is no news.
            let _ = attend(&client, &events, &hands, &closed);
            leaving.fetch_sub(1, Ordering::AcqRel);
        });
        if thread.is_err() {
            clients.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

fn say(client: &UnixStream, answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    (&mut &*client).write_all(&line)
}

/// A client's next line: nothing where it has gone or the door is closed, an error where the first one takes too long.
fn read_line(lines: &mut BufReader<&UnixStream>, closed: &AtomicBool) -> io::Result<Vec<u8>> {
    let is_first = lines.get_ref().read_timeout()? == Some(PATIENCE);
    let mut line = Vec::new();
    loop {
        let left = REQUEST_MAX.saturating_sub(line.len()) as u64;
        match lines.by_ref().take(left).read_until(b'\n', &mut line) {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock && !is_first => {
                if closed.load(Ordering::Acquire) {
                    return Ok(Vec::new());
                }
            }
            done => return done.map(|_| line),
        }
    }
}

/// Serves a client until it goes away.
fn attend(
    client: &UnixStream,
    events: &Events,
    hands: &Hands,
    closed: &AtomicBool,
) -> io::Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(client);
    let filter = loop {
        let line = read_line(&mut lines, closed)?;
        let answer = match serde_json::from_slice(&line) {
            Ok(Request::Follow(filter)) => match filter.checked() {
                Ok(filter) => break filter,
                Err(e) => return say(client, &Answer::Error(e.to_string())),
            },
            Ok(Request::Capture { capture }) => match hands.capture(&capture) {
                Ok(capture) => return hand_out(client, &capture, closed),
                Err(what) => Answer::Error(what),
            },
            Ok(Request::Join { join }) => match enter(client, &lines, hands, &join) {
                Ok(()) => return Ok(()),
                Err(what) => Answer::Error(what),
            },
            Ok(request) => hands.answer(&request),
            Err(_) if line.is_empty() => return Ok(()),
            Err(_) => Answer::Error("the line is neither a filter nor something to be done".into()),
        };
        let is_over = matches!(answer, Answer::Error(_));
        say(client, &answer)?;
        if is_over {
            return Ok(());
        }
        // Somebody may play by hand.
        client.set_read_timeout(Some(LOOK))?;
    };
    let subscription = events.subscribe(filter, WAITING);
    say(client, &Answer::Ok(true))?;
    client.set_read_timeout(Some(Duration::from_millis(1)))?;
    let mut out = BufWriter::with_capacity(1 << 16, client);
    while !closed.load(Ordering::Acquire) {
        match subscription.next(LOOK) {
            Some(batch) => {
                batch.write_lines(&mut out)?;
                while let Some(batch) = subscription.next(Duration::ZERO) {
                    batch.write_lines(&mut out)?;
                }
                out.flush()?;
            }
            None => {
                let gone = matches!((&mut &*client).read(&mut [0]), Ok(0));
                if gone {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Hands a client over who wants to be a guest.
fn enter(
    client: &UnixStream,
    lines: &BufReader<&UnixStream>,
    hands: &Hands,
    wish: &JoinWish,
) -> Result<(), String> {
    if !lines.buffer().is_empty() {
        return Err("frames are taken after the answer, not before".into());
    }
    let client = client.try_clone().map_err(|e| e.to_string())?;
    hands.join(client, wish)
}

/// Sends a capture until its reader goes away.
fn hand_out(client: &UnixStream, capture: &Capture, closed: &AtomicBool) -> io::Result<()> {
    say(client, &Answer::Ok(true))?;
    client.set_read_timeout(Some(Duration::from_millis(1)))?;
    while !closed.load(Ordering::Acquire) {
        match capture.next(LOOK) {
            Some(bytes) => (&mut &*client).write_all(&bytes)?,
            None if matches!((&mut &*client).read(&mut [0]), Ok(0)) => break,
            None => {}
        }
    }
    // What came before the end is in the file.
    capture.next(Duration::ZERO).map_or(Ok(()), |bytes| (&mut &*client).write_all(&bytes))
}

/// A running lab's stream, from another process.
#[derive(Debug)]
pub struct Visit {
    stream: UnixStream,
}

impl Visit {
    /// Asks for what passes a filter in the lab in a folder.
    ///
    /// # Errors
    /// If no lab runs there, or it refuses.
    pub fn new(folder: &Path, filter: &Filter) -> io::Result<Self> {
        Self::ask(folder, &Request::Follow(filter.clone()))
    }

    /// Does something to the circuit of a board in a running lab. More than fifty steps are done in several goes,
    /// each of them whole or not at all.
    ///
    /// # Errors
    /// If no lab runs there, or it cannot be done.
    pub fn act(folder: &Path, act: &Act) -> io::Result<()> {
        for steps in act.steps.chunks(STEPS) {
            let act = Act { board: act.board.clone(), steps: steps.to_vec() };
            Self::ask(folder, &Request::Act { act })?;
        }
        Ok(())
    }

    /// Sets lines of a board's serial port in a running lab, and tells what they are.
    ///
    /// # Errors
    /// If no lab runs there, or it has no such board.
    pub fn lines_of(folder: &Path, lines: &SetLines) -> io::Result<LinesAre> {
        match Self::say(folder, &Request::Lines { lines: lines.clone() })?.1 {
            Answer::Lines(are) => Ok(are),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Makes things go wrong on the air of a running lab, or no more, and tells all that can, as it is then.
    ///
    /// # Errors
    /// If no lab runs there, or a fault is none.
    pub fn faults(folder: &Path, faults: &[String]) -> io::Result<Vec<String>> {
        match Self::say(folder, &Request::Faults { faults: faults.to_vec() })?.1 {
            Answer::Faults(now) => Ok(now),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Asks for what goes over the air in the lab in a folder: then [`Visit::bytes`] are a pcapng file.
    ///
    /// # Errors
    /// If no lab runs there, or it refuses.
    pub fn capture(folder: &Path, wish: &Wish) -> io::Result<Self> {
        Self::ask(folder, &Request::Capture { capture: wish.clone() })
    }

    /// Has a host be a guest on the air of the lab in a folder, and tells what it is there.
    ///
    /// # Errors
    /// If no lab runs there, or it refuses.
    pub fn join(folder: &Path, wish: &JoinWish) -> io::Result<(GuestLink, Joined)> {
        match Self::say(folder, &Request::Join { join: wish.clone() })? {
            (visit, Answer::Joined(joined)) => Ok((GuestLink::new(visit.stream), joined)),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn ask(folder: &Path, request: &Request) -> io::Result<Self> {
        Ok(Self::say(folder, request)?.0)
    }

    /// Says a line, and hears what is answered.
    fn say(folder: &Path, request: &Request) -> io::Result<(Self, Answer)> {
        let folder = File::open(folder)?;
        let mut stream = UnixStream::connect(short(&folder, NAME))?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        // Who is refused at once is told why all the same.
        let asked = stream.write_all(&line);
        // Byte by byte, since events follow.
        let mut answer = Vec::new();
        let mut byte = [0];
        while answer.len() < REQUEST_MAX && stream.read(&mut byte)? == 1 && byte != *b"\n" {
            answer.push(byte[0]);
        }
        if answer.is_empty() {
            asked?;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match serde_json::from_slice(&answer)? {
            Answer::Error(what) => Err(io::Error::other(what)),
            answer => Ok((Self { stream }, answer)),
        }
    }

    /// The lines that come.
    ///
    /// # Errors
    /// If the system has no descriptor left.
    pub fn lines(&self) -> io::Result<Lines<BufReader<UnixStream>>> {
        Ok(Lines::new(BufReader::new(self.stream.try_clone()?)))
    }

    /// The bytes that come, until either side goes away.
    ///
    /// # Errors
    /// If the system has no descriptor left.
    pub fn bytes(&self) -> io::Result<impl Read + use<>> {
        self.stream.try_clone()
    }

    /// Goes away: the lines end.
    pub fn leave(&self) {
        // It may be closed already.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}
