//! The blocks of a pcapng file, as Wireshark reads them (draft-ietf-opsawg-pcapng). Only writing.

use std::net::Ipv4Addr;

/// The kind of frames.
const ETHERNET: u16 = 1;
/// Secrets of TLS, as lines of `SSLKEYLOGFILE`.
const TLS_KEYS: u32 = 0x544c_534b;

/// Which way a frame went at the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Not said: the interface is the air.
    Unknown,
    In,
    Out,
}

/// The start of a file with one interface, on which moments are in microseconds.
pub(super) fn head(interface: &str, description: &str) -> Vec<u8> {
    let mut section = Vec::new();
    section.extend(0x1a2b_3c4d_u32.to_le_bytes());
    section.extend(1u16.to_le_bytes());
    section.extend(0u16.to_le_bytes());
    // Its length is not known yet.
    section.extend(u64::MAX.to_le_bytes());
    option(&mut section, 4, concat!("Coil ", env!("CARGO_PKG_VERSION")).as_bytes());
    end_of_options(&mut section);
    let mut device = Vec::new();
    device.extend(ETHERNET.to_le_bytes());
    device.extend([0; 2]);
    // Frames are never cut.
    device.extend(0u32.to_le_bytes());
    option(&mut device, 2, interface.as_bytes());
    option(&mut device, 3, description.as_bytes());
    end_of_options(&mut device);
    [block(0x0a0d_0d0a, &section), block(1, &device)].concat()
}

/// What addresses are called.
pub(super) fn names<'a>(names: impl Iterator<Item = (Ipv4Addr, &'a str)>) -> Vec<u8> {
    let mut body = Vec::new();
    for (address, name) in names {
        let record = [&address.octets(), name.as_bytes(), &[0]].concat();
        option(&mut body, 1, &record);
    }
    end_of_options(&mut body);
    block(4, &body)
}

/// A frame at a moment.
pub(super) fn frame(unix_us: u64, frame: &[u8], direction: Direction) -> Vec<u8> {
    let mut body = Vec::with_capacity(frame.len() + 40);
    body.extend(0u32.to_le_bytes());
    moment(&mut body, unix_us);
    let len = u32::try_from(frame.len()).unwrap_or(u32::MAX).to_le_bytes();
    body.extend(len);
    body.extend(len);
    padded(&mut body, frame);
    if direction != Direction::Unknown {
        let flags = if direction == Direction::In { 1u32 } else { 2 };
        option(&mut body, 2, &flags.to_le_bytes());
        end_of_options(&mut body);
    }
    block(6, &body)
}

/// Secrets of TLS sessions whose frames follow.
pub(super) fn secrets(lines: &str) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(TLS_KEYS.to_le_bytes());
    body.extend(u32::try_from(lines.len()).unwrap_or(u32::MAX).to_le_bytes());
    padded(&mut body, lines.as_bytes());
    block(10, &body)
}

/// How many frames have been lost so far.
pub(super) fn losses(unix_us: u64, dropped: u64) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(0u32.to_le_bytes());
    moment(&mut body, unix_us);
    option(&mut body, 5, &dropped.to_le_bytes());
    end_of_options(&mut body);
    block(5, &body)
}

fn moment(body: &mut Vec<u8>, unix_us: u64) {
    body.extend(((unix_us >> 32) as u32).to_le_bytes());
    body.extend((unix_us as u32).to_le_bytes());
}

fn padded(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend_from_slice(bytes);
    body.resize(body.len().next_multiple_of(4), 0);
}

/// Texts are as long as their field can say.
fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    padded(body, value);
}

fn end_of_options(body: &mut Vec<u8>) {
    body.extend([0; 4]);
}

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 12).unwrap_or(u32::MAX).to_le_bytes();
    [&kind.to_le_bytes(), &len[..], body, &len].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_say_their_length_at_both_ends_and_are_made_of_words() {
        let name = "n".repeat(7);
        let all = [
            head("air", "the workshop's"),
            names([(Ipv4Addr::LOCALHOST, name.as_str())].into_iter()),
            frame(0x1_0000_0002, &[1, 2, 3, 4, 5], Direction::Out),
            frame(7, &[], Direction::Unknown),
            secrets("CLIENT_RANDOM 00 11"),
            losses(9, 3),
        ]
        .concat();
        let word = |at: usize| u32::from_le_bytes(all[at..at + 4].try_into().expect("four"));
        let (mut at, mut kinds) = (0, Vec::new());
        while at < all.len() {
            let len = word(at + 4) as usize;
            assert_eq!((len % 4, word(at + len - 4) as usize), (0, len));
            kinds.push(word(at));
            at += len;
        }
        assert_eq!(kinds, [0x0a0d_0d0a, 1, 4, 6, 6, 10, 5]);
    }
}
