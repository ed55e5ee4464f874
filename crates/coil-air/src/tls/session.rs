//! One TLS session, client's or server's, over bytes that somebody else carries.

use super::TlsError;
use rustls::Connection;
use std::io::{ErrorKind, Read, Write};

/// Plaintext that may wait to be encrypted.
const SEND_LIMIT: usize = 16 * 1024;

/// A session. Move what arrives in with [`TlsSession::feed`] and what is to leave out with [`TlsSession::output`], after every call.
#[derive(Debug)]
pub struct TlsSession {
    connection: Connection,
    peer_closed: bool,
    transport_ended: bool,
}

impl TlsSession {
    pub(super) fn new(mut connection: Connection) -> Self {
        connection.set_buffer_limit(Some(SEND_LIMIT));
        Self { connection, peer_closed: false, transport_ended: false }
    }

    /// Whether the handshake is still under way.
    pub fn is_handshaking(&self) -> bool {
        self.connection.is_handshaking()
    }

    /// Takes ciphertext in; answers how much of it was taken. Read plaintext and take output before feeding the rest.
    /// After an error, [`TlsSession::output`] may still have an alert to send.
    pub fn feed(&mut self, ciphertext: &[u8]) -> Result<usize, TlsError> {
        let mut rest = ciphertext;
        while !rest.is_empty() && self.connection.wants_read() {
            match self.connection.read_tls(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(_) => break,
            }
            let state = self.connection.process_new_packets()?;
            self.peer_closed |= state.peer_has_closed();
        }
        if self.peer_closed {
            // What follows the end of a session means nothing.
            rest = &[];
        }
        Ok(ciphertext.len() - rest.len())
    }

    /// Tells the session that the transport ended.
    pub fn end_of_transport(&mut self) {
        self.transport_ended = true;
    }

    /// Whether there is ciphertext to send.
    pub fn has_output(&self) -> bool {
        self.connection.wants_write()
    }

    /// Appends the ciphertext to send to `out`.
    pub fn output(&mut self, out: &mut Vec<u8>) {
        while self.connection.wants_write() {
            // A vector takes everything.
            if !matches!(self.connection.write_tls(out), Ok(written) if written > 0) {
                break;
            }
        }
    }

    /// Reads plaintext; 0 is the end of the session.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize, TlsError> {
        match self.connection.reader().read(into) {
            Ok(length) => Ok(length),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                match (self.peer_closed, self.transport_ended) {
                    (true, _) => Ok(0),
                    (false, true) => Err(TlsError::Cut),
                    (false, false) => Err(TlsError::WouldBlock),
                }
            }
            Err(_) => Err(TlsError::Cut),
        }
    }

    /// Whether plaintext waits to be read.
    pub fn has_plaintext(&mut self) -> bool {
        use std::io::BufRead;
        matches!(self.connection.reader().fill_buf(), Ok(plain) if !plain.is_empty())
    }

    /// Writes plaintext; answers how much was taken. Before the handshake is over it waits.
    pub fn write(&mut self, plaintext: &[u8]) -> Result<usize, TlsError> {
        match self.connection.writer().write(plaintext) {
            Ok(0) if !plaintext.is_empty() => Err(TlsError::WouldBlock),
            Ok(length) => Ok(length),
            Err(_) => Err(TlsError::Cut),
        }
    }

    /// Ends the session from this side.
    pub fn close(&mut self) {
        self.connection.send_close_notify();
    }

    /// The version agreed on, as programs print it.
    pub fn version(&self) -> Option<&'static str> {
        match self.connection.protocol_version()? {
            rustls::ProtocolVersion::TLSv1_2 => Some("TLSv1.2"),
            rustls::ProtocolVersion::TLSv1_3 => Some("TLSv1.3"),
            _ => None,
        }
    }

    /// The cipher agreed on.
    pub fn cipher(&self) -> Option<String> {
        Some(format!("{:?}", self.connection.negotiated_cipher_suite()?.suite()))
    }

    /// The peer's certificate, in DER.
    pub fn peer_certificate(&self) -> Option<Vec<u8>> {
        Some(self.connection.peer_certificates()?.first()?.as_ref().to_vec())
    }
}
