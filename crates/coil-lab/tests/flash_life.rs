//! The life of a board's files, seen from its console: the first start of an erased flash, a corrupt
//! file system, and what helps. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::{Flash, FlashError, RamFlash, Stimulus};
use coil_lab::{BoardSpec, Pace, Runner, catalog};
use coil_vm::rom::Rom;
use std::sync::{Arc, Mutex};

/// A flash that outlives its board.
#[derive(Clone)]
struct Kept(Arc<Mutex<RamFlash>>);

impl Kept {
    fn erased() -> Self {
        Self(Arc::new(Mutex::new(RamFlash::new(4 << 20))))
    }
}

impl Flash for Kept {
    fn len(&self) -> u32 {
        self.0.lock().unwrap().len()
    }
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError> {
        self.0.lock().unwrap().read(at, into)
    }
    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), FlashError> {
        self.0.lock().unwrap().program(at, bytes)
    }
    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        self.0.lock().unwrap().erase(at, len)
    }
}

const MS: u64 = 1000;
const SECOND: u64 = 1000 * MS;
const FILES_AT: u32 = 0x20_0000;
const BANNER: &str = "MicroPython v1.29.0 on 2026-08-29; Generic ESP32 module with ESP32\r\n";
const CORRUPT: &str = "The filesystem appears to be corrupted. If you had important data there, you\r\n\
    may want to make a flash snapshot to try to recover it. Otherwise, perform\r\n\
    factory reprogramming of MicroPython firmware (completely erase flash, followed\r\n\
    by firmware programming).\r\n\r\n";

/// What a board with this flash shows until it loses its power; keys come at their times.
fn console(flash: &Kept, keys: &[(u64, &str)], power_off_us: u64) -> String {
    scripted(flash, keys, vec![(power_off_us, Stimulus::PowerOff)])
}

fn scripted(flash: &Kept, keys: &[(u64, &str)], script: Vec<(u64, Stimulus)>) -> String {
    let (spec, seen) = support::bare("esp32-devkitc");
    let spec = BoardSpec {
        flash: Box::new(flash.clone()),
        files: vec![("lib/own.py".into(), b"own = 1\n".to_vec())],
        script,
        keys: keys.iter().map(|(at, keys)| (*at, keys.as_bytes().to_vec())).collect(),
        ..spec
    };
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let text = seen.text();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
    text
}

#[test]
fn an_erased_flash_is_set_up_once() {
    let flash = Kept::erased();
    let keys = [(500 * MS, "import os; os.listdir(), os.listdir('lib')\r")];
    let first = console(&flash, &keys, 2 * SECOND);
    assert!(first.starts_with(&format!("Performing initial setup\r\n{BANNER}")), "{first}");
    assert!(first.contains("(['boot.py', 'lib'], ['own.py'])\r\n"), "{first}");
    let keys = [(500 * MS, "print(open('boot.py').read())\r")];
    let second = console(&flash, &keys, 2 * SECOND);
    assert!(second.starts_with(BANNER), "{second}");
    assert!(
        second.contains(
            "# This file is executed on every boot (including wake-boot from deepsleep)\r\n#import esp\r\n"
        ),
        "{second}"
    );
}

#[test]
fn a_corrupt_file_system_is_told_every_three_seconds_and_ctrl_c_leads_to_the_prompt() {
    let mut flash = Kept::erased();
    console(&flash, &[], SECOND);
    // Both copies of the first directory.
    for block in 0..2 {
        flash.program(FILES_AT + block * 4096, &[0; 64]).unwrap();
    }
    let text = console(&flash, &[(SECOND, "1\r")], 10 * SECOND);
    assert_eq!(text, CORRUPT.repeat(4), "at 0, 3, 6 and 9 seconds, and no prompt");
    let keys = [
        (4 * SECOND, "\x03"),
        (5 * SECOND, "import os, vfs; os.listdir('/')\r"),
        (6 * SECOND, "from flashbdev import bdev\rvfs.VfsLfs2.mkfs(bdev)\rvfs.mount(bdev, '/')\r"),
        (7 * SECOND, "f = open('main.py', 'w'); f.write('print(6 * 7)'); f.close()\r"),
        (8 * SECOND, "\x04"),
    ];
    let text = console(&flash, &keys, 10 * SECOND);
    let (before, after) = text.split_once("Traceback (most recent call last):\r\n").expect(&text);
    assert_eq!(before, CORRUPT.repeat(2), "at 0 and 3 seconds");
    assert!(after.starts_with("  File \"_boot.py\", line 11, in <module>\r\n"), "{after}");
    assert!(after.contains(&format!("KeyboardInterrupt: \r\n{BANNER}")), "{after}");
    assert!(after.contains("os.listdir('/')\r\n[]\r\n>>> "), "{after}");
    assert!(after.contains(&format!("MPY: soft reboot\r\n42\r\n{BANNER}")), "{after}");
    let text = console(&flash, &[], SECOND);
    assert!(text.starts_with("42\r\n"), "{text}");
}

#[test]
fn older_firmware_tells_of_corrupt_files_as_often_in_its_words() {
    for (firmware, what) in [("1.11", "FAT filesystem"), ("1.19.1", "The filesystem")] {
        let mut flash = Kept::erased();
        flash.program(FILES_AT, b"something else").unwrap();
        let (spec, seen) = support::bare("esp32-devkitc");
        let profile = catalog::profile(firmware).unwrap();
        let rom = coil_board::modules::rom(&profile);
        let spec = BoardSpec {
            profile,
            flash: Box::new(flash.clone()),
            script: vec![(7 * SECOND, Stimulus::PowerOff)],
            keys: vec![(4 * SECOND, b"\x03".to_vec()), (5 * SECOND, b"print('awake')\r".to_vec())],
            ..spec
        };
        let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
        runner.add(spec);
        assert_eq!(seen.end(), Some(Outcome::Done));
        runner.stop();
        let text = seen.text();
        let told = CORRUPT.replace("The filesystem", what).repeat(2);
        assert!(text.starts_with(&(told + "Traceback")), "{text}");
        assert!(text.contains("KeyboardInterrupt: \r\nMicroPython v"), "{text}");
        assert!(text.contains("\r\nawake\r\n"), "{text}");
    }
}

#[test]
fn the_chip_can_be_reset_while_its_file_system_is_corrupt() {
    let mut flash = Kept::erased();
    flash.program(FILES_AT, b"something else").unwrap();
    let text = scripted(
        &flash,
        &[],
        vec![(4 * SECOND, Stimulus::Reset), (8 * SECOND, Stimulus::PowerOff)],
    );
    assert_eq!(text, CORRUPT.repeat(4), "at 0 and 3 seconds, and so again after the reset");
    let mut head = [0; 14];
    flash.read(FILES_AT, &mut head).unwrap();
    assert_eq!(head, *b"something else", "nothing of it was touched");
}
