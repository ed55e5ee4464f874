//! `WLAN.config`: the settings of an interface, and which firmware knows them.

use super::{AP, STA, hostname, interface, radio, require};
use crate::chip::Chip;
use crate::profile::Era;
use alloc::format;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm, types};

pub(super) fn config(vm: &mut Vm, args: Args) -> Res {
    if args.n != 1 && args.nkw != 0 {
        return Err(vm.type_error("either pos or kw args are allowed"));
    }
    let this = vm.arg(args, 0);
    if args.nkw > 0 {
        for i in 0..args.nkw {
            let (name, value) = vm.kwarg(args, i);
            let name = vm.expect_string(name)?;
            check_setting(vm, &name)?;
            set(vm, this, &name, value)?;
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
const PROTOCOLS: [i64; 7] = [1, 3, 7, 8, 9, 11, 15];
/// What is told of a setting that the driver refuses.
const INVALID_ARGUMENT: &str = "Wifi Unknown Error 0x0102";

fn check_setting(vm: &mut Vm, name: &str) -> Result<(), Raised> {
    let known = match Chip::of(vm).profile.switches.wlan {
        Era::Y2019 => SETTINGS_2019.contains(&name),
        Era::Y2022 => !SETTINGS_NOW.contains(&name),
        Era::Now => true,
    };
    if known { Ok(()) } else { Err(vm.value_error("unknown config param")) }
}

fn set(vm: &mut Vm, this: Value, name: &str, value: Value) -> Result<(), Raised> {
    match name {
        "ssid" | "essid" | "hidden" | "key" | "password" | "max_clients" => {
            require(vm, this, AP)?;
        }
        "security" | "authmode" => {
            let mode = vm.expect_int(value)?;
            require(vm, this, AP)?;
            Chip::of(vm).wifi.ap_security = mode;
        }
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
        "channel" => {
            vm.expect_int(value)?;
        }
        "bandwidth" | "protocol" => {
            let n = vm.expect_int(value)?;
            let interface = interface(vm, this) as usize;
            let is_known = match name {
                "bandwidth" => (1..=2).contains(&n),
                _ => PROTOCOLS.contains(&n),
            };
            if !is_known {
                return Err(vm.raise_args(types::RUNTIME_ERROR, INVALID_ARGUMENT));
            }
            let wifi = &mut Chip::of(vm).wifi;
            let all = if name == "bandwidth" { &mut wifi.bandwidth } else { &mut wifi.protocol };
            all[interface] = n;
        }
        "mac" => {
            return Err(vm.raise_args(
                types::NOT_IMPLEMENTED_ERROR,
                "another address for a virtual board is not there yet",
            ));
        }
        _ => return Err(vm.value_error("unknown config param")),
    }
    Ok(())
}

fn get(vm: &mut Vm, this: Value, name: &str) -> Res {
    let is_sta = interface(vm, this) == STA;
    let wifi = Chip::of(vm).wifi.clone();
    match name {
        "mac" => {
            let mut mac = Chip::of(vm).mac;
            mac[5] = mac[5].wrapping_add(u8::from(!is_sta));
            vm.new_bytes(&mac)
        }
        "ssid" | "essid" => {
            if is_sta {
                return vm.new_str(wifi.ssid.as_bytes());
            }
            let mac = Chip::of(vm).mac;
            let text = format!("ESP_{:02X}{:02X}{:02X}", mac[3], mac[4], mac[5].wrapping_add(1));
            vm.new_str(text.as_bytes())
        }
        "hidden" | "security" | "authmode" => {
            require(vm, this, AP)?;
            Ok(if name == "hidden" { Value::FALSE } else { Value::int(wifi.ap_security) })
        }
        "channel" => Ok(Value::int(i64::from(radio(vm).channel().unwrap_or(1)))),
        "bandwidth" => Ok(Value::int(wifi.bandwidth[usize::from(!is_sta)])),
        "max_clients" => Ok(Value::int(4)),
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
        "protocol" => Ok(Value::int(wifi.protocol[usize::from(!is_sta)])),
        "pm" => Ok(Value::int(wifi.power_save)),
        _ => Err(vm.value_error("unknown config param")),
    }
}
