//! Calls that write: one entry, or many at once. It owns what may stand in an entry; it must not
//! know in which form the answer goes.

use serde_json::{Map, Number, Value};

use super::period::number;
use super::when::Zone;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::routes::store_values;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::entries::{self, Entry, FIELDS};
use crate::store::places::{self, Place};
use crate::store::sql::Tx;
use crate::store::streams::{self, StreamType};
use crate::time::Stamp;

/// Letters of a text in an entry.
pub(super) const TEXT_LETTERS: usize = 255;
/// Entries of one call, as many as the real service takes from who pays.
const MAX_ENTRIES: usize = 14_400;
/// What an entry's columns are called in a bulk update of CSV, after its time.
const COLUMNS: [&str; FIELDS + 4] = [
    "field1",
    "field2",
    "field3",
    "field4",
    "field5",
    "field6",
    "field7",
    "field8",
    "latitude",
    "longitude",
    "elevation",
    "status",
];

/// Which stream holds the values of a field, counted from 0.
pub(super) fn stream_of(field: usize) -> String {
    format!("field{}", field + 1)
}

/// An entry that has no number yet, and no time if nobody said one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    at: Option<Stamp>,
    entry: Entry,
}

impl Draft {
    /// Reads an entry out of named values.
    pub(super) fn parse(input: &Input, zone: &Zone) -> Result<Self, ApiError> {
        for feature in ["talkback_key", "twitter", "tweet"] {
            if input.filled(feature)?.is_some() {
                return Err(ApiError::bad_request(format!(
                    "`{feature}`: this cloud stores values and nothing else; leave it out"
                )));
            }
        }
        let mut fields = [const { None }; FIELDS];
        for (index, field) in fields.iter_mut().enumerate() {
            *field = text(input, &stream_of(index))?;
        }
        let at = match input.filled("created_at")? {
            None => None,
            Some(text) => Some(zone.read(&text).ok_or_else(|| {
                ApiError::invalid("created_at", "is not a time such as 2014-12-31 23:59:59")
            })?),
        };
        let degrees = |names: [&str; 2], bound: f64| {
            let Some(found) = decimal(input, names[0])?.or(decimal(input, names[1])?) else {
                return Ok(None);
            };
            if number(&found).is_none_or(|degrees| degrees.abs() > bound) {
                return Err(ApiError::invalid(
                    names[0],
                    &format!("is not between -{bound} and {bound}"),
                ));
            }
            Ok(Some(found))
        };
        let entry = Entry {
            id: 0,
            at: Stamp::from_micros(0),
            fields,
            latitude: degrees(["latitude", "lat"], 90.0)?,
            longitude: degrees(["longitude", "long"], 180.0)?,
            elevation: decimal(input, "elevation")?,
            status: text(input, "status")?,
        };
        Ok(Self { at, entry })
    }

    /// Whether a key for one stream may write it.
    fn is_only(&self, stream: &str) -> bool {
        let entry = &self.entry;
        let others = [&entry.latitude, &entry.longitude, &entry.elevation, &entry.status];
        let mut fields = entry.fields.iter().enumerate();
        others.iter().all(|other| other.is_none())
            && fields.all(|(index, field)| field.is_none() || stream_of(index) == stream)
    }
}

/// A text; an empty one says nothing.
fn text(input: &Input, name: &str) -> Result<Option<String>, ApiError> {
    let text = input.text(name)?.filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LETTERS) {
        return Err(ApiError::invalid(name, &format!("is longer than {TEXT_LETTERS} letters")));
    }
    Ok(text)
}

fn decimal(input: &Input, name: &str) -> Result<Option<String>, ApiError> {
    let found = text(input, name)?.map(|text| text.trim().to_owned());
    if found.as_ref().is_some_and(|text| number(text).is_none()) {
        return Err(ApiError::invalid(name, "is not a number"));
    }
    Ok(found)
}

/// Entries of `bulk_update.json`.
pub(super) fn parse_json(input: &Input, zone: &Zone) -> Result<Vec<Draft>, ApiError> {
    let Some(updates) = input.body.get("updates").and_then(Value::as_array) else {
        return Err(ApiError::invalid("updates", "is not an array of objects"));
    };
    check_count(updates.len())?;
    let one = |update: &Value| {
        let body = update.as_object().cloned();
        let body =
            body.ok_or_else(|| ApiError::invalid("updates", "is not an array of objects"))?;
        let update = Input { query: Vec::new(), body };
        let since = update.filled("delta_t")?;
        Ok((Draft::parse(&update, zone)?, since))
    };
    let parsed: Result<Vec<_>, ApiError> = updates.iter().map(one).collect();
    let parsed = parsed?;
    if parsed.iter().all(|(draft, since)| draft.at.is_some() && since.is_none()) {
        return Ok(parsed.into_iter().map(|(draft, _)| draft).collect());
    }
    if parsed.iter().any(|(draft, since)| draft.at.is_some() || since.is_none()) {
        return Err(ApiError::invalid(
            "updates",
            "have to say their time all by `created_at`, or all by `delta_t`",
        ));
    }
    relative(parsed.into_iter().map(|(draft, since)| (draft, since.unwrap_or_default())).collect())
}

/// Entries of `bulk_update.csv`: `time,field1,…,field8,latitude,longitude,elevation,status|…`.
pub(super) fn parse_csv(input: &Input, zone: &Zone) -> Result<Vec<Draft>, ApiError> {
    let updates = input.filled("updates")?;
    let updates = updates.ok_or_else(|| ApiError::invalid("updates", "not_present"))?;
    let is_relative = match input.filled("time_format")?.as_deref() {
        Some("absolute") => false,
        Some("relative") => true,
        _ => return Err(ApiError::invalid("time_format", "is neither absolute nor relative")),
    };
    let rows: Vec<&str> = updates.split('|').take(MAX_ENTRIES + 1).collect();
    check_count(rows.len())?;
    let one = |row: &&str| {
        let mut cells = row.split(',');
        let time = cells.next().unwrap_or_default().trim().to_owned();
        let mut body = Map::new();
        let mut names = COLUMNS.iter();
        for cell in cells {
            let name = names.next().ok_or_else(|| {
                ApiError::invalid("updates", "has more columns than an entry has values")
            })?;
            body.insert((*name).to_owned(), Value::String(cell.trim().to_owned()));
        }
        if !is_relative {
            body.insert("created_at".to_owned(), Value::String(time.clone()));
        }
        let draft = Draft::parse(&Input { query: Vec::new(), body }, zone)?;
        if !is_relative && draft.at.is_none() {
            return Err(ApiError::invalid("updates", "has an entry without its time"));
        }
        Ok((draft, time))
    };
    let parsed: Result<Vec<_>, ApiError> = rows.iter().map(one).collect();
    if is_relative {
        return relative(parsed?);
    }
    Ok(parsed?.into_iter().map(|(draft, _)| draft).collect())
}

fn check_count(count: usize) -> Result<(), ApiError> {
    if count > MAX_ENTRIES {
        return Err(ApiError::too_many_at_once("entries", count, MAX_ENTRIES));
    }
    if count == 0 {
        return Err(ApiError::invalid("updates", "is empty"));
    }
    Ok(())
}

/// Gives entries their times, each so many seconds after the one before it; the last is now.
fn relative(entries: Vec<(Draft, String)>) -> Result<Vec<Draft>, ApiError> {
    let mut at = Stamp::now();
    let mut drafts = Vec::with_capacity(entries.len());
    let first = entries.len().saturating_sub(1);
    for (index, (mut draft, since)) in entries.into_iter().rev().enumerate() {
        let since = since.trim();
        let seconds = since.strip_suffix(".0").unwrap_or(since).parse::<i64>().ok();
        let seconds = seconds
            .filter(|seconds| (i64::from(index != first)..=i64::from(u32::MAX)).contains(seconds));
        let seconds = seconds.ok_or_else(|| {
            ApiError::invalid("delta_t", "is not whole seconds since the entry before, from 1 on")
        })?;
        draft.at = Some(at);
        at = at.plus_micros(-seconds * 1_000_000);
        drafts.push(draft);
    }
    drafts.reverse();
    Ok(drafts)
}

/// Stores entries, all or none; gives the device and its newest entry.
pub(super) fn store(
    tx: &Tx,
    caller: &Caller,
    device: &DeviceRef,
    drafts: Vec<Draft>,
) -> Result<(Device, Entry), ApiError> {
    let device = match &caller.key.stream {
        Some(only) if drafts.iter().all(|draft| draft.is_only(only)) => {
            caller.device_for_stream(tx, device, only)?
        }
        _ => caller.device(tx, device)?,
    };
    let last = entries::last_id(tx, device.seq)?.unwrap_or(0);
    let mut stored = Vec::with_capacity(drafts.len());
    for (id, draft) in (last + 1..).zip(drafts) {
        let mut entry = Entry { id, at: draft.at.unwrap_or_else(Stamp::now), ..draft.entry };
        while !entries::insert(tx, device.seq, &entry)? {
            if draft.at.is_some() {
                return Err(ApiError::conflict(format!(
                    "The channel has an entry of {} already: each needs a time of its own",
                    entry.at.iso()
                )));
            }
            entry.at = entry.at.plus_micros(1);
        }
        stored.push(entry);
    }
    for index in 0..FIELDS {
        let texts =
            stored.iter().filter_map(|entry| Some((entry.at, entry.fields[index].as_ref()?)));
        copy_values(tx, &device, index, texts)?;
    }
    for place in stored.iter().filter_map(place) {
        places::put(tx, device.seq, &place)?;
    }
    devices::touch(tx, &device, Stamp::now())?;
    let last = stored.pop().ok_or_else(|| ApiError::invalid("updates", "is empty"))?;
    Ok((device, last))
}

/// Stores what a field was told in its stream, which M2X and charts read. A text is none of a
/// numeric stream's values; it is in the entry alone.
fn copy_values<'a>(
    tx: &Tx,
    device: &Device,
    index: usize,
    texts: impl Iterator<Item = (Stamp, &'a String)>,
) -> Result<(), ApiError> {
    let mut texts = texts.peekable();
    let Some((_, first)) = texts.peek() else { return Ok(()) };
    let name = stream_of(index);
    let kind = match streams::find(tx, device.seq, &name)? {
        Some(stream) => stream.kind,
        None if as_number(first).is_some() => StreamType::Numeric,
        None => StreamType::Alphanumeric,
    };
    let points = texts.filter_map(|(at, text)| {
        let value = match kind {
            StreamType::Numeric => Value::Number(as_number(text)?),
            StreamType::Alphanumeric => Value::String(text.clone()),
        };
        Some((Some(at), value))
    });
    store_values(tx, device, &name, points, &name)
}

/// The number that a text is, written as it came where JSON has that way of writing.
fn as_number(text: &str) -> Option<Number> {
    match serde_json::from_str(text.trim()) {
        Ok(Value::Number(number)) if number.as_f64().is_some_and(f64::is_finite) => Some(number),
        _ => number(text).and_then(Number::from_f64),
    }
}

fn place(entry: &Entry) -> Option<Place> {
    Some(Place {
        at: entry.at,
        name: None,
        latitude: number(entry.latitude.as_deref()?)?,
        longitude: number(entry.longitude.as_deref()?)?,
        elevation: entry.elevation.as_deref().and_then(number),
    })
}
