//! Editing a line at the prompt as the firmware does it: the keys it knows, history, indentation.
//! The bytes that go out are the firmware's; characters beyond ASCII, which it drops, are edited too.

mod complete;

use crate::repl::{SOURCE_MAX, read_byte};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::Vm;
use unicode_width::UnicodeWidthStr;

/// How a line was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// With Enter.
    Entered,
    /// With Ctrl and A to E while it was empty, or Ctrl-C anywhere.
    Control(u8),
    /// The chip is being reset.
    Gone,
}

/// Lines that are remembered.
const HISTORY: usize = 8;
/// A step of indentation.
const STEP: &str = "    ";

/// What outlives a line; a soft reset starts afresh.
#[derive(Debug, Default)]
struct Terminal {
    /// The last one comes first.
    history: Vec<String>,
    /// Which of CR and LF ended the last line, if nothing followed: the other one does not count.
    newline: u8,
    /// Lines of this statement are indented by themselves.
    indents: bool,
}

struct Editor<'a> {
    /// Earlier lines of the statement, then this one.
    text: &'a mut String,
    /// Where this line begins.
    start: usize,
    /// Between characters.
    cursor: usize,
    recalled: Option<usize>,
    prompt: &'a str,
    /// The line has nothing but the indentation that it began with.
    just_indented: bool,
    /// The first bytes of a character.
    partial: Vec<u8>,
}

/// Reads a line and appends it, without its end. What `text` has already are the lines before it,
/// each with its end.
pub(crate) fn read(vm: &mut Vm, text: &mut String, prompt: &str) -> Line {
    vm.write_console(prompt.as_bytes());
    if text.is_empty() {
        vm.state::<Terminal>().indents = true;
    }
    let start = text.len();
    let mut e = Editor {
        text,
        start,
        cursor: start,
        recalled: None,
        prompt,
        just_indented: false,
        partial: Vec::new(),
    };
    e.indent(vm);
    loop {
        let Some(c) = read_byte(vm) else { return Line::Gone };
        if let Some(end) = e.key(vm, c) {
            return end;
        }
        e.just_indented = false;
    }
}

impl Editor<'_> {
    /// What a byte of input does; something when it ends the line.
    fn key(&mut self, vm: &mut Vm, c: u8) -> Option<Line> {
        let end = self.text.len();
        match c {
            1..=5 if end == self.start => return Some(Line::Control(c)),
            1 => self.go(vm, self.start),
            2 => self.go(vm, self.left()),
            3 => return Some(Line::Control(c)),
            4 => self.replace(vm, self.cursor, self.right(), ""),
            5 => self.go(vm, end),
            6 => self.go(vm, self.right()),
            11 => self.replace(vm, self.cursor, end, ""),
            14 => self.recall(vm, false),
            16 => self.recall(vm, true),
            21 => self.replace(vm, self.start, self.cursor, ""),
            _ if is_newline(vm, c) => {
                vm.write_console(b"\r\n");
                remember(vm, &self.text[self.start..]);
                return Some(Line::Entered);
            }
            27 => return self.escape(vm),
            8 | 127 => self.backspace(vm),
            b'\t' | b' ' if self.just_indented => self.own_indentation(vm, c),
            b'\t' => self.tab(vm),
            32..=126 | 128.. => self.type_byte(vm, c),
            _ => {}
        }
        None
    }

    /// The rest of an escape sequence. What is none the firmware swallows up to where it sees that.
    fn escape(&mut self, vm: &mut Vm) -> Option<Line> {
        let Some(kind) = read_byte(vm) else { return Some(Line::Gone) };
        if kind != b'[' && kind != b'O' {
            return None;
        }
        let Some(c) = read_byte(vm) else { return Some(Line::Gone) };
        match (kind, c) {
            (_, b'H') => self.go(vm, self.start),
            (_, b'F') => self.go(vm, self.text.len()),
            (b'[', b'A') => self.recall(vm, true),
            (b'[', b'B') => self.recall(vm, false),
            (b'[', b'C') => self.go(vm, self.right()),
            (b'[', b'D') => self.go(vm, self.left()),
            (b'[', b'0'..=b'9') => {
                let Some(end) = read_byte(vm) else { return Some(Line::Gone) };
                match (c, end) {
                    (b'1' | b'7', b'~') => self.go(vm, self.start),
                    (b'4' | b'8', b'~') => self.go(vm, self.text.len()),
                    (b'3', b'~') => self.replace(vm, self.cursor, self.right(), ""),
                    _ => {}
                }
            }
            _ => {}
        }
        None
    }

    /// The place of the character on the left of the cursor.
    fn left(&self) -> usize {
        let before = &self.text[self.start..self.cursor];
        self.cursor - before.chars().next_back().map_or(0, char::len_utf8)
    }

    /// The place after the character under the cursor.
    fn right(&self) -> usize {
        self.cursor + self.text[self.cursor..].chars().next().map_or(0, char::len_utf8)
    }

    fn go(&mut self, vm: &mut Vm, to: usize) {
        if to < self.cursor {
            step_back(vm, self.text[to..self.cursor].width());
        } else {
            // What is there is drawn again: that moves the terminal's cursor.
            vm.write_console(&self.text.as_bytes()[self.cursor..to]);
        }
        self.cursor = to;
    }

    /// Puts `with` where `from..to` is, and the cursor behind it. The cursor is not before `from`.
    fn replace(&mut self, vm: &mut Vm, from: usize, to: usize, with: &str) {
        if self.text.len() + with.len() > SOURCE_MAX {
            return;
        }
        step_back(vm, self.text[from..self.cursor].width());
        let before = self.text[from..].width();
        self.text.replace_range(from..to, with);
        self.cursor = from + with.len();
        if self.text[from..].width() < before {
            vm.write_console(b"\x1b[K");
        }
        vm.write_console(&self.text.as_bytes()[from..]);
        step_back(vm, self.text[self.cursor..].width());
    }

    /// Inserts a character when its last byte is there.
    fn type_byte(&mut self, vm: &mut Vm, c: u8) {
        if c.is_ascii() {
            self.partial.clear();
        }
        self.partial.push(c);
        match core::str::from_utf8(&self.partial) {
            Ok(character) => {
                let character = String::from(character);
                self.replace(vm, self.cursor, self.cursor, &character);
                self.partial.clear();
            }
            Err(e) if e.error_len().is_some() => self.partial.clear(),
            Err(_) => {}
        }
    }

    /// Deletes the character on the left; of an indentation a step.
    fn backspace(&mut self, vm: &mut Vm) {
        let before = &self.text.as_bytes()[self.start..self.cursor];
        let is_step = before.len() >= STEP.len() && before.iter().all(|&b| b == b' ');
        let from = if is_step { self.cursor - STEP.len() } else { self.left() };
        self.replace(vm, from, self.cursor, "");
    }

    /// The first key after an indentation that came by itself is one of indentation: the text has
    /// its own. A space takes the place of the last step, a tab keeps it.
    fn own_indentation(&mut self, vm: &mut Vm, c: u8) {
        vm.state::<Terminal>().indents = false;
        if c == b' ' {
            let end = self.text.len() - (STEP.len() - 1);
            self.go(vm, end);
            self.text.truncate(end);
        }
    }

    fn tab(&mut self, vm: &mut Vm) {
        let after_space = self.text[..self.cursor].ends_with(|c: char| c.is_ascii_whitespace());
        if after_space {
            self.replace(vm, self.cursor, self.cursor, STEP);
            return;
        }
        match complete::complete(vm, &self.text[self.start..self.cursor]) {
            complete::Found::Rest(rest) if rest.is_empty() => {}
            complete::Found::Rest(rest) => self.replace(vm, self.cursor, self.cursor, &rest),
            complete::Found::Listed => {
                vm.write_console(self.prompt.as_bytes());
                vm.write_console(&self.text.as_bytes()[self.start..]);
                step_back(vm, self.text[self.cursor..].width());
            }
        }
    }

    fn recall(&mut self, vm: &mut Vm, older: bool) {
        let next = match (self.recalled, older) {
            (None, false) => return,
            (None, true) => Some(0),
            (Some(i), true) => Some(i + 1),
            (Some(i), false) => i.checked_sub(1),
        };
        let text = match next {
            None => String::new(),
            Some(i) => match vm.state::<Terminal>().history.get(i) {
                Some(text) => text.clone(),
                None => return,
            },
        };
        self.recalled = next;
        self.replace(vm, self.start, self.text.len(), &text);
    }

    /// Begins the line like the one before it, a step further after a colon. Two lines of blanks
    /// end that.
    fn indent(&mut self, vm: &mut Vm) {
        if !vm.state::<Terminal>().indents {
            return;
        }
        let Some(before) = self.text.strip_suffix('\n') else { return };
        let mut lines = before.rsplit('\n');
        let last = lines.next().unwrap_or_default();
        let is_blank = |line: &str| line.bytes().all(|b| b == b' ');
        if is_blank(last) && lines.next().is_some_and(is_blank) {
            return;
        }
        let spaces = last.len() - last.trim_start_matches(' ').len();
        let steps = spaces / STEP.len() + usize::from(last.ends_with(':'));
        let indentation = STEP.repeat(steps);
        self.replace(vm, self.cursor, self.cursor, &indentation);
        self.just_indented = steps > 0;
    }
}

/// Moves the terminal's cursor to the left.
fn step_back(vm: &mut Vm, columns: usize) {
    if columns <= 4 {
        vm.write_console(&b"\x08\x08\x08\x08"[..columns]);
    } else {
        vm.write_console(format!("\x1b[{columns}D").as_bytes());
    }
}

/// Whether a byte ends the line: CR, LF, or both as one.
fn is_newline(vm: &mut Vm, c: u8) -> bool {
    let before = core::mem::take(&mut vm.state::<Terminal>().newline);
    let ends = matches!(c, b'\r' | b'\n') && (before == 0 || before == c);
    if ends {
        vm.state::<Terminal>().newline = c;
    }
    ends
}

fn remember(vm: &mut Vm, line: &str) {
    let history = &mut vm.state::<Terminal>().history;
    if !line.is_empty() && history.first().is_none_or(|last| last != line) {
        history.truncate(HISTORY - 1);
        history.insert(0, String::from(line));
    }
}
