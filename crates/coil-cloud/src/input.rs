//! What a caller says: the query and the body as one set of named values. It owns how bodies are
//! read (JSON, forms, nothing at all) and percent coding; it must not know which call it is.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde_json::{Map, Value};

use crate::api::{Part, Said};
use crate::error::ApiError;
use crate::time::Stamp;

/// How long a client has to send the body of a request.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Reads a body, within bounds of size and time.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(BODY_TIME, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(ApiError::too_large(limit)),
        Err(_) => Err(ApiError::bad_request("The body did not arrive in time")),
    }
}

/// The named values of a call. A value in the body goes before one in the query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Map<String, Value>,
}

impl<S: Send + Sync> FromRequest<S> for Input {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let query = parse_pairs(request.uri().query().unwrap_or_default());
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        // The recorder has read it within the cloud's limit; axum's own is smaller.
        let bytes = to_bytes(request.into_body(), usize::MAX)
            .await
            .map_err(|_| ApiError::bad_request("The body could not be read"))?;
        Ok(Self { query, body: parse_body(&bytes, is_form)? })
    }
}

impl Part for Input {
    /// Whatever is said can be said wrongly.
    fn say(said: &mut Said) {
        said.refusals.extend([
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ]);
    }
}

/// Reads a body. JSON that is sent as a form, as curl does by itself, is read as JSON.
fn parse_body(bytes: &[u8], is_form: bool) -> Result<Map<String, Value>, ApiError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| ApiError::bad_request("The body is not UTF-8 text"))?
        .trim();
    if text.is_empty() {
        return Ok(Map::new());
    }
    if is_form && !text.starts_with(['{', '[']) {
        let pairs = parse_pairs(text);
        return Ok(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(ApiError::bad_request(
            "The body must be a JSON object such as {\"value\": 5}, not an array or a bare value",
        )),
        Err(error) => Err(ApiError::bad_request(format!("The body is not valid JSON: {error}"))),
    }
}

impl Input {
    /// The value with this name as JSON; one from the query is a string.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        let named = self.body.get(name).filter(|value| !value.is_null()).cloned();
        named.or_else(|| {
            let pair = self.query.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| Value::String(value.clone()))
        })
    }

    /// Whether the body says something about `name`, null included.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.body.contains_key(name) || self.query.iter().any(|(key, _)| key == name)
    }

    /// All that the query says under this name.
    fn in_query(&self, name: &str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same where there can be one value only: which of two was meant, nobody knows.
    fn get_one(&self, name: &str) -> Result<Option<Value>, ApiError> {
        if !self.body.contains_key(name) && self.in_query(name).nth(1).is_some() {
            return Err(ApiError::invalid(name, "is there more than once"));
        }
        Ok(self.get(name))
    }

    /// A text; numbers and truth values count as their text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        match self.get_one(name)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(value.to_string())),
            Some(_) => Err(ApiError::invalid(name, "invalid")),
        }
    }

    /// A text that is there and not empty.
    pub(crate) fn filled(&self, name: &str) -> Result<Option<String>, ApiError> {
        Ok(self.text(name)?.filter(|text| !text.trim().is_empty()))
    }

    /// A number, as a number or as its text.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, ApiError> {
        let Some(value) = self.get_one(name)? else { return Ok(None) };
        number_of(&value).map(Some).ok_or_else(|| ApiError::invalid(name, "invalid"))
    }

    /// A whole number from 0 on.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        // Some clients know one kind of number only, and write `5.0`.
        let digits = text.trim().trim_end_matches('0').strip_suffix('.').unwrap_or(text.trim());
        let whole = digits.parse().ok().filter(|whole: &i64| *whole >= 0);
        whole.map(Some).ok_or_else(|| ApiError::invalid(name, "invalid"))
    }

    /// A point in time.
    pub(crate) fn stamp(&self, name: &str) -> Result<Option<Stamp>, ApiError> {
        let Some(text) = self.filled(name)? else { return Ok(None) };
        Stamp::parse(&text).map(Some).ok_or_else(|| ApiError::invalid(name, "invalid"))
    }

    /// A list of words: an array of texts, or a text with commas; several in a query are one list.
    pub(crate) fn words(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let invalid = || ApiError::invalid(name, "invalid");
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if self.body.contains_key(name) => {
                Ok(Some(split_words(&text)))
            }
            Some(Value::String(_)) => Ok(Some(self.in_query(name).flat_map(split_words).collect())),
            Some(Value::Array(items)) => {
                let texts =
                    items.iter().map(|item| item.as_str().map(|text| text.trim().to_owned()));
                texts.collect::<Option<Vec<_>>>().map(Some).ok_or_else(invalid)
            }
            Some(_) => Err(invalid()),
        }
    }
}

/// The number that a JSON value is or spells.
pub(crate) fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// The words of a text with commas.
pub(crate) fn split_words(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The pairs of a query or a form.
pub(crate) fn parse_pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Undoes percent coding; what is not UTF-8 is replaced.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match code {
            Some(code) if byte == b'%' => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into())
}

/// Percent coding of a path's segment.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Input, decode, encode, parse_body, parse_pairs};
    use serde_json::{Value, json};

    #[test]
    fn bodies_are_read_as_clients_send_them() {
        for (body, is_form, expected) in [
            ("", false, Some(json!({}))),
            ("  ", true, Some(json!({}))),
            ("null", false, Some(json!({}))),
            (r#"{"value": 5}"#, false, Some(json!({"value": 5}))),
            (r#"{"value": 5}"#, true, Some(json!({"value": 5}))),
            ("value=5&a=b+c%21", true, Some(json!({"value": "5", "a": "b c!"}))),
            ("[1]", false, None),
            ("5", false, None),
            ("{'value': 5}", false, None),
        ] {
            let read = parse_body(body.as_bytes(), is_form).ok().map(Value::Object);
            assert_eq!(read, expected, "{body:?}");
        }
        assert!(parse_body(&[0xff], false).is_err());
    }

    #[test]
    fn what_is_said_twice_is_a_list_or_refused() {
        let query = super::parse_pairs("a=1,2&a=3&b=5.0&c=&d=7");
        let body =
            [("d".to_owned(), json!(8)), ("e".to_owned(), Value::Null)].into_iter().collect();
        let input = Input { query, body };
        assert_eq!(input.words("a").ok().flatten(), Some(vec!["1".into(), "2".into(), "3".into()]));
        assert!(
            input.text("a").is_err() && input.number("a").is_err() && input.whole("a").is_err()
        );
        for (name, whole) in [("b", Some(5)), ("d", Some(8)), ("e", None), ("f", None)] {
            assert_eq!(input.whole(name).ok(), Some(whole), "{name}");
        }
        assert!(input.whole("c").is_err(), "an empty text is no number");
    }

    #[test]
    fn percent_coding_is_undone_and_never_fails() {
        for (coded, plain) in [
            ("a%20b", "a b"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%C4%8D", "č"),
            ("+", "+"),
        ] {
            assert_eq!(decode(coded), plain);
        }
        assert_eq!(decode(&encode("a/b č?")), "a/b č?");
        assert_eq!(decode("%ff"), "\u{fffd}");
        let pairs = parse_pairs("a=1&&b&c=x%3Dy");
        assert_eq!(pairs.len(), 3);
        assert_eq!(pairs[2], ("c".to_owned(), "x=y".to_owned()));
    }
}
