//! A board's serial port as a raw TCP stream on this machine: `socket://` of pyserial.

use crate::end::{BAUD, Line};
use crate::hub::Hub;
use crate::outbox::Outbox;
use crate::socket::{Protocol, SocketPort, SocketWriter};
use std::io;
use std::net::SocketAddr;

/// A listening port for a board.
#[derive(Debug)]
pub struct TcpPort(SocketPort);

impl TcpPort {
    /// Listens on a free port of the loopback address.
    ///
    /// # Errors
    /// If no port is free.
    pub fn open(hub: &Hub, line: &Line) -> io::Result<Self> {
        Ok(Self(SocketPort::open(hub, line, |_| Plain)?))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Something that writes to all clients.
    pub fn writer(&self) -> SocketWriter {
        self.0.writer()
    }
}

/// Bytes as they are.
struct Plain;

impl Protocol for Plain {
    fn take(&mut self, bytes: &[u8], client: u64, line: &Line, _: &Outbox, _: &mut Vec<u8>) {
        line.send(client, bytes, || BAUD);
    }

    fn give(&mut self, bytes: &[u8], wire: &mut Vec<u8>) {
        wire.extend_from_slice(bytes);
    }
}
