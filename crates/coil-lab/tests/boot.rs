//! What a workshop's board does when it boots, with its radio at the chip's speed, and what a
//! learner's keys do to it at every moment of it. Time is virtual, the gateway's included.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::Outcome;
use coil_board::outside::Stimulus;
use coil_lab::{BoardSpec, Pace, Runner};
use coil_vm::rom::Rom;
use std::path::Path;
use support::MAC;

const MS: u64 = 1000;

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
    let air =
        Air::new(AirConfig::new(AccessPoint::wpa2("workshop", "micropython")).unwrap()).unwrap();
    let (spec, seen) = support::bare("wemos-d1-r32");
    let spec = BoardSpec {
        station: Some(air.attach(MAC)),
        files: files(),
        script: vec![(power_off_us, Stimulus::PowerOff)],
        keys,
        ..spec
    };
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start_with_air(rom, Pace::Virtual, air).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let text = seen.text();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
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
