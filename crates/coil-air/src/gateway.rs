//! The gateway: the segment's router, address server, name server, time server and the door to named services. It keeps a stack of
//! its own per board, so that what one board does costs the others nothing. Nothing passes to the host's network.

use crate::air::Shared;
use crate::faults::{Dhcp, Faults, Plan, ServiceFault};
use crate::frame::{self, Datagram, Frame, Mac, Peek};
use crate::names::{Host, ServicePort};
use crate::rng::Rng;
use crate::services::answer::{Answering, PORTAL, Voice};
use crate::services::dhcp::DhcpServer;
use crate::services::tcp::{Connection, ServiceStream, Target};
use crate::services::{dns, ntp};
use crate::stack::Stack;
use smoltcp::socket::tcp::{self, State};
use smoltcp::wire::{IpAddress, IpCidr, IpListenEndpoint, Ipv4Cidr};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

#[cfg(test)]
mod tests;

const DHCP_SERVER_PORT: u16 = 67;
const DHCP_CLIENT_PORT: u16 = 68;
const DNS_PORT: u16 = 53;
const NTP_PORT: u16 = 123;
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;
/// Connections of one board that the gateway keeps at one time; a chip has sixteen.
const MAX_CONNECTIONS: usize = 64;
/// Streams that wait to be taken by the lab.
const MAX_OFFERED: usize = 4096;
const FIRST_EPHEMERAL: u64 = 49_152;
const TCP_RECEIVE_BYTES: usize = 16 * 1024;
const TCP_SEND_BYTES: usize = 32 * 1024;
const DATA_TIMEOUT_US: u64 = 90_000_000;

/// The gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    dhcp: DhcpServer,
    peers: HashMap<Mac, Peer>,
    timers: BTreeSet<(u64, Mac)>,
    waiting: VecDeque<Frame>,
    offered: VecDeque<ServiceStream>,
    answering: Vec<Answering>,
    plan: Plan,
    rng: Rng,
}

#[derive(Debug)]
struct Peer {
    stack: Stack,
    connections: Vec<Connection>,
    deadline_us: Option<u64>,
}

impl Gateway {
    pub(crate) fn new(dhcp: DhcpServer, seed: u64) -> Self {
        Self {
            dhcp,
            peers: HashMap::new(),
            timers: BTreeSet::new(),
            waiting: VecDeque::new(),
            offered: VecDeque::new(),
            answering: Vec::new(),
            plan: Plan::default(),
            rng: Rng::new(seed, b"gateway"),
        }
    }

    pub(crate) fn next_offer(&mut self) -> Option<ServiceStream> {
        self.offered.pop_front()
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
            for connection in &peer.connections {
                connection.break_off();
            }
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
                let handled = self.datagram(air, &bytes, now_us);
                if !handled
                    && !served(*dst.ip())
                    && air.config.contains(*src.ip())
                    && !dst.ip().is_broadcast()
                {
                    self.refuse(air, &bytes, now_us);
                }
                None
            }
            Peek::Tcp { src, dst, syn, rst } => {
                if !air.config.contains(*src.ip()) {
                    return None;
                }
                let is_taken = portal && dst.port() == HTTP_PORT;
                if !(is_taken || served(*dst.ip())) {
                    if !rst {
                        self.refuse(air, &bytes, now_us);
                    }
                    return None;
                }
                let peer = self.peer(air, mac, now_us);
                if syn && !peer.admit(air, dst, src, mac) {
                    return None;
                }
                peer.stack.ingest(bytes, now_us);
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
            Peek::Unreachable { .. } => None,
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

    // There is no way out of the lab: whoever tries one is told.
    fn refuse(&mut self, air: &Shared, bytes: &[u8], now_us: u64) {
        let port = air.segment.gateway();
        if let Some(answer) = frame::unreachable_frame(port.mac, air.config.gateway, bytes) {
            air.segment.send(port, answer, now_us, &mut self.rng);
        }
    }

    // Questions that one datagram answers. True if it was one, answered or not.
    fn datagram(&mut self, air: &Shared, bytes: &[u8], now_us: u64) -> bool {
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
                    let names = &air.config.names;
                    let answer = dns::answer(question.payload, |name| {
                        let name = if faults.portal { PORTAL } else { name };
                        names.find(name).map(|host| host.address)
                    });
                    self.reply(air, &question, answer.as_deref(), now_us);
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
        let port = air.segment.gateway();
        if let Some(answer) = answer
            && air.config.contains(*question.src.ip())
            && let Some(bytes) =
                frame::udp_frame(port.mac, question.mac, question.dst, question.src, answer)
        {
            air.segment.send(port, bytes, now_us, &mut self.rng);
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
            for connection in &peer.connections {
                peer.stack.mind_timeout(connection.handle, DATA_TIMEOUT_US);
            }
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

impl Peer {
    fn new(air: &Shared, seed: u64, now_us: u64) -> Self {
        let mut stack = Stack::new(air.segment.gateway().mac, seed, now_us);
        // Every virtual address is the gateway's; what reaches this stack was looked at before.
        stack.iface.set_any_ip(true);
        stack.iface.update_ip_addrs(|addresses| {
            let _ =
                addresses.push(IpCidr::Ipv4(Ipv4Cidr::new(air.config.gateway, air.config.prefix)));
        });
        Self { stack, connections: Vec::new(), deadline_us: None }
    }

    // Makes a socket wait for the connection that is asked for. False drops the request; without a socket the stack refuses it.
    fn admit(&mut self, air: &Shared, local: SocketAddrV4, remote: SocketAddrV4, mac: Mac) -> bool {
        let known = |it: &Connection| self.stack.is_connection(it.handle, local, remote);
        let faults = air.faults.get();
        if self.connections.iter().any(known) || faults.services == ServiceFault::Dead {
            return true;
        }
        let service = if faults.portal { portal_at(air, local) } else { service_at(air, local) };
        let Some((host, port)) = service else { return true };
        if self.connections.len() >= MAX_CONNECTIONS {
            return false;
        }
        let tls = if port.tls {
            match air
                .authority
                .server(&host.name, faults.expired)
                .and_then(|config| config.accept())
            {
                Ok(session) => Some(session),
                Err(_) => return true,
            }
        } else {
            None
        };
        let handle = self.stack.add_tcp(TCP_RECEIVE_BYTES, TCP_SEND_BYTES, DATA_TIMEOUT_US);
        let at = IpListenEndpoint { addr: Some(IpAddress::Ipv4(*local.ip())), port: local.port() };
        if self.stack.tcp_mut(handle).listen(at).is_err() {
            self.stack.sockets.remove(handle);
            return true;
        }
        let target = Target {
            name: host.name.clone(),
            kind: host.kind_name.clone(),
            local,
            peer: remote,
            mac,
        };
        self.connections.push(Connection::new(handle, target, tls, &air.mailbox));
        true
    }

    fn dial(
        &mut self,
        air: &Shared,
        local: SocketAddrV4,
        board: SocketAddrV4,
        mac: Mac,
    ) -> Option<ServiceStream> {
        if self.connections.len() >= MAX_CONNECTIONS {
            return None;
        }
        let handle = self.stack.add_tcp(
            TCP_RECEIVE_BYTES,
            TCP_SEND_BYTES,
            air.config.timings.connect_timeout_us,
        );
        let (socket, cx) =
            (self.stack.sockets.get_mut::<tcp::Socket<'_>>(handle), self.stack.iface.context());
        if socket.connect(cx, board, local).is_err() {
            self.stack.sockets.remove(handle);
            return None;
        }
        let target =
            Target { name: "board".into(), kind: "board".into(), local: board, peer: local, mac };
        let mut connection = Connection::new(handle, target, None, &air.mailbox);
        let stream = connection.hand_out();
        self.connections.push(connection);
        stream
    }

    fn reap(&mut self) {
        let stack = &mut self.stack;
        self.connections.retain(|connection| {
            // A socket still listening waited for a request that was not one.
            let over =
                connection.is_over(stack) || stack.tcp(connection.handle).state() == State::Listen;
            if over {
                connection.break_off();
                stack.sockets.remove(connection.handle);
            }
            !over
        });
    }

    fn deadline(&mut self, now_us: u64) -> Option<u64> {
        let linger = self.connections.iter().filter_map(Connection::deadline).min();
        self.stack.poll_at(now_us).into_iter().chain(linger).min()
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

/// What a portal makes of an address: itself for plain HTTP, nothing else.
fn portal_at(air: &Shared, at: SocketAddrV4) -> Option<(&Host, ServicePort)> {
    let host = air.config.names.find(PORTAL)?;
    (at.port() == HTTP_PORT).then_some((host, ServicePort { port: HTTP_PORT, tls: false }))
}

fn service_at(air: &Shared, at: SocketAddrV4) -> Option<(&Host, ServicePort)> {
    let host = air.config.names.at(*at.ip())?;
    let port = host.kind.ports.iter().find(|port| port.port == at.port())?;
    Some((host, *port))
}
