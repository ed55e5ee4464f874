//! The client's side: what boards open towards services.

use super::secrets::KeyLog;
use super::{TlsError, TlsSession, TlsVersions, provider_with};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::time_provider::TimeProvider;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

/// What a client demands of the server's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verify {
    /// Nothing, as the workshop's old firmware.
    None,
    /// That one of these authorities (DER) issued it for the server's name, and that it is valid at this Unix time in seconds.
    /// Without a time, as on a chip whose clock was never set, validity is not looked at.
    Authorities {
        /// The authorities' certificates.
        roots: Vec<Vec<u8>>,
        /// The board's time.
        unix_seconds: Option<u64>,
    },
}

/// How a client connects.
#[derive(Debug, Clone)]
pub struct TlsClientConfig {
    /// The server's name, which is sent along and, with [`Verify::Authorities`], checked.
    pub server_name: Option<String>,
    /// What is demanded of its certificate.
    pub verify: Verify,
    /// The versions spoken.
    pub versions: TlsVersions,
    /// The client's own certificate chain and key, in DER.
    pub identity: Option<(Vec<Vec<u8>>, Vec<u8>)>,
    /// The ciphers offered, such as `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`: those of the versions
    /// spoken that the library has. None means all of them.
    pub ciphers: Vec<String>,
    /// Where its sessions tell their secrets.
    pub key_log: KeyLog,
}

impl TlsClientConfig {
    /// A client that checks nothing.
    pub fn unverified(server_name: Option<&str>) -> Self {
        Self {
            server_name: server_name.map(Into::into),
            verify: Verify::None,
            versions: TlsVersions::Any,
            identity: None,
            ciphers: Vec::new(),
            key_log: KeyLog::default(),
        }
    }

    /// Opens a session.
    ///
    /// # Errors
    /// The certificates or the name cannot be used, or the library has none of the ciphers.
    pub fn connect(&self) -> Result<TlsSession, TlsError> {
        let provider = provider_with(&self.ciphers)?;
        let time: Arc<dyn TimeProvider> = Arc::new(BoardTime(match &self.verify {
            Verify::Authorities { unix_seconds: Some(seconds), .. } => *seconds,
            _ => ANY_TIME,
        }));
        let verifier = self.verifier(&provider)?;
        let builder = ClientConfig::builder_with_details(provider, time)
            .with_protocol_versions(self.versions.list())?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let key =
                    PrivateKeyDer::try_from(key.clone()).map_err(|_| TlsError::BadMaterial)?;
                let chain = chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
                builder.with_client_auth_cert(chain, key)?
            }
        };
        config.resumption = Resumption::disabled();
        config.key_log = self.key_log.as_library_takes_it();
        config.enable_sni = self.server_name.is_some();
        let connection = ClientConnection::new(Arc::new(config), self.name()?)?;
        Ok(TlsSession::new(connection.into()))
    }

    fn name(&self) -> Result<ServerName<'static>, TlsError> {
        match &self.server_name {
            // An address is never sent as a name.
            None => Ok(ServerName::IpAddress(IpAddr::V4(Ipv4Addr::UNSPECIFIED).into())),
            Some(name) => {
                ServerName::try_from(name.clone()).map_err(|_| TlsError::BadName(name.clone()))
            }
        }
    }

    /// Looks at a server's certificate alone, as a handshake would.
    ///
    /// # Errors
    /// It is not what is demanded.
    pub(super) fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), TlsError> {
        let seconds = match &self.verify {
            Verify::Authorities { unix_seconds: Some(seconds), .. } => *seconds,
            _ => ANY_TIME,
        };
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let verifier = self.verifier(&provider_with(&[])?)?;
        verifier.verify_server_cert(certificate, &[], &self.name()?, &[], now)?;
        Ok(())
    }

    fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
        let Verify::Authorities { roots, unix_seconds } = &self.verify else {
            return Ok(Arc::new(Lenient {
                provider: provider.clone(),
                chain: None,
                roots: Vec::new(),
                check_time: false,
                check_name: false,
            }));
        };
        let mut store = RootCertStore::empty();
        for root in roots {
            store.add(CertificateDer::from(root.clone())).map_err(|_| TlsError::BadMaterial)?;
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
            .build()
            .map_err(|_| TlsError::BadMaterial)?;
        Ok(Arc::new(Lenient {
            provider: provider.clone(),
            chain: Some(chain),
            roots: roots.clone(),
            check_time: unix_seconds.is_some(),
            check_name: self.server_name.is_some(),
        }))
    }
}

/// Stands in where no time is looked at: within the validity of every certificate that the lab issues.
const ANY_TIME: u64 = 1_767_225_600;

#[derive(Debug)]
struct BoardTime(u64);

impl TimeProvider for BoardTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0)))
    }
}

// What a chip without a clock or without authorities checks: the proof that the server has the certificate's key, always, and
// more where asked for.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
    /// The authorities' certificates.
    roots: Vec<Vec<u8>>,
    check_time: bool,
    check_name: bool,
}

impl Lenient {
    /// A server's certificate that vouches for itself, as `openssl req -x509` makes them, is believed if it is one of the authorities'.
    fn verify_itself(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if !self.roots.iter().any(|root| *root == **certificate) {
            return Err(rustls::CertificateError::UnknownIssuer.into());
        }
        if self.check_name {
            verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
        }
        Ok(ServerCertVerified::assertion())
    }
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use rustls::{CertificateError as Certificate, Error};
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is looked at last, so everything else holds by then.
            Err(Error::InvalidCertificate(
                Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
            )) if !self.check_name => Ok(ServerCertVerified::assertion()),
            Err(Error::InvalidCertificate(
                Certificate::Expired
                | Certificate::ExpiredContext { .. }
                | Certificate::NotValidYet
                | Certificate::NotValidYetContext { .. },
            )) if !self.check_time => Ok(ServerCertVerified::assertion()),
            // Nobody but the certificate itself vouches for it, and it is an authority's by its form. The time is looked at first.
            Err(Error::InvalidCertificate(Certificate::Other(_))) => {
                self.verify_itself(end_entity, server_name)
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};

    fn certificate(is_ca: IsCa, last_year: i32) -> Vec<u8> {
        let mut parameters = CertificateParams::new(vec!["thing.test".into()]).unwrap();
        parameters.is_ca = is_ca;
        parameters.not_after = date_time_ymd(last_year, 12, 31);
        parameters.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    fn checked(shown: &[u8], roots: &[&[u8]], name: Option<&str>) -> Result<(), TlsError> {
        let roots = roots.iter().map(|root| root.to_vec()).collect();
        let verify = Verify::Authorities { roots, unix_seconds: Some(ANY_TIME) };
        let config = TlsClientConfig { verify, ..TlsClientConfig::unverified(name) };
        config.check(&CertificateDer::from(shown))
    }

    #[test]
    fn certificate_that_vouches_for_itself_is_believed_if_it_is_one_of_the_authorities() {
        let as_authority = || IsCa::Ca(BasicConstraints::Unconstrained);
        for is_ca in [as_authority, || IsCa::NoCa] {
            let [own, other] = [certificate(is_ca(), 2049), certificate(is_ca(), 2049)];
            assert!(checked(&own, &[&own], None).is_ok());
            assert!(checked(&own, &[&other, &own], Some("thing.test")).is_ok());
            let another = checked(&own, &[&own], Some("other.test"));
            assert!(matches!(another, Err(TlsError::WrongName)), "{another:?}");
            let stranger = checked(&own, &[&other], Some("thing.test"));
            assert!(!matches!(stranger, Ok(()) | Err(TlsError::WrongName)), "{stranger:?}");
        }
        let own = certificate(as_authority(), 2020);
        let expired = checked(&own, &[&own], Some("thing.test"));
        assert!(matches!(expired, Err(TlsError::WrongTime)), "{expired:?}");
    }
}
