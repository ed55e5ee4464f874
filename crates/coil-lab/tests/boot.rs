//! What a workshop's board does when it boots, with its radio at the chip's speed, and what a
//! learner's keys do to it at every moment of it. Time is virtual, the gateway's included.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::Outcome;
use coil_board::outside::{RamFlash, Stimulus};
use coil_lab::{BoardSpec, Console, Pace, Runner, catalog};
use coil_vm::rom::Rom;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

struct Screen(Arc<Mutex<Vec<u8>>>, Sender<Outcome>);

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().unwrap().extend_from_slice(bytes);
    }
    fn end(&mut self, outcome: Outcome) {
        let _ = self.1.send(outcome);
    }
}

const MS: u64 = 1000;
const MAC: [u8; 6] = [0x24, 0x0a, 0xc4, 0, 0, 1];

/// What is on a new board of a workshop.
fn files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workshop/board");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

/// What a workshop's board shows until it loses its power.
fn boot(keys: Vec<(u64, Vec<u8>)>, power_off_us: u64) -> String {
    let (done, outcome) = channel();
    let output = Arc::new(Mutex::new(Vec::new()));
    let device = catalog::device("wemos-d1-r32").unwrap();
    let air =
        Air::new(AirConfig::new(AccessPoint::wpa2("workshop", "micropython")).unwrap()).unwrap();
    let spec = BoardSpec {
        profile: catalog::profile("current").unwrap(),
        flash: Box::new(RamFlash::new(device.flash_bytes)),
        device,
        station: Some(air.attach(MAC)),
        mac: MAC,
        rtc_offset_us: 0,
        boot_text: false,
        single_precision: true,
        gc_stress: false,
        heap: None,
        files: files(),
        bench: coil_board::outside::Bench::default(),
        script: vec![(power_off_us, Stimulus::PowerOff)],
        keys,
        seed: 1,
        program: None,
        console: Box::new(Screen(output.clone(), done)),
        observer: None,
    };
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start_with_air(rom, Pace::Virtual, air).unwrap();
    runner.add(spec);
    let ended = outcome.recv_timeout(Duration::from_secs(60));
    runner.stop();
    let text = String::from_utf8(output.lock().unwrap().clone()).unwrap();
    assert_eq!(ended, Ok(Outcome::Done), "{text}");
    text
}

const SECOND: u64 = 1000 * MS;

#[test]
fn a_board_joins_and_sets_its_clock_the_same_way_every_time() {
    let text = boot(Vec::new(), 20 * SECOND);
    assert!(text.contains("WiFi: connected, address 192.168.1."), "{text}");
    assert!(text.contains("Clock: 2026-01-01 00:00:0"), "{text}");
    assert_eq!(boot(Vec::new(), 20 * SECOND), text);
}

#[test]
fn a_ctrl_c_and_a_soft_reset_while_it_joins_make_it_join_anew() {
    let mut interrupted = 0;
    for at in (20..4000).step_by(70) {
        let keys =
            vec![(at * MS, b"\x03".to_vec()), ((at + 5 + at % 3 * 100) * MS, b"\x04".to_vec())];
        let text = boot(keys, 30 * SECOND);
        let (before, after) = text.split_once("MPY: soft reboot\r\n").expect(&text);
        interrupted += usize::from(before.contains("KeyboardInterrupt"));
        assert!(
            after.contains("WiFi: connected, address") && after.contains("Clock: 2026-01-01"),
            "Ctrl-C after {at} ms: {text}"
        );
    }
    assert!(interrupted > 10, "most came while boot.py ran, not {interrupted}");
}

#[test]
fn a_board_that_wakes_from_deep_sleep_joins_again() {
    let keys = vec![(20 * SECOND, b"import machine; machine.deepsleep(600_000)\r".to_vec())];
    let text = boot(keys, 660 * SECOND);
    let (before, after) = text.split_once("deepsleep").expect(&text);
    assert!(before.contains("WiFi: connected, address 192.168.1."), "{text}");
    assert!(after.contains("WiFi: connected, address 192.168.1."), "{text}");
    assert!(after.contains("Clock: 2026-01-01 00:10:2"), "{text}");
}
