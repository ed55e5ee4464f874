//! Calls that read: feeds, single entries, ages, statuses, channels. It owns what a caller may ask
//! of a feed; it must not know how a key is found.

use serde_json::json;

use super::period::{Period, number};
use super::shape::{Cell, Record};
use super::update::stream_of;
use super::when::Zone;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::Device;
use crate::store::entries::{self, Entry, FIELDS};
use crate::store::keys::{self, Owner};
use crate::store::sql::Tx;
use crate::store::{places, streams};
use crate::time::Stamp;

/// Entries of an answer at most.
const MAX_RESULTS: i64 = 8000;
/// Entries of an answer to a caller who says neither a number nor a time.
const USUAL_RESULTS: i64 = 100;
/// Digits after the point at most.
const MAX_DIGITS: i64 = 20;
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// What a caller asks of a feed.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) zone: Zone,
    between: (Stamp, Stamp),
    results: i64,
    with_status: bool,
    with_location: bool,
    with_metadata: bool,
    min: Option<f64>,
    max: Option<f64>,
    digits: Option<usize>,
    period: Option<Period>,
    prepend: String,
    append: String,
}

impl Wish {
    pub(super) fn parse(input: &Input) -> Result<Self, ApiError> {
        let zone = Zone::parse(input)?;
        let flag = |name| {
            Ok::<_, ApiError>(
                input.filled(name)?.is_some_and(|text| text.eq_ignore_ascii_case("true")),
            )
        };
        let results = input.whole("results")?;
        let (between, says_when) = between(input, &zone, results.is_some())?;
        let usual = if says_when { MAX_RESULTS } else { USUAL_RESULTS };
        let digits = input.whole("round")?.map(|digits| digits.min(MAX_DIGITS));
        Ok(Self {
            between,
            results: results.unwrap_or(usual).min(MAX_RESULTS),
            with_status: flag("status")?,
            with_location: flag("location")?,
            with_metadata: flag("metadata")?,
            min: input.number("min")?,
            max: input.number("max")?,
            digits: digits.and_then(|digits| usize::try_from(digits).ok()),
            period: Period::parse(input)?,
            prepend: input.text("prepend")?.unwrap_or_default(),
            append: input.text("append")?.unwrap_or_default(),
            zone,
        })
    }

    /// The same for the statuses of a channel: of one day, if nobody says how many.
    pub(super) fn parse_for_statuses(input: &Input) -> Result<Self, ApiError> {
        let wish = Self::parse(input)?;
        let days = input.whole("days")?.unwrap_or(1);
        let start = Stamp::now().plus_micros(-days.saturating_mul(DAY));
        let results = input.whole("results")?.unwrap_or(MAX_RESULTS).min(MAX_RESULTS);
        Ok(Self { between: (start, Stamp::from_micros(i64::MAX)), results, ..wish })
    }

    /// Whether all numbers of an entry are between the bounds.
    fn keeps(&self, entry: &Entry, fields: &[Field]) -> bool {
        fields.iter().filter_map(|field| number(entry.fields[field.index].as_deref()?)).all(
            |value| {
                self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
            },
        )
    }

    fn round(&self, entry: &mut Entry) {
        let Some(digits) = self.digits else { return };
        for field in &mut entry.fields {
            if let Some(value) = field.as_deref().and_then(number) {
                *field = Some(format!("{value:.digits$}"));
            }
        }
    }
}

/// From when to when, and whether the caller said so.
fn between(
    input: &Input,
    zone: &Zone,
    says_results: bool,
) -> Result<((Stamp, Stamp), bool), ApiError> {
    let time = |name: &str| {
        let Some(text) = input.filled(name)? else { return Ok(None) };
        let invalid = || ApiError::invalid(name, "is not a time such as 2014-12-31 23:59:59");
        zone.read(&text).map(Some).ok_or_else(invalid)
    };
    let (start, end) = (time("start")?, time("end")?);
    let days = input.whole("days")?.map(|days| days.saturating_mul(DAY));
    let back = days.or(input.whole("minutes")?.map(|minutes| minutes.saturating_mul(MINUTE)));
    let says_when = start.is_some() || end.is_some() || back.is_some();
    let start = match (start, back) {
        (Some(start), _) => start,
        (None, Some(back)) => Stamp::now().plus_micros(back.saturating_neg()),
        (None, None) if says_results => Stamp::from_micros(i64::MIN),
        (None, None) => end.unwrap_or_else(Stamp::now).plus_micros(-DAY),
    };
    Ok(((start, end.unwrap_or(Stamp::from_micros(i64::MAX))), says_when))
}

/// A field that a channel has.
#[derive(Debug, Clone)]
struct Field {
    index: usize,
    /// What it is called; `None` where only the caller knows of it.
    label: Option<String>,
}

/// The fields of a channel, or the one that is asked for.
fn fields(tx: &Tx, device: &Device, only: Option<usize>) -> Result<Vec<Field>, ApiError> {
    let mut found = Vec::new();
    for index in 0..FIELDS {
        if only.is_some_and(|only| only != index) {
            continue;
        }
        let stream = streams::find(tx, device.seq, &stream_of(index))?;
        let label = stream
            .map(|stream| stream.display_name.unwrap_or_else(|| format!("Field {}", index + 1)));
        if label.is_some() || only.is_some() {
            found.push(Field { index, label });
        }
    }
    Ok(found)
}

fn channel(
    tx: &Tx,
    device: &Device,
    fields: &[Field],
    with_metadata: bool,
) -> Result<Record, ApiError> {
    let mut record = Record::default()
        .with("id", Cell::Whole(Some(device.seq)))
        .with("name", Cell::text(&device.name));
    if let Some(description) = device.description.as_ref().filter(|text| !text.is_empty()) {
        record = record.with("description", Cell::text(description));
    }
    record = located(record, tx, device)?;
    for field in fields {
        if let Some(label) = &field.label {
            record = record.with(stream_of(field.index), Cell::text(label));
        }
    }
    if with_metadata {
        record = record.with("metadata", Cell::text(json!(device.metadata).to_string()));
    }
    let last = entries::last_id(tx, device.seq)?;
    Ok(record
        .with("created_at", Cell::Time(device.created))
        .with("updated_at", Cell::Time(device.updated))
        .with("last_entry_id", Cell::Whole(last)))
}

/// With the place of the device, if it has one.
fn located(record: Record, tx: &Tx, device: &Device) -> Result<Record, ApiError> {
    let Some(place) = places::latest(tx, device.seq)? else { return Ok(record) };
    let record = record
        .with("latitude", Cell::Decimal(Some(place.latitude.to_string())))
        .with("longitude", Cell::Decimal(Some(place.longitude.to_string())));
    let elevation = place.elevation.map(|elevation| elevation.to_string());
    Ok(record.with("elevation", Cell::Decimal(elevation)))
}

fn shown(entry: Entry, fields: &[Field], wish: &Wish) -> Record {
    let mut record = Record::default().with("created_at", Cell::Time(entry.at));
    if wish.period.is_none() {
        record = record.with("entry_id", Cell::Whole(Some(entry.id)));
    }
    for field in fields {
        let value = entry.fields[field.index].clone();
        record = record.with(stream_of(field.index), Cell::Text(value));
    }
    if wish.with_location {
        record = record
            .with("latitude", Cell::Decimal(entry.latitude))
            .with("longitude", Cell::Decimal(entry.longitude))
            .with("elevation", Cell::Decimal(entry.elevation));
    }
    if wish.with_status {
        record = record.with("status", Cell::Text(entry.status));
    }
    record
}

fn empty() -> Entry {
    Entry {
        id: 0,
        at: Stamp::from_micros(0),
        fields: [const { None }; FIELDS],
        latitude: None,
        longitude: None,
        elevation: None,
        status: None,
    }
}

/// A channel, its entries, and an entry that shows the names alone.
pub(super) type Feeds = (Record, Vec<Record>, Record);

/// The entries that a caller asks for.
pub(super) fn feeds(
    tx: &Tx,
    device: &Device,
    only: Option<usize>,
    wish: &Wish,
) -> Result<Feeds, ApiError> {
    let fields = fields(tx, device, only)?;
    let mut found = entries::list(tx, device.seq, wish.between, wish.results)?;
    if let Some(period) = wish.period {
        found = period.apply(found)?;
    }
    found.retain(|entry| wish.keeps(entry, &fields));
    let rows = found.into_iter().map(|mut entry| {
        wish.round(&mut entry);
        shown(entry, &fields, wish)
    });
    let rows = rows.collect();
    Ok((channel(tx, device, &fields, wish.with_metadata)?, rows, shown(empty(), &fields, wish)))
}

/// What a channel said of its status, with the channel in short.
pub(super) fn statuses(tx: &Tx, device: &Device, wish: &Wish) -> Result<Feeds, ApiError> {
    let found = entries::list(tx, device.seq, wish.between, wish.results)?;
    let channel = located(Record::default().with("name", Cell::text(&device.name)), tx, device)?;
    Ok((channel, found.iter().map(status_of).collect(), status_of(&empty())))
}

pub(super) fn status_of(entry: &Entry) -> Record {
    Record::default()
        .with("created_at", Cell::Time(entry.at))
        .with("entry_id", Cell::Whole(Some(entry.id)))
        .with("status", Cell::Text(entry.status.clone()))
}

/// One entry, and what stands for it in plain text if one field is asked for.
pub(super) fn one(
    tx: &Tx,
    device: &Device,
    only: Option<usize>,
    entry: Option<Entry>,
    wish: &Wish,
) -> Result<(Record, Option<String>), ApiError> {
    let mut entry = entry.ok_or_else(|| ApiError::missing("entry"))?;
    wish.round(&mut entry);
    let plain = only.map(|index| {
        let value = entry.fields[index].as_deref().unwrap_or_default();
        format!("{}{value}{}", wish.prepend, wish.append)
    });
    let wish = Wish { period: None, ..wish.clone() };
    Ok((shown(entry, &fields(tx, device, only)?, &wish), plain))
}

/// Seconds since an entry.
pub(super) fn age(entry: Option<Entry>) -> Result<(Record, Option<String>), ApiError> {
    let entry = entry.ok_or_else(|| ApiError::missing("entry"))?;
    let age = Stamp::now().seconds().saturating_sub(entry.at.seconds()).max(0).to_string();
    let record = Record::default()
        .with("last_data_age", Cell::text(&age))
        .with("last_data_age_units", Cell::text("s"));
    Ok((record, Some(age)))
}

/// What an update answers with.
pub(super) fn updated(device: &Device, entry: &Entry) -> Record {
    let mut record = Record::default()
        .with("channel_id", Cell::Whole(Some(device.seq)))
        .with("created_at", Cell::Time(entry.at))
        .with("entry_id", Cell::Whole(Some(entry.id)));
    for (index, field) in entry.fields.iter().enumerate() {
        record = record.with(stream_of(index), Cell::Text(field.clone()));
    }
    record
        .with("latitude", Cell::Decimal(entry.latitude.clone()))
        .with("longitude", Cell::Decimal(entry.longitude.clone()))
        .with("elevation", Cell::Decimal(entry.elevation.clone()))
        .with("status", Cell::Text(entry.status.clone()))
}

/// The settings of a channel; its keys only to those who may see them.
pub(super) fn settings(tx: &Tx, device: &Device, with_keys: bool) -> Result<Record, ApiError> {
    let text = |text: &Option<String>| Cell::Text(text.clone());
    let mut record = Record::default()
        .with("id", Cell::Whole(Some(device.seq)))
        .with("name", Cell::text(&device.name))
        .with("description", text(&device.description));
    record = located(record, tx, device)?
        .with("created_at", Cell::Time(device.created))
        .with("last_entry_id", Cell::Whole(entries::last_id(tx, device.seq)?))
        .with("public_flag", Cell::Flag(device.visibility == "public"))
        .with("metadata", Cell::text(json!(device.metadata).to_string()));
    let tags = device.tags.iter().map(|tag| Record::default().with("name", Cell::text(tag)));
    record = record.with("tags", Cell::Many("tag", tags.collect()));
    if with_keys {
        let keys = keys::list(tx, Owner::Device(device.seq))?.into_iter().map(|key| {
            let writes = key.permissions.iter().any(|permission| permission == "POST");
            Record::default()
                .with("api_key", Cell::text(key.token))
                .with("write_flag", Cell::Flag(writes))
        });
        record = record.with("api_keys", Cell::Many("api_key", keys.collect()));
    }
    Ok(record)
}
