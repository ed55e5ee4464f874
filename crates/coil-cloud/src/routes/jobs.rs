//! Jobs: a device's values as a CSV file, made by one call and fetched by another.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::Site;
use super::paging::Paging;
use super::updates::{MAX_SCANNED, as_csv, keep_streams};
use super::values::{csv, range};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::DeviceRef;
use crate::store::{jobs, values};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/devices/{device}/values/export.csv", get(export))
        .route("/jobs", get(list))
        .route("/jobs/{id}", get(show))
        .route("/exports/{file}", get(fetch))
}

/// Makes the file, and says where its job is.
async fn export(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Response, ApiError> {
    let (range, streams) = (range(&input)?, input.words("streams")?);
    let (seq, text) = app
        .store
        .read(move |tx| {
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            let mut records = values::records(tx, device.seq, range, MAX_SCANNED)?;
            keep_streams(&mut records, streams.as_deref());
            Ok((device.seq, as_csv(&records)))
        })
        .await?;
    let id = ids::random();
    let url = format!("{site}/jobs/{id}");
    app.store.write(move |tx| Ok(jobs::insert(tx, &id, seq, &text)?)).await?;
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, url)]).into_response())
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let (state, device) = (input.filled("state")?, input.filled("device")?);
    let paging = Paging::parse(&input)?;
    app.store
        .read(move |tx| {
            let mut found = jobs::list(tx)?;
            found.retain(|job| state.as_ref().is_none_or(|state| *state == job.state));
            found.retain(|job| device.is_none() || device == job.device_id);
            paging.answer("jobs", found, |job| Ok(job.json(&site)))
        })
        .await
        .map(Json)
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let job = app
        .store
        .read(move |tx| {
            let job = jobs::find(tx, &id)?.ok_or_else(|| ApiError::missing("job"))?;
            match &job.device_id {
                // The key that may read the device may read what was made of it.
                Some(device) => caller.device(tx, &DeviceRef::Id(device.clone())).map(|_| job),
                None => caller.master().map(|()| job),
            }
        })
        .await?;
    Ok(Json(job.json(&site)))
}

/// The file itself. It needs no key: its name cannot be guessed.
async fn fetch(State(app): State<App>, Path(file): Path<String>) -> Result<Response, ApiError> {
    let id = file.strip_suffix(".csv").unwrap_or(&file).to_owned();
    let text = app.store.read(move |tx| Ok(jobs::content(tx, &id)?)).await?;
    text.map(csv).ok_or_else(|| ApiError::missing("export"))
}
