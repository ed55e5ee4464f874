//! A Python program as HTML in which words of the language, texts, numbers and comments are told apart. A view for readers: what is no
//! program is shown as well.

use super::escape;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// What a piece of a program is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Comment,
    Text,
    Number,
    Word,
    Other,
}

/// The program, marked.
pub(super) fn marked(program: &str) -> String {
    let (mut out, mut rest) = (String::new(), program);
    while !rest.is_empty() {
        let (piece, length) = first(rest);
        let (text, after) = rest.split_at(length);
        let class = match piece {
            Piece::Comment => "c",
            Piece::Text => "s",
            Piece::Number => "n",
            Piece::Word if is_keyword(text) => "k",
            Piece::Word | Piece::Other => "",
        };
        let text = escape(text);
        out += &if class.is_empty() { text } else { format!("<i class=\"{class}\">{text}</i>") };
        rest = after;
    }
    out
}

/// What a program that is not empty begins with, and how many bytes of it that is.
fn first(program: &str) -> (Piece, usize) {
    let until = |is_end: fn(char) -> bool| program.find(is_end).unwrap_or(program.len());
    let mut chars = program.chars();
    match chars.next().unwrap_or_default() {
        '#' => (Piece::Comment, until(|c| c == '\n')),
        quote @ ('\'' | '"') => (Piece::Text, text_length(program, quote)),
        '0'..='9' => (Piece::Number, until(|c| !c.is_ascii_alphanumeric() && c != '.' && c != '_')),
        c if c.is_alphabetic() || c == '_' => {
            let length = until(|c| !c.is_alphanumeric() && c != '_');
            match program[length..].chars().next() {
                // A letter or two before the quote belong to the text.
                Some(quote @ ('\'' | '"')) if length <= 2 && !is_keyword(&program[..length]) => {
                    (Piece::Text, length + text_length(&program[length..], quote))
                }
                _ => (Piece::Word, length),
            }
        }
        c => (Piece::Other, c.len_utf8()),
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// How long a text is with its quotes; one that does not end goes to the end of its line.
fn text_length(program: &str, quote: char) -> usize {
    let long: String = [quote; 3].iter().collect();
    if program.starts_with(&long) {
        return program[3..].find(&long).map_or(program.len(), |end| end + 6);
    }
    let mut is_escaped = false;
    for (at, c) in program.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    program.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_texts_numbers_and_comments_are_told_apart() {
        let shown = marked("if x1 in (1_000, b'\\'#'):  # <why>\n    f\"a\" + 'open\n");
        let wanted = "<i class=\"k\">if</i> x1 <i class=\"k\">in</i> (<i class=\"n\">1_000</i>, \
                      <i class=\"s\">b'\\'#'</i>):  <i class=\"c\"># &lt;why></i>\n    \
                      <i class=\"s\">f\"a\"</i> + <i class=\"s\">'open</i>\n";
        assert_eq!(shown, wanted);
        assert_eq!(marked("'''a\nb'''c"), "<i class=\"s\">'''a\nb'''</i>c");
    }

    #[test]
    fn nothing_of_a_program_is_lost() {
        for text in coil_explain::texts().iter().filter(|text| !text.is_document()) {
            let mut plain = marked(text.text).replace("</i>", "");
            for class in ["c", "s", "n", "k"] {
                plain = plain.replace(&format!("<i class=\"{class}\">"), "");
            }
            assert_eq!(plain, escape(text.text), "{}", text.path);
        }
    }
}
