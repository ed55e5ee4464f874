//! What the log tells of WiFi, in firmware that logs at the level INFO.

use super::{Chip, up_ms};
use crate::outside::Link;
use alloc::format;
use alloc::string::String;
use coil_vm::Vm;
use core::fmt::Write as _;

/// How far the log is, and whether it is written.
#[derive(Clone, Debug, Default)]
pub struct WifiLog {
    told: Link,
    /// The driver has told of itself.
    started: bool,
    /// `esp.osdebug` has turned it off.
    pub off: bool,
    /// The raw prompt holds it back.
    pub held: bool,
}

/// What the driver calls a failure that it gives this number.
fn failure(reason: u16) -> &'static str {
    match reason {
        200 => "\nbeacon timeout",
        201 => "\nno AP found",
        202 => "\nauthentication failed",
        _ => "",
    }
}

/// Writes what has happened since the last time.
pub(super) fn advance(vm: &mut Vm) {
    let chip = Chip::of(vm);
    if !chip.profile.switches.wifi_log {
        return;
    }
    let now = chip.radio.link();
    let before = core::mem::replace(&mut chip.wifi.log.told, now);
    if now == before {
        return;
    }
    let ms = up_ms(vm);
    let chip = Chip::of(vm);
    let mut text = String::new();
    if now.associated && !before.associated {
        let channel = chip.radio.channel().unwrap_or(1);
        text = format!(
            "I ({ms}) wifi: n:{channel} 0, o:1 0, ap:255 255, sta:{channel} 0, prof:1
I ({ms}) wifi: state: init -> auth (b0)
I ({ms}) wifi: state: auth -> assoc (0)
I ({ms}) wifi: state: assoc -> run (10)
I ({ms}) wifi: connected with {}, channel {channel}
I ({ms}) wifi: pm start, type: 1

I ({ms}) network: CONNECTED
",
            chip.wifi.ssid
        );
    }
    if now.connected
        && !before.connected
        && let Some(at) = chip.radio.addresses()
    {
        let (ip, mask, gw) = (at.address, at.netmask, at.gateway);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "I ({ms}) event: sta ip: {ip}, mask: {mask}, gw: {gw}\nI ({ms}) network: GOT_IP\n"
        );
    }
    if before.associated && !now.associated {
        let _ = writeln!(text, "I ({ms}) wifi: state: run -> init (0)\nI ({ms}) wifi: pm stop");
    }
    if now.status != before.status && (200..1000).contains(&now.status) {
        let (reason, name) = (now.status, failure(now.status));
        let _ = writeln!(text, "I ({ms}) wifi: STA_DISCONNECTED, reason:{reason}{name}");
    }
    write(vm, &text);
}

/// The station interface was turned on.
pub(crate) fn started(vm: &mut Vm) {
    if !Chip::of(vm).profile.switches.wifi_log {
        return;
    }
    let ms = up_ms(vm);
    let chip = Chip::of(vm);
    let mut text = String::new();
    if !core::mem::replace(&mut chip.wifi.log.started, true) {
        text = format!(
            "I ({ms}) wifi: wifi driver task: 3ffc5d40, prio:23, stack:3584, core=0
I ({ms}) wifi: wifi firmware version: 7aac1f9
I ({ms}) wifi: config NVS flash: enabled
I ({ms}) wifi: config nano formating: disabled
I ({ms}) wifi: Init dynamic tx buffer num: 32
I ({ms}) wifi: Init static rx buffer num: 10
"
        );
    }
    let mac = chip.mac.map(|b| format!("{b:02x}")).join(":");
    let _ = writeln!(text, "I ({ms}) wifi: mode : sta ({mac})\nI ({ms}) wifi: STA_START");
    write(vm, &text);
}

fn write(vm: &mut Vm, text: &str) {
    let log = &Chip::of(vm).wifi.log;
    if !text.is_empty() && !log.off && !log.held {
        vm.port.write(text.replace('\n', "\r\n").as_bytes());
    }
}
