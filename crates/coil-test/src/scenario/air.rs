//! The access points around a board: one, those of a file, or those that the scenario itself says.

use crate::error::{TestError, at_most};
use crate::files::read_text;
use coil_air::{AccessPoint, AccessPointForm};
use serde::Deserialize;
use std::path::Path;

/// Bytes of a file with access points at most.
const FILE_MAX: usize = 1 << 20;

/// One network that is there, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Network {
    ssid: String,
    /// Empty for an open one.
    password: String,
}

impl Default for Network {
    fn default() -> Self {
        Self { ssid: "workshop".into(), password: "micropython".into() }
    }
}

impl Network {
    fn access_point(&self) -> AccessPoint {
        match self.password.as_str() {
            "" => AccessPoint::open(&self.ssid),
            password => AccessPoint::wpa2(&self.ssid, password),
        }
    }
}

/// What is there where nothing is said.
pub(crate) fn workshop() -> Vec<AccessPoint> {
    vec![Network::default().access_point()]
}

/// The access points in a file.
pub(crate) fn of_file(file: &Path) -> Result<Vec<AccessPoint>, TestError> {
    let text = read_text(file)?;
    at_most("bytes", text.len(), FILE_MAX)?;
    Ok(AccessPoint::read_all(&text)?)
}

/// Those of a scenario, which says them in one way; its files are in this folder.
pub(super) fn access_points(
    network: Option<Network>,
    file: Option<&Path>,
    forms: Vec<AccessPointForm>,
    folder: &Path,
) -> Result<Vec<AccessPoint>, TestError> {
    match (network, file, forms.is_empty()) {
        (None, None, true) => Ok(workshop()),
        (Some(network), None, true) => Ok(vec![network.access_point()]),
        (None, Some(file), true) => of_file(&folder.join(file)),
        (None, None, false) => Ok(AccessPoint::of_forms(forms)?),
        _ => Err(TestError::AirTwice),
    }
}
