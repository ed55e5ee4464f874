//! The values of one stream: put one, put many, list, remove.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, routing};
use serde_json::{Value, json};

use super::{Accepted, accepted, streams::check_name};
use crate::api::{
    Shape, Table, delete, get, number, plain, post, put, reply, request, stamp, stream_name, when,
    whole,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::{Input, encode};
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::sql::Tx;
use crate::store::streams::{self, Stream, StreamType};
use crate::store::values::{self, Range};
use crate::time::Stamp;
use crate::triggers::Watch;

/// How many values an answer holds when the caller does not say.
pub(super) const DEFAULT_LIMIT: i64 = 100;
/// How many values an answer holds at most.
pub(super) const MAX_LIMIT: i64 = 10_000;

pub(crate) fn routes() -> Table {
    let one = request(&[("value", plain()), ("timestamp?", when())]);
    let many = request(&[("values", said_of_points())]);
    let between = request(&[("from", stamp()), ("end", stamp())]);
    let found = reply(&[
        ("values", reply(&[("timestamp", stamp()), ("value", plain())]).named("Point").list()),
        ("start?", stamp()),
        ("end", stamp()),
        ("limit", whole()),
    ]);
    let stream = "/devices/{device}/streams/{stream}";
    Table::new("Values")
        .at(
            &format!("{stream}/value"),
            [put(put_one, "Stores a value")
                .with("stream", stream_name())
                .takes(one)
                .accepts(accepted())],
        )
        .at(
            &format!("{stream}/values"),
            [
                get(list, "The newest values")
                    .asks(&asked_range())
                    .asks(&asked_limit())
                    .answers(found),
                post(post_many, "Stores several values")
                    .with("stream", stream_name())
                    .takes(many)
                    .accepts(accepted()),
                delete(remove, "Removes the values of a time").takes(between).done(),
            ],
        )
        .aside(&format!("{stream}/values.json"), routing::get(list))
        .at(
            &format!("{stream}/values.csv"),
            [get(list_csv, "The newest values as a table")
                .asks(&asked_range())
                .asks(&asked_limit())
                .answers_text("text/csv")],
        )
        .at(
            &format!("{stream}/values.msgpack"),
            [get(list_msgpack, "The newest values in MessagePack")
                .asks(&asked_range())
                .asks(&asked_limit())
                .answers_text("application/x-msgpack")],
        )
}

/// How a call says which values it means.
pub(super) fn asked_range() -> [(&'static str, Shape); 4] {
    [("start?", when()), ("end?", when()), ("min?", number()), ("max?", number())]
}

/// How a call says how many values it wants.
pub(super) fn asked_limit() -> [(&'static str, Shape); 1] {
    [("limit?", whole())]
}

/// A number of a stream at a time.
pub(super) fn numbers() -> Shape {
    reply(&[("timestamp", stamp()), ("value", number())]).named("Sample")
}

/// Values as they are said, with their times or without.
pub(super) fn said_of_points() -> Shape {
    request(&[("value", plain()), ("timestamp?", when())]).named("NewPoint").list()
}

async fn put_one(
    State(app): State<App>,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
    input: Input,
) -> Result<Accepted, ApiError> {
    let value = input.get("value").ok_or_else(|| ApiError::invalid("value", "not_present"))?;
    let stamped = input.stamp("timestamp")?;
    app.store
        .write(move |tx| {
            let device = caller.device_for_stream(tx, &DeviceRef::parse(&device), &stream)?;
            store(tx, &device, &stream, [(stamped, value)], "value")
        })
        .await?;
    Ok(Accepted)
}

async fn post_many(
    State(app): State<App>,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
    input: Input,
) -> Result<Accepted, ApiError> {
    let points = parse_points(input.body.get("values"), "values")?;
    app.store
        .write(move |tx| {
            let device = caller.device_for_stream(tx, &DeviceRef::parse(&device), &stream)?;
            store(tx, &device, &stream, points, "values")
        })
        .await?;
    Ok(Accepted)
}

/// Reads `[{"timestamp": …, "value": …}, …]`.
pub(super) fn parse_points(
    list: Option<&Value>,
    field: &str,
) -> Result<Vec<(Option<Stamp>, Value)>, ApiError> {
    let list = list.ok_or_else(|| ApiError::invalid(field, "not_present"))?;
    let list = list.as_array().ok_or_else(|| ApiError::invalid(field, "invalid"))?;
    let invalid = || ApiError::invalid(field, "invalid");
    list.iter()
        .map(|point| {
            let value = point.get("value").cloned().ok_or_else(invalid)?;
            let stamped = match point.get("timestamp") {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) if text.trim().is_empty() => None,
                Some(Value::String(text)) => Some(Stamp::parse(text).ok_or_else(invalid)?),
                Some(_) => return Err(invalid()),
            };
            Ok((stamped, value))
        })
        .collect()
}

/// Stores values in a stream of a device, making the stream for the first one.
pub(crate) fn store(
    tx: &Tx,
    device: &Device,
    name: &str,
    points: impl IntoIterator<Item = (Option<Stamp>, Value)>,
    field: &str,
) -> Result<(), ApiError> {
    let now = Stamp::now();
    let mut stream = streams::find(tx, device.seq, name)?;
    if stream.is_none() {
        check_name(name)?;
    }
    let mut watch = Watch::new(tx, device, name)?;
    for (stamped, value) in points {
        let stream = match &stream {
            Some(stream) => stream,
            None => {
                let mut fresh = Stream::new(name, values::type_of(&value));
                fresh.seq = streams::insert(tx, device.seq, &fresh)?;
                stream.insert(fresh)
            }
        };
        let stored = values::from_json(stream.kind, &value).ok_or_else(|| {
            let what = match stream.kind {
                StreamType::Numeric => "is not a number, and the stream is numeric",
                StreamType::Alphanumeric => "is neither a text nor a number",
            };
            ApiError::invalid(field, what)
        })?;
        let at = values::put(tx, stream.seq, stamped, now, &stored)?;
        watch.see(stream, at, &stored.1)?;
    }
    Ok(devices::touch(tx, device, now)?)
}

/// The range of values that a call means.
pub(super) fn range(input: &Input) -> Result<Range, ApiError> {
    Ok(Range {
        start: input.stamp("start")?.unwrap_or(Stamp::from_micros(i64::MIN)),
        end: input.stamp("end")?.unwrap_or_else(|| Stamp::now().plus_micros(1_000_000)),
        min: input.number("min")?,
        max: input.number("max")?,
    })
}

/// How many values a call wants.
pub(super) fn limit(input: &Input) -> Result<i64, ApiError> {
    Ok(input.whole("limit")?.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT))
}

/// Adds the bounds that a call gave to its answer.
pub(super) fn add_bounds(answer: &mut Value, input: &Input) -> Result<(), ApiError> {
    if let Some(start) = input.stamp("start")? {
        answer["start"] = start.into();
    }
    answer["end"] = input.stamp("end")?.unwrap_or_else(Stamp::now).into();
    Ok(())
}

async fn fetch(
    app: &App,
    caller: Caller,
    device: String,
    name: String,
    input: &Input,
) -> Result<(Stream, Vec<values::Point>), ApiError> {
    let (range, limit) = (range(input)?, limit(input)?);
    app.store
        .read(move |tx| {
            let (_, stream) = caller.stream(tx, &DeviceRef::parse(&device), &name)?;
            let points = values::list(tx, stream.seq, range, limit)?;
            Ok((stream, points))
        })
        .await
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let (stream, points) = fetch(&app, caller, device, stream, &input).await?;
    let items = points.iter().map(|point| {
        json!({ "timestamp": point.at, "value": values::to_json(stream.kind, &point.text) })
    });
    let mut answer = json!({ "values": items.collect::<Vec<_>>() });
    add_bounds(&mut answer, &input)?;
    answer["limit"] = limit(&input)?.into();
    Ok(Json(answer))
}

/// The same in MessagePack.
async fn list_msgpack(
    app: State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    input: Input,
) -> Result<Response, ApiError> {
    let Json(answer) = list(app, caller, path, input).await?;
    let packed = rmp_serde::to_vec_named(&answer)
        .map_err(|error| ApiError::storage(format!("The values could not be packed: {error}")))?;
    Ok(([(header::CONTENT_TYPE, "application/x-msgpack")], packed).into_response())
}

async fn list_csv(
    State(app): State<App>,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
    input: Input,
) -> Result<Response, ApiError> {
    let (_, points) = fetch(&app, caller, device, stream, &input).await?;
    let mut text = "timestamp,value\n".to_owned();
    for point in points {
        text.push_str(&format!("{},{}\n", point.at.iso(), csv_cell(&point.text)));
    }
    Ok(csv(text))
}

/// A cell of a CSV table, quoted if it must be.
pub(crate) fn csv_cell(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

/// A table as an answer.
pub(super) fn csv(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    let from = input.stamp("from")?.ok_or_else(|| ApiError::invalid("from", "not_present"))?;
    let end = input.stamp("end")?.ok_or_else(|| ApiError::invalid("end", "not_present"))?;
    app.store
        .write(move |tx| {
            let (_, stream) = caller.stream(tx, &DeviceRef::parse(&device), &stream)?;
            Ok(values::delete(tx, stream.seq, from, end)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address of a stream's device, for answers.
pub(super) fn device_url(site: &str, device: &Device) -> String {
    format!("{site}/devices/{}", encode(&device.id))
}
