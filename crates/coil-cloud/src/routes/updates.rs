//! Values of several streams of a device in one call, and reading them side by side.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Json, routing};
use serde_json::{Map, Value, json};

use super::values::{
    add_bounds, asked_limit, asked_range, csv, csv_cell, limit, parse_points, range,
    said_of_points, store,
};
use super::{Accepted, accepted, location};
use crate::api::{
    Call, Shape, Table, each_stream, get, map, plain, post, reply, request, stamp, text, when,
    whole, words,
};
use crate::app::App;
use crate::auth::Caller;
use crate::conditions::{self, Condition};
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::DeviceRef;
use crate::store::places::{self, Place};
use crate::store::sql::Tx;
use crate::store::values::{self, Range, Record};
use crate::time::Stamp;

/// Values that one call looks through at most.
pub(super) const MAX_SCANNED: i64 = 200_000;

pub(crate) fn routes() -> Table {
    let many = request(&[
        ("values", each_stream(said_of_points())),
        ("location?", location::said_of_place()),
    ]);
    let one = request(&[
        ("values", each_stream(plain())),
        ("timestamp?", when()),
        ("location?", location::said_of_place()),
    ]);
    let some = [("streams?", text())];
    let asked = |call: Call| call.asks(&some).asks(&asked_range()).asks(&asked_limit());
    Table::new("Values")
        .at(
            "/devices/{device}/updates",
            [post(post_many, "Stores values of several streams")
                .takes(many.named("Updates"))
                .accepts(accepted())],
        )
        .at(
            "/devices/{device}/update",
            [post(post_one, "Stores one value of each stream")
                .takes(one.named("Update"))
                .accepts(accepted())],
        )
        .at(
            "/devices/{device}/values",
            [asked(get(list, "Values of streams side by side")).answers(records())],
        )
        .aside("/devices/{device}/values.json", routing::get(list))
        .at(
            "/devices/{device}/values.csv",
            [asked(get(list_csv, "The same as a table")).answers_text("text/csv")],
        )
        .at(
            "/devices/{device}/values/search",
            [
                asked(get(search, "The same")).answers(records()),
                post(search, "Those that meet conditions").may_take(wanted()).answers(records()),
            ],
        )
        .aside("/devices/{device}/values/search.json", routing::get(search).post(search))
        .at(
            "/devices/{device}/values/search.csv",
            [
                asked(get(search_csv, "The same as a table")).answers_text("text/csv"),
                post(search_csv, "Those that meet conditions, as a table")
                    .may_take(wanted())
                    .answers_text("text/csv"),
            ],
        )
}

/// What streams held at the same times.
fn records() -> Shape {
    let record = reply(&[("timestamp", stamp()), ("values", map(plain()))]);
    reply(&[
        ("start?", stamp()),
        ("end", stamp()),
        ("limit", whole()),
        ("values", record.named("Record").list()),
    ])
}

/// What is said to search values.
fn wanted() -> Shape {
    request(&[
        ("streams?", words()),
        ("start?", when()),
        ("end?", when()),
        ("limit?", whole()),
        ("conditions?", map(conditions::shape())),
    ])
    .named("ValuesWanted")
}

type Points = Vec<(Option<Stamp>, Value)>;

fn by_stream(input: &Input) -> Result<&Map<String, Value>, ApiError> {
    let values =
        input.body.get("values").ok_or_else(|| ApiError::invalid("values", "not_present"))?;
    values.as_object().ok_or_else(|| ApiError::invalid("values", "invalid"))
}

/// The place that an update may bring along.
fn place(input: &Input) -> Result<Option<Place>, ApiError> {
    match input.body.get("location") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(body)) => {
            let mut body = body.clone();
            if let (false, Some(at)) = (body.contains_key("timestamp"), input.body.get("timestamp"))
            {
                body.insert("timestamp".to_owned(), at.clone());
            }
            location::parse(&Input { query: Vec::new(), body }).map(Some)
        }
        Some(_) => Err(ApiError::invalid("location", "invalid")),
    }
}

async fn save(
    app: &App,
    caller: Caller,
    device: String,
    all: Vec<(String, Points)>,
    place: Option<Place>,
) -> Result<Accepted, ApiError> {
    app.store
        .write(move |tx| {
            let device = DeviceRef::parse(&device);
            for (name, points) in all {
                let device = caller.device_for_stream(tx, &device, &name)?;
                store(tx, &device, &name, points, &name)?;
            }
            if let Some(place) = place {
                places::put(tx, caller.device(tx, &device)?.seq, &place)?;
            }
            Ok(())
        })
        .await?;
    Ok(Accepted)
}

async fn post_many(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Accepted, ApiError> {
    let place = place(&input)?;
    let all = by_stream(&input)?
        .iter()
        .map(|(name, points)| Ok((name.clone(), parse_points(Some(points), name)?)))
        .collect::<Result<_, ApiError>>()?;
    save(&app, caller, device, all, place).await
}

async fn post_one(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Accepted, ApiError> {
    let (place, at) = (place(&input)?, input.stamp("timestamp")?);
    // All values of one update have one time, so that they are read back as one record.
    let at = Some(at.unwrap_or_else(Stamp::now));
    let all = by_stream(&input)?
        .iter()
        .map(|(name, value)| (name.clone(), vec![(at, value.clone())]))
        .collect();
    save(&app, caller, device, all, place).await
}

/// What a call wants to read side by side.
struct Query {
    streams: Option<Vec<String>>,
    range: Range,
    limit: usize,
    conditions: Vec<(String, Condition)>,
}

impl Query {
    fn parse(input: &Input, with_conditions: bool) -> Result<Self, ApiError> {
        let conditions = input.body.get("conditions").filter(|_| with_conditions);
        Ok(Self {
            streams: input.words("streams")?,
            range: range(input)?,
            limit: usize::try_from(limit(input)?).unwrap_or_default(),
            conditions: Condition::parse_all("conditions", conditions)?,
        })
    }

    fn run(&self, tx: &Tx, caller: &Caller, device: &str) -> Result<Vec<Record>, ApiError> {
        let device = caller.device(tx, &DeviceRef::parse(device))?;
        let mut records = values::records(tx, device.seq, self.range, MAX_SCANNED)?;
        records.retain(|record| {
            let mut conditions = self.conditions.iter();
            conditions.all(|(name, condition)| condition.holds(record.values.get(name)))
        });
        keep_streams(&mut records, self.streams.as_deref());
        records.truncate(self.limit);
        Ok(records)
    }
}

/// Leaves out all but these streams, and records without any of them.
pub(super) fn keep_streams(records: &mut Vec<Record>, streams: Option<&[String]>) {
    let Some(streams) = streams else { return };
    for record in &mut *records {
        record.values.retain(|name, _| streams.contains(name));
    }
    records.retain(|record| !record.values.is_empty());
}

async fn answer(
    app: &App,
    caller: Caller,
    device: String,
    input: &Input,
    with_conditions: bool,
) -> Result<Vec<Record>, ApiError> {
    let query = Query::parse(input, with_conditions)?;
    app.store.read(move |tx| query.run(tx, &caller, &device)).await
}

fn as_json(records: &[Record], input: &Input) -> Result<Json<Value>, ApiError> {
    let mut answer = json!({});
    add_bounds(&mut answer, input)?;
    answer["limit"] = limit(input)?.into();
    let items = records.iter().map(|one| json!({ "timestamp": one.at, "values": one.values }));
    answer["values"] = Value::Array(items.collect());
    Ok(Json(answer))
}

/// Records as a table: a column for each stream, empty where a record has none.
pub(super) fn as_csv(records: &[Record]) -> String {
    let names: BTreeSet<&String> = records.iter().flat_map(|record| record.values.keys()).collect();
    let mut text = "timestamp".to_owned();
    for name in &names {
        text.push_str(&format!(",{}", csv_cell(name)));
    }
    text.push('\n');
    for record in records {
        text.push_str(&record.at.iso());
        for name in &names {
            let cell = match record.values.get(*name) {
                None => String::new(),
                Some(Value::String(text)) => csv_cell(text),
                Some(value) => value.to_string(),
            };
            text.push_str(&format!(",{cell}"));
        }
        text.push('\n');
    }
    text
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    as_json(&answer(&app, caller, device, &input, false).await?, &input)
}

async fn list_csv(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Response, ApiError> {
    Ok(csv(as_csv(&answer(&app, caller, device, &input, false).await?)))
}

async fn search(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    as_json(&answer(&app, caller, device, &input, true).await?, &input)
}

async fn search_csv(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Response, ApiError> {
    Ok(csv(as_csv(&answer(&app, caller, device, &input, true).await?)))
}
