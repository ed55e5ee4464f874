//! Clients of a board's wire on a loopback port: the listener, and each client with what waits for it.

use crate::end::{Gate, Line};
use crate::hub::{Bell, Hub, Next, Round, Served, Source};
use crate::outbox::{Beyond, Outbox};
use rustix::fd::{AsFd, BorrowedFd};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Clients of one port at once.
pub(crate) const CLIENTS_MAX: usize = 8;
/// Bytes of the board that are made ready for a client at once.
const CHUNK: usize = 16 << 10;
/// Answers to a client's commands that it may leave unread; more of them are not taken until it reads.
const ANSWERS_MAX: usize = 64 << 10;
/// Buffers that are read, and chunks that are sent, in a turn, so that others have theirs.
const READS: usize = 16;
const SENDS: usize = 64;

/// What is said on a connection beside the board's bytes.
pub(crate) trait Protocol: Send {
    /// Takes what a client has sent: the board gets its part, answers are put at the end of `wire`.
    fn take(&mut self, bytes: &[u8], client: u64, line: &Line, outbox: &Outbox, wire: &mut Vec<u8>);
    /// Puts bytes of the board at the end of `wire`.
    fn give(&mut self, bytes: &[u8], wire: &mut Vec<u8>);
    /// What becomes of a client that is too far behind.
    fn beyond(&self) -> Beyond {
        Beyond::LetGo
    }
    /// The client does not want the board's bytes now.
    fn is_suspended(&self) -> bool {
        false
    }
    /// The client has gone.
    fn gone(&mut self, line: &Line) {
        let _ = line;
    }
}

type Clients = Arc<Mutex<Vec<Arc<Outbox>>>>;

fn lock(clients: &Clients) -> MutexGuard<'_, Vec<Arc<Outbox>>> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A port that listens for clients of a board.
#[derive(Debug)]
pub(crate) struct SocketPort {
    address: SocketAddr,
    clients: Clients,
    _served: Served,
}

/// Sends a board's output to all clients of a port.
#[derive(Clone, Debug)]
pub struct SocketWriter {
    clients: Clients,
}

impl SocketPort {
    /// Listens on a free port of the loopback address; `greet` makes a client's protocol and what it is
    /// told first.
    pub(crate) fn open<P: Protocol + 'static>(
        hub: &Hub,
        line: &Line,
        greet: impl Fn(&mut Vec<u8>) -> P + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let clients = Clients::default();
        let bell = hub.bell();
        let source = Listener {
            listener,
            bell: bell.clone(),
            line: line.clone(),
            clients: clients.clone(),
            greet: Box::new(move |wire| Box::new(greet(wire))),
        };
        let served = hub.serve(&bell, None, Box::new(source));
        Ok(Self { address, clients, _served: served })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn writer(&self) -> SocketWriter {
        SocketWriter { clients: self.clients.clone() }
    }
}

impl SocketWriter {
    /// Bytes for every client. They go out with the next [`SocketWriter::flush`], or before.
    pub fn write(&self, bytes: &[u8]) {
        for client in &*lock(&self.clients) {
            client.write(bytes);
        }
    }

    /// Has what was written sent.
    pub fn flush(&self) {
        for client in &*lock(&self.clients) {
            client.flush();
        }
    }
}

type Greet = Box<dyn Fn(&mut Vec<u8>) -> Box<dyn Protocol> + Send>;

struct Listener {
    listener: TcpListener,
    bell: Bell,
    line: Line,
    clients: Clients,
    greet: Greet,
}

impl Source for Listener {
    fn file(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }

    fn turn(&mut self, round: &mut Round) -> Next {
        loop {
            match self.listener.accept() {
                // A client that cannot be served is dropped; others go on.
                Ok((stream, _)) => drop(self.admit(stream, round)),
                Err(e) if is_later(&e) => {
                    return Next::Wait { read: true, write: false, soon: false };
                }
                // No file is left for another client: there may be one later.
                Err(_) => return Next::Wait { read: false, write: false, soon: true },
            }
        }
    }
}

impl Listener {
    fn admit(&self, mut stream: TcpStream, round: &mut Round) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        if lock(&self.clients).len() >= CLIENTS_MAX {
            let text = format!("coil: {CLIENTS_MAX} clients are connected already; close one\r\n");
            stream.write_all(text.as_bytes())?;
            return stream.shutdown(Shutdown::Both);
        }
        stream.set_nodelay(true)?;
        let bell = self.bell.another();
        let mut wire = Vec::new();
        let protocol = (self.greet)(&mut wire);
        let outbox = Outbox::new(bell.clone(), protocol.beyond(), true);
        lock(&self.clients).push(outbox.clone());
        let client = Client {
            stream,
            id: bell.token(),
            line: self.line.clone(),
            clients: self.clients.clone(),
            outbox,
            protocol,
            gate: Gate::default(),
            wire,
            sent: 0,
        };
        round.add(bell.token(), Box::new(client));
        Ok(())
    }
}

struct Client {
    stream: TcpStream,
    id: u64,
    line: Line,
    clients: Clients,
    outbox: Arc<Outbox>,
    protocol: Box<dyn Protocol>,
    gate: Gate,
    /// What is ready to be sent, and how much of it has been.
    wire: Vec<u8>,
    sent: usize,
}

impl Source for Client {
    fn file(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    fn turn(&mut self, _: &mut Round) -> Next {
        if self.outbox.is_lost() {
            return Next::Over;
        }
        let mut is_open = true;
        let mut buffer = [0; 4096];
        for _ in 0..READS {
            is_open = self.gate.is_open(&self.line);
            if !is_open || self.wire.len() >= ANSWERS_MAX {
                break;
            }
            match self.stream.read(&mut buffer) {
                Ok(0) => return Next::Over,
                Ok(n) => {
                    let (line, outbox) = (&self.line, &*self.outbox);
                    self.protocol.take(&buffer[..n], self.id, line, outbox, &mut self.wire);
                }
                Err(e) if is_later(&e) => break,
                Err(_) => return Next::Over,
            }
        }
        match self.flush() {
            Err(_) => Next::Over,
            Ok(is_flushed) => {
                let read = is_open && self.wire.len() < ANSWERS_MAX;
                Next::Wait { read, write: !is_flushed, soon: !is_open }
            }
        }
    }
}

fn is_later(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

impl Client {
    /// Sends what can be sent; true if nothing is left that the client wants.
    fn flush(&mut self) -> io::Result<bool> {
        for _ in 0..SENDS {
            while self.sent < self.wire.len() {
                match self.stream.write(&self.wire[self.sent..]) {
                    Ok(n) => self.sent += n,
                    Err(e) if is_later(&e) => return Ok(false),
                    Err(e) => return Err(e),
                }
            }
            self.wire.clear();
            self.sent = 0;
            if self.protocol.is_suspended() {
                return Ok(true);
            }
            let (protocol, wire) = (&mut self.protocol, &mut self.wire);
            self.outbox.drain(|bytes| {
                let n = bytes.len().min(CHUNK.saturating_sub(wire.len()));
                protocol.give(&bytes[..n], wire);
                n
            });
            if self.wire.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        lock(&self.clients).retain(|c| !Arc::ptr_eq(c, &self.outbox));
        let _ = self.stream.shutdown(Shutdown::Both);
        self.protocol.gone(&self.line);
        self.line.gone(self.id);
    }
}
