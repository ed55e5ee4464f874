//! mpremote: every command, on a serial port and on a socket.

use super::{Bare, dialog, or_skip, transcript::Place};
use crate::support::{Lab, tool};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

/// An index of packages, as the real one answers: path and content.
const INDEX: &[(&str, &str)] = &[
    (
        "/package/6/hello/latest.json",
        r#"{"v": 1, "hashes": [["hello/__init__.py", "13fc29e3"]], "deps": [["hello-words", "1.0"]]}"#,
    ),
    ("/package/6/hello-words/1.0.json", r#"{"v": 1, "hashes": [["hello/words.py", "e26ef7ef"]]}"#),
    ("/file/13/13fc29e3", "from hello.words import word\n"),
    ("/file/e2/e26ef7ef", "word = 'hallo'\n"),
    ("/one.py", "one = 1\n"),
];

/// Serves the index until the test ends; its address.
fn index() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a client"));
            let mut request = String::new();
            let mut line = String::from("-");
            while !line.trim().is_empty() {
                line.clear();
                stream.read_line(&mut line).expect("readable");
                request.push_str(&line);
            }
            let path = request.split(' ').nth(1).unwrap_or_default();
            let (status, body) = match INDEX.iter().find(|f| f.0 == path) {
                Some(file) => ("200 OK", file.1),
                None => ("404 Not Found", ""),
            };
            let head = format!("HTTP/1.0 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
            let answer = head + body;
            stream.get_mut().write_all(answer.as_bytes()).expect("sent");
        }
    });
    url
}

#[test]
fn all_of_mpremote_s_commands_do_their_work() {
    or_skip!(tool("mpremote"));
    let board = Bare::start();
    let place = Place { dir: board.path(), names: vec![("tty", board.tty()), ("index", index())] };
    place.play(include_str!("mpremote.txt"));
}

#[test]
fn mpremote_works_on_a_socket() {
    or_skip!(tool("mpremote"));
    let lab = Lab::start(&[]);
    let tcp = lab.status()["boards"][0]["tcp"].as_str().expect("a text").to_owned();
    let dir = tempfile::tempdir().expect("a folder");
    let place = Place { dir: dir.path(), names: vec![("tcp", tcp)] };
    place.play(include_str!("mpremote_socket.txt"));
}

#[test]
fn mpremote_s_terminal_is_a_terminal() {
    or_skip!(tool("mpremote"));
    let board = Bare::start();
    dialog(&board, include_str!("mpremote_repl.txt"));
}

#[test]
fn binary_files_come_back_as_they_went() {
    or_skip!(tool("mpremote"));
    let board = Bare::start();
    let noise: Vec<u8> =
        (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(board.path().join("a.bin"), &noise).expect("written");
    // By the device's own name mpremote waits for bytes instead of asking every 10 ms.
    let place = Place { dir: board.path(), names: vec![("pts", board.pts())] };
    place.play(
        "= mp mpremote connect {pts}\n\
         $ mp fs cp a.bin : + fs cp :a.bin b.bin\ncp a.bin :\ncp :a.bin b.bin\n\
         $ cmp a.bin b.bin\n",
    );
}
