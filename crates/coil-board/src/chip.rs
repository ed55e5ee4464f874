//! The chip's state that outlives the interpreter: pins, clocks, reset cause, flash. A peripheral's is
//! in its file below `chip/`.

pub mod analog;
pub(crate) mod auto_reset;
pub mod counters;
pub mod esp_now;
pub mod i2s;
pub mod ledc;
pub(crate) mod log;
pub mod memory;
pub(crate) mod open_sockets;
mod panic;
mod ports;
pub mod power;
mod registers;
pub mod rmt;
pub mod sensors;
mod stimuli;
mod told;
pub mod uart;
pub mod wifi;
pub(crate) mod wifi_log;
pub(crate) mod wiring;

pub use ports::{I2cPort, SpiPort};
pub(crate) use stimuli::take_stimuli;
pub(crate) use told::witness;

use crate::dupterm;
use crate::idf_heap::IdfHeap;
use crate::modules::socket_callback::{self, SocketCallbacks};
use crate::outside::{Event, Flash, Kind, Kinds, Radio, Tls, Wires};
use crate::profile::{Device, Profile};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use coil_vm::{Raised, Value, Vm};
use serde::{Deserialize, Serialize};

/// How many GPIO numbers there are.
pub const GPIO_COUNT: usize = 40;

/// Bytes of the memory that only loses its content with the power.
pub const RTC_MEMORY: usize = 2048;

/// Why the chip left reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetCause {
    /// Power, or the EN button.
    PowerOn,
    /// The voltage fell so far that the chip restarted itself.
    BrownOut,
    /// `machine.reset()`
    Software,
    /// A watchdog bit.
    Watchdog,
    /// The firmware crashed.
    Panic,
    /// The ROM could not start the firmware, and its watchdog bit.
    RtcWatchdog,
    /// Deep sleep ended.
    DeepSleep,
}

impl ResetCause {
    /// What `machine.reset_cause()` says.
    pub const fn code(self) -> i64 {
        match self {
            Self::PowerOn | Self::BrownOut => 1,
            Self::Software | Self::Panic => 2,
            Self::Watchdog | Self::RtcWatchdog => 3,
            Self::DeepSleep => 4,
        }
    }

    /// What it says where it only knows what the ROM saw.
    pub const fn rom_code(self) -> i64 {
        match self {
            Self::PowerOn => 1,
            Self::BrownOut | Self::RtcWatchdog => 3,
            Self::Software | Self::Panic | Self::Watchdog => 5,
            Self::DeepSleep => 4,
        }
    }

    /// What the ROM prints.
    pub const fn rom_text(self) -> &'static str {
        match self {
            Self::PowerOn => "0x1 (POWERON_RESET)",
            // These watchdogs and the brown-out detector are software: they end in a restart.
            Self::Software | Self::Panic | Self::Watchdog | Self::BrownOut => "0xc (SW_CPU_RESET)",
            Self::RtcWatchdog => "0x10 (RTCWDT_RTC_RESET)",
            Self::DeepSleep => "0x5 (DEEPSLEEP_RESET)",
        }
    }
}

/// Why the interpreter was left without an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The chip resets.
    Reset(ResetCause),
    /// The same, and the ROM's loader is to answer a request that it has heard.
    Loader,
    /// Deep sleep, after which it resets.
    DeepSleep,
    /// The power is gone.
    PowerOff,
}

/// How a pin drives and pulls its wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pad {
    /// The board drives it.
    pub output: bool,
    /// Only low is driven; high lets go.
    pub open_drain: bool,
    /// The level that the board drives.
    pub latch: bool,
    /// Pull-up resistor.
    pub pull_up: bool,
    /// Pull-down resistor.
    pub pull_down: bool,
}

/// Direction and pulls of a pin, and who drives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinState {
    /// The board drives it.
    pub output: bool,
    /// Only low is driven; high lets go.
    pub open_drain: bool,
    /// The level that the board drives.
    pub latch: bool,
    /// Pull-up resistor.
    pub pull_up: bool,
    /// Pull-down resistor.
    pub pull_down: bool,
    /// How the wire stays, whatever is set, while the pin is held.
    pub frozen: Option<Pad>,
    /// How strong it drives, from 0 to 3.
    pub strength: u8,
    /// The level that something outside holds it at.
    pub outside: Option<bool>,
    /// Microvolts that something outside puts on it.
    pub microvolts: u32,
    /// What interrupts: 1 a rising edge, 2 a falling one, 3 both, 4 a low level, 5 a high one.
    pub irq_kind: u8,
    /// Where the machine keeps the handler and the Pin object, plus one; zero for none.
    pub irq_slot: usize,
    /// A peripheral drives it instead of the latch.
    pub claimed: bool,
    /// A UART drives it.
    pub uart_drives: bool,
    /// The level that other pins give it over a jumper wire.
    pub wired: Option<bool>,
    /// When something outside changed its level last, in nanoseconds since power on.
    pub changed_ns: u64,
    /// What the wires were told of how it drives and pulls.
    told: Pad,
}

impl Default for PinState {
    fn default() -> Self {
        Self {
            output: false,
            open_drain: false,
            latch: false,
            pull_up: false,
            pull_down: false,
            frozen: None,
            strength: 2,
            outside: None,
            microvolts: 0,
            irq_kind: 0,
            irq_slot: 0,
            claimed: false,
            uart_drives: false,
            wired: None,
            changed_ns: 0,
            told: Pad::default(),
        }
    }
}

impl PinState {
    /// How it is set to drive and pull.
    pub fn pad(&self) -> Pad {
        let Self { output, open_drain, latch, pull_up, pull_down, .. } = *self;
        Pad { output, open_drain, latch, pull_up, pull_down }
    }

    /// The level on the wire.
    pub fn level(&self) -> bool {
        let pad = self.frozen.unwrap_or_else(|| self.pad());
        if pad.output && !(pad.open_drain && pad.latch) {
            return pad.latch;
        }
        self.outside.or(self.wired).unwrap_or(pad.pull_up && !pad.pull_down)
    }

    /// Whether the board drives the wire.
    pub fn drives(&self) -> bool {
        self.frozen.map_or(self.output, |pad| pad.output)
    }

    /// Whether its level interrupts now.
    fn level_interrupts(&self) -> bool {
        self.irq_slot != 0
            && match self.irq_kind {
                4 => !self.level(),
                5 => self.level(),
                _ => false,
            }
    }
}

/// Hardware timers of the chip; virtual ones follow them.
pub const HARDWARE_TIMERS: usize = 4;

/// A timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimerState {
    /// When it fires next; `None` while it is off.
    pub next_us: Option<u64>,
    /// Microseconds until it fires, and between firings.
    pub period_us: u64,
    /// It goes on after it has fired.
    pub repeats: bool,
    /// When it was started or fired last.
    pub started_us: u64,
    /// When it was stopped.
    pub stopped_us: u64,
    /// Where the machine keeps the callback and the Timer object, plus one.
    pub slot: usize,
}

impl TimerState {
    /// Stops it; it keeps what it has counted.
    pub fn stop(&mut self, now_us: u64) {
        if self.next_us.take().is_some() {
            self.stopped_us = now_us;
        }
    }
}

/// The chip and what it is soldered to.
pub struct Chip {
    /// The firmware that runs on it.
    pub profile: Rc<Profile>,
    /// The board it is on.
    pub device: Rc<Device>,
    /// Its pins.
    pub pins: [PinState; GPIO_COUNT],
    /// Bits of the pins whose level interrupts.
    pub level_irqs: u64,
    /// Its timers, the hardware ones first.
    pub timers: Vec<TimerState>,
    /// Its UARTs.
    pub uarts: [uart::Uart; uart::UARTS],
    /// Its I2C controllers.
    pub i2cs: [I2cPort; 2],
    /// Its SPI controllers.
    pub spis: [SpiPort; 2],
    /// Its I2S controllers.
    pub i2ss: [i2s::I2s; i2s::I2SS],
    /// Wires between its pins.
    pub jumpers: Vec<(u8, u8)>,
    /// Sleep and watchdog.
    pub power: power::Power,
    /// What makes pulses of any width.
    pub ledc: ledc::Ledc,
    /// Converters, touch pads and the thermometer inside.
    pub analog: analog::Analog,
    /// What counts edges.
    pub counters: counters::Counters,
    /// What sends pulses of exact lengths.
    pub rmt: rmt::Rmt,
    /// Sensors with protocols of their own, which stimuli put on pins.
    pub sensors: sensors::Sensors,
    /// Its flash.
    pub flash: Rc<core::cell::RefCell<Box<dyn Flash>>>,
    /// The application on it that runs.
    pub running: Option<crate::flash::Partition>,
    /// What is around it.
    pub wires: Box<dyn Wires>,
    /// The kinds of events that someone there cares for, as far as is known.
    pub watched: Kinds,
    /// Bits of the pins that something is wired to, as far as is known.
    pub wired: u64,
    /// Its radio.
    pub radio: Box<dyn Radio>,
    /// Its TLS library.
    pub tls: Box<dyn Tls>,
    /// What programs have set up of the WiFi driver.
    pub wifi: wifi::Wifi,
    /// Messages without a network.
    pub esp_now: esp_now::EspNow,
    /// What is called when a socket can be read.
    pub(crate) socket_callbacks: SocketCallbacks,
    /// The password of WebREPL.
    pub webrepl_password: Vec<u8>,
    /// What is written of the ESP-IDF's log.
    pub log: log::Log,
    /// The sockets that are open.
    pub(crate) open_sockets: open_sockets::OpenSockets,
    /// The memory of WiFi and TLS, beside the Python heap.
    pub idf_heap: IdfHeap,
    /// Its factory address.
    pub mac: [u8; 6],
    /// Why it left reset last.
    pub cause: ResetCause,
    /// The levels of its strapping pins when it last read them, GPIO 5, 15, 4, 2, 0 and 12 from the
    /// lowest bit on.
    pub straps: u8,
    /// Its reset button is down, and so is its EN: it does nothing.
    pub held: bool,
    /// What the lines of its serial port do to it.
    pub(crate) auto_reset: auto_reset::AutoReset,
    /// The last client of its serial port has closed it since the loader listens.
    pub hung_up: bool,
    /// Bits in a second at which somebody speaks to the loader, as the chip measures it.
    pub line_baud: u32,
    /// Microseconds between the epoch (2000-01-01) and power on: the real-time clock.
    pub rtc_offset_us: i64,
    /// Microseconds between power on and the moment it left reset last.
    pub booted_us: u64,
    /// Memory that only loses its content with the power.
    pub rtc_memory: Vec<u8>,
    /// How much of it `RTC.memory` has written.
    pub rtc_memory_len: usize,
    /// The rest of the memory that it is in, where programs of the small processor are.
    pub rtc_slow: memory::RtcSlow,
    /// CPU frequency in Hz.
    pub freq: u32,
    /// The interpreter was restarted since the chip left reset.
    pub soft_reset: bool,
    /// How often interrupts were held back and not let through again.
    pub irqs_off: u32,
    /// Since when they are held back.
    pub irqs_off_us: Option<u64>,
    /// Stack size that programs have set for threads; zero is the default.
    pub thread_stack: u32,
    /// The interpreter is to be left.
    pub leave: Option<Leave>,
    /// Files to put on a flash that is new.
    pub files: Vec<(alloc::string::String, Vec<u8>)>,
}

impl core::fmt::Debug for Chip {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Chip")
            .field("device", &self.device.name)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

impl Chip {
    /// The chip of the machine that runs.
    pub fn of(vm: &mut Vm) -> &mut Self {
        vm.try_state::<Self>()
            .expect("the board put its chip in place before it started the machine")
    }

    /// What a hard reset does to the peripherals.
    pub fn reset(&mut self, cause: ResetCause) {
        self.cause = cause;
        self.leave = None;
        self.soft_reset = false;
        self.irqs_off = 0;
        self.irqs_off_us = None;
        self.thread_stack = 0;
        self.freq = self.profile.switches.mhz * 1_000_000;
        self.level_irqs = 0;
        self.reset_timers();
        self.uarts = Default::default();
        self.i2cs = Default::default();
        self.spis = Default::default();
        self.i2ss = Default::default();
        self.wifi = wifi::Wifi::new(self.mac, self.profile.switches.wlan);
        self.esp_now = esp_now::EspNow::default();
        self.socket_callbacks.forget();
        self.open_sockets.clear();
        self.webrepl_password.clear();
        self.log = log::Log::new(self.profile.switches.log_level);
        self.radio.reset();
        self.radio.set_hostname(&self.wifi.hostname);
        self.idf_heap.clear();
        let off = cause == ResetCause::PowerOn;
        for p in &mut self.pins {
            *p = PinState {
                outside: p.outside,
                microvolts: p.microvolts,
                // Only the power takes a hold away.
                frozen: p.frozen.filter(|_| !off),
                changed_ns: p.changed_ns,
                told: p.told,
                ..PinState::default()
            };
        }
        wiring::refresh_all(self);
        self.power.reset(cause);
        self.ledc = ledc::Ledc::default();
        self.analog.reset();
        self.counters = counters::Counters::default();
        self.rmt = rmt::Rmt::default();
        if cause == ResetCause::PowerOn {
            self.rtc_memory.fill(0);
            self.rtc_memory_len = 0;
            self.rtc_slow = memory::RtcSlow::default();
        }
    }

    /// Whether its EN is low.
    pub(crate) fn is_held(&self) -> bool {
        self.held || self.auto_reset.holds()
    }

    /// Stops all timers; virtual ones are gone.
    pub fn reset_timers(&mut self) {
        self.timers = alloc::vec![TimerState::default(); HARDWARE_TIMERS];
    }

    /// Tells the wires how a pin drives and pulls, if that is not what they know.
    pub(crate) fn tell_pad(&mut self, now_us: u64, gpio: usize) {
        let pin = &mut self.pins[gpio];
        let pad = pin.frozen.unwrap_or_else(|| pin.pad());
        if pad != pin.told {
            pin.told = pad;
            self.wires.pad(now_us * 1000, gpio as u8, pad);
        }
    }

    /// Tells the wires of all pins that drive or pull in another way.
    pub(crate) fn tell_pads(&mut self, now_us: u64) {
        for gpio in 0..GPIO_COUNT {
            self.tell_pad(now_us, gpio);
        }
    }

    /// What a program reads from a pin: its level, or anything if nothing holds it.
    pub(crate) fn read(&mut self, now_us: u64, gpio: usize) -> bool {
        let pin = &self.pins[gpio];
        let pad = pin.frozen.unwrap_or_else(|| pin.pad());
        let is_held = pad.pull_up || pad.pull_down || pad.output && !(pad.open_drain && pad.latch);
        if !is_held
            && pin.outside.or(pin.wired).is_none()
            && let Some(level) = self.wires.noise(now_us * 1000, gpio as u8)
        {
            return level;
        }
        self.pins[gpio].level()
    }

    /// The voltage on a pin now, in microvolts.
    pub(crate) fn microvolts(&mut self, now_us: u64, gpio: usize) -> u32 {
        let stimulus = self.pins[gpio].microvolts;
        self.wires.microvolts(now_us * 1000, gpio as u8).unwrap_or(stimulus)
    }

    /// Asks who watches, and what is wired to the pins.
    pub fn look_around(&mut self) {
        self.watched = self.wires.watches();
        self.wired = self.wires.wired();
    }

    /// Whether someone cares for events of this kind: what costs more than a few fields is not made
    /// otherwise.
    pub const fn is_watched(&self, kind: Kind) -> bool {
        self.watched.has(kind)
    }

    /// Tells an event, if someone cares for it.
    pub fn emit(&mut self, now_us: u64, event: Event) {
        self.emit_at(now_us * 1000, event);
    }

    /// The same, at a moment in nanoseconds since power on.
    pub fn emit_at(&mut self, at_ns: u64, event: Event) {
        if self.is_watched(event.kind()) {
            self.wires.emit(at_ns, event);
        }
    }
}

/// Sets the level that the board drives on a pin.
pub fn drive(vm: &mut Vm, gpio: usize, level: bool) {
    let chip = Chip::of(vm);
    let pin = &mut chip.pins[gpio];
    let before = pin.level();
    pin.latch = level;
    let after = pin.level();
    let (changed, has_irq) = (pin.output && !pin.claimed && before != after, pin.irq_kind != 0);
    let is_counted = chip.counters.run();
    let is_joined = !chip.jumpers.is_empty() || chip.wired >> gpio & 1 != 0;
    if changed {
        // The clock costs more than all the rest.
        if chip.is_watched(Kind::Pin) {
            let now = vm.port.now_us();
            Chip::of(vm).emit(now, Event::Pin { gpio: gpio as u8, level: after });
        }
        if has_irq || is_counted {
            edge(vm, gpio, before, after);
        }
    }
    if is_joined {
        wiring::settle(vm, gpio);
    }
}

/// Interrupts and counts for a pin whose level changed.
pub(crate) fn edge(vm: &mut Vm, gpio: usize, before: bool, after: bool) {
    if before == after {
        return;
    }
    counters::edge(vm, gpio, after);
    let chip = Chip::of(vm);
    let pin = chip.pins[gpio];
    let which = if after { 1 } else { 2 };
    if pin.irq_kind & 4 == 0 && pin.irq_kind & which != 0 && !chip.power.asleep {
        interrupt(vm, gpio);
    }
}

/// Asks for the handler of a pin.
fn interrupt(vm: &mut Vm, gpio: usize) {
    let slot = Chip::of(vm).pins[gpio].irq_slot;
    if slot != 0 {
        let (handler, object) = (vm.pinned(slot - 1), vm.pinned(slot));
        if handler != Value::NONE {
            vm.schedule(handler, object);
        }
    }
}

/// Called at every poll of the machine: takes what was done from outside, fires timers.
pub fn poll(vm: &mut Vm) -> Result<(), Raised> {
    take_stimuli(vm);
    Chip::of(vm).radio.poll();
    wifi_log::advance(vm);
    esp_now::advance(vm);
    socket_callback::attend(vm);
    uart::advance(vm);
    i2s::advance(vm);
    let now = vm.port.now_us();
    power::watch(vm, now);
    panic::watch_interrupts(vm, now);
    // Most boards have none of these.
    let mut levels = Chip::of(vm).level_irqs;
    while levels != 0 {
        let gpio = levels.trailing_zeros() as usize;
        levels &= levels - 1;
        if Chip::of(vm).pins[gpio].level_interrupts() {
            interrupt(vm, gpio);
        }
    }
    // To look for the chip costs more than to look at its timers.
    if Chip::of(vm).timers.iter().any(|timer| timer.next_us.is_some_and(|t| t <= now)) {
        fire_timers(vm, now);
    }
    if vm.aborting { Err(Raised) } else { Ok(()) }
}

/// Calls what the timers that are due call.
fn fire_timers(vm: &mut Vm, now: u64) {
    for i in 0..Chip::of(vm).timers.len() {
        let timer = &mut Chip::of(vm).timers[i];
        if timer.next_us.is_some_and(|t| t <= now) {
            if timer.repeats {
                // A late timer fires once, as the chip's does.
                let next = timer.next_us.unwrap_or(now) + timer.period_us;
                timer.next_us = Some(if next > now { next } else { now + timer.period_us });
                timer.started_us = now;
            } else {
                timer.stop(now);
                if i < HARDWARE_TIMERS {
                    // It counts on.
                    timer.stopped_us = 0;
                }
            }
            let slot = timer.slot;
            if slot != 0 {
                let (f, object) = (vm.pinned(slot - 1), vm.pinned(slot));
                if f != Value::NONE {
                    vm.schedule(f, object);
                }
            }
        }
    }
}

/// A resting board looks so often at a level that interrupts, in microseconds.
const LEVEL_US: u64 = 1000;

/// When the next timer fires, the radio is due or the watchdog bites.
pub fn deadline(vm: &mut Vm) -> Option<u64> {
    // A level that interrupts does so as long as it lasts.
    let now = vm.port.now_us();
    let terminal = dupterm::deadline(vm, now);
    let chip = Chip::of(vm);
    let buses = uart::deadline(chip).into_iter().chain(i2s::deadline(chip)).min();
    chip.power.rested = true;
    let level = (chip.level_irqs != 0 && chip.pins.iter().any(PinState::level_interrupts))
        .then_some(now + LEVEL_US);
    let timers = chip.timers.iter().filter_map(|t| t.next_us);
    let outside = chip.wires.next_ns().map(|ns| ns.div_ceil(1000));
    let timers = timers.chain(outside);
    let others = chip.radio.next_deadline().into_iter().chain(power::bite_us(chip));
    let others = others.chain(panic::interrupts_due_us(chip)).chain(chip.esp_now.deadline());
    timers.chain(others).chain(buses).chain(level).chain(terminal).min()
}

/// Milliseconds since the chip left reset, as its log has them.
pub(crate) fn up_ms(vm: &mut Vm) -> u64 {
    let now = vm.port.now_us();
    now.saturating_sub(Chip::of(vm).booted_us) / 1000
}

/// Leaves the interpreter, past all handlers of the program.
pub fn leave(vm: &mut Vm, how: Leave) {
    Chip::of(vm).leave = Some(how);
    vm.abort();
}

/// Holds interrupts and other threads back, or lets them through as soon as nobody else holds them.
pub fn lock_irqs(vm: &mut Vm, off: bool) {
    let depth = &mut Chip::of(vm).irqs_off;
    let was = *depth > 0;
    *depth = if off { depth.saturating_add(1) } else { depth.saturating_sub(1) };
    let is = *depth > 0;
    if was != is {
        let now = vm.port.now_us();
        Chip::of(vm).irqs_off_us = is.then_some(now);
        vm.lock_scheduler(is);
        vm.hold_turn(is);
    }
}
