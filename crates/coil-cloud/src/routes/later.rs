//! Parts of M2X that this cloud does not offer yet, each refused by name.

use axum::routing::any;

use crate::api::Table;
use crate::error::ApiError;

/// Paths, and what they are.
const PARTS: &[(&str, &[&str])] =
    &[("Integrations", &["/integrations", "/integrations/{id}", "/integrations/{id}/status"])];

pub(crate) fn routes() -> Table {
    let paths = PARTS.iter().flat_map(|(what, paths)| paths.iter().map(move |path| (*what, *path)));
    // Not described: there is nothing yet that could be.
    paths.fold(Table::new("Later"), |table, (what, path)| {
        table.aside(path, any(async move || ApiError::not_yet(what)))
    })
}
