//! The routes of json-server on the content of a `db.json`: tables (arrays) and single things
//! (objects). Reading, writing, and pretending to write. It must not know files or sockets.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::change::Change;
use super::content::{Content, Table, Thing};
use super::query::Query;
use super::{filter, js, page, relations, sort};
use crate::error::ApiError;

/// One request.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The segments of the path below the mount.
    pub(super) path: Vec<String>,
    pub(super) query: Query,
    /// The whole address, query included.
    pub(super) url: String,
    pub(super) body: Map<String, Value>,
}

/// What is answered.
#[derive(Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Reply {
    fn ok(body: Value) -> Self {
        Self { status: 200, body, headers: Vec::new() }
    }

    fn created(body: Value, location: String) -> Self {
        let headers =
            vec![("access-control-expose-headers", "Location".to_owned()), ("location", location)];
        Self { status: 201, body, headers }
    }

    /// 404 with an empty object.
    fn missing() -> Self {
        Self { status: 404, body: json!({}), headers: Vec::new() }
    }
}

/// What a path names.
enum Target {
    Everything,
    Table(String),
    Row(String, String),
    Single(String),
    Nothing,
}

impl Call {
    /// A write without anything around it.
    pub(super) fn bare(method: Method, path: Vec<String>, body: Map<String, Value>) -> Self {
        Self { method, path, query: Query::default(), url: String::new(), body }
    }

    fn as_change(&self) -> Change {
        Change::Write {
            method: self.method.to_string(),
            path: self.path.clone(),
            body: self.body.clone(),
        }
    }

    /// `/parent/1/children` is `/children` with `parentId=1`, in the query or in the body.
    pub(super) fn unnest(&mut self) {
        let [parent, id, child] = self.path.as_slice() else { return };
        if !matches!(self.method, Method::GET | Method::HEAD | Method::POST) {
            return;
        }
        let field = format!("{}Id", relations::singular(parent));
        if self.method == Method::POST {
            self.body.insert(field, Value::String(id.clone()));
        } else {
            self.query.set(&field, id);
        }
        self.path = vec![child.clone()];
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    fn target(&self, db: &Content) -> Target {
        let name = |segment: &String| {
            let same = |key: &&String| key.eq_ignore_ascii_case(segment) && *key != "$schema";
            let mut names = db.things().map(|(name, _)| name);
            names
                .find(|key| *key == segment && *key != "$schema")
                .or_else(|| db.things().map(|(name, _)| name).find(same))
        };
        match self.path.as_slice() {
            [all] if all.eq_ignore_ascii_case("db") && self.is_read() => Target::Everything,
            [table] => match name(table).map(|name| (name, db.get(name))) {
                Some((name, Some(Thing::Table(_)))) => Target::Table(name.clone()),
                Some((name, Some(Thing::Single(Value::Object(_))))) => Target::Single(name.clone()),
                _ => Target::Nothing,
            },
            [table, id] => match name(table) {
                Some(name) if db.table(name).is_some() => Target::Row(name.clone(), id.clone()),
                _ => Target::Nothing,
            },
            _ => Target::Nothing,
        }
    }
}

fn rows<'a>(db: &'a Content, table: &str) -> &'a [Arc<Value>] {
    db.table(table).map(Table::rows).unwrap_or_default()
}

/// Answers GET.
pub(super) fn read(db: &Content, call: &Call) -> Result<Reply, ApiError> {
    match call.target(db) {
        Target::Everything => Ok(Reply::ok(db.to_value())),
        Target::Single(name) => match db.get(&name) {
            Some(Thing::Single(value)) => Ok(Reply::ok(value.clone())),
            _ => Ok(Reply::missing()),
        },
        Target::Row(table, id) => {
            let Some(row) = db.table(&table).and_then(|rows| rows.find(&id)) else {
                return Ok(Reply::missing());
            };
            Ok(Reply::ok(relations::extend(db, &table, row, &call.query)?))
        }
        Target::Table(table) => list(db, &table, call),
        Target::Nothing => Ok(Reply::missing()),
    }
}

fn list(db: &Content, table: &str, call: &Call) -> Result<Reply, ApiError> {
    let query = &call.query;
    for name in ["_sort", "_order"] {
        if query.all(name).len() > 1 {
            return Err(ApiError::bad_request(format!(
                "`{name}` is given twice: put the fields into one, with commas"
            )));
        }
    }
    let mut found = filter::apply(rows(db, table), query)?;
    if let Some(fields) = query.filled("_sort") {
        found = sort::apply(found, &sort::keys(fields, query.first("_order").unwrap_or_default()));
    }
    let part = page::part(query, found.len(), &call.url);
    let shown = found.get(part.start..part.end).unwrap_or_default();
    let items = shown
        .iter()
        .map(|row| relations::extend(db, table, row, query))
        .collect::<Result<_, _>>()?;
    let mut reply = Reply::ok(Value::Array(items));
    if let Some(total) = part.total {
        let exposed = if part.link.is_some() { "X-Total-Count, Link" } else { "X-Total-Count" };
        reply.headers.push(("x-total-count", total.to_string()));
        reply.headers.push(("access-control-expose-headers", exposed.to_owned()));
    }
    reply.headers.extend(part.link.map(|link| ("link", link)));
    Ok(reply)
}

/// Sets fields one by one, as an assignment does: known ones stay in their place.
fn assign(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (field, value) in from {
        into.insert(field.clone(), value.clone());
    }
}

/// Answers everything but GET, and changes the content; says how, if it did.
pub(super) fn write(db: &mut Content, call: &Call) -> Result<(Reply, Option<Change>), ApiError> {
    let reply = match (call.target(db), call.method.as_str()) {
        (Target::Table(table), "POST") => return insert(db, table, call),
        (Target::Row(table, id), "PUT" | "PATCH") => change(db, &table, &id, call),
        (Target::Row(table, id), "DELETE") => remove(db, &table, &id),
        (Target::Single(name), "POST" | "PUT" | "PATCH") => change_single(db, &name, call),
        _ => Reply::missing(),
    };
    let change = (reply.status < 400).then(|| call.as_change());
    Ok((reply, change))
}

fn change_single(db: &mut Content, name: &str, call: &Call) -> Reply {
    let Some(single) = db.single_mut(name) else { return Reply::missing() };
    if call.method == Method::PATCH {
        assign(single, &call.body);
        return Reply::ok(Value::Object(single.clone()));
    }
    single.clone_from(&call.body);
    let body = Value::Object(call.body.clone());
    if call.method == Method::POST {
        return Reply::created(body, call.url.clone());
    }
    Reply::ok(body)
}

fn insert(
    db: &mut Content,
    table: String,
    call: &Call,
) -> Result<(Reply, Option<Change>), ApiError> {
    let Some(rows) = db.table_mut(&table) else { return Ok((Reply::missing(), None)) };
    let mut row = call.body.clone();
    if !row.get("id").is_some_and(js::is_truthy) {
        row.insert("id".to_owned(), rows.next_id());
    }
    let id = row.get("id").and_then(js::text).unwrap_or_default();
    if rows.find(&id).is_some() {
        return Err(ApiError::conflict(format!(
            "Insert failed, duplicate id: `{id}` is in `{table}`"
        )));
    }
    rows.push(Value::Object(row.clone()));
    let reply = Reply::created(Value::Object(row.clone()), format!("{}/{id}", call.url));
    Ok((reply, Some(Change::Insert { table, row })))
}

fn change(db: &mut Content, table: &str, id: &str, call: &Call) -> Reply {
    let row = db.table_mut(table).and_then(|rows| rows.fields_mut(id));
    let Some(row) = row else { return Reply::missing() };
    let id = row.get("id").cloned().unwrap_or_default();
    if call.method == Method::PUT {
        row.clear();
    }
    assign(row, &call.body);
    row.insert("id".to_owned(), id);
    Reply::ok(Value::Object(row.clone()))
}

fn remove(db: &mut Content, table: &str, id: &str) -> Reply {
    let Some(rows) = db.table_mut(table) else { return Reply::missing() };
    if rows.find(id).is_none() {
        return Reply::missing();
    }
    rows.remove([id.to_owned()]);
    for (table, ids) in relations::dangling(db) {
        if let Some(rows) = db.table_mut(&table) {
            rows.remove(ids);
        }
    }
    Reply::ok(json!({}))
}

/// Answers as if it had written, and changes nothing.
pub(super) fn pretend(db: &Content, call: &Call) -> Result<Reply, ApiError> {
    match (call.target(db), call.method.as_str()) {
        (Target::Table(table), "POST") => {
            let mut row = call.body.clone();
            let id = db.table(&table).map(Table::next_id).unwrap_or_default();
            row.insert("id".to_owned(), id.clone());
            let id = js::text(&id).unwrap_or_default();
            Ok(Reply::created(Value::Object(row), format!("{}/{id}", call.url)))
        }
        (Target::Row(table, id), method @ ("PUT" | "PATCH")) => {
            let row = db.table(&table).and_then(|rows| rows.find(&id)).and_then(Value::as_object);
            let mut body = match (method, row) {
                ("PUT", None) => return Ok(Reply::missing()),
                ("PATCH", Some(row)) => row.clone(),
                _ => Map::new(),
            };
            assign(&mut body, &call.body);
            if let ("PUT", Some(id)) = (method, row.and_then(|row| row.get("id"))) {
                body.insert("id".to_owned(), id.clone());
            }
            Ok(Reply::ok(Value::Object(body)))
        }
        (Target::Row(..), "DELETE") => Ok(Reply::ok(json!({}))),
        (Target::Single(_), "POST") => {
            Ok(Reply::created(Value::Object(call.body.clone()), call.url.clone()))
        }
        (Target::Single(name), method @ ("PUT" | "PATCH")) => {
            let mut body = match db.get(&name) {
                Some(Thing::Single(Value::Object(known))) if method == "PATCH" => known.clone(),
                _ => Map::new(),
            };
            assign(&mut body, &call.body);
            Ok(Reply::ok(Value::Object(body)))
        }
        _ => Ok(Reply::missing()),
    }
}
