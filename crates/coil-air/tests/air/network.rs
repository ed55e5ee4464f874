//! Boards join the network, find each other and the gateway's services.

use crate::lab::{Lab, PASSWORD, SSID};
use coil_air::{
    AccessPoint, Dhcp, EventKind, Faults, IpConfig, Reason, Reconnect, Resolution, SocketError,
    SocketOption, StationStatus,
};
use std::net::{Ipv4Addr, SocketAddrV4};

const ANY: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

#[test]
fn board_joins_with_the_chips_timings_and_log() {
    let mut lab = Lab::new(1);
    assert_eq!(lab.boards[0].status(), StationStatus::Idle);
    lab.boards[0].connect(SSID, PASSWORD, 0);
    assert_eq!(lab.boards[0].status(), StationStatus::Connecting);
    assert_eq!(lab.boards[0].ifconfig(), None);
    lab.until(10_000_000, |lab| (lab.boards[0].status() == StationStatus::GotIp).then_some(()))
        .unwrap();
    let events: Vec<_> = lab.boards[0].drain_events().collect();
    let names: Vec<_> = events
        .iter()
        .map(|event| match &event.kind {
            EventKind::Link { from, to, code } => {
                format!("{} -> {} ({code:x})", from.name(), to.name())
            }
            EventKind::Connected { channel, .. } => format!("connected {channel}"),
            EventKind::GotIp(config) => format!("ip {}", config.address),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        names,
        [
            "init -> auth (b0)",
            "auth -> assoc (0)",
            "assoc -> run (10)",
            "connected 6",
            "ip 192.168.1.100"
        ]
    );
    let (auth, run, ip) = (events[0].at_us, events[2].at_us, events[4].at_us);
    assert!((1_300_000..=1_700_000).contains(&auth), "{auth}");
    assert!((20_000..=120_000).contains(&(run - auth)), "{run}");
    assert!((760_000..=931_000).contains(&(ip - run)), "{ip}");
    let gateway = Ipv4Addr::new(192, 168, 1, 1);
    let expected = IpConfig {
        address: Ipv4Addr::new(192, 168, 1, 100),
        netmask: Ipv4Addr::new(255, 255, 255, 0),
        gateway,
        dns: gateway,
    };
    assert_eq!(lab.boards[0].ifconfig(), Some(expected));
}

#[test]
fn two_boards_ping_each_other_and_the_gateway() {
    let mut lab = Lab::online(2);
    let other = lab.boards[1].ifconfig().unwrap().address;
    for (sequence, target) in
        [(1, other), (2, Ipv4Addr::new(192, 168, 1, 1)), (3, Ipv4Addr::LOCALHOST)]
    {
        lab.run(1_100_000);
        lab.boards[0].ping(target, sequence).unwrap();
        assert_eq!(lab.until(3_000_000, |lab| lab.boards[0].pong()), Some((target, sequence)));
    }
}

#[test]
fn datagrams_reach_the_board_they_are_for() {
    let mut lab = Lab::online(2);
    let server = lab.boards[1].udp_open().unwrap();
    lab.boards[1].bind(server, SocketAddrV4::new(ANY, 5000)).unwrap();
    let to = SocketAddrV4::new(lab.boards[1].ifconfig().unwrap().address, 5000);
    let client = lab.boards[0].udp_open().unwrap();
    assert_eq!(lab.boards[0].send_to(client, b"hello", to), Ok(5));
    let mut buffer = [0; 100];
    let (length, from) =
        lab.until(3_000_000, |lab| lab.boards[1].recv_from(server, &mut buffer).ok()).unwrap();
    assert_eq!(&buffer[..length], b"hello");
    lab.boards[1].send_to(server, b"back", from).unwrap();
    let (length, from) =
        lab.until(3_000_000, |lab| lab.boards[0].recv_from(client, &mut buffer).ok()).unwrap();
    assert_eq!((&buffer[..length], from), (&b"back"[..], to));
    assert_eq!(lab.boards[0].send_to(client, &[0; 1473], to), Err(SocketError::MessageTooLong));
}

#[test]
fn broadcast_reaches_every_board() {
    let mut lab = Lab::online(3);
    let mut sockets = Vec::new();
    for board in &mut lab.boards {
        let id = board.udp_open().unwrap();
        board.bind(id, SocketAddrV4::new(ANY, 7000)).unwrap();
        sockets.push(id);
    }
    lab.boards[0]
        .send_to(sockets[0], b"all", SocketAddrV4::new(Ipv4Addr::BROADCAST, 7000))
        .unwrap();
    for (board, id) in sockets.into_iter().enumerate().skip(1) {
        let mut buffer = [0; 8];
        assert!(
            lab.until(1_000_000, |lab| lab.boards[board].recv_from(id, &mut buffer).ok()).is_some()
        );
    }
}

#[test]
fn connection_between_boards_carries_bytes_and_ends_cleanly() {
    let mut lab = Lab::online(2);
    let at = SocketAddrV4::new(lab.boards[1].ifconfig().unwrap().address, 8080);
    let listener = lab.boards[1].tcp_open().unwrap();
    lab.boards[1].bind(listener, SocketAddrV4::new(ANY, 8080)).unwrap();
    lab.boards[1].listen(listener, 1).unwrap();
    assert_eq!(lab.boards[1].accept(listener).unwrap_err(), SocketError::WouldBlock);
    let client = lab.connect(0, at).unwrap();
    let (server, peer) = lab.until(1_000_000, |lab| lab.boards[1].accept(listener).ok()).unwrap();
    assert_eq!(*peer.ip(), lab.boards[0].ifconfig().unwrap().address);
    lab.boards[0].send(client, b"ping").unwrap();
    assert_eq!(lab.recv(1, server).unwrap(), b"ping");
    lab.boards[1].send(server, b"pong").unwrap();
    lab.boards[1].close(server).unwrap();
    assert_eq!(lab.recv(0, client).unwrap(), b"pong");
    assert_eq!(lab.recv(0, client).unwrap(), b"");
    assert_eq!(lab.recv(0, client).unwrap(), b"");
    lab.boards[0].close(client).unwrap();
    lab.run(15_000_000);
    assert_eq!((lab.boards[0].open_sockets(), lab.boards[1].open_sockets()), (0, 1));
}

#[test]
fn a_closed_connection_whose_peer_is_gone_is_given_up_and_the_air_rests() {
    let mut lab = Lab::online(2);
    let at = SocketAddrV4::new(lab.boards[1].ifconfig().unwrap().address, 8080);
    let listener = lab.boards[1].tcp_open().unwrap();
    lab.boards[1].bind(listener, SocketAddrV4::new(ANY, 8080)).unwrap();
    lab.boards[1].listen(listener, 1).unwrap();
    let client = lab.connect(0, at).unwrap();
    let (server, _) = lab.until(1_000_000, |lab| lab.boards[1].accept(listener).ok()).unwrap();
    lab.boards[1].close(server).unwrap();
    assert_eq!(lab.recv(0, client).unwrap(), b"");
    lab.run(1_000_000);
    // Its end is still open when it loses its power.
    lab.boards.remove(0);
    lab.run(60_000_000);
    assert!(lab.boards[0].next_deadline().is_none_or(|at| at > lab.now_us));
}

#[test]
fn board_talks_to_itself() {
    for (online, host) in [(false, Ipv4Addr::LOCALHOST), (true, Ipv4Addr::new(192, 168, 1, 100))] {
        let mut lab = if online { Lab::online(1) } else { Lab::new(1) };
        let listener = lab.boards[0].tcp_open().unwrap();
        lab.boards[0].bind(listener, SocketAddrV4::new(ANY, 80)).unwrap();
        lab.boards[0].listen(listener, 2).unwrap();
        let client = lab.connect(0, SocketAddrV4::new(host, 80)).unwrap();
        let (server, _) = lab.until(1_000_000, |lab| lab.boards[0].accept(listener).ok()).unwrap();
        lab.boards[0].send(client, b"me").unwrap();
        assert_eq!(lab.recv(0, server).unwrap(), b"me", "{host}");
    }
}

#[test]
fn failures_to_connect_have_the_chips_numbers() {
    let mut lab = Lab::online(2);
    let own = lab.boards[1].ifconfig().unwrap().address;
    let refused = lab.connect(0, SocketAddrV4::new(own, 9)).unwrap_err();
    assert_eq!((refused, refused.errno()), (SocketError::Refused, 104));
    let before_us = lab.now_us;
    let absent = lab.connect(0, SocketAddrV4::new(Ipv4Addr::new(192, 168, 1, 77), 80)).unwrap_err();
    assert_eq!((absent, absent.errno()), (SocketError::Aborted, 113));
    assert!((17_000_000..25_000_000).contains(&(lab.now_us - before_us)));
    let outside = lab.connect(0, SocketAddrV4::new(Ipv4Addr::new(8, 8, 8, 8), 53)).unwrap_err();
    assert_eq!((outside, outside.errno()), (SocketError::HostUnreachable, 118));
    let now_us = lab.now_us;
    lab.boards[0].disconnect(now_us);
    assert_eq!(
        lab.connect(0, SocketAddrV4::new(own, 9)).unwrap_err(),
        SocketError::HostUnreachable
    );
}

#[test]
fn eleventh_socket_is_refused_until_one_closes() {
    let mut lab = Lab::online(1);
    let board = &mut lab.boards[0];
    let ids: Vec<_> = (0..10)
        .map(|n| if n % 2 == 0 { board.tcp_open() } else { board.udp_open() }.unwrap())
        .collect();
    for _ in 0..2 {
        assert_eq!(board.tcp_open().unwrap_err().errno(), 23);
        assert_eq!(board.udp_open().unwrap_err(), SocketError::TooManySockets);
    }
    board.close(ids[3]).unwrap();
    assert!(board.tcp_open().is_ok());
    assert_eq!(board.close(ids[3]), Err(SocketError::BadSocket));
}

#[test]
fn port_in_use_is_refused_and_a_closing_one_only_without_reuse() {
    let mut lab = Lab::online(2);
    let at = SocketAddrV4::new(lab.boards[1].ifconfig().unwrap().address, 80);
    let listener = lab.boards[1].tcp_open().unwrap();
    lab.boards[1].bind(listener, SocketAddrV4::new(ANY, 80)).unwrap();
    lab.boards[1].listen(listener, 1).unwrap();
    let second = lab.boards[1].tcp_open().unwrap();
    assert_eq!(
        lab.boards[1].bind(second, SocketAddrV4::new(ANY, 80)),
        Err(SocketError::AddressInUse)
    );
    // The server closes first, so its side waits.
    let client = lab.connect(0, at).unwrap();
    let (server, _) = lab.until(1_000_000, |lab| lab.boards[1].accept(listener).ok()).unwrap();
    lab.boards[1].close(server).unwrap();
    lab.boards[1].close(listener).unwrap();
    assert_eq!(lab.recv(0, client).unwrap(), b"");
    lab.boards[0].close(client).unwrap();
    lab.run(100_000);
    assert_eq!(
        lab.boards[1].bind(second, SocketAddrV4::new(ANY, 80)),
        Err(SocketError::AddressInUse)
    );
    lab.boards[1].set_option(second, SocketOption::ReuseAddress(true)).unwrap();
    assert_eq!(lab.boards[1].bind(second, SocketAddrV4::new(ANY, 80)), Ok(()));
}

#[test]
fn wrong_password_and_missing_network_show_in_status_and_events() {
    let cases = [
        (SSID, "not the password", StationStatus::WrongPassword, Reason::AuthFail),
        ("elsewhere", PASSWORD, StationStatus::NoApFound, Reason::NoApFound),
    ];
    for (ssid, password, status, reason) in cases {
        let mut lab = Lab::new(1);
        lab.boards[0].connect(ssid, password, 0);
        lab.until(10_000_000, |lab| (lab.boards[0].status() == status).then_some(())).unwrap();
        assert!(lab.boards[0].is_connecting(), "it tries again");
        lab.run(10_000_000);
        let failures = lab.boards[0]
            .drain_events()
            .filter(|event| event.kind == EventKind::Disconnected { reason });
        assert!(failures.count() >= 2);
        let now_us = lab.now_us;
        lab.boards[0].disconnect(now_us);
        assert_eq!(lab.boards[0].status(), StationStatus::Idle);
        lab.join_all();
    }
}

#[test]
fn password_for_an_open_network_finds_none_secured_as_asked() {
    let mut config = crate::lab::config();
    config.access_points.push(AccessPoint {
        bssid: [2; 6],
        rssi: -80,
        ..AccessPoint::open("cafe")
    });
    let mut lab = Lab::with(config, 2);
    assert_eq!(lab.air.scan().iter().map(|ap| ap.security.authmode()).collect::<Vec<_>>(), [3, 0]);
    lab.boards[0].connect("cafe", "long enough", 0);
    lab.boards[1].connect("cafe", "", 0);
    lab.run(6_000_000);
    assert_eq!(lab.boards[0].status(), StationStatus::NoApInAuthmode);
    assert_eq!(lab.boards[1].status(), StationStatus::GotIp);
}

#[test]
fn attempts_end_where_the_firmware_says() {
    let mut lab = Lab::new(1);
    lab.boards[0].set_reconnect(Reconnect { attempts: Some(2), after_wrong_password: true });
    lab.boards[0].connect("elsewhere", "", 0);
    lab.run(30_000_000);
    assert!(!lab.boards[0].is_connecting());
    assert_eq!(lab.boards[0].drain_events().count(), 3);
    let now_us = lab.now_us;
    lab.boards[0].set_reconnect(Reconnect { attempts: None, after_wrong_password: false });
    lab.boards[0].connect(SSID, "wrong", now_us);
    lab.run(30_000_000);
    assert_eq!(
        (lab.boards[0].is_connecting(), lab.boards[0].status()),
        (false, StationStatus::WrongPassword)
    );
}

#[test]
fn vanished_access_point_is_noticed_late_and_joined_again() {
    let mut lab = Lab::online(1);
    lab.boards[0].drain_events().for_each(drop);
    assert!(lab.air.set_access_point_present(SSID, false));
    lab.run(5_000_000);
    assert_eq!(lab.boards[0].status(), StationStatus::GotIp);
    lab.run(5_000_000);
    assert_ne!(lab.boards[0].status(), StationStatus::GotIp);
    let events: Vec<_> = lab.boards[0].drain_events().map(|event| event.kind).collect();
    assert_eq!(events[0], EventKind::BeaconsMissed);
    assert!(
        events.contains(&EventKind::Disconnected { reason: Reason::BeaconTimeout }),
        "{events:?}"
    );
    assert!(lab.air.scan().is_empty());
    lab.air.set_access_point_present(SSID, true);
    lab.until(10_000_000, |lab| (lab.boards[0].status() == StationStatus::GotIp).then_some(()))
        .unwrap();
}

#[test]
fn names_of_the_lab_resolve_and_others_do_not() {
    let mut lab = Lab::online(1);
    let m2x = lab.address_of(0, "api-m2x.att.com");
    assert_eq!(lab.air.config().names.at(m2x).unwrap().name.as_ref(), "api-m2x.att.com");
    assert_eq!(lab.address_of(0, "10.1.2.3"), Ipv4Addr::new(10, 1, 2, 3));
    assert_eq!(lab.address_of(0, "localhost"), Ipv4Addr::LOCALHOST);
    let before_us = lab.now_us;
    assert_eq!(lab.resolve(0, "example.com"), Resolution::Failed);
    assert!(lab.now_us - before_us < 10_000, "it is told at once");
    lab.air.set_faults(Faults { dns_dead: true, ..Faults::default() });
    assert_eq!(lab.resolve(0, "api-m2x.att.com"), Resolution::Failed);
    assert!(lab.now_us - before_us > 5_000_000, "it waits for an answer");
}

#[test]
fn time_server_answers_from_the_labs_clock() {
    let mut lab = Lab::online(1);
    lab.air.set_unix_us_at_zero(1_700_000_000_000_000);
    let server = SocketAddrV4::new(lab.address_of(0, "pool.ntp.org"), 123);
    let id = lab.boards[0].udp_open().unwrap();
    let mut request = [0; 48];
    request[0] = 0x1b;
    let mut buffer = [0; 64];
    let before_us = lab.now_us;
    lab.boards[0].send_to(id, &request, server).unwrap();
    let (length, from) =
        lab.until(1_000_000, |lab| lab.boards[0].recv_from(id, &mut buffer).ok()).unwrap();
    assert_eq!((length, from), (48, server));
    assert!(lab.now_us - before_us < 5_000);
    let seconds = u32::from_be_bytes(buffer[40..44].try_into().unwrap());
    assert_eq!(u64::from(seconds) - 2_208_988_800, 1_700_000_000 + lab.now_us / 1_000_000);
    lab.air.set_faults(Faults { ntp_dead: true, ..Faults::default() });
    lab.boards[0].send_to(id, &request, server).unwrap();
    assert!(lab.until(3_000_000, |lab| lab.boards[0].recv_from(id, &mut buffer).ok()).is_none());
}

#[test]
fn silent_address_server_leaves_the_board_connecting() {
    let mut lab = Lab::new(1);
    lab.air.set_faults(Faults { dhcp: Dhcp::Silent, ..Faults::default() });
    lab.boards[0].connect(SSID, PASSWORD, 0);
    lab.run(20_000_000);
    assert!(lab.boards[0].is_associated());
    assert_eq!(lab.boards[0].status(), StationStatus::Connecting);
    lab.air.set_faults(Faults::default());
    lab.until(10_000_000, |lab| (lab.boards[0].status() == StationStatus::GotIp).then_some(()))
        .unwrap();
}

#[test]
fn fixed_address_needs_no_server() {
    let mut lab = Lab::new(2);
    lab.air.set_faults(Faults { dhcp: Dhcp::Silent, ..Faults::default() });
    let gateway = Ipv4Addr::new(192, 168, 1, 1);
    for (board, host) in [(0, 10), (1, 11)] {
        let address = Ipv4Addr::new(192, 168, 1, host);
        let config =
            IpConfig { address, netmask: Ipv4Addr::new(255, 255, 255, 0), gateway, dns: gateway };
        lab.boards[board].set_static(Some(config), 0);
    }
    lab.join_all();
    lab.boards[0].ping(Ipv4Addr::new(192, 168, 1, 11), 5).unwrap();
    assert!(lab.until(1_000_000, |lab| lab.boards[0].pong()).is_some());
}

#[test]
fn same_seed_gives_the_same_run() {
    let run = || {
        let mut lab = Lab::new(3);
        lab.air.set_faults(Faults { loss_ppm: 100_000, latency_us: 3_000, ..Faults::default() });
        lab.join_all();
        let events: Vec<_> = lab
            .boards
            .iter_mut()
            .flat_map(|board| board.drain_events().collect::<Vec<_>>())
            .collect();
        (lab.now_us, events)
    };
    assert_eq!(run(), run());
}

#[test]
fn board_that_is_reset_loses_its_connections_and_keeps_its_address() {
    let mut lab = Lab::online(2);
    let address = lab.boards[0].ifconfig().unwrap().address;
    let mac = lab.boards[0].mac();
    lab.attach(mac);
    lab.boards.swap_remove(0);
    assert_eq!(lab.boards[0].status(), StationStatus::Idle);
    let now_us = lab.now_us;
    lab.boards[0].connect(SSID, PASSWORD, now_us);
    lab.until(10_000_000, |lab| (lab.boards[0].status() == StationStatus::GotIp).then_some(()))
        .unwrap();
    assert_eq!(lab.boards[0].ifconfig().unwrap().address, address);
    assert_eq!(lab.air.station_count(), 2);
}
