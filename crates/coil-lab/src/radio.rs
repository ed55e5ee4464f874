//! A board's radio: the firmware's [`Radio`] over a station on the air.
//!
//! The air counts time from the start of the lab, a board from its power on: here they meet.

use crate::clock::Clock;
use coil_air::{
    Driver, IpConfig, Mdns, Reconnect, Resolution, ResolveId, Security, SocketError, SocketId,
    SocketOption, SoftApSettings, Speech, Station, StationLimits,
};
use coil_board::outside::{
    AccessPoint, Addresses, Client, Errno, Link, Mac, NowFrame, NowKeys, NowSent, Radio, Ready,
    SocketOption as Option_, SoftAp, Wanted,
};
use coil_board::{Era, Profile};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A station as its board sees it.
pub(crate) struct StationRadio {
    station: Station,
    clock: Arc<Clock>,
    power_on_us: u64,
    /// Something arrived since the station was polled last.
    arrived: Arc<AtomicBool>,
    /// When the station is to be polled, in the lab's time.
    due_us: Option<u64>,
    sockets: Vec<Option<SocketId>>,
    queries: Vec<(u32, ResolveId)>,
    next_query: u32,
    /// A wrong password is tried again and again.
    is_stubborn: bool,
}

fn errno<T>(result: Result<T, SocketError>) -> Result<T, Errno> {
    result.map_err(SocketError::errno)
}

const EBADF: Errno = 9;

impl StationRadio {
    /// Takes the station of a board with this firmware over. `wake` is called, from any thread, when something arrives for it.
    pub(crate) fn new(
        station: Station,
        profile: &Profile,
        clock: Arc<Clock>,
        power_on_us: u64,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let mut station = limited(station, profile);
        let is_stubborn = profile.switches.wlan != Era::Y2019;
        let arrived = Arc::new(AtomicBool::new(true));
        let flag = arrived.clone();
        station.set_waker(Some(Arc::new(move || {
            if !flag.swap(true, Ordering::AcqRel) {
                wake();
            }
        })));
        Self {
            station,
            clock,
            power_on_us,
            arrived,
            due_us: None,
            sockets: Vec::new(),
            queries: Vec::new(),
            next_query: 0,
            is_stubborn,
        }
    }

    fn id(&self, socket: usize) -> Result<SocketId, Errno> {
        self.sockets.get(socket).copied().flatten().ok_or(EBADF)
    }

    fn keep(&mut self, id: SocketId) -> usize {
        let free = self.sockets.iter().position(Option::is_none).unwrap_or(self.sockets.len());
        if free == self.sockets.len() {
            self.sockets.push(None);
        }
        self.sockets[free] = Some(id);
        free
    }

    /// Calls the station with a socket; what it wants to do next may have changed.
    fn with<T>(
        &mut self,
        socket: usize,
        f: impl FnOnce(&mut Station, SocketId) -> Result<T, SocketError>,
    ) -> Result<T, Errno> {
        let id = self.id(socket)?;
        let done = errno(f(&mut self.station, id));
        self.due_us = self.station.next_deadline();
        done
    }

    fn board_us(&self, lab_us: u64) -> u64 {
        lab_us.saturating_sub(self.power_on_us)
    }

    /// Lets what was sent leave at once, as the chip's stack does beside the program.
    fn flush(&mut self) {
        self.station.poll(self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }
}

impl Radio for StationRadio {
    fn poll(&mut self) {
        let now = self.clock.now_us();
        if self.arrived.swap(false, Ordering::AcqRel) || self.due_us.is_some_and(|t| t <= now) {
            self.station.poll(now);
            self.due_us = self.station.next_deadline();
        }
    }

    fn next_deadline(&self) -> Option<u64> {
        if self.arrived.load(Ordering::Acquire) {
            return Some(0);
        }
        self.due_us.map(|t| t.saturating_sub(self.power_on_us))
    }

    fn reset(&mut self) {
        self.close_all();
        if self.station.is_associated() || self.station.is_connecting() {
            self.disconnect();
        }
        self.station.stop_access_point(false);
        self.station.set_interface(false);
        self.set_mac(self.station.factory_mac());
        self.station.set_speech(Speech::default());
        self.station.set_channel(1);
        self.station.listen_now(false);
        self.station.stop_mdns();
        self.set_addresses(None);
        self.set_reconnects(None);
    }

    fn close_all(&mut self) {
        for id in std::mem::take(&mut self.sockets).into_iter().flatten() {
            // A socket of this table is open.
            let _ = self.station.close(id);
        }
        self.queries.clear();
        self.station.forget_resolves();
        self.due_us = self.station.next_deadline();
    }

    fn set_mac(&mut self, mac: Mac) {
        self.station.set_mac(mac, self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn set_protocol(&mut self, protocol: u8) {
        self.station.set_speech(speech(protocol));
    }

    fn set_station(&mut self, on: bool) {
        self.station.set_interface(on);
    }

    fn connect(&mut self, wanted: &Wanted) {
        let wanted = coil_air::Wanted {
            ssid: wanted.ssid.clone(),
            password: wanted.password.clone(),
            bssid: wanted.bssid,
            channel: wanted.channel,
        };
        self.station.join(wanted, self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn disconnect(&mut self) {
        self.station.disconnect(self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn set_reconnects(&mut self, times: Option<u32>) {
        let after_wrong_password = self.is_stubborn;
        self.station.set_reconnect(Reconnect { attempts: times, after_wrong_password });
    }

    fn link(&self) -> Link {
        let (ends, reason) = self.station.ends();
        Link {
            status: self.station.status().code(),
            connected: self.station.ifconfig().is_some(),
            associated: self.station.is_associated(),
            trying: self.station.is_connecting(),
            clients: u8::try_from(self.station.client_count()).unwrap_or(u8::MAX),
            ends,
            reason: reason.map_or(0, coil_air::Reason::code),
        }
    }

    fn rssi(&mut self) -> Option<i8> {
        self.station.rssi()
    }

    fn channel(&self) -> u8 {
        self.station.channel()
    }

    fn set_channel(&mut self, channel: u8) {
        self.station.set_channel(channel);
    }

    fn scan(&mut self) -> (Vec<AccessPoint>, u64) {
        let takes_us = self.station.start_scan(self.clock.now_us());
        self.due_us = self.station.next_deadline();
        let show = |ap: coil_air::ScanResult| AccessPoint {
            ssid: ap.ssid,
            bssid: ap.bssid,
            channel: ap.channel,
            rssi: ap.rssi,
            authmode: ap.security.authmode(),
        };
        (self.station.scan().into_iter().map(show).collect(), takes_us)
    }

    fn addresses(&self) -> Option<Addresses> {
        self.station.ifconfig().map(|c| Addresses {
            address: c.address,
            netmask: c.netmask,
            gateway: c.gateway,
            dns: c.dns,
        })
    }

    fn set_addresses(&mut self, fixed: Option<Addresses>) {
        self.station.set_static(fixed.map(ip_config), self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn set_hostname(&mut self, name: &str) {
        self.station.set_hostname(name);
    }

    fn set_dns(&mut self, server: Ipv4Addr) {
        self.station.set_dns(server);
    }

    fn set_asleep(&mut self, asleep: bool) {
        self.station.set_asleep(asleep, self.clock.now_us());
    }

    fn start_access_point(&mut self, settings: &SoftAp) {
        let access_point = coil_air::AccessPoint {
            ssid: settings.ssid.clone(),
            // The firmware takes no other number.
            security: Security::of_authmode(settings.authmode).unwrap_or(Security::Open),
            password: settings.password.clone(),
            channel: settings.channel.max(1),
            hidden: settings.hidden,
            bssid: settings.bssid,
            rssi: 0,
        };
        let settings = SoftApSettings {
            access_point,
            speech: speech(settings.protocol),
            max_clients: usize::from(settings.max_clients),
            addresses: ip_config(settings.addresses),
        };
        self.station.start_access_point(settings, self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn stop_access_point(&mut self) {
        self.station.stop_access_point(true);
    }

    fn clients(&self) -> Vec<Client> {
        let show = |c: coil_air::Client| Client { mac: c.mac, address: c.address };
        self.station.clients().into_iter().map(show).collect()
    }

    fn listen_now(&mut self, on: bool) {
        self.station.listen_now(on);
    }

    fn send_now(
        &mut self,
        way: (Mac, Mac),
        data: &[u8],
        keys: Option<NowKeys>,
        kbits: u32,
    ) -> NowSent {
        let sent = self.station.send_now(way, data, keys, kbits, self.clock.now_us());
        NowSent { acknowledged: sent.acknowledged, at_us: self.board_us(sent.at_us) }
    }

    fn next_now(&mut self) -> Option<NowFrame> {
        let frame = self.station.next_now(self.clock.now_us())?;
        self.due_us = self.station.next_deadline();
        Some(NowFrame {
            at_us: self.board_us(frame.at_us),
            from: frame.from,
            data: frame.data,
            keys: frame.keys,
            rssi: frame.rssi,
        })
    }

    fn open(&mut self, datagram: bool) -> Result<usize, Errno> {
        let id = errno(if datagram { self.station.udp_open() } else { self.station.tcp_open() })?;
        Ok(self.keep(id))
    }

    fn bind(&mut self, socket: usize, local: SocketAddrV4) -> Result<(), Errno> {
        self.with(socket, |s, id| s.bind(id, local))
    }

    fn connect_socket(&mut self, socket: usize, to: SocketAddrV4) -> Result<(), Errno> {
        self.with(socket, |s, id| s.connect_socket(id, to))
    }

    fn listen(&mut self, socket: usize, backlog: usize) -> Result<(), Errno> {
        self.with(socket, |s, id| s.listen(id, backlog))
    }

    fn accept(&mut self, socket: usize) -> Result<(usize, SocketAddrV4), Errno> {
        let (id, peer) = self.with(socket, Station::accept)?;
        Ok((self.keep(id), peer))
    }

    fn send(&mut self, socket: usize, data: &[u8]) -> Result<usize, Errno> {
        let sent = self.with(socket, |s, id| s.send(id, data));
        self.flush();
        sent
    }

    fn recv(&mut self, socket: usize, into: &mut [u8]) -> Result<usize, Errno> {
        self.with(socket, |s, id| s.recv(id, into))
    }

    fn send_to(&mut self, socket: usize, data: &[u8], to: SocketAddrV4) -> Result<usize, Errno> {
        let sent = self.with(socket, |s, id| s.send_to(id, data, to));
        self.flush();
        sent
    }

    fn recv_from(
        &mut self,
        socket: usize,
        into: &mut [u8],
    ) -> Result<(usize, SocketAddrV4), Errno> {
        self.with(socket, |s, id| s.recv_from(id, into))
    }

    fn ready(&mut self, socket: usize) -> Result<Ready, Errno> {
        let r = self.with(socket, Station::readiness)?;
        Ok(Ready { readable: r.readable, writable: r.writable, error: r.error, hangup: r.hangup })
    }

    fn set_option(&mut self, socket: usize, option: Option_) -> Result<(), Errno> {
        let option = match option {
            Option_::ReuseAddress(on) => SocketOption::ReuseAddress(on),
            Option_::NoDelay(on) => SocketOption::NoDelay(on),
        };
        self.with(socket, |s, id| s.set_option(id, option))
    }

    fn close(&mut self, socket: usize) -> Result<(), Errno> {
        let done = self.with(socket, Station::close);
        if let Some(slot) = self.sockets.get_mut(socket) {
            *slot = None;
        }
        self.flush();
        done
    }

    fn join_group(&mut self, group: Ipv4Addr, interface: Ipv4Addr) -> Result<(), Errno> {
        let joined = errno(self.station.join_group(group, interface));
        self.flush();
        joined
    }

    fn resolve(&mut self, name: &str) -> Result<u32, Errno> {
        let id = errno(self.station.start_resolve(name))?;
        self.due_us = self.station.next_deadline();
        self.next_query = self.next_query.wrapping_add(1);
        self.queries.push((self.next_query, id));
        Ok(self.next_query)
    }

    fn resolved(&mut self, query: u32) -> Option<Vec<Ipv4Addr>> {
        let Some(at) = self.queries.iter().position(|q| q.0 == query) else {
            return Some(Vec::new());
        };
        let found = match self.station.poll_resolve(self.queries[at].1) {
            Resolution::Pending => return None,
            Resolution::Found(addresses) => addresses,
            Resolution::Failed => Vec::new(),
        };
        self.queries.remove(at);
        Some(found)
    }
}

/// What the chip's number for its protocols stands for.
fn speech(protocol: u8) -> Speech {
    Speech { usual: protocol & 7 != 0, long_range: protocol & 8 != 0 }
}

fn ip_config(a: Addresses) -> IpConfig {
    IpConfig { address: a.address, netmask: a.netmask, gateway: a.gateway, dns: a.dns }
}

/// A station with as much room as a firmware's IP stack has, and its driver.
fn limited(mut station: Station, profile: &Profile) -> Station {
    station.set_limits(StationLimits {
        max_sockets: profile.net.max_sockets as usize,
        max_tcp: profile.net.max_tcp as usize,
        bytes_per_second: Some(profile.net.bytes_per_second),
        ..StationLimits::default()
    });
    let era = profile.switches.wlan;
    station.set_driver(Driver { minds_security: era == Era::Now, speaks_wpa3: era != Era::Y2019 });
    station.set_reconnect(Reconnect { attempts: None, after_wrong_password: era != Era::Y2019 });
    station.set_mdns(match era {
        Era::Y2019 => Mdns::None,
        Era::Y2022 => Mdns::Driver,
        Era::Now => Mdns::DriverAndStack,
    });
    station
}
