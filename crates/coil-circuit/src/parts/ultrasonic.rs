//! An ultrasonic ranger: HC-SR04.

use crate::part::{Context, Kind, Part, Pin, Rail, Role, Setting, Sort, Source};
use crate::value::Value;
use alloc::boxed::Box;

/// `ultrasonic`
pub(super) static KIND: Kind = Kind {
    name: "ultrasonic",
    title: "HC-SR04 ultrasonic ranger",
    text: "Measures a distance: after `trig` was high for 10 microseconds, `echo` is high for as long as \
           sound takes there and back, 58 microseconds per centimetre. Read it with \
           `machine.time_pulse_us`. It runs on 5 V and so does `echo`: put a divider of two resistors \
           before the board's pin.",
    picture: "ultrasonic",
    pins: &[
        Pin { name: "vcc", role: Role::Power(Rail::V5) },
        Pin { name: "trig", role: Role::Input },
        Pin { name: "echo", role: Role::Passive },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[Setting {
        name: "distance",
        is_fixed: false,
        sort: Sort::Number(0.0, 1000.0, 100.0),
        text: "What is before it, in centimetres: 2 to 400 can be measured.",
    }],
    shows: &[("distance", "What is before it, in centimetres.")],
    make: |settings| {
        Box::new(Ultrasonic {
            distance: settings.number("distance"),
            rose_ns: None,
            state: State::Rest,
        })
    },
};

const VCC: usize = 0;
const ECHO: usize = 2;
/// How long the trigger has to be.
const TRIGGER_NS: u64 = 10_000;
/// From its end to the echo: eight rounds of 40 kHz, and the chip's own time.
const BURST_NS: u64 = 450_000;
/// There and back, at 343 metres in a second.
const NS_PER_CM: f64 = 2.0 * 1e7 / 343.0;
/// Nearer than this is not told apart, and from farther than that nothing comes back.
const NEAREST_CM: f64 = 2.0;
const FARTHEST_CM: f64 = 400.0;
const NOTHING_NS: u64 = 38_000_000;
/// The resistance of its output.
const OUTPUT_OHMS: f64 = 200.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Rest,
    Sending,
    Listening,
}

struct Ultrasonic {
    distance: f64,
    rose_ns: Option<u64>,
    state: State,
}

impl Ultrasonic {
    fn echo(&self, cx: &mut Context<'_>, level: bool) {
        let volts = if level { cx.volts(VCC) } else { 0.0 };
        cx.drive(ECHO, Some(Source { volts, ohms: OUTPUT_OHMS }));
    }

    fn flight_ns(&self) -> u64 {
        if self.distance > FARTHEST_CM {
            return NOTHING_NS;
        }
        (self.distance.max(NEAREST_CM) * NS_PER_CM) as u64
    }
}

impl Part for Ultrasonic {
    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("distance", self.distance);
        self.echo(cx, false);
    }

    fn set(&mut self, cx: &mut Context<'_>, _: &str, value: &Value) {
        self.distance = value.as_number().unwrap_or(self.distance);
        cx.show("distance", self.distance);
    }

    fn level(&mut self, cx: &mut Context<'_>, _: usize, level: bool) {
        let now = cx.now_ns();
        if level {
            self.rose_ns = Some(now);
        } else if let Some(rose) = self.rose_ns.take()
            && self.state == State::Rest
            && now - rose >= TRIGGER_NS
        {
            self.state = State::Sending;
            cx.at(now + BURST_NS, 0);
        }
    }

    fn timer(&mut self, cx: &mut Context<'_>, _: u32) {
        match self.state {
            State::Sending => {
                self.state = State::Listening;
                self.echo(cx, true);
                cx.at(cx.now_ns() + self.flight_ns(), 0);
            }
            _ => {
                self.state = State::Rest;
                self.echo(cx, false);
            }
        }
    }
}
