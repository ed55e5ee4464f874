//! One connection of MQTT, from its first packet to its end.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use mqtt_protocol_core::mqtt::common::Cursor;
use mqtt_protocol_core::mqtt::connection::{ConnectionOptions, Event, TimerKind};
use mqtt_protocol_core::mqtt::packet::{GenericPacketTrait as _, Packet, Qos, SubEntry};
use mqtt_protocol_core::mqtt::result_code::{DisconnectReasonCode, MqttError};
use mqtt_protocol_core::mqtt::{Connection, Version, role};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::access::{M2X, Who};
use super::broker::Seat;
use super::m2x;
use super::message::Message;
use super::session::{Name, Subscription, UnderWay};
use super::topic::{self, Filter};
use super::wire::{Hello, Refusal, Voice, Will, Wish};
use crate::app::{App, Peer};
use crate::auth;
use crate::error::ApiError;
use crate::store::retained;
use crate::time::Stamp;

/// Bytes of a packet at most.
const PACKET_MAX: u32 = 256 * 1024;
/// Messages of one client that are under way to us, and of ours to it.
const UNDER_WAY: u16 = 32;
/// How long a session stays at most when nobody is connected.
const STAYS_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a client may take to read what is sent to it.
const WRITE_MAX: Duration = Duration::from_secs(30);
/// A client that is sent away has so long to read why.
const FAREWELL: Duration = Duration::from_secs(2);
/// Messages a second from one client, and how many at once; it is read more slowly beyond.
const RATE: f64 = 1000.0;
const BURST: f64 = 2000.0;
/// How often it is looked whether a client's key is still good.
const KEY_LOOK: Duration = Duration::from_secs(5);
/// Characters of a client's name.
const NAME_MAX: usize = 256;

/// Why a connection ends.
enum End {
    /// The client said so.
    Said { says_will: bool, stays: Option<Duration> },
    /// It is lost, or what it sends is no MQTT.
    Lost,
}

/// Serves one connection to its end. Without `anyone`, clients need a key.
pub(crate) async fn serve<I>(app: App, router: Router, io: I, peer: Peer, anyone: bool)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let options = ConnectionOptions::default()
        .maximum_packet_size_recv(PACKET_MAX)
        .receive_maximum(UNDER_WAY);
    let protocol = Connection::<role::Server>::with_options(Version::Undetermined, options);
    let client = Client {
        app,
        router,
        peer,
        anyone,
        io,
        protocol,
        out: Vec::new(),
        keep_alive: None,
        closing: false,
        seated: None,
        under_way: 0,
        allowance: (BURST, Instant::now()),
    };
    client.run().await;
}

/// A client that has been let in.
struct Seated {
    seat: Seat,
    who: Who,
    voice: Voice,
    stays: Duration,
    will: Option<Will>,
    /// The state of the keys when it was let in.
    generation: u64,
}

struct Client<I> {
    app: App,
    router: Router,
    peer: Peer,
    anyone: bool,
    io: I,
    protocol: Connection<role::Server>,
    /// What is to be written.
    out: Vec<u8>,
    /// When it must have been heard again.
    keep_alive: Option<Instant>,
    closing: bool,
    seated: Option<Seated>,
    /// Messages to it that it has not acknowledged.
    under_way: u16,
    allowance: (f64, Instant),
}

impl<I: AsyncRead + AsyncWrite + Unpin + Send> Client<I> {
    async fn run(mut self) {
        let end = self.talk().await;
        // What is still to be said, an error perhaps, is said if it can be.
        let _ = self.flush().await;
        let _ = timeout(WRITE_MAX, self.io.shutdown()).await;
        if self.closing {
            // Closed with something unread the connection would be reset, and the reason with it.
            let mut rest = [0; 4096];
            let read_all = async { while self.io.read(&mut rest).await.is_ok_and(|n| n > 0) {} };
            let _ = timeout(FAREWELL, read_all).await;
        }
        self.leave(end).await;
    }

    async fn talk(&mut self) -> End {
        let mut buffer = vec![0; 4096];
        let first = Instant::now() + Duration::from_secs(self.app.limits.header_seconds);
        let mut look = tokio::time::interval(KEY_LOOK);
        loop {
            if self.flush().await.is_err() || self.closing {
                return End::Lost;
            }
            let deadline = if self.seated.is_none() { Some(first) } else { self.keep_alive };
            let bell = self.seated.as_ref().map(|it| it.seat.bell.clone());
            tokio::select! {
                read = self.io.read(&mut buffer) => {
                    let Ok(length @ 1..) = read else { return End::Lost };
                    let mut cursor = Cursor::new(&buffer[..length]);
                    while (cursor.position() as usize) < length && !self.closing {
                        let events = self.protocol.recv(&mut cursor);
                        if let Some(end) = self.follow(events).await {
                            return end;
                        }
                    }
                }
                _ = look.tick(), if self.seated.is_some() => {
                    self.still_may().await;
                }
                () = async { match bell { Some(bell) => bell.notified().await, None => pending().await } } => {}
                () = async { match deadline { Some(at) => sleep_until(at).await, None => pending().await } } => {
                    if self.seated.is_none() {
                        return End::Lost;
                    }
                    self.keep_alive = None;
                    let events = self.protocol.notify_timer_fired(TimerKind::PingreqRecv);
                    self.follow(events).await;
                    return End::Lost;
                }
            }
            if self.lost_its_seat() {
                return End::Lost;
            }
            self.deliver().await;
        }
    }

    /// Another connection has the session, or the key is no more.
    fn lost_its_seat(&mut self) -> bool {
        let Some(seated) = &self.seated else { return false };
        if self.app.broker.has(&seated.seat) {
            return false;
        }
        let goodbye = seated.voice.goodbye(DisconnectReasonCode::SessionTakenOver);
        self.out.extend(goodbye.map(|packet| packet.to_continuous_buffer()).unwrap_or_default());
        true
    }

    /// Does what the protocol asks for, in its order.
    async fn follow(&mut self, events: Vec<Event>) -> Option<End> {
        for event in events {
            match event {
                Event::RequestSendPacket { packet, .. } => {
                    self.out.extend(packet.to_continuous_buffer());
                }
                Event::NotifyPacketReceived(packet) => {
                    if let Some(end) = self.hear(packet).await {
                        return Some(end);
                    }
                }
                Event::RequestTimerReset { kind: TimerKind::PingreqRecv, duration_ms } => {
                    self.keep_alive = Some(Instant::now() + Duration::from_millis(duration_ms));
                }
                Event::RequestTimerCancel(TimerKind::PingreqRecv) => self.keep_alive = None,
                Event::NotifyPacketIdReleased(_) => {
                    self.under_way = self.under_way.saturating_sub(1);
                }
                Event::RequestClose => self.closing = true,
                // It says why it closes; others are not of a server.
                Event::NotifyError(_)
                | Event::RequestTimerReset { .. }
                | Event::RequestTimerCancel(_) => {}
            }
        }
        None
    }

    /// Sends a packet by the protocol's rules; one that cannot be said is not.
    fn say(&mut self, packet: Result<Packet, MqttError>) {
        let Ok(packet) = packet else { return };
        for event in self.protocol.send(packet) {
            match event {
                Event::RequestSendPacket { packet, .. } => {
                    self.out.extend(packet.to_continuous_buffer());
                }
                Event::RequestTimerReset { kind: TimerKind::PingreqRecv, duration_ms } => {
                    self.keep_alive = Some(Instant::now() + Duration::from_millis(duration_ms));
                }
                Event::NotifyPacketIdReleased(_) => {
                    self.under_way = self.under_way.saturating_sub(1);
                }
                Event::RequestClose => self.closing = true,
                _ => {}
            }
        }
    }

    async fn hear(&mut self, packet: Packet) -> Option<End> {
        let wish = Wish::of(packet, STAYS_MAX);
        if let Wish::Connect(hello) = wish {
            self.welcome(hello).await;
            return None;
        }
        let voice = match &self.seated {
            Some(seated) => seated.voice,
            // The protocol lets nothing else come first.
            None => return Some(End::Lost),
        };
        match wish {
            Wish::Publish { message, id } => {
                self.take_allowance().await;
                let (qos, refused) = (message.qos, self.publish(message).await.err());
                if let Some(id) = id {
                    self.say(voice.acknowledge(qos, id, refused));
                }
            }
            Wish::Subscribe { id, entries, number } => {
                let outcomes: Vec<_> =
                    entries.iter().map(|entry| self.subscribe(entry, number)).collect();
                self.say(voice.subscribed(id, &outcomes));
            }
            Wish::Unsubscribe { id, filters } => {
                let had: Vec<_> = filters.iter().map(|filter| self.unsubscribe(filter)).collect();
                self.say(voice.unsubscribed(id, &had));
            }
            Wish::Release { id } => self.say(voice.complete(id)),
            Wish::Received { id } => self.say(voice.release(id)),
            Wish::Ping => self.say(voice.pong()),
            Wish::Disconnect { says_will, stays } => return Some(End::Said { says_will, stays }),
            Wish::Connect(_) | Wish::Nothing => {}
        }
        None
    }

    /// Who has this user name; an error if nobody, or if it cannot be told.
    async fn who(&self, user: Option<&str>) -> Result<Who, ApiError> {
        match user.filter(|user| !user.is_empty()) {
            Some(token) => Ok(Who::Holder(auth::holder(&self.app, token, self.peer).await?)),
            None if self.anyone => Ok(Who::Anyone),
            None => Err(ApiError::unauthorized("Here a key is wanted, as the user name")),
        }
    }

    async fn welcome(&mut self, hello: Hello) {
        let voice = Voice(self.protocol.get_protocol_version());
        let generation = self.app.store.key_generation();
        let Ok(who) = self.who(hello.user.as_deref()).await else {
            return self.say(voice.refuse(Refusal::NotAuthorized));
        };
        let mut client = hello.client;
        let assigned = client.is_empty();
        if assigned {
            if !voice.is_5() && !hello.clean {
                return self.say(voice.refuse(Refusal::BadName));
            }
            client = crate::ids::random();
        }
        if client.len() > NAME_MAX {
            return self.say(voice.refuse(Refusal::BadName));
        }
        let name = Name { realm: who.realm(), client: client.clone() };
        let Some((seat, under_way)) = self.app.broker.open(name, who.clone(), hello.clean) else {
            return self.say(voice.refuse(Refusal::TooMany));
        };
        let is_known = under_way.is_some();
        if let Some(UnderWay { sent, received }) = under_way {
            self.under_way = u16::try_from(sent.len()).unwrap_or(u16::MAX);
            self.protocol.restore_packets(sent);
            self.protocol.restore_qos2_publish_handled(received.into_iter().collect());
        }
        let (stays, will) = (hello.stays, hello.will);
        self.seated = Some(Seated { seat, who, voice, stays, will, generation });
        self.say(voice.welcome(is_known, assigned.then_some(client.as_str())));
    }

    /// Looks again whether the key is good; one that is not ends the connection.
    async fn still_may(&mut self) -> bool {
        let Some(seated) = &self.seated else { return false };
        let Who::Holder(key) = &seated.who else { return true };
        let generation = self.app.store.key_generation();
        if seated.generation == generation && !key.is_expired(Stamp::now()) {
            return true;
        }
        let token = key.token.clone();
        let who = self.who(Some(&token)).await;
        let Some(seated) = &mut self.seated else { return false };
        match who {
            Ok(who) => {
                (seated.who, seated.generation) = (who, generation);
                true
            }
            // What cannot be told now is asked again.
            Err(error) if error.status() >= 500 => true,
            Err(_) => {
                let goodbye = seated.voice.goodbye(DisconnectReasonCode::NotAuthorized);
                self.out.extend(goodbye.map(|it| it.to_continuous_buffer()).unwrap_or_default());
                // Nothing more is said in its name.
                seated.will = None;
                self.closing = true;
                false
            }
        }
    }

    async fn publish(&mut self, message: Message) -> Result<(), Refusal> {
        if !self.still_may().await {
            return Err(Refusal::NotAuthorized);
        }
        let Some(seated) = &self.seated else { return Err(Refusal::NotAuthorized) };
        if !topic::is_topic(&message.topic) {
            return Err(Refusal::BadName);
        }
        if !seated.who.may_say(&message.topic) {
            return Err(Refusal::NotAuthorized);
        }
        if let (Who::Holder(key), Some(_)) = (&seated.who, seated.who.own(&message.topic)) {
            let token = key.token.clone();
            let answer =
                m2x::answer(self.router.clone(), self.peer, &token, &message.payload).await;
            let answer = Message::own(format!("{M2X}/{token}/responses"), answer);
            self.app.broker.publish(&answer, None);
            return Ok(());
        }
        let name = seated.seat.name.clone();
        give(&self.app, Arc::new(message), Some(&name)).await
    }

    fn subscribe(&mut self, entry: &SubEntry, number: Option<u32>) -> Result<Qos, Refusal> {
        let Some(seated) = &self.seated else { return Err(Refusal::NotAuthorized) };
        let filter = Filter::parse(entry.topic_filter()).ok_or(Refusal::BadName)?;
        if !seated.who.may_ask(&filter) {
            return Err(Refusal::NotAuthorized);
        }
        let wants = entry.sub_opts();
        let new = Subscription {
            filter,
            qos: wants.qos(),
            no_local: seated.voice.is_5() && wants.nl(),
            as_published: seated.voice.is_5() && wants.rap(),
            handling: wants.rh(),
            number,
        };
        if self.app.broker.subscribe(&seated.seat, new) {
            Ok(wants.qos())
        } else {
            Err(Refusal::TooMany)
        }
    }

    fn unsubscribe(&mut self, filter: &str) -> bool {
        let (Some(seated), Some(filter)) = (&self.seated, Filter::parse(filter)) else {
            return false;
        };
        self.app.broker.unsubscribe(&seated.seat, &filter)
    }

    /// Sends what waits, as far as the client keeps up.
    async fn deliver(&mut self) {
        while let Some(seated) = &self.seated
            && !self.closing
        {
            let vacancy = self.protocol.get_receive_maximum_vacancy_for_send().unwrap_or(u16::MAX);
            let has_room = self.under_way < UNDER_WAY && vacancy > 0;
            let Some(delivery) = self.app.broker.next(&seated.seat, has_room) else { return };
            let voice = seated.voice;
            let id = match delivery.qos {
                Qos::AtMostOnce => None,
                _ => match self.protocol.acquire_packet_id() {
                    Ok(id) => {
                        self.under_way += 1;
                        Some(id)
                    }
                    Err(_) => return,
                },
            };
            self.say(voice.publish(&delivery, id));
            if self.out.len() > 64 * 1024 && self.flush().await.is_err() {
                self.closing = true;
            }
        }
    }

    async fn flush(&mut self) -> std::io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        let out = std::mem::take(&mut self.out);
        match timeout(WRITE_MAX, self.io.write_all(&out)).await {
            Ok(written) => written,
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        }
    }

    /// One message more; who sends too many is read more slowly.
    async fn take_allowance(&mut self) {
        let (left, since) = &mut self.allowance;
        let now = Instant::now();
        *left = (*left + RATE * now.duration_since(*since).as_secs_f64()).min(BURST) - 1.0;
        *since = now;
        if *left < 0.0 {
            sleep(Duration::from_secs_f64(-*left / RATE)).await;
        }
    }

    async fn leave(mut self, end: End) {
        let Some(mut seated) = self.seated.take() else { return };
        let (says_will, stays) = match end {
            End::Said { says_will, stays } => (says_will, stays),
            End::Lost => (true, None),
        };
        let stays = stays.unwrap_or(seated.stays);
        let had = self.app.broker.has(&seated.seat);
        self.protocol.notify_closed();
        let under_way = UnderWay {
            sent: self.protocol.get_stored_packets(),
            received: self.protocol.get_qos2_publish_handled().into_iter().collect(),
        };
        self.app.broker.leave(&seated.seat, under_way, stays);
        let Some(will) = seated.will.take().filter(|_| says_will) else { return };
        if !topic::is_topic(&will.message.topic) || !seated.who.may_say(&will.message.topic) {
            return;
        }
        let (app, seat, delay) = (self.app.clone(), seated.seat, will.delay);
        let message = Arc::new(will.message);
        if delay.is_zero() {
            let _ = give(&app, message, Some(&seat.name)).await;
        } else if had {
            // One whose session another connection takes is not lost. There are no more of these than sessions that stay.
            tokio::spawn(async move {
                sleep(delay).await;
                if !app.broker.is_back(&seat) {
                    let _ = give(&app, message, Some(&seat.name)).await;
                }
            });
        }
    }
}

/// Gives a message to all who want it; one that stays is on disk before.
async fn give(app: &App, message: Arc<Message>, from: Option<&Name>) -> Result<(), Refusal> {
    if message.retain {
        if !app.broker.retain(&message) {
            return Err(Refusal::TooMany);
        }
        let (topic, qos, kept) = (message.topic.clone(), message.qos, message.clone());
        let kept = (!kept.payload.is_empty()).then(|| kept.to_bytes()).flatten();
        let written =
            app.store.write(move |tx| Ok(retained::put(tx, &topic, qos as u8, kept.as_deref())?));
        if written.await.is_err() {
            return Err(Refusal::TooMany);
        }
    }
    app.broker.publish(&message, from);
    Ok(())
}
