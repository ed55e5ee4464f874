//! Messages of MQTT that stay for those who come. It must not know what is in them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::sql::{SqlError, Tx, values};

/// A message that stays: its quality of service, and its packet.
pub(crate) struct Retained {
    pub(crate) qos: u8,
    pub(crate) packet: Vec<u8>,
}

/// Keeps a message of a topic, or forgets the one that is there.
pub(crate) fn put(tx: &Tx, topic: &str, qos: u8, packet: Option<&[u8]>) -> Result<(), SqlError> {
    match packet {
        None => tx.execute("DELETE FROM retained WHERE topic = ?1", values![topic])?,
        Some(packet) => tx.execute(
            "INSERT INTO retained (topic, qos, packet) VALUES (?1, ?2, ?3)
             ON CONFLICT (topic) DO UPDATE SET qos = excluded.qos, packet = excluded.packet",
            values![topic, i64::from(qos), STANDARD.encode(packet)],
        )?,
    };
    Ok(())
}

/// All that stay.
pub(crate) fn all(tx: &Tx) -> Result<Vec<Retained>, SqlError> {
    let rows = tx.query("SELECT qos, packet FROM retained ORDER BY topic", values![])?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        // What is not readable is not worth a cloud that does not open.
        if let (Ok(qos), Ok(packet)) = (u8::try_from(row.int(0)?), STANDARD.decode(row.text(1)?)) {
            all.push(Retained { qos, packet });
        }
    }
    Ok(all)
}
