//! Sensors of temperature and humidity that are asked over one wire: DHT11 and DHT22.

use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;
use coil_board::outside::Sensor;

/// `dht11`
pub(super) static DHT11: Kind = Kind {
    name: "dht11",
    title: "DHT11 temperature and humidity sensor",
    text: "Measures whole degrees and per cent; use `dht.DHT11`. \
           Without power it does not answer, and the program gets OSError.",
    picture: "dht11",
    pins: PINS,
    settings: &[
        Setting {
            name: "temperature",
            is_fixed: false,
            sort: Sort::Number(0.0, 50.0, 21.0),
            text: "In degrees Celsius.",
        },
        Setting {
            name: "humidity",
            is_fixed: false,
            sort: Sort::Number(5.0, 95.0, 50.0),
            text: "In per cent.",
        },
    ],
    shows: SHOWS,
    make: |settings| {
        let (celsius, humidity) = (settings.number("temperature"), settings.number("humidity"));
        Box::new(Dht { celsius, humidity, has_tenths: false })
    },
};

/// `dht22`
pub(super) static DHT22: Kind = Kind {
    name: "dht22",
    title: "DHT22 temperature and humidity sensor",
    text: "Measures tenths of a degree and of a per cent; use `dht.DHT22`. Without power it does not \
           answer, and the program gets OSError.",
    picture: "dht22",
    pins: PINS,
    settings: &[
        Setting {
            name: "temperature",
            is_fixed: false,
            sort: Sort::Number(-40.0, 80.0, 21.0),
            text: "In degrees Celsius.",
        },
        Setting {
            name: "humidity",
            is_fixed: false,
            sort: Sort::Number(0.0, 100.0, 50.0),
            text: "In per cent.",
        },
    ],
    shows: SHOWS,
    make: |settings| {
        let (celsius, humidity) = (settings.number("temperature"), settings.number("humidity"));
        Box::new(Dht { celsius, humidity, has_tenths: true })
    },
};

const PINS: &[Pin] = &[
    Pin { name: "vcc", role: Role::Power(Rail::V3) },
    Pin { name: "data", role: Role::Passive },
    Pin { name: "gnd", role: Role::Ground },
];
const SHOWS: &[(&str, &str)] = &[
    ("temperature", "What it measures, in degrees Celsius."),
    ("humidity", "What it measures, in per cent."),
];
const VCC: usize = 0;
const DATA: usize = 1;
/// The resistor that modules have between supply and data.
const PULL_UP_OHMS: f64 = 10_000.0;

struct Dht {
    celsius: f64,
    humidity: f64,
    has_tenths: bool,
}

impl Dht {
    fn measure(&self, cx: &mut Context<'_>) {
        let sensor = if !cx.is_powered() {
            Sensor::Gone
        } else if self.has_tenths {
            Sensor::Dht22 {
                decicelsius: libm::round(self.celsius * 10.0) as i16,
                decihumidity: libm::round(self.humidity * 10.0) as u16,
            }
        } else {
            Sensor::Dht11 {
                celsius: libm::round(self.celsius) as u8,
                humidity: libm::round(self.humidity) as u8,
            }
        };
        cx.sensor(DATA, sensor);
        cx.show("temperature", self.celsius);
        cx.show("humidity", self.humidity);
    }
}

impl Part for Dht {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![Element::Resistor { a: VCC, b: DATA, ohms: PULL_UP_OHMS }]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.measure(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.measure(cx);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        let number = value.as_number().unwrap_or_default();
        match name {
            "temperature" => self.celsius = number,
            _ => self.humidity = number,
        }
        self.measure(cx);
    }
}
