//! Entries put together by spans of time: the first of each, sums, averages, medians. It must not
//! know where entries come from.

use crate::error::ApiError;
use crate::input::Input;
use crate::store::entries::Entry;
use crate::time::Stamp;

/// Minutes of a span that the documentation allows.
pub(super) const MINUTES: &[i64] = &[10, 15, 20, 30, 60, 240, 720, 1440];
/// Spans of one answer, as many as it may have entries.
const MAX_SPANS: i64 = 8000;

/// What becomes of the entries of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    First,
    Sum,
    Average,
    Median,
}

/// How to put entries together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    fold: Fold,
    micros: i64,
}

impl Period {
    /// `timescale`, `sum`, `average` or `median`, of which the first goes.
    pub(super) fn parse(input: &Input) -> Result<Option<Self>, ApiError> {
        let mut period = None;
        for (name, fold) in [
            ("timescale", Fold::First),
            ("sum", Fold::Sum),
            ("average", Fold::Average),
            ("median", Fold::Median),
        ] {
            let Some(text) = input.filled(name)? else { continue };
            let minutes = if text == "daily" { Ok(1440) } else { text.trim().parse() };
            let known = minutes.ok().filter(|minutes| MINUTES.contains(minutes));
            let minutes = known.ok_or_else(|| {
                ApiError::invalid(name, "is none of 10, 15, 20, 30, 60, 240, 720, 1440, daily")
            })?;
            period = period.or(Some(Self { fold, micros: minutes * 60_000_000 }));
        }
        Ok(period)
    }

    /// One entry for each span from the first to the last, empty ones included; `entries` are in
    /// the order of time.
    pub(super) fn apply(self, entries: Vec<Entry>) -> Result<Vec<Entry>, ApiError> {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            return Ok(entries);
        };
        let span_of = |entry: &Entry| entry.at.micros().div_euclid(self.micros);
        let start = span_of(first);
        let count = span_of(last).saturating_sub(start).saturating_add(1);
        if count > MAX_SPANS {
            return Err(ApiError::bad_request(format!(
                "That would be {count} spans of time, more than {MAX_SPANS}: ask for fewer days or \
                 longer spans"
            )));
        }
        let mut spans: Vec<Vec<Entry>> = Vec::new();
        spans.resize_with(usize::try_from(count).unwrap_or_default(), Vec::new);
        for entry in entries {
            let index = usize::try_from(span_of(&entry) - start).unwrap_or_default();
            if let Some(span) = spans.get_mut(index) {
                span.push(entry);
            }
        }
        let at = |index: usize| {
            let index = i64::try_from(index).unwrap_or_default();
            Stamp::from_micros((start + index) * self.micros)
        };
        let folded = spans.into_iter().enumerate();
        Ok(folded.map(|(index, span)| self.fold_one(at(index), span)).collect())
    }

    fn fold_one(self, at: Stamp, span: Vec<Entry>) -> Entry {
        if self.fold == Fold::First
            && let Some(first) = span.first()
        {
            return Entry { at, ..first.clone() };
        }
        let fields = std::array::from_fn(|index| self.fold_field(&span, index));
        let (latitude, longitude, elevation, status) = (None, None, None, None);
        Entry { id: 0, at, fields, latitude, longitude, elevation, status }
    }

    fn fold_field(self, span: &[Entry], index: usize) -> Option<String> {
        let texts = span.iter().filter_map(|entry| entry.fields.get(index)?.as_deref());
        let mut numbers: Vec<f64> = texts.filter_map(number).collect();
        if numbers.is_empty() {
            return None;
        }
        let result = match self.fold {
            Fold::First => return None,
            Fold::Sum => numbers.iter().sum(),
            // What is not a number counts as 0, as the documentation says.
            Fold::Average => numbers.iter().sum::<f64>() / span.len() as f64,
            Fold::Median => {
                numbers.sort_by(f64::total_cmp);
                let (low, high) = ((numbers.len() - 1) / 2, numbers.len() / 2);
                f64::midpoint(numbers[low], numbers[high])
            }
        };
        Some(format!("{result:?}"))
    }
}

/// The number that a text is.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{Entry, Period, Stamp};
    use crate::input::Input;

    fn entry(minute: i64, value: &str) -> Entry {
        let mut fields = [const { None }; 8];
        fields[0] = Some(value.to_owned()).filter(|text| !text.is_empty());
        Entry {
            id: minute,
            at: Stamp::from_micros(minute * 60_000_000),
            fields,
            latitude: None,
            longitude: None,
            elevation: None,
            status: None,
        }
    }

    fn folded(name: &str, minutes: &str, entries: &[(i64, &str)]) -> Result<Vec<String>, String> {
        let query = vec![(name.to_owned(), minutes.to_owned())];
        let input = Input { query, ..Input::default() };
        let period = Period::parse(&input).map_err(|error| error.words())?.unwrap();
        let entries = entries.iter().map(|(minute, value)| entry(*minute, value)).collect();
        let spans = period.apply(entries).map_err(|error| error.words())?;
        let shown = |entry: Entry| {
            let minute = entry.at.micros() / 60_000_000;
            format!("{minute}:{}", entry.fields[0].as_deref().unwrap_or("-"))
        };
        Ok(spans.into_iter().map(shown).collect())
    }

    #[test]
    fn spans_begin_at_whole_spans_and_empty_ones_are_there() {
        let entries = [(11, "1"), (14, "4"), (19, "x"), (33, "2")];
        for (name, expected) in [
            ("timescale", ["10:1", "20:-", "30:2"]),
            ("sum", ["10:5.0", "20:-", "30:2.0"]),
            ("median", ["10:2.5", "20:-", "30:2.0"]),
        ] {
            assert_eq!(folded(name, "10", &entries).unwrap(), expected, "{name}");
        }
        let average = folded("average", "10", &[(11, "1"), (12, "4"), (13, ""), (14, "1")]);
        assert_eq!(average.unwrap(), ["10:1.5"]);
        assert_eq!(folded("sum", "daily", &entries).unwrap(), ["0:7.0"]);
        assert_eq!(folded("sum", "10", &[]).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn spans_are_those_that_are_documented_and_not_too_many() {
        assert!(folded("sum", "7", &[]).is_err() && folded("sum", "-10", &[]).is_err());
        assert!(folded("sum", "10", &[(0, "1"), (79_999, "1")]).is_ok());
        let refused = folded("sum", "10", &[(0, "1"), (80_000, "1")]).unwrap_err();
        assert!(refused.contains("8001 spans"), "{refused}");
    }
}
