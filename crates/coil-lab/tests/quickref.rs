//! The programs of `workshop/quickref`, one for each topic of the firmware's quick reference, on a board
//! with everything around it that they speak of. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::bus::{I2cDevice, I2cLines, SECTOR_BYTES, SdCard};
use coil_board::outside::{Bench, Sensor, Stimulus};
use coil_lab::{BoardSpec, Pace, Runner};
use coil_vm::rom::Rom;
use std::path::Path;

/// A memory chip: the first byte written is the place of what is read or written next.
struct Memory {
    bytes: [u8; 256],
    at: u8,
    is_addressed: bool,
}

impl I2cDevice for Memory {
    fn start(&mut self, read: bool) -> bool {
        self.is_addressed = read;
        true
    }
    fn write(&mut self, byte: u8) -> bool {
        if self.is_addressed {
            self.bytes[usize::from(self.at)] = byte;
            self.at = self.at.wrapping_add(1);
        } else {
            (self.at, self.is_addressed) = (byte, true);
        }
        true
    }
    fn read(&mut self) -> u8 {
        let byte = self.bytes[usize::from(self.at)];
        self.at = self.at.wrapping_add(1);
        byte
    }
}

/// A card of two megabytes.
struct Card(Vec<u8>);

impl SdCard for Card {
    fn sectors(&self) -> u32 {
        (self.0.len() / SECTOR_BYTES) as u32
    }
    fn read(&mut self, sector: u32, into: &mut [u8]) -> bool {
        let at = sector as usize * SECTOR_BYTES;
        self.0.get(at..at + into.len()).is_some_and(|part| {
            into.copy_from_slice(part);
            true
        })
    }
    fn write(&mut self, sector: u32, from: &[u8]) -> bool {
        let at = sector as usize * SECTOR_BYTES;
        self.0.get_mut(at..at + from.len()).is_some_and(|part| {
            part.copy_from_slice(from);
            true
        })
    }
}

/// What is around the board, and what happens to it.
fn surroundings() -> (Bench, Vec<(u64, Stimulus)>) {
    let lines = I2cLines { scl: 22, sda: 21 };
    let bench = Bench::default()
        .jumper(4, 5)
        .jumper(13, 12)
        .i2c(lines, 0x50, Memory { bytes: [0xff; 256], at: 0, is_addressed: false })
        .card(None, Card(vec![0; 2 << 20]));
    let thermometer = |serial, sixteenths| Stimulus::Sensor {
        gpio: 15,
        sensor: Sensor::Ds18b20 { serial, sixteenths },
    };
    let script = vec![
        (0, Stimulus::Voltage { gpio: 34, microvolts: 1_200_000 }),
        (0, Stimulus::Touch { gpio: 33, value: 900 }),
        (0, Stimulus::Temperature { fahrenheit: 128 }),
        (0, thermometer(0x1234, 21 * 16 + 8)),
        (0, thermometer(0x5678, -(5 * 16))),
        (
            0,
            Stimulus::Sensor {
                gpio: 26,
                sensor: Sensor::Dht22 { decicelsius: 236, decihumidity: 415 },
            },
        ),
        (100_000, Stimulus::Touch { gpio: 33, value: 120 }),
        (100_000, Stimulus::Pulses { gpio: 18, count: 5000 }),
        (60_000_000, Stimulus::PowerOff),
    ];
    (bench, script)
}

/// What the board prints when the file is its `main.py`.
fn run(main: &str) -> String {
    let (bench, script) = surroundings();
    let (spec, seen) = support::bare("esp32-devkitc");
    let spec = BoardSpec { files: vec![("main.py".into(), main.into())], bench, script, ..spec };
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let text = seen.text();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
    let noise = ["MicroPython v", "Type \"help()\"", ">>>", "Performing initial setup"];
    let text = text.replace("\r\n", "\n");
    let lines = text.lines().filter(|l| !noise.iter().any(|n| l.starts_with(n)));
    lines.map(|l| format!("{l}\n")).collect()
}

#[test]
fn every_topic_of_the_quick_reference_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workshop/quickref");
    let mut differ = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|e| e != "py") {
            continue;
        }
        count += 1;
        let printed = run(&std::fs::read_to_string(&file).unwrap());
        let wanted = std::fs::read_to_string(file.with_extension("exp")).unwrap_or_default();
        if printed != wanted {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            differ.push(format!("{name} printed\n{printed}and not\n{wanted}"));
        }
    }
    assert!(count >= 20 && differ.is_empty(), "{count} programs\n{}", differ.join("\n"));
}
