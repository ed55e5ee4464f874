//! What goes wrong on purpose: at once, as planned, and the same in every run.

use crate::lab::{Lab, PASSWORD, SSID};
use crate::services::Client;
use coil_air::tls::{TlsClientConfig, TlsError, Verify};
use coil_air::{Dhcp, Fault, Faults, Reason, StationStatus};
use std::net::SocketAddrV4;

const M2X: &str = "api-m2x.att.com";

/// How long a new board takes to have an address.
fn joining_us(fault: Fault) -> Option<u64> {
    let mut lab = Lab::new(1);
    lab.air.apply(fault);
    lab.boards[0].connect(SSID, PASSWORD, 0);
    lab.until(30_000_000, |lab| {
        (lab.boards[0].status() == StationStatus::GotIp).then_some(lab.now_us)
    })
}

#[test]
fn a_slow_address_server_makes_joining_take_longer() {
    let usual = joining_us(Fault::Dhcp(Dhcp::Well)).unwrap();
    // Two answers: an offer and an acknowledgement.
    let slow = joining_us(Fault::Dhcp(Dhcp::Slow(1_000_000))).unwrap();
    assert!((slow - usual).abs_diff(2_000_000) < 1_100_000, "{usual} {slow}");
    assert_eq!(joining_us(Fault::Dhcp(Dhcp::Silent)), None);
}

#[test]
fn a_narrow_air_carries_as_much_as_it_is_said_to() {
    let mut lab = Lab::online(1);
    let address = lab.address_of(0, M2X);
    let id = lab.connect(0, SocketAddrV4::new(address, 80)).unwrap();
    let stream = lab.until(1_000_000, |lab| lab.air.accept_service()).unwrap();
    lab.air.apply(Fault::Bandwidth(Some(800_000)));
    let start_us = lab.now_us;
    let (mut left, mut got) = (100_000, 0);
    let mut buffer = [0; 4096];
    while got < 100_000 {
        if left > 0 {
            left -= stream.write(&vec![7; left.min(4096)]).unwrap_or(0);
        }
        got += lab.until(2_000_000, |lab| lab.boards[0].recv(id, &mut buffer).ok()).unwrap();
    }
    let seconds = (lab.now_us - start_us) as f64 / 1e6;
    // A second's worth, and what goes with it: heads of frames, and acknowledgements over the same air.
    assert!((1.0..1.3).contains(&seconds), "{seconds}");
}

#[test]
fn an_expired_certificate_is_noticed_by_who_looks() {
    let mut lab = Lab::online(1);
    let roots = vec![lab.air.authority().certificate_der().to_vec()];
    let looking = TlsClientConfig {
        verify: Verify::Authorities { roots, unix_seconds: Some(1_767_225_600) },
        ..TlsClientConfig::unverified(Some(M2X))
    };
    let careless = TlsClientConfig::unverified(Some(M2X));
    let ends = |lab: &mut Lab, config| Client::open(lab, M2X, config).map(drop);
    assert!(ends(&mut lab, &looking).is_ok());
    lab.air.apply(Fault::Expired(true));
    assert!(matches!(ends(&mut lab, &looking), Err(TlsError::WrongTime)));
    assert!(ends(&mut lab, &careless).is_ok());
}

/// What boards make of a plan, with their moments.
fn run_of(plan: &[(u64, Fault)]) -> Vec<(u64, Reason)> {
    let mut lab = Lab::new(2);
    lab.air.plan_faults(plan.iter().copied());
    lab.air.poll(0);
    lab.boards.iter_mut().for_each(|board| board.connect(SSID, PASSWORD, 0));
    let mut ends = Vec::new();
    for _ in 0..60 {
        lab.run(1_000_000);
        let now_us = lab.now_us;
        for board in &mut lab.boards {
            ends.extend(board.drain_events().filter_map(|e| match e.kind {
                coil_air::EventKind::Disconnected { reason } => Some((now_us / 1_000_000, reason)),
                _ => None,
            }));
        }
    }
    let online = lab.boards.iter().filter(|b| b.status() == StationStatus::GotIp).count();
    assert_eq!(online, 2, "all is well in the end");
    ends
}

#[test]
fn a_plan_happens_at_its_moments_and_the_same_in_every_run() {
    for (fault, end, reason) in [
        (Fault::NoAccessPoint(true), Fault::NoAccessPoint(false), Reason::BeaconTimeout),
        (Fault::Signal(Some(-95)), Fault::Signal(None), Reason::BeaconTimeout),
    ] {
        let plan = [(10_000_000, fault), (30_000_000, end)];
        let ends = run_of(&plan);
        // The beacons are missed for some seconds first.
        let (first_s, why) = ends[0];
        assert!((16..20).contains(&first_s), "{fault}: {ends:?}");
        assert_eq!(why, reason);
        assert!(ends.iter().all(|e| e.0 <= 33), "{ends:?}");
        assert!(ends.iter().any(|e| e.1 == Reason::NoApFound), "{ends:?}");
        assert_eq!(run_of(&plan), ends);
    }
    // Whoever is in stays in; who comes again is refused.
    let plan = [(0, Fault::OtherPassword(true)), (20_000_000, Fault::OtherPassword(false))];
    let ends = run_of(&plan);
    assert!(ends.iter().all(|e| e.1 == Reason::AuthFail && e.0 <= 25), "{ends:?}");
    assert!(ends.len() >= 4, "{ends:?}");
}

#[test]
fn what_is_set_again_is_as_it_was() {
    let lab = Lab::new(1);
    let before = lab.air.scan();
    for fault in [Fault::Signal(Some(-80)), Fault::OtherPassword(true), Fault::NoAccessPoint(true)]
    {
        lab.air.apply(fault);
    }
    assert!(lab.air.scan().is_empty());
    lab.air.apply(Fault::NoAccessPoint(false));
    assert_eq!(lab.air.scan()[0].rssi, -80);
    lab.air.set_faults(Faults::default());
    assert_eq!(lab.air.scan(), before);
}
