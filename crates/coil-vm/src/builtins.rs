//! The built-in functions and names.

use crate::interp::gather::Sink;
use crate::kinds;
use crate::qstr::names;
use crate::rom::{Access, Args, Binary, Item, PrintKind, Unary, def, def_raw};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use crate::witness::Told;
use alloc::format;
use alloc::vec::Vec;
use coil_compiler::Mode;
use coil_heap::Value;

use crate::objects as o;
use crate::objects::str::text::Text;

/// All built-in names, table by table.
pub(crate) static TABLES: &[&[Item]] = &[FUNCTIONS, TYPES, EXCEPTIONS];

const FUNCTIONS: &[Item] = &[
    def_raw("__build_class__(*args)", |vm, a| vm.build_class(a)),
    def_raw("__import__(name, *args)", import),
    def("__template__(strings, *interpolations)", o::template::make),
    def("abs(x)", |vm, a| vm.unary(Unary::Abs, vm.arg(a, 0))),
    def("all(items)", |vm, a| any_all(vm, a, false)),
    def("any(items)", |vm, a| any_all(vm, a, true)),
    def("bin(x)", |vm, a| vm.format_int_base(vm.arg(a, 0), 2, "0b")),
    def("callable(x)", |vm, a| Ok(Value::bool(vm.is_callable(vm.arg(a, 0))))),
    def("chr(x)", chr),
    def("compile(source, file, mode, *args)", compile),
    def("delattr(x, name)", |vm, a| {
        let name = attr_name(vm, a)?;
        vm.set_attr(vm.arg(a, 0), name, Access::Delete)?;
        Ok(Value::NONE)
    }),
    def("dir(x=)", dir),
    def("divmod(x, y)", divmod),
    def("eval(source, globals=, locals=)", |vm, a| exec(vm, a, Mode::Eval)),
    def("exec(source, globals=, locals=)", |vm, a| exec(vm, a, Mode::Module)),
    def("getattr(x, name, default=)", getattr),
    def("globals()", |vm, _| Ok(vm.frames.last().map_or(Value::NONE, |f| f.globals.into()))),
    def("hasattr(x, name)", |vm, a| {
        let name = attr_name(vm, a)?;
        match vm.get_attr_maybe(vm.arg(a, 0), name) {
            Ok(v) => Ok(Value::bool(!v.is_null())),
            Err(Raised) if vm.exception_is(vm.pending, types::ATTRIBUTE_ERROR) => Ok(Value::FALSE),
            Err(Raised) => Err(Raised),
        }
    }),
    def("hash(x)", |vm, a| {
        let hash = vm.hash(vm.arg(a, 0))?;
        // A small int of the device.
        Ok(Value::int(i64::from((hash as i32) << 1 >> 1)))
    }),
    def("hex(x)", |vm, a| in_base(vm, a, 16, "0x")),
    def("id(x)", |_vm, a| {
        let v = _vm.arg(a, 0);
        Ok(Value::int((v.bits() >> 1 & 0x3fff_ffff_ffff) as i64))
    }),
    def("isinstance(x, class)", |vm, a| {
        vm.is_instance(vm.arg(a, 0), vm.arg(a, 1)).map(Value::bool)
    }),
    def("issubclass(x, class)", issubclass),
    def("iter(x)", |vm, a| {
        let it = vm.iter(vm.arg(a, 0))?;
        // Only iterators of loops take no memory.
        if vm.heap_lock > 0 && vm.as_ref_kind(it, kinds::ITER).is_some() && it != vm.arg(a, 0) {
            return Err(vm.raise_locked());
        }
        Ok(it)
    }),
    def("len(x)", |vm, a| vm.unary(Unary::Len, vm.arg(a, 0))),
    def("locals()", |vm, _| {
        Ok(vm
            .frames
            .last()
            .map_or(Value::NONE, |f| if f.locals.is_null() { f.globals.into() } else { f.locals }))
    }),
    def_raw("max(*items)", |vm, a| min_max(vm, a, Binary::Gt)),
    def_raw("min(*items)", |vm, a| min_max(vm, a, Binary::Lt)),
    def("next(it, default=)", next),
    def("oct(x)", |vm, a| in_base(vm, a, 8, "0o")),
    def("ord(c)", ord),
    def("pow(x, y, m=)", pow),
    def_raw("print(*items)", print),
    def("repr(x)", |vm, a| vm.to_text(vm.arg(a, 0), PrintKind::Repr)),
    def("round(x, digits=)", |vm, a| vm.round(vm.arg(a, 0), vm.arg(a, 1))),
    def("setattr(x, name, value)", |vm, a| {
        let name = attr_name(vm, a)?;
        vm.set_attr(vm.arg(a, 0), name, Access::Store(vm.arg(a, 2)))?;
        Ok(Value::NONE)
    }),
    def_raw("sorted(items, *args)", sorted),
    def("sum(items, start=)", sum),
    Item::Value("Ellipsis", Value::ELLIPSIS),
    Item::Value("NotImplemented", Value::NOT_IMPLEMENTED),
    Item::Value("__debug__", Value::TRUE),
    Item::Str("__name__", "builtins"),
];

const TYPES: &[Item] = &[
    Item::Type("bool", &o::int::BOOL),
    Item::Type("bytearray", &o::bytearray::BYTEARRAY),
    Item::Type("bytes", &o::bytes::BYTES),
    Item::Type("classmethod", &o::descriptor::CLASSMETHOD),
    Item::Type("complex", &o::complex::COMPLEX),
    Item::Type("dict", &o::dict::DICT),
    Item::Type("enumerate", &o::iter::ENUMERATE),
    Item::Type("filter", &o::iter::FILTER),
    Item::Type("float", &o::float::FLOAT),
    Item::Type("frozenset", &o::set::FROZENSET),
    Item::Type("int", &o::int::INT),
    Item::Type("list", &o::list::LIST),
    Item::Type("map", &o::iter::MAP),
    Item::Type("memoryview", &o::memoryview::MEMORYVIEW),
    Item::Type("object", &o::object::OBJECT),
    Item::Type("property", &o::descriptor::PROPERTY),
    Item::Type("range", &o::range::RANGE),
    Item::Type("reversed", &o::iter::REVERSED),
    Item::Type("set", &o::set::SET),
    Item::Type("slice", &o::slice::SLICE),
    Item::Type("staticmethod", &o::descriptor::STATICMETHOD),
    Item::Type("str", &o::str::STR),
    Item::Type("super", &o::super_::SUPER),
    Item::Type("tuple", &o::tuple::TUPLE),
    Item::Type("type", &o::class::TYPE),
    Item::Type("zip", &o::iter::ZIP),
];

const EXCEPTIONS: &[Item] = &[
    Item::Type("BaseException", &o::exception::BASE_EXCEPTION),
    Item::Type("ArithmeticError", &o::exception::ARITHMETIC_ERROR),
    Item::Type("AssertionError", &o::exception::ASSERTION_ERROR),
    Item::Type("AttributeError", &o::exception::ATTRIBUTE_ERROR),
    Item::Type("EOFError", &o::exception::EOF_ERROR),
    Item::Type("Exception", &o::exception::EXCEPTION),
    Item::Type("GeneratorExit", &o::exception::GENERATOR_EXIT),
    Item::Type("ImportError", &o::exception::IMPORT_ERROR),
    Item::Type("IndentationError", &o::exception::INDENTATION_ERROR),
    Item::Type("IndexError", &o::exception::INDEX_ERROR),
    Item::Type("KeyError", &o::exception::KEY_ERROR),
    Item::Type("KeyboardInterrupt", &o::exception::KEYBOARD_INTERRUPT),
    Item::Type("LookupError", &o::exception::LOOKUP_ERROR),
    Item::Type("MemoryError", &o::exception::MEMORY_ERROR),
    Item::Type("NameError", &o::exception::NAME_ERROR),
    Item::Type("NotImplementedError", &o::exception::NOT_IMPLEMENTED_ERROR),
    Item::Type("OSError", &o::exception::OS_ERROR),
    Item::Type("OverflowError", &o::exception::OVERFLOW_ERROR),
    Item::Type("RuntimeError", &o::exception::RUNTIME_ERROR),
    Item::Type("StopAsyncIteration", &o::exception::STOP_ASYNC_ITERATION),
    Item::Type("StopIteration", &o::exception::STOP_ITERATION),
    Item::Type("SyntaxError", &o::exception::SYNTAX_ERROR),
    Item::Type("SystemExit", &o::exception::SYSTEM_EXIT),
    Item::Type("TypeError", &o::exception::TYPE_ERROR),
    Item::Type("UnicodeError", &o::exception::UNICODE_ERROR),
    Item::Type("ValueError", &o::exception::VALUE_ERROR),
    Item::Type("ViperTypeError", &o::exception::VIPER_TYPE_ERROR),
    Item::Type("ZeroDivisionError", &o::exception::ZERO_DIVISION_ERROR),
];

impl Vm {
    /// Whether a value can be called.
    pub fn is_callable(&mut self, v: Value) -> bool {
        match v.as_ref().map(|r| self.heap.kind(r)) {
            Some(kinds::FUNCTION | kinds::BOUND | kinds::CLASS) => true,
            Some(kinds::INSTANCE) => {
                let class = self.type_of(v);
                self.class_lookup(class, names::call).is_some() || self.def_of(v).call.is_some()
            }
            _ => v.as_tagged(coil_heap::Tag::Native).is_some() || self.def_of(v).call.is_some(),
        }
    }

    /// Writes text of the program to the console: line ends become CR LF where the console is a
    /// terminal's.
    pub fn write_stdout(&mut self, text: &[u8]) -> Result<(), Raised> {
        self.write_lines(text);
        self.tell(Told::Text(text));
        Ok(())
    }

    /// The same for what does not come from the program.
    pub fn write_lines(&mut self, text: &[u8]) {
        if self.console_crlf && text.contains(&b'\n') {
            let mut cooked = Vec::with_capacity(text.len() + 8);
            for &b in text {
                if b == b'\n' {
                    cooked.push(b'\r');
                }
                cooked.push(b);
            }
            self.write_console(&cooked);
        } else {
            self.write_console(text);
        }
    }
}

fn attr_name(vm: &mut Vm, args: Args) -> Result<crate::qstr::Qstr, Raised> {
    vm.expect_name(vm.arg(args, 1))
}

fn import(vm: &mut Vm, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, 5));
    }
    let name = vm.expect_name(vm.arg(args, 0))?;
    let or = |v: Value, default: Value| if v.is_null() { default } else { v };
    let globals = or(vm.arg(args, 1), Value::NONE);
    let from = or(vm.arg(args, 3), Value::NONE);
    let level = or(vm.arg(args, 4), Value::int(0));
    let globals = match globals {
        Value::NONE => vm.frames.last().map_or(Value::NONE, |f| f.globals.into()),
        g => g,
    };
    vm.import_statement(name, level, from, globals)
}

fn any_all(vm: &mut Vm, args: Args, stop_at: bool) -> Res {
    let it = vm.iter(vm.arg(args, 0))?;
    let generator = vm.as_ref_kind(it, kinds::GENERATOR);
    let sink = if stop_at { Sink::UntilTrue } else { Sink::UntilFalse };
    loop {
        let mark = vm.mark();
        let x = match generator {
            Some(r) => vm.gather(r, sink, Value::NULL)?,
            None => vm.next(it)?,
        };
        if x == Value::STOP {
            return Ok(Value::bool(!stop_at));
        }
        vm.root(x);
        if vm.truth(x)? == stop_at {
            return Ok(Value::bool(stop_at));
        }
        vm.release(mark);
    }
}

fn chr(vm: &mut Vm, args: Args) -> Res {
    let i = vm.expect_int(vm.arg(args, 0))?;
    match u32::try_from(i).ok().filter(|&i| i <= 0x10_ffff) {
        Some(i) => vm.new_char(i),
        None => Err(vm.value_error("char not in range(0x110000)")),
    }
}

fn compile(vm: &mut Vm, args: Args) -> Res {
    let source = vm.expect_bytes_like(vm.arg(args, 0))?;
    let file = vm.expect_string(vm.arg(args, 1))?;
    let mode = match vm.expect_string(vm.arg(args, 2))?.as_str() {
        "exec" => Mode::Module,
        "single" => Mode::Single,
        "eval" => Mode::Eval,
        _ => return Err(vm.value_error("bad compile mode")),
    };
    vm.compile(&source, &file, mode)
}

fn exec(vm: &mut Vm, args: Args, mode: Mode) -> Res {
    let source = vm.arg(args, 0);
    let (globals, locals) = vm.given_names(args)?;
    let code = if vm.as_ref_kind(source, kinds::CODE).is_some() {
        source
    } else {
        let text = vm.expect_bytes_like(source)?;
        vm.compile(&text, "<string>", mode)?
    };
    vm.root(code);
    if vm.as_ref_kind(code, kinds::CODE).is_some_and(|r| !vm.is_body(r)) {
        // The code of a function is called with nothing.
        let f = vm.function_of(code, globals)?;
        return vm.call(f, &[]);
    }
    vm.run_module_code(code, globals, locals)
}

impl Vm {
    /// The dicts for the names of a program that is executed: the second and third argument, else
    /// those of the caller.
    ///
    /// # Errors
    /// TypeError if one is no dict.
    pub fn given_names(&mut self, args: Args) -> Result<(Value, Value), Raised> {
        let (own_globals, own_locals) =
            self.frames.last().map_or((Value::NONE, Value::NULL), |f| (f.globals.into(), f.locals));
        let mut globals = self.arg(args, 1);
        let mut locals = self.arg(args, 2);
        if globals.is_null() || globals == Value::NONE {
            globals = own_globals;
            if locals.is_null() || locals == Value::NONE {
                locals = if own_locals.is_null() { own_globals } else { own_locals };
            }
        } else if self.as_ref_kind(globals, kinds::DICT).is_none() {
            return Err(self.type_error("argument has wrong type"));
        }
        if locals.is_null() || locals == Value::NONE {
            locals = globals;
        } else if self.as_dict(locals).is_none()
            && self.as_ref_kind(locals, kinds::INSTANCE).is_none()
        {
            return Err(self.type_error("argument has wrong type"));
        }
        Ok((globals, locals))
    }
}

fn dir(vm: &mut Vm, args: Args) -> Res {
    let mut found: Vec<Value> = Vec::new();
    if args.n == 0 {
        let dict = vm
            .frames
            .last()
            .map_or(Value::NONE, |f| if f.locals.is_null() { f.globals.into() } else { f.locals });
        found = vm.dict_entries(dict).into_iter().map(|e| e.0).collect();
        return vm.new_list(&found);
    }
    let v = vm.arg(args, 0);
    if vm.type_of(v) == types::MODULE.into() {
        found = vm.module_names(v);
        return vm.new_list(&found);
    }
    if let Some(r) = vm.as_ref_kind(v, kinds::INSTANCE) {
        let class = vm.type_of(v);
        if let Some(f) = vm.class_lookup(class, names::dir) {
            let names = vm.call(f, &[v])?;
            found = vm.collect_iterable(names)?;
            return vm.new_list(&found);
        }
        let (map, mut at) = (vm.members(r), 0);
        while let Some(slot) = map.next_slot(vm, at) {
            found.push(map.key(vm, slot));
            at = slot + 1;
        }
    }
    let class = vm.as_type(v).unwrap_or_else(|| vm.type_of(v));
    vm.class_names(class, &mut found, 0);
    vm.new_list(&found)
}

impl Vm {
    fn class_names(&self, class: Value, out: &mut Vec<Value>, depth: u32) {
        let mut add = |v: Value| {
            if !out.contains(&v) {
                out.push(v);
            }
        };
        if let Some(n) = Self::type_number(class) {
            let t = &self.rom.types[n as usize];
            t.attrs.names().iter().for_each(|&q| add(q.into()));
            if let Some(base) = t.base {
                self.class_names(Value::immediate(coil_heap::Tag::Type, base), out, depth + 1);
            }
            return;
        }
        let Some(r) = self.as_ref_kind(class, kinds::CLASS) else { return };
        for (k, _) in self.dict_entries(self.heap.get(r, kinds::class::DICT)) {
            add(k);
        }
        for base in self.tuple_items(self.heap.get(r, kinds::class::BASES)).unwrap_or_default() {
            if depth < 16 && base != types::OBJECT.into() {
                self.class_names(base, out, depth + 1);
            }
        }
    }
}

fn divmod(vm: &mut Vm, args: Args) -> Res {
    let (a, b) = (vm.arg(args, 0), vm.arg(args, 1));
    let class = vm.type_of(a);
    if vm.as_ref_kind(a, kinds::INSTANCE).is_some()
        && let Some(f) = vm.class_lookup(class, names::divmod)
    {
        return vm.call(f, &[a, b]);
    }
    let a = vm.silent_part(a, names::divmod).unwrap_or(a);
    let is_number = |vm: &mut Vm, v: Value| {
        vm.is_int(v) || v == Value::TRUE || v == Value::FALSE || vm.as_float(v).is_some()
    };
    if !(is_number(vm, a) && is_number(vm, b)) {
        return Err(vm.unsupported("__divmod__", a, b));
    }
    let q = vm.binary(Binary::FloorDiv, a, b)?;
    let r = vm.binary(Binary::Mod, a, b)?;
    vm.new_tuple(&[q, r])
}

fn getattr(vm: &mut Vm, args: Args) -> Res {
    let name = attr_name(vm, args)?;
    let v = vm.arg(args, 0);
    if args.n < 3 {
        return vm.get_attr(v, name);
    }
    match vm.get_attr_maybe(v, name) {
        Ok(found) if found.is_null() => Ok(vm.arg(args, 2)),
        Err(Raised) if vm.exception_is(vm.pending, types::ATTRIBUTE_ERROR) => Ok(vm.arg(args, 2)),
        other => other,
    }
}

fn issubclass(vm: &mut Vm, args: Args) -> Res {
    let (a, b) = (vm.arg(args, 0), vm.arg(args, 1));
    if vm.as_type(a).is_none() {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    let classes = vm.tuple_items(b).unwrap_or_else(|| alloc::vec![b]);
    for c in classes {
        if vm.as_type(c).is_none() {
            return Err(vm.type_error("issubclass() arg 2 must be a class or a tuple of classes"));
        }
        if vm.is_subclass(a, c) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn min_max(vm: &mut Vm, args: Args, op: Binary) -> Res {
    if let (2, 0, Some(a), Some(b)) =
        (args.n, args.nkw, vm.arg(args, 0).as_int(), vm.arg(args, 1).as_int())
    {
        return Ok(Value::int(if op == Binary::Lt { a.min(b) } else { a.max(b) }));
    }
    let (mut key, mut default) = (Value::NULL, Value::NULL);
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        if k == names::key.into() {
            key = v;
        } else if k == names::default.into() {
            default = v;
        }
    }
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let items = if args.n == 1 { vm.collect_iterable(vm.arg(args, 0))? } else { vm.args_vec(args) };
    let mut best: Option<(Value, Value)> = None;
    for x in items {
        let k = if key.is_null() { x } else { vm.call(key, &[x])? };
        vm.root(k);
        let better = match best {
            None => true,
            Some((_, b)) => {
                let v = vm.binary(op, k, b)?;
                vm.truth(v)?
            }
        };
        if better {
            best = Some((x, k));
        }
    }
    match best {
        Some((x, _)) => Ok(x),
        None if !default.is_null() => Ok(default),
        None => Err(vm.value_error("arg is an empty sequence")),
    }
}

fn next(vm: &mut Vm, args: Args) -> Res {
    let x = vm.next(vm.arg(args, 0))?;
    if x != Value::STOP {
        return Ok(x);
    }
    if args.n == 2 { Ok(vm.arg(args, 1)) } else { Err(vm.stop_iteration()) }
}

/// TypeError unless a value is a string or bytes.
fn expect_text(vm: &mut Vm, v: Value) -> Result<(), Raised> {
    match vm.text_kind(v) {
        Some(Text::Str | Text::Bytes) => Ok(()),
        _ => Err(vm.no_implicit_text(v)),
    }
}

fn ord(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    if vm.is_str(v) {
        if let &[b @ ..=127] = vm.str_bytes(v) {
            return Ok(Value::int(i64::from(b)));
        }
        let text = alloc::string::String::from_utf8_lossy(vm.str_bytes(v));
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Ok(Value::int(i64::from(u32::from(c))));
        }
        let n = text.chars().count();
        return Err(
            vm.type_error(&format!("ord() expected a character, but string of length {n} found"))
        );
    }
    expect_text(vm, v)?;
    match vm.text(v) {
        [b] => Ok(Value::int(i64::from(*b))),
        bytes => {
            let n = bytes.len();
            Err(vm
                .type_error(&format!("ord() expected a character, but string of length {n} found")))
        }
    }
}

/// `hex` and `oct`: the firmware formats with `%`, which takes the item of a tuple.
fn in_base(vm: &mut Vm, args: Args, base: u32, prefix: &str) -> Res {
    let v = vm.arg(args, 0);
    let v = match vm.tuple_items(v).as_deref() {
        None => v,
        Some(&[item]) => item,
        Some([]) => return Err(vm.type_error("format string needs more arguments")),
        Some([first, ..]) => {
            vm.format_int_base(*first, base, prefix)?;
            return Err(vm.type_error("format string didn't convert all arguments"));
        }
    };
    vm.format_int_base(v, base, prefix)
}

fn pow(vm: &mut Vm, args: Args) -> Res {
    if args.n == 2 {
        return vm.binary(Binary::Pow, vm.arg(args, 0), vm.arg(args, 1));
    }
    vm.pow_mod(vm.arg(args, 0), vm.arg(args, 1), vm.arg(args, 2))
}

fn print(vm: &mut Vm, args: Args) -> Res {
    let (mut sep, mut end, mut file) = (Value::NULL, Value::NULL, Value::NULL);
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        if k == names::sep.into() {
            sep = v;
        } else if k == names::end.into() {
            end = v;
        } else if k == names::file_kw.into() {
            file = v;
        } else if k != names::flush.into() {
            return Err(vm.type_error("extra keyword arguments given"));
        }
    }
    for text in [sep, end] {
        if !text.is_null() {
            expect_text(vm, text)?;
        }
    }
    let to_file = !file.is_null();
    let write = vm.intern("write");
    if to_file && vm.load_method(file, write)?.is_none() {
        return Err(vm.raise_args(types::OS_ERROR, "stream operation not supported"));
    }
    let (mut out, mut pieces) = (Vec::new(), Vec::new());
    for i in 0..args.n {
        if i > 0 {
            let sep: &[u8] = if sep.is_null() { b" " } else { vm.text(sep) };
            out.extend_from_slice(sep);
            pieces.push(out.len());
        }
        let v = vm.arg(args, i);
        vm.print(v, &mut out, PrintKind::Str)?;
        pieces.push(out.len());
    }
    let end: &[u8] = if end.is_null() { b"\n" } else { vm.text(end) };
    out.extend_from_slice(end);
    pieces.push(out.len());
    if !to_file {
        vm.write_stdout(&out)?;
        return Ok(Value::NONE);
    }
    // A file gets what is printed, what is between and the end one by one.
    let mut from = 0;
    for to in pieces {
        vm.write_stream(file, &out[from..to])?;
        from = to;
    }
    Ok(Value::NONE)
}

fn sorted(vm: &mut Vm, args: Args) -> Res {
    match args.n {
        0 => return Err(vm.arg_count_error(0, 1, usize::MAX)),
        1 => {}
        _ => return Err(vm.type_error("must use keyword argument for key function")),
    }
    let items = vm.collect_iterable(vm.arg(args, 0))?;
    let list = vm.new_list(&items)?;
    let (mut key, mut reverse) = (Value::NONE, false);
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        if name == names::key.into() {
            key = v;
        } else if name == names::reverse.into() {
            reverse = vm.truth(v)?;
        } else {
            return Err(vm.type_error("extra keyword arguments given"));
        }
    }
    let r = list.as_ref().expect("a list is an object");
    o::list::sort_in_place(vm, r, key, reverse)?;
    Ok(list)
}

fn sum(vm: &mut Vm, args: Args) -> Res {
    let mut total = if args.n == 2 { vm.arg(args, 1) } else { Value::int(0) };
    let it = vm.iter(vm.arg(args, 0))?;
    let generator = vm.as_ref_kind(it, kinds::GENERATOR);
    let mark = vm.mark();
    loop {
        let x = match generator {
            Some(r) => {
                let held = vm.mark() + 1;
                let x = vm.gather(r, Sink::Sum, total)?;
                total = vm.rooted(held);
                vm.release_but(mark, total);
                x
            }
            None => vm.next(it)?,
        };
        if x == Value::STOP {
            return Ok(total);
        }
        if let Some(sum) = vm.plain_sum(total, x) {
            total = sum;
            continue;
        }
        vm.root(x);
        total = vm.binary(Binary::Add, total, x)?;
        vm.release_but(mark, total);
    }
}
