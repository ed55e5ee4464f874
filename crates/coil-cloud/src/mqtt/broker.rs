//! All sessions, and who gets which message. It must not know connections or packets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mqtt_protocol_core::mqtt::packet::RetainHandling;
use tokio::sync::Notify;

use super::access::{M2X, Who};
use super::message::Message;
use super::session::{Delivery, Name, Session, Subscription, UnderWay, lower};
use super::topic::Filter;
use crate::store::retained::Retained;

/// Sessions at one time.
const SESSIONS: usize = 10_000;
/// Subscriptions of all, and bytes of what waits for all.
const SUBSCRIPTIONS: usize = 50_000;
const WAITING_BYTES: usize = 64 * 1024 * 1024;
/// Messages that stay, and their bytes.
const RETAINED: usize = 10_000;
const RETAINED_BYTES: usize = 16 * 1024 * 1024;

/// The broker. Clones are the same broker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Broker(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sessions: HashMap<Name, Session>,
    /// Who has a subscription to one topic, and who has others.
    exact: HashMap<String, BTreeSet<Name>>,
    others: BTreeSet<Name>,
    retained: BTreeMap<String, Arc<Message>>,
    retained_bytes: usize,
    /// Messages that each group of those who share has had.
    shares: HashMap<Filter, usize>,
    /// Subscriptions of all, and bytes of what waits for all.
    subscriptions: usize,
    waiting_bytes: usize,
    turns: u64,
}

/// A connection's place in its session.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) name: Name,
    turn: u64,
    /// Rung when there is something for the connection.
    pub(super) bell: Arc<Notify>,
}

impl Broker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a session, or makes it; who had it before loses it. Tells what was under way, if it was there. Nothing if there are
    /// too many.
    pub(super) fn open(
        &self,
        name: Name,
        who: Who,
        clean: bool,
    ) -> Option<(Seat, Option<UnderWay>)> {
        let mut state = self.state();
        state.reap();
        if clean {
            state.end(&name);
        }
        if state.sessions.len() >= SESSIONS && !state.sessions.contains_key(&name) {
            return None;
        }
        state.turns += 1;
        let turn = state.turns;
        let known = state.sessions.contains_key(&name);
        let session =
            state.sessions.entry(name.clone()).or_insert_with(|| Session::new(who.clone()));
        // Who had it looks, and finds that it has it no more.
        session.bell.notify_one();
        session.bell = Arc::default();
        session.who = who;
        session.turn = turn;
        session.ends_at = None;
        let bell = session.bell.clone();
        // What waits already is to be looked at.
        bell.notify_one();
        let under_way = std::mem::take(&mut session.under_way);
        Some((Seat { name, turn, bell }, known.then_some(under_way)))
    }

    /// The connection is over; its session stays so long.
    pub(super) fn leave(&self, seat: &Seat, under_way: UnderWay, stays: Duration) {
        let mut state = self.state();
        if stays.is_zero() {
            if state.of(seat).is_some() {
                state.end(&seat.name);
            }
        } else if state.of(seat).is_some() {
            state.change(&seat.name, |session| session.leave(under_way, stays));
        }
    }

    /// Whether the connection still has its session.
    pub(super) fn has(&self, seat: &Seat) -> bool {
        self.state().of(seat).is_some()
    }

    /// Whether a session has somebody connected, or has been taken by another since.
    pub(super) fn is_back(&self, seat: &Seat) -> bool {
        let state = self.state();
        state.sessions.get(&seat.name).is_some_and(|session| session.turn != seat.turn)
    }

    /// Adds a subscription, and what stays for it; false if there are too many.
    pub(super) fn subscribe(&self, seat: &Seat, new: Subscription) -> bool {
        let mut state = self.state();
        let is_full = state.subscriptions >= SUBSCRIPTIONS;
        let Some(session) = state.of(seat) else { return false };
        let is_known = session.subscriptions.iter().any(|it| it.filter == new.filter);
        if is_full && !is_known {
            return false;
        }
        let Some(had) = session.subscribe(new.clone()) else { return false };
        state.subscriptions += usize::from(!had);
        match new.filter.exact() {
            Some(topic) => {
                state.exact.entry(topic.to_owned()).or_default().insert(seat.name.clone());
            }
            None => {
                state.others.insert(seat.name.clone());
            }
        }
        let sends = match new.handling {
            RetainHandling::SendRetained => true,
            RetainHandling::SendRetainedIfNotExists => !had,
            RetainHandling::DoNotSendRetained => false,
        };
        if sends && new.filter.share.is_none() {
            state.send_retained(seat, &new);
        }
        true
    }

    /// Takes a subscription back; whether it was there.
    pub(super) fn unsubscribe(&self, seat: &Seat, filter: &Filter) -> bool {
        let mut state = self.state();
        let Some(session) = state.of(seat) else { return false };
        let before = session.subscriptions.len();
        session.subscriptions.retain(|it| it.filter != *filter);
        let was_there = session.subscriptions.len() < before;
        let has_others = session.subscriptions.iter().any(|it| it.filter.exact().is_none());
        state.subscriptions -= usize::from(was_there);
        match filter.exact() {
            Some(topic) => state.forget(topic, &seat.name),
            None if !has_others => drop(state.others.remove(&seat.name)),
            None => {}
        }
        was_there
    }

    /// Gives a message to all who want it. What stays is kept by [`Broker::retain`].
    pub(super) fn publish(&self, message: &Arc<Message>, from: Option<&Name>) {
        let mut state = self.state();
        let wild = state.others.iter().cloned();
        let exact = state.exact.get(&message.topic).into_iter().flatten().cloned();
        let interested: BTreeSet<Name> = wild.chain(exact).collect();
        let mut groups: BTreeMap<Filter, Vec<(Name, bool, Delivery)>> = BTreeMap::new();
        for name in interested {
            let Some(session) = state.sessions.get(&name) else { continue };
            let wanted = session.wants(message, from == Some(&name));
            let may_hear = session.who.may_hear(&message.topic);
            for it in &session.subscriptions {
                if it.filter.share.is_some() && may_hear && it.filter.matches(&message.topic) {
                    let (message, numbers) = (message.clone(), it.number.into_iter().collect());
                    let (qos, retain) = (lower(message.qos, it.qos as u8), false);
                    let delivery = Delivery { message, qos, retain, numbers };
                    let group = groups.entry(it.filter.clone()).or_default();
                    group.push((name.clone(), session.is_connected(), delivery));
                }
            }
            if let Some(delivery) = wanted {
                state.push(&name, delivery);
            }
        }
        for (filter, mut members) in groups {
            // Those who are there come before those who are not.
            if members.iter().any(|member| member.1) {
                members.retain(|member| member.1);
            }
            let count = state.shares.entry(filter).or_default();
            *count = count.wrapping_add(1);
            let turn = *count % members.len();
            let (name, _, delivery) = members.swap_remove(turn);
            state.push(&name, delivery);
        }
    }

    /// Keeps a message for those who come, or forgets it if it is empty; whether there was room.
    pub(super) fn retain(&self, message: &Arc<Message>) -> bool {
        let mut state = self.state();
        let bytes = |it: &Message| it.topic.len() + it.payload.len();
        if let Some(old) = state.retained.remove(&message.topic) {
            state.retained_bytes -= bytes(&old);
        }
        if message.payload.is_empty() {
            return true;
        }
        let has_room = state.retained.len() < RETAINED
            && state.retained_bytes.saturating_add(bytes(message)) <= RETAINED_BYTES;
        if has_room {
            state.retained_bytes += bytes(message);
            state.retained.insert(message.topic.clone(), message.clone());
        }
        has_room
    }

    /// Takes back what stayed when the cloud ended.
    pub(crate) fn restore(&self, all: Vec<Retained>) {
        for Retained { qos, packet } in all {
            if let Some(message) = Message::from_bytes(&packet, qos) {
                self.retain(&Arc::new(message));
            }
        }
    }

    /// A command for the holder of a key of M2X; who is not connected does not get it this way.
    pub(crate) fn command(&self, key: &str, command: &serde_json::Value) {
        let topic = format!("{M2X}/{key}/commands");
        self.publish(&Message::own(topic, command.to_string().into_bytes()), None);
    }

    /// The next that may go out on a connection.
    pub(super) fn next(&self, seat: &Seat, has_room: bool) -> Option<Delivery> {
        let mut state = self.state();
        state.of(seat)?;
        state.change(&seat.name, |session| session.next(has_room)).flatten()
    }
}

impl State {
    fn of(&mut self, seat: &Seat) -> Option<&mut Session> {
        self.sessions.get_mut(&seat.name).filter(|session| session.turn == seat.turn)
    }

    /// Changes a session, and keeps count of what waits.
    fn change<R>(&mut self, name: &Name, change: impl FnOnce(&mut Session) -> R) -> Option<R> {
        let session = self.sessions.get_mut(name)?;
        let before = session.queued_bytes;
        let result = change(session);
        self.waiting_bytes = self.waiting_bytes - before + session.queued_bytes;
        Some(result)
    }

    /// Puts something to what waits for a session, if there is room for it.
    fn push(&mut self, name: &Name, delivery: Delivery) {
        if self.waiting_bytes < WAITING_BYTES {
            self.change(name, |session| session.push(delivery));
        }
    }

    fn end(&mut self, name: &Name) {
        let Some(session) = self.sessions.remove(name) else { return };
        self.waiting_bytes -= session.queued_bytes;
        self.subscriptions -= session.subscriptions.len();
        session.bell.notify_one();
        self.others.remove(name);
        for topic in session.subscriptions.iter().filter_map(|it| it.filter.exact()) {
            self.forget(topic, name);
        }
    }

    fn forget(&mut self, topic: &str, name: &Name) {
        if let Some(names) = self.exact.get_mut(topic) {
            names.remove(name);
            if names.is_empty() {
                self.exact.remove(topic);
            }
        }
    }

    /// Ends the sessions whose time is over.
    fn reap(&mut self) {
        let now = Instant::now();
        let is_over = |session: &Session| session.ends_at.is_some_and(|at| at <= now);
        let over: Vec<Name> = self
            .sessions
            .iter()
            .filter(|(_, session)| is_over(session))
            .map(|(name, _)| name.clone())
            .collect();
        over.iter().for_each(|name| self.end(name));
        if self.shares.len() > SESSIONS {
            self.shares.clear();
        }
    }

    fn send_retained(&mut self, seat: &Seat, new: &Subscription) {
        let matching: Vec<_> =
            self.retained.values().filter(|it| new.filter.matches(&it.topic)).cloned().collect();
        for message in matching {
            let (qos, numbers) =
                (lower(message.qos, new.qos as u8), new.number.into_iter().collect());
            self.push(&seat.name, Delivery { message, qos, retain: true, numbers });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keys::{Key, KeyKind};
    use mqtt_protocol_core::mqtt::packet::Qos;

    fn key(seq: i64) -> Who {
        let mut key = Key::new(KeyKind::Issued, "board", format!("k{seq}"));
        key.seq = seq;
        Who::Holder(Arc::new(key))
    }

    fn open(broker: &Broker, client: &str, who: &Who) -> Seat {
        let name = Name { realm: who.realm(), client: client.into() };
        broker.open(name, who.clone(), false).unwrap().0
    }

    fn subscription(filter: &str) -> Subscription {
        Subscription {
            filter: Filter::parse(filter).unwrap(),
            qos: Qos::ExactlyOnce,
            no_local: false,
            as_published: false,
            handling: RetainHandling::SendRetained,
            number: None,
        }
    }

    fn message(topic: &str, qos: Qos, bytes: usize) -> Arc<Message> {
        let own = Message::own(topic.into(), vec![b'x'; bytes]);
        Arc::new(Message { qos, ..Arc::unwrap_or_clone(own) })
    }

    fn count(broker: &Broker, seat: &Seat) -> usize {
        std::iter::from_fn(|| broker.next(seat, true)).count()
    }

    #[test]
    fn what_waits_for_one_and_for_all_is_bounded_and_counted_down_again() {
        let broker = Broker::default();
        let seats: Vec<_> = (0..70).map(|n| open(&broker, &n.to_string(), &Who::Anyone)).collect();
        for seat in &seats {
            assert!(broker.subscribe(seat, subscription("a")));
        }
        for _ in 0..1001 {
            broker.publish(&message("a", Qos::AtMostOnce, 1), None);
        }
        assert_eq!(count(&broker, &seats[0]), 1000);
        seats[1..].iter().for_each(|seat| assert_eq!(count(&broker, seat), 1000));
        assert_eq!(broker.state().waiting_bytes, 0);
        for _ in 0..9 {
            broker.publish(&message("a", Qos::AtMostOnce, 128 * 1024 - 1), None);
        }
        assert!((WAITING_BYTES..WAITING_BYTES + 200_000).contains(&broker.state().waiting_bytes));
        assert_eq!(count(&broker, &seats[0]), 8, "a MiB");
        for seat in &seats {
            broker.leave(seat, UnderWay::default(), Duration::ZERO);
        }
        let state = broker.state();
        assert_eq!((state.waiting_bytes, state.subscriptions, state.sessions.len()), (0, 0, 0));
        assert!(state.exact.is_empty() && state.others.is_empty());
    }

    #[test]
    fn subscriptions_sessions_and_what_stays_are_bounded() {
        let broker = Broker::default();
        let mut taken = 0;
        'all: for n in 0.. {
            let seat = open(&broker, &n.to_string(), &Who::Anyone);
            for topic in 0..super::super::session::SUBSCRIPTIONS + 1 {
                let is_taken = broker.subscribe(&seat, subscription(&format!("t/{topic}")));
                taken += usize::from(is_taken);
                if !is_taken && topic < super::super::session::SUBSCRIPTIONS {
                    break 'all;
                }
            }
            assert!(broker.subscribe(&seat, subscription("t/1")), "that it has");
        }
        assert_eq!(taken, SUBSCRIPTIONS);
        let free = SESSIONS - broker.state().sessions.len();
        for n in 0..free {
            open(&broker, &format!("more {n}"), &Who::Anyone);
        }
        let name = Name { realm: 0, client: "one too many".into() };
        assert!(broker.open(name, Who::Anyone, true).is_none());
        let stays =
            |n: usize, bytes| broker.retain(&message(&format!("r/{n}"), Qos::AtMostOnce, bytes));
        assert!((0..RETAINED).all(|n| stays(n, 1)));
        assert!(!stays(RETAINED, 1) && stays(0, 0) && stays(RETAINED, 1));
        assert!(!stays(1, RETAINED_BYTES));
    }

    #[test]
    fn a_session_is_one_connection_s_and_one_holder_s() {
        let broker = Broker::default();
        let (first, other) = (open(&broker, "c", &key(1)), open(&broker, "c", &key(2)));
        assert!(broker.subscribe(&first, subscription("a")));
        let second = open(&broker, "c", &key(1));
        assert!(!broker.has(&first) && broker.has(&second) && broker.has(&other));
        broker.publish(&message("a", Qos::AtLeastOnce, 1), None);
        assert_eq!(
            (count(&broker, &first), count(&broker, &second), count(&broker, &other)),
            (0, 1, 0)
        );
        assert!(!broker.subscribe(&first, subscription("b")), "it has it no more");
        broker.leave(&first, UnderWay::default(), Duration::ZERO);
        assert!(broker.has(&second), "who lost it does not end it");
    }

    #[test]
    fn those_who_share_take_turns_and_who_is_not_there_is_left_out() {
        let broker = Broker::default();
        let seats: Vec<_> = (0..3).map(|n| open(&broker, &n.to_string(), &Who::Anyone)).collect();
        for seat in &seats {
            assert!(broker.subscribe(seat, subscription("$share/some/a/+")));
        }
        let publish =
            || (0..6).for_each(|_| broker.publish(&message("a/b", Qos::AtLeastOnce, 1), None));
        publish();
        assert!(seats.iter().all(|seat| count(&broker, seat) == 2));
        broker.leave(&seats[0], UnderWay::default(), Duration::from_secs(60));
        publish();
        assert!(seats[1..].iter().all(|seat| count(&broker, seat) == 3));
    }

    #[test]
    fn of_m2x_everyone_hears_what_is_under_the_own_key_alone() {
        let broker = Broker::default();
        let seats = [
            open(&broker, "a", &key(1)),
            open(&broker, "a", &key(2)),
            open(&broker, "a", &Who::Anyone),
        ];
        for seat in &seats {
            for filter in ["#", "+/k1/responses", "$share/all/#"] {
                assert!(broker.subscribe(seat, subscription(filter)));
            }
        }
        broker.publish(&message("m2x/k1/responses", Qos::AtMostOnce, 1), None);
        // By the two filters of its own at once, and as the only one of those who share that may.
        assert_eq!(count(&broker, &seats[0]), 2);
        assert_eq!((count(&broker, &seats[1]), count(&broker, &seats[2])), (0, 0));
    }
}
