//! A resistor that conducts in the light.

use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `photoresistor`
pub(super) static KIND: Kind = Kind {
    name: "photoresistor",
    title: "Photoresistor",
    text: "A light sensor: a photoresistor (as a GL5528) from 3V3 to `out`, and a fixed resistor from \
           there to GND. The more light, the higher the voltage at `out`; read it with `machine.ADC`.",
    picture: "photoresistor",
    pins: &[
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "out", role: Role::Passive },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[
        Setting {
            name: "light",
            is_fixed: false,
            sort: Sort::Number(0.0, 100_000.0, 300.0),
            text: "The light on it, in lux: 0.1 moonlight, 300 a room, 10000 the shade, 100000 the sun.",
        },
        Setting {
            name: "ohms",
            is_fixed: false,
            sort: Sort::Number(100.0, 1e6, 10_000.0),
            text: "The fixed resistor, in ohms.",
        },
    ],
    shows: &[
        ("light", "The light on it, in lux."),
        ("ohms", "The resistance of the photoresistor, in ohms."),
    ],
    make: |settings| {
        Box::new(Photoresistor { light: settings.number("light"), fixed: settings.number("ohms") })
    },
};

/// What it has at 10 lux, how steeply that falls, and what it has in the dark and at least.
const OHMS_AT_10: f64 = 14_000.0;
const GAMMA: f64 = 0.7;
const DARK_OHMS: f64 = 1e6;
const LEAST_OHMS: f64 = 50.0;
/// The elements.
const UPPER: usize = 0;
const LOWER: usize = 1;

struct Photoresistor {
    light: f64,
    fixed: f64,
}

impl Photoresistor {
    fn ohms(&self) -> f64 {
        let ohms = OHMS_AT_10 * libm::pow(self.light.max(1e-3) / 10.0, -GAMMA);
        libm::round(ohms.clamp(LEAST_OHMS, DARK_OHMS))
    }
}

impl Part for Photoresistor {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![
            Element::Resistor { a: 0, b: 1, ohms: self.ohms() },
            Element::Resistor { a: 1, b: 2, ohms: self.fixed },
        ]
    }

    fn draws(&self) -> bool {
        false
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("light", self.light);
        cx.show("ohms", self.ohms());
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        let number = value.as_number().unwrap_or_default();
        match name {
            "light" => self.light = number,
            _ => self.fixed = number,
        }
        cx.resistor(UPPER, self.ohms());
        cx.resistor(LOWER, self.fixed);
        cx.show("light", self.light);
        cx.show("ohms", self.ohms());
    }
}
