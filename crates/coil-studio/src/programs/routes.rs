//! The folder of programs over HTTP, and its changes as a WebSocket.

use super::{Change, Error, LOOK, Program, Programs};
use crate::Studio;
use crate::tag::seen;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Those who listen for changes at a time.
pub(crate) const WATCHERS_MAX: usize = 64;
/// Bytes of what such a one says: nothing that matters.
const SAID_MAX: usize = 1024;
/// How often one is asked whether it is there, and how long it may take nothing.
const PING: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(60);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Name(_) | Self::Tag(_) => StatusCode::BAD_REQUEST,
            Self::NotThere(_) => StatusCode::NOT_FOUND,
            Self::Changed { .. } => StatusCode::PRECONDITION_FAILED,
            Self::NoVersion => StatusCode::PRECONDITION_REQUIRED,
            Self::Taken(_) => StatusCode::CONFLICT,
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::INSUFFICIENT_STORAGE,
            Self::Io { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut body = json!({ "error": self.to_string() });
        if let Self::Changed { version, .. } = self {
            body["version"] = version.into();
        }
        (status, Json(body)).into_response()
    }
}

/// Does something with the folder on a thread that may wait for the disk.
async fn with<T: Send + 'static>(
    studio: Studio,
    work: impl FnOnce(&Programs) -> Result<T, Error> + Send + 'static,
) -> Result<T, Response> {
    let Some(programs) = studio.0.lab.programs.clone() else {
        let none = json!({ "error": "there is no folder of programs here; start the workshop with `coil up`" });
        return Err((StatusCode::NOT_FOUND, Json(none)).into_response());
    };
    match tokio::task::spawn_blocking(move || work(&programs)).await {
        Ok(done) => done.map_err(IntoResponse::into_response),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

/// `GET /api/programs`
pub(crate) async fn list(State(studio): State<Studio>) -> Result<Json<Vec<Program>>, Response> {
    with(studio, Programs::list).await.map(Json)
}

/// `GET /api/programs/{path}`
pub(crate) async fn read(
    State(studio): State<Studio>,
    Path(path): Path<String>,
) -> Result<Response, Response> {
    let (content, version) = with(studio, move |programs| programs.read(&path)).await?;
    let kind = (header::CONTENT_TYPE, "application/octet-stream".to_owned());
    let version = (header::ETAG, format!("\"{version}\""));
    Ok(([kind, version], content).into_response())
}

/// `PUT /api/programs/{path}`
pub(crate) async fn write(
    State(studio): State<Studio>,
    Path(path): Path<String>,
    headers: HeaderMap,
    content: Bytes,
) -> Result<Json<Value>, Response> {
    let seen = seen(&headers).map_err(Error::from).and_then(|seen| seen.ok_or(Error::NoVersion));
    let seen = seen.map_err(IntoResponse::into_response)?;
    let version = with(studio, move |programs| programs.write(&path, &seen, &content)).await?;
    Ok(Json(json!({ "version": version })))
}

/// `DELETE /api/programs/{path}`
pub(crate) async fn remove(
    State(studio): State<Studio>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    let seen = seen(&headers).map_err(|e| Error::from(e).into_response())?;
    with(studio, move |programs| programs.remove(&path, seen.as_ref())).await?;
    Ok(Json(json!({ "removed": true })))
}

/// What is to be done with a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    rename: String,
}

/// `POST /api/programs/{path}`
pub(crate) async fn rename(
    State(studio): State<Studio>,
    Path(path): Path<String>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Value>, Response> {
    let to = wanted.rename.clone();
    with(studio, move |programs| programs.rename(&path, &wanted.rename)).await?;
    Ok(Json(json!({ "path": to })))
}

/// Which state of a program is wanted; without it, which there are.
#[derive(Deserialize)]
pub(crate) struct Wished {
    at: Option<i64>,
}

/// `GET /api/programs-history/{path}`
pub(crate) async fn history(
    State(studio): State<Studio>,
    Path(path): Path<String>,
    Query(wished): Query<Wished>,
) -> Result<Response, Response> {
    let Some(at) = wished.at else {
        let states = with(studio, move |programs| programs.states(&path)).await?;
        return Ok(Json(states).into_response());
    };
    let content = with(studio, move |programs| programs.state(&path, at)).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], content).into_response())
}

/// `GET /api/programs-changes`
pub(crate) async fn changes(State(studio): State<Studio>, upgrade: WebSocketUpgrade) -> Response {
    let Ok(place) = studio.0.watchers.clone().try_acquire_owned() else {
        let busy = format!("{WATCHERS_MAX} tabs listen already; close one of them\n");
        return (StatusCode::SERVICE_UNAVAILABLE, busy).into_response();
    };
    // What changes after the answer is told.
    let watched = with(studio.clone(), |programs| Ok(programs.watch())).await;
    let (listener, Some(programs)) = (
        match watched {
            Ok(listener) => listener,
            Err(refused) => return refused,
        },
        studio.0.lab.programs.clone(),
    ) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    upgrade.max_message_size(SAID_MAX).max_frame_size(SAID_MAX).on_upgrade(|socket| async move {
        tell(socket, listener, programs).await;
        drop(place);
    })
}

async fn tell(
    mut socket: WebSocket,
    mut listener: tokio::sync::broadcast::Receiver<Change>,
    programs: Arc<Programs>,
) {
    let (mut look, mut ping) = (tokio::time::interval(LOOK), tokio::time::interval(PING));
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            came = socket.recv() => match came {
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
            change = listener.recv() => match change {
                Ok(change) => Message::Text(json!(change).to_string().into()),
                Err(RecvError::Lagged(n)) => {
                    Message::Text(json!({ "missed": n }).to_string().into())
                }
                Err(RecvError::Closed) => return,
            },
            _ = look.tick() => {
                let programs = programs.clone();
                // It tells by itself what it finds.
                let _ = tokio::task::spawn_blocking(move || programs.look_again()).await;
                continue;
            }
            _ = ping.tick() => Message::Ping(Default::default()),
        };
        match tokio::time::timeout(PATIENCE, socket.send(message)).await {
            Ok(Ok(())) => {}
            _ => return,
        }
    }
}
