//! Python modules that are part of the firmware: path and source. A row adds one.

/// All of them.
pub(crate) static FILES: &[(&str, &str)] = &[
    ("ntptime.py", include_str!("../../../firmware/frozen/ntptime.py")),
    ("requests/__init__.py", include_str!("../../../firmware/frozen/requests/__init__.py")),
    ("urequests.py", include_str!("../../../firmware/frozen/urequests.py")),
];
