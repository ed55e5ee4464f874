//! The API of the workshop's own later server: devices with a token each, one number after the
//! other. Its devices are M2X devices, its numbers are in their stream `value`. It owns the shapes
//! of that API; it must not know how data is stored.

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::api::{
    Description, Fields, Part, Said, Security, Shape, Table, delete, filled, get, number, plain,
    post, reply, request, said, stamp, text,
};
use crate::app::{App, Peer};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::routes::{OfDevice, store_values};
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::streams;
use crate::store::values::{self, Range};
use crate::time::Stamp;

/// The stream that holds a device's numbers.
const STREAM: &str = "value";
/// Letters of a device's token.
const TOKEN_LETTERS: usize = 8;
/// Anyone may make a device, up to here.
const MAX_DEVICES: i64 = 10_000;
/// Numbers in a list at most.
const MAX_POINTS: i64 = 1000;

fn table() -> Table {
    let password = request(&[("password", filled()), ("email?", said())]);
    Table::new("attserver")
        .at(
            "/master-token",
            [post(master_token, "The master key for who knows the password")
                .takes(password)
                .answers(reply(&[("token", text())]))
                .refuses(StatusCode::UNAUTHORIZED)],
        )
        .at(
            "/devices",
            [
                get(list, "All devices").answers(device(&[]).named("AttDevice").list()),
                post(create, "Makes a device, for anyone")
                    .may_take(request(&[("name?", said())]))
                    .answers(device(&[("token", text())]))
                    .refuses(StatusCode::CONFLICT),
            ],
        )
        .at(
            "/devices/{device}",
            [
                get(show, "A device").answers(device(&[]).named("AttDevice")),
                delete(remove, "Removes a device with its numbers").answers(reply(&[])),
            ],
        )
        .at(
            "/devices/{device}/datapoints",
            [
                get(points, "The newest numbers of a device").answers(point().list()),
                post(add_point, "Stores a number")
                    .takes(request(&[("value", number())]))
                    .answers(point()),
            ],
        )
}

/// A device as answers show it, which say more at times.
fn device(more: Fields<'_>) -> Shape {
    let mut fields = vec![("id", text()), ("name", text()), ("created_at", stamp())];
    fields.extend_from_slice(more);
    reply(&fields)
}

/// A number with its time. What another service has put into the stream may be a text.
fn point() -> Shape {
    reply(&[("value", plain()), ("updated_at", stamp())]).named("AttPoint")
}

pub(crate) fn router(app: App, described: &mut Description) -> Router {
    let router = table().serve(described);
    router
        .method_not_allowed_fallback(async |method: Method| ApiError::method(method.as_str()))
        .fallback(async |request: Request| ApiError::no_route(request.uri().path()))
        .with_state(app)
}

/// A caller with `Authorization: Bearer <token>`.
struct Bearer(Caller);

impl axum::extract::FromRequestParts<App> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        app: &App,
    ) -> Result<Self, ApiError> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(|| {
            ApiError::unauthorized("No token: send `Authorization: Bearer <token>`")
        })?;
        let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
        Caller::with_token(app, token.trim(), &parts.method, peer).await.map(Self)
    }
}

impl Part for Bearer {
    fn say(said: &mut Said) {
        said.needs(Security::Bearer);
    }
}

fn shown(device: &Device) -> Value {
    json!({ "id": device.id, "name": device.name, "created_at": python_iso(device.created) })
}

/// A time as old `datetime.fromisoformat` reads it: no `Z`.
fn python_iso(at: Stamp) -> String {
    at.iso().replace('Z', "+00:00")
}

/// The master key for whoever knows the password. It ignores `Authorization`.
async fn master_token(State(app): State<App>, input: Input) -> Result<Json<Value>, ApiError> {
    let password = input.filled("password")?;
    let password = password.ok_or_else(|| ApiError::invalid("password", "not_present"))?;
    let wanted = app.password.as_deref().unwrap_or(&app.master);
    if !ids::same(wanted, &password) {
        return Err(ApiError::unauthorized("This is not the password of the workshop"));
    }
    Ok(Json(json!({ "token": app.master })))
}

async fn list(State(app): State<App>, Bearer(caller): Bearer) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let devices = app.store.read(|tx| Ok(devices::select(tx, "1 = 1", "d.seq", &[])?)).await?;
    Ok(Json(devices.iter().map(shown).collect()))
}

/// A new device for anyone who asks. It ignores `Authorization`.
async fn create(State(app): State<App>, input: Input) -> Result<Json<Value>, ApiError> {
    let name = input.filled("name")?;
    app.store
        .write(move |tx| {
            if tx.count("SELECT count(*) FROM devices", &[])? >= MAX_DEVICES {
                return Err(ApiError::conflict("There are as many devices as there can be"));
            }
            let mut device = Device::new("", "private");
            let start: String = device.id.chars().take(6).collect();
            device.name = name.unwrap_or_else(|| format!("device-{start}"));
            let token = ids::short(TOKEN_LETTERS);
            devices::insert(tx, &device, token.clone())?;
            let mut answer = shown(&device);
            answer["token"] = token.into();
            Ok(Json(answer))
        })
        .await
}

async fn show(
    State(app): State<App>,
    Bearer(caller): Bearer,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let device = app.store.read(move |tx| caller.device(tx, &DeviceRef::Id(device))).await?;
    Ok(Json(shown(&device)))
}

async fn remove(
    State(app): State<App>,
    Bearer(caller): Bearer,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    app.store
        .write(move |tx| {
            let device = caller.device(tx, &DeviceRef::Id(device))?;
            Ok(devices::delete(tx, device.seq)?)
        })
        .await?;
    Ok(Json(json!({})))
}

async fn add_point(
    State(app): State<App>,
    Bearer(caller): Bearer,
    Path(device): Path<String>,
    input: Input,
) -> Result<Response, ApiError> {
    let value = input.get("value").ok_or_else(|| ApiError::invalid("value", "not_present"))?;
    if !value.is_number() {
        return Err(ApiError::invalid("value", "is not a number"));
    }
    let of = OfDevice(DeviceRef::Id(device.clone()));
    let at = Stamp::now();
    let answer = json!({ "value": value, "updated_at": python_iso(at) });
    app.store
        .write(move |tx| {
            let device = caller.device_for_stream(tx, &DeviceRef::Id(device), STREAM)?;
            store_values(tx, &device, STREAM, [(None, value)], "value")
        })
        .await?;
    Ok((axum::Extension(of), Json(answer)).into_response())
}

/// The numbers of a device, newest first.
async fn points(
    State(app): State<App>,
    Bearer(caller): Bearer,
    Path(device): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let points = app
        .store
        .read(move |tx| {
            let device = caller.device_for_stream(tx, &DeviceRef::Id(device), STREAM)?;
            let Some(stream) = streams::find(tx, device.seq, STREAM)? else { return Ok(vec![]) };
            let points = values::list(tx, stream.seq, Range::ALL, MAX_POINTS)?;
            Ok(points.into_iter().map(|point| (stream.kind, point)).collect())
        })
        .await?;
    let shown = points.iter().map(|(kind, point)| {
        let value = values::to_json(*kind, &point.text);
        json!({ "value": value, "updated_at": python_iso(point.at) })
    });
    Ok(Json(shown.collect()))
}
