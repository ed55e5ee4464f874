//! What the network answered a board, so that it can be answered again without one.
//!
//! A board asks its radio and its TLS library in an order that follows from what it computes. Of each question it is
//! therefore enough to write down which answers were other than the one before.

use super::Arrival;
use crate::port::Io;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// A question to the radio, or to a TLS session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// When the radio is to be polled.
    Deadline,
    /// The state of the link.
    Link,
    /// The signal.
    Rssi,
    /// The channel.
    Channel,
    /// The access points.
    Scan,
    /// The interface's addresses.
    Addresses,
    /// A new socket.
    Open,
    /// A socket's local address.
    Bind,
    /// A connection.
    Connect,
    /// A listening socket.
    Listen,
    /// A connection that was taken.
    Accept,
    /// Bytes sent.
    Send,
    /// Bytes received.
    Recv,
    /// A datagram sent.
    SendTo,
    /// A datagram received.
    RecvFrom,
    /// What a socket is ready for.
    Ready,
    /// An option.
    Option,
    /// A closed socket.
    Close,
    /// A multicast group that is joined.
    Join,
    /// A name that is looked up.
    Resolve,
    /// How that goes.
    Resolved,
    /// The stations of the board's own access point.
    Clients,
    /// What became of a message of ESP-NOW.
    NowSent,
    /// The next message of ESP-NOW.
    NowFrame,
    /// A TLS session.
    Tls,
    /// Its time.
    TlsTick,
    /// Whether its handshake goes on.
    TlsHandshake,
    /// Ciphertext that it takes.
    TlsFeed,
    /// Ciphertext that it makes.
    TlsOutput,
    /// Plaintext that is read.
    TlsRead,
    /// Whether there is some.
    TlsPlaintext,
    /// Plaintext that is written.
    TlsWrite,
    /// Version and cipher.
    TlsAgreed,
    /// The peer's certificate.
    TlsPeer,
}

/// An answer that was other than the one before to the same question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What was asked.
    pub asked: Question,
    /// Of which socket or session.
    #[serde(default, skip_serializing_if = "is_first")]
    pub of: usize,
    /// How often it had been asked by then.
    pub nth: u64,
    /// What was answered.
    pub was: Value,
}

fn is_first(of: &usize) -> bool {
    *of == 0
}

/// What is known of a question.
#[derive(Default)]
struct Asked {
    times: u64,
    last: Option<Value>,
    /// Answers of an earlier life.
    again: VecDeque<(u64, Value)>,
}

/// Writes answers down, or gives those that were written down.
pub(crate) struct Answers {
    io: Rc<RefCell<Io>>,
    is_replay: bool,
    asked: RefCell<HashMap<(Question, usize), Asked>>,
    sessions: Cell<usize>,
}

impl Answers {
    /// For a board whose recorder gets them.
    pub(crate) fn recorded(io: Rc<RefCell<Io>>) -> Self {
        Self { io, is_replay: false, asked: RefCell::default(), sessions: Cell::new(0) }
    }

    /// For a board that lives again.
    pub(crate) fn repeated(io: Rc<RefCell<Io>>, answers: Vec<Answer>) -> Self {
        let mut asked: HashMap<_, Asked> = HashMap::new();
        for Answer { asked: question, of, nth, was } in answers {
            asked.entry((question, of)).or_default().again.push_back((nth, was));
        }
        let asked = RefCell::new(asked);
        Self { io, is_replay: true, asked, sessions: Cell::new(0) }
    }

    /// The number of a new TLS session.
    pub(crate) fn session(&self) -> usize {
        self.sessions.replace(self.sessions.get() + 1)
    }

    /// The answer to a question: from the network, or, in another life, what it was. Where a recording breaks off it
    /// is the network after all, which is then one with nobody on it.
    pub(crate) fn answer<T: Serialize + DeserializeOwned>(
        &self,
        question: Question,
        of: usize,
        ask: impl FnOnce() -> T,
    ) -> T {
        if self.is_replay {
            return self.again(question, of).unwrap_or_else(ask);
        }
        let answer = ask();
        // Plain data, and what cannot be written is not repeated.
        let Ok(was) = serde_json::to_value(&answer) else { return answer };
        let mut all = self.asked.borrow_mut();
        let asked = all.entry((question, of)).or_default();
        asked.times += 1;
        if asked.last.as_ref() != Some(&was) {
            asked.last = Some(was.clone());
            let nth = asked.times;
            self.io.borrow_mut().note(Arrival::Answer(Answer { asked: question, of, nth, was }));
        }
        answer
    }

    fn again<T: DeserializeOwned>(&self, question: Question, of: usize) -> Option<T> {
        let mut all = self.asked.borrow_mut();
        let asked = all.get_mut(&(question, of))?;
        asked.times += 1;
        while let Some((_, was)) = asked.again.pop_front_if(|a| a.0 <= asked.times) {
            asked.last = Some(was);
        }
        T::deserialize(asked.last.as_ref()?).ok()
    }
}

/// Bytes, as hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) Vec<u8>);

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        super::unhex(&text).map(Self).ok_or_else(|| serde::de::Error::custom("these are no bytes"))
    }
}
