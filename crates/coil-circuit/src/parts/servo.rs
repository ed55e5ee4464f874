//! A servo motor, which turns its horn to where the length of a pulse says.

use crate::part::{Context, Kind, Part, Pin, Rail, Role, Setting, Sort, Square};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::format;

/// `servo`
pub(super) static KIND: Kind = Kind {
    name: "servo",
    title: "Servo motor",
    text: "Turns its horn to an angle that the length of a pulse says, 50 times a second: 0.5 ms for 0 \
           degrees, 1.5 ms for the middle, 2.5 ms for 180. Use `machine.PWM` with `freq=50` and \
           `duty_ns`. It runs on 5 V.",
    picture: "servo",
    pins: &[
        Pin { name: "signal", role: Role::Input },
        Pin { name: "vcc", role: Role::Power(Rail::V5) },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[
        Setting {
            name: "least_us",
            is_fixed: false,
            sort: Sort::Number(300.0, 1500.0, 500.0),
            text: "The pulse for 0 degrees, in microseconds.",
        },
        Setting {
            name: "most_us",
            is_fixed: false,
            sort: Sort::Number(1500.0, 3000.0, 2500.0),
            text: "The pulse for 180 degrees, in microseconds.",
        },
    ],
    shows: &[("angle", "Where the horn is turned to, in degrees from 0 to 180.")],
    make: |settings| {
        Box::new(Servo {
            least_us: settings.number("least_us"),
            most_us: settings.number("most_us"),
            angle: None,
            rose_ns: None,
            wave: false,
        })
    },
};

/// The horn's full turn.
const TURN: f64 = 180.0;
/// Pulses shorter or longer than these are none of a servo's.
const PULSE_US: core::ops::RangeInclusive<f64> = 200.0..=3500.0;
/// The frequencies that a servo follows.
const FREQ_HZ: core::ops::RangeInclusive<f64> = 40.0..=350.0;

struct Servo {
    least_us: f64,
    most_us: f64,
    angle: Option<f64>,
    /// When the pulse began that is under way.
    rose_ns: Option<u64>,
    /// The PWM makes the pulses, and tells of them all at once.
    wave: bool,
}

impl Servo {
    fn turn(&mut self, cx: &mut Context<'_>, pulse_ns: u64) {
        let us = pulse_ns as f64 / 1000.0;
        if !PULSE_US.contains(&us) || !cx.is_powered() {
            return;
        }
        let part = (us - self.least_us) / (self.most_us - self.least_us).max(1.0);
        // A servo does not tell smaller steps apart.
        let angle = libm::round(part.clamp(0.0, 1.0) * TURN * 2.0) / 2.0;
        if self.angle.replace(angle) != Some(angle) {
            cx.show("angle", angle);
        }
    }
}

impl Part for Servo {
    fn set(&mut self, _: &mut Context<'_>, name: &str, value: &Value) {
        let us = value.as_number().unwrap_or_default();
        match name {
            "least_us" => self.least_us = us,
            _ => self.most_us = us,
        }
    }

    fn level(&mut self, cx: &mut Context<'_>, _: usize, level: bool) {
        let now = cx.now_ns();
        if level {
            self.rose_ns = Some(now);
        } else if let Some(rose) = self.rose_ns.take().filter(|_| !self.wave) {
            self.turn(cx, now.saturating_sub(rose));
        }
    }

    fn wave(&mut self, cx: &mut Context<'_>, pin: usize, wave: Option<Square>) {
        if pin != 0 {
            return;
        }
        self.wave = wave.is_some();
        self.rose_ns = None;
        let Some(Square { period_ns, high_ns }) = wave else { return };
        let freq = 1e9 / period_ns as f64;
        if FREQ_HZ.contains(&freq) {
            self.turn(cx, high_ns);
        } else {
            cx.fault(format!(
                "it gets pulses at {freq:.0} Hz and follows 50 Hz: use `PWM(pin, freq=50)`"
            ));
        }
    }
}
