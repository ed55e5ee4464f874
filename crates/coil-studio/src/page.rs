//! The page's files, which are part of the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const FILES: &[(&str, &str, &str)] = &[
    ("index.html", "text/html; charset=utf-8", include_str!("../page/index.html")),
    ("icon.svg", "image/svg+xml", include_str!("../page/icon.svg")),
    ("stream.js", "text/javascript; charset=utf-8", include_str!("../page/stream.js")),
    ("style.css", "text/css; charset=utf-8", include_str!("../page/style.css")),
];

/// `GET /`
pub(crate) async fn index() -> Response {
    send("index.html")
}

/// `GET /{file}`
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    send(&name)
}

fn send(name: &str) -> Response {
    match FILES.iter().find(|f| f.0 == name) {
        Some((_, kind, text)) => ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such file here.\n").into_response(),
    }
}
