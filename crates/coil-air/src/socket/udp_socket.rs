//! A datagram socket.

use super::{Net, Readiness, buffer};
use crate::error::SocketError;
use crate::stack::to_std;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::udp;
use smoltcp::wire::{IpAddress, IpListenEndpoint};
use std::net::SocketAddrV4;

/// The largest datagram that fits one frame.
const MAX_DATAGRAM: usize = 1472;
const SEND_QUEUE: usize = 4;

#[derive(Debug)]
pub(super) struct UdpSocket {
    handle: SocketHandle,
    pub(super) local: Option<SocketAddrV4>,
    pub(super) peer: Option<SocketAddrV4>,
    pub(super) reuse: bool,
}

impl UdpSocket {
    pub(super) fn new(net: &mut Net<'_>, queue: usize) -> Self {
        let socket = udp::Socket::new(buffer(queue.max(1)), buffer(SEND_QUEUE));
        Self { handle: net.stack.sockets.add(socket), local: None, peer: None, reuse: false }
    }

    pub(super) fn port(&self) -> Option<u16> {
        self.local.map(|local| local.port())
    }

    pub(super) fn bind(
        &mut self,
        net: &mut Net<'_>,
        local: SocketAddrV4,
    ) -> Result<(), SocketError> {
        if self.local.is_some() {
            return Err(SocketError::Invalid);
        }
        let addr = (!local.ip().is_unspecified()).then(|| IpAddress::Ipv4(*local.ip()));
        let socket = net.stack.sockets.get_mut::<udp::Socket<'_>>(self.handle);
        socket
            .bind(IpListenEndpoint { addr, port: local.port() })
            .map_err(|_| SocketError::Invalid)?;
        self.local = Some(local);
        Ok(())
    }

    pub(super) fn send_to(
        &self,
        net: &mut Net<'_>,
        data: &[u8],
        to: SocketAddrV4,
    ) -> Result<usize, SocketError> {
        if data.len() > MAX_DATAGRAM {
            return Err(SocketError::MessageTooLong);
        }
        let source = net.own.source_for(*to.ip())?;
        let meta = udp::UdpMetadata {
            local_address: Some(IpAddress::Ipv4(source)),
            ..udp::UdpMetadata::from(to)
        };
        let socket = net.stack.sockets.get_mut::<udp::Socket<'_>>(self.handle);
        match socket.send_slice(data, meta) {
            Ok(()) => Ok(data.len()),
            Err(udp::SendError::BufferFull) => Err(SocketError::WouldBlock),
            Err(udp::SendError::Unaddressable) => Err(SocketError::HostUnreachable),
        }
    }

    // As lwIP does, a datagram longer than the buffer is cut.
    pub(super) fn recv_from(
        &self,
        net: &mut Net<'_>,
        into: &mut [u8],
    ) -> Result<(usize, SocketAddrV4), SocketError> {
        let socket = net.stack.sockets.get_mut::<udp::Socket<'_>>(self.handle);
        while let Ok((data, meta)) = socket.recv() {
            let from = to_std(meta.endpoint);
            if self.peer.is_some_and(|peer| peer != from) {
                continue;
            }
            let length = data.len().min(into.len());
            into[..length].copy_from_slice(&data[..length]);
            return Ok((length, from));
        }
        Err(SocketError::WouldBlock)
    }

    pub(super) fn readiness(&self, net: &Net<'_>) -> Readiness {
        let socket = net.stack.sockets.get::<udp::Socket<'_>>(self.handle);
        Readiness {
            readable: socket.can_recv(),
            writable: !socket.is_open() || socket.can_send(),
            ..Readiness::default()
        }
    }

    pub(super) fn close(self, net: &mut Net<'_>) {
        net.stack.remove(self.handle);
    }
}
