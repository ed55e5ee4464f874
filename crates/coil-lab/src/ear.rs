//! Who hears what comes in on a board's console: its firmware, or its ROM's loader, which is called by a request
//! to synchronise among what the firmware hears.
//!
//! Nothing is held back for it: bytes go to the program as they come, and only when the whole of such a frame has
//! passed is the loader called. From then until it listens nobody reads.

/// What a request to synchronise starts with, up to its check sum, which may be anything.
const HEAD: [u8; 5] = [0xc0, 0x00, 0x08, 0x24, 0x00];
/// What comes after the sum.
const TAIL: [u8; 4] = [0x07, 0x07, 0x12, 0x20];
/// How its payload goes on, and how often.
const REST: (u8, usize) = (0x55, 32);
/// What ends it, as it starts it.
const END: u8 = HEAD[0];

const SUM: usize = HEAD.len();
const TAIL_AT: usize = SUM + 4;
const REST_AT: usize = TAIL_AT + TAIL.len();
const END_AT: usize = REST_AT + REST.1;

/// Finds such a request in a stream of bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sniffer {
    /// Bytes of one that have passed.
    seen: usize,
}

impl Sniffer {
    /// Takes a byte; whether it is the last one of a request.
    pub(crate) fn hears(&mut self, byte: u8) -> bool {
        let fits = match self.seen {
            n if n < SUM => byte == HEAD[n],
            n if n < TAIL_AT => byte != END,
            n if n < REST_AT => byte == TAIL[n - TAIL_AT],
            n if n < END_AT => byte == REST.0,
            _ => byte == END,
        };
        let is_whole = fits && self.seen == END_AT;
        self.seen = match (fits, byte) {
            (true, _) if !is_whole => self.seen + 1,
            // It may be the start of another.
            (false, END) => 1,
            _ => 0,
        };
        is_whole
    }
}

/// Who hears.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Ear {
    /// A program that runs without the ROM: there is no loader to be called.
    #[default]
    Program,
    /// The firmware.
    Firmware(Sniffer),
    /// Nobody, for the loader was called and does not listen yet.
    Nobody,
    /// The loader.
    Loader,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sum: [u8; 4]) -> Vec<u8> {
        let mut frame = HEAD.to_vec();
        frame.extend(sum);
        frame.extend(TAIL);
        frame.extend([REST.0; REST.1]);
        frame.push(END);
        frame
    }

    /// After how many bytes a request was heard.
    fn heard(stream: &[u8]) -> Vec<usize> {
        let mut sniffer = Sniffer::default();
        (1..=stream.len()).filter(|n| sniffer.hears(stream[n - 1])).collect()
    }

    #[test]
    fn a_request_is_heard_at_its_last_byte_and_nothing_else_is() {
        let frame = request([0; 4]);
        assert_eq!(frame.len(), 46);
        assert_eq!(heard(&frame), [46]);
        assert_eq!(heard(&request([1, 2, 0x07, 0xff])), [46]);
        assert_eq!(heard(&[&b"\xc0\xc0\x00"[..], &frame, &frame].concat()), [49, 95]);
        // One that was cut off, and a whole one.
        for cut in 0..45 {
            assert_eq!(heard(&[&frame[..cut], &frame].concat()), [cut + 46], "{cut}");
        }
        for at in 0..46 {
            let mut other = frame.clone();
            other[at] ^= 1;
            let is_sum = (SUM..TAIL_AT).contains(&at);
            assert_eq!(heard(&other).is_empty(), !is_sum, "{at}");
        }
    }
}
