//! What leaves a board as an event, for whoever watches it.

use super::bus::{I2cLines, SpiLines};
use crate::chip::ResetCause;
use crate::chip::power::WakeReason;
use alloc::vec::Vec;

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
    /// Something outside changed the level of a pin that the board listens to.
    Input {
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
