//! Which rows of a table a query means: fields, operators, full text. It must not know HTTP.

use std::cmp::Ordering;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::js;
use super::query::Query;
use crate::error::ApiError;

/// How a field is compared with what the query says.
#[derive(Debug)]
enum Test {
    Equal(Vec<String>),
    NotEqual(Vec<String>),
    AtLeast(Vec<Value>),
    AtMost(Vec<Value>),
    Like(Vec<Regex>),
}

/// One parameter of a query that selects rows.
#[derive(Debug)]
struct Filter {
    path: String,
    test: Test,
}

impl Filter {
    fn parse(name: &str, values: &[String]) -> Result<Self, ApiError> {
        let strip = |suffix: &str| name.strip_suffix(suffix).map(str::to_owned);
        let as_values = || values.iter().cloned().map(Value::String).collect();
        if let Some(path) = strip("_gte") {
            return Ok(Self { path, test: Test::AtLeast(as_values()) });
        }
        if let Some(path) = strip("_lte") {
            return Ok(Self { path, test: Test::AtMost(as_values()) });
        }
        if let Some(path) = strip("_ne") {
            return Ok(Self { path, test: Test::NotEqual(values.to_vec()) });
        }
        if let Some(path) = strip("_like") {
            let patterns = values.iter().map(|pattern| {
                RegexBuilder::new(pattern)
                    .case_insensitive(true)
                    .size_limit(1 << 20)
                    .build()
                    .map_err(|_| {
                        ApiError::bad_request(format!("`{name}`: not a pattern: {pattern}"))
                    })
            });
            return Ok(Self { path, test: Test::Like(patterns.collect::<Result<_, _>>()?) });
        }
        Ok(Self { path: name.to_owned(), test: Test::Equal(values.to_vec()) })
    }

    /// Whether the filter counts although no row has its field.
    const fn is_operator(&self) -> bool {
        !matches!(self.test, Test::Equal(_))
    }

    fn holds(&self, row: &Value) -> bool {
        let Some(field) = lookup(row, &self.path) else { return false };
        let Some(text) = js::text(&field) else { return false };
        let compares = |wanted: &Value, allowed: Ordering| {
            let order = js::compare(&field, wanted);
            order == Some(allowed) || order == Some(Ordering::Equal)
        };
        match &self.test {
            Test::Equal(values) => values.contains(&text),
            Test::NotEqual(values) => !values.contains(&text),
            Test::AtLeast(values) => values.iter().any(|value| compares(value, Ordering::Greater)),
            Test::AtMost(values) => values.iter().any(|value| compares(value, Ordering::Less)),
            Test::Like(patterns) => patterns.iter().any(|pattern| pattern.is_match(&text)),
        }
    }
}

/// The value at `a.b.0` or `a[0]`; a key that has the dots in it goes first.
pub(super) fn lookup(row: &Value, path: &str) -> Option<Value> {
    if let Some(value) = row.get(path) {
        return Some(value.clone());
    }
    let mut at = row;
    let steps = path.split(['.', '[']).map(|step| step.strip_suffix(']').unwrap_or(step));
    let mut steps = steps.filter(|step| !step.is_empty()).peekable();
    steps.peek()?;
    while let Some(step) = steps.next() {
        at = match at {
            Value::Object(map) => map.get(step)?,
            Value::Array(items) if step == "length" && steps.peek().is_none() => {
                return Some(Value::from(items.len()));
            }
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(at.clone())
}

/// Whether a text is anywhere in a value that JavaScript takes for true.
fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| contains(item, text)),
        Value::Object(map) => map.values().any(|item| contains(item, text)),
        plain if js::is_truthy(plain) => {
            js::text(plain).is_some_and(|plain| plain.to_lowercase().contains(text))
        }
        _ => false,
    }
}

/// The rows that a query means. Fields that no row has are not looked at.
pub(super) fn apply<'a>(rows: &'a [Arc<Value>], query: &Query) -> Result<Vec<&'a Value>, ApiError> {
    let text = query.first("q").filter(|text| !text.is_empty()).map(str::to_lowercase);
    let mut filters = Vec::new();
    for (name, values) in query.filters() {
        let filter = Filter::parse(name, values)?;
        if filter.is_operator() || rows.iter().any(|row| lookup(row, &filter.path).is_some()) {
            filters.push(filter);
        }
    }
    let wanted = |row: &&Value| {
        let found = text.as_ref().is_none_or(|text| match row {
            Value::Object(map) => map.values().any(|value| contains(value, text)),
            _ => false,
        });
        found && filters.iter().all(|filter| filter.holds(row))
    };
    Ok(rows.iter().map(|row| &**row).filter(wanted).collect())
}
