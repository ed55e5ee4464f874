//! The circuits of the lab's boards over HTTP, what they are drawn with, and who wants to know when one has changed.

use crate::Studio;
use crate::calls::refuse;
use crate::tag::{Read, seen};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use coil_circuit::{Described, Drawing, FILE_MAX, Picture, parts::ALL};
use coil_lab::circuits::CircuitError;
use coil_lab::{Circuits, catalog};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

pub(crate) use coil_lab::circuits::LOOK;

/// Bytes of a circuit as JSON: what its file can have.
pub(crate) const CIRCUIT_MAX: usize = FILE_MAX;

/// What a file is known by, if there is one.
type Version = Option<String>;

/// The boards' circuits, and the tabs that are told of their versions.
#[derive(Debug, Default)]
pub(crate) struct Boards {
    circuits: Option<Circuits>,
    tellers: Mutex<BTreeMap<String, watch::Sender<Version>>>,
}

impl Boards {
    pub(crate) fn new(circuits: Circuits) -> Self {
        Self { circuits: Some(circuits), tellers: Mutex::default() }
    }

    fn of(&self, name: &str) -> Result<&Circuits, CircuitError> {
        self.circuits.as_ref().ok_or_else(|| CircuitError::NoBoard(name.to_owned()))
    }

    /// Hears of a board's versions, of the one that is there at once; nothing if it has no circuit here. The disk may be waited for.
    pub(crate) fn watch(&self, name: &str) -> Option<watch::Receiver<Version>> {
        let version = self.of(name).ok()?.look(name).ok()?;
        let mut tellers = self.tellers.lock().unwrap_or_else(PoisonError::into_inner);
        let teller = tellers.entry(name.to_owned()).or_insert_with(|| watch::channel(None).0);
        renew(teller, version);
        let mut versions = teller.subscribe();
        versions.mark_changed();
        Some(versions)
    }

    /// Looks whether somebody else has changed a board's file, and tells all who watch. The disk may be waited for.
    pub(crate) fn look(&self, name: &str) {
        if let Ok(version) = self.of(name).and_then(|c| c.look(name)) {
            self.told(name, version);
        }
    }

    fn told(&self, name: &str, version: Version) {
        let tellers = self.tellers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(teller) = tellers.get(name) {
            renew(teller, version);
        }
    }
}

/// Tells a version, unless it is told already.
fn renew(teller: &watch::Sender<Version>, version: Version) {
    teller.send_if_modified(|known| {
        let is_new = *known != version;
        *known = version;
        is_new
    });
}

/// `GET /api/devices/{name}`: what a type of board looks like.
pub(crate) async fn device(Path(name): Path<String>) -> Response {
    match catalog::device(&name).zip(catalog::shape(&name)) {
        Some((device, shape)) => Json(Picture::new(&device, &shape)).into_response(),
        None => {
            let known: Vec<_> = catalog::device_names().collect();
            let error = format!("there is no such type of board; there are: {}", known.join(", "));
            refuse(StatusCode::NOT_FOUND, &error)
        }
    }
}

/// `GET /api/parts`: the kinds of parts that there are.
pub(crate) async fn parts() -> Json<Vec<Described>> {
    Json(ALL.iter().copied().map(Described::from).collect())
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = match &error {
            CircuitError::NoBoard(_) => StatusCode::NOT_FOUND,
            CircuitError::Changed(_) => StatusCode::PRECONDITION_FAILED,
            CircuitError::Plan(_) => StatusCode::UNPROCESSABLE_ENTITY,
            CircuitError::Io { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut body = json!({ "error": error.to_string() });
        if let CircuitError::Changed(version) = error {
            body["version"] = version.into();
        }
        (status, Json(body)).into_response()
    }
}

/// Why a circuit was not read or written.
struct Failed(CircuitError);

/// Does something with the circuits on a thread that may wait for the disk.
async fn with<T: Send + 'static>(
    studio: Studio,
    work: impl FnOnce(&Boards) -> Result<T, CircuitError> + Send + 'static,
) -> Result<T, Response> {
    match tokio::task::spawn_blocking(move || work(&studio.0.circuits)).await {
        Ok(done) => done.map_err(|e| Failed(e).into_response()),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

/// `GET /api/boards/{name}/circuit`
pub(crate) async fn read(
    State(studio): State<Studio>,
    Path(name): Path<String>,
) -> Result<Response, Response> {
    let told = with(studio, move |boards| {
        let told = boards.of(&name)?.tell(&name)?;
        boards.told(&name, told.version.clone());
        Ok(told)
    });
    let told = told.await?;
    let tag = told.version.as_ref().map(|version| [(header::ETAG, format!("\"{version}\""))]);
    Ok((tag, Json(told)).into_response())
}

/// `PUT /api/boards/{name}/circuit`
pub(crate) async fn write(
    State(studio): State<Studio>,
    Path(name): Path<String>,
    headers: HeaderMap,
    content: Bytes,
) -> Result<Response, Response> {
    let read = match seen(&headers) {
        Ok(Some(Read::Version(version))) => Some(version),
        Ok(Some(Read::Nothing)) => None,
        Ok(None) => {
            let error = "say which version you have read with If-Match, or If-None-Match: * for a first one";
            return Err(refuse(StatusCode::PRECONDITION_REQUIRED, error));
        }
        Err(bad) => return Err(refuse(StatusCode::BAD_REQUEST, &bad.to_string())),
    };
    // An empty list would be taken for an empty circuit.
    let drawing = serde_json::from_slice(&content)
        .and_then(|object: Map<String, Value>| serde_json::from_value(object.into()));
    let drawing: Drawing = drawing.map_err(|e| {
        refuse(StatusCode::BAD_REQUEST, &format!("the circuit is none: {e}; see docs/desk.md"))
    })?;
    let version = with(studio, move |boards| {
        let version = boards.of(&name)?.write(&name, read.as_deref(), &drawing)?;
        boards.told(&name, Some(version.clone()));
        Ok(version)
    });
    Ok(Json(json!({ "version": version.await? })).into_response())
}

/// Looks at a board's file on a thread that may wait for the disk.
pub(crate) async fn look(studio: &Studio, name: &Arc<str>) {
    let (studio, name) = (studio.clone(), name.clone());
    // It tells by itself what it finds.
    let _ = tokio::task::spawn_blocking(move || studio.0.circuits.look(&name)).await;
}

/// Hears of a board's versions, as [`Boards::watch`] does.
pub(crate) async fn watch(studio: &Studio, name: &Arc<str>) -> Option<watch::Receiver<Version>> {
    let (studio, name) = (studio.clone(), name.clone());
    let watched = tokio::task::spawn_blocking(move || studio.0.circuits.watch(&name));
    watched.await.ok().flatten()
}
