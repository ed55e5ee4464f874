//! Hostile frames: whatever a program on a board could put on the air, the gateway and the other boards stay up.

use crate::access_point::AccessPoint;
use crate::config::AirConfig;
use crate::frame::{self, MAX_FRAME};
use crate::gateway::errand::{Errand, Verdict};
use crate::rng::Rng;
use crate::{Air, Station, StationStatus};
use smoltcp::wire::{
    EthernetFrame, Icmpv4Packet, IpAddress, IpProtocol, Ipv4Packet, TcpPacket, UdpPacket,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

fn online(air: &Air, last: u8, now_us: &mut u64) -> Station {
    let mut station = air.attach([2, 0, 0, 0, 0, last]);
    station.connect("x", "", *now_us);
    while station.status() != StationStatus::GotIp {
        *now_us += 1000;
        station.poll(*now_us);
        air.poll(*now_us);
    }
    station
}

// Frames as a board may rightly send them: the material to spoil.
fn samples(station: &mut Station, air: &Air, now_us: u64) -> Vec<Vec<u8>> {
    let gateway = air.shared().segment.gateway().clone();
    let (mac, own) = (station.mac(), station.ifconfig().expect("online").address);
    let at = |ip, port| SocketAddrV4::new(ip, port);
    let service = air.config().names.find("api-m2x.att.com").expect("in the table").address;
    let mut samples = Vec::new();
    for (dst, payload) in [
        (at(air.config().gateway, 53), &b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04pool\x03ntp\x03org\x00\x00\x01\x00\x01"[..]),
        (at(Ipv4Addr::BROADCAST, 67), &[1; 300]),
        (at(Ipv4Addr::new(9, 9, 9, 9), 9), b"nowhere"),
    ] {
        samples.extend(frame::udp_frame(mac, gateway.mac, at(own, 4000), dst, payload).map(|bytes| bytes.to_vec()));
    }
    // Requests to connect, and pings, from the board's own stack.
    for (ip, port) in [(service, 80), (service, 443), (Ipv4Addr::new(9, 9, 9, 9), 80)] {
        let id = station.tcp_open().expect("a socket is free");
        let _ = station.connect_socket(id, at(ip, port));
    }
    station.ping(service, 1).expect("online");
    station.now_us = now_us;
    station.stack.egress(now_us);
    while let Some(bytes) = station.stack.next_out() {
        samples.push(bytes.to_vec());
    }
    assert!(samples.len() >= 4, "{}", samples.len());
    samples
}

// Makes the checksums right again, so that the damage gets past them.
fn mend(bytes: &mut [u8]) {
    let Ok(mut frame) = EthernetFrame::new_checked(bytes) else { return };
    let Ok(mut ip) = Ipv4Packet::new_checked(frame.payload_mut()) else { return };
    ip.fill_checksum();
    let (src, dst, kind) =
        (IpAddress::Ipv4(ip.src_addr()), IpAddress::Ipv4(ip.dst_addr()), ip.next_header());
    match kind {
        IpProtocol::Tcp => {
            if let Ok(mut tcp) = TcpPacket::new_checked(ip.payload_mut()) {
                tcp.fill_checksum(&src, &dst);
            }
        }
        IpProtocol::Udp => {
            if let Ok(mut udp) = UdpPacket::new_checked(ip.payload_mut()) {
                udp.fill_checksum(&src, &dst);
            }
        }
        IpProtocol::Icmp => {
            if let Ok(mut icmp) = Icmpv4Packet::new_checked(ip.payload_mut()) {
                icmp.fill_checksum();
            }
        }
        _ => {}
    }
}

#[test]
fn spoiled_frames_never_panic_and_the_air_goes_on() {
    let mut config = AirConfig::new(AccessPoint::open("x")).expect("the table is valid");
    config.timings = config.timings.faster(1000);
    config.outside.internet = true;
    let air = Air::new(config).expect("the configuration is valid");
    let mut now_us = 0;
    let mut hostile = online(&air, 1, &mut now_us);
    let mut victim = online(&air, 2, &mut now_us);
    let samples = samples(&mut hostile, &air, now_us);
    let mut rng = Rng::new(5, b"hostile");
    let targets = [air.shared().segment.gateway().mac, victim.mac(), [0xff; 6]];
    for round in 0..120_000u64 {
        let mut bytes = samples[rng.next() as usize % samples.len()].clone();
        bytes[..6].copy_from_slice(&targets[rng.next() as usize % targets.len()]);
        for _ in 0..rng.next() % 6 {
            let at = rng.next() as usize % bytes.len();
            if !(6..12).contains(&at) {
                bytes[at] = rng.next() as u8;
            }
        }
        if rng.chance(250_000) {
            bytes.resize(rng.next() as usize % MAX_FRAME, rng.next() as u8);
        }
        if rng.chance(750_000) {
            mend(&mut bytes);
        }
        air.shared().segment.send(&hostile.port, Arc::from(bytes), now_us, &mut rng);
        if round % 16 == 0 {
            now_us += 50;
            air.poll(now_us);
            victim.poll(now_us);
            hostile.poll(now_us);
            while air.accept_service().is_some() {}
            // The host's network takes its time, and sometimes has none.
            if rng.chance(500_000) {
                while let Some(errand) = air.next_errand() {
                    match errand {
                        Errand::Connect(call) if rng.chance(500_000) => drop(call.open()),
                        Errand::Connect(call) => call.fail(Verdict::Refused),
                        Errand::Send(_) | Errand::Resolve { .. } => {}
                    }
                }
            }
        }
    }
    drop(hostile);
    let mut other = online(&air, 3, &mut now_us);
    other.ping(victim.ifconfig().expect("online").address, 7).expect("online");
    for _ in 0..3000 {
        now_us += 1000;
        other.poll(now_us);
        victim.poll(now_us);
        air.poll(now_us);
    }
    assert!(other.pong().is_some_and(|(_, sequence)| sequence == 7));
}
