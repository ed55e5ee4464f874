//! A flash whose image was changed: a board boots from it, and what reads it only raises.

use crate::board::{Layered, board};
use crate::chance::Choices;
use coil_board::flash::{TABLE_AT, read_table, with_files};
use coil_board::outside::Flash;
use coil_board::vfs::image::FileSystem;

/// First sectors of what a changed image is to be about, and how many of them.
const PLACES: &[(usize, usize)] = &[
    // The partition table.
    (0x8, 1),
    // Settings.
    (0x9, 2),
    // Where the application starts.
    (0x10, 1),
    // The file system: its superblock, and what follows.
    (0x200, 2),
    (0x202, 14),
];

/// Reads all that there is on a flash.
const PROGRAM: &str = "
import esp32, machine, os, vfs
def attempt(f):
    try:
        return f()
    except Exception as e:
        return repr(e)
def walk(at, deep):
    for entry in os.ilistdir(at):
        path = at + '/' + entry[0]
        attempt(lambda: os.stat(path))
        if entry[1] == 0x4000:
            if deep < 5: attempt(lambda: walk(path, deep + 1))
        else:
            attempt(lambda: len(open(path, 'rb').read(9000)))
attempt(lambda: walk('', 0))
attempt(lambda: os.statvfs('/'))
def change():
    with open('f', 'a') as f: f.write('y' * 300)
    with open('new', 'w') as f: f.write('x' * 3000)
    os.rename('new', 'd/z')
    os.remove('big')
    os.mkdir('e')
    os.rmdir('e')
attempt(change)
n = attempt(lambda: esp32.NVS('lab'))
for f in (lambda: n.get_i32('x'), lambda: n.get_blob('b', bytearray(200)), lambda: n.set_blob('c', b'z' * 500),
        lambda: n.erase_key('x'), lambda: n.set_i32('y', 1), lambda: n.commit()):
    attempt(f)
P = esp32.Partition
for kind in (0, 1):
    for p in attempt(lambda: P.find(kind)):
        attempt(lambda: p.info())
        attempt(lambda: p.readblocks(0, bytearray(32)))
attempt(lambda: P(P.RUNNING).info())
attempt(lambda: P(P.RUNNING).get_next_update().info())
attempt(lambda: P('vfs').set_boot())
";

/// Changes a prepared image as the input says, boots from it and reads it.
pub(crate) fn run(input: &[u8]) {
    let mut flash = Layered::prepared();
    let mut choices = Choices(input);
    let n = choices.below(12);
    for _ in 0..n {
        let (first, count) = choices.pick(PLACES);
        let sector = first + choices.below(count);
        let at = usize::from(choices.word()) % 4096;
        let how = choices.below(4);
        let bytes = choices.bytes(1 + how * 4);
        flash.edit(sector, |s| {
            for (to, from) in s[at..].iter_mut().zip(bytes) {
                *to = if how == 0 { *to ^ from } else { *from };
            }
        });
        if choices.one_in(2) {
            flash.edit(sector, |s| mend(sector, s));
        }
    }
    look_into(&mut flash);
    let (mut board, _) = board(Box::new(flash), b"", 100_000);
    board.run_program(PROGRAM.as_bytes(), "flash.py");
}

/// Reads the image as `coil image` does, without a board.
fn look_into(flash: &mut Layered) {
    let mut bytes = vec![0; flash.len() as usize];
    flash.read(0, &mut bytes).expect("the whole flash can be read");
    let table = with_files(read_table(&bytes[TABLE_AT as usize..]), flash.len());
    let Some(p) = table.iter().find(|p| p.is_for_files()) else { return };
    let end = p.offset.saturating_add(p.size).min(flash.len()) as usize;
    let Some(files) = bytes.get_mut(p.offset as usize..end) else { return };
    let Ok(mut fs) = FileSystem::mount(files) else { return };
    for entry in fs.list().unwrap_or_default() {
        // An error is as good as a content here.
        let _ = fs.read(&entry.path);
    }
    let _ = fs.write("/e/new", &[1; 5000]);
}

/// Makes the checksums right again, so that the damage gets past them.
fn mend(sector: usize, bytes: &mut [u8]) {
    if sector < 0x10 {
        // An entry of the settings has the checksum of itself without it.
        for entry in bytes[64..].chunks_exact_mut(32) {
            let mut crc = crc32(0xffff_ffff, &entry[..4]);
            crc = crc32(crc, &entry[8..]);
            entry[4..8].copy_from_slice(&(!crc).to_le_bytes());
        }
    } else if sector >= 0x200 {
        mend_littlefs(bytes);
    }
}

fn crc32(mut crc: u32, bytes: &[u8]) -> u32 {
    for &b in bytes {
        crc ^= u32::from(b);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    crc
}

/// A block of littlefs's metadata: tags that are each XORed with the one before, and a checksum at
/// the end of every commit.
fn mend_littlefs(block: &mut [u8]) {
    let mut crc = crc32(0xffff_ffff, &block[..4]);
    let (mut at, mut before) = (4, 0xffff_ffffu32);
    while at + 8 <= block.len() {
        let stored = [block[at], block[at + 1], block[at + 2], block[at + 3]];
        let tag = u32::from_be_bytes(stored) ^ before;
        if tag & 0x8000_0000 != 0 {
            return;
        }
        crc = crc32(crc, &stored);
        let (kind, len) = (tag >> 20 & 0x7ff, tag & 0x3ff);
        let size = 4 + if len == 0x3ff { 0 } else { len as usize };
        if at + size > block.len() {
            return;
        }
        if kind >> 8 == 5 && kind & 0xff < 0x80 {
            block[at + 4..at + 8].copy_from_slice(&crc.to_le_bytes());
            crc = 0xffff_ffff;
            before = tag ^ (kind & 1) << 31;
        } else {
            crc = crc32(crc, &block[at + 4..at + size]);
            before = tag;
        }
        at += size;
    }
}
