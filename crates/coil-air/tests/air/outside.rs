//! The way to the host's network, in real time: what is closed, and servers of the host that boards reach.

use crate::bridged::{Board, run_on};
use crate::lab::config;
use coil_air::{AirError, Outside, Resolution, SocketError};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, ToSocketAddrs, UdpSocket};
use std::time::Duration;

fn outside(internet: bool, listed: &[String]) -> Outside {
    Outside { internet, listed: listed.iter().map(|text| text.parse().unwrap()).collect() }
}

/// Runs a program on a board for which so much of the host's network is open.
fn with(outside: Outside, program: impl FnOnce(&mut Board) + Send + 'static) {
    let mut config = config();
    config.outside = outside;
    run_on(config, program, |io| panic!("a service was asked for: {io:?}"));
}

fn at_gateway(port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(config().gateway, port)
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// An address of this machine that is not its loopback one, where it has one.
fn own_address() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(9, 9, 9, 9), 9)).ok()?;
    match socket.local_addr().ok()? {
        SocketAddr::V4(at) => Some(*at.ip()),
        SocketAddr::V6(_) => None,
    }
}

/// How connecting ends.
fn outcome(board: &mut Board, to: SocketAddrV4) -> Result<(), SocketError> {
    let id = board.station.tcp_open().unwrap();
    let ended = match board.station.connect_socket(id, to) {
        Err(SocketError::InProgress) => board.until(|station| {
            let ready = station.readiness(id).unwrap();
            match (ready.error, ready.writable) {
                (true, _) => station.recv(id, &mut [0]).err().map(Err),
                (false, writable) => writable.then_some(Ok(())),
            }
        }),
        other => other,
    };
    board.station.close(id).unwrap();
    ended
}

#[test]
fn servers_of_this_machine_are_out_of_reach_unless_their_port_is_listed() {
    let (listener, port) = listener();
    let public = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let public_port = public.local_addr().unwrap().port();
    let other = if port == 9 { 10 } else { 9 };
    with(outside(true, &[format!("127.0.0.1:{other}")]), move |board| {
        assert_eq!(outcome(board, at_gateway(port)), Err(SocketError::Refused));
        if let Some(own) = own_address() {
            let way = SocketAddrV4::new(own, public_port);
            assert_eq!(outcome(board, way), Err(SocketError::HostUnreachable));
        }
    });
    for listener in [listener, public] {
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "a board came through");
    }
}

#[test]
fn bytes_go_both_ways_and_each_direction_ends_by_itself() {
    const SIZE: usize = 300_000;
    let (listener, port) = listener();
    let server = std::thread::spawn(move || {
        let (mut board, _) = listener.accept().unwrap();
        let mut all = Vec::new();
        board.read_to_end(&mut all).unwrap();
        assert!(all.iter().enumerate().all(|(i, byte)| *byte == i as u8));
        board.write_all(&all).unwrap();
        all.len()
    });
    with(outside(false, &[format!("127.0.0.1:{port}")]), move |board| {
        let id = board.open(at_gateway(port));
        let data: Vec<u8> = (0..SIZE).map(|i| i as u8).collect();
        let mut rest = &data[..];
        while !rest.is_empty() {
            let sent = board.until(|station| match station.send(id, rest) {
                Err(SocketError::WouldBlock) => None,
                other => Some(other.unwrap()),
            });
            rest = &rest[sent..];
        }
        board.station.shutdown(id).unwrap();
        let mut back = Vec::new();
        loop {
            let more = board.recv(id);
            if more.is_empty() {
                break;
            }
            back.extend(more);
        }
        assert_eq!(back, data);
    });
    assert_eq!(server.join().unwrap(), SIZE);
}

#[test]
fn what_the_host_s_network_says_of_a_connection_the_board_hears() {
    let (listener, refusing) = listener();
    drop(listener);
    let (cutting, port) = self::listener();
    let server = std::thread::spawn(move || {
        let (mut board, _) = cutting.accept().unwrap();
        board.read_exact(&mut [0; 4]).unwrap();
        // Closed with something unread it is reset.
        std::thread::sleep(Duration::from_millis(50));
    });
    let listed = [format!("127.0.0.1:{refusing}"), format!("127.0.0.1:{port}")];
    with(outside(false, &listed), move |board| {
        assert_eq!(outcome(board, at_gateway(refusing)), Err(SocketError::Refused));
        let id = board.open(at_gateway(port));
        board.station.send(id, b"four and more").unwrap();
        let mut buffer = [0; 16];
        let end = board.until(|station| match station.recv(id, &mut buffer) {
            Err(SocketError::WouldBlock) => None,
            end => Some(end),
        });
        assert_eq!(end, Err(SocketError::Reset));
    });
    server.join().unwrap();
}

#[test]
fn datagrams_come_back_only_from_whom_they_went_to() {
    let server = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = server.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let mut buffer = [0; 2000];
        for _ in 0..3 {
            let (length, from) = server.recv_from(&mut buffer).unwrap();
            stranger.send_to(b"from a stranger", from).unwrap();
            server.send_to(&vec![7; 1473], from).unwrap();
            server.send_to(&buffer[..length], from).unwrap();
        }
    });
    with(outside(false, &[format!("127.0.0.1:{port}")]), move |board| {
        let id = board.station.udp_open().unwrap();
        for text in [&b"one"[..], b"two", &[3; 1472]] {
            board.station.send_to(id, text, at_gateway(port)).unwrap();
            let mut buffer = [0; 2000];
            let (length, from) = board.until(|station| match station.recv_from(id, &mut buffer) {
                Err(SocketError::WouldBlock) => None,
                other => Some(other.unwrap()),
            });
            assert_eq!((&buffer[..length], from), (text, at_gateway(port)));
        }
    });
    serving.join().unwrap();
}

#[test]
fn names_that_lead_to_what_is_closed_are_not_told() {
    let resolve = |board: &mut Board, name: &str| {
        let query = board.station.start_resolve(name).unwrap();
        board.until(|station| match station.poll_resolve(query) {
            Resolution::Pending => None,
            done => Some(done),
        })
    };
    // The one name besides `localhost` that most machines know without asking anybody.
    let own = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap().trim().to_owned();
    let address =
        (own.as_str(), 0).to_socket_addrs().into_iter().flatten().find_map(|at| match at {
            SocketAddr::V4(at) => Some(*at.ip()),
            SocketAddr::V6(_) => None,
        });
    let found = |ip| Resolution::Found(vec![ip]);
    let names = [own.clone(), "host.workshop".into(), "no.such.name.invalid".into()];
    with(outside(true, &[]), move |board| {
        for name in names {
            assert!(!matches!(resolve(board, &name), Resolution::Found(_)), "{name}");
        }
    });
    let Some(address) = address else { return };
    let listed = format!("{address}:80");
    // This machine itself they know by the address that is its on the air.
    let told = if address.is_loopback() { config().gateway } else { address };
    let name = own.clone();
    with(outside(true, std::slice::from_ref(&listed)), move |board| {
        assert_eq!(resolve(board, &name), found(told));
    });
    with(outside(false, &[listed, "127.0.0.1:80".into()]), move |board| {
        assert!(
            !matches!(resolve(board, &own), Resolution::Found(_)),
            "no names without the internet"
        );
        assert_eq!(resolve(board, "Host.Workshop"), found(config().gateway));
    });
}

#[test]
fn what_is_listed_within_the_boards_own_network_is_refused() {
    let mut config = config();
    config.outside = outside(false, &["192.168.1.20:80".into()]);
    let refused = coil_air::Air::new(config).unwrap_err();
    assert!(matches!(refused, AirError::ListedWithin { .. }), "{refused}");
}
