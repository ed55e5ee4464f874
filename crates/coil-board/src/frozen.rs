//! Python modules that are part of the firmware: path and source. A row adds one.
//!
//! Those of a generation that differ from today's are in a folder of its own.

use crate::profile::Modules;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

macro_rules! frozen {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../firmware/frozen/", $path)))),*]
    };
}

/// All of them.
pub(crate) static FILES: &[(&str, &str)] = frozen! {
    "2019/flashbdev.py"
    "2019/inisetup.py"
    "2019/neopixel.py"
    "2019/ntptime.py"
    "2019/uasyncio.py"
    "2019/umqtt/simple.py"
    "2019/upip.py"
    "2019/upip_utarfile.py"
    "2019/upysh.py"
    "2019/urequests.py"
    "2019/utimeq.py"
    "2019/websocket_helper.py"
    "2022/inisetup.py"
    "2022/urequests.py"
    "aioespnow.py"
    "apa106.py"
    "aswitch.py"
    "asyncio/__init__.py"
    "asyncio/core.py"
    "asyncio/funcs.py"
    "asyncio/stream.py"
    "asyncio/sync.py"
    "dht.py"
    "ds18x20.py"
    "espnow.py"
    "flashbdev.py"
    "inisetup.py"
    "mip/__init__.py"
    "neopixel.py"
    "ntptime.py"
    "onewire.py"
    "requests/__init__.py"
    "uasyncio.py"
    "umqtt/__init__.py"
    "umqtt/robust.py"
    "umqtt/simple.py"
    "upysh.py"
    "urequests.py"
    "webrepl.py"
    "webrepl_setup.py"
};

/// Folders of older editions.
const EDITIONS: [&str; 2] = ["2019/", "2022/"];

/// What is at another place for an edition: the edition, the name in it, and where that is; empty for nowhere.
const RENAMED: [(&str, &str, &str); 6] = [
    ("2022", "uasyncio.py", ""),
    ("2022", "uasyncio/", "asyncio/"),
    // As they were in 2019.
    ("2022", "umqtt/simple.py", "2019/umqtt/simple.py"),
    ("2022", "upip.py", "2019/upip.py"),
    ("2022", "upip_utarfile.py", "2019/upip_utarfile.py"),
    ("2022", "websocket_helper.py", "2019/websocket_helper.py"),
];

/// The source of a file in this firmware's edition of it, whether it is frozen or not.
pub(crate) fn source(modules: &Modules, path: &str) -> Option<&'static str> {
    let renamed = RENAMED.iter().filter(|r| modules.editions.iter().any(|e| e == r.0));
    if let Some((_, old, now)) = renamed.into_iter().find(|r| path.starts_with(r.1)) {
        let path = format!("{now}{}", &path[old.len()..]);
        return FILES.iter().find(|f| f.0 == path).map(|f| f.1);
    }
    let find = |path: &str| FILES.iter().find(|f| f.0 == path).map(|f| f.1);
    let editions = modules.editions.iter().rev();
    editions.map(|e| format!("{e}/{path}")).find_map(|path| find(&path)).or_else(|| find(path))
}

/// The source of a file that is frozen into this firmware.
pub(crate) fn find(modules: &Modules, path: &str) -> Option<&'static str> {
    let top = path.split('/').next().unwrap_or(path).trim_end_matches(".py");
    let is_in = modules.frozen.as_ref().is_none_or(|all| all.iter().any(|name| name == top));
    if is_in { source(modules, path) } else { None }
}

/// The names of all modules that are frozen into this firmware, with slashes.
pub(crate) fn names(modules: &Modules) -> Vec<String> {
    let mut names = Vec::new();
    for (path, _) in FILES {
        let mut path = String::from(*path);
        for (edition, old, now) in RENAMED {
            if modules.editions.iter().any(|e| e == edition) && !now.is_empty() {
                path = path.replacen(now, old, usize::from(path.starts_with(now)));
            }
        }
        if let Some(edition) = EDITIONS.into_iter().find(|e| path.starts_with(e)) {
            if !modules.editions.iter().any(|e| edition.strip_suffix('/') == Some(e)) {
                continue;
            }
            path = path.split_off(edition.len());
        }
        if find(modules, &path).is_some() {
            names.push(String::from(path.trim_end_matches(".py").trim_end_matches("/__init__")));
        }
    }
    names
}
