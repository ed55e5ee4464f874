//! Requests to the cloud's services, and the `db.json` that one of them shows.

use coil_cloud::{Cloud, CloudConfig, DeviceKey, Peer};
use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Pieces of requests.
pub(crate) const WORDS: &[&str] = &[
    "GET ",
    "POST ",
    "PUT ",
    "DELETE ",
    "PATCH ",
    " HTTP/1.1\r\n",
    "\r\n",
    "\r\n\r\n",
    "Host: a\r\n",
    "Content-Length: ",
    "Transfer-Encoding: chunked\r\n",
    "0\r\n\r\n",
    "X-M2X-KEY: KEY\r\n",
    "/v2/devices",
    "/v2/devices/ID/streams/a/values",
    "/v2/keys",
    "/v2/collections",
    "/v2/distributions",
    "/json/posts",
    "/u/r/posts",
    "/external/api/update?token=KEY&V1=2",
    "/devices/ID/datapoints",
    "/v2/devices/ID/triggers",
    "{\"name\": \"n\", \"conditions\": {\"a\": {\"gt\": 1, \"reset\": 0}}, \"callback_url\": \"http://a/\"}",
    "/v2/charts",
    "{\"name\": \"c\", \"series\": [{\"device\": \"ID\", \"stream\": \"a\"}]}",
    "/update.json?api_key=KEY&field1=5",
    "/channels/1/feeds.json",
    "/channels/1/bulk_update.json",
    "/coil/seats",
    "/coil/readers",
    "{\"count\": 2, \"keys\": \"md5\"}",
    "?",
    "&",
    "=",
    "%",
    "%2f",
    "%ff",
    "_page=2",
    "_sort=a.b[0]",
    "_like=(a+)+$",
    "id_ne=1",
    "start=2026-01-01T00:00:00Z",
    "limit=99999999999",
    "{\"value\": ",
    "{\"values\": {\"a\": [{\"timestamp\": \"",
    "null",
    "[]",
    "{}",
    "1e400",
    "\\u0000",
    "\"",
    "-1",
    "{\"name\": \"n\", \"visibility\": \"public\"}",
];

/// Pieces of `db.json`.
pub(crate) const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"posts\"",
    "\"id\"",
    "null",
    "1",
    "1e400",
    "\"__proto__\"",
    "\\u0000",
    "\"a\"",
    "true",
    "-0.0",
    "99999999999999999999",
    "\"postId\"",
];

/// Requests in a row at most.
const ANSWERS_MAX: usize = 1 << 20;

struct Served {
    runtime: tokio::runtime::Runtime,
    cloud: Cloud,
    id: String,
    key: String,
    // The folder goes when the thread does.
    folder: tempfile::TempDir,
}

const ROWS: &str = r#"{"posts": [{"id": 1, "a": {"b": [{"c": 1}]}, "title": "x"}, {"id": 2, "title": "y"}, {"x": 1}, 5, null], "comments": [{"id": 1, "postId": 1}], "profile": {"name": "n"}}"#;

impl Served {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the host has a runtime to give");
        let folder = tempfile::tempdir().expect("the host has a folder to give");
        let rows = folder.path().join("db.json");
        std::fs::write(&rows, ROWS).expect("the folder is ours");
        let cloud = runtime
            .block_on(Cloud::open(
                CloudConfig::new(folder.path().join("cloud.db")).with_db_json(rows),
            ))
            .expect("an empty folder is good for a cloud");
        let key = cloud.master_key();
        Self { runtime, cloud, id: String::new(), key, folder }
    }

    /// Sends bytes on a connection and gives what is answered.
    fn send(&self, bytes: Vec<u8>) -> Vec<u8> {
        let cloud = self.cloud.clone();
        self.runtime.block_on(async move {
            let (ours, theirs) = tokio::io::duplex(1 << 16);
            let server = tokio::spawn(async move {
                // What is no HTTP ends the connection.
                let _ = cloud.serve_connection(theirs, Peer::default()).await;
            });
            let (mut reader, mut writer) = tokio::io::split(ours);
            let writing = tokio::spawn(async move {
                // The other side may have hung up.
                let _ = writer.write_all(&bytes).await;
                let _ = writer.shutdown().await;
            });
            let mut answer = Vec::new();
            let mut limited = (&mut reader).take(ANSWERS_MAX as u64);
            let done =
                tokio::time::timeout(Duration::from_secs(20), limited.read_to_end(&mut answer));
            assert!(done.await.is_ok(), "a request is not answered");
            writing.abort();
            server.await.expect("no request may make the cloud panic");
            answer
        })
    }

    fn answers(&self, bytes: Vec<u8>) {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let answer = self.send(bytes);
        for line in String::from_utf8_lossy(&answer).lines() {
            let failed = line.starts_with("HTTP/1.1 5") && !line.starts_with("HTTP/1.1 501");
            assert!(!failed, "{line}\n{shown}");
        }
    }
}

thread_local! {
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

/// Sends the bytes to the cloud as one connection; `KEY` and `ID` stand for the master key and a
/// device.
pub(crate) fn http(input: &[u8]) {
    SERVED.with_borrow_mut(|served| {
        let served = served.get_or_insert_with(Served::new);
        // Requests before may have removed it.
        let device = served.cloud.ensure_device("one", DeviceKey::Random);
        served.id = served.runtime.block_on(device).expect("the storage works").id;
        let bytes = replace(input, b"KEY", served.key.as_bytes());
        served.answers(replace(&bytes, b"ID", served.id.as_bytes()));
    });
}

fn replace(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        if let Some(after) = rest.strip_prefix(what) {
            out.extend_from_slice(with);
            rest = after;
        } else {
            out.push(first);
            rest = &rest[1..];
        }
    }
    out
}

/// Requests about whatever is in a `db.json`.
const READS: &[&str] = &[
    "GET /json/db",
    "GET /json/posts",
    "GET /json/posts/1",
    "GET /json/posts?_sort=id&_order=desc",
    "GET /json/posts?_embed=comments&_expand=post",
    "GET /json/posts/1/comments",
    "GET /u/r/posts?q=a",
    "GET /json/profile",
    "DELETE /json/posts/1",
    "GET /u/r/db",
];

/// Shows the bytes as `db.json`, and writes to it.
pub(crate) fn db_json(input: &[u8]) {
    SERVED.with_borrow_mut(|served| {
        let served = served.get_or_insert_with(Served::new);
        let file = served.folder.path().join("db.json");
        show(served, &file, input);
        std::fs::write(file, ROWS).expect("the folder is ours");
    });
}

fn show(served: &Served, file: &Path, rows: &[u8]) {
    std::fs::write(file, rows).expect("the folder is ours");
    let mut all = String::new();
    for read in READS {
        all.push_str(&format!("{read} HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    let body = "{\"title\": \"new\"}";
    for line in ["POST /json/posts", "PUT /json/posts/2", "PATCH /json/profile"] {
        let n = body.len();
        all.push_str(&format!(
            "{line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {n}\r\n\r\n{body}"
        ));
    }
    // A file that is no JSON is a failure that the services tell.
    if std::str::from_utf8(rows).is_ok_and(looks_whole) {
        served.answers(all.into_bytes());
    } else {
        served.send(all.into_bytes());
    }
}

/// Whether a text is a JSON object, as far as the cloud wants one.
fn looks_whole(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}
