//! What there is to know about a board and about a firmware generation: plain data, which whoever
//! runs boards reads from files.

use crate::flash::Partition;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
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
    /// What a crash prints before its dump; as `watchdog`.
    #[serde(default)]
    pub panic: String,
    /// What the task watchdog prints when it bites; `{ms}` is filled in, the `{task}` that ran, `{panic}`,
    /// and what the banner says of the firmware: `{version}`, `{date}`, `{board}`.
    pub watchdog: String,
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
    /// The partition table that is flashed with the firmware.
    pub partitions: Vec<Partition>,
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

impl Profile {
    /// The first line of the prompt's banner.
    pub fn banner(&self) -> String {
        alloc::format!("MicroPython v{} on {}; {}", self.version, self.date, self.board_name)
    }
}

impl Device {
    /// The header name of a GPIO, if it is on a header.
    pub fn header_name(&self, gpio: u8) -> Option<&str> {
        self.pins.iter().find(|p| *p.1 == gpio).map(|p| p.0.as_str())
    }
}
