//! TLS for boards and for the services they talk to: a certificate authority of the lab's own, and sessions that do no input or
//! output themselves: ciphertext goes in and out as bytes. It knows no sockets.

mod ca;
mod client;
mod datagrams;
mod secrets;
mod server;
mod session;

pub use ca::CertificateAuthority;
pub use client::{TlsClientConfig, Verify};
pub use datagrams::{DtlsConfig, DtlsKeys, DtlsSession};
pub use secrets::{KeyLog, KeyTap};
pub use server::TlsServerConfig;
pub use session::TlsSession;

use std::path::PathBuf;

/// Which versions a session may speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TlsVersions {
    /// 1.2 alone, as the firmware of most boards.
    Only12,
    /// 1.3 alone.
    Only13,
    /// The newer of the two that both sides speak.
    #[default]
    Any,
}

impl TlsVersions {
    fn list(self) -> &'static [&'static rustls::SupportedProtocolVersion] {
        use rustls::SupportedProtocolVersion as Version;
        use rustls::version::{TLS12, TLS13};
        static ONLY_12: [&Version; 1] = [&TLS12];
        static ONLY_13: [&Version; 1] = [&TLS13];
        static ANY: [&Version; 2] = [&TLS13, &TLS12];
        match self {
            Self::Only12 => &ONLY_12,
            Self::Only13 => &ONLY_13,
            Self::Any => &ANY,
        }
    }
}

/// What went wrong with TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Nothing to read now, or no room to write.
    #[error("the operation would block")]
    WouldBlock,
    /// The peer's certificate comes from an authority that is not trusted.
    #[error("the peer's certificate is not trusted")]
    Untrusted,
    /// The peer's certificate is for other names.
    #[error("the peer's certificate is for another name")]
    WrongName,
    /// The peer's certificate has expired, or is not valid yet.
    #[error("the peer's certificate is not valid at this time")]
    WrongTime,
    /// The peer's certificate or its proof is not well made.
    #[error("the peer's certificate or its signature is bad")]
    BadCertificate,
    /// The two sides share no version, cipher or group.
    #[error("the two sides have no TLS version or cipher in common")]
    NothingInCommon,
    /// The peer ended the session with an alert.
    #[error("the peer sent the alert {0}")]
    Alert(u8),
    /// What the peer sent is no TLS.
    #[error("the peer sent something that is not TLS")]
    NotTls,
    /// The stream ended without the end of the session: it may be cut.
    #[error("the connection ended in the middle of the session")]
    Cut,
    /// The handshake takes too long.
    #[error("the peer does not answer")]
    TimedOut,
    /// The server's name cannot be one.
    #[error("`{0}` cannot be the name of a server")]
    BadName(String),
    /// A certificate or key cannot be read.
    #[error("the certificate or key cannot be read")]
    BadMaterial,
    /// A file of the authority cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// A certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Issue(#[from] rcgen::Error),
    /// Anything else that the library refuses.
    #[error("{0}")]
    Library(rustls::Error),
}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> Self {
        use rustls::{CertificateError as Certificate, Error};
        match error {
            Error::InvalidCertificate(Certificate::UnknownIssuer) => Self::Untrusted,
            Error::InvalidCertificate(
                Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
            ) => Self::WrongName,
            Error::InvalidCertificate(
                Certificate::Expired
                | Certificate::ExpiredContext { .. }
                | Certificate::NotValidYet
                | Certificate::NotValidYetContext { .. },
            ) => Self::WrongTime,
            Error::InvalidCertificate(_) => Self::BadCertificate,
            Error::PeerIncompatible(_) => Self::NothingInCommon,
            Error::AlertReceived(alert) => Self::Alert(u8::from(alert)),
            Error::InvalidMessage(_)
            | Error::InappropriateMessage { .. }
            | Error::InappropriateHandshakeMessage { .. } => Self::NotTls,
            Error::PeerMisbehaved(_) | Error::DecryptError | Error::PeerSentOversizedRecord => {
                Self::NotTls
            }
            other => Self::Library(other),
        }
    }
}

/// The provider with these ciphers alone, named as in the standards; with all if none are named.
fn provider_with(
    ciphers: &[String],
) -> Result<std::sync::Arc<rustls::crypto::CryptoProvider>, TlsError> {
    let mut provider = rustls::crypto::ring::default_provider();
    if !ciphers.is_empty() {
        provider.cipher_suites.retain(|c| ciphers.contains(&format!("{:?}", c.suite())));
        if provider.cipher_suites.is_empty() {
            return Err(TlsError::NothingInCommon);
        }
    }
    Ok(std::sync::Arc::new(provider))
}
