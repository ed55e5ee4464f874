//! Where devices are and were.

use serde_json::{Value, json};

use super::sql::{Row, SqlError, Tx, values};
use crate::time::Stamp;

/// A place at a time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) at: Stamp,
    pub(crate) name: Option<String>,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) elevation: Option<f64>,
}

impl Place {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            at: row.stamp(0)?,
            name: row.opt_text(1)?,
            latitude: row.opt_real(2)?.ok_or(SqlError::Column(2))?,
            longitude: row.opt_real(3)?.ok_or(SqlError::Column(3))?,
            elevation: row.opt_real(4)?,
        })
    }

    /// The place as an answer shows it.
    pub(crate) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "elevation": self.elevation,
            "timestamp": self.at,
        })
    }
}

const COLUMNS: &str = "SELECT at, name, latitude, longitude, elevation FROM places";

/// Where the device is.
pub(crate) fn latest(tx: &Tx, device: i64) -> Result<Option<Place>, SqlError> {
    let sql = format!("{COLUMNS} WHERE device = ?1 ORDER BY at DESC LIMIT 1");
    tx.first(&sql, values![device])?.map(|row| Place::from_row(&row)).transpose()
}

/// Where the device was, newest first.
pub(crate) fn list(
    tx: &Tx,
    device: i64,
    start: Stamp,
    end: Stamp,
    limit: i64,
) -> Result<Vec<Place>, SqlError> {
    let sql =
        format!("{COLUMNS} WHERE device = ?1 AND at >= ?2 AND at <= ?3 ORDER BY at DESC LIMIT ?4");
    let rows = tx.query(&sql, values![device, start, end, limit])?;
    rows.iter().map(Place::from_row).collect()
}

/// Notes where the device is.
pub(crate) fn put(tx: &Tx, device: i64, place: &Place) -> Result<(), SqlError> {
    tx.execute(
        "INSERT INTO places (device, at, name, latitude, longitude, elevation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (device, at) DO UPDATE SET name = excluded.name,
         latitude = excluded.latitude, longitude = excluded.longitude,
         elevation = excluded.elevation",
        values![
            device,
            place.at,
            place.name.as_ref(),
            place.latitude,
            place.longitude,
            place.elevation
        ],
    )?;
    Ok(())
}

/// Forgets where the device was between two points in time.
pub(crate) fn delete(tx: &Tx, device: i64, from: Stamp, end: Stamp) -> Result<(), SqlError> {
    tx.execute(
        "DELETE FROM places WHERE device = ?1 AND at >= ?2 AND at <= ?3",
        values![device, from, end],
    )?;
    Ok(())
}
