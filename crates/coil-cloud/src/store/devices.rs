//! Devices at rest. Their streams, values and places have files of their own.

use serde_json::{Map, Value, json};

use super::keys::{self, Owner};
use super::sql::{Row, Sql, SqlError, Tx, values};
use crate::ids;
use crate::time::Stamp;

/// How a path names a device.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum DeviceRef {
    /// `/devices/{id}`
    Id(String),
    /// `/devices/serial/{serial}`
    Serial(String),
}

/// What stands before a serial in the rewritten path; no id begins with it.
pub(crate) const SERIAL_MARK: char = '~';

impl DeviceRef {
    pub(crate) fn parse(segment: &str) -> Self {
        segment
            .strip_prefix(SERIAL_MARK)
            .map_or_else(|| Self::Id(segment.to_owned()), |serial| Self::Serial(serial.to_owned()))
    }
}

/// A device as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) visibility: String,
    pub(crate) status: String,
    pub(crate) serial: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) distribution: Option<i64>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
    pub(crate) last_activity: Stamp,
}

const COLUMNS: &str = "d.seq, d.id, d.name, d.description, d.visibility, d.status, d.serial,
    d.tags, d.metadata, d.distribution, d.created, d.updated, d.last_activity";

impl Device {
    /// A device that is not stored yet.
    pub(crate) fn new(name: &str, visibility: &str) -> Self {
        let now = Stamp::now();
        Self {
            seq: 0,
            id: ids::random(),
            name: name.to_owned(),
            description: None,
            visibility: visibility.to_owned(),
            status: "enabled".to_owned(),
            serial: None,
            tags: Vec::new(),
            metadata: Map::new(),
            distribution: None,
            created: now,
            updated: now,
            last_activity: now,
        }
    }

    fn from_row(row: &Row) -> Result<Self, SqlError> {
        let Value::Object(metadata) = row.json(8)? else { return Err(SqlError::Column(8)) };
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            name: row.text(2)?,
            description: row.opt_text(3)?,
            visibility: row.text(4)?,
            status: row.text(5)?,
            serial: row.opt_text(6)?,
            tags: serde_json::from_value(row.json(7)?).unwrap_or_default(),
            metadata,
            distribution: row.opt_int(9)?,
            created: row.stamp(10)?,
            updated: row.stamp(11)?,
            last_activity: row.stamp(12)?,
        })
    }

    /// The device as an answer shows it; its key only to those who may see it.
    pub(crate) fn json(&self, tx: &Tx, site: &str, with_key: bool) -> Result<Value, SqlError> {
        let url = format!("{site}/devices/{}", self.id);
        let streams =
            tx.count("SELECT count(*) FROM streams WHERE device = ?1", values![self.seq])?;
        let triggers =
            tx.count("SELECT count(*) FROM triggers WHERE device = ?1", values![self.seq])?;
        let mut out = json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "visibility": self.visibility,
            "status": self.status,
            "serial": self.serial,
            "tags": self.tags,
            "url": url,
            "location": super::places::latest(tx, self.seq)?.map_or_else(|| json!({}), |place| place.json()),
            "streams": { "count": streams, "url": format!("{url}/streams") },
            "triggers": { "count": triggers, "url": format!("{url}/triggers") },
            "metadata": self.metadata,
            "collections": super::collections::of_device(tx, self.seq)?,
            "created": self.created,
            "updated": self.updated,
            "last_activity": self.last_activity,
        });
        if with_key {
            out["key"] = keys::primary(tx, Owner::Device(self.seq))?.into();
        }
        if let Some(seq) = self.distribution
            && let Some(row) =
                tx.first("SELECT id, name FROM distributions WHERE seq = ?1", values![seq])?
        {
            out["distribution"] = format!("{site}/distributions/{}", row.text(0)?).into();
            out["distribution_name"] = row.text(1)?.into();
        }
        Ok(out)
    }
}

/// The device a path names.
pub(crate) fn find(tx: &Tx, device: &DeviceRef) -> Result<Option<Device>, SqlError> {
    let (column, value) = match device {
        DeviceRef::Id(id) => ("id", id),
        DeviceRef::Serial(serial) => ("serial", serial),
    };
    let sql = format!("SELECT {COLUMNS} FROM devices d WHERE d.{column} = ?1");
    tx.first(&sql, values![value])?.map(|row| Device::from_row(&row)).transpose()
}

/// The number of the device a path names, for the request log.
pub(crate) fn seq_of(tx: &Tx, device: &DeviceRef) -> Result<Option<i64>, SqlError> {
    let (column, value) = match device {
        DeviceRef::Id(id) => ("id", id),
        DeviceRef::Serial(serial) => ("serial", serial),
    };
    let sql = format!("SELECT seq FROM devices WHERE {column} = ?1");
    tx.first(&sql, values![value])?.map(|row| row.int(0)).transpose()
}

/// Devices that meet a condition on `d`, in an order, from an offset.
pub(crate) fn select(
    tx: &Tx,
    condition: &str,
    order: &str,
    parameters: &[Sql],
) -> Result<Vec<Device>, SqlError> {
    let sql = format!("SELECT {COLUMNS} FROM devices d WHERE {condition} ORDER BY {order}");
    tx.query(&sql, parameters)?.iter().map(Device::from_row).collect()
}

/// Stores a new device with its primary key; gives its number.
pub(crate) fn insert(tx: &Tx, device: &Device, token: String) -> Result<i64, SqlError> {
    let seq = tx.insert(
        "INSERT INTO devices (id, name, description, visibility, status, serial, tags, metadata,
         distribution, created, updated, last_activity)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        values![
            &device.id,
            &device.name,
            device.description.as_ref(),
            &device.visibility,
            &device.status,
            device.serial.as_ref(),
            json!(device.tags).to_string(),
            json!(device.metadata).to_string(),
            device.distribution,
            device.created,
            device.updated,
            device.last_activity,
        ],
    )?;
    let mut key = keys::Key::new(keys::KeyKind::Primary, &device.name, token);
    key.device = Some(seq);
    keys::insert(tx, &key)?;
    Ok(seq)
}

/// Stores what may change of a device.
pub(crate) fn update(tx: &Tx, device: &Device) -> Result<(), SqlError> {
    tx.execute(
        "UPDATE devices SET name = ?2, description = ?3, visibility = ?4, status = ?5, serial = ?6,
         tags = ?7, metadata = ?8, distribution = ?9, updated = ?10 WHERE seq = ?1",
        values![
            device.seq,
            &device.name,
            device.description.as_ref(),
            &device.visibility,
            &device.status,
            device.serial.as_ref(),
            json!(device.tags).to_string(),
            json!(device.metadata).to_string(),
            device.distribution,
            Stamp::now(),
        ],
    )?;
    Ok(())
}

/// How old the note of a device's activity may become, in microseconds: a device that sends all the time changes its row this often,
/// not with every value.
const ACTIVITY_US: u64 = 1_000_000;

/// Notes that a device was active.
pub(crate) fn touch(tx: &Tx, device: &Device, now: Stamp) -> Result<(), SqlError> {
    if now.micros().abs_diff(device.last_activity.micros()) < ACTIVITY_US {
        return Ok(());
    }
    let sql = "UPDATE devices SET last_activity = ?2 WHERE seq = ?1";
    tx.execute(sql, values![device.seq, now])?;
    Ok(())
}

/// Removes a device and all that is its own.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.keys_changed();
    // Its number may be given again.
    super::triggers::forget(tx, seq)?;
    tx.execute("DELETE FROM devices WHERE seq = ?1", values![seq])?;
    Ok(())
}
