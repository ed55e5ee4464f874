//! A board that is spoken to: a thread that owns its port, keeps what it said last, and does what is asked one after the other.
//!
//! What is done for a request is not shown to those who listen; what a program says is.

mod inbox;
mod line;
mod worker;

pub use inbox::{News, Subscription};

use super::files::{FILE_MAX, Listing, path};
use super::variables::Variable;
use super::{Address, Error};
use inbox::Shared;
use rustix::event::{EventfdFlags, eventfd};
use rustix::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// Bytes of a program at most.
pub const SOURCE_MAX: usize = 512 << 10;
/// Requests that may wait for a board.
pub const WAITING_MAX: usize = 64;
/// Bytes that may be typed ahead of what the board takes.
pub const TYPED_MAX: usize = 64 << 10;

/// How a board is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not known yet: it was just connected, or reset.
    Starting,
    /// It waits at its prompt.
    Prompt,
    /// A program runs; its name, if it was started here.
    Running(Option<String>),
    /// It does what was asked.
    Busy,
    /// Its port has gone, or cannot be opened.
    Gone,
}

/// What can be asked.
#[derive(Clone, Debug)]
pub enum Request {
    /// A program is to be run.
    Run {
        /// What it is called.
        name: String,
        /// Its text.
        source: String,
        /// The interpreter starts anew before, with boot.py and without main.py.
        fresh: bool,
    },
    /// Ctrl-C until the prompt is back.
    Stop,
    /// The interpreter starts anew.
    SoftReset,
    /// The chip starts anew.
    Reset,
    /// The BOOT button.
    Boot {
        /// It is pressed.
        held: bool,
    },
    /// All files.
    Files,
    /// A file's content.
    Read {
        /// Its path.
        path: String,
    },
    /// A file's new content.
    Write {
        /// Its path.
        path: String,
        /// All of it.
        content: Vec<u8>,
    },
    /// A file, or a folder with all that is in it, is to go.
    Remove {
        /// Its path.
        path: String,
    },
    /// A file or folder gets another path.
    Rename {
        /// The path that it has.
        from: String,
        /// The path that it gets.
        to: String,
    },
    /// A folder.
    MakeFolder {
        /// Its path.
        path: String,
    },
    /// What names stand for.
    Variables,
    /// What may follow a text.
    Complete {
        /// What is typed so far.
        text: String,
    },
}

impl Request {
    /// The same with its paths made whole; refused if one is none, or something is too long.
    fn checked(self) -> Result<Self, Error> {
        Ok(match self {
            Self::Run { source, .. } if source.len() > SOURCE_MAX => return Err(Error::Source),
            Self::Write { path, content } if content.len() > FILE_MAX => {
                drop(content);
                return Err(Error::TooLong(path));
            }
            Self::Read { path: of } => Self::Read { path: path(&of)? },
            Self::Write { path: of, content } => Self::Write { path: path(&of)?, content },
            Self::Remove { path: of } => Self::Remove { path: path(&of)? },
            Self::MakeFolder { path: of } => Self::MakeFolder { path: path(&of)? },
            Self::Rename { from, to } => Self::Rename { from: path(&from)?, to: path(&to)? },
            other => other,
        })
    }
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Done,
    /// A program has ended.
    Ended(Ended),
    /// Files.
    Files(Listing),
    /// A file's content.
    Content(Vec<u8>),
    /// Names and what they stand for.
    Variables(Vec<Variable>),
    /// Names.
    Names(Vec<String>),
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Done,
    /// By Ctrl-C.
    Stopped,
    /// The chip was reset, by the program or from outside.
    Reset,
    /// By an exception.
    Exception {
        /// What the board says of it.
        traceback: String,
        /// The innermost line of the program that it passed.
        line: Option<u32>,
    },
}

/// Who gets the answer to a request.
type Reply = Box<dyn FnOnce(Result<Answer, Error>) + Send>;

enum Command {
    Type(Vec<u8>),
    Ask(Request, Reply),
    Close,
}

/// Does a program at the prompt for programs, whose frames go to `each`; `path` is what it is about.
pub(super) trait Ask {
    fn ask(
        &mut self,
        source: &str,
        path: &str,
        each: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

/// A board that is spoken to. When it is dropped, the port is closed.
#[derive(Debug)]
pub struct Session {
    shared: Arc<Shared>,
    commands: Sender<Command>,
    bell: Arc<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Session {
    /// Speaks to the board at an address from now on; while its port is not there, it is looked for.
    ///
    /// # Errors
    /// If there is no thread for it.
    pub fn open(address: Address) -> Result<Self, Error> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        let bell = Arc::new(bell.map_err(|e| Error::Thread(e.into()))?);
        let shared = Arc::new(Shared::default());
        let (commands, inbox) = channel();
        let worker = worker::Worker::new(address, shared.clone(), inbox, bell.clone());
        let thread = std::thread::Builder::new()
            .name("desk".into())
            .spawn(move || worker.run())
            .map_err(Error::Thread)?;
        Ok(Self { shared, commands, bell, thread: Some(thread) })
    }

    /// Listens to the board: what it said last, and whatever it says from now on. `wake` is called when there is something, and must not block.
    pub fn subscribe(&self, wake: impl Fn() + Send + Sync + 'static) -> Subscription {
        self.shared.subscribe(Box::new(wake))
    }

    /// How the board is.
    pub fn state(&self) -> State {
        self.shared.state()
    }

    /// Types on the board's console; false if so much waits to be taken that it was not.
    pub fn type_in(&self, bytes: &[u8]) -> bool {
        if !self.shared.reserve_typing(bytes.len()) {
            return false;
        }
        self.command(Command::Type(bytes.to_vec()));
        true
    }

    /// Asks for something; the answer comes by `reply`, which must not block, on the session's thread.
    pub fn request(
        &self,
        request: Request,
        reply: impl FnOnce(Result<Answer, Error>) + Send + 'static,
    ) {
        match request.checked() {
            _ if !self.shared.reserve_request() => reply(Err(Error::Crowded)),
            Ok(request) => {
                let shared = self.shared.clone();
                let reply = move |answer| {
                    shared.release_request();
                    reply(answer);
                };
                self.command(Command::Ask(request, Box::new(reply)));
            }
            Err(e) => {
                self.shared.release_request();
                reply(Err(e));
            }
        }
    }

    /// Asks for something, and waits for it.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn ask(&self, request: Request) -> Result<Answer, Error> {
        let (sender, answer) = channel();
        self.request(request, move |done| {
            // Who asked waits for it.
            let _ = sender.send(done);
        });
        answer.recv().unwrap_or(Err(Error::Gone))
    }

    fn command(&self, command: Command) {
        // The thread ends with this.
        let _ = self.commands.send(command);
        let _ = rustix::io::write(&*self.bell, &1_u64.to_ne_bytes());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.command(Command::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
