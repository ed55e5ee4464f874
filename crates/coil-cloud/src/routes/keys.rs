//! Keys: give them out, limit them, exchange them, take them back. For master keys only.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Site;
use crate::api::{
    Fields, Shape, Table, address, choice, delete, filled, get, networks, pick, post, put, reply,
    request, said, stamp, text, truth, when,
};
use crate::app::App;
use crate::auth::{Caller, origin_is_valid};
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, DeviceRef};
use crate::store::keys::{self, Key, KeyKind, Owner};
use crate::store::sql::Tx;
use crate::store::{collections, distributions};

/// Methods that a key can be good for.
const PERMISSIONS: &[&str] = &["GET", "PUT", "POST", "DELETE"];
/// Which devices a key can be limited to.
const ACCESS: &[&str] = &["public", "private"];

pub(crate) fn routes() -> Table {
    let whose = ["device?", "distribution?", "collection?"].map(|name| (name, text()));
    Table::new("Keys")
        .at(
            "/keys",
            [
                get(list, "Master keys, or those of one thing")
                    .asks(&whose)
                    .answers(reply(&[("keys", shape().list())]))
                    .refuses(StatusCode::NOT_FOUND),
                post(create, "Makes a key")
                    .takes(said_of_new())
                    .makes_in_secret(shape())
                    .refuses(StatusCode::NOT_FOUND),
            ],
        )
        .at(
            "/keys/{key}",
            [
                get(show, "A key").answers(shape()),
                put(update, "Changes a key").takes(said_of_key(&[]).named("KeyChange")).done(),
                delete(remove, "Takes a key back").done(),
            ],
        )
        .at(
            "/keys/{key}/regenerate",
            [post(regenerate, "Exchanges a key for a new one").makes_in_secret(shape())],
        )
}

/// A key as answers show it.
fn shape() -> Shape {
    reply(&[
        ("id", text()),
        ("name", text()),
        ("key", text()),
        ("master", truth()),
        ("device", address().or_null()),
        ("stream", text().or_null()),
        ("distribution", address().or_null()),
        ("collection", address().or_null()),
        ("expires_at", stamp().or_null()),
        ("expired", truth()),
        ("origin", text().or_null()),
        ("device_access", choice(ACCESS).or_null()),
        ("permissions", choice(PERMISSIONS).list()),
    ])
    .named("Key")
}

/// What is said to make a key.
fn said_of_new() -> Shape {
    said_of_key(&["device?", "distribution?", "collection?"].map(|whose| (whose, said())))
        .named("NewKey")
}

/// What is said to change a key, or more. Whose it is never changes.
fn said_of_key(more: Fields<'_>) -> Shape {
    let mut fields = vec![
        ("name", filled()),
        ("permissions", choice(PERMISSIONS).list_of(1, 100)),
        ("stream?", said()),
        ("expires_at?", when()),
        ("origin?", networks()),
        ("device_access?", pick(ACCESS)),
    ];
    fields.extend_from_slice(more);
    request(&fields)
}

/// The thing that a call limits a key to, or lists the keys of.
fn owner(tx: &Tx, input: &Input) -> Result<Owner, ApiError> {
    let id = |field: &str| {
        // Answers name things by URL, so a URL names a thing as well.
        let text = input.filled(field)?;
        Ok::<_, ApiError>(text.map(|text| text.rsplit('/').next().unwrap_or_default().to_owned()))
    };
    if let Some(device) = id("device")? {
        let seq = devices::seq_of(tx, &DeviceRef::Id(device))?;
        return seq.map(Owner::Device).ok_or_else(|| ApiError::missing("device"));
    }
    if let Some(distribution) = id("distribution")? {
        let seq = distributions::seq_of(tx, &distribution)?;
        return seq.map(Owner::Distribution).ok_or_else(|| ApiError::missing("distribution"));
    }
    if let Some(collection) = id("collection")? {
        let seq = collections::seq_of(tx, &collection)?;
        return seq.map(Owner::Collection).ok_or_else(|| ApiError::missing("collection"));
    }
    Ok(Owner::Master)
}

/// Sets what a call says about a key. Name and permissions must be said every time.
fn apply(key: &mut Key, input: &Input) -> Result<(), ApiError> {
    let (name, permissions) = (input.filled("name")?, input.words("permissions")?);
    let mut missing = Vec::new();
    for (field, is_missing) in [("name", name.is_none()), ("permissions", permissions.is_none())] {
        if is_missing {
            missing.push((field.to_owned(), "not_present".to_owned()));
        }
    }
    let (Some(name), Some(permissions)) = (name, permissions) else {
        return Err(ApiError::validation(missing));
    };
    let permissions: Vec<String> = permissions.iter().map(|word| word.to_uppercase()).collect();
    let known = |word: &String| PERMISSIONS.contains(&word.as_str());
    if permissions.is_empty() || !permissions.iter().all(known) {
        return Err(ApiError::invalid("permissions", "invalid"));
    }
    key.name = name;
    key.permissions = permissions;
    if input.has("expires_at") {
        key.expires_at = input.stamp("expires_at")?;
    }
    if input.has("origin") {
        key.origin = input.filled("origin")?;
        if key.origin.as_ref().is_some_and(|origin| !origin_is_valid(origin)) {
            return Err(ApiError::invalid("origin", "invalid"));
        }
    }
    if input.has("stream") {
        key.stream = input.filled("stream")?;
        if key.stream.is_some() && key.device.is_none() {
            return Err(ApiError::invalid("stream", "needs a device"));
        }
    }
    if input.has("device_access") {
        key.device_access = input.filled("device_access")?;
        let access = key.device_access.as_deref();
        if access.is_some_and(|access| !ACCESS.contains(&access)) {
            return Err(ApiError::invalid("device_access", "invalid"));
        }
    }
    Ok(())
}

fn find(tx: &Tx, token: &str) -> Result<Key, ApiError> {
    keys::by_token(tx, token)?.ok_or_else(|| ApiError::missing("key"))
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.key_master()?;
    let keys = app.store.read(move |tx| Ok(keys::list(tx, owner(tx, &input)?)?)).await?;
    Ok(Json(json!({ "keys": keys.iter().map(|key| key.json(&site)).collect::<Vec<_>>() })))
}

async fn create(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Response, ApiError> {
    caller.key_master()?;
    let key = app
        .store
        .write(move |tx| {
            let mut key = Key::new(KeyKind::Issued, "", ids::random());
            match owner(tx, &input)? {
                Owner::Master => {}
                Owner::Device(seq) => key.device = Some(seq),
                Owner::Distribution(seq) => key.distribution = Some(seq),
                Owner::Collection(seq) => key.collection = Some(seq),
            }
            apply(&mut key, &input)?;
            keys::insert(tx, &key)?;
            find(tx, &key.token)
        })
        .await?;
    // No `Location`: it would be a URL with a key in it.
    Ok((StatusCode::CREATED, Json(key.json(&site))).into_response())
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Json<Value>, ApiError> {
    if caller.key.token != token {
        caller.key_master()?;
    }
    let key = app.store.read(move |tx| find(tx, &token)).await?;
    Ok(Json(key.json(&site)))
}

async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(token): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    caller.key_master()?;
    app.store
        .write(move |tx| {
            let mut key = find(tx, &token)?;
            if key.kind == KeyKind::Master {
                return Err(ApiError::forbidden("Can't update default Master API Key"));
            }
            apply(&mut key, &input)?;
            Ok(keys::update(tx, &key)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.key_master()?;
    app.store
        .write(move |tx| {
            let key = find(tx, &token)?;
            if key.kind == KeyKind::Master {
                return Err(ApiError::forbidden("Can't delete default Master API Key"));
            }
            Ok(keys::delete(tx, key.seq)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn regenerate(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Response, ApiError> {
    caller.key_master()?;
    let key = app
        .store
        .write(move |tx| {
            let mut key = find(tx, &token)?;
            key.token = ids::random();
            keys::update(tx, &key)?;
            Ok(key)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(key.json(&site))).into_response())
}
