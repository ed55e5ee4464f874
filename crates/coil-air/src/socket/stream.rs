//! One end of a TCP connection: its states as a program sees them, and why it ended.

use super::{Net, Readiness, endpoint};
use crate::error::SocketError;
use crate::stack::Stack;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp::State;
use smoltcp::time::Duration;
use std::net::SocketAddrV4;

const KEEP_ALIVE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Stream {
    // None once the connection is over and what it received was lost with it.
    handle: Option<SocketHandle>,
    established: bool,
    reset_seen: bool,
    // The program has closed its side.
    shut: bool,
    // Why it ended, until the program has been told.
    failure: Option<SocketError>,
}

impl Stream {
    pub(super) fn connecting(handle: SocketHandle) -> Self {
        Self {
            handle: Some(handle),
            established: false,
            reset_seen: false,
            shut: false,
            failure: None,
        }
    }

    pub(super) fn established(handle: SocketHandle) -> Self {
        Self { established: true, ..Self::connecting(handle) }
    }

    /// After the stack has run.
    pub(super) fn tidy(&mut self, net: &mut Net<'_>, data_timeout_us: u64) {
        self.refresh(net);
        if let Some(handle) = self.handle
            && self.established
        {
            net.stack.mind_timeout(handle, data_timeout_us);
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        self.handle.is_some()
    }

    pub(super) fn is_between(
        &self,
        stack: &Stack,
        local: SocketAddrV4,
        remote: SocketAddrV4,
    ) -> bool {
        self.handle.is_some_and(|handle| stack.is_connection(handle, local, remote))
    }

    pub(super) fn peer(&self, net: &Net<'_>) -> Option<SocketAddrV4> {
        endpoint(net.stack.tcp(self.handle?).remote_endpoint())
    }

    pub(super) fn note_reset(&mut self, net: &Net<'_>) {
        self.refresh(net);
        self.reset_seen = true;
    }

    /// Nobody can deliver to the peer: a connection that is being made fails, one that stands does not mind.
    pub(super) fn note_unreachable(&mut self, net: &mut Net<'_>) {
        if let Some(handle) = self.handle
            && net.stack.tcp(handle).state() == State::SynSent
        {
            self.drop_connection(net, SocketError::HostUnreachable);
        }
    }

    pub(super) fn note_address_changed(&mut self, net: &mut Net<'_>) {
        let Some(handle) = self.handle else { return };
        let local = endpoint(net.stack.tcp(handle).local_endpoint());
        if local.is_some_and(|local| !local.ip().is_loopback() && !net.own.has(*local.ip())) {
            self.drop_connection(net, SocketError::Aborted);
        }
    }

    fn drop_connection(&mut self, net: &mut Net<'_>, why: SocketError) {
        if let Some(handle) = self.handle.take() {
            net.stack.remove(handle);
        }
        self.failure = Some(why);
    }

    // Brings the view in line with the stack's.
    fn refresh(&mut self, net: &Net<'_>) {
        let Some(handle) = self.handle else { return };
        match net.stack.tcp(handle).state() {
            State::SynSent | State::SynReceived | State::Listen | State::Closed => {}
            _ => self.established = true,
        }
    }

    // Whether the connection has come to its end, and the error that a program then gets. An end that both sides wanted is none.
    fn ended(&mut self, net: &mut Net<'_>) -> Option<SocketError> {
        self.refresh(net);
        let Some(handle) = self.handle else {
            return Some(self.failure.take().unwrap_or(SocketError::NotConnected));
        };
        if net.stack.tcp(handle).state() != State::Closed || net.stack.tcp(handle).can_recv() {
            return None;
        }
        if self.shut && !self.reset_seen {
            self.drop_connection(net, SocketError::NotConnected);
            return self.failure.take();
        }
        let why = match (self.established, self.reset_seen) {
            (false, true) => SocketError::Refused,
            (true, true) => SocketError::Reset,
            (_, false) => SocketError::Aborted,
        };
        self.drop_connection(net, why);
        self.failure.take()
    }

    fn is_connecting(&self, net: &Net<'_>) -> bool {
        let state = self.handle.map(|handle| net.stack.tcp(handle).state());
        matches!(state, Some(State::SynSent | State::SynReceived))
    }

    /// Another `connect` on the same socket: how the first one went.
    pub(super) fn connect_again(&mut self, net: &mut Net<'_>) -> Result<(), SocketError> {
        if self.is_connecting(net) {
            return Err(SocketError::InProgress);
        }
        match self.ended(net) {
            Some(why) => Err(why),
            None => Err(SocketError::AlreadyConnected),
        }
    }

    pub(super) fn send(&mut self, net: &mut Net<'_>, data: &[u8]) -> Result<usize, SocketError> {
        if self.is_connecting(net) {
            return Err(SocketError::WouldBlock);
        }
        if let Some(why) = self.ended(net) {
            return Err(why);
        }
        let Some(handle) = self.handle else { return Err(SocketError::NotConnected) };
        let socket = net.stack.tcp_mut(handle);
        match socket.send_slice(data) {
            Ok(0) if !data.is_empty() => Err(SocketError::WouldBlock),
            Ok(sent) => Ok(sent),
            Err(_) => Err(SocketError::NotConnected),
        }
    }

    pub(super) fn recv(
        &mut self,
        net: &mut Net<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, SocketError> {
        if self.is_connecting(net) {
            return Err(SocketError::WouldBlock);
        }
        match self.ended(net) {
            // Both sides closed it: the end of the stream, however often it is asked for.
            Some(SocketError::NotConnected) if self.shut => return Ok(0),
            Some(why) => return Err(why),
            None => {}
        }
        let Some(handle) = self.handle else { return Err(SocketError::NotConnected) };
        let socket = net.stack.tcp_mut(handle);
        match socket.recv_slice(buffer) {
            Ok(0) if !buffer.is_empty() => Err(SocketError::WouldBlock),
            Ok(length) => Ok(length),
            // The peer has closed its side: the end of the stream.
            Err(_) => Ok(0),
        }
    }

    pub(super) fn shutdown(&mut self, net: &mut Net<'_>) -> Result<(), SocketError> {
        let Some(handle) = self.handle else { return Err(SocketError::NotConnected) };
        if self.is_connecting(net) {
            return Err(SocketError::NotConnected);
        }
        net.stack.close(handle);
        self.shut = true;
        Ok(())
    }

    pub(super) fn set_options(&self, net: &mut Net<'_>, keep_alive: bool, no_delay: bool) {
        let Some(handle) = self.handle else { return };
        let socket = net.stack.tcp_mut(handle);
        socket.set_keep_alive(keep_alive.then_some(KEEP_ALIVE));
        socket.set_nagle_enabled(!no_delay);
    }

    pub(super) fn readiness(&mut self, net: &mut Net<'_>) -> Readiness {
        self.refresh(net);
        let Some(handle) = self.handle else {
            return Readiness {
                readable: true,
                writable: true,
                error: self.failure.is_some(),
                hangup: true,
            };
        };
        let socket = net.stack.tcp(handle);
        match socket.state() {
            State::SynSent | State::SynReceived => Readiness::default(),
            State::Closed => Readiness {
                readable: true,
                writable: true,
                error: !socket.can_recv(),
                hangup: true,
            },
            _ => {
                let hangup = !socket.may_recv();
                Readiness {
                    readable: socket.can_recv() || hangup,
                    writable: socket.can_send(),
                    error: false,
                    hangup: hangup || socket.state() == State::CloseWait,
                }
            }
        }
    }

    /// Closes it: with unread data the peer gets a reset, as lwIP does it. Answers what must still end on the wire.
    pub(super) fn close(self, net: &mut Net<'_>) -> Option<SocketHandle> {
        let handle = self.handle?;
        if net.stack.tcp(handle).can_recv() {
            net.stack.tcp_mut(handle).abort();
        } else {
            net.stack.close(handle);
        }
        Some(handle)
    }
}
