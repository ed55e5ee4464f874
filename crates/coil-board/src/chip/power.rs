//! Sleep, what ends it, holding pins through it, and the watchdog.

use super::{Chip, GPIO_COUNT, Leave, ResetCause};
use crate::outside::Event;
use coil_vm::{Raised, Vm};
use serde::{Deserialize, Serialize};

/// What `machine.wake_reason()` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WakeReason {
    /// It did not sleep.
    #[default]
    None,
    /// The one pin of `esp32.wake_on_ext0`, or of `Pin.irq(wake=)`.
    Ext0,
    /// One of several pins.
    Ext1,
    /// Its time was over.
    Timer,
    /// A touch.
    Touch,
    /// A pin of `esp32.wake_on_gpio`.
    Gpio,
}

impl WakeReason {
    /// The ESP-IDF's number for it.
    pub const fn code(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Ext0 => 2,
            Self::Ext1 => 3,
            Self::Timer => 4,
            Self::Touch => 5,
            Self::Gpio => 7,
        }
    }
}

/// Bit of the light sleep and of the deep sleep in [`Power::ext0_kinds`].
pub const LIGHT: i64 = 2;
/// See [`LIGHT`].
pub const DEEP: i64 = 4;

/// The pins that are in the part of the chip that stays on in deep sleep.
pub const fn is_rtc(gpio: usize) -> bool {
    matches!(gpio, 0 | 2 | 4 | 12..=15 | 25..=27 | 32..=39)
}

/// The task watchdog, once a program has started it: it cannot be stopped again but by a reset.
#[derive(Clone, Copy, Debug)]
pub struct Watchdog {
    /// It bites when it was not fed for so long.
    pub timeout_us: u64,
    /// When it was fed last.
    pub fed_us: u64,
}

/// What programs have set up of sleeping.
#[derive(Clone, Debug, Default)]
pub struct Power {
    /// The pin that wakes, if one was chosen.
    pub ext0_pin: Option<usize>,
    /// It wakes at this level.
    pub ext0_level: bool,
    /// From which sleeps: [`LIGHT`], [`DEEP`] or both.
    pub ext0_kinds: i64,
    /// Bits of the pins that wake together.
    pub ext1_pins: u64,
    /// Any of them high wakes; all of them low otherwise.
    pub ext1_any_high: bool,
    /// Bits of the pins that wake from light sleep.
    pub gpio_pins: u64,
    /// The level at which they do.
    pub gpio_level: bool,
    /// Touches wake.
    pub on_touch: bool,
    /// The small processor may wake. It does not run here, so it never does.
    pub on_ulp: bool,
    /// Pins that are not [`is_rtc`] are held through deep sleep as well.
    pub deep_hold: bool,
    /// The chip sleeps: nothing interrupts.
    pub asleep: bool,
    /// Why it woke last.
    pub reason: WakeReason,
    /// Bits of the pins that woke it, if [`WakeReason::Ext1`].
    pub woken_by: u64,
    /// The watchdog.
    pub watchdog: Option<Watchdog>,
    /// When the deep sleep that was asked for ends by itself.
    pub until_us: Option<u64>,
    /// The program has rested since it was looked after last.
    pub(super) rested: bool,
}

impl Power {
    /// What a reset leaves.
    pub(super) fn reset(&mut self, cause: ResetCause) {
        let woken = cause == ResetCause::DeepSleep;
        *self = Self {
            // The part that stays on keeps it until the power goes.
            deep_hold: self.deep_hold && cause != ResetCause::PowerOn,
            reason: if woken { self.reason } else { WakeReason::None },
            woken_by: if woken { self.woken_by } else { 0 },
            ..Self::default()
        };
    }
}

/// Feeds or starts the watchdog.
pub(crate) fn feed(vm: &mut Vm, timeout_us: Option<u64>) {
    let fed_us = vm.port.now_us();
    let watchdog = &mut Chip::of(vm).power.watchdog;
    if let Some(timeout_us) = timeout_us.or(watchdog.map(|w| w.timeout_us)) {
        *watchdog = Some(Watchdog { timeout_us, fed_us });
    }
}

/// When the watchdog bites.
pub(super) fn bite_us(chip: &Chip) -> Option<u64> {
    chip.power.watchdog.map(|w| w.fed_us.saturating_add(w.timeout_us))
}

/// Lets the watchdog bite if it is time.
pub(super) fn watch(vm: &mut Vm, now: u64) {
    let chip = Chip::of(vm);
    let rested = core::mem::take(&mut chip.power.rested);
    if bite_us(chip).is_none_or(|t| now < t) {
        return;
    }
    let task = if rested { "IDLE1" } else { "mp_task" };
    chip.power.watchdog = None;
    super::panic::watchdog(vm, task);
}

/// What wakes the sleeping chip now, if anything does.
fn wakes(vm: &mut Vm, until_us: Option<u64>, kind: i64) -> Option<WakeReason> {
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    let power = &chip.power;
    let level = |gpio: usize| chip.pins[gpio].level();
    let bits = |set: u64| (0..GPIO_COUNT).filter(move |gpio| set >> gpio & 1 != 0);
    if let Some(gpio) = power.ext0_pin
        && power.ext0_kinds & kind != 0
        && level(gpio) == power.ext0_level
    {
        return Some(WakeReason::Ext0);
    }
    let high = bits(power.ext1_pins).filter(|&g| level(g)).fold(0, |all, g| all | 1 << g);
    let all_low = power.ext1_pins != 0 && high == 0;
    if if power.ext1_any_high { high != 0 } else { all_low } {
        let by = if power.ext1_any_high { high } else { power.ext1_pins };
        chip.power.woken_by = by;
        return Some(WakeReason::Ext1);
    }
    if kind == LIGHT && bits(power.gpio_pins).any(|g| level(g) == power.gpio_level) {
        return Some(WakeReason::Gpio);
    }
    if power.on_touch && chip.analog.is_touched() {
        return Some(WakeReason::Touch);
    }
    until_us.is_some_and(|t| now >= t).then_some(WakeReason::Timer)
}

/// Rests until something wakes the chip; false if it was reset or lost its power meanwhile.
fn rest(vm: &mut Vm, until_us: Option<u64>, kind: i64) -> bool {
    let deep = kind == DEEP;
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    chip.power.asleep = true;
    chip.power.reason = WakeReason::None;
    chip.power.woken_by = 0;
    chip.emit(now, Event::Sleep { deep });
    let reason = loop {
        super::take_stimuli(vm);
        if Chip::of(vm).leave.is_some() {
            break WakeReason::None;
        }
        if let Some(reason) = wakes(vm, until_us, kind) {
            break reason;
        }
        let outside = Chip::of(vm).wires.next_ns().map(|ns| ns.div_ceil(1000));
        vm.port.wait(until_us.into_iter().chain(outside).min());
        // A steady moment of virtual time is no reason to go round for ever.
        vm.port.poll(0);
    };
    // Nobody has listened, but for what the loader is called by.
    while Chip::of(vm).leave != Some(Leave::Loader) && vm.port.read().is_some() {}
    vm.port.take_interrupt();
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    chip.power.asleep = false;
    chip.power.reason = reason;
    if reason != WakeReason::None {
        chip.emit(now, Event::Wake(reason));
    }
    reason != WakeReason::None
}

/// Light sleep: everything stands still, and goes on where it was.
///
/// # Errors
/// If the chip is reset, or a thread that only rests is interrupted.
pub(crate) fn light_sleep(vm: &mut Vm, until_us: Option<u64>) -> Result<(), Raised> {
    let before = vm.port.now_us();
    if !vm.on_main_thread() {
        // The others go on.
        Chip::of(vm).power.reason = WakeReason::Timer;
        return vm.wait_until(until_us, |vm| match wakes(vm, None, LIGHT) {
            Some(reason) => {
                Chip::of(vm).power.reason = reason;
                Ok(true)
            }
            None => Ok(false),
        });
    }
    Chip::of(vm).radio.set_asleep(true);
    rest(vm, until_us, LIGHT);
    Chip::of(vm).radio.set_asleep(false);
    let slept = vm.port.now_us() - before;
    let chip = Chip::of(vm);
    // The clock of the hardware's timers and of the watchdog was off.
    if let Some(w) = &mut chip.power.watchdog {
        w.fed_us += slept;
    }
    for timer in &mut chip.timers[..super::HARDWARE_TIMERS] {
        timer.started_us += slept;
        timer.next_us = timer.next_us.map(|t| t + slept);
    }
    vm.check_abort()
}

/// Deep sleep, with no program left; why the chip starts anew, or nothing if the power went.
pub(crate) fn deep_sleep(vm: &mut Vm) -> Leave {
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    chip.radio.reset();
    chip.power.watchdog = None;
    let until_us = chip.power.until_us.take();
    let wakers = chip.power.ext0_pin.map_or(0, |g| 1 << g) | chip.power.ext1_pins;
    for gpio in 0..GPIO_COUNT {
        let pin = &mut chip.pins[gpio];
        let before = pin.level();
        if pin.frozen.is_some() && (is_rtc(gpio) || chip.power.deep_hold) {
            continue;
        }
        let driven = pin.output && pin.frozen.is_none_or(|f| f.output);
        pin.frozen = None;
        pin.output = false;
        pin.claimed = false;
        if wakers >> gpio & 1 == 0 {
            (pin.pull_up, pin.pull_down) = (false, false);
        }
        let level = pin.level();
        if driven && before != level {
            chip.emit(now, Event::Pin { gpio: gpio as u8, level });
        }
        chip.tell_pad(now, gpio);
    }
    if rest(vm, until_us, DEEP) {
        return Leave::Reset(ResetCause::DeepSleep);
    }
    Chip::of(vm).leave.take().unwrap_or(Leave::PowerOff)
}
