//! Python that is sent to boards, and how it answers: in frames, so that what the board's program prints meanwhile (a timer, a thread) is told from it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// What a frame starts and ends with; between them are printable characters.
const START: u8 = 2;
const END: u8 = 3;
/// Bytes of a frame at most: a path in hexadecimal with what belongs to it.
const FRAME_MAX: usize = 16 << 10;

/// A text as a literal of Python.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        // Writing to a string does not fail.
        let _ = match c {
            '\'' | '\\' => write!(out, "\\{c}"),
            ' '..='~' => write!(out, "{c}"),
            c if u32::from(c) < 0x10000 => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "\\U{:08x}", u32::from(c)),
        };
    }
    out.push('\'');
    out
}

/// A function's body as a program that leaves no name behind. In it, `w` writes a frame's text.
pub(super) fn program(body: &str) -> String {
    let mut out = String::from(
        "def __coil():\n import sys\n def w(t):\n  sys.stdout.write('\\x02'+t+'\\x03')\n",
    );
    for line in body.lines() {
        // As above.
        let _ = writeln!(out, " {line}");
    }
    out.push_str("try:\n __coil()\nfinally:\n del __coil\n");
    out
}

/// Bytes as base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes of base64.
pub(super) fn of_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The text of hexadecimal digits.
pub(super) fn of_hex(text: &str) -> Option<String> {
    let digit = |b: u8| char::from(b).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        })
        .collect();
    Some(String::from_utf8_lossy(&bytes?).into_owned())
}

/// The reader of frames.
#[derive(Debug, Default)]
pub(super) struct Frames {
    frame: Option<Vec<u8>>,
}

impl Frames {
    /// Takes output: frames go to `each`, what is outside to `stray`.
    pub(super) fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(&str), stray: &mut Vec<u8>) {
        for &byte in bytes {
            self.frame = match (self.frame.take(), byte) {
                (None, START) => Some(Vec::new()),
                (None, _) => {
                    stray.push(byte);
                    None
                }
                (Some(frame), END) => {
                    each(&String::from_utf8_lossy(&frame));
                    None
                }
                (Some(mut frame), b' '..=b'~') if frame.len() < FRAME_MAX => {
                    frame.push(byte);
                    Some(frame)
                }
                // No frame of ours: somebody printed its first byte.
                (Some(frame), _) => {
                    stray.push(START);
                    stray.extend(frame);
                    stray.push(byte);
                    None
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_plain_ascii() {
        assert_eq!(literal("/a'b\\c\n"), "'/a\\'b\\\\c\\u000a'");
        assert_eq!(literal("ä𝄞"), "'\\u00e4\\U0001d11e'");
    }

    #[test]
    fn hexadecimal_is_text_or_nothing() {
        assert_eq!(of_hex("c3a461").as_deref(), Some("äa"));
        assert_eq!(of_hex("c3a"), None);
        assert_eq!(of_hex("zz"), None);
        assert_eq!(of_hex("").as_deref(), Some(""));
    }

    #[test]
    fn frames_and_what_a_program_prints_meanwhile_are_told_apart_however_cut() {
        let said = b"tick\r\n\x02one\x03tock\x02two\x03\x02no\r\nframe\x03";
        for cut in 0..said.len() {
            let (mut frames, mut seen, mut stray) = (Frames::default(), Vec::new(), Vec::new());
            for part in [&said[..cut], &said[cut..]] {
                frames.feed(part, |f| seen.push(f.to_owned()), &mut stray);
            }
            assert_eq!(seen, ["one", "two"]);
            assert_eq!(stray, b"tick\r\ntock\x02no\r\nframe\x03");
        }
    }

    #[test]
    fn a_frame_that_never_ends_is_none() {
        let (mut frames, mut stray) = (Frames::default(), Vec::new());
        frames.feed(b"\x02", |_| panic!("a frame"), &mut stray);
        frames.feed(&vec![b'x'; FRAME_MAX + 1], |_| panic!("a frame"), &mut stray);
        assert_eq!(stray.len(), FRAME_MAX + 2);
    }
}
