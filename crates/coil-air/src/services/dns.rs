//! The name server: one question in, one answer out, from the lab's table. Malformed questions are dropped. It knows no sockets.

use crate::dns_message::{
    CLASS_IN, FLAG_AUTHORITATIVE, FLAG_RESPONSE, HEADER, TYPE_A, TYPE_ANY, read_name, word,
    write_address,
};
use std::net::Ipv4Addr;

const TTL_SECONDS: u32 = 60;
const FLAG_RECURSION_DESIRED: u16 = 0x0100;
const FLAG_RECURSION_AVAILABLE: u16 = 0x0080;
const OPCODE: u16 = 0x7800;
const RCODE_NO_SUCH_NAME: u16 = 3;
const RCODE_NOT_IMPLEMENTED: u16 = 4;

/// The answer to a question; `lookup` tells the address of a name. `None` if it is no well-formed question.
pub(crate) fn answer(
    request: &[u8],
    lookup: impl FnOnce(&str) -> Option<Ipv4Addr>,
) -> Option<Vec<u8>> {
    let flags = word(request, 2)?;
    if flags & FLAG_RESPONSE != 0 || word(request, 4)? != 1 {
        return None;
    }
    let (name, end) = read_name(request, HEADER)?;
    let name = name?;
    let (kind, class) = (word(request, end)?, word(request, end + 2)?);
    let question = request.get(HEADER..end + 4)?;
    let mut reply_flags = FLAG_RESPONSE
        | FLAG_AUTHORITATIVE
        | FLAG_RECURSION_AVAILABLE
        | (flags & (FLAG_RECURSION_DESIRED | OPCODE));
    let mut address = None;
    if flags & OPCODE != 0 || class != CLASS_IN {
        reply_flags |= RCODE_NOT_IMPLEMENTED;
    } else {
        match lookup(&name) {
            // A name that exists but has no record of the kind asked for gets an empty answer.
            Some(found) => address = (kind == TYPE_A || kind == TYPE_ANY).then_some(found),
            None => reply_flags |= RCODE_NO_SUCH_NAME,
        }
    }
    let mut reply = Vec::with_capacity(HEADER + question.len() + 16);
    reply.extend_from_slice(request.get(..2)?);
    reply.extend_from_slice(&reply_flags.to_be_bytes());
    for count in [1, u16::from(address.is_some()), 0, 0] {
        reply.extend_from_slice(&count.to_be_bytes());
    }
    reply.extend_from_slice(question);
    if let Some(address) = address {
        reply.extend_from_slice(&[0xc0, HEADER as u8]); // the name: the one in the question
        write_address(&mut reply, CLASS_IN, TTL_SECONDS, address);
    }
    Some(reply)
}

/// The name of which a well-formed question wants the address.
pub(crate) fn asked(request: &[u8]) -> Option<String> {
    let is_question = word(request, 2)? & (FLAG_RESPONSE | OPCODE) == 0 && word(request, 4)? == 1;
    let (name, end) = read_name(request, HEADER)?;
    let name = name?;
    let (kind, class) = (word(request, end)?, word(request, end + 2)?);
    (is_question && class == CLASS_IN && [TYPE_A, TYPE_ANY].contains(&kind)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    const ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 5);

    fn question(name: &str, kind: u16) -> Vec<u8> {
        let mut bytes = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            bytes.push(u8::try_from(label.len()).unwrap());
            bytes.extend_from_slice(label.as_bytes());
        }
        bytes.push(0);
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&CLASS_IN.to_be_bytes());
        bytes
    }

    fn known(name: &str) -> Option<Ipv4Addr> {
        (name == "pool.ntp.org").then_some(ADDRESS)
    }

    #[test]
    fn known_name_gets_its_address_and_unknown_one_nxdomain() {
        let reply = answer(&question("pool.ntp.org", TYPE_A), known).unwrap();
        assert_eq!(reply[..4], [0x12, 0x34, 0x85, 0x80]);
        assert_eq!(reply[reply.len() - 4..], ADDRESS.octets());
        let reply = answer(&question("example.com", TYPE_A), known).unwrap();
        assert_eq!(reply[3] & 15, 3);
        assert_eq!(reply[7], 0);
    }

    #[test]
    fn known_name_without_that_record_gets_an_empty_answer() {
        let reply = answer(&question("pool.ntp.org", 28), known).unwrap();
        assert_eq!((reply[3] & 15, reply[7]), (0, 0));
    }

    #[test]
    fn malformed_questions_are_dropped() {
        let good = question("pool.ntp.org", TYPE_A);
        for cut in 0..good.len() {
            assert!(answer(&good[..cut], known).is_none(), "{cut}");
        }
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            answer(&bytes, known)
        };
        assert!(with(2, 0x81).is_none(), "a response");
        assert!(with(5, 2).is_none(), "two questions");
        assert!(with(12, 0xc0).is_none(), "compression");
        assert!(with(12, 0).is_none(), "the root");
    }

    #[test]
    fn mutated_questions_never_panic_and_answers_stay_small() {
        let mut rng = Rng::new(8, b"dns");
        let good = question("api-m2x.att.com", TYPE_A);
        for _ in 0..200_000 {
            let mut bytes = good.clone();
            for _ in 0..=rng.next() % 4 {
                let at = rng.next() as usize % bytes.len();
                bytes[at] = rng.next() as u8;
            }
            bytes.truncate(rng.next() as usize % (bytes.len() + 8));
            if let Some(reply) = answer(&bytes, |_| Some(ADDRESS)) {
                assert!(reply.len() <= bytes.len() + 16);
            }
        }
    }
}
