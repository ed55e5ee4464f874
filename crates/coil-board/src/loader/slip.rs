//! Frames on the serial line: SLIP, with a bound on what is kept of one.

use alloc::vec::Vec;

/// Starts and ends a frame.
const END: u8 = 0xc0;
/// What follows stands for one of these two.
const ESCAPE: u8 = 0xdb;
const ESCAPED_END: u8 = 0xdc;
const ESCAPED_ESCAPE: u8 = 0xdd;

/// Bytes of a frame at most: the longest request carries a block of 16 KiB behind two headers.
pub(super) const FRAME_MAX: usize = 0x4000 + 64;

/// How every request starts.
const REQUEST: u8 = 0;

/// What a byte of the line has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Got {
    /// A part of a frame, or of none.
    Nothing,
    /// The last byte of a frame.
    Frame,
    /// A byte that is in no frame.
    Outside(u8),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Outside,
    Inside,
    Escaped,
    /// In a frame that is too long or malformed.
    Lost,
}

/// Takes frames out of a stream of bytes.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    frame: Vec<u8>,
    state: State,
}

impl Decoder {
    /// Takes a byte. A frame starts as a request does, unless `any` frame is waited for: what else comes
    /// after an end was typed.
    pub(super) fn push(&mut self, byte: u8, any: bool) -> Got {
        match (self.state, byte) {
            (State::Outside, END) => self.open(),
            (State::Outside, _) => return Got::Outside(byte),
            // Two ends in a row are one, and a frame that is none may have been the space between two.
            (State::Inside, END) if self.frame.is_empty() => {}
            (State::Escaped | State::Lost, END) => self.open(),
            (State::Inside, END) => {
                self.state = State::Outside;
                return Got::Frame;
            }
            (State::Inside, _) if self.frame.is_empty() && byte != REQUEST && !any => {
                self.state = State::Outside;
                return Got::Outside(byte);
            }
            (State::Inside, ESCAPE) => self.state = State::Escaped,
            (State::Inside, _) => self.keep(byte),
            (State::Escaped, ESCAPED_END) => self.keep(END),
            (State::Escaped, ESCAPED_ESCAPE) => self.keep(ESCAPE),
            (State::Escaped, _) => self.state = State::Lost,
            (State::Lost, _) => {}
        }
        Got::Nothing
    }

    fn keep(&mut self, byte: u8) {
        self.state = if self.frame.len() < FRAME_MAX { State::Inside } else { State::Lost };
        if self.state == State::Inside {
            self.frame.push(byte);
        }
    }

    /// The end of the last frame may have been the start of the next.
    pub(super) fn open(&mut self) {
        self.frame.clear();
        self.state = State::Inside;
    }

    /// The frame that has ended; its room comes back with [`Self::reuse`].
    pub(super) fn take(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.frame)
    }

    /// Gives the room of a frame back.
    pub(super) fn reuse(&mut self, mut frame: Vec<u8>) {
        frame.clear();
        self.frame = frame;
    }

    /// Whether a frame has started and not ended.
    pub(super) fn is_inside(&self) -> bool {
        self.state != State::Outside
    }

    /// Forgets a frame that does not end.
    pub(super) fn abandon(&mut self) {
        self.frame.clear();
        self.state = State::Outside;
    }
}

/// Sends a frame, given in parts.
pub(super) fn send(out: &mut Vec<u8>, parts: &[&[u8]]) {
    out.push(END);
    for byte in parts.iter().flat_map(|part| part.iter()) {
        match *byte {
            END => out.extend([ESCAPE, ESCAPED_END]),
            ESCAPE => out.extend([ESCAPE, ESCAPED_ESCAPE]),
            b => out.push(b),
        }
    }
    out.push(END);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames in a stream, and what is in none.
    fn frames(stream: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
        let mut decoder = Decoder::default();
        let (mut frames, mut outside) = (Vec::new(), Vec::new());
        for b in stream {
            match decoder.push(*b, false) {
                Got::Nothing => {}
                Got::Frame => frames.push(decoder.take()),
                Got::Outside(b) => outside.push(b),
            }
        }
        (frames, outside)
    }

    #[test]
    fn what_was_sent_is_received_whatever_its_bytes() {
        let all: Vec<u8> = (0..=255).collect();
        let mut line = Vec::new();
        send(&mut line, &[&all[..100], &all[100..]]);
        send(&mut line, &[&[0, 0xc0, 0xdb, 0xc0]]);
        let expected = alloc::vec![all, alloc::vec![0, 0xc0, 0xdb, 0xc0]];
        assert_eq!(frames(&line), (expected, Vec::new()));
    }

    #[test]
    fn what_is_no_frame_is_outside_or_lost() {
        for (line, frame_count, outside) in [
            (&b"abc"[..], 0, &b"abc"[..]),
            // One end more, or one for two frames.
            (b"\xc0\xc0\x00a\xc0\xc0\x00b\xc0", 2, b""),
            // A frame that starts as none was typed.
            (b"\xc0\r\x03", 0, b"\r\x03"),
            // After a wrong escape the next end starts a frame.
            (b"\xc0\x00\xdbx\r\xc0\x00a\xc0", 1, b""),
            (b"\xc0\x00\xdb\xc0\x00a\xc0", 1, b""),
        ] {
            let (frames, rest) = frames(line);
            assert_eq!((frames.len(), &rest[..]), (frame_count, outside), "{line:x?}");
        }
    }

    #[test]
    fn a_frame_that_is_too_long_is_lost_and_the_next_is_not() {
        let mut line = alloc::vec![END, REQUEST];
        line.resize(FRAME_MAX + 1, b'x');
        let mut fits = line.clone();
        fits.push(END);
        assert_eq!(frames(&fits).0[0].len(), FRAME_MAX);
        line.extend([b'x', END, REQUEST, b'y', END]);
        assert_eq!(frames(&line), (alloc::vec![alloc::vec![REQUEST, b'y']], Vec::new()));
    }
}
