//! Commands sent to devices, and what became of them.

use serde_json::{Value, json};

use super::sql::{Row, Sql, SqlError, Tx, values};
use crate::time::Stamp;

/// A command as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: Value,
    pub(crate) sent_at: Stamp,
}

/// What became of a command at one device.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) command: Command,
    pub(crate) device_id: String,
    pub(crate) status: String,
    pub(crate) received_at: Option<Stamp>,
    pub(crate) response: Value,
}

impl Command {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            name: row.text(2)?,
            data: row.json(3)?,
            sent_at: row.stamp(4)?,
        })
    }

    /// The command as its sender sees it.
    pub(crate) fn json(&self, tx: &Tx, site: &str) -> Result<Value, SqlError> {
        let mut counts = json!({ "pending": 0, "processed": 0, "rejected": 0 });
        let rows = tx.query(
            "SELECT status, count(*) FROM deliveries WHERE command = ?1 GROUP BY status",
            values![self.seq],
        )?;
        for row in rows {
            counts[row.text(0)?] = row.int(1)?.into();
        }
        Ok(json!({
            "id": self.id,
            "url": format!("{site}/commands/{}", self.id),
            "name": self.name,
            "data": self.data,
            "sent_at": self.sent_at,
            "status_counts": counts,
        }))
    }
}

impl Delivery {
    fn from_row(row: &Row) -> Result<Self, SqlError> {
        Ok(Self {
            command: Command::from_row(row)?,
            device_id: row.text(5)?,
            status: row.text(6)?,
            received_at: row.opt_stamp(7)?,
            response: row.json(8)?,
        })
    }

    /// The command as its device sees it.
    pub(crate) fn json(&self, site: &str) -> Value {
        json!({
            "id": self.command.id,
            "url": format!("{site}/devices/{}/commands/{}", self.device_id, self.command.id),
            "name": self.command.name,
            "data": self.command.data,
            "sent_at": self.command.sent_at,
            "status": self.status,
            "received_at": self.received_at,
            "response_data": self.response,
        })
    }

    /// The same for the sender.
    pub(crate) fn json_for_sender(&self) -> Value {
        json!({
            "device": self.device_id,
            "status": self.status,
            "received_at": self.received_at,
            "response_data": self.response,
        })
    }
}

const COLUMNS: &str = "SELECT c.seq, c.id, c.name, c.data, c.sent_at";

/// Stores a command for some devices.
pub(crate) fn send(tx: &Tx, command: &Command, devices: &[i64]) -> Result<(), SqlError> {
    let seq = tx.insert(
        "INSERT INTO commands (id, name, data, sent_at) VALUES (?1, ?2, ?3, ?4)",
        values![&command.id, &command.name, command.data.to_string(), command.sent_at],
    )?;
    for device in devices {
        tx.execute(
            "INSERT INTO deliveries (command, device, status) VALUES (?1, ?2, 'pending')
             ON CONFLICT DO NOTHING",
            values![seq, *device],
        )?;
    }
    Ok(())
}

/// The command with this id.
pub(crate) fn find(tx: &Tx, id: &str) -> Result<Option<Command>, SqlError> {
    let row = tx.first(&format!("{COLUMNS} FROM commands c WHERE c.id = ?1"), values![id])?;
    row.map(|row| Command::from_row(&row)).transpose()
}

/// Which commands to list, and in which order.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) name: Option<String>,
    pub(crate) after: Option<Stamp>,
    pub(crate) before: Option<Stamp>,
    pub(crate) ascending: bool,
}

impl Wanted {
    fn condition(&self, parameters: &mut Vec<Sql>) -> String {
        let mut condition = "1 = 1".to_owned();
        let mut add = |part: &str, value: Option<Sql>| {
            if let Some(value) = value {
                parameters.push(value);
                condition.push_str(&format!(" AND {part} ?{}", parameters.len()));
            }
        };
        add("c.name =", self.name.as_ref().map(Sql::from));
        add("c.sent_at >", self.after.map(Sql::from));
        add("c.sent_at <", self.before.map(Sql::from));
        condition
    }

    const fn order(&self) -> &'static str {
        if self.ascending { "c.seq ASC" } else { "c.seq DESC" }
    }
}

/// Commands as wanted.
pub(crate) fn list(tx: &Tx, wanted: &Wanted) -> Result<Vec<Command>, SqlError> {
    let mut parameters = Vec::new();
    let condition = wanted.condition(&mut parameters);
    let sql = format!("{COLUMNS} FROM commands c WHERE {condition} ORDER BY {}", wanted.order());
    tx.query(&sql, &parameters)?.iter().map(Command::from_row).collect()
}

const DELIVERIES: &str = ", d.id, l.status, l.received_at, l.response FROM deliveries l
    JOIN commands c ON c.seq = l.command JOIN devices d ON d.seq = l.device";

/// What became of a command everywhere.
pub(crate) fn deliveries(tx: &Tx, command: i64) -> Result<Vec<Delivery>, SqlError> {
    let sql = format!("{COLUMNS}{DELIVERIES} WHERE l.command = ?1 ORDER BY d.seq");
    tx.query(&sql, values![command])?.iter().map(Delivery::from_row).collect()
}

/// The commands of a device, as wanted, with a status if one is given.
pub(crate) fn of_device(
    tx: &Tx,
    device: i64,
    status: Option<&str>,
    wanted: &Wanted,
) -> Result<Vec<Delivery>, SqlError> {
    let mut parameters = vec![Sql::from(device)];
    let mut condition = wanted.condition(&mut parameters);
    if let Some(status) = status {
        parameters.push(status.into());
        condition.push_str(&format!(" AND l.status = ?{}", parameters.len()));
    }
    let sql = format!(
        "{COLUMNS}{DELIVERIES} WHERE l.device = ?1 AND {condition} ORDER BY {}",
        wanted.order()
    );
    tx.query(&sql, &parameters)?.iter().map(Delivery::from_row).collect()
}

/// A command at one device.
pub(crate) fn delivery(tx: &Tx, device: i64, id: &str) -> Result<Option<Delivery>, SqlError> {
    let sql = format!("{COLUMNS}{DELIVERIES} WHERE l.device = ?1 AND c.id = ?2");
    tx.first(&sql, values![device, id])?.map(|row| Delivery::from_row(&row)).transpose()
}

/// Notes what a device made of a command.
pub(crate) fn answer(
    tx: &Tx,
    device: i64,
    command: i64,
    status: &str,
    response: &Value,
) -> Result<(), SqlError> {
    tx.execute(
        "UPDATE deliveries SET status = ?3, response = ?4, received_at = ?5
         WHERE device = ?1 AND command = ?2",
        values![device, command, status, response.to_string(), Stamp::now()],
    )?;
    Ok(())
}
