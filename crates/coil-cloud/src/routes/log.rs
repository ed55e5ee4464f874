//! The request log of a device: what it asked, what it was answered, and why it was refused.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::api::{Table, get, reply, stamp, text, whole};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::store::devices::DeviceRef;
use crate::store::log;

pub(crate) fn routes() -> Table {
    let entry = reply(&[
        ("timestamp", stamp()),
        ("status", whole()),
        ("http_method", text()),
        ("method", text()),
        ("path", text()),
        ("reason", text().or_null()),
        ("request", text()),
        ("answer", text()),
    ]);
    let entries = reply(&[("requests", entry.named("LogEntry").list())]);
    let call = get(list, "What a device asked, and what it was answered").answers(entries);
    Table::new("Log").at("/devices/{device}/log", [call])
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    // Through the writer's queue: it comes after every call that was answered before.
    let entries = app
        .store
        .write(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            Ok(log::of_device(tx, device.seq, 100)?)
        })
        .await?;
    Ok(Json(json!({ "requests": entries.iter().map(log::Entry::json).collect::<Vec<_>>() })))
}
