//! The clocks of a lab: real, scaled, virtual; and the real one steered by hand.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How time passes for boards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Pace {
    /// As on the wall, until somebody steers it.
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
    /// Somebody has steered real time: `steered` counts, and not `start`.
    is_steered: AtomicBool,
    steered: Mutex<Steered>,
}

/// Real time that was steered: how it has gone since a moment.
#[derive(Clone, Copy, Debug)]
struct Steered {
    since: Instant,
    since_us: u64,
    speed: f64,
    is_paused: bool,
    /// Paused time that goes on until then.
    until_us: Option<u64>,
}

impl Steered {
    fn goes(&self) -> bool {
        !self.is_paused || self.until_us.is_some()
    }

    fn now_us(&self) -> u64 {
        if !self.goes() {
            return self.since_us;
        }
        self.since_us + (self.since.elapsed().as_secs_f64() * 1e6 * self.speed) as u64
    }
}

/// What is done to time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Steer {
    /// It stands, or goes on.
    Pause(bool),
    /// So many times as fast as on the wall from now on.
    Speed(f64),
    /// Where it stands: it goes on for so many microseconds, and stands again.
    Step(u64),
}

/// How time goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeIs {
    /// Microseconds since the runner started.
    pub now_us: u64,
    /// How many times as fast as on the wall it goes, where it goes.
    pub speed: f64,
    /// It stands, or is about to.
    pub is_paused: bool,
}

/// Why time cannot be steered so.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SteerError {
    /// Not real time.
    #[error("the time of this lab follows its boards' steps and cannot be steered by hand")]
    Counted,
    /// Too slow or too fast.
    #[error("time can go from {least} to {most} times as fast as on the wall", least = SPEEDS.0, most = SPEEDS.1)]
    Speed,
    /// It goes.
    #[error("time goes on by itself; pause it first")]
    Going,
    /// Too far.
    #[error("a step is from a microsecond to an hour")]
    Step,
    /// The lab is over.
    #[error("the lab is over")]
    Over,
}

/// The slowest and the fastest.
pub const SPEEDS: (f64, f64) = (0.01, 100.0);
/// The longest step.
pub const STEP_MAX_US: u64 = 3_600_000_000;
/// Who waits on the wall looks again after so long, as somebody may steer meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// Steps of the machine that cost a microsecond of virtual time.
const STEPS_PER_US: u64 = 16;

impl Clock {
    pub(crate) fn new(pace: Pace) -> Self {
        let bound_us = AtomicU64::new(if pace == Pace::Stepped { 0 } else { u64::MAX });
        let start = Instant::now();
        let steered =
            Steered { since: start, since_us: 0, speed: 1.0, is_paused: false, until_us: None };
        Self {
            pace,
            start,
            virtual_us: AtomicU64::new(0),
            bound_us,
            is_steered: AtomicBool::new(false),
            steered: Mutex::new(steered),
        }
    }

    /// Microseconds since the runner started.
    pub fn now_us(&self) -> u64 {
        match self.pace {
            Pace::Real if self.is_steered.load(Ordering::Acquire) => self.steered().now_us(),
            Pace::Real => self.start.elapsed().as_micros() as u64,
            Pace::Scaled(factor) => (self.start.elapsed().as_secs_f64() * 1e6 * factor) as u64,
            Pace::Virtual | Pace::Live | Pace::Stepped => self.virtual_us.load(Ordering::Relaxed),
        }
    }

    fn steered(&self) -> MutexGuard<'_, Steered> {
        self.steered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How time goes.
    pub fn told(&self) -> TimeIs {
        let speed = match self.pace {
            Pace::Scaled(factor) => factor,
            _ => self.steered().speed,
        };
        TimeIs { now_us: self.now_us(), speed, is_paused: self.steered().is_paused }
    }

    /// Does something to time. For the thread that runs boards, between their turns: no board may see time stand still while it
    /// computes.
    pub(crate) fn steer(&self, how: Steer) -> Result<(), SteerError> {
        if self.pace != Pace::Real {
            return Err(SteerError::Counted);
        }
        let now_us = self.now_us();
        let mut steered = self.steered();
        let mut next = Steered { since: Instant::now(), since_us: now_us, ..*steered };
        match how {
            Steer::Pause(is_paused) => (next.is_paused, next.until_us) = (is_paused, None),
            Steer::Speed(speed) if (SPEEDS.0..=SPEEDS.1).contains(&speed) => next.speed = speed,
            Steer::Speed(_) => return Err(SteerError::Speed),
            Steer::Step(us) if !(1..=STEP_MAX_US).contains(&us) => return Err(SteerError::Step),
            Steer::Step(_) if !next.is_paused => return Err(SteerError::Going),
            // Steps that come while one is under way add up.
            Steer::Step(us) => next.until_us = Some(next.until_us.unwrap_or(now_us) + us),
        }
        *steered = next;
        self.is_steered.store(true, Ordering::Release);
        Ok(())
    }

    /// Whether time stands, which a step that is over makes it do.
    pub(crate) fn stands(&self) -> bool {
        if !self.is_steered.load(Ordering::Acquire) {
            return false;
        }
        let mut steered = self.steered();
        let now_us = steered.now_us();
        if steered.until_us.is_some_and(|until_us| until_us <= now_us) {
            (steered.since_us, steered.until_us) = (now_us, None);
        }
        !steered.goes()
    }

    /// When a step ends that is under way.
    pub(crate) fn step_end(&self) -> Option<u64> {
        self.is_steered.load(Ordering::Acquire).then(|| self.steered().until_us).flatten()
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
            Pace::Real => self.on_the_wall(left),
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

    fn on_the_wall(&self, us: u64) -> Duration {
        if !self.is_steered.load(Ordering::Acquire) {
            return Duration::from_micros(us);
        }
        // At least a microsecond where there is something to wait for.
        Duration::from_micros((us as f64 / self.steered().speed).ceil() as u64)
    }
}

impl coil_air::bridge::Time for Clock {
    fn now_us(&self) -> u64 {
        Self::now_us(self)
    }

    fn wall(&self, us: u64) -> Duration {
        if self.is_steered.load(Ordering::Acquire) && !self.steered().goes() {
            return LOOK;
        }
        let wall = self.on_the_wall(us);
        if self.pace == Pace::Real { wall.min(LOOK) } else { wall }
    }
}
