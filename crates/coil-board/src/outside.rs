//! What a board has around it, as traits: the host, or a test, stands behind them.

mod bench;
pub mod bus;
mod radio;
mod ram_flash;
mod tls;

pub use bench::Bench;
pub use radio::{
    AccessPoint, Addresses, EAGAIN, EINPROGRESS, Errno, Link, NoRadio, Radio, Ready, SocketOption,
};
pub use ram_flash::RamFlash;
pub use tls::{Datagrams, Tls, TlsClient, TlsFault, TlsSession};

use crate::chip::ResetCause;
use crate::chip::power::WakeReason;
pub use crate::chip::sensors::Sensor;
use alloc::string::String;
use alloc::vec::Vec;
use bus::{I2cDevice, I2cLines, SdCard, SpiDevice, SpiLines, UartFrame};

/// Something that happened on a board, as observers see it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The chip left reset.
    Reset(ResetCause),
    /// The firmware restarted its interpreter.
    SoftReset,
    /// A pin that the board drives changed its level.
    Pin {
        /// Its number.
        gpio: u8,
        /// Its new level.
        level: bool,
    },
    /// A PWM channel was set.
    Pwm {
        /// Pin number.
        gpio: u8,
        /// Frequency in Hz.
        freq: u32,
        /// Duty, 0 to 65535.
        duty_u16: u16,
    },
    /// An analogue input was read.
    Adc {
        /// Pin number.
        gpio: u8,
        /// Microvolts at the pin.
        microvolts: u32,
    },
    /// The board went to sleep.
    Sleep {
        /// Nothing goes on after it; the chip starts anew.
        deep: bool,
    },
    /// Something woke it.
    Wake(WakeReason),
    /// The output of a converter was set.
    Dac {
        /// Pin number.
        gpio: u8,
        /// From 0 to 255: no voltage to all of it.
        value: u8,
    },
    /// Bits left a pin as pulses of two kinds, as lights in a row take them.
    Bits {
        /// Pin number.
        gpio: u8,
        /// Nanoseconds high and low of a zero, and of a one.
        timing_ns: [u32; 4],
        /// The bits, each byte's highest first.
        bytes: Vec<u8>,
    },
    /// A pin was made to pulse.
    Pulses {
        /// Pin number.
        gpio: u8,
        /// Levels, and for how many nanoseconds each.
        levels: Vec<(bool, u32)>,
        /// How often they are repeated; negative for ever.
        repeats: i32,
    },
    /// A program gave bytes to a UART other than the console's, which sends them one after the other.
    Uart {
        /// Which.
        id: u8,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Bytes went over an I2C bus, after its start or after those of the last such event.
    I2c {
        /// Its wires.
        lines: I2cLines,
        /// The address that was called.
        address: u16,
        /// The board reads.
        read: bool,
        /// What was sent, or what was read.
        bytes: Vec<u8>,
        /// How many of the bytes were acknowledged; nothing if nobody answered to the address.
        acked: Option<usize>,
    },
    /// Bytes went over an SPI bus.
    Spi {
        /// Its wires.
        lines: SpiLines,
        /// What the board sent, the most significant bit first on the wire.
        out: Vec<u8>,
        /// What came back at the same time.
        back: Vec<u8>,
    },
}

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
    /// The voltage falls for a moment.
    BrownOut,
    /// The EN button, pressed and let go: the chip starts anew.
    Reset,
    /// The power goes: the board ends.
    PowerOff,
}

/// The wires of a board: what is done to its pins, who answers on its buses, and who watches. Without
/// more said, nobody answers.
pub trait Wires {
    /// Tells an event and when it happened, in nanoseconds since power on.
    fn emit(&mut self, at_ns: u64, event: Event);
    /// The next thing that was done to the board.
    fn take(&mut self) -> Option<Stimulus>;

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
    fn take(&mut self) -> Option<Stimulus> {
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
