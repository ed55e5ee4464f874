//! Who is connected, and what that lets them say and hear: a key of the cloud means here what it means over HTTP.

use std::sync::Arc;

use super::topic::Filter;
use crate::store::keys::Key;

/// Where M2X is.
pub(super) const M2X: &str = "m2x";

/// Who is connected.
#[derive(Debug, Clone)]
pub(super) enum Who {
    /// Someone without a key, as public brokers let in.
    Anyone,
    /// The holder of a key.
    Holder(Arc<Key>),
}

impl Who {
    /// A name by which sessions of different holders stay apart.
    pub(super) fn realm(&self) -> i64 {
        match self {
            Self::Anyone => 0,
            Self::Holder(key) => key.seq,
        }
    }

    fn allows(&self, method: &str) -> bool {
        match self {
            Self::Anyone => true,
            Self::Holder(key) => key.permissions.iter().any(|allowed| allowed == method),
        }
    }

    /// Whether a topic of M2X is the holder's own: what it is called behind the key.
    pub(super) fn own<'a>(&self, topic: &'a str) -> Option<&'a str> {
        let Self::Holder(key) = self else { return None };
        topic
            .strip_prefix(M2X)?
            .strip_prefix('/')?
            .strip_prefix(key.token.as_str())?
            .strip_prefix('/')
    }

    /// Whether it may publish there.
    pub(super) fn may_say(&self, topic: &str) -> bool {
        match first(topic) {
            // The answers and commands are the cloud's to give.
            M2X => self.own(topic) == Some("requests"),
            level => !level.starts_with('$') && (self.allows("PUT") || self.allows("POST")),
        }
    }

    /// Whether it may ask for that. A filter that means more than it may hear gets what it may.
    pub(super) fn may_ask(&self, filter: &Filter) -> bool {
        match first(filter.text()) {
            M2X => self.own(filter.text()).is_some(),
            level => !level.starts_with('$') && self.allows("GET"),
        }
    }

    /// Whether it may hear what is said there.
    pub(super) fn may_hear(&self, topic: &str) -> bool {
        first(topic) != M2X || self.own(topic).is_some()
    }
}

fn first(topic: &str) -> &str {
    topic.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keys::KeyKind;

    fn holder(permissions: &[&str]) -> Who {
        let mut key = Key::new(KeyKind::Issued, "board", "k1".into());
        key.permissions = permissions.iter().map(|&method| method.into()).collect();
        Who::Holder(Arc::new(key))
    }

    #[test]
    fn a_key_opens_its_own_topics_of_m2x_and_nobody_else_s() {
        let board = holder(&["GET", "POST", "PUT", "DELETE"]);
        let asks = |who: &Who, text| who.may_ask(&Filter::parse(text).unwrap());
        for (topic, says, hears) in [
            ("m2x/k1/requests", true, true),
            ("m2x/k1/responses", false, true),
            ("m2x/k2/requests", false, false),
            ("m2x/k11/requests", false, false),
            ("m2x/k1", false, false),
            ("m2x", false, false),
            ("rooms/1", true, true),
            ("m2xx/k2", true, true),
            ("$SYS/load", false, true),
        ] {
            assert_eq!((board.may_say(topic), board.may_hear(topic)), (says, hears), "{topic}");
        }
        for (filter, may) in [
            ("m2x/k1/responses", true),
            ("m2x/k1/#", true),
            ("m2x/+/responses", false),
            ("m2x/#", false),
            ("#", true),
            ("+/k2/responses", true),
            ("$SYS/#", false),
            ("$share/a/m2x/k2/commands", false),
        ] {
            assert_eq!(asks(&board, filter), may, "{filter}");
        }
        // Those that mean more do not hear more.
        assert!(!board.may_hear("m2x/k2/responses"));
        assert!(!Who::Anyone.may_say("m2x/k1/requests") && !asks(&Who::Anyone, "m2x/k1/#"));
        assert!(!Who::Anyone.may_hear("m2x/k1/responses") && Who::Anyone.may_say("rooms/1"));
    }

    #[test]
    fn what_a_key_may_do_over_http_it_may_do_here() {
        let projector = holder(&["GET"]);
        assert!(projector.may_ask(&Filter::parse("rooms/#").unwrap()));
        assert!(!projector.may_say("rooms/1"));
        let sensor = holder(&["PUT"]);
        assert!(sensor.may_say("rooms/1"));
        assert!(!sensor.may_ask(&Filter::parse("rooms/#").unwrap()));
    }
}
