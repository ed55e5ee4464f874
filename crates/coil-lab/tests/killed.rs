//! Clients of the prompt for programs that are killed in the middle, send half of what they should, or nonsense: the
//! next one finds a board that answers. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::Stimulus;
use coil_lab::{BoardSpec, Pace, Runner};

const MS: u64 = 1000;
/// Between the messages of a client, which is more than a board takes to answer.
const GAP: u64 = 5 * MS;
/// When a client is sure to have its answer, counted from its first byte.
const ANSWERED: u64 = 1000 * MS;

/// A file system on the client's side has this shape: the board asks with two bytes and waits for 0x18, a length
/// and as many bytes. While it does, Ctrl-C is a byte like others.
const REMOTE: &str = "
import sys, select, micropython
fin, fout = sys.stdin.buffer, sys.stdout.buffer
poll = select.poll()
poll.register(fin, select.POLLIN)
def take(n):
    buf = bytearray(n)
    view = memoryview(buf)
    got = 0
    while got < n:
        if not poll.poll(1000):
            raise OSError(110)
        got += fin.readinto(view[got:], 1)
    return buf
def ask(what):
    micropython.kbd_intr(-1)
    try:
        fout.write(bytes([0x18, what]))
        while take(1)[0] != 0x18:
            pass
        return bytes(take(int.from_bytes(take(4), 'little')))
    finally:
        micropython.kbd_intr(3)
";

/// The messages that a client sends, in order.
#[derive(Default)]
struct Client {
    messages: Vec<Vec<u8>>,
    /// From this message on the board takes Ctrl-C for a byte of an answer.
    deaf_from: Option<usize>,
}

impl Client {
    /// To the prompt for programs, with a soft reset.
    fn enter(mut self) -> Self {
        self.messages.extend([b"\r\x03".to_vec(), b"\r\x01".to_vec(), b"\x04".to_vec()]);
        self
    }

    fn say(mut self, bytes: &[u8]) -> Self {
        self.messages.push(bytes.to_vec());
        self
    }

    /// A program in windows, each of which is waited for.
    fn paste(mut self, source: &str) -> Self {
        self.messages.push(b"\x05A\x01".to_vec());
        self.messages.extend(source.as_bytes().chunks(128).map(<[u8]>::to_vec));
        self.say(b"\x04")
    }

    /// The same without windows.
    fn raw(mut self, source: &str) -> Self {
        self.messages.extend(source.as_bytes().chunks(4096).map(<[u8]>::to_vec));
        self.say(b"\x04")
    }

    /// Types what it would have sent until it was killed; when the last of it is there.
    fn type_until(&self, killed_at: usize, start: u64, keys: &mut Vec<(u64, Vec<u8>)>) -> u64 {
        let (mut left, mut now) = (killed_at, start);
        for m in &self.messages {
            if left == 0 {
                break;
            }
            let n = left.min(m.len());
            keys.push((now, m[..n].to_vec()));
            left -= n;
            now += GAP;
        }
        now
    }

    fn len(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }

    /// Whether the board is deaf to Ctrl-C once it has so many bytes.
    fn is_deaf_at(&self, bytes: usize) -> bool {
        self.deaf_from
            .is_some_and(|m| self.messages[..m].iter().map(Vec::len).sum::<usize>() <= bytes)
    }
}

/// All that a tool does in a session: programs, a file there and back, a file system of its own.
fn session() -> Client {
    let mut client = Client::default()
        .enter()
        .paste("print('first')")
        .paste("f = open('a.bin', 'wb')\nw = f.write")
        .paste(&format!("w(b'{}')", "\\x00\\x03\\x04".repeat(30)))
        .paste("f.close()")
        .raw("import os\nprint(os.listdir(), os.stat('a.bin'))")
        .raw("f = open('a.bin', 'rb')\nr = f.read\nprint(r(64))")
        .paste("def f(:\n")
        .paste("while True:\n    pass")
        .say(b"\x03")
        .raw("import time\ntime.sleep(3600)")
        .say(b"\x03")
        .paste("import sys\nprint(sys.stdin.read(5))")
        .say(b"typed")
        .say(b"\r\x02")
        .say(b"print('for people')\r")
        .say(b"\x05if 1:\r    print('pasted')\r\x04")
        .enter()
        .paste(REMOTE);
    let calls = "print(ask(1), ask(2))";
    client = client.paste(calls);
    client.deaf_from = Some(client.messages.len());
    client.say(b"\x18\x02\x00\x00\x00ab").say(b"\x18\x00\x00\x00\x00")
}

/// The client that comes after: it does as mpremote does and prints a word.
fn next(word: usize) -> Client {
    Client::default().enter().paste(&format!("print('alive', {word})")).say(b"\r\x02")
}

/// What a board prints while this is typed on it.
fn run(keys: Vec<(u64, Vec<u8>)>, end: u64) -> String {
    let (spec, seen) = support::bare("esp32-devkitc");
    let spec = BoardSpec { keys, script: vec![(end, Stimulus::PowerOff)], ..spec };
    let profile = spec.profile.clone();
    let mut runner = Runner::start(coil_board::modules::rom(&profile), Pace::Virtual).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    assert_eq!(ended, Some(Outcome::Done), "{}", seen.text());
    seen.text()
}

#[test]
fn a_client_killed_at_any_byte_leaves_a_board_that_answers_within_a_second() {
    let session = session();
    let (mut keys, mut now) = (Vec::new(), 500 * MS);
    for killed_at in 0..=session.len() {
        now = session.type_until(killed_at, now, &mut keys);
        if session.is_deaf_at(killed_at) {
            // On silicon as well it is not heard until the file system's own time is over.
            next(0).type_until(usize::MAX, now, &mut keys);
            now += ANSWERED + 1000 * MS;
        }
        next(killed_at).type_until(usize::MAX, now, &mut keys);
        now += ANSWERED;
    }
    let text = run(keys, now);
    let mut rest = text.as_str();
    for killed_at in 0..=session.len() {
        let word = format!("alive {killed_at}\r\n\x04\x04>");
        let found = rest.find(&word);
        let tail = &rest[..rest.len().min(2000)];
        rest = &rest[found.unwrap_or_else(|| panic!("killed at {killed_at}: {tail:?}"))..];
    }
    // The whole session, at last, did what it was for.
    for part in
        ["first\r\n", "'a.bin'", "typed\r\n", "for people\r\n", "pasted\r\n", "b'ab' b''\r\n"]
    {
        assert!(text.contains(part), "{part:?}");
    }
}

#[test]
fn nonsense_and_lengths_beyond_all_bounds_leave_a_board_that_answers() {
    let long = "#".repeat(200_000);
    let too_long =
        "# a comment of sixty-three bytes, and then the next one, again.\n".repeat(17_000);
    let nonsense: Vec<u8> =
        (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let ask =
        |answer: &[u8]| Client::default().enter().paste(REMOTE).paste("print(ask(1))").say(answer);
    let cases = [
        ("noise", Client::default().enter().say(&nonsense), ""),
        ("noise for people", Client::default().say(b"\r\x03").say(&nonsense), ""),
        ("noise in a window", Client::default().enter().say(b"\x05A\x01").say(&nonsense), ""),
        ("a long line", Client::default().enter().raw(&long), "OK\x04\x04>"),
        (
            "more than memory",
            Client::default().enter().paste(&too_long),
            "MemoryError: memory allocation failed",
        ),
        (
            "the same, raw",
            Client::default().enter().raw(&too_long),
            "MemoryError: memory allocation failed",
        ),
        ("no such mode", Client::default().enter().say(b"\x05Z\x01"), "R\0>"),
        (
            "Ctrl-C in a window",
            Client::default().enter().say(b"\x05A\x01abc\x03"),
            "\x04\x04KeyboardInterrupt: \r\n\x04>",
        ),
        ("a length of 4 GB", ask(b"\x18\xff\xff\xff\xff"), "Error: "),
        ("a length of 2 GB", ask(b"\x18\xff\xff\xff\x7f"), "MemoryError: "),
        ("half a length", ask(b"\x18\xff"), "OSError: 110"),
        ("half an answer", ask(b"\x18\x10\x00\x00\x00ab"), "OSError: 110"),
    ];
    for (what, client, expected) in cases {
        let mut keys = Vec::new();
        let now = client.type_until(usize::MAX, 500 * MS, &mut keys) + 1500 * MS;
        next(7).type_until(usize::MAX, now, &mut keys);
        let text = run(keys, now + ANSWERED);
        assert!(text.contains(expected), "{what}: {text:?}");
        assert!(text.contains("alive 7\r\n\x04\x04>"), "{what}: {text:?}");
    }
}
