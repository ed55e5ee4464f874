//! Editing a line at the prompt: cursor keys, history, completion, indentation.

use crate::repl::read_byte;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_vm::{Value, Vm};

/// What was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line, without its end.
    Text(String),
    /// Ctrl and a letter on an empty line (Ctrl-C anywhere).
    Control(u8),
    /// The chip is being reset.
    Gone,
}

/// Lines that are remembered.
const HISTORY: usize = 8;
/// A line may have this many bytes.
const LINE_MAX: usize = 4096;

struct Editor {
    text: Vec<u8>,
    cursor: usize,
    recalled: Option<usize>,
}

/// Reads a line. `before` is what was entered so far of a compound statement.
pub(crate) fn read(vm: &mut Vm, prompt: &str, before: &str, history: &mut Vec<String>) -> Line {
    vm.port.write(prompt.as_bytes());
    let mut e = Editor { text: Vec::new(), cursor: 0, recalled: None };
    let indent = indentation(before);
    e.insert(vm, indent.as_bytes());
    loop {
        let Some(c) = read_byte(vm) else { return Line::Gone };
        match c {
            3 => return Line::Control(c),
            1 | 2 | 4 | 5 if e.text.is_empty() && before.is_empty() => return Line::Control(c),
            b'\r' | b'\n' => {
                vm.port.write(b"\r\n");
                return Line::Text(remember(e.text, history));
            }
            1 => e.move_to(vm, 0),
            2 => e.move_to(vm, e.cursor.saturating_sub(1)),
            4 => e.delete(vm, e.cursor, e.cursor + 1),
            5 => e.move_to(vm, e.text.len()),
            6 => e.move_to(vm, e.cursor + 1),
            8 | 127 => e.backspace(vm),
            9 => complete(vm, &mut e, prompt),
            11 => e.delete(vm, e.cursor, e.text.len()),
            14 => e.recall(vm, history, false),
            16 => e.recall(vm, history, true),
            21 => e.delete(vm, 0, e.cursor),
            27 if !escape(vm, &mut e, history) => {
                return Line::Gone;
            }
            32..=126 | 128.. => e.insert(vm, &[c]),
            _ => {}
        }
    }
}

fn remember(text: Vec<u8>, history: &mut Vec<String>) -> String {
    let text = String::from_utf8_lossy(&text).into_owned();
    if !text.trim().is_empty() && history.first() != Some(&text) {
        history.insert(0, text.clone());
        history.truncate(HISTORY);
    }
    text
}

/// The spaces that the next line of a compound statement starts with.
fn indentation(before: &str) -> String {
    let Some(last) = before.trim_end_matches('\n').rsplit('\n').next() else {
        return String::new();
    };
    if before.is_empty() || last.trim().is_empty() {
        return String::new();
    }
    let spaces = last.len() - last.trim_start_matches(' ').len();
    " ".repeat(spaces + if last.trim_end().ends_with(':') { 4 } else { 0 })
}

/// The rest of an escape sequence.
fn escape(vm: &mut Vm, e: &mut Editor, history: &[String]) -> bool {
    let Some(kind) = read_byte(vm) else { return false };
    if kind != b'[' && kind != b'O' {
        return true;
    }
    let Some(c) = read_byte(vm) else { return false };
    match c {
        b'A' => e.recall(vm, history, true),
        b'B' => e.recall(vm, history, false),
        b'C' => e.move_to(vm, e.cursor + 1),
        b'D' => e.move_to(vm, e.cursor.saturating_sub(1)),
        b'H' => e.move_to(vm, 0),
        b'F' => e.move_to(vm, e.text.len()),
        b'0'..=b'9' => {
            let Some(end) = read_byte(vm) else { return false };
            match (c, end) {
                (b'1' | b'7', b'~') => e.move_to(vm, 0),
                (b'4' | b'8', b'~') => e.move_to(vm, e.text.len()),
                (b'3', b'~') => e.delete(vm, e.cursor, e.cursor + 1),
                _ => {}
            }
        }
        _ => {}
    }
    true
}

impl Editor {
    /// The column of a byte offset: characters count, not bytes.
    fn column(&self, at: usize) -> usize {
        self.text[..at].iter().filter(|&&b| b & 0xc0 != 0x80).count()
    }

    fn is_boundary(&self, at: usize) -> bool {
        at >= self.text.len() || self.text[at] & 0xc0 != 0x80
    }

    fn shift(vm: &mut Vm, from: usize, to: usize) {
        let text = match to {
            _ if to < from => format!("\x1b[{}D", from - to),
            _ if to > from => format!("\x1b[{}C", to - from),
            _ => return,
        };
        vm.port.write(text.as_bytes());
    }

    fn move_to(&mut self, vm: &mut Vm, to: usize) {
        let forward = to > self.cursor;
        let mut to = to.min(self.text.len());
        while !self.is_boundary(to) {
            to = if forward { to + 1 } else { to - 1 };
        }
        Self::shift(vm, self.column(self.cursor), self.column(to));
        self.cursor = to;
    }

    fn redraw_tail(&mut self, vm: &mut Vm, erase: bool) {
        if erase {
            vm.port.write(b"\x1b[K");
        }
        let tail = self.text[self.cursor..].to_vec();
        vm.port.write(&tail);
        Self::shift(vm, self.column(self.text.len()), self.column(self.cursor));
    }

    fn insert(&mut self, vm: &mut Vm, bytes: &[u8]) {
        if bytes.is_empty() || self.text.len() + bytes.len() > LINE_MAX {
            return;
        }
        self.text.splice(self.cursor..self.cursor, bytes.iter().copied());
        self.cursor += bytes.len();
        vm.port.write(bytes);
        if self.cursor < self.text.len() {
            self.redraw_tail(vm, false);
        }
    }

    fn delete(&mut self, vm: &mut Vm, from: usize, to: usize) {
        let mut to = to.min(self.text.len());
        while !self.is_boundary(to) {
            to += 1;
        }
        if from >= to {
            return;
        }
        self.move_to(vm, from);
        self.text.drain(from..to);
        self.redraw_tail(vm, true);
    }

    /// Deletes the character on the left, or an indentation step.
    fn backspace(&mut self, vm: &mut Vm) {
        if self.cursor == 0 {
            return;
        }
        let blank = self.text[..self.cursor].iter().all(|&b| b == b' ');
        let mut from = if blank { (self.cursor - 1) / 4 * 4 } else { self.cursor - 1 };
        while !self.is_boundary(from) {
            from -= 1;
        }
        self.delete(vm, from, self.cursor);
    }

    fn recall(&mut self, vm: &mut Vm, history: &[String], older: bool) {
        let next = match (self.recalled, older) {
            (None, true) => Some(0),
            (Some(i), true) => Some(i + 1),
            (Some(0) | None, false) => None,
            (Some(i), false) => Some(i - 1),
        };
        let text = match next {
            Some(i) => match history.get(i) {
                Some(t) => t.as_bytes().to_vec(),
                None => return,
            },
            None => Vec::new(),
        };
        self.recalled = next;
        self.move_to(vm, 0);
        self.text = text;
        self.redraw_tail(vm, true);
        let end = self.text.len();
        self.move_to(vm, end);
    }
}

/// Tab: completes the name before the cursor, or lists what fits.
fn complete(vm: &mut Vm, e: &mut Editor, prompt: &str) {
    let before = String::from_utf8_lossy(&e.text[..e.cursor]).into_owned();
    let start =
        before.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).map_or(0, |i| i + 1);
    let word = before[start..].to_string();
    if word.is_empty() {
        e.insert(vm, b"    ");
        return;
    }
    let (path, part) = word.rsplit_once('.').map_or(("", word.as_str()), |(p, w)| (p, w));
    let mut fits = candidates(vm, path);
    fits.retain(|n| n.starts_with(part) && (!n.starts_with('_') || part.starts_with('_')));
    fits.sort();
    fits.dedup();
    let Some(first) = fits.first() else { return };
    let common = fits.iter().fold(first.len(), |n, f| {
        n.min(first.bytes().zip(f.bytes()).take_while(|(a, b)| a == b).count())
    });
    if common > part.len() {
        let rest = first[part.len()..common].to_string();
        e.insert(vm, rest.as_bytes());
    } else if fits.len() > 1 {
        list(vm, &fits);
        vm.port.write(prompt.as_bytes());
        let text = e.text.clone();
        vm.port.write(&text);
        Editor::shift(vm, e.column(e.text.len()), e.column(e.cursor));
    }
}

fn list(vm: &mut Vm, names: &[String]) {
    let mut column = 80;
    for n in names {
        let width = n.len().max(1).div_ceil(16) * 16;
        if column + width > 80 {
            vm.port.write(b"\r\n");
            column = 0;
        }
        vm.port.write(format!("{n:<width$}").as_bytes());
        column += width;
    }
    vm.port.write(b"\r\n");
}

fn candidates(vm: &mut Vm, path: &str) -> Vec<String> {
    let globals = vm.pinned(crate::board::MAIN_DICT);
    if path.is_empty() {
        let mut names: Vec<Value> = vm.dict_entries(globals).into_iter().map(|e| e.0).collect();
        names.extend(vm.rom.builtins.names().iter().map(|&q| Value::from(q)));
        return texts(vm, &names);
    }
    let mut steps = path.split('.');
    let first = vm.intern(steps.next().unwrap_or(""));
    let Some(mut v) = vm.dict_get(globals, first) else { return Vec::new() };
    for step in steps {
        let name = vm.intern(step);
        match vm.get_attr_maybe(v, name) {
            Ok(next) if !next.is_null() => v = next,
            _ => return Vec::new(),
        }
    }
    let dir = vm.intern("dir");
    let found = vm.rom.builtins.get(dir).map(|f| vm.call(f, &[v]));
    match found {
        Some(Ok(list)) => {
            let items = vm.collect_iterable(list).unwrap_or_default();
            texts(vm, &items)
        }
        _ => Vec::new(),
    }
}

fn texts(vm: &Vm, names: &[Value]) -> Vec<String> {
    names.iter().map(|&n| String::from_utf8_lossy(vm.str_bytes(n)).into_owned()).collect()
}
