//! Data files of boards and firmwares.

use coil_board::{Device, Profile};

/// Pieces of TOML.
pub(crate) const WORDS: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    "\"",
    "'''",
    "\"\"\"",
    "\n",
    ".",
    ",",
    "0x",
    "-1",
    "1e9",
    "true",
    "1979-05-27",
    "\\u",
    "#",
    "99999999999999999999",
    "pins",
    "name",
];

/// A profile or a device: refused, or usable.
pub(crate) fn profile(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(profile) = toml::from_str::<Profile>(&text) {
        let _ = profile.banner();
    }
    if let Ok(device) = toml::from_str::<Device>(&text) {
        let _ = device.header_name(2);
    }
}
