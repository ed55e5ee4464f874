//! A host on the air: a station that joins a network and keeps its address as a board does, with frames that pass between the air
//! and an IP stack elsewhere. It knows no sockets of the host and does not wait.

use crate::air::Air;
use crate::config::IpConfig;
use crate::event::Reason;
use crate::frame::{MAX_FRAME, Mac};
use crate::radio::Reconnect;
use crate::segment::Waker;
use crate::station::{Station, StationStatus};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Guests that an air has at one time.
pub const GUESTS_MAX: u8 = 8;
/// What the hardware addresses of guests have in common.
const MAC: [u8; 5] = [0x02, 0xc0, 0x11, 0xfd, 0x00];
/// What their names do.
const NAME: &str = "guest";
/// The shortest frame: two addresses and a type.
const MIN_FRAME: usize = 14;
/// How long a network may take to let a guest in and give it an address.
const PATIENCE_US: u64 = 30_000_000;

/// A place for a guest on an air; there are [`GUESTS_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GuestSeat(u8);

impl GuestSeat {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..GUESTS_MAX).map(Self)
    }

    /// The seat of the guest with a hardware address, if it is a guest's.
    pub fn of_mac(mac: Mac) -> Option<Self> {
        Self::all().find(|seat| seat.mac() == mac)
    }

    /// The hardware address of who sits there.
    pub fn mac(self) -> Mac {
        let [a, b, c, d, e] = MAC;
        [a, b, c, d, e, self.0 + 1]
    }

    /// Its name: `guest0` and so on.
    pub fn name(self) -> String {
        format!("{NAME}{}", self.0)
    }
}

/// What became of a guest's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkNews {
    /// It is in, with these addresses; or has other ones now.
    Joined(IpConfig),
    /// It has lost its address or the link, and tries to come back.
    Lost,
}

/// Why a guest is not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// There is no such network.
    #[error("there is no network `{ssid}` in reach; there are: {}", .known.join(", "))]
    NoNetwork {
        /// The name that was asked for.
        ssid: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// It wants a password.
    #[error("`{0}` has a password, and none was given")]
    WantsPassword(String),
    /// It is secured too weakly for a password.
    #[error(
        "`{0}` is open or secured with less than WPA2, and no station takes that for a password of 8 characters or more"
    )]
    Weak(String),
    /// The password is wrong.
    #[error("the password of `{0}` is another one")]
    WrongPassword(String),
    /// There is no room.
    #[error("`{0}` has as many stations as it takes")]
    Full(String),
    /// It gives no address.
    #[error("`{0}` gave no address within {seconds} seconds", seconds = PATIENCE_US / 1_000_000)]
    NoAddress(String),
    /// Something else is wrong, with this number of IEEE 802.11 or the chip.
    #[error("`{ssid}` does not let it in (reason {code})")]
    Refused {
        /// The network.
        ssid: String,
        /// The number.
        code: u8,
    },
    /// All seats are taken.
    #[error("there are {GUESTS_MAX} guests on the air already; one must leave first")]
    NoSeat,
}

/// The guest. Dropping it takes it off the air.
#[derive(Debug)]
pub struct Guest {
    air: Air,
    seat: GuestSeat,
    station: Station,
    ssid: String,
    began_us: u64,
    has_joined: bool,
    /// What was last said of it.
    told: Option<IpConfig>,
}

impl Guest {
    /// Puts a guest on an air, on the way into a network; an open one has an empty password.
    pub fn new(air: &Air, seat: GuestSeat, ssid: &str, password: &str, now_us: u64) -> Self {
        let mut station = air.attach(seat.mac());
        station.open_passage();
        // A network that does not let it in the first time is named to who asked.
        station.set_reconnect(Reconnect { attempts: Some(0), after_wrong_password: false });
        station.connect(ssid, password, now_us);
        Self {
            air: air.clone(),
            seat,
            station,
            ssid: ssid.into(),
            began_us: now_us,
            has_joined: false,
            told: None,
        }
    }

    /// Where it sits: its name and hardware address.
    pub fn seat(&self) -> GuestSeat {
        self.seat
    }

    /// The network that it is in, or on the way into.
    pub fn ssid(&self) -> &str {
        &self.ssid
    }

    /// Has `waker` called, from any thread, when something arrives.
    pub fn set_waker(&mut self, waker: Option<Waker>) {
        self.station.set_waker(waker);
    }

    /// Lets it go on up to `now_us`; tells what has become of its link.
    ///
    /// # Errors
    /// If it is not let in. One that was in once tries again for ever.
    pub fn poll(&mut self, now_us: u64) -> Result<Option<LinkNews>, JoinError> {
        self.station.poll(now_us);
        let now = self.station.ifconfig();
        if now.is_some() && !self.has_joined {
            self.has_joined = true;
            self.station.set_reconnect(Reconnect::default());
        }
        if !self.has_joined {
            self.refusal(now_us)?;
        }
        if std::mem::replace(&mut self.told, now) == now {
            return Ok(None);
        }
        Ok(Some(now.map_or(LinkNews::Lost, LinkNews::Joined)))
    }

    fn refusal(&self, now_us: u64) -> Result<(), JoinError> {
        let ssid = self.ssid.clone();
        Err(match self.station.status() {
            StationStatus::Connecting if now_us < self.began_us.saturating_add(PATIENCE_US) => {
                return Ok(());
            }
            StationStatus::Connecting => JoinError::NoAddress(ssid),
            StationStatus::NoApFound => {
                let mut known: Vec<String> =
                    self.air.scan().into_iter().map(|ap| ap.ssid).collect();
                // Those that hide their names are not given away.
                let mut told = BTreeSet::new();
                known.retain(|name| !name.is_empty() && told.insert(name.clone()));
                JoinError::NoNetwork { ssid, known }
            }
            StationStatus::NoApWithSecurity => JoinError::WantsPassword(ssid),
            StationStatus::NoApInAuthmode => JoinError::Weak(ssid),
            StationStatus::WrongPassword => JoinError::WrongPassword(ssid),
            StationStatus::Full => JoinError::Full(ssid),
            _ => {
                let code = self.station.last_failure().map_or(0, Reason::code);
                JoinError::Refused { ssid, code }
            }
        })
    }

    /// When [`Guest::poll`] must be called again, besides when the waker is called.
    pub fn next_deadline(&self) -> Option<u64> {
        let give_up_us = self.began_us.saturating_add(PATIENCE_US);
        let waits = (!self.has_joined).then_some(give_up_us);
        self.station.next_deadline().into_iter().chain(waits).min()
    }

    /// The next frame from the air for the stack elsewhere.
    pub fn next_frame(&mut self) -> Option<Arc<[u8]>> {
        self.station.next_passed()
    }

    /// Sends a frame of the stack elsewhere. What is no frame of Ethernet, is not from this guest's hardware address, or comes
    /// while there is no link goes nowhere.
    pub fn send(&mut self, frame: &[u8], now_us: u64) {
        if (MIN_FRAME..=MAX_FRAME).contains(&frame.len()) {
            self.station.send_frame(frame, now_us);
        }
    }

    /// Frames that nobody took in time.
    pub fn dropped_frames(&self) -> u64 {
        self.station.dropped_frames() + self.station.dropped_at_passage()
    }
}
