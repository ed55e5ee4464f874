//! Exceptions: the hierarchy, their attributes, tracebacks.

use crate::kinds::{self, exc};
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Args, PrintKind, TypeDef};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::vec::Vec;
use coil_heap::{Ref, Tag, Value};

macro_rules! exceptions {
    ($($name:ident $text:literal $base:expr;)*) => {
        $(#[doc = concat!("`", $text, "`")]
        pub static $name: TypeDef = TypeDef {
            name: $text,
            base: $base,
            new: Some(new),
            print: Some(print),
            attr: Some(attr),
            ..TypeDef::EMPTY
        };)*
    };
}

exceptions! {
    BASE_EXCEPTION "BaseException" None;
    SYSTEM_EXIT "SystemExit" Some(&BASE_EXCEPTION);
    KEYBOARD_INTERRUPT "KeyboardInterrupt" Some(&BASE_EXCEPTION);
    GENERATOR_EXIT "GeneratorExit" Some(&BASE_EXCEPTION);
    EXCEPTION "Exception" Some(&BASE_EXCEPTION);
    STOP_ASYNC_ITERATION "StopAsyncIteration" Some(&EXCEPTION);
    STOP_ITERATION "StopIteration" Some(&EXCEPTION);
    ARITHMETIC_ERROR "ArithmeticError" Some(&EXCEPTION);
    OVERFLOW_ERROR "OverflowError" Some(&ARITHMETIC_ERROR);
    ZERO_DIVISION_ERROR "ZeroDivisionError" Some(&ARITHMETIC_ERROR);
    ASSERTION_ERROR "AssertionError" Some(&EXCEPTION);
    ATTRIBUTE_ERROR "AttributeError" Some(&EXCEPTION);
    EOF_ERROR "EOFError" Some(&EXCEPTION);
    IMPORT_ERROR "ImportError" Some(&EXCEPTION);
    LOOKUP_ERROR "LookupError" Some(&EXCEPTION);
    INDEX_ERROR "IndexError" Some(&LOOKUP_ERROR);
    KEY_ERROR "KeyError" Some(&LOOKUP_ERROR);
    MEMORY_ERROR "MemoryError" Some(&EXCEPTION);
    NAME_ERROR "NameError" Some(&EXCEPTION);
    OS_ERROR "OSError" Some(&EXCEPTION);
    RUNTIME_ERROR "RuntimeError" Some(&EXCEPTION);
    NOT_IMPLEMENTED_ERROR "NotImplementedError" Some(&RUNTIME_ERROR);
    SYNTAX_ERROR "SyntaxError" Some(&EXCEPTION);
    INDENTATION_ERROR "IndentationError" Some(&SYNTAX_ERROR);
    TYPE_ERROR "TypeError" Some(&EXCEPTION);
    VIPER_TYPE_ERROR "ViperTypeError" Some(&TYPE_ERROR);
    VALUE_ERROR "ValueError" Some(&EXCEPTION);
    UNICODE_ERROR "UnicodeError" Some(&VALUE_ERROR);
}

/// Bytes that two lines of a traceback take of the emergency buffer, on the device.
const EMERGENCY_TRACE: u32 = 24;

impl Vm {
    /// The exception object of a value: itself, or the base of a user-defined exception.
    pub fn as_exception(&self, v: Value) -> Option<Ref> {
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::EXC => Some(r),
            kinds::INSTANCE => {
                self.as_ref_kind(self.heap.get(r, kinds::instance::NATIVE), kinds::EXC)
            }
            _ => None,
        }
    }

    /// The arguments of an exception.
    pub fn exception_args(&self, v: Value) -> Vec<Value> {
        self.as_exception(v)
            .and_then(|r| self.tuple_items(self.heap.get(r, exc::ARGS)))
            .unwrap_or_default()
    }

    /// The first argument of an exception, or `None`: what a generator returned.
    pub fn exception_value(&self, v: Value) -> Value {
        self.exception_args(v).first().copied().unwrap_or(Value::NONE)
    }

    /// Whether a value is an exception of a built-in class.
    pub fn exception_is(&self, v: Value, class: types::Type) -> bool {
        self.is_subclass(self.type_of(v), class.into())
    }

    /// Adds a line to an exception's traceback. Silently does nothing without memory.
    pub fn add_trace(&mut self, exception: Value, file: Value, line: u32, block: Value) {
        let Some(r) = self.as_exception(exception) else { return };
        if exception == self.memory_error {
            return;
        }
        if let Some((entries, n)) = self.trace_room(r) {
            self.heap.set(entries, n, file);
            self.heap.set(entries, n + 1, Value::int(i64::from(line)));
            self.heap.set(entries, n + 2, block);
        }
    }

    /// Where the next line of a traceback goes: its entries, and the index of a free one.
    fn trace_room(&mut self, exception: Ref) -> Option<(Ref, usize)> {
        let old = self.heap.get(exception, exc::TRACE).as_ref();
        let n = old.map_or(0, |o| self.heap.len(o));
        // Entries that `__traceback__ = None` has emptied are used again.
        if let Some(old) = old
            && let Some(at) = (0..n).step_by(3).find(|&i| self.heap.get(old, i).is_null())
        {
            return Some((old, at));
        }
        // With a locked heap there is only the emergency buffer, which holds two.
        if self.heap_lock > 0 && (n >= 6 || self.emergency_bytes < EMERGENCY_TRACE) {
            return None;
        }
        let len = u32::try_from(n).ok()? + 3;
        if let Some(old) = old
            && self.heap.resize_in_place(old, len)
        {
            return Some((old, n));
        }
        let new = self.heap.alloc(coil_heap::Header::new(kinds::VEC, 0, 0, len)).ok()?;
        if let Some(old) = old {
            self.heap.copy_values(old, 0, new, 0, n);
            self.heap.free(old);
        }
        self.heap.set(exception, exc::TRACE, new.into());
        Some((new, n))
    }

    /// The traceback: file, line and block, innermost first.
    pub fn trace(&self, exception: Value) -> Vec<(Value, u32, Value)> {
        let Some(t) =
            self.as_exception(exception).and_then(|r| self.heap.get(r, exc::TRACE).as_ref())
        else {
            return Vec::new();
        };
        (0..self.heap.len(t) / 3)
            .filter(|i| !self.heap.get(t, i * 3).is_null())
            .map(|i| {
                let line = self.heap.get(t, i * 3 + 1).int_unchecked() as u32;
                (self.heap.get(t, i * 3), line, self.heap.get(t, i * 3 + 2))
            })
            .collect()
    }

    /// Prints an exception as the prompt does: traceback, class, text.
    pub fn print_exception(&mut self, exception: Value, out: &mut Vec<u8>) {
        if self.as_exception(exception).is_none() {
            if self.print(exception, out, PrintKind::Str).is_ok() {
                out.push(b'\n');
            }
            return;
        }
        let trace = self.trace(exception);
        if !trace.is_empty() {
            out.extend_from_slice(b"Traceback (most recent call last):\n");
            for (file, line, block) in trace.into_iter().rev() {
                let text = |v: Value| v.as_qstr().map_or("?", |q| self.names.text(Qstr(q)));
                let (file, block) = (text(file), text(block));
                let entry = if block == "?" || block.is_empty() {
                    format!("  File \"{file}\", line {line}\n")
                } else {
                    format!("  File \"{file}\", line {line}, in {block}\n")
                };
                out.extend_from_slice(entry.as_bytes());
            }
        }
        let class = self.type_of(exception);
        if self.class_lookup(class, names::repr).is_some_and(|f| f.as_tagged(Tag::Native).is_none())
        {
            // Said by the class itself, without its name; its `__str__` is not asked here.
            if self.print(exception, out, PrintKind::Repr).is_ok() {
                out.push(b'\n');
                return;
            }
        }
        out.extend_from_slice(self.class_name(class).as_bytes());
        let native = match self.as_ref_kind(exception, kinds::INSTANCE) {
            Some(r) => self.heap.get(r, kinds::instance::NATIVE),
            None => exception,
        };
        let at = out.len();
        out.extend_from_slice(b": ");
        if self.print(native, out, PrintKind::Str).is_err() {
            out.truncate(at);
        }
        out.push(b'\n');
    }

    /// Makes an exception from what stands behind `raise`: an instance, or a class to call.
    pub fn make_exception(&mut self, v: Value) -> Res {
        if self.as_type(v).is_some() && self.is_subclass(v, types::BASE_EXCEPTION.into()) {
            let e = self.call(v, &[])?;
            self.root(e);
            if self.as_exception(e).is_some() {
                return Ok(e);
            }
        } else if self.as_exception(v).is_some() {
            return Ok(v);
        }
        Err(self.type_error("exceptions must derive from BaseException"))
    }
}

fn new(vm: &mut Vm, class: Value, args: Args) -> Res {
    vm.check_args(args, 0, usize::MAX)?;
    let items = vm.args_vec(args);
    let native = vm.native_base(class);
    let native = Vm::type_number(native).map_or(types::EXCEPTION, types::Type);
    vm.new_exception(native, &items)
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, kind: PrintKind) -> Result<(), Raised> {
    let Some(r) = vm.as_exception(v) else { return Ok(()) };
    let args = vm.heap.get(r, exc::ARGS);
    let items = vm.exception_args(v);
    if kind == PrintKind::Repr {
        let class = vm.type_of(v);
        out.extend_from_slice(vm.class_name(class).as_bytes());
    } else {
        match items.as_slice() {
            [] => return Ok(()),
            [one] => {
                if vm.exception_is(v, types::OS_ERROR)
                    && let Some(text) =
                        one.as_int().and_then(|n| crate::errno::name(vm.rom.errno, n))
                {
                    out.extend_from_slice(
                        format!("[Errno {}] {text}", one.int_unchecked()).as_bytes(),
                    );
                    return Ok(());
                }
                return vm.print(*one, out, PrintKind::Str);
            }
            [number, detail] if vm.exception_is(v, types::OS_ERROR) => {
                if let Some(text) =
                    number.as_int().and_then(|n| crate::errno::name(vm.rom.errno, n))
                {
                    out.extend_from_slice(
                        format!("[Errno {}] {text}: ", number.int_unchecked()).as_bytes(),
                    );
                    return vm.print(*detail, out, PrintKind::Str);
                }
            }
            _ => {}
        }
    }
    vm.print(args, out, PrintKind::Repr)
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    let Some(r) = vm.as_exception(v) else { return Ok(Value::NULL) };
    match access {
        Access::Load if name == names::args => Ok(vm.heap.get(r, exc::ARGS)),
        // The reference has both on every exception.
        Access::Load if name == names::value || name == names::errno => Ok(vm.exception_value(v)),
        // The entries stay, so that a preallocated exception can be raised without memory.
        Access::Store(Value::NONE) if name == names::traceback => {
            if let Some(t) = vm.heap.get(r, exc::TRACE).as_ref() {
                vm.heap.slots_mut(t).fill(Value::NULL.bits());
            }
            Ok(Value::NONE)
        }
        _ => Ok(Value::NULL),
    }
}
