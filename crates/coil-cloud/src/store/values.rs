//! The values in streams: stored as the text that came, so that `5` and `5.0` stay what they were,
//! with the number beside it for conditions and sums.

use serde_json::{Map, Value};

use super::sql::{Row, Sql, SqlError, Tx, values};
use super::streams::StreamType;
use crate::time::Stamp;

/// A value at a time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) at: Stamp,
    pub(crate) number: Option<f64>,
    pub(crate) text: String,
}

/// How a JSON value is stored in a stream of this type; `None` if it does not fit.
pub(crate) fn from_json(kind: StreamType, value: &Value) -> Option<(Option<f64>, String)> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    if kind == StreamType::Alphanumeric {
        return Some((None, text));
    }
    let number: serde_json::Number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => serde_json::from_str(text.trim()).ok()?,
        _ => return None,
    };
    let double = number.as_f64().filter(|double| double.is_finite())?;
    Some((Some(double), number.to_string()))
}

/// How a stored value is written into an answer.
pub(crate) fn to_json(kind: StreamType, text: &str) -> Value {
    match kind {
        StreamType::Alphanumeric => Value::String(text.to_owned()),
        StreamType::Numeric => serde_json::from_str(text).unwrap_or(Value::Null),
    }
}

/// Which type a stream gets that is made for this value.
pub(crate) fn type_of(value: &Value) -> StreamType {
    if value.is_number() { StreamType::Numeric } else { StreamType::Alphanumeric }
}

/// Stores a value. One that the client stamped replaces the value of that time; one that the
/// server stamps gets a time of its own, so that none is lost. Gives the time it got.
pub(crate) fn put(
    tx: &Tx,
    stream: i64,
    stamped: Option<Stamp>,
    now: Stamp,
    value: &(Option<f64>, String),
) -> Result<Stamp, SqlError> {
    let (number, text) = value;
    let mut at = stamped.unwrap_or(now);
    let conflict = if stamped.is_some() {
        "DO UPDATE SET number = excluded.number, value = excluded.value"
    } else {
        "DO NOTHING"
    };
    let sql = format!(
        "INSERT INTO points (stream, at, number, value) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (stream, at) {conflict}"
    );
    while tx.execute(&sql, values![stream, at, *number, text])? == 0 {
        at = at.plus_micros(1);
    }
    tx.execute(
        "UPDATE streams SET updated = ?4,
         value = CASE WHEN latest_value_at > ?3 THEN value ELSE ?2 END,
         latest_value_at = CASE WHEN latest_value_at > ?3 THEN latest_value_at ELSE ?3 END WHERE seq = ?1",
        values![stream, text, at, now],
    )?;
    Ok(at)
}

/// Which values of a stream are meant; the bounds belong to the range.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) start: Stamp,
    pub(crate) end: Stamp,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
}

impl Range {
    /// Every value.
    pub(crate) const ALL: Self = Self {
        start: Stamp::from_micros(i64::MIN),
        end: Stamp::from_micros(i64::MAX),
        min: None,
        max: None,
    };

    fn condition(self, stream: i64) -> (String, Vec<Sql>) {
        let mut condition = "stream = ?1 AND at >= ?2 AND at <= ?3".to_owned();
        let mut parameters: Vec<Sql> = vec![stream.into(), self.start.into(), self.end.into()];
        for (bound, operator) in [(self.min, ">="), (self.max, "<=")] {
            if let Some(bound) = bound {
                parameters.push(bound.into());
                condition.push_str(&format!(" AND number {operator} ?{}", parameters.len()));
            }
        }
        (condition, parameters)
    }
}

fn point(row: &Row) -> Result<Point, SqlError> {
    Ok(Point { at: row.stamp(0)?, number: row.opt_real(1)?, text: row.text(2)? })
}

/// The newest values of a range, newest first.
pub(crate) fn list(tx: &Tx, stream: i64, range: Range, limit: i64) -> Result<Vec<Point>, SqlError> {
    let (condition, mut parameters) = range.condition(stream);
    parameters.push(limit.into());
    let sql = format!(
        "SELECT at, number, value FROM points WHERE {condition} ORDER BY at DESC LIMIT ?{}",
        parameters.len()
    );
    tx.query(&sql, &parameters)?.iter().map(point).collect()
}

/// What several streams of a device held at one time.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) at: Stamp,
    pub(crate) values: Map<String, Value>,
}

/// The values of all streams of a device in a range, side by side, newest first. At most `scanned`
/// values are looked at.
pub(crate) fn records(
    tx: &Tx,
    device: i64,
    range: Range,
    scanned: i64,
) -> Result<Vec<Record>, SqlError> {
    let rows = tx.query(
        "SELECT p.at, s.name, s.type, p.value FROM streams s JOIN points p ON p.stream = s.seq
         WHERE s.device = ?1 AND p.at >= ?2 AND p.at <= ?3 ORDER BY p.at DESC, s.seq LIMIT ?4",
        values![device, range.start, range.end, scanned],
    )?;
    let mut records: Vec<Record> = Vec::new();
    for row in rows {
        let at = row.stamp(0)?;
        let kind = StreamType::parse(&row.text(2)?).ok_or(SqlError::Column(2))?;
        let value = to_json(kind, &row.text(3)?);
        match records.last_mut() {
            Some(last) if last.at == at => {
                last.values.insert(row.text(1)?, value);
            }
            _ => {
                let values = Map::from_iter([(row.text(1)?, value)]);
                records.push(Record { at, values });
            }
        }
    }
    Ok(records)
}

/// Count, smallest, largest, average and standard deviation (of the population) of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stats {
    pub(crate) count: i64,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) avg: Option<f64>,
    pub(crate) stddev: Option<f64>,
}

/// The statistics of a range.
pub(crate) fn stats(tx: &Tx, stream: i64, range: Range) -> Result<Stats, SqlError> {
    let (condition, mut parameters) = range.condition(stream);
    let sql = format!(
        "SELECT count(*), min(number), max(number), avg(number) FROM points WHERE {condition}"
    );
    let row = tx.first(&sql, &parameters)?.ok_or(SqlError::Column(0))?;
    let (count, avg) = (row.int(0)?, row.opt_real(3)?);
    let stddev = match avg {
        None => None,
        Some(mean) => {
            parameters.push(mean.into());
            let at = parameters.len();
            let sql = format!(
                "SELECT avg((number - ?{at}) * (number - ?{at})) FROM points WHERE {condition}"
            );
            tx.first(&sql, &parameters)?.and_then(|row| row.opt_real(0).transpose()).transpose()?
        }
    };
    Ok(Stats {
        count,
        min: row.opt_real(1)?,
        max: row.opt_real(2)?,
        avg,
        stddev: stddev.map(f64::sqrt),
    })
}

/// Removes the values of a range, and sets the stream's latest value anew.
pub(crate) fn delete(tx: &Tx, stream: i64, from: Stamp, end: Stamp) -> Result<(), SqlError> {
    tx.execute(
        "DELETE FROM points WHERE stream = ?1 AND at >= ?2 AND at <= ?3",
        values![stream, from, end],
    )?;
    tx.execute(
        "UPDATE streams SET updated = ?2,
         value = (SELECT value FROM points WHERE stream = ?1 ORDER BY at DESC LIMIT 1),
         latest_value_at = (SELECT max(at) FROM points WHERE stream = ?1) WHERE seq = ?1",
        values![stream, Stamp::now()],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{StreamType, from_json, to_json};
    use serde_json::{Value, json};

    #[test]
    fn values_come_back_as_they_went_in() {
        use StreamType::{Alphanumeric, Numeric};
        for (kind, value, back) in [
            (Numeric, json!(5), json!(5)),
            (Numeric, json!(5.0), json!(5.0)),
            (Numeric, json!(-0.1), json!(-0.1)),
            (Numeric, json!("17"), json!(17)),
            (Numeric, json!(" 2.50 "), json!(2.5)),
            (Alphanumeric, json!("on"), json!("on")),
            (Alphanumeric, json!(5), json!("5")),
            (Alphanumeric, json!(true), json!("true")),
        ] {
            let (_, text) = from_json(kind, &value).expect("it fits");
            assert_eq!(to_json(kind, &text).to_string(), back.to_string(), "{value}");
        }
        for value in [json!("on"), json!(true), Value::Null, json!([1]), json!("1e999")] {
            assert_eq!(from_json(Numeric, &value), None, "{value}");
        }
    }
}
