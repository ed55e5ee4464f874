//! What is wired to a board on a workbench: devices on its buses, and wires between its pins.

use super::bus::{I2cDevice, I2cLines, SdCard, SpiDevice, SpiLines, UartDevice, UartFrame};
use super::{Event, Kind, Kinds, Stimulus, Wires};
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

struct OnI2c {
    lines: I2cLines,
    address: u16,
    device: Box<dyn I2cDevice + Send>,
}

struct OnSpi {
    lines: SpiLines,
    select: u8,
    selected: bool,
    device: Box<dyn SpiDevice + Send>,
}

struct OnUart {
    tx: u8,
    rx: u8,
    device: Box<dyn UartDevice + Send>,
}

/// The devices and wires around one board. It is empty at first.
#[derive(Default)]
pub struct Bench {
    i2c: Vec<OnI2c>,
    spi: Vec<OnSpi>,
    uart: Vec<OnUart>,
    /// A card, and the slot it is in; nothing for whichever is asked.
    card: Option<(Option<u8>, Box<dyn SdCard + Send>)>,
    /// What is to be done to the board next.
    deeds: VecDeque<Stimulus>,
}

impl core::fmt::Debug for Bench {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Bench")
            .field("i2c", &self.i2c.len())
            .field("spi", &self.spi.len())
            .field("uart", &self.uart.len())
            .field("card", &self.card.is_some())
            .finish_non_exhaustive()
    }
}

impl Bench {
    /// Joins two pins with a jumper wire.
    #[must_use]
    pub fn jumper(mut self, a: u8, b: u8) -> Self {
        self.deeds.push_back(Stimulus::Jumper { a, b, plugged: true });
        self
    }

    /// Puts a device on an I2C bus. It brings pull-up resistors along, as breakout boards do.
    #[must_use]
    pub fn i2c(
        mut self,
        lines: I2cLines,
        address: u16,
        device: impl I2cDevice + Send + 'static,
    ) -> Self {
        self.i2c.push(OnI2c { lines, address, device: Box::new(device) });
        self
    }

    /// Puts a device on an SPI bus, which listens while its select pin is low.
    #[must_use]
    pub fn spi(
        mut self,
        lines: SpiLines,
        select: u8,
        device: impl SpiDevice + Send + 'static,
    ) -> Self {
        self.spi.push(OnSpi { lines, select, selected: false, device: Box::new(device) });
        self
    }

    /// Wires a device to the pin that a UART sends on, and to the one that it listens on.
    #[must_use]
    pub fn uart(mut self, tx: u8, rx: u8, device: impl UartDevice + Send + 'static) -> Self {
        self.uart.push(OnUart { tx, rx, device: Box::new(device) });
        self
    }

    /// Puts a card into a slot of `machine.SDCard`; without one, into whichever the program opens.
    #[must_use]
    pub fn card(mut self, slot: Option<u8>, card: impl SdCard + Send + 'static) -> Self {
        self.card = Some((slot, Box::new(card)));
        self
    }

    fn select(&mut self, now: impl Fn(u8) -> Option<bool>) {
        for on in &mut self.spi {
            if let Some(level) = now(on.select)
                && on.selected == level
            {
                on.selected = !level;
                on.device.select(!level);
            }
        }
    }
}

impl Wires for Bench {
    fn emit(&mut self, _: u64, event: Event) {
        match event {
            Event::Pin { gpio, level } => self.select(|pin| (pin == gpio).then_some(level)),
            // Pins that nobody drives are pulled up by the devices.
            Event::Reset(_) => self.select(|_| Some(true)),
            _ => {}
        }
    }

    fn watches(&self) -> Kinds {
        if self.spi.is_empty() {
            Kinds::NONE
        } else {
            Kinds::of(Kind::Pin).or(Kinds::of(Kind::Reset))
        }
    }

    fn take(&mut self, now_ns: u64) -> Option<(u64, Stimulus)> {
        self.deeds.pop_front().map(|deed| (now_ns, deed))
    }

    fn i2c(&mut self, lines: I2cLines, address: u16) -> Option<&mut dyn I2cDevice> {
        let on = self.i2c.iter_mut().find(|on| on.lines == lines && on.address == address)?;
        Some(&mut *on.device)
    }

    fn has_pull_ups(&self, lines: I2cLines) -> bool {
        self.i2c.iter().any(|on| on.lines == lines)
    }

    fn spi(&mut self, lines: &SpiLines) -> Option<&mut dyn SpiDevice> {
        let on = self
            .spi
            .iter_mut()
            .find(|on| on.selected && on.lines.sck == lines.sck && on.lines.mosi == lines.mosi)?;
        Some(&mut *on.device)
    }

    fn listens(&self, tx: u8) -> bool {
        self.uart.iter().any(|on| on.tx == tx)
    }

    fn uart(&mut self, tx: u8, frame: &UartFrame, byte: u8) {
        for on in self.uart.iter_mut().filter(|on| on.tx == tx) {
            let bytes = on.device.receive(frame, byte);
            if !bytes.is_empty() {
                self.deeds.push_back(Stimulus::Uart { gpio: on.rx, bytes });
            }
        }
    }

    fn card(&mut self, slot: u8) -> Option<&mut dyn SdCard> {
        match &mut self.card {
            Some((there, card)) if there.is_none_or(|there| there == slot) => Some(&mut **card),
            _ => None,
        }
    }
}
