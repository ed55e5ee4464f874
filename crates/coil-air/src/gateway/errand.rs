//! What the gateway asks of the host's network for boards. It waits here until whoever runs the lab takes it; in virtual time nobody does.

use crate::frame::Mac;
use crate::services::tcp::{Core, Mailbox, ServiceStream};
use std::net::SocketAddrV4;
use std::sync::{Arc, OnceLock};

/// One thing to do.
#[derive(Debug)]
pub(crate) enum Errand {
    /// A connection.
    Connect(Call),
    /// A datagram.
    Send(Parcel),
    /// The address of a name.
    Resolve {
        /// The name.
        name: String,
        /// The frame that asks.
        asked: Arc<[u8]>,
    },
}

/// A datagram for the host's network.
#[derive(Debug)]
pub(crate) struct Parcel {
    /// The board.
    pub(crate) mac: Mac,
    /// Its address.
    pub(crate) from: SocketAddrV4,
    /// Where it sent it.
    pub(crate) to: SocketAddrV4,
    /// Where that is on the host's network.
    pub(crate) target: SocketAddrV4,
    pub(crate) payload: Vec<u8>,
}

/// What became of a connection on the host's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It stands.
    Open,
    /// Nobody listens there.
    Refused,
    /// There is no way.
    Unreachable,
    /// Nobody answered.
    Silent,
}

/// A connection that a board asks for. Dropped without a word, it is as if nobody had answered.
#[derive(Debug)]
pub(crate) struct Call {
    /// Where to.
    pub(crate) target: SocketAddrV4,
    stream: Option<ServiceStream>,
    verdict: Arc<OnceLock<Verdict>>,
    mailbox: Arc<Mailbox>,
    mac: Mac,
}

impl Call {
    /// It stands: what the board says, and hears.
    pub(crate) fn open(mut self) -> Option<ServiceStream> {
        let stream = self.stream.take();
        self.decide(Verdict::Open);
        stream
    }

    /// It does not.
    pub(crate) fn fail(self, verdict: Verdict) {
        self.decide(verdict);
    }

    fn decide(&self, verdict: Verdict) {
        // The first word holds.
        if self.verdict.set(verdict).is_ok() {
            self.mailbox.touch(self.mac);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.decide(Verdict::Silent);
    }
}

/// A board's request to connect, kept until the host's network has answered.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) from: SocketAddrV4,
    pub(crate) to: SocketAddrV4,
    /// The frame that asks.
    pub(crate) syn: Arc<[u8]>,
    core: Arc<Core>,
    verdict: Arc<OnceLock<Verdict>>,
}

impl Held {
    /// One with the call that decides it.
    pub(crate) fn new(
        (from, to, mac): (SocketAddrV4, SocketAddrV4, Mac),
        target: SocketAddrV4,
        syn: Arc<[u8]>,
        mailbox: &Arc<Mailbox>,
    ) -> (Self, Call) {
        let (core, stream) = ServiceStream::outside((to, from), mac, mailbox);
        let verdict = Arc::new(OnceLock::new());
        let (stream, mailbox) = (Some(stream), mailbox.clone());
        let call = Call { target, stream, verdict: verdict.clone(), mailbox, mac };
        (Self { from, to, syn, core, verdict }, call)
    }

    pub(crate) fn verdict(&self) -> Option<Verdict> {
        self.verdict.get().copied()
    }

    pub(crate) fn core(&self) -> Arc<Core> {
        self.core.clone()
    }
}
