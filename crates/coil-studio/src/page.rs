//! The page's files, which are part of the program: `npm run build` in `web/` makes them, `cargo xtask ci` proves that they are what it makes.
//!
//! Names stay the same from one version to the next, so a browser asks each time whether what it has is still right (`ETag`).

use crate::packed::Packed;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Names, kinds, bytes.
const FILES: &[(&str, &str, &[u8])] = &[
    ("index.html", HTML, include_bytes!("../page/index.html")),
    ("assets/desk.js", SCRIPT, include_bytes!("../page/assets/desk.js")),
    ("assets/desk.css", STYLE, include_bytes!("../page/assets/desk.css")),
    ("assets/board.js", SCRIPT, include_bytes!("../page/assets/board.js")),
    ("assets/cloudpanel.js", SCRIPT, include_bytes!("../page/assets/cloudpanel.js")),
    ("assets/history.js", SCRIPT, include_bytes!("../page/assets/history.js")),
    ("assets/memorypanel.js", SCRIPT, include_bytes!("../page/assets/memorypanel.js")),
    ("assets/networkpanel.js", SCRIPT, include_bytes!("../page/assets/networkpanel.js")),
    ("assets/pinspanel.js", SCRIPT, include_bytes!("../page/assets/pinspanel.js")),
    ("assets/server.js", SCRIPT, include_bytes!("../page/assets/server.js")),
    ("assets/dom.js", SCRIPT, include_bytes!("../page/assets/dom.js")),
    ("assets/stream.js", SCRIPT, include_bytes!("../page/assets/stream.js")),
    ("assets/spark.js", SCRIPT, include_bytes!("../page/assets/spark.js")),
    ("assets/uplot.js", SCRIPT, include_bytes!("../page/assets/uplot.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../page/icon.svg")),
    ("licenses.md", "text/plain; charset=utf-8", include_bytes!("../page/licenses.md")),
    ("stream.html", HTML, include_bytes!("../page/stream.html")),
    ("stream.css", STYLE, include_bytes!("../page/stream.css")),
];

/// The question for the password, which the door asks in place of all others.
pub(crate) const LOGIN: &str = include_str!("../page/login.html");

/// What is around a text to read, which `lessons.rs` puts in.
pub(crate) const READ: &str = include_str!("../page/read.html");

/// A file as it is sent.
struct Sent {
    name: &'static str,
    file: Packed,
}

/// Packed once, when the first of them is asked for.
static SENT: LazyLock<Vec<Sent>> = LazyLock::new(|| {
    let sent = |&(name, kind, plain): &(&'static str, &'static str, &'static [u8])| Sent {
        name,
        file: Packed::new(kind, Bytes::from_static(plain)),
    };
    FILES.iter().map(sent).collect()
});

/// `GET /`
pub(crate) async fn index(headers: HeaderMap) -> Response {
    send("index.html", &headers)
}

/// `GET /{file}`
pub(crate) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    send(&name, &headers)
}

/// `GET /assets/{file}`
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    send(&format!("assets/{name}"), &headers)
}

fn send(name: &str, headers: &HeaderMap) -> Response {
    let Some(file) = SENT.iter().find(|f| f.name == name) else {
        return (StatusCode::NOT_FOUND, "There is no such file here.\n").into_response();
    };
    file.file.answer(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};
    use std::collections::BTreeSet;
    use std::io::Read;

    /// What the page's first look costs at most, as it goes over the wire.
    const FIRST_LOAD_MAX: usize = 600_000;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.clone(), HeaderValue::from_str(v).expect("plain"))).collect()
    }

    #[test]
    fn every_file_of_the_folder_is_served_and_no_other() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
        let mut there = BTreeSet::new();
        for (folder, prefix) in [(root.clone(), ""), (root.join("assets"), "assets/")] {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let entry = entry.expect("readable");
                if entry.path().is_file() {
                    there.insert(format!("{prefix}{}", entry.file_name().to_string_lossy()));
                }
            }
        }
        let mut served: BTreeSet<String> = FILES.iter().map(|f| f.0.to_owned()).collect();
        served.extend(["login.html".to_owned(), "read.html".to_owned()]);
        assert_eq!(served, there);
        assert_eq!(send("assets/../index.html", &HeaderMap::new()).status(), 404);
    }

    #[test]
    fn who_can_unpack_gets_it_packed_and_who_has_it_gets_nothing() {
        let plain = send("assets/desk.js", &HeaderMap::new());
        assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
        let none = send("assets/desk.js", &headers(&[(header::ACCEPT_ENCODING, "br, xgzip")]));
        assert!(none.headers().get(header::CONTENT_ENCODING).is_none());
        let packed = send("assets/desk.js", &headers(&[(header::ACCEPT_ENCODING, "br;q=1, gzip")]));
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
        let tag = packed.headers()[header::ETAG].to_str().expect("plain");
        let known = send("assets/desk.js", &headers(&[(header::IF_NONE_MATCH, tag)]));
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        for file in SENT.iter() {
            let mut again = Vec::new();
            let mut from = flate2::read::GzDecoder::new(&file.file.packed[..]);
            from.read_to_end(&mut again).expect("whole");
            assert_eq!(again, file.file.plain, "{}", file.name);
        }
    }

    #[test]
    fn the_first_look_is_light() {
        let first = ["index.html", "assets/desk.js", "assets/desk.css", "icon.svg"];
        let bytes: usize =
            SENT.iter().filter(|f| first.contains(&f.name)).map(|f| f.file.packed.len()).sum();
        assert!(bytes > 10_000 && bytes <= FIRST_LOAD_MAX, "{bytes} bytes");
    }
}
