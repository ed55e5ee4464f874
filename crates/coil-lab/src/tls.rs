//! TLS sessions of boards: the air's, with the numbers and names of mbedTLS.

use coil_air::tls::{
    self, DtlsConfig, DtlsKeys, DtlsSession, KeyLog, TlsClientConfig, TlsError, TlsServerConfig,
    TlsVersions, Verify,
};
use coil_board::outside::{Datagrams, Tls, TlsClient, TlsFault, TlsSession};

/// The library that boards use, and where their sessions tell their secrets.
#[derive(Clone, Default)]
pub(crate) struct Library(pub(crate) KeyLog);

impl Tls for Library {
    fn check_certificates(&mut self, given: &[u8]) -> Result<(), TlsFault> {
        ders(given).map(drop).ok_or(TlsFault::Material("invalid cert"))
    }

    fn check_key(&mut self, given: &[u8]) -> Result<(), TlsFault> {
        ders(given).map(drop).ok_or(TlsFault::Material("invalid key"))
    }

    fn client(&mut self, given: TlsClient) -> Result<Box<dyn TlsSession>, TlsFault> {
        client(given, &self.0)
    }

    fn server(
        &mut self,
        identity: Option<(Vec<u8>, Vec<u8>)>,
        ciphers: Vec<String>,
    ) -> Result<Box<dyn TlsSession>, TlsFault> {
        match identity {
            Some((certificate, key)) => server(&certificate, &key, &ciphers, &self.0),
            // It is the handshake that has nothing to show.
            None => Ok(Box::new(Bare::default())),
        }
    }

    fn datagrams(&mut self, how: Datagrams, now_us: u64) -> Result<Box<dyn TlsSession>, TlsFault> {
        datagrams(how, now_us, self.0.clone())
    }
}

/// A server's session without a certificate or a cipher: no client has anything in common with it.
#[derive(Default)]
pub(crate) struct Bare {
    cut: bool,
}

impl TlsSession for Bare {
    fn is_handshaking(&self) -> bool {
        true
    }
    fn feed(&mut self, _: &[u8]) -> Result<usize, TlsFault> {
        Err(fault(TlsError::NothingInCommon))
    }
    fn end_of_transport(&mut self) {
        self.cut = true;
    }
    fn output(&mut self, _: &mut Vec<u8>) {}
    fn read(&mut self, _: &mut [u8]) -> Result<usize, TlsFault> {
        Err(if self.cut { fault(TlsError::Cut) } else { TlsFault::WouldBlock })
    }
    fn has_plaintext(&mut self) -> bool {
        false
    }
    fn write(&mut self, _: &[u8]) -> Result<usize, TlsFault> {
        self.read(&mut [])
    }
    fn close(&mut self) {}
    fn agreed(&self) -> Option<(String, String)> {
        None
    }
    fn peer_certificate(&self) -> Option<Vec<u8>> {
        None
    }
}

struct Session(tls::TlsSession);

/// A session over datagrams.
struct OverDatagrams(DtlsSession);

impl TlsSession for OverDatagrams {
    fn is_datagram(&self) -> bool {
        true
    }
    fn tick(&mut self, now_us: u64) -> Result<(), TlsFault> {
        self.0.tick(now_us).map_err(fault)
    }
    fn is_handshaking(&self) -> bool {
        self.0.is_handshaking()
    }
    fn feed(&mut self, ciphertext: &[u8]) -> Result<usize, TlsFault> {
        self.0.feed(ciphertext).map_err(fault)?;
        Ok(ciphertext.len())
    }
    fn end_of_transport(&mut self) {}
    fn output(&mut self, out: &mut Vec<u8>) {
        out.extend(self.0.output().unwrap_or_default());
    }
    fn read(&mut self, into: &mut [u8]) -> Result<usize, TlsFault> {
        self.0.read(into).map_err(fault)
    }
    fn has_plaintext(&mut self) -> bool {
        self.0.has_plaintext()
    }
    fn write(&mut self, plaintext: &[u8]) -> Result<usize, TlsFault> {
        self.0.write(plaintext).map_err(fault)
    }
    fn close(&mut self) {
        self.0.close();
    }
    fn agreed(&self) -> Option<(String, String)> {
        None
    }
    fn peer_certificate(&self) -> Option<Vec<u8>> {
        self.0.peer_certificate()
    }
}

fn datagrams(
    how: Datagrams,
    now_us: u64,
    key_log: KeyLog,
) -> Result<Box<dyn TlsSession>, TlsFault> {
    let Datagrams { is_server, client, mut keys } = how;
    let keys = match (is_server, keys.is_empty()) {
        (_, true) => None,
        (true, false) => Some(DtlsKeys::Server(keys)),
        (false, false) => {
            let (identity, key) = keys.swap_remove(0);
            Some(DtlsKeys::Client { identity, key })
        }
    };
    let identity = match client.identity {
        Some((certificate, key)) => {
            let (chain, key) = pair(&certificate, &key)?;
            chain.into_iter().next().map(|leaf| (leaf, key))
        }
        // It is the handshake that has nothing to show.
        None if is_server && keys.is_none() => return Ok(Box::new(Bare::default())),
        None => None,
    };
    let config = DtlsConfig {
        is_server,
        identity,
        keys,
        server_name: client.server_name,
        verify: verify(client.authorities, client.unix_seconds)?,
        key_log,
    };
    Ok(Box::new(OverDatagrams(config.open(now_us).map_err(fault)?)))
}

/// What mbedTLS says where this library says something else.
fn fault(error: TlsError) -> TlsFault {
    match error {
        TlsError::WouldBlock => TlsFault::WouldBlock,
        TlsError::Untrusted => {
            TlsFault::Certificate("The certificate is not correctly signed by the trusted CA\n")
        }
        TlsError::WrongName => TlsFault::Certificate(
            "The certificate Common Name (CN) does not match with the expected CN\n",
        ),
        TlsError::WrongTime => TlsFault::Certificate("The certificate validity has expired\n"),
        TlsError::BadMaterial => TlsFault::Material("invalid cert"),
        TlsError::NothingInCommon => TlsFault::Other(-0x6e00, "MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE"),
        TlsError::Alert(_) => TlsFault::Other(-0x7780, "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE"),
        TlsError::NotTls => TlsFault::Other(-0x7200, "MBEDTLS_ERR_SSL_INVALID_RECORD"),
        TlsError::Cut => TlsFault::Other(-0x7280, "MBEDTLS_ERR_SSL_CONN_EOF"),
        TlsError::BadCertificate => TlsFault::Other(-0x7a00, "MBEDTLS_ERR_SSL_BAD_CERTIFICATE"),
        TlsError::TimedOut => TlsFault::Other(-0x6800, "MBEDTLS_ERR_SSL_TIMEOUT"),
        TlsError::BadName(_) => TlsFault::Other(-0x7100, "MBEDTLS_ERR_SSL_BAD_INPUT_DATA"),
        TlsError::File { .. } | TlsError::Issue(_) | TlsError::Library(_) => {
            TlsFault::Other(-0x6c00, "MBEDTLS_ERR_SSL_INTERNAL_ERROR")
        }
    }
}

impl TlsSession for Session {
    fn is_handshaking(&self) -> bool {
        self.0.is_handshaking()
    }
    fn feed(&mut self, ciphertext: &[u8]) -> Result<usize, TlsFault> {
        self.0.feed(ciphertext).map_err(fault)
    }
    fn end_of_transport(&mut self) {
        self.0.end_of_transport();
    }
    fn output(&mut self, out: &mut Vec<u8>) {
        self.0.output(out);
    }
    fn read(&mut self, into: &mut [u8]) -> Result<usize, TlsFault> {
        self.0.read(into).map_err(fault)
    }
    fn has_plaintext(&mut self) -> bool {
        self.0.has_plaintext()
    }
    fn write(&mut self, plaintext: &[u8]) -> Result<usize, TlsFault> {
        self.0.write(plaintext).map_err(fault)
    }
    fn close(&mut self) {
        self.0.close();
    }
    fn agreed(&self) -> Option<(String, String)> {
        Some((self.0.cipher()?, self.0.version()?.to_owned()))
    }
    fn peer_certificate(&self) -> Option<Vec<u8>> {
        self.0.peer_certificate()
    }
}

/// The alert of a peer that has nothing in common.
const HANDSHAKE_FAILURE: u8 = 40;

/// What is demanded of a server's certificate.
fn verify(
    authorities: Option<Vec<Vec<u8>>>,
    unix_seconds: Option<u64>,
) -> Result<Verify, TlsFault> {
    let Some(given) = authorities else { return Ok(Verify::None) };
    let mut roots = Vec::new();
    for one in given {
        roots.extend(ders(&one).ok_or(TlsFault::Material("invalid cert"))?);
    }
    if roots.is_empty() {
        return Err(TlsFault::Other(-0x7680, "MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED"));
    }
    Ok(Verify::Authorities { roots, unix_seconds })
}

/// A client's session.
fn client(client: TlsClient, key_log: &KeyLog) -> Result<Box<dyn TlsSession>, TlsFault> {
    let verify = verify(client.authorities, client.unix_seconds)?;
    let identity = match client.identity {
        None => None,
        Some((certificate, key)) => Some(pair(&certificate, &key)?),
    };
    let config = TlsClientConfig {
        server_name: client.server_name,
        verify,
        versions: TlsVersions::Only12,
        identity,
        ciphers: client.ciphers,
        key_log: key_log.clone(),
    };
    match config.connect() {
        Ok(session) => Ok(Box::new(Session(session))),
        // What a server answers that is offered nothing it has.
        Err(TlsError::NothingInCommon) => Err(fault(TlsError::Alert(HANDSHAKE_FAILURE))),
        Err(error) => Err(fault(error)),
    }
}

/// A server's session.
fn server(
    certificate: &[u8],
    key: &[u8],
    ciphers: &[String],
    key_log: &KeyLog,
) -> Result<Box<dyn TlsSession>, TlsFault> {
    let (chain, key) = pair(certificate, key)?;
    let config = match TlsServerConfig::with_ciphers(chain, key, TlsVersions::Only12, ciphers) {
        Err(TlsError::NothingInCommon) => return Ok(Box::new(Bare::default())),
        other => other.map_err(fault)?,
    };
    Ok(Box::new(Session(config.telling(key_log).accept().map_err(fault)?)))
}

/// A certificate chain and a key in DER.
type Pair = (Vec<Vec<u8>>, Vec<u8>);

fn pair(certificate: &[u8], key: &[u8]) -> Result<Pair, TlsFault> {
    let chain = ders(certificate).ok_or(TlsFault::Material("invalid cert"))?;
    let key =
        ders(key).and_then(|k| k.into_iter().next()).ok_or(TlsFault::Material("invalid key"))?;
    Ok((chain, key))
}

/// All blocks of a PEM text, or DER as it is.
fn ders(given: &[u8]) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &str = "-----BEGIN ";
    let text = match std::str::from_utf8(given) {
        Ok(text) if text.contains(BEGIN) => text,
        _ if given.first() == Some(&0x30) => return Some(vec![given.to_vec()]),
        _ => return None,
    };
    let mut blocks = Vec::new();
    for part in text.split(BEGIN).skip(1) {
        let (_, body) = part.split_once("-----")?;
        let (body, _) = body.split_once("-----END ")?;
        blocks.push(base64(body)?);
    }
    Some(blocks)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut have) = (Vec::new(), 0u32, 0);
    for c in text.bytes().filter(|c| !c.is_ascii_whitespace() && *c != b'=') {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_and_der_read_and_anything_else_does_not() {
        let pem = "noise\n-----BEGIN X-----\nMAMC\nAQU=\n-----END X-----\n";
        assert_eq!(ders(pem.as_bytes()), Some(vec![vec![0x30, 3, 2, 1, 5]]));
        assert_eq!(ders(&[0x30, 0]), Some(vec![vec![0x30, 0]]));
        assert_eq!(ders(b"hello"), None);
        assert_eq!(ders(b"-----BEGIN X-----\n%%\n-----END X-----"), None);
    }
}
