//! Points in time: microseconds inside, ISO 8601 outside. It owns what is accepted and how it is
//! written; it must not know who asks.

use std::time::{SystemTime, UNIX_EPOCH};

/// A point in time, in microseconds since 1970 (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(i64);

impl Stamp {
    /// The host's time now.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    pub(crate) const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub(crate) const fn micros(self) -> i64 {
        self.0
    }

    pub(crate) const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    pub(crate) const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This point, later by so many microseconds.
    pub(crate) const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Reads ISO 8601: any number of fraction digits, `Z`, `+hh:mm` or `+hhmm`; without a zone it
    /// is UTC. A date alone is its midnight.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 48 {
            return None;
        }
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Self(stamp.as_microsecond()));
        }
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        let zoned = jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?;
        Some(Self(zoned.as_microsecond()))
    }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    pub(crate) fn iso(self) -> String {
        let Ok(stamp) = jiff::Timestamp::from_microsecond(self.0) else {
            return "1970-01-01T00:00:00.000Z".to_owned();
        };
        let civil = jiff::tz::TimeZone::UTC.to_datetime(stamp);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second(),
            civil.millisecond()
        )
    }
}

impl serde::Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.iso())
    }
}

impl From<Stamp> for serde_json::Value {
    fn from(stamp: Stamp) -> Self {
        Self::String(stamp.iso())
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn every_form_that_clients_send_is_read_and_written_in_one_form() {
        for (text, expected) in [
            ("2014-09-09T19:15:00Z", "2014-09-09T19:15:00.000Z"),
            ("2014-09-09T19:15:00.563Z", "2014-09-09T19:15:00.563Z"),
            ("2014-09-09T19:15:00.563123Z", "2014-09-09T19:15:00.563Z"),
            ("2014-09-09T19:15:00.5631234567Z", ""),
            ("2014-09-09T21:15:00+02:00", "2014-09-09T19:15:00.000Z"),
            ("2014-09-09T21:15:00.5+0200", "2014-09-09T19:15:00.500Z"),
            ("2014-09-09 19:15:00", "2014-09-09T19:15:00.000Z"),
            ("2014-09-09", "2014-09-09T00:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("yesterday", ""),
            ("", ""),
        ] {
            let read = Stamp::parse(text).map(Stamp::iso).unwrap_or_default();
            assert_eq!(read, expected, "{text:?}");
        }
    }
}
