//! Sensors that speak protocols of their own on one wire: DHT11, DHT22 and DS18B20.

use super::GPIO_COUNT;
use alloc::vec::Vec;

/// A sensor on a pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensor {
    /// Temperature and humidity in whole units.
    Dht11 {
        /// Degrees Celsius.
        celsius: u8,
        /// Per cent.
        humidity: u8,
    },
    /// Temperature and humidity in tenths.
    Dht22 {
        /// Tenths of a degree Celsius.
        decicelsius: i16,
        /// Tenths of a per cent.
        decihumidity: u16,
    },
    /// A thermometer, of which a wire may have several.
    Ds18b20 {
        /// The serial number that tells it from others on its wire, 48 bits.
        serial: u64,
        /// Sixteenths of a degree Celsius.
        sixteenths: i16,
    },
    /// Nothing any more.
    Gone,
}

/// The sensors of a board.
#[derive(Clone, Debug, Default)]
pub struct Sensors {
    dht: Vec<(usize, Sensor)>,
    /// The wires with thermometers.
    wires: Vec<(usize, Wire)>,
}

/// Family code of the thermometers.
const DS18B20: u8 = 0x28;
/// What a thermometer reads before it has converted: 85 degrees.
const POWER_ON: i16 = 85 * 16;
/// The configuration register of one with all its twelve bits.
const TWELVE_BITS: u8 = 0x7f;

impl Sensors {
    pub(super) fn put(&mut self, gpio: usize, sensor: Sensor) {
        match sensor {
            Sensor::Ds18b20 { serial, sixteenths } => {
                let at = self.wires.iter().position(|w| w.0 == gpio).unwrap_or_else(|| {
                    self.wires.push((gpio, Wire::default()));
                    self.wires.len() - 1
                });
                self.wires[at].1.put(serial, sixteenths);
            }
            _ => {
                self.dht.retain(|d| d.0 != gpio);
                if sensor == Sensor::Gone {
                    self.wires.retain(|w| w.0 != gpio);
                } else {
                    self.dht.push((gpio, sensor));
                }
            }
        }
    }

    /// The five bytes that a DHT on the pin sends.
    pub(crate) fn dht(&self, gpio: usize) -> Option<[u8; 5]> {
        let sensor = self.dht.iter().find(|d| d.0 == gpio)?.1;
        let [a, b, c, d] = match sensor {
            Sensor::Dht11 { celsius, humidity } => [humidity, 0, celsius, 0],
            Sensor::Dht22 { decicelsius, decihumidity } => {
                let [h, l] = decihumidity.to_be_bytes();
                // Below zero it is the size with a sign bit.
                let [t, u] = decicelsius.unsigned_abs().to_be_bytes();
                [h, l, t | if decicelsius < 0 { 0x80 } else { 0 }, u]
            }
            _ => return None,
        };
        let sum = a.wrapping_add(b).wrapping_add(c).wrapping_add(d);
        Some([a, b, c, d, sum])
    }

    /// The wire with thermometers on a pin.
    pub(crate) fn wire(&mut self, gpio: usize) -> Option<&mut Wire> {
        debug_assert!(gpio < GPIO_COUNT);
        self.wires.iter_mut().find(|w| w.0 == gpio).map(|w| &mut w.1)
    }
}

/// The check byte of 1-Wire.
pub(crate) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |mut crc, &byte| {
        for bit in 0..8 {
            let odd = (crc ^ byte >> bit) & 1 != 0;
            crc >>= 1;
            if odd {
                crc ^= 0x8c;
            }
        }
        crc
    })
}

/// What a thermometer does with the next bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Takes a command that says who is meant.
    Rom,
    /// Sends bits, its own number among others'.
    Search {
        /// Bits of its number that are through.
        done: u8,
        /// The bit, its complement, the master's choice.
        step: u8,
    },
    /// Compares its number with the one it is sent.
    Match,
    /// It is meant: takes a command.
    Command,
    /// Takes thresholds and configuration.
    Write,
    /// Sends.
    Send,
    /// Someone else is meant.
    Idle,
}

/// A thermometer.
#[derive(Clone, Debug)]
struct Thermometer {
    rom: [u8; 8],
    sixteenths: i16,
    /// The nine bytes that it sends.
    scratch: [u8; 9],
    state: State,
    /// Bits that came or went in this state.
    bits: u32,
    byte: u8,
    sending: [u8; 9],
    sending_bits: u32,
}

/// A wire with thermometers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire {
    thermometers: Vec<Thermometer>,
}

impl Wire {
    fn put(&mut self, serial: u64, sixteenths: i16) {
        let mut rom = [0; 8];
        rom[0] = DS18B20;
        rom[1..7].copy_from_slice(&serial.to_le_bytes()[..6]);
        rom[7] = crc8(&rom[..7]);
        match self.thermometers.iter_mut().find(|t| t.rom == rom) {
            Some(t) => t.sixteenths = sixteenths,
            None => self.thermometers.push(Thermometer::new(rom, sixteenths)),
        }
    }

    /// A reset pulse: all of them answer, so somebody is there.
    pub(crate) fn reset(&mut self) {
        for t in &mut self.thermometers {
            t.enter(State::Rom);
        }
    }

    /// The master writes a bit.
    pub(crate) fn write(&mut self, bit: bool) {
        for t in &mut self.thermometers {
            t.take(bit);
        }
    }

    /// The master reads a bit: any of them pulls it down.
    pub(crate) fn read(&mut self) -> bool {
        let mut level = true;
        for t in &mut self.thermometers {
            level &= t.give();
        }
        level
    }
}

impl Thermometer {
    fn new(rom: [u8; 8], sixteenths: i16) -> Self {
        let [low, high] = POWER_ON.to_le_bytes();
        let mut scratch = [low, high, 0x4b, 0x46, TWELVE_BITS, 0xff, 0x0c, 0x10, 0];
        scratch[8] = crc8(&scratch[..8]);
        Self {
            rom,
            sixteenths,
            scratch,
            state: State::Idle,
            bits: 0,
            byte: 0,
            sending: [0; 9],
            sending_bits: 0,
        }
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.bits = 0;
    }

    fn send(&mut self, bytes: &[u8]) {
        self.sending[..bytes.len()].copy_from_slice(bytes);
        self.sending_bits = 8 * bytes.len() as u32;
        self.enter(State::Send);
    }

    fn rom_bit(&self, n: u32) -> bool {
        self.rom[n as usize / 8] >> (n % 8) & 1 != 0
    }

    fn give(&mut self) -> bool {
        match self.state {
            State::Send if self.bits < self.sending_bits => {
                let bit = self.sending[self.bits as usize / 8] >> (self.bits % 8) & 1 != 0;
                self.bits += 1;
                bit
            }
            State::Search { done, step } if step < 2 => {
                self.state = State::Search { done, step: step + 1 };
                self.rom_bit(u32::from(done)) ^ (step == 1)
            }
            // A conversion that is over reads as one, and so does silence.
            _ => true,
        }
    }

    fn take(&mut self, bit: bool) {
        match self.state {
            State::Rom | State::Command | State::Write => {
                self.byte = self.byte >> 1 | if bit { 0x80 } else { 0 };
                self.bits += 1;
                if self.bits.is_multiple_of(8) {
                    self.obey();
                }
            }
            State::Match => {
                if self.rom_bit(self.bits) != bit {
                    return self.enter(State::Idle);
                }
                self.bits += 1;
                if self.bits == 64 {
                    self.enter(State::Command);
                }
            }
            State::Search { done, step: 2 } => {
                let is_meant = self.rom_bit(u32::from(done)) == bit;
                let next = State::Search { done: done + 1, step: 0 };
                self.enter(if is_meant && done < 63 { next } else { State::Idle });
            }
            _ => {}
        }
    }

    /// A whole byte has arrived.
    fn obey(&mut self) {
        match (self.state, self.byte) {
            (State::Rom, 0xf0) => self.enter(State::Search { done: 0, step: 0 }),
            (State::Rom, 0x55) => self.enter(State::Match),
            (State::Rom, 0xcc) => self.enter(State::Command),
            (State::Rom, 0x33) => self.send(&self.rom.clone()),
            (State::Command, 0x44) => {
                // Fewer bits leave the lowest ones undefined; here they are zero.
                let unused = 3 - (self.scratch[4] >> 5 & 3);
                let value = self.sixteenths >> unused << unused;
                self.scratch[..2].copy_from_slice(&value.to_le_bytes());
                self.scratch[8] = crc8(&self.scratch[..8]);
                self.enter(State::Idle);
            }
            (State::Command, 0xbe) => self.send(&self.scratch.clone()),
            (State::Command, 0x4e) => self.enter(State::Write),
            // It has a supply of its own.
            (State::Command, 0xb4) => self.send(&[0xff]),
            (State::Write, byte) => {
                let at = 1 + self.bits as usize / 8;
                self.scratch[at] = if at == 4 { byte & 0x60 | 0x1f } else { byte };
                self.scratch[8] = crc8(&self.scratch[..8]);
                if at == 4 {
                    self.enter(State::Idle);
                }
            }
            _ => self.enter(State::Idle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_byte_of_a_number_makes_the_sum_zero() {
        let number = [0x28, 0xff, 0x4b, 0x46, 0x7f, 0xff, 0x0c];
        let mut all = number.to_vec();
        all.push(crc8(&number));
        assert_eq!(crc8(&all), 0);
        // The example of the manufacturer's application note.
        assert_eq!(crc8(&[0x02, 0x1c, 0xb8, 0x01, 0, 0, 0]), 0xa2);
    }

    #[test]
    fn a_dht22_below_zero_sends_a_sign_bit() {
        let mut sensors = Sensors::default();
        sensors.put(4, Sensor::Dht22 { decicelsius: -101, decihumidity: 652 });
        assert_eq!(sensors.dht(4), Some([0x02, 0x8c, 0x80, 0x65, 0x73]));
        sensors.put(4, Sensor::Gone);
        assert_eq!(sensors.dht(4), None);
    }
}
