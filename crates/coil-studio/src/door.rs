//! The way in from other machines: a password, once per browser, which keeps a cookie then.
//!
//! The cookie follows from the password alone, so that it outlives the workshop's end and is void with another password. Wrong passwords are
//! counted by address, in a table that cannot grow.

use crate::page::LOGIN;
use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where the password is asked for.
pub(crate) const PATH: &str = "/login";

/// What the page with the question may do: be itself, and send its form.
pub(crate) const POLICY: &str = "default-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; \
                                 form-action 'self'; frame-ancestors 'none'";

/// Where the page says why it is shown again.
const NO_REASON: &str = r#"data-why="""#;
const COOKIE: &str = "coil-page";
/// How long a browser keeps it, in seconds: a course.
const AGE: u32 = 30 * 24 * 3600;
/// Bytes of a form.
const FORM_MAX: usize = 2048;
/// Letters of a password.
const PASSWORD_MIN: usize = 8;
const PASSWORD_MAX: usize = 200;
/// Wrong passwords that an address has in so long.
const TRIES: u32 = 10;
const TRIES_IN: Duration = Duration::from_secs(60);
/// Addresses that are remembered.
const ADDRESSES: usize = 1024;

/// What browsers on other machines must know.
#[derive(Clone)]
pub struct Password(String);

/// Why a text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has {PASSWORD_MIN} to {PASSWORD_MAX} letters, and this one has {0}")]
pub struct PasswordError(usize);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// This one.
    ///
    /// # Errors
    /// If it is too short to be one, or too long.
    pub fn new(text: &str) -> Result<Self, PasswordError> {
        let count = text.chars().count();
        let is_one = (PASSWORD_MIN..=PASSWORD_MAX).contains(&count);
        if is_one { Ok(Self(text.to_owned())) } else { Err(PasswordError(count)) }
    }

    /// One that is easy to say and to type, of 2^48.
    ///
    /// # Errors
    /// If the system has no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes)?;
        let syllable = |byte: u8| {
            let (first, second) = (usize::from(byte >> 2 & 15), usize::from(byte & 3));
            [CONSONANTS[first], VOWELS[second]].map(char::from)
        };
        let mut text = String::new();
        for (n, byte) in bytes.into_iter().enumerate() {
            if n > 0 && n % 2 == 0 {
                text.push('-');
            }
            text.extend(syllable(byte));
        }
        Ok(Self(text))
    }

    /// As it is typed.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Letters that are not mistaken for others.
const CONSONANTS: [u8; 16] = *b"bdfghjklmnprstvw";
const VOWELS: [u8; 4] = *b"aeiu";

/// The password, and who has tried.
#[derive(Debug)]
pub(crate) struct Door {
    digest: [u8; 32],
    cookie: String,
    tries: Mutex<BTreeMap<IpAddr, (u32, Instant)>>,
}

/// What a form says.
#[derive(Deserialize)]
struct Form {
    password: String,
}

impl Door {
    pub(crate) fn new(Password(password): &Password) -> Self {
        let of_cookie = digest(&format!("coil: the page's cookie\n{password}"));
        let cookie = of_cookie.iter().map(|b| format!("{b:02x}")).collect();
        Self { digest: digest(password), cookie, tries: Mutex::default() }
    }

    /// Whether a browser has been let in.
    pub(crate) fn knows(&self, headers: &HeaderMap) -> bool {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        let mut pairs =
            all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
        // Digests are compared, and so nothing is told by the time it takes.
        pairs.any(|(name, value)| name == COOKIE && digest(value) == digest(&self.cookie))
    }

    /// Answers one that has not been let in.
    pub(crate) async fn answer(&self, peer: IpAddr, request: Request) -> Response {
        match (request.method(), request.uri().path()) {
            (&Method::POST, PATH) => self.try_in(peer, request).await,
            (&Method::GET, PATH) => page(StatusCode::OK, None),
            (&Method::GET, _) if wants_page(request.headers()) => to_page(),
            _ => {
                let error = "this workshop asks for its password; open its page and enter it";
                (StatusCode::UNAUTHORIZED, axum::Json(json!({ "error": error }))).into_response()
            }
        }
    }

    async fn try_in(&self, peer: IpAddr, request: Request) -> Response {
        if !self.may_try(peer) {
            let mut answer = page(StatusCode::TOO_MANY_REQUESTS, Some("often"));
            let seconds = HeaderValue::from(TRIES_IN.as_secs());
            answer.headers_mut().insert(header::RETRY_AFTER, seconds);
            return answer;
        }
        let body = to_bytes(request.into_body(), FORM_MAX).await.unwrap_or_default();
        // A form is written as the query of an address is.
        let form = format!("/?{}", String::from_utf8_lossy(&body)).parse::<Uri>().ok();
        let form = form.and_then(|uri| Query::<Form>::try_from_uri(&uri).ok());
        if form.is_none_or(|Query(form)| digest(&form.password) != self.digest) {
            return page(StatusCode::FORBIDDEN, Some("wrong"));
        }
        self.forget(peer);
        let cookie =
            format!("{COOKIE}={}; Path=/; Max-Age={AGE}; HttpOnly; SameSite=Strict", self.cookie);
        let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, "/".into())];
        (StatusCode::SEE_OTHER, headers).into_response()
    }

    /// Counts a try.
    fn may_try(&self, peer: IpAddr) -> bool {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.retain(|_, (_, since)| since.elapsed() < TRIES_IN);
        if tries.len() >= ADDRESSES && !tries.contains_key(&peer) {
            return false;
        }
        let (count, _) = tries.entry(peer).or_insert_with(|| (0, Instant::now()));
        *count += 1;
        *count <= TRIES
    }

    fn forget(&self, peer: IpAddr) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(&peer);
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|kinds| kinds.contains("text/html"))
}

fn to_page() -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, PATH)]).into_response()
}

/// The question; `why` is the class of what it says besides.
fn page(status: StatusCode, why: Option<&str>) -> Response {
    let said = format!(r#"data-why="{}""#, why.unwrap_or_default());
    (status, Html(LOGIN.replace(NO_REASON, &said))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use std::net::Ipv4Addr;

    fn door_of(password: &str) -> Door {
        Door::new(&Password::new(password).expect("long enough"))
    }

    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    async fn ask(door: &Door, method: Method, path: &str, body: String) -> Response {
        let request = Request::builder().method(method).uri(path).header("Accept", "text/html");
        door.answer(PEER, request.body(Body::from(body)).expect("plain")).await
    }

    fn with_cookie(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, text.parse().expect("plain"));
        headers
    }

    #[tokio::test]
    async fn the_password_brings_a_cookie_that_opens_and_outlives_the_workshop() {
        let door = door_of("two words & more");
        assert_eq!(ask(&door, Method::GET, "/", String::new()).await.status(), 303);
        assert_eq!(ask(&door, Method::GET, PATH, String::new()).await.status(), 200);
        assert_eq!(ask(&door, Method::PUT, "/api/programs/a.py", "x".into()).await.status(), 401);
        let let_in = ask(&door, Method::POST, PATH, "password=two+words+%26+more".into()).await;
        assert_eq!(let_in.status(), 303);
        let cookie = let_in.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let pair = cookie.split(';').next().expect("a pair");
        assert!(door_of("two words & more").knows(&with_cookie(&format!("other=1; {pair}"))));
        assert!(!door_of("another one").knows(&with_cookie(pair)));
        for other in ["", "coil-page=", "coil-page", "coil-page=two words & more"] {
            assert!(!door.knows(&with_cookie(other)), "{other}");
        }
        assert!(!door.knows(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn the_page_says_why_it_is_shown_again() {
        let door = door_of("secret enough");
        let mut whys = Vec::new();
        for body in [None].into_iter().chain([Some("password=wrong"); 11]) {
            let method = if body.is_some() { Method::POST } else { Method::GET };
            let answer = ask(&door, method, PATH, body.unwrap_or_default().into()).await;
            let page = to_bytes(answer.into_body(), 1 << 16).await.expect("a page");
            let page = String::from_utf8(page.into()).expect("text");
            let (_, why) = page.split_once("data-why=\"").expect("a place for the reason");
            let (why, _) = why.split_once('"').expect("its end");
            assert!(why.is_empty() || page.contains(&format!("class=\"{why}\"")), "{page}");
            whys.push(why.to_owned());
        }
        assert_eq!((&*whys[0], &*whys[1], &*whys[10], &*whys[11]), ("", "wrong", "wrong", "often"));
    }

    #[tokio::test]
    async fn who_guesses_has_ten_tries_a_minute_and_others_have_theirs() {
        let door = door_of("secret enough");
        for body in ["password=wrong", "", "password", "other=1"].into_iter().cycle().take(10) {
            assert_eq!(ask(&door, Method::POST, PATH, body.into()).await.status(), 403);
        }
        let right = "password=secret+enough".to_owned();
        assert_eq!(ask(&door, Method::POST, PATH, right.clone()).await.status(), 429);
        let other = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
        let request = Request::post(PATH).body(Body::from(right)).expect("plain");
        assert_eq!(door.answer(other, request).await.status(), 303);
        let long = format!("password={}", "x".repeat(FORM_MAX));
        let request = Request::post(PATH).body(Body::from(long)).expect("plain");
        assert_eq!(door.answer(other, request).await.status(), 403);
    }

    #[test]
    fn a_password_that_was_made_is_one_and_no_two_are_the_same() {
        let [one, other] = [(); 2].map(|()| Password::random().expect("random numbers"));
        assert_ne!(one.text(), other.text());
        assert!(Password::new(one.text()).is_ok(), "{}", one.text());
        assert_eq!(one.text().len(), 19);
        assert_eq!(Password::new("1234567").map(|_| ()), Err(PasswordError(7)));
        assert!(Password::new(&"x".repeat(201)).is_err());
        assert!(!format!("{one:?}").contains(one.text()));
    }

    #[test]
    fn the_table_of_addresses_does_not_grow_without_end() {
        let door = door_of("secret enough");
        let address = |n: u32| IpAddr::V4(Ipv4Addr::from(n));
        for n in 0..ADDRESSES as u32 {
            assert!(door.may_try(address(n)));
        }
        assert!(!door.may_try(address(u32::MAX)));
        door.forget(address(1));
        assert!(door.may_try(address(u32::MAX)));
    }
}
