//! A Markdown text as a terminal shows it well: its paragraphs broken between words, all else as it was written.

/// Columns of a line.
const COLUMNS: usize = 88;

/// A text whose paragraphs and points of lists have lines of so many columns at most. Examples, tables and headings stay as they are.
pub(super) fn broken(text: &str) -> String {
    let (mut out, mut paragraph, mut is_example) = (String::new(), String::new(), false);
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        is_example ^= is_fence;
        // A line that stands in after one of a paragraph goes on with it, unless it begins a list within the list.
        let goes_on = !paragraph.is_empty() && indent(line.trim_start()) == 0;
        let is_fixed = is_example
            || is_fence
            || line.is_empty()
            || line.starts_with(['|', '#'])
            || (line.starts_with(' ') && !goes_on);
        if is_fixed || indent(line) > 0 {
            flush(&mut paragraph, &mut out);
        }
        if is_fixed {
            out += line;
            out.push('\n');
        } else {
            paragraph += line;
            paragraph.push(' ');
        }
    }
    flush(&mut paragraph, &mut out);
    out
}

/// By how much the lines of a point of a list stand in after its first one; 0 if this is none.
fn indent(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line[digits..].split_once(' ') {
        Some(("*", _)) if digits == 0 => 2,
        Some((".", _)) if digits > 0 => digits + 2,
        _ => 0,
    }
}

/// Writes a paragraph, which is empty then.
fn flush(paragraph: &mut String, out: &mut String) {
    let indent = indent(paragraph);
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > COLUMNS {
            *out += &format!("\n{:indent$}", "");
            column = indent;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        *out += word;
        column += width;
    }
    if column > 0 {
        out.push('\n');
    }
    paragraph.clear();
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn paragraphs_and_points_are_broken_between_words_and_all_else_is_left_alone() {
        let long = "word ".repeat(40);
        let text = format!(
            "# {long}\n\none\ntwo\n\n* {long}\n  end\n12. {long}\n\n```python\n{long}\n```\n| {long}|\n    {long}\n"
        );
        let shown = broken(&text);
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines[0], format!("# {long}"));
        assert_eq!(lines[2], "one two");
        assert!(lines[4].starts_with("* word") && lines[5].starts_with("  word"), "{shown}");
        assert!(shown.contains("word end\n12. word") && shown.contains("\n    word"), "{shown}");
        assert!(shown.ends_with(&format!("```python\n{long}\n```\n| {long}|\n    {long}\n")));
        let broken = lines.iter().filter(|line| line.starts_with(['*', '1', ' '])).take(6);
        assert!(broken.into_iter().all(|line| line.chars().count() <= 88), "{shown}");
    }

    #[test]
    fn no_word_of_a_page_is_lost() {
        for text in coil_explain::texts().iter().filter(|text| text.is_document()) {
            let shown = broken(text.text);
            assert!(shown.split_whitespace().eq(text.text.split_whitespace()), "{}", text.path);
        }
    }
}
