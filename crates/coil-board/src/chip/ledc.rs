//! The pulse generator for PWM: two groups of eight channels and four timers, shared out by frequency.

/// Groups; only the second one runs on in light sleep.
pub const GROUPS: usize = 2;
/// Channels of a group.
pub const CHANNELS: usize = 8;
/// Timers of a group.
pub const TIMERS: usize = 4;

/// A timer that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Its frequency in Hz.
    pub freq: u32,
    /// Bits of its resolution.
    pub bits: u32,
    /// Hz of the clock that it divides.
    pub clock: u32,
}

/// A channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    /// The pin that it drives.
    pub pin: Option<u8>,
    /// Its timer.
    pub timer: Option<usize>,
    /// Its duty, in steps of the timer's resolution.
    pub duty: u32,
    /// Whether it goes on in light sleep.
    pub lightsleep: bool,
    /// Whether the pin is low for its duty, and not high.
    pub inverted: bool,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Ledc {
    /// Channels by group.
    pub channels: [[Channel; CHANNELS]; GROUPS],
    /// Timers by group.
    pub timers: [[Option<Timer>; TIMERS]; GROUPS],
}

/// Frequencies below this come from the slow clock.
const SLOW_BELOW: u32 = 10;
/// Hz of the slow clock, and of the one that light sleep leaves on.
const SLOW: u32 = 1_000_000;
const SLEEPLESS: u32 = 8_000_000;
/// Hz of the usual clock at most; a slower processor slows it down.
const USUAL_MAX: u32 = 80_000_000;
/// Bits of a duty as programs give it.
const DUTY_BITS: u32 = 16;
/// Fractional bits of a divider.
const FRACTION: u32 = 8;

impl Ledc {
    /// Groups that may be used: all, or what light sleep leaves on.
    fn groups(lightsleep: bool) -> core::ops::Range<usize> {
        usize::from(lightsleep)..GROUPS
    }

    /// The channel of a pin, or a free one in a group with a timer for the frequency.
    pub fn find_channel(
        &self,
        pin: u8,
        lightsleep: bool,
        freq: Option<u32>,
    ) -> Option<(usize, usize)> {
        let places = || Self::groups(lightsleep).flat_map(|g| (0..CHANNELS).map(move |c| (g, c)));
        let own = places().find(|&(g, c)| self.channels[g][c].pin == Some(pin));
        let timer =
            |g: usize| self.timers[g].iter().any(|t| t.is_none_or(|t| Some(t.freq) == freq));
        own.or_else(|| places().find(|&(g, c)| self.channels[g][c].pin.is_none() && timer(g)))
    }

    /// A timer with this frequency (nothing: one that is free) in a group with a channel for the pin.
    fn find_timer(&self, pin: u8, lightsleep: bool, freq: Option<u32>) -> Option<(usize, usize)> {
        Self::groups(lightsleep)
            .filter(|&g| self.channels[g].iter().any(|c| c.pin.is_none_or(|p| p == pin)))
            .find_map(|g| {
                let at = self.timers[g].iter().position(|t| t.map(|t| t.freq) == freq)?;
                Some((g, at))
            })
    }

    /// The timer for a frequency: one that has it, the channel's own if no other uses it, a free one.
    pub fn select_timer(
        &self,
        pin: u8,
        lightsleep: bool,
        freq: u32,
        own: (usize, usize, Option<usize>),
    ) -> Option<(usize, usize)> {
        let (group, channel, timer) = own;
        self.find_timer(pin, lightsleep, Some(freq))
            .or_else(|| {
                let timer = timer?;
                (!self.is_shared(group, channel, timer)).then_some((group, timer))
            })
            .or_else(|| self.find_timer(pin, lightsleep, None))
    }

    /// Whether another channel uses the timer.
    fn is_shared(&self, group: usize, channel: usize, timer: usize) -> bool {
        self.channels[group]
            .iter()
            .enumerate()
            .any(|(n, c)| n != channel && c.timer == Some(timer) && c.pin.is_some())
    }

    /// The wave that a pin is given: its frequency in Hz, and the share of time that it is high, of 65535.
    pub fn wave(&self, pin: u8) -> Option<(u32, u16)> {
        let (group, channel) = (0..GROUPS).find_map(|g| {
            let channel = self.channels[g].iter().find(|c| c.pin == Some(pin))?;
            Some((g, channel))
        })?;
        let timer = self.timers[group][channel.timer?]?;
        let duty = channel.duty << (DUTY_BITS - timer.bits);
        let duty = u16::try_from(duty).unwrap_or(u16::MAX);
        Some((timer.real_freq(), if channel.inverted { u16::MAX - duty } else { duty }))
    }

    /// Gives a channel back, and its timer if nothing else uses it.
    pub fn free(&mut self, group: usize, channel: usize) {
        if let Some(timer) = self.channels[group][channel].timer
            && !self.is_shared(group, channel, timer)
        {
            self.timers[group][timer] = None;
        }
        self.channels[group][channel] = Channel::default();
    }
}

impl Timer {
    /// A timer for a frequency, from the clock that suits it. The processor's frequency is in Hz too.
    pub fn new(freq: u32, lightsleep: bool, processor: u32) -> Self {
        let clock = match freq {
            _ if lightsleep => SLEEPLESS,
            f if f < SLOW_BELOW => SLOW,
            _ => processor.min(USUAL_MAX),
        };
        Self { freq, bits: resolution(clock, freq), clock }
    }

    /// The highest frequency that its clock allows.
    pub fn freq_max(&self) -> u32 {
        self.clock / 2
    }

    /// The frequency that it really has: the clock through a divider with eight fractional bits.
    pub fn real_freq(&self) -> u32 {
        let steps = u64::from(1u32 << self.bits);
        let scaled = u64::from(self.clock) << FRACTION;
        let divider = (scaled + u64::from(self.freq) * steps / 2) / (u64::from(self.freq) * steps);
        let per_second = divider.max(1) * steps;
        ((scaled + per_second / 2) / per_second) as u32
    }
}

/// Bits of resolution that a clock allows at a frequency, as far as programs can tell.
fn resolution(clock: u32, freq: u32) -> u32 {
    let divider = (clock + freq / 2) / freq;
    divider.max(1).ilog2().clamp(1, DUTY_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_has_the_resolution_that_its_clock_allows() {
        assert_eq!(Timer::new(1000, false, 160_000_000).bits, 16);
        assert_eq!(Timer::new(5000, false, 160_000_000).bits, 13);
        assert_eq!(Timer::new(40_000_000, false, 160_000_000).bits, 1);
        assert_eq!(Timer::new(1, false, 160_000_000).clock, SLOW);
        assert_eq!(Timer::new(1000, true, 160_000_000).clock, SLEEPLESS);
    }

    #[test]
    fn the_real_frequency_is_near_the_wanted_one() {
        for freq in [1, 9, 10, 50, 440, 1000, 5000, 38_000, 1_000_000, 40_000_000] {
            let real = Timer::new(freq, false, 240_000_000).real_freq();
            assert!(real.abs_diff(freq) <= freq / 100, "{freq} became {real}");
        }
    }
}
