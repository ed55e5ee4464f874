//! What is put on a board's flash, and where it comes from.

use crate::error::{TestError, at_most};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files of a board at most.
const FILES_MAX: usize = 1000;
/// Bytes of all files of a board at most; the flash has room for less.
const BYTES_MAX: u64 = 16 << 20;
/// Folders inside folders at most.
const DEPTH_MAX: usize = 16;

/// How a test names its files.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub(crate) enum Names {
    /// Files, and folders whose content is meant.
    List(Vec<PathBuf>),
    /// The path on the board, and the file that is put there.
    Table(BTreeMap<String, PathBuf>),
}

impl Default for Names {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// A file for a board.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct File {
    /// Its path on the board, without a slash at the start.
    pub(crate) path: String,
    /// Where it comes from.
    pub(crate) host: PathBuf,
    /// What is in it.
    pub(crate) content: Vec<u8>,
}

/// The content of a file of the host. What is no file, and may never end, is not read.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, TestError> {
    let error = |why| TestError::Read { path: path.to_owned(), why };
    let about = std::fs::metadata(path).map_err(error)?;
    if !about.is_file() {
        return Err(error(std::io::Error::other("it is no file")));
    }
    at_most("bytes of files", about.len() as usize, BYTES_MAX as usize)?;
    let mut content = Vec::new();
    let file = std::fs::File::open(path).map_err(error)?;
    file.take(BYTES_MAX).read_to_end(&mut content).map_err(error)?;
    Ok(content)
}

/// The text of a file of the host.
pub(crate) fn read_text(path: &Path) -> Result<String, TestError> {
    Ok(String::from_utf8_lossy(&read(path)?).into_owned())
}

/// Files of a board, one for each path.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: Vec<File>,
    bytes: u64,
}

impl Files {
    /// All of them.
    pub(crate) fn list(&self) -> &[File] {
        &self.files
    }

    /// Adds a file, in the place of one that has its path already.
    pub(crate) fn add(&mut self, path: &str, host: &Path) -> Result<(), TestError> {
        let content = read(host)?;
        self.bytes += content.len() as u64;
        at_most("bytes of files", self.bytes as usize, BYTES_MAX as usize)?;
        let path = path.trim_start_matches('/').to_owned();
        self.files.retain(|f| f.path != path);
        self.files.push(File { path, host: host.to_owned(), content });
        at_most("files", self.files.len(), FILES_MAX)
    }

    /// Adds what a test names, in a folder of the host.
    pub(crate) fn add_names(&mut self, names: &Names, folder: &Path) -> Result<(), TestError> {
        match names {
            Names::List(paths) => {
                for path in paths {
                    let host = folder.join(path);
                    if host.is_dir() {
                        self.add_folder("", &host, &|_| true, 0)?;
                    } else {
                        let name = path.file_name().unwrap_or_default().to_string_lossy();
                        self.add(&name, &host)?;
                    }
                }
                Ok(())
            }
            Names::Table(table) => {
                table.iter().try_for_each(|(path, host)| self.add(path, &folder.join(host)))
            }
        }
    }

    /// Adds the content of a folder below a path of the board; of the folder itself only what is wanted.
    pub(crate) fn add_folder(
        &mut self,
        at: &str,
        folder: &Path,
        is_wanted: &dyn Fn(&str) -> bool,
        depth: usize,
    ) -> Result<(), TestError> {
        at_most("folders inside folders", depth, DEPTH_MAX)?;
        let error = |why| TestError::Read { path: folder.to_owned(), why };
        let mut entries: Vec<_> =
            std::fs::read_dir(folder).map_err(error)?.collect::<Result<_, _>>().map_err(error)?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "__pycache__" || !is_wanted(&name) {
                continue;
            }
            let path = if at.is_empty() { name } else { format!("{at}/{name}") };
            if entry.path().is_dir() {
                self.add_folder(&path, &entry.path(), &|_| true, depth + 1)?;
            } else {
                self.add(&path, &entry.path())?;
            }
        }
        Ok(())
    }
}
