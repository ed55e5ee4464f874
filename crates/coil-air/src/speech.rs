//! What an interface speaks: the protocols of 802.11 that all know, Espressif's own one for long range, or both.

/// What an interface speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speech {
    /// 802.11b, g or n.
    pub usual: bool,
    /// The long range, which other radios do not even hear.
    pub long_range: bool,
}

impl Default for Speech {
    fn default() -> Self {
        Self { usual: true, long_range: false }
    }
}

impl Speech {
    /// Whether it hears what is said like this.
    pub(crate) fn hears(self, long_range: bool) -> bool {
        if long_range { self.long_range } else { self.usual }
    }
}
