//! Where tests are: `*.test.toml` and `test_*.py`, in folders and their folders.

use crate::error::TestError;
use std::path::{Path, PathBuf};

/// Folders inside folders at most.
const DEPTH_MAX: usize = 32;

/// A file with tests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// A scenario.
    Scenario(PathBuf),
    /// Test classes and functions.
    Unit(PathBuf),
}

impl Found {
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if name.ends_with(".test.toml") {
            Some(Self::Scenario(path.to_owned()))
        } else if name.starts_with("test_") && name.ends_with(".py") {
            Some(Self::Unit(path.to_owned()))
        } else {
            None
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Scenario(path) | Self::Unit(path) => path,
        }
    }
}

/// All files with tests at these paths, in their order.
///
/// # Errors
/// If a path is not there or no test.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Found>, TestError> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            let from = all.len();
            walk(path, 0, &mut all)?;
            all[from..].sort_by(|a: &Found, b| a.path().cmp(b.path()));
        } else if let (Some(found), true) = (Found::of(path), path.is_file()) {
            all.push(found);
        } else {
            return Err(TestError::NoTest(path.clone()));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|f| seen.insert(f.clone()));
    Ok(all)
}

fn walk(folder: &Path, depth: usize, into: &mut Vec<Found>) -> Result<(), TestError> {
    let error = |why| TestError::Read { path: folder.to_owned(), why };
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let path =
            if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() };
        let name = entry.file_name();
        // A link may lead round in a circle.
        let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
        if is_folder {
            let is_hidden = name.to_string_lossy().starts_with('.');
            let is_other = ["node_modules", "target", "venv", "__pycache__"];
            if !is_hidden && !is_other.iter().any(|o| name == *o) && depth < DEPTH_MAX {
                walk(&path, depth + 1, into)?;
            }
        } else if let Some(found) = Found::of(&path) {
            into.push(found);
        }
    }
    Ok(())
}
