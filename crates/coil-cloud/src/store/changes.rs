//! The journal beside `db.json`: changes that were answered and that the file does not have yet. It must not know what they are.

use super::sql::{SqlError, Tx, values};

/// Where it is noted that a new file is about to replace the old one, and which changes it has.
const ANNOUNCED: &str = "db_json_has";

/// Keeps the changes of one batch.
pub(crate) fn add(tx: &Tx, seq: i64, changes: &str) -> Result<(), SqlError> {
    tx.execute("INSERT INTO changes (seq, changes) VALUES (?1, ?2)", values![seq, changes])?;
    Ok(())
}

/// Notes that the file is about to be replaced by one that has all changes up to this one.
pub(crate) fn announce(tx: &Tx, upto: i64) -> Result<(), SqlError> {
    let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![ANNOUNCED, upto.to_string()])?;
    Ok(())
}

/// Notes that it was not replaced after all.
pub(crate) fn withdraw(tx: &Tx) -> Result<(), SqlError> {
    tx.execute("DELETE FROM meta WHERE name = ?1", values![ANNOUNCED])?;
    Ok(())
}

/// Forgets the changes that the file has.
pub(crate) fn forget(tx: &Tx, upto: i64) -> Result<(), SqlError> {
    tx.execute("DELETE FROM changes WHERE seq <= ?1", values![upto])?;
    withdraw(tx)
}

/// What the file does not have when the program starts, oldest first. What was announced has
/// happened if `replaced`.
pub(crate) fn recover(tx: &Tx, replaced: bool) -> Result<Vec<(i64, String)>, SqlError> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    if let Some(row) = tx.first(sql, values![ANNOUNCED])? {
        match row.text(0)?.parse() {
            Ok(upto) if replaced => forget(tx, upto)?,
            _ => withdraw(tx)?,
        }
    }
    let rows = tx.query("SELECT seq, changes FROM changes ORDER BY seq", values![])?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}
