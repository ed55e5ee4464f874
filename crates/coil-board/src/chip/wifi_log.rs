//! What the log tells of WiFi, at the level INFO.

use super::Chip;
use super::log::{self, Level};
use crate::outside::{Link, Mac};
use crate::profile::Era;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::Vm;

/// How far the log is.
#[derive(Clone, Debug, Default)]
pub struct WifiLog {
    told: Link,
    /// The driver has told of itself.
    started: bool,
    /// The stations of the access point, by their numbers less one.
    clients: Vec<Option<Mac>>,
}

/// What the driver calls a failure that it gives this number.
fn failure(reason: u8) -> &'static str {
    match reason {
        BEACON_TIMEOUT => "beacon timeout",
        201 => "no AP found",
        AUTH_FAIL => "authentication failed",
        210 => "no AP with compatible security found",
        211 => "no AP with authmode within threshold found",
        212 => "no AP with RSSI within threshold found",
        _ => "",
    }
}

/// The access point has said goodbye.
const AUTH_LEAVE: u8 = 3;
/// The board has left.
const ASSOC_LEAVE: u8 = 8;
/// Nothing has been heard of the network for a while.
const BEACON_TIMEOUT: u8 = 200;
/// The password is wrong.
const AUTH_FAIL: u8 = 202;

/// A line of the firmware itself.
fn info(vm: &mut Vm, text: &str) {
    log::write(vm, Level::Info, text);
}

/// A line of the driver, which once had a blank after its name.
fn driver(vm: &mut Vm, text: &str) {
    let old = Chip::of(vm).profile.switches.wlan == Era::Y2019;
    info(vm, &format!("wifi:{}{text}", if old { " " } else { "" }));
}

/// Writes what has happened since the last time.
pub(super) fn advance(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let now = chip.radio.link();
    let before = core::mem::replace(&mut chip.wifi.log.told, now);
    if now == before {
        return;
    }
    if now.clients != before.clients {
        clients(vm);
    }
    if now.ends != before.ends {
        ended(vm, before.associated, now.reason);
    }
    if now.associated && !before.associated {
        associated(vm);
    }
    if now.connected
        && !before.connected
        && let Some(at) = Chip::of(vm).radio.addresses()
    {
        let old = Chip::of(vm).profile.switches.wlan == Era::Y2019;
        let tag = if old { "event" } else { "esp_netif_handlers" };
        let (ip, mask, gw) = (at.address, at.netmask, at.gateway);
        info(vm, &format!("{tag}: sta ip: {ip}, mask: {mask}, gw: {gw}"));
        info(vm, "network: GOT_IP");
    }
}

/// The link has ended, or an attempt at one.
fn ended(vm: &mut Vm, was_associated: bool, reason: u8) {
    let hex = hex(vm);
    if was_associated {
        if reason == BEACON_TIMEOUT {
            driver(vm, "bcn_timout,ap_probe_send_start");
            driver(vm, "ap_probe_send over, resett wifi status to disassoc");
        }
        // The lower half is the kind of frame by which it ended, where one did.
        let code = match reason {
            ASSOC_LEAVE => "0",
            AUTH_LEAVE => "3c0",
            _ => "c800",
        };
        driver(vm, &format!("state: run -> init ({hex}{code})"));
        driver(vm, "pm stop");
    } else if reason == AUTH_FAIL {
        // The access point took the board, and then not its key.
        steps(vm);
        driver(vm, &format!("state: run -> init ({hex}2c0)"));
    }
    let name = failure(reason);
    let between = match Chip::of(vm).profile.switches.wlan {
        Era::Now => ":",
        _ if name.is_empty() => "",
        _ => "\n",
    };
    info(vm, &format!("wifi: STA_DISCONNECTED, reason:{reason}{between}{name}"));
}

/// What stands before the numbers of states.
fn hex(vm: &mut Vm) -> &'static str {
    if Chip::of(vm).profile.switches.wlan == Era::Now { "0x" } else { "" }
}

/// The way to a link.
fn steps(vm: &mut Vm) {
    let hex = hex(vm);
    for (step, number) in [("init -> auth", "b0"), ("auth -> assoc", "0"), ("assoc -> run", "10")] {
        driver(vm, &format!("state: {step} ({hex}{number})"));
    }
}

/// Stations of the board's own access point have come or gone.
fn clients(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let now: Vec<Mac> = chip.radio.clients().into_iter().map(|client| client.mac).collect();
    let old = chip.profile.switches.wlan == Era::Y2019;
    // A station keeps its number as long as it stays.
    let mut seats = core::mem::take(&mut chip.wifi.log.clients);
    for (seat, place) in (1..).zip(&mut seats) {
        if let Some(mac) = place.take_if(|mac| !now.contains(mac)) {
            driver(vm, &format!("station: {} leave, AID = {seat}", colons(mac)));
        }
    }
    for mac in now {
        if !seats.contains(&Some(mac)) {
            let free = seats.iter().position(Option::is_none).unwrap_or(seats.len());
            if free == seats.len() {
                seats.push(None);
            }
            seats[free] = Some(mac);
            let modes = if old { "n" } else { "bgn" };
            driver(vm, &format!("station: {} join, AID={}, {modes}, 40U", colons(mac), free + 1));
        }
    }
    Chip::of(vm).wifi.log.clients = seats;
}

fn colons(mac: Mac) -> String {
    mac.map(|b| format!("{b:02x}")).join(":")
}

/// There is a link.
fn associated(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let channel = chip.radio.channel();
    let ssid = chip.wifi.ssid.clone();
    let channels = match chip.profile.switches.wlan {
        Era::Y2019 => format!("n:{channel} 0, o:1 0, ap:255 255, sta:{channel} 0, prof:1"),
        _ => format!("new:<{channel},0>, old:<1,0>, ap:<255,255>, sta:<{channel},0>, prof:1"),
    };
    driver(vm, &channels);
    steps(vm);
    driver(vm, &format!("connected with {ssid}, channel {channel}"));
    driver(vm, "pm start, type: 1\n");
    info(vm, "network: CONNECTED");
}

/// An interface was turned on or off: which are on now.
pub(crate) fn mode_changed(vm: &mut Vm, is_station: bool) {
    let chip = Chip::of(vm);
    let station = chip.wifi.active.then(|| format!("sta ({})", colons(chip.wifi.mac)));
    let ap = chip.wifi.ap_active.then(|| format!("softAP ({})", colons(chip.wifi.ap.bssid)));
    let old = chip.profile.switches.wlan == Era::Y2019;
    let is_first = chip.wifi.is_started() && !core::mem::replace(&mut chip.wifi.log.started, true);
    if is_first && old {
        for line in DRIVER_2019 {
            info(vm, line);
        }
    }
    let on: Vec<String> = station.into_iter().chain(ap).collect();
    let mode = if on.is_empty() { "null".into() } else { on.join(" + ") };
    driver(vm, &format!("mode : {mode}"));
    if is_station && Chip::of(vm).wifi.active {
        info(vm, "wifi: STA_START");
    }
}

/// What the driver of 2019 tells of itself.
const DRIVER_2019: [&str; 7] = [
    "wifi: wifi driver task: 3ffc5d40, prio:23, stack:3584, core=0",
    "wifi: wifi firmware version: 7aac1f9",
    "wifi: config NVS flash: enabled",
    "wifi: config nano formating: disabled",
    "wifi: Init dynamic tx buffer num: 32",
    "wifi: Init static rx buffer num: 10",
    "phy: phy_version: 3960, 5211945, Jul 18 2018, 10:40:07, 0, 0",
];
