//! One board's place on the air: its radio, its IP stack and its sockets. Used from the board's own thread; nothing here waits.
//! It knows no firmware: what `network.WLAN` and `socket` make of it is the board's affair.

use crate::access_point::AccessPoint;
use crate::access_points::{Beacon, ScanResult};
use crate::air::Shared;
use crate::config::{Driver, IpConfig, StationLimits};
use crate::ether::Seat;
use crate::event::{Event, EventKind, Reason};
use crate::frame::{self, Frame, Mac, Peek};
use crate::radio::{self, LinkChange, Radio, Reconnect, Wanted};
use crate::rng::Rng;
use crate::segment::{Port, Segment, Waker};
use crate::socket::{Net, Own, Sockets};
use crate::stack::Stack;
use crate::tls::KeyLog;
use smoltcp::wire::{IpCidr, Ipv4Cidr};
use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::Arc;

mod address;
mod calls;
mod dhcp;
mod groups;
mod mdns;
mod now;
mod pace;
mod passage;
mod ping;
mod resolver;
mod soft_ap;

use dhcp::DhcpClient;
use groups::Groups;
pub use mdns::Mdns;
use mdns::Responders;
use pace::Pace;
use passage::Passage;
use ping::Pinger;
use resolver::Resolver;
pub use resolver::{Resolution, ResolveId};
use soft_ap::SoftAp;
pub use soft_ap::{Client, SoftApSettings};

/// The state of a board's WiFi, as `WLAN.status()` of today's firmware tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StationStatus {
    /// Nothing was asked for.
    Idle,
    /// On the way.
    Connecting,
    /// Connected, with an address.
    GotIp,
    /// No such access point.
    NoApFound,
    /// An access point of that name exists, but not secured as asked.
    NoApInAuthmode,
    /// An access point of that name exists, and wants a password.
    NoApWithSecurity,
    /// The access point has sent the board away.
    SentAway,
    /// The access point has no room.
    Full,
    /// The password is wrong.
    WrongPassword,
    /// The access point refused the board.
    AssocFail,
    /// The access point went away.
    BeaconTimeout,
    /// The key exchange was not answered.
    HandshakeTimeout,
}

impl StationStatus {
    /// The number `WLAN.status()` returns.
    pub fn code(self) -> u16 {
        match self {
            Self::Idle => 1000,
            Self::Connecting => 1001,
            Self::GotIp => 1010,
            Self::BeaconTimeout => 200,
            Self::NoApFound => 201,
            Self::WrongPassword => 202,
            Self::AssocFail => 203,
            Self::HandshakeTimeout => 204,
            Self::NoApWithSecurity => 210,
            Self::NoApInAuthmode => 211,
            Self::SentAway => 3,
            Self::Full => 5,
        }
    }
}

/// One board's radio, stack and sockets. Dropping it takes the board off the air.
#[derive(Debug)]
pub struct Station {
    air: Arc<Shared>,
    /// Its hardware address from the factory.
    factory: Mac,
    pub(crate) port: Arc<Port>,
    /// Where the port is, or is next: behind the lab's access points, or a board's.
    net: Arc<Segment>,
    seat: Arc<Seat>,
    soft_ap: Option<SoftAp>,
    passage: Option<Passage>,
    channel: u8,
    interface_is_on: bool,
    asleep: bool,
    /// A scan goes on until then.
    scanning_until_us: Option<u64>,
    hostname: String,
    radio: Radio,
    pub(crate) stack: Stack,
    sockets: Sockets,
    pace: Pace,
    dhcp: Option<DhcpClient>,
    fixed: Option<IpConfig>,
    // What the interface uses. It outlives a lost link, as on the chip, so that connections do.
    ip: Option<IpConfig>,
    has_ip: bool,
    resolver: Resolver,
    groups: Groups,
    mdns: Responders,
    pinger: Pinger,
    waiting: VecDeque<Frame>,
    events: VecDeque<Event>,
    rng: Rng,
    pub(crate) now_us: u64,
    stack_deadline_us: Option<u64>,
    dirty: bool,
}

/// One of a board's two interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Station,
    AccessPoint,
}

impl Way {
    const BOTH: [Self; 2] = [Self::Station, Self::AccessPoint];
}

/// Frames a board may send to itself before others get a turn.
const MAX_LOOPED: usize = 4096;

impl Station {
    pub(crate) fn new(air: Arc<Shared>, mac: Mac) -> Self {
        let mut rng = Rng::new(air.config.seed, &mac);
        let mut stack = Stack::new(mac, rng.next(), 0);
        let sockets = Sockets::new(air.config.limits, air.config.timings, &mut rng);
        let resolver = Resolver::new(&mut stack);
        let radio = Radio::new(air.config.timings, mac);
        let port = air.segment.attach(mac);
        let net = air.segment.clone();
        let seat = Arc::new(Seat::new(port.clone()));
        air.board_changed(mac);
        let seed = air.config.seed;
        let own_rng = |salt: &[u8]| Rng::new(seed, &[&mac[..], salt].concat());
        let mut station = Self {
            air,
            factory: mac,
            port,
            net,
            seat,
            soft_ap: None,
            passage: None,
            channel: 1,
            interface_is_on: false,
            asleep: false,
            scanning_until_us: None,
            hostname: "espressif".into(),
            radio,
            stack,
            sockets,
            pace: Pace::default(),
            dhcp: None,
            fixed: None,
            ip: None,
            has_ip: false,
            resolver,
            groups: Groups::new(own_rng(b"groups")),
            mdns: Responders::new(own_rng(b"mdns")),
            pinger: Pinger::default(),
            waiting: VecDeque::new(),
            events: VecDeque::new(),
            rng,
            now_us: 0,
            stack_deadline_us: None,
            dirty: true,
        };
        station.apply_addresses();
        station.set_limits(station.air.config.limits);
        station
    }

    /// The board's hardware address.
    pub fn mac(&self) -> Mac {
        self.port.mac
    }

    /// Where its TLS sessions tell their secrets to those who look on with the lab owner's leave.
    pub fn key_log(&self) -> KeyLog {
        self.air.key_log.clone()
    }

    /// Has `waker` called, from any thread, when something arrives while the board does not look.
    pub fn set_waker(&mut self, waker: Option<Waker>) {
        if let Some(soft_ap) = &self.soft_ap {
            soft_ap.port.set_waker(waker.clone());
        }
        self.port.set_waker(waker);
    }

    /// The name the board goes by.
    pub fn hostname(&self) -> &str {
        &self.hostname
    }

    /// Sets the name the board goes by.
    pub fn set_hostname(&mut self, name: &str) {
        self.hostname = name.chars().take(32).collect();
    }

    /// The access points in reach, the strongest first.
    pub fn scan(&self) -> Vec<ScanResult> {
        let own = self.soft_ap.as_ref().map(|soft_ap| soft_ap.port.mac);
        let mut found = self.air.access_points.scan(self.radio.speech);
        found.retain(|ap| Some(ap.bssid) != own);
        found
    }

    /// Starts a scan, which keeps the radio busy; answers for how long.
    pub fn start_scan(&mut self, now_us: u64) -> u64 {
        let span = self.air.config.timings.no_access_point;
        let takes_us = self.rng.between(span.min_us, span.max_us);
        self.scanning_until_us = Some(now_us + takes_us);
        self.tune();
        takes_us
    }

    // --- the link ---

    /// Starts to connect to a network; an existing connection ends first.
    pub fn connect(&mut self, ssid: &str, password: &str, now_us: u64) {
        let wanted = Wanted { ssid: ssid.into(), password: password.into(), ..Wanted::default() };
        self.join(wanted, now_us);
    }

    /// The same, and may ask for one access point of several.
    pub fn join(&mut self, wanted: Wanted, now_us: u64) {
        self.now_us = now_us;
        if self.radio.is_associated() {
            self.disconnect(now_us);
        }
        self.radio.connect(wanted, &self.air.access_points, now_us, &mut self.rng);
        self.tune();
    }

    /// Leaves the network, or stops trying to join it.
    pub fn disconnect(&mut self, now_us: u64) {
        self.now_us = now_us;
        if self.radio.disconnect(now_us, &mut self.events) {
            self.link_down(now_us);
        }
        self.tune();
    }

    /// What the WiFi driver does, which depends on the firmware.
    pub fn set_driver(&mut self, driver: Driver) {
        self.radio.driver = driver;
    }

    /// How to go on after a connection failed.
    pub fn set_reconnect(&mut self, reconnect: Reconnect) {
        self.radio.reconnect = reconnect;
    }

    /// The state by the rules of today's firmware: an attempt that failed shows although the next one is under way.
    pub fn status(&self) -> StationStatus {
        if self.has_ip {
            return StationStatus::GotIp;
        }
        let trying = self.radio.is_trying() || self.radio.is_associated();
        match self.radio.last_failure() {
            Some(Reason::NoApFound) => StationStatus::NoApFound,
            Some(Reason::NoApInAuthmode) => StationStatus::NoApInAuthmode,
            Some(Reason::NoApWithSecurity) => StationStatus::NoApWithSecurity,
            Some(Reason::AuthFail) => StationStatus::WrongPassword,
            // The firmware says so until it has an address again, even while it connects.
            Some(Reason::AssocLeave) => StationStatus::Idle,
            _ if trying => StationStatus::Connecting,
            None => StationStatus::Idle,
            Some(Reason::BeaconTimeout) => StationStatus::BeaconTimeout,
            Some(Reason::AssocFail) => StationStatus::AssocFail,
            Some(Reason::AuthLeave) => StationStatus::SentAway,
            Some(Reason::AssocTooMany) => StationStatus::Full,
            Some(Reason::HandshakeTimeout) => StationStatus::HandshakeTimeout,
        }
    }

    /// Whether an attempt to connect is under way; with [`Station::last_failure`], what older firmware's rules need.
    pub fn is_connecting(&self) -> bool {
        !self.has_ip && (self.radio.is_trying() || self.radio.is_associated())
    }

    /// Why the last attempt failed, until one succeeds.
    pub fn last_failure(&self) -> Option<Reason> {
        self.radio.last_failure()
    }

    /// How often the link has ended, or an attempt at one, and why it did last.
    pub fn ends(&self) -> (u32, Option<Reason>) {
        self.radio.ends()
    }

    /// Whether the link to an access point stands.
    pub fn is_associated(&self) -> bool {
        self.radio.is_associated()
    }

    /// The access point the board is connected to.
    pub fn access_point(&self) -> Option<&AccessPoint> {
        self.radio.access_point()
    }

    /// The signal strength in dBm, which wavers a little.
    pub fn rssi(&mut self) -> Option<i8> {
        let rssi = self.radio.access_point()?.rssi;
        let waver = i8::try_from(self.rng.between(0, 4)).unwrap_or(2) - 2;
        Some(rssi.saturating_add(waver))
    }

    /// What happened on the radio since the last call.
    pub fn drain_events(&mut self) -> impl Iterator<Item = Event> + '_ {
        self.events.drain(..)
    }

    // --- addresses ---

    /// The interface's addresses, once it has some.
    pub fn ifconfig(&self) -> Option<IpConfig> {
        self.ip.filter(|_| self.has_ip)
    }

    /// Sets fixed addresses, or with `None` goes back to asking a server for them.
    pub fn set_static(&mut self, config: Option<IpConfig>, now_us: u64) {
        self.now_us = now_us;
        self.fixed = config;
        if self.radio.is_associated() {
            self.drop_address(now_us);
            self.start_addressing(now_us);
        }
    }

    /// Sets the server that resolves names, until there are other addresses.
    pub fn set_dns(&mut self, server: Ipv4Addr) {
        if let Some(config) = &mut self.ip {
            config.dns = server;
        }
        self.resolver.set_server(&mut self.stack, Some(server));
    }

    fn start_addressing(&mut self, now_us: u64) {
        match self.fixed {
            Some(config) => self.got_address(config, now_us),
            None => {
                let span = self.air.config.timings.dhcp;
                let ready_us = now_us + self.rng.between(span.min_us, span.max_us);
                self.dhcp = Some(DhcpClient::start(&mut self.stack, ready_us));
                self.dirty = true;
            }
        }
    }

    fn got_address(&mut self, config: IpConfig, now_us: u64) {
        let is_news = !self.has_ip || self.ip != Some(config);
        let old = self.ip.replace(config);
        self.net.set_ip(&self.port, old.map(|old| old.address), Some(config.address));
        if old != Some(config) {
            self.apply_addresses();
        }
        self.has_ip = true;
        self.radio.succeeded();
        self.dirty = true;
        radio::push(&mut self.events, now_us, EventKind::GotIp(config));
        if old.is_some_and(|old| old.address != config.address) {
            let (sockets, mut net) = self.split();
            sockets.address_changed(&mut net);
        }
        if is_news {
            self.groups.interface_is_up(Way::Station, now_us);
            self.enable_mdns(Way::Station, now_us);
        }
    }

    fn drop_address(&mut self, now_us: u64) {
        if let Some(dhcp) = self.dhcp.take() {
            dhcp.stop(&mut self.stack);
        }
        if self.has_ip {
            self.lost_address(now_us);
        }
    }

    fn lost_address(&mut self, now_us: u64) {
        self.has_ip = false;
        self.disable_mdns(Way::Station);
        radio::push(&mut self.events, now_us, EventKind::LostIp);
    }

    /// Whether an interface is switched on.
    fn is_on(&self, way: Way) -> bool {
        match way {
            Way::Station => self.interface_is_on || self.radio.is_associated(),
            Way::AccessPoint => self.soft_ap.is_some(),
        }
    }

    /// The addresses of an interface, once it has some.
    fn address_of(&self, way: Way) -> Option<(Mac, Ipv4Addr)> {
        match way {
            Way::Station => self.ifconfig().map(|config| (self.port.mac, config.address)),
            Way::AccessPoint => {
                self.soft_ap.as_ref().map(|soft_ap| (soft_ap.port.mac, soft_ap.address()))
            }
        }
    }

    /// Sends a frame by an interface.
    fn send_by(&mut self, way: Way, bytes: Arc<[u8]>, now_us: u64) {
        let late_us = self.pace.late_us(now_us, bytes.len());
        let (segment, port) = match (way, &self.soft_ap) {
            (Way::Station, _) => (&self.net, &self.port),
            (Way::AccessPoint, Some(soft_ap)) => (&soft_ap.cell.segment, &soft_ap.port),
            (Way::AccessPoint, None) => return,
        };
        segment.send_later(port, bytes, (now_us, late_us), &mut self.rng);
    }

    fn apply_addresses(&mut self) {
        let config = self.ip;
        let own = self.soft_ap.as_ref().map(|soft_ap| soft_ap.settings.addresses);
        self.stack.iface.update_ip_addrs(|addresses| {
            addresses.clear();
            // The interface has room for all three.
            for config in [config, own].into_iter().flatten() {
                let _ =
                    addresses.push(IpCidr::Ipv4(Ipv4Cidr::new(config.address, config.prefix())));
            }
            let _ = addresses.push(IpCidr::Ipv4(Ipv4Cidr::new(Ipv4Addr::LOCALHOST, 8)));
        });
        let routes = self.stack.iface.routes_mut();
        routes.remove_default_ipv4_route();
        if let Some(config) = config
            && !config.gateway.is_unspecified()
        {
            let _ = routes.add_default_ipv4_route(config.gateway);
        }
        self.resolver.set_server(&mut self.stack, config.map(|config| config.dns));
    }

    fn link_down(&mut self, now_us: u64) {
        self.unplug();
        self.waiting.clear();
        self.drop_address(now_us);
        self.dirty = true;
    }

    // --- the clock ---

    /// Lets the board's radio and stack run up to `now_us`. Cheap when there is nothing to do.
    pub fn poll(&mut self, now_us: u64) {
        self.now_us = self.now_us.max(now_us);
        let now_us = self.now_us;
        while let Some(change) = self.step_radio(now_us) {
            match change {
                LinkChange::Up => self.start_addressing(now_us),
                LinkChange::Down => self.link_down(now_us),
            }
        }
        self.scanning_until_us.take_if(|until_us| *until_us <= now_us);
        self.tune();
        self.pace.take(&self.port, &mut self.waiting, now_us);
        if let Some(soft_ap) = &mut self.soft_ap {
            self.pace.take(&soft_ap.port, &mut soft_ap.waiting, now_us);
        }
        let arrived = self.first_arrival().is_some_and(|at_us| at_us <= now_us);
        let due = self.stack_deadline_us.is_some_and(|deadline_us| deadline_us <= now_us);
        let given_up = self.sockets.deadline().is_some_and(|at| at <= now_us);
        let says = self.said_next().is_some_and(|at_us| at_us <= now_us);
        if !(arrived || due || given_up || says || self.dirty || self.dhcp_is_due(now_us)) {
            return;
        }
        self.dirty = false;
        self.run_stack(now_us);
        self.after_stack(now_us);
        self.stack_deadline_us = self.stack.poll_at(now_us);
    }

    /// When there is something to say of groups and names.
    fn said_next(&self) -> Option<u64> {
        self.groups.deadline().into_iter().chain(self.mdns.deadline()).min()
    }

    /// When the first of the frames that wait arrives.
    fn first_arrival(&self) -> Option<u64> {
        let by_access_point = self.soft_ap.as_ref().and_then(|soft_ap| soft_ap.waiting.front());
        let all = self.waiting.front().into_iter().chain(by_access_point);
        all.map(|frame| frame.deliver_at_us).min()
    }

    fn step_radio(&mut self, now_us: u64) -> Option<LinkChange> {
        loop {
            let before = self.radio.deadline();
            let change =
                self.radio.poll(&self.air.access_points, now_us, &mut self.rng, &mut self.events);
            self.settle_port();
            if change.is_some()
                || self.radio.deadline().is_none_or(|at| at > now_us || before == Some(at))
            {
                return change;
            }
        }
    }

    /// Opens the port where the link leads, or closes it.
    fn settle_port(&mut self) {
        let Some(Beacon { cell, .. }) = self.radio.up() else { return self.port.close() };
        let net = cell.as_ref().map_or(&self.air.segment, |cell| &cell.segment);
        if !Arc::ptr_eq(net, &self.net) {
            let net = net.clone();
            self.unplug();
            net.plug(&self.port);
            net.gateway().wake();
            // Who looks for the board in the lab's network does not find it there.
            self.air.segment.set_ip(&self.port, self.ip.map(|config| config.address), None);
            self.net = net;
        }
        self.port.open(&self.net);
    }

    /// Closes the port, and takes it off a board's network.
    fn unplug(&mut self) {
        self.port.close();
        if !Arc::ptr_eq(&self.net, &self.air.segment) {
            self.net.detach(&self.port);
            // The access point notices who leaves.
            self.net.gateway().wake();
            self.net = self.air.segment.clone();
        }
    }

    fn dhcp_is_due(&self, now_us: u64) -> bool {
        self.dhcp.as_ref().and_then(DhcpClient::deadline).is_some_and(|at| at <= now_us)
    }

    fn run_stack(&mut self, now_us: u64) {
        self.run_groups(now_us);
        self.run_mdns(now_us);
        let mut looped = VecDeque::new();
        for round in 0.. {
            while self.waiting.front().is_some_and(|frame| frame.deliver_at_us <= now_us) {
                let Some(frame) = self.waiting.pop_front() else { break };
                self.receive(frame.bytes, now_us);
            }
            self.run_access_point(now_us);
            while let Some(bytes) = looped.pop_front() {
                self.ingest(bytes, now_us);
            }
            self.stack.egress(now_us);
            while let Some(bytes) = self.stack.next_out() {
                self.send_out(bytes, now_us, &mut looped);
            }
            if looped.is_empty() {
                return;
            }
            if round >= MAX_LOOPED {
                self.waiting
                    .extend(looped.into_iter().map(|bytes| Frame { deliver_at_us: 0, bytes }));
                self.dirty = true;
                return;
            }
        }
    }

    /// Takes in what came by the station interface.
    fn receive(&mut self, bytes: Arc<[u8]>, now_us: u64) {
        let Some(bytes) = self.pass_on(bytes) else { return };
        let own = self.soft_ap.as_ref().map(SoftAp::address);
        match frame::peek(&bytes) {
            // Each interface answers for its own address.
            Peek::ArpRequest { target, .. } if Some(target) == own => {}
            peek if self.is_apart(Way::Station, peek, &bytes, now_us) => {}
            _ => self.ingest(bytes, now_us),
        }
    }

    /// Takes what the stack does not get: what is said of groups and of names in them, and what is sent to others.
    fn is_apart(&mut self, way: Way, peek: Peek, bytes: &[u8], now_us: u64) -> bool {
        let to = match peek {
            Peek::Igmp(said) => {
                self.groups.hear(way, said, now_us);
                return true;
            }
            Peek::Udp { dst, .. } if self.hear_mdns(way, dst, bytes, now_us) => return true,
            Peek::Udp { dst, .. } | Peek::Tcp { dst, .. } => *dst.ip(),
            Peek::Ip { dst } => dst,
            Peek::ArpRequest { .. } | Peek::Unreachable { .. } | Peek::Other => return false,
        };
        to.is_multicast() && !self.groups.has(way, to)
    }

    fn ingest(&mut self, bytes: Arc<[u8]>, now_us: u64) {
        let peek = frame::peek(&bytes);
        let (sockets, mut net) = self.split();
        if sockets.inspect(&mut net, peek) {
            self.stack.ingest(bytes, now_us);
        }
    }

    // A board that talks to itself is heard by itself alone.
    fn send_out(&mut self, bytes: Arc<[u8]>, now_us: u64, looped: &mut VecDeque<Arc<[u8]>>) {
        self.note_question(&bytes);
        let own =
            [self.ip.map(|config| config.address), self.soft_ap.as_ref().map(SoftAp::address)];
        match (frame::peek(&bytes), frame::addresses(&bytes)) {
            (Peek::ArpRequest { target, .. }, _)
                if target.is_loopback() || own.contains(&Some(target)) =>
            {
                looped.extend(frame::arp_reply(self.port.mac, &bytes));
            }
            (_, Some((dst, _))) if dst == self.port.mac => looped.push_back(bytes),
            // The stack knows no interfaces: what is to be said of groups they say.
            (Peek::Igmp(_), _) => {}
            _ if self.send_by_access_point(&bytes, now_us) => {}
            _ => self.send_by(Way::Station, bytes, now_us),
        }
    }

    fn after_stack(&mut self, now_us: u64) {
        if let Some(dhcp) = &mut self.dhcp {
            match dhcp.poll(&mut self.stack, now_us, self.air.config.gateway) {
                Some(dhcp::Outcome::Address(config)) => self.got_address(config, now_us),
                Some(dhcp::Outcome::Lost) if self.has_ip => self.lost_address(now_us),
                _ => {}
            }
        }
        self.resolver.poll(&mut self.stack);
        self.pinger.poll(&mut self.stack);
        let (sockets, mut net) = self.split();
        sockets.tidy(&mut net);
    }

    /// When [`Station::poll`] must be called again; `None` means: when the waker is called, or after a call that sends.
    pub fn next_deadline(&self) -> Option<u64> {
        if self.dirty {
            return Some(self.now_us);
        }
        let dhcp = self.dhcp.as_ref().and_then(DhcpClient::deadline);
        let frames = [self.first_arrival(), self.seat.deadline(), self.scanning_until_us];
        let said = self.said_next();
        [self.radio.deadline(), self.stack_deadline_us, dhcp, self.sockets.deadline()]
            .into_iter()
            .chain(frames)
            .chain([said])
            .flatten()
            .min()
    }

    fn split(&mut self) -> (&mut Sockets, Net<'_>) {
        let own = Own {
            station: self.ip.filter(|_| self.has_ip),
            access_point: self.soft_ap.as_ref().map(|soft_ap| soft_ap.settings.addresses),
        };
        (&mut self.sockets, Net { stack: &mut self.stack, own, now_us: self.now_us })
    }

    /// Something was done to its stack: it is run at the next poll.
    pub(crate) fn stir(&mut self) {
        self.dirty = true;
    }

    pub(crate) fn own_port(&self) -> Arc<Port> {
        self.port.clone()
    }

    /// What the chip's IP stack has room for, from now on; it depends on the firmware.
    pub fn set_limits(&mut self, limits: StationLimits) {
        let limits = if self.air.config.is_fast { limits.fast() } else { limits };
        self.pace = Pace::new(limits.bytes_per_second);
        self.sockets.set_limits(limits);
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.stop_access_point(false);
        self.air.ether.leave(self.port.mac, &self.seat);
        self.unplug();
        self.air.segment.detach(&self.port);
        self.air.owners.forget(self.factory);
        self.air.board_changed(self.port.mac);
    }
}
