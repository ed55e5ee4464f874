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
    /// `sys.version`; `{version}` and `{date}` are filled in.
    #[serde(default = "sys_version_now")]
    pub sys_version: String,
    /// What `sys.implementation` has: `_machine`, `_mpy`, `_build`, `_thread`.
    #[serde(default = "implementation_now")]
    pub implementation: Vec<String>,
    /// `sys.path` at the start.
    #[serde(default = "path_now")]
    pub path: Vec<String>,
    /// Crashes.
    pub crash: Crash,
    /// Memory.
    pub heap: HeapSizes,
    /// Flash.
    pub flash: FlashLayout,
    /// Network limits.
    pub net: NetLimits,
    /// Python modules that are part of it, or come with it.
    #[serde(default)]
    pub modules: Modules,
    /// Differences in behaviour.
    pub switches: Switches,
}

/// What a firmware prints when it crashes. In all texts are filled in: `{preamble}`, `{ms}` since the
/// reset, `{backtrace}` and `{idle_backtrace}`, and what the banner says of the firmware: `{version}`, `{date}`, `{board}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// What comes before any dump.
    #[serde(default)]
    pub preamble: String,
    /// The processor cannot go on: its `{reason}`, and `{registers}`.
    pub fault: String,
    /// The task watchdog bites: the `{task}` that ran.
    pub watchdog: String,
    /// The watchdog of interrupts bites, for they were held back too long: `{registers}`, `{idle_registers}`.
    pub interrupt_watchdog: String,
    /// The calls of a backtrace, the innermost first: where each was made, and its stack. They name no
    /// code; there is none.
    pub calls: Vec<(u32, u32)>,
    /// Those of the other core, which idles.
    pub idle: Vec<(u32, u32)>,
    /// How many bytes the program counter is ahead of what the backtrace shows of it.
    pub pc_ahead: u32,
}

/// The modules of a firmware generation, as far as they are not those of the current one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modules {
    /// What is not there: `module`, `module.name` or `module.Type.name`.
    #[serde(default)]
    pub absent: Vec<String>,
    /// What has gone since, or was something else: rows of `modules/older.rs` by their dotted name,
    /// modules by theirs.
    #[serde(default)]
    pub older: Vec<String>,
    /// Modules that are built in under their name with a `u` before it. The name without it leads there
    /// where no file has it; files cannot take the place of other built-in modules. Nothing: all
    /// built-in modules have both names, and files come first.
    pub u_names: Option<Vec<String>>,
    /// Frozen modules and packages; nothing for all of the current firmware.
    pub frozen: Option<Vec<String>>,
    /// Where frozen files of these generations are, the folder of the newest last: below `firmware/frozen/`.
    #[serde(default)]
    pub editions: Vec<String>,
    /// Files of those folders that are not frozen but in `/lib` of a new board: what a course has put there.
    #[serde(default)]
    pub lib: Vec<String>,
}

/// A firmware generation, for what has behaved in one way after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Era {
    /// MicroPython 1.11.
    #[serde(rename = "2019")]
    Y2019,
    /// MicroPython 1.19.1.
    #[serde(rename = "2022")]
    Y2022,
    /// The current one.
    #[default]
    #[serde(rename = "now")]
    Now,
}

fn sys_version_now() -> String {
    "3.4.0; MicroPython v{version} on {date}".into()
}

fn implementation_now() -> Vec<String> {
    ["_machine", "_mpy", "_build", "_thread"].map(String::from).to_vec()
}

fn path_now() -> Vec<String> {
    ["", ".frozen", "/lib"].map(String::from).to_vec()
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
    /// Where a file system is that no partition is for.
    pub files: Option<Place>,
    /// The file system that an erased flash gets.
    #[serde(default)]
    pub file_system: FileSystem,
}

/// A stretch of the flash.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Place {
    /// Where it begins.
    pub offset: u32,
    /// How many bytes it has.
    pub size: u32,
}

/// A file system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileSystem {
    /// FAT in sectors of 4096 bytes.
    Fat,
    /// littlefs 2.
    #[default]
    Littlefs,
}

/// Limits of the network stack.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct NetLimits {
    /// Sockets open at once.
    pub max_sockets: u32,
    /// TCP connections at one time, those that are closing included.
    pub max_tcp: u32,
    /// Bytes that the radio carries in a second, for programs.
    pub bytes_per_second: u32,
    /// Bytes of IDF heap that a TLS session takes.
    pub tls_heap: u32,
    /// Bytes of IDF heap that are free once WiFi runs.
    pub idf_heap: u32,
}

/// Named differences between firmware generations. What a profile does not name is as it is now.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switches {
    /// Error numbers and names are newlib's. Otherwise names and the firmware's own numbers are
    /// Linux', while the network's numbers stay newlib's, so that the name told may be wrong.
    pub newlib_errno: bool,
    /// What of the language is a syntax error: names of `coil_compiler::Grammar::without`.
    #[serde(default)]
    pub without_syntax: Vec<String>,
    /// What a soft reset prints.
    pub soft_reboot: String,
    /// The raw prompt takes programs in windows.
    #[serde(default = "yes")]
    pub raw_paste: bool,
    /// A program that runs in the main module finds the name of its file in `__file__`.
    #[serde(default = "yes")]
    pub main_file: bool,
    /// `machine.reset_cause` tells what the ROM saw: all restarts by software are alike.
    #[serde(default)]
    pub rom_reset_cause: bool,
    /// The processor's frequency after a reset, in MHz.
    #[serde(default = "mhz_now")]
    pub mhz: u32,
    /// What is logged after a reset: 1 what fails, 3 what happens as well.
    #[serde(default = "log_level_now")]
    pub log_level: i64,
    /// `machine.Pin`.
    #[serde(default)]
    pub pins: Era,
    /// `machine.ADC`.
    #[serde(default)]
    pub adc: Era,
    /// `machine.PWM`.
    #[serde(default)]
    pub pwm: Era,
    /// `machine.WDT`.
    #[serde(default)]
    pub wdt: Era,
    /// `machine.Timer`.
    #[serde(default)]
    pub timers: Era,
    /// `machine.DAC`.
    #[serde(default)]
    pub dac: Era,
    /// `machine.UART`, `machine.SPI` and `machine.I2C`.
    #[serde(default)]
    pub buses: Era,
    /// `network.WLAN`.
    #[serde(default)]
    pub wlan: Era,
    /// Sockets and names.
    #[serde(default)]
    pub sockets: Era,
    /// `ssl`.
    #[serde(default)]
    pub tls: Era,
    /// The prompt's `help()`.
    #[serde(default)]
    pub help: Era,
}

fn yes() -> bool {
    true
}

fn log_level_now() -> i64 {
    1
}

fn mhz_now() -> u32 {
    160
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
    /// What is burnt into its chips.
    pub silicon: Silicon,
    /// Size of its flash.
    pub flash_bytes: u32,
    /// Size of the memory in its chip.
    pub ram_bytes: u32,
    /// Size of the memory beside the chip.
    #[serde(default)]
    pub psram_bytes: u32,
    /// GPIO of its LED, if it has one.
    pub led: Option<u8>,
    /// Its buttons.
    pub buttons: Vec<Button>,
    /// Its USB bridge.
    pub usb: Usb,
    /// Header names and their GPIO.
    pub pins: BTreeMap<String, u8>,
}

/// What a board looks like from above: places and sizes in millimetres, from its upper left corner.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Its width and height.
    pub size: [f64; 2],
    /// Its headers.
    pub headers: Vec<Header>,
    /// The upper left corner of the chip's module, and its width and height.
    pub module: ([f64; 2], [f64; 2]),
    /// The middle of its USB plug, and the side of the board that it is on: `left`, `right`, `top` or `bottom`.
    pub usb: ([f64; 2], String),
    /// Its LED and the colour of that, if it has one.
    #[serde(default)]
    pub led: Option<([f64; 2], String)>,
    /// Where its buttons are, by name.
    pub buttons: BTreeMap<String, [f64; 2]>,
}

/// A row of pins.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// How it is called.
    pub name: String,
    /// Where its first pin is.
    pub at: [f64; 2],
    /// From there to the next one.
    pub step: [f64; 2],
    /// What is printed beside its pins.
    pub pins: Vec<String>,
}

/// What tools read of a board's chips to know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silicon {
    /// Major and minor revision of the chip.
    pub revision: (u8, u8),
    /// The number of its package: 0 for D0WDQ6, 1 for D0WD.
    pub package: u8,
    /// Who made the flash chip, in the numbers of JEDEC: 0xef for Winbond.
    pub flash_maker: u8,
}

/// A button of a board.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// What is printed beside it.
    pub name: String,
    /// The GPIO that it pulls low; without one it resets the chip.
    pub gpio: Option<u8>,
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
    /// Who made it, where it says so.
    pub manufacturer: Option<String>,
    /// What it calls itself, where it does.
    pub product: Option<String>,
    /// Its serial number, where it has one.
    pub serial: Option<String>,
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

    /// The button of this name.
    pub fn button(&self, name: &str) -> Option<&Button> {
        self.buttons.iter().find(|b| b.name == name)
    }
}
