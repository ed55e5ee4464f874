//! Lengths of time as people write them: `50ms`, `1.5s`, `2min`.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, de};

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    /// Nanoseconds.
    pub ns: u64,
}

/// Not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no length of time; write it as `50ms`, `1.5s` or `2min`")]
pub struct DurationError(String);

/// Units and their nanoseconds, the longer names first.
const UNITS: [(&str, f64); 7] =
    [("min", 60e9), ("ms", 1e6), ("us", 1e3), ("µs", 1e3), ("ns", 1.0), ("h", 3600e9), ("s", 1e9)];
/// A year: longer than anybody waits, and far from what overflows.
const MOST_NS: f64 = 365.0 * 24.0 * 3600e9;

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let error = || DurationError(text.into());
        let trimmed = text.trim();
        let (number, unit) = UNITS
            .iter()
            .find_map(|(name, ns)| Some((trimmed.strip_suffix(name)?, ns)))
            .ok_or_else(error)?;
        let number: f64 = number.trim().parse().map_err(|_| error())?;
        let ns = number * unit;
        if !(0.0..=MOST_NS).contains(&ns) {
            return Err(error());
        }
        // Not `round`, which needs an operating system's library.
        Ok(Self { ns: (ns + 0.5) as u64 })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, ns) = match self.ns {
            0 => ("s", 1_000_000_000),
            n if n % 1_000_000_000 == 0 => ("s", 1_000_000_000),
            n if n % 1_000_000 == 0 => ("ms", 1_000_000),
            n if n % 1000 == 0 => ("us", 1000),
            _ => ("ns", 1),
        };
        write!(f, "{}{unit}", self.ns / ns)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn lengths_of_time_are_read_and_written() {
        for (text, ns) in [
            ("50ms", 50_000_000),
            ("1.5s", 1_500_000_000),
            ("2min", 120_000_000_000),
            (" 3 us", 3000),
            ("7ns", 7),
            ("0s", 0),
        ] {
            assert_eq!(text.parse(), Ok(Duration { ns }), "{text}");
        }
        for text in ["", "50", "ms", "-1s", "1e99s", "nans", "1 year"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
        let shown: Duration = "1.5s".parse().expect("a length");
        assert_eq!(shown.to_string(), "1500ms");
    }
}
