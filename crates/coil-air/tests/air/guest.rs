//! A guest: a host's own IP stack on the air, behind a station that keeps link and address.

use crate::boards::start;
use crate::lab::{Lab, PASSWORD, SSID, config};
use coil_air::{
    AccessPoint, Dhcp, Faults, Guest, GuestSeat, IpConfig, JoinError, LinkNews, Resolution,
    SocketError, Summary,
};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpCidr, Ipv4Cidr};
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::{Arc, Mutex};

/// How often the guest is looked at.
const STEP_US: u64 = 1000;

fn seat() -> GuestSeat {
    GuestSeat::all().next().unwrap()
}

/// Runs until the guest has news.
fn news(lab: &mut Lab, guest: &mut Guest, within_us: u64) -> Result<LinkNews, JoinError> {
    let end_us = lab.now_us + within_us;
    while lab.now_us < end_us {
        if let Some(news) = guest.poll(lab.now_us)? {
            return Ok(news);
        }
        lab.run(STEP_US);
    }
    panic!("nothing happens")
}

fn join(lab: &mut Lab, ssid: &str, password: &str) -> Result<(Guest, IpConfig), JoinError> {
    let mut guest = Guest::new(&lab.air, seat(), ssid, password, lab.now_us);
    match news(lab, &mut guest, 60_000_000)? {
        LinkNews::Joined(addresses) => Ok((guest, addresses)),
        LinkNews::Lost => panic!("it was never in"),
    }
}

/// The frames of a stack on their way.
#[derive(Default)]
struct Wire {
    arrived: VecDeque<Arc<[u8]>>,
    sent: Vec<Vec<u8>>,
}

struct Arrived(Arc<[u8]>);
struct Leaving<'a>(&'a mut Vec<Vec<u8>>);

impl RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for Leaving<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, f: F) -> R {
        self.0.push(vec![0; length]);
        f(self.0.last_mut().unwrap())
    }
}

impl Device for Wire {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Leaving<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Leaving<'_>)> {
        Some((Arrived(self.arrived.pop_front()?), Leaving(&mut self.sent)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Leaving<'_>> {
        Some(Leaving(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut all = DeviceCapabilities::default();
        all.medium = Medium::Ethernet;
        all.max_transmission_unit = 1514;
        all
    }
}

/// A host with a connection, whose frames pass by a guest.
struct Host {
    guest: Guest,
    wire: Wire,
    iface: Interface,
    sockets: SocketSet<'static>,
    tcp: SocketHandle,
    lost: u32,
}

impl Host {
    fn new((guest, addresses): (Guest, IpConfig)) -> Self {
        let mut wire = Wire::default();
        let mac = HardwareAddress::Ethernet(EthernetAddress(guest.seat().mac()));
        let mut iface = Interface::new(Config::new(mac), &mut wire, Instant::ZERO);
        let address = Ipv4Cidr::new(addresses.address, addresses.prefix());
        iface.update_ip_addrs(|all| all.push(IpCidr::Ipv4(address)).unwrap());
        let buffer = || tcp::SocketBuffer::new(vec![0; 4096]);
        let mut sockets = SocketSet::new(Vec::new());
        let tcp = sockets.add(tcp::Socket::new(buffer(), buffer()));
        Self { guest, wire, iface, sockets, tcp, lost: 0 }
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.tcp)
    }

    fn turn(&mut self, now_us: u64) {
        let news = self.guest.poll(now_us).unwrap();
        self.lost += u32::from(news == Some(LinkNews::Lost));
        self.wire.arrived.extend(std::iter::from_fn(|| self.guest.next_frame()));
        let now = Instant::from_micros(i64::try_from(now_us).unwrap());
        self.iface.poll(now, &mut self.wire, &mut self.sockets);
        self.wire.sent.drain(..).for_each(|frame| self.guest.send(&frame, now_us));
    }

    fn until<T>(
        &mut self,
        lab: &mut Lab,
        mut done: impl FnMut(&mut Self, &mut Lab) -> Option<T>,
    ) -> T {
        let end_us = lab.now_us + 90_000_000;
        while lab.now_us < end_us {
            self.turn(lab.now_us);
            if let Some(result) = done(self, lab) {
                return result;
            }
            lab.run(STEP_US);
        }
        panic!("nothing happens")
    }

    /// Says something to a board's server, connecting first, and hears it back.
    fn is_echoed(&mut self, lab: &mut Lab, to: SocketAddrV4, words: &[u8]) {
        let server = lab.boards[0].tcp_open().unwrap();
        lab.boards[0].bind(server, to).unwrap();
        lab.boards[0].listen(server, 1).unwrap();
        let context = self.iface.context();
        self.sockets.get_mut::<tcp::Socket<'_>>(self.tcp).connect(context, to, 40_000).unwrap();
        let (served, peer) = self.until(lab, |_, lab| lab.boards[0].accept(server).ok());
        assert_eq!(Some(IpCidr::from(peer_of(peer))), self.iface.ip_addrs().first().map(whole));
        self.echoes(lab, served, words);
        self.echoes(lab, served, words);
    }

    fn echoes(&mut self, lab: &mut Lab, served: coil_air::SocketId, words: &[u8]) {
        self.socket().send_slice(words).unwrap();
        let mut heard = [0; 100];
        let length = self.until(lab, |_, lab| match lab.boards[0].recv(served, &mut heard) {
            Err(SocketError::WouldBlock) => None,
            done => Some(done.unwrap()),
        });
        assert_eq!(&heard[..length], words);
        lab.boards[0].send(served, words).unwrap();
        let length = self.until(lab, |host, _| match host.socket().recv_slice(&mut heard) {
            Ok(0) => None,
            done => Some(done.unwrap()),
        });
        assert_eq!(&heard[..length], words);
    }
}

fn peer_of(peer: SocketAddrV4) -> Ipv4Cidr {
    Ipv4Cidr::new(*peer.ip(), 32)
}

fn whole(cidr: &IpCidr) -> IpCidr {
    IpCidr::new(cidr.address(), 32)
}

#[test]
fn guest_is_a_station_whose_stack_is_elsewhere() {
    let mut lab = Lab::online(1);
    let board = lab.air.address_of(lab.boards[0].mac()).unwrap();
    let (guest, addresses) = join(&mut lab, SSID, PASSWORD).unwrap();
    assert_eq!(lab.air.address_of(seat().mac()), Some(addresses.address));
    assert_eq!(lab.air.station_count(), 2);
    assert_eq!((addresses.prefix(), addresses.dns), (24, addresses.gateway));
    let mut host = Host::new((guest, addresses));
    host.is_echoed(&mut lab, SocketAddrV4::new(board, 80), b"over the air");
    // What the stack sends and what the station does are from one place, which a board can ask for.
    lab.boards[0].ping(addresses.address, 7).unwrap();
    let pong = host.until(&mut lab, |_, lab| lab.boards[0].pong());
    assert_eq!(pong, (addresses.address, 7));
    drop(host);
    assert_eq!((lab.air.station_count(), lab.air.address_of(seat().mac())), (1, None));
}

#[test]
fn connection_behind_a_board_outlives_a_link_that_is_lost() {
    let mut lab = Lab::new(1);
    start(&mut lab.boards[0], "den", 4);
    let joined = join(&mut lab, "den", "").unwrap();
    let address = joined.1.address;
    assert_eq!(address, Ipv4Addr::new(192, 168, 4, 2));
    let client = lab.boards[0].clients()[0];
    assert_eq!((client.mac, client.address), (seat().mac(), Some(address)));
    let mut host = Host::new(joined);
    let to = SocketAddrV4::new(Ipv4Addr::new(192, 168, 4, 1), 80);
    host.is_echoed(&mut lab, to, b"in the den");
    // The board's radio is silent until its stations have noticed.
    let now_us = lab.now_us;
    lab.boards[0].set_asleep(true, now_us);
    host.until(&mut lab, |host, _| (host.lost == 1).then_some(()));
    // What it wants to say meanwhile goes again later.
    host.socket().send_slice(b"still there").unwrap();
    let now_us = lab.now_us;
    lab.boards[0].set_asleep(false, now_us);
    let state = host.until(&mut lab, |host, _| {
        let socket = host.socket();
        (socket.send_queue() == 0 || !socket.is_active()).then(|| socket.state())
    });
    assert_eq!((state, host.lost), (tcp::State::Established, 1));
}

#[test]
fn who_is_not_let_in_is_told_why() {
    let mut lab = Lab::new(1);
    start(&mut lab.boards[0], "den", 0);
    let hidden = AccessPoint { hidden: true, bssid: [2, 0, 0, 0, 0, 7], ..AccessPoint::open("h") };
    lab.air.put_access_point(hidden);
    let mut refused = |ssid: &str, password: &str| {
        let why = join(&mut lab, ssid, password).map(|(_, addresses)| addresses);
        why.expect_err("it is not let in").to_string()
    };
    assert_eq!(refused(SSID, "not the password"), "the password of `workshop` is another one");
    assert_eq!(refused(SSID, ""), "`workshop` has a password, and none was given");
    let none = "there is no network `x` in reach; there are: den, workshop";
    assert_eq!(refused("x", PASSWORD), none);
    assert!(refused("h", PASSWORD).starts_with("`h` is open or secured with less than WPA2"));
    assert_eq!(refused("den", ""), "`den` has as many stations as it takes");
    lab.air.set_faults(Faults { dhcp: Dhcp::Silent, ..Faults::default() });
    let Err(why) = join(&mut lab, SSID, PASSWORD) else { panic!("it has an address") };
    assert_eq!(why.to_string(), "`workshop` gave no address within 30 seconds");
    assert_eq!(lab.air.station_count(), 1, "those who were refused are gone");
}

#[test]
fn frames_that_are_none_or_another_s_go_nowhere_and_the_rest_does_no_harm() {
    let mut lab = Lab::online(1);
    let board = lab.air.address_of(lab.boards[0].mac()).unwrap();
    let mut host = Host::new(join(&mut lab, SSID, PASSWORD).unwrap());
    let seen = Arc::new(Mutex::new(0));
    let count = seen.clone();
    lab.air.add_tap(Arc::new(move |_, _: &[u8]| *count.lock().unwrap() += 1));
    let own = seat().mac();
    let frame = |source: [u8; 6], length: usize| {
        let head = [&[0xff; 6][..], &source, &[8, 0]].concat();
        let rest = length.saturating_sub(head.len());
        let mut frame = [head, vec![0x45; rest]].concat();
        frame.truncate(length);
        frame
    };
    let now_us = lab.now_us;
    for bad in [
        frame(lab.boards[0].mac(), 60),
        frame([0; 6], 60),
        frame(own, 0),
        frame(own, 13),
        frame(own, 1515),
        frame(own, 65_535),
    ] {
        host.guest.send(&bad, now_us);
    }
    assert_eq!(*seen.lock().unwrap(), 0);
    // Anything, from the right place, to the board, to all and to the gateway.
    let mut number = 1u32;
    let mut chance = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (number >> 16) as u8
    };
    let gateway = [0x02, 0xc0, 0x11, 0xff, 0xff, 0x01];
    for n in 0..3000usize {
        let to = [lab.boards[0].mac(), [0xff; 6], gateway][n % 3];
        let kind = [[8, 0], [8, 6], [0x86, 0xdd]][n / 3 % 3];
        let mut bytes = [&to[..], &own, &kind].concat();
        bytes.extend((0..14 + n % 600).map(|_| chance()));
        if n % 2 == 0 {
            // Something like a header.
            bytes[14] = 0x45;
        }
        host.guest.send(&bytes, lab.now_us);
        lab.run(STEP_US);
    }
    assert_eq!(*seen.lock().unwrap() / 1000, 3);
    host.is_echoed(&mut lab, SocketAddrV4::new(board, 80), b"as before");
}

#[test]
fn address_is_kept_while_nobody_takes_frames_and_those_are_bounded() {
    let mut config = config();
    config.lease_seconds = 60;
    let mut lab = Lab::with(config, 1);
    lab.join_all();
    let (mut guest, addresses) = join(&mut lab, SSID, PASSWORD).unwrap();
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    lab.air.add_tap(Arc::new(move |_, frame: &[u8]| {
        let summary = Summary::of(frame).unwrap();
        *count.lock().unwrap() +=
            u32::from(summary.protocol == "dhcp" && summary.sender == seat().mac());
    }));
    for n in 0..1000u16 {
        // A board that pings without end, in a network where everybody hears who asks.
        let _ = lab.boards[0].ping(addresses.address, n);
        let broadcast = [&[0xff; 6][..], &lab.boards[0].mac(), &[0x12, 0x34], &[7; 46]].concat();
        let now_us = lab.now_us;
        lab.boards[0].send_frame(&broadcast, now_us);
        assert_eq!(guest.poll(lab.now_us), Ok(None));
        lab.run(600_000);
    }
    let asked = *asked.lock().unwrap();
    assert!((10..40).contains(&asked), "ten minutes with leases of one: {asked}");
    let waiting: Vec<_> = std::iter::from_fn(|| guest.next_frame()).collect();
    assert_eq!(waiting.len(), 256);
    assert!(guest.dropped_frames() > 700, "{}", guest.dropped_frames());
    let dhcp = waiting.iter().filter(|f| Summary::of(f).unwrap().protocol == "dhcp").count();
    assert_eq!(dhcp, 0, "those are the station's");
}

#[test]
fn stations_are_found_by_their_names_while_they_have_addresses() {
    let mut lab = Lab::online(2);
    lab.air.call_station(lab.boards[1].mac(), "Board1");
    let there = lab.air.address_of(lab.boards[1].mac()).unwrap();
    for name in ["board1.workshop", "BOARD1.Workshop."] {
        assert_eq!(lab.address_of(0, name), there);
    }
    for name in ["guest0.workshop", "board0.workshop", "x.board1.workshop", "board1", "workshop"] {
        assert_eq!(lab.resolve(0, name), Resolution::Failed, "{name}");
    }
    let (guest, addresses) = join(&mut lab, SSID, PASSWORD).unwrap();
    assert_eq!(lab.address_of(0, "guest0.workshop"), addresses.address);
    drop(guest);
    assert_eq!(lab.resolve(0, "guest0.workshop"), Resolution::Failed);
    lab.air.call_station(lab.boards[1].mac(), "other");
    assert_eq!(lab.address_of(0, "other.workshop"), there);
    assert_eq!(lab.resolve(0, "board1.workshop"), Resolution::Failed);
}

#[test]
fn seats_are_told_by_name_and_address() {
    let all: Vec<_> = GuestSeat::all().map(|seat| (seat.name(), seat.mac())).collect();
    assert_eq!(all[0], ("guest0".into(), [0x02, 0xc0, 0x11, 0xfd, 0, 1]));
    assert_eq!(all[7], ("guest7".into(), [0x02, 0xc0, 0x11, 0xfd, 0, 8]));
    assert!(GuestSeat::all().all(|seat| GuestSeat::of_mac(seat.mac()) == Some(seat)));
    for other in [[0x02, 0xc0, 0x11, 0xfd, 0, 0], [0x02, 0xc0, 0x11, 0xfd, 0, 9], [0; 6]] {
        assert_eq!(GuestSeat::of_mac(other), None);
    }
}
