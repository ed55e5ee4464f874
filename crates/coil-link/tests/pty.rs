//! What tools rely on at a board's pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_link::modem::{Change, Levels};
use coil_link::{Hub, PtyPort, TcpPort};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, tcgetattr, tcsetattr};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use support::{Board, Say, until};

fn open(path: &Path) -> OwnedFd {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).unwrap()
}

/// What there is to read by now, or within the time.
fn read(port: &OwnedFd, ms: i64) -> Vec<u8> {
    let wait = Timespec { tv_sec: 0, tv_nsec: ms * 1_000_000 };
    let mut fds = [PollFd::new(port, PollFlags::IN)];
    if poll(&mut fds, Some(&wait)).unwrap() == 0 {
        return Vec::new();
    }
    let mut buffer = vec![0; 65536];
    let n = rustix::io::read(port, &mut buffer[..]).unwrap_or(0);
    buffer.truncate(n);
    buffer
}

fn read_until(port: &OwnedFd, wanted: &[u8]) -> Vec<u8> {
    let mut got = Vec::new();
    until("the board's bytes", || {
        got.extend(read(port, 1));
        got.ends_with(wanted)
    });
    got
}

/// A client that the board knows of.
fn connect(board: &Board, path: &Path) -> OwnedFd {
    let port = open(path);
    let before = board.input_len();
    rustix::io::write(&port, b"!").unwrap();
    until("the client is there", || board.input_len() > before);
    port
}

#[test]
fn bytes_go_both_ways_as_they_are() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let all: Vec<u8> = (0..=255).collect();
    let client = open(port.pts());
    rustix::io::write(&client, &all).unwrap();
    until("all bytes", || board.input() == all);
    port.writer().say(&all);
    assert_eq!(read_until(&client, &[254, 255]), all);
}

#[test]
fn lines_are_set_from_beside_it_and_fall_when_the_last_client_has_gone() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let modem = port.modem();
    let levels = |dtr, rts| Some(Levels { dtr, rts });
    let set = |dtr, rts| modem.set(Change { dtr, rts });
    assert_eq!(set(None, None), levels(false, false));
    let client = open(port.pts());
    assert_eq!(set(None, None), levels(true, true), "it has just been opened");
    assert_eq!(board.lines(), [], "who asks sets nothing");
    assert_eq!(set(Some(false), None), levels(false, true));
    assert_eq!(set(None, Some(false)), levels(false, false));
    assert_eq!(set(Some(true), Some(true)), levels(true, true));
    let second = open(port.pts());
    drop(client);
    assert_eq!(set(None, None), levels(true, true), "somebody is there still");
    drop(second);
    until("the lines fall", || board.lines().len() == 4);
    assert_eq!(board.lines(), [(false, true), (false, false), (true, true), (false, false)]);
    drop(port);
    assert_eq!(set(None, None), None, "the port has gone");
    drop(hub);
    assert_eq!(set(Some(true), None), None);
}

#[test]
fn it_is_raw_from_the_start_and_stays_so_when_clients_go() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let is_raw = |fd: &OwnedFd| {
        let t = tcgetattr(fd).unwrap();
        !t.local_modes.intersects(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
            && !t.input_modes.intersects(InputModes::ICRNL | InputModes::IXON)
            && !t.output_modes.contains(OutputModes::OPOST)
    };
    drop(connect(&board, port.pts()));
    until("the end", || board.hung_up() == 1);
    let client = open(port.pts());
    assert!(is_raw(&client));
    // One that wants a terminal's manners, as `stty echo` and a plain `cat` do.
    let mut cooked = tcgetattr(&client).unwrap();
    cooked.local_modes |= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
    cooked.input_modes |= InputModes::ICRNL;
    cooked.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
    tcsetattr(&client, OptionalActions::Now, &cooked).unwrap();
    drop(client);
    let client = connect_raw(&port, &is_raw);
    rustix::io::write(&client, b"!").unwrap();
    until("the client is there", || board.input_len() == 2);
    let before = board.input_len();
    port.writer().say(b"boo\n");
    assert_eq!(read_until(&client, b"\n"), b"boo\n");
    rustix::io::write(&client, b"\r\x03").unwrap();
    until("the next client's keys", || board.input_len() == before + 2);
    assert_eq!(board.input()[before..], *b"\r\x03", "and no echo of what it sent");
}

/// The next client, once the port is as it was.
fn connect_raw(port: &PtyPort, is_raw: &dyn Fn(&OwnedFd) -> bool) -> OwnedFd {
    let mut client = None;
    until("it is raw again", || {
        let fd = open(port.pts());
        let raw = is_raw(&fd);
        client = Some(fd);
        raw
    });
    client.unwrap()
}

#[test]
fn what_is_sent_before_a_client_comes_is_dropped_and_never_blocks() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let writer = port.writer();
    for _ in 0..1000 {
        writer.say(&[b'x'; 1000]);
    }
    let client = connect(&board, port.pts());
    assert_eq!(read(&client, 20), b"");
    writer.say(b"now");
    assert_eq!(read_until(&client, b"now"), b"now");
}

#[test]
fn what_a_client_left_unread_is_not_the_next_one_s() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let client = connect(&board, port.pts());
    port.writer().say(&[b'x'; 100_000]);
    until("it has come", || !read(&client, 1).is_empty());
    drop(client);
    until("the end", || board.hung_up() == 1);
    let client = connect(&board, port.pts());
    assert_eq!(read(&client, 20), b"");
}

#[test]
fn the_port_outlives_its_clients() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    for n in 1..=50 {
        let client = open(port.pts());
        rustix::io::write(&client, b"x").unwrap();
        drop(client);
        until("the last words and the end", || board.input_len() == n && board.hung_up() == n);
    }
    let client = connect(&board, port.pts());
    let other = connect(&board, port.pts());
    drop(other);
    port.writer().say(b"still here");
    assert_eq!(read_until(&client, b"here"), b"still here", "one of two has gone");
    assert_eq!(board.hung_up(), 50);
}

#[test]
fn the_end_is_told_after_all_that_was_sent() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let mut total = 0;
    for (n, size) in [1, 4096, 5000, 16_000].into_iter().cycle().take(40).enumerate() {
        let mut client = std::fs::File::options().write(true).open(port.pts()).unwrap();
        client.write_all(&vec![b'x'; size]).unwrap();
        drop(client);
        total += size;
        until("the end", || board.hung_up() > n);
        assert_eq!(board.input_len(), total);
    }
}

#[test]
fn a_client_that_was_killed_leaves_nothing_exclusive() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let client = connect(&board, port.pts());
    rustix::termios::ioctl_tiocexcl(&client).unwrap();
    // Dropping is what the kernel does to a process that is killed.
    drop(client);
    until("the end", || board.hung_up() == 1);
    // Root does not heed the mark, so somebody else opens it.
    let name = port.pts().to_str().unwrap().to_owned();
    let mut opening = Command::new("sh");
    opening.args(["-c", &format!("exec 3<>{name}")]);
    if rustix::process::geteuid().is_root() {
        std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o666)).unwrap();
        opening.uid(65_534);
    }
    let out = opening.output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn its_name_is_stable_and_goes_with_it() {
    let hub = Hub::start().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (link, file) = (dir.path().join("tty"), dir.path().join("file"));
    let (_, line) = Board::reading();
    let port = PtyPort::open(&hub, Some(&link), &line).unwrap();
    assert_eq!(std::fs::read_link(&link).unwrap(), port.pts());
    // One that was left by a process that was killed is replaced; a file is not.
    let again = PtyPort::open(&hub, Some(&link), &line).unwrap();
    assert_eq!(std::fs::read_link(&link).unwrap(), again.pts());
    drop(port);
    assert_eq!(std::fs::read_link(&link).unwrap(), again.pts(), "it is another's now");
    drop(again);
    assert!(!link.exists() && std::fs::symlink_metadata(&link).is_err());
    std::fs::write(&file, "mine").unwrap();
    let error = PtyPort::open(&hub, Some(&file), &line).unwrap_err();
    assert!(error.to_string().contains("is there already and is no symlink"), "{error}");
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_client_that_does_not_read_stalls_nobody_and_loses_nothing_within_the_bound() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let (port, tcp) =
        (PtyPort::open(&hub, None, &line).unwrap(), TcpPort::open(&hub, &line).unwrap());
    let client = connect(&board, port.pts());
    let mut other = TcpStream::connect(tcp.address()).unwrap();
    other.write_all(b"hello").unwrap();
    until("both are there", || board.input_len() == 6);
    let (pty, socket) = (port.writer(), tcp.writer());
    let sent: Vec<u8> = (0..4_000_000u32).map(|i| (i % 251) as u8).collect();
    let start = Instant::now();
    for part in sent.chunks(1000) {
        pty.say(part);
        socket.say(part);
    }
    let mut got = vec![0; sent.len()];
    other.read_exact(&mut got).unwrap();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(got == sent);
    let mut late = Vec::new();
    while late.len() < sent.len() {
        late.extend(read(&client, 900));
    }
    assert!(late == sent, "what was more than the kernel holds has waited");
}

#[test]
fn a_client_that_sends_more_than_the_board_reads_waits_and_loses_nothing() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::busy();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let client = open(port.pts());
    let sent: Vec<u8> = (0..400_000u32).map(|i| (i % 251) as u8).collect();
    let (mut at, mut most) = (0, 0);
    let start = Instant::now();
    while board.input_len() < sent.len() {
        at += rustix::io::write(&client, &sent[at..(at + 4096).min(sent.len())]).unwrap_or(0);
        let waiting = {
            let seen = board.seen.lock().unwrap();
            seen.input.len() - seen.taken
        };
        most = most.max(waiting);
        // It reads some all the time, so it is not given up.
        board.take(200);
        std::thread::sleep(Duration::from_micros(100));
        assert!(start.elapsed() < Duration::from_secs(60));
    }
    assert!(board.input() == sent);
    assert!(most < (64 << 10) + 2 * 4096, "no more than the mark and a buffer: {most}");
}

#[test]
fn the_interrupt_reaches_a_board_that_does_not_read() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::busy();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let client = open(port.pts());
    let start = Instant::now();
    let mut sent = 0;
    while sent < 300_000 {
        assert!(start.elapsed() < Duration::from_secs(10), "{sent}");
        match rustix::io::write(&client, &[b'x'; 4096]) {
            Ok(n) => sent += n,
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
    until("the key", || rustix::io::write(&client, b"\x03").is_ok() || board.input().contains(&3));
    until("the key at the board", || board.input().contains(&3));
    assert!(start.elapsed() >= Duration::from_secs(1), "it was slowed before");
}

#[test]
fn the_speed_of_who_sends_frames_is_told_and_that_of_others_is_not() {
    let hub = Hub::start().unwrap();
    let (board, line) = Board::reading();
    let port = PtyPort::open(&hub, None, &line).unwrap();
    let tcp = TcpPort::open(&hub, &line).unwrap();
    let client = open(port.pts());
    let mut other = TcpStream::connect(tcp.address()).unwrap();
    let set = |baud| {
        let mut settings = tcgetattr(&client).unwrap();
        settings.set_speed(baud).unwrap();
        tcsetattr(&client, OptionalActions::Now, &settings).unwrap();
    };
    let mut sent = 0;
    let mut says = |bytes: &[u8], by_tcp: bool| {
        sent += bytes.len();
        if by_tcp {
            other.write_all(bytes).unwrap();
        } else {
            rustix::io::write(&client, bytes).unwrap();
        }
        until("it is heard", || board.input_len() == sent);
        board.speeds()
    };
    set(57_600);
    assert_eq!(says(b"print()\r", false), [0; 0]);
    assert_eq!(says(b"\xc0", false), [57_600]);
    assert_eq!(says(b"\xc0", false), [57_600]);
    set(74_880);
    assert_eq!(says(b"a frame \xc0", false), [57_600, 74_880]);
    assert_eq!(says(b"\xc0", true), [57_600, 74_880, 115_200], "who has none has this");
}

#[test]
fn fifty_ports_are_one_thread_s_work() {
    let hub = Hub::start().unwrap();
    let boards: Vec<_> = (0..50)
        .map(|_| {
            let (board, line) = Board::reading();
            let port = PtyPort::open(&hub, None, &line).unwrap();
            let client = open(port.pts());
            (board, port, client)
        })
        .collect();
    for (n, (board, port, client)) in boards.iter().enumerate() {
        rustix::io::write(client, format!("to {n}").as_bytes()).unwrap();
        until("its keys", || board.input() == format!("to {n}").as_bytes());
        port.writer().say(format!("from {n}").as_bytes());
    }
    for (n, (_, _, client)) in boards.iter().enumerate() {
        let wanted = format!("from {n}").into_bytes();
        assert_eq!(read_until(client, &wanted), wanted);
    }
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let names = threads.filter_map(|t| std::fs::read_to_string(t.ok()?.path().join("comm")).ok());
    assert_eq!(names.filter(|n| n.trim() == "wires").count(), 1);
}
