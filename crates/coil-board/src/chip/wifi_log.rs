//! What the log tells of WiFi, at the level INFO.

use super::Chip;
use super::log::{self, Level};
use crate::outside::Link;
use crate::profile::Era;
use alloc::format;
use coil_vm::Vm;

/// How far the log is.
#[derive(Clone, Debug, Default)]
pub struct WifiLog {
    told: Link,
    /// The driver has told of itself.
    started: bool,
}

/// What the driver calls a failure that it gives this number.
fn failure(reason: u16) -> &'static str {
    match reason {
        200 => "beacon timeout",
        201 => "no AP found",
        202 => "authentication failed",
        _ => "",
    }
}

/// Nothing has been heard of the network for a while.
const BEACON_TIMEOUT: u16 = 200;

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
    if before.associated && !now.associated {
        // Who leaves by itself does not try again.
        let lost = now.trying;
        if lost {
            driver(vm, "bcn_timout,ap_probe_send_start");
            driver(vm, "ap_probe_send over, resett wifi status to disassoc");
        }
        driver(vm, &format!("state: run -> init ({})", if lost { "c800" } else { "0" }));
        driver(vm, "pm stop");
        if lost && now.status != BEACON_TIMEOUT {
            disconnected(vm, BEACON_TIMEOUT);
        }
    }
    if now.status != before.status && (200..1000).contains(&now.status) {
        disconnected(vm, now.status);
    }
}

/// There is no link, and why.
fn disconnected(vm: &mut Vm, reason: u16) {
    let name = failure(reason);
    let between = match Chip::of(vm).profile.switches.wlan {
        Era::Now => ":",
        _ if name.is_empty() => "",
        _ => "\n",
    };
    info(vm, &format!("wifi: STA_DISCONNECTED, reason:{reason}{between}{name}"));
}

/// There is a link.
fn associated(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let channel = chip.radio.channel().unwrap_or(1);
    let ssid = chip.wifi.ssid.clone();
    let (channels, hex) = match chip.profile.switches.wlan {
        Era::Y2019 => (format!("n:{channel} 0, o:1 0, ap:255 255, sta:{channel} 0, prof:1"), ""),
        era => {
            let hex = if era == Era::Now { "0x" } else { "" };
            let channels = format!("<{channel},0>, old:<1,0>, ap:<255,255>, sta:<{channel},0>");
            (format!("new:{channels}, prof:1"), hex)
        }
    };
    driver(vm, &channels);
    for (step, number) in [("init -> auth", "b0"), ("auth -> assoc", "0"), ("assoc -> run", "10")] {
        driver(vm, &format!("state: {step} ({hex}{number})"));
    }
    driver(vm, &format!("connected with {ssid}, channel {channel}"));
    driver(vm, "pm start, type: 1\n");
    info(vm, "network: CONNECTED");
}

/// The station interface was turned on.
pub(crate) fn started(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let mac = chip.mac.map(|b| format!("{b:02x}")).join(":");
    let old = chip.profile.switches.wlan == Era::Y2019;
    if !core::mem::replace(&mut chip.wifi.log.started, true) && old {
        for line in DRIVER_2019 {
            info(vm, line);
        }
    }
    driver(vm, &format!("mode : sta ({mac})"));
    info(vm, "wifi: STA_START");
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
