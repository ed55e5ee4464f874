//! A resistor with a wiper.

use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `potentiometer`
pub(super) static KIND: Kind = Kind {
    name: "potentiometer",
    title: "Potentiometer",
    text: "A voltage to be set by hand: its wiper has a part of what is between its ends, which belong on \
           3V3 and GND. Read it with `machine.ADC`.",
    picture: "potentiometer",
    pins: &[
        Pin { name: "vcc", role: Role::Power(crate::part::Rail::V3) },
        Pin { name: "wiper", role: Role::Passive },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[
        Setting {
            name: "position",
            is_fixed: false,
            sort: Sort::Number(0.0, 1.0, 0.5),
            text: "Where the wiper is, from 0 at GND to 1.",
        },
        Setting {
            name: "ohms",
            is_fixed: false,
            sort: Sort::Number(100.0, 1e6, 10_000.0),
            text: "From end to end, in ohms.",
        },
    ],
    shows: &[("position", "Where the wiper is, from 0 to 1.")],
    make: |settings| {
        Box::new(Potentiometer {
            position: settings.number("position"),
            ohms: settings.number("ohms"),
        })
    },
};

/// The elements: above the wiper and below it.
const UPPER: usize = 0;
const LOWER: usize = 1;
/// What is left of the resistor at its ends.
const END_OHMS: f64 = 1.0;

struct Potentiometer {
    position: f64,
    ohms: f64,
}

impl Potentiometer {
    fn halves(&self) -> [f64; 2] {
        [1.0 - self.position, self.position].map(|part| part * self.ohms + END_OHMS)
    }
}

impl Part for Potentiometer {
    fn elements(&self) -> Vec<Element> {
        let [upper, lower] = self.halves();
        alloc::vec![
            Element::Resistor { a: 0, b: 1, ohms: upper },
            Element::Resistor { a: 1, b: 2, ohms: lower },
        ]
    }

    fn draws(&self) -> bool {
        false
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("position", self.position);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        let number = value.as_number().unwrap_or_default();
        match name {
            "position" => {
                self.position = number;
                cx.show("position", number);
            }
            _ => self.ohms = number,
        }
        let [upper, lower] = self.halves();
        cx.resistor(UPPER, upper);
        cx.resistor(LOWER, lower);
    }
}
