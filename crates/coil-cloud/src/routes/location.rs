//! Where a device is, and where it was.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::values::range;
use super::{Accepted, accepted};
use crate::api::{
    self, Fields, Shape, Table, any_figure, degrees, delete, get, number, reply, request, said,
    stamp, text, when, whole,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::{self, DeviceRef};
use crate::store::places::{self, Place};
use crate::time::Stamp;

/// Waypoints in an answer when the caller does not say.
const DEFAULT_LIMIT: i64 = 30;
const MAX_LIMIT: i64 = 1000;

pub(crate) fn routes() -> Table {
    let waypoint = place(&[]).named("Waypoint");
    let where_it_is = place(&[("waypoints", waypoint.clone().list())]);
    let between = [("start?", when()), ("end?", when()), ("limit?", whole())];
    Table::new("Location")
        .at(
            "/devices/{device}/location",
            [
                get(show, "Where a device is, and was last").answers(where_it_is).done(),
                api::put(put, "Says where a device is").takes(said_of_place()).accepts(accepted()),
            ],
        )
        .at(
            "/devices/{device}/location/waypoints",
            [
                get(waypoints, "Where a device was")
                    .asks(&between)
                    .answers(reply(&[("waypoints", waypoint.list())])),
                delete(remove, "Forgets where a device was")
                    .takes(request(&[("from", stamp()), ("end", stamp())]))
                    .done(),
            ],
        )
}

fn place(more: Fields<'_>) -> Shape {
    let mut fields = vec![
        ("name", text().or_null()),
        ("latitude", number()),
        ("longitude", number()),
        ("elevation", number().or_null()),
        ("timestamp", stamp()),
    ];
    fields.extend_from_slice(more);
    reply(&fields)
}

/// A place as answers show it.
pub(super) fn shape() -> Shape {
    place(&[]).named("Waypoint")
}

/// What is said of a place.
pub(super) fn said_of_place() -> Shape {
    request(&[
        ("latitude", degrees(90)),
        ("longitude", degrees(180)),
        ("name?", said()),
        ("elevation?", any_figure()),
        ("timestamp?", when()),
    ])
    .named("NewLocation")
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<Response, ApiError> {
    let places = app
        .store
        .read(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            let (start, end) = (Stamp::from_micros(i64::MIN), Stamp::from_micros(i64::MAX));
            Ok(places::list(tx, device.seq, start, end, DEFAULT_LIMIT)?)
        })
        .await?;
    let Some(latest) = places.first() else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let mut answer = latest.json();
    answer["waypoints"] = Value::Array(places.iter().map(Place::json).collect());
    Ok(Json(answer).into_response())
}

/// Reads a place out of a call.
pub(super) fn parse(input: &Input) -> Result<Place, ApiError> {
    let needed = |field: &str, bound: f64| {
        let degrees =
            input.number(field)?.ok_or_else(|| ApiError::invalid(field, "not_present"))?;
        if degrees.abs() > bound {
            return Err(ApiError::invalid(field, "invalid"));
        }
        Ok(degrees)
    };
    Ok(Place {
        at: input.stamp("timestamp")?.unwrap_or_else(Stamp::now),
        name: input.text("name")?,
        latitude: needed("latitude", 90.0)?,
        longitude: needed("longitude", 180.0)?,
        elevation: input.number("elevation")?,
    })
}

async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Accepted, ApiError> {
    let place = parse(&input)?;
    app.store
        .write(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            places::put(tx, device.seq, &place)?;
            Ok(devices::touch(tx, &device, Stamp::now())?)
        })
        .await?;
    Ok(Accepted)
}

async fn waypoints(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let range = range(&input)?;
    let limit = input.whole("limit")?.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let places = app
        .store
        .read(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            Ok(places::list(tx, device.seq, range.start, range.end, limit)?)
        })
        .await?;
    Ok(Json(json!({ "waypoints": places.iter().map(Place::json).collect::<Vec<_>>() })))
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    let needed =
        |field: &str| input.stamp(field)?.ok_or_else(|| ApiError::invalid(field, "not_present"));
    let (from, end) = (needed("from")?, needed("end")?);
    app.store
        .write(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            Ok(places::delete(tx, device.seq, from, end)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
