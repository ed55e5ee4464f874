//! ThingSpeak's entries: what a channel was told at one time, as it came, under a number that
//! counts up for each device. What of it are values is in the device's streams as well.

use super::sql::{Row, Sql, SqlError, Tx, values};
use crate::time::Stamp;

/// Fields of an entry.
pub(crate) const FIELDS: usize = 8;

/// One entry; numbers are the text that came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// From 1 on, in the order in which entries came.
    pub(crate) id: i64,
    pub(crate) at: Stamp,
    pub(crate) fields: [Option<String>; FIELDS],
    pub(crate) latitude: Option<String>,
    pub(crate) longitude: Option<String>,
    pub(crate) elevation: Option<String>,
    pub(crate) status: Option<String>,
}

const COLUMNS: &str = "id, at, field1, field2, field3, field4, field5, field6, field7, field8,
    latitude, longitude, elevation, status";

fn entry(row: &Row) -> Result<Entry, SqlError> {
    let mut fields = [const { None }; FIELDS];
    for (index, field) in fields.iter_mut().enumerate() {
        *field = row.opt_text(2 + index)?;
    }
    Ok(Entry {
        id: row.int(0)?,
        at: row.stamp(1)?,
        fields,
        latitude: row.opt_text(10)?,
        longitude: row.opt_text(11)?,
        elevation: row.opt_text(12)?,
        status: row.opt_text(13)?,
    })
}

/// The number of the newest entry of a device.
pub(crate) fn last_id(tx: &Tx, device: i64) -> Result<Option<i64>, SqlError> {
    let row = tx.first("SELECT max(id) FROM entries WHERE device = ?1", values![device])?;
    Ok(row.map(|row| row.opt_int(0)).transpose()?.flatten())
}

/// Stores an entry; says whether its time was free.
pub(crate) fn insert(tx: &Tx, device: i64, entry: &Entry) -> Result<bool, SqlError> {
    let mut parameters: Vec<Sql> = vec![device.into(), entry.id.into(), entry.at.into()];
    parameters.extend(entry.fields.iter().map(|field| Sql::from(field.as_ref())));
    let others = [&entry.latitude, &entry.longitude, &entry.elevation, &entry.status];
    parameters.extend(others.into_iter().map(|text| Sql::from(text.as_ref())));
    let sql = format!(
        "INSERT INTO entries (device, {COLUMNS}) VALUES
         (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (device, at) DO NOTHING"
    );
    Ok(tx.execute(&sql, &parameters)? > 0)
}

/// The newest entries between two points in time, oldest first.
pub(crate) fn list(
    tx: &Tx,
    device: i64,
    (start, end): (Stamp, Stamp),
    limit: i64,
) -> Result<Vec<Entry>, SqlError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entries WHERE device = ?1 AND at >= ?2 AND at <= ?3
         ORDER BY at DESC LIMIT ?4"
    );
    let rows = tx.query(&sql, values![device, start, end, limit])?;
    rows.iter().rev().map(entry).collect()
}

/// The entry with a number.
pub(crate) fn find(tx: &Tx, device: i64, id: i64) -> Result<Option<Entry>, SqlError> {
    let sql = format!("SELECT {COLUMNS} FROM entries WHERE device = ?1 AND id = ?2");
    tx.first(&sql, values![device, id])?.map(|row| entry(&row)).transpose()
}

/// The newest entry that says something in this field (counted from 0), or any.
pub(crate) fn last(tx: &Tx, device: i64, field: Option<usize>) -> Result<Option<Entry>, SqlError> {
    let said = field.map(|index| format!("AND field{} IS NOT NULL", index + 1)).unwrap_or_default();
    let sql =
        format!("SELECT {COLUMNS} FROM entries WHERE device = ?1 {said} ORDER BY id DESC LIMIT 1");
    tx.first(&sql, values![device])?.map(|row| entry(&row)).transpose()
}
