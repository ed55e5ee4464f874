//! The controllers that only transfer when they are told to: how they were set up last.

/// An I2C controller, as it was set up last; it outlives the interpreter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct I2cPort {
    /// It was set up since the chip left reset.
    pub known: bool,
    /// Clock pin.
    pub scl: u8,
    /// Data pin.
    pub sda: u8,
    /// Clocks in a second.
    pub freq: u32,
    /// Microseconds that it waits for a bus that is stuck.
    pub timeout_us: u32,
}

/// An SPI controller, as it was set up last; it outlives the interpreter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpiPort {
    /// It can transfer.
    pub live: bool,
    /// Clocks in a second.
    pub baudrate: u32,
    /// The clock rests high.
    pub polarity: u8,
    /// Bits are taken at the second edge.
    pub phase: u8,
    /// Bits of a word.
    pub bits: u8,
    /// 1 if the least significant bit goes first.
    pub firstbit: u8,
    /// Pins: SCK, MOSI, MISO; negative for none.
    pub pins: [i8; 3],
    /// A card has it.
    pub has_card: bool,
}
