//! The board's side: what its pins drive, and the waves that its peripherals make.

use super::{Circuit, Due};
use crate::part::{Source, Square};
use alloc::vec::Vec;
use coil_board::outside::event::OneWire;
use coil_board::outside::{Event, Kind, Kinds, Pad, Stimulus};

/// What of the board's events matters to a circuit.
pub(super) const WATCHES: Kinds = Kinds::of(Kind::Reset)
    .or(Kinds::of(Kind::SoftReset))
    .or(Kinds::of(Kind::Pwm))
    .or(Kinds::of(Kind::Dac))
    .or(Kinds::of(Kind::Bits))
    .or(Kinds::of(Kind::Pulses))
    .or(Kinds::of(Kind::I2c))
    .or(Kinds::of(Kind::Spi))
    .or(Kinds::of(Kind::Dht))
    .or(Kinds::of(Kind::OneWire));
/// What of them lasts: it is remembered for parts that are wired to the board later.
pub(super) const LASTS: Kinds = Kinds::of(Kind::Reset)
    .or(Kinds::of(Kind::SoftReset))
    .or(Kinds::of(Kind::Pwm))
    .or(Kinds::of(Kind::Dac))
    .or(Kinds::of(Kind::Pulses));

/// A wave of the PWM.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wave {
    since_ns: u64,
    pub(super) square: Square,
    /// Its edges are followed one by one.
    pub(super) is_followed: bool,
}

impl Wave {
    fn level_at(&self, ns: u64) -> bool {
        let Square { period_ns, high_ns } = self.square;
        ns.saturating_sub(self.since_ns) % period_ns < high_ns
    }

    /// The next edge after a moment.
    fn edge_after(&self, ns: u64) -> u64 {
        let Square { period_ns, high_ns } = self.square;
        let phase = ns.saturating_sub(self.since_ns) % period_ns;
        ns + if phase < high_ns { high_ns } else { period_ns } - phase
    }
}

/// A pin of the board.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PadState {
    pub(super) node: Option<usize>,
    pub(super) pad: Pad,
    pub(super) wave: Option<Wave>,
    /// The level that the board knows something outside holds it at.
    pub(super) told: Option<bool>,
    /// What the converter puts out.
    pub(super) dac: Option<f64>,
    /// Tells what is due for this wave from what was due for earlier ones.
    round: u32,
}

/// The resistance of an output, and of the resistors inside.
const OUTPUT_OHMS: f64 = 30.0;
const PULL_OHMS: f64 = 45_000.0;
/// Full scale of the converter.
const DAC_VOLTS: f64 = 3.3;
/// A wave with shorter rounds is not followed: every edge costs the host time, whoever else it runs boards for.
const FOLLOWED_NS: u64 = 10_000;
/// Pulses that are followed of one call at most.
const PULSES_MAX: usize = 20_000;

/// All pins, on their nodes.
pub(super) fn all(nodes: &[super::Node]) -> Vec<PadState> {
    let mut pads = alloc::vec![PadState::default(); coil_board::chip::GPIO_COUNT];
    for (n, node) in nodes.iter().enumerate() {
        for &gpio in &node.gpios {
            pads[usize::from(gpio)].node = Some(n);
        }
    }
    pads
}

impl PadState {
    /// It drives both ways.
    pub(super) fn drives(&self) -> bool {
        self.pad.output && !self.pad.open_drain
    }

    /// What it puts on its wire, with its output at this level.
    pub(super) fn sources(&self, level: bool) -> [Option<Source>; 2] {
        let pad = &self.pad;
        let driven = pad.output && !(pad.open_drain && level);
        let output = driven.then(|| Source { ohms: OUTPUT_OHMS, ..Source::output(level) });
        let dac = self.dac.map(|volts| Source { volts, ohms: OUTPUT_OHMS });
        let pull = (pad.pull_up || pad.pull_down).then(|| Source::pull(pad.pull_up, PULL_OHMS));
        [output.or(dac), pull]
    }

    /// The level of its output at a moment.
    pub(super) fn level_at(&self, ns: u64) -> bool {
        self.wave.map_or(self.pad.latch, |w| w.level_at(ns))
    }
}

impl Circuit {
    /// The board drives or pulls a pin in another way.
    pub(super) fn set_pad(&mut self, at_ns: u64, gpio: u8, pad: Pad) {
        let state = &mut self.pads[usize::from(gpio)];
        state.pad = pad;
        if !pad.output {
            state.wave = None;
        }
        let Some(node) = state.node else { return };
        self.advance(at_ns);
        self.follow_waves(node);
        self.touch(node);
        self.settle();
    }

    /// Something happened on the board.
    pub(super) fn happened(&mut self, at_ns: u64, event: &Event) {
        match event {
            Event::Pwm { gpio, freq, duty_u16 } => self.set_wave(at_ns, *gpio, *freq, *duty_u16),
            Event::Dac { gpio, value } => {
                self.advance(at_ns);
                let volts = f64::from(*value) / 255.0 * DAC_VOLTS;
                self.pads[usize::from(*gpio)].dac = Some(volts);
                self.touch_pin(*gpio);
            }
            Event::Bits { gpio, timing_ns, bytes } => {
                self.advance(at_ns);
                self.bits(*gpio, *timing_ns, bytes);
            }
            Event::Pulses { gpio, levels, repeats } => {
                self.advance(at_ns);
                self.pulses(*gpio, levels, *repeats);
            }
            Event::I2c { .. } | Event::Spi { .. } => {
                self.advance(at_ns);
                if let Event::Spi { lines, mode, out, .. } = event {
                    self.clock_bytes(lines, *mode, out);
                }
                if let Some(part) = self.attending.take() {
                    self.call(part, |part, cx| part.served(cx));
                }
            }
            Event::Dht { gpio, .. }
            | Event::OneWire { gpio, action: OneWire::Reset { present: false } } => {
                self.advance(at_ns);
                let node = self.pads.get(usize::from(*gpio)).and_then(|p| p.node);
                let pins = node.map(|n| self.nodes[n].pins.clone()).unwrap_or_default();
                for (part, _) in pins {
                    self.check_power(part);
                }
            }
            Event::Reset(_) | Event::SoftReset => {
                self.advance(at_ns);
                self.told.clear();
                self.parts.iter_mut().for_each(|fitted| fitted.part.tell_again());
                for gpio in 0..self.pads.len() {
                    let pad = &mut self.pads[gpio];
                    if pad.wave.take().is_some() | pad.dac.take().is_some() {
                        self.touch_pin(gpio as u8);
                    }
                }
                if matches!(event, Event::Reset(_)) {
                    self.check_straps();
                    self.check_supplies();
                }
            }
            _ => return,
        }
        self.settle();
    }

    pub(super) fn touch_pin(&mut self, gpio: u8) {
        if let Some(node) = self.pads.get(usize::from(gpio)).and_then(|p| p.node) {
            self.touch(node);
        }
    }

    fn set_wave(&mut self, at_ns: u64, gpio: u8, freq: u32, duty_u16: u16) {
        self.advance(at_ns);
        let period_ns = 1_000_000_000 / u64::from(freq.max(1));
        let high_ns = period_ns * u64::from(duty_u16) / 65535;
        let Some(pad) = self.pads.get_mut(usize::from(gpio)) else { return };
        pad.round = pad.round.wrapping_add(1);
        if high_ns == 0 || high_ns >= period_ns {
            pad.wave = None;
            pad.pad.latch = high_ns != 0;
        } else {
            let square = Square { period_ns, high_ns };
            pad.wave = Some(Wave { since_ns: at_ns, square, is_followed: false });
        }
        self.follow_waves_of(gpio);
    }

    /// Whether somebody on a wire must know of every edge.
    fn counts_edges(&self, node: usize, driver: u8) -> bool {
        let node = &self.nodes[node];
        node.gpios.iter().any(|g| *g != driver && !self.pads[usize::from(*g)].drives())
            || node.pins.iter().any(|&(part, pin)| self.parts[part].part.counts_edges(pin))
    }

    /// A pin has another wave, or none any more.
    fn follow_waves_of(&mut self, gpio: u8) {
        if let Some(node) = self.pads[usize::from(gpio)].node {
            self.follow_waves(node);
            self.touch(node);
        }
    }

    /// Begins or ends following the edges of the waves on a wire.
    pub(super) fn follow_waves(&mut self, node: usize) {
        for n in 0..self.nodes[node].gpios.len() {
            let gpio = self.nodes[node].gpios[n];
            let Some(mut wave) = self.pads[usize::from(gpio)].wave else { continue };
            let mut wanted = self.counts_edges(node, gpio);
            if wanted && wave.square.period_ns < FOLLOWED_NS {
                wanted = false;
                self.tell_too_fast(gpio, node);
            }
            if wanted == wave.is_followed {
                continue;
            }
            wave.is_followed = wanted;
            let pad = &mut self.pads[usize::from(gpio)];
            pad.wave = Some(wave);
            pad.round = pad.round.wrapping_add(1);
            if wanted {
                let due = Due::Edge(gpio, pad.round);
                self.schedule(wave.edge_after(self.now_ns), due);
            }
        }
    }

    /// The next edge of a wave is there.
    pub(super) fn wave_edge(&mut self, gpio: u8, round: u32) {
        let pad = &self.pads[usize::from(gpio)];
        let Some(wave) = pad.wave.filter(|w| w.is_followed && pad.round == round) else { return };
        self.touch_pin(gpio);
        self.schedule(wave.edge_after(self.now_ns), Due::Edge(gpio, round));
    }

    fn bits(&mut self, gpio: u8, timing_ns: [u32; 4], bytes: &[u8]) {
        let Some(node) = self.pads.get(usize::from(gpio)).and_then(|p| p.node) else { return };
        for n in 0..self.nodes[node].pins.len() {
            let (part, pin) = self.nodes[node].pins[n];
            if self.check_power(part) {
                self.call(part, |part, cx| part.bits(cx, pin, timing_ns, bytes));
            }
        }
    }

    /// A pin makes pulses of given lengths.
    fn pulses(&mut self, gpio: u8, levels: &[(bool, u32)], repeats: i32) {
        let Some(pad) = self.pads.get_mut(usize::from(gpio)) else { return };
        if let ([(true, high), (false, low)], true) = (levels, repeats < 0) {
            let (high_ns, period_ns) = (u64::from(*high), u64::from(*high) + u64::from(*low));
            if high_ns > 0 && period_ns > high_ns {
                let square = Square { period_ns, high_ns };
                pad.wave = Some(Wave { since_ns: self.now_ns, square, is_followed: false });
                pad.round = pad.round.wrapping_add(1);
                self.follow_waves_of(gpio);
            }
            return;
        }
        pad.wave = None;
        pad.round = pad.round.wrapping_add(1);
        let round = pad.round;
        if pad.node.is_none() {
            return;
        }
        let rounds = usize::try_from(repeats).unwrap_or(0) + 1;
        let mut at_ns = self.now_ns;
        for (level, ns) in core::iter::repeat_n(levels, rounds).flatten().take(PULSES_MAX) {
            self.schedule(at_ns, Due::Level(gpio, round, *level));
            at_ns += u64::from(*ns);
        }
        let rest = self.pads[usize::from(gpio)].pad.latch;
        self.schedule(at_ns, Due::Level(gpio, round, rest));
    }

    /// A pulse begins.
    pub(super) fn pulse_level(&mut self, gpio: u8, round: u32, level: bool) {
        let pad = &mut self.pads[usize::from(gpio)];
        if pad.round == round {
            pad.pad.latch = level;
            self.touch_pin(gpio);
        }
    }

    /// Tells the board of a wire's level, as far as it listens.
    pub(super) fn tell_board(&mut self, node: usize) {
        let at = &self.nodes[node];
        let level = at.held.then_some(at.level);
        for n in 0..self.nodes[node].gpios.len() {
            let gpio = self.nodes[node].gpios[n];
            let pad = &mut self.pads[usize::from(gpio)];
            if !pad.drives() && core::mem::replace(&mut pad.told, level) != level {
                self.stimulate(Stimulus::Pin { gpio, level });
            }
        }
    }
}
