//! TCP and RFC 2217: several clients, slow ones, and those that go.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_link::{Hub, PtyPort, Rfc2217Port, TcpPort};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use support::{Board, Say, until};

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// One that the board has heard.
fn present(board: &Board, address: SocketAddr) -> TcpStream {
    let mut stream = connect(address);
    let before = board.input_len();
    stream.write_all(b"!").unwrap();
    until("the client is there", || board.input_len() > before);
    stream
}

fn read(stream: &mut TcpStream, n: usize) -> Vec<u8> {
    let mut got = vec![0; n];
    stream.read_exact(&mut got).unwrap();
    got
}

#[test]
fn clients_share_a_board_up_to_a_bound() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = TcpPort::open(&hub, &line).unwrap();
    let mut clients: Vec<_> = (0..8).map(|_| present(&board, port.address())).collect();
    port.writer().say(b"to all");
    for client in &mut clients {
        assert_eq!(read(client, 6), b"to all");
    }
    let mut text = String::new();
    connect(port.address()).read_to_string(&mut text).unwrap();
    assert_eq!(text, "coil: 8 clients are connected already; close one\r\n");
    clients.pop();
    until("one has gone", || board.hung_up() == 1);
    let mut next = present(&board, port.address());
    port.writer().say(b"x");
    assert_eq!(read(&mut next, 1), b"x");
}

#[test]
fn a_client_that_does_not_read_is_let_go_in_the_end_and_stalls_nobody() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = TcpPort::open(&hub, &line).unwrap();
    let mut slow = present(&board, port.address());
    let mut quick = present(&board, port.address());
    let total = 40 << 20;
    let reader = std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 20];
        let mut got = 0;
        while got < total {
            got += quick.read(&mut buffer).unwrap();
        }
    });
    let writer = port.writer();
    let mut longest = Duration::ZERO;
    for n in 0..total / 4096 {
        let start = Instant::now();
        writer.say(&[b'x'; 4096]);
        longest = longest.max(start.elapsed());
        if n % 64 == 0 {
            // As fast as the quick one can read.
            std::thread::sleep(Duration::from_micros(500));
        }
    }
    reader.join().unwrap();
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    let mut got = 0;
    let mut buffer = vec![0; 1 << 20];
    let end = loop {
        match slow.read(&mut buffer) {
            Ok(0) => break "an end",
            Ok(n) => got += n,
            Err(e) if e.kind() == ErrorKind::ConnectionReset => break "an end",
            Err(e) => panic!("{e}"),
        }
    };
    assert_eq!(end, "an end");
    assert!(got < total, "{got}");
}

#[test]
fn a_slow_client_of_a_serial_port_loses_the_oldest_and_keeps_the_port() {
    let hub = Hub::start().unwrap();
    let (_board, line) = Board::reading();
    let port = Rfc2217Port::open(&hub, &line).unwrap();
    let mut slow = agreed(&port);
    let (writer, total) = (port.writer(), 40 << 20);
    for _ in 0..total / 4096 {
        writer.say(&[b'x'; 4096]);
    }
    writer.say(b"the end");
    let (mut got, mut last, mut buffer) = (0, Vec::new(), vec![0; 1 << 20]);
    while !last.ends_with(b"the end") {
        let n = slow.read(&mut buffer).unwrap();
        assert!(n > 0, "it was let go");
        got += n;
        last.extend_from_slice(&buffer[n.saturating_sub(7)..n]);
        last.drain(..last.len().saturating_sub(7));
    }
    assert!(got < total, "{got}");
}

#[test]
fn what_waits_for_a_slow_client_within_the_bound_is_not_lost() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = TcpPort::open(&hub, &line).unwrap();
    let mut client = present(&board, port.address());
    let sent: Vec<u8> = (0..8_000_000u32).map(|i| (i % 251) as u8).collect();
    for part in sent.chunks(777) {
        port.writer().say(part);
    }
    assert!(read(&mut client, sent.len()) == sent);
}

#[test]
fn a_client_that_sends_more_than_the_board_reads_waits_and_loses_nothing() {
    let hub = Hub::start().unwrap();
    for has_lines in [false, true] {
        let (board, line) = Board::busy();
        let (tcp, rfc2217) =
            (TcpPort::open(&hub, &line).unwrap(), Rfc2217Port::open(&hub, &line).unwrap());
        let mut client = connect(if has_lines { rfc2217.address() } else { tcp.address() });
        let sent: Vec<u8> = (0..3_000_000u32).map(|i| (i % 251) as u8).collect();
        let copy = sent.clone();
        let sender = std::thread::spawn(move || {
            client.write_all(&copy).unwrap();
            client
        });
        let mut most = 0;
        while board.input_len() < sent.len() {
            let seen = board.seen.lock().unwrap();
            let waiting = seen.input.len() - seen.taken;
            drop(seen);
            most = most.max(waiting);
            board.take(30_000);
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(sender.join().unwrap());
        assert!(board.input() == sent, "{has_lines}");
        assert!(most < (64 << 10) + 2 * 4096, "no more than the mark and a buffer: {most}");
    }
}

#[test]
fn the_interrupt_reaches_a_board_that_does_not_read() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::busy();
    let port = TcpPort::open(&hub, &line).unwrap();
    let mut client = connect(port.address());
    let start = Instant::now();
    client.write_all(&vec![b'x'; 20 << 20]).unwrap();
    client.write_all(b"\x03").unwrap();
    until("the key", || board.input().last() == Some(&3));
    assert!(start.elapsed() >= Duration::from_secs(1), "it was slowed before");
}

#[test]
fn the_board_hears_when_the_one_who_spoke_last_has_gone() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = TcpPort::open(&hub, &line).unwrap();
    let pty = PtyPort::open(&hub, None, &line).unwrap();
    let listener = present(&board, port.address());
    let mut tool = std::fs::File::options().read(true).write(true).open(pty.pts()).unwrap();
    tool.write_all(b"flash").unwrap();
    until("its words", || board.input() == b"!flash");
    drop(listener);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(board.hung_up(), 0, "one who listened is no loss");
    drop(tool);
    until("the end", || board.hung_up() == 1);
}

fn request(command: u8, value: &[u8]) -> Vec<u8> {
    [&[255, 250, 44, command], value, &[255, 240]].concat()
}

/// A client of RFC 2217 after the greeting.
fn agreed(port: &Rfc2217Port) -> TcpStream {
    let mut client = connect(port.address());
    assert_eq!(read(&mut client, 12), [255, 251, 1, 255, 251, 3, 255, 251, 44, 255, 253, 0]);
    client.write_all(&[255, 251, 44, 255, 253, 44]).unwrap();
    let mut answers = read(&mut client, 10);
    answers.sort_unstable();
    let mut wanted = [255, 253, 44, 255, 250, 44, 107, 0xb0, 255, 240];
    wanted.sort_unstable();
    assert_eq!(answers, wanted);
    client
}

#[test]
fn lines_reach_the_board_and_fall_when_the_client_dies() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = Rfc2217Port::open(&hub, &line).unwrap();
    let mut client = agreed(&port);
    for value in [8, 11, 9] {
        client.write_all(&request(5, &[value])).unwrap();
        assert_eq!(read(&mut client, 7), request(105, &[value]));
    }
    assert_eq!(board.lines(), [(true, false), (true, true), (false, true)]);
    client.write_all(b"x").unwrap();
    drop(client);
    until("the end", || board.hung_up() == 1);
    assert_eq!(board.lines().last(), Some(&(false, false)));
}

#[test]
fn the_client_sees_every_byte_once_and_what_it_purges_not_at_all() {
    let hub = Hub::start().unwrap();
    let (_board, line) = Board::reading();
    let port = Rfc2217Port::open(&hub, &line).unwrap();
    let mut client = agreed(&port);
    port.writer().say(&[1, 255, 255, 2]);
    assert_eq!(read(&mut client, 6), [1, 255, 255, 255, 255, 2]);
    // Held back, thrown away, and on again.
    client.write_all(&request(8, &[])).unwrap();
    client.write_all(&request(12, &[2])).unwrap();
    assert_eq!(read(&mut client, 7), request(112, &[2]));
    port.writer().say(b"old");
    client.write_all(&request(12, &[1])).unwrap();
    assert_eq!(read(&mut client, 7), request(112, &[1]));
    port.writer().say(b"new");
    client.write_all(&request(9, &[])).unwrap();
    assert_eq!(read(&mut client, 3), b"new");
}

#[test]
fn a_client_that_asks_and_never_reads_is_not_answered_without_end() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = Rfc2217Port::open(&hub, &line).unwrap();
    let mut rude = agreed(&port);
    rude.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    let questions: Vec<u8> = (0..10_000).flat_map(|_| request(0, &[])).collect();
    let mut sent = 0;
    let stopped = loop {
        match rude.write(&questions) {
            Ok(n) => sent += n,
            Err(e) => break e.kind(),
        }
        assert!(sent < 1 << 30);
    };
    assert!(matches!(stopped, ErrorKind::WouldBlock | ErrorKind::TimedOut));
    let mut other = agreed(&port);
    other.write_all(b"still here").unwrap();
    until("another client", || board.input() == b"still here");
}
