//! The kinds of events, and sets of them.

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the event of its name")]
pub enum Kind {
    Reset,
    SoftReset,
    Loader,
    Sleep,
    Wake,
    Pin,
    Input,
    Pwm,
    Adc,
    Dac,
    Bits,
    Pulses,
    Uart,
    I2c,
    Spi,
    OneWire,
    Dht,
    Print,
    Exception,
    NoMemory,
    Packet,
    Socket,
    IdfHeap,
    Part,
    Fault,
}

/// Every kind and the name it has in JSON, in the order of the kinds.
const NAMES: [(Kind, &str); 25] = [
    (Kind::Reset, "reset"),
    (Kind::SoftReset, "soft_reset"),
    (Kind::Loader, "loader"),
    (Kind::Sleep, "sleep"),
    (Kind::Wake, "wake"),
    (Kind::Pin, "pin"),
    (Kind::Input, "input"),
    (Kind::Pwm, "pwm"),
    (Kind::Adc, "adc"),
    (Kind::Dac, "dac"),
    (Kind::Bits, "bits"),
    (Kind::Pulses, "pulses"),
    (Kind::Uart, "uart"),
    (Kind::I2c, "i2c"),
    (Kind::Spi, "spi"),
    (Kind::OneWire, "onewire"),
    (Kind::Dht, "dht"),
    (Kind::Print, "print"),
    (Kind::Exception, "exception"),
    (Kind::NoMemory, "no_memory"),
    (Kind::Packet, "packet"),
    (Kind::Socket, "socket"),
    (Kind::IdfHeap, "idf_heap"),
    (Kind::Part, "part"),
    (Kind::Fault, "fault"),
];

impl Kind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|n| n.0)
    }

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// Whether such events happen on pins.
    pub const fn is_on_pins(self) -> bool {
        matches!(
            self,
            Self::Pin
                | Self::Input
                | Self::Pwm
                | Self::Adc
                | Self::Dac
                | Self::Bits
                | Self::Pulses
                | Self::Uart
                | Self::I2c
                | Self::Spi
                | Self::OneWire
                | Self::Dht
        )
    }

    /// The kind of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|n| n.1 == name).map(|n| n.0)
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Every kind.
    pub const ALL: Self = Self((1 << NAMES.len()) - 1);

    /// The kind alone.
    pub const fn of(kind: Kind) -> Self {
        Self(1 << kind as u32)
    }

    /// With those of another set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the kind is in it.
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u32 != 0
    }

    /// Whether there is none in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as a number, to be shared between threads.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set that [`Self::bits`] gave; kinds that there are not are left out.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, |set, kind| set.or(Self::of(kind)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_kinds() {
        for (i, kind) in Kind::all().enumerate() {
            assert_eq!(kind as usize, i);
            assert_eq!(Kind::of_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn a_set_has_what_was_put_in() {
        let set: Kinds = [Kind::Pin, Kind::Part].into_iter().collect();
        let there: alloc::vec::Vec<_> = Kind::all().filter(|&k| set.has(k)).collect();
        assert_eq!(there, [Kind::Pin, Kind::Part]);
        assert_eq!(Kinds::from_bits(u32::MAX), Kinds::ALL);
        assert!(Kind::all().all(|k| Kinds::ALL.has(k)));
    }
}
