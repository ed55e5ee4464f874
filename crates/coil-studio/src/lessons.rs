//! `GET /read/{path}`: what explanations name to read on, as pages.

mod code;

use crate::page::READ;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use coil_explain::{Text, anchor, texts};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html,
};

/// `GET /read/{path}`
pub(crate) async fn read(Path(path): Path<String>) -> Response {
    let Some(text) = find(&path) else {
        let none = "There is nothing of this name here; it may be in the project's own folder.\n";
        return (StatusCode::NOT_FOUND, none).into_response();
    };
    Html(if text.is_document() { document(text.path, text.text) } else { program(text) })
        .into_response()
}

fn find(path: &str) -> Option<&'static Text> {
    texts().iter().find(|text| text.path == path)
}

/// A program as a page.
fn program(text: &Text) -> String {
    let (name, program) = (escape(text.path), code::marked(text.text));
    page(text.path, &format!("<h1><code>{name}</code></h1>\n<pre><code>{program}</code></pre>"))
}

/// A document as a page.
fn document(path: &str, markdown: &str) -> String {
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    // Pictures are not here.
    events.retain(|event| {
        !matches!(event, Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image))
    });
    unlink(path, &mut events);
    mark(&mut events);
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
    page(&title, &body)
}

fn page(title: &str, body: &str) -> String {
    // What can be too wide is moved by keys as well.
    let body = &body.replace("<pre>", "<pre tabindex=\"0\">");
    READ.replace("{title}", &escape(title)).replace("{body}", body)
}

/// Leaves of a link only its words, where what it leads to is not here: a file of the project's own folder.
fn unlink(path: &str, events: &mut Vec<Event<'_>>) {
    let mut is_kept = true;
    events.retain(|event| {
        match event {
            // There are no links within links.
            Event::Start(Tag::Link { dest_url, .. }) => is_kept = leads_somewhere(path, dest_url),
            Event::End(TagEnd::Link) => {}
            _ => return true,
        }
        is_kept
    });
}

/// Tells the words of programs apart.
fn mark(events: &mut [Event<'_>]) {
    let mut is_program = false;
    for event in events {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                is_program = language.split(' ').next() == Some("python");
            }
            Event::End(TagEnd::CodeBlock) => is_program = false,
            Event::Text(text) if is_program => {
                *event = Event::Html(code::marked(text).into());
            }
            _ => {}
        }
    }
}

/// Whether a link of a document is followed to anything.
fn leads_somewhere(path: &str, link: &str) -> bool {
    let target = link.split('#').next().unwrap_or_default();
    target.is_empty() || target.contains("://") || find(&beside(path, target)).is_some()
}

/// The path of what a document calls by the way from its own folder.
fn beside(path: &str, way: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in way.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
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

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Where the pages for beginners are.
    const LEARN: &str = "docs/learn/";

    #[test]
    fn headings_have_on_a_page_the_anchors_that_explanations_name() {
        for text in texts().iter().filter(|text| text.is_document()) {
            let page = document(text.path, text.text);
            for anchor in text.anchors() {
                assert!(page.contains(&format!("id=\"{anchor}\"")), "{}#{anchor}", text.path);
            }
        }
    }

    /// The links of a document: to where, and which section there.
    fn links(text: &Text) -> Vec<(String, String)> {
        let links = Parser::new(text.text).filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        });
        let target = |link: String| {
            let (way, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let path = if way.is_empty() { text.path.to_owned() } else { beside(text.path, way) };
            (path, anchor.to_owned())
        };
        links.map(target).collect()
    }

    #[test]
    fn links_of_the_pages_for_beginners_lead_to_texts_that_are_here() {
        for text in texts().iter().filter(|text| text.path.starts_with(LEARN)) {
            for (path, anchor) in links(text) {
                let target = find(&path).unwrap_or_else(|| panic!("{}: {path}", text.path));
                assert!(target.title(&anchor).is_some(), "{}: {path}#{anchor}", text.path);
            }
            let anchors = text.anchors();
            let different: HashSet<_> = anchors.iter().collect();
            assert_eq!(different.len(), anchors.len(), "{}: two headings are alike", text.path);
        }
    }

    #[test]
    fn every_page_for_beginners_is_on_their_list_and_reached_where_it_is_needed() {
        let list = find("docs/learn/README.md").expect("the list");
        let lessons = coil_explain::all().iter().filter_map(|e| e.lesson.split('#').next());
        let mut reached: HashSet<_> = lessons.map(ToOwned::to_owned).collect();
        for text in texts().iter().filter(|text| text.path != list.path) {
            let elsewhere = links(text).into_iter().filter(|to| to.0 != text.path);
            reached.extend(elsewhere.map(|to| to.0));
        }
        let listed: HashSet<_> = links(list).into_iter().map(|to| to.0).collect();
        for Text { path, .. } in texts().iter().filter(|text| text.path.starts_with(LEARN)) {
            assert!(*path == list.path || listed.contains(*path), "{path} is not on the list");
            assert!(reached.contains(*path), "nothing leads to {path} but the list");
        }
    }

    #[test]
    fn a_document_is_a_page_with_headings_that_links_find() {
        let text = "# Of `x` & `<y>`\n\n## A light, or two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
                    ![p](q.png) [z](desk.md#w) [none](design/desk.md)\n";
        let page = document("docs/x.md", text);
        assert!(page.contains("<title>Of x &amp; &lt;y></title>"), "{page}");
        assert!(page.contains("<h2 id=\"a-light-or-two\">"), "{page}");
        assert!(page.contains("<table>") && page.contains("href=\"desk.md#w\""), "{page}");
        assert!(!page.contains("q.png") && !page.contains("design/desk.md"), "{page}");
        assert!(page.contains("none</p>"), "{page}");
        let page = document("docs/x.md", "```python lamp.py\nif a < 1:\n```\n```text\nif\n```\n");
        let program =
            "<pre tabindex=\"0\"><code class=\"language-python\"><i class=\"k\">if</i> a &lt; ";
        assert!(page.contains(program), "{page}");
        assert!(page.contains("<code class=\"language-text\">if\n</code>"), "{page}");
    }

    #[test]
    fn a_program_is_a_page_with_its_text() {
        let program = Text { path: "workshop/x.py", text: "a < b & c\n" };
        let page = super::program(&program);
        assert!(page.contains("<code>a &lt; b &amp; c\n</code></pre>"), "{page}");
    }
}
