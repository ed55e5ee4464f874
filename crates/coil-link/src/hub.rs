//! The one thread that moves bytes between any number of boards and their wires.
//!
//! A wire is some [`Source`]s: a pseudo-terminal, a listener, a client. Each has a turn when its file is
//! ready or its [`Bell`] was rung, and does then what can be done without waiting.

use crate::modem::{Change, Levels};
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::event::{EventfdFlags, Timespec, eventfd};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::inotify::{self, ReadFlags, WatchFlags};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How soon a source that asked for it has another turn.
const SOON: Timespec = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
/// How long who asks for something waits for the thread.
const PATIENCE: Duration = Duration::from_secs(1);
/// Files that are looked at in one round.
const EVENTS: usize = 256;
/// Tokens that are no source's.
const WAKE: u64 = 0;
const WATCH: u64 = 1;
const FIRST: u64 = 2;

/// Something with a file that bytes go through.
pub(crate) trait Source: Send {
    /// The file.
    fn file(&self) -> BorrowedFd<'_>;
    /// Does what can be done now.
    fn turn(&mut self, round: &mut Round) -> Next;
    /// Clients of a watched file have come and gone; told before the turn in which their bytes are read.
    fn clients(&mut self, opened: usize, closed: usize) {
        let _ = (opened, closed);
    }
    /// The lines of its port are set from beside it, and asked for; nothing where it has none.
    fn modem(&mut self, change: Change) -> Option<Levels> {
        let _ = change;
        None
    }
}

/// What a source waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The file; and it asks for a turn soon in any case.
    Wait { read: bool, write: bool, soon: bool },
    /// Nothing any more.
    Over,
}

/// What a source can do to the hub in its turn.
#[derive(Default)]
pub(crate) struct Round {
    new: Vec<(u64, Box<dyn Source>)>,
}

impl Round {
    /// Has another source served, which goes with this one's wire.
    pub(crate) fn add(&mut self, token: u64, source: Box<dyn Source>) {
        self.new.push((token, source));
    }
}

/// The thread. Copies are the same hub; it ends with the last.
#[derive(Clone, Debug)]
pub struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    epoll: OwnedFd,
    wake: OwnedFd,
    watch: OwnedFd,
    is_awake: AtomicBool,
    next_token: AtomicU64,
    todo: Mutex<Todo>,
}

#[derive(Default)]
struct Todo {
    rung: Vec<u64>,
    commands: Vec<Command>,
}

impl std::fmt::Debug for Todo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Todo").field("rung", &self.rung).finish_non_exhaustive()
    }
}

enum Command {
    /// A source of a wire, and the watch that tells its clients.
    Add(u64, Option<i32>, Box<dyn Source>),
    /// All sources of a wire.
    Remove(u64, Sender<()>),
    /// A source's lines are set, and told.
    Modem(u64, Change, Sender<Option<Levels>>),
    Stop,
}

/// Asks for a turn of one source.
#[derive(Clone, Debug)]
pub(crate) struct Bell {
    shared: Option<Arc<Shared>>,
    token: u64,
}

impl Bell {
    /// One that nobody hears.
    #[cfg(test)]
    pub(crate) fn silent() -> Self {
        Self { shared: None, token: 0 }
    }

    /// Rings it.
    pub(crate) fn ring(&self) {
        if let Some(shared) = &self.shared {
            shared.lock().rung.push(self.token);
            shared.rouse();
        }
    }

    /// The source's number.
    pub(crate) fn token(&self) -> u64 {
        self.token
    }

    /// Sets lines of the source and tells them all; nothing where it has gone or has none.
    pub(crate) fn modem(&self, change: Change) -> Option<Levels> {
        let (answer, levels) = channel();
        self.shared.as_ref()?.command(Command::Modem(self.token, change, answer));
        // A hub that has stopped answers nothing.
        levels.recv_timeout(PATIENCE).ok().flatten()
    }

    /// One for another source of the same hub.
    pub(crate) fn another(&self) -> Self {
        let token = self.shared.as_ref().map_or(0, |s| s.token());
        Self { shared: self.shared.clone(), token }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Todo> {
        self.todo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn token(&self) -> u64 {
        self.next_token.fetch_add(1, Ordering::Relaxed)
    }

    fn rouse(&self) {
        if !self.is_awake.swap(true, Ordering::AcqRel) {
            // It cannot be full: it is read before it is asked for again.
            let _ = rustix::io::write(&self.wake, &1u64.to_ne_bytes());
        }
    }

    fn command(&self, command: Command) {
        self.lock().commands.push(command);
        self.rouse();
    }
}

/// A wire that the hub serves; it is taken off with this.
#[derive(Debug)]
pub(crate) struct Served {
    hub: Hub,
    token: u64,
}

impl Drop for Served {
    fn drop(&mut self) {
        let (done, gone) = channel();
        self.hub.0.shared.command(Command::Remove(self.token, done));
        // A hub that has stopped has dropped everything.
        let _ = gone.recv();
    }
}

impl Hub {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the system has no thread or file left.
    pub fn start() -> io::Result<Self> {
        raise_limit();
        let shared = Arc::new(Shared {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            wake: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
            watch: inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?,
            is_awake: AtomicBool::new(false),
            next_token: AtomicU64::new(FIRST),
            todo: Mutex::default(),
        });
        epoll::add(&shared.epoll, &shared.wake, EventData::new_u64(WAKE), EventFlags::IN)?;
        epoll::add(&shared.epoll, &shared.watch, EventData::new_u64(WATCH), EventFlags::IN)?;
        let for_thread = shared.clone();
        let thread = std::thread::Builder::new().name("wires".into()).spawn(move || {
            Loop {
                shared: for_thread,
                slots: HashMap::new(),
                watched: HashMap::new(),
                soon: BTreeSet::new(),
            }
            .run();
        })?;
        Ok(Self(Arc::new(Inner { shared, thread: Mutex::new(Some(thread)) })))
    }

    /// A bell for a source that is to come.
    pub(crate) fn bell(&self) -> Bell {
        Bell { shared: Some(self.0.shared.clone()), token: self.0.shared.token() }
    }

    /// Has openings and closings of a file counted.
    pub(crate) fn watch(&self, path: &Path) -> io::Result<i32> {
        let what = WatchFlags::OPEN | WatchFlags::CLOSE_WRITE | WatchFlags::CLOSE_NOWRITE;
        Ok(inotify::add_watch(&self.0.shared.watch, path, what)?)
    }

    /// Serves a wire from now on.
    pub(crate) fn serve(&self, bell: &Bell, watch: Option<i32>, source: Box<dyn Source>) -> Served {
        self.0.shared.command(Command::Add(bell.token, watch, source));
        Served { hub: self.clone(), token: bell.token }
    }
}

/// Lets this process have as many files as the system allows it: a board's wires take five, and the usual
/// 1024 would be the end of larger labs.
fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    // Where it is refused there are fewer boards.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.command(Command::Stop);
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

struct Slot {
    source: Box<dyn Source>,
    /// The token of its wire's first source.
    wire: u64,
    interest: EventFlags,
}

struct Loop {
    shared: Arc<Shared>,
    slots: HashMap<u64, Slot>,
    /// Whose clients a watch counts.
    watched: HashMap<i32, u64>,
    /// Who wants a turn soon.
    soon: BTreeSet<u64>,
}

impl Loop {
    fn run(mut self) {
        let mut events = Vec::with_capacity(EVENTS);
        loop {
            let wait = if self.soon.is_empty() { None } else { Some(&SOON) };
            let space = rustix::buffer::spare_capacity(&mut events);
            // A signal is no news, and a defect of the file shows in its turn.
            let _ = epoll::wait(&self.shared.epoll, space, wait);
            let mut due = std::mem::take(&mut self.soon);
            due.extend(events.drain(..).map(|e: epoll::Event| e.data.u64()));
            let mut count = [0; 8];
            if due.remove(&WAKE) {
                let _ = rustix::io::read(&self.shared.wake, &mut count);
            }
            self.shared.is_awake.store(false, Ordering::Release);
            // Before the commands: a file is added before anybody can open it.
            let news = self.news();
            let todo = std::mem::take(&mut *self.shared.lock());
            let mut modems = Vec::new();
            due.extend(todo.rung);
            for command in todo.commands {
                match command {
                    Command::Stop => return,
                    Command::Add(token, watch, source) => {
                        self.add(token, token, source);
                        self.watched.extend(watch.map(|w| (w, token)));
                        due.insert(token);
                    }
                    Command::Remove(wire, done) => {
                        self.remove(wire);
                        let _ = done.send(());
                    }
                    Command::Modem(token, change, answer) => modems.push((token, change, answer)),
                }
            }
            due.remove(&WATCH);
            // Before anybody's turn: bytes in a file are later than the opening of it.
            self.count_clients(&news, &mut due);
            for token in due {
                self.turn(token);
            }
            // After them: what has arrived by now was sent before the line was set.
            for (token, change, answer) in modems {
                let levels = self.slots.get_mut(&token).and_then(|s| s.source.modem(change));
                // Who asked may have gone.
                let _ = answer.send(levels);
            }
        }
    }

    fn add(&mut self, token: u64, wire: u64, source: Box<dyn Source>) {
        let interest = EventFlags::ONESHOT;
        // A file that cannot be waited for has its first turn and no other.
        let _ = epoll::add(&self.shared.epoll, source.file(), EventData::new_u64(token), interest);
        self.slots.insert(token, Slot { source, wire, interest });
    }

    fn remove(&mut self, wire: u64) {
        self.slots.retain(|_, slot| slot.wire != wire);
        self.watched.retain(|watch, token| {
            if *token == wire {
                let _ = inotify::remove_watch(&self.shared.watch, *watch);
            }
            *token != wire
        });
    }

    fn turn(&mut self, token: u64) {
        let Some(slot) = self.slots.get_mut(&token) else { return };
        let mut round = Round::default();
        // A defect of ours on one wire must not take the others with it.
        let next = catch_unwind(AssertUnwindSafe(|| slot.source.turn(&mut round)));
        let next = next.unwrap_or(Next::Over);
        let wire = slot.wire;
        match next {
            Next::Over => {
                let _ = epoll::delete(&self.shared.epoll, slot.source.file());
                self.slots.remove(&token);
            }
            Next::Wait { read, write, soon } => {
                let mut interest = EventFlags::empty();
                interest.set(EventFlags::IN, read);
                interest.set(EventFlags::OUT, write);
                // What nobody waits for must not wake the thread for ever: a client that hung up is.
                interest.set(EventFlags::ONESHOT, !read && !write);
                if interest != slot.interest {
                    slot.interest = interest;
                    let data = EventData::new_u64(token);
                    let _ = epoll::modify(&self.shared.epoll, slot.source.file(), data, interest);
                }
                if soon {
                    self.soon.insert(token);
                }
            }
        }
        for (token, source) in round.new {
            self.add(token, wire, source);
            self.turn(token);
        }
    }

    /// What has happened to watched files.
    fn news(&self) -> Vec<(i32, ReadFlags)> {
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut events = inotify::Reader::new(self.shared.watch.as_fd(), &mut space);
        let mut news = Vec::new();
        while let Ok(event) = events.next() {
            news.push((event.wd(), event.events()));
        }
        news
    }

    fn count_clients(&mut self, news: &[(i32, ReadFlags)], due: &mut BTreeSet<u64>) {
        for (watch, what) in news {
            let opened = usize::from(what.contains(ReadFlags::OPEN));
            let closes = ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE;
            let closed = usize::from(what.intersects(closes));
            if what.contains(ReadFlags::QUEUE_OVERFLOW) {
                // Who is there is not known any more: better to speak to nobody than to be silent.
                for token in self.watched.values() {
                    if let Some(slot) = self.slots.get_mut(token) {
                        slot.source.clients(1, 0);
                    }
                }
            } else if let Some(token) = self.watched.get(watch)
                && let Some(slot) = self.slots.get_mut(token)
            {
                slot.source.clients(opened, closed);
                due.insert(*token);
            }
        }
    }
}
