//! The word in front of every object: `kind:8 flags:8 aux:16 len:32`.

/// How an object is laid out. Numbers below [`Kind::RAW`] are objects made of values, all of
/// which the collector follows; the others hold bytes.
///
/// The names belong to the language; the arena only cares on which side of the line they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Kind(pub u8);

impl Kind {
    /// The first kind that holds bytes.
    pub const RAW: Self = Self(128);
    /// The first kind of bytes that are charged as densely as the host stores them; those before
    /// it are charged byte for byte in device bytes.
    pub const DENSE: Self = Self(192);

    /// Whether the collector looks inside.
    #[inline(always)]
    pub const fn holds_values(self) -> bool {
        self.0 < Self::RAW.0
    }
}

/// An object's header word, decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Header(pub(crate) u64);

impl Header {
    /// A header; `len` counts values or bytes.
    #[inline(always)]
    pub const fn new(kind: Kind, flags: u8, aux: u16, len: u32) -> Self {
        Self((kind.0 as u64) | ((flags as u64) << 8) | ((aux as u64) << 16) | ((len as u64) << 32))
    }

    /// A header from its raw word.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The layout.
    #[inline(always)]
    pub const fn kind(self) -> Kind {
        Kind(self.0 as u8)
    }

    /// Eight bits for the owner of the kind.
    #[inline(always)]
    pub const fn flags(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// Sixteen bits for the owner of the kind.
    #[inline(always)]
    pub const fn aux(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// Values or bytes in the object.
    #[inline(always)]
    pub const fn len(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Whether there is nothing behind the header.
    #[inline(always)]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The same with other flags.
    #[inline(always)]
    pub const fn with_flags(self, flags: u8) -> Self {
        Self((self.0 & !0xff00) | ((flags as u64) << 8))
    }

    /// The same with another aux.
    #[inline(always)]
    pub const fn with_aux(self, aux: u16) -> Self {
        Self((self.0 & !0xffff_0000) | ((aux as u64) << 16))
    }

    /// How many blocks an object with this header takes.
    ///
    /// A block is four words, sixteen bytes on the device. Objects of values take the same number
    /// of blocks here as there. Bytes are charged as the device would, though a host block is
    /// twice as large: the pool must run out where the board's does.
    #[inline(always)]
    pub const fn blocks(self) -> u32 {
        let len = self.len();
        if self.kind().holds_values() {
            (len + 1).div_ceil(4)
        } else if self.kind().0 < Kind::DENSE.0 {
            1 + len.div_ceil(16)
        } else {
            (len + 8).div_ceil(32)
        }
    }
}
