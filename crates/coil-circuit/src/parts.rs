//! The kinds of parts there are: a file each, and a row here.

mod button;
mod led;
mod potentiometer;

use crate::part::{Kind, Setting};

/// All kinds, by name.
pub static ALL: &[&Kind] = &[&button::KIND, &led::KIND, &potentiometer::KIND];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().find(|k| k.name == name).copied()
}

impl Kind {
    /// The setting with this name.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|s| s.name == name)
    }
}
