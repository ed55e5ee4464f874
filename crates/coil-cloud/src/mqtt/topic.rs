//! Names and filters of topics. It must not know who uses them.

/// Bytes of a topic at most; the format has room for more.
const TOPIC_MAX: usize = 1024;
/// What shared subscriptions begin with.
const SHARE: &str = "$share/";

/// Whether messages can be published there.
pub(super) fn is_topic(topic: &str) -> bool {
    is_text(topic) && !topic.contains(['+', '#'])
}

fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= TOPIC_MAX && !text.contains('\0')
}

/// What a subscription is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Filter {
    /// Those who share the messages among them, each going to one of them.
    pub(super) share: Option<String>,
    text: String,
}

impl Filter {
    /// Reads one; nothing if it is not valid.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (share, text) = match text.strip_prefix(SHARE) {
            None => (None, text),
            Some(rest) => {
                let (share, text) = rest.split_once('/')?;
                if share.is_empty() || share.contains(['+', '#']) {
                    return None;
                }
                (Some(share.to_owned()), text)
            }
        };
        let mut levels = text.split('/').peekable();
        while let Some(level) = levels.next() {
            let is_last = levels.peek().is_none();
            let is_good = match level {
                "+" => true,
                "#" => is_last,
                level => !level.contains(['+', '#']),
            };
            if !is_good {
                return None;
            }
        }
        is_text(text).then(|| Self { share, text: text.to_owned() })
    }

    /// The filter without the name of those who share it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The one topic that it is for, if it is one.
    pub(super) fn exact(&self) -> Option<&str> {
        (self.share.is_none() && !self.text.contains(['+', '#'])).then_some(self.text.as_str())
    }

    /// Whether it is for this topic. Those that begin with `$` are only meant by filters that say so.
    pub(super) fn matches(&self, topic: &str) -> bool {
        if topic.starts_with('$') && self.text.starts_with(['+', '#']) {
            return false;
        }
        let (mut wanted, mut levels) = (self.text.split('/'), topic.split('/'));
        loop {
            match (wanted.next(), levels.next()) {
                (Some("#"), _) => return true,
                (Some("+"), Some(_)) => {}
                (Some(want), Some(level)) if want == level => {}
                (None, None) => return true,
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_the_standard_says() {
        for (filter, topic, matches) in [
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/+", "a/b", true),
            ("a/+", "a", false),
            ("a/+", "a/", true),
            ("a/+/c", "a/b/c", true),
            ("a/+/c", "a/b/d", false),
            ("+", "/a", false),
            ("+/+", "/a", true),
            ("/+", "/a", true),
            ("a/#", "a", true),
            ("a/#", "a/b/c", true),
            ("a/#", "ab", false),
            ("#", "a/b", true),
            ("#", "$SYS/load", false),
            ("+/load", "$SYS/load", false),
            ("$SYS/#", "$SYS/load", true),
            ("$share/some/a/+", "a/b", true),
            ("A/b", "a/b", false),
        ] {
            assert_eq!(Filter::parse(filter).unwrap().matches(topic), matches, "{filter} {topic}");
        }
    }

    #[test]
    fn what_is_no_filter_or_topic_is_refused() {
        let long = "x".repeat(TOPIC_MAX + 1);
        for text in [
            "",
            "a/#/b",
            "a#",
            "a/b+",
            "#a",
            "$share/a",
            "$share//a",
            "$share/+/a",
            "a\0",
            long.as_str(),
        ] {
            assert_eq!(Filter::parse(text), None, "{text:?}");
        }
        for text in ["", "a/+", "#", "a\0b", long.as_str()] {
            assert!(!is_topic(text), "{text:?}");
        }
        assert!(is_topic("/") && is_topic("a b/ä"));
    }
}
