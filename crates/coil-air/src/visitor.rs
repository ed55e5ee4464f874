//! This machine as a station of a board's own access point, so that it reaches what is behind it. It joins as any station does, and
//! is seen among the others; it knows no tasks.

use crate::access_point::AccessPoint;
use crate::air::Air;
use crate::radio::Wanted;
use crate::segment::Waker;
use crate::services::tcp::{Connection, Mailbox, ServiceStream};
use crate::speech::Speech;
use crate::station::{Station, StationStatus};
use std::net::SocketAddrV4;
use std::sync::Arc;

/// Its hardware address begins so; the port follows, so that the visitors of several ports are several, and the end of the access
/// point's.
const PREFIX: u8 = 0x06;
const FIRST_EPHEMERAL: u16 = 49_152;

/// A station with connections to the board whose network it is in.
#[derive(Debug)]
pub(crate) struct Visitor {
    station: Station,
    mailbox: Arc<Mailbox>,
    connections: Vec<Connection>,
    connect_timeout_us: u64,
    next_port: u16,
    port: u16,
}

impl Visitor {
    /// One that begins to join this access point, for a port of the board; `waker` is called when it has something to do.
    pub(crate) fn new(
        air: &Air,
        (ap, port): (&AccessPoint, u16),
        now_us: u64,
        waker: Waker,
    ) -> Self {
        let [high, low] = port.to_be_bytes();
        let [.., x, y, z] = ap.bssid;
        let mut station = air.attach([PREFIX, high, low, x, y, z]);
        station.set_waker(Some(waker));
        station.set_hostname("workshop");
        station.set_speech(Speech { usual: true, long_range: true });
        station.join(
            Wanted {
                ssid: ap.ssid.clone(),
                password: ap.password.clone(),
                bssid: Some(ap.bssid),
                channel: Some(ap.channel),
            },
            now_us,
        );
        let mailbox = Arc::new(Mailbox::new(station.own_port()));
        let connect_timeout_us = air.config().timings.connect_timeout_us;
        let (connections, next_port) = (Vec::new(), FIRST_EPHEMERAL);
        Self { station, mailbox, connections, connect_timeout_us, next_port, port }
    }

    /// Goes as far as it can without waiting.
    pub(crate) fn poll(&mut self, now_us: u64) {
        self.station.poll(now_us);
        // What has happened is looked at, not to whom: they are few.
        self.mailbox.take_touched();
        let stack = &mut self.station.stack;
        loop {
            let moved =
                self.connections.iter_mut().filter_map(|it| it.pump(stack, now_us).then_some(()));
            if moved.count() == 0 {
                break;
            }
        }
        Connection::reap(&mut self.connections, stack);
        self.station.stir();
        self.station.poll(now_us);
    }

    /// Whether it is in the network, with an address.
    pub(crate) fn is_in(&self) -> bool {
        self.station.status() == StationStatus::GotIp
    }

    /// Whether it has connections.
    pub(crate) fn is_busy(&self) -> bool {
        !self.connections.is_empty()
    }

    /// Connects to the board.
    pub(crate) fn dial(&mut self) -> Option<ServiceStream> {
        let own = self.station.ifconfig().filter(|_| self.is_in())?;
        let board = SocketAddrV4::new(own.gateway, self.port);
        let local = SocketAddrV4::new(own.address, self.next_port);
        self.next_port = self.next_port.checked_add(1).unwrap_or(FIRST_EPHEMERAL);
        let mac = self.station.mac();
        let (stack, timeout_us) = (&mut self.station.stack, self.connect_timeout_us);
        let (connection, stream) =
            Connection::dial(stack, (local, board), mac, &self.mailbox, timeout_us)?;
        self.connections.push(connection);
        Some(stream)
    }

    /// When it must be polled again, besides when it is woken.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        let linger = self.connections.iter().filter_map(Connection::deadline);
        linger.chain(self.station.next_deadline()).min()
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.connections.iter().for_each(Connection::break_off);
    }
}
