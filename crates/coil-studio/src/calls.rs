//! Calls that change something, or make the server work: how they must come, and how long they may take.
//!
//! A form of another page can send only some content types, and never without `Origin`, which `guard.rs` looks at; this is the second lock.

use crate::Studio;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use coil_explain::{Explained, explain};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How long a call may take to arrive and be answered.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of a program that is checked, and of a text that is explained.
const SOURCE_MAX: usize = coil_link::host::SOURCE_MAX;
/// Bytes of a call with it, as JSON may need them.
pub(crate) const CALL_MAX: usize = 6 * SOURCE_MAX + 4096;
/// Programs that are checked at a time.
pub(crate) const CHECKS: usize = 2;

/// Lets a call pass that a page of ours can make.
pub(crate) async fn check_call(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind.map(|k| k.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let is_known =
        kind.is_some_and(|k| matches!(&*k, "application/json" | "application/octet-stream"));
    // No form can ask for a DELETE, and it has no content.
    if !is_known && request.method() != Method::DELETE {
        let error = "the content must be application/json or application/octet-stream";
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error);
    }
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "the call took too long; try again"),
    }
}

pub(crate) fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

/// A program to be checked.
#[derive(Deserialize)]
pub(crate) struct Source {
    source: String,
    firmware: Option<String>,
}

/// `POST /api/check`: whether a program compiles, without a board.
pub(crate) async fn check(State(studio): State<Studio>, Json(of): Json<Source>) -> Response {
    if of.source.len() > SOURCE_MAX {
        let error =
            format!("the program has more than {} KiB, which is the most", SOURCE_MAX >> 10);
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, &error);
    }
    let of_board = || studio.0.lab.boards.first().map(|b| b.firmware.clone());
    let firmware = of.firmware.clone().or_else(of_board).unwrap_or_else(|| "current".into());
    let Some(profile) = coil_lab::catalog::profile(&firmware) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "there is no such firmware; `coil up --help` tells which are",
        );
    };
    // It is never closed, so there is a place in time.
    let place = studio.0.checks.clone().acquire_owned().await;
    let checked = tokio::task::spawn_blocking(move || {
        let _place = place;
        coil_lab::check(&of.source, &profile)
    });
    match checked.await {
        Ok(None) => Json(json!({ "errors": [] })).into_response(),
        Ok(Some(error)) => Json(json!({ "errors": [told(&error)] })).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn told(error: &coil_lab::SourceError) -> Value {
    let mut told = json!({ "line": error.line, "text": error.text });
    let traceback = format!("  File \"<stdin>\", line {}\n{}", error.line, error.text);
    if let Some(explained) = explain(&traceback) {
        told["explained"] = json!(explained);
    }
    told
}

/// A text that a board has said.
#[derive(Deserialize)]
pub(crate) struct Said {
    text: String,
}

/// `POST /api/explain`: what a text of a board means, as `coil explain --json` says it.
pub(crate) async fn explain_text(Json(said): Json<Said>) -> Json<Option<Explained>> {
    Json(explain(&said.text))
}
