//! Collections of devices, and collections of those.

use serde_json::{Map, Value, json};

use super::sql::{Row, Sql, SqlError, Tx, values};
use crate::time::Stamp;

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

/// A collection as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Collection {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) parent: Option<i64>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

const COLUMNS: &str =
    "SELECT seq, id, parent, name, description, tags, metadata, created, updated FROM collections";

impl Collection {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        let Value::Object(metadata) = row.json(6)? else { return Err(SqlError::Column(6)) };
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            parent: row.opt_int(2)?,
            name: row.text(3)?,
            description: row.opt_text(4)?,
            tags: serde_json::from_value(row.json(5)?).unwrap_or_default(),
            metadata,
            created: row.stamp(7)?,
            updated: row.stamp(8)?,
        })
    }

    /// The collection as an answer shows it; its key only to those who may see it.
    pub(crate) fn json(&self, tx: &Tx, site: &str, with_key: bool) -> Result<Value, SqlError> {
        let parent = match self.parent {
            None => None,
            Some(seq) => tx.first("SELECT id FROM collections WHERE seq = ?1", values![seq])?,
        };
        let count = |sql: &str| tx.count(sql, values![self.seq]);
        let key = with_key
            .then(|| super::keys::primary(tx, super::keys::Owner::Collection(self.seq)))
            .transpose()?
            .flatten();
        Ok(json!({
            "id": self.id,
            "parent": parent.map(|row| row.text(0)).transpose()?,
            "name": self.name,
            "description": self.description,
            "devices": count("SELECT count(*) FROM collected WHERE collection = ?1")?,
            "collections": count("SELECT count(*) FROM collections WHERE parent = ?1")?,
            "tags": self.tags,
            "metadata": self.metadata,
            "key": key,
            "url": format!("{site}/collections/{}", self.id),
            "created": self.created,
            "updated": self.updated,
        }))
    }
}

/// The number of a collection.
pub(crate) fn seq_of(tx: &Tx, id: &str) -> Result<Option<i64>, SqlError> {
    let row = tx.first("SELECT seq FROM collections WHERE id = ?1", values![id])?;
    row.map(|row| row.int(0)).transpose()
}

/// The collection with this id.
pub(crate) fn find(tx: &Tx, id: &str) -> Result<Option<Collection>, SqlError> {
    let row = tx.first(&format!("{COLUMNS} WHERE id = ?1"), values![id])?;
    row.map(|row| Collection::from_row(&row)).transpose()
}

/// Those directly below a collection, or at the top, oldest first.
pub(crate) fn list(tx: &Tx, parent: Option<i64>) -> Result<Vec<Collection>, SqlError> {
    let rows = match parent {
        Some(seq) => {
            tx.query(&format!("{COLUMNS} WHERE parent = ?1 ORDER BY seq"), values![seq])?
        }
        None => tx.query(&format!("{COLUMNS} WHERE parent IS NULL ORDER BY seq"), &[])?,
    };
    rows.iter().map(Collection::from_row).collect()
}

fn fields(one: &Collection) -> Vec<Sql> {
    vec![
        one.parent.into(),
        (&one.name).into(),
        one.description.as_ref().into(),
        json!(one.tags).to_string().into(),
        json!(one.metadata).to_string().into(),
        Stamp::now().into(),
    ]
}

/// Stores a new collection; gives its number.
pub(crate) fn insert(tx: &Tx, one: &Collection, token: String) -> Result<i64, SqlError> {
    let mut parameters = fields(one);
    parameters.push((&one.id).into());
    let seq = tx.insert(
        "INSERT INTO collections (parent, name, description, tags, metadata, updated, id, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6)",
        &parameters,
    )?;
    let mut key = super::keys::Key::new(super::keys::KeyKind::Primary, &one.name, token);
    key.collection = Some(seq);
    super::keys::insert(tx, &key)?;
    Ok(seq)
}

/// Stores what may change of a collection.
pub(crate) fn update(tx: &Tx, one: &Collection) -> Result<(), SqlError> {
    let mut parameters = fields(one);
    parameters.push(one.seq.into());
    tx.execute(
        "UPDATE collections SET parent = ?1, name = ?2, description = ?3, tags = ?4, metadata = ?5,
         updated = ?6 WHERE seq = ?7",
        &parameters,
    )?;
    Ok(())
}

/// Removes a collection and those below it; their devices stay.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.keys_changed();
    tx.execute("DELETE FROM collections WHERE seq = ?1", values![seq])?;
    Ok(())
}

/// Puts a device into a collection, where it may be already.
pub(crate) fn add(tx: &Tx, collection: i64, device: i64) -> Result<(), SqlError> {
    tx.execute(
        "INSERT INTO collected (collection, device) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        values![collection, device],
    )?;
    Ok(())
}

/// Takes a device out of a collection; says whether it was there.
pub(crate) fn remove(tx: &Tx, collection: i64, device: i64) -> Result<bool, SqlError> {
    let sql = "DELETE FROM collected WHERE collection = ?1 AND device = ?2";
    Ok(tx.execute(sql, values![collection, device])? > 0)
}

/// A collection and all that it lies in.
pub(crate) fn ancestors(tx: &Tx, seq: i64) -> Result<Vec<i64>, SqlError> {
    let rows = tx.query(
        "WITH RECURSIVE above (seq) AS (SELECT ?1 UNION
         SELECT c.parent FROM collections c JOIN above a ON c.seq = a.seq
         WHERE c.parent IS NOT NULL) SELECT seq FROM above",
        values![seq],
    )?;
    rows.iter().map(|row| row.int(0)).collect()
}
