//! Connections that the gateway answers by itself, by HTTP: those to a portal, and those to services that fail on purpose.

use super::tcp::ServiceStream;
use std::io;

/// The portal's name, to which it sends everybody.
pub(crate) const PORTAL: &str = "portal.workshop";

/// Bytes of a request that are looked at.
const HEAD_MAX: usize = 8 * 1024;

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// The portal's page, or the way to it.
    Portal,
    /// This status.
    Status(u16),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Answering {
    stream: ServiceStream,
    voice: Voice,
    request: Vec<u8>,
    answer: Option<Vec<u8>>,
}

impl Answering {
    pub(crate) fn new(stream: ServiceStream, voice: Voice) -> Self {
        Self { stream, voice, request: Vec::new(), answer: None }
    }

    /// Goes as far as it can without waiting; true once it is over.
    pub(crate) fn poll(&mut self) -> bool {
        if self.answer.is_none() {
            let mut buffer = [0; 1024];
            loop {
                match self.stream.read(&mut buffer) {
                    Ok(0) => return true,
                    Ok(n) => self.request.extend_from_slice(&buffer[..n]),
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                    Err(_) => return true,
                }
                if self.request.len() > HEAD_MAX {
                    return true;
                }
            }
            if !self.request.windows(4).any(|w| w == b"\r\n\r\n") {
                return false;
            }
            self.answer = Some(self.voice.answer(&self.request));
        }
        let Some(answer) = &mut self.answer else { return false };
        while !answer.is_empty() {
            match self.stream.write(answer) {
                Ok(n) => drop(answer.drain(..n)),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return false,
                Err(_) => return true,
            }
        }
        // The stream ends with this.
        true
    }
}

impl Voice {
    fn answer(self, request: &[u8]) -> Vec<u8> {
        match self {
            Self::Portal if is_for(request, PORTAL) => whole("200 OK", "", "text/html", WELCOME),
            Self::Portal => {
                let way = format!("Location: http://{PORTAL}/\r\n");
                whole("302 Found", &way, "text/html", "")
            }
            Self::Status(status) => {
                let reason = match status {
                    500 => "Internal Server Error",
                    501 => "Not Implemented",
                    502 => "Bad Gateway",
                    503 => "Service Unavailable",
                    504 => "Gateway Timeout",
                    _ => "Server Error",
                };
                whole(&format!("{status} {reason}"), "", "application/json", FAILURE)
            }
        }
    }
}

const WELCOME: &str = "<!doctype html><title>Welcome</title><p>Accept the terms of this network to go on. \
    The one who runs the workshop ends this with portal=off.\n";
const FAILURE: &str = "{\"message\":\"The service fails on purpose.\"}\n";

fn whole(status: &str, more: &str, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Whether a request names this host.
fn is_for(request: &[u8], host: &str) -> bool {
    let text = String::from_utf8_lossy(request);
    let named = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim().to_owned())
    });
    named.is_some_and(|h| h.split(':').next() == Some(host))
}
