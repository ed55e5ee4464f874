//! The pulse counter: eight units with two channels each.

use super::Chip;
use coil_vm::{Value, Vm};

/// Units of the chip.
pub const UNITS: usize = 8;

/// Bits of what a unit tells, as the ESP-IDF numbers them.
pub const THRESHOLD1: u8 = 1 << 2;
/// See [`THRESHOLD1`].
pub const THRESHOLD0: u8 = 1 << 3;
/// The lower limit was reached.
pub const MINIMUM: u8 = 1 << 4;
/// The upper limit was reached.
pub const MAXIMUM: u8 = 1 << 5;
/// The count became zero.
pub const ZERO: u8 = 1 << 6;

/// What a channel does at an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    #[default]
    Ignore,
    /// Counts up.
    Increment,
    /// Counts down.
    Decrement,
}

/// What the level of the second pin makes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    #[default]
    Normal,
    /// Up becomes down.
    Reverse,
    /// It does not count.
    Hold,
}

/// A channel of a unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Channel {
    /// The pin whose edges it counts.
    pub pin: Option<usize>,
    /// The pin whose level says how.
    pub mode_pin: Option<usize>,
    /// At a rising edge.
    pub rising: Action,
    /// At a falling edge.
    pub falling: Action,
    /// While the second pin is low.
    pub mode_low: Mode,
    /// While it is high, or there is none.
    pub mode_high: Mode,
}

/// A unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unit {
    /// Its channels.
    pub channels: [Channel; 2],
    /// At this count it starts again from zero; zero for none.
    pub minimum: i32,
    /// The same upwards.
    pub maximum: i32,
    /// Counts that it tells of.
    pub thresholds: [i32; 2],
    /// It counts.
    pub runs: bool,
    /// The count, of sixteen bits.
    pub count: i32,
    /// The same, past all limits.
    pub total: i64,
    /// What it tells.
    pub trigger: u8,
    /// What it has told and nobody has asked for.
    pub flags: u8,
    /// Where the machine keeps the handler and its argument, plus one; zero for none.
    pub slot: usize,
}

/// All units.
#[derive(Clone, Debug, Default)]
pub struct Counters {
    /// By number.
    pub units: [Unit; UNITS],
}

impl Counters {
    /// Whether any of them counts.
    pub fn run(&self) -> bool {
        self.units.iter().any(|u| u.runs)
    }
}

impl Unit {
    /// Starts again from zero.
    pub fn clear(&mut self) {
        (self.count, self.total) = (0, 0);
    }

    /// Counts one up or down; what there is to tell.
    fn step(&mut self, by: i32) -> u8 {
        self.total += i64::from(by);
        self.count = i32::from((self.count + by) as i16);
        if self.maximum != 0 && self.count >= self.maximum {
            self.count = 0;
            return MAXIMUM & self.trigger;
        }
        if self.minimum != 0 && self.count <= self.minimum {
            self.count = 0;
            return MINIMUM & self.trigger;
        }
        let mut told = 0;
        for (threshold, bit) in self.thresholds.into_iter().zip([THRESHOLD0, THRESHOLD1]) {
            if self.count == threshold {
                told |= bit;
            }
        }
        if self.count == 0 {
            told |= ZERO;
        }
        told & self.trigger
    }
}

/// What a channel does at an edge while its second pin has a level.
fn effect(channel: &Channel, rising: bool, mode_level: bool) -> i32 {
    let by = match if rising { channel.rising } else { channel.falling } {
        Action::Ignore => 0,
        Action::Increment => 1,
        Action::Decrement => -1,
    };
    match if mode_level { channel.mode_high } else { channel.mode_low } {
        Mode::Normal => by,
        Mode::Reverse => -by,
        Mode::Hold => 0,
    }
}

/// A pin's level has changed.
pub(super) fn edge(vm: &mut Vm, gpio: usize, rising: bool) {
    for n in 0..UNITS {
        let unit = Chip::of(vm).counters.units[n];
        if !unit.runs {
            continue;
        }
        for channel in unit.channels.iter().filter(|c| c.pin == Some(gpio)) {
            let pins = &Chip::of(vm).pins;
            let level = channel.mode_pin.is_none_or(|p| pins[p].level());
            let by = effect(channel, rising, level);
            if by == 0 {
                continue;
            }
            let unit = &mut Chip::of(vm).counters.units[n];
            let told = unit.step(by);
            unit.flags |= told;
            let slot = unit.slot;
            if told != 0 && slot != 0 {
                let (handler, argument) = (vm.pinned(slot - 1), vm.pinned(slot));
                if handler != Value::NONE {
                    vm.schedule(handler, argument);
                }
            }
        }
    }
}

/// Pulses at most that are taken at once.
const PULSES_MAX: u32 = 1_000_000;

/// A pin goes high and low again, so often.
pub(super) fn pulses(vm: &mut Vm, gpio: usize, count: u32) {
    for _ in 0..count.min(PULSES_MAX) {
        edge(vm, gpio, true);
        edge(vm, gpio, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_starts_again_at_its_limits_and_wraps_without() {
        let mut unit = Unit { maximum: 3, minimum: -2, trigger: 0x7c, ..Unit::default() };
        assert_eq!([1, 1, 1].map(|by| unit.step(by)), [0, 0, MAXIMUM]);
        assert_eq!([-1, -1].map(|by| unit.step(by)), [0, MINIMUM]);
        assert_eq!((unit.count, unit.total), (0, 1));
        let mut unit = Unit { count: 32767, ..Unit::default() };
        unit.step(1);
        assert_eq!(unit.count, -32768);
    }
}
