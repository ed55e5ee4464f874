//! A buzzer, with a tone of its own or without.

use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort, Square};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `buzzer`
pub(super) static KIND: Kind = Kind {
    name: "buzzer",
    title: "Buzzer",
    text: "A passive one sounds at the frequency of the wave it gets: use `machine.PWM`, or switch a pin \
           by hand. An active one has a tone of its own, and sounds while its pin is high.",
    picture: "buzzer",
    pins: &[Pin { name: "signal", role: Role::Input }, Pin { name: "gnd", role: Role::Ground }],
    settings: &[
        Setting {
            name: "type",
            is_fixed: false,
            sort: Sort::Choice(&["passive", "active"]),
            text: "Whether it has a tone of its own.",
        },
        Setting {
            name: "tone",
            is_fixed: false,
            sort: Sort::Number(100.0, 10_000.0, 2300.0),
            text: "The tone of an active one, in Hz.",
        },
    ],
    shows: &[("tone", "What it sounds at, in Hz; 0 while it is silent.")],
    make: |settings| {
        let own = settings.number("tone");
        Box::new(Buzzer {
            own: (settings.text("type") == "active").then_some(own),
            tone: 0.0,
            rose_ns: None,
            wave: None,
            level: false,
        })
    },
};

/// What can be heard, in Hz.
const HEARD_HZ: core::ops::RangeInclusive<f64> = 20.0..=20_000.0;
/// The moment after which a wave made by hand is over.
const SILENCE_NS: u64 = 50_000_000;
/// The resistance of its coil and what is before it.
const OHMS: f64 = 500.0;

struct Buzzer {
    /// The tone of an active one.
    own: Option<f64>,
    tone: f64,
    rose_ns: Option<u64>,
    wave: Option<Square>,
    level: bool,
}

impl Buzzer {
    fn sound(&mut self, cx: &mut Context<'_>, tone: f64) {
        let tone = libm::round(tone);
        let tone = if HEARD_HZ.contains(&tone) { tone } else { 0.0 };
        // An ear does not hear less of a difference, and pulses by hand are never quite even.
        if tone != self.tone && (tone == 0.0 || (tone - self.tone).abs() > self.tone / 100.0) {
            self.tone = tone;
            cx.show("tone", tone);
        }
    }
}

impl Part for Buzzer {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![Element::Resistor { a: 0, b: 1, ohms: OHMS }]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("tone", self.tone);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &crate::value::Value) {
        match name {
            "tone" if self.own.is_some() => self.own = value.as_number(),
            "type" => {
                let is_active = *value == crate::value::Value::from("active");
                self.own = is_active.then_some(self.own.unwrap_or(2300.0));
            }
            _ => {}
        }
        let tone = self.own.filter(|_| self.level).unwrap_or(0.0);
        self.sound(cx, tone);
    }

    fn level(&mut self, cx: &mut Context<'_>, _: usize, level: bool) {
        self.level = level;
        if let Some(own) = self.own {
            return self.sound(cx, if level { own } else { 0.0 });
        }
        if !level || self.wave.is_some() {
            return;
        }
        let now = cx.now_ns();
        if let Some(rose) = self.rose_ns.replace(now)
            && now > rose
        {
            self.sound(cx, 1e9 / (now - rose) as f64);
        }
        cx.at(now + SILENCE_NS, 0);
    }

    fn wave(&mut self, cx: &mut Context<'_>, pin: usize, wave: Option<Square>) {
        if pin != 0 {
            return;
        }
        self.wave = wave;
        self.rose_ns = None;
        let tone = match (wave, self.own) {
            (Some(_), Some(own)) => own,
            (Some(wave), None) => 1e9 / wave.period_ns as f64,
            (None, own) => own.filter(|_| self.level).unwrap_or(0.0),
        };
        self.sound(cx, tone);
    }

    fn timer(&mut self, cx: &mut Context<'_>, _: u32) {
        let is_over = self.rose_ns.is_some_and(|rose| cx.now_ns() >= rose + SILENCE_NS);
        if is_over && self.wave.is_none() && self.own.is_none() {
            self.rose_ns = None;
            self.sound(cx, 0.0);
        }
    }
}
