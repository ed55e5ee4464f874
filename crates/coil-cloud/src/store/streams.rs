//! The data streams of devices, and the values in them.

use serde_json::{Value, json};

use super::sql::{Row, SqlError, Tx, values};
use crate::time::Stamp;

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamType {
    /// Numbers.
    Numeric,
    /// Text.
    Alphanumeric,
}

impl StreamType {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Alphanumeric => "alphanumeric",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "numeric" => Some(Self::Numeric),
            "alphanumeric" => Some(Self::Alphanumeric),
            _ => None,
        }
    }
}

/// A stream as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) seq: i64,
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) kind: StreamType,
    pub(crate) unit_label: Option<String>,
    pub(crate) unit_symbol: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) latest_value_at: Option<Stamp>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

const COLUMNS: &str = "SELECT seq, name, display_name, type, unit_label, unit_symbol, value,
    latest_value_at, created, updated FROM streams";

impl Stream {
    /// A stream that is not stored yet.
    pub(crate) fn new(name: &str, kind: StreamType) -> Self {
        let now = Stamp::now();
        Self {
            seq: 0,
            name: name.to_owned(),
            display_name: None,
            kind,
            unit_label: None,
            unit_symbol: None,
            value: None,
            latest_value_at: None,
            created: now,
            updated: now,
        }
    }

    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            seq: row.int(0)?,
            name: row.text(1)?,
            display_name: row.opt_text(2)?,
            kind: StreamType::parse(&row.text(3)?).ok_or(SqlError::Column(3))?,
            unit_label: row.opt_text(4)?,
            unit_symbol: row.opt_text(5)?,
            value: row.opt_text(6)?,
            latest_value_at: row.opt_stamp(7)?,
            created: row.stamp(8)?,
            updated: row.stamp(9)?,
        })
    }

    /// The stream as an answer shows it, `owner` being the URL of its device.
    pub(crate) fn json(&self, owner: &str) -> Value {
        json!({
            "name": self.name,
            "display_name": self.display_name,
            "type": self.kind.name(),
            "value": self.value.as_ref().map(|text| super::values::to_json(self.kind, text)),
            "latest_value_at": self.latest_value_at,
            "unit": { "label": self.unit_label, "symbol": self.unit_symbol },
            "url": format!("{owner}/streams/{}", crate::input::encode(&self.name)),
            "created": self.created,
            "updated": self.updated,
        })
    }
}

/// The stream with this name.
pub(crate) fn find(tx: &Tx, device: i64, name: &str) -> Result<Option<Stream>, SqlError> {
    let sql = format!("{COLUMNS} WHERE device = ?1 AND name = ?2");
    tx.first(&sql, values![device, name])?.map(|row| Stream::from_row(&row)).transpose()
}

/// All streams of a device, oldest first.
pub(crate) fn list(tx: &Tx, device: i64) -> Result<Vec<Stream>, SqlError> {
    let sql = format!("{COLUMNS} WHERE device = ?1 ORDER BY seq");
    tx.query(&sql, values![device])?.iter().map(Stream::from_row).collect()
}

/// Stores a new stream; gives its number.
pub(crate) fn insert(tx: &Tx, device: i64, stream: &Stream) -> Result<i64, SqlError> {
    tx.insert(
        "INSERT INTO streams (device, name, display_name, type, unit_label, unit_symbol, created,
         updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        values![
            device,
            &stream.name,
            stream.display_name.as_ref(),
            stream.kind.name(),
            stream.unit_label.as_ref(),
            stream.unit_symbol.as_ref(),
            stream.created,
            stream.updated,
        ],
    )
}

/// Stores what may change of a stream.
pub(crate) fn update(tx: &Tx, stream: &Stream) -> Result<(), SqlError> {
    tx.execute(
        "UPDATE streams SET display_name = ?2, type = ?3, unit_label = ?4, unit_symbol = ?5,
         updated = ?6 WHERE seq = ?1",
        values![
            stream.seq,
            stream.display_name.as_ref(),
            stream.kind.name(),
            stream.unit_label.as_ref(),
            stream.unit_symbol.as_ref(),
            Stamp::now(),
        ],
    )?;
    Ok(())
}

/// Removes a stream and its values.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.execute("DELETE FROM streams WHERE seq = ?1", values![seq])?;
    Ok(())
}
