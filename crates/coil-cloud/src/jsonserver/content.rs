//! What a `db.json` holds, in memory: tables whose rows are found by their ids, and single things, in the order of the file. It must not
//! know files or requests.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::js;

/// A whole `db.json`.
#[derive(Debug, Default)]
pub(super) struct Content(Vec<(String, Thing)>);

/// What stands under one name.
#[derive(Debug)]
pub(super) enum Thing {
    /// An array.
    Table(Table),
    /// An object, or what nothing can be asked of.
    Single(Value),
}

impl Content {
    /// What is in this object, normalised.
    pub(super) fn new(object: Map<String, Value>) -> Self {
        let thing = |value| match value {
            Value::Array(rows) => Thing::Table(Table::new(rows)),
            single => Thing::Single(single),
        };
        Self(object.into_iter().map(|(name, value)| (name, thing(value))).collect())
    }

    pub(super) fn things(&self) -> impl Iterator<Item = (&String, &Thing)> {
        self.0.iter().map(|(name, thing)| (name, thing))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Thing> {
        self.things().find_map(|(known, thing)| (known == name).then_some(thing))
    }

    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        match self.get(name) {
            Some(Thing::Table(table)) => Some(table),
            _ => None,
        }
    }

    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.0.iter_mut().find_map(|(known, thing)| match thing {
            Thing::Table(table) if known == name => Some(table),
            _ => None,
        })
    }

    /// The fields of a single thing.
    pub(super) fn single_mut(&mut self, name: &str) -> Option<&mut Map<String, Value>> {
        self.0.iter_mut().find_map(|(known, thing)| match thing {
            Thing::Single(Value::Object(fields)) if known == name => Some(fields),
            _ => None,
        })
    }

    /// Adds an empty table, for a name that nothing stands under.
    pub(super) fn add_table(&mut self, name: &str) {
        if self.get(name).is_none() {
            self.0.push((name.to_owned(), Thing::Table(Table::default())));
        }
    }

    pub(super) fn picture(&self) -> Picture {
        let part = |thing: &Thing| match thing {
            Thing::Table(table) => Part::Rows(table.rows.clone()),
            Thing::Single(value) => Part::Single(value.clone()),
        };
        Picture(self.things().map(|(name, thing)| (name.clone(), part(thing))).collect())
    }

    pub(super) fn to_value(&self) -> Value {
        let value = |thing: &Thing| match thing {
            Thing::Table(table) => table.rows().iter().map(|row| Value::clone(row)).collect(),
            Thing::Single(value) => value.clone(),
        };
        Value::Object(self.things().map(|(name, thing)| (name.clone(), value(thing))).collect())
    }
}

/// The content at one moment, to be written while more is changed: a pointer for each row.
#[derive(Debug)]
pub(super) struct Picture(Vec<(String, Part)>);

#[derive(Debug)]
enum Part {
    Rows(Vec<Arc<Value>>),
    Single(Value),
}

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, part)| (name, part)))
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Rows(rows) => serializer.collect_seq(rows.iter().map(|row| &**row)),
            Self::Single(value) => value.serialize(serializer),
        }
    }
}

/// Rows, with what makes a new one cost the same in every table.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Arc<Value>>,
    ids: Ids,
}

/// What is known of the ids of a table.
#[derive(Debug, Default)]
struct Ids {
    /// The first row with this id as text.
    places: HashMap<String, usize>,
    /// The id that the next one is counted from.
    largest: Option<Value>,
}

impl Ids {
    fn add(&mut self, row: &Value, place: usize) {
        let Some(id) = row.get("id") else { return };
        let Some(text) = js::text(id) else { return };
        self.places.entry(text).or_insert(place);
        // As JavaScript compares across types: whether a later one is larger hangs on the order.
        let is_larger = |known: &Value| js::compare(id, known) == Some(Ordering::Greater);
        if self.largest.as_ref().is_none_or(is_larger) {
            self.largest = Some(id.clone());
        }
    }
}

impl Table {
    fn new(rows: Vec<Value>) -> Self {
        let mut table = Self { rows: rows.into_iter().map(Arc::new).collect(), ..Self::default() };
        table.count_ids();
        table
    }

    fn count_ids(&mut self) {
        let mut ids = Ids::default();
        for (place, row) in self.rows.iter().enumerate() {
            ids.add(row, place);
        }
        self.ids = ids;
    }

    pub(super) fn rows(&self) -> &[Arc<Value>] {
        &self.rows
    }

    /// The first row whose id as text is this text.
    pub(super) fn find(&self, id: &str) -> Option<&Value> {
        self.rows.get(*self.ids.places.get(id)?).map(|row| &**row)
    }

    /// The fields of this row; its id must stay.
    pub(super) fn fields_mut(&mut self, id: &str) -> Option<&mut Map<String, Value>> {
        let row = self.rows.get_mut(*self.ids.places.get(id)?)?;
        Arc::make_mut(row).as_object_mut()
    }

    pub(super) fn push(&mut self, row: Value) {
        self.ids.add(&row, self.rows.len());
        self.rows.push(Arc::new(row));
    }

    /// Removes for each of these ids as many of the first rows with it as it is given.
    pub(super) fn remove(&mut self, ids: impl IntoIterator<Item = String>) {
        let mut doomed: HashMap<String, usize> = HashMap::new();
        for id in ids {
            *doomed.entry(id).or_default() += 1;
        }
        self.rows.retain(|row| {
            let id = row.get("id").and_then(js::text);
            match id.and_then(|id| doomed.get_mut(&id)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        self.count_ids();
    }

    /// The id that the next row gets.
    pub(super) fn next_id(&self) -> Value {
        if self.rows.is_empty() {
            return Value::from(1);
        }
        match self.ids.largest.as_ref().and_then(Value::as_f64) {
            Some(largest) => js::number_value(largest + 1.0),
            None => loop {
                let id = crate::ids::dense(7);
                if self.find(&id).is_none() {
                    break Value::String(id);
                }
            },
        }
    }
}
