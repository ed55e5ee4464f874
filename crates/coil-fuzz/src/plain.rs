//! Data files of boards and firmwares, and the stubs of their modules.

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

/// Pieces of stubs.
pub(crate) const STUB_WORDS: &[&str] = &[
    "\"\"\"",
    "class ",
    "def ",
    "async ",
    "    ",
    "\n",
    "(",
    ")",
    "[",
    "]",
    ":",
    ", ",
    " -> ",
    " = ...",
    "\"",
    "\\",
    "*",
    "self",
    "@staticmethod\n",
    "@property\n",
    "from ",
    " import ",
    " as ",
];

/// A stub: refused at one of its lines, or read.
pub(crate) fn stubs(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match coil_lab::stubs::read(&text) {
        Ok(stub) => assert!(stub.names.len() <= text.lines().count()),
        Err(e) => assert!((1..=text.lines().count()).contains(&e.line), "{e}"),
    }
}
