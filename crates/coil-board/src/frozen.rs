//! Python modules that are part of the firmware: path and source. A row adds one.

/// All of them.
pub(crate) static FILES: &[(&str, &str)] = &[];
