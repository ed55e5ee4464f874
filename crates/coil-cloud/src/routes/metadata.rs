//! Facts that users keep on devices: names with texts or numbers.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::{self, DeviceRef};

/// Fields on one thing at most.
const MAX_FIELDS: usize = 200;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/devices/{device}/metadata", get(show).put(put))
        .route("/devices/{device}/metadata/{field}", get(show_field).put(put_field))
}

/// Sets fields; a null takes one away.
pub(super) fn merge(
    into: &mut Map<String, Value>,
    from: Map<String, Value>,
) -> Result<(), ApiError> {
    for (field, value) in from {
        match value {
            Value::Null => {
                into.shift_remove(&field);
            }
            Value::Array(_) | Value::Object(_) => return Err(ApiError::invalid(&field, "invalid")),
            plain => {
                into.insert(field, plain);
            }
        }
    }
    if into.len() > MAX_FIELDS {
        return Err(ApiError::invalid("metadata", "has too many fields"));
    }
    Ok(())
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    app.store
        .read(move |tx| Ok(caller.device(tx, &DeviceRef::parse(&device))?.metadata))
        .await
        .map(|metadata| Json(Value::Object(metadata)))
}

async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let mut device = caller.device(tx, &DeviceRef::parse(&device))?;
            merge(&mut device.metadata, input.body)?;
            Ok(devices::update(tx, &device)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show_field(
    State(app): State<App>,
    caller: Caller,
    Path((device, field)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let value = app
        .store
        .read(move |tx| {
            let mut metadata = caller.device(tx, &DeviceRef::parse(&device))?.metadata;
            metadata.remove(&field).ok_or_else(|| ApiError::missing("metadata field"))
        })
        .await?;
    Ok(Json(json!({ "value": value })))
}

async fn put_field(
    State(app): State<App>,
    caller: Caller,
    Path((device, field)): Path<(String, String)>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    let value = input.get("value").unwrap_or_default();
    app.store
        .write(move |tx| {
            let mut device = caller.device(tx, &DeviceRef::parse(&device))?;
            merge(&mut device.metadata, Map::from_iter([(field, value)]))?;
            Ok(devices::update(tx, &device)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
