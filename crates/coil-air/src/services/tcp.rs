//! Connections of boards to named services: each is handed out as a two-way stream of bytes, with TLS ended on the way where the
//! service's port asks for it. What the service says to the bytes is somebody else's affair.

use crate::frame::Mac;
use crate::segment::{Port, lock};
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io;
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

mod connection;

pub(crate) use connection::{BUFFERS, Connection, Target};

/// Bytes that wait in one direction of one stream.
const LIMIT: usize = 64 * 1024;

/// Boards whose streams have something to say, for the gateway's next look.
#[derive(Debug)]
pub(crate) struct Mailbox {
    touched: Mutex<HashSet<Mac>>,
    gone: Mutex<Vec<Mac>>,
    gateway: Arc<Port>,
}

impl Mailbox {
    pub(crate) fn new(gateway: Arc<Port>) -> Self {
        Self { touched: Mutex::new(HashSet::new()), gone: Mutex::new(Vec::new()), gateway }
    }

    pub(crate) fn touch(&self, mac: Mac) {
        if lock(&self.touched).insert(mac) {
            self.gateway.wake();
        }
    }

    pub(crate) fn tell_gone(&self, mac: Mac) {
        lock(&self.gone).push(mac);
        self.gateway.wake();
    }

    pub(crate) fn take_touched(&self) -> HashSet<Mac> {
        std::mem::take(&mut lock(&self.touched))
    }

    pub(crate) fn take_gone(&self) -> Vec<Mac> {
        std::mem::take(&mut lock(&self.gone))
    }
}

#[derive(Default)]
struct Pipes {
    to_service: VecDeque<u8>,
    to_board: VecDeque<u8>,
    // The board will send no more.
    board_ended: bool,
    // The connection stands, or stood.
    stood: bool,
    // The connection broke.
    broken: bool,
    // The service will send no more; and is not there any more.
    service_ended: bool,
    service_gone: bool,
    // The service cut it.
    service_cut: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Pipes {
    fn wake_reader(&mut self) {
        if let Some(waker) = self.reader.take() {
            waker.wake();
        }
    }

    fn wake_writer(&mut self) {
        if let Some(waker) = self.writer.take() {
            waker.wake();
        }
    }
}

/// What the two sides of a connection share.
pub(crate) struct Core {
    pipes: Mutex<Pipes>,
    mailbox: Arc<Mailbox>,
    mac: Mac,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("mac", &self.mac).finish_non_exhaustive()
    }
}

impl Core {
    fn new(mac: Mac, mailbox: &Arc<Mailbox>) -> Arc<Self> {
        Arc::new(Self { pipes: Mutex::default(), mailbox: mailbox.clone(), mac })
    }

    /// The board is gone: the service hears that the connection broke.
    pub(crate) fn break_off(&self) {
        let mut pipes = lock(&self.pipes);
        // What arrived whole before may still be read.
        pipes.broken |= !pipes.board_ended;
        pipes.board_ended = true;
        pipes.service_ended = true;
        pipes.wake_reader();
        pipes.wake_writer();
    }
}

/// One connection of a board to a service, seen from the service.
pub struct ServiceStream {
    core: Arc<Core>,
    name: Arc<str>,
    kind: Arc<str>,
    local: SocketAddrV4,
    peer: SocketAddrV4,
    tls: bool,
}

impl fmt::Debug for ServiceStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceStream")
            .field("name", &self.name)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

impl ServiceStream {
    /// One to the host's network, between these addresses (theirs, the board's), and what its other side is made of.
    pub(crate) fn outside(
        (local, peer): (SocketAddrV4, SocketAddrV4),
        mac: Mac,
        mailbox: &Arc<Mailbox>,
    ) -> (Arc<Core>, Self) {
        let core = Core::new(mac, mailbox);
        let (name, kind): (Arc<str>, Arc<str>) = ("outside".into(), "outside".into());
        let stream = Self { core: core.clone(), name, kind, local, peer, tls: false };
        (core, stream)
    }

    /// The host that the board meant.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The host's kind in the table of names: `http`, `mqtt`, …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.local.port()
    }

    /// The board's end.
    pub fn peer(&self) -> SocketAddrV4 {
        self.peer
    }

    /// The board's hardware address.
    pub fn peer_mac(&self) -> Mac {
        self.core.mac
    }

    /// Whether it came through TLS.
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// Reads what the board sent; 0 is the end, `WouldBlock` not yet.
    pub fn read(&self, into: &mut [u8]) -> io::Result<usize> {
        let mut pipes = lock(&self.core.pipes);
        if pipes.to_service.is_empty() {
            return match (pipes.broken, pipes.board_ended) {
                (true, _) => Err(io::ErrorKind::ConnectionReset.into()),
                (false, true) => Ok(0),
                (false, false) => Err(io::ErrorKind::WouldBlock.into()),
            };
        }
        let was_full = pipes.to_service.len() >= LIMIT;
        let length = take(&mut pipes.to_service, into);
        drop(pipes);
        if was_full {
            self.core.mailbox.touch(self.core.mac);
        }
        Ok(length)
    }

    /// Writes to the board; answers how much was taken, `WouldBlock` if nothing fits.
    pub fn write(&self, data: &[u8]) -> io::Result<usize> {
        let mut pipes = lock(&self.core.pipes);
        if pipes.broken || pipes.service_ended {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let length = data.len().min(LIMIT.saturating_sub(pipes.to_board.len()));
        if length == 0 && !data.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        pipes.to_board.extend(&data[..length]);
        drop(pipes);
        self.core.mailbox.touch(self.core.mac);
        Ok(length)
    }

    /// Says that the service will send no more.
    pub fn shutdown(&self) {
        lock(&self.core.pipes).service_ended = true;
        self.core.mailbox.touch(self.core.mac);
    }

    /// Cuts the connection: the board is told that it was reset.
    pub fn cut(&self) {
        let mut pipes = lock(&self.core.pipes);
        pipes.service_cut = true;
        pipes.service_ended = true;
        drop(pipes);
        self.core.mailbox.touch(self.core.mac);
    }

    /// Waits until a connection that was asked for stands; `ConnectionRefused` if it never will.
    pub fn poll_stands(&self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        let mut pipes = lock(&self.core.pipes);
        if pipes.stood {
            Poll::Ready(Ok(()))
        } else if pipes.broken {
            Poll::Ready(Err(io::ErrorKind::ConnectionRefused.into()))
        } else {
            pipes.reader = Some(cx.waker().clone());
            Poll::Pending
        }
    }

    /// [`ServiceStream::read`] for tasks.
    pub fn poll_read(&self, cx: &Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
        lock(&self.core.pipes).reader = Some(cx.waker().clone());
        match self.read(into) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            done => Poll::Ready(done),
        }
    }

    /// [`ServiceStream::write`] for tasks.
    pub fn poll_write(&self, cx: &Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        lock(&self.core.pipes).writer = Some(cx.waker().clone());
        match self.write(data) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            done => Poll::Ready(done),
        }
    }
}

impl Drop for ServiceStream {
    fn drop(&mut self) {
        let mut pipes = lock(&self.core.pipes);
        pipes.service_ended = true;
        pipes.service_gone = true;
        drop(pipes);
        self.core.mailbox.touch(self.core.mac);
    }
}

fn take(from: &mut VecDeque<u8>, into: &mut [u8]) -> usize {
    let length = into.len().min(from.len());
    let (first, second) = from.as_slices();
    let cut = length.min(first.len());
    into[..cut].copy_from_slice(&first[..cut]);
    into[cut..length].copy_from_slice(&second[..length - cut]);
    from.drain(..length);
    length
}
