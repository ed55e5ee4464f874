//! Four digits on two wires: TM1637.

use super::segments::character;
use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Source};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// `tm1637`
pub(super) static KIND: Kind = Kind {
    name: "tm1637",
    title: "TM1637 4-digit display",
    text: "Four 7-segment digits with a colon, on two pins that are switched by hand: a start (`dio` falls \
           while `clk` is high), bytes with their lowest bit first, each acknowledged, a stop. Commands: \
           0x40 digits follow, 0xc0 + n from digit n on, 0x88 + n on with brightness n. The resistors to \
           the supply are built in.",
    picture: "tm1637",
    pins: &[
        Pin { name: "clk", role: Role::Input },
        Pin { name: "dio", role: Role::Input },
        Pin { name: "vcc", role: Role::Power(Rail::V3) },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[],
    shows: &[
        ("text", "What people read from the digits, with `:` where the colon lights."),
        ("segments", "The segments of each digit, a byte each with `a` the lowest bit."),
        ("brightness", "From 1 to 8; 0 while it is off."),
    ],
    make: |_| Box::new(Tm1637::default()),
};

const CLK: usize = 0;
const DIO: usize = 1;
/// The resistors to the supply.
const PULL_UP_OHMS: f64 = 10_000.0;
/// The output that acknowledges: it can take a few milliamperes.
const ACK: Source = Source { volts: 0.0, ohms: 300.0 };
/// Places of its memory; four of them are digits here.
const PLACES: usize = 6;
const DIGITS: usize = 4;
/// Bits of a byte, and the clock after them that acknowledges.
const BITS: u8 = 8;

/// What the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// Nobody has started.
    #[default]
    Nothing,
    /// A command.
    Command,
    /// The segments of a place.
    Segments(usize),
    /// The keys are read.
    Keys,
}

#[derive(Default)]
struct Tm1637 {
    places: [u8; PLACES],
    /// Each byte goes to the next place.
    stays: bool,
    reads_keys: bool,
    control: u8,
    next: Next,
    byte: u8,
    bits: u8,
}

impl Tm1637 {
    fn start_byte(&mut self, next: Next) {
        self.next = next;
        (self.byte, self.bits) = (0, 0);
    }

    /// A whole byte has arrived.
    fn obey(&mut self) {
        match self.next {
            Next::Command => match self.byte >> 6 {
                0b01 => {
                    self.stays = self.byte & 4 != 0;
                    self.reads_keys = self.byte & 3 == 2;
                    let next = if self.reads_keys { Next::Keys } else { Next::Command };
                    self.start_byte(next);
                }
                0b10 => {
                    self.control = self.byte & 0xf;
                    self.start_byte(Next::Command);
                }
                0b11 => self.start_byte(Next::Segments(usize::from(self.byte & 7))),
                _ => self.start_byte(Next::Command),
            },
            Next::Segments(at) => {
                if let Some(place) = self.places.get_mut(at) {
                    *place = self.byte;
                }
                let next = if self.stays { at } else { (at + 1) % PLACES };
                self.start_byte(Next::Segments(next));
            }
            next => self.start_byte(next),
        }
    }

    fn show(&self, cx: &mut Context<'_>) {
        let is_on = self.control & 8 != 0;
        let digits = if is_on { &self.places[..DIGITS] } else { &[0; DIGITS] };
        let mut text = String::new();
        for (n, segments) in digits.iter().enumerate() {
            text.push(character(*segments));
            // The colon is where the second digit's point would be.
            if n == 1 && segments & 0x80 != 0 {
                text.push(':');
            }
        }
        cx.show("segments", digits.to_vec());
        cx.show("text", text);
        cx.show("brightness", if is_on { i64::from(self.control & 7) + 1 } else { 0 });
    }

    fn clock(&mut self, cx: &mut Context<'_>, level: bool) {
        match (level, self.bits) {
            (true, 0..BITS) => {
                self.byte = self.byte >> 1 | if cx.level(DIO) { 0x80 } else { 0 };
                self.bits += 1;
            }
            // The byte is there: acknowledged until the ninth clock falls. Keys read as not pressed.
            (false, BITS) => {
                self.bits += 1;
                cx.drive(DIO, Some(ACK));
            }
            (false, 9..) => {
                cx.drive(DIO, None);
                self.obey();
            }
            _ => {}
        }
    }
}

impl Part for Tm1637 {
    fn elements(&self) -> Vec<Element> {
        let pull_up = |a| Element::Resistor { a, b: 2, ohms: PULL_UP_OHMS };
        alloc::vec![pull_up(CLK), pull_up(DIO)]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        *self = Self::default();
        cx.drive(DIO, None);
        self.show(cx);
    }

    fn level(&mut self, cx: &mut Context<'_>, pin: usize, level: bool) {
        match pin {
            CLK if self.next != Next::Nothing => self.clock(cx, level),
            DIO if cx.level(CLK) => {
                if level {
                    // A stop: what has arrived can be seen.
                    cx.drive(DIO, None);
                    self.start_byte(Next::Nothing);
                    self.show(cx);
                } else {
                    self.start_byte(Next::Command);
                }
            }
            _ => {}
        }
    }
}
