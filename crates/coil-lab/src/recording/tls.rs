//! TLS sessions whose answers are written down, or are those that were: their keys are different every time.

use super::answers::{Answers, Hex, Question};
use super::radio::fill;
use crate::tls::{Bare, Library};
use coil_board::outside::{Datagrams, Tls, TlsClient, TlsFault, TlsSession};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

/// The library and its answers.
pub(crate) struct RecordedTls {
    pub(crate) answers: Rc<Answers>,
    pub(crate) library: Library,
}

impl RecordedTls {
    fn open(
        answers: &Rc<Answers>,
        open: impl FnOnce() -> Result<Box<dyn TlsSession>, TlsFault>,
    ) -> Result<Box<dyn TlsSession>, TlsFault> {
        let number = answers.session();
        let mut session: Option<Box<dyn TlsSession>> = None;
        let opened = answers.answer(Question::Tls, number, || match open() {
            Ok(opened) => {
                let is_datagram = opened.is_datagram();
                session = Some(opened);
                Ok(is_datagram)
            }
            Err(fault) => Err(Fault::from(fault)),
        });
        let is_datagram = opened.map_err(TlsFault::from)?;
        // Of an earlier life nothing but the answers is left.
        let session = session.unwrap_or_else(|| Box::new(Bare::default()));
        Ok(Box::new(Recorded { session, number, is_datagram, answers: answers.clone() }))
    }
}

impl Tls for RecordedTls {
    fn check_certificates(&mut self, given: &[u8]) -> Result<(), TlsFault> {
        self.library.check_certificates(given)
    }
    fn check_key(&mut self, given: &[u8]) -> Result<(), TlsFault> {
        self.library.check_key(given)
    }
    fn client(&mut self, client: TlsClient) -> Result<Box<dyn TlsSession>, TlsFault> {
        Self::open(&self.answers, || self.library.client(client))
    }
    fn server(
        &mut self,
        identity: Option<(Vec<u8>, Vec<u8>)>,
        ciphers: Vec<String>,
    ) -> Result<Box<dyn TlsSession>, TlsFault> {
        Self::open(&self.answers, || self.library.server(identity, ciphers))
    }
    fn datagrams(&mut self, how: Datagrams, now_us: u64) -> Result<Box<dyn TlsSession>, TlsFault> {
        Self::open(&self.answers, || self.library.datagrams(how, now_us))
    }
}

struct Recorded {
    session: Box<dyn TlsSession>,
    number: usize,
    is_datagram: bool,
    answers: Rc<Answers>,
}

impl Recorded {
    fn tried<T: Serialize + serde::de::DeserializeOwned>(
        &mut self,
        question: Question,
        ask: impl FnOnce(&mut dyn TlsSession) -> Result<T, TlsFault>,
    ) -> Result<T, TlsFault> {
        let Self { session, number, answers, .. } = self;
        let answer = answers.answer(question, *number, || ask(&mut **session).map_err(Fault::from));
        answer.map_err(TlsFault::from)
    }
}

impl TlsSession for Recorded {
    fn is_datagram(&self) -> bool {
        self.is_datagram
    }
    fn tick(&mut self, now_us: u64) -> Result<(), TlsFault> {
        self.tried(Question::TlsTick, |s| s.tick(now_us))
    }
    fn is_handshaking(&self) -> bool {
        self.answers.answer(Question::TlsHandshake, self.number, || self.session.is_handshaking())
    }
    fn feed(&mut self, ciphertext: &[u8]) -> Result<usize, TlsFault> {
        let fed = self.tried(Question::TlsFeed, |s| s.feed(ciphertext));
        fed.map(|n| n.min(ciphertext.len()))
    }
    fn end_of_transport(&mut self) {
        self.session.end_of_transport();
    }
    fn output(&mut self, out: &mut Vec<u8>) {
        let Hex(bytes) = self.answers.answer(Question::TlsOutput, self.number, || {
            let mut bytes = Vec::new();
            self.session.output(&mut bytes);
            Hex(bytes)
        });
        out.extend(bytes);
    }
    fn read(&mut self, into: &mut [u8]) -> Result<usize, TlsFault> {
        let room = into.len();
        let read = self.tried(Question::TlsRead, |s| {
            let mut bytes = vec![0; room];
            let n = s.read(&mut bytes)?;
            bytes.truncate(n);
            Ok(Hex(bytes))
        });
        read.map(|Hex(bytes)| fill(into, &bytes))
    }
    fn has_plaintext(&mut self) -> bool {
        let Self { session, number, answers, .. } = self;
        answers.answer(Question::TlsPlaintext, *number, || session.has_plaintext())
    }
    fn write(&mut self, plaintext: &[u8]) -> Result<usize, TlsFault> {
        let written = self.tried(Question::TlsWrite, |s| s.write(plaintext));
        written.map(|n| n.min(plaintext.len()))
    }
    fn close(&mut self) {
        self.session.close();
    }
    fn agreed(&self) -> Option<(String, String)> {
        self.answers.answer(Question::TlsAgreed, self.number, || self.session.agreed())
    }
    fn peer_certificate(&self) -> Option<Vec<u8>> {
        let peer = self
            .answers
            .answer(Question::TlsPeer, self.number, || self.session.peer_certificate().map(Hex));
        peer.map(|Hex(bytes)| bytes)
    }
}

/// A fault, as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    WouldBlock,
    Certificate(String),
    Material(String),
    Other(i32, String),
}

impl From<TlsFault> for Fault {
    fn from(fault: TlsFault) -> Self {
        match fault {
            TlsFault::WouldBlock => Self::WouldBlock,
            TlsFault::Certificate(why) => Self::Certificate(why.into()),
            TlsFault::Material(why) => Self::Material(why.into()),
            TlsFault::Other(code, name) => Self::Other(code, name.into()),
        }
    }
}

impl From<Fault> for TlsFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::WouldBlock => Self::WouldBlock,
            Fault::Certificate(why) => Self::Certificate(lasting(why)),
            Fault::Material(why) => Self::Material(lasting(why)),
            Fault::Other(code, name) => Self::Other(code, lasting(name)),
        }
    }
}

/// Texts of faults at most; there are about twenty.
const TEXTS_MAX: usize = 100;

/// A text of the library's, which lasts as long as the process does; each is kept once.
fn lasting(text: String) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = texts.get(text.as_str()) {
        return kept;
    }
    if texts.len() >= TEXTS_MAX {
        return "MBEDTLS_ERR_SSL_INTERNAL_ERROR";
    }
    let kept: &'static str = text.leak();
    texts.insert(kept);
    kept
}
