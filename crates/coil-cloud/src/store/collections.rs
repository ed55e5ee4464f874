//! Collections of devices, and collections of those.

use serde_json::{Value, json};

use super::sql::{SqlError, Tx, values};

/// The collections a device is in, as its answer shows them.
pub(crate) fn of_device(tx: &Tx, device: i64) -> Result<Value, SqlError> {
    let rows = tx.query(
        "SELECT c.id, c.name FROM collections c JOIN collected m ON m.collection = c.seq
         WHERE m.device = ?1 ORDER BY c.seq",
        values![device],
    )?;
    let items: Result<Vec<Value>, SqlError> =
        rows.iter().map(|row| Ok(json!({ "id": row.text(0)?, "name": row.text(1)? }))).collect();
    Ok(Value::Array(items?))
}

/// Whether a device is in a collection or in one below it.
pub(crate) fn reaches(tx: &Tx, collection: i64, device: i64) -> Result<bool, SqlError> {
    let found = tx.count(
        "WITH RECURSIVE below (seq) AS (SELECT ?1 UNION
         SELECT c.seq FROM collections c JOIN below b ON c.parent = b.seq)
         SELECT count(*) FROM collected m JOIN below b ON m.collection = b.seq
         WHERE m.device = ?2",
        values![collection, device],
    )?;
    Ok(found > 0)
}
