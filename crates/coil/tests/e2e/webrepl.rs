//! WebREPL of a board in a workshop, from this machine.

use crate::support::{Lab, Prompt, connect, text, tool};
use crate::tools::transcript::Place;
use crate::tools::{or_skip, python};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Where the first board's WebREPL is on this machine.
fn address(lab: &Lab) -> String {
    let url = lab.status()["boards"][0]["webrepl"].as_str().expect("a text").to_owned();
    url.strip_prefix("ws://").expect("a WebSocket's address").to_owned()
}

/// A WebSocket's opening; the answer to it.
fn open(stream: &mut TcpStream) -> String {
    let request = "GET / HTTP/1.1\r\nHost: board\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("an answer");
        head.push(byte[0]);
    }
    text(&head)
}

/// The texts of frames until one ends so.
fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut seen = String::new();
    while !seen.ends_with(wanted) {
        let mut head = [0; 2];
        stream.read_exact(&mut head).expect("a frame");
        assert_eq!(head[0], 0x81, "a whole text after {seen}");
        let mut length = usize::from(head[1]);
        if length == 126 {
            let mut long = [0; 2];
            stream.read_exact(&mut long).expect("a length");
            length = usize::from(u16::from_be_bytes(long));
        }
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes).expect("a text");
        seen.push_str(&text(&bytes));
    }
    seen
}

fn send(stream: &mut TcpStream, text: &str) {
    let mut frame = vec![0x81, 0x80 | text.len() as u8, 0, 0, 0, 0];
    frame.extend(text.as_bytes());
    stream.write_all(&frame).expect("sent");
}

const START: &str = "import webrepl; webrepl.start(password='secret')\r";

#[test]
fn webrepl_is_reached_from_this_machine_once_the_board_serves_it() {
    let lab = Lab::start(&[]);
    let mut prompt = Prompt::open(&lab);
    prompt.say("import network, time; w = network.WLAN(network.STA_IF); w.active(False); print('is' + 'off')\r", "isoff");
    let refused = |why: &str| {
        let mut stream = connect(&address(&lab));
        let answer = open(&mut stream);
        assert!(answer.starts_with("HTTP/1.0 503 board0 "), "{answer}");
        assert!(answer.contains(why), "{answer}");
    };
    refused("is on no network yet");
    prompt.say(
        "w.active(True); w.connect('workshop', 'micropython')\r\
         while not w.isconnected(): time.sleep_ms(20)\r\r\rprint('on' + 'line')\r",
        "online",
    );
    refused("has no WebREPL: at its prompt, `import webrepl`");
    prompt.say(START, "Started webrepl in manual override mode");
    let mut stream = connect(&address(&lab));
    assert!(open(&mut stream).starts_with("HTTP/1.1 101 "));
    until(&mut stream, "Password: ");
    send(&mut stream, "secret\r");
    until(&mut stream, "WebREPL connected\r\n>>> ".replace("\r\n", "\n").as_str());
    send(&mut stream, "6 * 7\r");
    assert!(until(&mut stream, "\n>>> ").contains("6 * 7\n42\n"));
    // Requests in two pieces, the second of which the client's system keeps until the first is acknowledged: that would
    // take 40 ms for each if nobody hurried.
    let start = Instant::now();
    for _ in 0..40 {
        stream.write_all(&[0x81, 0x81, 0, 0, 0, 0]).expect("sent");
        stream.write_all(b"\r").expect("sent");
        until(&mut stream, "\n>>> ");
    }
    assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
    drop(stream);
    let mut stream = connect(&address(&lab));
    open(&mut stream);
    until(&mut stream, "Password: ");
    send(&mut stream, "wrong\r");
    until(&mut stream, "Access denied\n");
}

/// A board that starts its WebREPL at every boot, as `webrepl_setup` has it.
pub(crate) struct Served {
    lab: Lab,
    /// Where it is on this machine.
    pub(crate) address: String,
}

/// What its WebREPL asks for.
pub(crate) const PASSWORD: &str = "secret";

impl Served {
    pub(crate) fn start() -> Self {
        let lab = Lab::start(&[]);
        let mut prompt = Prompt::open(&lab);
        let boot = "f = open('boot.py', 'a'); f.write('\\nimport webrepl\\nwebrepl.start(password=\"secret\")\\n'); f.close()\r";
        prompt.say(boot, ">>> ");
        let said = prompt.say("import machine; machine.reset()\r", "for more information.");
        assert!(said.contains("WebREPL server started on http://"), "{said}");
        let address = address(&lab);
        Self { lab, address }
    }
}

/// Clients of package indexes: what is typed and what they answer.
#[test]
fn clients_of_webrepl_move_files_and_type() {
    or_skip!(tool("python"));
    let board = Served::start();
    let dir = tempfile::tempdir().expect("a folder");
    let noise: Vec<u8> =
        (0..50_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(dir.path().join("a.bin"), noise).expect("written");
    let (host, port) = board.address.split_once(':').expect("an address");
    let names = vec![
        ("host", host.to_owned()),
        ("port", port.to_owned()),
        ("dir", dir.path().display().to_string()),
    ];
    let place = Place { dir: dir.path(), names };
    place.play(include_str!("tools/webrepl.txt"));
    let dialog = place.fill_in(include_str!("tools/webrepl_terminal.txt"));
    assert_eq!(python(include_str!("tools/dialog.py"), &[], &dialog), "done\n");
    drop(board.lab);
}
