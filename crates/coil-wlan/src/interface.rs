//! The interface: its frames, which this process reads and writes, and its addresses.

use crate::error::{WlanError, at};
use crate::network::Network;
use nix::net::if_::if_nametoindex;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

/// Its name.
const NAME: &str = "wlan0";
/// The longest frame on it.
pub const FRAME_MAX: usize = 1514;

/// What an interface has from the network that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Its own address.
    pub address: Ipv4Addr,
    /// The length of the network's prefix.
    pub prefix: u8,
    /// The way out.
    pub gateway: Ipv4Addr,
    /// Who resolves names.
    pub dns: Ipv4Addr,
}

/// An interface of WiFi as programs see it; it lasts as long as this, or its frames, do.
pub struct Interface {
    network: Network,
    frames: Frames,
    index: u32,
    has: Option<Addresses>,
}

impl std::fmt::Debug for Interface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interface").field("has", &self.has).finish_non_exhaustive()
    }
}

impl Interface {
    /// Puts one into a network, with this hardware address.
    ///
    /// # Errors
    /// If the system does not let it.
    pub fn new(network: Network, mac: [u8; 6]) -> Result<Self, WlanError> {
        let builder = DeviceBuilder::new().name(NAME).layer(Layer::L2).mac_addr(mac).enable(false);
        let device = builder.build_sync().map_err(at("make a network interface"))?;
        let index = if_nametoindex(NAME);
        let index = index.map_err(|e| at("find the network interface")(e.into()))?;
        Ok(Self { network, frames: Frames(Arc::new(device)), index, has: None })
    }

    /// Switches it off: what programs send finds no way.
    ///
    /// # Errors
    /// If the system does not let it.
    pub fn switch_off(&mut self) -> Result<(), WlanError> {
        self.has = None;
        let kernel = &self.network.kernel;
        kernel.set_up(self.index, false).map_err(at("switch the network interface off"))
    }

    /// Its frames.
    pub fn frames(&self) -> Frames {
        self.frames.clone()
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        NAME
    }

    /// Sets what it has, in place of what it had, and switches it on.
    ///
    /// # Errors
    /// If the system does not let it.
    pub fn set(&mut self, addresses: Addresses) -> Result<(), WlanError> {
        if self.has == Some(addresses) {
            return Ok(());
        }
        let kernel = &self.network.kernel;
        let of = |a: Addresses| (a.address, a.prefix);
        if let Some(old) = self.has.take().filter(|old| of(*old) != of(addresses)) {
            let gone = kernel.set_address(self.index, of(old), false);
            gone.map_err(at("take the address from the network interface"))?;
        }
        kernel
            .set_address(self.index, of(addresses), true)
            .map_err(at("give the network interface its address"))?;
        kernel.set_up(self.index, true).map_err(at("switch the network interface on"))?;
        if !addresses.gateway.is_unspecified() {
            let way = kernel.set_gateway(self.index, addresses.gateway);
            way.map_err(at("set the way out"))?;
        }
        self.network.names.set(addresses.dns)?;
        self.has = Some(addresses);
        Ok(())
    }
}

/// The frames of an interface. Copies are of the same interface.
#[derive(Clone)]
pub struct Frames(Arc<SyncDevice>);

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Frames").finish_non_exhaustive()
    }
}

impl Frames {
    /// Waits for the next frame that a program sends; its length.
    ///
    /// # Errors
    /// If the interface is gone.
    pub fn read(&self, frame: &mut [u8; FRAME_MAX]) -> io::Result<usize> {
        self.0.recv(frame)
    }

    /// Has programs get a frame.
    ///
    /// # Errors
    /// If the interface is gone or down.
    pub fn write(&self, frame: &[u8]) -> io::Result<()> {
        self.0.send(frame).map(drop)
    }
}
