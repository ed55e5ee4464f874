//! Keys at rest: who holds which, and what it opens. Found by digest, compared in constant time.

use serde_json::{Value, json};

use super::sql::{Row, Sql, SqlError, Tx, values};
use crate::ids;
use crate::time::Stamp;

/// Why a key exists, which decides who may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// The default master key, made with the database.
    Master,
    /// The first key of a device, a distribution or a collection.
    Primary,
    /// Any other, made by a call.
    Issued,
}

impl KeyKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Primary => "primary",
            Self::Issued => "issued",
        }
    }
}

/// A key and what it opens. Without a scope it is a master key.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) seq: i64,
    pub(crate) token: String,
    pub(crate) name: String,
    pub(crate) kind: KeyKind,
    pub(crate) device: Option<i64>,
    pub(crate) device_id: Option<String>,
    pub(crate) stream: Option<String>,
    pub(crate) distribution: Option<i64>,
    pub(crate) distribution_id: Option<String>,
    pub(crate) collection: Option<i64>,
    pub(crate) collection_id: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) device_access: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) expires_at: Option<Stamp>,
}

impl Key {
    /// A key without a scope, not yet stored.
    pub(crate) fn new(kind: KeyKind, name: &str, token: String) -> Self {
        Self {
            seq: 0,
            token,
            name: name.to_owned(),
            kind,
            device: None,
            device_id: None,
            stream: None,
            distribution: None,
            distribution_id: None,
            collection: None,
            collection_id: None,
            permissions: ["DELETE", "GET", "POST", "PUT"].map(str::to_owned).to_vec(),
            device_access: None,
            origin: None,
            expires_at: None,
        }
    }

    pub(crate) const fn is_master(&self) -> bool {
        self.device.is_none() && self.distribution.is_none() && self.collection.is_none()
    }

    pub(crate) fn is_expired(&self, now: Stamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// The key as an answer shows it. `id` is there for the Python client, which reads it.
    pub(crate) fn json(&self, site: &str) -> Value {
        let url =
            |kind: &str, id: &Option<String>| id.as_ref().map(|id| format!("{site}/{kind}/{id}"));
        json!({
            "id": self.token,
            "name": self.name,
            "key": self.token,
            "master": self.is_master(),
            "device": url("devices", &self.device_id),
            "stream": self.stream,
            "distribution": url("distributions", &self.distribution_id),
            "collection": url("collections", &self.collection_id),
            "expires_at": self.expires_at,
            "expired": self.is_expired(Stamp::now()),
            "origin": self.origin,
            "device_access": self.device_access,
            "permissions": self.permissions,
        })
    }

    fn from_row(row: &Row) -> Result<Self, SqlError> {
        let permissions = serde_json::from_value(row.json(10)?).unwrap_or_default();
        Ok(Self {
            seq: row.int(0)?,
            token: row.text(1)?,
            name: row.text(2)?,
            kind: match row.text(3)?.as_str() {
                "master" => KeyKind::Master,
                "primary" => KeyKind::Primary,
                _ => KeyKind::Issued,
            },
            device: row.opt_int(4)?,
            device_id: row.opt_text(5)?,
            stream: row.opt_text(6)?,
            distribution: row.opt_int(7)?,
            distribution_id: row.opt_text(8)?,
            collection: row.opt_int(9)?,
            permissions,
            device_access: row.opt_text(11)?,
            origin: row.opt_text(12)?,
            expires_at: row.opt_stamp(13)?,
            collection_id: row.opt_text(14)?,
        })
    }
}

const SELECT: &str = "SELECT k.seq, k.token, k.name, k.kind, k.device, d.id, k.stream,
    k.distribution, t.id, k.collection, k.permissions, k.device_access, k.origin, k.expires_at, c.id
    FROM keys k LEFT JOIN devices d ON d.seq = k.device
    LEFT JOIN distributions t ON t.seq = k.distribution
    LEFT JOIN collections c ON c.seq = k.collection";

/// The key with this token.
pub(crate) fn by_token(tx: &Tx, token: &str) -> Result<Option<Key>, SqlError> {
    let row = tx.first(&format!("{SELECT} WHERE k.digest = ?1"), values![ids::digest(token)])?;
    let key = row.map(|row| Key::from_row(&row)).transpose()?;
    Ok(key.filter(|key| ids::same(&key.token, token)))
}

/// The default master key.
pub(crate) fn master(tx: &Tx) -> Result<Option<Key>, SqlError> {
    let row = tx.first(&format!("{SELECT} WHERE k.kind = 'master'"), &[])?;
    row.map(|row| Key::from_row(&row)).transpose()
}

/// Whose keys to list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    /// Keys without a scope.
    Master,
    /// Those of a device.
    Device(i64),
    /// Those of a distribution.
    Distribution(i64),
    /// Those of a collection.
    Collection(i64),
}

/// The keys of an owner, oldest first.
pub(crate) fn list(tx: &Tx, owner: Owner) -> Result<Vec<Key>, SqlError> {
    let (condition, parameters): (_, Vec<Sql>) = match owner {
        Owner::Master => {
            ("k.device IS NULL AND k.distribution IS NULL AND k.collection IS NULL", vec![])
        }
        Owner::Device(seq) => ("k.device = ?1", vec![seq.into()]),
        Owner::Distribution(seq) => ("k.distribution = ?1", vec![seq.into()]),
        Owner::Collection(seq) => ("k.collection = ?1", vec![seq.into()]),
    };
    let rows = tx.query(&format!("{SELECT} WHERE {condition} ORDER BY k.seq"), &parameters)?;
    rows.iter().map(Key::from_row).collect()
}

/// The primary key of an owner.
pub(crate) fn primary(tx: &Tx, owner: Owner) -> Result<Option<String>, SqlError> {
    let (column, seq) = match owner {
        Owner::Master => return Ok(master(tx)?.map(|key| key.token)),
        Owner::Device(seq) => ("device", seq),
        Owner::Distribution(seq) => ("distribution", seq),
        Owner::Collection(seq) => ("collection", seq),
    };
    let sql =
        format!("SELECT token FROM keys WHERE {column} = ?1 AND kind = 'primary' ORDER BY seq");
    tx.first(&sql, values![seq])?.map(|row| row.text(0)).transpose()
}

/// Stores a new key.
pub(crate) fn insert(tx: &Tx, key: &Key) -> Result<i64, SqlError> {
    tx.keys_changed();
    tx.insert(
        "INSERT INTO keys (digest, token, name, kind, device, stream, distribution, collection,
         permissions, device_access, origin, expires_at, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        values![
            ids::digest(&key.token),
            &key.token,
            &key.name,
            key.kind.name(),
            key.device,
            key.stream.as_ref(),
            key.distribution,
            key.collection,
            json!(key.permissions).to_string(),
            key.device_access.as_ref(),
            key.origin.as_ref(),
            key.expires_at,
            Stamp::now(),
        ],
    )
}

/// Stores what may change of a key, its token included.
pub(crate) fn update(tx: &Tx, key: &Key) -> Result<(), SqlError> {
    tx.keys_changed();
    tx.execute(
        "UPDATE keys SET digest = ?2, token = ?3, name = ?4, stream = ?5, permissions = ?6,
         device_access = ?7, origin = ?8, expires_at = ?9 WHERE seq = ?1",
        values![
            key.seq,
            ids::digest(&key.token),
            &key.token,
            &key.name,
            key.stream.as_ref(),
            json!(key.permissions).to_string(),
            key.device_access.as_ref(),
            key.origin.as_ref(),
            key.expires_at,
        ],
    )?;
    Ok(())
}

/// Removes a key.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.keys_changed();
    tx.execute("DELETE FROM keys WHERE seq = ?1", values![seq])?;
    Ok(())
}
