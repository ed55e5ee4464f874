//! Requests: lines of JSON.

use coil_circuit::{Duration, Value};
use serde::Deserialize;
use std::io::{BufRead, Read};

/// Bytes of a request at most.
pub const LINE_MAX: usize = 4 << 20;

/// A request.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Executes a program and waits for its end.
    Exec {
        /// The program.
        code: String,
        /// How long it may take, on the board.
        #[serde(rename = "for")]
        limit: Option<Duration>,
    },
    /// Starts a program, which goes on when time does.
    Start {
        /// The program.
        code: String,
    },
    /// Lets time go on.
    Advance {
        /// By so much.
        by: Duration,
    },
    /// Interrupts the program that runs.
    Interrupt,
    /// The EN button: the board starts anew, from its flash.
    Reset,
    /// Puts a file on the board.
    Put {
        /// Where.
        path: String,
        /// Its content, or
        text: Option<String>,
        /// its content as hexadecimal digits.
        hex: Option<String>,
    },
    /// Types on the console.
    Type {
        /// What.
        text: String,
    },
    /// Presses a part of the circuit.
    Press {
        /// Which.
        part: String,
        /// For how long; `100ms` if nothing is said.
        #[serde(rename = "for")]
        held: Option<Duration>,
    },
    /// Changes a setting of a part.
    Set {
        /// Which.
        part: String,
        /// The setting.
        setting: String,
        /// What it is from now on.
        value: Value,
    },
    /// Asks for the level of a pin.
    Pin {
        /// Header name or GPIO number.
        pin: serde_json::Value,
    },
    /// Asks for what a part shows.
    Shows {
        /// Which.
        part: String,
    },
    /// Takes the events since they were last taken.
    Events,
}

/// Reads requests, a line each; a line that is none is an error in words, and the next one is read.
#[derive(Debug)]
pub struct Lines<R>(R);

impl<R: BufRead> Lines<R> {
    /// Reads from there.
    pub fn new(from: R) -> Self {
        Self(from)
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Request, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut line = Vec::new();
            let most = LINE_MAX as u64 + 1;
            let n = self.0.by_ref().take(most).read_until(b'\n', &mut line).ok()?;
            if n == 0 {
                return None;
            }
            if line.len() > LINE_MAX {
                while !line.ends_with(b"\n") {
                    line.clear();
                    if self.0.by_ref().take(most).read_until(b'\n', &mut line).ok()? == 0 {
                        break;
                    }
                }
                return Some(Err(format!("a request has {LINE_MAX} bytes at most")));
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let read = serde_json::from_slice(&line);
            return Some(read.map_err(|e| format!("that is no request: {e}")));
        }
    }
}

/// Bytes of pairs of hexadecimal digits.
pub(super) fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<_>> = hex.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|d| (d[0] << 4 | d[1]) as u8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request_is_told_and_the_next_is_read() {
        let long = "x".repeat(LINE_MAX + 9);
        let deep = "[".repeat(100_000);
        let text = format!(
            "\n{{}}\n{{\"do\":\"fly\"}}\n{long}\n{deep}\n\u{0}\n{{\"do\":\"advance\",\"by\":\"9e99s\"}}\n\
             {{\"do\":\"put\",\"path\":1}}\n{{\"do\":\"interrupt\"}}"
        );
        let read: Vec<_> = Lines::new(text.as_bytes()).collect();
        assert_eq!(read.len(), 8);
        assert!(read[..7].iter().all(Result::is_err), "{read:?}");
        assert_eq!(read[7], Ok(Request::Interrupt));
        assert_eq!(bytes("00ff"), Some(vec![0, 255]));
        assert_eq!(bytes("0"), None);
        assert_eq!(bytes("é0"), None);
    }
}
