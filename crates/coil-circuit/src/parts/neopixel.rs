//! Lights in a row that take their colours as bits: WS2812B and its kin.

use crate::part::{Context, Kind, Part, Pin, Rail, Role, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

/// `neopixel`
pub(super) static KIND: Kind = Kind {
    name: "neopixel",
    title: "NeoPixel strip",
    text: "Lights in a row (WS2812B), each of any colour. Wire `din` to a pin and use `neopixel.NeoPixel`. \
           A light that gets nothing keeps its colour. At full white each takes 60 mA.",
    picture: "neopixel",
    pins: &[
        Pin { name: "din", role: Role::Input },
        Pin { name: "vcc", role: Role::Power(Rail::V5) },
        Pin { name: "gnd", role: Role::Ground },
    ],
    settings: &[
        Setting {
            name: "count",
            is_fixed: false,
            sort: Sort::Int(1, 1024, 8),
            text: "How many lights there are.",
        },
        Setting {
            name: "order",
            is_fixed: false,
            sort: Sort::Choice(&["grb", "rgb", "grbw", "rgbw"]),
            text: "In which order a light takes its colours; with `w` they are four.",
        },
    ],
    shows: &[
        (
            "pixels",
            "Red, green and blue (and white) of each light, a byte each, as hexadecimal digits.",
        ),
        ("lit", "How many lights are not dark."),
    ],
    make: |settings| Box::new(Strip::new(settings.int("count"), settings.text("order"))),
};

/// How long the first part of a zero and of a one may be, in nanoseconds: where it is less a zero is
/// taken for nothing, where it is more for the other one.
const ZERO_HIGH_NS: core::ops::RangeInclusive<u32> = 150..=550;
const ONE_HIGH_NS: core::ops::RangeInclusive<u32> = 600..=1100;
/// A pause of this length is the end: bits with one in each are as good as none.
const LATCH_NS: u32 = 9_000;

struct Strip {
    count: usize,
    order: Vec<u8>,
    /// In the order red, green, blue, white.
    pixels: Vec<u8>,
}

impl Strip {
    fn new(count: i64, order: &str) -> Self {
        let (count, order) = (count.clamp(1, 1024) as usize, order.as_bytes().to_vec());
        let pixels = alloc::vec![0; count * order.len()];
        Self { count, order, pixels }
    }

    fn show(&self, cx: &mut Context<'_>) {
        let lit = self.pixels.chunks(self.order.len()).filter(|p| p.iter().any(|c| *c != 0));
        cx.show("lit", lit.count() as i64);
        cx.show("pixels", self.pixels.clone());
    }
}

impl Part for Strip {
    fn start(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        match (name, value) {
            ("count", Value::Int(count)) => {
                self.count = (*count).clamp(1, 1024) as usize;
                self.pixels.resize(self.count * self.order.len(), 0);
            }
            ("order", Value::Text(order)) => *self = Self::new(self.count as i64, order),
            _ => {}
        }
        self.show(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.pixels.fill(0);
        self.show(cx);
    }

    fn bits(&mut self, cx: &mut Context<'_>, pin: usize, timing_ns: [u32; 4], bytes: &[u8]) {
        let [zero_high, zero_low, one_high, one_low] = timing_ns;
        if pin != 0 {
            return;
        }
        if !ZERO_HIGH_NS.contains(&zero_high)
            || !ONE_HIGH_NS.contains(&one_high)
            || zero_low.max(one_low) > LATCH_NS
        {
            cx.fault(format!(
                "it does not understand bits of {zero_high} and {one_high} ns; it takes 400 and 800 \
                 (`timing=1` of NeoPixel)"
            ));
            return;
        }
        let width = self.order.len();
        // A light takes whole colours alone.
        let whole = bytes.len() / width * width;
        for (n, byte) in bytes[..whole].iter().take(self.pixels.len()).enumerate() {
            let place = b"rgbw".iter().position(|c| *c == self.order[n % width]).unwrap_or(0);
            self.pixels[n / width * width + place] = *byte;
        }
        self.show(cx);
    }
}
