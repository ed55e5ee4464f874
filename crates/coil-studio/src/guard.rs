//! Who may come in: browsers that were pointed here by this machine's own name, from a page of ours; and from other machines, where the
//! workshop listens for them, those that know its password.
//!
//! A browser brings every page its user opens to the addresses that it can reach. A page of another origin is told by `Origin`; one
//! whose name was made to lead here (DNS rebinding) by `Host`, or by the cookie that it does not have.

use crate::door::{self, Door};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// Names of this machine for itself.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// What the page may do: load what is ours, and nothing else. Its editor and terminal make style sheets as they go.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Where it listens, and for whom.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) port: u16,
    /// The way in from other machines, if there is one.
    pub(crate) door: Option<Arc<Door>>,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl Peer {
    /// It is this machine.
    pub(crate) fn is_here(self) -> bool {
        self.0.to_canonical().is_loopback()
    }
}

/// What is to be done with a request.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passes,
    Asked,
    Refused(&'static str),
}

/// Lets a request pass that comes from here, or knows the password.
pub(crate) async fn check(
    State(guard): State<Guard>,
    Extension(peer): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let knows = |headers: &HeaderMap| guard.door.as_ref().map(|door| door.knows(headers));
    let verdict = verdict(request.headers(), guard.port, peer, knows);
    let (mut policy, mut referrer) = (POLICY, "no-referrer");
    let mut answer = match (verdict, &guard.door) {
        (Verdict::Passes, _) => next.run(request).await,
        (Verdict::Asked, Some(door)) => {
            // A form of a page that tells nothing of where it comes from has no origin.
            (policy, referrer) = (door::POLICY, "same-origin");
            door.answer(peer.0, request).await
        }
        (Verdict::Refused(why), _) => (StatusCode::FORBIDDEN, why).into_response(),
        (Verdict::Asked, None) => StatusCode::FORBIDDEN.into_response(),
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}

/// `knows` says whether the browser has been let in; nothing if nobody is.
fn verdict(
    headers: &HeaderMap,
    port: u16,
    peer: Peer,
    knows: impl FnOnce(&HeaderMap) -> Option<bool>,
) -> Verdict {
    let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let is_own = |host: &str| {
        let own = |name: &str| host.eq_ignore_ascii_case(&format!("{name}:{port}"));
        NAMES.iter().any(|n| own(n)) || port == 80 && NAMES.contains(&host)
    };
    let (host, origin) = (text(header::HOST), text(header::ORIGIN));
    let origin = origin.map(|o| o.strip_prefix("http://").unwrap_or("?"));
    let other = Verdict::Refused("A page of another origin may not reach the boards here.\n");
    if peer.is_here() && host.is_some_and(is_own) {
        return if origin.is_none_or(is_own) { Verdict::Passes } else { other };
    }
    match knows(headers) {
        None => Verdict::Refused(
            "This page is for this machine alone: open it as http://127.0.0.1 with its port.\n",
        ),
        Some(_) if host.is_none() => Verdict::Refused("Who asks must say for which host.\n"),
        Some(_) if origin.is_some() && origin != host => other,
        Some(true) => Verdict::Passes,
        Some(false) => Verdict::Asked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: Option<&'static str>, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(header::HOST, HeaderValue::from_static(host));
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    const HERE: Peer = Peer(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
    const THERE: Peer = Peer(IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 7, 9)));

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
            let verdict = verdict(&headers(host, origin), 8089, HERE, |_| None);
            assert_eq!(verdict == Verdict::Passes, passes, "{host:?} {origin:?}");
        }
    }

    #[test]
    fn who_comes_from_elsewhere_needs_the_password_and_a_page_of_ours() {
        use Verdict::{Asked, Passes};
        let refused = |v: &Verdict| matches!(v, Verdict::Refused(_));
        let own = "192.168.7.1:8089";
        let ask =
            |peer, host, origin, knows| verdict(&headers(host, origin), 8089, peer, |_| knows);
        assert_eq!(ask(THERE, Some(own), None, Some(false)), Asked);
        assert_eq!(ask(THERE, Some(own), None, Some(true)), Passes);
        assert_eq!(ask(THERE, Some(own), Some("http://192.168.7.1:8089"), Some(true)), Passes);
        assert_eq!(ask(THERE, Some("laptop.local:8089"), None, Some(true)), Passes);
        assert!(refused(&ask(THERE, Some(own), Some("http://evil.example"), Some(true))));
        assert!(refused(&ask(THERE, Some(own), Some("null"), Some(true))));
        assert!(refused(&ask(THERE, None, None, Some(true))));
        // This machine's own names are nobody else's.
        assert_eq!(ask(THERE, Some("127.0.0.1:8089"), None, Some(false)), Asked);
        assert!(refused(&ask(THERE, Some(own), None, None)));
        // A name that was made to lead here has no cookie.
        assert_eq!(ask(HERE, Some("rebound.example:8089"), None, Some(false)), Asked);
        let mapped = Peer("::ffff:127.0.0.1".parse().expect("an address"));
        assert_eq!(ask(mapped, Some("localhost:8089"), None, Some(false)), Passes);
    }
}
