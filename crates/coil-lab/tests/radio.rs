//! Boards and access points of every kind around them: which networks they see and join, the networks that they make themselves, and
//! what they say to each other without one. In steps of virtual time.
//!
//! A case is a file in `radio/`: a line `#### name` begins the program of a board, `#### air` the access points, and
//! `# firmware: 1.11 current` at the top says what the boards have, one after the other. What each board prints is in the `.exp` beside it,
//! which has the firmware in its name where there are several.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::Outcome;
use coil_lab::recording::{Recorder, Recording, Start, VERSION};
use coil_lab::{BoardSpec, Pace, Runner, catalog};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use support::Seen;

/// Longer than any of the boards runs.
const LONG_US: u64 = 400_000_000;

struct Case {
    firmware: Vec<String>,
    access_points: Vec<AccessPoint>,
    /// Names and programs.
    boards: Vec<(String, String)>,
}

impl Case {
    fn read(text: &str) -> Self {
        let mut case = Self {
            firmware: vec!["current".into()],
            access_points: vec![AccessPoint::wpa2("workshop", "micropython")],
            boards: Vec::new(),
        };
        let mut parts = text.split("#### ");
        for line in parts.next().unwrap().lines() {
            if let Some(firmware) = line.strip_prefix("# firmware: ") {
                case.firmware = firmware.split(' ').map(str::to_owned).collect();
            }
        }
        for part in parts {
            match part.split_once('\n').unwrap() {
                ("air", text) => case.access_points = AccessPoint::read_all(text).unwrap(),
                (name, program) => case.boards.push((name.into(), program.into())),
            }
        }
        case
    }

    /// Where it says what is printed with a firmware.
    fn expected(&self, path: &Path, firmware: &str) -> PathBuf {
        let name = path.file_stem().unwrap().to_str().unwrap();
        match self.firmware.len() {
            1 => path.with_extension("exp"),
            _ => path.with_file_name(format!("{name}_{firmware}.exp")),
        }
    }

    /// What the boards print with a firmware, each under its name.
    fn run(&self, firmware: &str) -> String {
        let mut config = AirConfig::without_access_points().unwrap();
        config.access_points = self.access_points.clone();
        let air = Air::new(config).unwrap();
        let profile = catalog::profile(firmware).unwrap();
        let rom = coil_board::modules::rom(&profile);
        let mut runner = Runner::start_with_air(rom, Pace::Stepped, air.clone()).unwrap();
        let mut running: Vec<(String, Seen)> = Vec::new();
        for (seat, (name, program)) in (0..).zip(&self.boards) {
            let (spec, seen) = support::bare("wemos-d1-r32");
            let mac = [0x24, 0x0a, 0xc4, 0, 0, 1 + 4 * seat];
            runner.add(BoardSpec {
                profile: profile.clone(),
                station: Some(air.attach(mac)),
                mac,
                seed: 1 + u64::from(seat),
                program: Some((program.clone().into_bytes(), "test.py".to_owned())),
                ..spec
            });
            running.push((name.clone(), seen));
        }
        // Time begins when all are there.
        runner.advance(LONG_US, &Arc::default());
        let mut told = String::new();
        for (name, seen) in running {
            let end = match seen.end() {
                Some(Outcome::Done) => String::new(),
                Some(Outcome::Raised(e)) => String::from_utf8_lossy(&e).into_owned(),
                other => format!("{other:?}\n"),
            };
            told += &format!("#### {name}\n{}{end}", seen.text().replace("\r\n", "\n"));
        }
        told
    }
}

#[test]
fn boards_do_with_access_points_and_each_other_what_the_cases_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/radio");
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let only = std::env::var("CASE").unwrap_or_default();
    let mut wrong = Vec::new();
    for path in cases.iter().filter(|path| path.to_string_lossy().contains(&only)) {
        let case = Case::read(&std::fs::read_to_string(path).unwrap());
        for firmware in &case.firmware {
            let told = case.run(firmware);
            let expected = case.expected(path, firmware);
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                std::fs::write(&expected, &told).unwrap();
            }
            let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
            if told != wanted {
                wrong.push(format!("--- {}\n{told}--- instead of\n{wanted}", expected.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a recorder writes on.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A board that hears a message, has a station at its access point and sends to whom it knows.
const ALONE: &str = "
import espnow, network, time
ap = network.WLAN(network.WLAN.IF_AP)
ap.active(True)
e = espnow.ESPNow()
e.active(True)
mac, msg = e.recv(10000)
print(mac, msg, time.ticks_ms(), e.peers_table)
e.add_peer(mac, ifidx=1)
print(e.send(mac, b'answer'), e.stats())
while not ap.isconnected():
    time.sleep_ms(10)
time.sleep(2)
print(time.ticks_ms(), ap.status('stations'), ap.config('channel'))
";

/// Who speaks to it, by its address.
const OTHER: &str = "
import espnow, network, time
w = network.WLAN()
w.active(True)
e = espnow.ESPNow()
e.active(True)
time.sleep(1)
e.add_peer(b'\\x24\\x0a\\xc4\\x00\\x00\\x02')
print(e.send(b'question'), e.recv())
w.connect('ESP_000002')
time.sleep(5)
";

#[test]
fn messages_and_stations_are_the_same_again_without_anybody_there() {
    let start = Start {
        recording: VERSION,
        device: "wemos-d1-r32".into(),
        firmware: "current".into(),
        float: 32,
        heap: None,
        seed: 1,
        circuit: None,
        program: None,
        jumpers: Vec::new(),
        flash: Vec::new(),
    };
    let paper = Paper::default();
    let air = Air::new(AirConfig::without_access_points().unwrap()).unwrap();
    let rom = coil_board::modules::rom(&catalog::profile("current").unwrap());
    let mut runner = Runner::start_with_air(rom.clone(), Pace::Stepped, air.clone()).unwrap();
    let program = |text: &str| Some((text.as_bytes().to_vec(), "test.py".to_owned()));
    let (spec, other) = support::bare("wemos-d1-r32");
    let mac = [0x24, 0x0a, 0xc4, 0, 0, 5];
    runner.add(BoardSpec { mac, station: Some(air.attach(mac)), program: program(OTHER), ..spec });
    let (spec, live) = support::bare("wemos-d1-r32");
    runner.add(BoardSpec {
        station: Some(air.attach(support::MAC)),
        program: program(ALONE),
        recorder: Some(Recorder::new(Box::new(paper.clone()), &start).unwrap()),
        ..spec
    });
    runner.advance(LONG_US, &Arc::default());
    assert_eq!((live.end(), other.end()), (Some(Outcome::Done), Some(Outcome::Done)));
    runner.stop();
    assert!(other.text().contains("answer"), "{}", other.text());
    assert!(live.text().contains("192.168.4.2"), "{}", live.text());
    let recording = Recording::read(&paper.0.lock().unwrap()[..]).unwrap();
    let (spec, again) = support::bare("wemos-d1-r32");
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(BoardSpec { program: program(ALONE), replay: recording.entries, ..spec });
    assert_eq!(again.end(), Some(Outcome::Done));
    runner.stop();
    assert_eq!(again.text(), live.text());
}
