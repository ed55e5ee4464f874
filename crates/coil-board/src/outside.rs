//! What a board has around it, as traits: the host, or a test, stands behind them.

mod bench;
pub mod bus;
pub mod event;
mod radio;
mod ram_flash;
mod tls;

pub use bench::Bench;
pub use event::{Event, Kind, Kinds};
pub use radio::{
    AccessPoint, Addresses, Client, EAGAIN, EINPROGRESS, Errno, Link, Mac, NOT_STARTED, NoRadio,
    NowFrame, NowKeys, NowSent, Radio, Ready, SocketOption, SoftAp, Wanted,
};
pub use ram_flash::RamFlash;
pub use tls::{Datagrams, Tls, TlsClient, TlsFault, TlsSession};

pub use crate::chip::Pad;
pub use crate::chip::sensors::Sensor;
use alloc::string::String;
use alloc::vec::Vec;
use bus::{I2cDevice, I2cLines, SdCard, SpiDevice, SpiLines, UartFrame};

/// Something that is done to a board from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Stimulus {
    /// Something outside drives a pin; `None` lets go of it.
    Pin {
        /// Its number.
        gpio: u8,
        /// The level it is held at.
        level: Option<bool>,
    },
    /// A voltage is put on an analogue input.
    Voltage {
        /// Pin number.
        gpio: u8,
        /// Microvolts.
        microvolts: u32,
    },
    /// Bytes come in on a pin, at the rate of the UART that listens there.
    Uart {
        /// Pin number.
        gpio: u8,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A wire between two pins is plugged in or pulled out.
    Jumper {
        /// One end.
        a: u8,
        /// The other end.
        b: u8,
        /// It is there from now on.
        plugged: bool,
    },
    /// Something outside lets a pin go high and low again, faster than it could be told one by one. Only
    /// what counts sees it.
    Pulses {
        /// Its number.
        gpio: u8,
        /// How often.
        count: u32,
    },
    /// What a touch pad reads from now on; less is nearer.
    Touch {
        /// Pin number.
        gpio: u8,
        /// What it reads.
        value: u16,
    },
    /// What the thermometer in the chip reads from now on.
    Temperature {
        /// Degrees Fahrenheit.
        fahrenheit: u8,
    },
    /// A sensor with a protocol of its own is put on a pin, or reads something else from now on.
    Sensor {
        /// Pin number.
        gpio: u8,
        /// Which.
        sensor: Sensor,
    },
    /// A button of the board is pressed or let go: one of `devices/*.toml`, by its name.
    Button {
        /// Its name.
        name: String,
        /// It is down from now on.
        pressed: bool,
    },
    /// Somebody wants to know what it looks like: [`Wires::looked`] is told.
    Look,
    /// What is wired to its pins is about to change, or has changed: it asks what there is, and tells how its pins
    /// drive and pull, those included that nothing was wired to.
    LookAround,
    /// The lines of the serial port that the board's reset circuit hangs on are set (`chip/auto_reset.rs`).
    Lines {
        /// Data terminal ready.
        dtr: bool,
        /// Request to send.
        rts: bool,
    },
    /// Who speaks to the ROM's loader does so at this speed: the chip measures it.
    Speed {
        /// Bits in a second.
        baud: u32,
    },
    /// A request to synchronise came in on the console: somebody wants the ROM's loader.
    Sync,
    /// The last client of the serial port has closed it.
    HungUp,
    /// The voltage falls for a moment.
    BrownOut,
    /// The EN button, pressed and let go: the chip starts anew.
    Reset,
    /// The power goes: the board ends.
    PowerOff,
}

/// Who listens on a board's console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The firmware and its programs; a request to synchronise among what they hear is for the loader ([`Stimulus::Sync`]).
    Firmware,
    /// The ROM's loader: everything is for it.
    Loader,
}

/// The wires of a board: what is done to its pins, who answers on its buses, and who watches. Without
/// more said, nobody answers.
pub trait Wires {
    /// Tells an event and when it happened, in nanoseconds since power on.
    fn emit(&mut self, at_ns: u64, event: Event);
    /// The kinds of events that anybody here cares for; others need not be told. It may change at any
    /// time: the board asks again at its poll points.
    fn watches(&self) -> Kinds {
        Kinds::ALL
    }

    /// The next thing that was done to the board, and when: up to this moment, in nanoseconds since
    /// power on and in order. What has no time of its own was done now.
    fn take(&mut self, now_ns: u64) -> Option<(u64, Stimulus)>;

    /// When something is to be taken next, as far as that is known: a board that waits looks then.
    fn next_ns(&self) -> Option<u64> {
        None
    }

    /// Bits of the pins that something is wired to: of others [`Self::pad`] need not be told. It may
    /// change at any time, as for [`Self::watches`].
    fn wired(&self) -> u64 {
        0
    }

    /// The board drives or pulls a pin in another way from now on, its level included.
    fn pad(&mut self, at_ns: u64, gpio: u8, pad: Pad) {
        let _ = (at_ns, gpio, pad);
    }

    /// The voltage on an analogue input, in microvolts; without an answer it is what a stimulus has put there.
    fn microvolts(&mut self, at_ns: u64, gpio: u8) -> Option<u32> {
        let _ = (at_ns, gpio);
        None
    }

    /// What is read from an input that nothing drives and nothing pulls; without an answer, low.
    fn noise(&mut self, at_ns: u64, gpio: u8) -> Option<bool> {
        let _ = (at_ns, gpio);
        None
    }

    /// Who listens on the console from now on.
    fn hears(&mut self, who: Listener) {
        let _ = who;
    }

    /// What the board looks like, which [`Stimulus::Look`] has asked for.
    fn looked(&mut self, view: crate::look::View) {
        let _ = view;
    }

    /// The device with an address on an I2C bus.
    fn i2c(&mut self, lines: I2cLines, address: u16) -> Option<&mut dyn I2cDevice> {
        let _ = (lines, address);
        None
    }

    /// Whether resistors outside pull the wires of an I2C bus up.
    fn has_pull_ups(&self, lines: I2cLines) -> bool {
        let _ = lines;
        false
    }

    /// The device on an SPI bus that is selected now.
    fn spi(&mut self, lines: &SpiLines) -> Option<&mut dyn SpiDevice> {
        let _ = lines;
        None
    }

    /// Whether someone wants to know what a UART sends on a pin, when it has been sent.
    fn listens(&self, tx: u8) -> bool {
        let _ = tx;
        false
    }

    /// A UART has sent a character on a pin.
    fn uart(&mut self, tx: u8, frame: &UartFrame, byte: u8) {
        let _ = (tx, frame, byte);
    }

    /// The card in a slot of `machine.SDCard`.
    fn card(&mut self, slot: u8) -> Option<&mut dyn SdCard> {
        let _ = slot;
        None
    }
}

/// No wires at all.
#[derive(Debug, Default)]
pub struct NoWires;

impl Wires for NoWires {
    fn emit(&mut self, _: u64, _: Event) {}
    fn watches(&self) -> Kinds {
        Kinds::NONE
    }
    fn take(&mut self, _: u64) -> Option<(u64, Stimulus)> {
        None
    }
}

/// Why a flash operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashError {
    /// Beyond the end.
    Range,
    /// The image behind it cannot be read or written.
    Io,
}

/// A NOR flash chip: erased bytes are 0xff, programming only clears bits.
pub trait Flash {
    /// Its size.
    fn len(&self) -> u32;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Reads.
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError>;
    /// Programs.
    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), FlashError>;
    /// Erases whole sectors of 4096 bytes.
    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError>;
}
