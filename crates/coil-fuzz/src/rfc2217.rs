//! What a client of RFC 2217 sends, and what a server sends to ours: whatever it is, and however it is cut, the same is heard and answered, no
//! more is answered than was asked, and data is given as it came.

use coil_link::rfc2217::client::Client;
use coil_link::rfc2217::parser::{Heard, Session};

/// Pieces that make sense in what is sent.
pub(crate) const WORDS: &[&str] = &["\u{1}", "\u{8}", "\u{b}", "\u{c}\u{3}", ",", "\r\0", "coil"];

/// Bytes answered to one that came, at most: a request for the server's name is six and is answered with ten.
const ANSWER_MAX: usize = 3;
/// And once, when it is agreed that there is a port, the modem's state.
const STATE: usize = 7;

/// Takes an input: a byte that says how it is cut, and what the client sends.
pub(crate) fn run(input: &[u8]) {
    let Some((cut, sent)) = input.split_first() else { return };
    let whole = said(sent, sent.len().max(1));
    let parts = said(sent, usize::from(*cut).max(1));
    assert_eq!(whole, parts, "how it is cut must not matter");
    let most = sent.len() * ANSWER_MAX + STATE;
    assert!(whole.1.len() <= most, "{} for {}", whole.1.len(), sent.len());
    // What is sent as data is data.
    let mut wire = Vec::new();
    Session::give(sent, &mut wire);
    let mut session = Session::default();
    session.take(&[255, 251, 44], &mut Vec::new());
    let heard = session.take(&wire, &mut Vec::new());
    let data: Vec<u8> = heard
        .into_iter()
        .flat_map(|h| match h {
            Heard::Data(data) => data,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(data, sent);
}

/// Takes an input for the client: a byte that says how it is cut, and what the server sends.
pub(crate) fn client(input: &[u8]) {
    let Some((cut, sent)) = input.split_first() else { return };
    let heard = |size: usize| {
        let (mut client, mut data, mut answers) = (Client::default(), Vec::new(), Vec::new());
        client.greet(115_200, &mut Vec::new());
        for part in sent.chunks(size) {
            client.take(part, &mut data, &mut answers);
        }
        (data, answers)
    };
    let whole = heard(sent.len().max(1));
    assert_eq!(whole, heard(usize::from(*cut).max(1)), "how it is cut must not matter");
    assert!(whole.0.len() + whole.1.len() <= sent.len(), "more than came");
    // What the board says arrives as it is, whoever escapes it.
    let (mut wire, mut data, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    Session::give(sent, &mut wire);
    Client::default().take(&wire, &mut data, &mut answers);
    assert_eq!((&*data, &*answers), (sent, &[][..]));
}

/// What is heard, data in one piece where it came in one, and answered.
fn said(sent: &[u8], size: usize) -> (Vec<Heard>, Vec<u8>) {
    let (mut session, mut answers, mut all) = (Session::default(), Vec::new(), Vec::<Heard>::new());
    for part in sent.chunks(size) {
        for heard in session.take(part, &mut answers) {
            match (all.last_mut(), heard) {
                (Some(Heard::Data(before)), Heard::Data(data)) => before.extend(data),
                (_, heard) => all.push(heard),
            }
        }
    }
    (all, answers)
}
