//! The stream of a lab's events: what is on it, and who gets it.

mod support;

use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::outside::event::{OneWire, Record};
use coil_board::outside::{Event, Kind, Sensor, Stimulus};
use coil_lab::events::{Batch, Door, Filter, Line, Lines, Subscription, Visit};
use coil_lab::{BoardSpec, Events, Observer, Pace, Runner};
use coil_vm::rom::Rom;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// All that a subscriber got.
fn drain(from: &Subscription) -> Vec<Event> {
    let batches = std::iter::from_fn(|| from.next(Duration::ZERO));
    batches.flat_map(|b| b.events).map(|e| e.1).collect()
}

/// Runs a program and gives its events after the chip's start but for those of pins.
fn run(source: &str, change: impl FnOnce(BoardSpec) -> BoardSpec) -> Vec<Event> {
    let events = Events::new();
    let all = events.subscribe(Filter::all(), 1 << 16);
    let (spec, seen) = support::bare("wemos-d1-r32");
    let program = Some((source.into(), "program.py".into()));
    let observer: Option<Box<dyn Observer>> = Some(Box::new(events.board("board0")));
    let spec = change(BoardSpec { program, observer, ..spec });
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
    runner.add(spec);
    seen.end().expect("the program ends");
    runner.stop();
    let all = drain(&all).into_iter();
    all.skip_while(|e| e.kind() == Kind::Reset).filter(|e| e.kind() != Kind::Pin).collect()
}

fn printed(text: &str) -> Event {
    Event::Print { bytes: text.into() }
}

#[test]
fn the_examples_of_the_documentation_are_read_and_written_again() {
    let page = include_str!("../../../docs/events.md");
    let examples = page.lines().filter_map(|l| l.strip_prefix("    {")).map(|l| format!("{{{l}"));
    let mut left: Vec<Kind> = Kind::all().collect();
    for example in examples {
        let line = Lines::new(example.as_bytes()).read().expect("a line").expect("one");
        assert_eq!(serde_json::to_string(&line).expect("plain data"), example);
        if let Line::Event(Record { event, .. }) = line {
            left.retain(|&k| k != event.kind());
        }
    }
    assert_eq!(left, [], "kinds without an example");
}

#[test]
fn prints_exceptions_and_want_of_memory_are_told() {
    let source = "
import sys, machine, time
print('hello', 1)
sys.stdout.buffer.write(b'\\xff')
try:
    bytearray(10_000_000)
except MemoryError:
    pass
def fail(t): [][0]
machine.Timer(0, mode=machine.Timer.ONE_SHOT, period=5, callback=fail)
time.sleep_ms(20)
raise ValueError('end')
";
    let events = run(source, |spec| spec);
    let [hello, byte, memory, handler, end] = &events[..] else { panic!("{events:?}") };
    assert_eq!(hello, &printed("hello 1\n"));
    assert_eq!(byte, &Event::Print { bytes: vec![0xff] });
    let Event::NoMemory { bytes: 10_000_000, free } = memory else { panic!("{memory:?}") };
    assert!((50_000..400_000).contains(free), "{free}");
    let Event::Exception { kind, origin, text } = handler else { panic!("{handler:?}") };
    assert_eq!((&**kind, &**origin), ("IndexError", "handler"));
    assert!(text.ends_with("IndexError: list index out of range\n"), "{text}");
    let Event::Exception { kind, origin, text } = end else { panic!("{end:?}") };
    assert_eq!((&**kind, &**origin), ("ValueError", "program.py"));
    assert!(text.contains("line 12, in <module>"), "{text}");
}

#[test]
fn a_long_print_comes_in_parts() {
    let events = run("print('x' * 9000)", |spec| spec);
    let lengths: Vec<_> = events
        .iter()
        .map(|e| if let Event::Print { bytes } = e { bytes.len() } else { 0 })
        .collect();
    assert_eq!(lengths.iter().sum::<usize>(), 9001);
    assert!(lengths.iter().all(|n| (1..=4096).contains(n)), "{lengths:?}");
}

#[test]
fn what_ends_at_the_prompt_and_in_main_is_told_with_its_origin() {
    let events = Events::new();
    let told = events.subscribe(Filter::new(vec!["exception".into()], vec![], vec![]).unwrap(), 9);
    let (spec, _seen) = support::bare("wemos-d1-r32");
    let files = vec![("main.py".into(), b"1/0".to_vec())];
    let keys = vec![(100_000, b"nothing\r".to_vec())];
    let observer: Option<Box<dyn Observer>> = Some(Box::new(events.board("board0")));
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
    runner.add(BoardSpec { files, keys, observer, ..spec });
    for expected in [("ZeroDivisionError", "main.py"), ("NameError", "<stdin>")] {
        let batch = told.next(PATIENCE).expect("an exception");
        let Event::Exception { kind, origin, .. } = &batch.events[0].1 else { panic!("{batch:?}") };
        assert_eq!((&**kind, &**origin), expected);
    }
}

#[test]
fn sensors_on_one_wire_are_told_as_they_are_asked() {
    let source = "
import dht, onewire
from machine import Pin
d = dht.DHT22(Pin(14))
d.measure()
try:
    dht.DHT11(Pin(15)).measure()
except OSError:
    pass
wire = onewire.OneWire(Pin(4))
wire.reset()
wire.writebyte(0xcc)
wire.writebit(1)
wire.readbyte()
";
    let dht = Sensor::Dht22 { decicelsius: 268, decihumidity: 400 };
    let thermometer = Sensor::Ds18b20 { serial: 7, sixteenths: 320 };
    let script = vec![
        (0, Stimulus::Sensor { gpio: 14, sensor: dht }),
        (0, Stimulus::Sensor { gpio: 4, sensor: thermometer }),
    ];
    let events = run(source, |spec| BoardSpec { script, ..spec });
    let wire = |action| Event::OneWire { gpio: 4, action };
    assert_eq!(
        events,
        [
            Event::Dht { gpio: 14, bytes: vec![0x01, 0x90, 0x01, 0x0c, 0x9e] },
            Event::Dht { gpio: 15, bytes: Vec::new() },
            wire(OneWire::Reset { present: true }),
            wire(OneWire::Write { bits: 8, value: 0xcc }),
            wire(OneWire::Write { bits: 1, value: 1 }),
            wire(OneWire::Read { bits: 8, value: 0xff }),
        ]
    );
}

#[test]
fn frames_on_the_air_are_events_of_their_board() {
    let events = Events::new();
    let filter = Filter::new(vec!["packet".into()], vec![], vec![]).unwrap();
    let all = events.subscribe(filter, 1 << 12);
    let air = Air::new(AirConfig::new(AccessPoint::open("net")).expect("a configuration"))
        .expect("an air");
    air.add_tap(events.tap(&air, [(support::MAC, "board0".into())].into()));
    let (spec, seen) = support::bare("wemos-d1-r32");
    let source = "
import network, socket, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect('net')
while not wlan.isconnected(): time.sleep_ms(50)
print(len(socket.getaddrinfo('pool.ntp.org', 123)))
";
    let program = Some((source.into(), "program.py".into()));
    let station = Some(air.attach(support::MAC));
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start_with_air(rom, Pace::Virtual, air).expect("a thread");
    runner.add(BoardSpec { program, station, ..spec });
    seen.end().expect("the program ends");
    runner.stop();
    let summaries: Vec<(bool, String)> = drain(&all)
        .into_iter()
        .map(|e| match e {
            Event::Packet { sent, summary, .. } => (sent, summary),
            e => panic!("{e:?}"),
        })
        .collect();
    for (sent, end) in [(true, "discover"), (false, ""), (true, "A? pool.ntp.org")] {
        let there = summaries.iter().any(|s| s.0 == sent && s.1.ends_with(end));
        assert!(there, "{sent} {end}: {summaries:#?}");
    }
    assert!(summaries.iter().any(|s| s.1.contains("pool.ntp.org is ")), "{summaries:#?}");
}

#[test]
fn sockets_and_the_chip_s_memory_are_told_with_the_lines_that_took_them() {
    let source = "
import socket, tls
def dial():
    return socket.socket()
first = dial()
other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other.close()
context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
context.verify_mode = tls.CERT_NONE
secure = context.wrap_socket(first, do_handshake_on_connect=False)
secure.close()
";
    let air = AirConfig::without_access_points().and_then(Air::new).expect("an air");
    let station = Some(air.attach(support::MAC));
    let events = run(source, |spec| BoardSpec { station, ..spec });
    let calls = |lines: &[&str]| lines.iter().map(|l| format!("program.py:{l}")).collect();
    let socket = |socket, opened, kind: &'static str, open, lines: &[&str]| Event::Socket {
        socket,
        opened,
        kind: kind.into(),
        open,
        calls: calls(lines),
    };
    let heap = coil_lab::catalog::profile("current").expect("it is built in").net.idf_heap;
    let Some(Event::IdfHeap { free, .. }) = events.get(3) else { panic!("{events:#?}") };
    assert!(*free < heap, "a session takes some of it");
    let in_use = Event::IdfHeap { free: *free, lowest: *free, calls: calls(&["10 <module>"]) };
    let given = Event::IdfHeap { free: heap, lowest: *free, calls: Vec::new() };
    let mut expected = [
        socket(0, true, "tcp", 1, &["4 dial", "5 <module>"]),
        socket(1, true, "udp", 2, &["6 <module>"]),
        socket(1, false, "udp", 1, &["6 <module>"]),
        in_use,
        given,
        socket(0, false, "tcp", 0, &["4 dial", "5 <module>"]),
    ];
    if matches!(events.get(4), Some(Event::Socket { .. })) {
        expected.swap(4, 5);
    }
    assert_eq!(events, expected);
}

#[test]
fn a_slow_reader_loses_the_oldest_and_is_told_how_many() {
    let events = Events::new();
    let slow = events.subscribe(Filter::all(), 10);
    let fast = events.subscribe(Filter::all(), 100);
    let board: Arc<str> = "board0".into();
    for t in 0..25 {
        events.publish(&board, &[(t, Event::SoftReset), (t, Event::Sleep { deep: false })]);
    }
    let first: Batch = slow.next(Duration::ZERO).expect("events");
    assert_eq!((first.missed, first.events[0].0), (40, 20));
    let rest: usize =
        std::iter::from_fn(|| slow.next(Duration::ZERO)).map(|b| b.events.len()).sum();
    assert_eq!(first.events.len() + rest, 10);
    assert_eq!(drain(&fast).len(), 50);
    // More at once than fits at all.
    events.publish(&board, &vec![(30, Event::SoftReset); 12]);
    let batch = slow.next(Duration::ZERO).expect("events");
    assert_eq!((batch.missed, batch.events.len()), (2, 10));
}

#[test]
fn a_stream_wants_what_its_subscribers_want() {
    let events = Events::new();
    let filter = |kind: &str| Filter::new(vec![kind.into()], vec![], vec![]).unwrap();
    assert!(events.wanted().is_empty());
    let pins = events.subscribe(filter("pin"), 1);
    let prints = events.subscribe(filter("print"), 1);
    assert!(events.wanted().has(Kind::Pin) && events.wanted().has(Kind::Print));
    drop(pins);
    assert!(!events.wanted().has(Kind::Pin) && events.wanted().has(Kind::Print));
    drop(prints);
    assert!(events.wanted().is_empty());
}

/// A stream with an open door in a folder that is too deep for a socket's path.
fn deep_door() -> (tempfile::TempDir, std::path::PathBuf, Events, Door) {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("deep/".repeat(40));
    std::fs::create_dir_all(&folder).expect("a folder");
    let events = Events::new();
    let door =
        Door::open(&folder, events.clone(), coil_lab::events::Hands::none()).expect("a door");
    (root, folder, events, door)
}

#[test]
fn who_comes_in_by_the_door_gets_what_it_asked_for() {
    let (_root, folder, events, door) = deep_door();
    let filter = Filter::new(vec!["pin".into()], vec!["board1".into()], vec![2]).unwrap();
    let visit = Visit::new(&folder, &filter).expect("welcome");
    assert!(events.wanted().has(Kind::Pin) && !events.wanted().has(Kind::Print));
    let pin = |gpio| (7, Event::Pin { gpio, level: true });
    events.publish(&"board0".into(), &[pin(2)]);
    events.publish(&"board1".into(), &[pin(4), pin(2)]);
    let mut lines = visit.lines().expect("a descriptor");
    let Some(Line::Event(record)) = lines.read().expect("a line") else { panic!("no event") };
    assert_eq!((record.t, &*record.board, &*record.event), (7, "board1", &pin(2).1));
    drop(door);
    assert_eq!(lines.read().expect("an end"), None);
    assert!(Visit::new(&folder, &filter).is_err());
}

#[test]
fn the_door_has_bounds() {
    use std::io::{BufRead, BufReader, Write};
    let (_root, folder, _events, _door) = deep_door();
    let visits: Vec<_> =
        (0..16).map(|_| Visit::new(&folder, &Filter::all()).expect("welcome")).collect();
    let error = Visit::new(&folder, &Filter::all()).expect_err("too many").to_string();
    assert!(error.contains("16 others"), "{error}");
    drop(visits);
    // Who is gone is noticed, and makes room.
    let give_up = std::time::Instant::now() + PATIENCE;
    while Visit::new(&folder, &Filter::all()).is_err() {
        assert!(std::time::Instant::now() < give_up, "those who are gone are still there");
        std::thread::sleep(Duration::from_millis(10));
    }
    let folder = std::fs::File::open(&folder).expect("a folder");
    let path = format!("/proc/self/fd/{}/events.sock", std::os::fd::AsRawFd::as_raw_fd(&folder));
    for (request, says) in [
        (vec![b' '; 20_000], "neither a filter nor something to be done"),
        (b"{\"only\":[\"x\"]}\n".to_vec(), "no events of the kind `x`"),
    ] {
        // The one before may just be leaving.
        let answer = std::iter::repeat_with(|| {
            let mut stream = std::os::unix::net::UnixStream::connect(&path).expect("connects");
            let _ = stream.write_all(&request);
            let mut answer = String::new();
            let _ = BufReader::new(stream).read_line(&mut answer);
            answer
        })
        .take(1000)
        .find(|answer| !answer.is_empty() && !answer.contains("others read already"))
        .expect("there is room");
        assert!(answer.starts_with("{\"error\"") && answer.contains(says), "{answer}");
    }
}
