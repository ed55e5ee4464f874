//! Frames on the air: whatever a board could send, the gateway and the other boards stay up.

use crate::chance::Choices;
use coil_air::{
    AccessPoint, Air, AirConfig, IpConfig, Mdns, SoftApSettings, Speech, Station, StationStatus,
    Summary,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::{Arc, Mutex};

/// Moments that a board gets to go online, in milliseconds of its clock.
const PATIENCE: u32 = 20_000;

/// Spoils frames that a board may rightly send, and sends them.
pub(crate) fn run(input: &[u8]) {
    let mut config = AirConfig::new(AccessPoint::open("x")).expect("the table is valid");
    config.timings = config.timings.faster(1000);
    // What is for outside waits, as far as there is room: nobody takes it here.
    config.outside.internet = true;
    let air = Air::new(config).expect("the configuration is valid");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let frames = seen.clone();
    let tap = air.add_tap(Arc::new(move |_, frame: &[u8]| {
        frames.lock().expect("nobody panics with it").push(frame.to_vec());
    }));
    let mut now_us = 0;
    let mut victim = online(&air, 2, &mut now_us);
    // Half of them behind the victim's own access point.
    let is_guest = input.first().is_some_and(|byte| byte & 1 != 0);
    let mut hostile = if is_guest {
        guest_of(&air, &mut victim, 1, &mut now_us)
    } else {
        online(&air, 1, &mut now_us)
    };
    talk(&air, &mut hostile, &mut victim, &mut now_us);
    air.remove_tap(tap);
    let samples = std::mem::take(&mut *seen.lock().expect("nobody panics with it"));
    let targets = [gateway_of(&samples, &hostile), victim.mac(), [0xff; 6]];
    let mut choices = Choices(input);
    while !choices.is_over() {
        let mut frame = samples[choices.below(samples.len())].clone();
        frame[6..12].copy_from_slice(&hostile.mac());
        let how = choices.byte();
        if let Some(target) = targets.get(usize::from(how & 3)) {
            frame[..6].copy_from_slice(target);
        }
        if how & 4 != 0 {
            let at = usize::from(choices.word()) % frame.len();
            let bytes = choices.bytes(1 + usize::from(how >> 5));
            for (to, from) in frame[at..].iter_mut().zip(bytes) {
                *to = *from;
            }
            frame[6..12].copy_from_slice(&hostile.mac());
        }
        if how & 8 != 0 {
            frame.resize(usize::from(choices.word()) % 1515, choices.byte());
        }
        if how & 16 != 0 {
            mend(&mut frame);
        }
        if let Some(summary) = Summary::of(&frame) {
            assert!(summary.text.chars().all(|c| !c.is_control()), "{}", summary.text);
        }
        hostile.send_frame(&frame, now_us);
        now_us += 1 + u64::from(how) * 37;
        air.poll(now_us);
        victim.poll(now_us);
        hostile.poll(now_us);
        while air.accept_service().is_some() {}
    }
    drop(hostile);
    online(&air, 3, &mut now_us);
}

/// The gateway's address: whoever a board sends to that is no group.
fn gateway_of(samples: &[Vec<u8>], board: &Station) -> [u8; 6] {
    let sent = samples.iter().filter(|f| f[6..12] == board.mac());
    let to = sent.map(|f| &f[..6]).find(|to| to[0] & 1 == 0);
    to.and_then(|to| to.try_into().ok()).expect("a board talks to its gateway")
}

/// A board with an address.
fn online(air: &Air, last: u8, now_us: &mut u64) -> Station {
    let mut station = air.attach([2, 0, 0, 0, 0, last]);
    station.set_mdns(Mdns::DriverAndStack);
    station.set_hostname("x");
    station.connect("x", "", *now_us);
    for _ in 0..PATIENCE {
        if station.status() == StationStatus::GotIp {
            return station;
        }
        *now_us += 1000;
        station.poll(*now_us);
        air.poll(*now_us);
    }
    panic!("a board does not get an address any more");
}

/// A board that has joined the access point of another one.
fn guest_of(air: &Air, host: &mut Station, last: u8, now_us: &mut u64) -> Station {
    let address = Ipv4Addr::new(192, 168, 4, 1);
    let mut access_point = AccessPoint::open("den");
    access_point.bssid = [2, 0, 0, 0, 1, 0];
    let addresses = IpConfig {
        address,
        netmask: Ipv4Addr::new(255, 255, 255, 0),
        gateway: address,
        dns: address,
    };
    let settings =
        SoftApSettings { access_point, speech: Speech::default(), max_clients: 4, addresses };
    host.start_access_point(settings, *now_us);
    let mut station = air.attach([2, 0, 0, 0, 0, last]);
    station.set_mdns(Mdns::DriverAndStack);
    station.set_hostname("x");
    station.connect("den", "", *now_us);
    for _ in 0..PATIENCE {
        if station.status() == StationStatus::GotIp {
            return station;
        }
        *now_us += 1000;
        station.poll(*now_us);
        host.poll(*now_us);
    }
    panic!("a board does not get an address from another one");
}

/// Has a board send frames of every kind.
fn talk(air: &Air, station: &mut Station, other: &mut Station, now_us: &mut u64) {
    let service = air.config().names.find("api-m2x.att.com").expect("in the table").address;
    let stream = station.tcp_open().expect("a socket is free");
    // What becomes of these does not matter, only that they send something.
    let _ = station.connect_socket(stream, SocketAddrV4::new(service, 80));
    let _ = station.start_resolve("pool.ntp.org");
    let _ = station.start_resolve("x-2.local");
    let _ = station.join_group(Ipv4Addr::new(239, 1, 2, 3), Ipv4Addr::UNSPECIFIED);
    let _ = station.ping(service, 1);
    let datagrams = station.udp_open().expect("a socket is free");
    for (address, port) in [(service, 123), (air.config().gateway, 53), (service, 9)] {
        let _ = station.send_to(datagrams, &[0x1b; 48], SocketAddrV4::new(address, port));
    }
    for round in 0..60 {
        // Long enough to hear of each other's names.
        *now_us += 10_000;
        station.poll(*now_us);
        other.poll(*now_us);
        air.poll(*now_us);
        if round == 20 {
            let _ = station.send(stream, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        }
    }
    let _ = station.close(stream);
    let _ = station.close(datagrams);
}

/// Makes the checksums right again, so that the damage gets past them.
fn mend(frame: &mut [u8]) {
    if frame.len() < 34 || frame[12..14] != [8, 0] {
        return;
    }
    let ip = &mut frame[14..];
    let head = usize::from(ip[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([ip[2], ip[3]]));
    if head < 20 || head > total || total > ip.len() {
        return;
    }
    ip[10..12].fill(0);
    let sum = checksum(&[&ip[..head]]);
    ip[10..12].copy_from_slice(&sum);
    let (protocol, from_to) = (ip[9], ip[12..20].to_vec());
    let payload = &mut ip[head..total];
    let at = match protocol {
        1 | 2 => 2,
        6 => 16,
        17 => 6,
        _ => return,
    };
    if payload.len() < at + 2 {
        return;
    }
    payload[at..at + 2].fill(0);
    let len = (payload.len() as u16).to_be_bytes();
    let pseudo = [&from_to[..], &[0, protocol], &len].concat();
    let sum = if protocol <= 2 { checksum(&[payload]) } else { checksum(&[&pseudo, payload]) };
    payload[at..at + 2].copy_from_slice(&sum);
}

/// The internet checksum of parts, all but the last of which are even.
fn checksum(parts: &[&[u8]]) -> [u8; 2] {
    let mut sum = 0u32;
    for part in parts {
        for pair in part.chunks(2) {
            sum += u32::from(u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]));
        }
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (!(sum as u16)).to_be_bytes()
}
