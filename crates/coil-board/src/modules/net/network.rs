//! `network`: WiFi as programs see it.

mod config;

use super::{address, new_address, radio};
use crate::chip::log::{self, Level};
use crate::chip::{Chip, wifi_log};
use crate::profile::Era;

use crate::outside::Addresses;
use alloc::string::{String, ToString};
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};
use core::net::Ipv4Addr;

/// `network`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "network",
    items: &[
        Item::Type("WLAN", &WLAN),
        def("hostname(name=)", |vm, a| hostname(vm, vm.arg(a, 0))),
        def("country(code=)", country),
        def_raw("ipconfig(*args, **kw)", stack_ipconfig),
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
            let connected = interface(vm, vm.arg(a, 0)) == STA && radio(vm).link().connected;
            Ok(Value::bool(connected))
        }),
        def_raw("config(self, *args, **kw)", config::config),
        def("ifconfig(self, addresses=)", ifconfig),
        def_raw("ipconfig(self, *args, **kw)", ipconfig),
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
    if Chip::of(vm).wifi.active { Ok(()) } else { Err(fail(vm, "Wifi Not Started")) }
}

fn active(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let is_ap = interface(vm, this) == AP;
    if args.n > 1 {
        let on = vm.truth(vm.arg(args, 1))?;
        if is_ap && on {
            return Err(vm.raise_args(
                types::NOT_IMPLEMENTED_ERROR,
                "an access point on a virtual board is not there yet",
            ));
        }
        if !is_ap && on != Chip::of(vm).wifi.active {
            if on {
                let until = vm.port.now_us() + START_US;
                vm.wait_until(Some(until), |_| Ok(false))?;
            } else {
                radio(vm).disconnect();
            }
            Chip::of(vm).wifi.active = on;
            if on {
                wifi_log::started(vm);
            }
        }
    }
    Ok(Value::bool(!is_ap && Chip::of(vm).wifi.active))
}

fn connect(vm: &mut Vm, args: Args) -> Res {
    vm.check_args(Args { nkw: 0, ..args }, 1, 3)?;
    for i in 0..args.nkw {
        let (name, _) = vm.kwarg(args, i);
        if vm.str_bytes(name) != b"bssid" {
            return Err(vm.type_error("extra keyword arguments given"));
        }
    }
    let mut texts = [None, None];
    for (i, text) in texts.iter_mut().enumerate() {
        let v = vm.arg(args, i + 1);
        if !v.is_null() && v != Value::NONE {
            *text = Some(vm.expect_string(v)?);
        }
    }
    require_started(vm)?;
    let mut link = radio(vm).link();
    if link.status == WRONG_PASSWORD && Chip::of(vm).profile.switches.wlan == Era::Y2019 {
        // It has given up by itself.
        radio(vm).disconnect();
        link = radio(vm).link();
    }
    if link.trying && !link.associated {
        log::write(vm, Level::Error, "wifi:sta is connecting, return error");
        return Err(fail(vm, "Wifi Internal Error"));
    }
    let [ssid, key] = texts;
    let wifi = &mut Chip::of(vm).wifi;
    if args.n > 1 {
        wifi.ssid = clipped(ssid.unwrap_or_default(), 32);
        wifi.key = clipped(key.unwrap_or_default(), 64);
    }
    let (ssid, key) = (wifi.ssid.clone(), wifi.key.clone());
    let hostname = wifi.hostname.clone();
    let radio = radio(vm);
    radio.set_hostname(&hostname);
    radio.connect(&ssid, &key);
    Ok(Value::NONE)
}

/// As much of a text as the driver has room for.
fn clipped(mut text: String, max: usize) -> String {
    let end = (0..=max.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    text.truncate(end);
    text
}

const WRONG_PASSWORD: u16 = 202;
const CONNECTING: u16 = 1001;

/// What `status()` says of the link. Older firmware told of a failure only when it had given up.
fn told_status(vm: &mut Vm) -> i64 {
    let era = Chip::of(vm).profile.switches.wlan;
    let link = radio(vm).link();
    let goes_on = (link.trying || link.associated) && !link.connected;
    let gave_up = era == Era::Y2019 && link.status == WRONG_PASSWORD;
    i64::from(if era != Era::Now && goes_on && !gave_up { CONNECTING } else { link.status })
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
            vm.new_list(&[])
        }
        _ => Err(vm.value_error("unknown status param")),
    }
}

fn scan(vm: &mut Vm, _: Args) -> Res {
    if !Chip::of(vm).wifi.active {
        return Err(fail(vm, "STA must be active"));
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

// ---- addresses ----

fn addresses(vm: &mut Vm, this: Value) -> Addresses {
    let none = Ipv4Addr::UNSPECIFIED;
    if interface(vm, this) == AP {
        let own = Ipv4Addr::new(192, 168, 4, 1);
        return Addresses {
            address: own,
            netmask: Ipv4Addr::new(255, 255, 255, 0),
            gateway: own,
            dns: none,
        };
    }
    radio(vm).addresses().unwrap_or(Addresses {
        address: none,
        netmask: none,
        gateway: none,
        dns: none,
    })
}

fn ifconfig(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let now = addresses(vm, this);
    if args.n == 1 {
        let mut fields = [Value::NONE; 4];
        for (field, ip) in fields.iter_mut().zip([now.address, now.netmask, now.gateway, now.dns]) {
            *field = new_address(vm, ip)?;
        }
        return vm.new_tuple(&fields);
    }
    require(vm, this, STA)?;
    let wanted = vm.arg(args, 1);
    if vm.is_str(wanted) {
        if vm.str_bytes(wanted) != b"dhcp" {
            return Err(vm.value_error("invalid arguments"));
        }
        fix(vm, None);
        return Ok(Value::NONE);
    }
    let items = vm.collect_iterable(wanted)?;
    let [ip, netmask, gateway, dns] = items[..] else {
        return Err(vm.value_error("invalid arguments"));
    };
    let fixed = Addresses {
        address: address(vm, ip)?,
        netmask: address(vm, netmask)?,
        gateway: address(vm, gateway)?,
        dns: address(vm, dns)?,
    };
    fix(vm, Some(fixed));
    Ok(Value::NONE)
}

fn fix(vm: &mut Vm, fixed: Option<Addresses>) {
    Chip::of(vm).wifi.fixed = fixed.is_some();
    radio(vm).set_addresses(fixed);
}

fn ipconfig(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let now = addresses(vm, this);
    for i in 0..args.nkw {
        let (name, value) = vm.kwarg(args, i);
        match vm.expect_string(name)?.as_str() {
            "dhcp4" => {
                let on = vm.truth(value)?;
                fix(vm, if on { None } else { Some(now) });
            }
            "addr4" => {
                let (address, netmask) = with_mask(vm, value)?;
                fix(vm, Some(Addresses { address, netmask, ..now }));
            }
            "gw4" => {
                let gateway = address(vm, value)?;
                fix(vm, Some(Addresses { gateway, ..now }));
            }
            _ => return Err(vm.value_error("unexpected key")),
        }
    }
    if args.nkw > 0 {
        return Ok(Value::NONE);
    }
    if args.n != 2 {
        return Err(vm.type_error("must query one param"));
    }
    let name = vm.expect_string(vm.arg(args, 1))?;
    match name.as_str() {
        "dhcp4" => {
            let fixed = Chip::of(vm).wifi.fixed;
            Ok(Value::bool(!fixed))
        }
        "has_dhcp4" => {
            let connected = radio(vm).link().connected;
            let fixed = Chip::of(vm).wifi.fixed;
            Ok(Value::bool(connected && !fixed))
        }
        "addr4" => {
            let (ip, mask) = (new_address(vm, now.address)?, new_address(vm, now.netmask)?);
            vm.new_tuple(&[ip, mask])
        }
        "gw4" => new_address(vm, now.gateway),
        _ => Err(vm.value_error("unexpected key")),
    }
}

/// `"192.168.1.5/24"` or `("192.168.1.5", "255.255.255.0")`.
fn with_mask(vm: &mut Vm, v: Value) -> Result<(Ipv4Addr, Ipv4Addr), Raised> {
    if !vm.is_str(v) {
        let items = vm.collect_iterable(v)?;
        let [ip, mask] = items[..] else { return Err(vm.value_error("invalid arguments")) };
        return Ok((address(vm, ip)?, address(vm, mask)?));
    }
    let text = vm.expect_string(v)?;
    let (ip, bits) = text.split_once('/').unwrap_or((&text, "24"));
    match (ip.parse(), bits.to_string().parse::<u32>()) {
        (Ok(ip), Ok(bits @ 1..=32)) => Ok((ip, Ipv4Addr::from(u32::MAX << (32 - bits)))),
        _ => Err(vm.value_error("invalid arguments")),
    }
}

/// `network.ipconfig`: what belongs to no interface.
fn stack_ipconfig(vm: &mut Vm, args: Args) -> Res {
    if args.n != 1 || args.nkw != 0 {
        return Err(vm.type_error("must query one param"));
    }
    let name = vm.expect_string(vm.arg(args, 0))?;
    match name.as_str() {
        "dns" => {
            let dns = radio(vm).addresses().map_or(Ipv4Addr::UNSPECIFIED, |a| a.dns);
            new_address(vm, dns)
        }
        "prefer" => Ok(Value::int(4)),
        _ => Err(vm.value_error("unexpected key")),
    }
}
