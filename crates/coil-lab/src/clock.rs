//! The three clocks of a lab: real, scaled, virtual.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How time passes for boards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Pace {
    /// As on the wall.
    #[default]
    Real,
    /// Faster (above 1) or slower (below 1) than on the wall.
    Scaled(f64),
    /// It stands still while a board computes, but for a fixed cost per step, and jumps to the next
    /// deadline when all boards wait: the same run every time.
    Virtual,
    /// Time is counted in steps, as virtual time is, but kept to the wall's: what was recorded at this
    /// pace is repeated exactly in virtual time.
    Live,
    /// As virtual time, but it goes on only as far as [`crate::Runner::advance`] lets it.
    Stepped,
}

/// The clock that all boards of a runner and their air share.
#[derive(Debug)]
pub struct Clock {
    pace: Pace,
    start: Instant,
    virtual_us: AtomicU64,
    /// How far time may go on; no bound if it is not stepped.
    bound_us: AtomicU64,
}

/// Steps of the machine that cost a microsecond of virtual time.
const STEPS_PER_US: u64 = 16;

impl Clock {
    pub(crate) fn new(pace: Pace) -> Self {
        let bound_us = AtomicU64::new(if pace == Pace::Stepped { 0 } else { u64::MAX });
        Self { pace, start: Instant::now(), virtual_us: AtomicU64::new(0), bound_us }
    }

    /// Microseconds since the runner started.
    pub fn now_us(&self) -> u64 {
        match self.pace {
            Pace::Real => self.start.elapsed().as_micros() as u64,
            Pace::Scaled(factor) => (self.start.elapsed().as_secs_f64() * 1e6 * factor) as u64,
            Pace::Virtual | Pace::Live | Pace::Stepped => self.virtual_us.load(Ordering::Relaxed),
        }
    }

    /// Whether time is counted in steps of the boards, whatever the host does.
    pub fn counts_steps(&self) -> bool {
        matches!(self.pace, Pace::Virtual | Pace::Live | Pace::Stepped)
    }

    /// Whether time jumps to what is due next as soon as all boards wait.
    pub(crate) fn jumps(&self) -> bool {
        self.pace == Pace::Virtual
    }

    fn wall_us(&self) -> u64 {
        self.start.elapsed().as_micros() as u64
    }

    /// How far steps have run ahead of the wall, if they are kept to it.
    pub(crate) fn ahead(&self) -> Duration {
        match self.pace {
            Pace::Live => Duration::from_micros(self.now_us().saturating_sub(self.wall_us())),
            _ => Duration::ZERO,
        }
    }

    /// Something has happened while everything waited, until this moment at most: it is as late as on
    /// the wall.
    pub(crate) fn catch_up(&self, until_us: u64) {
        if self.pace == Pace::Live {
            self.virtual_us.fetch_max(self.wall_us().min(until_us), Ordering::Relaxed);
        }
    }

    /// Whether time goes on only as far as it is let.
    pub(crate) fn is_stepped(&self) -> bool {
        self.pace == Pace::Stepped
    }

    /// Lets time go on as far as that.
    pub(crate) fn set_bound(&self, until_us: u64) {
        self.bound_us.store(until_us, Ordering::Relaxed);
    }

    /// Whether time has gone as far as it may.
    pub(crate) fn is_at_bound(&self) -> bool {
        self.now_us() >= self.bound_us.load(Ordering::Relaxed)
    }

    /// Counts computing steps.
    pub(crate) fn spend(&self, steps: u32) {
        if self.counts_steps() {
            self.virtual_us.fetch_add(u64::from(steps).div_ceil(STEPS_PER_US), Ordering::Relaxed);
        }
    }

    /// Everything waits: how long to sleep on the host until this moment. Virtual time jumps
    /// there at once.
    pub(crate) fn sleep_until(&self, until_us: u64) -> Duration {
        let now = self.now_us();
        let left = until_us.saturating_sub(now);
        match self.pace {
            Pace::Real => Duration::from_micros(left),
            Pace::Scaled(factor) => Duration::from_secs_f64(left as f64 / 1e6 / factor.max(1e-6)),
            Pace::Live if self.wall_us() < until_us => {
                Duration::from_micros(until_us - self.wall_us())
            }
            Pace::Virtual | Pace::Live | Pace::Stepped => {
                self.virtual_us.store(now.max(until_us), Ordering::Relaxed);
                Duration::ZERO
            }
        }
    }
}
