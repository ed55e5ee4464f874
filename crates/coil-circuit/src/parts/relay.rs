//! A relay: a contact that a coil moves.

use crate::part::{Context, Element, Kind, Part, Pin, Rail, Role, Setting, Sort, Source};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `relay`
pub(super) static KIND: Kind = Kind {
    name: "relay",
    title: "Relay module",
    text: "A contact that the board switches, apart from the board's own circuit: `com` is joined with `nc` \
           at rest and with `no` while the coil is on. A transistor drives the coil, so a pin of the board \
           can be wired to `in`. It takes some milliseconds, and runs on 5 V.",
    picture: "relay",
    pins: &[
        Pin { name: "in", role: Role::Input },
        Pin { name: "vcc", role: Role::Power(Rail::V5) },
        Pin { name: "gnd", role: Role::Ground },
        Pin { name: "com", role: Role::Passive },
        Pin { name: "no", role: Role::Passive },
        Pin { name: "nc", role: Role::Passive },
    ],
    settings: &[Setting {
        name: "active",
        is_fixed: false,
        sort: Sort::Choice(&["high", "low"]),
        text: "The level of `in` that switches it on.",
    }],
    shows: &[("on", "The coil is on: `com` is joined with `no`.")],
    make: |settings| {
        Box::new(Relay { active: settings.text("active") == "high", is_on: false, round: 0 })
    },
};

const IN: usize = 0;
/// The contacts.
const OPEN_AT_REST: usize = 0;
const CLOSED_AT_REST: usize = 1;
/// How long the contact takes to leave one side, and to arrive at the other.
const LEAVE_NS: u64 = 3_000_000;
const ARRIVE_NS: u64 = 7_000_000;
/// What keeps it off while nothing is wired to `in`.
const REST_OHMS: f64 = 47_000.0;

struct Relay {
    active: bool,
    is_on: bool,
    /// Tells the moments of this movement from those of earlier ones.
    round: u32,
}

impl Relay {
    fn follow(&mut self, cx: &mut Context<'_>) {
        let is_on = cx.is_powered() && cx.level(IN) == self.active;
        if is_on == self.is_on {
            return;
        }
        self.is_on = is_on;
        self.round = self.round.wrapping_add(2) & !1;
        cx.show("on", is_on);
        cx.at(cx.now_ns() + LEAVE_NS, self.round);
        cx.at(cx.now_ns() + ARRIVE_NS, self.round | 1);
    }
}

impl Part for Relay {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![
            Element::Contact { a: 3, b: 4, closed: false },
            Element::Contact { a: 3, b: 5, closed: true },
        ]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("on", self.is_on);
        cx.drive(IN, Some(Source::pull(!self.active, REST_OHMS)));
    }

    fn set(&mut self, cx: &mut Context<'_>, _: &str, value: &crate::value::Value) {
        self.active = *value == crate::value::Value::from("high");
        cx.drive(IN, Some(Source::pull(!self.active, REST_OHMS)));
        self.follow(cx);
    }

    fn level(&mut self, cx: &mut Context<'_>, _: usize, _: bool) {
        self.follow(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.follow(cx);
    }

    fn timer(&mut self, cx: &mut Context<'_>, token: u32) {
        if token & !1 != self.round {
            return;
        }
        let has_arrived = token & 1 == 1;
        cx.contact(OPEN_AT_REST, has_arrived && self.is_on);
        cx.contact(CLOSED_AT_REST, has_arrived && !self.is_on);
    }
}
