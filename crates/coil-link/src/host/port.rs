//! The bytes of a board's wire on the host's side, and the lines that reset it: a serial device, or a client of RFC 2217.

use super::{Address, Error};
use crate::rfc2217::client::Client;
use rustix::fd::{AsFd, BorrowedFd};
use serial2::SerialPort;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// The speed of a MicroPython board's console.
const BAUD: u32 = 115_200;
/// How long a machine may take to answer a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Bytes that are taken at once.
const CHUNK: usize = 16 << 10;
/// Answers to a server that waits for nothing: one that asks more, and reads none, is no server.
const ANSWERS_MAX: usize = 64 << 10;

/// An open port. Nothing here waits.
#[derive(Debug)]
pub(super) enum Port {
    Device(SerialPort),
    Rfc2217 { stream: TcpStream, client: Client, wire: Vec<u8> },
}

impl Port {
    pub(super) fn open(address: &Address) -> Result<Self, Error> {
        let opened = match address {
            Address::Device(path) => SerialPort::open(path, BAUD).and_then(|mut port| {
                port.set_read_timeout(Duration::ZERO)?;
                port.set_write_timeout(Duration::ZERO)?;
                Ok(Self::Device(port))
            }),
            Address::Rfc2217(place) => connect(place),
        };
        opened.map_err(|source| Error::Open { address: address.to_string(), source })
    }

    pub(super) fn file(&self) -> BorrowedFd<'_> {
        match self {
            Self::Device(port) => port.as_fd(),
            Self::Rfc2217 { stream, .. } => stream.as_fd(),
        }
    }

    /// Whether something waits to be sent that no caller knows of.
    pub(super) fn wants_to_write(&self) -> bool {
        matches!(self, Self::Rfc2217 { wire, .. } if !wire.is_empty())
    }

    /// Puts what has come at the end of `into`.
    ///
    /// # Errors
    /// If the port has gone.
    pub(super) fn read(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        let mut buffer = [0; CHUNK];
        match self {
            Self::Device(port) => match whole(port.read(&mut buffer))? {
                Some(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Some(n) => into.extend_from_slice(&buffer[..n]),
                None => {}
            },
            Self::Rfc2217 { stream, client, wire } => match whole(stream.read(&mut buffer))? {
                Some(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Some(n) => client.take(&buffer[..n], into, wire),
                None => {}
            },
        }
        if let Self::Rfc2217 { wire, .. } = self
            && wire.len() > ANSWERS_MAX
        {
            return Err(io::Error::other("it is no server of RFC 2217"));
        }
        self.flush()
    }

    /// Sends what can be sent now; how many bytes were taken.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Device(port) => Ok(whole(port.write(bytes))?.unwrap_or(0)),
            Self::Rfc2217 { wire, .. } => {
                // Escaped bytes are ours to keep until the connection takes them.
                let n = bytes.len().min(CHUNK.saturating_sub(wire.len()));
                Client::give(&bytes[..n], wire);
                self.flush()?;
                Ok(n)
            }
        }
    }

    /// Sends what waits.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let Self::Rfc2217 { stream, wire, .. } = self else { return Ok(()) };
        while !wire.is_empty() {
            match whole(stream.write(wire))? {
                Some(0) => return Err(ErrorKind::WriteZero.into()),
                Some(n) => drop(wire.drain(..n)),
                None => break,
            }
        }
        Ok(())
    }

    /// Sets the lines.
    pub(super) fn lines(&mut self, dtr: bool, rts: bool) -> Result<(), Error> {
        match self {
            Self::Device(port) => {
                let set = port.set_dtr(dtr).and_then(|()| port.set_rts(rts));
                set.map_err(|_| Error::NoLines)
            }
            Self::Rfc2217 { wire, .. } => {
                Client::lines(dtr, rts, wire);
                self.flush().map_err(|_| Error::Gone)
            }
        }
    }
}

/// A result, where "not now" is none.
fn whole(done: io::Result<usize>) -> io::Result<Option<usize>> {
    match done {
        Ok(n) => Ok(Some(n)),
        Err(e) => match e.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Ok(None),
            _ => Err(e),
        },
    }
}

fn connect(place: &str) -> io::Result<Port> {
    let mut last = io::Error::new(ErrorKind::NotFound, "the name has no address");
    for address in place.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                stream.set_nonblocking(true)?;
                let (mut client, mut wire) = (Client::default(), Vec::new());
                client.greet(BAUD, &mut wire);
                let mut port = Port::Rfc2217 { stream, client, wire };
                port.flush()?;
                return Ok(port);
            }
            Err(e) => last = e,
        }
    }
    Err(last)
}
