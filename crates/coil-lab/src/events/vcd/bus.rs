//! What goes over a bus as edges of its wires, bit by bit.

use coil_board::outside::Event;
use coil_board::outside::bus::{I2cLines, SpiLines, UartFrame};
use coil_board::outside::event::OneWire;

/// Edges of one event at most.
const EDGES_MAX: usize = 1 << 19;

/// The wires of a bus while an event is drawn.
#[derive(Debug)]
pub(super) struct Wires {
    /// Pins, and which level each has from when on.
    pub(super) changes: Vec<(u8, u64, bool)>,
    /// How far it is drawn.
    at_ns: u64,
}

impl Wires {
    /// Begins at this moment.
    pub(super) fn new(at_ns: u64) -> Self {
        Self { changes: Vec::new(), at_ns }
    }

    /// When all of it is through.
    pub(super) fn end_ns(&self) -> u64 {
        self.at_ns
    }

    /// Draws what went over a bus; other events have no edges.
    pub(super) fn draw(&mut self, event: &Event) {
        match event {
            Event::I2c { lines, freq, start, address, read, bytes, acked, stop } => {
                let i2c = I2c { lines: *lines, period: period(*freq) };
                if *start {
                    let head = (*address as u8) << 1 | u8::from(*read);
                    i2c.start(self);
                    i2c.byte(self, head, acked.is_some());
                }
                let acked = acked.unwrap_or(0);
                // What a device refuses ends the sending; the board refuses the last byte it reads.
                let sent =
                    if *read { bytes.len() } else { bytes.len().min(acked.saturating_add(1)) };
                for (i, &byte) in bytes[..sent].iter().enumerate() {
                    let is_acked = if *read { i + 1 < bytes.len() } else { i < acked };
                    i2c.byte(self, byte, is_acked);
                }
                if *stop {
                    i2c.stop(self);
                }
            }
            Event::Spi { lines, freq, mode, out, back } => {
                self.spi(lines, period(*freq), *mode, out, back);
            }
            Event::Uart { tx: Some(tx), frame, bytes, .. } => self.uart(*tx, frame, bytes),
            Event::OneWire { gpio, action } => self.one_wire(*gpio, action),
            Event::Dht { gpio, bytes } => self.dht(*gpio, bytes),
            Event::Bits { gpio, timing_ns, bytes } => self.bits(*gpio, *timing_ns, bytes),
            _ => {}
        }
    }

    fn set(&mut self, gpio: u8, level: bool, after_ns: u64) {
        if self.changes.len() < EDGES_MAX {
            self.changes.push((gpio, self.at_ns + after_ns, level));
        }
    }

    /// A level for so long.
    fn hold(&mut self, gpio: u8, level: bool, ns: u64) {
        self.set(gpio, level, 0);
        self.at_ns += ns;
    }

    fn spi(&mut self, lines: &SpiLines, period: u64, mode: u8, out: &[u8], back: &[u8]) {
        let (rests_high, second_edge) = (mode & 2 != 0, mode & 1 != 0);
        let (quarter, half) = (period / 4, period / 2);
        let put = |wires: &mut Self, pin: Option<u8>, level, after| {
            if let Some(pin) = pin {
                wires.set(pin, level, after);
            }
        };
        put(self, lines.sck, rests_high, 0);
        // Whatever selects the device has just been set.
        self.at_ns += period;
        for (i, &byte) in out.iter().enumerate() {
            let answer = back.get(i).copied().unwrap_or(0);
            for bit in (0..8).rev() {
                // Data stand before the edge at which they are taken.
                let (data, first) = if second_edge { (quarter, quarter) } else { (0, quarter) };
                put(self, lines.sck, !rests_high, first);
                put(self, lines.mosi, byte >> bit & 1 != 0, data);
                put(self, lines.miso, answer >> bit & 1 != 0, data);
                put(self, lines.sck, rests_high, first + half);
                self.at_ns += period;
            }
        }
        self.at_ns += half;
    }

    fn uart(&mut self, tx: u8, frame: &UartFrame, bytes: &[u8]) {
        let start = self.at_ns;
        let rate = u64::from(frame.baudrate.max(1));
        let frame = UartFrame { bits: frame.bits.clamp(5, 8), ..*frame };
        let mut bits = 0;
        let at = |bits: u64| u128::from(bits) * 1_000_000_000 / u128::from(rate);
        let at = |bits: u64| start.saturating_add(u64::try_from(at(bits)).unwrap_or(u64::MAX));
        // The wire was at rest before, for those who see it for the first time.
        self.changes.push((tx, start.saturating_sub(1), !frame.inverted));
        for &byte in bytes {
            for bit in 0..frame.symbol_bits() {
                self.at_ns = at(bits);
                self.set(tx, frame.level(byte, bit), 0);
                bits += 1;
            }
        }
        self.at_ns = at(bits);
    }

    fn one_wire(&mut self, gpio: u8, action: &OneWire) {
        const US: u64 = 1000;
        self.set(gpio, true, 0);
        self.at_ns += 1;
        let start = self.at_ns;
        match *action {
            OneWire::Reset { present } => {
                self.hold(gpio, false, 480 * US);
                self.hold(gpio, true, 30 * US);
                if present {
                    self.hold(gpio, false, 120 * US);
                }
                self.hold(gpio, true, 0);
                self.at_ns = start + 960 * US;
            }
            OneWire::Read { bits, value } | OneWire::Write { bits, value } => {
                let low_us = if matches!(action, OneWire::Write { .. }) { 60 } else { 30 };
                for bit in 0..bits.min(8) {
                    let low = if value >> bit & 1 != 0 { 6 } else { low_us };
                    self.hold(gpio, false, low * US);
                    self.hold(gpio, true, (70 - low) * US);
                }
            }
        }
    }

    fn dht(&mut self, gpio: u8, bytes: &[u8]) {
        const US: u64 = 1000;
        if bytes.is_empty() {
            return;
        }
        self.hold(gpio, true, 30 * US);
        self.hold(gpio, false, 80 * US);
        self.hold(gpio, true, 80 * US);
        for byte in bytes.iter().take(5) {
            for bit in (0..8).rev() {
                self.hold(gpio, false, 50 * US);
                let high = if byte >> bit & 1 != 0 { 70 } else { 26 };
                self.hold(gpio, true, high * US);
            }
        }
        self.hold(gpio, false, 50 * US);
        self.hold(gpio, true, 0);
    }

    fn bits(&mut self, gpio: u8, timing_ns: [u32; 4], bytes: &[u8]) {
        let timing = timing_ns.map(u64::from);
        for byte in bytes {
            for bit in (0..8).rev() {
                let at = if byte >> bit & 1 != 0 { 2 } else { 0 };
                self.hold(gpio, true, timing[at]);
                self.hold(gpio, false, timing[at + 1]);
            }
        }
        self.hold(gpio, false, 0);
    }
}

/// Nanoseconds of a clock. Its quarters differ.
fn period(freq: u32) -> u64 {
    (1_000_000_000 / u64::from(freq.max(1))).max(4)
}

struct I2c {
    lines: I2cLines,
    period: u64,
}

impl I2c {
    /// Both wires are high, then data falls, then clock.
    fn start(&self, wires: &mut Wires) {
        let (I2cLines { scl, sda }, quarter) = (self.lines, self.period / 4);
        wires.set(sda, true, 0);
        wires.set(scl, true, quarter);
        wires.set(sda, false, 2 * quarter);
        wires.set(scl, false, 3 * quarter);
        wires.at_ns += self.period;
    }

    fn bit(&self, wires: &mut Wires, bit: bool) {
        let (I2cLines { scl, sda }, quarter) = (self.lines, self.period / 4);
        wires.set(sda, bit, quarter);
        wires.set(scl, true, 2 * quarter);
        wires.set(scl, false, self.period);
        wires.at_ns += self.period;
    }

    fn byte(&self, wires: &mut Wires, byte: u8, acked: bool) {
        for bit in (0..8).rev() {
            self.bit(wires, byte >> bit & 1 != 0);
        }
        self.bit(wires, !acked);
    }

    /// Clock rises, then data.
    fn stop(&self, wires: &mut Wires) {
        let (I2cLines { scl, sda }, quarter) = (self.lines, self.period / 4);
        wires.set(sda, false, quarter);
        wires.set(scl, true, 2 * quarter);
        wires.set(sda, true, 3 * quarter);
        wires.at_ns += self.period;
    }
}
