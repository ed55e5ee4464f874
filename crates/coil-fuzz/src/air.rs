//! Files with access points.

use coil_air::{AccessPoint, Air, AirConfig};

/// Pieces of such files.
pub(crate) const WORDS: &[&str] = &[
    "[[access_point]]\n",
    "ssid = ",
    "security = ",
    "password = ",
    "channel = ",
    "rssi = ",
    "hidden = ",
    "bssid = ",
    "\"",
    "'''",
    "\n",
    "open",
    "wep",
    "wpa/wpa2",
    "-128",
    "255",
    "true",
    "02:c0:11:00:00:01",
    "\\u00e9",
];

/// Access points that there can be, or a refusal that says what could.
pub(crate) fn run(input: &[u8]) {
    match AccessPoint::read_all(&String::from_utf8_lossy(input)) {
        Ok(access_points) => {
            let mut config = AirConfig::without_access_points().expect("the table is valid");
            config.access_points = access_points;
            let air = Air::new(config).expect("what is read can be");
            assert!(!air.scan().is_empty());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
