//! The seats of a workshop: a device for each, with the key that its learner gets. Made, exchanged and taken back by whoever holds
//! the workshop's master key. It owns the calls; what a key opens is `auth`'s.

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::api::{
    Description, Shape, Table, delete, filled, get, pick, post, reply, request, text, text_like,
    truth, whole_of,
};
use crate::app::{App, DeviceKey};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::keys::{self, Key, KeyKind, Owner};
use crate::store::sql::Tx;

/// Seats that one call makes.
const MAX_SEATS: i64 = 1000;
/// The first seat's number at most.
const MAX_FIRST: i64 = 100_000;
/// Letters of a name that goes before a seat's number.
const MAX_PREFIX: usize = 40;

fn table() -> Table {
    let keys = pick(&["random", "md5"]);
    let wanted = request(&[
        ("count", whole_of(1, MAX_SEATS)),
        ("first?", whole_of(0, MAX_FIRST)),
        ("prefix?", text_like("^[A-Za-z0-9._-]*$", MAX_PREFIX)),
        ("keys?", keys),
    ]);
    let reader = || reply(&[("name", text()), ("key", text())]).named("Reader");
    let seats = || ("seats", shape().list());
    Table::new("Seats")
        .at(
            "/coil/seats",
            [
                get(list, "All seats, and the keys that only read")
                    .answers(reply(&[seats(), ("readers", reader().list())])),
                post(make, "Makes seats; who has a key keeps it")
                    .takes(wanted)
                    .answers(reply(&[seats()])),
            ],
        )
        .at("/coil/seats/{name}/rotate", [post(rotate, "A new key for a seat").answers(shape())])
        .at("/coil/seats/{name}/keys", [delete(revoke, "Takes a seat's keys back").done()])
        .at(
            "/coil/readers",
            [post(make_reader, "A key that reads everything and changes nothing")
                .takes(request(&[("name", filled())]))
                .answers(reader())],
        )
        .at("/coil/readers/{name}", [delete(revoke_reader, "Takes such a key back").done()])
}

/// A seat as answers show it.
fn shape() -> Shape {
    reply(&[("name", text()), ("id", text()), ("key", text().or_null()), ("guessable", truth())])
        .named("Seat")
}

pub(crate) fn router(app: App, described: &mut Description) -> Router {
    table()
        .serve(described)
        .method_not_allowed_fallback(async |method: Method| ApiError::method(method.as_str()))
        .fallback(async |request: Request| ApiError::no_route(request.uri().path()))
        .with_state(app)
}

/// How people call a seat.
fn name_of(device: &Device) -> &str {
    device.serial.as_ref().unwrap_or(&device.name)
}

/// A seat as an answer shows it. A key that is the MD5 of the name can be guessed by everyone who knows the name.
fn shown(tx: &Tx, device: &Device) -> Result<Value, ApiError> {
    let key = keys::primary(tx, Owner::Device(device.seq))?;
    let name = name_of(device);
    let is_guessable = key.as_ref().is_some_and(|key| ids::same(key, &ids::md5_of(name)));
    Ok(json!({ "name": name, "id": device.id, "key": key, "guessable": is_guessable }))
}

async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.key_master()?;
    let seats = app
        .store
        .read(|tx| {
            let found = devices::select(tx, "1 = 1", "d.seq", &[])?;
            let seats = found.iter().map(|device| shown(tx, device)).collect::<Result<Vec<_>, _>>();
            let readers: Vec<_> = readers(tx)?
                .iter()
                .map(|key| json!({ "name": key.name, "key": key.token }))
                .collect();
            Ok(json!({ "seats": seats?, "readers": readers }))
        })
        .await?;
    Ok(Json(seats))
}

/// Makes what is not there of `count` seats: `device00`, `device01` and so on. Those that are there keep their keys.
async fn make(
    State(app): State<App>,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.key_master()?;
    let count = input.whole("count")?.ok_or_else(|| ApiError::invalid("count", "not_present"))?;
    if !(1..=MAX_SEATS).contains(&count) {
        return Err(ApiError::invalid("count", "is a number from 1 to 1000"));
    }
    let first = input.whole("first")?.unwrap_or(0);
    if first > MAX_FIRST {
        return Err(ApiError::invalid("first", "is a number up to 100000"));
    }
    let prefix = match input.get("prefix") {
        None => "device".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "device".to_owned(),
        Some(Value::String(text)) => text,
        Some(_) => return Err(ApiError::invalid("prefix", "is no text")),
    };
    let good = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if prefix.len() > MAX_PREFIX || !prefix.chars().all(good) {
        return Err(ApiError::invalid("prefix", "is up to 40 letters, digits, `-`, `_` and `.`"));
    }
    let kind = match input.filled("keys")?.as_deref() {
        None | Some("random") => DeviceKey::Random,
        Some("md5") => DeviceKey::Md5OfName,
        Some(_) => return Err(ApiError::invalid("keys", "is `random` or `md5`")),
    };
    let seats = app
        .store
        .write(move |tx| {
            let names = (first..first + count).map(|seat| format!("{prefix}{seat:02}"));
            names.map(|name| shown(tx, &ensure(tx, &name, kind)?)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(Json(json!({ "seats": seats })))
}

/// The device with this name as its serial, made if it is not there; with a key, if it has none.
pub(crate) fn ensure(tx: &Tx, name: &str, kind: DeviceKey) -> Result<Device, ApiError> {
    let token = match kind {
        DeviceKey::Random => ids::random(),
        DeviceKey::Md5OfName => ids::md5_of(name),
    };
    if let Some(device) = devices::find(tx, &DeviceRef::Serial(name.to_owned()))? {
        if keys::primary(tx, Owner::Device(device.seq))?.is_none() {
            give(tx, &device, token)?;
        }
        return Ok(device);
    }
    let mut device = Device::new(name, "private");
    if kind == DeviceKey::Md5OfName {
        device.id.clone_from(&token);
    }
    device.serial = Some(name.to_owned());
    device.seq = devices::insert(tx, &device, token)?;
    Ok(device)
}

fn give(tx: &Tx, device: &Device, token: String) -> Result<(), ApiError> {
    let mut key = Key::new(KeyKind::Primary, name_of(device), token);
    key.device = Some(device.seq);
    keys::insert(tx, &key)?;
    Ok(())
}

fn find(tx: &Tx, name: &str) -> Result<Device, ApiError> {
    let device = match devices::find(tx, &DeviceRef::Serial(name.to_owned()))? {
        Some(device) => Some(device),
        None => devices::find(tx, &DeviceRef::Id(name.to_owned()))?,
    };
    device.ok_or_else(|| ApiError::missing("seat"))
}

/// Takes back every key of a seat, those besides its first as well.
fn take_back(tx: &Tx, device: &Device) -> Result<(), ApiError> {
    for key in keys::list(tx, Owner::Device(device.seq))? {
        keys::delete(tx, key.seq)?;
    }
    Ok(())
}

/// A new, random key in place of all that a seat has.
async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, ApiError> {
    caller.key_master()?;
    let seat = app
        .store
        .write(move |tx| {
            let device = find(tx, &name)?;
            take_back(tx, &device)?;
            give(tx, &device, ids::random())?;
            shown(tx, &device)
        })
        .await?;
    Ok(Json(seat))
}

async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.key_master()?;
    app.store.write(move |tx| take_back(tx, &find(tx, &name)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keys that read everything and change nothing, such as that of a projector.
fn readers(tx: &Tx) -> Result<Vec<Key>, ApiError> {
    let mut found = keys::list(tx, Owner::Master)?;
    found.retain(|key| key.kind == KeyKind::Issued && key.permissions == ["GET"]);
    Ok(found)
}

async fn make_reader(
    State(app): State<App>,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.key_master()?;
    let name = input.filled("name")?.ok_or_else(|| ApiError::invalid("name", "not_present"))?;
    let key = app
        .store
        .write(move |tx| {
            if readers(tx)?.iter().any(|key| key.name == name) {
                return Err(ApiError::invalid("name", "already_taken"));
            }
            let mut key = Key::new(KeyKind::Issued, &name, ids::random());
            key.permissions = vec!["GET".to_owned()];
            keys::insert(tx, &key)?;
            Ok(key)
        })
        .await?;
    Ok(Json(json!({ "name": key.name, "key": key.token })))
}

async fn revoke_reader(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.key_master()?;
    app.store
        .write(move |tx| {
            let found = readers(tx)?.into_iter().find(|key| key.name == name);
            let key = found.ok_or_else(|| ApiError::missing("key"))?;
            Ok(keys::delete(tx, key.seq)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
