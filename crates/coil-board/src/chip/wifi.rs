//! What programs have set up of the WiFi driver.

use super::wifi_log::WifiLog;
use crate::outside::{Addresses, Mac, SoftAp};
use crate::profile::Era;
use alloc::format;
use alloc::string::String;
use core::net::Ipv4Addr;

/// What programs have set up of the WiFi driver; it outlives the interpreter.
#[derive(Clone, Debug)]
pub struct Wifi {
    /// The station interface is on.
    pub active: bool,
    /// The hardware address of the station interface.
    pub mac: Mac,
    /// The access point is on.
    pub ap_active: bool,
    /// How the access point is set up.
    pub ap: SoftAp,
    /// The name of the network it is to join.
    pub ssid: String,
    /// Its password.
    pub key: String,
    /// The one access point of it that is wanted.
    pub bssid: Option<Mac>,
    /// The channel that is looked at first.
    pub first_channel: Option<u8>,
    /// How often to try again; negative for ever.
    pub reconnects: i64,
    /// Power saving mode.
    pub power_save: i64,
    /// Transmit power in quarters of a dBm.
    pub quarter_dbm: i64,
    /// Width of the channel, 1 for 20 MHz and 2 for 40, of the station and of the access point.
    pub bandwidth: [i64; 2],
    /// Protocols that the station speaks, as bits.
    pub protocol: u8,
    /// Names addresses itself.
    pub fixed: bool,
    /// Host name.
    pub hostname: String,
    /// Country code.
    pub country: String,
    /// What the log has told of it.
    pub log: WifiLog,
}

/// The address of a board behind its own access point.
const AP_ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 168, 4, 1);
/// What either speaks if nothing is said: 802.11b, g and n.
const PROTOCOL: u8 = 7;
/// The stations that it takes if nothing is said.
const AP_CLIENTS: u8 = 4;

impl Wifi {
    /// As it is after a reset of the chip with this factory address and firmware.
    pub fn new(mac: Mac, era: Era) -> Self {
        let bssid = ap_mac(mac);
        let [_, _, _, a, b, c] = bssid;
        let ap = SoftAp {
            ssid: format!("ESP_{a:02X}{b:02X}{c:02X}"),
            authmode: 0,
            password: String::new(),
            channel: 1,
            hidden: false,
            protocol: PROTOCOL,
            max_clients: AP_CLIENTS,
            bssid,
            addresses: Addresses {
                address: AP_ADDRESS,
                netmask: Ipv4Addr::new(255, 255, 255, 0),
                gateway: AP_ADDRESS,
                dns: Ipv4Addr::UNSPECIFIED,
            },
        };
        Self {
            active: false,
            mac,
            ap_active: false,
            ap,
            ssid: String::new(),
            key: String::new(),
            bssid: None,
            first_channel: None,
            reconnects: -1,
            power_save: 1,
            quarter_dbm: 80,
            bandwidth: [2; 2],
            protocol: PROTOCOL,
            fixed: false,
            hostname: if era == Era::Now { "mpy-esp32" } else { "espressif" }.into(),
            country: "XX".into(),
            log: WifiLog::default(),
        }
    }

    /// The driver runs.
    pub fn is_started(&self) -> bool {
        self.active || self.ap_active
    }
}

/// The address of the access point of a chip with this factory address.
pub fn ap_mac(mut mac: Mac) -> Mac {
    mac[5] = mac[5].wrapping_add(1);
    mac
}
