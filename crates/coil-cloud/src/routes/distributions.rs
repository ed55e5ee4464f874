//! Distributions, their devices and the streams those get. For master keys, and for the
//! distribution's own key where it adds devices.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::devices::{self as device, VISIBILITIES};
use super::paging::{self, Paging};
use super::{Site, created, metadata, streams};
use crate::api::{
    Shape, Table, address, choice, delete, filled, get, map, plain, post, put, reply, request,
    said, stamp, stream_name, text, whole,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::distributions::{self, Distribution};
use crate::store::sql::Tx;
use crate::store::streams::{self as stored_streams, Stream, StreamType};
use crate::time::Stamp;

pub(crate) fn routes() -> Table {
    table_of_things().merge(table_of_streams())
}

fn table_of_things() -> Table {
    let search = || get(list, "Distributions by name").asks(&[("name?", text())]);
    let wanted = request(&[("name?", said()), ("page?", whole()), ("limit?", whole())]);
    let serial = request(&[("serial", filled())]);
    Table::new("Distributions")
        .at(
            "/distributions",
            [
                search().asks(&paging::asked()).pages("distributions", shape()),
                post(create, "Makes a distribution").takes(said_of_it()).makes(shape()),
            ],
        )
        .at(
            "/distributions/search",
            [
                search().asks(&paging::asked()).pages("distributions", shape()),
                post(list, "Distributions by name")
                    .may_take(wanted)
                    .pages("distributions", shape()),
            ],
        )
        .at(
            "/distributions/{id}",
            [
                get(show, "A distribution").answers(shape()),
                put(update, "Changes a distribution").takes(said_of_it()).done(),
                delete(remove, "Removes a distribution").done(),
            ],
        )
        .at(
            "/distributions/{id}/metadata",
            metadata::described(
                get(show_metadata, "A distribution's metadata"),
                put(put_metadata, "Sets fields of it"),
            ),
        )
        .at(
            "/distributions/{id}/metadata/{field}",
            metadata::field_described(get(show_field, "One field"), put(put_field, "Sets a field")),
        )
        .at(
            "/distributions/{id}/devices",
            [
                get(list_devices, "The devices of a distribution")
                    .asks(&paging::asked())
                    .pages("devices", device::shape()),
                post(add_device, "A device with this serial joins")
                    .takes(serial)
                    .makes(device::shape()),
            ],
        )
}

fn table_of_streams() -> Table {
    let all = reply(&[("streams", streams::shape().list())]);
    Table::new("Distributions")
        .at(
            "/distributions/{id}/streams",
            [get(list_streams, "The streams that its devices get").answers(all)],
        )
        .at(
            "/distributions/{id}/streams/{stream}",
            [
                get(show_stream, "One of them").answers(streams::shape()),
                put(put_stream, "Makes or changes one")
                    .with("stream", stream_name())
                    .may_take(streams::said_of_stream())
                    .makes(streams::shape())
                    .done(),
                delete(remove_stream, "Removes one").done(),
            ],
        )
}

/// A distribution as answers show it.
fn shape() -> Shape {
    let counted = || reply(&[("count", whole()), ("url", address())]);
    let devices = ["total", "registered", "unregistered"].map(|count| (count, whole()));
    reply(&[
        ("id", text()),
        ("name", text()),
        ("description", text().or_null()),
        ("visibility", choice(VISIBILITIES)),
        ("status", choice(&["enabled"])),
        ("url", address()),
        ("key", text().or_null()),
        ("metadata", metadata::shape()),
        ("devices", reply(&devices)),
        ("streams", counted()),
        ("triggers", counted()),
        ("created", stamp()),
        ("updated", stamp()),
    ])
    .named("Distribution")
}

/// What is said to make or change a distribution.
fn said_of_it() -> Shape {
    request(&[
        ("name", filled()),
        ("visibility", choice(VISIBILITIES)),
        ("description?", said()),
        ("metadata?", map(plain().or_null())),
    ])
    .named("NewDistribution")
}

/// The distribution that a path names, if the key reaches it.
pub(super) fn reach(tx: &Tx, caller: &Caller, id: &str) -> Result<Distribution, ApiError> {
    let one = distributions::find(tx, id)?.ok_or_else(|| ApiError::missing("distribution"))?;
    if caller.key.distribution != Some(one.seq) {
        caller.master()?;
    }
    Ok(one)
}

fn apply(one: &mut Distribution, input: &Input) -> Result<(), ApiError> {
    let (name, visibility) = (input.filled("name")?, input.filled("visibility")?);
    one.name = name.ok_or_else(|| ApiError::invalid("name", "not_present"))?;
    one.visibility = visibility.ok_or_else(|| ApiError::invalid("visibility", "not_present"))?;
    if !VISIBILITIES.contains(&one.visibility.as_str()) {
        return Err(ApiError::invalid("visibility", "invalid"));
    }
    if input.has("description") {
        one.description = input.text("description")?;
    }
    match input.get("metadata") {
        None => {}
        Some(Value::Object(fields)) => metadata::merge(&mut one.metadata, fields)?,
        Some(_) => return Err(ApiError::invalid("metadata", "invalid")),
    }
    Ok(())
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let name = input.filled("name")?.unwrap_or_default().to_lowercase();
    let paging = Paging::parse(&input)?;
    app.store
        .read(move |tx| {
            let mut found = distributions::list(tx)?;
            found.retain(|one| one.name.to_lowercase().contains(&name));
            let with_keys = caller.sees_keys();
            paging.answer("distributions", found, |one| Ok(one.json(tx, &site, with_keys)?))
        })
        .await
        .map(Json)
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
            let now = Stamp::now();
            let mut one = Distribution {
                seq: 0,
                id: ids::random(),
                name: String::new(),
                description: None,
                visibility: String::new(),
                metadata: Map::new(),
                created: now,
                updated: now,
            };
            apply(&mut one, &input)?;
            one.seq = distributions::insert(tx, &one, ids::random())?;
            let body = one.json(tx, &site, true)?;
            let url = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(created(url, body))
        })
        .await
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    app.store
        .read(move |tx| Ok(reach(tx, &caller, &id)?.json(tx, &site, caller.sees_keys())?))
        .await
        .map(Json)
}

async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    caller.master()?;
    app.store
        .write(move |tx| {
            let mut one = reach(tx, &caller, &id)?;
            apply(&mut one, &input)?;
            Ok(distributions::update(tx, &one)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.master()?;
    app.store.write(move |tx| Ok(distributions::delete(tx, reach(tx, &caller, &id)?.seq)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show_metadata(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let one = app.store.read(move |tx| reach(tx, &caller, &id)).await?;
    Ok(Json(Value::Object(one.metadata)))
}

async fn show_field(
    State(app): State<App>,
    caller: Caller,
    Path((id, field)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let mut one = app.store.read(move |tx| reach(tx, &caller, &id)).await?;
    let value = one.metadata.remove(&field).ok_or_else(|| ApiError::missing("metadata field"))?;
    Ok(Json(json!({ "value": value })))
}

async fn set_metadata(
    app: &App,
    caller: Caller,
    id: String,
    fields: Map<String, Value>,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let mut one = reach(tx, &caller, &id)?;
            metadata::merge(&mut one.metadata, fields)?;
            Ok(distributions::update(tx, &one)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn put_metadata(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    set_metadata(&app, caller, id, input.body).await
}

async fn put_field(
    State(app): State<App>,
    caller: Caller,
    Path((id, field)): Path<(String, String)>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    let value = input.get("value").unwrap_or_default();
    set_metadata(&app, caller, id, Map::from_iter([(field, value)])).await
}

async fn list_devices(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(id): Path<String>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let paging = Paging::parse(&input)?;
    app.store
        .read(move |tx| {
            let one = reach(tx, &caller, &id)?;
            let found =
                devices::select(tx, "d.distribution = ?1", "d.seq DESC", &[one.seq.into()])?;
            paging.answer("devices", found, |one| Ok(one.json(tx, &site, caller.sees_keys())?))
        })
        .await
        .map(Json)
}

/// A device with this serial joins the distribution, with all streams it gives.
async fn add_device(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(id): Path<String>,
    input: Input,
) -> Result<Response, ApiError> {
    app.store
        .write(move |tx| {
            let one = reach(tx, &caller, &id)?;
            let serial = input
                .filled("serial")?
                .ok_or_else(|| ApiError::invalid("serial", "not_present"))?;
            if devices::seq_of(tx, &DeviceRef::Serial(serial.clone()))?.is_some() {
                return Err(ApiError::invalid("serial", "already_taken"));
            }
            let mut device = Device::new(&format!("{} {serial}", one.name), &one.visibility);
            device.serial = Some(serial);
            device.description.clone_from(&one.description);
            device.distribution = Some(one.seq);
            device.seq = devices::insert(tx, &device, ids::random())?;
            for stream in distributions::templates(tx, one.seq)? {
                stored_streams::insert(tx, device.seq, &stream)?;
            }
            let body = device.json(tx, &site, true)?;
            let url = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(created(url, body))
        })
        .await
}

fn url(site: &str, one: &Distribution) -> String {
    format!("{site}/distributions/{}", one.id)
}

async fn list_streams(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let items: Vec<Value> = app
        .store
        .read(move |tx| {
            let one = reach(tx, &caller, &id)?;
            let streams = distributions::templates(tx, one.seq)?;
            Ok(streams.iter().map(|stream| stream.json(&url(&site, &one))).collect())
        })
        .await?;
    Ok(Json(json!({ "streams": items })))
}

async fn show_stream(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    app.store
        .read(move |tx| {
            let one = reach(tx, &caller, &id)?;
            let streams = distributions::templates(tx, one.seq)?;
            let stream = streams.iter().find(|stream| stream.name == name);
            let stream = stream.ok_or_else(|| ApiError::missing("stream"))?;
            Ok(stream.json(&url(&site, &one)))
        })
        .await
        .map(Json)
}

async fn put_stream(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    input: Input,
) -> Result<Response, ApiError> {
    app.store
        .write(move |tx| {
            let one = reach(tx, &caller, &id)?;
            streams::check_name(&name)?;
            let known = distributions::templates(tx, one.seq)?;
            let known = known.into_iter().find(|stream| stream.name == name);
            let is_new = known.is_none();
            let mut stream = known.unwrap_or_else(|| Stream::new(&name, StreamType::Numeric));
            streams::apply(&mut stream, &input)?;
            distributions::put_template(tx, one.seq, &stream)?;
            if !is_new {
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
            let body = stream.json(&url(&site, &one));
            let url = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(created(url, body))
        })
        .await
}

async fn remove_stream(
    State(app): State<App>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let one = reach(tx, &caller, &id)?;
            if distributions::delete_template(tx, one.seq, &name)? {
                return Ok(());
            }
            Err(ApiError::missing("stream"))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
