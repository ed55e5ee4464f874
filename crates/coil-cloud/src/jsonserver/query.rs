//! The parameters of a query, as Express reads them: names in order, each with all its values.

use crate::input::parse_pairs;

/// Parameters that steer a list instead of selecting rows.
const SPECIAL: &[&str] = &[
    "q", "_start", "_end", "_page", "_sort", "_order", "_limit", "_embed", "_expand", "_delay",
    "callback", "_",
];
/// Parameters that are read at most.
const MAX_PARAMETERS: usize = 1000;

/// A query, read.
#[derive(Debug, Default)]
pub(super) struct Query(Vec<(String, Vec<String>)>);

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for (name, value) in parse_pairs(text).into_iter().take(MAX_PARAMETERS) {
            let name = match name.split_once('[') {
                // `a[]=1` and `a[0]=1` are values of `a`.
                Some((base, index)) if !base.is_empty() && is_index(index) => base.to_owned(),
                _ => name,
            };
            query.add(name, value);
        }
        query
    }

    fn add(&mut self, name: String, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => self.0.push((name, vec![value])),
        }
    }

    /// Sets a parameter to one value, whatever the client said.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), vec![value.to_owned()]));
    }

    pub(super) fn all(&self, name: &str) -> &[String] {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, values)| values)
    }

    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }

    /// The first value, unless it is empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|value| !value.is_empty())
    }

    /// The parameters that select rows.
    pub(super) fn filters(&self) -> impl Iterator<Item = (&str, &[String])> {
        let selects = |(name, _): &&(String, Vec<String>)| !SPECIAL.contains(&name.as_str());
        self.0.iter().filter(selects).map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

fn is_index(text: &str) -> bool {
    let inner = text.strip_suffix(']');
    inner.is_some_and(|inner| inner.bytes().all(|byte| byte.is_ascii_digit()) && inner.len() < 3)
}
