//! Devices and firmware profiles: data files, read once.
//!
//! Adding a board or a firmware means adding a file to `devices/` or `firmware/profiles/` and its
//! row here.

use alloc::collections::BTreeMap;
use alloc::string::String;
use serde::Deserialize;

/// A firmware generation.
#[derive(Clone, Debug, Deserialize)]
pub struct Profile {
    /// How users name it.
    pub name: String,
    /// Version in the banner and in `sys.implementation`.
    pub version: String,
    /// Build date in the banner.
    pub date: String,
    /// Board in the banner.
    pub board_name: String,
    /// What the ROM prints after a reset; `{rst}` and `{boot}` are filled in.
    pub rom_banner: String,
    /// What the IDF logs while it starts.
    pub boot_log: String,
    /// Memory.
    pub heap: HeapSizes,
    /// Flash.
    pub flash: FlashLayout,
    /// Network limits.
    pub net: NetLimits,
    /// Differences in behaviour.
    pub switches: Switches,
}

/// Sizes of the Python heap and stack, in bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct HeapSizes {
    /// At the start.
    pub initial: u32,
    /// At most.
    pub max: u32,
    /// Stack of the main task.
    pub stack: u32,
}

/// Where things are in flash.
#[derive(Clone, Debug, Deserialize)]
pub struct FlashLayout {
    /// First byte of the file system; it reaches to the end of the flash.
    pub vfs_offset: u32,
    /// Its kind.
    pub file_system: String,
}

/// Limits of the network stack.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct NetLimits {
    /// Sockets open at once.
    pub max_sockets: u32,
    /// Bytes of IDF heap that a TLS session takes.
    pub tls_heap: u32,
    /// Bytes of IDF heap that are free once WiFi runs.
    pub idf_heap: u32,
}

/// Named differences between firmware generations.
#[derive(Clone, Debug, Deserialize)]
pub struct Switches {
    /// Error numbers and names are newlib's.
    pub newlib_errno: bool,
    /// What a soft reset prints.
    pub soft_reboot: String,
}

/// A board one can buy.
#[derive(Clone, Debug, Deserialize)]
pub struct Device {
    /// How users name it.
    pub name: String,
    /// How it is sold.
    pub title: String,
    /// Its chip.
    pub chip: String,
    /// Size of its flash.
    pub flash_bytes: u32,
    /// GPIO of its LED, if it has one.
    pub led: Option<u8>,
    /// Its USB bridge.
    pub usb: Usb,
    /// Header names and their GPIO.
    pub pins: BTreeMap<String, u8>,
}

/// A USB to serial bridge.
#[derive(Clone, Debug, Deserialize)]
pub struct Usb {
    /// Type of the chip.
    pub bridge: String,
    /// USB vendor id.
    pub vid: u16,
    /// USB product id.
    pub pid: u16,
}

const PROFILES: &[(&str, &str)] = &[
    ("current", include_str!("../../../firmware/profiles/current.toml")),
    ("1.19.1", include_str!("../../../firmware/profiles/1.19.1.toml")),
];

const DEVICES: &[(&str, &str)] = &[
    ("wemos-d1-r32", include_str!("../../../devices/wemos-d1-r32.toml")),
    ("esp32-devkitc", include_str!("../../../devices/esp32-devkitc.toml")),
];

impl Profile {
    /// The profile of this name.
    pub fn find(name: &str) -> Option<Self> {
        let text = PROFILES.iter().find(|p| p.0 == name)?.1;
        Some(toml::from_str(text).expect("built-in profiles are tested"))
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PROFILES.iter().map(|p| p.0)
    }

    /// The first line of the prompt's banner.
    pub fn banner(&self) -> String {
        alloc::format!("MicroPython v{} on {}; {}", self.version, self.date, self.board_name)
    }
}

impl Device {
    /// The device of this name.
    pub fn find(name: &str) -> Option<Self> {
        let text = DEVICES.iter().find(|d| d.0 == name)?.1;
        Some(toml::from_str(text).expect("built-in devices are tested"))
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        DEVICES.iter().map(|d| d.0)
    }

    /// The header name of a GPIO, if it is on a header.
    pub fn header_name(&self, gpio: u8) -> Option<&str> {
        self.pins.iter().find(|p| *p.1 == gpio).map(|p| p.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_and_device_reads_and_has_its_file_s_name() {
        for name in Profile::names() {
            assert_eq!(Profile::find(name).expect("listed").name, name);
        }
        for name in Device::names() {
            assert_eq!(Device::find(name).expect("listed").name, name);
        }
        assert_eq!(Device::find("wemos-d1-r32").unwrap().header_name(18), Some("D13"));
    }
}
