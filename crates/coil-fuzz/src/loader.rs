//! What tools say to the ROM's loader: anything, or requests whose form is right around it. It must answer or
//! refuse within bounds, and go on.

use crate::chance::Choices;
use coil_board::loader::{Facts, Next, Session};
use coil_board::outside::{Flash, RamFlash};
use coil_board::profile::Silicon;
use std::cell::RefCell;
use std::rc::Rc;

/// Bytes of an input that are used.
const MAX: usize = 4000;
/// Bytes of the flash.
const FLASH: u32 = 0x2_0000;
/// What a byte of the line brings back at most: a block of 16 KiB, all of it escaped, and its answer.
const OUT_MAX: usize = 2 * 0x4000 + 64;
/// Slices that a request's work takes at most.
const SLICES_MAX: u32 = 4;

/// Numbers of requests.
const REQUESTS: &[u8] = &[
    0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12,
    0x13, 0x14, 0xd0, 0xd1, 0xd2, 0xd3,
];
/// Words that make sense in them, or just do not.
const WORDS: &[u32] = &[
    0,
    1,
    2,
    16,
    64,
    0x400,
    0x1000,
    0x4000,
    0x4001,
    FLASH - 0x1000,
    FLASH,
    FLASH + 1,
    0x4009_0000,
    0x4000_1000,
    0x3ff4_2000,
    0x3ff4_2024,
    0x3ff5_a00c,
    1 << 18,
    u32::MAX,
    u32::MAX - 0xfff,
];

/// Says bytes to the loader.
pub(crate) fn run(input: &[u8]) {
    let mut choices = Choices(&input[..input.len().min(MAX)]);
    let flash: Box<dyn Flash> = Box::new(RamFlash::new(FLASH));
    let silicon = Silicon { revision: (3, 1), package: 1, flash_maker: 0xef };
    let facts = Facts { silicon, mac: [0x24, 0x0a, 0xc4, 0, 0, 1], straps: 0x12 };
    let mut session = Session::new(Rc::new(RefCell::new(flash)), facts);
    let said = if choices.below(2) == 0 { choices.0.to_vec() } else { requests(&mut choices) };
    if !listens(&mut session, &said) {
        return;
    }
    // Whoever comes next is answered at the second attempt.
    session.abandon_frame();
    let mut sync = vec![0x07, 0x07, 0x12, 0x20];
    sync.resize(36, 0x55);
    let sync = frame(&request(0x08, &sync, 0));
    let mut out = Vec::new();
    for byte in sync.repeat(2) {
        if session.receive(byte, &mut out) == Next::Leave {
            return;
        }
    }
    assert!(out.windows(2).filter(|w| w == b"\x01\x08").count() >= 8, "{out:x?}");
}

/// Whether it is still the loader after these bytes.
fn listens(session: &mut Session, said: &[u8]) -> bool {
    let mut out = Vec::new();
    for byte in said {
        if session.receive(*byte, &mut out) == Next::Leave {
            return false;
        }
        let mut slices = 0;
        while session.is_busy() {
            session.work(&mut out);
            slices += 1;
            assert!(slices <= SLICES_MAX, "its work does not end");
        }
        assert!(out.len() <= OUT_MAX, "{} bytes for one", out.len());
        out.clear();
    }
    true
}

/// Requests one after the other, most of them with the right length and sum.
fn requests(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut said = Vec::new();
    while !choices.is_over() {
        let op = choices.pick(REQUESTS);
        let (mut payload, mut sum) = (Vec::new(), 0);
        match op {
            0x03 | 0x07 | 0x11 => {
                let (number, n) = (choices.below(3) as u32, choices.below(40));
                let data = choices.bytes(n);
                for w in [data.len() as u32, number, 0, 0] {
                    payload.extend(w.to_le_bytes());
                }
                payload.extend(data);
                sum = data.iter().fold(0xef, |sum, b| sum ^ b).into();
            }
            _ => {
                for _ in 0..choices.below(6) {
                    payload.extend(choices.pick(WORDS).to_le_bytes());
                }
            }
        }
        said.extend(match choices.below(8) {
            // An acknowledgement.
            6 => frame(&choices.pick(WORDS).to_le_bytes()),
            7 => {
                let n = choices.below(20);
                choices.bytes(n).to_vec()
            }
            _ => frame(&request(op, &payload, sum)),
        });
    }
    said
}

fn request(op: u8, payload: &[u8], sum: u32) -> Vec<u8> {
    let [low, high] = (payload.len() as u16).to_le_bytes();
    [&[0, op, low, high], &sum.to_le_bytes()[..], payload].concat()
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xc0];
    for b in bytes {
        match b {
            0xc0 => frame.extend([0xdb, 0xdc]),
            0xdb => frame.extend([0xdb, 0xdd]),
            b => frame.push(*b),
        }
    }
    frame.push(0xc0);
    frame
}
