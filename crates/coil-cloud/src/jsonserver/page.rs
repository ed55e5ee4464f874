//! Which part of a list is shown: pages with links, or a slice. It must not know the rows.

use super::js::parse_int;
use super::query::Query;

/// A part of a list, and what the headers say about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
    /// `X-Total-Count`.
    pub(super) total: Option<usize>,
    /// `Link`, which can be empty.
    pub(super) link: Option<String>,
}

/// `Array.prototype.slice`: negative ends count from the back.
fn slice(length: usize, start: i64, end: i64) -> (usize, usize) {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let clamp = |at: i64| if at < 0 { (length + at).max(0) } else { at.min(length) };
    let (start, end) = (clamp(start), clamp(end));
    let to_index = |at: i64| usize::try_from(at).unwrap_or_default();
    (to_index(start), to_index(end.max(start)))
}

/// The part of `length` rows that a query means; `url` is the whole address, for the links.
pub(super) fn part(query: &Query, length: usize, url: &str) -> Part {
    let (page, limit, end) = (query.filled("_page"), query.filled("_limit"), query.filled("_end"));
    let start = query.first("_start").and_then(parse_int).unwrap_or(0);
    let total = (page.is_some() || limit.is_some() || end.is_some()).then_some(length);
    if let Some(page) = page {
        let page = parse_int(page).filter(|page| *page >= 1).unwrap_or(1);
        let size = limit.and_then(parse_int).filter(|size| *size != 0).unwrap_or(10);
        return Part { total, ..paged(length, page, size, url) };
    }
    let (start, end) = match (end, limit) {
        (Some(end), _) => slice(length, start, parse_int(end).unwrap_or(0)),
        (None, Some(limit)) => match parse_int(limit) {
            Some(limit) => slice(length, start, start.saturating_add(limit)),
            None => (0, 0),
        },
        (None, None) => (0, length),
    };
    Part { start, end, total, link: None }
}

fn paged(length: usize, page: i64, size: i64, url: &str) -> Part {
    let whole = i64::try_from(length).unwrap_or(i64::MAX);
    let end_at = page.saturating_mul(size);
    let (start, end) = slice(length, (page - 1).saturating_mul(size), end_at);
    let mut links = Vec::new();
    if end > start && end - start != length {
        let mut add = |name: &str, to: i64| {
            let target = url.replacen(&format!("page={page}"), &format!("page={to}"), 1);
            links.push(format!("<{target}>; rel=\"{name}\""));
        };
        add("first", 1);
        if page > 1 {
            add("prev", page - 1);
        }
        if end_at < whole {
            add("next", page + 1);
        }
        let pages = whole / size + i64::from(whole % size > 0);
        add("last", pages);
    }
    Part { start, end, total: None, link: Some(links.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{Query, part};

    #[test]
    fn parts_are_those_of_json_server() {
        for (query, start, end, total, links) in [
            ("", 0, 25, false, None),
            ("_start=5", 0, 25, false, None),
            ("_start=5&_end=8", 5, 8, true, None),
            ("_start=5&_limit=3", 5, 8, true, None),
            ("_end=8&_limit=3", 0, 8, true, None),
            ("_limit=0", 0, 0, true, None),
            ("_limit=-1", 0, 24, true, None),
            ("_limit=x", 0, 0, true, None),
            ("_page=2", 10, 20, true, Some("first prev next last")),
            ("_page=1&_limit=20", 0, 20, true, Some("first next last")),
            ("_page=3", 20, 25, true, Some("first prev last")),
            ("_page=4", 25, 25, true, Some("")),
            ("_page=x", 0, 10, true, Some("first next last")),
            ("_page=-1&_limit=0", 0, 10, true, Some("first next last")),
            ("_page=1&_limit=25", 0, 25, true, Some("")),
            ("_page=1&_limit=99", 0, 25, true, Some("")),
        ] {
            let got = part(&Query::parse(query), 25, &format!("http://h/posts?{query}"));
            assert_eq!((got.start, got.end), (start, end), "{query}");
            assert_eq!(got.total, total.then_some(25), "{query}");
            let names = got.link.map(|link| {
                let names = link.split("rel=\"").skip(1).filter_map(|rest| rest.split('"').next());
                names.collect::<Vec<_>>().join(" ")
            });
            assert_eq!(names.as_deref(), links, "{query}");
        }
    }

    #[test]
    fn links_are_the_address_with_another_page() {
        let query = "_page=2&_limit=10";
        let got = part(&Query::parse(query), 25, &format!("http://h/posts?{query}"));
        let link = got.link.expect("a page has links");
        assert!(link.starts_with("<http://h/posts?_page=1&_limit=10>; rel=\"first\", "), "{link}");
        assert!(link.ends_with("<http://h/posts?_page=3&_limit=10>; rel=\"last\""), "{link}");
    }
}
