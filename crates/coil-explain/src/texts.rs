//! The texts to read on: the project's documents and the course's programs. They are part of the program, so that they are there without
//! the internet. Owns which there are, and how a heading in one of them is called; must not know pages or terminals.

/// A text that can be read.
#[derive(Debug)]
pub struct Text {
    /// Its path within this project, from its root.
    pub path: &'static str,
    /// What it says: Markdown, or a program.
    pub text: &'static str,
}

macro_rules! texts {
    ($($path:literal)*) => {
        &[$(Text { path: $path, text: include_str!(concat!("../../../", $path)) }),*]
    };
}

static TEXTS: &[Text] = texts![
    "docs/air.md"
    "docs/benchmarks.md"
    "docs/board/buses.md"
    "docs/board/chip.md"
    "docs/board/firmware.md"
    "docs/board/flash.md"
    "docs/board/libraries.md"
    "docs/board/loader.md"
    "docs/capture.md"
    "docs/circuit.md"
    "docs/cloud.md"
    "docs/cloud/api.md"
    "docs/cloud/charts.md"
    "docs/cloud/thingspeak.md"
    "docs/desk.md"
    "docs/events.md"
    "docs/explain.md"
    "docs/faults.md"
    "docs/language.md"
    "docs/learn/README.md"
    "docs/learn/asyncio.md"
    "docs/learn/classes.md"
    "docs/learn/dictionaries.md"
    "docs/learn/errors.md"
    "docs/learn/files.md"
    "docs/learn/functions.md"
    "docs/learn/interrupts.md"
    "docs/learn/json.md"
    "docs/learn/lists.md"
    "docs/learn/loops.md"
    "docs/learn/memory.md"
    "docs/learn/modules.md"
    "docs/learn/names.md"
    "docs/learn/numbers.md"
    "docs/learn/pins.md"
    "docs/learn/repl.md"
    "docs/learn/requests.md"
    "docs/learn/restarts.md"
    "docs/learn/sensors.md"
    "docs/learn/sockets.md"
    "docs/learn/text.md"
    "docs/learn/threads.md"
    "docs/learn/time.md"
    "docs/learn/wifi.md"
    "docs/learn/writing.md"
    "docs/mqtt.md"
    "docs/packages.md"
    "docs/recording.md"
    "docs/testing.md"
    "docs/tools.md"
    "docs/wires.md"
    "workshop/board/boot.py"
    "workshop/board/config.py"
    "workshop/board/wifi_and_ntp.py"
    "workshop/programs/01_output.py"
    "workshop/programs/02_polling.py"
    "workshop/programs/03_interrupts.py"
    "workshop/programs/04_asyncio.py"
    "workshop/programs/04_uasyncio_2019.py"
    "workshop/programs/05_adc.py"
    "workshop/programs/06_api.py"
    "workshop/programs/07_unclosed_plain.py"
    "workshop/programs/07_unclosed_tls.py"
    "workshop/programs/08_memory.py"
    "workshop/programs/09_keys.py"
];

/// Where the pages for beginners are; the first one tells what there is.
const LEARN: &str = "docs/learn/";

/// All texts.
pub fn texts() -> &'static [Text] {
    TEXTS
}

/// The text with this path. A page for beginners is found by its bare name as well (`lists`), and a document by the way to it from there.
pub fn text(path: &str) -> Option<&'static Text> {
    let find = |path: &str| TEXTS.iter().find(|text| text.path == path);
    let bare = path.trim_start_matches("../");
    find(bare)
        .or_else(|| find(&format!("{LEARN}{bare}")))
        .or_else(|| find(&format!("{LEARN}{bare}.md")))
        .or_else(|| find(&format!("docs/{bare}")))
}

impl Text {
    /// Whether it is Markdown.
    pub fn is_document(&self) -> bool {
        self.path.ends_with(".md")
    }

    /// What it is called, or what the section with this anchor is.
    pub fn title(&self, anchor: &str) -> Option<String> {
        if !self.is_document() {
            return anchor.is_empty().then(|| self.path.to_owned());
        }
        let words = |heading: &Heading<'_>| heading.words.replace('`', "");
        let title = words(headings(self.text).first()?);
        if anchor.is_empty() {
            return Some(title);
        }
        let section = headings(self.text).iter().find(|h| h.anchor() == anchor).map(words)?;
        Some(format!("{title}: {section}"))
    }

    /// The section that begins with the heading of this anchor: to the next one that is not below it.
    pub fn section(&self, anchor: &str) -> Option<&'static str> {
        let headings = headings(self.text);
        let at = headings.iter().position(|h| h.anchor() == anchor)?;
        let begin = &headings[at];
        let end = headings[at + 1..].iter().find(|h| h.level <= begin.level);
        Some(&self.text[begin.start..end.map_or(self.text.len(), |h| h.start)])
    }

    /// The anchors of all headings, in their order.
    pub fn anchors(&self) -> Vec<String> {
        headings(self.text).iter().map(Heading::anchor).collect()
    }
}

/// A heading of a document.
struct Heading<'t> {
    /// Where its line begins.
    start: usize,
    level: usize,
    words: &'t str,
}

impl Heading<'_> {
    fn anchor(&self) -> String {
        anchor(self.words)
    }
}

/// What links call a heading: as where the documents are usually read.
pub fn anchor(words: &str) -> String {
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The headings of a document. A comment in an example of a program is none.
fn headings(text: &str) -> Vec<Heading<'_>> {
    let (mut found, mut start, mut is_example) = (Vec::new(), 0, false);
    for line in text.split_inclusive('\n') {
        let level = line.bytes().take_while(|b| *b == b'#').count();
        if line.trim_start().starts_with("```") {
            is_example = !is_example;
        } else if let (false, 1.., Some(words)) =
            (is_example, level, line[level..].strip_prefix(' '))
        {
            found.push(Heading { start, level, words: words.trim() });
        }
        start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Text = Text {
        path: "docs/x.md",
        text: "# Of `x`\n\nA\n\n## One, two\n\nB\n\n```python\n# no heading\n```\n\n### Below\n\nC\n\n## Last\n\nD\n",
    };

    #[test]
    fn a_section_goes_to_the_next_heading_that_is_not_below_it() {
        let section = PAGE.section("one-two").expect("it is there");
        assert!(section.starts_with("## One, two\n") && section.ends_with("C\n\n"), "{section}");
        assert_eq!(PAGE.section("last"), Some("## Last\n\nD\n"));
        assert_eq!(PAGE.section("no-heading"), None);
        assert_eq!(PAGE.anchors(), ["of-x", "one-two", "below", "last"]);
    }

    #[test]
    fn a_text_and_its_sections_have_titles() {
        assert_eq!(PAGE.title("").as_deref(), Some("Of x"));
        assert_eq!(PAGE.title("below").as_deref(), Some("Of x: Below"));
        assert_eq!(PAGE.title("missing"), None);
    }

    #[test]
    fn a_page_for_beginners_is_found_by_its_name_and_a_document_by_the_way_to_it() {
        let path = |asked| text(asked).map(|text| text.path);
        for asked in ["docs/learn/lists.md", "lists.md", "lists"] {
            assert_eq!(path(asked), Some("docs/learn/lists.md"), "{asked}");
        }
        assert_eq!(path("../explain.md"), Some("docs/explain.md"));
        assert_eq!(path("../../workshop/board/boot.py"), Some("workshop/board/boot.py"));
        assert_eq!(path("../../../etc/passwd"), None);
    }

    #[test]
    fn every_document_is_here() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = [
            "docs",
            "docs/board",
            "docs/cloud",
            "docs/learn",
            "workshop/board",
            "workshop/programs",
        ];
        for folder in folders {
            for entry in std::fs::read_dir(root.join(folder)).expect("a folder") {
                let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
                let path = format!("{folder}/{name}");
                if name.ends_with(".md") || name.ends_with(".py") {
                    assert!(TEXTS.iter().any(|t| t.path == path), "{path}");
                }
            }
        }
    }
}
