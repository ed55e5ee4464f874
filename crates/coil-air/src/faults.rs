//! Faults on purpose, which the lab's owner turns on and off while it runs, or has planned. What frames look at is in atomics, so that boards
//! do not wait for it.

mod parse;
mod plan;

pub use parse::{FAULTS, FaultError, FaultKind};
pub use plan::FaultStep;
pub(crate) use plan::Plan;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

/// One thing that goes wrong from now on, or does not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Frames lost, in parts per million.
    Loss(u32),
    /// How long every frame is on its way, in microseconds.
    Latency(u64),
    /// What the air carries, in bits per second; without it as much as comes.
    Bandwidth(Option<u64>),
    /// What the address server does.
    Dhcp(Dhcp),
    /// The name server hears nothing.
    DnsDead(bool),
    /// The time servers hear nothing.
    NtpDead(bool),
    /// What the services behind names do.
    Services(ServiceFault),
    /// The services show certificates that have expired.
    Expired(bool),
    /// A portal takes all names and all plain HTTP for itself.
    Portal(bool),
    /// The access points are gone.
    NoAccessPoint(bool),
    /// How strong the access points are at the boards, in dBm; without it as they are.
    Signal(Option<i8>),
    /// The access points have another password than the boards know.
    OtherPassword(bool),
}

/// What the address server does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dhcp {
    /// It answers at once.
    #[default]
    Well,
    /// It answers after so many microseconds.
    Slow(u64),
    /// It hears nothing.
    Silent,
}

/// What the services behind names do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ServiceFault {
    /// They serve.
    #[default]
    None,
    /// Connections to them are refused.
    Dead,
    /// They answer HTTP with this status, 500 to 599.
    Status(u16),
}

/// What goes wrong on the air. The default is: nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Frames lost, in parts per million.
    pub loss_ppm: u32,
    /// How long every frame is on its way, in microseconds.
    pub latency_us: u64,
    /// What the air carries, in bits per second.
    pub bandwidth: Option<u64>,
    /// What the address server does.
    pub dhcp: Dhcp,
    /// The name server hears nothing.
    pub dns_dead: bool,
    /// The time servers hear nothing.
    pub ntp_dead: bool,
    /// What the services behind names do.
    pub services: ServiceFault,
    /// The services show certificates that have expired.
    pub expired: bool,
    /// A portal takes all names and all plain HTTP for itself.
    pub portal: bool,
    /// The access points are gone.
    pub no_access_point: bool,
    /// How strong the access points are at the boards, in dBm.
    pub signal: Option<i8>,
    /// The access points have another password than the boards know.
    pub other_password: bool,
}

impl Faults {
    /// With this one as well, or no more.
    pub fn with(mut self, fault: Fault) -> Self {
        match fault {
            Fault::Loss(ppm) => self.loss_ppm = ppm.min(WHOLE_PPM),
            Fault::Latency(us) => self.latency_us = us,
            Fault::Bandwidth(bits) => self.bandwidth = bits,
            Fault::Dhcp(dhcp) => self.dhcp = dhcp,
            Fault::DnsDead(is_so) => self.dns_dead = is_so,
            Fault::NtpDead(is_so) => self.ntp_dead = is_so,
            Fault::Services(services) => self.services = services,
            Fault::Expired(is_so) => self.expired = is_so,
            Fault::Portal(is_so) => self.portal = is_so,
            Fault::NoAccessPoint(is_so) => self.no_access_point = is_so,
            Fault::Signal(dbm) => self.signal = dbm,
            Fault::OtherPassword(is_so) => self.other_password = is_so,
        }
        self
    }

    /// All that can go wrong, as it is.
    pub fn all(&self) -> [Fault; 12] {
        [
            Fault::Loss(self.loss_ppm),
            Fault::Latency(self.latency_us),
            Fault::Bandwidth(self.bandwidth),
            Fault::Dhcp(self.dhcp),
            Fault::DnsDead(self.dns_dead),
            Fault::NtpDead(self.ntp_dead),
            Fault::Services(self.services),
            Fault::Expired(self.expired),
            Fault::Portal(self.portal),
            Fault::NoAccessPoint(self.no_access_point),
            Fault::Signal(self.signal),
            Fault::OtherPassword(self.other_password),
        ]
    }

    /// Whether boards hear access points at all.
    pub(crate) fn has_signal(&self) -> bool {
        !self.no_access_point && self.signal.is_none_or(|dbm| dbm >= SIGNAL_LIMIT)
    }
}

const WHOLE_PPM: u32 = 1_000_000;

/// Weaker than this in dBm no access point is heard.
const SIGNAL_LIMIT: i8 = -92;

/// What is lost at a weak signal, in parts per million: nothing down to -75 dBm, then more with each step.
fn lost_at(dbm: i8) -> u32 {
    const STEPS: [(i8, u32); 4] =
        [(-75, 0), (-80, 20_000), (-85, 100_000), (SIGNAL_LIMIT, 350_000)];
    STEPS.iter().find(|(limit, _)| dbm >= *limit).map_or(WHOLE_PPM, |(_, lost)| *lost)
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    now: RwLock<Faults>,
    loss_ppm: AtomicU32,
    latency_us: AtomicU64,
    /// Bits per second; 0 for no bound.
    bandwidth: AtomicU64,
    /// When what is on the air has been sent.
    free_at_us: AtomicU64,
}

/// Frames that wait for a narrow air longer than this are lost.
const QUEUE_US: u64 = 2_000_000;

impl FaultTable {
    pub(crate) fn set(&self, faults: Faults) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = faults;
        let weak = faults.signal.map_or(0, lost_at);
        self.loss_ppm.store(faults.loss_ppm.min(WHOLE_PPM).max(weak), Relaxed);
        self.latency_us.store(faults.latency_us, Relaxed);
        self.bandwidth.store(faults.bandwidth.unwrap_or(0), Relaxed);
        self.free_at_us.store(0, Relaxed);
    }

    pub(crate) fn get(&self) -> Faults {
        *self.now.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn loss_ppm(&self) -> u32 {
        self.loss_ppm.load(Relaxed)
    }

    /// When a frame that is sent now arrives: zero for at once, nothing if it is lost in a queue.
    pub(crate) fn arrival_us(&self, now_us: u64, bytes: usize) -> Option<u64> {
        let latency_us = self.latency_us.load(Relaxed);
        let bandwidth = self.bandwidth.load(Relaxed);
        if bandwidth == 0 {
            return Some(if latency_us == 0 { 0 } else { now_us.saturating_add(latency_us) });
        }
        let takes_us = (bytes as u64 * 8).saturating_mul(1_000_000) / bandwidth;
        let mut sent_us = None;
        // Frames of several boards take turns, whoever comes first.
        let _ = self.free_at_us.fetch_update(Relaxed, Relaxed, |free_us| {
            let from_us = free_us.max(now_us);
            let waits = from_us - now_us <= QUEUE_US;
            sent_us = waits.then(|| from_us.saturating_add(takes_us));
            sent_us
        });
        sent_us.map(|us| us.saturating_add(latency_us))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_air_sends_one_frame_after_the_other_and_loses_what_waits_too_long() {
        let table = FaultTable::default();
        assert_eq!(table.arrival_us(5, 1000), Some(0));
        table.set(Faults { latency_us: 7, ..Faults::default() });
        assert_eq!(table.arrival_us(5, 1000), Some(12));
        // A thousand bytes take eight milliseconds.
        table.set(Faults { bandwidth: Some(1_000_000), latency_us: 7, ..Faults::default() });
        assert_eq!(table.arrival_us(1000, 1000), Some(9007));
        assert_eq!(table.arrival_us(1000, 1000), Some(17_007));
        assert_eq!(table.arrival_us(50_000, 500), Some(54_007));
        let arrivals: Vec<_> = (0..300).map(|_| table.arrival_us(60_000, 1000)).collect();
        assert_eq!(arrivals.iter().flatten().count(), 251, "two seconds' worth");
    }

    #[test]
    fn a_weak_signal_loses_frames_and_the_weakest_all() {
        for (dbm, lost) in
            [(-40, 0), (-75, 0), (-78, 20_000), (-85, 100_000), (-92, 350_000), (-93, 1_000_000)]
        {
            let table = FaultTable::default();
            table.set(Faults { signal: Some(dbm), ..Faults::default() });
            assert_eq!(table.loss_ppm(), lost, "{dbm}");
            assert_eq!(table.get().has_signal(), dbm >= -92);
        }
    }
}
