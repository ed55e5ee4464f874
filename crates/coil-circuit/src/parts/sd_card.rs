//! A memory card on SPI. What it answers is in `sd_card/protocol.rs`, what is on a new one in `format.rs`.

mod format;
mod protocol;

use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use coil_board::outside::bus::{SECTOR_BYTES, SpiDevice};
use protocol::Card;

/// `sd-card`
pub(super) static KIND: Kind = Kind {
    name: "sd-card",
    title: "SD card",
    text: "A memory card that is used over SPI: mount it with the driver `sdcard` of micropython-lib, or \
           speak its protocol. A new one has an empty FAT file system. What is written to it lasts as long \
           as the circuit.",
    picture: "sd-card",
    pins: &[
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "gnd", role: Role::Ground },
        Pin { name: "cs", role: Role::Select },
        Pin { name: "sck", role: Role::Sck },
        Pin { name: "mosi", role: Role::Mosi },
        Pin { name: "miso", role: Role::Miso },
    ],
    settings: &[
        Setting { name: "megabytes", is_fixed: true, sort: Sort::Int(1, 32, 8), text: "Its size." },
        Setting {
            name: "formatted",
            is_fixed: true,
            sort: Sort::Flag(true),
            text: "A new one has a file system.",
        },
    ],
    shows: &[
        ("reads", "How many sectors were read."),
        ("writes", "How many sectors were written."),
    ],
    make: |settings| {
        let mut disk = Disk::new(settings.int("megabytes").unsigned_abs() as u32);
        if settings.flag("formatted") {
            format::format(&mut disk);
        }
        Box::new(SdCard { card: Card::new(disk) })
    },
};

/// What keeps the pins up that nobody drives.
const PULL_UP_OHMS: f64 = 10_000.0;
/// Sectors of a megabyte.
const SECTORS_PER_MEGABYTE: u32 = 2048;

/// The sectors of a card; those with nothing but zeros take no memory.
#[derive(Debug)]
struct Disk {
    count: u32,
    sectors: BTreeMap<u32, Box<[u8; SECTOR_BYTES]>>,
}

impl Disk {
    fn new(megabytes: u32) -> Self {
        Self { count: megabytes.clamp(1, 32) * SECTORS_PER_MEGABYTE, sectors: BTreeMap::new() }
    }

    fn read(&self, sector: u32) -> [u8; SECTOR_BYTES] {
        self.sectors.get(&sector).map_or([0; SECTOR_BYTES], |s| **s)
    }

    fn write(&mut self, sector: u32, bytes: &[u8; SECTOR_BYTES]) {
        if bytes.iter().all(|b| *b == 0) {
            self.sectors.remove(&sector);
        } else if sector < self.count {
            self.sectors.insert(sector, Box::new(*bytes));
        }
    }
}

struct SdCard {
    card: Card,
}

impl SdCard {
    fn show(&self, cx: &mut Context<'_>) {
        cx.show("reads", self.card.reads);
        cx.show("writes", self.card.writes);
    }
}

impl Part for SdCard {
    fn elements(&self) -> Vec<Element> {
        let pull_up = |b| Element::Resistor { a: 0, b, ohms: PULL_UP_OHMS };
        alloc::vec![pull_up(2), pull_up(5)]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn power(&mut self, _: &mut Context<'_>) {
        self.card.restart();
    }

    fn served(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn spi(&mut self) -> Option<&mut dyn SpiDevice> {
        Some(&mut self.card)
    }
}
