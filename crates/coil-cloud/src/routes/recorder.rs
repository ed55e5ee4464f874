//! Around every call of a board: reads the body within its limit, indents M2X for `?pretty`, and
//! notes the call in the request log, without any key.

use std::borrow::Cow;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{HoldsKeys, OfDevice};
use crate::app::App;
use crate::auth::KEY_HEADER;
use crate::error::Reason;
use crate::input::{decode, parse_pairs, read_body};
use crate::limits;
use crate::store::devices::DeviceRef;
use crate::store::log::Entry;
use crate::thingspeak::{KEY_HEADERS, KEY_NAMES};
use crate::time::Stamp;

/// How much of a body the log keeps.
const KEPT: usize = 2048;
/// What stands in the log in a key's place.
const HIDDEN: &str = "(hidden)";

/// Reads, passes on, and notes one call.
pub(crate) async fn record(State(app): State<App>, request: Request, next: Next) -> Response {
    let at = Stamp::now();
    let (parts, body) = request.into_parts();
    let limit = app.limits.body_bytes;
    let draft = Draft::new(&parts);
    let pretty = is_m2x(&parts) && is_pretty(parts.uri.query());
    let (body, response) = match read_body(body, limit).await {
        Ok(body) => {
            let request = Request::from_parts(parts, Body::from(body.clone()));
            (body, limits::shown(next.run(request)).await)
        }
        Err(error) => (Bytes::new(), error.into_response()),
    };
    let (mut parts, answer) = response.into_parts();
    // Every handler answers with bytes it has at hand, so there is nothing to fail.
    let mut answer = to_bytes(answer, usize::MAX).await.unwrap_or_default();
    if pretty && let Ok(value) = serde_json::from_slice::<Value>(&answer) {
        answer = serde_json::to_vec_pretty(&value).map_or(answer, Bytes::from);
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    if let Some(mut draft) = draft {
        draft.holds_keys |= parts.extensions.get::<HoldsKeys>().is_some();
        let reason = parts.extensions.get::<Reason>().map(|reason| reason.0.clone());
        let is_packed = parts.headers.contains_key(header::CONTENT_ENCODING);
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let is_picture = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"image/"));
        let shown: &[u8] = match (is_packed, is_picture) {
            (true, _) => b"(packed)",
            (false, true) => b"(a picture)",
            (false, false) => &answer,
        };
        let of = parts.extensions.get::<OfDevice>().map(|OfDevice(device)| device.clone());
        let (device, entry) = draft.finish(at, parts.status.as_u16(), reason, &body, shown);
        let keep = app.limits.log_entries;
        app.store.note(of.or(device), entry, keep);
    }
    Response::from_parts(parts, Body::from(answer))
}

/// Notes what came over a connection and was no request.
pub(crate) fn note_broken(app: &App, request: String, why: String) {
    let entry = Entry {
        at: Stamp::now(),
        status: 400,
        method: "?".to_owned(),
        path: String::new(),
        reason: Some(why),
        request,
        answer: String::new(),
    };
    app.store.note(None, entry, app.limits.log_entries);
}

fn is_m2x(parts: &Parts) -> bool {
    parts.uri.path().starts_with("/v2/")
}

fn is_pretty(query: Option<&str>) -> bool {
    query.is_some_and(|query| {
        parse_pairs(query).iter().any(|(name, value)| name == "pretty" && value != "false")
    })
}

/// What is known of a call before it is answered.
struct Draft {
    method: String,
    path: String,
    head: String,
    device: Option<DeviceRef>,
    holds_keys: bool,
}

impl Draft {
    /// `None` for calls that would only fill the log: the time, the status, the log itself.
    fn new(parts: &Parts) -> Option<Self> {
        let path = if is_m2x(parts) { parts.uri.path() } else { "/" };
        let mut segments = path.trim_start_matches("/v2").split('/').skip(1);
        let (resource, thing) = (segments.next()?, segments.next());
        let is_log = resource == "devices" && segments.next() == Some("log");
        if matches!(resource, "time" | "status") || is_log && parts.method == Method::GET {
            return None;
        }
        let holds_keys = resource == "keys";
        let is_one = !matches!(thing, None | Some("search" | "catalog" | "tags"));
        let device = (resource == "devices" && is_one)
            .then(|| DeviceRef::parse(&decode(thing.unwrap_or_default())));
        let path = match thing {
            Some(_) if holds_keys => format!("/v2/keys/{HIDDEN}"),
            _ => parts.uri.path().to_owned(),
        };
        let target = match parts.uri.query() {
            Some(query) => format!("{path}?{}", without_tokens(query)),
            None => path.clone(),
        };
        let mut head = String::with_capacity(512);
        let mut line = |texts: &[&str]| texts.iter().for_each(|text| head.push_str(text));
        line(&[parts.method.as_str(), " ", &target, " ", version(parts.version), "\n"]);
        for (name, value) in &parts.headers {
            let secret = name == KEY_HEADER
                || name == header::AUTHORIZATION
                || KEY_HEADERS.contains(&name.as_str());
            let value =
                if secret { HIDDEN.into() } else { String::from_utf8_lossy(value.as_bytes()) };
            line(&[name.as_str(), ": ", &value, "\n"]);
        }
        Some(Self { method: parts.method.to_string(), path, head, device, holds_keys })
    }

    fn finish(
        self,
        at: Stamp,
        status: u16,
        reason: Option<String>,
        body: &[u8],
        answer: &[u8],
    ) -> (Option<DeviceRef>, Entry) {
        let mut request = self.head;
        request.push('\n');
        request.push_str(&without_secrets(&excerpt(body)));
        let entry = Entry {
            at,
            status: status.into(),
            method: self.method,
            path: self.path,
            reason,
            request,
            answer: if self.holds_keys { HIDDEN.to_owned() } else { without_keys(answer) },
        };
        (self.device, entry)
    }
}

/// An address with the keys in its query blotted out.
pub(crate) fn blotted(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{path}?{}", without_tokens(query)),
        None => target.to_owned(),
    }
}

/// A query with the keys in it blotted out.
fn without_tokens(query: &str) -> String {
    let is_key = |name: &str| {
        let name = decode(name);
        name == "token" || KEY_NAMES.contains(&name.as_str())
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_key(name) => format!("{name}={HIDDEN}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn excerpt(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes.get(..KEPT).unwrap_or(bytes));
    if bytes.len() > KEPT { format!("{text}… ({} bytes)", bytes.len()).into() } else { text }
}

/// A body with the keys and passwords in it blotted out, whether it is JSON or a form.
fn without_secrets(body: &str) -> String {
    if !body.trim_start().starts_with(['{', '[']) {
        return without_tokens(body);
    }
    let names = ["\"password\"", "\"api_key\"", "\"write_api_key\""];
    names.iter().fold(body.to_owned(), |text, name| blot(&text, name).into_owned())
}

/// An answer with the keys in it blotted out.
fn without_keys(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let text = blot(&text, "\"key\"");
    let text = blot(&text, "\"token\"");
    excerpt(text.as_bytes()).into_owned()
}

/// A JSON text with the values of one name blotted out.
fn blot<'a>(text: &'a str, name: &str) -> Cow<'a, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name) {
        out.push_str(before);
        out.push_str(name);
        let value = after.trim_start_matches([':', ' ']);
        match value.strip_prefix('"') {
            Some(value) => {
                out.push_str(&format!(":\"{HIDDEN}\""));
                // Where an excerpt ends within the value, nothing of it is left.
                rest = value.split_once('"').map_or("", |(_, after)| after);
            }
            None => rest = after,
        }
    }
    if out.is_empty() {
        return text.into();
    }
    out.push_str(rest);
    out.into()
}

const fn version(version: Version) -> &'static str {
    if matches!(version, Version::HTTP_10) { "HTTP/1.0" } else { "HTTP/1.1" }
}

#[cfg(test)]
mod tests {
    use super::{is_pretty, without_keys, without_secrets};

    #[test]
    fn keys_in_answers_are_blotted_out() {
        for (answer, logged) in [
            (r#"{"id":"a","key":"secret","b":1}"#, r#"{"id":"a","key":"(hidden)","b":1}"#),
            ("{\n  \"key\": \"secret\"\n}", "{\n  \"key\":\"(hidden)\"\n}"),
            (r#"[{"key":"s"},{"key":"t"}]"#, r#"[{"key":"(hidden)"},{"key":"(hidden)"}]"#),
            (r#"{"key":null}"#, r#"{"key":null}"#),
        ] {
            assert_eq!(without_keys(answer.as_bytes()), logged);
        }
    }

    #[test]
    fn keys_and_passwords_in_bodies_are_blotted_out() {
        for (body, logged) in [
            (r#"{"password": "p", "a": 1}"#, r#"{"password":"(hidden)", "a": 1}"#),
            (r#"{"api_key":"k","field1":1}"#, r#"{"api_key":"(hidden)","field1":1}"#),
            (r#"{"write_api_key" : "k"}"#, r#"{"write_api_key":"(hidden)"}"#),
            (r#"{"write_api_key":"cut off he"#, r#"{"write_api_key":"(hidden)""#),
            ("api_key=k&field1=1", "api_key=(hidden)&field1=1"),
            ("field1=1&write%5Fapi_key=k", "field1=1&write%5Fapi_key=(hidden)"),
            ("key=k", "key=(hidden)"),
            ("keys=none", "keys=none"),
        ] {
            assert_eq!(without_secrets(body), logged);
        }
    }

    #[test]
    fn pretty_is_a_flag_with_or_without_a_value() {
        for (query, expected) in [
            ("pretty", true),
            ("a=1&pretty=true", true),
            ("pretty=false", false),
            ("a=pretty", false),
        ] {
            assert_eq!(is_pretty(Some(query)), expected, "{query}");
        }
    }
}
