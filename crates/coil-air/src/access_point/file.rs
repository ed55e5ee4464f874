//! Access points from a file: `[[access_point]]` tables.

use super::{AccessPoint, AccessPointError, CHANNEL, FIRST_BSSID, RSSI, Security, check_all};
use crate::frame::Mac;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    access_point: Vec<AccessPointForm>,
}

/// An access point as it is written, in a file of them or among other tables; [`AccessPoint::of_forms`] checks it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessPointForm {
    ssid: String,
    security: Option<Security>,
    #[serde(default)]
    password: String,
    channel: Option<u8>,
    rssi: Option<i8>,
    #[serde(default)]
    hidden: bool,
    bssid: Option<String>,
}

impl AccessPoint {
    /// The access points in a text; there is at least one.
    ///
    /// # Errors
    /// The text is no such file, or there cannot be such access points.
    pub fn read_all(text: &str) -> Result<Vec<Self>, AccessPointError> {
        let file: File = toml::from_str(text)
            .map_err(|e| AccessPointError::File(e.to_string().trim_end().into()))?;
        Self::of_forms(file.access_point)
    }

    /// The access points that are written so; there is at least one.
    ///
    /// # Errors
    /// There cannot be such access points.
    pub fn of_forms(forms: Vec<AccessPointForm>) -> Result<Vec<Self>, AccessPointError> {
        if forms.is_empty() {
            return Err(AccessPointError::None);
        }
        let count = forms.len();
        if count > super::MAX {
            return Err(AccessPointError::TooMany { count });
        }
        let all: Vec<_> = (0..).zip(forms).map(|(n, e)| e.read(n)).collect::<Result<_, _>>()?;
        check_all(&all)?;
        Ok(all)
    }
}

impl AccessPointForm {
    fn read(self, place: u8) -> Result<AccessPoint, AccessPointError> {
        let bssid = match &self.bssid {
            Some(text) => {
                mac(text).ok_or_else(|| AccessPointError::Bssid { ssid: self.ssid.clone() })?
            }
            None => {
                let mut next = FIRST_BSSID;
                next[5] += place;
                next
            }
        };
        let by_password = if self.password.is_empty() { Security::Open } else { Security::Wpa2 };
        Ok(AccessPoint {
            security: self.security.unwrap_or(by_password),
            password: self.password,
            channel: self.channel.unwrap_or(CHANNEL),
            rssi: self.rssi.unwrap_or(RSSI),
            hidden: self.hidden,
            bssid,
            ssid: self.ssid,
        })
    }
}

/// `02:c0:11:00:00:01`
fn mac(text: &str) -> Option<Mac> {
    let mut bytes = text.split(':').map(|part| {
        let is_byte = part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
        u8::from_str_radix(part, 16).ok().filter(|_| is_byte)
    });
    let mut mac = [0; 6];
    for byte in &mut mac {
        *byte = bytes.next()??;
    }
    bytes.next().is_none().then_some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_as_usual() {
        let text = "[[access_point]]\nssid = \"cafe\"\n[[access_point]]\nssid = \"workshop\"\npassword = \"micropython\"\n";
        let mut second = AccessPoint::wpa2("workshop", "micropython");
        second.bssid[5] = 2;
        assert_eq!(AccessPoint::read_all(text), Ok(vec![AccessPoint::open("cafe"), second]));
    }

    #[test]
    fn all_of_an_access_point_can_be_said() {
        let text = r#"
            [[access_point]]
            ssid = "attic"
            security = "wpa2/wpa3"
            password = "through the roof"
            channel = 11
            rssi = -83
            hidden = true
            bssid = "0a:1b:2c:3d:4e:5F"
        "#;
        let ap = AccessPoint {
            ssid: "attic".into(),
            security: Security::Wpa2Wpa3,
            password: "through the roof".into(),
            channel: 11,
            rssi: -83,
            hidden: true,
            bssid: [0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f],
        };
        assert_eq!(AccessPoint::read_all(text), Ok(vec![ap]));
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        let cases = [
            (
                "",
                "there is no access point: each is a table `[[access_point]]` with at least its `ssid`",
            ),
            ("ssid = ''", "the ssid `` has 0 bytes; an ssid has 1 to 32"),
            (
                "ssid = 'a'\npassword = 'short'",
                "the password of `a` does not go with its security: WPA takes 8 to 63 characters, or 64 hexadecimal digits",
            ),
            (
                "ssid = 'a'\nsecurity = 'open'\npassword = 'x'",
                "the password of `a` does not go with its security: an open one has none",
            ),
            (
                "ssid = 'a'\nsecurity = 'wep'\npassword = 'x'",
                "the password of `a` does not go with its security: WEP takes 5 or 13 characters, or 10 or 26 hexadecimal digits",
            ),
            ("ssid = 'a'\nchannel = 14", "`a` cannot be on channel 14; there are 1 to 13"),
            ("ssid = 'a'\nrssi = 3", "`a` cannot have a signal of 3 dBm; it is between -100 and 0"),
            (
                "ssid = 'a'\nbssid = '03:00:00:00:00:00'",
                "the bssid of `a` is no address of one station: its first byte must be even, and not all can be zero",
            ),
            (
                "ssid = 'a'\nbssid = '2:0:0:0:0:1'",
                "the bssid of `a` is no address of one station: its first byte must be even, and not all can be zero",
            ),
            (
                "ssid = 'a'\nbssid = '02:c0:11:00:00:02'\n[[access_point]]\nssid = 'b'",
                "`b` has the same bssid as `a`; each access point has its own",
            ),
        ];
        for (rows, told) in cases {
            let head = if rows.is_empty() { "" } else { "[[access_point]]\n" };
            let error = AccessPoint::read_all(&format!("{head}{rows}")).unwrap_err();
            assert_eq!(error.to_string(), told);
        }
        let unknown = "[[access_point]]\nssid = 'a'\nsecurity = 'wpa4'";
        let error = AccessPoint::read_all(unknown).unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("wpa2-psk"), "{error}");
        let many = "[[access_point]]\nssid = 'a'\n".repeat(65);
        assert_eq!(AccessPoint::read_all(&many), Err(AccessPointError::TooMany { count: 65 }));
    }
}
