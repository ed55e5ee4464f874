//! The ports of a board on this machine: a pseudo-terminal, TCP and RFC 2217.

use super::seat::Seat;
use anyhow::{Context, Result};
use coil_board::Outcome;
use coil_lab::Console;
use coil_lab::events::{Actor, Hands, LinesAre, no_board};
use coil_link::modem::{Change, Modem};
use coil_link::{Hub, Line, PtyPort, PtyWriter, Rfc2217Port, SocketWriter, TcpPort};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The ports of a board, which are there before the board is.
pub(crate) struct Ports {
    pub(crate) pty: PtyPort,
    tcp: TcpPort,
    rfc2217: Rfc2217Port,
    /// The board's place at them.
    pub(crate) seat: Seat,
}

impl Ports {
    /// Opens them; `link` is the pseudo-terminal's stable name.
    pub(crate) fn open(hub: &Hub, link: Option<&Path>) -> Result<Self> {
        let seat = Seat::default();
        let line = Line::new(seat.clone());
        let loopback = "cannot listen on the loopback address";
        Ok(Self {
            pty: PtyPort::open(hub, link, &line).context("cannot open a pseudo-terminal")?,
            tcp: TcpPort::open(hub, &line).context(loopback)?,
            rfc2217: Rfc2217Port::open(hub, &line).context(loopback)?,
            seat,
        })
    }

    /// The console that goes to all of them.
    pub(crate) fn console(&self) -> Box<dyn Console> {
        let sockets = [self.tcp.writer(), self.rfc2217.writer()];
        Box::new(Wires { pty: self.pty.writer(), sockets })
    }

    /// The address of the raw TCP port.
    pub(crate) fn tcp(&self) -> String {
        self.tcp.address().to_string()
    }

    /// The address of the port with lines, as pyserial's tools take it.
    pub(crate) fn rfc2217(&self) -> String {
        format!("rfc2217://{}", self.rfc2217.address())
    }

    /// The address of the raw TCP port, as pyserial's tools take it.
    pub(crate) fn socket(&self) -> String {
        format!("socket://{}", self.tcp.address())
    }
}

/// The hands that act on circuits, and set the lines of boards' pseudo-terminals.
pub(crate) fn hands(act: Actor, modems: BTreeMap<String, Modem>) -> Hands {
    let lines = move |of: &coil_lab::events::SetLines| {
        let set = |modem: &Modem| modem.set(Change { dtr: of.dtr, rts: of.rts });
        let are = modems.get(&of.board).and_then(set);
        are.map(|l| LinesAre { dtr: l.dtr, rts: l.rts }).ok_or_else(|| no_board(&of.board))
    };
    Hands::new(act, Arc::new(lines))
}

/// A board's output goes to all of its ports.
struct Wires {
    pty: PtyWriter,
    sockets: [SocketWriter; 2],
}

impl Console for Wires {
    fn write(&mut self, bytes: &[u8]) {
        self.pty.write(bytes);
        for socket in &self.sockets {
            socket.write(bytes);
        }
    }
    fn flush(&mut self) {
        self.pty.flush();
        for socket in &self.sockets {
            socket.flush();
        }
    }
    fn end(&mut self, _: Outcome) {}
}
