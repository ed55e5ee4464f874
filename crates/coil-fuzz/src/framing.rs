//! The prompt for programs, byte for byte: whatever a host sends in it, the board answers with exactly the bytes that
//! the protocol wants, so that no client ever waits for one that does not come.

use crate::board::{Layered, board};

/// Steps of a session, at most.
const STEPS: usize = 40;
/// Bytes between two acknowledgements of raw paste.
const WINDOW: usize = 128;
const ANNOUNCE: &str = "raw REPL; CTRL-B to exit\r\n>";

/// What is sent, and what must come back.
#[derive(Default)]
struct Session {
    /// A piece is sent when the one before has its answer: Ctrl-C ahead of a program would end it.
    sent: Vec<Vec<u8>>,
    answer: Vec<u8>,
}

impl Session {
    fn step(&mut self, sent: &[u8], answer: &str) {
        self.sent.push(sent.to_vec());
        self.answer.extend_from_slice(answer.as_bytes());
    }

    /// The start of raw paste mode and a program in it.
    fn paste(&mut self, source: &[u8]) {
        self.step(b"\x05A\x01", "R\x01");
        self.answer.extend_from_slice(&[WINDOW as u8, 0, 1]);
        self.step(source, &"\x01".repeat(source.len() / WINDOW));
    }
}

/// Steps of a session, one for each first byte; what follows makes a program that does nothing.
pub(crate) fn run(input: &[u8]) {
    let hello = hello();
    let mut session = Session::default();
    session.step(b"\x01", &format!("\r\n{ANNOUNCE}"));
    let mut rest = input;
    for _ in 0..STEPS {
        let Some((&kind, tail)) = rest.split_first() else { break };
        let len = tail.first().map_or(0, |&n| usize::from(n) * 3);
        let (piece, tail) = tail.split_at(len.min(tail.len()));
        rest = tail;
        let mut source = vec![b'#'];
        source.extend(piece.iter().map(|b| b' ' + b % 95));
        match kind % 9 {
            0 => {
                session.step(&source, "");
                session.step(b"\x04", "OK\x04\x04>");
            }
            1 => {
                session.paste(&source);
                session.step(b"\x04", "\x04\x04\x04>");
            }
            // Given up.
            2 => {
                session.step(&source, "");
                session.step(b"\x03", "");
            }
            3 => {
                session.paste(&source);
                session.step(b"\x03", "\x04\x04KeyboardInterrupt: \r\n\x04>");
            }
            // A mode that there is not.
            4 => {
                let letter = match source.last() {
                    Some(b'A') | None => b'B',
                    Some(&c) => c,
                };
                session.step(&[5, letter, 1], "R\0>");
            }
            // The prompt again, and what was sent is forgotten.
            5 => {
                session.step(&source, "");
                session.step(b"\x01", ANNOUNCE);
            }
            6 => {
                session.step(b"\x02", &format!("\r\n{hello}"));
                session.step(b"\x01", &format!("\r\n{ANNOUNCE}"));
            }
            7 => {
                source.extend_from_slice(b"\n)");
                let line = "  File \"<stdin>\", line 2\r\nSyntaxError: invalid syntax\r\n";
                session.paste(&source);
                session.step(
                    b"\x04",
                    &format!("\x04\x04Traceback (most recent call last):\r\n{line}\x04>"),
                );
            }
            _ => {
                source.extend_from_slice(b"\nprint('\\x04', end='')");
                session.step(&source, "");
                session.step(b"\x04", "OK\x04\x04\x04>");
            }
        }
    }
    let said = talk(session.sent.clone());
    let said = said.strip_prefix(hello.as_bytes()).expect("it starts as it always does");
    assert_eq!(said, session.answer, "{:?}", session.sent.concat().escape_ascii().to_string());
}

/// What a board says when all this is typed on it.
fn talk(pieces: Vec<Vec<u8>>) -> Vec<u8> {
    let (mut board, life) = board(Box::new(Layered::prepared()), &[], 40_000);
    life.borrow_mut().later = pieces.into();
    life.borrow_mut().said = Some(Vec::new());
    board.run();
    life.borrow_mut().said.take().unwrap_or_default()
}

/// How a board greets people.
fn hello() -> String {
    static HELLO: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| String::from_utf8_lossy(&talk(Vec::new())).into_owned());
    HELLO.clone()
}
