//! Multicast DNS as the firmware's driver does it: the board answers for `<host name>.local`, makes sure that nobody else does, and
//! asks for the addresses of others. It starts when the station gets its first address and goes by the name that the board has then.
//!
//! Only addresses of hosts: the firmware announces no services. Everything that comes is read by [`Message::read`], which is bounded,
//! and what waits to be said is bounded by [`MAX_WAITING`].

use super::{Station, Way};
use crate::dns_message::{
    CLASS_IN, FLAG_AUTHORITATIVE, FLAG_RESPONSE, Message, Question, Record, Section, TOP, TYPE_A,
    TYPE_AAAA, TYPE_ANY,
};
use crate::error::SocketError;
use crate::frame::{self, Datagram, Mac};
use crate::rng::Rng;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

mod search;

use super::resolver::ResolveId;
use search::Search;

pub(super) const PORT: u16 = 5353;
pub(super) const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const EVERYBODY: SocketAddrV4 = SocketAddrV4::new(GROUP, PORT);
const RESPONSE: u16 = FLAG_RESPONSE | FLAG_AUTHORITATIVE;
const TTL_SECONDS: u32 = 120;
/// Answers that wait on one interface; there are no more until those are sent.
const MAX_WAITING: usize = 8;
/// A name as long as the driver has room for.
const MAX_NAME: usize = 63;

/// What the driver of a firmware has of multicast DNS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mdns {
    /// Nothing.
    #[default]
    None,
    /// The driver answers and asks.
    Driver,
    /// The same, and when the driver finds nobody the IP stack asks as well, in its own way.
    DriverAndStack,
}

/// How far an interface is with making sure that its name is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Off,
    Probing(u8),
    Announcing(u8),
    Running,
}

#[derive(Debug)]
struct Answer {
    at_us: u64,
    to: SocketAddrV4,
    mac: Mac,
    message: Message,
}

#[derive(Debug)]
struct Responder {
    state: State,
    /// When it goes on to the next state.
    next_us: Option<u64>,
    failed: u32,
    waiting: VecDeque<Answer>,
}

impl Responder {
    fn off() -> Self {
        Self { state: State::Off, next_us: None, failed: 0, waiting: VecDeque::new() }
    }
}

#[derive(Debug)]
pub(super) struct Responders {
    has: Mdns,
    /// The host's name, with `.local`; none before it starts.
    name: Option<String>,
    of: [Responder; 2],
    searches: Vec<Search>,
    /// By so many steps the next answer waits, so that not all hosts speak at once.
    turn: u64,
    rng: Rng,
}

/// The name that is looked for by multicast, if it is one that is: without what ends it.
pub(super) fn host_of(name: &str) -> Option<&str> {
    let at = name.len().checked_sub(".local".len())?;
    let (host, end) = name.split_at_checked(at)?;
    (!host.is_empty() && end.eq_ignore_ascii_case(".local")).then_some(host)
}

/// The name that is taken instead of one that somebody else has.
fn next_name(name: &str) -> String {
    let host = host_of(name).unwrap_or(name);
    let numbered = host.rsplit_once('-').and_then(|(base, n)| Some((base, n.parse::<u32>().ok()?)));
    match numbered {
        Some((base, n)) => format!("{base}-{}.local", n.wrapping_add(1)),
        None => format!("{host}-2.local"),
    }
}

impl Responders {
    pub(super) fn new(rng: Rng) -> Self {
        Self {
            has: Mdns::None,
            name: None,
            of: [Responder::off(), Responder::off()],
            searches: Vec::new(),
            turn: 0,
            rng,
        }
    }

    pub(super) fn has_started(&self) -> bool {
        self.name.is_some()
    }

    pub(super) fn has(&self) -> Mdns {
        self.has
    }

    fn is_on(&self, way: Way) -> bool {
        self.of[way as usize].state != State::Off
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        let own = self.of.iter().filter_map(|it| it.next_us);
        let answers = self.of.iter().flat_map(|it| &it.waiting).map(|answer| answer.at_us);
        own.chain(answers).chain(self.searches.iter().map(Search::deadline)).min()
    }

    /// Begins to make sure of the name on an interface.
    fn probe(&mut self, way: Way, now_us: u64) {
        let later_us = self.rng.between(0, 127) * 1000;
        let it = &mut self.of[way as usize];
        let begins_us = if it.failed > 5 { 1_000_000 } else { 120_000 };
        it.waiting.clear();
        it.state = State::Probing(1);
        it.next_us = Some(now_us + begins_us + later_us);
    }

    fn is_own(&self, name: &str) -> bool {
        self.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// What is to be said now of the name, and how it goes on.
    fn step(&mut self, way: Way, address: Ipv4Addr) -> Option<Message> {
        let name = self.name.clone()?;
        let it = &mut self.of[way as usize];
        let at_us = it.next_us.take()?;
        let (next, next_us) = match it.state {
            State::Probing(n @ 1..=2) => (State::Probing(n + 1), Some(250_000)),
            State::Probing(_) => {
                it.failed = 0;
                (State::Announcing(1), Some(250_000))
            }
            State::Announcing(n @ 1..=2) => (State::Announcing(n + 1), Some(1_000_000)),
            State::Announcing(_) => (State::Running, None),
            State::Off | State::Running => return None,
        };
        let state = std::mem::replace(&mut it.state, next);
        it.next_us = next_us.map(|after_us| at_us + after_us);
        let record = |section, class| Record { section, name: name.clone(), class, address };
        Some(match state {
            State::Probing(n) => {
                let class = if n == 1 { CLASS_IN | TOP } else { CLASS_IN };
                let question = Question { name: name.clone(), kind: TYPE_ANY, class };
                let records = vec![record(Section::Authority, CLASS_IN)];
                Message { id: 0, flags: 0, questions: vec![question], records }
            }
            _ => Message {
                flags: RESPONSE,
                records: vec![record(Section::Answer, CLASS_IN | TOP)],
                ..Message::default()
            },
        })
    }

    /// Looks at what a message says of the board's own name. False if it must not be answered.
    fn mind(&mut self, way: Way, message: &Message, own: Ipv4Addr, now_us: u64) -> bool {
        let is_probe = self.is_probe(message);
        let mut may_answer = true;
        for record in &message.records {
            if !self.is_own(&record.name) || !is_probe && !message.questions.is_empty() {
                continue;
            }
            // The lower address gives way, whoever was first.
            let loses = match record.class & !TOP {
                0 => false,
                CLASS_IN => own.cmp(&record.address) == Ordering::Less,
                _ => true,
            };
            if !loses {
                continue;
            }
            may_answer = false;
            if !matches!(self.of[way as usize].state, State::Probing(_)) {
                self.probe(way, now_us);
            } else if is_probe || message.flags == RESPONSE {
                self.of[way as usize].failed += 1;
                self.name = self.name.as_deref().map(next_name);
                for way in Way::BOTH.into_iter().filter(|way| self.is_on(*way)).collect::<Vec<_>>()
                {
                    self.probe(way, now_us);
                }
                return false;
            }
        }
        may_answer
    }

    /// Somebody wants to know whether the board's name is free.
    fn is_probe(&self, message: &Message) -> bool {
        message.questions.iter().any(|q| q.kind == TYPE_ANY && self.is_own(&q.name))
    }

    /// Makes the answer to what a message asks of the board's own name.
    fn answer(&mut self, way: Way, asked: &Datagram<'_>, message: &Message, now_us: u64) {
        let own = |q: &&Question| self.is_own(&q.name) && q.class & !TOP == CLASS_IN;
        let questions: Vec<Question> = message.questions.iter().filter(own).cloned().collect();
        let is_known = |q: &Question| matches!(q.kind, TYPE_A | TYPE_AAAA | TYPE_ANY);
        let (Some(name), false) = (self.name.clone(), questions.is_empty()) else { return };
        if !questions.iter().all(is_known) {
            return;
        }
        let is_by_driver = asked.src.port() == PORT;
        let alone = !is_by_driver || questions.iter().any(|q| q.class & TOP != 0);
        let is_probe = questions.iter().any(|q| q.kind == TYPE_ANY);
        let class = if is_by_driver { CLASS_IN | TOP } else { CLASS_IN };
        let record = Record {
            section: Section::Answer,
            name,
            class,
            // It is the interface's when it is sent.
            address: Ipv4Addr::UNSPECIFIED,
        };
        let repeated = if is_by_driver { Vec::new() } else { questions };
        let mut later_us = 0;
        if !is_probe {
            later_us = 25_000 * (1 + self.turn);
            self.turn = (self.turn + 1) % 4;
        }
        let waiting = &mut self.of[way as usize].waiting;
        if waiting.len() >= MAX_WAITING {
            return;
        }
        waiting.push_back(Answer {
            at_us: now_us + later_us,
            to: if alone { asked.src } else { EVERYBODY },
            mac: if alone { asked.mac } else { frame::group_mac(GROUP) },
            message: Message {
                id: message.id,
                flags: RESPONSE,
                questions: repeated,
                records: vec![record],
            },
        });
    }

    fn take_answer(&mut self, way: Way, now_us: u64) -> Option<Answer> {
        let waiting = &mut self.of[way as usize].waiting;
        let at = waiting.iter().position(|answer| answer.at_us <= now_us)?;
        waiting.remove(at)
    }
}

impl Station {
    /// What the firmware's driver has of multicast DNS.
    pub fn set_mdns(&mut self, has: Mdns) {
        self.mdns.has = has;
    }

    /// The name that the board answers for by multicast, if it does.
    pub fn local_name(&self) -> Option<&str> {
        self.mdns.name.as_deref()
    }

    /// The chip was reset: nobody answers until the station has an address again.
    pub fn stop_mdns(&mut self) {
        self.mdns = Responders { has: self.mdns.has, ..Responders::new(self.mdns.rng.clone()) };
    }

    /// An interface has an address.
    pub(super) fn enable_mdns(&mut self, way: Way, now_us: u64) {
        if self.mdns.has == Mdns::None {
            return;
        }
        if self.mdns.name.is_none() {
            if way != Way::Station {
                return;
            }
            let host: String = self.hostname.chars().take(MAX_NAME - ".local".len()).collect();
            self.mdns.name = Some(format!("{host}.local"));
            if self.soft_ap.is_some() {
                self.enable_mdns(Way::AccessPoint, now_us);
            }
        }
        // Where there is no room for one more group it hears nobody.
        let _ = self.enter_group(way, GROUP);
        self.mdns.probe(way, now_us);
    }

    /// It has none any more.
    pub(super) fn disable_mdns(&mut self, way: Way) {
        self.mdns.of[way as usize] = Responder::off();
    }

    /// Takes a frame if it is of multicast DNS.
    pub(super) fn hear_mdns(
        &mut self,
        way: Way,
        dst: SocketAddrV4,
        bytes: &[u8],
        now_us: u64,
    ) -> bool {
        let Some((_, own)) = self.address_of(way) else { return false };
        if self.mdns.hears_one_shot(dst.port()) && *dst.ip() == own {
            if let Some(said) = frame::datagram(bytes) {
                self.mdns.hear_one_shot(dst.port(), said.payload);
            }
            return true;
        }
        if dst.port() != PORT || !self.mdns.is_on(way) || ![GROUP, own].contains(dst.ip()) {
            return false;
        }
        let Some(said) = frame::datagram(bytes).filter(|said| *said.src.ip() != own) else {
            return true;
        };
        let Some(message) = Message::read(said.payload) else { return true };
        // What is said by another port than the driver's is no answer.
        if message.flags == RESPONSE && said.src.port() != PORT {
            return true;
        }
        let may_answer = self.mdns.mind(way, &message, own, now_us);
        self.mdns.look_for_results(&message, now_us);
        let is_sure = self.mdns.of[way as usize].state > State::Probing(3);
        if may_answer && is_sure && message.flags & FLAG_RESPONSE == 0 {
            self.mdns.answer(way, &said, &message, now_us);
        }
        true
    }

    pub(super) fn run_mdns(&mut self, now_us: u64) {
        for way in Way::BOTH {
            let Some((_, own)) = self.address_of(way) else { continue };
            while let Some(mut answer) = self.mdns.take_answer(way, now_us) {
                for record in &mut answer.message.records {
                    record.address = own;
                }
                self.say(way, PORT, (answer.to, answer.mac), &answer.message, now_us);
            }
            while self.mdns.of[way as usize].next_us.is_some_and(|at_us| at_us <= now_us)
                && let Some(message) = self.mdns.step(way, own)
            {
                self.say(way, PORT, (EVERYBODY, frame::group_mac(GROUP)), &message, now_us);
            }
        }
        while let Some(asked) = self.mdns.next_question(now_us) {
            let everybody = (EVERYBODY, frame::group_mac(GROUP));
            match asked.from {
                None => {
                    for way in Way::BOTH
                        .into_iter()
                        .filter(|way| self.mdns.is_on(*way))
                        .collect::<Vec<_>>()
                    {
                        self.say(way, PORT, everybody, &asked.message, now_us);
                    }
                }
                Some(port) => self.say(Way::Station, port, everybody, &asked.message, now_us),
            }
        }
        for (id, found) in self.mdns.take_ended() {
            self.resolver.end(id, found);
        }
    }

    /// Starts to look for a host.
    pub(super) fn search_mdns(&mut self, host: &str) -> Result<ResolveId, SocketError> {
        if !self.mdns.has_started() {
            return Err(SocketError::NotStarted);
        }
        let id = self.resolver.wait()?;
        self.mdns.search(id, host, self.now_us);
        Ok(id)
    }

    fn say(
        &mut self,
        way: Way,
        port: u16,
        (to, mac): (SocketAddrV4, Mac),
        message: &Message,
        now_us: u64,
    ) {
        let Some((from, address)) = self.address_of(way) else { return };
        let payload = message.write(TTL_SECONDS);
        let bytes: Option<Arc<[u8]>> = payload.and_then(|payload| {
            frame::udp_frame(from, mac, SocketAddrV4::new(address, port), to, &payload)
        });
        if let Some(bytes) = bytes {
            self.send_by(way, bytes, now_us);
        }
    }
}
