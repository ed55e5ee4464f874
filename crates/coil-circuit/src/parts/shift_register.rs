//! Eight outputs from three wires: 74HC595.

use crate::part::{Context, Kind, Part, Pin, Rail, Role, Source};
use alloc::boxed::Box;

/// `shift-register`
pub(super) static KIND: Kind = Kind {
    name: "shift-register",
    title: "74HC595 shift register",
    text: "Eight outputs from three pins: at every rising edge of `srclk` the level of `ser` moves in, and \
           at the rising edge of `rclk` the eight bits appear at `qa` (the last that came in) to `qh`. Switch \
           the pins by hand, or send bytes with `machine.SPI`. For more outputs wire `qhs` to `ser` of the \
           next one. `srclr` is pulled high and `oe` low where nothing is wired to them.",
    picture: "shift-register",
    pins: &[
        Pin { name: "ser", role: Role::Input },
        Pin { name: "srclk", role: Role::Input },
        Pin { name: "rclk", role: Role::Input },
        Pin { name: "srclr", role: Role::Input },
        Pin { name: "oe", role: Role::Input },
        Pin { name: "qa", role: Role::Passive },
        Pin { name: "qb", role: Role::Passive },
        Pin { name: "qc", role: Role::Passive },
        Pin { name: "qd", role: Role::Passive },
        Pin { name: "qe", role: Role::Passive },
        Pin { name: "qf", role: Role::Passive },
        Pin { name: "qg", role: Role::Passive },
        Pin { name: "qh", role: Role::Passive },
        Pin { name: "qhs", role: Role::Passive },
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[],
    shows: &[("outputs", "The eight outputs as a number, `qa` its lowest bit.")],
    make: |_| Box::new(ShiftRegister { shift: 0, outputs: 0 }),
};

const SER: usize = 0;
const SRCLK: usize = 1;
const RCLK: usize = 2;
const SRCLR: usize = 3;
const OE: usize = 4;
const QA: usize = 5;
const QHS: usize = 13;
const VCC: usize = 14;
/// What holds the pins that are mostly left alone.
const REST_OHMS: f64 = 100_000.0;
/// The resistance of its outputs.
const OUTPUT_OHMS: f64 = 50.0;

struct ShiftRegister {
    shift: u8,
    outputs: u8,
}

impl ShiftRegister {
    fn output(cx: &Context<'_>, level: bool) -> Source {
        Source { volts: if level { cx.volts(VCC) } else { 0.0 }, ohms: OUTPUT_OHMS }
    }

    fn put(&self, cx: &mut Context<'_>) {
        let is_enabled = !cx.level(OE);
        for n in 0..8 {
            let source = Self::output(cx, self.outputs >> n & 1 != 0);
            cx.drive(QA + n, is_enabled.then_some(source));
        }
        cx.show("outputs", i64::from(self.outputs));
    }

    fn pass_on(&self, cx: &mut Context<'_>) {
        let source = Self::output(cx, self.shift & 0x80 != 0);
        cx.drive(QHS, Some(source));
    }
}

impl Part for ShiftRegister {
    fn start(&mut self, cx: &mut Context<'_>) {
        cx.drive(SRCLR, Some(Source::pull(true, REST_OHMS)));
        cx.drive(OE, Some(Source::pull(false, REST_OHMS)));
        self.power(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        // What is in it after power on is chance.
        self.shift = cx.chance(256) as u8;
        self.outputs = cx.chance(256) as u8;
        self.pass_on(cx);
        self.put(cx);
    }

    fn counts_edges(&self, pin: usize) -> bool {
        matches!(pin, SRCLK | RCLK)
    }

    fn level(&mut self, cx: &mut Context<'_>, pin: usize, level: bool) {
        match (pin, level) {
            (SRCLK, true) if cx.level(SRCLR) => {
                self.shift = self.shift << 1 | u8::from(cx.level(SER));
                self.pass_on(cx);
            }
            (SRCLR, false) => {
                self.shift = 0;
                self.pass_on(cx);
            }
            (RCLK, true) => {
                self.outputs = self.shift;
                self.put(cx);
            }
            (OE, _) => self.put(cx),
            _ => {}
        }
    }
}
