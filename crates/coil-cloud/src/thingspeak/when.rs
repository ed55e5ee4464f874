//! Points in time and time zones as ThingSpeak's callers write and read them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::error::ApiError;
use crate::input::Input;
use crate::time::Stamp;

/// A time zone; UTC if nobody says another.
#[derive(Debug, Clone)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// `timezone=Europe/Prague`, or else `offset=2` in hours.
    pub(super) fn parse(input: &Input) -> Result<Self, ApiError> {
        let offset = match input.filled("offset")? {
            None => None,
            Some(text) => {
                let hours = text.trim().parse::<i8>().ok();
                let hours = hours.filter(|hours| (-14..=14).contains(hours));
                let offset = hours.and_then(|hours| Offset::from_hours(hours).ok());
                let invalid = || ApiError::invalid("offset", "is not hours from UTC");
                // Of no offset at all the answer says `Z`.
                Some(offset.ok_or_else(invalid)?).filter(|offset| *offset != Offset::UTC)
            }
        };
        let zone = match input.filled("timezone")? {
            None => offset.map_or(TimeZone::UTC, TimeZone::fixed),
            Some(name) => TimeZone::get(&name).map_err(|_| {
                ApiError::invalid("timezone", "is not a zone such as Europe/Prague")
            })?,
        };
        Ok(Self(zone))
    }

    /// Reads ISO 8601 with its many ways to say an offset, MySQL's form, or seconds since 1970. What
    /// has no offset is in this zone.
    pub(super) fn read(&self, text: &str) -> Option<Stamp> {
        let text = text.trim();
        if text.is_empty() || text.len() > 48 {
            return None;
        }
        // Some clients know one kind of number only, and write `5.0`.
        let digits = text.strip_suffix(".0").unwrap_or(text);
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let seconds: i64 = Some(digits).filter(|it| it.len() <= 10)?.parse().ok()?;
            return Timestamp::from_second(seconds).ok().map(stamp);
        }
        if let Ok(civil) = text.parse::<DateTime>()
            && !text.ends_with(['Z', 'z'])
            && split_offset(text).is_none()
        {
            return self.0.to_timestamp(civil).ok().map(stamp);
        }
        let (clock, offset) = split_offset(text).unwrap_or((text, String::new()));
        format!("{clock}{offset}").parse::<Timestamp>().ok().map(stamp)
    }

    /// `2014-02-26T21:27:21Z`, or with an offset.
    pub(super) fn iso(&self, at: Stamp) -> String {
        let format = if self.is_utc() { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%:z" };
        self.format(at, format)
    }

    /// `2014-02-26 21:27:21 UTC`, or with an offset, as in tables.
    pub(super) fn in_table(&self, at: Stamp) -> String {
        let format = if self.is_utc() { "%Y-%m-%d %H:%M:%S UTC" } else { "%Y-%m-%d %H:%M:%S %z" };
        self.format(at, format)
    }

    fn is_utc(&self) -> bool {
        self.0 == TimeZone::UTC
    }

    fn format(&self, at: Stamp, format: &str) -> String {
        let at = Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.0.clone()).strftime(format).to_string()
    }
}

fn stamp(at: Timestamp) -> Stamp {
    Stamp::from_micros(at.as_microsecond())
}

/// The clock time, and an offset (`-05`, `-0500`, `-05:00`, with or without a space) in one form.
fn split_offset(text: &str) -> Option<(&str, String)> {
    // A date has its `-` before the time.
    let from = text.find(':')?;
    let at = from + text.get(from..)?.find(['+', '-'])?;
    let (clock, offset) = (text.get(..at)?.trim_end(), text.get(at + 1..)?);
    let digits: String = offset.chars().filter(|letter| *letter != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    Some((clock, format!("{}{hours}:{minutes}", text.get(at..=at)?)))
}

#[cfg(test)]
mod tests {
    use super::Zone;
    use crate::input::Input;

    fn zone(name: &str, value: &str) -> Option<Zone> {
        let query = vec![(name.to_owned(), value.to_owned())];
        Zone::parse(&Input { query, ..Input::default() }).ok()
    }

    #[test]
    fn times_are_read_as_boards_write_them() {
        let utc = zone("offset", "0").unwrap();
        for (text, expected) in [
            ("2014-12-31 23:59:59", "2014-12-31T23:59:59Z"),
            ("2014-12-31T23:59:59Z", "2014-12-31T23:59:59Z"),
            ("2017-01-12 13:22:54-05", "2017-01-12T18:22:54Z"),
            ("2018-01-23 10:26:23 -0500", "2018-01-23T15:26:23Z"),
            ("2018-01-23T10:26:23+05:30", "2018-01-23T04:56:23Z"),
            ("2018-01-23", "2018-01-23T00:00:00Z"),
            ("1516701983", "2018-01-23T10:06:23Z"),
            ("2018-01-23T10:26:23-99", ""),
            ("2018-01-23T10:26:23-5", ""),
            ("99999999999999999999", ""),
            ("yesterday", ""),
            ("2018-13-01", ""),
            ("", ""),
        ] {
            let read = utc.read(text).map(|at| utc.iso(at)).unwrap_or_default();
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn a_zone_is_that_of_what_comes_in_and_of_what_goes_out() {
        let prague = zone("timezone", "Europe/Prague").unwrap();
        let at = prague.read("2018-07-01 12:00:00").unwrap();
        assert_eq!(zone("offset", "0").unwrap().iso(at), "2018-07-01T10:00:00Z");
        assert_eq!(prague.iso(at), "2018-07-01T12:00:00+02:00");
        assert_eq!(prague.in_table(at), "2018-07-01 12:00:00 +0200");
        assert_eq!(zone("offset", "-5").unwrap().iso(at), "2018-07-01T05:00:00-05:00");
        assert!(zone("timezone", "Prague").is_none() && zone("offset", "99").is_none());
    }
}
