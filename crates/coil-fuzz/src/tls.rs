//! Certificates, keys, and what comes over a connection that should speak TLS.

use crate::chance::Choices;
use coil_air::tls::{
    CertificateAuthority, TlsClientConfig, TlsServerConfig, TlsSession, TlsVersions,
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
    let session = match choices.below(4) {
        0 => TlsClientConfig::unverified(Some("api-m2x.att.com")).connect(),
        1 => AUTHORITY.server("api-m2x.att.com").and_then(|s| s.accept()),
        2 => return material(choices.0),
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
    let server = AUTHORITY.server("api-m2x.att.com").and_then(|s| s.accept());
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
