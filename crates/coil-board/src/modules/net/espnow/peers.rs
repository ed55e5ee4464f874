//! The peers of ESP-NOW: those that messages can be sent to.

use super::{ARG, CHAN, IF, NOT_FOUND, driver, key, mac};
use crate::chip::Chip;
use crate::chip::esp_now::{ENCRYPTED_MAX, KEY, PEERS_MAX, Peer};
use crate::modules::esp32::esp_error;
use crate::modules::machine::params::{any, parse};
use crate::modules::net::radio;
use alloc::vec::Vec;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm};

/// Errors of the driver.
const FULL: i32 = 0x3068;
const EXIST: i32 = 0x306b;
/// The highest number of a channel; the driver takes Japan's.
const CHANNEL_MAX: i64 = 14;

/// Takes what is said of a peer.
fn read(vm: &mut Vm, args: Args, peer: &mut Peer) -> Result<(), Raised> {
    let given = parse(vm, args, 2, &[any("lmk"), any("channel"), any("ifidx"), any("encrypt")])?;
    let said = |i| Some(given.any(i)).filter(|v| !v.is_null() && *v != Value::NONE);
    if let Some(lmk) = said(0) {
        peer.encrypt = vm.truth(lmk)?;
        if peer.encrypt {
            peer.lmk = key(vm, lmk)?;
        }
    }
    if let Some(channel) = said(1) {
        peer.channel = match vm.expect_int(channel)? {
            n @ 0..=CHANNEL_MAX => n as u8,
            _ => return Err(esp_error(vm, ARG)),
        };
    }
    if let Some(interface) = said(2) {
        peer.interface = match vm.expect_int(interface)? {
            n @ 0..=1 => n as u8,
            _ => return Err(esp_error(vm, IF)),
        };
    }
    if let Some(encrypt) = said(3) {
        peer.encrypt = vm.truth(encrypt)?;
    }
    Ok(())
}

/// Whether the driver takes a peer, beside all the others.
fn check(vm: &mut Vm, peer: &Peer) -> Result<(), Raised> {
    if peer.encrypt && !peer.is_single() {
        return Err(esp_error(vm, ARG));
    }
    let channel = radio(vm).channel();
    if peer.channel != 0 && peer.channel != channel && Chip::of(vm).wifi.is_started() {
        return Err(esp_error(vm, CHAN));
    }
    let others = driver(vm)?.peers.iter().filter(|other| other.mac != peer.mac);
    if peer.encrypt && others.filter(|other| other.encrypt).count() >= ENCRYPTED_MAX {
        return Err(esp_error(vm, FULL));
    }
    Ok(())
}

fn address(vm: &mut Vm, args: Args) -> Result<[u8; 6], Raised> {
    if args.n < 2 {
        return Err(vm.type_error("function missing 1 required positional arguments"));
    }
    mac(vm, vm.arg(args, 1))
}

/// `add_peer(self, mac, lmk=, channel=, ifidx=, encrypt=)`
pub(super) fn add(vm: &mut Vm, args: Args) -> Res {
    let mac = address(vm, args)?;
    let mut peer = Peer { mac, lmk: [0; KEY], channel: 0, interface: 0, encrypt: false };
    read(vm, args, &mut peer)?;
    let peers = &driver(vm)?.peers;
    if peers.iter().any(|other| other.mac == mac) {
        return Err(esp_error(vm, EXIST));
    }
    if peers.len() >= PEERS_MAX {
        return Err(esp_error(vm, FULL));
    }
    check(vm, &peer)?;
    driver(vm)?.peers.push(peer);
    Ok(Value::NONE)
}

/// `mod_peer`: what is not said stays.
pub(super) fn change(vm: &mut Vm, args: Args) -> Res {
    let mac = address(vm, args)?;
    let mut peer = find(vm, mac)?;
    read(vm, args, &mut peer)?;
    check(vm, &peer)?;
    if let Some(place) = driver(vm)?.peer(mac) {
        *place = peer;
    }
    Ok(Value::NONE)
}

fn find(vm: &mut Vm, mac: [u8; 6]) -> Result<Peer, Raised> {
    match driver(vm)?.peer(mac) {
        Some(peer) => Ok(*peer),
        None => Err(esp_error(vm, NOT_FOUND)),
    }
}

/// `del_peer(self, mac)`
pub(super) fn remove(vm: &mut Vm, args: Args) -> Res {
    let mac = address(vm, args)?;
    find(vm, mac)?;
    driver(vm)?.peers.retain(|peer| peer.mac != mac);
    Ok(Value::NONE)
}

/// `get_peers(self)`: groups are none.
pub(super) fn all(vm: &mut Vm, _: Args) -> Res {
    let peers: Vec<Peer> = driver(vm)?.peers.iter().filter(|p| p.is_single()).copied().collect();
    let mark = vm.mark();
    let mut tuples = Vec::new();
    for peer in peers {
        let tuple = tuple(vm, &peer)?;
        vm.root(tuple);
        tuples.push(tuple);
    }
    let all = vm.new_tuple(&tuples)?;
    vm.release_but(mark, all);
    Ok(all)
}

/// `get_peer(self, mac)`
pub(super) fn one(vm: &mut Vm, args: Args) -> Res {
    let mac = address(vm, args)?;
    let peer = find(vm, mac)?;
    tuple(vm, &peer)
}

fn tuple(vm: &mut Vm, peer: &Peer) -> Res {
    let mac = vm.new_bytes(&peer.mac)?;
    vm.root(mac);
    let lmk = vm.new_bytes(&peer.lmk)?;
    let [channel, interface] = [peer.channel, peer.interface].map(|n| Value::int(i64::from(n)));
    vm.new_tuple(&[mac, lmk, channel, interface, Value::bool(peer.encrypt)])
}

/// `peer_count(self)`: all, and those with encryption.
pub(super) fn count(vm: &mut Vm, _: Args) -> Res {
    let peers = &driver(vm)?.peers;
    let counts = [peers.len(), peers.iter().filter(|peer| peer.encrypt).count()];
    vm.new_tuple(&counts.map(|n| Value::int(n as i64)))
}
