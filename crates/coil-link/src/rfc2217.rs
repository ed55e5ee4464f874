//! A board's serial port over the network with its lines: RFC 2217, `rfc2217://` of pyserial.
//!
//! A client's DTR and RTS reach the board, so that tools can reset it into its loader, and so does its speed, which
//! the loader tells; they change nothing on a wire that has none, and the format is only kept and told.

pub mod client;
pub mod parser;

use crate::end::Line;
use crate::hub::Hub;
use crate::outbox::{Beyond, Outbox};
use crate::socket::{Protocol, SocketPort, SocketWriter};
use parser::{Heard, Session};
use std::io;
use std::net::SocketAddr;

/// A listening port for a board.
#[derive(Debug)]
pub struct Rfc2217Port(SocketPort);

impl Rfc2217Port {
    /// Listens on a free port of the loopback address.
    ///
    /// # Errors
    /// If no port is free.
    pub fn open(hub: &Hub, line: &Line) -> io::Result<Self> {
        let greet = |wire: &mut Vec<u8>| {
            let mut session = Session::default();
            session.greet(wire);
            session
        };
        Ok(Self(SocketPort::open(hub, line, greet)?))
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

impl Protocol for Session {
    fn take(
        &mut self,
        bytes: &[u8],
        client: u64,
        line: &Line,
        outbox: &Outbox,
        wire: &mut Vec<u8>,
    ) {
        for heard in Self::take(self, bytes, wire) {
            match heard {
                Heard::Data(data) => line.send(client, &data, || self.settings().baud),
                Heard::Lines { dtr, rts } => line.lines(dtr, rts),
                Heard::Purge => outbox.purge(),
            }
        }
    }

    fn give(&mut self, bytes: &[u8], wire: &mut Vec<u8>) {
        Self::give(bytes, wire);
    }

    /// It is a serial port, which loses what nobody reads and never hangs up.
    fn beyond(&self) -> Beyond {
        Beyond::DropOldest
    }

    fn is_suspended(&self) -> bool {
        Self::is_suspended(self)
    }

    fn gone(&mut self, line: &Line) {
        // As a serial port's driver does when the last who had it open closes it.
        let settings = self.settings();
        if settings.dtr || settings.rts {
            line.lines(false, false);
        }
    }
}
