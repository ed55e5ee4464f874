//! The one door to SQL: values in, rows out. It owns everything that is particular to SQLite's
//! driver, so that another database can stand behind the same few calls; it must not know what the
//! tables mean.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::notes::Notes;

/// A value that goes into a statement or comes out of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sql {
    /// SQL NULL.
    Null,
    /// A whole number, a time stamp in microseconds, or a truth value.
    Int(i64),
    /// A double.
    Real(f64),
    /// Text; JSON is stored as text.
    Text(String),
}

impl rusqlite::ToSql for Sql {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl From<i64> for Sql {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Sql {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<f64> for Sql {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}
impl From<&str> for Sql {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&String> for Sql {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<String> for Sql {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<crate::time::Stamp> for Sql {
    fn from(value: crate::time::Stamp) -> Self {
        Self::Int(value.micros())
    }
}
impl<T: Into<Self>> From<Option<T>> for Sql {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Builds the parameter list of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::sql::Sql::from($value)),*] };
}
pub(crate) use values;

/// What went wrong in the database.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The driver or the database refused.
    #[error("{0}")]
    Driver(#[from] rusqlite::Error),
    /// A column holds something else than the code expects.
    #[error("column {0} does not hold what it should")]
    Column(usize),
}

/// One row of an answer.
#[derive(Debug)]
pub(crate) struct Row(Vec<Sql>);

impl Row {
    fn at(&self, column: usize) -> &Sql {
        self.0.get(column).unwrap_or(&Sql::Null)
    }

    pub(crate) fn int(&self, column: usize) -> Result<i64, SqlError> {
        self.opt_int(column)?.ok_or(SqlError::Column(column))
    }

    pub(crate) fn opt_int(&self, column: usize) -> Result<Option<i64>, SqlError> {
        match self.at(column) {
            Sql::Int(value) => Ok(Some(*value)),
            Sql::Null => Ok(None),
            _ => Err(SqlError::Column(column)),
        }
    }

    pub(crate) fn opt_real(&self, column: usize) -> Result<Option<f64>, SqlError> {
        match self.at(column) {
            Sql::Real(value) => Ok(Some(*value)),
            Sql::Int(value) => Ok(Some(*value as f64)),
            Sql::Null => Ok(None),
            Sql::Text(_) => Err(SqlError::Column(column)),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, SqlError> {
        self.opt_text(column)?.ok_or(SqlError::Column(column))
    }

    pub(crate) fn opt_text(&self, column: usize) -> Result<Option<String>, SqlError> {
        match self.at(column) {
            Sql::Text(text) => Ok(Some(text.clone())),
            Sql::Null => Ok(None),
            _ => Err(SqlError::Column(column)),
        }
    }

    pub(crate) fn stamp(&self, column: usize) -> Result<crate::time::Stamp, SqlError> {
        self.int(column).map(crate::time::Stamp::from_micros)
    }

    pub(crate) fn opt_stamp(&self, column: usize) -> Result<Option<crate::time::Stamp>, SqlError> {
        Ok(self.opt_int(column)?.map(crate::time::Stamp::from_micros))
    }

    /// A column of JSON; what cannot be read counts as null.
    pub(crate) fn json(&self, column: usize) -> Result<serde_json::Value, SqlError> {
        let text = self.opt_text(column)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

/// Something that a write tells to others, once it is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// The device that it is about.
    pub(crate) device: String,
    /// Where it goes.
    pub(crate) to: String,
    /// What is said.
    pub(crate) said: String,
}

/// A connection inside a transaction (writing) or outside of one (reading).
#[derive(Debug)]
pub(crate) struct Tx {
    connection: Connection,
    keys_changed: Cell<bool>,
    notes: Option<Arc<Notes>>,
    notices: RefCell<Vec<Notice>>,
}

impl Tx {
    /// `notes` are those that a reader of the request log is to see as well.
    pub(super) const fn new(connection: Connection, notes: Option<Arc<Notes>>) -> Self {
        let notices = RefCell::new(Vec::new());
        Self { connection, keys_changed: Cell::new(false), notes, notices }
    }

    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes down what waits for the request log.
    pub(super) fn write_notes(&self) -> Result<(), SqlError> {
        self.notes.as_ref().map_or(Ok(()), |notes| notes.write_all(self))
    }

    /// Says that what keys open changes with this transaction.
    pub(crate) fn keys_changed(&self) {
        self.keys_changed.set(true);
    }

    pub(super) fn take_keys_changed(&self) -> bool {
        self.keys_changed.take()
    }

    /// Tells others of this write, if it comes to the disk.
    pub(crate) fn notify(&self, notice: Notice) {
        self.notices.borrow_mut().push(notice);
    }

    pub(super) fn notice_count(&self) -> usize {
        self.notices.borrow().len()
    }

    /// Takes back all but so many notices.
    pub(super) fn forget_notices(&self, but: usize) {
        self.notices.borrow_mut().truncate(but);
    }

    pub(super) fn take_notices(&self) -> Vec<Notice> {
        self.notices.take()
    }

    /// Runs a statement that changes rows; says how many.
    pub(crate) fn execute(&self, sql: &str, values: &[Sql]) -> Result<usize, SqlError> {
        Ok(self.connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))?)
    }

    /// Inserts a row and gives its number.
    pub(crate) fn insert(&self, sql: &str, values: &[Sql]) -> Result<i64, SqlError> {
        self.execute(sql, values)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// All rows of a query.
    pub(crate) fn query(&self, sql: &str, values: &[Sql]) -> Result<Vec<Row>, SqlError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let mut cells = Vec::with_capacity(columns);
            for column in 0..columns {
                cells.push(match row.get_ref(column)? {
                    ValueRef::Null => Sql::Null,
                    ValueRef::Integer(value) => Sql::Int(value),
                    ValueRef::Real(value) => Sql::Real(value),
                    ValueRef::Text(text) => Sql::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(_) => return Err(SqlError::Column(column)),
                });
            }
            out.push(Row(cells));
        }
        Ok(out)
    }

    /// The first row of a query, if there is one.
    pub(crate) fn first(&self, sql: &str, values: &[Sql]) -> Result<Option<Row>, SqlError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// A query whose answer is one whole number.
    pub(crate) fn count(&self, sql: &str, values: &[Sql]) -> Result<i64, SqlError> {
        self.first(sql, values)?.ok_or(SqlError::Column(0))?.int(0)
    }
}
