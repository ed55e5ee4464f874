//! Triggers at rest: of one device, or of all devices of a distribution.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::devices::Device;
use super::sql::{Row, SqlError, Tx, values};
use crate::time::Stamp;

/// Whose trigger it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One device's.
    Device(i64),
    /// That of all devices of a distribution.
    Distribution(i64),
}

impl Scope {
    const fn column(self) -> (&'static str, i64) {
        match self {
            Self::Device(seq) => ("device", seq),
            Self::Distribution(seq) => ("distribution", seq),
        }
    }
}

/// How often a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Frequency {
    /// Once, and again only after it has been reset.
    #[default]
    Single,
    /// With every value while its conditions hold.
    Continuous,
}

/// What the owner of a trigger says of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// What has to hold, by stream: comparisons, and the value that resets it.
    pub(crate) conditions: Map<String, Value>,
    #[serde(default)]
    pub(crate) frequency: Frequency,
    /// Seconds within which values of several streams count as one moment.
    pub(crate) timeframe: Option<f64>,
    /// Whom to call.
    pub(crate) callback_url: String,
    /// Whether it is looked at.
    pub(crate) enabled: bool,
    /// Whether the call says where the device is.
    #[serde(default)]
    pub(crate) send_location: bool,
    /// A text for the one who is called.
    pub(crate) custom_data: Option<String>,
}

/// A trigger as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) settings: Settings,
    /// The numbers of the devices for which it has fired and was not reset since.
    pub(crate) fired: Vec<i64>,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

impl Trigger {
    /// The trigger as an answer shows it; `url` is where the triggers of its owner are.
    pub(crate) fn json(&self, url: &str) -> Value {
        let settings = &self.settings;
        json!({
            "id": self.id,
            "name": self.name,
            "conditions": settings.conditions,
            "frequency": settings.frequency,
            "timeframe": settings.timeframe,
            "callback_url": settings.callback_url,
            "url": format!("{url}/triggers/{}", self.id),
            "status": if settings.enabled { "enabled" } else { "disabled" },
            "activated": !self.fired.is_empty(),
            "send_location": settings.send_location,
            "custom_data": settings.custom_data,
            "created": self.created,
            "updated": self.updated,
        })
    }

    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            name: row.text(2)?,
            settings: serde_json::from_value(row.json(3)?).map_err(|_| SqlError::Column(3))?,
            fired: serde_json::from_value(row.json(4)?).unwrap_or_default(),
            created: row.stamp(5)?,
            updated: row.stamp(6)?,
        })
    }
}

const COLUMNS: &str = "SELECT seq, id, name, settings, state, created, updated FROM triggers";

/// The triggers of an owner, oldest first.
pub(crate) fn list(tx: &Tx, scope: Scope) -> Result<Vec<Trigger>, SqlError> {
    let (column, seq) = scope.column();
    let rows = tx.query(&format!("{COLUMNS} WHERE {column} = ?1 ORDER BY seq"), values![seq])?;
    rows.iter().map(Trigger::from_row).collect()
}

/// How many triggers an owner has.
pub(crate) fn count(tx: &Tx, scope: Scope) -> Result<i64, SqlError> {
    let (column, seq) = scope.column();
    tx.count(&format!("SELECT count(*) FROM triggers WHERE {column} = ?1"), values![seq])
}

/// One trigger of an owner.
pub(crate) fn find(tx: &Tx, scope: Scope, id: &str) -> Result<Option<Trigger>, SqlError> {
    let (column, seq) = scope.column();
    let sql = format!("{COLUMNS} WHERE {column} = ?1 AND id = ?2");
    tx.first(&sql, values![seq, id])?.map(|row| Trigger::from_row(&row)).transpose()
}

/// The triggers that look at a device: its own, and those of its distribution.
pub(crate) fn watching(tx: &Tx, device: &Device) -> Result<Vec<Trigger>, SqlError> {
    let sql = format!("{COLUMNS} WHERE device = ?1 OR distribution = ?2");
    let rows = tx.query(&sql, values![device.seq, device.distribution])?;
    rows.iter().map(Trigger::from_row).collect()
}

/// Stores a new trigger.
pub(crate) fn insert(tx: &Tx, scope: Scope, one: &Trigger) -> Result<(), SqlError> {
    let (column, seq) = scope.column();
    tx.insert(
        &format!(
            "INSERT INTO triggers (id, {column}, name, settings, state, created, updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)"
        ),
        values![
            &one.id,
            seq,
            &one.name,
            json!(one.settings).to_string(),
            json!(one.fired).to_string(),
            one.created
        ],
    )?;
    Ok(())
}

/// Stores what the owner may change of a trigger. It starts anew.
pub(crate) fn update(tx: &Tx, one: &Trigger) -> Result<(), SqlError> {
    tx.execute(
        "UPDATE triggers SET name = ?2, settings = ?3, state = '[]', updated = ?4 WHERE seq = ?1",
        values![one.seq, &one.name, json!(one.settings).to_string(), Stamp::now()],
    )?;
    Ok(())
}

/// Stores for which devices a trigger has fired.
pub(crate) fn set_fired(tx: &Tx, one: &Trigger) -> Result<(), SqlError> {
    let sql = "UPDATE triggers SET state = ?2 WHERE seq = ?1";
    tx.execute(sql, values![one.seq, json!(one.fired).to_string()])?;
    Ok(())
}

/// Forgets for which triggers of its distribution a device has fired.
pub(crate) fn forget(tx: &Tx, device: i64) -> Result<(), SqlError> {
    let sql =
        format!("{COLUMNS} WHERE distribution = (SELECT distribution FROM devices WHERE seq = ?1)");
    for row in tx.query(&sql, values![device])? {
        let mut one = Trigger::from_row(&row)?;
        if one.fired.contains(&device) {
            one.fired.retain(|seq| *seq != device);
            set_fired(tx, &one)?;
        }
    }
    Ok(())
}

/// Removes a trigger.
pub(crate) fn delete(tx: &Tx, seq: i64) -> Result<(), SqlError> {
    tx.execute("DELETE FROM triggers WHERE seq = ?1", values![seq])?;
    Ok(())
}
