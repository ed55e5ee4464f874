//! What can follow a text at a board's prompt: names that the running board has.

use super::Error;
use super::python::{literal, of_hex, program};
use super::session::Ask;

/// Names that are offered.
const NAMES_MAX: usize = 200;
/// Characters of a text that are looked at.
const TEXT_MAX: usize = 200;

/// Names of the language that a board is asked for one by one: not every firmware lists its `builtins`.
const BUILTINS: &str = "abs all any bin bool bytearray bytes callable chr classmethod compile complex delattr dict dir \
    divmod enumerate eval exec filter float frozenset getattr globals hasattr hash help hex id input int isinstance \
    issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr \
    reversed round set setattr slice sorted staticmethod str sum super tuple type zip ArithmeticError AssertionError \
    AttributeError EOFError Exception ImportError IndexError KeyError KeyboardInterrupt MemoryError NameError \
    NotImplementedError OSError RuntimeError StopIteration SyntaxError SystemExit TypeError ValueError \
    ZeroDivisionError";

/// The names on the way to the last one, and what there is of that.
fn parts(text: &str) -> Option<(Vec<&str>, &str)> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let start = text
        .rfind(|c| !is_letter(c))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let tail = &text[start..];
    if tail.is_empty() || tail.len() > TEXT_MAX {
        return None;
    }
    let mut names: Vec<&str> = tail.split('.').collect();
    let last = names.pop()?;
    let is_name = |n: &&str| !n.is_empty() && !n.starts_with(|c: char| c.is_ascii_digit());
    let is_whole = names.iter().all(is_name) && (last.is_empty() || is_name(&last));
    // `.` after something that is no name, as in `f().x`, is beyond what can be known without a call.
    (is_whole && !text[..start].ends_with([')', ']', '}', '\'', '"'])).then_some((names, last))
}

/// The names that may stand for the last one of a text, sorted.
pub(super) fn list(board: &mut impl Ask, text: &str) -> Result<Vec<String>, Error> {
    let Some((names, last)) = parts(text) else { return Ok(Vec::new()) };
    let path: String = names.iter().map(|n| literal(n) + ",").collect();
    let known = BUILTINS.split_whitespace().filter(|n| names.is_empty() && n.starts_with(last));
    let known: String = known.map(|n| literal(n) + ",").collect();
    let body = format!(
        "from binascii import hexlify\nimport builtins\ng=globals()\np=({path})\nl={last}\n\
         try:\n if p:\n  o=g[p[0]] if p[0] in g else getattr(builtins,p[0])\n  for a in p[1:]:\n   o=getattr(o,a)\n\
         \x20 d=dir(o)\n else:\n  d=list(g.keys())+dir(builtins)+[k for k in ({known}) if hasattr(builtins,k)]\nexcept Exception:\n return\n\
         for k in d:\n if k.startswith(l) and (k[:2]!='__' or l[:1]=='_'):\n  w(hexlify(k.encode()).decode())\n",
        last = literal(last)
    );
    let mut all = Vec::new();
    board.ask(&program(&body), "", &mut |frame| {
        let name = of_hex(frame).ok_or(Error::Nonsense("a list of names"))?;
        all.push(name);
        if all.len() > 4 * NAMES_MAX {
            all.sort();
            all.dedup();
            all.truncate(NAMES_MAX);
        }
        Ok(())
    })?;
    all.sort();
    all.dedup();
    all.truncate(NAMES_MAX);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_name_and_the_way_to_it_are_found_in_a_line() {
        let found = |text| parts(text).map(|(names, last)| (names.join("/"), last));
        assert_eq!(found("x = machine.P"), Some(("machine".into(), "P")));
        assert_eq!(found("a.b.c."), Some(("a/b/c".into(), "")));
        assert_eq!(found("print(le"), Some((String::new(), "le")));
        assert_eq!(found("äle"), Some((String::new(), "le")));
        for none in ["", "x = ", "f().x", "1.x", "a..b", ".x", "'a'.up", &"x".repeat(300)] {
            assert_eq!(found(none), None, "{none:?}");
        }
    }
}
