//! A package as `upip` takes it: a tar in gzip. Nothing in it is compressed, since the window of old boards is as small as their memory.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::folder::Package;

/// The size of a tar's blocks.
const BLOCK: usize = 512;
/// The longest name that a block has room for.
pub(super) const NAME_MAX: usize = 100;

/// Makes the archive.
pub(super) fn of(package: &Package) -> Vec<u8> {
    let folder = format!("{}-{}", package.name, package.version);
    let mut tar = Vec::new();
    if !package.deps.is_empty() {
        let names: Vec<&str> = package.deps.iter().map(|(name, _)| name.as_str()).collect();
        let path = format!("{folder}/{}.egg-info/requires.txt", package.name);
        push(&mut tar, &path, names.join("\n").as_bytes());
    }
    for file in &package.files {
        push(&mut tar, &format!("{folder}/{}", file.path), &file.content);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    // Memory takes everything.
    let _ = gzip.write_all(&tar);
    gzip.finish().unwrap_or_default()
}

fn push(tar: &mut Vec<u8>, path: &str, content: &[u8]) {
    let mut head = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
    // What the folder has is short enough.
    let name = path.as_bytes();
    put(0, &name[..name.len().min(NAME_MAX)]);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{:011o}\0", content.len()).as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend(head);
    tar.extend(content);
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
}
