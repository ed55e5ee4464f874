//! Devices: make, show, change, remove, list.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::{Site, created};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::sql::Tx;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/devices", axum::routing::post(create))
        .route("/devices/{device}", get(show).put(update).delete(remove))
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
    if !matches!(visibility.as_str(), "public" | "private") {
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
        if !matches!(status.as_str(), "enabled" | "disabled") {
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
        Some(Value::Object(metadata)) => device.metadata = metadata,
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
