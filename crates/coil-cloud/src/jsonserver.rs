//! `db.json` over HTTP: as json-server 0.17.4 does (`/json`, or the root of a port; writes stay)
//! and as my-json-server does (`/<user>/<repo>`, writes are only pretended). It must not know M2X.

mod change;
mod content;
mod disk;
mod engine;
mod filter;
mod js;
mod page;
mod persist;
mod plural;
mod query;
mod relations;
mod sort;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::app::{App, Peer};
use crate::error::{ApiError, Reason};
use crate::input::{decode, parse_pairs, read_body};
use crate::store::Store;
use content::{Content, Thing};
use engine::{Call, Reply};
use persist::File;
use query::Query;
use wire::Asked;

/// The longest wait that `_delay` can ask for.
const MAX_DELAY: Duration = Duration::from_secs(10);

/// The file behind both services.
#[derive(Debug)]
pub(crate) struct JsonServer {
    file: Option<File>,
}

impl JsonServer {
    pub(crate) async fn open(path: Option<PathBuf>, store: Store) -> Result<Self, ApiError> {
        let file = match path {
            Some(path) => Some(File::open(path, store).await?),
            None => None,
        };
        Ok(Self { file })
    }
}

/// What becomes of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writes {
    Stay,
    Pretended,
}

/// `/<user>/<repo>/…`: any two segments, then the resource.
pub(crate) async fn hosted(app: &App, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let mut segments = path.splitn(4, '/').skip(1);
    match (segments.next(), segments.next()) {
        (Some(user), Some(repo)) if !user.is_empty() && !repo.is_empty() => {
            let rest = segments.next().unwrap_or_default().to_owned();
            answer(app, request, &rest, Writes::Pretended).await
        }
        _ => ApiError::no_route(&path).into_response(),
    }
}

/// `/json/…`: json-server with writes that stay.
pub(crate) async fn mounted(app: &App, request: Request) -> Response {
    let path = request.uri().path();
    let rest = path.strip_prefix("/json").unwrap_or_default();
    let rest = rest.strip_prefix('/').unwrap_or_default().to_owned();
    answer(app, request, &rest, Writes::Stay).await
}

/// The same at the root of a port.
pub(crate) async fn root(app: &App, request: Request) -> Response {
    let path = request.uri().path();
    let rest = path.strip_prefix('/').unwrap_or_default().to_owned();
    answer(app, request, &rest, Writes::Stay).await
}

async fn answer(app: &App, request: Request, rest: &str, writes: Writes) -> Response {
    let mut asked = Asked {
        method: request.method().clone(),
        headers: request.headers().clone(),
        callback: None,
    };
    if asked.method == Method::OPTIONS {
        return wire::options(&asked);
    }
    let Some(file) = &app.json.file else {
        let message = "This workshop has no `db.json`: put one into its folder";
        return refuse(&ApiError::bad_request(message), &asked);
    };
    let call = match read_call(app, request, rest).await {
        Ok(call) => call,
        Err(error) => return refuse(&error, &asked),
    };
    asked.callback = call.query.filled("callback").map(str::to_owned);
    wait(&call.query).await;
    if rest.is_empty() && call.is_read() {
        return match file.read(|db| index(db, &call.url)) {
            Ok(page) => page,
            Err(error) => refuse(&error, &asked),
        };
    }
    let reply = if call.is_read() {
        file.read(|db| engine::read(db, &call)).flatten()
    } else if writes == Writes::Stay {
        file.write(call).await
    } else {
        file.read(|db| engine::pretend(db, &call)).flatten()
    };
    match reply {
        Ok(reply) if reply.status == 404 => {
            let mut response = wire::json(&reply, &asked);
            let reason = format!("`db.json` has nothing at `/{}`", decode(rest));
            response.extensions_mut().insert(Reason(reason));
            response
        }
        Ok(reply) => wire::json(&reply, &asked),
        Err(error) => refuse(&error, &asked),
    }
}

fn refuse(error: &ApiError, asked: &Asked) -> Response {
    let body = json!({ "message": error.words() });
    let mut response =
        wire::json(&Reply { status: error.status(), body, headers: Vec::new() }, asked);
    response.extensions_mut().insert(Reason(error.words()));
    response
}

async fn wait(query: &Query) {
    let millis: f64 = query.first("_delay").and_then(|delay| delay.parse().ok()).unwrap_or(0.0);
    if millis > 0.0 {
        let delay = Duration::try_from_secs_f64(millis / 1000.0).unwrap_or(MAX_DELAY);
        tokio::time::sleep(delay.min(MAX_DELAY)).await;
    }
}

async fn read_call(app: &App, request: Request, rest: &str) -> Result<Call, ApiError> {
    let (parts, body) = request.into_parts();
    let body = read_body(body, app.limits.body_bytes).await?;
    let mut method = parts.method.clone();
    if method == Method::POST
        && let Some(other) = parts.headers.get("x-http-method-override")
        && let Ok(other) = Method::from_bytes(other.as_bytes())
    {
        method = other;
    }
    let tls = parts.extensions.get::<Peer>().is_some_and(|peer| peer.tls);
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let scheme = if tls { "https" } else { "http" };
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let body = if matches!(method, Method::GET | Method::HEAD) {
        Map::new()
    } else {
        parse_body(&body, kind.unwrap_or_default())?
    };
    let path = rest.strip_suffix('/').unwrap_or(rest);
    let mut call = Call {
        method,
        path: path.split('/').map(decode).collect(),
        query: Query::parse(parts.uri.query().unwrap_or_default()),
        url: format!("{scheme}://{}{target}", host.unwrap_or("localhost")),
        body,
    };
    call.unnest();
    Ok(call)
}

/// JSON or a form; any other kind of body counts as empty, as it does there.
fn parse_body(bytes: &[u8], kind: &str) -> Result<Map<String, Value>, ApiError> {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = || {
        std::str::from_utf8(bytes).map_err(|_| ApiError::bad_request("The body is not UTF-8 text"))
    };
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match kind.as_str() {
        "application/json" => match serde_json::from_str(text()?).map(js::normalise) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Err(ApiError::bad_request("The body must be a JSON object")),
            Err(error) => {
                Err(ApiError::bad_request(format!("The body is not valid JSON: {error}")))
            }
        },
        "application/x-www-form-urlencoded" => {
            let mut map: Map<String, Value> = Map::new();
            for (name, value) in parse_pairs(text()?) {
                let value = Value::String(value);
                match map.get_mut(&name) {
                    None => {
                        map.insert(name, value);
                    }
                    Some(Value::Array(values)) => values.push(value),
                    Some(known) => *known = Value::Array(vec![known.take(), value]),
                }
            }
            Ok(map)
        }
        _ => Ok(Map::new()),
    }
}

/// A page with the resources, for people.
fn index(db: &Content, url: &str) -> Response {
    let base = url.split('?').next().unwrap_or_default().trim_end_matches('/');
    let item = |name: &str, note: String| {
        let href = crate::page::escape(&format!("{base}/{}", crate::input::encode(name)));
        format!("<li><a href=\"{href}\">/{}</a> {note}", crate::page::escape(name))
    };
    let items: String = db
        .things()
        .filter_map(|(name, thing)| match thing {
            Thing::Table(table) => Some(item(name, format!("{} rows", table.rows().len()))),
            Thing::Single(Value::Object(_)) => Some(item(name, "object".to_owned())),
            Thing::Single(_) => None,
        })
        .collect();
    let all = item("db", "everything".to_owned());
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>db.json</title>\
         <h1>Resources</h1><ul>{items}{all}</ul></html>\n"
    ))
    .into_response()
}
