//! TLS as the firmware sees it: a library that turns bytes into bytes. Nothing here waits, and no network is needed.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// The library.
pub trait Tls {
    /// Looks at certificates, without using them.
    ///
    /// # Errors
    /// They are none.
    fn check_certificates(&mut self, given: &[u8]) -> Result<(), TlsFault>;
    /// Looks at a private key, without using it.
    ///
    /// # Errors
    /// It is none.
    fn check_key(&mut self, given: &[u8]) -> Result<(), TlsFault>;
    /// Opens a session towards a server.
    ///
    /// # Errors
    /// A certificate or key cannot be used.
    fn client(&mut self, client: TlsClient) -> Result<Box<dyn TlsSession>, TlsFault>;
    /// Opens a session towards a client, with a certificate and its key, if there are any, and
    /// with these ciphers, or all if none are named.
    ///
    /// # Errors
    /// The certificate or the key cannot be used.
    fn server(
        &mut self,
        identity: Option<(Vec<u8>, Vec<u8>)>,
        ciphers: Vec<String>,
    ) -> Result<Box<dyn TlsSession>, TlsFault>;
    /// Opens a session over datagrams; the board's time is in microseconds.
    ///
    /// # Errors
    /// A certificate or key cannot be used.
    fn datagrams(&mut self, how: Datagrams, now_us: u64) -> Result<Box<dyn TlsSession>, TlsFault>;
}

/// How a session over datagrams is opened (DTLS).
#[derive(Clone, Debug, Default)]
pub struct Datagrams {
    /// The server's side.
    pub is_server: bool,
    /// Names, authorities and the own certificate. A server takes nothing but the certificate.
    pub client: TlsClient,
    /// The keys that both sides have beforehand: by name, the client's alone or all that a server takes.
    /// With any there are no certificates.
    pub keys: Vec<(Vec<u8>, Vec<u8>)>,
}

/// How a TLS client connects. Certificates and keys are PEM or DER.
#[derive(Clone, Debug, Default)]
pub struct TlsClient {
    /// The server's name.
    pub server_name: Option<String>,
    /// Check the server's certificate against these authorities.
    pub authorities: Option<Vec<Vec<u8>>>,
    /// The board's clock, if it is set: seconds since 1970.
    pub unix_seconds: Option<u64>,
    /// The client's own certificate and key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// The ciphers to offer, such as `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`; all if none are named.
    pub ciphers: Vec<String>,
}

/// What went wrong with TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// Nothing to read now, or no room to write.
    WouldBlock,
    /// The peer's certificate was looked at and is not good: why.
    Certificate(&'static str),
    /// A certificate or key that was given cannot be read: which.
    Material(&'static str),
    /// The library's number and name for anything else.
    Other(i32, &'static str),
}

/// A TLS session: ciphertext goes in and out as bytes.
pub trait TlsSession {
    /// Whether what is fed and what is put out are whole datagrams.
    fn is_datagram(&self) -> bool {
        false
    }
    /// Tells the board's time, in microseconds: sessions over datagrams send again what was lost.
    ///
    /// # Errors
    /// The peer does not answer.
    fn tick(&mut self, now_us: u64) -> Result<(), TlsFault> {
        let _ = now_us;
        Ok(())
    }
    /// Whether the handshake goes on.
    fn is_handshaking(&self) -> bool;
    /// Takes ciphertext; says how much of it.
    ///
    /// # Errors
    /// What the peer sent ends the session.
    fn feed(&mut self, ciphertext: &[u8]) -> Result<usize, TlsFault>;
    /// The transport has ended.
    fn end_of_transport(&mut self);
    /// Appends the ciphertext to send; of datagrams one at a time.
    fn output(&mut self, out: &mut Vec<u8>);
    /// Reads plaintext; 0 is the end.
    ///
    /// # Errors
    /// There is none now, or never will be.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, TlsFault>;
    /// Whether plaintext waits to be read.
    fn has_plaintext(&mut self) -> bool;
    /// Writes plaintext; says how much was taken.
    ///
    /// # Errors
    /// There is no room now, or the session is over.
    fn write(&mut self, plaintext: &[u8]) -> Result<usize, TlsFault>;
    /// Ends the session from this side.
    fn close(&mut self);
    /// Version and cipher agreed on.
    fn agreed(&self) -> Option<(String, String)>;
    /// The peer's certificate.
    fn peer_certificate(&self) -> Option<Vec<u8>>;
}
