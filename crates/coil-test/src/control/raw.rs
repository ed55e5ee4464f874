//! What a board sends at its prompts: which of it is output of a program, which an exception, which neither.

/// What ends the banner.
pub(super) const PROMPT: &[u8] = b">>> ";
/// What the raw prompt starts with.
pub(super) const RAW_PROMPT: &[u8] = b"raw REPL; CTRL-B to exit\r\n>";
/// Bytes of output that are kept at most.
const OUTPUT_MAX: usize = 16 << 20;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Output.
    #[default]
    Free,
    /// Output up to this text, which is waited for.
    Until(&'static [u8]),
    /// At the raw prompt.
    AtPrompt,
    /// `OK` is to come, of which so much has.
    Accepted(usize),
    /// A program prints.
    Output,
    /// Its exception.
    Error,
    /// The prompt after it.
    Last,
}

/// The reader.
#[derive(Debug, Default)]
pub(super) struct Raw {
    state: State,
    output: Vec<u8>,
    error: Option<Vec<u8>>,
}

impl Raw {
    /// Takes what the board sends; true when what was waited for is there.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        let mut is_there = false;
        for &b in bytes {
            is_there |= self.byte(b);
        }
        is_there
    }

    fn byte(&mut self, b: u8) -> bool {
        match self.state {
            State::Free | State::AtPrompt => self.keep(b),
            State::Until(text) => {
                self.keep(b);
                if self.output.ends_with(text) {
                    self.state = if text == RAW_PROMPT { State::AtPrompt } else { State::Free };
                    if text == RAW_PROMPT {
                        self.drop_prompts();
                    }
                    return true;
                }
            }
            State::Accepted(n) => {
                let is_next = b"OK".get(n) == Some(&b);
                self.state = match (is_next, n) {
                    (true, 1) => State::Output,
                    (true, n) => State::Accepted(n + 1),
                    (false, _) => State::Accepted(0),
                };
            }
            State::Output if b == 4 => {
                self.error = Some(Vec::new());
                self.state = State::Error;
            }
            State::Output => self.keep(b),
            State::Error if b == 4 => self.state = State::Last,
            State::Error => {
                let error = self.error.get_or_insert_default();
                if error.len() < OUTPUT_MAX {
                    error.push(b);
                }
            }
            State::Last => {
                self.state = State::AtPrompt;
                return true;
            }
        }
        false
    }

    fn keep(&mut self, b: u8) {
        if self.output.len() < OUTPUT_MAX {
            self.output.push(b);
        }
    }

    /// Reads on until the board sends this.
    pub(super) fn wait_for(&mut self, text: &'static [u8]) {
        self.state = State::Until(text);
    }

    /// A program goes to the raw prompt.
    pub(super) fn expect_result(&mut self) {
        self.state = State::Accepted(0);
        self.error = None;
    }

    pub(super) fn is_at_raw_prompt(&self) -> bool {
        self.state == State::AtPrompt
    }

    /// Whether a program has not come to its end.
    pub(super) fn is_running(&self) -> bool {
        !matches!(self.state, State::Free | State::AtPrompt)
    }

    /// The banner and the prompt after it are nobody's output.
    pub(super) fn forget_prompt(&mut self) {
        let banner = b"MicroPython v";
        if let Some(at) = self.output.windows(banner.len()).rposition(|w| w == banner) {
            self.output.truncate(at);
        }
    }

    /// What interrupting a program and going to the raw prompt has printed is nobody's output either.
    fn drop_prompts(&mut self) {
        for sign in [&b"\r\nTraceback "[..], b"\r\n>>> ", b"\r\nraw REPL", b"raw REPL"] {
            if let Some(at) = self.output.windows(sign.len()).position(|w| w == sign) {
                self.output.truncate(at);
            }
        }
        // A program that was interrupted has told so.
        if let Some(at) = self.output.iter().position(|b| *b == 4) {
            self.output.truncate(at);
        }
    }

    /// What was printed, and the exception of a program that has ended.
    pub(super) fn take(&mut self) -> (Vec<u8>, Option<Vec<u8>>) {
        let error = if self.is_running() { None } else { self.error.take() };
        (std::mem::take(&mut self.output), error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_exception_are_told_apart_however_they_arrive() {
        let sent = b"OKone\r\ntwo\x04Traceback\x04>";
        for cut in 1..sent.len() {
            let mut raw = Raw::default();
            raw.expect_result();
            assert!(!raw.feed(&sent[..cut]));
            assert!(raw.is_running());
            assert!(raw.feed(&sent[cut..]));
            assert!(raw.is_at_raw_prompt());
            assert_eq!(raw.take(), (b"one\r\ntwo".to_vec(), Some(b"Traceback".to_vec())));
        }
    }

    #[test]
    fn prompts_and_banners_are_no_output() {
        let mut raw = Raw::default();
        raw.wait_for(PROMPT);
        assert!(raw.feed(b"from main\r\nMicroPython v1.29 on 2026; X\r\nType \"help()\"\r\n>>> "));
        raw.forget_prompt();
        raw.wait_for(RAW_PROMPT);
        assert!(raw.feed(b"\r\n>>> \r\n>>> \r\nraw REPL; CTRL-B to exit\r\n>"));
        assert_eq!(raw.take().0, b"from main\r\n");
    }
}
