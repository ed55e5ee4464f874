//! The routes of json-server on the content of a `db.json`: tables (arrays) and single things
//! (objects). Reading, writing, and pretending to write. It must not know files or sockets.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::query::Query;
use super::{filter, js, page, relations, sort};
use crate::error::ApiError;

/// A whole `db.json`.
pub(super) type Db = Map<String, Value>;

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

    fn target(&self, db: &Db) -> Target {
        let name = |segment: &String| {
            let same = |key: &&String| key.eq_ignore_ascii_case(segment) && *key != "$schema";
            db.keys()
                .find(|key| *key == segment && *key != "$schema")
                .or_else(|| db.keys().find(same))
        };
        match self.path.as_slice() {
            [all] if all.eq_ignore_ascii_case("db") && self.is_read() => Target::Everything,
            [table] => match name(table).map(|name| (name, db.get(name))) {
                Some((name, Some(Value::Array(_)))) => Target::Table(name.clone()),
                Some((name, Some(Value::Object(_)))) => Target::Single(name.clone()),
                _ => Target::Nothing,
            },
            [table, id] => match name(table) {
                Some(name) if db.get(name).is_some_and(Value::is_array) => {
                    Target::Row(name.clone(), id.clone())
                }
                _ => Target::Nothing,
            },
            _ => Target::Nothing,
        }
    }
}

fn rows<'a>(db: &'a Db, table: &str) -> &'a [Value] {
    db.get(table).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The place of a row in its table: its id as text is this text.
pub(super) fn position(rows: &[Value], id: &str) -> Option<usize> {
    let whole = id.parse::<i64>().ok().filter(|whole| whole.to_string() == id);
    rows.iter().position(|row| match row.get("id") {
        Some(Value::String(text)) => text == id,
        // Tables are searched often: no text is made of whole numbers.
        Some(Value::Number(number)) if number.is_i64() => number.as_i64() == whole,
        Some(other) => js::text(other).as_deref() == Some(id),
        None => false,
    })
}

/// Answers GET.
pub(super) fn read(db: &Db, call: &Call) -> Result<Reply, ApiError> {
    match call.target(db) {
        Target::Everything => Ok(Reply::ok(Value::Object(db.clone()))),
        Target::Single(name) => Ok(Reply::ok(db.get(&name).cloned().unwrap_or_default())),
        Target::Row(table, id) => {
            let rows = rows(db, &table);
            let Some(row) = position(rows, &id).and_then(|at| rows.get(at)) else {
                return Ok(Reply::missing());
            };
            Ok(Reply::ok(relations::extend(db, &table, row, &call.query)?))
        }
        Target::Table(table) => list(db, &table, call),
        Target::Nothing => Ok(Reply::missing()),
    }
}

fn list(db: &Db, table: &str, call: &Call) -> Result<Reply, ApiError> {
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

/// The id that the next row gets.
fn next_id(rows: &[Value]) -> Value {
    let greater =
        |one: &Value, other: &Value| js::compare(one, other) == Some(std::cmp::Ordering::Greater);
    let ids = rows.iter().filter_map(|row| row.get("id")).filter(|id| !id.is_null());
    let largest = ids.fold(None, |largest: Option<&Value>, id| match largest {
        Some(largest) if !greater(id, largest) => Some(largest),
        _ => Some(id),
    });
    if rows.is_empty() {
        return Value::from(1);
    }
    match largest.and_then(Value::as_f64) {
        Some(largest) => js::number_value(largest + 1.0),
        None => loop {
            let id = crate::ids::dense(7);
            if position(rows, &id).is_none() {
                break Value::String(id);
            }
        },
    }
}

/// Sets fields one by one, as an assignment does: known ones stay in their place.
fn assign(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (field, value) in from {
        into.insert(field.clone(), value.clone());
    }
}

/// Answers everything but GET, and changes the content.
pub(super) fn write(db: &mut Db, call: &Call) -> Result<Reply, ApiError> {
    match (call.target(db), call.method.as_str()) {
        (Target::Table(table), "POST") => insert(db, &table, call),
        (Target::Row(table, id), "PUT" | "PATCH") => Ok(change(db, &table, &id, call)),
        (Target::Row(table, id), "DELETE") => Ok(remove(db, &table, &id)),
        (Target::Single(name), "POST" | "PUT") => {
            db.insert(name, Value::Object(call.body.clone()));
            let body = Value::Object(call.body.clone());
            Ok(if call.method == Method::POST {
                Reply::created(body, call.url.clone())
            } else {
                Reply::ok(body)
            })
        }
        (Target::Single(name), "PATCH") => {
            let Some(Value::Object(single)) = db.get_mut(&name) else {
                return Ok(Reply::missing());
            };
            assign(single, &call.body);
            Ok(Reply::ok(Value::Object(single.clone())))
        }
        _ => Ok(Reply::missing()),
    }
}

fn table_mut<'a>(db: &'a mut Db, table: &str) -> Option<&'a mut Vec<Value>> {
    db.get_mut(table).and_then(Value::as_array_mut)
}

fn insert(db: &mut Db, table: &str, call: &Call) -> Result<Reply, ApiError> {
    let Some(rows) = table_mut(db, table) else { return Ok(Reply::missing()) };
    let mut row = call.body.clone();
    if !row.get("id").is_some_and(js::is_truthy) {
        row.insert("id".to_owned(), next_id(rows));
    }
    let id = row.get("id").and_then(js::text).unwrap_or_default();
    if position(rows, &id).is_some() {
        return Err(ApiError::conflict(format!(
            "Insert failed, duplicate id: `{id}` is in `{table}`"
        )));
    }
    rows.push(Value::Object(row.clone()));
    Ok(Reply::created(Value::Object(row), format!("{}/{id}", call.url)))
}

fn change(db: &mut Db, table: &str, id: &str, call: &Call) -> Reply {
    let row = table_mut(db, table).and_then(|rows| {
        let at = position(rows, id)?;
        rows.get_mut(at)?.as_object_mut()
    });
    let Some(row) = row else { return Reply::missing() };
    let id = row.get("id").cloned().unwrap_or_default();
    if call.method == Method::PUT {
        row.clear();
    }
    assign(row, &call.body);
    row.insert("id".to_owned(), id);
    Reply::ok(Value::Object(row.clone()))
}

fn remove(db: &mut Db, table: &str, id: &str) -> Reply {
    let Some(rows) = table_mut(db, table) else { return Reply::missing() };
    let Some(at) = position(rows, id) else { return Reply::missing() };
    rows.remove(at);
    for (table, id) in relations::dangling(db) {
        if let Some(rows) = table_mut(db, &table)
            && let Some(at) = position(rows, &id)
        {
            rows.remove(at);
        }
    }
    Reply::ok(json!({}))
}

/// Answers as if it had written, and changes nothing.
pub(super) fn pretend(db: &Db, call: &Call) -> Result<Reply, ApiError> {
    match (call.target(db), call.method.as_str()) {
        (Target::Table(table), "POST") => {
            let mut row = call.body.clone();
            let id = next_id(rows(db, &table));
            row.insert("id".to_owned(), id.clone());
            let id = js::text(&id).unwrap_or_default();
            Ok(Reply::created(Value::Object(row), format!("{}/{id}", call.url)))
        }
        (Target::Row(table, id), method @ ("PUT" | "PATCH")) => {
            let rows = rows(db, &table);
            let row = position(rows, &id).and_then(|at| rows.get(at)).and_then(Value::as_object);
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
            let known = db.get(&name).and_then(Value::as_object).filter(|_| method == "PATCH");
            let mut body = known.cloned().unwrap_or_default();
            assign(&mut body, &call.body);
            Ok(Reply::ok(Value::Object(body)))
        }
        _ => Ok(Reply::missing()),
    }
}
