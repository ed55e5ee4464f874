//! A write as the journal keeps it: what it did, so that it can be done once more on a file that does not have it yet, and that may have
//! been edited meanwhile. It must not know where it is kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::content::Content;
use super::engine::{self, Call};
use super::js;

/// What one answered write did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Change {
    /// A new row, with the id that was answered.
    Insert { table: String, row: Map<String, Value> },
    /// Anything else, as it was asked for.
    Write { method: String, path: Vec<String>, body: Map<String, Value> },
}

/// What became of a change that was done once more.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redone {
    /// What was answered holds.
    Done,
    /// Not quite, for this reason.
    Otherwise(String),
}

impl Change {
    /// Does it on this content, as if it had been asked for after all that is in it.
    pub(super) fn redo(&self, db: &mut Content) -> Redone {
        match self {
            Self::Insert { table, row } => insert(db, table, row),
            Self::Write { method, path, body } => {
                let Ok(method) = method.parse() else {
                    return Redone::Otherwise(format!("`{method}` is no method"));
                };
                let is_removal = method == axum::http::Method::DELETE;
                match engine::write(db, &Call::bare(method, path.clone(), body.clone())) {
                    Ok((reply, _)) if reply.status < 400 => Redone::Done,
                    // Somebody else has removed it.
                    Ok(_) if is_removal => Redone::Done,
                    Ok(_) => Redone::Otherwise("the edited file has it no more".to_owned()),
                    Err(error) => Redone::Otherwise(error.words()),
                }
            }
        }
    }

    /// Method, path and body, for people.
    pub(super) fn words(&self) -> (String, String, String) {
        let body = |body: &Map<String, Value>| Value::Object(body.clone()).to_string();
        match self {
            Self::Insert { table, row } => ("POST".to_owned(), format!("/{table}"), body(row)),
            Self::Write { method, path, body: fields } => {
                (method.clone(), format!("/{}", path.join("/")), body(fields))
            }
        }
    }
}

/// Adds a row again. If another one has its id now it gets the next one; if it is there already
/// there is nothing to do; if its table is gone it comes back.
fn insert(db: &mut Content, name: &str, row: &Map<String, Value>) -> Redone {
    db.add_table(name);
    let Some(table) = db.table_mut(name) else {
        return Redone::Otherwise(format!("`{name}` is no table any more"));
    };
    let id = row.get("id").and_then(js::text).unwrap_or_default();
    match table.find(&id).map(|known| known.as_object() == Some(row)) {
        Some(true) => Redone::Done,
        None => {
            table.push(Value::Object(row.clone()));
            Redone::Done
        }
        Some(false) => {
            let mut row = row.clone();
            let fresh = table.next_id();
            row.insert("id".to_owned(), fresh.clone());
            table.push(Value::Object(row));
            Redone::Otherwise(format!(
                "the edited file has another row with the id `{id}`: this one has the id `{}` now",
                js::text(&fresh).unwrap_or_default()
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Redone};
    use crate::jsonserver::content::Content;
    use serde_json::{Value, json};

    fn redo(file: &Value, change: &Value) -> (Value, bool) {
        let mut db = Content::new(file.as_object().cloned().unwrap_or_default());
        let change: Change = serde_json::from_value(change.clone()).expect("it is a change");
        let redone = change.redo(&mut db);
        (db.to_value(), redone == Redone::Done)
    }

    #[test]
    fn a_change_is_done_on_an_edited_file_so_that_neither_work_vanishes() {
        let insert = json!({"Insert": {"table": "posts", "row": {"a": 1, "id": 3}}});
        let patch = json!({"Write": {"method": "PATCH", "path": ["posts", "3"], "body": {"b": 2}}});
        let delete = json!({"Write": {"method": "DELETE", "path": ["posts", "3"], "body": {}}});
        let single = json!({"Write": {"method": "PATCH", "path": ["one"], "body": {"b": 2}}});
        for (file, change, expected, held) in [
            (json!({"posts": []}), &insert, json!({"posts": [{"a": 1, "id": 3}]}), true),
            (
                json!({"posts": [{"a": 1, "id": 3}]}),
                &insert,
                json!({"posts": [{"a": 1, "id": 3}]}),
                true,
            ),
            (
                json!({"posts": [{"a": 9, "id": 3}]}),
                &insert,
                json!({"posts": [{"a": 9, "id": 3}, {"a": 1, "id": 4}]}),
                false,
            ),
            (json!({"x": 1}), &insert, json!({"x": 1, "posts": [{"a": 1, "id": 3}]}), true),
            (json!({"posts": {}}), &insert, json!({"posts": {}}), false),
            (json!({"posts": [{"id": 3}]}), &patch, json!({"posts": [{"id": 3, "b": 2}]}), true),
            (json!({"posts": []}), &patch, json!({"posts": []}), false),
            (json!({"posts": [{"id": 3}]}), &delete, json!({"posts": []}), true),
            (json!({"posts": []}), &delete, json!({"posts": []}), true),
            (json!({"one": {"a": 1}}), &single, json!({"one": {"a": 1, "b": 2}}), true),
            (json!({"one": 5}), &single, json!({"one": 5}), false),
        ] {
            assert_eq!(redo(&file, change), (expected, held), "{change} on {file}");
        }
    }
}
