//! Charts at rest, and the values that they draw: of many no more than a picture can show.

use serde_json::{Value, json};

use super::sql::{Row, SqlError, Tx, values};
use super::values::Range;
use crate::time::Stamp;

/// A stream that a chart draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeriesRef {
    /// The id of its device.
    pub(crate) device: String,
    pub(crate) stream: String,
}

/// A chart as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) series: Vec<SeriesRef>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

const SELECT: &str = "SELECT seq, id, name, series, created, updated FROM charts";

impl Chart {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        let series = row.json(3)?;
        let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let series = series.as_array().map(Vec::as_slice).unwrap_or_default();
        let one =
            |one: &Value| SeriesRef { device: text(one, "device"), stream: text(one, "stream") };
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            name: row.text(2)?,
            series: series.iter().map(one).collect(),
            created: row.stamp(4)?,
            updated: row.stamp(5)?,
        })
    }

    /// The series as answers and the database have them.
    pub(crate) fn series_json(&self) -> Value {
        let one = |one: &SeriesRef| json!({ "device": one.device, "stream": one.stream });
        self.series.iter().map(one).collect()
    }

    /// The chart as an answer shows it.
    pub(crate) fn json(&self, site: &str) -> Value {
        let url = format!("{site}/charts/{}", self.id);
        json!({
            "id": self.id,
            "name": self.name,
            "series": self.series_json(),
            "url": url,
            "render": { "png": format!("{url}.png"), "svg": format!("{url}.svg") },
            "created": self.created,
            "updated": self.updated,
        })
    }
}

/// The chart with this id.
pub(crate) fn find(tx: &Tx, id: &str) -> Result<Option<Chart>, SqlError> {
    let row = tx.first(&format!("{SELECT} WHERE id = ?1"), values![id])?;
    row.map(|row| Chart::from_row(&row)).transpose()
}

/// All charts, newest first.
pub(crate) fn list(tx: &Tx) -> Result<Vec<Chart>, SqlError> {
    let rows = tx.query(&format!("{SELECT} ORDER BY seq DESC"), &[])?;
    rows.iter().map(Chart::from_row).collect()
}

/// How many there are.
pub(crate) fn count(tx: &Tx) -> Result<i64, SqlError> {
    tx.count("SELECT count(*) FROM charts", &[])
}

/// Stores a new chart.
pub(crate) fn insert(tx: &Tx, chart: &Chart) -> Result<i64, SqlError> {
    tx.insert(
        "INSERT INTO charts (id, name, series, created, updated) VALUES (?1, ?2, ?3, ?4, ?5)",
        values![
            &chart.id,
            &chart.name,
            chart.series_json().to_string(),
            chart.created,
            chart.updated,
        ],
    )
}

/// Stores what may change of a chart.
pub(crate) fn update(tx: &Tx, chart: &Chart) -> Result<(), SqlError> {
    tx.execute(
        "UPDATE charts SET name = ?2, series = ?3, updated = ?4 WHERE seq = ?1",
        values![chart.seq, &chart.name, chart.series_json().to_string(), Stamp::now()],
    )?;
    Ok(())
}

/// Removes a chart.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.execute("DELETE FROM charts WHERE seq = ?1", values![seq])?;
    Ok(())
}

/// Values of a stream that a picture looks at: the newest.
pub(crate) const MAX_VALUES: i64 = 200_000;

/// The numbers of a stream in a range, in the order of time: when and what. Of more than two for
/// each of so many spans of time there are the smallest and the largest of each.
pub(crate) fn points(
    tx: &Tx,
    stream: i64,
    range: Range,
    spans: i64,
) -> Result<Vec<(i64, f64)>, SqlError> {
    let rows = tx.query(
        "SELECT at, number FROM points WHERE stream = ?1 AND at >= ?2 AND at <= ?3
         AND number IS NOT NULL ORDER BY at DESC LIMIT ?4",
        values![stream, range.start, range.end, MAX_VALUES],
    )?;
    let point = |row: &Row| Ok((row.int(0)?, row.opt_real(1)?.ok_or(SqlError::Column(1))?));
    let points: Result<Vec<_>, SqlError> = rows.iter().rev().map(point).collect();
    Ok(thin(points?, spans.max(1)))
}

/// Two points for each span, in the order that makes the shorter way from the one before.
fn thin(points: Vec<(i64, f64)>, spans: i64) -> Vec<(i64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return points };
    if i64::try_from(points.len()).is_ok_and(|count| count <= 2 * spans) {
        return points;
    }
    let (first, span) = (first.0, (last.0.saturating_sub(first.0) / spans).max(1));
    let span_of = |at: i64| at.saturating_sub(first) / span;
    let mut thinned: Vec<(i64, f64)> = Vec::new();
    for values in points.chunk_by(|left, right| span_of(left.0) == span_of(right.0)) {
        let (Some((start, _)), Some((end, _))) = (values.first(), values.last()) else { continue };
        let low = values.iter().map(|value| value.1).fold(f64::INFINITY, f64::min);
        let high = values.iter().map(|value| value.1).fold(f64::NEG_INFINITY, f64::max);
        let before = thinned.last().map_or(low, |point| point.1);
        if (before - low).abs() <= (before - high).abs() {
            thinned.extend([(*start, low), (*end, high)]);
        } else {
            thinned.extend([(*start, high), (*end, low)]);
        }
    }
    thinned
}

#[cfg(test)]
mod tests {
    use super::thin;

    #[test]
    fn of_many_values_the_extremes_of_each_span_are_left_in_the_order_of_time() {
        let wave = |at: i64| (at, (at % 100) as f64 - if at == 777 { 5000.0 } else { 0.0 });
        let points: Vec<(i64, f64)> = (0..10_000).map(wave).collect();
        let thinned = thin(points.clone(), 50);
        assert!((100..=102).contains(&thinned.len()), "{}", thinned.len());
        assert!(thinned.is_sorted_by_key(|point| point.0));
        for extreme in [99.0, -4923.0, 0.0] {
            assert!(thinned.iter().any(|point| point.1 == extreme), "{extreme}");
        }
        assert_eq!((thinned[0].0, thinned[thinned.len() - 1].0), (0, 9_999));
        assert_eq!(thin(points[..100].to_vec(), 50), points[..100]);
        assert_eq!(thin(vec![(5, 1.0); 1000], 50).len(), 2);
        assert_eq!(thin(Vec::new(), 50), []);
    }
}
