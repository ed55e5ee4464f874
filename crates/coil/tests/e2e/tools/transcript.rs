//! Transcripts: what is typed in a folder of its own, and what tools must answer.
//!
//! A line says what it is by its first character: `#` a remark, `=` an abbreviation, `>` a file to write
//! (`> path content`, with `\n` and `\xff`), `$` a command. What follows a command is what it prints, on standard
//! output and then on standard error, where `…` stands for anything, and `[1]` at the end its status if that is
//! not 0. `{name}` stands for what the test puts there.

use crate::support::tool;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// A folder where commands are typed, and the names that stand for something there.
pub(crate) struct Place<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) names: Vec<(&'a str, String)>,
}

impl Place<'_> {
    /// Types a transcript and holds the answers against it.
    pub(crate) fn play(&self, transcript: &str) {
        let mut short: HashMap<String, Vec<String>> = HashMap::new();
        let mut lines = transcript.lines().peekable();
        while let Some(line) = lines.next() {
            let line = self.fill_in(line);
            let Some((kind, rest)) = line.split_once(' ') else {
                assert!(line.is_empty() || line == "#", "what is `{line}`?");
                continue;
            };
            match kind {
                "#" => {}
                "=" => {
                    let words = words(rest);
                    short.insert(words[0].clone(), words[1..].to_vec());
                }
                ">" => self.write(rest),
                "$" => {
                    let mut expected = String::new();
                    while let Some(next) = lines.next_if(|l| !is_next(l)) {
                        expected.push_str(&self.fill_in(next));
                        expected.push('\n');
                    }
                    let mut words = words(rest);
                    if let Some(long) = short.get(&words[0]) {
                        words.splice(..1, long.iter().cloned());
                    }
                    let said = self.run(&words);
                    let expected = expected.trim_end();
                    let expected = if expected.is_empty() { "[0]" } else { expected };
                    assert!(matches(expected, &said), "$ {rest}\n{said}\n\nand not\n\n{expected}");
                }
                _ => panic!("what is `{line}`?"),
            }
        }
    }

    pub(crate) fn fill_in(&self, line: &str) -> String {
        self.names
            .iter()
            .fold(line.to_owned(), |l, (name, is)| l.replace(&format!("{{{name}}}"), is))
    }

    fn write(&self, rest: &str) {
        let (path, content) = rest.split_once(' ').unwrap_or((rest, ""));
        let path = self.dir.join(path);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        std::fs::write(path, unescape(content)).expect("written");
    }

    /// What a command prints, and its status if that is not 0.
    fn run(&self, words: &[String]) -> String {
        let venv = tool("python").expect("there are tools");
        let inside = venv.with_file_name(&words[0]);
        let program = if inside.exists() { inside } else { PathBuf::from(&words[0]) };
        let mut child = Command::new(program)
            .args(&words[1..])
            .current_dir(self.dir)
            .env("EDITOR", "sed -i s/one/two/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{words:?}: {e}"));
        let pid = child.id().to_string();
        let streams = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let (out, err) = (collect(streams.0), collect(streams.1));
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break status;
            }
            if start.elapsed() > PATIENCE {
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut said = [out, err].map(|t| t.join().expect("no panic")).concat();
        let trimmed = said.trim_end().len();
        said.truncate(trimmed);
        match status.code() {
            Some(0) if said.is_empty() => "[0]".into(),
            Some(0) => said,
            Some(code) => format!("{said}\n[{code}]").trim_start().into(),
            None => format!("{said}\n[killed after {PATIENCE:?}]"),
        }
    }
}

fn collect(mut stream: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        // What goes back to the start of a line writes over it.
        let text = crate::support::text(&bytes);
        let lines = text.lines().map(|l| l.rsplit('\r').next().unwrap_or(l).trim_end());
        lines.map(|l| format!("{l}\n")).collect()
    })
}

/// Whether a line starts something new.
fn is_next(line: &str) -> bool {
    ["# ", "= ", "> ", "$ "].iter().any(|k| line.starts_with(k))
}

/// Words as a shell reads them: in single quotes everything is meant as it stands, in double quotes `\n` is a
/// line's end.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (None, ' ') => words.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(q), c) if c == q => quote = None,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "a quote is open: {line}");
    words.extend(word);
    words.iter().map(|w| w.replace("\\n", "\n")).collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&b, tail)) = rest.split_first() {
        rest = tail;
        match (b, rest) {
            (b'\\', [b'n', tail @ ..]) => {
                bytes.push(b'\n');
                rest = tail;
            }
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digits = [*high, *low];
                let digits = str::from_utf8(&digits).expect("two digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
                rest = tail;
            }
            _ => bytes.push(b),
        }
    }
    bytes
}

/// Whether a text is what was expected, where `…` is anything.
fn matches(expected: &str, said: &str) -> bool {
    let mut pieces = expected.split('…');
    let Some(mut rest) = said.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn a_transcript_can_fail() {
    assert!(matches("a…c…", "a b c") && matches("a", "a") && matches("a…a", "aa"));
    for (expected, said) in
        [("a", "ab"), ("a…b…c", "a c b"), ("a…a", "a"), ("[0]", "x"), ("…x", "xy")]
    {
        assert!(!matches(expected, said), "{expected} is not {said}");
    }
    assert_eq!(words("a 'b c' \"d\\ne\" ''"), ["a", "b c", "d\ne", ""]);
    assert_eq!(unescape("a\\n\\x00\\xff"), b"a\n\x00\xff");
}
