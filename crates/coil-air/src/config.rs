//! What an air is made of: access points, subnet, names, clock, timings. Data with defaults; it does nothing.

use crate::access_point::{self, AccessPoint};
use crate::error::AirError;
use crate::names::Names;
use crate::outside::{Listed, Outside};
use std::net::Ipv4Addr;

/// A span of time that the air draws from, in microseconds, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The shortest.
    pub min_us: u64,
    /// The longest.
    pub max_us: u64,
}

impl Span {
    /// From `min_us` to `max_us`.
    pub const fn new(min_us: u64, max_us: u64) -> Self {
        Self { min_us, max_us }
    }

    const fn divided(self, by: u64) -> Self {
        Self { min_us: self.min_us / by, max_us: self.max_us / by }
    }
}

/// How long the steps of joining a network take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// From `connect` to the first frame to an access point, channel unknown.
    pub scan: Span,
    /// The same when the channel is known from before.
    pub known_channel: Span,
    /// From there to connected.
    pub join: Span,
    /// From connected to having an address, when the server answers at once.
    pub dhcp: Span,
    /// Until a scan that finds nothing gives up.
    pub no_access_point: Span,
    /// Until a wrong password is noticed.
    pub wrong_password: Span,
    /// From the last beacon to the firmware's first complaint.
    pub beacon_loss: Span,
    /// From there to giving the connection up.
    pub beacon_probe: Span,
    /// Until a connection that nobody answers is given up.
    pub connect_timeout_us: u64,
    /// Until a connection whose peer fell silent is given up.
    pub data_timeout_us: u64,
}

impl Timings {
    /// What a chip takes, from logs of real ones.
    pub const fn chip() -> Self {
        Self {
            scan: Span::new(1_300_000, 1_700_000),
            known_channel: Span::new(95_000, 115_000),
            join: Span::new(20_000, 120_000),
            dhcp: Span::new(760_000, 930_000),
            no_access_point: Span::new(2_400_000, 2_800_000),
            wrong_password: Span::new(2_000_000, 3_200_000),
            beacon_loss: Span::new(6_000_000, 6_200_000),
            beacon_probe: Span::new(2_500_000, 2_600_000),
            connect_timeout_us: 18_000_000,
            data_timeout_us: 90_000_000,
        }
    }

    /// The chip's timings of the radio, `by` times faster; those of TCP stay.
    pub const fn faster(self, by: u64) -> Self {
        let by = if by == 0 { 1 } else { by };
        Self {
            scan: self.scan.divided(by),
            known_channel: self.known_channel.divided(by),
            join: self.join.divided(by),
            dhcp: self.dhcp.divided(by),
            no_access_point: self.no_access_point.divided(by),
            wrong_password: self.wrong_password.divided(by),
            beacon_loss: self.beacon_loss.divided(by),
            beacon_probe: self.beacon_probe.divided(by),
            ..self
        }
    }
}

/// What the WiFi driver of a firmware generation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Driver {
    /// It looks at an access point's security before it tries it: with a password as long as WPA asks for it takes none that is
    /// weaker than WPA2, and without a password none that is secured.
    pub minds_security: bool,
    /// It knows WPA3; otherwise an access point that wants it is none.
    pub speaks_wpa3: bool,
}

impl Default for Driver {
    fn default() -> Self {
        Self { minds_security: true, speaks_wpa3: true }
    }
}

/// What a board's IP stack has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StationLimits {
    /// Open sockets at one time, of all kinds.
    pub max_sockets: usize,
    /// TCP connections at one time, those that are closing included.
    pub max_tcp: usize,
    /// The TCP receive window, in bytes.
    pub tcp_receive_bytes: usize,
    /// The TCP send buffer, in bytes.
    pub tcp_send_bytes: usize,
    /// Datagrams that wait to be read, per socket.
    pub udp_queue: usize,
    /// Bytes of frames that the radio carries in a second, both ways together; nothing for as many as the host can.
    pub bytes_per_second: Option<u32>,
}

impl Default for StationLimits {
    fn default() -> Self {
        Self {
            max_sockets: 10,
            max_tcp: 16,
            tcp_receive_bytes: 5744,
            tcp_send_bytes: 5744,
            udp_queue: 6,
            bytes_per_second: None,
        }
    }
}

impl StationLimits {
    /// The same without what makes the chip slow.
    pub(crate) const fn fast(self) -> Self {
        const WINDOW: usize = 65_535;
        Self { tcp_receive_bytes: WINDOW, tcp_send_bytes: WINDOW, bytes_per_second: None, ..self }
    }
}

/// What an air is made of.
#[derive(Debug, Clone)]
pub struct AirConfig {
    /// The access points; all lead to one network.
    pub access_points: Vec<AccessPoint>,
    /// The gateway's address; the subnet is the one it lies in.
    pub gateway: Ipv4Addr,
    /// The length of the subnet's prefix: 24 has room for 250 boards, 16 for 65 000.
    pub prefix: u8,
    /// The host names that the lab answers for.
    pub names: Names,
    /// What of the host's network is open to boards.
    pub outside: Outside,
    /// Unix time, in microseconds, at moment 0 of the lab's clock: what NTP tells.
    pub unix_us_at_zero: i64,
    /// How long leases last, in seconds.
    pub lease_seconds: u32,
    /// The signal strength of boards at other boards, in dBm.
    pub board_rssi: i8,
    /// How long joining takes.
    pub timings: Timings,
    /// What each board's stack has room for.
    pub limits: StationLimits,
    /// Frames go as fast as the host can, with windows as large as TCP has them, whatever boards are limited to.
    pub is_fast: bool,
    /// Everything random follows from it.
    pub seed: u64,
}

impl AirConfig {
    /// An air with one access point, the built-in names and the chip's timings.
    pub fn new(access_point: AccessPoint) -> Result<Self, AirError> {
        Ok(Self {
            access_points: vec![access_point],
            gateway: Ipv4Addr::new(192, 168, 1, 1),
            prefix: 24,
            names: Names::built_in()?,
            outside: Outside::default(),
            unix_us_at_zero: 1_767_225_600_000_000,
            lease_seconds: 86_400,
            board_rssi: -40,
            timings: Timings::chip(),
            limits: StationLimits::default(),
            is_fast: false,
            seed: 1,
        })
    }

    /// An air without any access point: boards have their sockets there, and nobody to reach.
    pub fn without_access_points() -> Result<Self, AirError> {
        let mut config = Self::new(AccessPoint::open("none"))?;
        config.access_points.clear();
        Ok(config)
    }

    /// Whether there can be such an air.
    pub fn check(&self) -> Result<(), AirError> {
        let bad = AirError::Subnet { gateway: self.gateway, prefix: self.prefix };
        if !(8..=28).contains(&self.prefix) {
            return Err(bad);
        }
        let host = u32::from(self.gateway) & !self.mask_bits();
        if host == 0
            || host == !self.mask_bits()
            || self.gateway.is_loopback()
            || self.gateway.is_multicast()
        {
            return Err(bad);
        }
        let overlaps = |listed: &&Listed| listed.overlaps(self.gateway, self.prefix);
        if let Some(listed) = self.outside.listed.iter().find(overlaps) {
            let (listed, gateway, prefix) = (*listed, self.gateway, self.prefix);
            return Err(AirError::ListedWithin { listed, gateway, prefix });
        }
        Ok(access_point::check_all(&self.access_points)?)
    }

    pub(crate) fn mask_bits(&self) -> u32 {
        u32::MAX << (32 - u32::from(self.prefix.clamp(1, 32)))
    }

    /// The subnet's mask.
    pub fn netmask(&self) -> Ipv4Addr {
        Ipv4Addr::from(self.mask_bits())
    }

    /// True if `address` is in the subnet.
    pub fn contains(&self, address: Ipv4Addr) -> bool {
        u32::from(address) & self.mask_bits() == u32::from(self.gateway) & self.mask_bits()
    }
}

/// The addresses of a board's interface, as `WLAN.ifconfig()` shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpConfig {
    /// The board's address.
    pub address: Ipv4Addr,
    /// The subnet's mask.
    pub netmask: Ipv4Addr,
    /// The way out.
    pub gateway: Ipv4Addr,
    /// The server that resolves names.
    pub dns: Ipv4Addr,
}

impl IpConfig {
    /// Whether `address` is in the subnet.
    pub(crate) fn contains(&self, address: Ipv4Addr) -> bool {
        let mask = u32::from(self.netmask);
        u32::from(address) & mask == u32::from(self.address) & mask
    }

    /// The length of the mask's prefix.
    pub fn prefix(&self) -> u8 {
        u8::try_from(u32::from(self.netmask).leading_ones()).unwrap_or(32)
    }
}
