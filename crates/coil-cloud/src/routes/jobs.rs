//! Jobs: a device's values as a CSV file, made by one call and fetched by another.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Site;
use super::paging::{self, Paging};
use super::updates::{MAX_SCANNED, as_csv, keep_streams};
use super::values::{asked_range, csv, range};
use crate::api::{Shape, Table, address, anything, choice, get, reply, stamp, text};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::DeviceRef;
use crate::store::{jobs, values};

pub(crate) fn routes() -> Table {
    let some = [("state?", text()), ("device?", text())];
    Table::new("Jobs")
        .at(
            "/devices/{device}/values/export.csv",
            [get(export, "Makes a table of all values, as a job")
                .asks(&asked_range())
                .asks(&[("streams?", text())])
                .accepts_for_later()],
        )
        .at(
            "/jobs",
            [get(list, "All jobs").asks(&some).asks(&paging::asked()).pages("jobs", shape())],
        )
        .at("/jobs/{id}", [get(show, "What became of a job").answers(shape())])
        .at("/exports/{file}", [get(fetch, "What a job made").answers_text("text/csv")])
}

/// A job as answers show it.
fn shape() -> Shape {
    reply(&[
        ("id", text()),
        ("device", text().or_null()),
        ("state", choice(&["queued", "working", "complete", "failed"])),
        ("output", anything()),
        ("errors", anything()),
        ("result", reply(&[("url", address())])),
        ("started", stamp().or_null()),
        ("finished", stamp().or_null()),
        ("created", stamp()),
        ("updated", stamp()),
    ])
    .named("Job")
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
