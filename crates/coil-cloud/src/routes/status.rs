//! Whether the service is well, and what time it has. No key is needed.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::App;
use crate::error::ApiError;
use crate::time::Stamp;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/status", get(status))
        .route("/time", get(time))
        .route("/time/{form}", get(time_as))
}

async fn status() -> Json<Value> {
    Json(json!({ "api": "OK", "triggers": "OK" }))
}

async fn time() -> Json<Value> {
    let now = Stamp::now();
    Json(json!({ "seconds": now.seconds(), "millis": now.millis(), "iso8601": now.iso() }))
}

/// The bare value as plain text, which is what clients read here.
async fn time_as(Path(form): Path<String>) -> Result<Response, ApiError> {
    let now = Stamp::now();
    let text = match form.as_str() {
        "seconds" => now.seconds().to_string(),
        "millis" => now.millis().to_string(),
        "iso8601" => now.iso(),
        other => return Err(ApiError::no_route(&format!("/v2/time/{other}"))),
    };
    Ok(text.into_response())
}
