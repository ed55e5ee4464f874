//! The prompt of a board: whatever is typed, it goes on until the power goes.

use crate::board::{Layered, board};

/// Pieces of what is typed.
pub(crate) const WORDS: &[&str] = &[
    "\x01",
    "\x02",
    "\x03",
    "\x04",
    "\x05",
    "\x05A\x01",
    "\x05B\x01",
    "\r",
    "\r\n",
    "\t",
    "\x08",
    "\x7f",
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[3~",
    "\x1b",
    "\x0b",
    "\x0e",
    "\x10",
    "\x15",
    "print(",
    "for i in range(3):",
    "    ",
    "if 1:",
    "'''",
    "\\",
    "import ",
    "é",
    "\x00",
    "\u{1f600}",
    "raise SystemExit",
    "machine.reset()",
    "input()",
    "while 1: pass",
    "help()",
    "a.",
    "_",
    "1/0",
    "import machine\r",
    "machine.soft_reset()",
    "sys.stdin.read(4)",
];

/// Types bytes on a board.
pub(crate) fn run(input: &[u8]) {
    let (mut board, _) = board(Box::new(Layered::prepared()), input, 40_000);
    // Until the power goes, which it does soon after the last byte.
    board.run();
}
