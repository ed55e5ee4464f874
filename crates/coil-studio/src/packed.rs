//! Bytes that are asked for again and again: as they are, packed for those who can unpack, and nothing for those who have them.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;

/// What is sent.
pub(crate) struct Packed {
    kind: &'static str,
    pub(crate) plain: Bytes,
    pub(crate) packed: Bytes,
    version: String,
}

impl Packed {
    /// Bytes of this content type.
    pub(crate) fn new(kind: &'static str, plain: Bytes) -> Self {
        Self { kind, packed: pack(&plain).into(), version: version(&plain), plain }
    }

    /// The answer to who asks like this.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let has = |header: HeaderName, wanted: &str| {
            let values = headers.get(header).and_then(|v| v.to_str().ok()).unwrap_or_default();
            values.split(',').any(|v| v.split(';').next().unwrap_or_default().trim() == wanted)
        };
        let tag = [(header::ETAG, self.version.as_str()), (header::VARY, "Accept-Encoding")];
        if has(header::IF_NONE_MATCH, &self.version) {
            return (StatusCode::NOT_MODIFIED, tag).into_response();
        }
        let kind = [(header::CONTENT_TYPE, self.kind)];
        if has(header::ACCEPT_ENCODING, "gzip") {
            let packed = [(header::CONTENT_ENCODING, "gzip")];
            return (tag, kind, packed, self.packed.clone()).into_response();
        }
        (tag, kind, self.plain.clone()).into_response()
    }
}

fn pack(plain: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    // Memory takes everything.
    let _ = out.write_all(plain);
    out.finish().unwrap_or_default()
}

/// A weak tag: the same bytes, packed or not.
fn version(bytes: &[u8]) -> String {
    let mut tag = String::from("W/\"");
    for byte in &Sha256::digest(bytes)[..10] {
        // Memory takes everything.
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}
