//! Requests as boards send them: HTTP/1.0 and 1.1, one for each connection.

use std::fmt::Write;

/// Bytes of a request's head at most.
const HEAD_MAX: usize = 16 * 1024;
/// Bytes of a body at most.
const BODY_MAX: usize = 1 << 20;
/// Headers at most.
const HEADERS_MAX: usize = 100;

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What can be said of bytes that have come so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// There is more to come.
    Partly,
    /// No request.
    Bad(&'static str),
    Whole(Request),
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|h| h.0.eq_ignore_ascii_case(name))?;
        Some(&header.1)
    }
}

/// Reads a request.
pub(crate) fn parse(bytes: &[u8]) -> Parsed {
    let Some(end) = bytes.windows(4).take(HEAD_MAX).position(|w| w == b"\r\n\r\n") else {
        return if bytes.len() > HEAD_MAX {
            Parsed::Bad("the head is too long")
        } else {
            Parsed::Partly
        };
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Parsed::Bad("the first line is not `METHOD /path HTTP/1.1`");
    };
    if method.is_empty() || !path.starts_with('/') || !version.starts_with("HTTP/1.") {
        return Parsed::Bad("the first line is not `METHOD /path HTTP/1.1`");
    }
    let mut request = Request { method: method.into(), path: path.into(), ..Request::default() };
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            return Parsed::Bad("a header is not `Name: value`");
        };
        if request.headers.len() >= HEADERS_MAX {
            return Parsed::Bad("there are too many headers");
        }
        request.headers.push((name.trim().into(), value.trim().into()));
    }
    let rest = &bytes[end + 4..];
    if request.header("transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        return match chunks(rest) {
            Ok(Some(body)) => Parsed::Whole(Request { body, ..request }),
            Ok(None) => Parsed::Partly,
            Err(why) => Parsed::Bad(why),
        };
    }
    let length = match request.header("content-length").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(n)) if n <= BODY_MAX => n,
        Some(Ok(_)) => return Parsed::Bad("the body is too long"),
        Some(Err(_)) => return Parsed::Bad("the length of the body is no number"),
    };
    if rest.len() < length {
        return Parsed::Partly;
    }
    request.body = rest[..length].to_vec();
    Parsed::Whole(request)
}

/// A body that comes in pieces; nothing if there is more to come.
fn chunks(mut rest: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).take(64).position(|w| w == b"\r\n") else {
            return if rest.len() > 64 { Err("a piece has no length") } else { Ok(None) };
        };
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)
            .map_err(|_| "the length of a piece is no number")?;
        if size > BODY_MAX || body.len() + size > BODY_MAX {
            return Err("the body is too long");
        }
        rest = &rest[end + 2..];
        if rest.len() < size + 2 {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&rest[..size]);
        rest = &rest[size + 2..];
    }
}

/// An answer as it goes over the wire; the connection ends with it.
pub(crate) fn answer(status: u16, headers: &[(String, String)], body: &[u8]) -> Vec<u8> {
    let reason = match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    };
    let mut head = format!("HTTP/1.1 {status} {reason}\r\n");
    for (name, value) in headers {
        // Into a text nothing fails.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Whether a text is what a pattern says, where `*` stands for anything.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<_> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_when_it_is_whole() {
        let text = b"PUT /v2/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
        for n in 0..text.len() {
            assert_eq!(parse(&text[..n]), Parsed::Partly, "{n}");
        }
        let Parsed::Whole(request) = parse(text) else { panic!("whole") };
        assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/v2/x"));
        assert_eq!(request.header("HOST"), Some("a"));
        assert_eq!(request.body, b"hello");
        let pieces = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        for n in 0..pieces.len() {
            assert_eq!(parse(&pieces[..n]), Parsed::Partly, "{n}");
        }
        assert!(matches!(parse(pieces), Parsed::Whole(r) if r.body == b"abcde"));
    }

    #[test]
    fn what_is_no_request_or_has_no_end_is_refused() {
        let long = "x".repeat(HEAD_MAX + 4);
        let many = "a: b\r\n".repeat(HEADERS_MAX + 1);
        for text in [
            "hello\r\n\r\n".to_owned(),
            "GET x HTTP/1.1\r\n\r\n".to_owned(),
            "GET / HTTP/1.1\r\nnonsense\r\n\r\n".to_owned(),
            "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n".to_owned(),
            "GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n".to_owned(),
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n".to_owned(),
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned(),
            format!("GET / HTTP/1.1\r\n{many}\r\n"),
            long,
        ] {
            assert!(matches!(parse(text.as_bytes()), Parsed::Bad(_)), "{text}");
        }
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, is) in [
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a*", "/ab", true),
            ("/v2/*/value", "/v2/devices/1/value", true),
            ("/v2/*/value", "/v2/devices/1/values", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(is_like(pattern, text), is, "{pattern} {text}");
        }
    }
}
