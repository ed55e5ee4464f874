//! The firmware's fixed part: built-in types, functions and modules as static tables, and what is
//! made of them once per process. Boards share one [`Rom`].

use crate::qstr::{Qstr, StringTable, base_strings};
use crate::shared::Shared;
use crate::vm::{Raised, Res, Vm};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use coil_compiler::Grammar;
use coil_heap::{Tag, Value};

/// The arguments of a call: where they are on the machine's stack. Positional ones come first,
/// then pairs of name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Args {
    /// Stack index of the first.
    pub base: usize,
    /// How many positional ones.
    pub n: usize,
    /// How many pairs.
    pub nkw: usize,
}

/// A function written in Rust.
pub type NativeFn = fn(&mut Vm, Args) -> Res;

/// How a native function takes its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// Positional only; checked against the signature.
    Plain,
    /// Bound by name: the function finds one value per parameter, null where none was given.
    Named,
    /// Everything as it was written in the call.
    Raw,
}

/// One native function: its Python signature and the code.
#[derive(Clone, Copy, Debug)]
pub struct Def {
    /// `name(a, b=, *, key=)`: a parameter with `=` is optional, `*` alone starts keyword-only
    /// ones, a last `*args` takes any number.
    pub signature: &'static str,
    /// The code.
    pub f: NativeFn,
    /// How it takes arguments.
    pub convention: Convention,
}

/// A function with positional arguments.
pub const fn def(signature: &'static str, f: NativeFn) -> Item {
    Item::Fn(Def { signature, f, convention: Convention::Plain })
}

/// A function whose arguments may also be given by name.
pub const fn def_kw(signature: &'static str, f: NativeFn) -> Item {
    Item::Fn(Def { signature, f, convention: Convention::Named })
}

/// A function that takes its arguments apart itself.
pub const fn def_raw(signature: &'static str, f: NativeFn) -> Item {
    Item::Fn(Def { signature, f, convention: Convention::Raw })
}

/// A row in the table of a module or type.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A function or method.
    Fn(Def),
    /// A static method of a type.
    Static(Def),
    /// A class method of a type: the class is its first argument.
    Class(Def),
    /// An int constant.
    Int(&'static str, i64),
    /// A string constant.
    Str(&'static str, &'static str),
    /// A float constant.
    Float(&'static str, f64),
    /// A type.
    Type(&'static str, &'static TypeDef),
    /// A module.
    Module(&'static str, &'static ModuleDef),
    /// An immediate value.
    Value(&'static str, Value),
}

/// What an attribute access wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its value.
    Load,
    /// To replace it.
    Store(Value),
    /// To delete it.
    Delete,
}

/// How a value is to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintKind {
    /// `str()`
    Str,
    /// `repr()`
    Repr,
}

/// A built-in type: a static table. Slots that are `None` mean that the type does not do it.
/// A slot that returns the null value says "not with these operands".
#[derive(Debug)]
pub struct TypeDef {
    /// Name as `type(x).__name__` says it.
    pub name: &'static str,
    /// The type it is a subtype of, `object` aside.
    pub base: Option<&'static Self>,
    /// Methods and constants.
    pub items: &'static [Item],
    /// `T(...)`; the class is `T` or a subclass.
    pub new: Option<fn(&mut Vm, Value, Args) -> Res>,
    /// `x(...)`
    pub call: Option<fn(&mut Vm, Value, Args) -> Res>,
    /// `str(x)`, `repr(x)`: appends to the buffer.
    pub print: Option<fn(&mut Vm, Value, &mut Vec<u8>, PrintKind) -> Result<(), Raised>>,
    /// Unary operators, `len`, `bool`, `hash`.
    pub unary: Option<fn(&mut Vm, Unary, Value) -> Res>,
    /// Binary operators and comparisons.
    pub binary: Option<fn(&mut Vm, Binary, Value, Value) -> Res>,
    /// Attributes beyond `items`.
    pub attr: Option<fn(&mut Vm, Value, Qstr, Access) -> Res>,
    /// `x[i]`, `x[i] = v`, `del x[i]`
    pub subscr: Option<fn(&mut Vm, Value, Value, Access) -> Res>,
    /// `iter(x)`
    pub iter: Option<fn(&mut Vm, Value) -> Res>,
    /// `next(x)`; [`Value::STOP`] at the end. A type with `next` and no `iter` is its own iterator.
    pub next: Option<fn(&mut Vm, Value) -> Res>,
    /// The object whose buffer it shows as its own.
    pub buffer: Option<fn(&Vm, Value) -> Value>,
}

impl TypeDef {
    /// A type that does nothing, to update from.
    pub const EMPTY: Self = Self {
        name: "",
        base: None,
        items: &[],
        new: None,
        call: None,
        print: None,
        unary: None,
        binary: None,
        attr: None,
        subscr: None,
        iter: None,
        next: None,
        buffer: None,
    };
}

/// A built-in module: a static table.
#[derive(Debug)]
pub struct ModuleDef {
    /// Name under which it is imported.
    pub name: &'static str,
    /// Content.
    pub items: &'static [Item],
    /// Attributes that are computed; null for "no such attribute".
    pub attr: Option<fn(&mut Vm, Qstr, Access) -> Res>,
}

/// Unary operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-x`
    Neg,
    /// `+x`
    Pos,
    /// `~x`
    Invert,
    /// `bool(x)`
    Bool,
    /// `len(x)`
    Len,
    /// `hash(x)`
    Hash,
    /// `abs(x)`
    Abs,
    /// `int(x)`
    Int,
    /// `float(x)`
    Float,
    /// `complex(x)`
    Complex,
    /// Bytes of memory it takes.
    SizeOf,
}

/// Binary operations. The order of the first thirteen and of the comparisons is that of the opcodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the operators'")]
pub enum Binary {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    IAdd,
    ISub,
    IMul,
    ITrueDiv,
    IFloorDiv,
    IMod,
    IPow,
    IMatMul,
    ILShift,
    IRShift,
    IAnd,
    IOr,
    IXor,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    /// `b in a`: the container is on the left.
    Contains,
}

impl Binary {
    /// All, in numeric order.
    pub const ALL: [Self; 33] = {
        use Binary::*;
        [
            Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, MatMul, LShift, RShift, And, Or, Xor, IAdd,
            ISub, IMul, ITrueDiv, IFloorDiv, IMod, IPow, IMatMul, ILShift, IRShift, IAnd, IOr,
            IXor, Lt, Le, Gt, Ge, Eq, Ne, Contains,
        ]
    };

    /// Whether this is the operator of an augmented assignment.
    pub const fn is_inplace(self) -> bool {
        self as u8 >= Self::IAdd as u8 && self as u8 <= Self::IXor as u8
    }

    /// The operator without the assignment.
    pub const fn plain(self) -> Self {
        if self.is_inplace() { Self::ALL[self as usize - 13] } else { self }
    }

    /// Whether this compares for order or equality.
    pub const fn is_comparison(self) -> bool {
        self as u8 >= Self::Lt as u8 && self as u8 <= Self::Ne as u8
    }
}

/// A hash table from names to immediate values, fixed once built.
#[derive(Debug, Default)]
pub struct RomMap {
    slots: Vec<(u32, Value)>,
    order: Vec<Qstr>,
}

impl RomMap {
    fn build(entries: Vec<(Qstr, Value)>) -> Self {
        let size = (entries.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![(u32::MAX, Value::NULL); size];
        let mut order = Vec::with_capacity(entries.len());
        for (q, v) in entries {
            let mut at = Self::start(q, size);
            while slots[at].0 != u32::MAX && slots[at].0 != q.0 {
                at = (at + 1) & (size - 1);
            }
            if slots[at].0 == u32::MAX {
                order.push(q);
            }
            slots[at] = (q.0, v);
        }
        Self { slots, order }
    }

    #[inline(always)]
    fn start(q: Qstr, size: usize) -> usize {
        (q.0 as usize).wrapping_mul(0x9e37_79b1) >> 7 & (size - 1)
    }

    /// The value of a name.
    #[inline]
    pub fn get(&self, q: Qstr) -> Option<Value> {
        let size = self.slots.len();
        if size == 0 {
            return None;
        }
        let mut at = Self::start(q, size);
        loop {
            let (key, value) = self.slots[at];
            if key == q.0 {
                return Some(value);
            }
            if key == u32::MAX {
                return None;
            }
            at = (at + 1) & (size - 1);
        }
    }

    /// All names, in the order of the table they come from.
    pub fn names(&self) -> &[Qstr] {
        &self.order
    }
}

/// A native function as a board calls it: signature taken apart.
#[derive(Debug)]
pub struct Native {
    /// The code.
    pub f: NativeFn,
    /// Its name.
    pub name: Qstr,
    /// Positional arguments that must be there.
    pub min: u16,
    /// Positional arguments that may be there; `u16::MAX` for any number.
    pub max: u16,
    /// How it takes arguments.
    pub convention: Convention,
    /// Names of all parameters; those from `max` on are keyword-only.
    pub params: Vec<(Qstr, bool)>,
    /// Bound to the class when it is an attribute of a type.
    pub binding: Binding,
    /// The built-in type whose method it is: its first argument must be one.
    pub owner: Option<u32>,
}

/// How a native function behaves as an attribute of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Called with the instance.
    Method,
    /// Called as it is.
    Static,
    /// Called with the class.
    Class,
}

/// A built-in type with its attributes.
#[derive(Debug)]
pub struct RomType {
    /// The table.
    pub def: &'static TypeDef,
    /// Its name.
    pub name: Qstr,
    /// Number of the base type, if it has one.
    pub base: Option<u32>,
    /// Methods and constants.
    pub attrs: RomMap,
}

/// A built-in module with its content.
#[derive(Debug)]
pub struct RomModule {
    /// The table.
    pub def: &'static ModuleDef,
    /// Its name.
    pub name: Qstr,
    /// Content.
    pub attrs: RomMap,
    /// This edition of the firmware does not have it; its types may be those of objects all the same.
    pub absent: bool,
}

/// What an edition of a firmware has otherwise than the tables say.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// What it does not have: `module`, `module.name` or `module.Type.name`.
    pub without: &'a [&'a str],
    /// What it has beyond the tables, or instead of their rows: a module or `module.Type`, and the row.
    pub with: &'a [(&'a str, Item)],
    /// Error numbers by name.
    pub errno: &'static [(&'static str, i64)],
    /// What of the language it knows.
    pub grammar: Grammar,
    /// The modules whose names may begin with a `u`; nothing for all.
    pub u_names: Option<&'a [&'a str]>,
}

impl Default for Edition<'_> {
    fn default() -> Self {
        Self {
            without: &[],
            with: &[],
            errno: crate::errno::TABLE,
            grammar: Grammar::default(),
            u_names: None,
        }
    }
}

/// All that is fixed in a firmware.
#[derive(Debug)]
pub struct Rom {
    /// Its strings.
    pub strings: Shared<StringTable>,
    /// Its types, the core's first.
    pub types: Vec<RomType>,
    /// Its functions.
    pub natives: Vec<Native>,
    /// Its modules.
    pub modules: Vec<RomModule>,
    /// Its built-in names.
    pub builtins: RomMap,
    /// Error numbers by name.
    pub errno: &'static [(&'static str, i64)],
    /// What of the language it knows.
    pub grammar: Grammar,
    u_names: Option<Vec<String>>,
    type_numbers: BTreeMap<usize, u32>,
}

struct Builder {
    strings: StringTable,
    types: Vec<&'static TypeDef>,
    type_numbers: BTreeMap<usize, u32>,
    natives: Vec<Native>,
    modules: Vec<&'static ModuleDef>,
}

impl Rom {
    /// Builds a firmware from its modules, on top of the language's own types and builtins.
    pub fn new(modules: &[&'static ModuleDef]) -> Shared<Self> {
        Self::edition(modules, &Edition::default())
    }

    /// Builds a firmware that differs from what the tables of its modules say.
    pub fn edition(modules: &[&'static ModuleDef], edition: &Edition<'_>) -> Shared<Self> {
        let mut b = Builder {
            strings: base_strings(),
            types: Vec::new(),
            type_numbers: BTreeMap::new(),
            natives: Vec::new(),
            modules: modules.to_vec(),
        };
        for def in crate::types::CORE {
            b.type_number(def);
        }
        let mut builtins = Vec::new();
        for table in crate::builtins::TABLES {
            for item in *table {
                builtins.push(b.item(item, None));
            }
        }
        let mut rom_modules = Vec::new();
        let mut paths = BTreeMap::new();
        let mut i = 0;
        while i < b.modules.len() {
            let def = b.modules[i];
            let name = Qstr(b.strings.intern(def.name.as_bytes()));
            if def.name == "builtins" {
                // What the firmware adds to the language's built-in names.
                builtins.extend(b.rows(def.name, def.items, None, edition));
            }
            for item in def.items {
                if let Item::Type(name, def_of) = item {
                    let path = alloc::format!("{}.{name}", def.name);
                    paths.entry(b.type_number(def_of)).or_insert(path);
                }
            }
            let attrs = RomMap::build(b.rows(def.name, def.items, None, edition));
            let absent = edition.without.contains(&def.name);
            rom_modules.push(RomModule { def, name, attrs, absent });
            i += 1;
        }
        let mut types = Vec::new();
        let mut i = 0;
        while i < b.types.len() {
            let def = b.types[i];
            let name = Qstr(b.strings.intern(def.name.as_bytes()));
            let base = def.base.map(|d| b.type_number(d));
            let path = paths.get(&(i as u32)).map_or("", String::as_str);
            let attrs = RomMap::build(b.rows(path, def.items, Some(i as u32), edition));
            types.push(RomType { def, name, base, attrs });
            i += 1;
        }
        Shared::new(Self {
            strings: Shared::new(b.strings),
            types,
            natives: b.natives,
            modules: rom_modules,
            builtins: RomMap::build(builtins),
            errno: edition.errno,
            grammar: edition.grammar,
            u_names: edition.u_names.map(|all| all.iter().map(|&s| s.into()).collect()),
            type_numbers: b.type_numbers,
        })
    }

    /// The value that stands for a built-in type.
    pub fn type_value(&self, def: &'static TypeDef) -> Value {
        let n = self.type_numbers.get(&(core::ptr::from_ref(def) as usize)).copied();
        Value::immediate(
            Tag::Type,
            n.expect("every type that makes objects is listed in a module or as core type"),
        )
    }

    /// The immediate of a built-in type, function or module; nothing if there is no such one.
    pub(crate) fn immediate(&self, tag: u32, number: u32) -> Option<Value> {
        let n = number as usize;
        let kinds = [
            (Tag::Type, self.types.len()),
            (Tag::Native, self.natives.len()),
            (Tag::Module, self.modules.len()),
        ];
        let (kind, _) = kinds.into_iter().find(|(kind, len)| *kind as u32 == tag && n < *len)?;
        Some(Value::immediate(kind, number))
    }

    /// A built-in module by name.
    pub fn find_module(&self, name: Qstr) -> Option<u32> {
        self.modules.iter().position(|m| m.name == name && !m.absent).map(|i| i as u32)
    }

    /// Whether a module is built in under its name with a `u` before it.
    pub fn has_u_name(&self, name: &str) -> bool {
        self.u_names.as_ref().is_none_or(|all| all.iter().any(|n| n == name))
    }
}

impl Builder {
    fn type_number(&mut self, def: &'static TypeDef) -> u32 {
        let key = core::ptr::from_ref(def) as usize;
        if let Some(&n) = self.type_numbers.get(&key) {
            return n;
        }
        let n = self.types.len() as u32;
        self.types.push(def);
        self.type_numbers.insert(key, n);
        n
    }

    fn name(&mut self, text: &str) -> Qstr {
        Qstr(self.strings.intern(text.as_bytes()))
    }

    /// What this edition has of a module's or type's rows.
    fn rows(
        &mut self,
        path: &str,
        items: &[Item],
        owner: Option<u32>,
        edition: &Edition<'_>,
    ) -> Vec<(Qstr, Value)> {
        // Of what is left out the types are known all the same: something may make objects of them.
        let mut rows: Vec<_> = items.iter().map(|item| self.item(item, owner)).collect();
        if path.is_empty() {
            return rows;
        }
        let left_out: Vec<Qstr> = edition
            .without
            .iter()
            .filter_map(|all| all.strip_prefix(path)?.strip_prefix('.'))
            .filter(|name| !name.contains('.'))
            .map(|name| self.name(name))
            .collect();
        rows.retain(|row| !left_out.contains(&row.0));
        let more = edition.with.iter().filter(|more| more.0 == path);
        rows.extend(more.map(|(_, item)| self.item(item, owner)));
        rows
    }

    fn item(&mut self, item: &Item, owner: Option<u32>) -> (Qstr, Value) {
        match *item {
            Item::Fn(def) => self.native(def, Binding::Method, owner),
            Item::Static(def) => self.native(def, Binding::Static, None),
            Item::Class(def) => self.native(def, Binding::Class, None),
            Item::Int(name, i) => (self.name(name), Value::int(i)),
            Item::Str(name, s) => {
                let text = self.name(s);
                (self.name(name), text.into())
            }
            Item::Float(name, f) => (
                self.name(name),
                Value::try_flonum(f).expect("constants have an everyday exponent"),
            ),
            Item::Type(name, def) => {
                let n = self.type_number(def);
                (self.name(name), Value::immediate(Tag::Type, n))
            }
            Item::Module(name, def) => {
                let n = self.module_number(def);
                (self.name(name), Value::immediate(Tag::Module, n))
            }
            Item::Value(name, v) => (self.name(name), v),
        }
    }

    fn module_number(&mut self, def: &'static ModuleDef) -> u32 {
        let at = self.modules.iter().position(|m| core::ptr::eq(*m, def));
        at.unwrap_or_else(|| {
            self.modules.push(def);
            self.modules.len() - 1
        }) as u32
    }

    fn native(&mut self, def: Def, binding: Binding, owner: Option<u32>) -> (Qstr, Value) {
        let (name, rest) = def.signature.split_once('(').expect("a signature has parentheses");
        let rest = rest.strip_suffix(')').expect("a signature ends with a parenthesis");
        let name = self.name(name);
        let (mut min, mut max, mut keyword_only) = (0, 0, false);
        let mut params = Vec::new();
        for p in rest.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            if p == "*" {
                keyword_only = true;
            } else if p.starts_with("**") {
            } else if p.starts_with('*') {
                max = u16::MAX;
            } else {
                let (text, optional) = p.split_once('=').map_or((p, false), |(n, _)| (n, true));
                let text = String::from(text);
                params.push((self.name(&text), optional));
                if !keyword_only {
                    max += 1;
                    min += u16::from(!optional);
                }
            }
        }
        let n = self.natives.len() as u32;
        self.natives.push(Native {
            f: def.f,
            name,
            min,
            max,
            convention: def.convention,
            params,
            binding,
            owner,
        });
        (name, Value::immediate(Tag::Native, n))
    }
}
