//! Guests at a lab's door: what they are told, what others see of them, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use coil_air::bridge::{self, Guests};
use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::outside::Event;
use coil_lab::capture::Wish;
use coil_lab::events::{Answer, Arrival, Door, Events, Filter, Hands, JoinWish, Names, Visit};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A lab without boards: an air, its door and the threads that serve them.
struct Lab {
    folder: tempfile::TempDir,
    air: Air,
    events: Events,
    _door: Door,
    _services: Runtime,
}

impl Lab {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = AirConfig::new(AccessPoint::wpa2("workshop", "blinkenlights")).unwrap();
        config.timings = config.timings.faster(100);
        let air = Air::new(config).unwrap();
        let mut services = tokio::runtime::Builder::new_multi_thread();
        let services = services.worker_threads(1).enable_all().build().unwrap();
        let start = Instant::now();
        let clock: bridge::Clock = Arc::new(move || start.elapsed().as_micros() as u64);
        services.spawn(bridge::run(air.clone(), clock.clone(), drop));
        let guests = Guests::new(services.handle().clone(), air.clone(), clock);
        let events = Events::new();
        air.add_tap(events.tap(&air, Names::new()));
        let hands = Hands::none().with_air(&air, Names::new()).with_guests(guests);
        let door = Door::open(folder.path(), events.clone(), hands).unwrap();
        Self { folder, air, events, _door: door, _services: services }
    }

    /// What is answered to these bytes.
    fn answer(&self, bytes: &[u8]) -> String {
        let mut stream = UnixStream::connect(self.folder.path().join("events.sock")).unwrap();
        stream.write_all(bytes).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line
    }
}

fn wish(ssid: &str, password: &str) -> JoinWish {
    JoinWish { ssid: Some(ssid.into()), password: Some(password.into()) }
}

/// A question of the first guest for the gateway's hardware address.
fn question() -> Vec<u8> {
    let mac = [0x02, 0xc0, 0x11, 0xfd, 0, 1];
    let head = [&[0xff; 6][..], &mac, &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1]].concat();
    [&head[..], &mac, &[192, 168, 1, 100], &[0; 6], &[192, 168, 1, 1]].concat()
}

#[test]
fn a_guest_is_told_what_it_is_and_is_seen_by_its_name() {
    let lab = Lab::open();
    let packets = lab.events.subscribe(
        Filter::new(vec!["packet".into()], vec!["guest0".into()], Vec::new()).unwrap(),
        100,
    );
    let of_guest = Wish { board: Some("guest0".into()), keys: false };
    let capture = Visit::capture(lab.folder.path(), &of_guest).unwrap();
    let (link, joined) = Visit::join(lab.folder.path(), &JoinWish::default()).unwrap();
    let told = serde_json::to_string(&joined).unwrap();
    assert_eq!(
        told,
        r#"{"name":"guest0","ssid":"workshop","mac":"02:c0:11:fd:00:01","address":"192.168.1.100","prefix":24,"gateway":"192.168.1.1","dns":"192.168.1.1"}"#
    );
    // Its join is over before anything is asked of it.
    while packets.next(Duration::ZERO).is_some() {}
    let mut arrivals = link.arrivals().unwrap();
    link.send(&question()).unwrap();
    let Arrival::Frame(answer) = arrivals.receive().unwrap() else { panic!("no frame") };
    assert_eq!(answer[28..32], [192, 168, 1, 1]);
    let seen = packets.next(Duration::from_secs(5)).unwrap().events;
    let Event::Packet { sent: true, protocol, summary, .. } = &seen[0].1 else {
        panic!("{seen:?}")
    };
    assert_eq!(
        (&**protocol, &**summary),
        ("arp", "ARP 192.168.1.100 > 192.168.1.1 who has 192.168.1.1")
    );
    lab.air.set_access_point_present("workshop", false);
    assert_eq!(arrivals.receive().unwrap(), Arrival::News(Answer::Lost("workshop".into())));
    lab.air.set_access_point_present("workshop", true);
    assert_eq!(arrivals.receive().unwrap(), Arrival::News(Answer::Joined(joined)));
    // It is in the capture.
    let (mut file, mut bytes, mut buffer) = (Vec::new(), capture.bytes().unwrap(), [0; 4096]);
    while !file.windows(42).any(|w: &[u8]| w == question()) {
        let length = bytes.read(&mut buffer).unwrap();
        assert!(length > 0, "the capture has ended");
        file.extend(&buffer[..length]);
    }
}

#[test]
fn what_a_guest_cannot_have_is_said_at_the_door() {
    let lab = Lab::open();
    let refused = |wish: &JoinWish| Visit::join(lab.folder.path(), wish).unwrap_err().to_string();
    assert_eq!(refused(&wish("workshop", "wrong")), "the password of `workshop` is another one");
    let none = "there is no network `attic` in reach; there are: workshop";
    assert_eq!(refused(&wish("attic", "")), none);
    let early = [&b"{\"join\":{}}\n"[..], &[0, 42], &question()].concat();
    assert_eq!(
        lab.answer(&early),
        "{\"error\":\"frames are taken after the answer, not before\"}\n"
    );
    let other = "{\"error\":\"the line is neither a filter nor something to be done\"}\n";
    for line in
        ["{\"join\":5}\n", "{\"join\":{\"name\":\"workshop\"}}\n", "{\"join\":{\"ssid\":5}}\n"]
    {
        assert_eq!(lab.answer(line.as_bytes()), other, "{line}");
    }
    let nobody = tempfile::tempdir().unwrap();
    let _door = Door::open(nobody.path(), Events::new(), Hands::none()).unwrap();
    let refused = Visit::join(nobody.path(), &JoinWish::default()).unwrap_err();
    assert_eq!(refused.to_string(), "there is no air here");
}
