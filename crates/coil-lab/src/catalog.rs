//! The boards and firmware generations that come with the program.
//!
//! Adding one means adding a file to `devices/` and `devices/shapes/` or `firmware/profiles/` and its row here.

use coil_board::{Device, Profile, Shape};

const PROFILES: &[(&str, &str)] = &[
    ("current", include_str!("../../../firmware/profiles/current.toml")),
    ("1.11", include_str!("../../../firmware/profiles/1.11.toml")),
    ("1.19.1", include_str!("../../../firmware/profiles/1.19.1.toml")),
];

const DEVICES: &[(&str, &str)] = &[
    ("wemos-d1-r32", include_str!("../../../devices/wemos-d1-r32.toml")),
    ("esp32-devkitc", include_str!("../../../devices/esp32-devkitc.toml")),
];

/// What boards look like: apart from the rest, which each board that starts reads.
const SHAPES: &[(&str, &str)] = &[
    ("wemos-d1-r32", include_str!("../../../devices/shapes/wemos-d1-r32.toml")),
    ("esp32-devkitc", include_str!("../../../devices/shapes/esp32-devkitc.toml")),
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

/// What the board of this name looks like.
pub fn shape(name: &str) -> Option<Shape> {
    let text = SHAPES.iter().find(|s| s.0 == name)?.1;
    Some(toml::from_str(text).expect("built-in shapes are tested"))
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

    #[test]
    fn every_pin_of_a_board_is_on_a_header_once_and_everything_is_on_the_board() {
        for name in device_names() {
            let Device { pins, buttons, led, .. } = device(name).expect("listed");
            let shape = shape(name).expect("it has one");
            let [width, height] = shape.size;
            let is_on =
                |[x, y]: [f64; 2]| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
            let mut places: Vec<[f64; 2]> = Vec::new();
            for header in &shape.headers {
                for n in 0..header.pins.len() {
                    let at = [0, 1].map(|of| header.at[of] + header.step[of] * n as f64);
                    let apart = |p: &[f64; 2]| (p[0] - at[0]).hypot(p[1] - at[1]) > 2.5;
                    assert!(is_on(at) && places.iter().all(apart), "{name}: {} {n}", header.name);
                    places.push(at);
                }
            }
            let labels = || shape.headers.iter().flat_map(|h| &h.pins);
            for pin in pins.keys() {
                assert_eq!(labels().filter(|l| *l == pin).count(), 1, "{name}: {pin}");
            }
            for supply in ["3V3", "5V", "GND"] {
                assert!(labels().any(|l| l == supply), "{name}: {supply}");
            }
            // What else is printed there is no GPIO that a program can have.
            let others = ["3V3", "5V", "GND", "VIN", "EN", "RESET", "AREF", "IOREF", "NC"];
            let of_flash = ["CLK", "CMD", "D0", "D1", "D2", "D3"];
            let is_known =
                |l: &str| pins.contains_key(l) || others.contains(&l) || of_flash.contains(&l);
            assert!(labels().all(|l| is_known(l)), "{name}");
            let (at, [w, h]) = shape.module;
            assert!(is_on(at) && is_on([at[0] + w, at[1] + h]) && is_on(shape.usb.0), "{name}");
            assert!(["left", "right", "top", "bottom"].contains(&shape.usb.1.as_str()), "{name}");
            assert_eq!(led.is_some(), shape.led.is_some_and(|(at, _)| is_on(at)), "{name}");
            let has_place =
                |b: &coil_board::Button| shape.buttons.get(&b.name).is_some_and(|at| is_on(*at));
            assert!(buttons.iter().all(has_place), "{name}");
            assert_eq!(buttons.len(), shape.buttons.len(), "{name}");
        }
    }
}
