//! Keys: give them out, limit them, exchange them, take them back. For master keys only.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Site;
use crate::app::App;
use crate::auth::{Caller, origin_is_valid};
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, DeviceRef};
use crate::store::keys::{self, Key, KeyKind, Owner};
use crate::store::sql::Tx;
use crate::store::{collections, distributions};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/keys", get(list).post(create))
        .route("/keys/{key}", get(show).put(update).delete(remove))
        .route("/keys/{key}/regenerate", post(regenerate))
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
    let known = |word: &String| matches!(word.as_str(), "GET" | "PUT" | "POST" | "DELETE");
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
        if !matches!(access, None | Some("public" | "private")) {
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
