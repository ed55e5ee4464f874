//! The page's files: made from `web/`, and proof that what is in the tree is what `web/` makes.

use crate::shell::{root, run, say};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// Where they are in the tree.
const PLACE: &str = "crates/coil-studio/page";
/// Where they are made to be compared.
const FRESH: &str = "target/page";

/// Makes them and puts them into the tree.
pub(crate) fn build() -> Result<()> {
    if tools::web()?.is_none() {
        bail!("the page is made with Node 20.19 or newer and npm: install them");
    }
    run("npm", &["--prefix", "web", "run", "--silent", "build"], &[])
}

/// Tests the page's modules, and compares what is in the tree with what they become.
pub(crate) fn check() -> Result<()> {
    if tools::web()?.is_none() {
        return Ok(());
    }
    run("npm", &["--prefix", "web", "run", "--silent", "test"], &[])?;
    let elsewhere = format!("../{FRESH}");
    let build = ["--prefix", "web", "run", "--silent", "build", "--", "--outDir", &elsewhere];
    run("npm", &build, &[])?;
    let (there, fresh) = (files(&root().join(PLACE))?, files(&root().join(FRESH))?);
    let names = there.keys().chain(fresh.keys());
    let mut other: Vec<&String> =
        names.filter(|name| there.get(*name) != fresh.get(*name)).collect();
    other.sort();
    other.dedup();
    for name in &other {
        say(&format!("{PLACE}/{name} is not what web/ makes"));
    }
    if !other.is_empty() {
        bail!(
            "the page in the tree is another one than its sources make: `cargo xtask page`, and commit what changes"
        );
    }
    say(&format!("page: {} files, as their sources make them", there.len()));
    Ok(())
}

/// Bytes by path of all files of a folder.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = std::fs::read_dir(&next).with_context(|| format!("{}", next.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
