//! Ten thousand boards in one process, each answering at its prompt.

use crate::bench::{Figure, Screen, resident_bytes, runner, spec};
use std::time::Instant;

const BOARDS: usize = 10_000;

/// How long until all are at their prompts, until all have answered, and their memory.
pub(crate) fn measure() -> Vec<Figure> {
    let mut runners = [runner(), runner()];
    let start = Instant::now();
    let boards: Vec<_> = (0..BOARDS)
        .map(|i| {
            let screen = Screen::default();
            (runners[i % 2].add(spec(&screen)), screen)
        })
        .collect();
    for (_, screen) in &boards {
        screen.expect(">>> ");
    }
    let up = start.elapsed().as_secs_f64();
    let idle = resident_bytes();
    let start = Instant::now();
    for (seat, (board, _)) in boards.iter().enumerate() {
        board.send(format!("print('answer', {seat} + 1)\r").as_bytes());
    }
    for (seat, (_, screen)) in boards.iter().enumerate() {
        screen.expect(&format!("answer {}\r\n", seat + 1));
    }
    let answered = start.elapsed().as_secs_f64();
    let told = |name, value, unit| Figure { name, value, unit, limit: None };
    vec![
        told("10,000 boards: all at their prompts after", up, "s"),
        told("10,000 boards: a line typed to each is answered by all after", answered, "s"),
        told("10,000 boards: memory of each", idle / BOARDS as f64 / 1024.0, "KB"),
    ]
}
