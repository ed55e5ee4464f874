//! What can go wrong: opening the cloud ([`Error`]) and answering a call ([`ApiError`]). It owns
//! the wording and the shape of error answers; it must not know which call it was.

use std::path::{Path, PathBuf};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub use crate::store::schema::MigrationError;
use crate::store::sql::SqlError;

/// Why the cloud does not start, or a call of its host failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database file cannot be opened.
    #[error("cannot open the cloud's database `{}`: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What the database says.
        source: rusqlite::Error,
    },
    /// The database file cannot be brought to this version.
    #[error("cannot use the cloud's database `{}`: {source}", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: MigrationError,
    },
    /// The writing thread could not be started.
    #[error("cannot start the cloud's writing thread: {0}")]
    Thread(std::io::Error),
    /// A call on the data failed.
    #[error("{0}")]
    Call(#[from] ApiError),
}

impl Error {
    pub(crate) fn open(path: &Path, source: rusqlite::Error) -> Self {
        Self::Database { path: path.to_owned(), source }
    }

    pub(crate) fn migrate(path: &Path, source: MigrationError) -> Self {
        Self::Migration { path: path.to_owned(), source }
    }
}

/// Why a call is refused, in words for the one who made it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    status: StatusCode,
    message: String,
    errors: Map<String, Value>,
    retry_after: Option<u64>,
}

/// The reason of a refusal, left in the answer for the request log.
#[derive(Debug, Clone)]
pub(crate) struct Reason(pub(crate) String);

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: Map::new(), retry_after: None }
    }

    /// The request is not understood.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// No key, or one that nobody gave out.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// A good key that does not open this door.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// There is no such `what`.
    pub(crate) fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("The specified {what} does not exist"))
    }

    /// Nothing answers at this path.
    pub(crate) fn no_route(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is nothing at `{path}`"))
    }

    /// The path is right, the method is not.
    pub(crate) fn method(method: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("{method} is not what can be done with this resource"),
        )
    }

    /// One field is wrong: a code such as `not_present` or `invalid`.
    pub(crate) fn invalid(field: &str, code: &str) -> Self {
        Self::validation([(field.to_owned(), code.to_owned())])
    }

    /// Several fields are wrong.
    pub(crate) fn validation(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed");
        for (field, code) in fields {
            error.errors.insert(field, json!([code]));
        }
        error
    }

    /// Something else already has what is asked for.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// The body is larger than `limit` bytes.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is larger than the {limit} bytes that are accepted"),
        )
    }

    /// One call brings more things than a call may.
    pub(crate) fn too_many_at_once(what: &str, count: usize, limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("{count} {what} are more than the {limit} that one call may bring"),
        )
    }

    /// Too many calls; come back after so many seconds.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let message = format!("Too many requests with this key: try again in {seconds} s");
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, message) }
    }

    /// The call is known but this cloud does not offer it yet.
    pub(crate) fn not_yet(what: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, format!("{what}: not offered by this cloud yet"))
    }

    /// The storage failed.
    pub(crate) fn storage(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The HTTP status of the refusal.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The whole reason in one line, fields included.
    pub(crate) fn words(&self) -> String {
        let mut words = self.message.clone();
        for (field, codes) in &self.errors {
            let codes = codes.as_array().map(Vec::as_slice).unwrap_or_default();
            for code in codes.iter().filter_map(Value::as_str) {
                let meaning = match code {
                    "not_present" => "is missing",
                    "already_taken" => "is already used by another",
                    other => other,
                };
                words.push_str(&format!("; `{field}` {meaning}"));
            }
        }
        words
    }
}

impl From<SqlError> for ApiError {
    fn from(error: SqlError) -> Self {
        Self::storage(format!("The storage failed: {error}"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({ "message": self.message });
        if !self.errors.is_empty() {
            body["errors"] = Value::Object(self.errors.clone());
        }
        let mut response = (self.status, axum::Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Reason(self.words()));
        response
    }
}
