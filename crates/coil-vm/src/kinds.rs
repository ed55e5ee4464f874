//! The layouts of objects in the arena: one constant per kind, and the fields of each.
//!
//! Numbers below 128 are objects made of values; the others hold bytes.

use coil_heap::Kind;

/// Items of a tuple.
pub const TUPLE: Kind = Kind(1);
/// `len`, `store` (a [`VEC`]).
pub const LIST: Kind = Kind(2);
/// Storage of a list or a hash table.
pub const VEC: Kind = Kind(3);
/// `used`, `table`; flag 1: ordered.
pub const DICT: Kind = Kind(4);
/// `used`, `table`.
pub const SET: Kind = Kind(5);
/// `used`, `table`.
pub const FROZENSET: Kind = Kind(6);
/// See [`function`].
pub const FUNCTION: Kind = Kind(7);
/// See [`code`].
pub const CODE: Kind = Kind(8);
/// One value, null while empty.
pub const CELL: Kind = Kind(9);
/// Callee and self.
pub const BOUND: Kind = Kind(10);
/// See [`generator`].
pub const GENERATOR: Kind = Kind(11);
/// See [`class`].
pub const CLASS: Kind = Kind(12);
/// See [`instance`].
pub const INSTANCE: Kind = Kind(13);
/// See [`exc`].
pub const EXC: Kind = Kind(14);
/// Name and dict.
pub const MODULE: Kind = Kind(15);
/// Start, stop, step.
pub const RANGE: Kind = Kind(16);
/// Start, stop, step.
pub const SLICE: Kind = Kind(17);
/// An iterator; its flags say which ([`crate::objects::iter`]).
pub const ITER: Kind = Kind(18);
/// Getter, setter, deleter.
pub const PROPERTY: Kind = Kind(19);
/// The function of a `@staticmethod`.
pub const STATIC: Kind = Kind(20);
/// The function of a `@classmethod`.
pub const CLASSMETHOD: Kind = Kind(21);
/// Class and object of a `super()`.
pub const SUPER: Kind = Kind(22);
/// Class, then items.
pub const NAMEDTUPLE: Kind = Kind(23);
/// See [`memoryview`]; flag 1: seen as a bytearray.
pub const MEMORYVIEW: Kind = Kind(24);
/// `len`, `store` (a [`STORE`]); flags: the type code, zero for a bytearray.
pub const ARRAY: Kind = Kind(25);
/// An object of an extension type; aux: its type number.
pub const NATIVE: Kind = Kind(26);
/// Dict; flags: 0 items, 1 keys, 2 values.
pub const DICTVIEW: Kind = Kind(27);

/// UTF-8 text; aux: its hash or zero; flag 1: ASCII only.
pub const STR: Kind = Kind(128);
/// Bytes; aux: hash or zero.
pub const BYTES: Kind = Kind(129);
/// Storage of a bytearray or an array.
pub const STORE: Kind = Kind(130);
/// Little-endian digits of an int's magnitude; flag 1: negative.
pub const BIGINT: Kind = Kind(131);
/// A float that does not fit a value.
pub const FLOAT: Kind = Kind(132);
/// Real and imaginary part.
pub const COMPLEX: Kind = Kind(133);
/// Instructions and tables of a code object.
pub const BLOB: Kind = Kind(192);

/// Fields of a [`FUNCTION`].
pub mod function {
    /// The code object.
    pub const CODE: usize = 0;
    /// Dict of the module it was defined in.
    pub const GLOBALS: usize = 1;
    /// Tuple of positional defaults, or null.
    pub const DEFAULTS: usize = 2;
    /// Dict of keyword defaults, or null.
    pub const KWDEFAULTS: usize = 3;
    /// Tuple of cells, or null.
    pub const CELLS: usize = 4;
    /// How to enter it, see `crate::interp::plan`; the code's own.
    pub const PLAN: usize = 5;
    /// Tuple of constants; the code's own.
    pub const CONSTS: usize = 6;
    /// How many fields.
    pub const LEN: u32 = 7;
}

/// Fields of a [`CODE`].
pub mod code {
    /// Blob of instructions.
    pub const WORDS: usize = 0;
    /// Tuple of constants.
    pub const CONSTS: usize = 1;
    /// Tuple of parameter names.
    pub const PARAMS: usize = 2;
    /// Blob of (first word, line) pairs.
    pub const LINES: usize = 3;
    /// Blob of handlers: start, end, target, register.
    pub const HANDLERS: usize = 4;
    /// Name, interned.
    pub const NAME: usize = 5;
    /// File, interned.
    pub const FILE: usize = 6;
    /// Packed facts, see [`crate::interp::loader::Facts`].
    pub const FACTS: usize = 7;
    /// How to enter it, see `crate::interp::plan`.
    pub const PLAN: usize = 8;
    /// How many fields.
    pub const LEN: u32 = 9;
}

/// Fields of a [`GENERATOR`]; its registers follow.
pub mod generator {
    /// The function.
    pub const FUNCTION: usize = 0;
    /// Word index of the suspended instruction; -1 finished, -2 running, -3 not started.
    pub const PC: usize = 1;
    /// An exception to raise at the next resumption, or null.
    pub const INJECT: usize = 2;
    /// The first register.
    pub const REGS: usize = 3;
}

/// Fields of a [`CLASS`].
pub mod class {
    /// Name, interned.
    pub const NAME: usize = 0;
    /// Tuple of bases.
    pub const BASES: usize = 1;
    /// Dict of attributes.
    pub const DICT: usize = 2;
    /// Bits of `FLAG_*`.
    pub const FLAGS: usize = 3;
    /// The built-in type among the ancestors, or null.
    pub const NATIVE: usize = 4;
    /// Slots of the largest table of attributes that an instance came to have.
    pub const MEMBERS: usize = 5;
    /// How many fields.
    pub const LEN: u32 = 6;
    /// Attribute access needs the slow path (`__getattr__`, `__setattr__`, descriptors …).
    pub const FLAG_SPECIAL: i64 = 1;
    /// It has a `__del__`.
    pub const FLAG_DEL: i64 = 2;
    /// Other classes derive from it.
    pub const FLAG_SUBCLASSED: i64 = 4;
}

/// Fields of an [`INSTANCE`].
pub mod instance {
    /// The class.
    pub const CLASS: usize = 0;
    /// Attributes: used slots, then the table.
    pub const MEMBERS: usize = 1;
    /// The value of the built-in base, or null.
    pub const NATIVE: usize = 3;
    /// How many fields.
    pub const LEN: u32 = 4;
}

/// Fields of an [`EXC`].
pub mod exc {
    /// The built-in exception type.
    pub const TYPE: usize = 0;
    /// Tuple of arguments.
    pub const ARGS: usize = 1;
    /// Vec of traceback entries (file, line, block), or null.
    pub const TRACE: usize = 2;
    /// How many fields.
    pub const LEN: u32 = 3;
}

/// Fields of a [`MEMORYVIEW`].
pub mod memoryview {
    /// The object looked into, or the address of memory.
    pub const OBJECT: usize = 0;
    /// First item.
    pub const START: usize = 1;
    /// Number of items.
    pub const LEN_ITEMS: usize = 2;
    /// Type code; bit 8: writable.
    pub const CODE: usize = 3;
    /// What had the memory when its address was taken, or null.
    pub const KEEP: usize = 4;
    /// How many fields.
    pub const LEN: u32 = 5;
}
