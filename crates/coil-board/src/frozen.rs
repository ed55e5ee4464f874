//! Python modules that are part of the firmware: path and source. A row adds one.

macro_rules! frozen {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../firmware/frozen/", $path)))),*]
    };
}

/// All of them.
pub(crate) static FILES: &[(&str, &str)] = frozen! {
    "aswitch.py"
    "asyncio/__init__.py"
    "asyncio/core.py"
    "asyncio/funcs.py"
    "asyncio/stream.py"
    "asyncio/sync.py"
    "flashbdev.py"
    "inisetup.py"
    "ntptime.py"
    "requests/__init__.py"
    "uasyncio.py"
    "umqtt/__init__.py"
    "umqtt/robust.py"
    "umqtt/simple.py"
    "urequests.py"
};
