//! Records as JSON, XML and CSV, in the forms of ThingSpeak. It must not know what they mean.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::call::Form;
use super::when::Zone;
use crate::page::escape_xml;
use crate::routes::csv_cell;
use crate::time::Stamp;

/// A named value of a record.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Time(Stamp),
    Whole(Option<i64>),
    Flag(bool),
    Text(Option<String>),
    /// A number, kept as the text that came.
    Decimal(Option<String>),
    /// Records of their own, each under this name.
    Many(&'static str, Vec<Record>),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(Some(text.into()))
    }
}

/// Values with their names, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Record(Vec<(String, Cell)>);

impl Record {
    pub(super) fn with(mut self, name: impl Into<String>, cell: Cell) -> Self {
        self.0.push((name.into(), cell));
        self
    }

    pub(super) fn json(&self, zone: &Zone) -> Value {
        let pairs = self.0.iter().map(|(name, cell)| {
            let value = match cell {
                Cell::Time(at) => zone.iso(*at).into(),
                Cell::Whole(number) => json!(number),
                Cell::Flag(flag) => json!(flag),
                Cell::Text(text) | Cell::Decimal(text) => json!(text),
                Cell::Many(_, records) => records.iter().map(|record| record.json(zone)).collect(),
            };
            (name.clone(), value)
        });
        Value::Object(pairs.collect::<Map<_, _>>())
    }

    /// An element with this name; `depth` is how far it is indented.
    pub(super) fn xml(&self, name: &str, zone: &Zone, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let inner: String =
            self.0.iter().map(|(name, cell)| element(name, cell, zone, depth + 1)).collect();
        format!("{indent}<{name}>\n{inner}{indent}</{name}>\n")
    }

    fn cells(&self, zone: &Zone) -> String {
        let cells = self.0.iter().map(|(_, cell)| match cell {
            Cell::Time(at) => zone.in_table(*at),
            Cell::Whole(number) => number.map(|number| number.to_string()).unwrap_or_default(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Text(text) | Cell::Decimal(text) => csv_cell(text.as_deref().unwrap_or_default()),
            Cell::Many(..) => String::new(),
        });
        cells.collect::<Vec<_>>().join(",")
    }

    fn names(&self) -> String {
        self.0.iter().map(|(name, _)| csv_cell(name)).collect::<Vec<_>>().join(",")
    }
}

fn element(name: &str, cell: &Cell, zone: &Zone, depth: usize) -> String {
    let (indent, name) = ("  ".repeat(depth), name.replace('_', "-"));
    let (kind, text) = match cell {
        Cell::Time(at) => (" type=\"dateTime\"", Some(zone.iso(*at))),
        Cell::Whole(number) => (" type=\"integer\"", number.map(|number| number.to_string())),
        Cell::Flag(flag) => (" type=\"boolean\"", Some(flag.to_string())),
        Cell::Text(text) => ("", text.clone()),
        Cell::Decimal(text) => (" type=\"decimal\"", text.clone()),
        Cell::Many(each, records) => {
            let inner: String =
                records.iter().map(|record| record.xml(each, zone, depth + 1)).collect();
            return format!("{indent}<{name} type=\"array\">\n{inner}{indent}</{name}>\n");
        }
    };
    match text {
        Some(text) => format!("{indent}<{name}{kind}>{}</{name}>\n", escape_xml(&text)),
        None => format!("{indent}<{name}{kind} nil=\"true\"/>\n"),
    }
}

/// An XML document as an answer.
pub(super) fn xml(element: String) -> Response {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{element}");
    ([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response()
}

/// One record as an answer; `plain` is what stands for it in plain text, if that is not JSON.
pub(super) fn one(
    record: &Record,
    name: &str,
    form: Form,
    zone: &Zone,
    plain: Option<String>,
) -> Response {
    match (form, plain) {
        (Form::Plain | Form::Txt, Some(text)) => text.into_response(),
        (Form::Plain | Form::Txt | Form::Json, _) => Json(record.json(zone)).into_response(),
        (Form::Xml, _) => xml(record.xml(name, zone, 0)),
        (Form::Csv, _) => table(&record.names(), std::slice::from_ref(record), zone),
    }
}

/// A channel with its feeds as an answer; the table has the feeds alone. `empty` is a feed without
/// values, for the table's head.
pub(super) fn feeds(
    channel: Record,
    feeds: Vec<Record>,
    empty: &Record,
    form: Form,
    zone: &Zone,
) -> Response {
    match form {
        Form::Csv => table(&empty.names(), &feeds, zone),
        Form::Xml => xml(channel.with("feeds", Cell::Many("feed", feeds)).xml("channel", zone, 0)),
        Form::Plain | Form::Txt | Form::Json => {
            let feeds: Vec<Value> = feeds.iter().map(|feed| feed.json(zone)).collect();
            Json(json!({ "channel": channel.json(zone), "feeds": feeds })).into_response()
        }
    }
}

fn table(head: &str, rows: &[Record], zone: &Zone) -> Response {
    let mut text = format!("{head}\n");
    for row in rows {
        text.push_str(&row.cells(zone));
        text.push('\n');
    }
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Record, Zone};
    use crate::input::Input;

    #[test]
    fn what_comes_from_outside_cannot_become_markup() {
        let zone = Zone::parse(&Input::default()).unwrap();
        let record = Record::default()
            .with("field_1", Cell::text("</feed><x a=\"1\">&\u{0}\u{1b}é"))
            .with("status", Cell::Text(None));
        assert_eq!(
            record.xml("feed", &zone, 0),
            "<feed>\n  <field-1>&lt;/feed&gt;&lt;x a=&quot;1&quot;&gt;&amp;é</field-1>\n  \
             <status nil=\"true\"/>\n</feed>\n"
        );
    }
}
