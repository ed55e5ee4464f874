//! `GET /api/names`: what the boards' firmware knows, for a board that cannot be asked.

use crate::Studio;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What it knows, once it was asked for: JSON, and a tag of that.
pub(crate) type Known = OnceCell<(Arc<str>, String)>;

/// The firmware and the board of a lab that has none of its own.
const USUAL: (&str, &str) = ("current", "wemos-d1-r32");

/// `GET /api/names`
pub(crate) async fn names(State(studio): State<Studio>, headers: HeaderMap) -> Response {
    let board = studio.0.lab.boards.first();
    let own = board.map(|b| (b.firmware.clone(), b.device.clone()));
    let (firmware, device) = own.unwrap_or_else(|| (USUAL.0.into(), USUAL.1.into()));
    // All tabs wait for the first that asks. What came to nothing is tried again by the next.
    let known = studio.0.names.get_or_try_init(|| async {
        let told = tokio::task::spawn_blocking(move || coil_lab::names_of(&firmware, &device));
        let modules = told.await.ok().flatten().filter(|modules| !modules.is_empty()).ok_or(())?;
        let text = json!({ "modules": modules }).to_string();
        let tag = Sha256::digest(&text)[..8].iter().map(|b| format!("{b:02x}")).collect::<String>();
        Ok::<_, ()>((text.into(), format!("\"{tag}\"")))
    });
    let Ok((text, tag)) = known.await else {
        let error = json!({ "error": "the firmware did not tell what it knows" }).to_string();
        return (StatusCode::INTERNAL_SERVER_ERROR, error).into_response();
    };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = (header::CONTENT_TYPE, "application/json");
    ([kind, (header::ETAG, tag.as_str())], text.to_string()).into_response()
}
