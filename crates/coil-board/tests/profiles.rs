//! What a profile or a device has as data: every figure of the reference that is a row in a file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use coil_board::{Device, Profile};

fn profile(name: &str) -> Profile {
    let text = match name {
        "1.11" => include_str!("../../../firmware/profiles/1.11.toml"),
        "1.19.1" => include_str!("../../../firmware/profiles/1.19.1.toml"),
        _ => include_str!("../../../firmware/profiles/current.toml"),
    };
    toml::from_str(text).unwrap()
}

/// Label, type, subtype, offset and size.
type Row = (&'static str, u8, u8, u32, u32);

const NVS: Row = ("nvs", 1, 2, 0x9000, 0x6000);
const PHY: Row = ("phy_init", 1, 1, 0xf000, 0x1000);

/// partitions*.csv of the three versions.
#[test]
fn partitions_are_where_each_firmware_has_them() {
    let cases: [(&str, &[Row], Option<(u32, u32)>); 3] = [
        (
            "1.11",
            &[NVS, PHY, ("factory", 0, 0, 0x1_0000, 0x18_0000)],
            // FlashBdev: 512 blocks from esp.flash_user_start().
            Some((0x20_0000, 512 * 4096)),
        ),
        (
            "1.19.1",
            &[
                NVS,
                PHY,
                ("factory", 0, 0, 0x1_0000, 0x1f_0000),
                ("vfs", 1, 0x81, 0x20_0000, 0x20_0000),
            ],
            None,
        ),
        ("current", &[NVS, PHY, ("factory", 0, 0, 0x1_0000, 0x1f_0000)], None),
    ];
    for (name, rows, files) in cases {
        let flash = profile(name).flash;
        let found: Vec<_> = flash
            .partitions
            .iter()
            .map(|p| (p.label.as_str(), p.kind, p.subtype, p.offset, p.size))
            .collect();
        assert_eq!(found, rows, "{name}");
        assert_eq!(flash.files.map(|p| (p.offset, p.size)), files, "{name}");
    }
}

/// Heaps as the threads #5554 and #14421 have them, stacks of 16 KiB less one, limits of lwIP.
#[test]
fn memory_and_limits_are_those_of_each_firmware() {
    let cases = [
        // The largest block: between what is free at the prompt and what is there at all.
        ("1.11", 114_000..120_000, 114_000..120_000, 16),
        ("1.19.1", 111_168..111_169, 111_168..111_169, 16),
        ("current", 56_000..56_001, 111_936..112_001, 12),
    ];
    for (name, initial, max, max_tcp) in cases {
        let profile = profile(name);
        assert!(initial.contains(&profile.heap.initial), "{name}");
        assert!(max.contains(&profile.heap.max), "{name}");
        assert_eq!(profile.heap.stack, 15 * 1024, "{name}");
        assert_eq!((profile.net.max_sockets, profile.net.max_tcp), (10, max_tcp), "{name}");
        assert_eq!(profile.switches.soft_reboot, "MPY: soft reboot", "{name}");
    }
}

/// #4720, thonny #2797 and #12930.
#[test]
fn the_rom_s_text_is_what_was_captured() {
    let cases: [(&str, &str, &[&str]); 3] = [
        (
            "1.11",
            "ets Jun  8 2016 00:22:57",
            &[
                "load:0x3fff0018,len:4",
                "load:0x3fff001c,len:4928",
                "ho 0 tail 12 room 4",
                "load:0x40078000,len:9332",
                "load:0x40080400,len:6216",
                "entry 0x400806e8",
            ],
        ),
        (
            "1.19.1",
            "ets Jul 29 2019 12:21:46",
            &[
                "load:0x3fff0030,len:4540",
                "ho 0 tail 12 room 4",
                "load:0x40078000,len:12344",
                "load:0x40080400,len:4124",
                "entry 0x40080680",
            ],
        ),
        (
            "current",
            "ets Jul 29 2019 12:21:46",
            &[
                "load:0x3fff0030,len:4728",
                "load:0x40078000,len:14876",
                "ho 0 tail 12 room 4",
                "load:0x40080400,len:3368",
                "entry 0x400805cc",
            ],
        ),
    ];
    for (name, date, end) in cases {
        let text = profile(name).rom_banner;
        let lines: Vec<&str> = text.trim().lines().collect();
        let start = [
            date,
            "",
            "rst:{rst},boot:{boot}",
            "configsip: 0, SPIWP:0xee",
            "clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00",
            "mode:DIO, clock div:2",
        ];
        assert_eq!(lines, [&start, end].concat(), "{name}");
    }
}

/// #4720; none at the level ERROR.
#[test]
fn the_oldest_firmware_logs_its_start_and_the_others_do_not() {
    let log = profile("1.11").boot_log;
    for line in [
        "cpu_start: Pro cpu up.",
        "cpu_start: Application information:",
        "cpu_start: ESP-IDF:          v3.3-beta1-268-g5c88c5996",
        "cpu_start: Starting app cpu, entry point is 0x40082950",
        "I (0) cpu_start: App cpu up.",
        "heap_init: Initializing. RAM available for dynamic allocation:",
        "heap_init: At 3FFAE6E0 len 00001920 (6 KiB): DRAM",
        "heap_init: At 3FFB9B90 len 00026470 (153 KiB): DRAM",
        "heap_init: At 3FFE0440 len 00003AE0 (14 KiB): D/IRAM",
        "heap_init: At 3FFE4350 len 0001BCB0 (111 KiB): D/IRAM",
        "heap_init: At 40093434 len 0000CBCC (50 KiB): IRAM",
        "cpu_start: Pro cpu start user code",
    ] {
        assert!(log.contains(line), "{line} in {log}");
    }
    assert_eq!(profile("1.19.1").boot_log + &profile("current").boot_log, "");
}

/// variants/d1_uno32/pins_arduino.h of arduino-esp32.
#[test]
fn the_d1_r32_s_header_names_lead_to_these_pins() {
    let device: Device =
        toml::from_str(include_str!("../../../devices/wemos-d1-r32.toml")).unwrap();
    let pins = [
        ("D0", 3),
        ("D1", 1),
        ("D2", 26),
        ("D3", 25),
        ("D4", 17),
        ("D5", 16),
        ("D6", 27),
        ("D7", 14),
        ("D8", 12),
        ("D9", 13),
        ("D10", 5),
        ("D11", 23),
        ("D12", 19),
        ("D13", 18),
        ("SDA", 21),
        ("SCL", 22),
        ("A0", 2),
        ("A1", 4),
        ("A2", 35),
        ("A3", 34),
        ("A4", 36),
        ("A5", 39),
    ];
    for (name, gpio) in pins {
        assert_eq!(device.pins.get(name), Some(&gpio), "{name}");
    }
    assert_eq!((device.led, device.flash_bytes), (Some(2), 4 << 20));
}
