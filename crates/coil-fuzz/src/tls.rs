//! Certificates, keys, and what comes over a connection that should speak TLS.

use crate::chance::Choices;
use coil_air::tls::{
    CertificateAuthority, DtlsConfig, DtlsKeys, DtlsSession, KeyLog, TlsClientConfig,
    TlsServerConfig, TlsSession, TlsVersions, Verify,
};
use std::sync::LazyLock;

/// Pieces of certificates and of TLS records.
pub(crate) const WORDS: &[&str] = &[
    "-----BEGIN CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\n",
    "MIIB",
    "\x16\x03\x01",
    "\x15\x03\x03\x00\x02\x02\x28",
    "\x14\x03\x03\x00\x01\x01",
    "\x17\x03\x03",
    "0",
    "\x02\x01\x00",
    "\x06\x03\x55\x04\x03",
];

static AUTHORITY: LazyLock<CertificateAuthority> =
    LazyLock::new(|| CertificateAuthority::in_memory().expect("chance can be had"));

/// Gives the bytes to a client, to a server, or as a certificate and its key.
pub(crate) fn run(input: &[u8]) {
    let mut choices = Choices(input);
    let session = match choices.below(6) {
        0 => TlsClientConfig::unverified(Some("api-m2x.att.com")).connect(),
        1 => AUTHORITY.server("api-m2x.att.com", false).and_then(|s| s.accept()),
        2 => return material(choices.0),
        3 => return datagrams(&mut choices, true),
        4 => return datagrams(&mut choices, false),
        _ => return handshake(&mut choices),
    };
    let mut session = session.expect("a session of our own material can be opened");
    let mut out = Vec::new();
    while !choices.is_over() {
        let n = 1 + usize::from(choices.byte());
        give(&mut session, choices.bytes(n));
        session.output(&mut out);
    }
    session.end_of_transport();
    let _ = session.read(&mut [0; 64]);
}

/// A certificate and key as a program gives them.
fn material(bytes: &[u8]) {
    let half = bytes.len() / 2;
    let chain = vec![bytes[..half].to_vec()];
    let _ = TlsServerConfig::new(chain.clone(), bytes[half..].to_vec(), TlsVersions::Any);
    let mut client = TlsClientConfig::unverified(None);
    client.identity = Some((chain, bytes[half..].to_vec()));
    let _ = client.connect();
}

/// A handshake between two of ours, with some of the bytes on the way changed.
fn handshake(choices: &mut Choices<'_>) {
    let client = TlsClientConfig::unverified(Some("api-m2x.att.com")).connect();
    let server = AUTHORITY.server("api-m2x.att.com", false).and_then(|s| s.accept());
    let (Ok(mut client), Ok(mut server)) = (client, server) else {
        panic!("a session of our own material can be opened");
    };
    for round in 0..8 {
        let mut bytes = Vec::new();
        let (from, to) =
            if round % 2 == 0 { (&mut client, &mut server) } else { (&mut server, &mut client) };
        let _ = from.write(b"hello");
        from.output(&mut bytes);
        if choices.one_in(3) && !bytes.is_empty() {
            let at = usize::from(choices.word()) % bytes.len();
            bytes[at] ^= choices.byte();
        }
        give(to, &bytes);
    }
}

fn give(session: &mut TlsSession, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match session.feed(bytes) {
            Ok(0) | Err(_) => return,
            Ok(n) => bytes = &bytes[n.min(bytes.len())..],
        }
        while session.read(&mut [0; 256]).is_ok_and(|n| n > 0) {}
    }
}

/// A session over datagrams, with certificates or with a key shared beforehand.
fn over_datagrams(is_server: bool, with_keys: bool) -> DtlsSession {
    let pair = (b"lamp".to_vec(), b"0123456789abcdef".to_vec());
    let keys = with_keys.then(|| match is_server {
        true => DtlsKeys::Server(vec![pair]),
        false => DtlsKeys::Client { identity: pair.0, key: pair.1 },
    });
    let config = DtlsConfig {
        is_server,
        identity: None,
        keys,
        server_name: None,
        verify: Verify::None,
        key_log: KeyLog::default(),
    };
    config.open(0).expect("a session of our own material can be opened")
}

/// Two of them, with some of the datagrams between them changed, lost or made up; time passes.
fn datagrams(choices: &mut Choices<'_>, with_keys: bool) {
    let mut ends = [over_datagrams(false, with_keys), over_datagrams(true, with_keys)];
    for round in 0..24u64 {
        let [client, server] = &mut ends;
        let (from, to) = if round % 2 == 0 { (client, server) } else { (server, client) };
        let late = if choices.one_in(6) { 1_500_000 } else { 1000 };
        if from.tick(round * late).is_err() || to.tick(round * late).is_err() {
            return;
        }
        let _ = from.write(b"hello");
        while let Some(mut datagram) = from.output() {
            match choices.below(8) {
                0 => continue,
                1 => datagram = choices.bytes(64).to_vec(),
                2 if !datagram.is_empty() => {
                    let at = usize::from(choices.word()) % datagram.len();
                    datagram[at] ^= choices.byte();
                }
                3 => datagram.truncate(usize::from(choices.byte())),
                _ => {}
            }
            if to.feed(&datagram).is_err() {
                return;
            }
        }
        while to.read(&mut [0; 16]).is_ok_and(|n| n > 0) {}
    }
    for end in &mut ends {
        end.close();
    }
}
