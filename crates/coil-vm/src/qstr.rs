//! Interned strings: every name is a number, and equal names have equal numbers.

use crate::shared::Shared;
use alloc::vec;
use alloc::vec::Vec;
use coil_heap::Value;

/// The number of an interned string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Qstr(pub u32);

impl From<Qstr> for Value {
    #[inline(always)]
    fn from(q: Qstr) -> Self {
        Self::qstr(q.0)
    }
}

/// The reference's 16-bit string hash; it decides the order of dicts.
pub fn hash_bytes(bytes: &[u8]) -> u16 {
    let hash = bytes.iter().fold(5381u32, |h, &b| h.wrapping_mul(33) ^ u32::from(b)) as u16;
    if hash == 0 { 1 } else { hash }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    len: u32,
    hash: u16,
    ascii: bool,
}

/// A growing table of strings.
#[derive(Debug, Default)]
pub struct StringTable {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    slots: Vec<u32>,
}

impl StringTable {
    fn slot_of(&self, bytes: &[u8], hash: u16) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = usize::from(hash).wrapping_mul(0x9e5) & mask;
        loop {
            match self.slots[at] {
                0 => return Err(at),
                n => {
                    if self.entries[n as usize - 1].hash == hash && self.get(n - 1) == bytes {
                        return Ok(n - 1);
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    fn find(&self, bytes: &[u8], hash: u16) -> Option<u32> {
        if self.slots.is_empty() { None } else { self.slot_of(bytes, hash).ok() }
    }

    /// The number of a string in this table, added if it is new.
    pub fn intern(&mut self, bytes: &[u8]) -> u32 {
        let hash = hash_bytes(bytes);
        if self.slots.len() < (self.entries.len() + 1) * 2 {
            self.rehash();
        }
        match self.slot_of(bytes, hash) {
            Ok(n) => n,
            Err(at) => {
                let n = self.entries.len() as u32;
                let start = self.bytes.len() as u32;
                self.bytes.extend_from_slice(bytes);
                self.entries.push(Entry {
                    start,
                    len: bytes.len() as u32,
                    hash,
                    ascii: bytes.is_ascii(),
                });
                self.slots[at] = n + 1;
                n
            }
        }
    }

    fn rehash(&mut self) {
        let size = (self.entries.len() * 4).next_power_of_two().max(64);
        self.slots = vec![0; size];
        for n in 0..self.entries.len() {
            let mut at = usize::from(self.entries[n].hash).wrapping_mul(0x9e5) & (size - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = n as u32 + 1;
        }
    }

    /// The bytes of a string of this table.
    pub fn get(&self, n: u32) -> &[u8] {
        let e = self.entries[n as usize];
        &self.bytes[e.start as usize..(e.start + e.len) as usize]
    }

    /// How many strings there are.
    pub fn len(&self) -> u32 {
        self.entries.len() as u32
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The names of one board: those of the firmware, shared by all boards, and its own.
#[derive(Debug)]
pub struct Names {
    rom: Shared<StringTable>,
    rom_len: u32,
    own: StringTable,
}

impl Names {
    /// Names on top of the firmware's.
    pub fn new(rom: Shared<StringTable>) -> Self {
        Self { rom_len: rom.len(), rom, own: StringTable::default() }
    }

    /// The number of a string, added if it is new.
    pub fn intern(&mut self, bytes: &[u8]) -> Qstr {
        if bytes.len() == 1 && bytes[0] < 128 {
            return Qstr(1 + u32::from(bytes[0]));
        }
        match self.rom.find(bytes, hash_bytes(bytes)) {
            Some(n) => Qstr(n),
            None => Qstr(self.rom_len + self.own.intern(bytes)),
        }
    }

    /// The number of a string that is interned already.
    pub fn find(&self, bytes: &[u8]) -> Option<Qstr> {
        let hash = hash_bytes(bytes);
        self.rom
            .find(bytes, hash)
            .or_else(|| self.own.find(bytes, hash).map(|n| n + self.rom_len))
            .map(Qstr)
    }

    /// The bytes of a string.
    #[inline]
    pub fn get(&self, q: Qstr) -> &[u8] {
        if q.0 < self.rom_len { self.rom.get(q.0) } else { self.own.get(q.0 - self.rom_len) }
    }

    /// The bytes of a string, if there is one of this number.
    pub fn try_get(&self, q: Qstr) -> Option<&[u8]> {
        (q.0 < self.rom_len + self.own.len()).then(|| self.get(q))
    }

    /// The text of a string.
    pub fn text(&self, q: Qstr) -> &str {
        core::str::from_utf8(self.get(q)).unwrap_or("?")
    }

    /// All names, the firmware's first.
    pub fn all(&self) -> impl Iterator<Item = Qstr> + use<> {
        (0..self.rom_len + self.own.len()).map(Qstr)
    }

    /// Whether a name is one of the firmware's.
    pub fn is_firmware(&self, q: Qstr) -> bool {
        q.0 < self.rom_len
    }

    fn entry(&self, q: Qstr) -> Entry {
        if q.0 < self.rom_len {
            self.rom.entries[q.0 as usize]
        } else {
            self.own.entries[(q.0 - self.rom_len) as usize]
        }
    }

    /// The hash of a string.
    #[inline]
    pub fn hash(&self, q: Qstr) -> u16 {
        self.entry(q).hash
    }

    /// Whether a string is ASCII only.
    #[inline]
    pub fn is_ascii(&self, q: Qstr) -> bool {
        self.entry(q).ascii
    }

    /// Strings of this board alone, and their bytes: what `micropython.qstr_info()` tells.
    pub fn own_size(&self) -> (u32, u32) {
        (self.own.len(), self.own.bytes.len() as u32)
    }
}

macro_rules! well_known {
    ($($name:ident $text:literal)*) => {
        /// Names that the machine itself uses.
        #[allow(non_upper_case_globals, missing_docs, reason = "constants named like the strings they stand for")]
        pub mod names {
            use super::Qstr;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "counts the names below")]
            #[repr(u32)]
            enum Number { $($name),* }
            $(pub const $name: Qstr = Qstr(129 + Number::$name as u32);)*
        }
        const WELL_KNOWN: &[&str] = &[$($text),*];
    };
}

well_known! {
    init "__init__" new "__new__" del_ "__del__" str_ "__str__" repr "__repr__" call "__call__" class "__class__"
    name "__name__" dict "__dict__" bases "__bases__" module "__module__" qualname "__qualname__" main "__main__"
    file "__file__" path "__path__" all "__all__" import_ "__import__" build_class "__build_class__"
    getattr_ "__getattr__" setattr_ "__setattr__" delattr_ "__delattr__" getitem "__getitem__" setitem "__setitem__"
    delitem "__delitem__" iter "__iter__" next "__next__" len "__len__" contains "__contains__" bool_ "__bool__"
    hash "__hash__" int_ "__int__" float_ "__float__" complex_ "__complex__" enter "__enter__" exit "__exit__"
    aenter "__aenter__" aexit "__aexit__" aiter "__aiter__" anext "__anext__" await_ "__await__"
    get "__get__" set "__set__" delete "__delete__" set_name "__set_name__" format_ "__format__" index "__index__"
    add "__add__" sub "__sub__" mul "__mul__" truediv "__truediv__" floordiv "__floordiv__" mod_ "__mod__"
    pow "__pow__" matmul "__matmul__" lshift "__lshift__" rshift "__rshift__" and_ "__and__" or_ "__or__" xor "__xor__"
    radd "__radd__" rsub "__rsub__" rmul "__rmul__" rtruediv "__rtruediv__" rfloordiv "__rfloordiv__" rmod "__rmod__"
    rpow "__rpow__" rmatmul "__rmatmul__" rlshift "__rlshift__" rrshift "__rrshift__" rand "__rand__" ror "__ror__" rxor "__rxor__"
    iadd "__iadd__" isub "__isub__" imul "__imul__" itruediv "__itruediv__" ifloordiv "__ifloordiv__" imod "__imod__"
    ipow "__ipow__" imatmul "__imatmul__" ilshift "__ilshift__" irshift "__irshift__" iand "__iand__" ior "__ior__" ixor "__ixor__"
    eq "__eq__" ne "__ne__" lt "__lt__" le "__le__" gt "__gt__" ge "__ge__" divmod "__divmod__"
    neg "__neg__" pos "__pos__" invert "__invert__" abs_ "__abs__" reversed_ "__reversed__" sizeof_ "__sizeof__"
    send "send" throw "throw" close "close" value "value" args "args" errno "errno" key "key" reverse "reverse"
    sep "sep" end "end" file_kw "file" keys "keys" self_ "self" read "read" write "write" stdin_name "<stdin>" string_name "<string>"
    module_name "<module>" locals "locals" globals "__globals__" builtins "builtins" micropython "micropython" sys "sys"
    debug "__debug__" object_ "object" default "default" stop_iteration "StopIteration" traceback "__traceback__" next_builtin "next"
    flush "flush" dir "__dir__" buffer "buffer"
}

/// The strings that every firmware starts with: the empty one, ASCII characters, names the machine uses.
pub fn base_strings() -> StringTable {
    let mut table = StringTable::default();
    table.intern(b"");
    for c in 0..128u8 {
        table.intern(&[c]);
    }
    for (i, text) in WELL_KNOWN.iter().enumerate() {
        let n = table.intern(text.as_bytes());
        debug_assert_eq!(n as usize, 129 + i, "{text} is listed twice");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_one_number_and_well_known_ones_their_constant() {
        let mut n = Names::new(Shared::new(base_strings()));
        assert_eq!(n.intern(b"__init__"), names::init);
        assert_eq!(n.intern(b"buffer"), names::buffer);
        assert_eq!(n.intern(b""), Qstr(0));
        assert_eq!(n.intern(b"a"), Qstr(1 + 97));
        let q = n.intern(b"learner");
        assert_eq!(n.intern(b"learner"), q);
        assert_eq!(n.get(q), b"learner");
        for i in 0..5000 {
            let s = alloc::format!("name{i}");
            let q = n.intern(s.as_bytes());
            assert_eq!(n.text(q), s);
        }
        assert_eq!(n.find(b"name77"), Some(n.intern(b"name77")));
        assert_eq!(n.find(b"name7777"), None);
    }

    #[test]
    fn the_hash_is_the_reference_s() {
        assert_eq!(hash_bytes(b""), 5381);
        assert_eq!(hash_bytes(b"a"), ((5381u32 * 33) ^ 97) as u16);
    }
}
