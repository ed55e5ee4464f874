//! What a client of WebREPL sends: frames as they come, or well-formed ones around anything. The board must
//! only lose the connection.

use crate::board::{Layered, board};
use crate::chance::Choices;
use std::fmt::Write as _;

/// Pieces of what is sent.
pub(crate) const WORDS: &[&str] = &[
    "secret\r",
    "\u{1}\u{7}secret\r",
    "WA\u{1}\0\0\0\0\0\0\0\0\0\u{5}\0\0\0\u{1}\0x",
    "WA\u{2}\0\0\0\0\0\0\0\0\0\0\0\0\0\u{1}\0f",
    "WA\u{3}\0",
    "\0",
    "\u{2}",
    "\u{8}\0",
    "\u{9}",
];

const PROGRAM: &str = "
import io, os, websocket, _webrepl
class Wire(io.IOBase):
    at = 0
    def readinto(self, buf):
        n = min(len(buf), len(D) - self.at)
        buf[:n] = D[self.at:self.at + n]
        self.at += n
        return n
    def write(self, data):
        return len(data)
    def ioctl(self, request, arg):
        return 0
    def setblocking(self, on):
        pass
_webrepl.password('secret')
def terminal():
    return _webrepl._webrepl(websocket.websocket(Wire(), True))
try:
    t = terminal()
    while t.read(1):
        t.write(b'.')
except OSError:
    pass
os.dupterm(terminal())
for i in range(len(D)):
    os.dupterm_notify(None)
    print(i)
";

/// Bytes of an input that are used.
const MAX: usize = 1500;

/// Sends bytes to the terminal of a board.
pub(crate) fn run(input: &[u8]) {
    let mut choices = Choices(&input[..input.len().min(MAX)]);
    let sent = if choices.below(2) == 0 { choices.0.to_vec() } else { framed(&mut choices) };
    let mut program = "D = b'".to_owned();
    for b in sent {
        let _ = write!(program, "\\x{b:02x}");
    }
    program += "'";
    program += PROGRAM;
    let (mut board, _) = board(Box::new(Layered::prepared()), &[], 64_000);
    board.run_program(program.as_bytes(), "wire.py");
}

/// The password, and frames of any kind around what follows.
fn framed(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut sent = b"\x81\x07secret\r".to_vec();
    while !choices.is_over() {
        let kind = choices.byte();
        let n = usize::from(choices.byte());
        let payload = choices.bytes(n);
        let length = payload.len() as u8;
        if length < 126 {
            sent.extend([0x80 | kind & 15, length]);
        } else {
            sent.extend([0x80 | kind & 15, 126, 0, length]);
        }
        sent.extend_from_slice(payload);
    }
    sent
}
