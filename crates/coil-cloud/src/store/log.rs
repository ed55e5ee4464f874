//! The request log: every call, what was answered, and why it was refused. Keys never enter it.

use serde_json::{Value, json};

use super::devices::{self, DeviceRef};
use super::sql::{Row, SqlError, Tx, values};
use crate::time::Stamp;

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: Stamp,
    pub(crate) status: i64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) reason: Option<String>,
    pub(crate) request: String,
    pub(crate) answer: String,
}

impl Entry {
    /// The call as an answer shows it. `method` is `http_method` once more, as one client has it.
    pub(crate) fn json(&self) -> Value {
        json!({
            "timestamp": self.at,
            "status": self.status,
            "http_method": self.method,
            "method": self.method,
            "path": self.path,
            "reason": self.reason,
            "request": self.request,
            "answer": self.answer,
        })
    }

    /// How much text it is.
    pub(super) fn bytes(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, String::len);
        self.method.len() + self.path.len() + self.request.len() + self.answer.len() + reason
    }

    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            at: row.stamp(0)?,
            status: row.int(1)?,
            method: row.text(2)?,
            path: row.text(3)?,
            reason: row.opt_text(4)?,
            request: row.text(5)?,
            answer: row.text(6)?,
        })
    }
}

/// Notes a call, on the device if it named one that exists, and forgets the oldest beyond `keep`.
pub(crate) fn add(
    tx: &Tx,
    device: Option<&DeviceRef>,
    entry: &Entry,
    keep: u32,
) -> Result<(), SqlError> {
    let device = device.map(|device| devices::seq_of(tx, device)).transpose()?.flatten();
    let seq = tx.insert(
        "INSERT INTO requests (device, at, status, method, path, reason, request, answer)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        values![
            device,
            entry.at,
            entry.status,
            &entry.method,
            &entry.path,
            entry.reason.as_ref(),
            &entry.request,
            &entry.answer,
        ],
    )?;
    if seq % 32 == 0 {
        let sql = "DELETE FROM requests WHERE device IS ?1 AND seq <= (SELECT seq FROM requests
             WHERE device IS ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)";
        tx.execute(sql, values![device, i64::from(keep)])?;
    }
    Ok(())
}

const COLUMNS: &str = "SELECT at, status, method, path, reason, request, answer FROM requests";

/// The newest calls of a device, newest first.
pub(crate) fn of_device(tx: &Tx, device: i64, limit: i64) -> Result<Vec<Entry>, SqlError> {
    tx.write_notes()?;
    let sql = format!("{COLUMNS} WHERE device = ?1 ORDER BY seq DESC LIMIT ?2");
    tx.query(&sql, values![device, limit])?.iter().map(Entry::from_row).collect()
}

/// The newest calls of all.
pub(crate) fn newest(tx: &Tx, limit: i64) -> Result<Vec<Entry>, SqlError> {
    tx.write_notes()?;
    let sql = format!("{COLUMNS} ORDER BY seq DESC LIMIT ?1");
    tx.query(&sql, values![limit])?.iter().map(Entry::from_row).collect()
}

/// A call of the log, with its number and the name of the device that it was about.
pub(crate) struct Noted {
    pub(crate) seq: i64,
    pub(crate) device: Option<String>,
    pub(crate) entry: Entry,
}

/// The newest calls after one, newest last.
pub(crate) fn after(tx: &Tx, seq: i64, limit: i64) -> Result<Vec<Noted>, SqlError> {
    tx.write_notes()?;
    let sql =
        "SELECT r.at, r.status, r.method, r.path, r.reason, r.request, r.answer, r.seq, d.name
        FROM requests r LEFT JOIN devices d ON d.seq = r.device WHERE r.seq > ?1
        ORDER BY r.seq DESC LIMIT ?2";
    let mut rows = tx.query(sql, values![seq, limit])?;
    rows.reverse();
    let noted = |row: &Row| {
        let entry = Entry::from_row(row)?;
        Ok(Noted { seq: row.int(7)?, device: row.opt_text(8)?, entry })
    };
    rows.iter().map(noted).collect()
}
