//! A push button whose contact bounces.

use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `button`
pub(super) static KIND: Kind = Kind {
    name: "button",
    title: "Push button",
    text: "Joins its two pins while it is pressed. Wire one to a pin of the board with a pull-up, and the \
           other to GND: it reads 0 while it is pressed. The contact bounces for a few milliseconds, as a \
           real one does.",
    picture: "button",
    pins: &[Pin { name: "a", role: Role::Passive }, Pin { name: "b", role: Role::Passive }],
    settings: &[
        Setting {
            name: "pressed",
            is_fixed: false,
            sort: Sort::Flag(false),
            text: "Somebody holds it down.",
        },
        Setting {
            name: "bounce",
            is_fixed: false,
            sort: Sort::Number(0.0, 50.0, 3.0),
            text: "For how long it bounces, in milliseconds; 0 for a contact that does not.",
        },
    ],
    shows: &[("pressed", "Somebody holds it down.")],
    make: |settings| {
        Box::new(Button {
            pressed: settings.flag("pressed"),
            closed: settings.flag("pressed"),
            bounce_ns: (settings.number("bounce") * 1e6) as u64,
            until_ns: 0,
            round: 0,
        })
    },
};

/// The contact.
const CONTACT: usize = 0;
/// The shortest time between two bounces.
const BOUNCE_LEAST_NS: u64 = 20_000;
/// How many bounces at most a press has.
const BOUNCES: u64 = 6;

struct Button {
    pressed: bool,
    closed: bool,
    bounce_ns: u64,
    /// When it comes to rest.
    until_ns: u64,
    /// Tells the moments of this press from those of earlier ones.
    round: u32,
}

impl Button {
    /// Makes or breaks the contact, and finds out when it does so next.
    fn bounce(&mut self, cx: &mut Context<'_>) {
        self.closed = !self.closed;
        cx.contact(CONTACT, self.closed);
        let left = self.until_ns.saturating_sub(cx.now_ns());
        let pause = BOUNCE_LEAST_NS + cx.chance(2 * self.bounce_ns / BOUNCES);
        if pause < left {
            cx.at(cx.now_ns() + pause, self.round);
        } else if self.closed != self.pressed {
            cx.at(self.until_ns, self.round);
        }
    }
}

impl Part for Button {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![Element::Contact { a: 0, b: 1, closed: self.closed }]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("pressed", self.pressed);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        match (name, value) {
            ("pressed", Value::Bool(pressed)) if *pressed != self.pressed => {
                self.pressed = *pressed;
                self.round = self.round.wrapping_add(1);
                cx.show("pressed", self.pressed);
                self.until_ns = cx.now_ns() + self.bounce_ns;
                if self.closed != self.pressed {
                    self.bounce(cx);
                }
            }
            ("bounce", value) => {
                self.bounce_ns = (value.as_number().unwrap_or(0.0) * 1e6) as u64;
            }
            _ => {}
        }
    }

    fn timer(&mut self, cx: &mut Context<'_>, token: u32) {
        if token == self.round {
            self.bounce(cx);
        }
    }
}
