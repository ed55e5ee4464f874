//! A digit of seven lights and a point.

use super::led::{OWN_OHMS, brightness, forward_volts, too_much};
use super::segments::character;
use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `seven-segment`
pub(super) static KIND: Kind = Kind {
    name: "seven-segment",
    title: "7-segment display",
    text: "One digit of seven LEDs, `a` at the top, then clockwise to `f`, `g` in the middle, and the point \
           `dp`. With a common cathode wire `com` to GND, with a common anode to 3V3. Eight resistors are \
           built in.",
    picture: "seven-segment",
    pins: &[
        Pin { name: "a", role: Role::Passive },
        Pin { name: "b", role: Role::Passive },
        Pin { name: "c", role: Role::Passive },
        Pin { name: "d", role: Role::Passive },
        Pin { name: "e", role: Role::Passive },
        Pin { name: "f", role: Role::Passive },
        Pin { name: "g", role: Role::Passive },
        Pin { name: "dp", role: Role::Passive },
        Pin { name: "com", role: Role::Passive },
    ],
    settings: &[
        Setting {
            name: "common",
            is_fixed: true,
            sort: Sort::Choice(&["cathode", "anode"]),
            text: "Which leg the LEDs share.",
        },
        Setting {
            name: "ohms",
            is_fixed: true,
            sort: Sort::Number(0.0, 1e6, 220.0),
            text: "The resistor before each, in ohms.",
        },
    ],
    shows: &[
        ("segments", "The letters of the segments that light, `.` for the point."),
        ("digit", "What people read; `?` for what is no character."),
    ],
    make: |settings| {
        Box::new(SevenSegment {
            common_anode: settings.text("common") == "anode",
            ohms: settings.number("ohms"),
            lit: 0,
            told: false,
        })
    },
};

const COMMON: usize = 8;
const COLOR: &str = "red";

struct SevenSegment {
    common_anode: bool,
    ohms: f64,
    /// A bit per segment.
    lit: u8,
    told: bool,
}

impl SevenSegment {
    fn show(&self, cx: &mut Context<'_>) {
        let names = "abcdefg.".chars().enumerate();
        let text: String = names.filter(|(n, _)| self.lit >> n & 1 != 0).map(|(_, c)| c).collect();
        cx.show("segments", text);
        cx.show("digit", format!("{}", character(self.lit)));
    }
}

impl Part for SevenSegment {
    fn elements(&self) -> Vec<Element> {
        let (volts, ohms) = (forward_volts(COLOR), self.ohms + OWN_OHMS);
        let led = |pin| {
            let (anode, cathode) = if self.common_anode { (COMMON, pin) } else { (pin, COMMON) };
            Element::Led { anode, cathode, volts, ohms }
        };
        (0..COMMON).map(led).collect()
    }

    fn tell_again(&mut self) {
        self.told = false;
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn current(&mut self, cx: &mut Context<'_>, element: usize, amps: f64) {
        if let Some(why) = too_much(amps).filter(|_| !self.told) {
            self.told = true;
            cx.fault(why);
        }
        let bit = 1u8.checked_shl(element as u32).unwrap_or(0);
        let lit = if brightness(amps) > 0.0 { self.lit | bit } else { self.lit & !bit };
        if core::mem::replace(&mut self.lit, lit) != lit {
            self.show(cx);
        }
    }
}
