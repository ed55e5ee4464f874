//! Sessions at work: ciphertext between the TLS library and the stream below, a socket or any other.
//!
//! A stream of the program runs Python, in whose course others may want the same session: it is
//! away then.

use crate::chip::{Chip, open_sockets};
use crate::modules::net::radio;
use crate::modules::net::socket::{self, SOCKET};
use crate::outside::{EAGAIN, EINPROGRESS, TlsFault, TlsSession};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::{Raised, Value, Vm};

/// Ciphertext taken from a socket at once.
const CHUNK: usize = 2048;
/// Bytes in front of every record: kind, version, length.
const RECORD_HEAD: usize = 5;

/// One session and what waits on its way.
pub(super) struct Session {
    pub(super) tls: Box<dyn TlsSession>,
    /// Ciphertext that the stream had no room for.
    pub(super) out: Vec<u8>,
    /// Ciphertext that the session has not taken.
    waiting: Vec<u8>,
    /// The stream has ended.
    pub(super) ended: bool,
    /// Bytes that it takes of the memory beside the Python heap.
    bytes: u32,
}

/// The place of a session.
enum Place {
    Free,
    Taken(Box<Session>),
    /// Somebody works with it.
    Away,
    /// Somebody works with it, and it was closed meanwhile.
    Closed,
}

/// The sessions of a machine.
#[derive(Default)]
struct Sessions(Vec<Place>);

/// What is below a session.
#[derive(Clone, Copy)]
pub(super) enum Below {
    Socket(usize),
    Stream(Value),
}

/// What stops the work.
pub(super) enum Failure {
    Errno(i32),
    Tls(TlsFault),
    /// An exception of the stream's.
    Raised,
}

/// Keeps a session; says where.
pub(super) fn keep(vm: &mut Vm, tls: Box<dyn TlsSession>, bytes: u32) -> usize {
    let session = Session { tls, out: Vec::new(), waiting: Vec::new(), ended: false, bytes };
    let places = &mut vm.state::<Sessions>().0;
    let place = places.iter().position(|p| matches!(p, Place::Free)).unwrap_or(places.len());
    if place == places.len() {
        places.push(Place::Free);
    }
    places[place] = Place::Taken(Box::new(session));
    place
}

/// Whether there is a session at a place.
pub(super) fn is_open(vm: &mut Vm, place: usize) -> bool {
    matches!(vm.state::<Sessions>().0.get(place), Some(Place::Taken(_) | Place::Away))
}

/// Looks at a session; nothing if it is away, or gone.
pub(super) fn with<T>(
    vm: &mut Vm,
    place: usize,
    look: impl FnOnce(&mut Session) -> T,
) -> Option<T> {
    match vm.state::<Sessions>().0.get_mut(place) {
        Some(Place::Taken(session)) => Some(look(session)),
        _ => None,
    }
}

/// Forgets a session and gives back its memory; gives the session if nobody works with it.
pub(super) fn forget(vm: &mut Vm, place: usize) -> Option<Box<Session>> {
    let place = vm.state::<Sessions>().0.get_mut(place)?;
    match core::mem::replace(place, Place::Free) {
        Place::Taken(session) => {
            Chip::of(vm).idf_heap.give(session.bytes);
            open_sockets::heap_changed(vm, false);
            Some(session)
        }
        Place::Away | Place::Closed => {
            *place = Place::Closed;
            None
        }
        Place::Free => None,
    }
}

/// Does something with a session that may take Python code; nothing if it is away, or gone.
pub(super) fn work<T>(
    vm: &mut Vm,
    place: usize,
    job: impl FnOnce(&mut Vm, &mut Session) -> T,
) -> Option<T> {
    let at = vm.state::<Sessions>().0.get_mut(place)?;
    let mut session = match core::mem::replace(at, Place::Away) {
        Place::Taken(session) => session,
        other => {
            *at = other;
            return None;
        }
    };
    let done = job(vm, &mut session);
    let bytes = session.bytes;
    let at = &mut vm.state::<Sessions>().0[place];
    if matches!(at, Place::Closed) {
        *at = Place::Free;
        Chip::of(vm).idf_heap.give(bytes);
        open_sockets::heap_changed(vm, false);
    } else {
        *at = Place::Taken(session);
    }
    Some(done)
}

impl Below {
    /// What a session's stream is.
    pub(super) fn of(vm: &mut Vm, sock: Value) -> Result<Self, Raised> {
        if is_socket(vm, sock) {
            socket::id(vm, sock).map(Self::Socket)
        } else {
            Ok(Self::Stream(sock))
        }
    }

    /// Reads up to `n` bytes; nothing if none are there now.
    fn read(self, vm: &mut Vm, n: usize) -> Result<Option<Vec<u8>>, Failure> {
        match self {
            Self::Socket(id) => {
                let mut bytes = vec![0; n];
                match radio(vm).recv(id, &mut bytes) {
                    Ok(n) => {
                        bytes.truncate(n);
                        Ok(Some(bytes))
                    }
                    Err(EAGAIN | EINPROGRESS) => Ok(None),
                    Err(errno) => Err(Failure::Errno(errno)),
                }
            }
            Self::Stream(v) => stream::read(vm, v, n).map_err(|Raised| Failure::Raised),
        }
    }

    /// Writes some of the bytes; nothing if there is no room now.
    fn write(self, vm: &mut Vm, bytes: &[u8]) -> Result<Option<usize>, Failure> {
        match self {
            Self::Socket(id) => match radio(vm).send(id, bytes) {
                Ok(n) => Ok(Some(n)),
                Err(EAGAIN | EINPROGRESS) => Ok(None),
                Err(errno) => Err(Failure::Errno(errno)),
            },
            Self::Stream(v) => stream::write(vm, v, bytes).map_err(|Raised| Failure::Raised),
        }
    }
}

/// Whether a session's stream is a socket of the firmware.
pub(super) fn is_socket(vm: &Vm, sock: Value) -> bool {
    vm.type_of(sock) == vm.type_value(&SOCKET)
}

impl Session {
    /// How many bytes to ask for: a socket gives what it has, a stream is asked for a record's head and
    /// then for its body.
    fn wanted(&self, below: Below) -> usize {
        if matches!(below, Below::Socket(_)) || self.tls.is_datagram() {
            return if self.waiting.is_empty() { CHUNK } else { 0 };
        }
        let [kind, 3, _, high, low, ..] = *self.waiting else {
            let begun = self.waiting.len() >= 2 && self.waiting[1] != 3;
            return if begun { 0 } else { RECORD_HEAD.saturating_sub(self.waiting.len()) };
        };
        if !(20..=24).contains(&kind) {
            return 0;
        }
        let all = RECORD_HEAD + usize::from(u16::from_be_bytes([high, low]));
        all.saturating_sub(self.waiting.len())
    }

    /// Moves ciphertext as far as it goes without waiting.
    pub(super) fn step(&mut self, vm: &mut Vm, below: Below) -> Result<(), Failure> {
        self.tls.tick(vm.port.now_us()).map_err(Failure::Tls)?;
        self.push(vm, below)?;
        while !self.ended {
            let n = self.wanted(below);
            if n > 0 {
                match below.read(vm, n)? {
                    Some(bytes) if bytes.is_empty() && self.tls.is_datagram() => break,
                    Some(bytes) if bytes.is_empty() => {
                        self.ended = true;
                        self.tls.end_of_transport();
                        break;
                    }
                    Some(bytes) => self.waiting.extend_from_slice(&bytes),
                    None => break,
                }
                if self.wanted(below) > 0 {
                    continue;
                }
            }
            let fed = self.tls.feed(&self.waiting);
            // An alert goes out even when the session is over.
            self.push(vm, below)?;
            match fed {
                Ok(0) => break,
                Ok(n) => drop(self.waiting.drain(..n)),
                Err(fault) => return Err(Failure::Tls(fault)),
            }
            if self.tls.has_plaintext() {
                break;
            }
        }
        self.push(vm, below)
    }

    /// Sends what waits to be sent, as far as there is room.
    pub(super) fn push(&mut self, vm: &mut Vm, below: Below) -> Result<(), Failure> {
        loop {
            if self.out.is_empty() {
                self.tls.output(&mut self.out);
            }
            if self.out.is_empty() {
                return Ok(());
            }
            match below.write(vm, &self.out)? {
                None | Some(0) => return Ok(()),
                // Of a datagram that went in part the rest is lost.
                Some(_) if self.tls.is_datagram() => self.out.clear(),
                Some(n) => drop(self.out.drain(..n)),
            }
        }
    }
}
