//! ICMP echo, for one board. The socket is made with the first ping.

use crate::error::SocketError;
use crate::stack::Stack;
use smoltcp::iface::SocketHandle;
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::socket::icmp;
use smoltcp::wire::{Icmpv4Packet, Icmpv4Repr, IpAddress};
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};

const IDENT: u16 = 0xc011;
const DATA: &[u8; 32] = b"coil coil coil coil coil coil co";
const QUEUE: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Pinger {
    handle: Option<SocketHandle>,
    answers: VecDeque<(Ipv4Addr, u16)>,
}

impl Pinger {
    pub(super) fn send(
        &mut self,
        stack: &mut Stack,
        to: Ipv4Addr,
        sequence: u16,
    ) -> Result<(), SocketError> {
        let handle = match self.handle {
            Some(handle) => handle,
            None => {
                let handle = open(stack)?;
                self.handle = Some(handle);
                handle
            }
        };
        let request = Icmpv4Repr::EchoRequest { ident: IDENT, seq_no: sequence, data: DATA };
        let socket = stack.sockets.get_mut::<icmp::Socket<'_>>(handle);
        let payload = socket
            .send(request.buffer_len(), IpAddress::Ipv4(to))
            .map_err(|_| SocketError::WouldBlock)?;
        request.emit(&mut Icmpv4Packet::new_unchecked(payload), &ChecksumCapabilities::default());
        Ok(())
    }

    pub(super) fn poll(&mut self, stack: &mut Stack) {
        let Some(handle) = self.handle else { return };
        let socket = stack.sockets.get_mut::<icmp::Socket<'_>>(handle);
        while let Ok((payload, from)) = socket.recv() {
            let Ok(packet) = Icmpv4Packet::new_checked(payload) else { continue };
            if let (Ok(Icmpv4Repr::EchoReply { seq_no, .. }), IpAddr::V4(from)) =
                (Icmpv4Repr::parse(&packet, &ChecksumCapabilities::default()), IpAddr::from(from))
            {
                if self.answers.len() >= QUEUE {
                    self.answers.pop_front();
                }
                self.answers.push_back((from, seq_no));
            }
        }
    }

    pub(super) fn next(&mut self) -> Option<(Ipv4Addr, u16)> {
        self.answers.pop_front()
    }
}

fn open(stack: &mut Stack) -> Result<SocketHandle, SocketError> {
    let buffer =
        || icmp::PacketBuffer::new(vec![icmp::PacketMetadata::EMPTY; QUEUE], vec![0; QUEUE * 128]);
    let mut socket = icmp::Socket::new(buffer(), buffer());
    socket.bind(icmp::Endpoint::Ident(IDENT)).map_err(|_| SocketError::NoBuffers)?;
    Ok(stack.sockets.add(socket))
}
