//! Which call a path means, and in which form it is answered. It must not know what is behind.

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
        let what = parse(&segments)?;
        what.has(form).then_some(Self { what, form })
    }
}

fn split_form(segment: &str) -> Option<(&str, Form)> {
    let Some((name, extension)) = segment.split_once('.') else {
        return Some((segment, Form::Plain));
    };
    let form = match extension {
        "txt" => Form::Txt,
        "json" => Form::Json,
        "xml" => Form::Xml,
        "csv" => Form::Csv,
        _ => return None,
    };
    Some((name, form))
}

fn parse(segments: &[&str]) -> Option<What> {
    let (channel, rest) = match segments {
        ["update"] => return Some(What::Update),
        ["channels"] => return Some(What::Channels),
        ["channels", channel, rest @ ..] => (number(channel)?, rest),
        _ => return None,
    };
    // Older programs say `feed` and `field`.
    let (field, rest) = match rest {
        ["fields" | "field", field, rest @ ..] => (Some(field_of(field)?), rest),
        ["feeds" | "feed", rest @ ..] => (None, rest),
        [] => return Some(What::Channel(channel)),
        ["bulk_update"] => return Some(What::BulkUpdate(channel)),
        ["status"] => return Some(What::Statuses(channel)),
        ["status", "last"] => return Some(What::LastStatus(channel)),
        _ => return None,
    };
    Some(match rest {
        [] => What::Feeds { channel, field },
        ["last"] => What::Entry { channel, field, which: Which::Last },
        ["last_data_age"] => What::Age { channel, field },
        [id] => What::Entry { channel, field, which: Which::Id(number(id)?) },
        _ => return None,
    })
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
    /// Whether it can be answered in a form.
    const fn has(self, form: Form) -> bool {
        match self {
            Self::Update | Self::Channels | Self::Channel(_) => {
                matches!(form, Form::Plain | Form::Json | Form::Xml)
            }
            Self::BulkUpdate(_) => matches!(form, Form::Json | Form::Csv),
            Self::Feeds { .. } | Self::Statuses(_) => !matches!(form, Form::Txt),
            Self::Entry { .. } | Self::Age { .. } | Self::LastStatus(_) => true,
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
