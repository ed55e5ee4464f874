//! Figures about a numeric stream: statistics of a range, and samples at an interval.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing;
use serde_json::{Value, json};

use super::values::{add_bounds, asked_limit, asked_range, csv, limit, numbers, range};
use crate::api::{Table, get, number, pick, reply, stamp, whole, whole_of};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::DeviceRef;
use crate::store::sql::Tx;
use crate::store::streams::{Stream, StreamType};
use crate::store::values::{self, Point};
use crate::time::Stamp;

/// Values that one call samples at most.
const MAX_SCANNED: i64 = 500_000;

/// Seconds of an interval at most: a year.
const MAX_INTERVAL: i64 = 31_536_000;

pub(crate) fn routes() -> Table {
    let figure = || number().or_null();
    let stats_shape = reply(&[
        ("count", whole()),
        ("min", figure()),
        ("max", figure()),
        ("avg", figure()),
        ("stddev", figure()),
    ]);
    let stats_shape = reply(&[("stats", stats_shape), ("start?", stamp()), ("end", stamp())]);
    let samples = reply(&[
        ("values", numbers().list()),
        ("start?", stamp()),
        ("end", stamp()),
        ("interval", whole()),
    ]);
    let kinds = pick(&["nth", "min", "max", "count", "avg", "sum", "stddev"]);
    let how = [("interval", whole_of(1, MAX_INTERVAL)), ("type?", kinds)];
    let stream = "/devices/{device}/streams/{stream}";
    Table::new("Statistics")
        .at(
            &format!("{stream}/stats"),
            [get(stats, "Statistics of a stream").asks(&asked_range()).answers(stats_shape)],
        )
        .at(
            &format!("{stream}/sampling"),
            [get(sampling, "One value for each interval")
                .asks(&how)
                .asks(&asked_range())
                .asks(&asked_limit())
                .answers(samples)],
        )
        .aside(&format!("{stream}/sampling.json"), routing::get(sampling))
        .at(
            &format!("{stream}/sampling.csv"),
            [get(sampling_csv, "The same as a table")
                .asks(&how)
                .asks(&asked_range())
                .asks(&asked_limit())
                .answers_text("text/csv")],
        )
}

fn numeric(caller: &Caller, tx: &Tx, device: &str, name: &str) -> Result<Stream, ApiError> {
    let (_, stream) = caller.stream(tx, &DeviceRef::parse(device), name)?;
    if stream.kind == StreamType::Alphanumeric {
        return Err(ApiError::bad_request(format!(
            "The stream `{name}` is alphanumeric: only numeric streams have figures"
        )));
    }
    Ok(stream)
}

async fn stats(
    State(app): State<App>,
    caller: Caller,
    Path((device, stream)): Path<(String, String)>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let range = range(&input)?;
    let stats = app
        .store
        .read(move |tx| {
            let stream = numeric(&caller, tx, &device, &stream)?;
            Ok(values::stats(tx, stream.seq, range)?)
        })
        .await?;
    let mut answer = json!({ "stats": {
        "count": stats.count,
        "min": stats.min,
        "max": stats.max,
        "avg": stats.avg,
        "stddev": stats.stddev,
    } });
    add_bounds(&mut answer, &input)?;
    Ok(Json(answer))
}

/// How the values of one interval become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    First,
    Min,
    Max,
    Count,
    Average,
    Sum,
    Deviation,
}

impl Kind {
    fn parse(input: &Input) -> Result<Self, ApiError> {
        Ok(match input.filled("type")?.as_deref() {
            None | Some("nth") => Self::First,
            Some("min") => Self::Min,
            Some("max") => Self::Max,
            Some("count") => Self::Count,
            Some("avg") => Self::Average,
            Some("sum") => Self::Sum,
            Some("stddev") => Self::Deviation,
            Some(_) => return Err(ApiError::invalid("type", "invalid")),
        })
    }

    /// One value for several, which are newest first and at least one.
    fn of(self, numbers: &[f64]) -> f64 {
        let count = numbers.len() as f64;
        let sum = numbers.iter().sum::<f64>();
        match self {
            Self::First => numbers.last().copied().unwrap_or_default(),
            Self::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Count => count,
            Self::Average => sum / count,
            Self::Sum => sum,
            Self::Deviation => {
                let mean = sum / count;
                let squares = numbers.iter().map(|number| (number - mean).powi(2));
                (squares.sum::<f64>() / count).sqrt()
            }
        }
    }
}

/// Samples, newest first, each stamped with the beginning of its interval.
fn sample(points: &[Point], kind: Kind, seconds: i64, limit: usize) -> Vec<(Stamp, f64)> {
    let width = seconds.saturating_mul(1_000_000);
    let mut buckets: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for point in points {
        if let Some(number) = point.number {
            let begin = point.at.micros().div_euclid(width) * width;
            buckets.entry(begin).or_default().push(number);
        }
    }
    let newest_first = buckets.iter().rev().take(limit);
    newest_first.map(|(begin, all)| (Stamp::from_micros(*begin), kind.of(all))).collect()
}

async fn samples(
    app: &App,
    caller: Caller,
    (device, stream): (String, String),
    input: &Input,
) -> Result<(i64, Vec<(Stamp, f64)>), ApiError> {
    let interval = input.whole("interval")?;
    let interval = interval.ok_or_else(|| ApiError::invalid("interval", "not_present"))?;
    if !(1..=MAX_INTERVAL).contains(&interval) {
        return Err(ApiError::invalid("interval", "invalid"));
    }
    let (range, kind) = (range(input)?, Kind::parse(input)?);
    let limit = usize::try_from(limit(input)?).unwrap_or_default();
    let samples = app
        .store
        .read(move |tx| {
            let stream = numeric(&caller, tx, &device, &stream)?;
            let points = values::list(tx, stream.seq, range, MAX_SCANNED)?;
            Ok(sample(&points, kind, interval, limit))
        })
        .await?;
    Ok((interval, samples))
}

/// A figure as JSON: whole ones without a fraction.
fn figure(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return json!(number as i64);
    }
    json!(number)
}

async fn sampling(
    State(app): State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let (interval, samples) = samples(&app, caller, path.0, &input).await?;
    let items =
        samples.iter().map(|(at, value)| json!({ "timestamp": at, "value": figure(*value) }));
    let mut answer = json!({ "values": items.collect::<Vec<_>>() });
    add_bounds(&mut answer, &input)?;
    answer["interval"] = interval.into();
    Ok(Json(answer))
}

async fn sampling_csv(
    State(app): State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    input: Input,
) -> Result<Response, ApiError> {
    let (_, samples) = samples(&app, caller, path.0, &input).await?;
    let rows: String =
        samples.iter().map(|(at, value)| format!("{},{}\n", at.iso(), figure(*value))).collect();
    Ok(csv(format!("timestamp,value\n{rows}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::{Kind, sample};
    use crate::store::values::Point;
    use crate::time::Stamp;

    #[test]
    fn samples_are_stamped_with_the_beginning_of_their_interval() {
        let point = |at: &str, number: f64| Point {
            at: Stamp::parse(at).expect("it is a time"),
            number: Some(number),
            text: number.to_string(),
        };
        let points = [
            point("2014-09-09T03:36:55.000Z", 9.0),
            point("2014-09-09T03:36:48.000Z", 4.0),
            point("2014-09-09T03:36:42.347Z", 2.0),
        ];
        for (kind, expected) in [
            (Kind::First, [9.0, 2.0]),
            (Kind::Min, [9.0, 2.0]),
            (Kind::Max, [9.0, 4.0]),
            (Kind::Count, [1.0, 2.0]),
            (Kind::Average, [9.0, 3.0]),
            (Kind::Sum, [9.0, 6.0]),
            (Kind::Deviation, [0.0, 1.0]),
        ] {
            let samples = sample(&points, kind, 10, 100);
            let read: Vec<_> = samples.iter().map(|(at, value)| (at.iso(), *value)).collect();
            let at = ["2014-09-09T03:36:50.000Z", "2014-09-09T03:36:40.000Z"].map(str::to_owned);
            let [first, second] = at;
            assert_eq!(read, [(first, expected[0]), (second, expected[1])], "{kind:?}");
        }
        assert_eq!(sample(&points, Kind::First, 10, 1).len(), 1);
        assert_eq!(sample(&points, Kind::Count, 31_536_000, 9).len(), 1);
    }
}
