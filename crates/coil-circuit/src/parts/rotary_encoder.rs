//! A knob that turns without an end, and can be pressed.

use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `rotary-encoder`
pub(super) static KIND: Kind = Kind {
    name: "rotary-encoder",
    title: "Rotary encoder",
    text: "A knob (as a KY-040) with steps to be felt: each lets `clk` and `dt` go low and high again, \
           `clk` first if it is turned clockwise, `dt` first if not. Pressed, it joins `sw` with GND: give \
           that pin a pull-up; the others have one.",
    picture: "rotary-encoder",
    pins: &[
        Pin { name: "clk", role: Role::Passive },
        Pin { name: "dt", role: Role::Passive },
        Pin { name: "sw", role: Role::Passive },
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[
        Setting {
            name: "position",
            is_fixed: false,
            sort: Sort::Int(-10_000, 10_000, 0),
            text: "Where it is turned to, in steps; it gets there at 250 steps in a second.",
        },
        Setting {
            name: "pressed",
            is_fixed: false,
            sort: Sort::Flag(false),
            text: "Somebody holds it down.",
        },
    ],
    shows: &[("position", "Where it is, in steps."), ("pressed", "Somebody holds it down.")],
    make: |settings| {
        Box::new(RotaryEncoder {
            at: 4 * settings.int("position"),
            target: 4 * settings.int("position"),
            pressed: settings.flag("pressed"),
            turns: false,
        })
    },
};

/// The contacts.
const CLK: usize = 0;
const DT: usize = 1;
const SW: usize = 2;
/// The resistors to the supply.
const PULL_UP_OHMS: f64 = 10_000.0;
/// A quarter of a step.
const QUARTER_NS: u64 = 1_000_000;

struct RotaryEncoder {
    /// Where it is and where it will be, in quarters of a step.
    at: i64,
    target: i64,
    pressed: bool,
    turns: bool,
}

impl Part for RotaryEncoder {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![
            Element::Contact { a: 0, b: 4, closed: false },
            Element::Contact { a: 1, b: 4, closed: false },
            Element::Contact { a: 2, b: 4, closed: self.pressed },
            Element::Resistor { a: 0, b: 3, ohms: PULL_UP_OHMS },
            Element::Resistor { a: 1, b: 3, ohms: PULL_UP_OHMS },
        ]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("position", self.at / 4);
        cx.show("pressed", self.pressed);
    }

    fn set(&mut self, cx: &mut Context<'_>, _: &str, value: &Value) {
        match value {
            Value::Int(position) => {
                self.target = 4 * position;
                if !core::mem::replace(&mut self.turns, true) {
                    self.timer(cx, 0);
                }
            }
            Value::Bool(pressed) => {
                self.pressed = *pressed;
                cx.contact(SW, self.pressed);
                cx.show("pressed", self.pressed);
            }
            _ => {}
        }
    }

    fn timer(&mut self, cx: &mut Context<'_>, _: u32) {
        self.at += (self.target - self.at).signum();
        let quarter = self.at.rem_euclid(4);
        cx.contact(CLK, matches!(quarter, 1 | 2));
        cx.contact(DT, matches!(quarter, 2 | 3));
        if quarter == 0 {
            cx.show("position", self.at / 4);
        }
        self.turns = self.at != self.target;
        if self.turns {
            cx.at(cx.now_ns() + QUARTER_NS, 0);
        }
    }
}
