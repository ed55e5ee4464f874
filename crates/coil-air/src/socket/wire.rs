//! What the sockets make of the frames that come in, and the tidying after each run of the stack.

use super::{Kind, Net, Role, Sockets, Stream, Tcp};
use crate::error::SocketError;
use crate::frame::Peek;
use smoltcp::socket::tcp;
use std::net::SocketAddrV4;

impl Sockets {
    fn tcp_count(&self) -> usize {
        let open: usize = self
            .slots
            .iter()
            .map(|slot| match &slot.kind {
                Kind::Tcp(Tcp { role: Role::Stream(stream), .. }) => usize::from(stream.is_alive()),
                Kind::Tcp(Tcp { role: Role::Listening(listener), .. }) => 1 + listener.waiting(),
                _ => 0,
            })
            .sum();
        open + self.lingering.len()
    }

    // When all connections are taken, the oldest of those that are only closing gives way.
    pub(super) fn make_room_for_tcp(&mut self, net: &mut Net<'_>) -> Result<(), SocketError> {
        while self.tcp_count() >= self.limits.max_tcp {
            if self.lingering.is_empty() {
                return Err(SocketError::NoBuffers);
            }
            let oldest = self.lingering.remove(0);
            net.stack.remove(oldest.handle);
        }
        Ok(())
    }

    /// Looks at a frame before the stack does: requests to connect need a socket that waits for them, and bad news is noted for
    /// the program. `false` drops the frame.
    pub(crate) fn inspect(&mut self, net: &mut Net<'_>, peek: Peek) -> bool {
        match peek {
            Peek::Tcp { src, dst, syn: true, .. } => self.admit(net, dst, src),
            Peek::Tcp { src, dst, rst: true, .. } => {
                self.for_connection(net, dst, src, |stream, net| stream.note_reset(net));
                true
            }
            Peek::Unreachable { local, remote } => {
                self.for_connection(net, local, remote, |stream, net| stream.note_unreachable(net));
                true
            }
            Peek::Udp { dst, .. } if dst.ip().is_multicast() => self.is_group_bound(dst),
            _ => true,
        }
    }

    /// Whether a socket takes what is sent to a group: one that is bound to an address of the board does not.
    fn is_group_bound(&self, group: SocketAddrV4) -> bool {
        self.slots.iter().any(|slot| match &slot.kind {
            Kind::Udp(udp) => udp.local.is_some_and(|local| {
                local.port() == group.port()
                    && (local.ip().is_unspecified() || local.ip() == group.ip())
            }),
            Kind::Tcp(_) => false,
        })
    }

    fn for_connection(
        &mut self,
        net: &mut Net<'_>,
        local: SocketAddrV4,
        remote: SocketAddrV4,
        then: impl FnOnce(&mut Stream, &mut Net<'_>),
    ) {
        for slot in &mut self.slots {
            if let Kind::Tcp(Tcp { role: Role::Stream(stream), .. }) = &mut slot.kind
                && stream.is_between(net.stack, local, remote)
            {
                return then(stream, net);
            }
        }
    }

    // `false` when nobody may answer now: the backlog or the table is full, and the peer asks again.
    fn admit(&mut self, net: &mut Net<'_>, local: SocketAddrV4, remote: SocketAddrV4) -> bool {
        let mut has_room = self.tcp_count() < self.limits.max_tcp;
        for slot in &mut self.slots {
            let Kind::Tcp(Tcp { role: Role::Listening(listener), .. }) = &mut slot.kind else {
                continue;
            };
            if !listener.is_for(local) {
                continue;
            }
            if !has_room && !self.lingering.is_empty() {
                let oldest = self.lingering.remove(0);
                net.stack.remove(oldest.handle);
                has_room = true;
            }
            return listener.admit(net.stack, local, remote, has_room, &self.limits, &self.timings);
        }
        true
    }

    /// Tidies up after the stack has run; connections that were closed and are over go.
    pub(crate) fn tidy(&mut self, net: &mut Net<'_>) {
        let data_timeout_us = self.timings.data_timeout_us;
        self.lingering.retain_mut(|it| {
            let socket = net.stack.tcp_mut(it.handle);
            if socket.state() != tcp::State::Closed && net.now_us >= it.until_us {
                socket.abort();
                // The reset leaves with the next egress; the socket goes with the next tidying.
                return true;
            }
            let over = socket.state() == tcp::State::Closed;
            if over {
                net.stack.remove(it.handle);
            }
            !over
        });
        for slot in &mut self.slots {
            let Kind::Tcp(tcp) = &mut slot.kind else { continue };
            match &mut tcp.role {
                Role::Fresh => {}
                Role::Stream(stream) => stream.tidy(net, data_timeout_us),
                Role::Listening(listener) => listener.tidy(net.stack, data_timeout_us),
            }
        }
    }

    /// When a closing connection must be given up.
    pub(crate) fn deadline(&self) -> Option<u64> {
        self.lingering.iter().map(|it| it.until_us).min()
    }

    /// The board's address is another one: connections of the old one are lost.
    pub(crate) fn address_changed(&mut self, net: &mut Net<'_>) {
        for slot in &mut self.slots {
            if let Kind::Tcp(Tcp { role: Role::Stream(stream), .. }) = &mut slot.kind {
                stream.note_address_changed(net);
            }
        }
    }
}
