//! A light-emitting diode with its resistor.

use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `led`
pub(super) static KIND: Kind = Kind {
    name: "led",
    title: "LED",
    text: "Lights when current flows from its anode (the longer leg) to its cathode. Its resistor is \
           built in; set `ohms` to 0 for one without, and wire a `resistor` of your own.",
    picture: "led",
    pins: &[
        Pin { name: "anode", role: Role::Passive },
        Pin { name: "cathode", role: Role::Passive },
    ],
    settings: &[
        Setting { name: "color", is_fixed: true, sort: Sort::Choice(COLORS), text: "Its colour." },
        Setting {
            name: "ohms",
            is_fixed: true,
            sort: Sort::Number(0.0, 1e6, 220.0),
            text: "The resistor before it, in ohms.",
        },
    ],
    shows: &[
        ("lit", "It can be seen to light."),
        ("brightness", "The mean current, from 0 to 1 at its rated 20 mA."),
    ],
    make: |settings| {
        Box::new(Led {
            volts: forward_volts(settings.text("color")),
            ohms: settings.number("ohms"),
            brightness: 0.0,
            told: false,
        })
    },
};

const COLORS: &[&str] = &["red", "green", "yellow", "blue", "white", "orange"];

/// What falls off at a diode of this colour.
pub(super) fn forward_volts(color: &str) -> f64 {
    match color {
        "red" | "orange" => 1.8,
        "yellow" => 2.0,
        "green" => 2.1,
        _ => 2.9,
    }
}

/// What a diode has of itself, beside its resistor.
pub(super) const OWN_OHMS: f64 = 5.0;
/// The current that it is made for, and the one that ends it.
const RATED_AMPS: f64 = 0.020;
const TOO_MUCH_AMPS: f64 = 0.030;
/// Less than this is not seen.
const SEEN_AMPS: f64 = 0.0002;

struct Led {
    volts: f64,
    ohms: f64,
    brightness: f64,
    told: bool,
}

impl Part for Led {
    fn elements(&self) -> Vec<Element> {
        let ohms = self.ohms + OWN_OHMS;
        alloc::vec![Element::Led { anode: 0, cathode: 1, volts: self.volts, ohms }]
    }

    fn tell_again(&mut self) {
        self.told = false;
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        // One that is on a supply lights before anything happens.
        cx.show("lit", self.brightness > 0.0);
        cx.show("brightness", self.brightness);
    }

    fn current(&mut self, cx: &mut Context<'_>, _: usize, amps: f64) {
        if let Some(why) = too_much(amps).filter(|_| !self.told) {
            self.told = true;
            cx.fault(why);
        }
        let before = self.brightness;
        self.brightness = brightness(amps);
        if (before > 0.0) != (self.brightness > 0.0) {
            cx.show("lit", self.brightness > 0.0);
        }
        if before != self.brightness {
            cx.show("brightness", self.brightness);
        }
    }
}

/// What is wrong with a current, if it is more than a diode stands.
pub(super) fn too_much(amps: f64) -> Option<String> {
    let milliamps = (amps * 1000.0 + 0.5) as u32;
    (amps > TOO_MUCH_AMPS).then(|| {
        format!("{milliamps} mA flow through it, more than it stands: put a resistor of 220 ohms before it")
    })
}

/// How bright a current is, in steps that an eye can tell; 0 for what is not seen.
pub(super) fn brightness(amps: f64) -> f64 {
    if amps < SEEN_AMPS {
        return 0.0;
    }
    let steps = (amps / RATED_AMPS * 1000.0).min(1000.0);
    (steps + 0.5) as u32 as f64 / 1000.0
}
