//! A tool that flashes chips, as far as tests need one: it says everything at its time, and reads the answers
//! when all is over.

use md5::{Digest, Md5};

pub(crate) const MS: u64 = 1000;
/// Between two requests.
const PACE: u64 = 20 * MS;

/// Bytes in frames, and those in none.
pub(crate) fn unframe(line: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let (mut frames, mut outside) = (Vec::new(), Vec::new());
    let mut frame: Option<Vec<u8>> = None;
    let mut escaped = false;
    for &b in line {
        frame = match (frame, b) {
            (None, 0xc0) => Some(Vec::new()),
            (None, _) => {
                outside.push(b);
                None
            }
            (Some(f), 0xc0) if f.is_empty() => Some(f),
            (Some(f), 0xc0) => {
                frames.push(f);
                None
            }
            (Some(f), 0xdb) => {
                escaped = true;
                Some(f)
            }
            (Some(mut f), _) => {
                f.push(match (std::mem::take(&mut escaped), b) {
                    (true, 0xdc) => 0xc0,
                    (true, 0xdd) => 0xdb,
                    _ => b,
                });
                Some(f)
            }
        };
    }
    (frames, outside)
}

pub(crate) fn frame(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0xc0];
    for &b in bytes {
        match b {
            0xc0 => out.extend([0xdb, 0xdc]),
            0xdb => out.extend([0xdb, 0xdd]),
            b => out.push(b),
        }
    }
    out.push(0xc0);
    out
}

pub(crate) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

pub(crate) fn request(op: u8, payload: &[u8], sum: u32) -> Vec<u8> {
    let len = (payload.len() as u16).to_le_bytes();
    frame(&[&[0, op, len[0], len[1]], &sum.to_le_bytes()[..], payload].concat())
}

pub(crate) fn sync() -> Vec<u8> {
    let mut payload = vec![7, 7, 0x12, 0x20];
    payload.resize(36, 0x55);
    request(0x08, &payload, 0)
}

pub(crate) fn md5(bytes: &[u8]) -> Vec<u8> {
    Md5::digest(bytes).to_vec()
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

/// An answer: the request's number, the word, the data, and the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) op: u8,
    pub(crate) word: u32,
    pub(crate) data: Vec<u8>,
    pub(crate) status: [u8; 2],
    /// Bytes of the status: two from the tools' loader, four from the ROM's.
    pub(crate) status_len: usize,
}

/// What it is going to say, and when.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) at_us: u64,
    pub(crate) keys: Vec<(u64, Vec<u8>)>,
    block: usize,
}

impl Tool {
    /// It starts at a moment.
    pub(crate) fn at(at_us: u64) -> Self {
        Self { at_us, keys: Vec::new(), block: 0x400 }
    }

    /// It says what another has to say first.
    pub(crate) fn after(mut self, other: Self) -> Self {
        self.keys.splice(0..0, other.keys);
        self
    }

    pub(crate) fn says(mut self, bytes: Vec<u8>) -> Self {
        self.keys.push((self.at_us, bytes));
        self.at_us += PACE;
        self
    }

    pub(crate) fn sync(self) -> Self {
        self.says(sync())
    }

    pub(crate) fn asks(self, op: u8, of: &[u32]) -> Self {
        self.says(request(op, &words(of), 0))
    }

    pub(crate) fn block(self, op: u8, number: u32, data: &[u8]) -> Self {
        let sum = data.iter().fold(0xef, |sum: u8, b| sum ^ b).into();
        let head = words(&[data.len() as u32, number, 0, 0]);
        self.says(request(op, &[&head, data].concat(), sum))
    }

    /// Starts the tools' loader, which here is a few bytes.
    pub(crate) fn stub(mut self) -> Self {
        self = self.asks(0x05, &[8, 1, 0x1800, 0x4009_0000]).block(0x07, 0, b"\x36\x41\x00stub!");
        self = self.asks(0x06, &[0, 0x4009_0000]);
        self.block = 0x4000;
        self
    }

    /// Writes to the flash, compressed.
    pub(crate) fn writes(mut self, at: u32, bytes: &[u8]) -> Self {
        let packed = zlib(bytes);
        let (blocks, size) = (packed.chunks(self.block), self.block as u32);
        self = self.asks(0x10, &[bytes.len() as u32, blocks.len() as u32, size, at]);
        for (n, block) in blocks.enumerate() {
            self = self.block(0x11, n as u32, block);
        }
        self
    }

    /// The same as it is; the last block is filled up.
    pub(crate) fn writes_plain(mut self, at: u32, bytes: &[u8]) -> Self {
        let (blocks, size) = (bytes.chunks(self.block), self.block);
        self = self.asks(0x02, &[bytes.len() as u32, blocks.len() as u32, size as u32, at]);
        for (n, block) in blocks.enumerate() {
            let mut block = block.to_vec();
            block.resize(size, 0xff);
            self = self.block(0x03, n as u32, &block);
        }
        self
    }

    /// The same in one block that is not filled up.
    pub(crate) fn writes_plain_small(self, at: u32, bytes: &[u8]) -> Self {
        self.asks(0x02, &[bytes.len() as u32, 1, 0x400, at]).block(0x03, 0, bytes)
    }

    /// Reads the flash through the tools' loader.
    pub(crate) fn reads(mut self, at: u32, len: u32) -> Self {
        self = self.asks(0xd2, &[at, len, 0x1000, 64]);
        let mut got = 0;
        while got < len {
            got = len.min(got + 0x1000);
            self = self.says(frame(&got.to_le_bytes()));
        }
        self
    }
}

/// The answers among frames.
pub(crate) fn answers(frames: &[Vec<u8>], status_len: usize) -> Vec<Answer> {
    let answers = frames.iter().filter(|f| f.len() >= 10 && f[0] == 1);
    answers
        .map(|f| {
            let len = usize::from(u16::from_le_bytes([f[2], f[3]]));
            assert_eq!(f.len(), 8 + len, "{f:x?}");
            let at = f.len() - status_len;
            Answer {
                op: f[1],
                word: u32::from_le_bytes([f[4], f[5], f[6], f[7]]),
                data: f[8..at].to_vec(),
                status: [f[at], f[at + 1]],
                status_len,
            }
        })
        .collect()
}
