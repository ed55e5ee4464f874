//! What comes over a connection before it is a request, so that the log can show what never becomes one: a head without its empty
//! line, TLS at a port without, anything else. It must not know what a request means.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that are kept of what is not a request yet.
const KEPT: usize = 2048;
/// Words after which a line says something that nobody else may know.
const SECRETS: [&str; 4] = ["key", "auth", "token", "password"];
/// What stands in a secret's place.
const HIDDEN: &str = " (hidden)";

/// What was read since the last request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    /// A request has come of it.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn add(&self, bytes: &[u8]) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT.saturating_sub(heard.len());
        heard.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    /// What no request came of, and why: nothing if nothing was said.
    pub(crate) fn explain(&self, error: &hyper::Error) -> Option<(String, String)> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.is_empty() {
            return None;
        }
        let why = if heard.starts_with(&[0x16, 0x03]) {
            "This is TLS at a port that speaks HTTP without: say `http://`, not `https://`"
                .to_owned()
        } else if error.is_timeout() {
            "The head of the request did not end in time: an empty line must come after the headers"
                .to_owned()
        } else if error.is_incomplete_message() {
            "The connection ended before the request did: an empty line must come after the headers, and as many bytes as `Content-Length` says after that"
                .to_owned()
        } else if error.is_parse() {
            format!("This is not HTTP: {error}")
        } else {
            return None;
        };
        Some((without_secrets(&String::from_utf8_lossy(&heard)), why))
    }
}

/// Text whose lines end where something secret may begin. It is not known how it was meant, so more is hidden than need be.
fn without_secrets(text: &str) -> String {
    let mut shown = String::new();
    for line in text.split_inclusive('\n') {
        let lower = line.to_ascii_lowercase();
        let secret = SECRETS.iter().filter_map(|word| Some(lower.find(word)? + word.len())).min();
        match secret {
            Some(end) => {
                // The lower case has the same bytes in the same places.
                shown.push_str(&line[..end]);
                shown.push_str(HIDDEN);
                shown.push('\n');
            }
            None => shown.push_str(line),
        }
    }
    shown
}

/// A connection that is listened to.
#[derive(Debug)]
pub(crate) struct Overheard<I> {
    io: I,
    heard: Heard,
}

impl<I> Overheard<I> {
    pub(crate) const fn new(io: I, heard: Heard) -> Self {
        Self { io, heard }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Overheard<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, into);
        if let Some(bytes) = into.filled().get(before..).filter(|bytes| !bytes.is_empty()) {
            self.heard.add(bytes);
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Overheard<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn what_may_be_secret_is_hidden_however_it_is_written() {
        for (text, shown) in [
            ("GET /v2/time\r\nHost: a\r\n", "GET /v2/time\r\nHost: a\r\n"),
            ("X-M2X-KEY : abc\r\nHost: a\r\n", "X-M2X-KEY (hidden)\nHost: a\r\n"),
            (
                "GET /external/api/get?Token=abc&V1 HTTP/9\n",
                "GET /external/api/get?Token (hidden)\n",
            ),
            ("Authorization Bearer abc", "Auth (hidden)\n"),
            ("{\"password\": \"abc\"}", "{\"password (hidden)\n"),
            ("\u{fffd}ķey=KEY abc", "\u{fffd}ķey=KEY (hidden)\n"),
        ] {
            assert_eq!(without_secrets(text), shown, "{text:?}");
        }
    }
}
