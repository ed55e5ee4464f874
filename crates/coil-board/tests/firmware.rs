//! What older firmware does otherwise: every script under `firmware/<profile>/` prints what the file beside it
//! says, on a board with that profile.
//!
//! The expectations are facts of those versions (`docs/board/firmware.md` says from where), not the output
//! of a program that ran them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod board;

use board::{Chip, NoTls};
use coil_board::outside::{Bench, NoRadio};
use coil_board::{Board, Outcome, Profile, Setup};
use coil_testkit::{Kept, check_scripts};
use std::path::Path;
use std::rc::Rc;

const PROFILES: [(&str, &str); 3] = [
    ("1.11", include_str!("../../../firmware/profiles/1.11.toml")),
    ("1.19.1", include_str!("../../../firmware/profiles/1.19.1.toml")),
    ("current", include_str!("../../../firmware/profiles/current.toml")),
];

fn profile(name: &str) -> Profile {
    let text = PROFILES.iter().find(|p| p.0 == name).expect("there is such a profile").1;
    toml::from_str(text).expect("the profile is well-formed")
}

/// What a program prints on a board with this firmware that has just got power for the first time.
fn run(profile: &Profile, source: &str, stress: bool) -> String {
    let device = include_str!("../../../devices/esp32-devkitc.toml");
    let port = Kept::default();
    let out = port.output();
    let mut board = Board::new(Setup {
        profile: Rc::new(profile.clone()),
        device: Rc::new(toml::from_str(device).unwrap()),
        rom: coil_board::modules::rom(profile),
        port: Box::new(port),
        wires: Box::new(Bench::default()),
        radio: Box::new(NoRadio::default()),
        tls: Box::new(NoTls),
        flash: Box::new(Chip::erased()),
        mac: [0x24, 0x0a, 0xc4, 0, 0, 1],
        rtc_offset_us: 0,
        boot_text: false,
        single_precision: true,
        heap: stress.then_some(1 << 20),
        files: Vec::new(),
    });
    board.vm().gc_stress = stress;
    if let Outcome::Raised(text) = board.run_program(source.as_bytes(), "script.py") {
        out.add(&text);
    }
    out.text()
}

fn check(name: &str) {
    let profile = profile(name);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/firmware").join(name);
    check_scripts(&folder, |source| Some(run(&profile, source, false)));
    // Once more with memory collected at every allocation, but for what asks for the heap's size.
    check_scripts(&folder, |source| {
        (!source.starts_with("# once")).then(|| run(&profile, source, true))
    });
}

#[test]
fn micropython_1_11_prints_this() {
    check("1.11");
}

#[test]
fn micropython_1_19_1_prints_this() {
    check("1.19.1");
}

/// Names that are not there have to be names that are there now, or they are misspelt.
#[test]
fn what_a_profile_leaves_out_is_in_the_current_firmware_and_not_in_its_own() {
    let current = profile("current");
    for name in ["1.11", "1.19.1"] {
        let old = profile(name);
        for path in &old.modules.absent {
            let (module, rest) = path.split_once('.').unwrap_or((path, ""));
            let mut program = format!("import {module} as x\n");
            for part in rest.split('.').filter(|p| !p.is_empty()) {
                program += &format!("x = x.{part}\n");
            }
            assert_eq!(run(&current, &program, false), "", "{path} is in the current firmware");
            let text = run(&old, &program, false);
            assert!(
                text.contains("AttributeError") || text.contains("ImportError"),
                "{path} is not in {name}: {text}"
            );
        }
    }
}

#[test]
fn every_older_row_and_every_frozen_name_of_a_profile_is_there() {
    for name in ["1.11", "1.19.1"] {
        let old = profile(name);
        for path in &old.modules.older {
            let Some((owner, attr)) = path.rsplit_once('.') else {
                assert_eq!(run(&old, &format!("import u{path}, {path}\n"), false), "", "{path}");
                continue;
            };
            let (module, class) = owner.split_once('.').unwrap_or((owner, ""));
            let dot = if class.is_empty() { "" } else { "." };
            let program = format!("import {module}\n{module}{dot}{class}.{attr}\n");
            assert_eq!(run(&old, &program, false), "", "{path}");
        }
        // Some print or ask when they are imported.
        let listed = run(&old, "help('modules')\n", false);
        for module in old.modules.frozen.iter().flatten() {
            let is_it = |word: &str| word == module || word.starts_with(&format!("{module}/"));
            assert!(listed.split_whitespace().any(is_it), "{module} in {listed}");
        }
        for file in &old.modules.lib {
            let module = file.trim_end_matches(".py");
            let program = format!("import {module}\nprint({module}.__file__)\n");
            assert_eq!(run(&old, &program, false), format!("/lib/{file}\n"));
        }
    }
}
