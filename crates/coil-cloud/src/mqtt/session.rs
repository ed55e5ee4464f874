//! What is kept of one client: its subscriptions, and what waits for it. It outlives the connection if the client wants that.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqtt_protocol_core::mqtt::packet::{Qos, RetainHandling, StorePacket};
use tokio::sync::Notify;

use super::access::Who;
use super::message::Message;
use super::topic::Filter;

/// Subscriptions of one session.
pub(super) const SUBSCRIPTIONS: usize = 200;
/// Messages that wait for one session, and their bytes.
const QUEUE: usize = 1000;
const QUEUE_BYTES: usize = 1024 * 1024;

/// Whose session: the holder, and the client's name. Nobody gets at a session of another holder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) realm: i64,
    pub(super) client: String,
}

/// A subscription.
#[derive(Debug, Clone)]
pub(super) struct Subscription {
    pub(super) filter: Filter,
    pub(super) qos: Qos,
    /// Not what the client says itself.
    pub(super) no_local: bool,
    /// `retain` stays as it was published.
    pub(super) as_published: bool,
    pub(super) handling: RetainHandling,
    /// The client's number for it.
    pub(super) number: Option<u32>,
}

/// A message on its way to one client.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) message: Arc<Message>,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    pub(super) numbers: Vec<u32>,
}

/// What the protocol keeps of a connection for the next one: messages under way, and numbers of those received.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    pub(super) sent: Vec<StorePacket>,
    pub(super) received: Vec<u16>,
}

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) who: Who,
    pub(super) subscriptions: Vec<Subscription>,
    queue: VecDeque<Delivery>,
    /// Bytes of what waits.
    pub(super) queued_bytes: usize,
    /// Rung when there is something for the connection that has it.
    pub(super) bell: Arc<Notify>,
    /// Which connection has it, the last one if none has.
    pub(super) turn: u64,
    pub(super) under_way: UnderWay,
    /// When it ends, if nobody is connected.
    pub(super) ends_at: Option<Instant>,
}

impl Session {
    pub(super) fn new(who: Who) -> Self {
        Self {
            who,
            subscriptions: Vec::new(),
            queue: VecDeque::new(),
            queued_bytes: 0,
            bell: Arc::default(),
            turn: 0,
            under_way: UnderWay::default(),
            ends_at: None,
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.ends_at.is_none()
    }

    /// Nobody is connected any more.
    pub(super) fn leave(&mut self, under_way: UnderWay, stays: Duration) {
        self.under_way = under_way;
        self.ends_at = Some(Instant::now() + stays);
        // Nothing of lesser worth waits for who is not there.
        self.queue.retain(|waiting| waiting.qos != Qos::AtMostOnce);
        self.queued_bytes = self.queue.iter().map(Delivery::bytes).sum();
    }

    /// Adds a subscription, in the place of one with the same filter; whether it had that. Nothing if there are too many.
    pub(super) fn subscribe(&mut self, new: Subscription) -> Option<bool> {
        if let Some(old) = self.subscriptions.iter_mut().find(|old| old.filter == new.filter) {
            *old = new;
            return Some(true);
        }
        if self.subscriptions.len() >= SUBSCRIPTIONS {
            return None;
        }
        self.subscriptions.push(new);
        Some(false)
    }

    /// What it gets of a message by subscriptions of its own.
    pub(super) fn wants(&self, message: &Arc<Message>, is_own: bool) -> Option<Delivery> {
        let hit = |it: &&Subscription| {
            it.filter.share.is_none()
                && !(it.no_local && is_own)
                && it.filter.matches(&message.topic)
        };
        let hits: Vec<_> = self.subscriptions.iter().filter(hit).collect();
        let qos = hits.iter().map(|it| it.qos as u8).max()?;
        Some(Delivery {
            message: message.clone(),
            qos: lower(message.qos, qos),
            retain: message.retain && hits.iter().any(|it| it.as_published),
            numbers: hits.iter().filter_map(|it| it.number).collect(),
        })
    }

    /// Puts something to what waits; if there is no room it is lost.
    pub(super) fn push(&mut self, delivery: Delivery) {
        let is_for_later = self.is_connected() || delivery.qos != Qos::AtMostOnce;
        let has_room = self.queue.len() < QUEUE
            && self.queued_bytes.saturating_add(delivery.bytes()) <= QUEUE_BYTES;
        if is_for_later && has_room && self.who.may_hear(&delivery.message.topic) {
            self.queued_bytes += delivery.bytes();
            self.queue.push_back(delivery);
            self.bell.notify_one();
        }
    }

    /// The next that may go out: those that are acknowledged only while there is room for them.
    pub(super) fn next(&mut self, has_room: bool) -> Option<Delivery> {
        loop {
            let first = self.queue.front()?;
            if !has_room && first.qos != Qos::AtMostOnce {
                return None;
            }
            let first = self.queue.pop_front()?;
            self.queued_bytes -= first.bytes();
            if !first.message.is_over() {
                return Some(first);
            }
        }
    }
}

impl Delivery {
    fn bytes(&self) -> usize {
        self.message.topic.len() + self.message.payload.len()
    }
}

/// The lower of two qualities of service.
pub(super) fn lower(qos: Qos, other: u8) -> Qos {
    match (qos as u8).min(other) {
        0 => Qos::AtMostOnce,
        1 => Qos::AtLeastOnce,
        _ => Qos::ExactlyOnce,
    }
}
