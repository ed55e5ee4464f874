//! A sensor of acceleration and rotation on I2C: MPU-6050.

use super::i2c_module;
use crate::part::{Context, Element, Kind, Part, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;
use coil_board::outside::bus::I2cDevice;

/// `mpu6050`
pub(super) static KIND: Kind = Kind {
    name: "mpu6050",
    title: "MPU-6050 accelerometer and gyroscope",
    text: "Measures acceleration and rotation around three axes. It sleeps after power on: write 0 to \
           register 0x6b. From 0x3b on it has seven numbers of two bytes, the higher first: x, y and z at \
           16384 for 1 g, the temperature at 340 per degree above 36.53, and the rotation at 131 for a \
           degree in a second; registers 0x1c and 0x1b widen the ranges. The resistors of the bus are built \
           in.",
    picture: "mpu6050",
    pins: i2c_module::PINS,
    settings: &[
        Setting {
            name: "x",
            is_fixed: false,
            sort: Sort::Number(-16.0, 16.0, 0.0),
            text: "Acceleration along x, in g.",
        },
        Setting {
            name: "y",
            is_fixed: false,
            sort: Sort::Number(-16.0, 16.0, 0.0),
            text: "Acceleration along y, in g.",
        },
        Setting {
            name: "z",
            is_fixed: false,
            sort: Sort::Number(-16.0, 16.0, 1.0),
            text: "Acceleration along z, in g.",
        },
        Setting {
            name: "turn_x",
            is_fixed: false,
            sort: Sort::Number(-2000.0, 2000.0, 0.0),
            text: "Rotation around x, in degrees per second.",
        },
        Setting {
            name: "turn_y",
            is_fixed: false,
            sort: Sort::Number(-2000.0, 2000.0, 0.0),
            text: "Rotation around y, in degrees per second.",
        },
        Setting {
            name: "turn_z",
            is_fixed: false,
            sort: Sort::Number(-2000.0, 2000.0, 0.0),
            text: "Rotation around z, in degrees per second.",
        },
        Setting {
            name: "temperature",
            is_fixed: false,
            sort: Sort::Number(-40.0, 85.0, 25.0),
            text: "In degrees Celsius.",
        },
        Setting {
            name: "address",
            is_fixed: false,
            sort: Sort::Int(0x68, 0x69, 0x68),
            text: "Its address, 104 or 105.",
        },
    ],
    shows: &[("awake", "It measures.")],
    make: |settings| {
        let address = settings.int("address") as u16;
        let world = WORLD.map(|name| settings.number(name));
        Box::new(Mpu6050 { address, chip: Chip { world, ..Chip::default() } })
    },
};

/// What is measured, in the order of the registers.
const WORLD: [&str; 7] = ["x", "y", "z", "temperature", "turn_x", "turn_y", "turn_z"];

/// Registers.
const GYRO_CONFIG: usize = 0x1b;
const ACCEL_CONFIG: usize = 0x1c;
const INT_STATUS: usize = 0x3a;
const MEASURED: usize = 0x3b;
const SIGNAL_RESET: usize = 0x68;
const POWER: usize = 0x6b;
const POWER_2: usize = 0x6c;
const WHO_AM_I: usize = 0x75;
/// Bits of the one for power: reset, and sleep, which it wakes up in.
const RESET: u8 = 0x80;
const SLEEP: u8 = 0x40;
/// Numbers for 1 g and for a degree in a second, in the narrowest range.
const PER_G: f64 = 16384.0;
const PER_DEGREE: [f64; 4] = [131.0, 65.5, 32.8, 16.4];

struct Mpu6050 {
    address: u16,
    chip: Chip,
}

struct Chip {
    world: [f64; 7],
    registers: [u8; 128],
    at: usize,
    /// The next byte that is written says which register is meant.
    is_new: bool,
}

impl Default for Chip {
    fn default() -> Self {
        let mut registers = [0; 128];
        registers[POWER] = SLEEP;
        registers[WHO_AM_I] = 0x68;
        Self { world: [0.0; 7], registers, at: 0, is_new: false }
    }
}

impl Chip {
    fn is_awake(&self) -> bool {
        self.registers[POWER] & SLEEP == 0
    }

    fn measure(&mut self) {
        if !self.is_awake() {
            return;
        }
        let accel = PER_G / f64::from(1u8 << (self.registers[ACCEL_CONFIG] >> 3 & 3));
        let gyro = PER_DEGREE[usize::from(self.registers[GYRO_CONFIG] >> 3 & 3)];
        for (n, value) in self.world.iter().enumerate() {
            let (scaled, standby) = match n {
                0..=2 => (value * accel, 0x20 >> n),
                3 => ((value - 36.53) * 340.0, 0),
                _ => (value * gyro, 4 >> (n - 4)),
            };
            if self.registers[POWER_2] & standby == 0 {
                let bytes = (libm::round(scaled) as i16).to_be_bytes();
                self.registers[MEASURED + 2 * n..][..2].copy_from_slice(&bytes);
            }
        }
        self.registers[INT_STATUS] |= 1;
    }

    fn put(&mut self, register: usize, byte: u8) {
        match register {
            POWER if byte & RESET != 0 => *self = Self { world: self.world, ..Self::default() },
            SIGNAL_RESET => self.registers[MEASURED..MEASURED + 14].fill(0),
            INT_STATUS..=0x60 | WHO_AM_I => {}
            _ => self.registers[register] = byte,
        }
    }
}

impl I2cDevice for Chip {
    fn start(&mut self, read: bool) -> bool {
        self.is_new = !read;
        if read {
            self.measure();
        }
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        if core::mem::take(&mut self.is_new) {
            self.at = usize::from(byte & 0x7f);
        } else {
            let register = self.at;
            self.put(register, byte);
            self.at = (register + 1) & 0x7f;
        }
        true
    }

    fn read(&mut self) -> u8 {
        let byte = self.registers[self.at];
        if self.at == INT_STATUS {
            self.registers[INT_STATUS] = 0;
        }
        self.at = (self.at + 1) & 0x7f;
        byte
    }
}

impl Part for Mpu6050 {
    fn elements(&self) -> Vec<Element> {
        i2c_module::elements()
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("awake", self.chip.is_awake());
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.chip = Chip { world: self.chip.world, ..Chip::default() };
        cx.show("awake", false);
    }

    fn set(&mut self, _: &mut Context<'_>, name: &str, value: &Value) {
        if let Some(n) = WORLD.iter().position(|w| *w == name) {
            self.chip.world[n] = value.as_number().unwrap_or_default();
        } else if let Value::Int(address) = value {
            self.address = *address as u16;
        }
    }

    fn served(&mut self, cx: &mut Context<'_>) {
        cx.show("awake", self.chip.is_awake());
    }

    fn i2c(&mut self, address: u16) -> Option<&mut dyn I2cDevice> {
        (address == self.address).then_some(&mut self.chip)
    }
}
