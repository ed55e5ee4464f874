//! How Express puts an answer on the wire: its headers, entity tags, JSONP and gzip. It must not
//! know what is answered.

use std::io::Write as _;

use axum::body::Body;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest as _, Sha1};

use super::engine::Reply;
use super::js;

/// Answers from this size on are packed for those who can unpack them.
const GZIP_FROM: usize = 1024;

/// What an answer depends on besides its content.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) callback: Option<String>,
}

fn text_of(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    // What cannot stand in a header is left out; our own values all can.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Headers of every answer: who may read it from where.
fn common(headers: &mut HeaderMap, asked: &Asked) {
    set(headers, "x-powered-by", "Express");
    let vary = if asked.method == Method::POST {
        "Origin, X-HTTP-Method-Override, Accept-Encoding"
    } else {
        "Origin, Accept-Encoding"
    };
    set(headers, "vary", vary);
    set(headers, "access-control-allow-credentials", "true");
    if let Some(origin) = asked.headers.get(header::ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}

/// The answer to OPTIONS on any path.
pub(super) fn options(asked: &Asked) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    common(headers, asked);
    set(headers, "vary", "Origin, Access-Control-Request-Headers");
    set(headers, "access-control-allow-methods", "GET,HEAD,PUT,PATCH,POST,DELETE");
    if let Some(wanted) = asked.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    set(headers, "content-length", "0");
    response
}

/// The answer with a JSON body.
pub(super) fn json(reply: &Reply, asked: &Asked) -> Response {
    let mut text = js::pretty(&reply.body);
    let mut kind = "application/json; charset=utf-8";
    let mut headers = HeaderMap::new();
    common(&mut headers, asked);
    set(&mut headers, "cache-control", "no-cache");
    set(&mut headers, "pragma", "no-cache");
    set(&mut headers, "expires", "-1");
    for (name, value) in &reply.headers {
        set(&mut headers, name, value);
    }
    set(&mut headers, "x-content-type-options", "nosniff");
    if let Some(callback) = &asked.callback {
        let letter = |letter: &char| letter.is_ascii_alphanumeric() || "[]_$.".contains(*letter);
        let callback: String = callback.chars().filter(letter).collect();
        let text_in_script = text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        text = format!("/**/ typeof {callback} === 'function' && {callback}({text_in_script});");
        kind = "text/javascript; charset=utf-8";
    }
    set(&mut headers, "content-type", kind);
    finish(reply.status, headers, text.into_bytes(), asked)
}

/// Adds the tag, leaves out what the client has, packs what is large.
fn finish(status: u16, mut headers: HeaderMap, body: Vec<u8>, asked: &Asked) -> Response {
    let digest = STANDARD_NO_PAD.encode(Sha1::digest(&body));
    let tag = format!("W/\"{:x}-{digest}\"", body.len());
    set(&mut headers, "etag", &tag);
    let mut body = body;
    let mut status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let is_read = matches!(asked.method, Method::GET | Method::HEAD);
    if is_read && status.is_success() && is_known(&tag, asked) {
        status = StatusCode::NOT_MODIFIED;
        headers.remove(header::CONTENT_TYPE);
        body.clear();
    } else if body.len() >= GZIP_FROM && accepts_gzip(asked) && asked.method != Method::HEAD {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        if let Ok(packed) = packer.write_all(&body).and_then(|()| packer.finish()) {
            body = packed;
            set(&mut headers, "content-encoding", "gzip");
        }
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Whether the client has said that it has this already.
fn is_known(tag: &str, asked: &Asked) -> bool {
    if text_of(&asked.headers, header::CACHE_CONTROL).contains("no-cache") {
        return false;
    }
    let known = text_of(&asked.headers, header::IF_NONE_MATCH);
    let bare = tag.trim_start_matches("W/");
    known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == bare)
}

fn accepts_gzip(asked: &Asked) -> bool {
    let accepted = text_of(&asked.headers, header::ACCEPT_ENCODING);
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        matches!(name.trim(), "gzip" | "*") && weight.unwrap_or(1.0_f64) > 0.0
    })
}
