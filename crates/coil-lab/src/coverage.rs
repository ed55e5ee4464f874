//! Which lines boards have executed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lines by file, as boards name their files. Copies count together.
#[derive(Clone, Debug, Default)]
pub struct Coverage(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    files: Vec<(String, BTreeSet<u32>)>,
    /// The place of the file that was executed last.
    last: usize,
}

/// Files that are counted at most: a program can give any name to what it compiles.
const FILES_MAX: usize = 10_000;

impl Coverage {
    /// A line was executed.
    pub fn add(&self, file: &str, line: u32) {
        let mut lines = self.lines();
        if lines.files.get(lines.last).is_none_or(|f| f.0 != file) {
            lines.last = match lines.files.iter().position(|f| f.0 == file) {
                Some(at) => at,
                None if lines.files.len() >= FILES_MAX => return,
                None => {
                    lines.files.push((file.to_owned(), BTreeSet::new()));
                    lines.files.len() - 1
                }
            };
        }
        let last = lines.last;
        lines.files[last].1.insert(line);
    }

    /// All that were executed.
    pub fn executed(&self) -> BTreeMap<String, BTreeSet<u32>> {
        self.lines().files.iter().cloned().collect()
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
