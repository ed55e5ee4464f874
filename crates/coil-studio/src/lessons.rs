//! `GET /read/{path}`: what explanations name to read on. The project's documents and the course's programs are part of the program, so
//! that they are there without the internet.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Paths as explanations have them, and texts.
const TEXTS: &[(&str, &str)] = &[
    ("docs/air.md", include_str!("../../../docs/air.md")),
    ("docs/benchmarks.md", include_str!("../../../docs/benchmarks.md")),
    ("docs/board/buses.md", include_str!("../../../docs/board/buses.md")),
    ("docs/board/chip.md", include_str!("../../../docs/board/chip.md")),
    ("docs/board/firmware.md", include_str!("../../../docs/board/firmware.md")),
    ("docs/board/flash.md", include_str!("../../../docs/board/flash.md")),
    ("docs/board/libraries.md", include_str!("../../../docs/board/libraries.md")),
    ("docs/board/loader.md", include_str!("../../../docs/board/loader.md")),
    ("docs/capture.md", include_str!("../../../docs/capture.md")),
    ("docs/circuit.md", include_str!("../../../docs/circuit.md")),
    ("docs/cloud.md", include_str!("../../../docs/cloud.md")),
    ("docs/cloud/api.md", include_str!("../../../docs/cloud/api.md")),
    ("docs/cloud/charts.md", include_str!("../../../docs/cloud/charts.md")),
    ("docs/cloud/thingspeak.md", include_str!("../../../docs/cloud/thingspeak.md")),
    ("docs/desk.md", include_str!("../../../docs/desk.md")),
    ("docs/events.md", include_str!("../../../docs/events.md")),
    ("docs/explain.md", include_str!("../../../docs/explain.md")),
    ("docs/faults.md", include_str!("../../../docs/faults.md")),
    ("docs/language.md", include_str!("../../../docs/language.md")),
    ("docs/mqtt.md", include_str!("../../../docs/mqtt.md")),
    ("docs/packages.md", include_str!("../../../docs/packages.md")),
    ("docs/recording.md", include_str!("../../../docs/recording.md")),
    ("docs/testing.md", include_str!("../../../docs/testing.md")),
    ("docs/tools.md", include_str!("../../../docs/tools.md")),
    ("docs/wires.md", include_str!("../../../docs/wires.md")),
    ("workshop/board/boot.py", include_str!("../../../workshop/board/boot.py")),
    ("workshop/board/config.py", include_str!("../../../workshop/board/config.py")),
    ("workshop/board/wifi_and_ntp.py", include_str!("../../../workshop/board/wifi_and_ntp.py")),
    ("workshop/programs/01_output.py", include_str!("../../../workshop/programs/01_output.py")),
    ("workshop/programs/02_polling.py", include_str!("../../../workshop/programs/02_polling.py")),
    (
        "workshop/programs/03_interrupts.py",
        include_str!("../../../workshop/programs/03_interrupts.py"),
    ),
    ("workshop/programs/04_asyncio.py", include_str!("../../../workshop/programs/04_asyncio.py")),
    (
        "workshop/programs/04_uasyncio_2019.py",
        include_str!("../../../workshop/programs/04_uasyncio_2019.py"),
    ),
    ("workshop/programs/05_adc.py", include_str!("../../../workshop/programs/05_adc.py")),
    ("workshop/programs/06_api.py", include_str!("../../../workshop/programs/06_api.py")),
    (
        "workshop/programs/07_unclosed_plain.py",
        include_str!("../../../workshop/programs/07_unclosed_plain.py"),
    ),
    (
        "workshop/programs/07_unclosed_tls.py",
        include_str!("../../../workshop/programs/07_unclosed_tls.py"),
    ),
    ("workshop/programs/08_memory.py", include_str!("../../../workshop/programs/08_memory.py")),
    ("workshop/programs/09_keys.py", include_str!("../../../workshop/programs/09_keys.py")),
];

const HEAD: &str = include_str!("lessons/head.html");

/// `GET /read/{path}`
pub(crate) async fn read(Path(path): Path<String>) -> Response {
    let Some((_, text)) = TEXTS.iter().find(|t| t.0 == path) else {
        let none = "There is nothing of this name here; it may be in the project's own folder.\n";
        return (StatusCode::NOT_FOUND, none).into_response();
    };
    if path.ends_with(".md") {
        return Html(page(text)).into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], *text).into_response()
}

/// A document as a page.
fn page(markdown: &str) -> String {
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    // Pictures are not here.
    events.retain(|event| {
        !matches!(event, Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image))
    });
    let mut title = "Coil".to_owned();
    for at in 0..events.len() {
        let Event::Start(Tag::Heading { level, .. }) = &events[at] else { continue };
        let level = *level;
        let words = words_after(&events, at);
        if level == HeadingLevel::H1 {
            title.clone_from(&words);
        }
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
            *id = Some(CowStr::from(anchor(&words)));
        }
    }
    let mut body = String::new();
    html::push_html(&mut body, events.into_iter());
    HEAD.replace("{title}", &escape(&title)).replace("{body}", &body)
}

/// The text of a heading.
fn words_after(events: &[Event<'_>], at: usize) -> String {
    let inside =
        events[at + 1..].iter().take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_))));
    let texts = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    texts.collect()
}

/// What links call a heading: as where the documents are usually read.
fn anchor(words: &str) -> String {
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_explanation_names_is_here_down_to_its_heading() {
        for entry in coil_explain::all() {
            let lesson = entry.lesson.as_str();
            if lesson.starts_with("https://") {
                continue;
            }
            let (path, heading) = lesson.split_once('#').unwrap_or((lesson, ""));
            let found = TEXTS.iter().find(|t| t.0 == path);
            let (_, text) = found.unwrap_or_else(|| panic!("{lesson}"));
            let id = format!("id=\"{heading}\"");
            assert!(heading.is_empty() || page(text).contains(&id), "{lesson}");
        }
    }

    #[test]
    fn every_document_is_here() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for folder in ["docs", "docs/board", "docs/cloud", "workshop/board", "workshop/programs"] {
            for entry in std::fs::read_dir(root.join(folder)).expect("a folder") {
                let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
                let path = format!("{folder}/{name}");
                if name.ends_with(".md") || name.ends_with(".py") {
                    assert!(TEXTS.iter().any(|t| t.0 == path), "{path}");
                }
            }
        }
    }

    #[test]
    fn a_document_is_a_page_with_headings_that_links_find() {
        let text = "# Of `x` & `<y>`\n\n## A light, or two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![p](q.png) [z](z.md#w)\n";
        let page = page(text);
        assert!(page.contains("<title>Of x &amp; &lt;y></title>"), "{page}");
        assert!(page.contains("<h2 id=\"a-light-or-two\">"), "{page}");
        assert!(page.contains("<table>") && page.contains("href=\"z.md#w\""), "{page}");
        assert!(!page.contains("<img"), "{page}");
    }
}
