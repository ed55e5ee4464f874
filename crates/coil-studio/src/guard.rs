//! Who may come in: browsers that were pointed here by this machine's own name, from a page of ours.
//!
//! The server listens on the loopback address, but a browser brings every page its user opens there as well. A page
//! of another origin is told by `Origin`; one whose name was made to lead here (DNS rebinding) by `Host`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Names of this machine for itself.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// What the page may do: load what is ours, and nothing else. Its editor and terminal make style sheets as they go.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Lets a request pass that comes from here.
pub(crate) async fn check(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut answer = match refusal(request.headers(), port) {
        None => next.run(request).await,
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}

/// Why a request is refused, if it is.
fn refusal(headers: &HeaderMap, port: u16) -> Option<&'static str> {
    let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let is_own = |host: &str| {
        let own = |name: &str| host.eq_ignore_ascii_case(&format!("{name}:{port}"));
        NAMES.iter().any(|n| own(n)) || port == 80 && NAMES.contains(&host)
    };
    if !text(header::HOST).is_some_and(is_own) {
        return Some(
            "This page is for this machine alone: open it as http://127.0.0.1 with its port.\n",
        );
    }
    match text(header::ORIGIN) {
        Some(origin) if !origin.strip_prefix("http://").is_some_and(is_own) => {
            Some("A page of another origin may not reach the boards here.\n")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_pages_and_programs_without_one_pass_and_others_do_not() {
        for (host, origin, passes) in [
            (Some("127.0.0.1:8089"), None, true),
            (Some("LOCALHOST:8089"), Some("http://localhost:8089"), true),
            (Some("[::1]:8089"), Some("http://127.0.0.1:8089"), true),
            (None, None, false),
            (Some("127.0.0.1"), None, false),
            (Some("127.0.0.1:80"), None, false),
            (Some("rebound.example:8089"), None, false),
            (Some("rebound.example:8089"), Some("http://rebound.example:8089"), false),
            (Some("127.0.0.1:8089"), Some("http://evil.example"), false),
            (Some("127.0.0.1:8089"), Some("http://127.0.0.1:8088"), false),
            (Some("127.0.0.1:8089"), Some("https://127.0.0.1:8089"), false),
            (Some("127.0.0.1:8089"), Some("null"), false),
            (Some("127.0.0.1:8089.evil.example"), None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert(header::HOST, HeaderValue::from_static(host));
            }
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(refusal(&headers, 8089).is_none(), passes, "{host:?} {origin:?}");
        }
    }
}
