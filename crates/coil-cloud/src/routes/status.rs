//! Whether the service is well, and what time it has. No key is needed.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api::{Table, choice, get, reply, stamp, whole};
use crate::error::ApiError;
use crate::time::Stamp;

pub(crate) fn routes() -> Table {
    let (fine, forms) = (choice(&["OK"]), choice(&["seconds", "millis", "iso8601"]));
    let now = [("seconds", whole()), ("millis", whole()), ("iso8601", stamp())];
    Table::new("Status")
        .at(
            "/status",
            [get(status, "Whether the service is well")
                .answers(reply(&[("api", fine.clone()), ("triggers", fine)]))],
        )
        .at("/time", [get(time, "What time it is").answers(reply(&now))])
        .at(
            "/time/{form}",
            [get(time_as, "The same in one form, bare")
                .with("form", forms)
                .answers_text("text/plain")],
        )
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
