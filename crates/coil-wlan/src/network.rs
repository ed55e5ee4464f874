//! The network that a process has for itself.

use crate::error::{WlanError, at};
use crate::names::Names;
use crate::netlink::{LOOPBACK, Netlink};
use coil_namespace::Own;
use nix::unistd::geteuid;
use rustix::thread::{
    CapabilitySet, capabilities, configure_capability_in_ambient_set, set_capabilities,
};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

/// The driver by which programs have interfaces.
const DRIVER: &str = "/dev/net/tun";

/// A network of this process's own, with a loopback interface.
pub struct Network {
    pub(crate) kernel: Netlink,
    pub(crate) names: Names,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Network {
    /// Parts with the system's network. This process must not have a second thread yet.
    ///
    /// # Errors
    /// If the system does not let it; the process is to end then.
    pub fn enter() -> Result<Self, WlanError> {
        check_driver()?;
        coil_namespace::part(Own::FilesAndNetwork).map_err(WlanError::Namespace)?;
        let names = Names::cover()?;
        let kernel = Netlink::open().map_err(at("reach the kernel's network"))?;
        kernel.set_up(LOOPBACK, true).map_err(at("switch the loopback interface on"))?;
        // The air knows no IPv6; where this cannot be said, boards ignore what is sent.
        let _ = fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
        hand_rights_on().map_err(at("let programs use the network as its owner"))?;
        Ok(Self { kernel, names })
    }
}

/// Whether there is a driver for this user, before anything is changed.
fn check_driver() -> Result<(), WlanError> {
    match OpenOptions::new().read(true).write(true).open(DRIVER) {
        Ok(_) => Ok(()),
        Err(_) if !Path::new(DRIVER).exists() => Err(WlanError::NoDriver),
        Err(e) => Err(WlanError::Driver(e)),
    }
}

/// Has the programs that this thread starts do in this network what only root may elsewhere: ping, listen below port 1024, look at
/// frames. Root has these rights already.
fn hand_rights_on() -> io::Result<()> {
    if geteuid().is_root() {
        return Ok(());
    }
    let rights =
        [CapabilitySet::NET_ADMIN, CapabilitySet::NET_RAW, CapabilitySet::NET_BIND_SERVICE];
    let mut own = capabilities(None)?;
    own.inheritable |= rights.into_iter().collect::<CapabilitySet>();
    set_capabilities(None, own)?;
    rights.into_iter().try_for_each(|right| configure_capability_in_ambient_set(right, true))?;
    Ok(())
}
