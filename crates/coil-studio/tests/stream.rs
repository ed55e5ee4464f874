//! The stream of events as a browser gets it: a WebSocket, from the page's own origin alone.

use coil_board::outside::Event;
use coil_lab::events::{Act, Actor, Events, Hands, LinesAre, no_board};
use coil_studio::{Lab, Studio};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

/// A studio on a free port.
struct Place {
    events: Events,
    address: SocketAddr,
    acts: Arc<Mutex<Vec<Act>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Place {
    fn open() -> Self {
        let events = Events::new();
        let acts = Arc::new(Mutex::new(Vec::new()));
        let done = acts.clone();
        let actor: Actor = Arc::new(move |act| {
            if act.steps.is_empty() {
                return Err("nothing to be done".into());
            }
            done.lock().expect("whole").push(act.clone());
            Ok(())
        });
        let lines = Arc::new(|of: &coil_lab::events::SetLines| match of.board.as_str() {
            "board0" => Ok(LinesAre { dtr: of.dtr == Some(true), rts: true }),
            other => Err(no_board(other)),
        });
        let studio = Studio::new(Lab::new(Vec::new(), events.clone(), Hands::new(actor, lines)));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads");
        let listener =
            runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("bound");
        runtime.spawn(studio.serve(listener));
        Self { events, address, acts, _runtime: runtime }
    }

    fn try_connect(&self, origin: Option<&str>) -> Result<WebSocket<TcpStream>, String> {
        let mut request =
            format!("ws://{}/api/events", self.address).into_client_request().expect("plain");
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.parse().expect("plain"));
        }
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("can be set");
        tungstenite::client(request, stream).map(|(socket, _)| socket).map_err(|e| e.to_string())
    }

    /// A connection that has this filter.
    fn follow(&self, filter: &str) -> WebSocket<TcpStream> {
        let mut socket = self.try_connect(None).expect("it comes in");
        assert_eq!(ask(&mut socket, filter), "{\"ok\":true}\n");
        socket
    }

    fn publish(&self, events: &[(u64, Event)]) {
        self.events.publish(&"board0".into(), events);
    }
}

fn text(socket: &mut WebSocket<TcpStream>) -> String {
    loop {
        match socket.read().expect("a message") {
            Message::Text(text) => return text.to_string(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn ask(socket: &mut WebSocket<TcpStream>, line: &str) -> String {
    socket.send(Message::text(line)).expect("sent");
    text(socket)
}

fn pin(level: bool) -> Event {
    Event::Pin { gpio: 2, level }
}

fn reset() -> Event {
    Event::SoftReset
}

const RESET: &str = "{\"t\":3,\"board\":\"board0\",\"event\":\"soft_reset\"}\n";

#[test]
fn what_passes_the_filter_comes_as_lines() {
    let place = Place::open();
    let mut socket = place.follow("{\"only\":[\"soft_reset\"]}");
    place.publish(&[(1, pin(true)), (3, reset())]);
    assert_eq!(text(&mut socket), RESET);
}

#[test]
fn another_filter_takes_the_place_of_the_first() {
    let place = Place::open();
    let mut socket = place.follow("{\"only\":[\"soft_reset\"]}");
    assert_eq!(ask(&mut socket, "{\"only\":[\"pin\"]}"), "{\"ok\":true}\n");
    place.publish(&[(3, reset()), (4, pin(true))]);
    assert!(text(&mut socket).contains("\"event\":\"pin\""));
}

#[test]
fn what_is_to_be_done_is_done_and_answered_while_events_go_on() {
    let place = Place::open();
    let mut socket = place.follow("{}");
    let act = "{\"act\":{\"steps\":[{\"part\":\"b\",\"setting\":\"pressed\",\"value\":true}]}}";
    assert_eq!(ask(&mut socket, act), "{\"ok\":true}\n");
    assert_eq!(place.acts.lock().expect("whole").len(), 1);
    let refused = ask(&mut socket, "{\"act\":{\"steps\":[]}}");
    assert_eq!(refused, "{\"error\":\"nothing to be done\"}\n");
    let lines = ask(&mut socket, "{\"lines\":{\"board\":\"board0\",\"dtr\":true}}");
    assert_eq!(lines, "{\"lines\":{\"dtr\":true,\"rts\":true}}\n");
    let refused = ask(&mut socket, "{\"join\":{}}");
    assert!(refused.contains("guests are taken in at the door"), "{refused}");
    let refused = ask(&mut socket, "{\"lines\":{\"board\":\"other\"}}");
    assert!(refused.contains("no board `other`"), "{refused}");
    place.publish(&[(3, reset())]);
    assert_eq!(text(&mut socket), RESET);
}

#[test]
fn what_is_no_request_is_said_to_be_none_and_the_filter_stays() {
    let place = Place::open();
    let mut socket = place.follow("{\"only\":[\"soft_reset\"]}");
    for bad in ["", "x", "[1]", "{\"only\":[\"nonsense\"]}", "{\"act\":{\"steps\":[{}]}}"] {
        let answer = ask(&mut socket, bad);
        assert!(answer.starts_with("{\"error\":\""), "{bad}: {answer}");
    }
    socket.send(Message::binary(vec![0xff; 100])).expect("sent");
    assert_eq!(text(&mut socket), "{\"error\":\"messages are text\"}\n");
    place.publish(&[(3, reset())]);
    assert_eq!(text(&mut socket), RESET);
}

#[test]
fn pages_of_other_origins_do_not_come_in() {
    let place = Place::open();
    let own = format!("http://{}", place.address);
    assert!(place.try_connect(Some(&own)).is_ok());
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"] {
        let refused = place.try_connect(Some(origin)).expect_err("it is refused");
        assert!(refused.contains("403"), "{origin}: {refused}");
    }
}

#[test]
fn a_message_that_is_too_long_ends_the_connection_and_no_other() {
    let place = Place::open();
    let mut other = place.follow("{}");
    let mut socket = place.follow("{\"only\":[\"wake\"]}");
    // It may be closed while this is still being sent.
    let _ = socket.send(Message::text("x".repeat(1 << 20)));
    let start = Instant::now();
    while socket.read().is_ok() {
        assert!(start.elapsed() < Duration::from_secs(10), "it goes on");
    }
    place.publish(&[(3, reset())]);
    assert_eq!(text(&mut other), RESET);
}

#[test]
fn a_slow_reader_is_told_how_much_it_missed() {
    let place = Place::open();
    let mut socket = place.follow("{}");
    let batch: Vec<_> = (0..512).map(|n| (n, pin(n % 2 == 0))).collect();
    const BATCHES: u64 = 2000;
    for _ in 0..BATCHES {
        place.publish(&batch);
    }
    let (mut came, mut missed) = (0, 0);
    while came + missed < BATCHES * 512 {
        for line in text(&mut socket).lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            match line["count"].as_u64() {
                Some(count) => missed += count,
                None => came += 1,
            }
        }
    }
    assert_eq!(came + missed, BATCHES * 512);
    assert!(missed > 0 && came > 0, "{came} came, {missed} missed");
}

#[test]
fn only_so_many_read_at_a_time_and_who_leaves_makes_room() {
    let place = Place::open();
    let mut readers: Vec<_> = (0..64).map(|_| place.follow("{}")).collect();
    let refused = place.try_connect(None).expect_err("it is full");
    assert!(refused.contains("503"), "{refused}");
    drop(readers.pop());
    let start = Instant::now();
    while place.try_connect(None).is_err() {
        assert!(start.elapsed() < Duration::from_secs(10), "nobody made room");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_page_and_its_files_are_served_and_others_are_not() {
    let place = Place::open();
    for (path, has) in [
        ("/", "200 OK"),
        ("/assets/stream.js", "text/javascript"),
        ("/stream.css", "text/css"),
        ("/icon.svg", "image/svg+xml"),
        ("/api/boards", "[]"),
        ("/", "default-src 'self'"),
        ("/../Cargo.toml", "404"),
        ("/nothing", "404"),
    ] {
        let mut stream = TcpStream::connect(place.address).expect("it listens");
        let host = place.address;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.contains(has), "{path}: {answer}");
    }
}
