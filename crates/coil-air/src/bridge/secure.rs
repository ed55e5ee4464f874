//! TLS at ports of the host, with certificates of the lab's own authority. It must not know what is said inside.

use crate::tls::{CertificateAuthority, TlsError, TlsServerConfig, TlsVersions};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
pub use tokio_rustls::server::TlsStream;

/// How long a client may take until it is known who talks to whom.
const PATIENCE: Duration = Duration::from_secs(10);

/// The end of TLS at a port. Copies are the same.
#[derive(Clone)]
pub struct Secure(TlsAcceptor);

impl std::fmt::Debug for Secure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secure").finish_non_exhaustive()
    }
}

impl Secure {
    /// For clients that call the host by one of these names or addresses.
    ///
    /// # Errors
    /// One of them is neither a name nor an address.
    pub fn new(authority: &CertificateAuthority, names: &[&str]) -> Result<Self, TlsError> {
        let (chain, key) = authority.issue(names)?;
        let config = TlsServerConfig::new(chain, key, TlsVersions::Any)?;
        Ok(Self(TlsAcceptor::from(config.shared())))
    }

    /// A connection as what is said inside.
    ///
    /// # Errors
    /// The client speaks no TLS, wants another host, or takes more than ten seconds.
    pub async fn accept<S>(self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        within(PATIENCE, self.0.accept(stream)).await
    }
}

async fn within<T>(patience: Duration, done: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(patience, done)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;

    #[tokio::test]
    async fn who_says_nothing_or_no_tls_has_not_come() {
        let authority = CertificateAuthority::in_memory().expect("an authority");
        let secure = Secure::new(&authority, &["cloud.test"]).expect("names");
        let (silent, end) = tokio::io::duplex(1024);
        let waited = within(Duration::from_millis(20), secure.0.accept(end)).await;
        assert_eq!(waited.expect_err("nobody").kind(), io::ErrorKind::TimedOut);
        drop(silent);
        let (mut plain, end) = tokio::io::duplex(1024);
        plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("room");
        let refused = secure.accept(end).await;
        assert_eq!(refused.expect_err("no TLS").kind(), io::ErrorKind::InvalidData);
    }
}
