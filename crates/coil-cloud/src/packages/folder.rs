//! The workshop's folder of packages: `NAME.py`, or a folder `NAME` with or without a `package.json`. It is read again when something in
//! it has changed. Links are passed over, and so is what is hidden, so that nothing beside it is given out.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::archive::NAME_MAX;

/// Packages, files of all of them, and bytes of those, at most; a board's flash has room for less.
const PACKAGES_MAX: usize = 256;
const FILES_MAX: usize = 2000;
const BYTES_MAX: u64 = 16 << 20;
/// Folders inside folders at most.
const DEPTH_MAX: usize = 8;
/// Letters of a package's name and of its version at most.
const WORD_MAX: usize = 40;
/// What describes a package.
const DESCRIPTION: &str = "package.json";
/// The version of a package that does not say it.
const NO_VERSION: &str = "0.0";

/// A file of a package.
#[derive(Clone, Debug)]
pub(super) struct PackageFile {
    /// Where it is put, below the board's folder for libraries.
    pub(super) path: String,
    pub(super) content: Arc<[u8]>,
    hash: String,
}

impl PackageFile {
    /// The start of its hash, by which it is asked for.
    pub(super) fn short_hash(&self) -> &str {
        &self.hash
    }
}

/// A package.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) files: Vec<PackageFile>,
    /// What it needs: names and versions.
    pub(super) deps: Vec<(String, String)>,
}

/// A package that is there, or what is wrong with it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) package: Result<Package, String>,
}

/// A `package.json`, as `mip` reads it from any place.
#[derive(Debug, Default, Deserialize)]
struct Description {
    version: Option<String>,
    /// Where each file is put, and which one it is.
    urls: Option<Vec<(String, String)>>,
    #[serde(default)]
    deps: Vec<(String, String)>,
}

/// What is known of a file without reading it.
type Stamp = BTreeMap<String, (u64, Option<SystemTime>)>;

/// The folder, and what was in it the last time.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    stamp: Option<Stamp>,
    packages: Arc<Vec<Entry>>,
}

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, stamp: None, packages: Arc::default() }
    }

    /// The packages, or what is wrong with the folder.
    pub(super) fn read(&mut self) -> Result<Arc<Vec<Entry>>, String> {
        let mut stamp = Stamp::new();
        // Where there is no folder there are no packages.
        if self.path.is_dir() {
            self.list("", 0, &mut stamp)?;
        }
        if self.stamp.as_ref() != Some(&stamp) {
            self.packages = Arc::new(self.load(&stamp)?);
            self.stamp = Some(stamp);
        }
        Ok(self.packages.clone())
    }

    /// Notes all files below a folder of it.
    fn list(&self, at: &str, depth: usize, stamp: &mut Stamp) -> Result<(), String> {
        let error = |e: std::io::Error| format!("packages/{at}: {e}");
        if depth > DEPTH_MAX {
            return Err(format!("packages/{at}: more than {DEPTH_MAX} folders inside each other"));
        }
        for entry in fs::read_dir(self.path.join(at)).map_err(error)? {
            let entry = entry.map_err(error)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') || name == "__pycache__" {
                continue;
            }
            let path = if at.is_empty() { name } else { format!("{at}/{name}") };
            // Of a link it says that it is one.
            let about = entry.metadata().map_err(error)?;
            if about.is_dir() {
                self.list(&path, depth + 1, stamp)?;
            } else if about.is_file() {
                stamp.insert(path, (about.len(), about.modified().ok()));
            }
            let bytes: u64 = stamp.values().map(|file| file.0).sum();
            if stamp.len() > FILES_MAX || bytes > BYTES_MAX {
                return Err(format!("packages: {FILES_MAX} files and {BYTES_MAX} bytes at most"));
            }
        }
        Ok(())
    }

    fn load(&self, stamp: &Stamp) -> Result<Vec<Entry>, String> {
        let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in stamp.keys() {
            let (name, below) = path.split_once('/').unwrap_or((path, ""));
            let is_file = below.is_empty();
            let package = if is_file { name.strip_suffix(".py") } else { Some(name) };
            if let Some(package) = package.filter(|name| is_word(name)) {
                all.entry(package).or_default().push(path);
            }
        }
        if all.len() > PACKAGES_MAX {
            return Err(format!("packages: {} of them, and {PACKAGES_MAX} at most", all.len()));
        }
        let entry = |(name, paths): (&str, Vec<&str>)| Entry {
            name: name.to_owned(),
            package: self.package(name, &paths),
        };
        Ok(all.into_iter().map(entry).collect())
    }

    fn package(&self, name: &str, paths: &[&str]) -> Result<Package, String> {
        let description = format!("{name}/{DESCRIPTION}");
        let told = match paths.contains(&description.as_str()) {
            true => serde_json::from_slice(&self.content(&description)?)
                .map_err(|e| format!("packages/{description}: {e}"))?,
            false => Description::default(),
        };
        let version = told.version.unwrap_or_else(|| NO_VERSION.into());
        let wrong = |what: &str| format!("packages/{description}: {what}");
        if !is_word(&version) {
            return Err(wrong(&format!("`{version}` is no version")));
        }
        let placed: Vec<(String, String)> = match told.urls {
            Some(urls) => {
                urls.into_iter().map(|(to, from)| (to, format!("{name}/{from}"))).collect()
            }
            None => paths.iter().map(|path| ((*path).to_owned(), (*path).to_owned())).collect(),
        };
        let mut files = Vec::new();
        for (to, from) in placed.into_iter().filter(|(_, from)| *from != description) {
            if !paths.contains(&from.as_str()) {
                return Err(wrong(&format!("`{from}` is not in the package's folder")));
            }
            let length = to.len() + name.len() + version.len() + 2;
            if length > NAME_MAX || !is_path(&to) {
                return Err(wrong(&format!("`{to}` is no place for a file")));
            }
            let content: Arc<[u8]> = self.content(&from)?.into();
            let digest = Sha256::digest(&content);
            let hash = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
            files.push(PackageFile { path: to, content, hash });
        }
        Ok(Package { name: name.to_owned(), version, files, deps: told.deps })
    }

    /// The content of a file that was listed.
    fn content(&self, path: &str) -> Result<Vec<u8>, String> {
        let error = |e: std::io::Error| format!("packages/{path}: {e}");
        let mut content = Vec::new();
        let file = File::open(self.path.join(Path::new(path))).map_err(error)?;
        file.take(BYTES_MAX).read_to_end(&mut content).map_err(error)?;
        Ok(content)
    }
}

/// Whether it may be the name of a package, or a version.
fn is_word(text: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    (1..=WORD_MAX).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(is_letter)
}

/// Whether it is a path below a board's folder.
fn is_path(text: &str) -> bool {
    text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}
