//! Parts of M2X that this cloud does not offer yet, each refused by name.

use axum::routing::any;

use crate::api::Table;
use crate::error::ApiError;

/// Paths, and what they are.
const PARTS: &[(&str, &[&str])] = &[
    ("Charts", &["/charts", "/charts/{chart}"]),
    (
        "Triggers",
        &[
            "/devices/{device}/triggers",
            "/devices/{device}/triggers/{trigger}",
            "/devices/{device}/triggers/{trigger}/test",
            "/distributions/{id}/triggers",
            "/distributions/{id}/triggers/{trigger}",
            "/distributions/{id}/triggers/{trigger}/test",
        ],
    ),
    ("Integrations", &["/integrations", "/integrations/{id}", "/integrations/{id}/status"]),
];

pub(crate) fn routes() -> Table {
    let paths = PARTS.iter().flat_map(|(what, paths)| paths.iter().map(move |path| (*what, *path)));
    // Not described: there is nothing yet that could be.
    paths.fold(Table::new("Later"), |table, (what, path)| {
        table.aside(path, any(async move || ApiError::not_yet(what)))
    })
}
