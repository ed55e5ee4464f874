//! What a board's firmware logs about its radio: typed events with the chip's reason codes. It says nothing about how they are printed.

use crate::config::IpConfig;
use crate::frame::Mac;

/// Why a connection to an access point ended or did not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The access point has said goodbye.
    AuthLeave,
    /// The access point has as many stations as it takes.
    AssocTooMany,
    /// The board left.
    AssocLeave,
    /// The access point's beacons stopped.
    BeaconTimeout,
    /// No such access point.
    NoApFound,
    /// The password is wrong.
    AuthFail,
    /// The access point refused the board.
    AssocFail,
    /// The key exchange was not answered.
    HandshakeTimeout,
    /// There is an access point of that name, but it is weaker than the password that was given asks for.
    NoApInAuthmode,
    /// There is an access point of that name, but it is secured, and no password was given.
    NoApWithSecurity,
}

impl Reason {
    /// The chip's number for it.
    pub fn code(self) -> u8 {
        match self {
            Self::AuthLeave => 3,
            Self::AssocTooMany => 5,
            Self::AssocLeave => 8,
            Self::BeaconTimeout => 200,
            Self::NoApFound => 201,
            Self::AuthFail => 202,
            Self::AssocFail => 203,
            Self::HandshakeTimeout => 204,
            Self::NoApWithSecurity => 210,
            Self::NoApInAuthmode => 211,
        }
    }
}

/// The driver's view of the link, as its log lines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// No link.
    Init,
    /// Authenticating.
    Auth,
    /// Associating.
    Assoc,
    /// Up.
    Run,
}

impl LinkState {
    /// The name in log lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Auth => "auth",
            Self::Assoc => "assoc",
            Self::Run => "run",
        }
    }
}

/// Something that happened on a board's radio, at a moment of the lab's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds.
    pub at_us: u64,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// The link changed: `state: init -> auth (b0)`.
    Link {
        /// From.
        from: LinkState,
        /// To.
        to: LinkState,
        /// The number in brackets, which logs show in hexadecimal.
        code: u16,
    },
    /// Connected to an access point: `connected with SSID, channel 1`.
    Connected {
        /// The network.
        ssid: String,
        /// The access point's hardware address.
        bssid: Mac,
        /// The channel.
        channel: u8,
    },
    /// The interface has an address: `sta ip: …`.
    GotIp(IpConfig),
    /// The interface lost its address.
    LostIp,
    /// Beacons are missing: `bcn_timout,ap_probe_send_start`.
    BeaconsMissed,
    /// The connection ended or did not come about: `STA_DISCONNECTED, reason:201`.
    Disconnected {
        /// Why.
        reason: Reason,
    },
}
