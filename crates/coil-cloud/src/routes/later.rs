//! Parts of M2X that this cloud does not offer yet, each refused by name.

use axum::Router;
use axum::routing::any;

use crate::app::App;
use crate::error::ApiError;

/// Paths, and what they are.
const PARTS: &[(&str, &[&str])] =
    &[("Integrations", &["/integrations", "/integrations/{id}", "/integrations/{id}/status"])];

pub(crate) fn routes() -> Router<App> {
    let paths = PARTS.iter().flat_map(|(what, paths)| paths.iter().map(move |path| (*what, *path)));
    paths.fold(Router::new(), |router, (what, path)| {
        router.route(path, any(async move || ApiError::not_yet(what)))
    })
}
