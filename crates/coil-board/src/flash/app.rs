//! Application images: the one that stands for this firmware on a new flash, and the check that
//! the boot loader makes before it starts one.

use super::Region;
use crate::chip::Chip;
use crate::profile::Profile;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// The first byte of an image.
const MAGIC: u8 = 0xe9;
/// Bytes of the header.
const HEADER: usize = 24;
/// Where the header counts the segments.
const SEGMENTS: usize = 1;
/// Where the header says that a digest follows.
const HASHED: usize = 23;
/// Segments at most.
const SEGMENTS_MAX: u8 = 16;
/// Bytes of a segment's header: load address and length.
const SEGMENT_HEADER: u32 = 8;
/// What the check sum starts with.
const SUM_START: u8 = 0xef;
/// Bytes read at a time.
const CHUNK: u32 = 1024;

/// How the description of an application starts.
const DESCRIPTION_MAGIC: u32 = 0xabcd_5432;
/// Bytes of it.
const DESCRIPTION: usize = 256;
/// Where constants are mapped: that is where the description is loaded.
const CONSTANTS: u32 = 0x3f40_0020;

/// The image that stands for the firmware: its description, and no code, for it runs elsewhere.
pub fn image(profile: &Profile) -> Vec<u8> {
    let mut image = vec![0; HEADER];
    // DIO mode, 40 MHz, 4 MB.
    image[..4].copy_from_slice(&[MAGIC, 1, 2, 0x20]);
    image[8] = 0xee;
    image[HASHED] = 1;
    image.extend_from_slice(&CONSTANTS.to_le_bytes());
    image.extend_from_slice(&(DESCRIPTION as u32).to_le_bytes());
    let start = image.len();
    image.resize(start + DESCRIPTION, 0);
    image[start..start + 4].copy_from_slice(&DESCRIPTION_MAGIC.to_le_bytes());
    let texts = [(16, profile.version.as_str()), (48, "micropython"), (96, profile.date.as_str())];
    for (at, text) in texts {
        let n = text.len().min(if at == 96 { 15 } else { 31 });
        image[start + at..start + at + n].copy_from_slice(&text.as_bytes()[..n]);
    }
    let sum = image[start..].iter().fold(SUM_START, |s, b| s ^ b);
    // The sum is the last byte of a row of sixteen.
    image.resize(image.len() / 16 * 16 + 15, 0);
    image.push(sum);
    let digest = Sha256::digest(&image);
    image.extend_from_slice(&digest);
    image
}

/// What the description in an application's bytes says: version and name of the project.
pub fn description(image: &[u8]) -> Option<(String, String)> {
    let at = HEADER + SEGMENT_HEADER as usize;
    let d = image.get(at..at + DESCRIPTION)?;
    let text = |from: usize| {
        let bytes = &d[from..from + 32];
        let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    };
    let is_one = image[0] == MAGIC && d[..4] == DESCRIPTION_MAGIC.to_le_bytes();
    is_one.then(|| (text(16), text(48)))
}

/// Whether a partition holds an image that can be started: segments inside it, check sum and
/// digest right.
pub(super) fn is_valid(chip: &Chip, region: Region) -> bool {
    verify(chip, region).is_some()
}

fn verify(chip: &Chip, region: Region) -> Option<()> {
    let mut hash = Sha256::new();
    let read = |at: u32, into: &mut [u8], hash: Option<&mut Sha256>| {
        if region.read(chip, at, into) != 0 {
            return None;
        }
        if let Some(hash) = hash {
            hash.update(&*into);
        }
        Some(())
    };
    let mut header = [0; HEADER];
    read(0, &mut header, Some(&mut hash))?;
    if header[0] != MAGIC || header[SEGMENTS] == 0 || header[SEGMENTS] > SEGMENTS_MAX {
        return None;
    }
    let (mut at, mut sum) = (HEADER as u32, SUM_START);
    for _ in 0..header[SEGMENTS] {
        let mut segment = [0; SEGMENT_HEADER as usize];
        read(at, &mut segment, Some(&mut hash))?;
        at += SEGMENT_HEADER;
        let mut left = u32::from_le_bytes([segment[4], segment[5], segment[6], segment[7]]);
        if !left.is_multiple_of(4) || left > region.size {
            return None;
        }
        while left > 0 {
            let mut part = vec![0; left.min(CHUNK) as usize];
            read(at, &mut part, Some(&mut hash))?;
            sum = part.iter().fold(sum, |s, b| s ^ b);
            at += part.len() as u32;
            left -= part.len() as u32;
        }
    }
    let mut rest = vec![0; (at / 16 * 16 + 16 - at) as usize];
    read(at, &mut rest, Some(&mut hash))?;
    at += rest.len() as u32;
    if rest.last() != Some(&sum) {
        return None;
    }
    if header[HASHED] == 1 {
        let mut digest = [0; 32];
        read(at, &mut digest, None)?;
        if hash.finalize()[..] != digest {
            return None;
        }
    }
    Some(())
}
