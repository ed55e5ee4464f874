//! `network`: WiFi as programs see it.

mod access_point;
mod addresses;
mod config;

use super::radio;
use crate::chip::log::{self, Level};
use crate::chip::{Chip, wifi_log};
use crate::outside::Wanted;
use crate::profile::Era;
use alloc::format;
use alloc::string::String;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `network`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "network",
    items: &[
        Item::Type("WLAN", &WLAN),
        def("hostname(name=)", |vm, a| hostname(vm, vm.arg(a, 0))),
        def("country(code=)", country),
        def_raw("ipconfig(*args, **kw)", addresses::stack_ipconfig),
        // It was for the ESP8266, and does nothing.
        def("phy_mode(mode=)", |_, _| Ok(Value::NONE)),
        Item::Int("STA_IF", STA),
        Item::Int("AP_IF", AP),
        Item::Int("MODE_11B", 1),
        Item::Int("MODE_11G", 2),
        Item::Int("MODE_11N", 4),
        Item::Int("MODE_LR", 8),
        Item::Int("AUTH_OPEN", 0),
        Item::Int("AUTH_WEP", 1),
        Item::Int("AUTH_WPA_PSK", 2),
        Item::Int("AUTH_WPA2_PSK", 3),
        Item::Int("AUTH_WPA_WPA2_PSK", 4),
        Item::Int("AUTH_WPA2_ENTERPRISE", 5),
        Item::Int("AUTH_WPA3_PSK", 6),
        Item::Int("AUTH_WPA2_WPA3_PSK", 7),
        Item::Int("AUTH_WAPI_PSK", 8),
        Item::Int("AUTH_OWE", 9),
        Item::Int("AUTH_WPA3_ENT_192", 10),
        Item::Int("AUTH_WPA3_EXT_PSK", 11),
        Item::Int("AUTH_WPA3_EXT_PSK_MIXED_MODE", 12),
        Item::Int("AUTH_MAX", 17),
        Item::Int("STAT_IDLE", 1000),
        Item::Int("STAT_CONNECTING", 1001),
        Item::Int("STAT_GOT_IP", 1010),
        Item::Int("STAT_NO_AP_FOUND", 201),
        Item::Int("STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD", 212),
        Item::Int("STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD", 211),
        Item::Int("STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY", 210),
        Item::Int("STAT_WRONG_PASSWORD", 202),
        Item::Int("STAT_BEACON_TIMEOUT", 200),
        Item::Int("STAT_ASSOC_FAIL", 203),
        Item::Int("STAT_CONNECT_FAIL", 203),
        Item::Int("STAT_HANDSHAKE_TIMEOUT", 204),
        // Of wires, which no board here has.
        Item::Int("PHY_LAN8710", 0),
        Item::Int("PHY_LAN8720", 1),
        Item::Int("PHY_IP101", 2),
        Item::Int("PHY_RTL8201", 3),
        Item::Int("PHY_DP83848", 4),
        Item::Int("PHY_KSZ8041", 5),
        Item::Int("PHY_KSZ8081", 6),
        Item::Int("PHY_LAN8670", 7),
        Item::Int("PHY_GENERIC", 8),
        Item::Int("PHY_KSZ8851SNL", 100),
        Item::Int("PHY_DM9051", 101),
        Item::Int("PHY_W5500", 102),
        Item::Int("ETH_INITIALIZED", 0),
        Item::Int("ETH_STARTED", 1),
        Item::Int("ETH_STOPPED", 2),
        Item::Int("ETH_CONNECTED", 3),
        Item::Int("ETH_DISCONNECTED", 4),
        Item::Int("ETH_GOT_IP", 5),
    ],
    attr: None,
};

/// `WLAN`: field 0 is the interface.
pub(crate) static WLAN: TypeDef = TypeDef {
    name: "WLAN",
    items: &[
        def("active(self, on=)", active),
        def_raw("connect(self, *args, **kw)", connect),
        def("disconnect(self)", |vm, _| {
            require_started(vm)?;
            radio(vm).disconnect();
            Ok(Value::NONE)
        }),
        def("status(self, what=)", status),
        def("scan(self)", scan),
        def("isconnected(self)", |vm, a| {
            let is_sta = interface(vm, vm.arg(a, 0)) == STA;
            let link = radio(vm).link();
            Ok(Value::bool(if is_sta { link.connected } else { link.clients > 0 }))
        }),
        def_raw("config(self, *args, **kw)", config::config),
        def("ifconfig(self, addresses=)", addresses::ifconfig),
        def_raw("ipconfig(self, *args, **kw)", addresses::ipconfig),
        Item::Int("IF_STA", STA),
        Item::Int("IF_AP", AP),
        Item::Int("SEC_OPEN", 0),
        Item::Int("SEC_WEP", 1),
        Item::Int("SEC_WPA", 2),
        Item::Int("SEC_WPA2", 3),
        Item::Int("SEC_WPA_WPA2", 4),
        Item::Int("SEC_WPA2_ENT", 5),
        Item::Int("SEC_WPA3", 6),
        Item::Int("SEC_WPA2_WPA3", 7),
        Item::Int("SEC_WAPI", 8),
        Item::Int("SEC_OWE", 9),
        Item::Int("SEC_WPA3_ENT_192", 10),
        Item::Int("SEC_WPA3_EXT_PSK", 11),
        Item::Int("SEC_WPA3_EXT_PSK_MIXED_MODE", 12),
        Item::Int("SEC_DPP", 13),
        Item::Int("SEC_WPA3_ENT", 14),
        Item::Int("SEC_WPA2_WPA3_ENT", 15),
        Item::Int("SEC_WPA_ENT", 16),
        Item::Int("PROTOCOL_DEFAULT", 7),
        Item::Int("PROTOCOL_LR", 8),
        Item::Int("PM_NONE", 0),
        Item::Int("PM_PERFORMANCE", 1),
        Item::Int("PM_POWERSAVE", 2),
        Item::Int("BANDWIDTH_20", 1),
        Item::Int("BANDWIDTH_40", 2),
        Item::Int("BANDWIDTH_80", 3),
        Item::Int("BANDWIDTH_160", 4),
        Item::Int("BANDWIDTH_80_80", 5),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

const STA: i64 = 0;
const AP: i64 = 1;
/// How long the driver takes to start.
const START_US: u64 = 110_000;

/// The two WLAN objects of a machine: their pinned places.
#[derive(Default)]
struct Interfaces([Option<usize>; 2]);

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, 1)?;
    let id = if args.n > 0 { vm.expect_int(vm.arg(args, 0))? } else { STA };
    if id != STA && id != AP {
        return Err(vm.value_error("invalid WLAN interface identifier"));
    }
    let slot = id as usize;
    if let Some(place) = vm.state::<Interfaces>().0[slot] {
        return Ok(vm.pinned(place));
    }
    let object = vm.new_native(&WLAN, &[Value::int(id)])?;
    let place = vm.pin(object);
    vm.state::<Interfaces>().0[slot] = Some(place);
    Ok(object)
}

fn interface(vm: &Vm, wlan: Value) -> i64 {
    vm.native_field(wlan, 0).as_int().unwrap_or(STA)
}

fn fail(vm: &mut Vm, text: &str) -> Raised {
    vm.raise_args(types::OS_ERROR, text)
}

fn require(vm: &mut Vm, wlan: Value, wanted: i64) -> Result<(), Raised> {
    if interface(vm, wlan) == wanted {
        return Ok(());
    }
    Err(fail(vm, if wanted == STA { "STA required" } else { "AP required" }))
}

fn require_started(vm: &mut Vm) -> Result<(), Raised> {
    let wifi = &Chip::of(vm).wifi;
    match (wifi.active, wifi.ap_active) {
        (true, _) => Ok(()),
        (false, true) => Err(fail(vm, INVALID_MODE)),
        (false, false) => Err(fail(vm, "Wifi Not Started")),
    }
}

/// The interface that is meant is off.
const INVALID_MODE: &str = "Wifi Invalid Mode";

/// An error of the driver that the firmware has no words for.
fn unknown_error(vm: &mut Vm, code: u16) -> Raised {
    let text = format!("Wifi Unknown Error 0x{code:04x}");
    vm.raise_args(types::RUNTIME_ERROR, &text)
}

fn active(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let is_sta = interface(vm, this) == STA;
    if args.n > 1 {
        let on = vm.truth(vm.arg(args, 1))?;
        let wifi = &Chip::of(vm).wifi;
        let was_started = wifi.is_started();
        if on != if is_sta { wifi.active } else { wifi.ap_active } {
            if on && !was_started {
                let until = vm.port.now_us() + START_US;
                vm.wait_until(Some(until), |_| Ok(false))?;
            }
            if is_sta {
                set_station(vm, on);
            } else {
                access_point::set_active(vm, on);
            }
            wifi_log::mode_changed(vm, is_sta);
        }
    }
    let wifi = &Chip::of(vm).wifi;
    Ok(Value::bool(if is_sta { wifi.active } else { wifi.ap_active }))
}

fn set_station(vm: &mut Vm, on: bool) {
    if !on {
        radio(vm).disconnect();
    }
    Chip::of(vm).wifi.active = on;
    radio(vm).set_station(on);
}

fn connect(vm: &mut Vm, args: Args) -> Res {
    vm.check_args(Args { nkw: 0, ..args }, 1, 3)?;
    let mut bssid = None;
    for i in 0..args.nkw {
        let (name, value) = vm.kwarg(args, i);
        if vm.str_bytes(name) != b"bssid" {
            return Err(vm.type_error("extra keyword arguments given"));
        }
        if value != Value::NONE {
            let bytes = vm.expect_bytes_like(value)?;
            let Ok(address) = <[u8; 6]>::try_from(bytes) else {
                return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
            };
            bssid = Some(address);
        }
    }
    let mut texts = [None, None];
    for (i, text) in texts.iter_mut().enumerate() {
        let v = vm.arg(args, i + 1);
        if !v.is_null() && v != Value::NONE {
            *text = Some(text_of(vm, v)?);
        }
    }
    require_started(vm)?;
    let link = radio(vm).link();
    if link.trying && !link.associated {
        log::write(vm, Level::Error, "wifi:sta is connecting, return error");
        return Err(fail(vm, "Wifi Internal Error"));
    }
    let [ssid, key] = texts;
    let wifi = &mut Chip::of(vm).wifi;
    if args.n > 1 {
        wifi.ssid = clipped(ssid.unwrap_or_default(), 32);
        wifi.key = clipped(key.unwrap_or_default(), 64);
        wifi.bssid = bssid;
        wifi.first_channel = None;
    }
    let wanted = Wanted {
        ssid: wifi.ssid.clone(),
        password: wifi.key.clone(),
        bssid: wifi.bssid,
        channel: wifi.first_channel,
    };
    let hostname = wifi.hostname.clone();
    let radio = radio(vm);
    radio.set_hostname(&hostname);
    radio.connect(&wanted);
    Ok(Value::NONE)
}

/// A text of the program, which may be bytes: the driver does not care.
fn text_of(vm: &mut Vm, v: Value) -> Result<String, Raised> {
    if vm.is_str(v) {
        return vm.expect_string(v);
    }
    let bytes = vm.expect_bytes_like(v)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// As much of a text as the driver has room for.
fn clipped(mut text: String, max: usize) -> String {
    let end = (0..=max.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    text.truncate(end);
    text
}

const CONNECTING: u16 = 1001;

/// What `status()` says of the link. Older firmware told of a failure only when it had given up.
fn told_status(vm: &mut Vm) -> i64 {
    let era = Chip::of(vm).profile.switches.wlan;
    let link = radio(vm).link();
    let goes_on = (link.trying || link.associated) && !link.connected;
    i64::from(if era != Era::Now && goes_on { CONNECTING } else { link.status })
}

fn status(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if args.n == 1 {
        let status = told_status(vm);
        return Ok(if interface(vm, this) == STA { Value::int(status) } else { Value::NONE });
    }
    let what = vm.expect_string(vm.arg(args, 1))?;
    match what.as_str() {
        "rssi" => {
            require(vm, this, STA)?;
            match radio(vm).rssi() {
                Some(rssi) => Ok(Value::int(i64::from(rssi))),
                None => Err(fail(vm, "Wifi Not Connected")),
            }
        }
        "stations" => {
            require(vm, this, AP)?;
            access_point::stations(vm)
        }
        _ => Err(vm.value_error("unknown status param")),
    }
}

fn scan(vm: &mut Vm, _: Args) -> Res {
    if !Chip::of(vm).wifi.active {
        return Err(fail(vm, "STA must be active"));
    }
    let link = radio(vm).link();
    if link.trying && !link.associated {
        // The driver refuses, and the firmware shows what it has found.
        return vm.new_list(&[]);
    }
    let (found, takes_us) = radio(vm).scan();
    let until = vm.port.now_us() + takes_us;
    vm.wait_until(Some(until), |_| Ok(false))?;
    let list = vm.new_list(&[])?;
    for ap in found {
        let mark = vm.mark();
        let (ssid, bssid) = (vm.new_bytes(ap.ssid.as_bytes())?, vm.new_bytes(&ap.bssid)?);
        let [channel, rssi, authmode] =
            [i64::from(ap.channel), i64::from(ap.rssi), i64::from(ap.authmode)].map(Value::int);
        let entry = vm.new_tuple(&[ssid, bssid, channel, rssi, authmode, Value::FALSE])?;
        vm.list_append(list.as_ref().expect("a list is an object"), entry)?;
        vm.release(mark);
    }
    Ok(list)
}

fn hostname(vm: &mut Vm, name: Value) -> Res {
    if name.is_null() {
        let name = Chip::of(vm).wifi.hostname.clone();
        return vm.new_str(name.as_bytes());
    }
    let name = vm.expect_string(name)?;
    if name.len() > 32 {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    }
    Chip::of(vm).wifi.hostname.clone_from(&name);
    radio(vm).set_hostname(&name);
    Ok(Value::NONE)
}

fn country(vm: &mut Vm, args: Args) -> Res {
    if args.n == 0 {
        let code = Chip::of(vm).wifi.country.clone();
        return vm.new_str(code.as_bytes());
    }
    let code = vm.expect_string(vm.arg(args, 0))?;
    if code.len() != 2 {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    }
    Chip::of(vm).wifi.country = code;
    Ok(Value::NONE)
}
