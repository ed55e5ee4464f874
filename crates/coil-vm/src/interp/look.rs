//! What a machine looks like from outside in a moment, without running any of its program.

use super::frame::Frame;
use crate::kinds::{self, code};
use crate::rom::PrintKind;
use crate::vm::Vm;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_compiler::bytecode::Local;
use coil_heap::{Ref, Value};

/// Names of the locals of functions, where they are kept: beside the board's memory, so that a board that is looked at
/// has as much of it as one that is not.
#[derive(Debug, Default)]
pub(crate) struct LocalNames(BTreeMap<u32, Vec<Local>>);

impl LocalNames {
    /// A code object has been made, where another may have been before.
    pub(crate) fn note(&mut self, code: Ref, locals: &[Local]) {
        if locals.is_empty() {
            self.0.remove(&code.offset());
        } else {
            self.0.insert(code.offset(), locals.to_vec());
        }
    }
}

/// A call that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function, or `<module>`.
    pub function: String,
    /// The file it is from.
    pub file: String,
    /// The line that runs.
    pub line: u32,
    /// Its local variables that have a value, if their names were kept.
    pub locals: Vec<(String, String)>,
}

/// Levels of containers that are shown.
const DEPTH: u32 = 3;
/// Items of each that are shown.
const ITEMS: usize = 16;
/// Characters of one value that are shown.
const TEXT: usize = 400;

impl Vm {
    /// The calls that are under way, the innermost last.
    pub fn calls(&mut self) -> Vec<Call> {
        (0..self.frames.len()).map(|n| self.call_at(n)).collect()
    }

    fn call_at(&mut self, n: usize) -> Call {
        let Frame { code, pc, base, .. } = self.frames[n];
        let text = |v: Value| String::from_utf8_lossy(self.str_bytes(v)).into_owned();
        let function = text(self.heap.get(code, code::NAME));
        let file = text(self.heap.get(code, code::FILE));
        let line = self.line_of(code, pc.saturating_sub(1));
        let mut locals = Vec::new();
        for Local { name, reg } in
            self.local_names.0.get(&code.offset()).cloned().unwrap_or_default()
        {
            let mut value = self.stack[base as usize + usize::from(reg)];
            if let Some(cell) = self.as_ref_kind(value, kinds::CELL) {
                value = self.heap.get(cell, 0);
            }
            // What has no name in the text has one that cannot be written.
            if !value.is_null() && name.starts_with(|c: char| c == '_' || c.is_alphabetic()) {
                locals.push((name, self.look_text(value)));
            }
        }
        Call { function, file, line, locals }
    }

    /// A value in words, not too many of them.
    fn look_text(&mut self, value: Value) -> String {
        let mut out = Vec::new();
        self.look(value, DEPTH, &mut out);
        let mut text = String::from_utf8_lossy(&out).into_owned();
        if let Some((at, _)) = text.char_indices().nth(TEXT) {
            text.truncate(at);
            text.push('…');
        }
        text
    }

    /// The names of a dict and what they stand for, in words: nothing of the program runs for it, so
    /// that instances are shown by their class alone.
    pub fn look_at(&mut self, dict: Value) -> Vec<(String, String)> {
        let mut shown = Vec::new();
        for (name, value) in self.dict_entries(dict) {
            let text = self.look_text(value);
            if self.as_ref_kind(name, kinds::INSTANCE).is_none() && self.type_name(name) == "str" {
                shown.push((String::from_utf8_lossy(self.str_bytes(name)).into_owned(), text));
            }
        }
        shown
    }

    fn look(&mut self, v: Value, depth: u32, out: &mut Vec<u8>) {
        if out.len() > 4 * TEXT {
            return;
        }
        let is_instance = self.as_ref_kind(v, kinds::INSTANCE).is_some();
        let name: String = self.type_name(v).into();
        if !is_instance && depth > 0 {
            if let Some(list) = self.as_list(v) {
                let items = self.list_items(list);
                return self.look_items(&items, depth, [b"[", b"]"], out);
            }
            if name == "tuple"
                && let Some((r, first, n)) = self.as_tuple(v)
            {
                let items: Vec<_> =
                    (0..n.min(ITEMS + 1)).map(|i| self.heap.get(r, first + i)).collect();
                return self.look_items(&items, depth, [b"(", b")"], out);
            }
            if self.as_dict(v).is_some() {
                return self.look_dict(v, depth, out);
            }
        }
        let is_plain = matches!(
            name.as_str(),
            "int"
                | "float"
                | "bool"
                | "NoneType"
                | "str"
                | "bytes"
                | "complex"
                | "bytearray"
                | "range"
                | "module"
                | "function"
                | "type"
        );
        let mark = out.len();
        // What cannot be printed without the program is told by its type.
        if is_instance || !is_plain || self.print(v, out, PrintKind::Repr).is_err() {
            out.truncate(mark);
            out.extend_from_slice(format!("<{name}>").as_bytes());
        }
    }

    fn look_items(&mut self, items: &[Value], depth: u32, ends: [&[u8]; 2], out: &mut Vec<u8>) {
        out.extend_from_slice(ends[0]);
        for (n, item) in items.iter().take(ITEMS).enumerate() {
            if n > 0 {
                out.extend_from_slice(b", ");
            }
            self.look(*item, depth - 1, out);
        }
        if items.len() > ITEMS {
            out.extend_from_slice(", …".as_bytes());
        }
        out.extend_from_slice(ends[1]);
    }

    fn look_dict(&mut self, dict: Value, depth: u32, out: &mut Vec<u8>) {
        let entries = self.dict_entries(dict);
        out.push(b'{');
        for (n, (key, value)) in entries.iter().take(ITEMS).enumerate() {
            if n > 0 {
                out.extend_from_slice(b", ");
            }
            self.look(*key, depth - 1, out);
            out.extend_from_slice(b": ");
            self.look(*value, depth - 1, out);
        }
        if entries.len() > ITEMS {
            out.extend_from_slice(", …".as_bytes());
        }
        out.push(b'}');
    }
}
