//! Whether a program compiles for a firmware, without a board.

use coil_board::Profile;
use coil_vm::compiler::{Grammar, Options, compile};

/// Why a program does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// The line, from 1; the first where it is not known.
    pub line: u32,
    /// The exception as a board prints it.
    pub text: String,
}

/// What is wrong with a program; the compiler stops at the first.
pub fn check(source: &str, profile: &Profile) -> Option<SourceError> {
    let without = profile.switches.without_syntax.iter().map(String::as_str);
    let options =
        Options { single_floats: true, grammar: Grammar::without(without), ..Options::default() };
    let error = compile(source, &options).err()?;
    let text = match &*error.message {
        "" => error.kind.exception().to_owned(),
        message => format!("{}: {message}", error.kind.exception()),
    };
    Some(SourceError { line: error.line.max(1), text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::profile;

    #[test]
    fn the_line_and_words_are_those_of_a_board_and_older_firmware_knows_less() {
        let current = profile("current").expect("a firmware");
        assert_eq!(check("x = 1\nwhile True: pass\n", &current), None);
        let error = check("x = 1\nif x\n    pass\n", &current).expect("an error");
        assert_eq!((error.line, &*error.text), (2, "SyntaxError: invalid syntax"));
        let error = check("def f():\n  return 1\n    x\n", &current).expect("an error");
        assert_eq!((error.line, &*error.text), (3, "IndentationError: unexpected indent"));
        let new = "x = 1\nprint(f'{x}')\n";
        assert_eq!(check(new, &current), None);
        let old = profile("1.11").expect("a firmware");
        assert_eq!(check(new, &old).map(|e| e.line), Some(2));
    }
}
