//! Where a board is: a serial device, or a port of RFC 2217.

use super::Error;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// What an address of RFC 2217 starts with.
const RFC2217: &str = "rfc2217://";

/// The address of a board's wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A serial port of this machine, or a pseudo-terminal.
    Device(PathBuf),
    /// A serial port elsewhere: name or number of the machine, and port.
    Rfc2217(String),
}

impl FromStr for Address {
    type Err = Error;

    /// A path, or `rfc2217://host:port`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |why| Err(Error::Address { text: text.to_owned(), why });
        if let Some(place) = text.strip_prefix(RFC2217) {
            let Some((host, port)) = place.rsplit_once(':') else {
                return bad("it has no port");
            };
            if host.is_empty() || port.parse::<u16>().is_ok_and(|p| p == 0) {
                return bad("host and port must not be empty or 0");
            }
            if port.parse::<u16>().is_err() {
                return bad("the port is no number");
            }
            return Ok(Self::Rfc2217(place.to_owned()));
        }
        if text.contains("://") {
            return bad("only rfc2217:// is known");
        }
        if text.is_empty() || text.contains('\0') {
            return bad("it is no path");
        }
        Ok(Self::Device(text.into()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(path) => write!(f, "{}", path.display()),
            Self::Rfc2217(place) => write!(f, "{RFC2217}{place}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_are_told_apart_and_what_is_neither_is_refused() {
        for text in
            ["/dev/ttyUSB0", "lab/tty-board0", "rfc2217://127.0.0.1:4000", "rfc2217://[::1]:1"]
        {
            let address: Address = text.parse().expect(text);
            assert_eq!(address.to_string(), text);
        }
        assert!(matches!("rfc2217://a:1".parse(), Ok(Address::Rfc2217(_))));
        for text in [
            "",
            "a\0b",
            "rfc2217://",
            "rfc2217://a",
            "rfc2217://a:b",
            "rfc2217://a:0",
            "rfc2217://:1",
            "socket://a:1",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
