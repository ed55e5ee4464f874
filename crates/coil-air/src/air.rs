//! One lab's air: access points, the segment behind them and the gateway. Shared by all boards and by whoever runs the lab.

use crate::access_point::AccessPoint;
use crate::access_points::{AccessPoints, Beacon, ScanResult};
use crate::called::Called;
use crate::config::AirConfig;
use crate::error::AirError;
use crate::ether::Ether;
use crate::faults::{Fault, FaultTable, Faults};
use crate::frame::Mac;
use crate::gateway::Gateway;
use crate::gateway::errand::Errand;
use crate::owners::Owners;
use crate::segment::{Segment, Waker, lock};
use crate::services::dhcp::DhcpServer;
use crate::services::tcp::{Mailbox, ServiceStream};
use crate::speech::Speech;
use crate::station::Station;
use crate::taps::{FrameTap, Tap, TapId, Taps};
use crate::tls::{CertificateAuthority, KeyLog, KeyTap};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock};

const GATEWAY_MAC: Mac = [0x02, 0xc0, 0x11, 0xff, 0xff, 0x01];

/// What boards and the lab's owner share.
pub(crate) struct Shared {
    pub(crate) config: AirConfig,
    pub(crate) access_points: AccessPoints,
    pub(crate) segment: Arc<Segment>,
    /// What stations are called.
    pub(crate) called: Called,
    /// What is said outside any network.
    pub(crate) ether: Ether,
    /// Who uses which hardware addresses.
    pub(crate) owners: Owners,
    pub(crate) taps: Arc<Taps<FrameTap>>,
    pub(crate) faults: Arc<FaultTable>,
    pub(crate) mailbox: Arc<Mailbox>,
    /// Made when it is asked for, if there is none: most programs that run alone speak no TLS.
    authority: OnceLock<CertificateAuthority>,
    pub(crate) key_log: KeyLog,
    unix_us_at_zero: AtomicI64,
    gateway: Mutex<Gateway>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the configuration: it has passwords.
        f.debug_struct("Shared").field("segment", &self.segment).finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn authority(&self) -> &CertificateAuthority {
        let in_memory = CertificateAuthority::in_memory;
        self.authority.get_or_init(|| in_memory().expect("the system has random bytes to give"))
    }

    pub(crate) fn unix_us(&self, now_us: u64) -> i64 {
        self.unix_us_at_zero.load(Relaxed).saturating_add(i64::try_from(now_us).unwrap_or(i64::MAX))
    }

    /// A board came, or went: what the gateway knew of one with that hardware address is void.
    pub(crate) fn board_changed(&self, mac: Mac) {
        self.mailbox.tell_gone(mac);
    }
}

/// One lab's air. Cheap to clone; all clones are the same air.
///
/// All moments are microseconds of the lab's one clock, given by the caller: virtual time works as real time does. Whoever runs
/// the lab calls [`Air::poll`] when the waker says so and when [`Air::next_deadline`] is reached; each board's thread does the
/// same with its [`Station`].
#[derive(Debug, Clone)]
pub struct Air {
    shared: Arc<Shared>,
}

impl Air {
    /// An air with a certificate authority that lives as long as it does.
    pub fn new(config: AirConfig) -> Result<Self, AirError> {
        Self::open(config, OnceLock::new())
    }

    /// An air whose services have certificates from `authority`.
    pub fn with_authority(
        config: AirConfig,
        authority: CertificateAuthority,
    ) -> Result<Self, AirError> {
        Self::open(config, authority.into())
    }

    fn open(
        config: AirConfig,
        authority: OnceLock<CertificateAuthority>,
    ) -> Result<Self, AirError> {
        config.check()?;
        let faults = Arc::new(FaultTable::default());
        let taps = Arc::new(Taps::default());
        let segment = Segment::new(GATEWAY_MAC, config.gateway, faults.clone(), taps.clone());
        let mailbox = Arc::new(Mailbox::new(segment.gateway().clone()));
        let gateway = Gateway::new(DhcpServer::of_air(&config), config.seed);
        let shared = Shared {
            access_points: AccessPoints::new(config.access_points.clone()),
            segment: Arc::new(segment),
            called: Called::default(),
            ether: Ether::default(),
            owners: Owners::default(),
            taps,
            faults,
            mailbox,
            authority,
            key_log: KeyLog::default(),
            unix_us_at_zero: AtomicI64::new(config.unix_us_at_zero),
            gateway: Mutex::new(gateway),
            config,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Puts a board on the air. A board that had the same hardware address is off it from then on.
    pub fn attach(&self, mac: Mac) -> Station {
        Station::new(self.shared.clone(), mac)
    }

    /// Has a station be called so in the lab's network: its address is then that of `name.workshop`.
    pub fn call_station(&self, mac: Mac, name: &str) {
        self.shared.called.put(mac, name);
    }

    /// Boards on the air.
    pub fn station_count(&self) -> usize {
        self.shared.segment.stations()
    }

    /// What the air was made of.
    pub fn config(&self) -> &AirConfig {
        &self.shared.config
    }

    /// The authority whose certificates the services show.
    pub fn authority(&self) -> &CertificateAuthority {
        self.shared.authority()
    }

    /// The access points in reach, the strongest first.
    pub fn scan(&self) -> Vec<ScanResult> {
        self.shared.access_points.scan(Speech::default())
    }

    /// The access point of a board, by its hardware address, while it is on the air.
    pub(crate) fn board_access_point(&self, bssid: Mac) -> Option<AccessPoint> {
        let of_boards = |beacon: &Beacon| beacon.cell.is_some() && beacon.ap.bssid == bssid;
        self.shared.access_points.present().into_iter().find(of_boards).map(|beacon| beacon.ap)
    }

    /// Adds an access point, or replaces the one with its hardware address.
    pub fn put_access_point(&self, access_point: AccessPoint) {
        self.shared.access_points.put(access_point, None);
        self.shared.segment.wake_all();
    }

    /// Switches the access points of a network on or off; false if there is none of that name.
    pub fn set_access_point_present(&self, ssid: &str, present: bool) -> bool {
        let known = self.shared.access_points.set_present(ssid, present);
        self.shared.segment.wake_all();
        known
    }

    /// What goes wrong on purpose.
    pub fn faults(&self) -> Faults {
        self.shared.faults.get()
    }

    /// Sets what goes wrong on purpose, from now on.
    pub fn set_faults(&self, faults: Faults) {
        let before = self.shared.faults.get();
        self.shared.faults.set(faults);
        let of_radio = |f: Faults| (f.has_signal(), f.signal, f.other_password);
        if of_radio(before) == of_radio(faults) {
            return;
        }
        for ap in &self.shared.config.access_points {
            let mut ap = ap.clone();
            ap.rssi = faults.signal.unwrap_or(ap.rssi);
            if faults.other_password {
                ap.password = format!("not {}", ap.password);
            }
            self.put_access_point(ap.clone());
            self.set_access_point_present(&ap.ssid, faults.has_signal());
        }
    }

    /// Makes something go wrong, or no more, besides what does already.
    pub fn apply(&self, fault: Fault) {
        self.set_faults(self.faults().with(fault));
    }

    /// Plans what goes wrong at which moments of the lab's clock.
    pub fn plan_faults(&self, faults: impl IntoIterator<Item = (u64, Fault)>) {
        lock(&self.shared.gateway).plan().add(faults);
        self.shared.segment.gateway().wake();
    }

    /// Sets the time that the time servers tell: Unix time, in microseconds, at moment 0 of the lab's clock.
    pub fn set_unix_us_at_zero(&self, unix_us: i64) {
        self.shared.unix_us_at_zero.store(unix_us, Relaxed);
    }

    /// Has `tap` called, from any thread, with every frame that boards and gateway send: what a capture records.
    pub fn add_tap(&self, tap: Tap) -> TapId {
        self.shared.taps.add(tap)
    }

    /// Calls it no more.
    pub fn remove_tap(&self, id: TapId) {
        self.shared.taps.remove(id);
    }

    /// Has `tap` called, from any thread, with the secrets of the TLS sessions of boards, so that what a capture records can be read.
    pub fn add_key_tap(&self, tap: KeyTap) -> TapId {
        self.shared.key_log.taps().add(tap)
    }

    /// Calls it no more.
    pub fn remove_key_tap(&self, id: TapId) {
        self.shared.key_log.taps().remove(id);
    }

    /// Unix time, in microseconds, at moment 0 of the lab's clock.
    pub fn unix_us_at_zero(&self) -> i64 {
        self.shared.unix_us_at_zero.load(Relaxed)
    }

    /// Has `waker` called, from any thread, when the gateway has work.
    pub fn set_waker(&self, waker: Option<Waker>) {
        self.shared.segment.gateway().set_waker(waker);
    }

    /// Lets the gateway and its services run up to `now_us`.
    pub fn poll(&self, now_us: u64) {
        loop {
            let due = lock(&self.shared.gateway).plan().take(now_us);
            let Some(fault) = due else { break };
            self.apply(fault);
        }
        lock(&self.shared.gateway).poll(&self.shared, now_us);
    }

    /// When [`Air::poll`] must be called again, besides when the waker is called.
    pub fn next_deadline(&self) -> Option<u64> {
        lock(&self.shared.gateway).next_deadline()
    }

    /// Whose the hardware addresses are that are in use.
    pub fn owners(&self) -> Owners {
        self.shared.owners.clone()
    }

    /// The address of a board, once it has one. The board is known by its factory's hardware address.
    pub fn address_of(&self, board: Mac) -> Option<Ipv4Addr> {
        self.shared.segment.ip_of(self.shared.owners.used_by(board))
    }

    /// Whether a board is in the lab's own network, with or without an address.
    pub fn is_connected(&self, board: Mac) -> bool {
        self.shared.segment.has(self.shared.owners.used_by(board))
    }

    /// Connects to a server on a board. What is written goes out when the connection stands; if the board refuses, reading says
    /// so. `None` if no board has that address.
    pub fn connect_board(&self, board: SocketAddrV4, now_us: u64) -> Option<ServiceStream> {
        lock(&self.shared.gateway).dial(&self.shared, board, now_us)
    }

    /// What boards want of the host's network next.
    pub(crate) fn next_errand(&self) -> Option<Errand> {
        lock(&self.shared.gateway).next_errand()
    }

    /// Sends a datagram of the host's network to a board, from and to these addresses.
    pub(crate) fn deliver(
        &self,
        board: Mac,
        way: (SocketAddrV4, SocketAddrV4),
        payload: &[u8],
        now_us: u64,
    ) {
        lock(&self.shared.gateway).deliver(&self.shared, board, way, payload, now_us);
    }

    /// Answers the question for a name in a frame.
    pub(crate) fn tell_name(&self, asked: &[u8], address: Option<Ipv4Addr>, now_us: u64) {
        lock(&self.shared.gateway).tell_name(&self.shared, asked, address, now_us);
    }

    /// The next connection of a board to a named service.
    pub fn accept_service(&self) -> Option<ServiceStream> {
        lock(&self.shared.gateway).next_offer()
    }
}
