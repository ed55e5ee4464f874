//! Telnet with the COM port option (RFC 854, 2217), the client's half: bytes in; the board's bytes and answers out. It owns no socket.

use super::parser::{
    BINARY, COM_PORT, DO, DONT, IAC, SB, SE, SUPPRESS_GO_AHEAD, Session, WILL, WONT, command,
};

/// Telnet's ECHO: the server says that the board echoes, which it does.
const ECHO: u8 = 1;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Data,
    Iac,
    Option(u8),
    Told,
    ToldIac,
}

/// One end of a conversation with a server.
#[derive(Debug, Default)]
pub struct Client {
    state: State,
    /// Options that were agreed to already, so that nobody answers an answer: the server's, and ours.
    theirs: Agreed,
    ours: Agreed,
}

/// A set of options.
#[derive(Debug, Default)]
struct Agreed([u64; 4]);

impl Agreed {
    /// Puts one in or takes it out; true if that is new.
    fn set(&mut self, option: u8, is_on: bool) -> bool {
        let (word, bit) = (usize::from(option >> 6), 1 << (option & 63));
        let was_on = self.0[word] & bit != 0;
        if is_on {
            self.0[word] |= bit;
        } else {
            self.0[word] &= !bit;
        }
        was_on != is_on
    }
}

impl Client {
    /// What a client says first, at the end of `wire`: it wants bytes as they are, at this speed, 8 bits, no parity, one stop bit, both lines off.
    pub fn greet(&mut self, baud: u32, wire: &mut Vec<u8>) {
        for option in [BINARY, SUPPRESS_GO_AHEAD, COM_PORT] {
            self.theirs.set(option, true);
            wire.extend([IAC, DO, option]);
        }
        for option in [BINARY, COM_PORT] {
            self.ours.set(option, true);
            wire.extend([IAC, WILL, option]);
        }
        ask(command::BAUD_RATE, &baud.to_be_bytes(), wire);
        ask(command::DATA_SIZE, &[8], wire);
        ask(command::PARITY, &[1], wire);
        ask(command::STOP_SIZE, &[1], wire);
        ask(command::CONTROL, &[1], wire);
        Self::lines(false, false, wire);
    }

    /// Sets the lines, at the end of `wire`: DTR first, as tools that reset chips do.
    pub fn lines(dtr: bool, rts: bool, wire: &mut Vec<u8>) {
        for value in [if dtr { 8 } else { 9 }, if rts { 11 } else { 12 }] {
            ask(command::CONTROL, &[value], wire);
        }
    }

    /// Bytes for the board as they go over the connection, at the end of `wire`.
    pub fn give(bytes: &[u8], wire: &mut Vec<u8>) {
        Session::give(bytes, wire);
    }

    /// Takes what has come: bytes of the board are put at the end of `data`, what is to be answered at the end of `answers`.
    pub fn take(&mut self, bytes: &[u8], data: &mut Vec<u8>, answers: &mut Vec<u8>) {
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (State::Data, IAC) => State::Iac,
                (State::Data, _) | (State::Iac, IAC) => {
                    data.push(byte);
                    State::Data
                }
                (State::Iac | State::ToldIac, WILL | WONT | DO | DONT) => State::Option(byte),
                (State::Iac | State::ToldIac, SB) => State::Told,
                (State::Iac, _) => State::Data,
                (State::Option(verb), option) => {
                    self.negotiate(verb, option, answers);
                    State::Data
                }
                // What the server tells of lines and settings is not asked for.
                (State::Told, IAC) => State::ToldIac,
                (State::Told, _) | (State::ToldIac, IAC) => State::Told,
                (State::ToldIac, _) => State::Data,
            };
        }
    }

    fn negotiate(&mut self, verb: u8, option: u8, answers: &mut Vec<u8>) {
        let (side, yes, no) = match verb {
            WILL | WONT => (&mut self.theirs, DO, DONT),
            _ => (&mut self.ours, WILL, WONT),
        };
        let known = match verb {
            WILL | WONT => matches!(option, BINARY | ECHO | SUPPRESS_GO_AHEAD | COM_PORT),
            _ => matches!(option, BINARY | SUPPRESS_GO_AHEAD | COM_PORT),
        };
        let is_on = matches!(verb, WILL | DO);
        if is_on && !known {
            answers.extend([IAC, no, option]);
        } else if side.set(option, is_on) {
            answers.extend([IAC, if is_on { yes } else { no }, option]);
        }
    }
}

fn ask(command: u8, value: &[u8], wire: &mut Vec<u8>) {
    wire.extend([IAC, SB, COM_PORT, command]);
    Session::give(value, wire);
    wire.extend([IAC, SE]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfc2217::parser::Heard;

    /// Lets both ends speak until they are silent; what the server heard.
    fn settle(client: &mut Client, server: &mut Session, mut to_server: Vec<u8>) -> Vec<Heard> {
        let (mut heard, mut to_client) = (Vec::new(), Vec::new());
        server.greet(&mut to_client);
        for _ in 0..10 {
            heard.extend(server.take(&std::mem::take(&mut to_server), &mut to_client));
            let mut data = Vec::new();
            client.take(&std::mem::take(&mut to_client), &mut data, &mut to_server);
            assert!(data.is_empty(), "{data:?}");
            if to_server.is_empty() {
                return heard;
            }
        }
        panic!("they never come to an end");
    }

    #[test]
    fn client_and_server_agree_and_lines_and_bytes_arrive() {
        let (mut client, mut server) = (Client::default(), Session::default());
        let mut wire = Vec::new();
        client.greet(57_600, &mut wire);
        Client::lines(false, true, &mut wire);
        Client::lines(true, false, &mut wire);
        Client::give(b"\r\0\xff\x03", &mut wire);
        let heard = settle(&mut client, &mut server, wire);
        assert_eq!(server.settings().baud, 57_600);
        let lines = |dtr, rts| Heard::Lines { dtr, rts };
        let data = Heard::Data(b"\r\0\xff\x03".to_vec());
        assert_eq!(heard, [lines(false, true), lines(true, true), lines(true, false), data]);
        let (mut wire, mut data) = (Vec::new(), Vec::new());
        Session::give(&[0, 255, 255, 13, 10], &mut wire);
        client.take(&wire, &mut data, &mut Vec::new());
        assert_eq!(data, [0, 255, 255, 13, 10]);
    }

    #[test]
    fn what_is_not_known_is_refused_and_answers_are_not_answered() {
        let mut client = Client::default();
        let (mut data, mut answers) = (Vec::new(), Vec::new());
        client.take(
            &[IAC, DO, 24, IAC, WILL, 31, IAC, WILL, ECHO, IAC, WILL, ECHO],
            &mut data,
            &mut answers,
        );
        assert_eq!(answers, [IAC, WONT, 24, IAC, DONT, 31, IAC, DO, ECHO]);
        assert!(data.is_empty());
    }
}
