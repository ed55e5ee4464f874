//! What a board's output tells of its prompt: whether it waits for a person, and what is typed there.

/// What the prompts for people start a line with.
const PROMPT: &[u8] = b">>> ";
const CONTINUED: [&[u8]; 2] = [b"... ", b"=== "];
/// Bytes of a line that are looked at; who types more edits a line that we do not know.
const LINE_MAX: usize = 1024;
/// The last line of a banner before the prompt.
const BANNER: &[u8] = b"Type \"help()\" for more information.";
/// What is said where the prompt for programs starts.
const FOR_PROGRAMS: &[u8] = b"raw REPL; CTRL-B to exit";
/// What the ROM says first of all, in a line of its own.
const ROM: [&[u8]; 2] = [b"rst:0x", b",boot:0x"];

/// Where the output has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Not at a prompt: a program runs, or another tool has the prompt for programs.
    Elsewhere,
    /// At the prompt, where this is typed and the cursor stands behind it.
    Prompt(String),
    /// At the prompt, where something is edited that cannot be typed anew.
    Editing,
    /// A prompt was there, nothing was typed at it from here, and something was written over it: a timer of the board, or somebody else's
    /// Enter. Asking tells.
    WrittenOver,
}

/// The reader.
#[derive(Debug, Default)]
pub(super) struct Prompt {
    /// The line that has not ended.
    line: Vec<u8>,
    is_long: bool,
    /// Enter was pressed in it.
    is_entered: bool,
    /// Something was typed since the last prompt.
    is_typed_at: bool,
    /// The last prompt's line has ended, and nothing was typed.
    is_written_over: bool,
    /// A prompt has come.
    has_come: bool,
    /// The line before ended a banner.
    after_banner: bool,
    /// The chip was reset, or the interpreter started anew.
    restarted: bool,
}

impl Prompt {
    /// Takes what the board has said.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte == b'\n' {
                self.end_line();
            } else if self.line.len() < LINE_MAX {
                self.line.push(byte);
            } else {
                self.is_long = true;
            }
            if self.line == PROMPT && !self.is_entered {
                (self.is_typed_at, self.is_written_over, self.has_come) = (false, false, true);
            }
        }
        if self.after_banner && self.is_at_prompt() {
            self.restarted = true;
        }
    }

    fn end_line(&mut self) {
        if self.line != b"\r" {
            self.after_banner = has(&self.line, BANNER);
        }
        if ROM.iter().all(|part| has(&self.line, part)) {
            self.restarted = true;
        }
        self.is_written_over |= self.is_at_prompt() && !self.is_typed_at;
        self.is_written_over &= !self.restarted && !has(&self.line, FOR_PROGRAMS);
        self.line.clear();
        self.is_long = false;
        self.is_entered = false;
    }

    /// Takes what is sent to the board: with Enter, the line is a program.
    pub(super) fn typed(&mut self, bytes: &[u8]) {
        self.is_entered |= bytes.iter().any(|b| matches!(b, b'\r' | b'\n' | 4));
        (self.is_typed_at, self.is_written_over) = (true, false);
    }

    /// Whether a prompt has come since this was asked, whatever was written over it.
    pub(super) fn take_come(&mut self) -> bool {
        std::mem::take(&mut self.has_come)
    }

    /// The line has become this prompt, by what nobody has seen.
    pub(super) fn set(&mut self, typed: &str) {
        let (line, is_typed_at) = ([PROMPT, typed.as_bytes()].concat(), !typed.is_empty());
        *self = Self { line, is_typed_at, ..Self::default() };
    }

    /// Nothing is known of the line.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether the chip or the interpreter has started anew since this was asked.
    pub(super) fn take_restarted(&mut self) -> bool {
        std::mem::take(&mut self.restarted)
    }

    fn is_at_prompt(&self) -> bool {
        !self.is_entered && self.line.starts_with(PROMPT)
    }

    pub(super) fn at(&self) -> At {
        if !self.is_entered && CONTINUED.iter().any(|p| self.line.starts_with(p)) {
            return At::Editing;
        }
        match self.line.strip_prefix(PROMPT) {
            Some(_) if self.is_entered => At::Elsewhere,
            Some(rest) if !self.is_long => shown(rest).map_or(At::Editing, At::Prompt),
            Some(_) => At::Editing,
            None if self.is_written_over => At::WrittenOver,
            None => At::Elsewhere,
        }
    }
}

fn has(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|w| w == part)
}

/// What stands on a terminal's line after these bytes, if the cursor is behind it and all of it can be typed.
fn shown(bytes: &[u8]) -> Option<String> {
    let (mut cells, mut cursor) = (Vec::new(), 0_usize);
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b' '..=b'~' => {
                if cursor < cells.len() {
                    cells[cursor] = byte;
                } else {
                    cells.push(byte);
                }
                cursor += 1;
            }
            8 => cursor = cursor.checked_sub(1)?,
            0x1b => {
                rest = rest.strip_prefix(b"[")?;
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                let number = std::str::from_utf8(&rest[..digits]).ok()?;
                let steps: usize = if digits == 0 { 1 } else { number.parse().ok()? };
                match rest.get(digits)? {
                    b'K' if digits == 0 => cells.truncate(cursor),
                    b'D' => cursor = cursor.checked_sub(steps)?,
                    b'C' => cursor = cursor.checked_add(steps).filter(|c| *c <= cells.len())?,
                    _ => return None,
                }
                rest = &rest[digits + 1..];
            }
            _ => return None,
        }
    }
    (cursor == cells.len()).then(|| String::from_utf8(cells).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(bytes: &[u8]) -> At {
        let mut prompt = Prompt::default();
        prompt.feed(bytes);
        prompt.at()
    }

    fn typed(text: &str) -> At {
        At::Prompt(text.into())
    }

    #[test]
    fn a_prompt_is_one_at_the_start_of_a_line() {
        assert_eq!(at(b"hello\r\n>>> "), typed(""));
        assert_eq!(at(b">>> pri"), typed("pri"));
        assert_eq!(at(b"hello >>> "), At::Elsewhere);
        assert_eq!(at(b">>> x\r\n"), At::WrittenOver);
        assert_eq!(at(b">>> if x:\r\n...     "), At::Editing);
        assert_eq!(at(b"paste mode; Ctrl-C\r\n=== "), At::Editing);
        assert_eq!(at(b"raw REPL; CTRL-B to exit\r\n>"), At::Elsewhere);
        assert_eq!(at(b""), At::Elsewhere);
    }

    #[test]
    fn what_is_edited_is_known_as_a_terminal_shows_it() {
        assert_eq!(at(b">>> ab\x08\x1b[Kc"), typed("ac"));
        assert_eq!(at(b">>> abc\x1b[3D\x1b[Kxy"), typed("xy"));
        assert_eq!(at(b">>> abc\x08"), At::Editing, "the cursor is inside");
        assert_eq!(at(">>> ä".as_bytes()), At::Editing);
        for odd in [
            "\x08",
            "\x1b",
            "\x1b[",
            "\x1b[9",
            "\x1b[9D",
            "\x1b[2J",
            "\x1b[99999999999999999999D",
            "\t",
        ] {
            assert_eq!(at(format!(">>> {odd}").as_bytes()), At::Editing, "{odd:?}");
        }
        assert_eq!(at(&[b">>> ", &[b'x'; 2000][..]].concat()), At::Editing);
    }

    #[test]
    fn enter_starts_a_program_at_once_and_the_next_prompt_ends_it() {
        let mut prompt = Prompt::default();
        prompt.feed(b">>> x()");
        prompt.typed(b"\r");
        assert_eq!(prompt.at(), At::Elsewhere);
        prompt.feed(b"\r\n");
        assert_eq!(prompt.at(), At::Elsewhere);
        prompt.feed(b"1\r\n>>> ");
        assert_eq!(prompt.at(), typed(""));
    }

    #[test]
    fn what_a_timer_writes_over_a_prompt_is_no_program() {
        let mut prompt = Prompt::default();
        prompt.feed(b">>> tick\r\ntick\r\nti");
        assert_eq!(prompt.at(), At::WrittenOver);
        assert!(prompt.take_come() && !prompt.take_come());
        prompt.feed(b"ck\r\n>>> tick\r\n");
        assert!(prompt.take_come(), "the answer to Enter, written over at once");
        prompt.typed(b"a");
        assert_eq!(prompt.at(), At::Elsewhere, "nobody knows what stands there");
        let mut prompt = Prompt::default();
        prompt.set("pri");
        prompt.feed(b"tick\r\n");
        assert_eq!(prompt.at(), At::Elsewhere, "Enter would run what is half typed");
        for ended in ["\r\nraw REPL; CTRL-B to exit\r\n>", "rst:0x1 (POWERON_RESET),boot:0x13\r\n"]
        {
            let mut prompt = Prompt::default();
            prompt.feed(&[b">>> tick\r\n", ended.as_bytes()].concat());
            assert_eq!(prompt.at(), At::Elsewhere, "{ended}");
        }
    }

    #[test]
    fn a_restart_is_seen_by_the_rom_and_by_the_banner() {
        let mut prompt = Prompt::default();
        prompt.feed(b">>> \r\n>>> print('rst:0x1')\r\nrst:0x1\r\n>>> ");
        assert!(!prompt.take_restarted());
        prompt.feed(
            b"\r\nets Jul 29 2019 12:21:46\r\n\r\nrst:0xc (SW_CPU_RESET),boot:0x13 (SPI)\r\n",
        );
        assert!(prompt.take_restarted());
        assert!(!prompt.take_restarted());
        prompt.feed(b"MicroPython v1\r\nType \"help()\" for more information.\r\n>>> ");
        assert!(prompt.take_restarted());
    }
}
