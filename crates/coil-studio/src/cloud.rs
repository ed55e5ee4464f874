//! `/api/cloud`: what the programs of this lab have sent to its cloud, and what the cloud made of it.

use crate::Studio;
use crate::guard::Peer;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use coil_cloud::{Cloud, Error};
use serde::Deserialize;
use serde_json::json;

/// Values that are told where nothing is said of how many.
const VALUES: i64 = 500;

/// The cloud of a lab, for those who sit at it.
#[derive(Clone, Debug)]
pub struct CloudAtHand {
    /// It.
    pub cloud: Cloud,
    /// Its address for browsers of this machine.
    pub url: String,
}

/// `GET /api/cloud`
pub(crate) async fn devices(
    State(studio): State<Studio>,
    Extension(peer): Extension<Peer>,
) -> Response {
    let Some(at_hand) = &studio.0.lab.cloud else { return nobodys() };
    match at_hand.cloud.devices().await {
        Ok(devices) => {
            // Others cannot go there.
            let url = peer.is_here().then_some(&at_hand.url);
            Json(json!({ "url": url, "devices": devices })).into_response()
        }
        Err(error) => failed(&error),
    }
}

/// Which values.
#[derive(Deserialize)]
pub(crate) struct Of {
    device: String,
    stream: String,
    limit: Option<i64>,
}

/// `GET /api/cloud/values`
pub(crate) async fn values(State(studio): State<Studio>, Query(of): Query<Of>) -> Response {
    let Some(at_hand) = &studio.0.lab.cloud else { return nobodys() };
    let limit = of.limit.unwrap_or(VALUES);
    match at_hand.cloud.values(&of.device, &of.stream, limit).await {
        Ok(Some(values)) => Json(values).into_response(),
        Ok(None) => {
            let error = format!("there is no stream `{}` of such a device", of.stream);
            (StatusCode::NOT_FOUND, Json(json!({ "error": error }))).into_response()
        }
        Err(error) => failed(&error),
    }
}

/// After which call.
#[derive(Deserialize)]
pub(crate) struct After {
    after: Option<i64>,
}

/// `GET /api/cloud/log`
pub(crate) async fn log(State(studio): State<Studio>, Query(from): Query<After>) -> Response {
    let Some(at_hand) = &studio.0.lab.cloud else { return nobodys() };
    match at_hand.cloud.calls(from.after.unwrap_or(0)).await {
        Ok(calls) => Json(calls).into_response(),
        Err(error) => failed(&error),
    }
}

fn nobodys() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "error": "there is no cloud here" }))).into_response()
}

fn failed(error: &Error) -> Response {
    let error = json!({ "error": error.to_string() });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response()
}
