//! The streams of a device.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::values::device_url;
use super::{Site, created};
use crate::api::{
    self, Shape, Table, address, choice, delete, get, pick, plain, reply, request, said, stamp,
    stream_name, text,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::DeviceRef;
use crate::store::streams::{self, Stream, StreamType};

/// How many streams a device has at most.
const MAX_STREAMS: usize = 1000;

/// What a stream can hold.
const TYPES: &[&str] = &["numeric", "alphanumeric"];

pub(crate) fn routes() -> Table {
    Table::new("Streams")
        .at(
            "/devices/{device}/streams",
            [get(list, "The streams of a device").answers(reply(&[("streams", shape().list())]))],
        )
        .at(
            "/devices/{device}/streams/{stream}",
            [
                get(show, "A stream with its latest value").answers(shape()),
                api::put(put, "Makes or changes a stream")
                    .with("stream", stream_name())
                    .may_take(said_of_stream())
                    .makes(shape())
                    .done()
                    .refuses(StatusCode::CONFLICT),
                delete(remove, "Removes a stream with its values").done(),
            ],
        )
}

/// A stream as answers show it.
pub(super) fn shape() -> Shape {
    let unit = reply(&[("label", text().or_null()), ("symbol", text().or_null())]);
    reply(&[
        ("name", text()),
        ("display_name", text().or_null()),
        ("type", choice(TYPES)),
        ("value", plain().or_null()),
        ("latest_value_at", stamp().or_null()),
        ("unit", unit),
        ("url", address()),
        ("created", stamp()),
        ("updated", stamp()),
    ])
    .named("Stream")
}

/// What is said to make or change a stream.
pub(super) fn said_of_stream() -> Shape {
    request(&[
        ("display_name?", said()),
        ("type?", pick(TYPES)),
        ("unit?", request(&[("label?", said()), ("symbol?", said())])),
    ])
    .named("NewStream")
}

/// Names of streams are what fits in a path's segment and on a page.
pub(super) fn check_name(name: &str) -> Result<(), ApiError> {
    let good = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    if name.is_empty() || name.chars().count() > 255 || !name.chars().all(good) {
        return Err(ApiError::invalid(
            "name",
            "has other signs than letters, digits, `_`, `-`, `.`",
        ));
    }
    Ok(())
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let items = app
        .store
        .read(move |tx| {
            let device = DeviceRef::parse(&device);
            let device = match &caller.key.stream {
                Some(stream) => caller.device_for_stream(tx, &device, stream)?,
                None => caller.device(tx, &device)?,
            };
            let url = device_url(&site, &device);
            let mut streams = streams::list(tx, device.seq)?;
            streams.retain(|stream| {
                caller.key.stream.as_ref().is_none_or(|name| *name == stream.name)
            });
            Ok(streams.iter().map(|stream| stream.json(&url)).collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(json!({ "streams": items })))
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let stream = app
        .store
        .read(move |tx| {
            let (device, stream) = caller.stream(tx, &DeviceRef::parse(&device), &stream)?;
            Ok(stream.json(&device_url(&site, &device)))
        })
        .await?;
    Ok(Json(stream))
}

/// Sets what a call says about a stream.
pub(super) fn apply(stream: &mut Stream, input: &Input) -> Result<(), ApiError> {
    if input.has("display_name") {
        stream.display_name = input.text("display_name")?;
    }
    if let Some(kind) = input.filled("type")? {
        stream.kind =
            StreamType::parse(&kind).ok_or_else(|| ApiError::invalid("type", "invalid"))?;
    }
    match input.get("unit") {
        None => {}
        Some(Value::Object(unit)) => {
            let unit = Input { query: Vec::new(), body: unit };
            let part =
                |name: &str| unit.text(name).map_err(|_| ApiError::invalid("unit", "invalid"));
            stream.unit_label = part("label")?;
            stream.unit_symbol = part("symbol")?;
        }
        Some(_) => return Err(ApiError::invalid("unit", "invalid")),
    }
    Ok(())
}

async fn put(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path((device, name)): Path<(String, String)>,
    input: Input,
) -> Result<Response, ApiError> {
    app.store
        .write(move |tx| {
            let device = caller.device_for_stream(tx, &DeviceRef::parse(&device), &name)?;
            if let Some(mut stream) = streams::find(tx, device.seq, &name)? {
                let before = stream.kind;
                apply(&mut stream, &input)?;
                if stream.kind != before && stream.value.is_some() {
                    return Err(ApiError::invalid("type", "cannot change once there are values"));
                }
                streams::update(tx, &stream)?;
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
            check_name(&name)?;
            if streams::list(tx, device.seq)?.len() >= MAX_STREAMS {
                return Err(ApiError::conflict("The device has as many streams as it can have"));
            }
            let mut stream = Stream::new(&name, StreamType::Numeric);
            apply(&mut stream, &input)?;
            stream.seq = streams::insert(tx, device.seq, &stream)?;
            let body = stream.json(&device_url(&site, &device));
            let url = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(created(url, body))
        })
        .await
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((device, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let (_, stream) = caller.stream(tx, &DeviceRef::parse(&device), &name)?;
            Ok(streams::delete(tx, stream.seq)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
