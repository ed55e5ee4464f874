//! What modules with an I2C chip have in common: four pins, and two resistors.

use crate::part::{Element, Pin, Rail, Role};
use alloc::vec::Vec;

/// The pins of such a module; its own follow them.
pub(super) const PINS: &[Pin] = &[
    Pin { name: "vcc", role: Role::Power(Rail::V3) },
    Pin { name: "gnd", role: Role::Ground },
    Pin { name: "scl", role: Role::Scl },
    Pin { name: "sda", role: Role::Sda },
];

/// The resistors that pull the bus up.
const PULL_UP_OHMS: f64 = 10_000.0;

/// What is between the pins of such a module.
pub(super) fn elements() -> Vec<Element> {
    let pull_up = |b| Element::Resistor { a: 0, b, ohms: PULL_UP_OHMS };
    alloc::vec![pull_up(2), pull_up(3)]
}
