//! `db.json` over HTTP: as json-server 0.17.4 does (`/json`, writes stay) and as my-json-server
//! does (`/<user>/<repo>`, writes are only pretended). It must not know M2X.

mod persist;

use std::path::PathBuf;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::ApiError;
use crate::input::decode;
use persist::File;

/// The file behind both services.
#[derive(Debug)]
pub(crate) struct JsonServer {
    file: Option<File>,
}

impl JsonServer {
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        Self { file: path.map(File::new) }
    }
}

/// `/<user>/<repo>/…`: any two segments, then the resource.
pub(crate) async fn hosted(app: &App, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let mut segments = path.splitn(4, '/').skip(1);
    match (segments.next(), segments.next()) {
        (Some(user), Some(repo)) if !user.is_empty() && !repo.is_empty() => {
            let rest = segments.next().unwrap_or_default().to_owned();
            answer(app, request, &rest).await
        }
        _ => ApiError::no_route(&path).into_response(),
    }
}

/// `/json/…`: json-server with writes that stay.
pub(crate) async fn mounted(app: &App, request: Request) -> Response {
    let rest = request.uri().path().trim_start_matches("/json").trim_start_matches('/').to_owned();
    answer(app, request, &rest).await
}

/// The same at the root of a port.
pub(crate) async fn root(app: &App, request: Request) -> Response {
    let rest = request.uri().path().trim_start_matches('/').to_owned();
    answer(app, request, &rest).await
}

async fn answer(app: &App, request: Request, rest: &str) -> Response {
    let Some(file) = &app.json.file else {
        return ApiError::no_route(request.uri().path()).into_response();
    };
    let db = match file.read() {
        Ok(db) => db,
        Err(error) => return error.into_response(),
    };
    if request.method() != Method::GET {
        return ApiError::not_yet("Writing to `db.json`").into_response();
    }
    match get(&db, rest) {
        Some(value) => render(StatusCode::OK, &value),
        None => render(StatusCode::NOT_FOUND, &json!({})),
    }
}

fn get(db: &Map<String, Value>, rest: &str) -> Option<Value> {
    let segments: Vec<String> = rest.split('/').map(decode).collect();
    match segments.as_slice() {
        [all] if all == "db" => Some(Value::Object(db.clone())),
        [table] => db.get(table).cloned(),
        [table, id] => {
            let rows = db.get(table)?.as_array()?;
            rows.iter().find(|row| id_text(&row["id"]).as_deref() == Some(id)).cloned()
        }
        _ => None,
    }
}

fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn render(status: StatusCode, value: &Value) -> Response {
    let text = serde_json::to_string_pretty(value).expect("a JSON value can be written");
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}
