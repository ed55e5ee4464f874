//! What is on the flash when the power goes in the middle of a write.
//!
//! A program runs once on a flash that notes every page it programs and every sector it erases. Then
//! the power is cut before each of these writes and in the middle of it, and a board starts from what
//! the cut has left.

mod board;

use board::{Chip, firmware};
use coil_board::outside::{Bench, Flash, FlashError, RamFlash};
use coil_vm::rom::Rom;
use coil_vm::shared::Shared;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Bytes that the flash chip programs at once, and those that it erases at once.
const PAGE: u32 = 256;
const SECTOR: u32 = 4096;

/// What the flash chip does at once.
#[derive(Clone, Debug)]
enum Write {
    Program(u32, Vec<u8>),
    Erase(u32),
}

/// How far a write got when the power went.
#[derive(Clone, Copy, Debug)]
enum Torn {
    /// It had not begun.
    Nothing,
    /// Its first half is done.
    Half,
    /// Some of the cells have changed, all over the place.
    Cells,
}

const TORN: [Torn; 3] = [Torn::Nothing, Torn::Half, Torn::Cells];

/// Cells that had no time to change; the same ones every time.
fn late(at: u32) -> u8 {
    (at.wrapping_mul(2_654_435_761) >> 21) as u8
}

impl Write {
    fn apply(&self, flash: &mut RamFlash) {
        match self {
            Self::Program(at, bytes) => flash.program(*at, bytes),
            Self::Erase(at) => flash.erase(*at, SECTOR),
        }
        .expect("inside the flash");
    }

    fn tear(&self, flash: &mut RamFlash, how: Torn) {
        match (self, how) {
            (_, Torn::Nothing) => Ok(()),
            (Self::Program(at, bytes), Torn::Half) => flash.program(*at, &bytes[..bytes.len() / 2]),
            (Self::Program(at, bytes), Torn::Cells) => {
                let slow: Vec<u8> = (*at..).zip(bytes).map(|(at, b)| b | late(at)).collect();
                flash.program(*at, &slow)
            }
            (Self::Erase(at), Torn::Half) => flash.erase(*at, SECTOR / 2),
            (Self::Erase(at), Torn::Cells) => {
                let mut cells = vec![0; SECTOR as usize];
                flash.read(*at, &mut cells).expect("inside the flash");
                (*at..).zip(&mut cells).for_each(|(at, c)| *c |= late(at));
                flash.erase(*at, SECTOR).and_then(|()| flash.program(*at, &cells))
            }
        }
        .expect("inside the flash");
    }
}

/// A flash that notes what it does.
#[derive(Clone)]
struct Noted {
    flash: Chip,
    writes: Rc<RefCell<Vec<Write>>>,
}

impl Noted {
    fn on(flash: &RamFlash) -> Self {
        Self { flash: Chip(Rc::new(RefCell::new(flash.clone()))), writes: Rc::default() }
    }

    fn does(&self, write: Write) {
        write.apply(&mut self.flash.0.borrow_mut());
        self.writes.borrow_mut().push(write);
    }
}

impl Flash for Noted {
    fn len(&self) -> u32 {
        self.flash.len()
    }
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError> {
        self.flash.read(at, into)
    }
    fn program(&mut self, mut at: u32, mut bytes: &[u8]) -> Result<(), FlashError> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min((PAGE - at % PAGE) as usize));
            self.does(Write::Program(at, now.to_vec()));
            at += now.len() as u32;
            bytes = later;
        }
        Ok(())
    }
    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        (at..at + len).step_by(SECTOR as usize).for_each(|at| self.does(Write::Erase(at)));
        Ok(())
    }
}

/// Runs a program on a copy of a flash: what it prints, what it writes, and the flash after it.
fn run(rom: &Shared<Rom>, flash: &RamFlash, source: &str) -> (String, Vec<Write>, RamFlash) {
    let noted = Noted::on(flash);
    let text = board::run_on(rom, &noted, source, false, Box::new(Bench::default()));
    let after = noted.flash.0.borrow().clone();
    (text, noted.writes.take(), after)
}

/// Every flash that a power cut during some writes can leave: after how many of them, how far the
/// next one got, and the flash.
fn cuts(flash: &RamFlash, writes: &[Write], mut f: impl FnMut(usize, Torn, &RamFlash)) {
    let mut flash = flash.clone();
    for (n, write) in writes.iter().enumerate() {
        for torn in TORN {
            let mut left = flash.clone();
            write.tear(&mut left, torn);
            f(n, torn, &left);
        }
        write.apply(&mut flash);
    }
}

/// A flash whose first boot is over.
fn booted(rom: &Shared<Rom>) -> RamFlash {
    run(rom, &RamFlash::new(4 << 20), "").2
}

// ---- files ----

/// One change of a file that a program makes.
#[derive(Clone, Copy)]
enum Change {
    /// A file is written anew: so many of a character.
    Write(&'static str, char, usize),
    /// The same at its end.
    Append(&'static str, char, usize),
    Rename(&'static str, &'static str),
    Remove(&'static str),
    Mkdir(&'static str),
}

use Change::{Append, Mkdir, Remove, Rename, Write as Put};

const CHANGES: &[Change] = &[
    Put("small", 'a', 10),
    Put("large", 'b', 5000),
    Mkdir("dir"),
    Put("dir/middle", 'c', 700),
    Append("small", 'd', 50),
    Append("large", 'e', 4200),
    Append("small", 'f', 300),
    Rename("small", "dir/moved"),
    Rename("dir/middle", "large"),
    Put("dir/moved", 'g', 9000),
    Put("dir/moved", 'h', 3),
    Remove("large"),
    Mkdir("dir/deeper"),
    Rename("dir/moved", "dir/deeper/there"),
    Put("note", 'i', 1),
];

/// The changes, and then as many short ones as make the directory move to fresh blocks.
fn changes() -> Vec<Change> {
    let log = (0..60).flat_map(|i| {
        let c = char::from(b'A' + i % 26);
        [Append("log", c, 7), Put("note", c, 4)]
    });
    CHANGES.iter().copied().chain(log).collect()
}

fn program(changes: &[Change]) -> String {
    let line = |change: &Change| match change {
        Put(path, c, n) => format!("put('{path}', 'w', '{c}', {n})\n"),
        Append(path, c, n) => format!("put('{path}', 'a', '{c}', {n})\n"),
        Rename(from, to) => format!("os.rename('{from}', '{to}')\n"),
        Remove(path) => format!("os.remove('{path}')\n"),
        Mkdir(path) => format!("os.mkdir('{path}')\n"),
    };
    "import os
def put(path, mode, c, n):
    with open(path, mode) as f:
        f.write(c * n)
"
    .to_owned()
        + &changes.iter().map(line).collect::<String>()
}

/// What is in the files: runs of the same character.
type Files = BTreeMap<&'static str, Vec<(char, usize)>>;

fn apply(files: &mut Files, change: Change) {
    match change {
        Put(path, c, n) => {
            files.insert(path, vec![(c, n)]);
        }
        Append(path, c, n) => files.entry(path).or_default().push((c, n)),
        Rename(from, to) => {
            let runs = files.remove(from).expect("it is there");
            files.insert(to, runs);
        }
        Remove(path) => {
            files.remove(path).expect("it is there");
        }
        Mkdir(_) => {}
    }
}

fn shown(files: &Files) -> String {
    let line = |(path, runs): (&&str, &Vec<(char, usize)>)| {
        let runs: String = runs.iter().map(|(c, n)| format!(" {c}{n}")).collect();
        format!("{path}{runs}\n")
    };
    files.iter().map(line).collect()
}

/// Shows the files in the same way, and then whether the file system can still be written.
const LOOK: &str = "
import os
def walk(folder):
    for e in os.ilistdir(folder):
        path = folder + '/' + e[0] if folder else e[0]
        if e[1] == 0x4000:
            yield from walk(path)
        elif path != 'boot.py':
            yield path
for path in sorted(walk('')):
    runs, last, n = '', '', 0
    for c in open(path).read() + '.':
        if c != last:
            if n:
                runs += ' %s%d' % (last, n)
            last, n = c, 0
        n += 1
    print(path + runs)
with open('after', 'w') as f:
    f.write('x' * 500)
print(open('after').read() == 'x' * 500, len(open('boot.py').read()) > 100)
";

#[test]
fn no_closed_file_is_lost_wherever_the_power_is_cut() {
    let rom = firmware();
    let start = booted(&rom);
    let changes = changes();
    // How many writes are done after so many changes: programs do the same every time.
    let done: Vec<usize> =
        (0..=changes.len()).map(|k| run(&rom, &start, &program(&changes[..k])).1.len()).collect();
    let (_, writes, _) = run(&rom, &start, &program(&changes));
    assert!(writes.iter().filter(|w| matches!(w, Write::Erase(_))).count() > 10);
    let mut states = vec![Files::new()];
    for &change in &changes {
        let mut files = states.last().expect("there is one").clone();
        apply(&mut files, change);
        states.push(files);
    }
    let mut count = 0;
    cuts(&start, &writes, |n, torn, left| {
        count += 1;
        // The change that was going on is done whole or not at all, but that a new file may be there
        // before it has any content; those before it are done.
        let going_on = done.partition_point(|&d| d <= n);
        let mut made = states[going_on - 1].clone();
        if let Put(path, ..) | Append(path, ..) = changes[going_on - 1] {
            made.entry(path).or_default();
        }
        let possible = [&states[going_on - 1], &made, &states[going_on]].map(shown);
        let (text, ..) = run(&rom, left, LOOK);
        let files =
            text.strip_suffix("True True\n").unwrap_or_else(|| panic!("{n} {torn:?} {text}"));
        assert!(
            possible.iter().any(|p| p == files),
            "cut at write {n} ({torn:?}), change {going_on}:\n{files}\nneither\n{}\nnor\n{}",
            possible[0],
            possible[2]
        );
    });
    assert!(count > 500, "{count}");
}

#[test]
fn a_fat_file_system_can_be_mounted_wherever_the_power_is_cut() {
    let rom = firmware();
    let format = "
import vfs
from esp32 import Partition
p = Partition.find(Partition.TYPE_DATA, label='vfs')[0]
vfs.umount('/')
vfs.VfsFat.mkfs(p)
vfs.mount(p, '/')
";
    let (_, _, start) = run(&rom, &booted(&rom), format);
    let (text, writes, _) = run(&rom, &start, &program(CHANGES));
    assert_eq!(text, "");
    let look = "
import os, vfs
print(type(vfs.mount()[0][0]).__name__, os.statvfs('/')[0])
try:
    os.listdir('/')
except OSError as e:
    pass
vfs.umount('/')
from esp32 import Partition
p = Partition.find(Partition.TYPE_DATA, label='vfs')[0]
vfs.VfsFat.mkfs(p)
vfs.mount(p, '/')
with open('after', 'w') as f:
    f.write('x')
print(os.listdir('/'))
";
    cuts(&start, &writes, |n, torn, left| {
        let (text, ..) = run(&rom, left, look);
        assert_eq!(text, "VfsFat 4096\n['after']\n", "cut at write {n} ({torn:?})");
    });
}

// ---- settings ----

/// Settings are numbers, or so many bytes of a value; nothing is a key that is not there.
#[derive(Clone, Copy)]
enum Setting {
    Number(&'static str, i32),
    Bytes(&'static str, u8, usize),
    Gone(&'static str),
}

use Setting::{Bytes, Gone, Number};

/// Changes that fill all pages and make the settings move from one to another, more than once round.
fn settings() -> Vec<Setting> {
    let mut all = vec![
        Number("kept", 1),
        Bytes("small", 1, 20),
        Bytes("large", 2, 5000),
        Number("moving", 7),
        Bytes("large", 3, 4500),
        Gone("moving"),
        Number("moving", 8),
        Gone("large"),
        Bytes("large", 4, 6000),
    ];
    for i in 0..5 {
        all.push(Bytes("large", 5 + i, 3000 + 400 * usize::from(i)));
        all.push(Number("counter", i.into()));
        all.push(Bytes("small", i, 33));
    }
    all
}

fn settings_program(settings: &[Setting]) -> String {
    let line = |s: &Setting| match s {
        Number(key, n) => format!("n.set_i32('{key}', {n})\n"),
        Bytes(key, b, len) => format!("n.set_blob('{key}', bytes([{b}]) * {len})\n"),
        Gone(key) => format!("n.erase_key('{key}')\n"),
    };
    "from esp32 import NVS\nn = NVS('lab')\n".to_owned()
        + &settings.iter().map(line).collect::<String>()
}

/// What the settings are after so many changes.
fn settings_shown(settings: &[Setting]) -> String {
    let mut now = BTreeMap::new();
    for s in settings {
        match s {
            Number(key, n) => now.insert(*key, format!("{key} {n}\n")),
            Bytes(key, b, len) => now.insert(*key, format!("{key} {b}*{len}\n")),
            Gone(key) => now.remove(key),
        };
    }
    now.into_values().collect()
}

/// Shows the settings in the same way, and then whether they can still be set.
const LOOK_AT_SETTINGS: &str = "
from esp32 import NVS
n, buffer = NVS('lab'), bytearray(6000)
for key in ('counter', 'kept', 'large', 'moving', 'small'):
    try:
        print(key, n.get_i32(key))
    except OSError:
        pass
    try:
        size = n.get_blob(key, buffer)
        print('%s %d*%d' % (key, buffer[0], size) if set(buffer[:size]) == {buffer[0]} else 'mixed')
    except OSError:
        pass
for i in range(20):
    n.set_i32('after', i)
n.set_blob('small', b'after')
print(n.get_i32('after'), n.get_blob('small', buffer))
";

#[test]
fn settings_are_the_old_or_the_new_ones_wherever_the_power_is_cut() {
    let rom = firmware();
    let (_, _, start) = run(&rom, &booted(&rom), "from esp32 import NVS\nNVS('lab')\n");
    let settings = settings();
    let done: Vec<usize> = (0..=settings.len())
        .map(|k| run(&rom, &start, &settings_program(&settings[..k])).1.len())
        .collect();
    let (text, writes, _) = run(&rom, &start, &settings_program(&settings));
    assert_eq!(text, "");
    let erased = writes.iter().filter(|w| matches!(w, Write::Erase(_))).count();
    assert!(erased > 12, "{erased} sectors: the settings have not gone round");
    let check = |n: usize, what: &str, left: &RamFlash| {
        let going_on = done.partition_point(|&d| d <= n);
        let possible = [going_on - 1, going_on].map(|k| settings_shown(&settings[..k]));
        let (text, ..) = run(&rom, left, LOOK_AT_SETTINGS);
        let found = text.strip_suffix("19 5\n").unwrap_or_else(|| panic!("{n} {what}: {text}"));
        assert!(
            possible.iter().any(|p| p == found),
            "cut at write {n} ({what}), change {going_on}:\n{found}\nneither\n{}\nnor\n{}",
            possible[0],
            possible[1]
        );
    };
    let (mut moves, mut again) = (0, 0);
    cuts(&start, &writes, |n, torn, left| {
        check(n, &format!("{torn:?}"), left);
        // The power goes once more while the next start clears up. Moving a page's items on is long:
        // of those starts only some are cut, and not at each of their writes.
        let (_, clearing, _) = run(&rom, left, "");
        let mut step = 1;
        if clearing.len() > 20 {
            moves += 1;
            step = clearing.len() / 10;
            if moves % 100 != 1 {
                return;
            }
        }
        cuts(left, &clearing, |m, torn_again, left| {
            if m % step == 0 {
                again += 1;
                check(n, &format!("{torn:?}, then at {m} {torn_again:?}"), left);
            }
        });
    });
    assert!(again > 100 && moves > 50, "{again} {moves}");
}

// ---- the choice of what starts ----

const RUNNING: &str = "from esp32 import Partition as P\nprint(P(P.RUNNING).info()[4])\n";

/// What a program does to the choice, from the label of what runs to that of what starts then.
const CHOICES: [(&str, &str, &str); 6] = [
    ("P.find(P.TYPE_APP, label='ota_1')[0].set_boot()", "ota_0", "ota_1"),
    // It starts, and proves itself.
    ("P.mark_app_valid_cancel_rollback()", "ota_1", "ota_1"),
    ("P.find(P.TYPE_APP, label='ota_0')[0].set_boot()", "ota_1", "ota_0"),
    ("P.mark_app_valid_cancel_rollback()", "ota_0", "ota_0"),
    ("P.find(P.TYPE_APP, label='ota_1')[0].set_boot()", "ota_0", "ota_1"),
    // It does not prove itself: the next start is the way back.
    ("pass", "ota_1", "ota_0"),
];

#[test]
fn a_choice_that_can_be_started_is_left_wherever_the_power_is_cut() {
    let rom = firmware();
    let mut empty = RamFlash::new(4 << 20);
    board::put_update_table(&mut empty);
    // Both applications are there.
    let copy = "
from esp32 import Partition as P
here, there = P(P.RUNNING), P(P.RUNNING).get_next_update()
block = bytearray(4096)
for n in range(4):
    here.readblocks(n, block)
    there.writeblocks(n, block)
";
    let (text, _, mut flash) = run(&rom, &empty, copy);
    assert_eq!(text, "");
    let mut count = 0;
    for (step, (what, from, to)) in CHOICES.into_iter().enumerate() {
        let program = format!("{RUNNING}{what}\n");
        let (text, writes, after) = run(&rom, &flash, &program);
        assert_eq!(text, format!("{from}\n"), "step {step}");
        cuts(&flash, &writes, |n, torn, left| {
            count += 1;
            let place = format!("step {step}, cut at write {n} ({torn:?})");
            // What starts is there, whatever the cut has left, and the start after that too.
            let (first, _, left) = run(&rom, left, RUNNING);
            let (second, _, left) = run(&rom, &left, RUNNING);
            for text in [&first, &second] {
                assert!(["ota_0\n", "ota_1\n"].contains(&text.as_str()), "{place}: {text}");
            }
            // A choice that is made again holds.
            for label in ["ota_1", "ota_0"] {
                let choose = format!(
                    "from esp32 import Partition as P\nP.find(P.TYPE_APP, label='{label}')[0].set_boot()\n"
                );
                let (text, _, left) = run(&rom, &left, &choose);
                assert_eq!(text, "", "{place}");
                let (text, ..) = run(&rom, &left, RUNNING);
                assert_eq!(text, format!("{label}\n"), "{place}");
            }
        });
        flash = after;
        let (text, ..) = run(&rom, &flash, RUNNING);
        assert_eq!(text, format!("{to}\n"), "step {step}");
    }
    assert!(count > 30, "{count}");
}

#[test]
fn an_entry_with_the_last_number_there_is_can_be_followed() {
    let rom = firmware();
    let mut flash = RamFlash::new(4 << 20);
    board::put_update_table(&mut flash);
    let choose = "
from esp32 import Partition as P
import binascii
last = (0xfffffffe).to_bytes(4, 'little')
entry = last + b'\\xff' * 20 + b'\\x02\\0\\0\\0' + binascii.crc32(last, 0xffffffff).to_bytes(4, 'little')
P.find(P.TYPE_DATA, label='otadata')[0].writeblocks(0, entry + bytes(4096 - 32))
print(P(P.BOOT).info()[4])
P.find(P.TYPE_APP, label='ota_0')[0].set_boot()
print(P(P.BOOT).info()[4])
";
    let (text, ..) = run(&rom, &flash, choose);
    assert_eq!(text, "ota_1\nota_0\n");
}
