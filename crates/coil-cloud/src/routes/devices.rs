//! Devices: make, show, change, remove, list.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::{Site, created, location, metadata};
use crate::api::{
    Shape, Table, address, any_of, choice, delete, filled, get, map, pick, plain, post, put, reply,
    request, said, stamp, text, whole, words,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::sql::Tx;

/// Who sees a device: everyone in the catalog, or its keys alone.
pub(super) const VISIBILITIES: &[&str] = &["public", "private"];
/// Whether a device's keys are good.
pub(super) const STATUSES: &[&str] = &["enabled", "disabled"];

pub(crate) fn routes() -> Table {
    Table::new("Devices")
        .at("/devices", [post(create, "Makes a device").takes(said_of_device()).makes(shape())])
        .at(
            "/devices/{device}",
            [
                get(show, "A device").answers(shape()),
                put(update, "Changes a device").takes(said_of_device()).done(),
                delete(remove, "Removes a device with all its data").done(),
            ],
        )
}

/// A device as answers show it.
pub(super) fn shape() -> Shape {
    let counted = || reply(&[("count", whole()), ("url", address())]);
    let collection = reply(&[("id", text()), ("name", text())]);
    reply(&[
        ("id", text()),
        ("name", text()),
        ("description", text().or_null()),
        ("visibility", choice(VISIBILITIES)),
        ("status", choice(STATUSES)),
        ("serial", text().or_null()),
        ("tags", text().list()),
        ("url", address()),
        ("location", any_of([location::shape(), reply(&[])])),
        ("streams", counted()),
        ("triggers", counted()),
        ("metadata", metadata::shape()),
        ("collections", collection.list()),
        ("created", stamp()),
        ("updated", stamp()),
        ("last_activity", stamp()),
        ("key?", text().or_null()),
        ("distribution?", address()),
        ("distribution_name?", text()),
    ])
    .named("Device")
}

/// What is said to make or change a device.
fn said_of_device() -> Shape {
    request(&[
        ("name", filled()),
        ("visibility", choice(VISIBILITIES)),
        ("description?", said()),
        ("tags?", words()),
        ("status?", pick(STATUSES)),
        ("serial?", said()),
        ("metadata?", map(plain().or_null())),
    ])
    .named("NewDevice")
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let device = app
        .store
        .read(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            Ok(device.json(tx, &site, caller.sees_keys())?)
        })
        .await?;
    Ok(Json(device))
}

/// Sets what a call says about a device. Name and visibility must be said every time.
fn apply(tx: &Tx, device: &mut Device, input: &Input) -> Result<(), ApiError> {
    let (name, visibility) = (input.filled("name")?, input.filled("visibility")?);
    let mut missing = Vec::new();
    for (field, value) in [("name", &name), ("visibility", &visibility)] {
        if value.is_none() {
            missing.push((field.to_owned(), "not_present".to_owned()));
        }
    }
    let (Some(name), Some(visibility)) = (name, visibility) else {
        return Err(ApiError::validation(missing));
    };
    if !VISIBILITIES.contains(&visibility.as_str()) {
        return Err(ApiError::invalid("visibility", "invalid"));
    }
    device.name = name;
    device.visibility = visibility;
    if input.has("description") {
        device.description = input.text("description")?;
    }
    if let Some(tags) = input.words("tags")? {
        device.tags = tags;
    }
    if let Some(status) = input.filled("status")? {
        if !STATUSES.contains(&status.as_str()) {
            return Err(ApiError::invalid("status", "invalid"));
        }
        device.status = status;
    }
    if input.has("serial") {
        device.serial = input.filled("serial")?;
        if let Some(serial) = &device.serial {
            let other = devices::seq_of(tx, &DeviceRef::Serial(serial.clone()))?;
            if other.is_some_and(|seq| seq != device.seq) {
                return Err(ApiError::invalid("serial", "already_taken"));
            }
        }
    }
    match input.get("metadata") {
        None => {}
        Some(Value::Object(fields)) => {
            device.metadata.clear();
            metadata::merge(&mut device.metadata, fields)?;
        }
        Some(_) => return Err(ApiError::invalid("metadata", "invalid")),
    }
    Ok(())
}

async fn create(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Response, ApiError> {
    caller.master()?;
    app.store
        .write(move |tx| {
            let mut device = Device::new("", "");
            apply(tx, &mut device, &input)?;
            device.seq = devices::insert(tx, &device, ids::random())?;
            let body = device.json(tx, &site, true)?;
            let url = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(created(url, body))
        })
        .await
}

async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    caller.master()?;
    app.store
        .write(move |tx| {
            let mut device = caller.device(tx, &DeviceRef::parse(&device))?;
            apply(tx, &mut device, &input)?;
            Ok(devices::update(tx, &device)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.master()?;
    app.store
        .write(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            Ok(devices::delete(tx, device.seq)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
