//! The tables, and how an older database becomes a newer one. Each migration is applied once, in
//! order, in its own transaction; a published migration is never edited.

use rusqlite::Connection;

/// Time stamps are microseconds since 1970; JSON is text.
const MIGRATIONS: &[&str] = &[
    // 1: devices with their streams, values, places, keys and request log; the rest of M2X.
    "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE distributions (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,
    visibility TEXT NOT NULL, metadata TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE TABLE devices (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,
    visibility TEXT NOT NULL, status TEXT NOT NULL, serial TEXT UNIQUE, tags TEXT NOT NULL,
    metadata TEXT NOT NULL, distribution BIGINT REFERENCES distributions ON DELETE SET NULL,
    created BIGINT NOT NULL, updated BIGINT NOT NULL, last_activity BIGINT NOT NULL);
CREATE INDEX devices_distribution ON devices (distribution);
CREATE TABLE streams (
    seq INTEGER PRIMARY KEY, device BIGINT NOT NULL REFERENCES devices ON DELETE CASCADE,
    name TEXT NOT NULL, display_name TEXT, type TEXT NOT NULL, unit_label TEXT, unit_symbol TEXT,
    value TEXT, latest_value_at BIGINT, created BIGINT NOT NULL, updated BIGINT NOT NULL,
    UNIQUE (device, name));
CREATE TABLE points (
    stream BIGINT NOT NULL REFERENCES streams ON DELETE CASCADE, at BIGINT NOT NULL,
    number DOUBLE PRECISION, value TEXT NOT NULL, PRIMARY KEY (stream, at)) WITHOUT ROWID;
CREATE TABLE places (
    device BIGINT NOT NULL REFERENCES devices ON DELETE CASCADE, at BIGINT NOT NULL, name TEXT,
    latitude DOUBLE PRECISION NOT NULL, longitude DOUBLE PRECISION NOT NULL,
    elevation DOUBLE PRECISION, PRIMARY KEY (device, at)) WITHOUT ROWID;
CREATE TABLE collections (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    parent BIGINT REFERENCES collections ON DELETE CASCADE, name TEXT NOT NULL, description TEXT,
    tags TEXT NOT NULL, metadata TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE TABLE collected (
    collection BIGINT NOT NULL REFERENCES collections ON DELETE CASCADE,
    device BIGINT NOT NULL REFERENCES devices ON DELETE CASCADE,
    PRIMARY KEY (collection, device)) WITHOUT ROWID;
CREATE INDEX collected_device ON collected (device);
CREATE TABLE keys (
    seq INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, token TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, device BIGINT REFERENCES devices ON DELETE CASCADE, stream TEXT,
    distribution BIGINT REFERENCES distributions ON DELETE CASCADE,
    collection BIGINT REFERENCES collections ON DELETE CASCADE, permissions TEXT NOT NULL,
    device_access TEXT, origin TEXT, expires_at BIGINT, created BIGINT NOT NULL);
CREATE INDEX keys_device ON keys (device);
CREATE TABLE templates (
    distribution BIGINT NOT NULL REFERENCES distributions ON DELETE CASCADE, name TEXT NOT NULL,
    display_name TEXT, type TEXT NOT NULL, unit_label TEXT, unit_symbol TEXT,
    created BIGINT NOT NULL, updated BIGINT NOT NULL, PRIMARY KEY (distribution, name));
CREATE TABLE requests (
    seq INTEGER PRIMARY KEY, device BIGINT REFERENCES devices ON DELETE CASCADE,
    at BIGINT NOT NULL, status INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    reason TEXT, request TEXT NOT NULL, answer TEXT NOT NULL);
CREATE INDEX requests_device ON requests (device, seq);
CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, device BIGINT REFERENCES devices ON DELETE CASCADE,
    state TEXT NOT NULL, result TEXT, content TEXT, started BIGINT, finished BIGINT,
    created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE TABLE commands (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, data TEXT NOT NULL,
    sent_at BIGINT NOT NULL);
CREATE TABLE deliveries (
    command BIGINT NOT NULL REFERENCES commands ON DELETE CASCADE,
    device BIGINT NOT NULL REFERENCES devices ON DELETE CASCADE, status TEXT NOT NULL,
    received_at BIGINT, response TEXT, PRIMARY KEY (command, device)) WITHOUT ROWID;
CREATE INDEX deliveries_device ON deliveries (device, command);
CREATE TABLE charts (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, series TEXT NOT NULL,
    created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE TABLE triggers (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    device BIGINT REFERENCES devices ON DELETE CASCADE,
    distribution BIGINT REFERENCES distributions ON DELETE CASCADE, name TEXT NOT NULL,
    settings TEXT NOT NULL, state TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL);
",
    // 2: messages of MQTT that stay.
    "
CREATE TABLE retained (topic TEXT PRIMARY KEY, qos INTEGER NOT NULL, packet TEXT NOT NULL) WITHOUT ROWID;
",
    // 3: each value asks which triggers look at its device.
    "
CREATE INDEX triggers_device ON triggers (device);
CREATE INDEX triggers_distribution ON triggers (distribution);
",
    // 4: ThingSpeak's entries, as they came.
    "
CREATE TABLE entries (
    device BIGINT NOT NULL REFERENCES devices ON DELETE CASCADE, id BIGINT NOT NULL,
    at BIGINT NOT NULL, field1 TEXT, field2 TEXT, field3 TEXT, field4 TEXT, field5 TEXT,
    field6 TEXT, field7 TEXT, field8 TEXT, latitude TEXT, longitude TEXT, elevation TEXT,
    status TEXT, PRIMARY KEY (device, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX entries_at ON entries (device, at);
",
    // 5: writes that `db.json` does not have yet.
    "
CREATE TABLE changes (seq INTEGER PRIMARY KEY, changes TEXT NOT NULL);
",
];

/// Brings the database to the newest version.
pub(super) fn migrate(connection: &Connection) -> Result<(), MigrationError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let applied = usize::try_from(version).unwrap_or(usize::MAX);
    if applied > MIGRATIONS.len() {
        return Err(MigrationError::Newer(version));
    }
    for (index, statements) in MIGRATIONS.iter().enumerate().skip(applied) {
        let next = index + 1;
        connection
            .execute_batch(&format!("BEGIN;{statements};PRAGMA user_version = {next};COMMIT;"))?;
    }
    Ok(())
}

/// Why a database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database is from a later version of the program.
    #[error("its version {0} is newer than this program knows")]
    Newer(i64),
    /// The database refused a statement.
    #[error("{0}")]
    Driver(#[from] rusqlite::Error),
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, MigrationError, migrate};
    use rusqlite::Connection;

    /// A database as some version of the program left it, with a device in it.
    fn of_version(version: usize) -> rusqlite::Result<Connection> {
        let connection = Connection::open_in_memory()?;
        for statements in &MIGRATIONS[..version] {
            connection.execute_batch(statements)?;
        }
        connection.pragma_update(None, "user_version", i64::try_from(version).expect("few"))?;
        if version > 0 {
            connection.execute_batch(
                "INSERT INTO devices (id, name, visibility, status, tags, metadata, created, updated,
                 last_activity) VALUES ('a', 'one', 'private', 'enabled', '[]', '{}', 1, 1, 1);
                 INSERT INTO streams (device, name, type, created, updated)
                 VALUES (1, 's', 'numeric', 1, 1);
                 INSERT INTO points (stream, at, number, value) VALUES (1, 5, 2.5, '2.5');",
            )?;
        }
        Ok(connection)
    }

    fn schema(connection: &Connection) -> rusqlite::Result<Vec<String>> {
        let mut found = connection.prepare("SELECT sql FROM sqlite_schema ORDER BY name")?;
        let rows = found.query_map([], |row| row.get::<_, Option<String>>(0))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    #[test]
    fn a_database_of_every_version_becomes_the_same_and_keeps_its_data() -> rusqlite::Result<()> {
        let fresh = of_version(0)?;
        migrate(&fresh).expect("it is new");
        for version in 1..=MIGRATIONS.len() {
            let connection = of_version(version)?;
            migrate(&connection).expect("it is of an earlier version");
            assert_eq!(schema(&connection)?, schema(&fresh)?, "from {version}");
            let value: String =
                connection.query_row("SELECT value FROM points", [], |row| row.get(0))?;
            assert_eq!(value, "2.5", "from {version}");
        }
        Ok(())
    }

    #[test]
    fn a_database_of_a_later_version_is_left_alone() -> rusqlite::Result<()> {
        let later = of_version(MIGRATIONS.len())?;
        later.pragma_update(None, "user_version", 99)?;
        assert!(matches!(migrate(&later), Err(MigrationError::Newer(99))));
        Ok(())
    }
}
