//! Faults on purpose, which the lab's owner turns on and off while it runs. Atomics, so that boards look at them without waiting.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

/// What goes wrong on the air. The default is: nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Frames lost, in parts per million.
    pub loss_ppm: u32,
    /// How long every frame is on its way, in microseconds.
    pub latency_us: u64,
    /// The DHCP server hears nothing.
    pub dhcp_silent: bool,
    /// The DNS server hears nothing.
    pub dns_dead: bool,
    /// The time servers hear nothing.
    pub ntp_dead: bool,
    /// Connections to services are refused.
    pub services_dead: bool,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    loss_ppm: AtomicU32,
    latency_us: AtomicU64,
    dhcp_silent: AtomicBool,
    dns_dead: AtomicBool,
    ntp_dead: AtomicBool,
    services_dead: AtomicBool,
}

impl FaultTable {
    pub(crate) fn set(&self, faults: Faults) {
        self.loss_ppm.store(faults.loss_ppm.min(1_000_000), Relaxed);
        self.latency_us.store(faults.latency_us, Relaxed);
        self.dhcp_silent.store(faults.dhcp_silent, Relaxed);
        self.dns_dead.store(faults.dns_dead, Relaxed);
        self.ntp_dead.store(faults.ntp_dead, Relaxed);
        self.services_dead.store(faults.services_dead, Relaxed);
    }

    pub(crate) fn get(&self) -> Faults {
        Faults {
            loss_ppm: self.loss_ppm.load(Relaxed),
            latency_us: self.latency_us.load(Relaxed),
            dhcp_silent: self.dhcp_silent.load(Relaxed),
            dns_dead: self.dns_dead.load(Relaxed),
            ntp_dead: self.ntp_dead.load(Relaxed),
            services_dead: self.services_dead.load(Relaxed),
        }
    }

    pub(crate) fn loss_ppm(&self) -> u32 {
        self.loss_ppm.load(Relaxed)
    }

    pub(crate) fn latency_us(&self) -> u64 {
        self.latency_us.load(Relaxed)
    }
}
