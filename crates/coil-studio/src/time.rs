//! `/api/time`: the time of the whole lab, which can stand, be stepped, and go slower or faster than on the wall.

use crate::Studio;
use crate::guard::Peer;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use coil_lab::{Steer, SteerError, TimeIs};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is to be done to it: one of these.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// It is to stand, or to go on.
    Paused(bool),
    /// So many times as fast as on the wall.
    Speed(f64),
    /// It stands, and goes on for so many nanoseconds.
    StepNs(u64),
}

impl From<Wanted> for Steer {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Paused(paused) => Self::Pause(paused),
            Wanted::Speed(speed) => Self::Speed(speed),
            Wanted::StepNs(ns) => Self::Step(ns.div_ceil(1000)),
        }
    }
}

/// `GET /api/time`
pub(crate) async fn told(State(studio): State<Studio>) -> Response {
    match &studio.0.lab.time {
        Some(time) => Json(json_of(&studio, time.told())).into_response(),
        None => nobodys(),
    }
}

/// `POST /api/time`
pub(crate) async fn steer(
    State(studio): State<Studio>,
    Extension(peer): Extension<Peer>,
    Json(wanted): Json<Wanted>,
) -> Response {
    if !peer.is_here() && studio.0.lab.boards.len() > 1 {
        let error = "it is the time of all boards here, and only who sits at the workshop's own machine steers it";
        return (StatusCode::FORBIDDEN, Json(json!({ "error": error }))).into_response();
    }
    let Some(time) = studio.0.lab.time.clone() else { return nobodys() };
    // Boards finish their turns before.
    match tokio::task::spawn_blocking(move || time.steer(wanted.into())).await {
        Ok(Ok(now)) => {
            // Tabs that are not there need not be told.
            studio.0.times.send_replace(Some(now));
            Json(json_of(&studio, now)).into_response()
        }
        Ok(Err(error)) => {
            let status = match error {
                SteerError::Speed | SteerError::Step => StatusCode::BAD_REQUEST,
                SteerError::Counted | SteerError::Going => StatusCode::CONFLICT,
                SteerError::Over => StatusCode::GONE,
            };
            (status, Json(json!({ "error": error.to_string() }))).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn nobodys() -> Response {
    let error = "there is no time here that could be steered";
    (StatusCode::NOT_FOUND, Json(json!({ "error": error }))).into_response()
}

/// As tabs are told.
pub(crate) fn json_of(studio: &Studio, time: TimeIs) -> Value {
    json!({
        "now_ns": time.now_us * 1000,
        "speed": time.speed,
        "paused": time.is_paused,
        "boards": studio.0.lab.boards.len(),
    })
}
