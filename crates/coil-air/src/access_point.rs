//! An access point as data, and what must be true of one: names, passwords and channels as WiFi has them.

mod file;

pub use file::AccessPointForm;

use crate::frame::{Mac, is_group};
use serde::{Deserialize, Serialize};

/// How an access point is secured. [`Security::authmode`] gives the number that `WLAN.scan()` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Security {
    /// No password.
    #[serde(rename = "open")]
    Open,
    /// WEP.
    #[serde(rename = "wep")]
    Wep,
    /// WPA-PSK.
    #[serde(rename = "wpa-psk")]
    Wpa,
    /// WPA2-PSK.
    #[serde(rename = "wpa2-psk")]
    Wpa2,
    /// WPA and WPA2 mixed.
    #[serde(rename = "wpa/wpa2")]
    WpaWpa2,
    /// WPA3-SAE.
    #[serde(rename = "wpa3")]
    Wpa3,
    /// WPA2 and WPA3 mixed.
    #[serde(rename = "wpa2/wpa3")]
    Wpa2Wpa3,
}

impl Security {
    /// All of them.
    const ALL: [Self; 7] =
        [Self::Open, Self::Wep, Self::Wpa, Self::Wpa2, Self::WpaWpa2, Self::Wpa3, Self::Wpa2Wpa3];

    /// WPA2 or better.
    pub(crate) fn is_strong(self) -> bool {
        !matches!(self, Self::Open | Self::Wep | Self::Wpa)
    }

    /// The chip's number for it.
    pub fn authmode(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Wep => 1,
            Self::Wpa => 2,
            Self::Wpa2 => 3,
            Self::WpaWpa2 => 4,
            Self::Wpa3 => 6,
            Self::Wpa2Wpa3 => 7,
        }
    }

    /// The kind with this number.
    pub fn of_authmode(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|security| security.authmode() == number)
    }

    /// Whether an access point secured like this can have this password.
    pub fn takes(self, password: &str) -> bool {
        let hex =
            |digits| password.len() == digits && password.bytes().all(|b| b.is_ascii_hexdigit());
        match self {
            Self::Open => password.is_empty(),
            Self::Wep => matches!(password.len(), 5 | 13) || hex(10) || hex(26),
            _ => (8..=63).contains(&password.len()) || hex(64),
        }
    }
}

/// One access point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPoint {
    /// Its network's name.
    pub ssid: String,
    /// How it is secured.
    pub security: Security,
    /// Its password; empty when open.
    pub password: String,
    /// The channel, 1 to 13.
    pub channel: u8,
    /// The signal strength at the boards, in dBm.
    pub rssi: i8,
    /// Whether it keeps its name out of scans.
    pub hidden: bool,
    /// Its hardware address.
    pub bssid: Mac,
}

/// The hardware address of the first access point that is given none; the next ones follow it.
const FIRST_BSSID: Mac = [0x02, 0xc0, 0x11, 0x00, 0x00, 0x01];
const CHANNEL: u8 = 6;
const RSSI: i8 = -47;

impl AccessPoint {
    /// A WPA2 access point with a usual signal.
    pub fn wpa2(ssid: &str, password: &str) -> Self {
        Self { security: Security::Wpa2, password: password.into(), ..Self::open(ssid) }
    }

    /// An access point without a password.
    pub fn open(ssid: &str) -> Self {
        Self {
            ssid: ssid.into(),
            security: Security::Open,
            password: String::new(),
            channel: CHANNEL,
            rssi: RSSI,
            hidden: false,
            bssid: FIRST_BSSID,
        }
    }

    /// Whether there can be such an access point.
    ///
    /// # Errors
    /// What cannot be, and what could.
    pub fn check(&self) -> Result<(), AccessPointError> {
        let ssid = || self.ssid.clone();
        if !(1..=32).contains(&self.ssid.len()) {
            return Err(AccessPointError::Ssid { ssid: ssid(), bytes: self.ssid.len() });
        }
        if !self.security.takes(&self.password) {
            let wants = match self.security {
                Security::Open => "an open one has none",
                Security::Wep => "WEP takes 5 or 13 characters, or 10 or 26 hexadecimal digits",
                _ => "WPA takes 8 to 63 characters, or 64 hexadecimal digits",
            };
            return Err(AccessPointError::Password { ssid: ssid(), wants });
        }
        if !(1..=13).contains(&self.channel) {
            return Err(AccessPointError::Channel { ssid: ssid(), channel: self.channel });
        }
        if !(-100..=0).contains(&self.rssi) {
            return Err(AccessPointError::Rssi { ssid: ssid(), rssi: self.rssi });
        }
        if is_group(self.bssid) || self.bssid == [0; 6] {
            return Err(AccessPointError::Bssid { ssid: ssid() });
        }
        Ok(())
    }
}

/// The most access points that an air is made with.
const MAX: usize = 64;

/// Whether there can be all of these together.
pub(crate) fn check_all(list: &[AccessPoint]) -> Result<(), AccessPointError> {
    if list.len() > MAX {
        return Err(AccessPointError::TooMany { count: list.len() });
    }
    for (i, ap) in list.iter().enumerate() {
        ap.check()?;
        if let Some(other) = list[..i].iter().find(|other| other.bssid == ap.bssid) {
            return Err(AccessPointError::Twice {
                ssid: ap.ssid.clone(),
                other: other.ssid.clone(),
            });
        }
    }
    Ok(())
}

/// Why there cannot be such an access point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessPointError {
    /// The file is not one.
    #[error("{0}")]
    File(String),
    /// There is none in the file.
    #[error(
        "there is no access point: each is a table `[[access_point]]` with at least its `ssid`"
    )]
    None,
    /// More than there may be.
    #[error("{count} access points are more than the {MAX} that there may be")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// The name is too long, or there is none.
    #[error("the ssid `{ssid}` has {bytes} bytes; an ssid has 1 to 32")]
    Ssid {
        /// The name.
        ssid: String,
        /// Its length.
        bytes: usize,
    },
    /// The password does not go with the security.
    #[error("the password of `{ssid}` does not go with its security: {wants}")]
    Password {
        /// The network.
        ssid: String,
        /// What goes.
        wants: &'static str,
    },
    /// There is no such channel.
    #[error("`{ssid}` cannot be on channel {channel}; there are 1 to 13")]
    Channel {
        /// The network.
        ssid: String,
        /// The channel.
        channel: u8,
    },
    /// No signal is like that.
    #[error("`{ssid}` cannot have a signal of {rssi} dBm; it is between -100 and 0")]
    Rssi {
        /// The network.
        ssid: String,
        /// The signal.
        rssi: i8,
    },
    /// The hardware address is that of a group.
    #[error(
        "the bssid of `{ssid}` is no address of one station: its first byte must be even, and not all can be zero"
    )]
    Bssid {
        /// The network.
        ssid: String,
    },
    /// Two have one hardware address.
    #[error("`{ssid}` has the same bssid as `{other}`; each access point has its own")]
    Twice {
        /// One network.
        ssid: String,
        /// The other.
        other: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_security_takes_the_passwords_that_it_can_have() {
        let cases = [
            (Security::Open, "", true),
            (Security::Open, "x", false),
            (Security::Wep, "abcde", true),
            (Security::Wep, "abcdef", false),
            (Security::Wep, "0123456789", true),
            (Security::Wep, "012345678g", false),
            (Security::Wpa, "1234567", false),
            (Security::Wpa2, "12345678", true),
            (Security::WpaWpa2, &"x".repeat(63), true),
            (Security::Wpa3, &"x".repeat(64), false),
            (Security::Wpa2Wpa3, &"a".repeat(64), true),
        ];
        for (security, password, fits) in cases {
            assert_eq!(security.takes(password), fits, "{security:?} {password}");
        }
    }

    #[test]
    fn numbers_and_kinds_of_security_belong_together() {
        for security in Security::ALL {
            assert_eq!(Security::of_authmode(security.authmode()), Some(security));
        }
        assert_eq!(Security::of_authmode(5), None);
    }
}
