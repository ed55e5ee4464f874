//! The secrets of DTLS sessions, for those who look on. The library has no place where it would tell them, but lets its HMAC be another
//! one: what that is called with when a session makes its keys has the session's secret and the client's random bytes.

use crate::tls::secrets::KeyLog;
use dimpl::CryptoError;
use dimpl::crypto::{CryptoProvider, HashAlgorithm, HmacProvider, rust_crypto};
use std::cell::RefCell;

thread_local! {
    /// Who is told of what the session that goes on in this thread makes.
    static TOLD: RefCell<Option<KeyLog>> = const { RefCell::new(None) };
}

/// The label under which a session makes its keys, and what follows it: random bytes of the server and of the client.
const LABEL: &[u8] = b"key expansion";
const RANDOM: usize = 32;
/// The length of a session's secret.
const SECRET: usize = 48;

/// The library's HMAC, which looks at what it is called with.
#[derive(Debug)]
struct Telling;

impl HmacProvider for Telling {
    fn hmac(
        &self,
        hash: HashAlgorithm,
        key: &[u8],
        data: &[u8],
        out: &mut [u8],
    ) -> Result<usize, CryptoError> {
        if key.len() == SECRET
            && let Some(randoms) = data.strip_prefix(LABEL)
            && randoms.len() == 2 * RANDOM
        {
            TOLD.with_borrow(|told| {
                if let Some(key_log) = told {
                    key_log.tell("CLIENT_RANDOM", &randoms[RANDOM..], key);
                }
            });
        }
        rust_crypto::default_provider().hmac_provider.hmac(hash, key, data, out)
    }
}

/// The library's algorithms, with that HMAC.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider { hmac_provider: &Telling, ..rust_crypto::default_provider() }
}

/// Does a step of a session whose secrets are told there.
pub(super) fn telling<T>(key_log: &KeyLog, step: impl FnOnce() -> T) -> T {
    if !key_log.taps().is_any() {
        return step();
    }
    let before = TOLD.replace(Some(key_log.clone()));
    let done = step();
    TOLD.set(before);
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::{DtlsConfig, DtlsKeys, DtlsSession, Verify};
    use dimpl::crypto::{Buf, prf_hkdf::prf_tls12};
    use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    use std::sync::{Arc, Mutex};

    fn session(is_server: bool, keys: Option<DtlsKeys>, key_log: &KeyLog) -> DtlsSession {
        let identity = is_server.then(|| {
            let made = rcgen::generate_simple_self_signed([String::from("lamp")]).unwrap();
            (made.cert.der().to_vec(), made.signing_key.serialize_der())
        });
        let (server_name, verify, key_log) = (None, Verify::None, key_log.clone());
        DtlsConfig { is_server, identity, keys, server_name, verify, key_log }.open(0).unwrap()
    }

    /// Sends what there is, and writes down what went.
    fn pass(from: &mut DtlsSession, to: &mut DtlsSession, seen: &mut Vec<Vec<u8>>) {
        while let Some(datagram) = from.output() {
            to.feed(&datagram).unwrap();
            seen.push(datagram);
        }
    }

    /// The body of the last handshake message of a kind in what was sent.
    fn message(seen: &[Vec<u8>], kind: u8) -> &[u8] {
        let is_it = |d: &&Vec<u8>| d[0] == 22 && d[3..5] == [0, 0] && d[13] == kind;
        &seen.iter().rfind(is_it).unwrap()[25..]
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
    }

    /// Reads a record with what the line of the secrets says, as one who has the capture does.
    fn open(seen: &[Vec<u8>], line: &str, record: &[u8]) -> Vec<u8> {
        let parts: Vec<&str> = line.split(' ').collect();
        let ["CLIENT_RANDOM", random, secret] = parts[..] else { panic!("{line}") };
        let hello = message(seen, 1);
        assert_eq!(bytes(random), hello[2..34]);
        let hello = message(seen, 2);
        let suite = 35 + usize::from(hello[34]);
        let (algorithm, length, hash) = match hello[suite..suite + 2] {
            [0xc0, 0x2b] => (&AES_128_GCM, 16, HashAlgorithm::SHA256),
            [0xc0, 0x2c] => (&AES_256_GCM, 32, HashAlgorithm::SHA384),
            [a, b] => panic!("suite {a:02x}{b:02x}"),
            _ => unreachable!(),
        };
        let seed = [&hello[2..34], &bytes(random)[..]].concat();
        let (mut block, mut scratch) = (Buf::new(), Buf::new());
        let n = 2 * length + 8;
        let secret = bytes(secret);
        let label = "key expansion";
        prf_tls12(&Telling, &secret, label, &seed, &mut block, n, &mut scratch, hash).unwrap();
        let key = UnboundKey::new(algorithm, &block[..length]).unwrap();
        let nonce = [&block[2 * length..2 * length + 4], &record[13..21]].concat();
        let nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let mut text = record[21..].to_vec();
        let plain = u16::try_from(text.len() - 16).unwrap().to_be_bytes();
        let about = [&record[3..11], &record[..3], &plain].concat();
        LessSafeKey::new(key).open_in_place(nonce, Aad::from(about), &mut text).unwrap();
        text.truncate(text.len() - 16);
        text
    }

    /// A session's one line of secrets, what was sent before, and a record with text of the client.
    fn talk(with_keys: bool) -> (String, Vec<Vec<u8>>, Vec<u8>) {
        let key_log = KeyLog::default();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let to = lines.clone();
        key_log.taps().add(Arc::new(move |line: &str| to.lock().unwrap().push(line.to_owned())));
        let pair = (b"lamp".to_vec(), b"0123456789abcdef".to_vec());
        let of_client = DtlsKeys::Client { identity: pair.0.clone(), key: pair.1.clone() };
        // The server's secrets are told elsewhere: to nobody.
        let mut client = session(false, with_keys.then_some(of_client), &key_log);
        let of_server = DtlsKeys::Server(vec![pair]);
        let mut server = session(true, with_keys.then_some(of_server), &KeyLog::default());
        let mut seen = Vec::new();
        for round in 1..20 {
            client.tick(round * 1000).unwrap();
            server.tick(round * 1000).unwrap();
            pass(&mut client, &mut server, &mut seen);
            pass(&mut server, &mut client, &mut seen);
        }
        client.write(b"the lamp is on").unwrap();
        let record = client.output().unwrap();
        let lines = lines.lock().unwrap();
        assert_eq!(lines.len(), 1, "{lines:?}");
        (lines[0].clone(), seen, record)
    }

    #[test]
    fn what_is_told_of_a_session_with_certificates_opens_what_was_sent() {
        let (line, seen, record) = talk(false);
        assert_eq!(open(&seen, &line, &record), b"the lamp is on");
    }

    #[test]
    fn a_session_with_a_key_of_both_is_told_by_its_client_s_random_bytes() {
        let (line, seen, _) = talk(true);
        let parts: Vec<&str> = line.split(' ').collect();
        assert_eq!((parts[0], parts[2].len()), ("CLIENT_RANDOM", 2 * SECRET));
        assert_eq!(bytes(parts[1]), message(&seen, 1)[2..34]);
    }

    #[test]
    fn nobody_is_told_where_nobody_looks_on() {
        let told = || TOLD.with_borrow(Option::is_some);
        let key_log = KeyLog::default();
        assert!(!telling(&key_log, told));
        key_log.taps().add(Arc::new(|_| {}));
        assert!(telling(&key_log, told));
        assert!(!told());
    }
}
