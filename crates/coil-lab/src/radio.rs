//! A board's radio: the firmware's [`Radio`] over a station on the air.
//!
//! The air counts time from the start of the lab, a board from its power on: here they meet.

use crate::clock::Clock;
use coil_air::StationLimits;
use coil_air::{
    IpConfig, Reconnect, Resolution, ResolveId, SocketError, SocketId, SocketOption, Station,
};
use coil_board::Profile;
use coil_board::outside::{
    AccessPoint, Addresses, Errno, Link, Radio, Ready, SocketOption as Option_,
};
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
}

fn errno<T>(result: Result<T, SocketError>) -> Result<T, Errno> {
    result.map_err(SocketError::errno)
}

const EBADF: Errno = 9;

impl StationRadio {
    /// Takes a station over. `wake` is called, from any thread, when something arrives for it.
    pub(crate) fn new(
        mut station: Station,
        clock: Arc<Clock>,
        power_on_us: u64,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
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
        self.set_addresses(None);
        self.set_reconnects(None);
    }

    fn close_all(&mut self) {
        for id in std::mem::take(&mut self.sockets).into_iter().flatten() {
            // A socket of this table is open.
            let _ = self.station.close(id);
        }
        self.queries.clear();
        self.due_us = self.station.next_deadline();
    }

    fn connect(&mut self, ssid: &str, password: &str) {
        self.station.connect(ssid, password, self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn disconnect(&mut self) {
        self.station.disconnect(self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn set_reconnects(&mut self, times: Option<u32>) {
        self.station.set_reconnect(Reconnect { attempts: times, ..Reconnect::default() });
    }

    fn link(&self) -> Link {
        Link {
            status: self.station.status().code(),
            connected: self.station.ifconfig().is_some(),
            associated: self.station.is_associated(),
            trying: self.station.is_connecting(),
        }
    }

    fn rssi(&mut self) -> Option<i8> {
        self.station.rssi()
    }

    fn channel(&self) -> Option<u8> {
        self.station.access_point().map(|ap| ap.channel)
    }

    fn scan(&mut self) -> (Vec<AccessPoint>, u64) {
        let takes_us = self.station.scan_duration_us();
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
        let config = fixed.map(|a| IpConfig {
            address: a.address,
            netmask: a.netmask,
            gateway: a.gateway,
            dns: a.dns,
        });
        self.station.set_static(config, self.clock.now_us());
        self.due_us = self.station.next_deadline();
    }

    fn set_hostname(&mut self, name: &str) {
        self.station.set_hostname(name);
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

/// A station with as much room as a firmware's IP stack has.
pub(crate) fn limited(mut station: Station, profile: &Profile) -> Station {
    station.set_limits(StationLimits {
        max_sockets: profile.net.max_sockets as usize,
        max_tcp: profile.net.max_tcp as usize,
        ..StationLimits::default()
    });
    station
}
