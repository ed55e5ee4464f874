//! The gateway: the segment's router, address server, name server, time server and the door to named services. It keeps a stack of
//! its own per board, so that what one board does costs the others nothing. What is for the host's network, as far as that is open,
//! it hands to whoever runs the lab.

use crate::air::Shared;
use crate::called;
use crate::faults::{Dhcp, Faults, Plan, ServiceFault};
use crate::frame::{self, Datagram, Frame, Mac, Peek};
use crate::outside::HOST_NAME;
use crate::rng::Rng;
use crate::services::answer::{Answering, PORTAL, Voice};
use crate::services::dhcp::DhcpServer;
use crate::services::tcp::ServiceStream;
use crate::services::{dns, ntp};
use errand::{Errand, Parcel};
use peer::{Admitted, Asked, Peer};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

pub(crate) mod errand;
mod peer;
#[cfg(test)]
mod tests;

const DHCP_SERVER_PORT: u16 = 67;
const DHCP_CLIENT_PORT: u16 = 68;
const DNS_PORT: u16 = 53;
const NTP_PORT: u16 = 123;
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;
/// Streams that wait to be taken by the lab.
const MAX_OFFERED: usize = 4096;
/// What waits to be done on the host's network.
const MAX_ERRANDS: usize = 1024;
const FIRST_EPHEMERAL: u64 = 49_152;

/// The gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    dhcp: DhcpServer,
    peers: HashMap<Mac, Peer>,
    timers: BTreeSet<(u64, Mac)>,
    waiting: VecDeque<Frame>,
    offered: VecDeque<ServiceStream>,
    errands: VecDeque<Errand>,
    answering: Vec<Answering>,
    plan: Plan,
    rng: Rng,
}

impl Gateway {
    pub(crate) fn new(dhcp: DhcpServer, seed: u64) -> Self {
        Self {
            dhcp,
            peers: HashMap::new(),
            timers: BTreeSet::new(),
            waiting: VecDeque::new(),
            offered: VecDeque::new(),
            errands: VecDeque::new(),
            answering: Vec::new(),
            plan: Plan::default(),
            rng: Rng::new(seed, b"gateway"),
        }
    }

    pub(crate) fn next_offer(&mut self) -> Option<ServiceStream> {
        self.offered.pop_front()
    }

    /// What boards want of the host's network next.
    pub(crate) fn next_errand(&mut self) -> Option<Errand> {
        self.errands.pop_front()
    }

    /// What goes wrong on purpose from which moment on.
    pub(crate) fn plan(&mut self) -> &mut Plan {
        &mut self.plan
    }

    /// When it must be polled again, besides when it is woken.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        let timer = self.timers.first().map(|(at_us, _)| *at_us);
        let frame = self.waiting.front().map(|frame| frame.deliver_at_us);
        timer.into_iter().chain(frame).chain(self.plan.due_us()).min()
    }

    pub(crate) fn poll(&mut self, air: &Shared, now_us: u64) {
        for mac in air.mailbox.take_gone() {
            self.forget(mac);
        }
        let mut busy: HashSet<Mac> = air.mailbox.take_touched();
        air.segment.gateway().drain_into(&mut self.waiting);
        while self.waiting.front().is_some_and(|frame| frame.deliver_at_us <= now_us) {
            let Some(frame) = self.waiting.pop_front() else { break };
            if let Some(mac) = self.receive(air, frame.bytes, now_us) {
                busy.insert(mac);
            }
        }
        while let Some(&(at_us, mac)) = self.timers.first()
            && at_us <= now_us
        {
            self.timers.pop_first();
            if let Some(peer) = self.peers.get_mut(&mac) {
                peer.deadline_us = None;
            }
            busy.insert(mac);
        }
        // In a fixed order, so that the same seed gives the same run.
        let mut busy: Vec<Mac> = busy.into_iter().collect();
        busy.sort_unstable();
        for mac in busy {
            self.run_peer(air, mac, now_us);
        }
        self.answering.retain_mut(|it| !it.poll());
    }

    fn forget(&mut self, mac: Mac) {
        if let Some(peer) = self.peers.remove(&mac) {
            if let Some(at_us) = peer.deadline_us {
                self.timers.remove(&(at_us, mac));
            }
            peer.break_off();
        }
    }

    // Takes one frame; answers the board whose stack then has work.
    fn receive(&mut self, air: &Shared, bytes: Arc<[u8]>, now_us: u64) -> Option<Mac> {
        let (_, mac) = frame::addresses(&bytes)?;
        let gateway = air.config.gateway;
        let served = |ip: Ipv4Addr| ip == gateway || air.config.names.at(ip).is_some();
        let portal = air.faults.get().portal;
        match frame::peek(&bytes) {
            Peek::Udp { src, dst } => {
                let is_group = dst.ip().is_multicast();
                if self.datagram(air, &bytes, now_us) || is_group || !air.config.contains(*src.ip())
                {
                    return None;
                }
                if !portal && let Some(target) = air.config.outside.target(gateway, dst) {
                    self.send_outside(&bytes, target);
                } else if !served(*dst.ip()) && !dst.ip().is_broadcast() {
                    self.refuse(air, &bytes, now_us);
                }
                None
            }
            Peek::Tcp { src, dst, syn, rst } => {
                if !air.config.contains(*src.ip()) {
                    return None;
                }
                let is_taken = portal && dst.port() == HTTP_PORT;
                let is_outside = || !portal && air.config.outside.target(gateway, dst).is_some();
                if !(is_taken || served(*dst.ip()) || is_outside()) {
                    if !rst {
                        self.refuse(air, &bytes, now_us);
                    }
                    return None;
                }
                if syn && !self.admit(air, (dst, src, mac), &bytes, now_us) {
                    return None;
                }
                self.peer(air, mac, now_us).stack.ingest(bytes, now_us);
                Some(mac)
            }
            Peek::ArpRequest { target, source } => {
                if target != gateway || !air.config.contains(source) {
                    return None;
                }
                self.peer(air, mac, now_us).stack.ingest(bytes, now_us);
                Some(mac)
            }
            Peek::Ip { dst } if !served(dst) => {
                if !dst.is_broadcast() && !dst.is_multicast() {
                    self.refuse(air, &bytes, now_us);
                }
                None
            }
            Peek::Ip { .. } | Peek::Other => {
                self.peer(air, mac, now_us).stack.ingest(bytes, now_us);
                Some(mac)
            }
            Peek::Unreachable { .. } | Peek::Igmp(_) => None,
        }
    }

    fn peer(&mut self, air: &Shared, mac: Mac, now_us: u64) -> &mut Peer {
        let seed = &mut self.rng;
        self.peers.entry(mac).or_insert_with(|| Peer::new(air, seed.next(), now_us))
    }

    /// Opens a connection to a board.
    pub(crate) fn dial(
        &mut self,
        air: &Shared,
        board: SocketAddrV4,
        now_us: u64,
    ) -> Option<ServiceStream> {
        let mac =
            air.segment.mac_of(*board.ip()).filter(|mac| *mac != air.segment.gateway().mac)?;
        let port = u16::try_from(self.rng.between(FIRST_EPHEMERAL, 65_535)).unwrap_or(u16::MAX);
        let local = SocketAddrV4::new(air.config.gateway, port);
        let stream = self.peer(air, mac, now_us).dial(air, local, board, mac);
        air.mailbox.touch(mac);
        stream
    }

    // Whether a request to connect is to be taken in now.
    fn admit(
        &mut self,
        air: &Shared,
        (local, remote, mac): (SocketAddrV4, SocketAddrV4, Mac),
        syn: &Arc<[u8]>,
        now_us: u64,
    ) -> bool {
        let has_room = self.errands.len() < MAX_ERRANDS;
        match self.peer(air, mac, now_us).admit(air, Asked { local, remote, mac, syn }) {
            Admitted::Now => true,
            Admitted::Never => false,
            // Dropped where there is no room: then it is as if nobody answered.
            Admitted::Later(call) => {
                if has_room {
                    self.errands.push_back(Errand::Connect(call));
                }
                false
            }
        }
    }

    fn send_outside(&mut self, bytes: &[u8], target: SocketAddrV4) {
        if self.errands.len() < MAX_ERRANDS
            && let Some(Datagram { mac, src: from, dst: to, payload }) = frame::datagram(bytes)
        {
            let payload = payload.to_vec();
            self.errands.push_back(Errand::Send(Parcel { mac, from, to, target, payload }));
        }
    }

    /// A datagram for a board, from and to these addresses.
    pub(crate) fn deliver(
        &mut self,
        air: &Shared,
        mac: Mac,
        (from, to): (SocketAddrV4, SocketAddrV4),
        payload: &[u8],
        now_us: u64,
    ) {
        let port = air.segment.gateway();
        if let Some(bytes) = frame::udp_frame(port.mac, mac, from, to, payload) {
            air.segment.send(port, bytes, now_us, &mut self.rng);
        }
    }

    /// What the host's network says of a name that a frame asked for.
    pub(crate) fn tell_name(
        &mut self,
        air: &Shared,
        asked: &[u8],
        address: Option<Ipv4Addr>,
        now_us: u64,
    ) {
        if let Some(question) = frame::datagram(asked) {
            let answer = dns::answer(question.payload, |_| address);
            self.reply(air, &question, answer.as_deref(), now_us);
        }
    }

    fn name(&mut self, air: &Shared, question: &Datagram<'_>, asked: &Arc<[u8]>, now_us: u64) {
        let (config, portal) = (&air.config, air.faults.get().portal);
        let find = |name: &str| {
            let name = if portal { PORTAL } else { name };
            let is_host = name.eq_ignore_ascii_case(HOST_NAME) && config.outside.reaches_host();
            let known = config.names.find(name).map(|host| host.address);
            let station = || air.segment.ip_of(air.called.find(name)?);
            known.or_else(|| is_host.then_some(config.gateway)).or_else(station)
        };
        if !portal
            && config.outside.has_names()
            && let Some(name) = dns::asked(question.payload)
            && find(&name).is_none()
            && !called::is_own(&name)
        {
            if self.errands.len() < MAX_ERRANDS {
                self.errands.push_back(Errand::Resolve { name, asked: asked.clone() });
            }
            return;
        }
        let answer = dns::answer(question.payload, find);
        self.reply(air, question, answer.as_deref(), now_us);
    }

    // There is no way to where it wants to go: whoever tries one is told.
    fn refuse(&mut self, air: &Shared, bytes: &[u8], now_us: u64) {
        let port = air.segment.gateway();
        if let Some(answer) = frame::unreachable_frame(port.mac, air.config.gateway, bytes) {
            air.segment.send(port, answer, now_us, &mut self.rng);
        }
    }

    // Questions that one datagram answers. True if it was one, answered or not.
    fn datagram(&mut self, air: &Shared, bytes: &Arc<[u8]>, now_us: u64) -> bool {
        let Some(question) = frame::datagram(bytes) else { return true };
        let faults = air.faults.get();
        let at = *question.dst.ip();
        match question.dst.port() {
            DHCP_SERVER_PORT if at.is_broadcast() || at == air.config.gateway => {
                match faults.dhcp {
                    Dhcp::Well => self.dhcp(air, &question, now_us, 0),
                    Dhcp::Slow(us) => self.dhcp(air, &question, now_us, us),
                    Dhcp::Silent => {}
                }
                true
            }
            DNS_PORT if at == air.config.gateway => {
                if !faults.dns_dead {
                    self.name(air, &question, bytes, now_us);
                }
                true
            }
            NTP_PORT if air.config.names.at(at).is_some_and(|host| host.kind.ntp) => {
                if !faults.ntp_dead {
                    let answer = ntp::answer(question.payload, air.unix_us(now_us));
                    self.reply(air, &question, answer.as_ref().map(<[u8; 48]>::as_slice), now_us);
                }
                true
            }
            _ => false,
        }
    }

    fn reply(&mut self, air: &Shared, question: &Datagram<'_>, answer: Option<&[u8]>, now_us: u64) {
        if let Some(answer) = answer
            && air.config.contains(*question.src.ip())
        {
            self.deliver(air, question.mac, (question.dst, question.src), answer, now_us);
        }
    }

    // The answer goes to the board's hardware address even when its IP destination is everybody: nobody else needs to hear it.
    fn dhcp(&mut self, air: &Shared, question: &Datagram<'_>, now_us: u64, late_us: u64) {
        let port = air.segment.gateway();
        let in_use = |ip| air.segment.has_ip(ip);
        let Some(answer) = self.dhcp.answer(question.mac, question.payload, now_us, in_use) else {
            return;
        };
        let src = SocketAddrV4::new(air.config.gateway, DHCP_SERVER_PORT);
        let dst = SocketAddrV4::new(answer.to, DHCP_CLIENT_PORT);
        if let Some(bytes) = frame::udp_frame(port.mac, question.mac, src, dst, &answer.payload) {
            air.segment.send_later(port, bytes, (now_us, late_us), &mut self.rng);
        }
    }

    fn run_peer(&mut self, air: &Shared, mac: Mac, now_us: u64) {
        let Some(peer) = self.peers.get_mut(&mac) else { return };
        let gateway = air.segment.gateway();
        for lost in peer.decide(now_us) {
            if let Some(answer) = frame::unreachable_frame(gateway.mac, air.config.gateway, &lost) {
                air.segment.send(gateway, answer, now_us, &mut self.rng);
            }
        }
        loop {
            let mut moved = false;
            for connection in &mut peer.connections {
                moved |= connection.pump(&mut peer.stack, now_us);
                if self.offered.len() < MAX_OFFERED
                    && let Some(stream) = connection.take_offer(&peer.stack)
                {
                    match voice(&stream, air.faults.get()) {
                        Some(voice) => self.answering.push(Answering::new(stream, voice)),
                        None => self.offered.push_back(stream),
                    }
                    moved = true;
                }
            }
            peer.stack.egress(now_us);
            peer.mind_timeouts();
            while let Some(bytes) = peer.stack.next_out() {
                air.segment.send(gateway, bytes, now_us, &mut self.rng);
            }
            if !moved {
                break;
            }
        }
        peer.reap();
        let deadline_us = peer.deadline(now_us);
        if peer.deadline_us != deadline_us {
            if let Some(at_us) = peer.deadline_us {
                self.timers.remove(&(at_us, mac));
            }
            if let Some(at_us) = deadline_us {
                self.timers.insert((at_us, mac));
            }
            peer.deadline_us = deadline_us;
        }
    }
}

/// What answers a stream in its service's place.
fn voice(stream: &ServiceStream, faults: Faults) -> Option<Voice> {
    match faults.services {
        _ if stream.name() == PORTAL => Some(Voice::Portal),
        ServiceFault::Status(status) if [HTTP_PORT, HTTPS_PORT].contains(&stream.port()) => {
            Some(Voice::Status(status))
        }
        _ => None,
    }
}
