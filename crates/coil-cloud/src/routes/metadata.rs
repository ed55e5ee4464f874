//! Facts that users keep on devices: names with texts or numbers.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::api::{self, Call, Shape, Table, get, map, plain, reply, request};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::{self, DeviceRef};

/// Fields on one thing at most.
const MAX_FIELDS: usize = 200;

pub(crate) fn routes() -> Table {
    Table::new("Metadata")
        .at(
            "/devices/{device}/metadata",
            described(get(show, "A device's metadata"), api::put(put, "Sets fields of it")),
        )
        .at(
            "/devices/{device}/metadata/{field}",
            field_described(get(show_field, "One field"), api::put(put_field, "Sets a field")),
        )
}

/// All of a thing's metadata.
pub(super) fn shape() -> Shape {
    map(plain()).named("Metadata")
}

/// How metadata are read and set, whatever they belong to.
pub(super) fn described(show: Call, put: Call) -> [Call; 2] {
    [show.answers(shape()), put.may_take(map(plain().or_null())).done()]
}

/// The same for one field.
pub(super) fn field_described(show: Call, put: Call) -> [Call; 2] {
    let value = request(&[("value?", plain())]).named("MetadataValue");
    [show.answers(reply(&[("value", plain())])), put.may_take(value).done()]
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
