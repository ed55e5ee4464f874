//! What a board looks like, for those who draw it: its shape, and what can be wired to its headers.

use crate::plan::on_header;
use alloc::vec::Vec;
use coil_board::{Device, Shape};
use serde::Serialize;

/// A picture of a board: places and sizes in millimetres, from its upper left corner.
#[derive(Debug, Serialize)]
pub struct Picture<'a> {
    name: &'a str,
    title: &'a str,
    chip: &'a str,
    size: [f64; 2],
    headers: Vec<Header<'a>>,
    led: Option<Led<'a>>,
    buttons: Vec<Button<'a>>,
    usb: Usb<'a>,
    module: Module,
}

#[derive(Debug, Serialize)]
struct Header<'a> {
    name: &'a str,
    at: [f64; 2],
    step: [f64; 2],
    pins: Vec<Pin<'a>>,
}

#[derive(Debug, Serialize)]
struct Pin<'a> {
    /// What is printed beside it.
    label: &'a str,
    /// What wires call it; nothing where nothing can be wired.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpio: Option<u8>,
}

#[derive(Debug, Serialize)]
struct Led<'a> {
    gpio: u8,
    at: [f64; 2],
    color: &'a str,
}

#[derive(Debug, Serialize)]
struct Button<'a> {
    name: &'a str,
    /// The pin that it pulls low; without one it resets the chip.
    #[serde(skip_serializing_if = "Option::is_none")]
    gpio: Option<u8>,
    at: [f64; 2],
}

#[derive(Debug, Serialize)]
struct Usb<'a> {
    at: [f64; 2],
    side: &'a str,
}

#[derive(Debug, Serialize)]
struct Module {
    at: [f64; 2],
    size: [f64; 2],
}

impl<'a> Picture<'a> {
    /// That of a board that is shaped like this.
    pub fn new(device: &'a Device, shape: &'a Shape) -> Self {
        let pin = |label: &'a str| {
            let (end, gpio) = on_header(device, label).unzip();
            Pin { label, end, gpio: gpio.flatten() }
        };
        let header = |h: &'a coil_board::Header| Header {
            name: &h.name,
            at: h.at,
            step: h.step,
            pins: h.pins.iter().map(|label| pin(label)).collect(),
        };
        let button = |b: &'a coil_board::Button| {
            Some(Button { name: &b.name, gpio: b.gpio, at: *shape.buttons.get(&b.name)? })
        };
        let led = device.led.zip(shape.led.as_ref());
        Self {
            name: &device.name,
            title: &device.title,
            chip: &device.chip,
            size: shape.size,
            headers: shape.headers.iter().map(header).collect(),
            led: led.map(|(gpio, (at, color))| Led { gpio, at: *at, color }),
            buttons: device.buttons.iter().filter_map(button).collect(),
            usb: Usb { at: shape.usb.0, side: &shape.usb.1 },
            module: Module { at: shape.module.0, size: shape.module.1 },
        }
    }
}
