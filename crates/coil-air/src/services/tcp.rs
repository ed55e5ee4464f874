//! Connections of boards to named services: each is handed out as a two-way stream of bytes, with TLS ended on the way where the
//! service's port asks for it. What the service says to the bytes is somebody else's affair.

use crate::frame::Mac;
use crate::segment::{Port, lock};
use crate::stack::Stack;
use crate::tls::{TlsError, TlsSession};
use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp::State;
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io;
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Bytes that wait in one direction of one stream.
const LIMIT: usize = 64 * 1024;
/// How long a connection that the service has closed may take to end.
const LINGER_US: u64 = 20_000_000;

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

    fn touch(&self, mac: Mac) {
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
    // The connection broke.
    broken: bool,
    // The service will send no more; and is not there any more.
    service_ended: bool,
    service_gone: bool,
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

struct Core {
    pipes: Mutex<Pipes>,
    mailbox: Arc<Mailbox>,
    mac: Mac,
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

/// The gateway's side of one connection.
pub(crate) struct Connection {
    pub(crate) handle: SocketHandle,
    core: Arc<Core>,
    tls: Option<Box<TlsSession>>,
    // Ciphertext on its way to the socket.
    sealed: Vec<u8>,
    // The stream for the service, until the connection stands.
    offer: Option<ServiceStream>,
    closed: bool,
    linger_until_us: Option<u64>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("handle", &self.handle).finish_non_exhaustive()
    }
}

/// Where a connection leads.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Arc<str>,
    pub(crate) local: SocketAddrV4,
    pub(crate) peer: SocketAddrV4,
    pub(crate) mac: Mac,
}

impl Connection {
    pub(crate) fn new(
        handle: SocketHandle,
        target: Target,
        tls: Option<TlsSession>,
        mailbox: &Arc<Mailbox>,
    ) -> Self {
        let core = Arc::new(Core {
            pipes: Mutex::new(Pipes::default()),
            mailbox: mailbox.clone(),
            mac: target.mac,
        });
        let offer = ServiceStream {
            core: core.clone(),
            name: target.name,
            kind: target.kind,
            local: target.local,
            peer: target.peer,
            tls: tls.is_some(),
        };
        Self {
            handle,
            core,
            tls: tls.map(Box::new),
            sealed: Vec::new(),
            offer: Some(offer),
            closed: false,
            linger_until_us: None,
        }
    }

    /// The stream to hand to the service, once, when the connection (and its TLS) stands.
    pub(crate) fn take_offer(&mut self, stack: &Stack) -> Option<ServiceStream> {
        let stands =
            matches!(stack.tcp(self.handle).state(), State::Established | State::CloseWait);
        let open = self.tls.as_ref().is_none_or(|tls| !tls.is_handshaking());
        if stands && open { self.offer.take() } else { None }
    }

    /// Moves bytes both ways as far as they go; true if any did.
    pub(crate) fn pump(&mut self, stack: &mut Stack, now_us: u64) -> bool {
        let core = self.core.clone();
        let mut pipes = lock(&core.pipes);
        if pipes.service_gone {
            pipes.to_service.clear();
        }
        let mut moved = self.pump_in(stack, &mut pipes);
        moved |= self.pump_out(stack, &mut pipes);
        let finished = pipes.to_board.is_empty() && pipes.service_ended;
        if finished && !self.closed {
            self.closed = true;
            if let Some(tls) = &mut self.tls {
                tls.close();
                tls.output(&mut self.sealed);
            }
            self.linger_until_us = Some(now_us.saturating_add(LINGER_US));
            moved = true;
        }
        if self.closed {
            moved |= self.flush_sealed(stack);
            if self.sealed.is_empty() {
                stack.tcp_mut(self.handle).close();
            }
            if self.linger_until_us.is_some_and(|until_us| until_us <= now_us) {
                stack.tcp_mut(self.handle).abort();
            }
        }
        moved
    }

    fn pump_in(&mut self, stack: &mut Stack, pipes: &mut Pipes) -> bool {
        let socket = stack.tcp_mut(self.handle);
        let mut moved = false;
        while socket.can_recv() && pipes.to_service.len() < LIMIT {
            let taken = match &mut self.tls {
                None => socket
                    .recv(|data| {
                        let length = data.len().min(LIMIT - pipes.to_service.len());
                        if !pipes.service_gone {
                            pipes.to_service.extend(&data[..length]);
                        }
                        (length, Ok(length))
                    })
                    .unwrap_or(Ok(0)),
                Some(tls) => socket
                    .recv(|data| match tls.feed(data) {
                        Ok(length) => (length, Ok(length)),
                        Err(error) => (data.len(), Err(error)),
                    })
                    .unwrap_or(Ok(0)),
            };
            let Ok(taken) = taken else {
                self.fail(stack, pipes);
                return true;
            };
            let read = self.read_plaintext(pipes);
            if let Some(tls) = &mut self.tls {
                tls.output(&mut self.sealed);
            }
            if taken == 0 && read == 0 {
                break;
            }
            moved = true;
            if self.tls.is_some() {
                // The handshake goes on when the answer is out.
                break;
            }
        }
        let socket = stack.tcp(self.handle);
        let state = socket.state();
        let ended = !socket.may_recv() && !matches!(state, State::Listen | State::SynReceived);
        if ended && !pipes.board_ended && !pipes.broken {
            // A connection that is over without an end from the board was cut.
            pipes.broken = state == State::Closed && !self.closed;
            pipes.board_ended = true;
            moved = true;
        }
        if moved {
            pipes.wake_reader();
        }
        if pipes.broken {
            pipes.wake_writer();
        }
        moved
    }

    fn read_plaintext(&mut self, pipes: &mut Pipes) -> usize {
        let Some(tls) = &mut self.tls else { return 0 };
        let mut buffer = [0u8; 4096];
        let mut total = 0;
        while pipes.to_service.len() < LIMIT {
            match tls.read(&mut buffer) {
                Ok(0) => {
                    pipes.board_ended = true;
                    break;
                }
                Ok(length) => {
                    total += length;
                    if !pipes.service_gone {
                        pipes.to_service.extend(&buffer[..length]);
                    }
                }
                Err(_) => break,
            }
        }
        total
    }

    // The board's TLS is broken: it gets the alert, and the end.
    fn fail(&mut self, stack: &mut Stack, pipes: &mut Pipes) {
        if let Some(tls) = &mut self.tls {
            tls.output(&mut self.sealed);
        }
        pipes.broken = true;
        pipes.service_ended = true;
        pipes.to_board.clear();
        self.flush_sealed(stack);
        pipes.wake_reader();
        pipes.wake_writer();
    }

    fn pump_out(&mut self, stack: &mut Stack, pipes: &mut Pipes) -> bool {
        let mut moved = self.flush_sealed(stack);
        while self.sealed.is_empty() && !pipes.to_board.is_empty() {
            let (first, _) = pipes.to_board.as_slices();
            let sent = match &mut self.tls {
                None => stack.tcp_mut(self.handle).send_slice(first).unwrap_or(0),
                Some(tls) if tls.is_handshaking() => 0,
                Some(tls) => {
                    let sent = match tls.write(first) {
                        Ok(sent) => sent,
                        Err(TlsError::WouldBlock) => 0,
                        Err(_) => first.len(),
                    };
                    tls.output(&mut self.sealed);
                    sent
                }
            };
            if sent == 0 {
                break;
            }
            pipes.to_board.drain(..sent);
            moved = true;
            self.flush_sealed(stack);
        }
        if moved {
            pipes.wake_writer();
        }
        moved
    }

    fn flush_sealed(&mut self, stack: &mut Stack) -> bool {
        if self.sealed.is_empty() {
            return false;
        }
        let sent = stack.tcp_mut(self.handle).send_slice(&self.sealed).unwrap_or(0);
        self.sealed.drain(..sent);
        sent > 0
    }

    /// Whether it is over; then its socket may go. There is no waiting afterwards: a board opens hundreds of connections a minute,
    /// and one that asks again after the end is told so.
    pub(crate) fn is_over(&self, stack: &Stack) -> bool {
        matches!(stack.tcp(self.handle).state(), State::Closed | State::TimeWait)
    }

    /// When it must be given up.
    pub(crate) fn deadline(&self) -> Option<u64> {
        self.linger_until_us
    }

    /// The board is gone: the service hears that the connection broke.
    pub(crate) fn break_off(&self) {
        let mut pipes = lock(&self.core.pipes);
        // What arrived whole before may still be read.
        pipes.broken |= !pipes.board_ended;
        pipes.board_ended = true;
        pipes.service_ended = true;
        pipes.wake_reader();
        pipes.wake_writer();
    }
}
