//! A cloud in a folder of its own, and calls on it without a socket.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use coil_cloud::{Cloud, CloudConfig};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) struct TestCloud {
    pub(crate) dir: TempDir,
    pub(crate) cloud: Cloud,
    pub(crate) master: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl TestCloud {
    pub(crate) async fn new() -> Self {
        Self::with_db("{}").await
    }

    pub(crate) async fn with_db(db_json: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("db.json"), db_json).unwrap();
        Self::open(dir).await
    }

    pub(crate) async fn open(dir: TempDir) -> Self {
        let config =
            CloudConfig::new(dir.path().join("cloud.db")).with_db_json(dir.path().join("db.json"));
        Self::with_config(dir, config).await
    }

    pub(crate) async fn with_config(dir: TempDir, config: CloudConfig) -> Self {
        let cloud = Cloud::open(config).await.unwrap();
        let master = cloud.master_key();
        Self { dir, cloud, master }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.cloud.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A call with a key (none if empty) and a body.
    pub(crate) async fn call(&self, key: &str, line: &str, body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("Host", "127.0.0.1");
        if !key.is_empty() {
            request = request.header("X-M2X-KEY", key);
        }
        if !body.is_empty() {
            request = request.header("Content-Type", "application/json");
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A call with the master key that must have this status.
    pub(crate) async fn expect(&self, line: &str, body: &str, status: u16) -> Answer {
        let answer = self.call(&self.master.clone(), line, body).await;
        assert_eq!(answer.status, status, "{line} {body}: {}", answer.text);
        answer
    }
}

/// Waits until what a file holds is as it should be.
pub(crate) fn in_the_file(path: &Path, is_good: impl Fn(&str) -> bool) {
    let mut text = String::new();
    for _ in 0..200 {
        text = std::fs::read_to_string(path).unwrap();
        if is_good(&text) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the file does not get there: {text}");
}
