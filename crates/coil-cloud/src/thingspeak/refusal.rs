//! How ThingSpeak says no: its codes, in the form that was asked for. It must not know why.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::call::{Call, Form, What};
use super::shape::xml;
use crate::error::{ApiError, Reason};
use crate::page::escape_xml;

/// Documented statuses with their codes and messages.
const CODES: &[(u16, &str, &str)] = &[
    (400, "error_bad_request", "Bad Request"),
    (401, "error_auth_required", "Authorization Required"),
    (404, "error_resource_not_found", "Resource Not Found"),
    (405, "error_method_invalid", "Method Not Allowed"),
    (409, "error_conflict", "Conflict"),
    (413, "error_request_too_large", "Request Entity Too Large"),
    (429, "error_too_many_requests", "Too Many Requests"),
    (500, "error_internal", "Internal Server Error"),
];

/// The documented status that says the same.
const fn documented(status: u16) -> u16 {
    match status {
        403 => 401,
        401 | 404 | 405 | 409 | 413 | 429 => status,
        500.. => 500,
        _ => 400,
    }
}

/// The answer where no call is meant.
pub(super) fn nothing_here(request: &Request) -> Response {
    let error = ApiError::no_route(request.uri().path());
    let path = request.uri().path();
    let asked = [Form::Json, Form::Xml].into_iter().find(|form| path.ends_with(form.ending()));
    answer(&error, asked.unwrap_or(Form::Plain), None, 404)
}

/// The answer to a call that is refused.
pub(super) fn refused(error: &ApiError, call: Call) -> Response {
    let status = documented(error.status());
    let is_short = matches!(call.form, Form::Plain | Form::Txt);
    let (short, status) = match call.what {
        // The server's source and its library for Arduino agree on 400 for a wrong key here.
        What::Update if is_short => (Some("0"), if status == 401 { 400 } else { status }),
        What::Entry { .. } | What::Age { .. } | What::LastStatus(_)
            if is_short && status == 401 =>
        {
            (Some("-1"), status)
        }
        _ => (None, status),
    };
    let mut response = answer(error, call.form, short, status);
    if status == 405 {
        let methods: Vec<_> = call.what.methods().iter().map(Method::as_str).collect();
        // Names of methods are always a header's value.
        let allowed = HeaderValue::from_str(&methods.join(",")).ok();
        response.headers_mut().extend(allowed.map(|methods| (header::ALLOW, methods)));
    }
    response
}

fn answer(error: &ApiError, form: Form, short: Option<&str>, status: u16) -> Response {
    // Its reason and its headers, in another shape.
    let (mut parts, _) = error.clone().into_response().into_parts();
    parts.status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let known = CODES.iter().find(|(code, _, _)| *code == documented(error.status()));
    let (code, message) = known.map_or(("error_bad_request", "Bad Request"), |row| (row.1, row.2));
    let details = error.words();
    let body = match form {
        Form::Json => Json(json!({
            "status": status.to_string(),
            "error": { "error_code": code, "message": message, "details": details },
        }))
        .into_response(),
        Form::Xml => xml(format!(
            "<error>\n  <error-code>{code}</error-code>\n  <message>{message}</message>\n  \
             <details>{}</details>\n</error>\n",
            escape_xml(&details)
        )),
        Form::Plain | Form::Txt | Form::Csv => short.unwrap_or(code).to_owned().into_response(),
    };
    let (shape, body) = body.into_parts();
    if let Some(kind) = shape.headers.get(header::CONTENT_TYPE) {
        parts.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.extensions.insert(Reason(details));
    Response::from_parts(parts, body)
}
