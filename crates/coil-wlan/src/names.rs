//! Who resolves names: the server that programs are told, and none of the system's services, which are reached by other ways than
//! the network.

use crate::error::WlanError;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Where programs look for a server.
const RESOLV_CONF: &str = "/etc/resolv.conf";
/// Folders with the sockets of services that programs ask before any server: they stand in the system's own network.
const SERVICES: [&str; 3] = ["/run/systemd/resolve", "/run/nscd", "/run/avahi-daemon"];

/// The file that programs read, in this process's view.
#[derive(Debug)]
pub(crate) struct Names(PathBuf);

impl Names {
    /// Puts it where programs look. The process must have a view of its own.
    pub(crate) fn cover() -> Result<Self, WlanError> {
        let path = Path::new(RESOLV_CONF);
        let error = |source| WlanError::Names { path: path.to_owned(), source };
        // Where it is a link, what it leads to counts.
        let file = path.canonicalize().map_err(error)?;
        for folder in SERVICES.map(Path::new) {
            if folder.is_dir() {
                coil_namespace::cover(folder)
                    .map_err(|source| WlanError::Names { path: folder.to_owned(), source })?;
            }
        }
        if file.exists() {
            show_empty(&file).map_err(error)?;
        }
        Ok(Self(file))
    }

    /// Names this server.
    pub(crate) fn set(&self, server: Ipv4Addr) -> Result<(), WlanError> {
        fs::write(&self.0, format!("nameserver {server}\n"))
            .map_err(|source| WlanError::Names { path: self.0.clone(), source })
    }
}

/// Shows an empty file of this process at a place.
fn show_empty(here: &Path) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.flush()?;
    file.as_file().set_permissions(Permissions::from_mode(0o644))?;
    // It has another name from then on.
    coil_namespace::show(file.path(), here)
}
