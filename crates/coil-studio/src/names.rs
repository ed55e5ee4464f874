//! `GET /api/names`: what the boards' firmware knows and what that means, for a board that cannot be asked.

use crate::Studio;
use crate::packed::Packed;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::OnceCell;

/// What it knows, once it was asked for.
pub(crate) type Known = OnceCell<Packed>;

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
        let about = coil_lab::stubs::about(modules.keys());
        let text = json!({ "modules": modules, "about": about }).to_string();
        Ok::<_, ()>(Packed::new("application/json", text.into()))
    });
    match known.await {
        Ok(known) => known.answer(&headers),
        Err(()) => {
            let error = json!({ "error": "the firmware did not tell what it knows" }).to_string();
            (StatusCode::INTERNAL_SERVER_ERROR, error).into_response()
        }
    }
}
