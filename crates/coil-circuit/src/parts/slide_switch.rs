//! A switch that stays where it is pushed.

use crate::part::{Context, Element, Kind, Part, Pin, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// `slide-switch`
pub(super) static KIND: Kind = Kind {
    name: "slide-switch",
    title: "Slide switch",
    text: "Joins its middle pin with the one on the side it is pushed to. Wire `common` to a pin of the \
           board, `left` to 3V3 and `right` to GND; or only one side, with a pull-up or pull-down.",
    picture: "slide-switch",
    pins: &[
        Pin { name: "left", role: Role::Passive },
        Pin { name: "common", role: Role::Passive },
        Pin { name: "right", role: Role::Passive },
    ],
    settings: &[Setting {
        name: "position",
        is_fixed: false,
        sort: Sort::Choice(&["left", "right"]),
        text: "Where it is pushed to.",
    }],
    shows: &[("position", "Where it is: `left` or `right`.")],
    make: |settings| Box::new(SlideSwitch { is_right: settings.text("position") == "right" }),
};

/// The contacts.
const LEFT: usize = 0;
const RIGHT: usize = 1;
/// For how long neither side is joined while it moves.
const MOVE_NS: u64 = 2_000_000;

struct SlideSwitch {
    is_right: bool,
}

impl SlideSwitch {
    fn word(&self) -> &'static str {
        if self.is_right { "right" } else { "left" }
    }
}

impl Part for SlideSwitch {
    fn elements(&self) -> Vec<Element> {
        alloc::vec![
            Element::Contact { a: 0, b: 1, closed: !self.is_right },
            Element::Contact { a: 1, b: 2, closed: self.is_right },
        ]
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        cx.show("position", self.word());
    }

    fn set(&mut self, cx: &mut Context<'_>, _: &str, value: &Value) {
        let is_right = *value == Value::from("right");
        if is_right != self.is_right {
            self.is_right = is_right;
            cx.show("position", self.word());
            cx.contact(LEFT, false);
            cx.contact(RIGHT, false);
            cx.at(cx.now_ns() + MOVE_NS, 0);
        }
    }

    fn timer(&mut self, cx: &mut Context<'_>, _: u32) {
        cx.contact(LEFT, !self.is_right);
        cx.contact(RIGHT, self.is_right);
    }
}
