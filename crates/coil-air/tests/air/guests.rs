//! Guests at sockets of the host, in real time.

use crate::lab::{PASSWORD, SSID, config};
use coil_air::bridge::{self, GuestNews, Guests};
use coil_air::{Air, GUESTS_MAX};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

fn say(news: GuestNews<'_>) -> String {
    match news {
        GuestNews::Joined(guest, ip) => format!("{} {}", guest.seat().name(), ip.address),
        GuestNews::Lost(ssid) => format!("lost {ssid}"),
        GuestNews::Refused(why) => why.to_string(),
    }
}

/// An air with guests, and the threads that serve it.
struct Place {
    air: Air,
    guests: Guests,
    _services: Runtime,
}

impl Place {
    fn new() -> Self {
        let mut config = config();
        config.timings = config.timings.faster(100);
        let air = Air::new(config).unwrap();
        let mut services = tokio::runtime::Builder::new_multi_thread();
        let services = services.worker_threads(1).enable_all().build().unwrap();
        let start = Instant::now();
        let clock: bridge::Clock =
            Arc::new(move || u64::try_from(start.elapsed().as_micros()).unwrap());
        services.spawn(bridge::run(air.clone(), clock.clone(), drop));
        let guests = Guests::new(services.handle().clone(), air.clone(), clock);
        Self { air, guests, _services: services }
    }

    /// A client, and what it is told first.
    fn client(&self, ssid: Option<&str>, password: Option<&str>) -> (UnixStream, String) {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        ours.set_read_timeout(Some(PATIENCE)).unwrap();
        self.guests.welcome(theirs, ssid, password, say).unwrap();
        let line = line(&mut ours);
        (ours, line)
    }

    fn until(&self, done: impl Fn(&Self) -> bool) {
        let give_up = Instant::now() + PATIENCE;
        while !done(self) {
            assert!(Instant::now() < give_up, "nothing happens");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn line(from: &mut UnixStream) -> String {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while from.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
        line.push(byte[0]);
    }
    String::from_utf8(line).unwrap()
}

fn frame(from: &mut UnixStream) -> Vec<u8> {
    let mut length = [0; 2];
    from.read_exact(&mut length).unwrap();
    let mut frame = vec![0; usize::from(u16::from_be_bytes(length))];
    from.read_exact(&mut frame).unwrap();
    frame
}

/// A question of the first guest for the gateway's hardware address, after its length.
fn question(own: [u8; 4]) -> Vec<u8> {
    let mac = [0x02, 0xc0, 0x11, 0xfd, 0, 1];
    let head = [&[0, 42][..], &[0xff; 6], &mac, &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1]].concat();
    [&head[..], &mac, &own, &[0; 6], &[192, 168, 1, 1]].concat()
}

#[test]
fn frames_go_both_ways_until_the_client_goes() {
    let place = Place::new();
    let (mut client, told) = place.client(None, None);
    assert_eq!(told, "guest0 192.168.1.100");
    client.write_all(&question([192, 168, 1, 100])).unwrap();
    let answer = frame(&mut client);
    assert_eq!(answer[12..14], [8, 6]);
    assert_eq!(answer[22..32], [0x02, 0xc0, 0x11, 0xff, 0xff, 1, 192, 168, 1, 1]);
    // How the link is comes between frames.
    place.air.set_access_point_present(SSID, false);
    assert_eq!((frame(&mut client).len(), line(&mut client)), (0, format!("lost {SSID}")));
    place.air.set_access_point_present(SSID, true);
    assert_eq!((frame(&mut client).len(), line(&mut client)), (0, told));
    client.write_all(&question([192, 168, 1, 100])).unwrap();
    assert_eq!(frame(&mut client).len(), 42);
    drop(client);
    place.until(|place| place.air.station_count() == 0);
}

#[test]
fn passwords_count_and_seats_are_taken_in_order_and_given_back() {
    let place = Place::new();
    let (_, told) = place.client(None, Some("not the password"));
    assert_eq!(told, format!("the password of `{SSID}` is another one"));
    let (_, told) = place.client(Some(SSID), None);
    assert_eq!(told, format!("`{SSID}` has a password, and none was given"));
    place.until(|place| place.air.station_count() == 0);
    let mut all: Vec<_> =
        (0..GUESTS_MAX).map(|_| place.client(Some(SSID), Some(PASSWORD))).collect();
    assert!(all[7].1.starts_with("guest7 "), "{}", all[7].1);
    let (mut late, told) = place.client(None, None);
    assert_eq!(told, "there are 8 guests on the air already; one must leave first");
    assert_eq!(late.read(&mut [0]).unwrap(), 0, "it is left");
    drop(all.remove(3));
    place.until(|place| place.air.station_count() == 7);
    let (_client, told) = place.client(None, None);
    assert!(told.starts_with("guest3 "), "{told}");
}

#[test]
fn client_that_does_not_read_loses_frames_and_stalls_nobody() {
    let place = Place::new();
    let (mut deaf, told) = place.client(None, None);
    assert_eq!(told, "guest0 192.168.1.100");
    // Each question has an answer that nobody takes; what cannot be a frame is passed over.
    let flood = question([192, 168, 1, 100]).repeat(1000);
    let garbage = [&[0, 0, 0xff, 0xff][..], &[0x55; 65_535], &[0, 1, 9]].concat();
    for _ in 0..50 {
        deaf.write_all(&flood).unwrap();
        deaf.write_all(&garbage).unwrap();
    }
    let began = Instant::now();
    let (_other, told) = place.client(None, None);
    assert!(told.starts_with("guest1 ") && began.elapsed() < Duration::from_secs(5), "{told}");
    // What waited is whole frames, and far from all.
    deaf.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut count = 0;
    let mut length = [0; 2];
    while deaf.read_exact(&mut length).is_ok() {
        assert_eq!(length, [0, 42]);
        deaf.read_exact(&mut [0; 42]).unwrap();
        count += 1;
    }
    assert!((100..30_000).contains(&count), "{count} of 50000");
}
