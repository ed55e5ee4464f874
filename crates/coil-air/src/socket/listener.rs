//! A listening socket: connections are made ready for it one by one as they are asked for, so that a backlog costs nothing.

use crate::config::{StationLimits, Timings};
use crate::socket::endpoint;
use crate::stack::Stack;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp::State;
use smoltcp::wire::{IpAddress, IpListenEndpoint};
use std::net::SocketAddrV4;

const MAX_BACKLOG: usize = 16;

#[derive(Debug)]
pub(super) struct Listener {
    local: SocketAddrV4,
    backlog: usize,
    pending: Vec<SocketHandle>,
}

impl Listener {
    pub(super) fn new(local: SocketAddrV4, backlog: usize) -> Self {
        Self { local, backlog: backlog.clamp(1, MAX_BACKLOG), pending: Vec::new() }
    }

    pub(super) fn set_backlog(&mut self, backlog: usize) {
        self.backlog = backlog.clamp(1, MAX_BACKLOG);
    }

    pub(super) fn is_for(&self, local: SocketAddrV4) -> bool {
        self.local.port() == local.port()
            && (self.local.ip().is_unspecified() || self.local.ip() == local.ip())
    }

    pub(super) fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// Makes sure that a socket waits for the connection that `remote` asks for; `false` if there is no room.
    pub(super) fn admit(
        &mut self,
        stack: &mut Stack,
        local: SocketAddrV4,
        remote: SocketAddrV4,
        has_room: bool,
        limits: &StationLimits,
        timings: &Timings,
    ) -> bool {
        let served = self.pending.iter().any(|&handle| {
            stack.is_connection(handle, local, remote) || stack.tcp(handle).state() == State::Listen
        });
        if served {
            return true;
        }
        if !has_room || self.pending.len() >= self.backlog {
            return false;
        }
        let handle =
            stack.add_tcp(limits.tcp_receive_bytes, limits.tcp_send_bytes, timings.data_timeout_us);
        let at = IpListenEndpoint { addr: Some(IpAddress::Ipv4(*local.ip())), port: local.port() };
        if stack.tcp_mut(handle).listen(at).is_err() {
            stack.remove(handle);
            return false;
        }
        self.pending.push(handle);
        true
    }

    fn position(&self, stack: &Stack) -> Option<usize> {
        self.pending.iter().position(|&handle| {
            matches!(stack.tcp(handle).state(), State::Established | State::CloseWait)
        })
    }

    pub(super) fn has_connection(&self, stack: &Stack) -> bool {
        self.position(stack).is_some()
    }

    /// The next connection that stands, with its two ends.
    pub(super) fn take(
        &mut self,
        stack: &Stack,
    ) -> Option<(SocketHandle, SocketAddrV4, SocketAddrV4)> {
        let handle = self.pending.remove(self.position(stack)?);
        let socket = stack.tcp(handle);
        Some((handle, endpoint(socket.local_endpoint())?, endpoint(socket.remote_endpoint())?))
    }

    /// Forgets connections that ended before anyone took them, and sockets whose request turned out not to be one.
    pub(super) fn tidy(&mut self, stack: &mut Stack, data_timeout_us: u64) {
        self.pending.retain(|&handle| {
            stack.mind_timeout(handle, data_timeout_us);
            let over = matches!(stack.tcp(handle).state(), State::Closed | State::Listen);
            if over {
                stack.remove(handle);
            }
            !over
        });
    }

    /// Ends the listening; answers the connections that still have to end on the wire.
    pub(super) fn close(self, stack: &mut Stack) -> Vec<SocketHandle> {
        for &handle in &self.pending {
            stack.tcp_mut(handle).abort();
        }
        self.pending
    }
}
