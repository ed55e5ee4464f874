//! How tables belong together: a `postId` in a row points to a row of `posts`. It must not know
//! HTTP.

use serde_json::Value;

use super::engine::{Db, position};
use super::js;
use super::plural::plural;
pub(super) use super::plural::singular;
use super::query::Query;
use crate::error::ApiError;

/// A row with what `_embed` and `_expand` add to it.
pub(super) fn extend(db: &Db, table: &str, row: &Value, query: &Query) -> Result<Value, ApiError> {
    let Value::Object(fields) = row else { return Ok(row.clone()) };
    let mut out = fields.clone();
    for child in query.all("_embed").iter().filter(|child| !child.is_empty()) {
        let field = format!("{}Id", singular(table));
        let id = fields.get("id");
        // Strict: a row that says "1" does not belong to 1.
        let belongs = |row: &&Value| id.is_some() && row.get(&field) == id;
        let rows = db.get(child).and_then(Value::as_array);
        let found = rows.map(|rows| rows.iter().filter(belongs).cloned().collect());
        out.insert(child.clone(), Value::Array(found.unwrap_or_default()));
    }
    for parent in query.all("_expand").iter().filter(|parent| !parent.is_empty()) {
        let Some(rows) = db.get(&plural(parent)).and_then(Value::as_array) else { continue };
        let field = format!("{parent}Id");
        let id = out.get(&field).and_then(js::text).ok_or_else(|| {
            ApiError::bad_request(format!(
                "`_expand={parent}`: a row of `{table}` has no `{field}`"
            ))
        })?;
        if let Some(found) = position(rows, &id).and_then(|at| rows.get(at)) {
            out.insert(parent.clone(), found.clone());
        }
    }
    Ok(Value::Object(out))
}

/// Rows (table and id) with a field such as `postId` that points to no row of `posts`.
pub(super) fn dangling(db: &Db) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (table, rows) in db {
        for row in rows.as_array().into_iter().flatten() {
            let (Some(fields), Some(id)) = (row.as_object(), row.get("id").and_then(js::text))
            else {
                continue;
            };
            let points_nowhere = fields.iter().any(|(field, value)| {
                let target = field.strip_suffix("Id").and_then(|name| db.get(&plural(name)));
                match (target.and_then(Value::as_array), js::text(value)) {
                    (Some(rows), Some(id)) => position(rows, &id).is_none(),
                    _ => false,
                }
            });
            if points_nowhere {
                found.push((table.clone(), id));
            }
        }
    }
    found
}
