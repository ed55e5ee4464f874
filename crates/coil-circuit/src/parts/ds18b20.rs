//! A thermometer of which many share a wire.

use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use coil_board::outside::Sensor;

/// `ds18b20`
pub(super) static KIND: Kind = Kind {
    name: "ds18b20",
    title: "DS18B20 thermometer",
    text: "Measures sixteenths of a degree over a 1-Wire bus, on which several can be: each has a serial \
           number. Use `onewire.OneWire` and `ds18x20.DS18X20`. Without power it does not answer: no \
           device is found. The bus's resistor is built in.",
    picture: "ds18b20",
    pins: &[
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "data", role: Role::Passive },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[
        Setting {
            name: "temperature",
            is_fixed: false,
            sort: Sort::Number(-55.0, 125.0, 21.0),
            text: "In degrees Celsius.",
        },
        Setting {
            name: "serial",
            is_fixed: true,
            sort: Sort::Int(0, (1 << 48) - 1, 0),
            text: "Its serial number; 0 for one that comes from its name.",
        },
    ],
    shows: &[
        ("temperature", "What it measures, in degrees Celsius."),
        (
            "address",
            "The eight bytes that it is called by, as hexadecimal digits without the last.",
        ),
    ],
    make: |settings| {
        let (celsius, serial) = (settings.number("temperature"), settings.int("serial"));
        Box::new(Ds18b20 { celsius, serial: serial.unsigned_abs() })
    },
};

const VCC: usize = 0;
const DATA: usize = 1;
/// The bus's resistor.
const PULL_UP_OHMS: f64 = 4700.0;

struct Ds18b20 {
    celsius: f64,
    serial: u64,
}

impl Ds18b20 {
    fn measure(&self, cx: &mut Context<'_>) {
        let sixteenths = libm::round(self.celsius * 16.0) as i16;
        let sensor = if cx.is_powered() {
            Sensor::Ds18b20 { serial: self.serial, sixteenths }
        } else {
            Sensor::Gone
        };
        cx.sensor(DATA, sensor);
        cx.show("temperature", self.celsius);
    }

    fn name(&mut self, cx: &mut Context<'_>) {
        if self.serial == 0 {
            self.serial = 1 + cx.chance((1 << 48) - 1);
        }
        let digits: alloc::string::String =
            self.serial.to_le_bytes()[..6].iter().map(|b| format!("{b:02x}")).collect();
        cx.show("address", format!("28{digits}"));
    }
}

impl Part for Ds18b20 {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![Element::Resistor { a: VCC, b: DATA, ohms: PULL_UP_OHMS }]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.name(cx);
        self.measure(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.measure(cx);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        // The number is burnt in: it is what it was made with.
        if name == "temperature" {
            self.celsius = value.as_number().unwrap_or(self.celsius);
            self.measure(cx);
        }
    }
}
