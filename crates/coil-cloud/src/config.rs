//! What the host of the cloud decides. It must not know how it is used.

use std::path::PathBuf;
use std::sync::Arc;

use crate::triggers::callback::Outward;

/// How to open a cloud.
#[derive(Clone)]
pub struct CloudConfig {
    /// The SQLite file; made if it is not there.
    pub database: PathBuf,
    /// The workshop's `db.json`, served under `/<user>/<repo>` and `/json`. For a moment the database holds what was written and the file
    /// does not have yet, so the two belong together.
    pub db_json: Option<PathBuf>,
    /// The workshop's own packages, given out under `/pi`.
    pub packages: Option<PathBuf>,
    /// What `/master-token` wants to hear; without one it is the master key itself.
    pub master_password: Option<String>,
    /// What clients may ask for.
    pub limits: Limits,
    /// The way to whom triggers call; without one nobody is called, which the request log says.
    pub outward: Option<Arc<dyn Outward>>,
}

impl CloudConfig {
    /// A cloud in `database`, without a `db.json`, with the usual limits.
    #[must_use]
    pub fn new(database: impl Into<PathBuf>) -> Self {
        Self {
            database: database.into(),
            db_json: None,
            packages: None,
            master_password: None,
            limits: Limits::default(),
            outward: None,
        }
    }

    /// The same with a `db.json`.
    #[must_use]
    pub fn with_db_json(self, path: impl Into<PathBuf>) -> Self {
        Self { db_json: Some(path.into()), ..self }
    }

    /// The same with a folder of packages, which need not be there.
    #[must_use]
    pub fn with_packages(self, path: impl Into<PathBuf>) -> Self {
        Self { packages: Some(path.into()), ..self }
    }

    /// The same with a way to whom triggers call.
    #[must_use]
    pub fn with_outward(self, outward: Arc<dyn Outward>) -> Self {
        Self { outward: Some(outward), ..self }
    }
}

impl std::fmt::Debug for CloudConfig {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CloudConfig")
            .field("database", &self.database)
            .field("db_json", &self.db_json)
            .field("packages", &self.packages)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Bounds on what clients may ask for.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one request's body.
    pub body_bytes: usize,
    /// Connections of HTTP at a time; more wait for a place.
    pub connections: usize,
    /// Connections of MQTT at a time; more wait for a place.
    pub mqtt_connections: usize,
    /// Calls a second for each key, with as many in a burst; `None` is without a bound.
    pub requests_per_second: Option<u32>,
    /// Requests that the log keeps for each device.
    pub log_entries: u32,
    /// Seconds a client has to send the head of a request.
    pub header_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 10 * 1024 * 1024,
            connections: 1024,
            mqtt_connections: 4096,
            requests_per_second: None,
            log_entries: 100,
            header_seconds: 60,
        }
    }
}
