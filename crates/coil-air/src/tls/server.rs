//! The server's side: services behind the gateway, and boards that serve.

use super::secrets::KeyLog;
use super::{TlsError, TlsSession, TlsVersions, provider_with};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, ServerConnection};
use std::sync::Arc;

/// How a server accepts: its certificate, its key and the versions it speaks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TlsServerConfig {
    config: Arc<ServerConfig>,
}

impl TlsServerConfig {
    /// From a certificate chain and its key, in DER.
    pub fn new(chain: Vec<Vec<u8>>, key: Vec<u8>, versions: TlsVersions) -> Result<Self, TlsError> {
        Self::with_ciphers(chain, key, versions, &[])
    }

    /// The same, with these ciphers alone: see [`TlsClientConfig::ciphers`](super::TlsClientConfig::ciphers).
    ///
    /// # Errors
    /// The certificate or the key cannot be used, or the library has none of the ciphers.
    pub fn with_ciphers(
        chain: Vec<Vec<u8>>,
        key: Vec<u8>,
        versions: TlsVersions,
        ciphers: &[String],
    ) -> Result<Self, TlsError> {
        let key = PrivateKeyDer::try_from(key).map_err(|_| TlsError::BadMaterial)?;
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        let mut config = ServerConfig::builder_with_provider(provider_with(ciphers)?)
            .with_protocol_versions(versions.list())?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        // Boards do not resume sessions; tickets would only cost them memory.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { config: Arc::new(config) })
    }

    /// The same, whose sessions tell their secrets there.
    pub fn telling(self, secrets: &KeyLog) -> Self {
        let mut config = Arc::unwrap_or_clone(self.config);
        config.key_log = secrets.as_library_takes_it();
        Self { config: Arc::new(config) }
    }

    /// The same, as the library takes it.
    pub(crate) fn shared(&self) -> Arc<ServerConfig> {
        self.config.clone()
    }

    /// Opens a session for a client that has connected.
    pub fn accept(&self) -> Result<TlsSession, TlsError> {
        Ok(TlsSession::new(ServerConnection::new(self.config.clone())?.into()))
    }
}
