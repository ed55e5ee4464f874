//! Collections: devices that belong together, in a tree.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::paging::{self, Paging};
use super::{Site, created, devices as device, metadata};
use crate::api::{
    Shape, Table, address, delete, filled, get, map, plain, post, put, reply, request, said, stamp,
    text, whole, words,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::collections::{self, Collection};
use crate::store::devices::{self, DeviceRef};
use crate::store::sql::Tx;
use crate::time::Stamp;

pub(crate) fn routes() -> Table {
    let asked = ["parent?", "name?", "tags?"].map(|name| (name, text()));
    Table::new("Collections")
        .at(
            "/collections",
            [
                get(list, "Collections below one, or at the top")
                    .asks(&asked)
                    .answers(reply(&[("collections", shape().list())]))
                    .refuses(StatusCode::NOT_FOUND),
                post(create, "Makes a collection").takes(said_of_collection()).makes(shape()),
            ],
        )
        .at(
            "/collections/{id}",
            [
                get(show, "A collection").answers(shape()),
                put(update, "Changes a collection").takes(said_of_collection()).done(),
                delete(remove, "Removes a collection").done(),
            ],
        )
        .at(
            "/collections/{id}/metadata",
            metadata::described(
                get(show_metadata, "A collection's metadata"),
                put(put_metadata, "Sets fields of it"),
            ),
        )
        .at(
            "/collections/{id}/metadata/{field}",
            metadata::field_described(get(show_field, "One field"), put(put_field, "Sets a field")),
        )
        .at(
            "/collections/{id}/devices",
            [get(list_devices, "The devices of a collection")
                .asks(&paging::asked())
                .pages("devices", device::shape())],
        )
        .at(
            "/collections/{id}/devices/{device}",
            [
                put(add_device, "Puts a device into a collection").done(),
                delete(remove_device, "Takes a device out of a collection").done(),
            ],
        )
}

/// A collection as answers show it.
fn shape() -> Shape {
    reply(&[
        ("id", text()),
        ("parent", text().or_null()),
        ("name", text()),
        ("description", text().or_null()),
        ("devices", whole()),
        ("collections", whole()),
        ("tags", text().list()),
        ("metadata", metadata::shape()),
        ("key", text().or_null()),
        ("url", address()),
        ("created", stamp()),
        ("updated", stamp()),
    ])
    .named("Collection")
}

/// What is said to make or change a collection.
fn said_of_collection() -> Shape {
    request(&[
        ("name", filled()),
        ("description?", said()),
        ("parent?", said()),
        ("tags?", words()),
        ("metadata?", map(plain().or_null())),
    ])
    .named("NewCollection")
}

/// The collection that a path names, if the key reaches it.
fn reach(tx: &Tx, caller: &Caller, id: &str) -> Result<Collection, ApiError> {
    let one = collections::find(tx, id)?.ok_or_else(|| ApiError::missing("collection"))?;
    if caller.key.collection != Some(one.seq) {
        caller.master()?;
    }
    Ok(one)
}

fn apply(tx: &Tx, one: &mut Collection, input: &Input) -> Result<(), ApiError> {
    one.name = input.filled("name")?.ok_or_else(|| ApiError::invalid("name", "not_present"))?;
    if input.has("description") {
        one.description = input.text("description")?;
    }
    if let Some(tags) = input.words("tags")? {
        one.tags = tags;
    }
    match input.get("metadata") {
        None => {}
        Some(Value::Object(fields)) => metadata::merge(&mut one.metadata, fields)?,
        Some(_) => return Err(ApiError::invalid("metadata", "invalid")),
    }
    if input.has("parent") {
        one.parent = match input.filled("parent")? {
            None => None,
            Some(id) => {
                let seq = collections::seq_of(tx, &id)?;
                Some(seq.ok_or_else(|| ApiError::invalid("parent", "does not exist"))?)
            }
        };
        if one.seq != 0 && one.parent.is_some_and(|parent| is_below(tx, parent, one.seq)) {
            return Err(ApiError::invalid("parent", "lies below this collection"));
        }
    }
    Ok(())
}

/// Whether `inner` is `outer` or lies below it. A tree that cannot be read counts as a circle.
fn is_below(tx: &Tx, inner: i64, outer: i64) -> bool {
    collections::ancestors(tx, inner).map_or(true, |all| all.contains(&outer))
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let items: Vec<Value> = app
        .store
        .read(move |tx| {
            let parent = match input.filled("parent")? {
                None => None,
                Some(id) => {
                    let seq = collections::seq_of(tx, &id)?;
                    Some(seq.ok_or_else(|| ApiError::missing("collection"))?)
                }
            };
            let name = input.filled("name")?.unwrap_or_default().to_lowercase();
            let tags = input.words("tags")?.unwrap_or_default();
            let mut found = collections::list(tx, parent)?;
            found.retain(|one| {
                one.name.to_lowercase().contains(&name)
                    && tags.iter().all(|tag| one.tags.contains(tag))
            });
            found.iter().map(|one| Ok(one.json(tx, &site, caller.sees_keys())?)).collect()
        })
        .await?;
    Ok(Json(json!({ "collections": items })))
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
            let mut one = Collection {
                seq: 0,
                id: ids::random(),
                parent: None,
                name: String::new(),
                description: None,
                tags: Vec::new(),
                metadata: Map::new(),
                created: now,
                updated: now,
            };
            apply(tx, &mut one, &input)?;
            one.seq = collections::insert(tx, &one, ids::random())?;
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
            apply(tx, &mut one, &input)?;
            Ok(collections::update(tx, &one)?)
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
    app.store.write(move |tx| Ok(collections::delete(tx, reach(tx, &caller, &id)?.seq)?)).await?;
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
            Ok(collections::update(tx, &one)?)
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
            let condition = "d.seq IN (SELECT device FROM collected WHERE collection = ?1)";
            let found = devices::select(tx, condition, "d.seq DESC", &[one.seq.into()])?;
            paging.answer("devices", found, |one| Ok(one.json(tx, &site, caller.sees_keys())?))
        })
        .await
        .map(Json)
}

async fn add_device(
    State(app): State<App>,
    caller: Caller,
    Path((id, device)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    caller.master()?;
    app.store
        .write(move |tx| {
            let one = reach(tx, &caller, &id)?;
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            Ok(collections::add(tx, one.seq, device.seq)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_device(
    State(app): State<App>,
    caller: Caller,
    Path((id, device)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    caller.master()?;
    app.store
        .write(move |tx| {
            let one = reach(tx, &caller, &id)?;
            let device = caller.device(tx, &DeviceRef::parse(&device))?;
            if collections::remove(tx, one.seq, device.seq)? {
                return Ok(());
            }
            Err(ApiError::missing("device in this collection"))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
