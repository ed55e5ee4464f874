//! A resistor.

use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `resistor`
pub(super) static KIND: Kind = Kind {
    name: "resistor",
    title: "Resistor",
    text: "Limits current, pulls a pin up or down, or divides a voltage with another one. Its two ends are \
           alike.",
    picture: "resistor",
    pins: &[Pin { name: "a", role: Role::Passive }, Pin { name: "b", role: Role::Passive }],
    settings: &[Setting {
        name: "ohms",
        is_fixed: false,
        sort: Sort::Number(0.0, 1e7, 1000.0),
        text: "How much, in ohms.",
    }],
    shows: &[],
    make: |settings| Box::new(Resistor { ohms: settings.number("ohms") }),
};

struct Resistor {
    ohms: f64,
}

impl Part for Resistor {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![Element::Resistor { a: 0, b: 1, ohms: self.ohms }]
    }

    fn set(&mut self, cx: &mut Context<'_>, _: &str, value: &Value) {
        self.ohms = value.as_number().unwrap_or(self.ohms);
        cx.resistor(0, self.ohms);
    }
}
