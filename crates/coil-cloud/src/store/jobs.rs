//! Jobs: exports of values, kept for a day.

use serde_json::{Value, json};

use super::sql::{Row, SqlError, Tx, values};
use crate::time::Stamp;

/// How long a finished job is kept, in microseconds.
const KEPT: i64 = 24 * 3600 * 1_000_000;

/// A job as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) device_id: Option<String>,
    pub(crate) state: String,
    pub(crate) started: Option<Stamp>,
    pub(crate) finished: Option<Stamp>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

const SELECT: &str = "SELECT j.id, d.id, j.state, j.started, j.finished, j.created, j.updated
    FROM jobs j LEFT JOIN devices d ON d.seq = j.device";

impl Job {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            id: row.text(0)?,
            device_id: row.opt_text(1)?,
            state: row.text(2)?,
            started: row.opt_stamp(3)?,
            finished: row.opt_stamp(4)?,
            created: row.stamp(5)?,
            updated: row.stamp(6)?,
        })
    }

    /// The job as an answer shows it.
    pub(crate) fn json(&self, site: &str) -> Value {
        json!({
            "id": self.id,
            "device": self.device_id,
            "state": self.state,
            "output": null,
            "errors": null,
            "result": { "url": format!("{site}/exports/{}.csv", self.id) },
            "started": self.started,
            "finished": self.finished,
            "created": self.created,
            "updated": self.updated,
        })
    }
}

/// Stores a job that is done, with its result, and forgets old ones.
pub(crate) fn insert(tx: &Tx, id: &str, device: i64, content: &str) -> Result<(), SqlError> {
    let now = Stamp::now();
    tx.execute("DELETE FROM jobs WHERE created < ?1", values![now.plus_micros(-KEPT)])?;
    tx.execute(
        "INSERT INTO jobs (id, device, state, content, started, finished, created, updated)
         VALUES (?1, ?2, 'complete', ?3, ?4, ?4, ?4, ?4)",
        values![id, device, content, now],
    )?;
    Ok(())
}

/// All jobs, newest first.
pub(crate) fn list(tx: &Tx) -> Result<Vec<Job>, SqlError> {
    let rows = tx.query(&format!("{SELECT} ORDER BY j.seq DESC"), &[])?;
    rows.iter().map(Job::from_row).collect()
}

/// The job with this id.
pub(crate) fn find(tx: &Tx, id: &str) -> Result<Option<Job>, SqlError> {
    let row = tx.first(&format!("{SELECT} WHERE j.id = ?1"), values![id])?;
    row.map(|row| Job::from_row(&row)).transpose()
}

/// What a job made.
pub(crate) fn content(tx: &Tx, id: &str) -> Result<Option<String>, SqlError> {
    let row = tx.first("SELECT content FROM jobs WHERE id = ?1", values![id])?;
    Ok(row.map(|row| row.opt_text(0)).transpose()?.flatten())
}
