//! The boards and firmware generations that come with the program.
//!
//! Adding one means adding a file to `devices/` or `firmware/profiles/` and its row here.

use coil_board::{Device, Profile};

const PROFILES: &[(&str, &str)] = &[
    ("current", include_str!("../../../firmware/profiles/current.toml")),
    ("1.11", include_str!("../../../firmware/profiles/1.11.toml")),
    ("1.19.1", include_str!("../../../firmware/profiles/1.19.1.toml")),
];

const DEVICES: &[(&str, &str)] = &[
    ("wemos-d1-r32", include_str!("../../../devices/wemos-d1-r32.toml")),
    ("esp32-devkitc", include_str!("../../../devices/esp32-devkitc.toml")),
];

/// The firmware of this name.
pub fn profile(name: &str) -> Option<Profile> {
    let text = PROFILES.iter().find(|p| p.0 == name)?.1;
    Some(toml::from_str(text).expect("built-in profiles are tested"))
}

/// The names of all firmwares.
pub fn profile_names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|p| p.0)
}

/// The board of this name.
pub fn device(name: &str) -> Option<Device> {
    let text = DEVICES.iter().find(|d| d.0 == name)?.1;
    Some(toml::from_str(text).expect("built-in devices are tested"))
}

/// The names of all boards.
pub fn device_names() -> impl Iterator<Item = &'static str> {
    DEVICES.iter().map(|d| d.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_and_device_reads_and_has_its_file_s_name() {
        for name in profile_names() {
            assert_eq!(profile(name).expect("listed").name, name);
        }
        for name in device_names() {
            assert_eq!(device(name).expect("listed").name, name);
        }
        for (firmware, board) in profile_names().flat_map(|f| device_names().map(move |b| (f, b))) {
            let (profile, device) = (profile(firmware).unwrap(), device(board).unwrap());
            let used = profile.heap.max + profile.net.idf_heap;
            assert!(used < device.ram_bytes + device.psram_bytes, "{firmware} on {board}");
            let pins = device.buttons.iter().filter_map(|b| b.gpio).all(|gpio| gpio < 40);
            assert!(pins && device.buttons.iter().any(|b| b.gpio.is_none()), "{board}");
        }
        assert_eq!(device("wemos-d1-r32").unwrap().header_name(18), Some("D13"));
        assert_eq!(device("no-such-board").map(|d| d.name), None);
    }
}
