//! A thermometer on I2C: LM75.

use super::i2c_module;
use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort, Source};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;
use coil_board::outside::bus::I2cDevice;

/// `lm75`
pub(super) static KIND: Kind = Kind {
    name: "lm75",
    title: "LM75 thermometer",
    text: "Measures half degrees. Register 0 is the temperature: two bytes, the first whole degrees (signed), \
           the highest bit of the second half a degree. Register 1 is the configuration, 2 and 3 are the \
           limits (75 and 80 degrees) of the output `os`, which goes low above the upper one: give its pin a \
           pull-up. Those of the bus are built in.",
    picture: "lm75",
    pins: &[
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "gnd", role: Role::Ground },
        Pin { name: "scl", role: Role::Scl },
        Pin { name: "sda", role: Role::Sda },
        Pin { name: "os", role: Role::Passive },
    ],
    settings: &[
        Setting {
            name: "temperature",
            is_fixed: false,
            sort: Sort::Number(-55.0, 125.0, 21.0),
            text: "In degrees Celsius.",
        },
        Setting {
            name: "address",
            is_fixed: false,
            sort: Sort::Int(0x48, 0x4f, 0x48),
            text: "Its address, 72 to 79.",
        },
    ],
    shows: &[
        ("temperature", "What it measures, in degrees Celsius."),
        ("alarm", "The output `os` is on."),
    ],
    make: |settings| {
        Box::new(Lm75 {
            celsius: settings.number("temperature"),
            address: settings.int("address") as u16,
            chip: Chip::default(),
        })
    },
};

const OS: usize = 4;
/// The output: an open drain.
const PULLED_LOW: Source = Source { volts: 0.0, ohms: 50.0 };
/// Bits of the configuration: it rests, the output tells changes, the output is high when it is on.
const REST: u8 = 1;
const INTERRUPT: u8 = 2;
const ACTIVE_HIGH: u8 = 4;

struct Lm75 {
    celsius: f64,
    address: u16,
    chip: Chip,
}

struct Chip {
    /// In half degrees, as the limits.
    measured: i16,
    configuration: u8,
    low: i16,
    high: i16,
    pointer: u8,
    /// The next byte of a transfer.
    at: usize,
    /// It was above the upper limit, and not yet below the lower one.
    is_hot: bool,
    is_on: bool,
}

impl Default for Chip {
    fn default() -> Self {
        Self {
            measured: 0,
            configuration: 0,
            low: 2 * 75,
            high: 2 * 80,
            pointer: 0,
            at: 0,
            is_hot: false,
            is_on: false,
        }
    }
}

impl Chip {
    /// Compares what was measured with the limits.
    fn compare(&mut self) {
        let was_hot = self.is_hot;
        if self.measured >= self.high {
            self.is_hot = true;
        } else if self.measured < self.low {
            self.is_hot = false;
        }
        if self.configuration & INTERRUPT == 0 {
            self.is_on = self.is_hot;
        } else {
            self.is_on |= was_hot != self.is_hot;
        }
    }

    fn word(&mut self) -> Option<&mut i16> {
        match self.pointer {
            2 => Some(&mut self.low),
            3 => Some(&mut self.high),
            _ => None,
        }
    }
}

impl I2cDevice for Chip {
    fn start(&mut self, _: bool) -> bool {
        self.at = 0;
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        match (self.at, self.pointer) {
            (0, _) => self.pointer = byte & 3,
            (1, 1) => self.configuration = byte & 0x1f,
            (at @ 1..=2, _) => {
                if let Some(word) = self.word() {
                    // Nine bits, the highest first.
                    let [high, low] = (*word << 7).to_be_bytes();
                    let bytes = if at == 1 { [byte, low] } else { [high, byte] };
                    *word = i16::from_be_bytes(bytes) >> 7;
                }
            }
            _ => {}
        }
        self.at += 1;
        true
    }

    fn read(&mut self) -> u8 {
        // What the output told is known now.
        if self.configuration & INTERRUPT != 0 {
            self.is_on = false;
        }
        let word = match self.pointer {
            0 => self.measured,
            1 => return self.configuration,
            _ => self.word().map_or(0, |w| *w),
        };
        let byte = (word << 7).to_be_bytes()[self.at & 1];
        self.at += 1;
        byte
    }
}

impl Lm75 {
    fn update(&mut self, cx: &mut Context<'_>) {
        if self.chip.configuration & REST == 0 {
            self.chip.measured = libm::floor(self.celsius * 2.0) as i16;
            self.chip.compare();
        }
        let is_low = self.chip.is_on != (self.chip.configuration & ACTIVE_HIGH != 0);
        cx.drive(OS, is_low.then_some(PULLED_LOW));
        cx.show("alarm", self.chip.is_on);
        cx.show("temperature", self.celsius);
    }
}

impl Part for Lm75 {
    fn elements(&self) -> Vec<Element> {
        i2c_module::elements()
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.update(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.chip = Chip::default();
        self.update(cx);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        match (name, value) {
            ("address", Value::Int(address)) => self.address = *address as u16,
            _ => self.celsius = value.as_number().unwrap_or(self.celsius),
        }
        self.update(cx);
    }

    fn served(&mut self, cx: &mut Context<'_>) {
        self.update(cx);
    }

    fn i2c(&mut self, address: u16) -> Option<&mut dyn I2cDevice> {
        (address == self.address).then_some(&mut self.chip)
    }
}
