//! Which call a path means, and in which form it is answered. It must not know what is behind.

use axum::http::Method;

use crate::store::entries::FIELDS;

/// What a caller wants to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing was said: the short answer.
    Plain,
    Txt,
    Json,
    Xml,
    Csv,
}

impl Form {
    const ALL: [Self; 5] = [Self::Plain, Self::Txt, Self::Json, Self::Xml, Self::Csv];

    /// What a path ends with that asks for it.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Txt => ".txt",
            Self::Json => ".json",
            Self::Xml => ".xml",
            Self::Csv => ".csv",
        }
    }
}

/// One entry of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Last,
    Id(i64),
}

/// What a path means; fields count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Update,
    BulkUpdate(i64),
    Channels,
    Channel(i64),
    Feeds { channel: i64, field: Option<usize> },
    Entry { channel: i64, field: Option<usize>, which: Which },
    Age { channel: i64, field: Option<usize> },
    Statuses(i64),
    LastStatus(i64),
}

/// The numbers that a path has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbers {
    channel: i64,
    field: usize,
    entry: i64,
}

/// A path without its ending, in which forms it is answered, and what it means.
pub(super) struct Row {
    pub(super) path: &'static str,
    pub(super) forms: &'static [Form],
    pub(super) what: fn(Numbers) -> What,
}

/// The forms of what has no table, of tables, and of what can be one.
const SETTINGS: &[Form] = &[Form::Plain, Form::Json, Form::Xml];
const TABLES: &[Form] = &[Form::Plain, Form::Json, Form::Xml, Form::Csv];
const MANY: &[Form] = &[Form::Json, Form::Csv];

/// All calls.
pub(super) const ROWS: &[Row] = &[
    Row { path: "/update", forms: SETTINGS, what: |_| What::Update },
    Row { path: "/channels", forms: SETTINGS, what: |_| What::Channels },
    Row { path: "/channels/{channel}", forms: SETTINGS, what: |at| What::Channel(at.channel) },
    Row {
        path: "/channels/{channel}/bulk_update",
        forms: MANY,
        what: |at| What::BulkUpdate(at.channel),
    },
    Row {
        path: "/channels/{channel}/feeds",
        forms: TABLES,
        what: |at| What::Feeds { channel: at.channel, field: None },
    },
    Row {
        path: "/channels/{channel}/feeds/last",
        forms: &Form::ALL,
        what: |at| What::Entry { channel: at.channel, field: None, which: Which::Last },
    },
    Row {
        path: "/channels/{channel}/feeds/last_data_age",
        forms: &Form::ALL,
        what: |at| What::Age { channel: at.channel, field: None },
    },
    Row {
        path: "/channels/{channel}/feeds/{entry}",
        forms: &Form::ALL,
        what: |at| What::Entry { channel: at.channel, field: None, which: Which::Id(at.entry) },
    },
    Row {
        path: "/channels/{channel}/fields/{field}",
        forms: TABLES,
        what: |at| What::Feeds { channel: at.channel, field: Some(at.field) },
    },
    Row {
        path: "/channels/{channel}/fields/{field}/last",
        forms: &Form::ALL,
        what: |at| What::Entry { channel: at.channel, field: Some(at.field), which: Which::Last },
    },
    Row {
        path: "/channels/{channel}/fields/{field}/last_data_age",
        forms: &Form::ALL,
        what: |at| What::Age { channel: at.channel, field: Some(at.field) },
    },
    Row {
        path: "/channels/{channel}/fields/{field}/{entry}",
        forms: &Form::ALL,
        what: |at| {
            let which = Which::Id(at.entry);
            What::Entry { channel: at.channel, field: Some(at.field), which }
        },
    },
    Row {
        path: "/channels/{channel}/status",
        forms: TABLES,
        what: |at| What::Statuses(at.channel),
    },
    Row {
        path: "/channels/{channel}/status/last",
        forms: &Form::ALL,
        what: |at| What::LastStatus(at.channel),
    },
];

/// A call: what, and the form of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) what: What,
    pub(super) form: Form,
}

/// Whether a path is ThingSpeak's on a host that has all services.
pub(crate) fn is_ours(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let first = path.split('/').nth(1).unwrap_or_default();
    let (name, _) = first.split_once('.').unwrap_or((first, ""));
    name == "channels" || name == "update" && path.split('/').count() == 2
}

impl Call {
    /// `None` where there is nothing.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let mut segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (last, form) = split_form(segments.pop()?)?;
        segments.push(last);
        let (row, numbers) = ROWS.iter().find_map(|row| Some((row, row.read(&segments)?)))?;
        row.forms.contains(&form).then(|| Self { what: (row.what)(numbers), form })
    }
}

fn split_form(segment: &str) -> Option<(&str, Form)> {
    let Some((name, extension)) = segment.split_once('.') else {
        return Some((segment, Form::Plain));
    };
    let form =
        Form::ALL.into_iter().find(|form| form.ending().strip_prefix('.') == Some(extension));
    Some((name, form?))
}

impl Row {
    /// The numbers in a path of this form.
    fn read(&self, segments: &[&str]) -> Option<Numbers> {
        let names = self.path.split('/').skip(1);
        if names.clone().count() != segments.len() {
            return None;
        }
        let mut numbers = Numbers::default();
        for (name, segment) in names.zip(segments) {
            match name {
                "{channel}" => numbers.channel = number(segment)?,
                "{field}" => numbers.field = field_of(segment)?,
                "{entry}" => numbers.entry = number(segment)?,
                // Older programs say `feed` and `field`.
                "feeds" | "fields" if name.strip_suffix('s') == Some(segment) => {}
                _ if name == *segment => {}
                _ => return None,
            }
        }
        Some(numbers)
    }

    /// What it means whatever its numbers are.
    pub(super) fn kind(&self) -> What {
        (self.what)(Numbers::default())
    }
}

fn number(segment: &str) -> Option<i64> {
    let is_number = segment.len() <= 18 && segment.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { segment.parse().ok() } else { None }
}

/// `1` or `field1`.
fn field_of(segment: &str) -> Option<usize> {
    let number = number(segment.strip_prefix("field").unwrap_or(segment))?;
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    (index < FIELDS).then_some(index)
}

impl What {
    /// The methods by which it is asked for.
    pub(super) const fn methods(self) -> &'static [Method] {
        match self {
            Self::Update => &[Method::GET, Method::POST],
            Self::BulkUpdate(_) => &[Method::POST],
            _ => &[Method::GET],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Form, What, Which, is_ours};

    #[test]
    fn paths_mean_what_the_documentation_says() {
        let channel = 7;
        for (path, expected) in [
            ("/update", Some((What::Update, Form::Plain))),
            ("/update.json", Some((What::Update, Form::Json))),
            ("/update.csv", None),
            ("/channels.json", Some((What::Channels, Form::Json))),
            ("/channels/7.json", Some((What::Channel(7), Form::Json))),
            ("/channels/7/feeds.csv", Some((What::Feeds { channel, field: None }, Form::Csv))),
            ("/channels/7/feed.json", Some((What::Feeds { channel, field: None }, Form::Json))),
            (
                "/channels/7/fields/8.xml",
                Some((What::Feeds { channel, field: Some(7) }, Form::Xml)),
            ),
            ("/channels/7/fields/9.json", None),
            ("/channels/7/fields/0.json", None),
            (
                "/channels/7/fields/field1/last",
                Some((What::Entry { channel, field: Some(0), which: Which::Last }, Form::Plain)),
            ),
            (
                "/channels/7/feeds/12.json",
                Some((What::Entry { channel, field: None, which: Which::Id(12) }, Form::Json)),
            ),
            (
                "/channels/7/feeds/last_data_age.txt",
                Some((What::Age { channel, field: None }, Form::Txt)),
            ),
            ("/channels/7/status.json", Some((What::Statuses(7), Form::Json))),
            ("/channels/7/status/last.txt", Some((What::LastStatus(7), Form::Txt))),
            ("/channels/7/bulk_update.json", Some((What::BulkUpdate(7), Form::Json))),
            ("/channels/7/bulk_update", None),
            ("/channels/-7/feeds.json", None),
            ("/channels/99999999999999999999/feeds.json", None),
            ("/channels/7/feeds.pdf", None),
            ("/channels/7/feeds/last/more.json", None),
            ("/", None),
            ("", None),
        ] {
            let parsed = Call::parse(path).map(|call| (call.what, call.form));
            assert_eq!(parsed, expected, "{path}");
        }
    }

    #[test]
    fn other_paths_are_left_to_other_services() {
        for (path, ours) in [
            ("/update", true),
            ("/update.json", true),
            ("/update/posts", false),
            ("/channels", true),
            ("/channels/1/feeds.json", true),
            ("/channel/1", false),
            ("/user/repo/update", false),
        ] {
            assert_eq!(is_ours(path), ours, "{path}");
        }
    }
}
