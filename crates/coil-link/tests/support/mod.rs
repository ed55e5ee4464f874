//! A board's end of a wire that a test looks into, and waiting for what comes.

#![allow(dead_code, reason = "each test program uses its part")]

use coil_link::{End, Line, PtyWriter, SocketWriter};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What has happened to the board.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) input: Vec<u8>,
    pub(crate) taken: usize,
    pub(crate) lines: Vec<(bool, bool)>,
    pub(crate) hung_up: usize,
    pub(crate) speeds: Vec<u32>,
}

/// A board that reads when the test says so, or at once.
#[derive(Clone, Default)]
pub(crate) struct Board {
    pub(crate) seen: Arc<Mutex<Seen>>,
    pub(crate) reads: bool,
}

impl End for Board {
    fn send(&self, bytes: &[u8]) {
        let mut seen = self.seen.lock().unwrap();
        seen.input.extend_from_slice(bytes);
        if self.reads {
            seen.taken = seen.input.len();
        }
    }
    fn waiting(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.input.len() - seen.taken
    }
    fn taken(&self) -> u64 {
        self.seen.lock().unwrap().taken as u64
    }
    fn lines(&self, dtr: bool, rts: bool) {
        self.seen.lock().unwrap().lines.push((dtr, rts));
    }
    fn speed(&self, baud: u32) {
        self.seen.lock().unwrap().speeds.push(baud);
    }
    fn hung_up(&self) {
        self.seen.lock().unwrap().hung_up += 1;
    }
}

impl Board {
    /// One that reads at once, and its line.
    pub(crate) fn reading() -> (Self, Line) {
        let board = Self { reads: true, ..Self::default() };
        (board.clone(), Line::new(board))
    }

    /// One that reads nothing by itself, and its line.
    pub(crate) fn busy() -> (Self, Line) {
        let board = Self::default();
        (board.clone(), Line::new(board))
    }

    pub(crate) fn input(&self) -> Vec<u8> {
        self.seen.lock().unwrap().input.clone()
    }

    pub(crate) fn input_len(&self) -> usize {
        self.seen.lock().unwrap().input.len()
    }

    pub(crate) fn hung_up(&self) -> usize {
        self.seen.lock().unwrap().hung_up
    }

    pub(crate) fn speeds(&self) -> Vec<u32> {
        self.seen.lock().unwrap().speeds.clone()
    }

    pub(crate) fn lines(&self) -> Vec<(bool, bool)> {
        self.seen.lock().unwrap().lines.clone()
    }

    /// Reads so much.
    pub(crate) fn take(&self, n: usize) {
        let mut seen = self.seen.lock().unwrap();
        seen.taken = (seen.taken + n).min(seen.input.len());
    }
}

/// Waits until something is so; fails after ten seconds.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Something that writes to a port.
pub(crate) trait Say {
    /// The board prints something and pauses.
    fn say(&self, bytes: &[u8]);
}

impl Say for PtyWriter {
    fn say(&self, bytes: &[u8]) {
        self.write(bytes);
        self.flush();
    }
}

impl Say for SocketWriter {
    fn say(&self, bytes: &[u8]) {
        self.write(bytes);
        self.flush();
    }
}
