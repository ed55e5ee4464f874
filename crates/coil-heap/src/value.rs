//! A Python value in one machine word.
//!
//! | low bits | meaning |
//! |---|---|
//! | `..1` | small int, 63 bits |
//! | `.10` | float whose exponent is near zero (2^-255 to 2^256), rotated so that it fits |
//! | `000` | reference: byte offset into the arena; zero itself is "no value" |
//! | `100` | immediate: a five-bit tag, then a 32-bit number in the upper half |

use core::fmt;

/// A value: small int, float, reference into the arena, or immediate. The default is null.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(u64);

/// A reference to an object in the arena: its byte offset, never zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Ref(u32);

/// What an immediate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    /// None, False, True, Ellipsis and the like.
    Special = 0,
    /// An interned string.
    Qstr = 1,
    /// A built-in type.
    Type = 2,
    /// A built-in function.
    Native = 3,
    /// A built-in module.
    Module = 4,
}

impl Tag {
    #[inline(always)]
    const fn bits(self) -> u64 {
        ((self as u64) << 3) | 0b100
    }
}

impl Value {
    /// No value: an unbound variable, an empty slot.
    pub const NULL: Self = Self(0);
    /// `None`
    pub const NONE: Self = Self::immediate(Tag::Special, 0);
    /// `False`
    pub const FALSE: Self = Self::immediate(Tag::Special, 1);
    /// `True`
    pub const TRUE: Self = Self::immediate(Tag::Special, 2);
    /// `...`
    pub const ELLIPSIS: Self = Self::immediate(Tag::Special, 3);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Self = Self::immediate(Tag::Special, 4);
    /// A deleted slot of a hash table.
    pub const DELETED: Self = Self::immediate(Tag::Special, 5);
    /// The end of an iterator, inside the machine only.
    pub const STOP: Self = Self::immediate(Tag::Special, 6);
    /// Bare `object()` instances share this.
    pub const OBJECT: Self = Self::immediate(Tag::Special, 7);
    /// Smallest small int.
    pub const INT_MIN: i64 = -(1 << 62);
    /// Largest small int.
    pub const INT_MAX: i64 = (1 << 62) - 1;

    /// An immediate.
    #[inline(always)]
    pub const fn immediate(tag: Tag, number: u32) -> Self {
        Self(((number as u64) << 32) | tag.bits())
    }

    /// `True` or `False`.
    #[inline(always)]
    pub const fn bool(b: bool) -> Self {
        if b { Self::TRUE } else { Self::FALSE }
    }

    /// The raw word.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// A value from its raw word.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Whether this is "no value".
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    /// Whether this is a small int.
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.0 & 1 == 1
    }

    /// A small int, if it fits.
    #[inline(always)]
    pub const fn try_int(i: i64) -> Option<Self> {
        if i >= Self::INT_MIN && i <= Self::INT_MAX { Some(Self::int(i)) } else { None }
    }

    /// A small int; the upper bit is lost if it does not fit.
    #[inline(always)]
    pub const fn int(i: i64) -> Self {
        Self(((i << 1) | 1) as u64)
    }

    /// The small int in here, if it is one.
    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> {
        if self.is_int() { Some((self.0 as i64) >> 1) } else { None }
    }

    /// The small int in here; garbage if it is none.
    #[inline(always)]
    pub const fn int_unchecked(self) -> i64 {
        (self.0 as i64) >> 1
    }

    /// Whether this is a float held in the word.
    #[inline(always)]
    pub const fn is_flonum(self) -> bool {
        self.0 & 3 == 2
    }

    /// A float held in the word, if its exponent allows.
    #[inline(always)]
    pub const fn try_flonum(f: f64) -> Option<Self> {
        let bits = f.to_bits();
        // The top three exponent bits are 011 or 100 for magnitudes 2^-255 .. 2^256.
        let top = (bits >> 60) & 7;
        if (top == 3 || top == 4) && bits != 0x3000_0000_0000_0000 {
            Some(Self((bits.rotate_left(3) & !3) | 2))
        } else if bits == 0 {
            Some(Self(0x8000_0000_0000_0002))
        } else {
            None
        }
    }

    /// The float in the word; garbage if it is none.
    #[inline(always)]
    pub const fn flonum_unchecked(self) -> f64 {
        if self.0 == 0x8000_0000_0000_0002 {
            return 0.0;
        }
        let b63 = self.0 >> 63;
        f64::from_bits(((2 - b63) | (self.0 & !3)).rotate_right(3))
    }

    /// Whether this refers to an object in the arena.
    #[inline(always)]
    pub const fn is_ref(self) -> bool {
        // Both conditions, aligned and not zero, in one comparison.
        self.0.rotate_right(3).wrapping_sub(1) < (1 << 29) - 1
    }

    /// The reference in here, if it is one.
    #[inline(always)]
    pub const fn as_ref(self) -> Option<Ref> {
        if self.is_ref() { Some(Ref(self.0 as u32)) } else { None }
    }

    /// Whether this is an immediate.
    #[inline(always)]
    pub const fn is_immediate(self) -> bool {
        self.0 & 7 == 4
    }

    /// An immediate's tag and number.
    #[inline(always)]
    pub const fn as_immediate(self) -> Option<(u8, u32)> {
        if self.0 & 7 == 4 {
            Some((((self.0 >> 3) & 31) as u8, (self.0 >> 32) as u32))
        } else {
            None
        }
    }

    /// The number of an immediate with this tag.
    #[inline(always)]
    pub const fn as_tagged(self, tag: Tag) -> Option<u32> {
        if self.0 & 0xffff_ffff == tag.bits() { Some((self.0 >> 32) as u32) } else { None }
    }

    /// The number of an interned string.
    #[inline(always)]
    pub const fn as_qstr(self) -> Option<u32> {
        self.as_tagged(Tag::Qstr)
    }

    /// An interned string.
    #[inline(always)]
    pub const fn qstr(q: u32) -> Self {
        Self::immediate(Tag::Qstr, q)
    }
}

impl From<Ref> for Value {
    #[inline(always)]
    fn from(r: Ref) -> Self {
        Self(u64::from(r.0))
    }
}

impl Ref {
    /// A reference from the byte offset of an object.
    #[inline(always)]
    pub(crate) const fn from_offset(offset: u32) -> Self {
        Self(offset)
    }

    /// The byte offset of the object.
    #[inline(always)]
    pub const fn offset(self) -> u32 {
        self.0
    }

    /// The byte offset of what the object holds.
    #[inline(always)]
    pub const fn payload(self) -> u32 {
        self.0 + 8
    }

    /// The index of the object's header word.
    #[inline(always)]
    pub(crate) const fn word(self) -> usize {
        (self.0 >> 3) as usize
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_null() {
            f.write_str("null")
        } else if let Some(i) = self.as_int() {
            write!(f, "{i}")
        } else if self.is_flonum() {
            write!(f, "{:?}", self.flonum_unchecked())
        } else if let Some(r) = self.as_ref() {
            write!(f, "{r:?}")
        } else {
            write!(f, "immediate{:?}", self.as_immediate())
        }
    }
}

impl fmt::Debug for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{:#x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ints_keep_their_value_to_the_limits() {
        for i in [0, 1, -1, Value::INT_MAX, Value::INT_MIN] {
            assert_eq!(Value::try_int(i).and_then(Value::as_int), Some(i));
        }
        assert_eq!(Value::try_int(Value::INT_MAX + 1), None);
        assert_eq!(Value::try_int(Value::INT_MIN - 1), None);
    }

    #[test]
    fn floats_in_the_word_keep_every_bit() {
        for f in [0.0, 1.0, -1.0, 0.1, 1e76, -1e76, 1e-76, core::f64::consts::PI, 3.4e38, 1.4e-45] {
            let v = Value::try_flonum(f).expect("in range");
            assert!(v.is_flonum() && !v.is_int() && !v.is_ref());
            assert_eq!(v.flonum_unchecked().to_bits(), f.to_bits());
        }
        for f in [-0.0, f64::NAN, f64::INFINITY, 1e300, 1e-300] {
            assert_eq!(Value::try_flonum(f), None);
        }
    }

    #[test]
    fn a_value_is_one_word() {
        assert_eq!(size_of::<Value>(), 8);
    }
}
