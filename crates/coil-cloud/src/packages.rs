//! Packages of the workshop's own, as the indexes of micropython.org give them: for `mip`, and for `upip` before it. It owns the shapes
//! of those answers; what is in the folder `packages/folder.rs` knows. No path of a request ever becomes one of the host: what is asked
//! for is looked up among what the folder was found to have.

mod archive;
mod folder;

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::ApiError;
use crate::routes::Origin;
use folder::{Entry, Folder, Package};

/// The folder behind the indexes, if there is one.
#[derive(Debug)]
pub(crate) struct Packages(Option<Arc<Mutex<Folder>>>);

impl Packages {
    pub(crate) fn new(path: Option<std::path::PathBuf>) -> Self {
        Self(path.map(|path| Arc::new(Mutex::new(Folder::new(path)))))
    }

    /// What is there at this moment.
    async fn all(&self) -> Result<Arc<Vec<Entry>>, ApiError> {
        let Some(folder) = self.0.clone() else { return Ok(Arc::default()) };
        // One reads at a time: whoever asks often finds it read already.
        let read = move || folder.lock().unwrap_or_else(PoisonError::into_inner).read();
        match tokio::task::spawn_blocking(read).await {
            Ok(read) => read.map_err(ApiError::storage),
            Err(_) => Err(ApiError::storage("the packages cannot be read")),
        }
    }

    /// The package of that name and version, of which there is one; `latest` is any.
    async fn find(&self, name: &str, version: Option<&str>) -> Result<Package, ApiError> {
        let all = self.all().await?;
        let Some(entry) = all.iter().find(|entry| entry.name == name) else {
            return Err(ApiError::missing(&format!("package `{name}`")));
        };
        let package = entry.package.as_ref().map_err(ApiError::storage)?;
        match version {
            Some(version) if version != package.version => {
                let has = &package.version;
                Err(ApiError::missing(&format!("version of `{name}`, which has {has},")))
            }
            _ => Ok(package.clone()),
        }
    }
}

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/pi/v2/package/{kind}/{name}/{version}", get(described))
        .route("/pi/v2/file/{part}/{hash}", get(file))
        .route("/pi/{name}/json", get(releases))
        .route("/pi/archive/{file}", get(archived))
        .method_not_allowed_fallback(async |method: Method| ApiError::method(method.as_str()))
        .fallback(async |request: Request| ApiError::no_route(request.uri().path()))
        .with_state(app)
}

/// What `mip` asks first. The kind of `.mpy` files that the board runs does not matter: there are the files that the folder has.
async fn described(
    State(app): State<App>,
    Path((_, name, version)): Path<(String, String, String)>,
) -> Result<Json<Value>, ApiError> {
    let Some(version) = version.strip_suffix(".json") else {
        return Err(ApiError::missing("version"));
    };
    let package = app.packages.find(&name, Some(version).filter(|v| *v != "latest")).await?;
    let hashes: Vec<_> = package.files.iter().map(|f| json!([f.path, f.short_hash()])).collect();
    let (version, deps) = (&package.version, &package.deps);
    Ok(Json(json!({ "v": 1, "version": version, "hashes": hashes, "deps": deps })))
}

/// A file by the start of its hash.
async fn file(
    State(app): State<App>,
    Path((_, hash)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let all = app.packages.all().await?;
    let packages = all.iter().filter_map(|entry| entry.package.as_ref().ok());
    let mut files = packages.flat_map(|package| &package.files);
    let found = files.find(|f| f.short_hash() == hash);
    let file = found.ok_or_else(|| ApiError::missing("file"))?;
    Ok(binary(file.content.to_vec()))
}

/// What `upip` asks first. Its packages begin with `micropython-`, which the folder need not say.
async fn releases(
    State(app): State<App>,
    Path(name): Path<String>,
    Origin(origin): Origin,
) -> Result<Json<Value>, ApiError> {
    let package = match app.packages.find(&name, None).await {
        Ok(package) => package,
        Err(missing) => match name.strip_prefix("micropython-") {
            Some(short) => app.packages.find(short, None).await?,
            None => return Err(missing),
        },
    };
    let version = package.version;
    let url = format!("{origin}/pi/archive/{}-{version}.tar.gz", package.name);
    let mut releases = Map::new();
    releases.insert(version.clone(), json!([{ "url": url }]));
    Ok(Json(json!({ "info": { "version": version }, "releases": releases })))
}

/// A package as an archive.
async fn archived(State(app): State<App>, Path(file): Path<String>) -> Result<Response, ApiError> {
    let missing = || ApiError::missing("archive");
    let stem = file.strip_suffix(".tar.gz").ok_or_else(missing)?;
    let all = app.packages.all().await?;
    let mut packages = all.iter().filter_map(|entry| entry.package.as_ref().ok());
    let package = packages.find(|p| format!("{}-{}", p.name, p.version) == stem);
    Ok(binary(archive::of(package.ok_or_else(missing)?)))
}

fn binary(content: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], Body::from(content)).into_response()
}
