//! Console input from outside: what waits is counted, and the key that interrupts passes what waits.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_lab::{BoardHandle, Pace, Runner};
use std::time::{Duration, Instant};
use support::Seen;

fn run(program: &str) -> (Runner, BoardHandle, Seen) {
    let (mut spec, seen) = support::bare("wemos-d1-r32");
    spec.program = Some((program.as_bytes().to_vec(), "main.py".into()));
    let rom = coil_board::modules::rom(&spec.profile);
    let mut runner = Runner::start(rom, Pace::Real).unwrap();
    let board = runner.add(spec);
    (runner, board, seen)
}

#[track_caller]
fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "in vain");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn what_a_board_has_not_read_is_counted() {
    let program = "import sys, time\nprint(len(sys.stdin.buffer.read(1000)))\ntime.sleep(60)\n";
    let (_runner, board, seen) = run(program);
    board.send(&[b'x'; 400]);
    until(|| board.waiting() == 0);
    assert_eq!(board.taken(), 400);
    board.send(&[b'x'; 700]);
    until(|| board.taken() == 1000);
    until(|| board.waiting() == 100);
    until(|| seen.text() == "1000\n");
    board.send(b"\x03");
    let Some(Outcome::Raised(text)) = seen.end() else { panic!("{}", seen.text()) };
    assert!(String::from_utf8_lossy(&text).contains("KeyboardInterrupt"));
    // One that has ended reads nothing, and what is on its way to it does not wait for ever.
    board.send(&[b'x'; 100]);
    until(|| board.waiting() == 100);
}

#[test]
fn the_interrupt_passes_all_that_waits() {
    let (_runner, board, seen) = run("print('go')\nwhile True:\n    pass\n");
    until(|| seen.text() == "go\n");
    let sent = 3 << 20;
    for _ in 0..sent / 4096 {
        board.send(&[b'x'; 4096]);
    }
    until(|| board.waiting() == 1 << 20);
    assert_eq!(board.taken(), 0, "what is beyond a mebibyte is lost");
    board.send(b"\x03");
    assert!(matches!(seen.end(), Some(Outcome::Raised(_))), "{}", seen.text());
}
