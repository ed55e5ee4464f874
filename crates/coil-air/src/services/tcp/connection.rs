//! The gateway's side of one connection: bytes between the board's socket and the service's stream, through TLS where it is asked for.

use super::{Core, LIMIT, Mailbox, Pipes, ServiceStream};
use crate::frame::Mac;
use crate::segment::lock;
use crate::stack::Stack;
use crate::tls::{TlsError, TlsSession};
use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp::State;
use std::fmt;
use std::net::SocketAddrV4;
use std::sync::Arc;

/// Bytes of the gateway's sockets, to receive and to send.
pub(crate) const BUFFERS: (usize, usize) = (16 * 1024, 32 * 1024);
/// How long a connection that the service has closed may take to end.
const LINGER_US: u64 = 20_000_000;

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
        let core = Core::new(target.mac, mailbox);
        let offer = ServiceStream {
            core: core.clone(),
            name: target.name,
            kind: target.kind,
            local: target.local,
            peer: target.peer,
            tls: tls.is_some(),
        };
        Self { tls: tls.map(Box::new), offer: Some(offer), ..Self::over(handle, core) }
    }

    /// A connection that is being made to a board, and its stream; nothing if the stack has no way.
    pub(crate) fn dial(
        stack: &mut Stack,
        (local, board): (SocketAddrV4, SocketAddrV4),
        mac: Mac,
        mailbox: &Arc<Mailbox>,
        timeout_us: u64,
    ) -> Option<(Self, ServiceStream)> {
        let handle = stack.dial(local, board, BUFFERS, timeout_us)?;
        let (name, kind) = ("board".into(), "board".into());
        let target = Target { name, kind, local: board, peer: local, mac };
        let mut connection = Self::new(handle, target, None, mailbox);
        let stream = connection.offer.take()?;
        Some((connection, stream))
    }

    /// Takes those away that are over. A socket that still listens waited for a request that was not one.
    pub(crate) fn reap(connections: &mut Vec<Self>, stack: &mut Stack) {
        connections.retain(|connection| {
            let listens = stack.tcp(connection.handle).state() == State::Listen;
            let over = connection.is_over(stack) || listens;
            if over {
                connection.break_off();
                stack.remove(connection.handle);
            }
            !over
        });
    }

    /// A connection whose stream was handed out before there was a socket.
    pub(crate) fn over(handle: SocketHandle, core: Arc<Core>) -> Self {
        Self {
            handle,
            core,
            tls: None,
            sealed: Vec::new(),
            offer: None,
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
        if pipes.service_cut && stack.tcp(self.handle).is_open() {
            stack.tcp_mut(self.handle).abort();
            return true;
        }
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
                stack.close(self.handle);
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
        if matches!(state, State::Established | State::CloseWait) && !pipes.stood {
            pipes.stood = true;
            moved = true;
        }
        let ended = !socket.may_recv()
            && !matches!(state, State::Listen | State::SynReceived | State::SynSent);
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
        self.core.break_off();
    }
}
