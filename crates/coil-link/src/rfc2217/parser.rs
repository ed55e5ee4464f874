//! Telnet with the COM port option (RFC 854, 2217), the server's half: bytes in; data, settings and answers
//! out. It owns no socket and knows no board.

pub(super) const IAC: u8 = 255;
pub(super) const DONT: u8 = 254;
pub(super) const DO: u8 = 253;
pub(super) const WONT: u8 = 252;
pub(super) const WILL: u8 = 251;
pub(super) const SB: u8 = 250;
pub(super) const SE: u8 = 240;

/// Options that are agreed to.
pub(super) const BINARY: u8 = 0;
const ECHO: u8 = 1;
pub(super) const SUPPRESS_GO_AHEAD: u8 = 3;
pub(super) const COM_PORT: u8 = 44;

/// What a client asks of the port; the answer has 100 more.
pub(super) mod command {
    pub(in crate::rfc2217) const SIGNATURE: u8 = 0;
    pub(in crate::rfc2217) const BAUD_RATE: u8 = 1;
    pub(in crate::rfc2217) const DATA_SIZE: u8 = 2;
    pub(in crate::rfc2217) const PARITY: u8 = 3;
    pub(in crate::rfc2217) const STOP_SIZE: u8 = 4;
    pub(in crate::rfc2217) const CONTROL: u8 = 5;
    pub(in crate::rfc2217) const MODEM_STATE: u8 = 7;
    pub(in crate::rfc2217) const SUSPEND: u8 = 8;
    pub(in crate::rfc2217) const RESUME: u8 = 9;
    pub(in crate::rfc2217) const LINE_STATE_MASK: u8 = 10;
    pub(in crate::rfc2217) const MODEM_STATE_MASK: u8 = 11;
    pub(in crate::rfc2217) const PURGE: u8 = 12;
    pub(in crate::rfc2217) const ANSWER: u8 = 100;
}

/// Carrier, data set ready and clear to send: what a board that is there shows.
const MODEM_STATE: u8 = 0x80 | 0x20 | 0x10;
/// Bytes of one request that are looked at; what is longer is no request of the protocol.
const REQUEST_MAX: usize = 64;
/// What the server says it is.
const SIGNATURE: &[u8] = b"coil";

/// What was heard, in the order in which it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Bytes for the board.
    Data(Vec<u8>),
    /// The lines are so from now on.
    Lines {
        /// Data terminal ready.
        dtr: bool,
        /// Request to send.
        rts: bool,
    },
    /// What the board sent and the client has not got is to be thrown away.
    Purge,
}

/// How the client wants the port to be. Nothing of it changes a virtual wire, but the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bits in a second.
    pub baud: u32,
    /// Bits of a character.
    pub data_size: u8,
    /// 1 is none, 2 odd, 3 even, 4 mark, 5 space.
    pub parity: u8,
    /// 1 is one bit, 2 two, 3 one and a half.
    pub stop_size: u8,
    /// Flow control outwards (1 to 3) and inwards (14 to 16).
    pub flow: [u8; 2],
    /// A break is being sent.
    pub is_break: bool,
    /// Data terminal ready.
    pub dtr: bool,
    /// Request to send.
    pub rts: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            baud: 115_200,
            data_size: 8,
            parity: 1,
            stop_size: 1,
            flow: [1, 14],
            is_break: false,
            dtr: false,
            rts: false,
        }
    }
}

/// How one side stands to an option.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stand {
    #[default]
    Off,
    /// We asked for it and have no answer.
    Asked,
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Data,
    /// After a carriage return: the NUL that follows it in text is none of the board's.
    Return,
    Iac,
    Option(u8),
    Request,
    RequestIac,
}

/// One client's half of the conversation.
#[derive(Debug)]
pub struct Session {
    state: State,
    ours: [Stand; 256],
    theirs: [Stand; 256],
    request: Vec<u8>,
    settings: Settings,
    is_suspended: bool,
    line_state_mask: u8,
    modem_state_mask: u8,
    /// The client has been told the modem's state.
    has_told: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            state: State::Data,
            ours: [Stand::Off; 256],
            theirs: [Stand::Off; 256],
            request: Vec::new(),
            settings: Settings::default(),
            is_suspended: false,
            line_state_mask: 0,
            modem_state_mask: 255,
            has_told: false,
        }
    }
}

fn is_known(option: u8) -> bool {
    matches!(option, BINARY | ECHO | SUPPRESS_GO_AHEAD | COM_PORT)
}

impl Session {
    /// What the server says first, at the end of `answers`.
    pub fn greet(&mut self, answers: &mut Vec<u8>) {
        for option in [ECHO, SUPPRESS_GO_AHEAD, COM_PORT] {
            self.ours[usize::from(option)] = Stand::Asked;
            answers.extend([IAC, WILL, option]);
        }
        self.theirs[usize::from(BINARY)] = Stand::Asked;
        answers.extend([IAC, DO, BINARY]);
    }

    /// How the client wants the port.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Whether the client has asked to be sent nothing.
    pub fn is_suspended(&self) -> bool {
        self.is_suspended
    }

    /// Bytes of the board as they go over the connection, at the end of `wire`.
    pub fn give(bytes: &[u8], wire: &mut Vec<u8>) {
        for part in bytes.split_inclusive(|b| *b == IAC) {
            wire.extend_from_slice(part);
            if part.ends_with(&[IAC]) {
                wire.push(IAC);
            }
        }
    }

    /// Takes what has come; what is to be answered is put at the end of `answers`.
    pub fn take(&mut self, bytes: &[u8], answers: &mut Vec<u8>) -> Vec<Heard> {
        let mut heard = Vec::new();
        for &byte in bytes {
            self.byte(byte, &mut heard, answers);
        }
        heard
    }

    fn byte(&mut self, byte: u8, heard: &mut Vec<Heard>, answers: &mut Vec<u8>) {
        self.state = match (self.state, byte) {
            (State::Data | State::Return, IAC) => State::Iac,
            (State::Return, 0) if !self.is_com_port() => State::Data,
            (State::Data | State::Return, _) => Self::data(byte, heard),
            (State::Iac, IAC) => Self::data(IAC, heard),
            (State::Iac | State::RequestIac, WILL | WONT | DO | DONT) => State::Option(byte),
            (State::Iac | State::RequestIac, SB) => {
                self.request.clear();
                State::Request
            }
            // The others are for terminals and mean nothing to a port; a request that one of them cuts
            // off is none.
            (State::Iac, _) => State::Data,
            (State::Option(verb), _) => {
                self.negotiate(verb, byte, answers);
                State::Data
            }
            (State::Request, IAC) => State::RequestIac,
            (State::Request, _) | (State::RequestIac, IAC) => {
                if self.request.len() <= REQUEST_MAX {
                    self.request.push(byte);
                }
                State::Request
            }
            (State::RequestIac, SE) => {
                let request = std::mem::take(&mut self.request);
                if request.len() <= REQUEST_MAX
                    && let [COM_PORT, command, value @ ..] = request.as_slice()
                {
                    self.obey(*command, value, heard, answers);
                }
                State::Data
            }
            (State::RequestIac, _) => State::Data,
        };
    }

    fn data(byte: u8, heard: &mut Vec<Heard>) -> State {
        match heard.last_mut() {
            Some(Heard::Data(data)) => data.push(byte),
            _ => heard.push(Heard::Data(vec![byte])),
        }
        if byte == b'\r' { State::Return } else { State::Data }
    }

    fn is_com_port(&self) -> bool {
        let at = usize::from(COM_PORT);
        self.ours[at] == Stand::On || self.theirs[at] == Stand::On
    }

    fn negotiate(&mut self, verb: u8, option: u8, answers: &mut Vec<u8>) {
        let (side, yes, no) = match verb {
            DO | DONT => (&mut self.ours, WILL, WONT),
            _ => (&mut self.theirs, DO, DONT),
        };
        let stand = &mut side[usize::from(option)];
        match (verb, *stand) {
            (DO | WILL, Stand::On) | (DONT | WONT, Stand::Off) => {}
            (DO | WILL, Stand::Asked) => *stand = Stand::On,
            (DO | WILL, Stand::Off) if is_known(option) => {
                *stand = Stand::On;
                answers.extend([IAC, yes, option]);
            }
            (DO | WILL, Stand::Off) => answers.extend([IAC, no, option]),
            (_, Stand::Asked) => *stand = Stand::Off,
            _ => {
                *stand = Stand::Off;
                answers.extend([IAC, no, option]);
            }
        }
        if self.is_com_port() && !self.has_told {
            self.tell_modem_state(answers);
        }
    }

    fn tell_modem_state(&mut self, answers: &mut Vec<u8>) {
        self.has_told = true;
        answer(command::MODEM_STATE, &[MODEM_STATE & self.modem_state_mask], answers);
    }

    /// Does what a request asks; one without the value that it needs is left without an answer.
    fn obey(&mut self, command: u8, value: &[u8], heard: &mut Vec<Heard>, answers: &mut Vec<u8>) {
        let first = value.first().copied();
        let settings = &mut self.settings;
        // A value of nought asks; one that is not possible changes nothing, and the answer says what is.
        let set = |now: &mut u8, most: u8, answers: &mut Vec<u8>| {
            let Some(wanted) = first else { return };
            if (1..=most).contains(&wanted) {
                *now = wanted;
            }
            answer(command, &[*now], answers);
        };
        match (command, first) {
            (command::SIGNATURE, None) => answer(command, SIGNATURE, answers),
            (command::BAUD_RATE, _) => {
                let Some(baud) = value.first_chunk().map(|b| u32::from_be_bytes(*b)) else {
                    return;
                };
                if baud != 0 {
                    settings.baud = baud;
                }
                answer(command, &settings.baud.to_be_bytes(), answers);
            }
            (command::DATA_SIZE, _) => set(&mut settings.data_size, 8, answers),
            (command::PARITY, _) => set(&mut settings.parity, 5, answers),
            (command::STOP_SIZE, _) => set(&mut settings.stop_size, 3, answers),
            (command::CONTROL, Some(control)) => {
                let before = (settings.dtr, settings.rts);
                if let Some(now) = settings.control(control) {
                    answer(command, &[now], answers);
                }
                let (dtr, rts) = (settings.dtr, settings.rts);
                if (dtr, rts) != before {
                    heard.push(Heard::Lines { dtr, rts });
                }
            }
            (command::SUSPEND, _) => self.is_suspended = true,
            (command::RESUME, _) => self.is_suspended = false,
            (command::LINE_STATE_MASK, Some(mask)) => {
                self.line_state_mask = mask;
                answer(command, &[mask], answers);
            }
            (command::MODEM_STATE_MASK, Some(mask)) => {
                self.modem_state_mask = mask;
                answer(command, &[mask], answers);
                self.tell_modem_state(answers);
            }
            (command::PURGE, Some(what)) => {
                // What has come from the client is with the board already.
                if matches!(what, 1 | 3) {
                    heard.push(Heard::Purge);
                }
                answer(command, &[what], answers);
            }
            _ => {}
        }
    }
}

impl Settings {
    /// Obeys a value of SET-CONTROL; answers what is so then.
    fn control(&mut self, value: u8) -> Option<u8> {
        let on_or_off = |is_on, on: u8| if is_on { on } else { on + 1 };
        Some(match value {
            0 => self.flow[0],
            // Flow control by other lines than these is not there.
            1..=3 => {
                self.flow[0] = value;
                value
            }
            4 => on_or_off(self.is_break, 5),
            5 | 6 => {
                self.is_break = value == 5;
                value
            }
            7 => on_or_off(self.dtr, 8),
            8 | 9 => {
                self.dtr = value == 8;
                value
            }
            10 => on_or_off(self.rts, 11),
            11 | 12 => {
                self.rts = value == 11;
                value
            }
            13 => self.flow[1],
            14..=16 => {
                self.flow[1] = value;
                value
            }
            17..=19 => self.flow[usize::from(value == 18)],
            _ => return None,
        })
    }
}

fn answer(command: u8, value: &[u8], answers: &mut Vec<u8>) {
    answers.extend([IAC, SB, COM_PORT, command + command::ANSWER]);
    Session::give(value, answers);
    answers.extend([IAC, SE]);
}

#[cfg(test)]
mod tests;
