//! What the bytes inside segments and datagrams are, as far as the lab's services speak it.

use crate::dns_message::Message;
use std::net::Ipv4Addr;

/// A protocol and what it says.
type Says = (&'static str, String);

/// Characters of foreign text at most.
const TEXT_MAX: usize = 120;

/// The bytes of a stream from the start of a segment.
pub(super) fn of_stream(data: &[u8]) -> Option<Says> {
    tls(data).map(|says| ("tls", says)).or_else(|| http(data).map(|says| ("http", says)))
}

/// The bytes of a datagram between these ports.
pub(super) fn of_datagram(ports: [u16; 2], data: &[u8]) -> Option<Says> {
    let on = |port| ports.contains(&port);
    if on(53) || on(5353) {
        return dns(data).map(|says| (if on(53) { "dns" } else { "mdns" }, says));
    }
    if on(67) && on(68) {
        return dhcp(data).map(|says| ("dhcp", says));
    }
    if on(123) {
        let says = match data.first()? & 7 {
            3 => "client",
            4 => "server",
            _ => "other mode",
        };
        return Some(("ntp", says.into()));
    }
    dtls(data).map(|says| ("dtls", says))
}

/// Foreign bytes as text of printable characters, cut where it gets long.
fn printable(bytes: &[u8]) -> String {
    let show = |b: &u8| if b.is_ascii_graphic() || *b == b' ' { char::from(*b) } else { '.' };
    let mut text: String = bytes.iter().take(TEXT_MAX).map(show).collect();
    if bytes.len() > TEXT_MAX {
        text.push('…');
    }
    text
}

fn http(data: &[u8]) -> Option<String> {
    const BEGINNINGS: [&[u8]; 8] =
        [b"GET ", b"POST ", b"PUT ", b"DELETE ", b"HEAD ", b"PATCH ", b"OPTIONS ", b"HTTP/1."];
    if !BEGINNINGS.iter().any(|b| data.starts_with(b)) {
        return None;
    }
    let line = data.split(|&b| b == b'\r' || b == b'\n').next()?;
    Some(printable(line))
}

fn record_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        20 => "change cipher spec",
        21 => "alert",
        22 => "handshake",
        23 => "application data",
        _ => return None,
    })
}

fn handshake_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "client hello",
        2 => "server hello",
        3 => "hello verify request",
        4 => "new session ticket",
        8 => "encrypted extensions",
        11 => "certificate",
        12 => "server key exchange",
        13 => "certificate request",
        14 => "server hello done",
        15 => "certificate verify",
        16 => "client key exchange",
        20 => "finished",
        _ => return None,
    })
}

/// The first record of a segment.
fn tls(data: &[u8]) -> Option<String> {
    let [kind, 3, 0..=4, high, low, body @ ..] = data else { return None };
    let name = record_name(*kind)?;
    let length = u16::from_be_bytes([*high, *low]);
    let hello = || {
        let name = handshake_name(*body.first()?)?;
        let server = (body[0] == 1).then(|| server_name(body)).flatten();
        Some(server.map_or_else(|| name.into(), |server| format!("{name} for {server}")))
    };
    let says = if *kind == 22 { hello() } else { None };
    Some(says.unwrap_or_else(|| format!("{name}, {length} bytes")))
}

/// The first record of a datagram.
fn dtls(data: &[u8]) -> Option<String> {
    let [kind, 0xfe, 0xfd | 0xff, epoch @ ..] = data else { return None };
    let name = record_name(*kind)?;
    // Behind the number of its epoch a handshake is encrypted.
    let is_open = epoch.get(..2)? == [0, 0];
    let message = data.get(13).copied().filter(|_| is_open && *kind == 22);
    let says = message.and_then(handshake_name).map(Into::into);
    Some(says.unwrap_or_else(|| format!("{name}, {} bytes", data.len())))
}

/// Takes so many bytes from the front.
fn take<'a>(data: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (taken, rest) = data.split_at_checked(n)?;
    *data = rest;
    Some(taken)
}

/// Takes a number of that many bytes, and then that many bytes.
fn take_sized<'a>(data: &mut &'a [u8], width: usize) -> Option<&'a [u8]> {
    let length = take(data, width)?.iter().fold(0, |n, &b| n << 8 | usize::from(b));
    take(data, length)
}

/// The server that a client hello names.
fn server_name(body: &[u8]) -> Option<String> {
    let mut rest = body.get(1 + 3 + 2 + 32..)?;
    take_sized(&mut rest, 1)?;
    take_sized(&mut rest, 2)?;
    take_sized(&mut rest, 1)?;
    let mut extensions = rest.get(2..)?;
    while !extensions.is_empty() {
        let kind = take(&mut extensions, 2)?;
        let mut content = take_sized(&mut extensions, 2)?;
        if kind == [0, 0] {
            // A list of names, each with its kind.
            take(&mut content, 3)?;
            return Some(printable(take_sized(&mut content, 2)?));
        }
    }
    None
}

fn dhcp(data: &[u8]) -> Option<String> {
    let mut options = data.get(240..)?;
    while let Some(&[kind]) = take(&mut options, 1).and_then(|k| k.first_chunk::<1>()) {
        if kind == 0 {
            continue;
        }
        let value = take_sized(&mut options, 1)?;
        if kind == 53 {
            let address = Ipv4Addr::from(*data.get(16..20)?.first_chunk::<4>()?);
            return Some(match value.first()? {
                1 => "discover".into(),
                2 => format!("offer {address}"),
                3 => "request".into(),
                4 => "decline".into(),
                5 => format!("ack {address}"),
                6 => "nak".into(),
                7 => "release".into(),
                n => format!("message {n}"),
            });
        }
    }
    None
}

fn dns(data: &[u8]) -> Option<String> {
    let count = |at: usize| Some(u16::from_be_bytes(*data.get(at..at + 2)?.first_chunk::<2>()?));
    if count(4)? == 0 {
        // Who tells something by multicast repeats no question.
        let told = Message::read(data)?.records.into_iter().next()?;
        return Some(format!("{} is {}", told.name, told.address));
    }
    let (name, mut at) = name(data, 12)?;
    let kind = count(at)?;
    at += 4;
    if data.get(2)? & 0x80 == 0 {
        let kind = match kind {
            1 => "A".into(),
            28 => "AAAA".into(),
            255 => "ANY".into(),
            n => format!("type {n}"),
        };
        return Some(format!("{kind}? {name}"));
    }
    for _ in 1..count(4)?.min(64) {
        at = self::name(data, at)?.1 + 4;
    }
    // Each answer begins with a pointer to the name, or with a name.
    for _ in 0..count(6)?.min(16) {
        at = self::name(data, at)?.1;
        let (kind, length) = (count(at)?, count(at + 8)?);
        if kind == 1 && length == 4 {
            let address = Ipv4Addr::from(*data.get(at + 10..)?.first_chunk::<4>()?);
            return Some(format!("{name} is {address}"));
        }
        at += 10 + usize::from(length);
    }
    match data.get(3)? & 15 {
        0 => Some(format!("{name} has no address")),
        3 => Some(format!("{name} does not exist")),
        code => Some(format!("{name}: error {code}")),
    }
}

/// A name that is written out, and where it ends; of a pointer only the end.
fn name(data: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    loop {
        let length = usize::from(*data.get(at)?);
        if length & 0xc0 == 0xc0 {
            return Some((name, at + 2));
        }
        if length == 0 || length > 63 || name.len() > 255 {
            return (length == 0).then_some((name, at + 1));
        }
        let label = data.get(at + 1..at + 1 + length)?;
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&printable(label));
        at += 1 + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_known_by_their_first_bytes() {
        let says = |data: &[u8]| of_stream(data).map(|s| s.1);
        assert_eq!(says(b"GET /v2/x HTTP/1.1\r\nHost: x"), Some("GET /v2/x HTTP/1.1".into()));
        assert_eq!(says(b"GET /\x1b[2J HTTP/1.0\r\n"), Some("GET /.[2J HTTP/1.0".into()));
        assert_eq!(says(&[23, 3, 3, 0, 5, 1, 2, 3]), Some("application data, 5 bytes".into()));
        assert_eq!(says(b"hello"), None);
        assert_eq!(says(b""), None);
    }

    #[test]
    fn a_client_hello_names_the_server() {
        let mut body = vec![1, 0, 0, 0, 3, 3];
        body.extend([7; 32]);
        body.extend([0, 0, 2, 0x13, 1, 1, 0]);
        let name = b"m2x.example";
        let n = name.len() as u8;
        body.extend([0, n + 9, 0, 0, 0, n + 5, 0, n + 3, 0, 0, n]);
        body.extend(name);
        let mut record = vec![22, 3, 1, 0, body.len() as u8];
        record.extend(&body);
        assert_eq!(tls(&record), Some("client hello for m2x.example".into()));
        for n in 0..record.len() {
            // Cut short it is still a record, as soon as it has a head.
            assert_eq!(tls(&record[..n]).is_some(), n >= 5, "{n}");
        }
    }

    #[test]
    fn dhcp_says_what_is_offered() {
        let mut offer = vec![0; 240];
        offer[16..20].copy_from_slice(&[192, 168, 4, 7]);
        offer.extend([0, 54, 4, 1, 2, 3, 4, 53, 1, 2, 255]);
        assert_eq!(dhcp(&offer), Some("offer 192.168.4.7".into()));
        offer.truncate(243);
        assert_eq!(dhcp(&offer), None);
    }
}
