//! Conditions on values, such as `{"gt": 5, "lt": 10}`: read once, asked often. It must not know
//! where the values come from.

use serde_json::{Map, Value};

use crate::api::{Shape, any_figure, plain, request, text};
use crate::error::ApiError;
use crate::input::number_of;

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Above(f64),
    AtLeast(f64),
    Below(f64),
    AtMost(f64),
    Equal(Value),
    Text(String),
}

/// All comparisons that one value has to pass.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition(Vec<Test>);

/// A condition as it is said.
pub(crate) fn shape() -> Shape {
    request(&tests()).closed().named("Condition")
}

/// The comparisons of a condition.
pub(crate) fn tests() -> [(&'static str, Shape); 6] {
    [
        ("gt?", any_figure()),
        ("gte?", any_figure()),
        ("lt?", any_figure()),
        ("lte?", any_figure()),
        ("eq?", plain()),
        ("match?", text()),
    ]
}

impl Condition {
    /// Reads `{gt, gte, lt, lte, eq, match}`.
    pub(crate) fn parse(field: &str, value: &Value) -> Result<Self, ApiError> {
        let invalid = || ApiError::invalid(field, "invalid");
        let said =
            value.as_object().ok_or_else(invalid)?.iter().filter(|(_, bound)| !bound.is_null());
        let tests = said.map(|(name, bound)| {
            let number = || number_of(bound).ok_or_else(invalid);
            Ok(match name.as_str() {
                "gt" => Test::Above(number()?),
                "gte" => Test::AtLeast(number()?),
                "lt" => Test::Below(number()?),
                "lte" => Test::AtMost(number()?),
                "eq" if !bound.is_object() && !bound.is_array() => Test::Equal(bound.clone()),
                "match" => Test::Text(bound.as_str().ok_or_else(invalid)?.to_owned()),
                _ => return Err(invalid()),
            })
        });
        tests.collect::<Result<_, _>>().map(Self)
    }

    /// Reads `{"name": {…}, …}`.
    pub(crate) fn parse_all(
        field: &str,
        value: Option<&Value>,
    ) -> Result<Vec<(String, Self)>, ApiError> {
        let empty = Map::new();
        let named = match value {
            None | Some(Value::Null) => &empty,
            Some(Value::Object(named)) => named,
            Some(_) => return Err(ApiError::invalid(field, "invalid")),
        };
        named.iter().map(|(name, one)| Ok((name.clone(), Self::parse(field, one)?))).collect()
    }

    /// Whether a value passes; one that is not there does not.
    pub(crate) fn holds(&self, value: Option<&Value>) -> bool {
        let Some(value) = value else { return false };
        let number = number_of(value);
        self.0.iter().all(|test| match test {
            Test::Above(bound) => number.is_some_and(|number| number > *bound),
            Test::AtLeast(bound) => number.is_some_and(|number| number >= *bound),
            Test::Below(bound) => number.is_some_and(|number| number < *bound),
            Test::AtMost(bound) => number.is_some_and(|number| number <= *bound),
            Test::Equal(wanted) => match (number, number_of(wanted)) {
                (Some(number), Some(wanted)) => number == wanted,
                _ => value == wanted,
            },
            Test::Text(wanted) => value.as_str() == Some(wanted),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use serde_json::{Value, json};

    #[test]
    fn a_value_has_to_pass_every_comparison() {
        for (condition, value, expected) in [
            (json!({"gt": 5, "lt": 10}), json!(7), true),
            (json!({"gt": 5, "lt": 10}), json!(10), false),
            (json!({"gte": "5", "lte": 5}), json!(5.0), true),
            (json!({"eq": 5}), json!("5"), true),
            (json!({"eq": "on"}), json!("on"), true),
            (json!({"match": "on"}), json!("on and off"), false),
            (json!({"gt": 5}), json!("on"), false),
            (json!({}), json!(0), true),
            (json!({"gt": null, "lt": 10}), json!(7), true),
        ] {
            let read = Condition::parse("streams", &condition).expect("it is a condition");
            assert_eq!(read.holds(Some(&value)), expected, "{condition} {value}");
            assert!(!read.holds(None));
        }
        for bad in
            [json!({"gt": "x"}), json!({"near": 5}), json!({"eq": [5]}), json!(5), Value::Null]
        {
            assert!(Condition::parse("streams", &bad).is_err(), "{bad}");
        }
    }
}
