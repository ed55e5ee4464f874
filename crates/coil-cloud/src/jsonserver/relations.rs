//! How tables belong together: a `postId` in a row points to a row of `posts`. It must not know
//! HTTP.

use std::collections::HashMap;

use serde_json::Value;

use super::content::{Content, Table, Thing};
use super::js;
use super::plural::plural;
pub(super) use super::plural::singular;
use super::query::Query;
use crate::error::ApiError;

/// A row with what `_embed` and `_expand` add to it.
pub(super) fn extend(
    db: &Content,
    table: &str,
    row: &Value,
    query: &Query,
) -> Result<Value, ApiError> {
    let Value::Object(fields) = row else { return Ok(row.clone()) };
    let mut out = fields.clone();
    for child in query.all("_embed").iter().filter(|child| !child.is_empty()) {
        let field = format!("{}Id", singular(table));
        let id = fields.get("id");
        // Strict: a row that says "1" does not belong to 1.
        let belongs = |row: &&Value| id.is_some() && row.get(&field) == id;
        let rows = db.table(child).map(|table| table.rows().iter().map(|row| &**row));
        let found = rows.map(|rows| rows.filter(belongs).cloned().collect());
        out.insert(child.clone(), Value::Array(found.unwrap_or_default()));
    }
    for parent in query.all("_expand").iter().filter(|parent| !parent.is_empty()) {
        let Some(rows) = db.table(&plural(parent)) else { continue };
        let field = format!("{parent}Id");
        let id = out.get(&field).and_then(js::text).ok_or_else(|| {
            ApiError::bad_request(format!(
                "`_expand={parent}`: a row of `{table}` has no `{field}`"
            ))
        })?;
        if let Some(found) = rows.find(&id) {
            out.insert(parent.clone(), found.clone());
        }
    }
    Ok(Value::Object(out))
}

/// By table, the ids of rows with a field such as `postId` that points to no row of `posts`.
pub(super) fn dangling(db: &Content) -> Vec<(String, Vec<String>)> {
    // Fields are asked for again with every row.
    let mut targets: HashMap<&str, Option<&Table>> = HashMap::new();
    let mut found = Vec::new();
    for (name, thing) in db.things() {
        let Thing::Table(table) = thing else { continue };
        let mut ids = Vec::new();
        for row in table.rows() {
            let (Some(fields), Some(id)) = (row.as_object(), row.get("id").and_then(js::text))
            else {
                continue;
            };
            let points_nowhere = fields.iter().any(|(field, value)| {
                let Some(one) = field.strip_suffix("Id") else { return false };
                let target = targets.entry(one).or_insert_with(|| db.table(&plural(one)));
                match (target, js::text(value)) {
                    (Some(target), Some(id)) => target.find(&id).is_none(),
                    _ => false,
                }
            });
            if points_nowhere {
                ids.push(id);
            }
        }
        if !ids.is_empty() {
            found.push((name.clone(), ids));
        }
    }
    found
}
