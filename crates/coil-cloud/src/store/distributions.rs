//! Distributions: devices of one make, with the streams that each new one gets.

use serde_json::{Map, Value, json};

use super::keys::{self, Key, KeyKind, Owner};
use super::sql::{Row, SqlError, Tx, values};
use super::streams::{Stream, StreamType};
use crate::time::Stamp;

/// A distribution as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Distribution {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) visibility: String,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

const COLUMNS: &str = "SELECT seq, id, name, description, visibility, metadata, created, updated
    FROM distributions";

impl Distribution {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        let Value::Object(metadata) = row.json(5)? else { return Err(SqlError::Column(5)) };
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            name: row.text(2)?,
            description: row.opt_text(3)?,
            visibility: row.text(4)?,
            metadata,
            created: row.stamp(6)?,
            updated: row.stamp(7)?,
        })
    }

    /// The distribution as an answer shows it; its key only to those who may see it.
    pub(crate) fn json(&self, tx: &Tx, site: &str, with_key: bool) -> Result<Value, SqlError> {
        let url = format!("{site}/distributions/{}", self.id);
        let count = |sql: &str| tx.count(sql, values![self.seq]);
        let key = with_key
            .then(|| keys::primary(tx, Owner::Distribution(self.seq)))
            .transpose()?
            .flatten();
        let registered = count("SELECT count(*) FROM devices WHERE distribution = ?1")?;
        Ok(json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "visibility": self.visibility,
            "status": "enabled",
            "url": url,
            "key": key,
            "metadata": self.metadata,
            "devices": { "total": registered, "registered": registered, "unregistered": 0 },
            "streams": {
                "count": count("SELECT count(*) FROM templates WHERE distribution = ?1")?,
                "url": format!("{url}/streams"),
            },
            "triggers": {
                "count": count("SELECT count(*) FROM triggers WHERE distribution = ?1")?,
                "url": format!("{url}/triggers"),
            },
            "created": self.created,
            "updated": self.updated,
        }))
    }
}

/// The number of a distribution.
pub(crate) fn seq_of(tx: &Tx, id: &str) -> Result<Option<i64>, SqlError> {
    let row = tx.first("SELECT seq FROM distributions WHERE id = ?1", values![id])?;
    row.map(|row| row.int(0)).transpose()
}

/// The distribution with this id.
pub(crate) fn find(tx: &Tx, id: &str) -> Result<Option<Distribution>, SqlError> {
    let row = tx.first(&format!("{COLUMNS} WHERE id = ?1"), values![id])?;
    row.map(|row| Distribution::from_row(&row)).transpose()
}

/// All of them, newest first.
pub(crate) fn list(tx: &Tx) -> Result<Vec<Distribution>, SqlError> {
    let rows = tx.query(&format!("{COLUMNS} ORDER BY seq DESC"), &[])?;
    rows.iter().map(Distribution::from_row).collect()
}

/// Stores a new distribution with its key; gives its number.
pub(crate) fn insert(tx: &Tx, one: &Distribution, token: String) -> Result<i64, SqlError> {
    let seq = tx.insert(
        "INSERT INTO distributions (id, name, description, visibility, metadata, created, updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
        values![
            &one.id,
            &one.name,
            one.description.as_ref(),
            &one.visibility,
            json!(one.metadata).to_string(),
            Stamp::now(),
        ],
    )?;
    let mut key = Key::new(KeyKind::Primary, &one.name, token);
    key.distribution = Some(seq);
    keys::insert(tx, &key)?;
    Ok(seq)
}

/// Stores what may change of a distribution.
pub(crate) fn update(tx: &Tx, one: &Distribution) -> Result<(), SqlError> {
    tx.execute(
        "UPDATE distributions SET name = ?2, description = ?3, visibility = ?4, metadata = ?5,
         updated = ?6 WHERE seq = ?1",
        values![
            one.seq,
            &one.name,
            one.description.as_ref(),
            &one.visibility,
            json!(one.metadata).to_string(),
            Stamp::now(),
        ],
    )?;
    Ok(())
}

/// Removes a distribution; its devices stay, without it.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.keys_changed();
    tx.execute("DELETE FROM distributions WHERE seq = ?1", values![seq])?;
    Ok(())
}

fn template(row: &Row) -> Result<Stream, SqlError> {
    let kind = StreamType::parse(&row.text(2)?).ok_or(SqlError::Column(2))?;
    let mut stream = Stream::new(&row.text(0)?, kind);
    stream.display_name = row.opt_text(1)?;
    stream.unit_label = row.opt_text(3)?;
    stream.unit_symbol = row.opt_text(4)?;
    stream.created = row.stamp(5)?;
    stream.updated = row.stamp(6)?;
    Ok(stream)
}

/// The streams that each new device gets, in the order of their names.
pub(crate) fn templates(tx: &Tx, seq: i64) -> Result<Vec<Stream>, SqlError> {
    let rows = tx.query(
        "SELECT name, display_name, type, unit_label, unit_symbol, created, updated FROM templates
         WHERE distribution = ?1 ORDER BY name",
        values![seq],
    )?;
    rows.iter().map(template).collect()
}

/// Stores a stream for new devices.
pub(crate) fn put_template(tx: &Tx, seq: i64, stream: &Stream) -> Result<(), SqlError> {
    tx.execute(
        "INSERT INTO templates (distribution, name, display_name, type, unit_label, unit_symbol,
         created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (distribution, name) DO UPDATE SET display_name = excluded.display_name,
         type = excluded.type, unit_label = excluded.unit_label,
         unit_symbol = excluded.unit_symbol, updated = excluded.updated",
        values![
            seq,
            &stream.name,
            stream.display_name.as_ref(),
            stream.kind.name(),
            stream.unit_label.as_ref(),
            stream.unit_symbol.as_ref(),
            stream.created,
            Stamp::now(),
        ],
    )?;
    Ok(())
}

/// Removes a stream for new devices; says whether it was there.
pub(crate) fn delete_template(tx: &Tx, seq: i64, name: &str) -> Result<bool, SqlError> {
    let sql = "DELETE FROM templates WHERE distribution = ?1 AND name = ?2";
    Ok(tx.execute(sql, values![seq, name])? > 0)
}
