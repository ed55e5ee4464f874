//! Three light-emitting diodes in one case, with a leg in common.

use super::led::{OWN_OHMS, brightness, forward_volts, too_much};
use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

/// `rgb-led`
pub(super) static KIND: Kind = Kind {
    name: "rgb-led",
    title: "RGB LED",
    text: "Three LEDs in one case. With a common cathode wire `common` to GND, and a pin lights its colour \
           when it is high; with a common anode wire it to 3V3, and low lights. Dim them with \
           `machine.PWM` to mix colours. Three resistors are built in.",
    picture: "rgb-led",
    pins: &[
        Pin { name: "red", role: Role::Passive },
        Pin { name: "green", role: Role::Passive },
        Pin { name: "blue", role: Role::Passive },
        Pin { name: "common", role: Role::Passive },
    ],
    settings: &[
        Setting {
            name: "common",
            is_fixed: true,
            sort: Sort::Choice(&["cathode", "anode"]),
            text: "Which leg the three share.",
        },
        Setting {
            name: "ohms",
            is_fixed: true,
            sort: Sort::Number(0.0, 1e6, 220.0),
            text: "The resistor before each, in ohms.",
        },
    ],
    shows: &[
        ("red", "The mean current of the red one, from 0 to 1 at its rated 20 mA."),
        ("green", "The same of the green one."),
        ("blue", "The same of the blue one."),
    ],
    make: |settings| {
        Box::new(RgbLed {
            common_anode: settings.text("common") == "anode",
            ohms: settings.number("ohms"),
            bright: [0.0; 3],
            told: false,
        })
    },
};

/// The colours, in the order of their pins.
const COLORS: [&str; 3] = ["red", "green", "blue"];
const COMMON: usize = 3;

struct RgbLed {
    common_anode: bool,
    ohms: f64,
    bright: [f64; 3],
    told: bool,
}

impl Part for RgbLed {
    fn elements(&self) -> Vec<Element> {
        let ohms = self.ohms + OWN_OHMS;
        let led = |(pin, color): (usize, &&str)| {
            let (anode, cathode) = if self.common_anode { (COMMON, pin) } else { (pin, COMMON) };
            Element::Led { anode, cathode, volts: forward_volts(color), ohms }
        };
        COLORS.iter().enumerate().map(led).collect()
    }

    fn tell_again(&mut self) {
        self.told = false;
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        for (color, bright) in COLORS.iter().zip(self.bright) {
            cx.show(color, bright);
        }
    }

    fn current(&mut self, cx: &mut Context<'_>, element: usize, amps: f64) {
        let (Some(color), Some(before)) = (COLORS.get(element), self.bright.get_mut(element))
        else {
            return;
        };
        if let Some(why) = too_much(amps).filter(|_| !self.told) {
            self.told = true;
            cx.fault(format!("{color}: {why}"));
        }
        let bright = brightness(amps);
        if core::mem::replace(before, bright) != bright {
            cx.show(color, bright);
        }
    }
}
