//! What JavaScript does with values, where clients can see it: numbers as text, text as numbers,
//! comparison across types, the order of keys, indented JSON. It must not know HTTP.

use std::cmp::Ordering;
use std::io;

use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Map, Number, Value};

/// Whole numbers up to here are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value as `JSON.parse` would have it: one kind of number, keys that are numbers first.
pub(super) fn normalise(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(normal_number(&number)),
        Value::Array(items) => Value::Array(items.into_iter().map(normalise).collect()),
        Value::Object(map) => {
            let has_index = map.keys().any(|key| index_of(key).is_some());
            let mut pairs: Vec<(String, Value)> =
                map.into_iter().map(|(key, value)| (key, normalise(value))).collect();
            if has_index {
                // Stable: the other keys keep their order.
                pairs.sort_by_key(|(key, _)| index_of(key).map_or(u64::MAX, u64::from));
            }
            Value::Object(Map::from_iter(pairs))
        }
        plain => plain,
    }
}

fn index_of(key: &str) -> Option<u32> {
    let canonical = key == "0" || !key.starts_with(['0', '+']);
    key.parse().ok().filter(|index| canonical && *index != u32::MAX)
}

fn normal_number(number: &Number) -> Number {
    let double = number.as_f64().unwrap_or_default();
    number_value(double).as_number().cloned().unwrap_or_else(|| number.clone())
}

/// A double as a JSON value: whole ones without a fraction, what is not finite as null.
pub(super) fn number_value(double: f64) -> Value {
    if double.fract() == 0.0 && double.abs() <= EXACT {
        return Value::from(double as i64);
    }
    Number::from_f64(double).map_or(Value::Null, Value::Number)
}

/// A number as text.
pub(super) fn number_text(double: f64) -> String {
    if double == 0.0 {
        return "0".to_owned();
    }
    if !double.is_finite() {
        let sign = if double < 0.0 { "-" } else { "" };
        return if double.is_nan() { "NaN".to_owned() } else { format!("{sign}Infinity") };
    }
    let size = double.abs();
    if (1e-6..1e21).contains(&size) {
        return format!("{double}");
    }
    let text = format!("{double:e}");
    if size >= 1.0 { text.replace('e', "e+") } else { text }
}

/// `String(value)`; `None` for null.
pub(super) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number_text(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let texts: Vec<String> =
                items.iter().map(|item| text(item).unwrap_or_default()).collect();
            texts.join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    })
}

/// `Number(text)`.
pub(super) fn number_of(text: &str) -> f64 {
    let text = text.trim();
    let radix = |prefixes: [&str; 2], radix| {
        let digits = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))?;
        let good = !digits.starts_with(['+', '-']);
        u64::from_str_radix(digits, radix).ok().filter(|_| good).map(|whole| whole as f64)
    };
    if text.is_empty() {
        return 0.0;
    }
    let prefixed = radix(["0x", "0X"], 16)
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| radix(["0b", "0B"], 2));
    if let Some(number) = prefixed {
        return number;
    }
    let digits = text.trim_start_matches(['+', '-']);
    let decimal = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
    if digits == "Infinity" || digits.bytes().all(decimal) {
        return text.replace("Infinity", "inf").parse().unwrap_or(f64::NAN);
    }
    f64::NAN
}

/// `parseInt(text, 10)`; `None` for NaN.
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    let digits = digits.get(..end).filter(|digits| !digits.is_empty())?;
    Some(sign * digits.parse().unwrap_or(1_i64 << 52).min(1 << 52))
}

/// A value made primitive for a comparison.
enum Primitive {
    Number(f64),
    Text(String),
}

fn primitive(value: &Value) -> Primitive {
    match value {
        Value::Null => Primitive::Number(0.0),
        Value::Bool(flag) => Primitive::Number(f64::from(u8::from(*flag))),
        Value::Number(number) => Primitive::Number(number.as_f64().unwrap_or(f64::NAN)),
        other => Primitive::Text(text(other).unwrap_or_default()),
    }
}

/// How two values compare with `<` and `>`; `None` if neither holds nor they are equal.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (primitive(left), primitive(right)) {
        (Primitive::Text(left), Primitive::Text(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (left, right) => {
            let number = |one| match one {
                Primitive::Number(number) => number,
                Primitive::Text(text) => number_of(&text),
            };
            number(left).partial_cmp(&number(right))
        }
    }
}

/// Whether `if (value)` would be taken.
pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// `JSON.stringify(value, null, 2)`.
pub(super) fn pretty(value: &impl serde::Serialize) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Indented(PrettyFormatter::new()));
    value.serialize(&mut serializer).expect("writing to memory does not fail");
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// Two spaces a level, numbers as JavaScript writes them.
struct Indented(PrettyFormatter<'static>);

impl Formatter for Indented {
    fn write_f64<W: ?Sized + io::Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        out.write_all(number_text(value).as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, normalise, number_of, number_text, parse_int, pretty};
    use serde_json::{Value, json};
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000_001, "0.000001"),
            (0.000_000_1, "1e-7"),
            (-1.25e-10, "-1.25e-10"),
            (12_345_678_901_234_567_890.0, "12345678901234567000"),
        ] {
            assert_eq!(number_text(number).trim_end_matches(".0"), text);
        }
    }

    #[test]
    fn text_becomes_a_number_as_in_javascript() {
        for (text, number) in [
            ("", 0.0),
            (" 7 ", 7.0),
            ("0x10", 16.0),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(number_of(text), number, "{text:?}");
        }
        for text in ["a", "1a", "inf", "nan", "0x-1", "1 2"] {
            assert!(number_of(text).is_nan(), "{text:?}");
        }
        for (text, whole) in
            [("10", Some(10)), (" 5x", Some(5)), ("-3.9", Some(-3)), ("x", None), ("", None)]
        {
            assert_eq!(parse_int(text), whole, "{text:?}");
        }
    }

    #[test]
    fn values_of_different_types_compare_as_in_javascript() {
        for (left, right, expected) in [
            (json!("10"), json!(9), Some(Greater)),
            (json!("10"), json!("9"), Some(Less)),
            (json!("a"), json!(9), None),
            (json!(true), json!(1), Some(Equal)),
            (json!([1, 2]), json!("1,3"), Some(Less)),
            (Value::Null, json!(1), Some(Less)),
        ] {
            assert_eq!(compare(&left, &right), expected, "{left} {right}");
        }
    }

    #[test]
    fn json_comes_out_in_the_order_and_form_of_javascript() {
        let value: Value =
            serde_json::from_str(r#"{"b": 1.0, "2": [], "a": {"10": 1e2, "9": {}}, "1": "é\n"}"#)
                .expect("it is JSON");
        let expected = "{\n  \"1\": \"é\\n\",\n  \"2\": [],\n  \"b\": 1,\n  \"a\": {\n    \
                        \"9\": {},\n    \"10\": 100\n  }\n}";
        assert_eq!(pretty(&normalise(value)), expected);
    }
}
