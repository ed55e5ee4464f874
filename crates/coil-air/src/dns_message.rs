//! Messages of DNS, read and written: what the name server and multicast DNS have in common. Whatever bytes come, reading ends, and
//! takes no more than a message has room for. It knows no names and sends nothing.

use std::net::Ipv4Addr;

pub(crate) const HEADER: usize = 12;
pub(crate) const TYPE_A: u16 = 1;
pub(crate) const TYPE_AAAA: u16 = 28;
pub(crate) const TYPE_ANY: u16 = 255;
pub(crate) const CLASS_IN: u16 = 1;
pub(crate) const FLAG_RESPONSE: u16 = 0x8000;
pub(crate) const FLAG_AUTHORITATIVE: u16 = 0x0400;
/// In the class of a question of multicast DNS: answer me alone. In that of a record: forget what you knew.
pub(crate) const TOP: u16 = 0x8000;
const MAX_NAME: usize = 255;
/// Questions and records that are read; a message of one frame with more of them is nobody's in earnest.
const MAX_ENTRIES: usize = 64;

/// Sixteen bits at a place.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// A name and where what follows it begins. The name is `None` if it has characters that no host's has.
type Name = (Option<String>, usize);

/// Reads the name at a place. It may go on at an earlier place, and each time at an earlier one than before, so that it ends.
pub(crate) fn read_name(bytes: &[u8], at: usize) -> Option<Name> {
    let (mut name, mut is_plain) = (String::new(), true);
    let (mut at, mut begins, mut end) = (at, at, None);
    loop {
        let length = usize::from(*bytes.get(at)?);
        if length & 0xc0 == 0xc0 {
            let to = usize::from(word(bytes, at)? & 0x3fff);
            if !(HEADER..begins).contains(&to) {
                return None;
            }
            end = end.or(Some(at + 2));
            (at, begins) = (to, to);
            continue;
        }
        at += 1;
        if length == 0 {
            return Some(((is_plain && !name.is_empty()).then_some(name), end.unwrap_or(at)));
        }
        if length > 63 || name.len() + length + 1 > MAX_NAME {
            return None;
        }
        let label = bytes.get(at..at + length)?;
        is_plain &= label.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'.');
        if !name.is_empty() {
            name.push('.');
        }
        // Each byte one character, whatever it is, so that the bound on the length holds.
        name.extend(label.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '?' }));
        at += length;
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) name: String,
    pub(crate) kind: u16,
    pub(crate) class: u16,
}

/// Where in a message a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Answer,
    Authority,
    Additional,
}

/// The address of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) section: Section,
    pub(crate) name: String,
    pub(crate) class: u16,
    pub(crate) address: Ipv4Addr,
}

/// A message, as far as it is about addresses of hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) id: u16,
    pub(crate) flags: u16,
    pub(crate) questions: Vec<Question>,
    pub(crate) records: Vec<Record>,
}

impl Message {
    /// Reads a message; `None` if it is none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut message = Self { id: word(bytes, 0)?, flags: word(bytes, 2)?, ..Self::default() };
        let counts: Vec<u16> = (0..4).map(|i| word(bytes, 4 + 2 * i)).collect::<Option<_>>()?;
        let mut at = HEADER;
        let mut room = MAX_ENTRIES;
        for _ in 0..counts[0] {
            room = room.checked_sub(1)?;
            let (name, end) = read_name(bytes, at)?;
            let (kind, class) = (word(bytes, end)?, word(bytes, end + 2)?);
            at = end + 4;
            message.questions.extend(name.map(|name| Question { name, kind, class }));
        }
        let sections = [Section::Answer, Section::Authority, Section::Additional];
        for (section, count) in sections.into_iter().zip(&counts[1..]) {
            for _ in 0..*count {
                room = room.checked_sub(1)?;
                let (name, end) = read_name(bytes, at)?;
                let (kind, class) = (word(bytes, end)?, word(bytes, end + 2)?);
                let data = end + 10;
                at = data + usize::from(word(bytes, end + 8)?);
                let data = bytes.get(data..at)?;
                if kind == TYPE_A
                    && let (Some(name), Ok(octets)) = (name, <[u8; 4]>::try_from(data))
                {
                    message.records.push(Record { section, name, class, address: octets.into() });
                }
            }
        }
        Some(message)
    }

    /// Writes it; `None` if a name cannot be written.
    pub(crate) fn write(&self, ttl_seconds: u32) -> Option<Vec<u8>> {
        let count = |section| self.records.iter().filter(|it| it.section == section).count();
        let mut bytes = Vec::new();
        for word in [self.id, self.flags, u16::try_from(self.questions.len()).ok()?] {
            bytes.extend(word.to_be_bytes());
        }
        for section in [Section::Answer, Section::Authority, Section::Additional] {
            bytes.extend(u16::try_from(count(section)).ok()?.to_be_bytes());
        }
        for Question { name, kind, class } in &self.questions {
            write_name(&mut bytes, name)?;
            bytes.extend(kind.to_be_bytes());
            bytes.extend(class.to_be_bytes());
        }
        for section in [Section::Answer, Section::Authority, Section::Additional] {
            for record in self.records.iter().filter(|it| it.section == section) {
                write_name(&mut bytes, &record.name)?;
                write_address(&mut bytes, record.class, ttl_seconds, record.address);
            }
        }
        Some(bytes)
    }
}

fn write_name(bytes: &mut Vec<u8>, name: &str) -> Option<()> {
    if name.len() + 2 > MAX_NAME {
        return None;
    }
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|n| (1..=63).contains(n))?;
        bytes.push(length);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    Some(())
}

/// Writes what follows the name in a record with an address.
pub(crate) fn write_address(bytes: &mut Vec<u8>, class: u16, ttl_seconds: u32, address: Ipv4Addr) {
    bytes.extend(TYPE_A.to_be_bytes());
    bytes.extend(class.to_be_bytes());
    bytes.extend(ttl_seconds.to_be_bytes());
    bytes.extend(4u16.to_be_bytes());
    bytes.extend(address.octets());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn sample() -> Message {
        let record = |section, name: &str| Record {
            section,
            name: name.into(),
            class: CLASS_IN | TOP,
            address: Ipv4Addr::new(192, 168, 1, 7),
        };
        Message {
            id: 7,
            flags: FLAG_RESPONSE | FLAG_AUTHORITATIVE,
            questions: vec![Question { name: "a.local".into(), kind: TYPE_ANY, class: CLASS_IN }],
            records: vec![
                record(Section::Answer, "a.local"),
                record(Section::Authority, "mpy-esp32.local"),
                record(Section::Additional, "b.local"),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let message = sample();
        assert_eq!(Message::read(&message.write(120).unwrap()), Some(message.clone()));
        let bytes = message.write(120).unwrap();
        for cut in 0..bytes.len() {
            assert_eq!(Message::read(&bytes[..cut]), None, "{cut}");
        }
        let long = Question { name: "x".repeat(64), kind: TYPE_A, class: CLASS_IN };
        assert_eq!(Message { questions: vec![long], ..message }.write(120), None);
    }

    #[test]
    fn a_name_that_goes_on_elsewhere_is_read_once() {
        // At 12 `local`, at 19 `a` and then that, at 23 the same by a pointer.
        let mut bytes = vec![0; HEADER];
        bytes.extend(b"\x05local\x00\x01a\xc0\x0c\xc0\x13");
        assert_eq!(read_name(&bytes, 19), Some((Some("a.local".into()), 23)));
        assert_eq!(read_name(&bytes, 23), Some((Some("a.local".into()), 25)));
        for to in [23u8, 24, 25, 11, 0] {
            bytes[24] = to;
            assert_eq!(read_name(&bytes, 23), None, "to {to}");
        }
    }

    #[test]
    fn names_that_no_host_has_are_passed_over() {
        let mut bytes = vec![0, 0, 0x84, 0, 0, 2, 0, 0, 0, 0, 0, 0];
        bytes.extend(b"\x03a b\x00\x00\x01\x00\x01\x01a\x00\x00\x01\x00\x01");
        let names: Vec<_> = Message::read(&bytes).unwrap().questions;
        assert_eq!(names.iter().map(|q| &*q.name).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn mutated_messages_never_panic_and_say_no_more_than_they_can() {
        let mut rng = Rng::new(8, b"messages");
        let good = sample().write(120).unwrap();
        for _ in 0..200_000 {
            let mut bytes = good.clone();
            for _ in 0..=rng.next() % 4 {
                let at = rng.next() as usize % bytes.len();
                bytes[at] = rng.next() as u8;
            }
            bytes.truncate(rng.next() as usize % (bytes.len() + 8));
            if let Some(message) = Message::read(&bytes) {
                assert!(message.questions.len() + message.records.len() <= MAX_ENTRIES);
            }
        }
    }
}
