//! M2X version 2, one file for each resource. It owns the table of resources and what all calls
//! share: the address they are reached by, `?pretty`, the request log; it must not know what a
//! resource means.

mod area;
mod charts;
mod collections;
mod commands;
mod devices;
mod distributions;
mod jobs;
mod keys;
mod later;
mod location;
mod log;
mod metadata;
mod paging;
mod recorder;
mod search;
mod statistics;
mod status;
mod streams;
mod triggers;
mod updates;
mod values;

use std::convert::Infallible;

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::api::{Description, Part, Shape, Table, choice, reply};
use crate::app::{App, Peer};
use crate::error::ApiError;
use crate::store::devices::{DeviceRef, SERIAL_MARK};

/// The calls of all resources.
fn table() -> Table {
    status::routes()
        .merge(devices::routes())
        .merge(search::routes())
        .merge(location::routes())
        .merge(metadata::routes())
        .merge(keys::routes())
        .merge(distributions::routes())
        .merge(collections::routes())
        .merge(commands::routes())
        .merge(jobs::routes())
        .merge(charts::routes())
        .merge(later::routes())
        .merge(triggers::routes())
        .merge(statistics::routes())
        .merge(updates::routes())
        .merge(streams::routes())
        .merge(values::routes())
        .merge(log::routes())
        .below("/v2")
}

/// All of M2X.
pub(crate) fn router(app: App, described: &mut Description) -> Router {
    table()
        .serve(described)
        .fallback(async |uri: Uri| ApiError::no_route(uri.path()))
        .method_not_allowed_fallback(async |method: Method| ApiError::method(method.as_str()))
        .layer(from_fn_with_state(app.clone(), recorder::record))
        .with_state(app)
}

/// A service whose calls are in the request log.
pub(crate) fn recorded(service: Router, app: App) -> Router {
    service.layer(from_fn_with_state(app, recorder::record))
}

/// What clients write in more than one way, in one way: the method in a header, devices by serial,
/// a slash at the end.
pub(crate) fn rewrite(mut request: Request) -> Request {
    if request.method() == Method::POST
        && let Some(method) = request.headers().get("x-http-method-override")
        && let Ok(method) = Method::from_bytes(method.as_bytes())
    {
        *request.method_mut() = method;
    }
    let path = request.uri().path();
    let mut wanted = path.trim_end_matches('/').to_owned();
    if let Some(rest) = wanted.strip_prefix("/v2/devices/serial/") {
        wanted = format!("/v2/devices/{SERIAL_MARK}{rest}");
    }
    if wanted != path {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        // Parts of a valid address put together again are a valid address.
        if let Ok(uri) = format!("{wanted}{query}").parse() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// The address under which the caller reached us, such as `http://api-m2x.att.com/v2`.
#[derive(Debug, Clone)]
pub(crate) struct Site(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Site {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Origin::from_request_parts(parts, &()).await.map(|Origin(origin)| Self(origin + "/v2"))
    }
}

impl Part for Site {}

/// The same without a path: `http://micropython.org`.
#[derive(Debug, Clone)]
pub(crate) struct Origin(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let tls = parts.extensions.get::<Peer>().is_some_and(|peer| peer.tls);
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let plain = |host: &&str| {
            let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
            !host.is_empty() && host.len() < 256 && host.bytes().all(good)
        };
        let host = host.filter(plain).unwrap_or("api-m2x.att.com");
        Ok(Self(format!("{}://{host}", if tls { "https" } else { "http" })))
    }
}

pub(crate) use recorder::{blotted, note_broken};
pub(crate) use values::{csv_cell, store as store_values};

/// Left in an answer for the request log: the device that the call was about.
#[derive(Debug, Clone)]
pub(crate) struct OfDevice(pub(crate) DeviceRef);

/// Left in an answer for the request log: there are keys in it, so that it is not kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HoldsKeys;

/// The data is stored: 202, as M2X says it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepted;

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, axum::Json(json!({ "status": "accepted" }))).into_response()
    }
}

/// What that looks like.
pub(crate) fn accepted() -> Shape {
    reply(&[("status", choice(&["accepted"]))]).named("Accepted")
}

/// A new thing and where it is: 201 with `Location`.
pub(crate) fn created(location: String, body: serde_json::Value) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(body)).into_response()
}
