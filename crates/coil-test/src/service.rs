//! The services of a scenario's network: they keep what boards ask, and answer as the scenario says.

use crate::error::TestError;
use crate::http::{self, Parsed, Request};
use coil_air::ServiceStream;
use coil_lab::Services;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests that are kept at most.
const KEPT_MAX: usize = 10_000;
/// Connections at one time at most.
const OPEN_MAX: usize = 256;

/// An entry `[[serve]]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerForm {
    request: String,
    host: Option<String>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    header: BTreeMap<String, String>,
    body: Option<String>,
    json: Option<serde_json::Value>,
}

fn ok() -> u16 {
    200
}

/// What is answered to a request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    method: String,
    path: String,
    pub(crate) host: Option<String>,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    used: bool,
}

/// The two words of a request; the path may have stars.
pub(crate) fn method_and_path(request: &str) -> Result<(String, String), String> {
    match request.split_once(' ') {
        Some((method, path)) if path.starts_with(['/', '*']) && !path.contains(' ') => {
            Ok((method.to_uppercase(), path.into()))
        }
        _ => {
            Err(format!("`request = \"{request}\"` has to be `METHOD /path`, as in `GET /posts/*`"))
        }
    }
}

impl AnswerForm {
    pub(crate) fn check(self, number: usize) -> Result<Answer, TestError> {
        let error = |why| TestError::Serve { number, why };
        let (method, path) = method_and_path(&self.request).map_err(error)?;
        if !(200..=599).contains(&self.status) {
            return Err(error("a status is a number from 200 to 599".into()));
        }
        let mut headers: Vec<_> = self.header.into_iter().collect();
        let is_clean = |t: &String| !t.contains(['\r', '\n']);
        if !headers.iter().all(|(n, v)| is_clean(n) && is_clean(v) && !n.contains(':')) {
            return Err(error("a header is one line".into()));
        }
        let (kind, body) = match (self.json, self.body) {
            (Some(_), Some(_)) => return Err(error("say either `json` or `body`".into())),
            (Some(json), None) => ("application/json", json.to_string()),
            (None, body) => ("text/plain", body.unwrap_or_default()),
        };
        if !headers.iter().any(|h| h.0.eq_ignore_ascii_case("content-type")) {
            headers.push(("Content-Type".into(), kind.into()));
        }
        let (host, body) = (self.host, body.into_bytes());
        Ok(Answer { method, path, host, status: self.status, headers, body, used: false })
    }
}

impl Answer {
    fn answers(&self, host: &str, request: &Request) -> bool {
        (self.method == "*" || self.method == request.method)
            && http::is_like(&self.path, &request.path)
            && self.host.as_ref().is_none_or(|h| h.eq_ignore_ascii_case(host))
    }
}

/// A request that came, and what was answered.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) at_us: u64,
    pub(crate) host: String,
    pub(crate) request: Request,
    pub(crate) status: u16,
}

/// What came. Copies are the same.
pub(crate) type Log = Arc<Mutex<Vec<Asked>>>;

/// The services of a network.
pub(crate) struct Service {
    answers: Vec<Answer>,
    open: Vec<Open>,
    log: Log,
}

struct Open {
    stream: ServiceStream,
    came: Vec<u8>,
    to_send: Vec<u8>,
    is_answered: bool,
}

impl Service {
    pub(crate) fn new(answers: Vec<Answer>, log: Log) -> Self {
        Self { answers, open: Vec::new(), log }
    }

    /// What is answered to a request: of those that fit the first that was not given yet, else the last.
    fn answer(&mut self, at_us: u64, host: &str, request: Request) -> Vec<u8> {
        let fit = |a: &&mut Answer| a.answers(host, &request);
        let fresh = self.answers.iter().position(|a| a.answers(host, &request) && !a.used);
        let answer = match fresh {
            Some(at) => self.answers.get_mut(at),
            None => self.answers.iter_mut().rev().find(fit),
        };
        let (status, bytes) = match answer {
            Some(answer) => {
                answer.used = true;
                (answer.status, http::answer(answer.status, &answer.headers, &answer.body))
            }
            None => (404, http::answer(404, &[], b"the scenario has no answer to this request\n")),
        };
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() < KEPT_MAX {
            log.push(Asked { at_us, host: host.into(), request, status });
        }
        bytes
    }
}

impl Services for Service {
    fn serve(&mut self, now_us: u64, new: Vec<ServiceStream>) {
        for stream in new {
            // One too many is closed at once.
            if self.open.len() < OPEN_MAX {
                self.open.push(Open {
                    stream,
                    came: Vec::new(),
                    to_send: Vec::new(),
                    is_answered: false,
                });
            }
        }
        let mut open = std::mem::take(&mut self.open);
        open.retain_mut(|one| self.attend(now_us, one));
        self.open = open;
    }
}

impl Service {
    /// Does what there is to do for a connection; false when it is over.
    fn attend(&mut self, now_us: u64, one: &mut Open) -> bool {
        let mut buffer = [0; 4096];
        let mut has_ended = false;
        while !one.is_answered {
            match one.stream.read(&mut buffer) {
                Ok(0) => {
                    has_ended = true;
                    break;
                }
                Ok(n) => one.came.extend_from_slice(&buffer[..n]),
                Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        if !one.is_answered {
            let answer = match http::parse(&one.came) {
                Parsed::Partly if has_ended => return false,
                Parsed::Partly => return true,
                Parsed::Bad(why) => http::answer(400, &[], why.as_bytes()),
                Parsed::Whole(request) => {
                    let host = one.stream.name().to_owned();
                    self.answer(now_us, &host, request)
                }
            };
            one.to_send = answer;
            one.is_answered = true;
        }
        while !one.to_send.is_empty() {
            match one.stream.write(&one.to_send) {
                Ok(n) => drop(one.to_send.drain(..n)),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return true,
                Err(_) => return false,
            }
        }
        one.stream.shutdown();
        false
    }
}
