//! What leaves a board as an event, for whoever watches it: all that can be observed of it.

mod kind;
mod record;

pub use kind::{Kind, Kinds};
pub use record::Record;

use super::bus::{I2cLines, SpiLines, UartFrame};
use crate::chip::ResetCause;
use crate::chip::power::WakeReason;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Something that happened on a board, as observers see it. As JSON it is an object whose member
/// `event` is the name of its [`Kind`]; `docs/events.md` describes each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The chip left reset.
    #[serde(with = "record::cause")]
    Reset(ResetCause),
    /// The firmware restarted its interpreter.
    SoftReset,
    /// The ROM's loader listens on the console; there is no firmware until the next reset.
    Loader,
    /// The board went to sleep.
    Sleep {
        /// Nothing goes on after it; the chip starts anew.
        deep: bool,
    },
    /// Something woke it.
    #[serde(with = "record::reason")]
    Wake(WakeReason),
    /// A pin that the board drives changed its level.
    Pin {
        /// Its number.
        gpio: u8,
        /// Its new level.
        #[serde(with = "record::bit")]
        level: bool,
    },
    /// Something outside changed the level of a pin that the board listens to.
    Input {
        /// Its number.
        gpio: u8,
        /// Its new level.
        #[serde(with = "record::bit")]
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
        #[serde(with = "record::hex")]
        bytes: Vec<u8>,
    },
    /// A pin was made to pulse.
    Pulses {
        /// Pin number.
        gpio: u8,
        /// Levels, and for how many nanoseconds each.
        #[serde(with = "record::levels")]
        levels: Vec<(bool, u32)>,
        /// How often they are repeated; negative for ever.
        repeats: i32,
    },
    /// A program gave bytes to a UART other than the console's, which sends them one after the other.
    Uart {
        /// Which.
        id: u8,
        /// The pin it sends on, if it has one.
        tx: Option<u8>,
        /// How its characters look.
        #[serde(flatten)]
        frame: UartFrame,
        /// The bytes.
        #[serde(with = "record::hex")]
        bytes: Vec<u8>,
    },
    /// Bytes went over an I2C bus, after its start or after those of the last such event.
    I2c {
        /// Its wires.
        #[serde(flatten)]
        lines: I2cLines,
        /// Clocks in a second.
        freq: u32,
        /// The bus was started, or started again, and the address went over it before the bytes.
        start: bool,
        /// The address that was called.
        address: u16,
        /// The board reads.
        read: bool,
        /// What was sent, or what was read.
        #[serde(with = "record::hex")]
        bytes: Vec<u8>,
        /// How many of the bytes were acknowledged; nothing if nobody answered to the address.
        acked: Option<usize>,
        /// The bus was stopped after them.
        stop: bool,
    },
    /// Bytes went over an SPI bus.
    Spi {
        /// Its wires.
        #[serde(flatten)]
        lines: SpiLines,
        /// Clocks in a second.
        freq: u32,
        /// 0 to 3: 2 if the clock rests high, and 1 if bits are taken at the second edge.
        mode: u8,
        /// What the board sent, the most significant bit first on the wire.
        #[serde(with = "record::hex")]
        out: Vec<u8>,
        /// What came back at the same time.
        #[serde(with = "record::hex")]
        back: Vec<u8>,
    },
    /// Something went over a 1-Wire bus.
    #[serde(rename = "onewire")]
    OneWire {
        /// Pin number.
        gpio: u8,
        /// What.
        #[serde(flatten)]
        action: OneWire,
    },
    /// A sensor of the DHT family was asked.
    Dht {
        /// Pin number.
        gpio: u8,
        /// Its five bytes; none if nobody answered.
        #[serde(with = "record::hex")]
        bytes: Vec<u8>,
    },
    /// The program wrote to the console.
    Print {
        /// What, with lines that end in LF; at most [`PRINT_MAX`] bytes, longer texts come in parts.
        #[serde(flatten, with = "record::text")]
        bytes: Vec<u8>,
    },
    /// An exception ended a program, or what an interrupt, a thread or a finaliser had called.
    Exception {
        /// Its class.
        kind: String,
        /// What it ended: `main.py`, `boot.py`, a program's name, `<stdin>`, `handler`, `thread`, `__del__`.
        origin: Cow<'static, str>,
        /// The traceback as it was printed, with lines that end in LF.
        text: String,
    },
    /// Memory for an object was asked for and not to be had: MemoryError, whether the program
    /// handles it or not.
    NoMemory {
        /// Bytes that were asked for.
        bytes: u32,
        /// Bytes that were free, in pieces that were too small.
        free: u32,
    },
    /// A frame went over the air.
    Packet {
        /// The board sent it; otherwise it was sent to the board.
        sent: bool,
        /// Bytes of the frame.
        bytes: u32,
        /// The innermost protocol that is known: `arp`, `ip`, `icmp`, `udp`, `tcp`, `dhcp`, `dns`, `ntp`, `http`, `tls`, `dtls`.
        protocol: Cow<'static, str>,
        /// Address and, where there is one, port of the sender.
        from: String,
        /// The same of the receiver.
        to: String,
        /// The frame in one line: `TCP 192.168.4.2:50000 > 10.0.0.1:80 [SYN]`.
        summary: String,
    },
    /// A socket was opened, or closed. A reset closes all of them without a word.
    Socket {
        /// The radio's number of it.
        socket: u32,
        /// It was opened; otherwise it was closed.
        opened: bool,
        /// `tcp` or `udp`.
        kind: Cow<'static, str>,
        /// Sockets that are open now.
        open: u32,
        /// Where the program opened it: file, line and function of the calls that were under way, the innermost first.
        calls: Vec<String>,
    },
    /// Of the chip's memory beside Python's, some was taken or given back: TLS sessions are there.
    IdfHeap {
        /// Bytes that are free now.
        free: u32,
        /// The fewest that were ever free.
        lowest: u32,
        /// Where the program took it, as with sockets; nothing when it was given back.
        calls: Vec<String>,
    },
    /// A part that is wired to the board shows something.
    Part {
        /// The part's name on its bench.
        part: String,
        /// What of it.
        name: Cow<'static, str>,
        /// What it is now.
        value: PartValue,
    },
    /// Something is wrong with what is wired to the board.
    Fault {
        /// The part that it is about; nothing if it is about the board's pins.
        part: Option<String>,
        /// What happens, why, and what to do.
        text: String,
    },
}

/// Bytes of a print at most.
pub const PRINT_MAX: usize = 4096;

/// What goes over a 1-Wire bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum OneWire {
    /// A reset.
    Reset {
        /// Somebody answered.
        present: bool,
    },
    /// The board read bits.
    Read {
        /// How many, 1 or 8.
        bits: u8,
        /// Them, the first lowest.
        value: u8,
    },
    /// The board wrote bits.
    Write {
        /// How many, 1 or 8.
        bits: u8,
        /// Them, the first lowest.
        value: u8,
    },
}

/// What a part shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PartValue {
    /// Whether it is on.
    Switch(bool),
    /// How often, how many.
    Count(i64),
    /// How much. A finite one: JSON has no other.
    Amount(f64),
    /// What it says.
    Text(String),
}

impl core::fmt::Display for PartValue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Switch(on) => on.fmt(f),
            Self::Count(n) => n.fmt(f),
            Self::Amount(n) => n.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl Event {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Reset(_) => Kind::Reset,
            Self::SoftReset => Kind::SoftReset,
            Self::Loader => Kind::Loader,
            Self::Sleep { .. } => Kind::Sleep,
            Self::Wake(_) => Kind::Wake,
            Self::Pin { .. } => Kind::Pin,
            Self::Input { .. } => Kind::Input,
            Self::Pwm { .. } => Kind::Pwm,
            Self::Adc { .. } => Kind::Adc,
            Self::Dac { .. } => Kind::Dac,
            Self::Bits { .. } => Kind::Bits,
            Self::Pulses { .. } => Kind::Pulses,
            Self::Uart { .. } => Kind::Uart,
            Self::I2c { .. } => Kind::I2c,
            Self::Spi { .. } => Kind::Spi,
            Self::OneWire { .. } => Kind::OneWire,
            Self::Dht { .. } => Kind::Dht,
            Self::Print { .. } => Kind::Print,
            Self::Exception { .. } => Kind::Exception,
            Self::NoMemory { .. } => Kind::NoMemory,
            Self::Packet { .. } => Kind::Packet,
            Self::Socket { .. } => Kind::Socket,
            Self::IdfHeap { .. } => Kind::IdfHeap,
            Self::Part { .. } => Kind::Part,
            Self::Fault { .. } => Kind::Fault,
        }
    }

    /// How many bytes of data it carries, beside a few fields.
    pub fn payload_bytes(&self) -> usize {
        match self {
            Self::Bits { bytes, .. }
            | Self::Uart { bytes, .. }
            | Self::I2c { bytes, .. }
            | Self::Dht { bytes, .. }
            | Self::Print { bytes } => bytes.len(),
            Self::Pulses { levels, .. } => levels.len() * size_of::<(bool, u32)>(),
            Self::Spi { out, back, .. } => out.len() + back.len(),
            Self::Exception { text, .. } => text.len(),
            Self::Packet { summary, .. } => summary.len(),
            Self::Socket { calls, .. } | Self::IdfHeap { calls, .. } => {
                calls.iter().map(String::len).sum()
            }
            Self::Part { value: PartValue::Text(text), .. } => text.len(),
            _ => 0,
        }
    }

    /// Whether it happened on a pin, as one of several for buses.
    pub fn is_on(&self, pin: u8) -> bool {
        match self {
            Self::Pin { gpio, .. }
            | Self::Input { gpio, .. }
            | Self::Pwm { gpio, .. }
            | Self::Adc { gpio, .. }
            | Self::Dac { gpio, .. }
            | Self::Bits { gpio, .. }
            | Self::Pulses { gpio, .. }
            | Self::OneWire { gpio, .. }
            | Self::Dht { gpio, .. } => *gpio == pin,
            Self::Uart { tx, .. } => *tx == Some(pin),
            Self::I2c { lines, .. } => lines.scl == pin || lines.sda == pin,
            Self::Spi { lines, .. } => [lines.sck, lines.mosi, lines.miso].contains(&Some(pin)),
            _ => false,
        }
    }
}
