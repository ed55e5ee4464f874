//! A board's own access point: its network, its address server, and the frames between it and the board's one stack.
//!
//! The stack knows one hardware address, that of the station interface. What leaves by the access point gets that one's instead,
//! and what comes in there is turned back.

use super::{Station, Way};
use crate::access_point::AccessPoint;
use crate::cell::Cell;
use crate::config::IpConfig;
use crate::frame::{self, Frame, Mac, Peek};
use crate::segment::{Port, Segment};
use crate::services::dhcp::DhcpServer;
use crate::speech::Speech;
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

/// How a board's access point is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftApSettings {
    /// What others see of it. Its signal is that of all boards, and its channel that of the board's link, if it has one.
    pub access_point: AccessPoint,
    /// What it speaks. If that is the long range, or that as well, its beacons are of it.
    pub speech: Speech,
    /// The most stations at one time.
    pub max_clients: usize,
    /// Its addresses.
    pub addresses: IpConfig,
}

/// A station of a board's access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Its hardware address.
    pub mac: Mac,
    /// The address that it was given, if it has asked for one.
    pub address: Option<Ipv4Addr>,
}

const DHCP_SERVER_PORT: u16 = 67;
const DHCP_CLIENT_PORT: u16 = 68;

/// The access point.
#[derive(Debug)]
pub(super) struct SoftAp {
    pub(super) cell: Arc<Cell>,
    pub(super) port: Arc<Port>,
    pub(super) settings: SoftApSettings,
    pub(super) waiting: VecDeque<Frame>,
    dhcp: DhcpServer,
    /// The channel that it is on.
    pub(super) channel: u8,
}

impl SoftAp {
    pub(super) fn address(&self) -> Ipv4Addr {
        self.settings.addresses.address
    }

    fn dhcp_of(addresses: IpConfig) -> DhcpServer {
        DhcpServer::of_board(addresses.address, addresses.prefix())
    }
}

impl Station {
    /// Starts the board's access point, or changes it: stations stay if it is still the same to them.
    pub fn start_access_point(&mut self, mut settings: SoftApSettings, now_us: u64) {
        self.now_us = self.now_us.max(now_us);
        settings.access_point.rssi = self.air.config.board_rssi;
        if let Some(soft_ap) = &mut self.soft_ap
            && soft_ap.settings.access_point == settings.access_point
            && soft_ap.settings.speech == settings.speech
        {
            soft_ap.cell.set_max_clients(settings.max_clients);
            let old = soft_ap.settings.addresses;
            if old != settings.addresses {
                let new = settings.addresses;
                soft_ap.cell.segment.set_ip(&soft_ap.port, Some(old.address), Some(new.address));
                soft_ap.dhcp = SoftAp::dhcp_of(new);
            }
            soft_ap.settings = settings;
        } else {
            self.stop_access_point(true);
            let ap = &settings.access_point;
            let bssid = ap.bssid;
            let (faults, taps) = (self.air.faults.clone(), self.air.taps.clone());
            let segment = Segment::new(ap.bssid, settings.addresses.address, faults, taps);
            let port = segment.gateway().clone();
            port.set_waker(self.port.waker());
            self.soft_ap = Some(SoftAp {
                cell: Arc::new(Cell::new(
                    Arc::new(segment),
                    settings.speech.long_range,
                    settings.max_clients,
                )),
                port,
                waiting: VecDeque::new(),
                dhcp: SoftAp::dhcp_of(settings.addresses),
                channel: ap.channel,
                settings,
            });
            self.air.owners.set_access_point(self.factory, Some(bssid));
            self.show_access_point();
            if self.mdns.has_started() {
                self.enable_mdns(Way::AccessPoint, self.now_us);
            }
        }
        self.apply_addresses();
        self.dirty = true;
        self.tune();
    }

    /// Switches the board's access point off. Its stations are told, unless the board just falls silent.
    pub fn stop_access_point(&mut self, says_goodbye: bool) {
        let Some(soft_ap) = self.soft_ap.take() else { return };
        self.air.owners.set_access_point(self.factory, None);
        self.disable_mdns(Way::AccessPoint);
        self.leave_groups(Way::AccessPoint);
        if says_goodbye {
            soft_ap.cell.say_goodbye();
        }
        self.air.ether.leave(soft_ap.port.mac, &self.seat);
        self.air.access_points.remove(&soft_ap.cell);
        soft_ap.port.close();
        self.air.segment.wake_all();
        self.apply_addresses();
        self.tune();
    }

    /// The stations of the board's access point.
    pub fn clients(&self) -> Vec<Client> {
        let Some(soft_ap) = &self.soft_ap else { return Vec::new() };
        let macs = soft_ap.cell.segment.station_macs();
        let client = |mac| Client { mac, address: soft_ap.dhcp.address_of(mac) };
        macs.into_iter().map(client).collect()
    }

    /// How many there are.
    pub fn client_count(&self) -> usize {
        self.soft_ap.as_ref().map_or(0, |soft_ap| soft_ap.cell.segment.stations())
    }

    /// The board sleeps, and its radio with it, or it is awake again. What is joined stays so if it wakes in time.
    pub fn set_asleep(&mut self, asleep: bool, now_us: u64) {
        self.now_us = self.now_us.max(now_us);
        if std::mem::replace(&mut self.asleep, asleep) == asleep {
            return;
        }
        if let Some(soft_ap) = &self.soft_ap {
            if asleep {
                self.air.access_points.remove(&soft_ap.cell);
                self.air.segment.wake_all();
            } else {
                self.show_access_point();
            }
        }
        self.tune();
    }

    /// Puts the access point on the air.
    fn show_access_point(&self) {
        let Some(soft_ap) = &self.soft_ap else { return };
        let ap = AccessPoint { channel: soft_ap.channel, ..soft_ap.settings.access_point.clone() };
        self.air.access_points.put(ap, Some(soft_ap.cell.clone()));
        self.air.ether.enter(soft_ap.port.mac, &self.seat, soft_ap.settings.speech);
        self.air.segment.wake_all();
    }

    /// Takes in what came by the access point.
    pub(super) fn run_access_point(&mut self, now_us: u64) {
        loop {
            let Some(soft_ap) = &mut self.soft_ap else { return };
            let due = soft_ap.waiting.pop_front_if(|frame| frame.deliver_at_us <= now_us);
            let Some(Frame { bytes, .. }) = due else { return };
            let (from, address) = (soft_ap.port.mac, soft_ap.address());
            match frame::peek(&bytes) {
                Peek::Udp { dst, .. } if dst.port() == DHCP_SERVER_PORT => {
                    self.answer_dhcp(&bytes, now_us);
                }
                // Each interface answers for its own address.
                Peek::ArpRequest { target, .. } if target != address => {}
                peek if self.is_apart(Way::AccessPoint, peek, &bytes, now_us) => {}
                _ => {
                    let bytes = frame::readdressed(&bytes, from, self.port.mac);
                    self.ingest(bytes, now_us);
                }
            }
        }
    }

    fn answer_dhcp(&mut self, bytes: &[u8], now_us: u64) {
        let Some(soft_ap) = &mut self.soft_ap else { return };
        let Some(question) = frame::datagram(bytes) else { return };
        let segment = soft_ap.cell.segment.clone();
        let in_use = |ip| segment.has_ip(ip);
        let answer = soft_ap.dhcp.answer(question.mac, question.payload, now_us, in_use);
        let Some(answer) = answer else { return };
        let src = SocketAddrV4::new(soft_ap.address(), DHCP_SERVER_PORT);
        let dst = SocketAddrV4::new(answer.to, DHCP_CLIENT_PORT);
        let mac = soft_ap.port.mac;
        if let Some(bytes) = frame::udp_frame(mac, question.mac, src, dst, &answer.payload) {
            segment.send(&soft_ap.port, bytes, now_us, &mut self.rng);
        }
    }

    /// Sends a frame of the stack by the access point, if it is one of its.
    pub(super) fn send_by_access_point(&mut self, bytes: &Arc<[u8]>, now_us: u64) -> bool {
        let Some(soft_ap) = &self.soft_ap else { return false };
        if frame::source_ip(bytes) != Some(soft_ap.address()) {
            return false;
        }
        let bytes = frame::from_other(bytes, soft_ap.port.mac);
        self.send_by(Way::AccessPoint, bytes, now_us);
        true
    }
}
