//! `WLAN.config`: the settings of an interface, and which firmware knows them.

use super::{
    AP, INVALID_MODE, STA, access_point, clipped, fail, hostname, interface, radio, require,
    text_of, unknown_error,
};
use crate::chip::Chip;
use crate::outside::{Mac, SoftAp};
use crate::profile::Era;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm};

pub(super) fn config(vm: &mut Vm, args: Args) -> Res {
    if args.n != 1 && args.nkw != 0 {
        return Err(vm.type_error("either pos or kw args are allowed"));
    }
    let this = vm.arg(args, 0);
    if args.nkw > 0 {
        // What concerns the access point comes into force together, once all of it is there.
        let mut ap = Chip::of(vm).wifi.ap.clone();
        for i in 0..args.nkw {
            let (name, value) = vm.kwarg(args, i);
            let name = vm.expect_string(name)?;
            check_setting(vm, &name)?;
            if !set_of_access_point(vm, this, &mut ap, &name, value)? {
                set(vm, this, &name, value)?;
            }
        }
        if interface(vm, this) == AP {
            check_access_point(vm, &ap)?;
            Chip::of(vm).wifi.ap = ap;
            access_point::apply(vm);
        }
        return Ok(Value::NONE);
    }
    if args.n != 2 {
        return Err(vm.type_error("can query only one param"));
    }
    let name = vm.expect_string(vm.arg(args, 1))?;
    check_setting(vm, &name)?;
    get(vm, this, &name)
}

/// Settings that MicroPython 1.11 knew.
const SETTINGS_2019: [&str; 7] =
    ["mac", "essid", "hidden", "authmode", "password", "channel", "dhcp_hostname"];
/// Those that have come after MicroPython 1.19.1.
const SETTINGS_NOW: [&str; 8] =
    ["ssid", "security", "key", "hostname", "pm", "bandwidth", "ifname", "protocol"];

/// Sets of protocols that the driver takes: b, with g, with n, and each with the long range or that alone.
const PROTOCOLS: [u8; 7] = [1, 3, 7, 8, 9, 11, 15];
/// The driver's number for an argument that it refuses.
const INVALID_ARGUMENT: u16 = 0x102;
/// Bytes of a password, at most, and of one that WPA takes, at least.
const PASSWORD: core::ops::RangeInclusive<usize> = 8..=63;
/// Stations that the chip has room for.
const CLIENTS_MAX: u8 = 10;
/// The highest number of a channel.
const CHANNEL_MAX: u8 = 13;

fn check_setting(vm: &mut Vm, name: &str) -> Result<(), Raised> {
    let known = match Chip::of(vm).profile.switches.wlan {
        Era::Y2019 => SETTINGS_2019.contains(&name),
        Era::Y2022 => !SETTINGS_NOW.contains(&name),
        Era::Now => true,
    };
    if known { Ok(()) } else { Err(vm.value_error("unknown config param")) }
}

/// Sets what is the access point's alone; false if the setting is not.
fn set_of_access_point(
    vm: &mut Vm,
    this: Value,
    ap: &mut SoftAp,
    name: &str,
    value: Value,
) -> Result<bool, Raised> {
    match name {
        "ssid" | "essid" => {
            let ssid = clipped(text_of(vm, value)?, 32);
            // Without a length the driver takes what stands there, which is the old name.
            if !ssid.is_empty() {
                ap.ssid = ssid;
            }
        }
        "hidden" => ap.hidden = vm.truth(value)?,
        "security" | "authmode" => ap.authmode = vm.expect_int(value)? as u8,
        "key" | "password" => ap.password = clipped(text_of(vm, value)?, *PASSWORD.end()),
        "max_clients" => ap.max_clients = vm.expect_int(value)? as u8,
        "protocol" if interface(vm, this) == AP => ap.protocol = protocol_of(vm, value)?,
        "mac" if interface(vm, this) == AP => ap.bssid = mac_of(vm, this, value)?,
        "channel" if interface(vm, this) == AP => ap.channel = vm.expect_int(value)? as u8,
        _ => return Ok(false),
    }
    require(vm, this, AP)?;
    Ok(true)
}

/// Whether the driver takes an access point set up like this.
fn check_access_point(vm: &mut Vm, ap: &SoftAp) -> Result<(), Raised> {
    let has_wpa3 = Chip::of(vm).profile.switches.wlan != Era::Y2019;
    let is_known = match ap.authmode {
        0 | 2..=4 => true,
        6 | 7 => has_wpa3,
        _ => false,
    };
    // Channel 0 is none in particular.
    if !is_known || ap.channel > CHANNEL_MAX || ap.max_clients > CLIENTS_MAX {
        return Err(unknown_error(vm, INVALID_ARGUMENT));
    }
    if ap.authmode != 0 && !PASSWORD.contains(&ap.password.len()) {
        return Err(fail(vm, "Wifi Invalid Password"));
    }
    Ok(())
}

fn set(vm: &mut Vm, this: Value, name: &str, value: Value) -> Result<(), Raised> {
    match name {
        "hostname" | "dhcp_hostname" => {
            hostname(vm, value)?;
        }
        "reconnects" => {
            let n = vm.expect_int(value)?;
            require(vm, this, STA)?;
            Chip::of(vm).wifi.reconnects = n;
            radio(vm).set_reconnects(u32::try_from(n).ok());
        }
        "pm" => Chip::of(vm).wifi.power_save = vm.expect_int(value)?,
        "txpower" => {
            let dbm = match vm.as_float(value) {
                Some(f) => f,
                None => vm.expect_int(value)? as f64,
            };
            Chip::of(vm).wifi.quarter_dbm = (dbm * 4.0) as i64;
        }
        "channel" => set_channel(vm, this, value)?,
        "bandwidth" => {
            let n = vm.expect_int(value)?;
            let interface = interface(vm, this) as usize;
            if !(1..=2).contains(&n) {
                return Err(unknown_error(vm, INVALID_ARGUMENT));
            }
            Chip::of(vm).wifi.bandwidth[interface] = n;
        }
        "protocol" => {
            let protocol = protocol_of(vm, value)?;
            Chip::of(vm).wifi.protocol = protocol;
            radio(vm).set_protocol(protocol);
        }
        "mac" => {
            let mac = mac_of(vm, this, value)?;
            Chip::of(vm).wifi.mac = mac;
            radio(vm).set_mac(mac);
        }
        _ => return Err(vm.value_error("unknown config param")),
    }
    Ok(())
}

/// A set of protocols that the driver takes.
fn protocol_of(vm: &mut Vm, value: Value) -> Result<u8, Raised> {
    let wanted = vm.expect_int(value)?;
    let known = PROTOCOLS.into_iter().find(|known| i64::from(*known) == wanted);
    known.ok_or_else(|| unknown_error(vm, INVALID_ARGUMENT))
}

/// A hardware address that the driver gives to an interface. It has to have been told of the interface; when it has been told of none
/// that is the station.
fn mac_of(vm: &mut Vm, this: Value, value: Value) -> Result<Mac, Raised> {
    let Ok(mac) = Mac::try_from(vm.expect_bytes_like(value)?) else {
        return Err(vm.value_error("invalid buffer length"));
    };
    let is_sta = interface(vm, this) == STA;
    let wifi = &Chip::of(vm).wifi;
    let is_meant = if is_sta { wifi.active || !wifi.ap_active } else { wifi.ap_active };
    if !is_meant {
        return Err(fail(vm, INVALID_MODE));
    }
    let other = if is_sta { wifi.ap.bssid } else { wifi.mac };
    if mac[0] & 1 == 1 || mac == [0; 6] || mac == other {
        return Err(fail(vm, "Wifi Invalid MAC Address"));
    }
    Ok(mac)
}

/// The station's channel: where it looks for a network first, and where it is while it has none.
fn set_channel(vm: &mut Vm, this: Value, value: Value) -> Result<(), Raised> {
    let channel = vm.expect_int(value)? as u8;
    if Chip::of(vm).profile.switches.wlan != Era::Now {
        return require(vm, this, AP);
    }
    if !Chip::of(vm).wifi.is_started() {
        return Err(fail(vm, "Wifi Not Started"));
    }
    if !(1..=CHANNEL_MAX).contains(&channel) {
        return Err(unknown_error(vm, INVALID_ARGUMENT));
    }
    Chip::of(vm).wifi.first_channel = Some(channel);
    radio(vm).set_channel(channel);
    Ok(())
}

fn get(vm: &mut Vm, this: Value, name: &str) -> Res {
    let is_sta = interface(vm, this) == STA;
    let wifi = Chip::of(vm).wifi.clone();
    match name {
        "mac" => {
            let mac = if is_sta { wifi.mac } else { wifi.ap.bssid };
            vm.new_bytes(&mac)
        }
        "ssid" | "essid" => {
            let ssid = if is_sta { &wifi.ssid } else { &wifi.ap.ssid };
            vm.new_str(ssid.as_bytes())
        }
        "hidden" => {
            require(vm, this, AP)?;
            Ok(Value::bool(wifi.ap.hidden))
        }
        "security" | "authmode" => {
            require(vm, this, AP)?;
            Ok(Value::int(i64::from(wifi.ap.authmode)))
        }
        "channel" => channel(vm, this),
        "bandwidth" => Ok(Value::int(wifi.bandwidth[usize::from(!is_sta)])),
        "max_clients" => Ok(Value::int(i64::from(wifi.ap.max_clients))),
        "ifname" => vm.new_str(if is_sta { b"st1" } else { b"ap2" }),
        "hostname" | "dhcp_hostname" => {
            require(vm, this, STA)?;
            vm.new_str(wifi.hostname.as_bytes())
        }
        "reconnects" => {
            require(vm, this, STA)?;
            Ok(Value::int(wifi.reconnects))
        }
        "txpower" => vm.new_float(wifi.quarter_dbm as f64 / 4.0),
        "protocol" => {
            Ok(Value::int(i64::from(if is_sta { wifi.protocol } else { wifi.ap.protocol })))
        }
        "pm" => Ok(Value::int(wifi.power_save)),
        _ => Err(vm.value_error("unknown config param")),
    }
}

/// The channel of the radio, of which there is one; older firmware told what the access point is set to.
fn channel(vm: &mut Vm, this: Value) -> Res {
    if Chip::of(vm).profile.switches.wlan == Era::Now {
        if !Chip::of(vm).wifi.is_started() {
            return Err(fail(vm, "Wifi Not Started"));
        }
        return Ok(Value::int(i64::from(radio(vm).channel())));
    }
    require(vm, this, AP)?;
    Ok(Value::int(i64::from(Chip::of(vm).wifi.ap.channel.max(1))))
}
