//! The clients of a board's ports, counted together.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use coil_link::{Guests, PtyPort, TcpPort};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Within this everything is told.
const PATIENCE: Duration = Duration::from_secs(20);
/// Within this nothing is.
const MOMENT: Duration = Duration::from_millis(50);

/// What comes in, and nothing when the last client has gone.
type Told = Receiver<Option<Vec<u8>>>;

fn ports() -> (PtyPort, TcpPort, Told) {
    let (tell, told) = channel();
    let (gone, typed, sent) = (tell.clone(), tell.clone(), tell);
    let guests = Guests::new(move || drop(gone.send(None)));
    let pty =
        PtyPort::open(None, guests.clone(), move |b| drop(typed.send(Some(b.to_vec())))).unwrap();
    let tcp = TcpPort::open(guests, move |b| drop(sent.send(Some(b.to_vec())))).unwrap();
    (pty, tcp, told)
}

fn open(pty: &PtyPort) -> File {
    OpenOptions::new().read(true).write(true).open(pty.pts()).unwrap()
}

/// How many bytes come before the line is hung up.
fn bytes_until_hung_up(told: &Told) -> usize {
    let mut bytes = 0;
    while let Some(more) = told.recv_timeout(PATIENCE).unwrap() {
        bytes += more.len();
    }
    bytes
}

#[test]
fn that_the_line_was_hung_up_is_told_after_all_that_was_sent() {
    let (pty, tcp, told) = ports();
    for n in [0, 1, 5000, 16_000] {
        for _ in 0..10 {
            open(&pty).write_all(&vec![b'x'; n]).unwrap();
            assert_eq!(bytes_until_hung_up(&told), n, "pty");
        }
        TcpStream::connect(tcp.address()).unwrap().write_all(&vec![b'x'; n]).unwrap();
        assert_eq!(bytes_until_hung_up(&told), n, "tcp");
    }
}

#[test]
fn the_line_is_hung_up_when_the_last_client_of_all_ports_has_gone() {
    let (pty, tcp, told) = ports();
    let mut stream = TcpStream::connect(tcp.address()).unwrap();
    stream.write_all(b"t").unwrap();
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), Some(b"t".to_vec()));
    let (mut one, other) = (open(&pty), open(&pty));
    one.write_all(b"p").unwrap();
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), Some(b"p".to_vec()));
    drop((one, other));
    assert!(told.recv_timeout(MOMENT).is_err());
    drop(stream);
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), None);
}
