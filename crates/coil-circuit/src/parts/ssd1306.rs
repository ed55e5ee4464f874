//! A small display on I2C: SSD1306. What its commands do to its memory is in `ssd1306/controller.rs`.

mod controller;

use super::i2c_module;
use crate::part::{Context, Element, Kind, Part, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;
use coil_board::outside::bus::I2cDevice;
use controller::Controller;

/// `ssd1306`
pub(super) static KIND: Kind = Kind {
    name: "ssd1306",
    title: "SSD1306 OLED display",
    text: "A display of 128x64 or 128x32 dots. A byte 0x80 or 0x00 announces commands, 0x40 content: a byte \
           is eight dots below each other, the lowest bit on top. Use it with the driver `ssd1306` of \
           micropython-lib and its `SSD1306_I2C`. It stays dark until it is switched on (0xaf) and its charge \
           pump as well (0x8d, 0x14). The resistors of the bus are built in.",
    picture: "ssd1306",
    pins: i2c_module::PINS,
    settings: &[
        Setting {
            name: "size",
            is_fixed: false,
            sort: Sort::Choice(&["128x64", "128x32"]),
            text: "How many dots it has.",
        },
        Setting {
            name: "address",
            is_fixed: false,
            sort: Sort::Int(0x3c, 0x3d, 0x3c),
            text: "Its address, 60 or 61.",
        },
    ],
    shows: &[
        (
            "pixels",
            "The dots as they are seen, from the left of the uppermost line on, eight in a byte with the \
             leftmost highest, as hexadecimal digits; all dark while it is off.",
        ),
        ("lit", "How many dots light."),
        ("contrast", "How bright they are, 0 to 255."),
    ],
    make: |settings| {
        Box::new(Ssd1306 {
            address: settings.int("address") as u16,
            link: Link {
                controller: Controller::default(),
                height: height(settings.text("size")),
                ..Link::default()
            },
            told: false,
        })
    },
};

fn height(size: &str) -> usize {
    if size == "128x32" { 32 } else { 64 }
}

struct Ssd1306 {
    address: u16,
    link: Link,
    told: bool,
}

/// What the next byte on the bus is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// It says what follows.
    #[default]
    Control,
    /// A single command or byte of content.
    One { content: bool },
    /// Commands or content up to the end.
    All { content: bool },
}

/// The controller on its bus.
#[derive(Default)]
struct Link {
    controller: Controller,
    height: usize,
    next: Next,
    is_changed: bool,
}

impl I2cDevice for Link {
    fn start(&mut self, _: bool) -> bool {
        self.next = Next::Control;
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        let content = match self.next {
            Next::Control => {
                let content = byte & 0x40 != 0;
                let is_one = byte & 0x80 != 0;
                self.next = if is_one { Next::One { content } } else { Next::All { content } };
                return true;
            }
            Next::One { content } => {
                self.next = Next::Control;
                content
            }
            Next::All { content } => content,
        };
        if content {
            self.controller.store(byte);
        } else {
            self.controller.command(byte);
        }
        self.is_changed = true;
        true
    }

    /// The status: whether it is off.
    fn read(&mut self) -> u8 {
        if self.controller.is_on { 0x03 } else { 0x43 }
    }
}

impl Ssd1306 {
    fn show(&mut self, cx: &mut Context<'_>) {
        let controller = &self.link.controller;
        let pixels = controller.image(self.link.height);
        let lit: u32 = pixels.iter().map(|b| b.count_ones()).sum();
        cx.show("lit", i64::from(lit));
        cx.show("contrast", i64::from(controller.contrast));
        if controller.is_on && !controller.has_charge && !self.told {
            self.told = true;
            cx.fault(
                "it is on and stays dark without its charge pump: send 0x8d, 0x14 before 0xaf"
                    .into(),
            );
        }
        cx.show("pixels", pixels);
    }
}

impl Part for Ssd1306 {
    fn elements(&self) -> Vec<Element> {
        i2c_module::elements()
    }

    fn tell_again(&mut self) {
        self.told = false;
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn power(&mut self, cx: &mut Context<'_>) {
        self.link.controller = Controller::default();
        self.show(cx);
    }

    fn set(&mut self, cx: &mut Context<'_>, _: &str, value: &Value) {
        match value {
            Value::Text(size) => self.link.height = height(size),
            Value::Int(address) => self.address = *address as u16,
            _ => {}
        }
        self.show(cx);
    }

    fn served(&mut self, cx: &mut Context<'_>) {
        if core::mem::take(&mut self.link.is_changed) {
            self.show(cx);
        }
    }

    fn i2c(&mut self, address: u16) -> Option<&mut dyn I2cDevice> {
        (address == self.address).then_some(&mut self.link)
    }
}
