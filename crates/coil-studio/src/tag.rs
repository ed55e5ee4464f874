//! Which version a writer has read: what `If-Match` and `If-None-Match` say of it.

use axum::http::{HeaderMap, HeaderName, header};

/// What a writer says of the version that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// There was none.
    Nothing,
    /// This one.
    Version(String),
}

/// The headers say something else.
#[derive(Debug, thiserror::Error)]
#[error("If-Match has a version in quotes, and If-None-Match can only be `*`; send one of them")]
pub(crate) struct BadTag;

/// Which version a writer has read, if it says so.
pub(crate) fn seen(headers: &HeaderMap) -> Result<Option<Read>, BadTag> {
    let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
        (None, None) => Ok(None),
        (None, Some("*")) => Ok(Some(Read::Nothing)),
        (Some(tag), None) => {
            let version = tag.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
            version.map(|v| Some(Read::Version(v.to_owned()))).ok_or(BadTag)
        }
        _ => Err(BadTag),
    }
}
