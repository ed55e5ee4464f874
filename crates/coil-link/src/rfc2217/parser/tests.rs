//! What clients say, and what is heard and answered.

use super::{Heard, Session, Settings};

/// What a session hears and answers, after the greeting.
struct Client {
    session: Session,
    answers: Vec<u8>,
}

impl Client {
    fn new() -> Self {
        let mut answers = Vec::new();
        let mut session = Session::default();
        session.greet(&mut answers);
        assert_eq!(answers, [255, 251, 1, 255, 251, 3, 255, 251, 44, 255, 253, 0]);
        Self { session, answers: Vec::new() }
    }

    /// One that has agreed on the COM port, as pyserial does.
    fn agreed() -> Self {
        let mut client = Self::new();
        client
            .say(&[255, 253, 1, 255, 251, 3, 255, 253, 3, 255, 253, 44, 255, 251, 44, 255, 251, 0]);
        client.answers.clear();
        client
    }

    fn say(&mut self, bytes: &[u8]) -> Vec<Heard> {
        self.session.take(bytes, &mut self.answers)
    }

    fn answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answers)
    }

    /// The answer to one request.
    fn ask(&mut self, command: u8, value: &[u8]) -> Vec<u8> {
        let heard = self.say(&request(command, value));
        assert!(heard.is_empty(), "{heard:?}");
        self.answers()
    }
}

fn request(command: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![255, 250, 44, command];
    Session::give(value, &mut bytes);
    bytes.extend([255, 240]);
    bytes
}

fn data(bytes: &[u8]) -> Heard {
    Heard::Data(bytes.to_vec())
}

#[test]
fn each_option_is_agreed_on_once() {
    let mut client = Client::new();
    // Those that the server has asked for are answers; the client's own are answered in kind.
    client.say(&[255, 253, 1, 255, 251, 3, 255, 253, 3, 255, 253, 44, 255, 251, 44, 255, 251, 0]);
    let state = [255, 250, 44, 107, 0xb0, 255, 240];
    let mut wanted = vec![255, 253, 3];
    wanted.extend(state);
    wanted.extend([255, 253, 44]);
    assert_eq!(client.answers(), wanted);
    client.say(&[255, 253, 1, 255, 251, 44, 255, 252, 9, 255, 254, 9]);
    assert_eq!(client.answers(), b"");
}

#[test]
fn other_options_are_refused() {
    let mut client = Client::new();
    client.say(&[255, 253, 24, 255, 251, 31]);
    assert_eq!(client.answers(), [255, 252, 24, 255, 254, 31]);
    client.say(&[255, 251, 3, 255, 252, 3, 255, 252, 3]);
    assert_eq!(client.answers(), [255, 253, 3, 255, 254, 3]);
}

#[test]
fn data_comes_through_whatever_it_is() {
    let all: Vec<u8> = (0..=255).collect();
    let mut doubled = Vec::new();
    Session::give(&all, &mut doubled);
    assert_eq!(doubled.len(), 257);
    for size in 1..=doubled.len() {
        let mut client = Client::agreed();
        let mut got = Vec::new();
        for part in doubled.chunks(size) {
            for heard in client.say(part) {
                let Heard::Data(bytes) = heard else { panic!("{heard:?}") };
                got.extend(bytes);
            }
        }
        assert_eq!(got, all, "in parts of {size}");
    }
}

#[test]
fn settings_are_kept_and_told() {
    let mut client = Client::agreed();
    // (command, value, answer); a value of nought asks.
    let cases: &[(u8, &[u8], &[u8])] = &[
        (1, &[0, 0, 0, 0], &[0, 1, 0xc2, 0]),
        (1, &[0, 0x0e, 0x10, 0], &[0, 0x0e, 0x10, 0]),
        (1, &[0xff, 0xff, 0, 1], &[0xff, 0xff, 0, 1]),
        (1, &[0, 0, 0, 0], &[0xff, 0xff, 0, 1]),
        (2, &[0], &[8]),
        (2, &[7], &[7]),
        (2, &[9], &[7]),
        (3, &[0], &[1]),
        (3, &[3], &[3]),
        (4, &[0], &[1]),
        (4, &[2], &[2]),
        (5, &[0], &[1]),
        (5, &[3], &[3]),
        (5, &[0], &[3]),
        (5, &[13], &[14]),
        (5, &[16], &[16]),
        (5, &[4], &[6]),
        (5, &[5], &[5]),
        (5, &[4], &[5]),
        (5, &[6], &[6]),
        (5, &[7], &[9]),
        (5, &[10], &[12]),
        (10, &[7], &[7]),
        (12, &[2], &[2]),
        (0, &[], b"coil"),
    ];
    for (command, value, wanted) in cases {
        let answer = client.ask(*command, value);
        let mut whole = request(command + 100, wanted);
        if *command == 0 {
            whole = [&[255, 250, 44, 100][..], b"coil", &[255, 240]].concat();
        }
        assert_eq!(answer, whole, "{command} {value:?}");
    }
    let settings = client.session.settings();
    assert_eq!(settings.baud, 0xffff_0001);
    assert_eq!(Settings { baud: 115_200, ..settings }.data_size, 7);
}

#[test]
fn lines_and_data_keep_their_order() {
    let mut client = Client::agreed();
    let mut bytes = b"a".to_vec();
    bytes.extend(request(5, &[8]));
    bytes.extend(request(5, &[8]));
    bytes.extend(request(5, &[11]));
    bytes.extend(b"b");
    bytes.extend(request(5, &[9]));
    let heard = client.say(&bytes);
    let lines = |dtr, rts| Heard::Lines { dtr, rts };
    assert_eq!(
        heard,
        [data(b"a"), lines(true, false), lines(true, true), data(b"b"), lines(false, true)]
    );
    let answers: Vec<u8> = [8, 8, 11, 9].iter().flat_map(|value| request(105, &[*value])).collect();
    assert_eq!(client.answers(), answers);
}

#[test]
fn what_waits_is_thrown_away_when_the_client_asks() {
    let mut client = Client::agreed();
    for (value, purges) in [(1, true), (2, false), (3, true)] {
        let heard = client.say(&request(12, &[value]));
        assert_eq!(heard == [Heard::Purge], purges, "{value}");
        assert_eq!(client.answers(), request(112, &[value]));
    }
}

#[test]
fn the_client_can_hold_the_board_s_output_back() {
    let mut client = Client::agreed();
    assert_eq!(client.ask(8, &[]), b"");
    assert!(client.session.is_suspended());
    assert_eq!(client.ask(9, &[]), b"");
    assert!(!client.session.is_suspended());
}

#[test]
fn the_modem_s_state_is_told_as_far_as_it_is_wanted() {
    let mut client = Client::agreed();
    let mut wanted = request(111, &[0x10]);
    wanted.extend(request(107, &[0x10]));
    assert_eq!(client.ask(11, &[0x10]), wanted);
}

#[test]
fn a_request_without_end_or_sense_is_left_alone() {
    let mut client = Client::agreed();
    // Too long, cut off by an option, without a value, of another option, unknown.
    let mut long = vec![255, 250, 44, 1];
    long.extend(vec![7; 1_000_000]);
    assert!(client.say(&long).is_empty());
    assert!(client.session.request.len() < 100, "it is bounded");
    assert!(client.say(&[255, 240]).is_empty());
    client.say(&[255, 250, 44, 1, 0, 255, 253, 1]);
    for (command, value) in [(1, &[0, 1][..]), (2, &[]), (5, &[]), (5, &[99]), (77, &[1])] {
        assert_eq!(client.ask(command, value), b"", "{command} {value:?}");
    }
    client.say(&[255, 250, 24, 1, 255, 240, 255, 241, 255, 246]);
    assert_eq!(client.answers(), b"");
    assert_eq!(client.say(b"x"), [data(b"x")], "and what follows is data");
}

#[test]
fn a_plain_telnet_s_return_has_no_nul() {
    let mut client = Client::new();
    assert_eq!(client.say(b"1\r\0\r\n\0"), [data(b"1\r\r\n\0")]);
    let mut client = Client::agreed();
    assert_eq!(client.say(b"\r\0"), [data(b"\r\0")], "on a COM port it is data");
}
