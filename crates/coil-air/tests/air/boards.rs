//! Boards among themselves: access points of their own, and messages without a network.

use crate::lab::Lab;
use coil_air::{
    AccessPoint, Faults, IpConfig, Mac, Reason, SoftApSettings, Speech, Station, StationStatus,
    Summary,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::{Arc, Mutex};

pub(crate) fn start(board: &mut Station, ssid: &str, max_clients: usize) {
    let address = Ipv4Addr::new(192, 168, 4, 1);
    let mut bssid = board.mac();
    bssid[4] = 1;
    let settings = SoftApSettings {
        access_point: AccessPoint { bssid, ..AccessPoint::open(ssid) },
        speech: Speech::default(),
        max_clients,
        addresses: IpConfig {
            address,
            netmask: Ipv4Addr::new(255, 255, 255, 0),
            gateway: address,
            dns: Ipv4Addr::UNSPECIFIED,
        },
    };
    board.start_access_point(settings, 0);
}

#[test]
fn of_two_that_join_at_once_one_gets_the_last_place() {
    let mut lab = Lab::new(5);
    start(&mut lab.boards[0], "den", 3);
    for board in &mut lab.boards[1..] {
        board.connect("den", "", 0);
    }
    lab.run(6_000_000);
    let joined = lab.boards[1..].iter().filter(|b| b.status() == StationStatus::GotIp).count();
    assert_eq!((joined, lab.boards[0].client_count()), (3, 3));
    let full = lab.boards[1..].iter().find(|b| b.status() != StationStatus::GotIp).unwrap();
    assert_eq!(full.ends().1, Some(Reason::AssocTooMany));
    // The first addresses after its own.
    let mut given: Vec<_> =
        lab.boards[0].clients().iter().map(|c| c.address.unwrap().octets()[3]).collect();
    given.sort_unstable();
    assert_eq!(given, [2, 3, 4]);
}

#[test]
fn board_that_joins_another_s_network_is_not_found_in_the_lab_s() {
    let mut lab = Lab::online(2);
    let mac = lab.boards[1].mac();
    assert!(lab.air.address_of(mac).is_some());
    start(&mut lab.boards[0], "den", 4);
    let now_us = lab.now_us;
    lab.boards[1].connect("den", "", now_us);
    lab.run(5_000_000);
    assert_eq!(lab.boards[1].ifconfig().unwrap().address, Ipv4Addr::new(192, 168, 4, 2));
    assert_eq!(lab.air.address_of(mac), None);
    assert_eq!(lab.air.station_count(), 2);
    // The access point is gone with its board, and the station comes back.
    lab.boards.remove(0);
    lab.run(12_000_000);
    assert_eq!(lab.boards[0].ends().1, Some(Reason::NoApFound));
    lab.join_all();
    assert!(lab.air.address_of(mac).is_some());
}

fn listening(lab: &mut Lab) -> (Mac, Mac) {
    for board in &mut lab.boards {
        board.set_interface(true);
        board.listen_now(true);
    }
    (lab.boards[0].mac(), lab.boards[1].mac())
}

#[test]
fn messages_that_find_no_room_are_counted_and_acknowledged() {
    let mut lab = Lab::new(2);
    let way = listening(&mut lab);
    for n in 0..70u8 {
        assert!(lab.boards[0].send_now(way, &[n], None, 1000, u64::from(n)).acknowledged);
    }
    let heard: Vec<u8> =
        std::iter::from_fn(|| lab.boards[1].next_now(1_000_000)).map(|m| m.data[0]).collect();
    assert_eq!(heard, (0..64).collect::<Vec<u8>>());
    assert_eq!(lab.boards[1].dropped_frames(), 6);
}

#[test]
fn what_the_air_loses_is_sent_again_until_it_is_lost_for_good() {
    let mut lab = Lab::new(2);
    let way = listening(&mut lab);
    let plain = lab.boards[0].send_now(way, b"hello", None, 1000, 0);
    assert!(plain.acknowledged && (400..800).contains(&plain.at_us), "{plain:?}");
    lab.air.set_faults(Faults { loss_ppm: 500_000, ..Faults::default() });
    let sent: Vec<_> =
        (0..400).map(|_| lab.boards[0].send_now(way, b"hello", None, 1000, 0)).collect();
    let heard = std::iter::from_fn(|| lab.boards[1].next_now(1_000_000)).count();
    // One in 256 is lost eight times.
    let lost = sent.iter().filter(|s| !s.acknowledged).count();
    assert!((0..10).contains(&lost), "{lost}");
    assert!(heard >= 64, "{heard}");
    let slow = sent.iter().filter(|s| s.at_us > plain.at_us).count();
    assert!((150..250).contains(&slow), "{slow}");
    lab.air.set_faults(Faults { loss_ppm: 1_000_000, ..Faults::default() });
    let lost = lab.boards[0].send_now(way, b"hello", None, 1000, 0);
    assert_eq!((lost.acknowledged, lost.at_us), (false, 8 * plain.at_us));
}

#[test]
fn connection_through_a_board_s_access_point_takes_no_time() {
    let mut lab = Lab::new(2);
    start(&mut lab.boards[0], "den", 4);
    lab.boards[1].connect("den", "", 0);
    let joined = |lab: &mut Lab| (lab.boards[1].status() == StationStatus::GotIp).then_some(());
    lab.until(10_000_000, joined).unwrap();
    let at = SocketAddrV4::new(Ipv4Addr::new(192, 168, 4, 1), 80);
    let server = lab.boards[0].tcp_open().unwrap();
    lab.boards[0].bind(server, at).unwrap();
    lab.boards[0].listen(server, 1).unwrap();
    let began_us = lab.now_us;
    let frames = Arc::new(Mutex::new(Vec::new()));
    let seen = frames.clone();
    lab.air.add_tap(Arc::new(move |at_us, frame: &[u8]| {
        seen.lock().unwrap().push((at_us, Summary::of(frame).unwrap().text));
    }));
    let client = lab.connect(1, at).unwrap();
    let (served, _) = lab.until(10_000_000, |lab| lab.boards[0].accept(server).ok()).unwrap();
    lab.boards[0].send(served, b"hello").unwrap();
    assert_eq!(lab.recv(1, client).unwrap(), b"hello");
    lab.boards[1].send(client, b"and back").unwrap();
    assert_eq!(lab.recv(0, served).unwrap(), b"and back");
    assert!(lab.now_us - began_us < 10_000, "{:#?}", frames.lock().unwrap());
}

#[test]
fn who_watches_the_air_sees_messages_and_reads_those_that_are_not_encrypted() {
    let mut lab = Lab::new(2);
    let way = listening(&mut lab);
    let frames = Arc::new(Mutex::new(Vec::new()));
    let seen = frames.clone();
    lab.air.add_tap(Arc::new(move |at_us, frame: &[u8]| {
        seen.lock().unwrap().push((at_us, frame.to_vec()));
    }));
    lab.boards[0].send_now(way, b"in the open", None, 1000, 7);
    lab.boards[0].send_now(way, b"in secret", Some(([1; 16], [2; 16])), 1000, 8);
    let frames = frames.lock().unwrap();
    let told = |(at_us, frame): &(u64, Vec<u8>)| {
        let text = Summary::of(frame).unwrap().text;
        (*at_us, text, frame.ends_with(b"in the open") || frame.ends_with(b"in secret"))
    };
    let way = "ESP-NOW 30-ae-a4-00-00-00 > 30-ae-a4-00-00-01";
    assert_eq!(
        frames.iter().map(told).collect::<Vec<_>>(),
        [
            (7, format!("{way} v1 11 bytes"), true),
            (8, format!("{way} v1 9 bytes, encrypted"), false)
        ]
    );
    // Those who hear them get all of it.
    assert_eq!(lab.boards[1].next_now(1_000_000).unwrap().data, b"in the open");
    assert_eq!(lab.boards[1].next_now(1_000_000).unwrap().data, b"in secret");
}

#[test]
fn a_board_with_another_hardware_address_is_found_by_its_factory_s() {
    let mut lab = Lab::online(2);
    let factory = lab.boards[0].mac();
    let first = lab.air.address_of(factory);
    assert!(first.is_some());
    let (mac, now_us) = ([2, 0, 0, 0, 0, 7], lab.now_us);
    lab.boards[0].set_mac(mac, now_us);
    assert_eq!((lab.boards[0].mac(), lab.boards[0].factory_mac()), (mac, factory));
    assert_eq!(lab.air.address_of(factory), None, "the link has ended");
    lab.run(6_000_000);
    let second = lab.air.address_of(factory);
    assert!(second.is_some() && second != first, "{second:?}");
    assert_eq!(lab.boards[0].ifconfig().map(|it| it.address), second);
    assert_eq!(lab.air.owners().factory_of(mac), factory);
    // What no station can have changes nothing.
    let now_us = lab.now_us;
    for bad in [[3, 0, 0, 0, 0, 7], [0; 6], mac] {
        lab.boards[0].set_mac(bad, now_us);
        assert_eq!((lab.boards[0].mac(), lab.boards[0].status()), (mac, StationStatus::GotIp));
    }
    // One that takes another's address has it alone.
    lab.boards[1].set_mac(mac, now_us);
    lab.run(6_000_000);
    assert_eq!(lab.air.station_count(), 1);
    lab.boards.remove(1);
    assert_eq!(lab.air.owners().factory_of(mac), factory);
}
