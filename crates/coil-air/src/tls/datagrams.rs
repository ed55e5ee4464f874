//! DTLS 1.2: sessions over datagrams, with certificates or with keys that both sides have beforehand. Like the others they do
//! no input or output themselves, and time is told to them.

use super::TlsError;
use super::client::{TlsClientConfig, Verify};
use super::secrets::KeyLog;
use dimpl::{Config, Dtls, DtlsCertificate, Error, Output, PskResolver};
use rustls::pki_types::CertificateDer;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

mod telling;

/// Pieces of plaintext that wait to be read, at most: more are lost, as datagrams may be.
const PIECES_MAX: usize = 32;

/// Keys that both sides have beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DtlsKeys {
    /// A client's: the name it tells, and the key.
    Client {
        /// The name.
        identity: Vec<u8>,
        /// The key.
        key: Vec<u8>,
    },
    /// Those that a server takes: names and keys.
    Server(Vec<(Vec<u8>, Vec<u8>)>),
}

/// How a session is opened.
#[derive(Debug, Clone)]
pub struct DtlsConfig {
    /// The server's side.
    pub is_server: bool,
    /// The own certificate (ECDSA) and its key (PKCS#8), in DER.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// Keys instead of certificates.
    pub keys: Option<DtlsKeys>,
    /// The server's name, where the client checks it.
    pub server_name: Option<String>,
    /// What a client demands of the server's certificate.
    pub verify: Verify,
    /// Where its secrets are told.
    pub key_log: KeyLog,
}

struct Table(Vec<(Vec<u8>, Vec<u8>)>);

impl PskResolver for Table {
    fn resolve(&self, identity: &[u8]) -> Option<Vec<u8>> {
        self.0.iter().find(|known| known.0 == identity).map(|known| known.1.clone())
    }
}

impl DtlsConfig {
    /// Opens a session; `now_us` is the board's time in microseconds.
    ///
    /// # Errors
    /// The certificate or the key cannot be used.
    pub fn open(self, now_us: u64) -> Result<DtlsSession, TlsError> {
        let builder = Config::builder()
            .require_client_certificate(false)
            .with_crypto_provider(telling::provider());
        let builder = match &self.keys {
            None => builder,
            Some(DtlsKeys::Client { identity, key }) => {
                let table = Table(vec![(identity.clone(), key.clone())]);
                builder.with_psk_client(identity.clone(), Arc::new(table))
            }
            Some(DtlsKeys::Server(known)) => {
                builder.with_psk_server(None, Arc::new(Table(known.clone())))
            }
        };
        let config = Arc::new(builder.build().map_err(|_| TlsError::BadMaterial)?);
        let start = Instant::now();
        let mut dtls = if self.keys.is_some() {
            Dtls::new_12_psk(config, start)
        } else {
            let (certificate, private_key) = match self.identity.clone() {
                Some(identity) => identity,
                // A client that is asked for one shows a certificate that nobody vouches for.
                None => {
                    let made = rcgen::generate_simple_self_signed([String::from("board")])?;
                    (made.cert.der().to_vec(), made.signing_key.serialize_der())
                }
            };
            Dtls::new_12(config, DtlsCertificate { certificate, private_key }, start)
        };
        dtls.set_active(!self.is_server);
        let mut session = DtlsSession {
            dtls,
            config: self,
            start,
            start_us: now_us,
            buffer: vec![0; 2048],
            out: VecDeque::new(),
            plain: VecDeque::new(),
            peer: None,
            is_open: false,
            is_over: false,
            peer_closed: false,
        };
        session.tick(now_us)?;
        Ok(session)
    }
}

/// A session. Tell it the time before datagrams are fed, and take what is to be sent after every call.
pub struct DtlsSession {
    dtls: Dtls,
    config: DtlsConfig,
    start: Instant,
    start_us: u64,
    buffer: Vec<u8>,
    out: VecDeque<Vec<u8>>,
    plain: VecDeque<Vec<u8>>,
    peer: Option<Vec<u8>>,
    is_open: bool,
    /// An error has ended it: what comes later must not open it after all.
    is_over: bool,
    peer_closed: bool,
}

impl std::fmt::Debug for DtlsSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DtlsSession").field("is_open", &self.is_open).finish_non_exhaustive()
    }
}

impl DtlsSession {
    /// Whether the handshake is still under way.
    pub fn is_handshaking(&self) -> bool {
        !self.is_open
    }

    /// Tells the time: what was lost is sent again, and who waits too long is told.
    ///
    /// # Errors
    /// The handshake takes too long.
    pub fn tick(&mut self, now_us: u64) -> Result<(), TlsError> {
        let now = self.start + Duration::from_micros(now_us.saturating_sub(self.start_us));
        self.go_on(|dtls| dtls.handle_timeout(now))
    }

    /// Takes a datagram in.
    ///
    /// # Errors
    /// What the peer sent ends the session.
    pub fn feed(&mut self, datagram: &[u8]) -> Result<(), TlsError> {
        self.go_on(|dtls| dtls.handle_packet(datagram))
    }

    /// The next datagram to send.
    pub fn output(&mut self) -> Option<Vec<u8>> {
        self.out.pop_front()
    }

    /// The next piece of plaintext, as much of it as there is room for; the rest is lost, as of any
    /// datagram. 0 is the end.
    ///
    /// # Errors
    /// There is none now, or never will be.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize, TlsError> {
        let Some(piece) = self.plain.pop_front() else {
            return match (self.peer_closed, self.is_over) {
                (true, _) => Ok(0),
                (false, true) => Err(TlsError::Cut),
                (false, false) => Err(TlsError::WouldBlock),
            };
        };
        let n = piece.len().min(into.len());
        into[..n].copy_from_slice(&piece[..n]);
        Ok(n)
    }

    /// Whether plaintext waits to be read.
    pub fn has_plaintext(&self) -> bool {
        !self.plain.is_empty()
    }

    /// Sends plaintext as one datagram.
    ///
    /// # Errors
    /// The handshake is not over, or the session is.
    pub fn write(&mut self, plaintext: &[u8]) -> Result<usize, TlsError> {
        if !self.is_open && !self.is_over {
            return Err(TlsError::WouldBlock);
        }
        self.go_on(|dtls| dtls.send_application_data(plaintext))
    }

    /// Ends the session from this side.
    pub fn close(&mut self) {
        // Whoever has not begun has nothing to end.
        let _ = self.go_on(Dtls::close);
    }

    /// The peer's certificate, in DER.
    pub fn peer_certificate(&self) -> Option<Vec<u8>> {
        self.peer.clone()
    }

    /// Does a step and takes what it gives. An error is the end: a certificate that was refused once is
    /// not asked for again.
    fn go_on<T>(
        &mut self,
        step: impl FnOnce(&mut Dtls) -> Result<T, Error>,
    ) -> Result<T, TlsError> {
        if self.is_over {
            return Err(TlsError::Cut);
        }
        let done = telling::telling(&self.config.key_log, || step(&mut self.dtls)).map_err(fault);
        let done = done.and_then(|done| self.drain().map(|()| done));
        if done.is_err() {
            self.is_over = true;
            self.is_open = false;
        }
        done
    }

    fn drain(&mut self) -> Result<(), TlsError> {
        loop {
            match self.dtls.poll_output(&mut self.buffer) {
                Output::Packet(bytes) => self.out.push_back(bytes.to_vec()),
                Output::BufferTooSmall { needed } => self.buffer.resize(needed, 0),
                Output::Timeout(_) => return Ok(()),
                Output::Connected => self.is_open = true,
                Output::PeerCert(der) => {
                    let der = der.to_vec();
                    self.check(&der)?;
                    self.peer = Some(der);
                }
                Output::ApplicationData(bytes) if self.plain.len() < PIECES_MAX => {
                    self.plain.push_back(bytes.to_vec());
                }
                Output::CloseNotify => self.peer_closed = true,
                _ => {}
            }
        }
    }

    /// Whether the server's certificate is what is demanded.
    fn check(&self, der: &[u8]) -> Result<(), TlsError> {
        if self.config.is_server || self.config.verify == Verify::None {
            return Ok(());
        }
        TlsClientConfig {
            verify: self.config.verify.clone(),
            ..TlsClientConfig::unverified(self.config.server_name.as_deref())
        }
        .check(&CertificateDer::from(der))
    }
}

/// What the library says, as the sessions over streams say it.
fn fault(error: Error) -> TlsError {
    match error {
        Error::Timeout(_) => TlsError::TimedOut,
        Error::CertificateError(_) => TlsError::BadCertificate,
        Error::PskError(_) | Error::SecurityError(_) => TlsError::NothingInCommon,
        Error::ConnectionClosed => TlsError::Cut,
        _ => TlsError::NotTls,
    }
}
