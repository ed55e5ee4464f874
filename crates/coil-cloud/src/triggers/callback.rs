//! Who is called when a trigger has fired: one POST, whose outcome is in the request log of the device. It owns the bounds of that
//! (size, time, how many at once); where a call may go the host of the cloud decides.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, Uri, header};
use regex::Regex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::api::{Shape, text_like};
use crate::app::WeakApp;
use crate::client::exchange;
use crate::routes::blotted;
use crate::store::devices::DeviceRef;
use crate::store::log::Entry;
use crate::store::sql::Notice;
use crate::time::Stamp;

/// Calls under way at one time, and calls that wait for one of those places.
const AT_ONCE: usize = 8;
const WAITING: usize = 256;
/// How long a call may take from its beginning to its answer.
const TIME: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read, for the log.
const ANSWER: usize = 2048;

/// A way to somebody.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A way that is being opened.
pub type Opening = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send>>;

/// How the cloud reaches whom triggers call. It decides where calls may go at all: an address can come from any holder of a key.
pub trait Outward: Send + Sync {
    /// Opens a way to a port of a host, which is a name or an address.
    fn open(&self, host: &str, port: u16) -> Opening;
}

/// Whom to call, as far as it can be called.
struct Target {
    host: String,
    port: u16,
    /// Host and port as they were written.
    authority: String,
    path: String,
}

impl Target {
    fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let authority = uri.authority()?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return None;
        }
        Some(Self {
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authority: authority.as_str().to_owned(),
            // A query may follow the host at once; a request's target always starts with a slash.
            path: uri.query().map_or_else(|| uri.path().into(), |q| format!("{}?{q}", uri.path())),
        })
    }
}

/// The form of an address that can be called: a host by name or by its address (of version 4, as all that is reached), a port from 1 to 65535, what comes after it.
const FORM: &str = concat!(
    r"^http://[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?",
    r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?",
    r"([/?]([!$&'()*+,./0-9:;=?@A-Z_a-z~-]|%[0-9A-Fa-f]{2})*)?$",
);
/// Letters of an address at most.
const LETTERS: usize = 1024;

static IS_OF_FORM: LazyLock<Regex> = LazyLock::new(|| Regex::new(FORM).expect("it is a pattern"));

/// An address that can be called, as it is said.
pub(crate) fn shape() -> Shape {
    text_like(FORM, LETTERS)
}

/// Whether an address is one that can be called.
pub(crate) fn is_valid(url: &str) -> bool {
    url.len() <= LETTERS && IS_OF_FORM.is_match(url) && Target::parse(url).is_some()
}

/// Calls whoever is to be called, until the cloud ends.
pub(crate) async fn run(
    mut notices: UnboundedReceiver<Notice>,
    outward: Option<Arc<dyn Outward>>,
    app: WeakApp,
) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let waiting = Arc::new(AtomicUsize::new(0));
    while let Some(notice) = notices.recv().await {
        let (outward, app) = (outward.clone(), app.clone());
        if waiting.load(Ordering::Relaxed) >= WAITING {
            let why = format!("Not called: {WAITING} calls of triggers wait already");
            note(&app, &notice, (Stamp::now(), Outcome::failed(why)));
            continue;
        }
        waiting.fetch_add(1, Ordering::Relaxed);
        let (places, waiting) = (places.clone(), waiting.clone());
        tokio::spawn(async move {
            // The semaphore is never closed, so there is always a place in time.
            let _place = places.acquire_owned().await;
            waiting.fetch_sub(1, Ordering::Relaxed);
            let at = Stamp::now();
            let outcome = match outward {
                None => Outcome::failed("Not called: this cloud calls nobody".to_owned()),
                Some(outward) => call(outward.as_ref(), &notice).await,
            };
            note(&app, &notice, (at, outcome));
        });
    }
}

/// What became of a call.
struct Outcome {
    status: StatusCode,
    reason: Option<String>,
    answer: String,
}

impl Outcome {
    fn failed(why: String) -> Self {
        Self { status: StatusCode::BAD_GATEWAY, reason: Some(why), answer: String::new() }
    }
}

async fn call(outward: &dyn Outward, notice: &Notice) -> Outcome {
    let Some(target) = Target::parse(&notice.to) else {
        return Outcome::failed("Not called: the address is none of `http://…`".to_owned());
    };
    match tokio::time::timeout(TIME, post(outward, &target, notice.said.clone())).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => {
            Outcome::failed(format!("`{}` was not reached: {error}", target.authority))
        }
        Err(_) => Outcome {
            status: StatusCode::GATEWAY_TIMEOUT,
            ..Outcome::failed(format!(
                "`{}` did not answer within {} s",
                target.authority,
                TIME.as_secs()
            ))
        },
    }
}

async fn post(outward: &dyn Outward, target: &Target, said: String) -> io::Result<Outcome> {
    let stream = outward.open(&target.host, target.port).await?;
    let request = Request::post(&target.path)
        .header(header::HOST, &target.authority)
        .header(header::USER_AGENT, "coil")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONNECTION, "close")
        .body(Body::from(said))
        .map_err(io::Error::other)?;
    let (status, answer) = exchange(stream, request, ANSWER).await?;
    let refused = || format!("`{}` answered {status}", target.authority);
    let reason = (!status.is_success()).then(refused);
    Ok(Outcome { status, reason, answer: String::from_utf8_lossy(&answer).into_owned() })
}

/// Notes a call in the log of its device.
fn note(app: &WeakApp, notice: &Notice, (at, outcome): (Stamp, Outcome)) {
    let Some(app) = app.upgrade() else { return };
    let path = blotted(&notice.to);
    let entry = Entry {
        at,
        status: outcome.status.as_u16().into(),
        method: "POST".to_owned(),
        request: format!("POST {path}\ncontent-type: application/json\n\n{}", notice.said),
        path,
        reason: outcome.reason,
        answer: outcome.answer,
    };
    let device = DeviceRef::Id(notice.device.clone());
    app.store.note(Some(device), entry, app.limits.log_entries);
}

#[cfg(test)]
mod tests {
    use super::{Target, is_valid};

    #[test]
    fn an_address_is_one_of_http_without_a_user() {
        for (url, expected) in [
            ("http://192.168.1.20/fired?x=1", Some(("192.168.1.20", 80, "/fired?x=1"))),
            ("http://host.workshop:5000", Some(("host.workshop", 5000, "/"))),
            ("http://a:8000?b=%20c", Some(("a", 8000, "/?b=%20c"))),
            ("https://example.com/", None),
            ("http://me:secret@example.com/", None),
            ("file:///etc/passwd", None),
            ("//example.com/", None),
            ("/a", None),
            ("http://a b/", None),
            ("", None),
        ] {
            let target = Target::parse(url);
            let read = target.as_ref().map(|it| (it.host.as_str(), it.port, it.path.as_str()));
            assert_eq!(read, expected, "{url}");
            assert_eq!(is_valid(url), expected.is_some(), "{url}");
        }
        assert!(is_valid("http://a:65535/") && !is_valid("http://a:65536/"));
        assert!(!is_valid("http://[::1]:8000/a") && !is_valid("http://a/%zz"));
        assert!(!is_valid("http://a:0/") && !is_valid("http://a/#b") && !is_valid("http://a/\n"));
        assert!(!is_valid(&format!("http://a/{}", "x".repeat(1024))));
    }
}
