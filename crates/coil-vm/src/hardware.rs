//! The chip around the machine: what is at addresses where no bytes of a program are, and what a
//! processor does that cannot go on. Without a chip such things raise.

use crate::types;
use crate::vm::{Raised, Vm};

/// An access to an address where no bytes of the program are.
#[derive(Clone, Copy, Debug)]
pub struct Bus {
    /// The address.
    pub address: u32,
    /// How many bytes: 1, 2 or 4.
    pub size: u32,
    /// What is to be stored; nothing for a load.
    pub store: Option<u32>,
}

impl Bus {
    /// The fault of an access to an address where nothing is.
    pub fn prohibited(self) -> Fault {
        match self.store {
            Some(_) => Fault::StoreProhibited(self.address),
            None => Fault::LoadProhibited(self.address),
        }
    }
}

/// What stops the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A load from this address, where nothing is.
    LoadProhibited(u32),
    /// A store to this address, where nothing is or nothing can be stored.
    StoreProhibited(u32),
    /// An access to less than a word at this address, where only words can be had.
    LoadStoreError(u32),
    /// An access at this address, which no word starts at, where only whole words can be had.
    LoadStoreAlignment(u32),
    /// A division of machine integers by zero.
    IntegerDivideByZero,
}

impl Fault {
    /// What the processor's maker calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoadProhibited(_) => "LoadProhibited",
            Self::StoreProhibited(_) => "StoreProhibited",
            Self::LoadStoreError(_) => "LoadStoreError",
            Self::LoadStoreAlignment(_) => "LoadStoreAlignment",
            Self::IntegerDivideByZero => "IntegerDivideByZero",
        }
    }

    /// The number of it in the processor's register `EXCCAUSE`.
    pub const fn cause(self) -> u32 {
        match self {
            Self::LoadStoreError(_) => 3,
            Self::IntegerDivideByZero => 6,
            Self::LoadStoreAlignment(_) => 9,
            Self::LoadProhibited(_) => 28,
            Self::StoreProhibited(_) => 29,
        }
    }

    /// The address that it is about, as in the register `EXCVADDR`; 0 where there is none.
    pub const fn address(self) -> u32 {
        match self {
            Self::LoadProhibited(at)
            | Self::StoreProhibited(at)
            | Self::LoadStoreError(at)
            | Self::LoadStoreAlignment(at) => at,
            Self::IntegerDivideByZero => 0,
        }
    }
}

/// A chip, for the machine that runs on it.
#[derive(Debug)]
pub struct Hardware {
    /// Loads, or stores and answers 0.
    pub access: fn(&mut Vm, Bus) -> Result<u32, Raised>,
    /// Stops the program.
    pub fault: fn(&mut Vm, Fault) -> Raised,
}

impl Vm {
    /// Asks the chip for an address where no bytes of the program are.
    #[cold]
    pub(crate) fn bus(&mut self, bus: Bus) -> Result<u32, Raised> {
        match self.hardware {
            Some(chip) => (chip.access)(self, bus),
            None => Err(self.crash(bus.prohibited())),
        }
    }

    /// What a processor does that cannot go on: the chip says. Without one an exception does.
    #[cold]
    pub fn crash(&mut self, fault: Fault) -> Raised {
        match (self.hardware, fault) {
            (Some(chip), _) => (chip.fault)(self, fault),
            (None, Fault::IntegerDivideByZero) => self.zero_division(),
            (None, _) => {
                let (name, address) = (fault.name(), fault.address());
                self.raise_fmt(types::RUNTIME_ERROR, format_args!("{name} at 0x{address:08x}"))
            }
        }
    }
}
