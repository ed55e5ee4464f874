//! The radio of a board and the network behind it, as the firmware sees them: nothing here waits.
//!
//! Errors are error numbers in newlib's numbering. The one who stands behind the trait knows the
//! time; the board only polls.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::{Ipv4Addr, SocketAddrV4};
use serde::{Deserialize, Serialize};

/// An error number, in newlib's numbering.
pub type Errno = i32;

/// The operation would block.
pub const EAGAIN: Errno = 11;
/// A connection is being made.
pub const EINPROGRESS: Errno = 119;

/// Multicast DNS, which is to look for the name, has not started.
pub const NOT_STARTED: Errno = 0x103;

/// The state of the WiFi link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What `WLAN.status()` says.
    pub status: u16,
    /// There is a link and an address.
    pub connected: bool,
    /// There is a link.
    pub associated: bool,
    /// The radio tries to make a link.
    pub trying: bool,
    /// Stations of the board's own access point.
    #[serde(default)]
    pub clients: u8,
    /// How often the link has ended, or an attempt at one.
    #[serde(default)]
    pub ends: u32,
    /// Why it did the last time: the chip's number.
    #[serde(default)]
    pub reason: u8,
}

/// What a board wants to join.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The network's name.
    pub ssid: String,
    /// Its password.
    pub password: String,
    /// The one access point that is wanted.
    pub bssid: Option<Mac>,
    /// The channel that is looked at first.
    pub channel: Option<u8>,
}

/// A hardware address.
pub type Mac = [u8; 6];

/// How a board's own access point is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoftAp {
    /// The network's name.
    pub ssid: String,
    /// The chip's number for how it is secured.
    pub authmode: u8,
    /// Its password.
    pub password: String,
    /// Its channel, unless a link has another one.
    pub channel: u8,
    /// It keeps its name out of scans.
    pub hidden: bool,
    /// The protocols that it speaks, as bits: 1 for 802.11b, 2 for g, 4 for n, 8 for the long range.
    pub protocol: u8,
    /// The most stations at one time.
    pub max_clients: u8,
    /// Its hardware address.
    pub bssid: Mac,
    /// Its addresses.
    pub addresses: Addresses,
}

/// A station of a board's access point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its hardware address.
    pub mac: Mac,
    /// The address that it was given.
    pub address: Option<Ipv4Addr>,
}

/// The keys of an encrypted message: the primary one and the peer's.
pub type NowKeys = ([u8; 16], [u8; 16]);

/// A message of ESP-NOW that has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowFrame {
    /// Who sent it.
    pub from: Mac,
    /// What it says.
    pub data: Vec<u8>,
    /// What it is encrypted with.
    pub keys: Option<NowKeys>,
    /// The signal, in dBm.
    pub rssi: i8,
    /// When it came, in microseconds since power on.
    pub at_us: u64,
}

/// What became of one that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowSent {
    /// The receiver's radio has acknowledged it.
    pub acknowledged: bool,
    /// When that is known, in microseconds since power on.
    pub at_us: u64,
}

/// The addresses of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The board's.
    pub address: Ipv4Addr,
    /// The subnet's mask.
    pub netmask: Ipv4Addr,
    /// The way out.
    pub gateway: Ipv4Addr,
    /// The name server.
    pub dns: Ipv4Addr,
}

/// What a scan shows of an access point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPoint {
    /// The network's name.
    pub ssid: String,
    /// The hardware address.
    pub bssid: Mac,
    /// The channel.
    pub channel: u8,
    /// The signal, in dBm.
    pub rssi: i8,
    /// The chip's number for how it is secured.
    pub authmode: u8,
}

/// What a socket is ready for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Reading or accepting would not block.
    pub readable: bool,
    /// Writing would not block.
    pub writable: bool,
    /// There is an error to tell.
    pub error: bool,
    /// The peer has closed its side.
    pub hangup: bool,
}

/// An option of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketOption {
    /// Bind to a port whose last connections are still closing.
    ReuseAddress(bool),
    /// Do not wait to fill segments.
    NoDelay(bool),
}

/// A board's radio and its IP stack. Sockets are small numbers, as file descriptors are.
pub trait Radio {
    /// Lets it run; cheap when nothing is due.
    fn poll(&mut self);
    /// When [`Radio::poll`] is due, in microseconds since power on.
    fn next_deadline(&self) -> Option<u64>;
    /// The chip was reset: no link, no sockets, all settings as they were at first.
    fn reset(&mut self);
    /// Closes all sockets; the link stays.
    fn close_all(&mut self);

    /// Gives the station interface another hardware address. A link ends, and is made again.
    fn set_mac(&mut self, mac: Mac);
    /// The protocols that the station interface speaks, as bits.
    fn set_protocol(&mut self, protocol: u8);
    /// Switches the station interface on or off.
    fn set_station(&mut self, on: bool);
    /// Starts to connect.
    fn connect(&mut self, wanted: &Wanted);
    /// Leaves the network, or stops trying.
    fn disconnect(&mut self);
    /// How often to try again after a failure; `None` for ever.
    fn set_reconnects(&mut self, times: Option<u32>);
    /// The state of the link.
    fn link(&self) -> Link;
    /// The signal of the access point that the board is connected to.
    fn rssi(&mut self) -> Option<i8>;
    /// The channel that the radio is on.
    fn channel(&self) -> u8;
    /// The channel for when neither a link nor an access point decides.
    fn set_channel(&mut self, channel: u8);
    /// The access points in reach, and how many microseconds it takes to find them.
    fn scan(&mut self) -> (Vec<AccessPoint>, u64);
    /// The interface's addresses.
    fn addresses(&self) -> Option<Addresses>;
    /// Sets fixed addresses, or goes back to asking for them.
    fn set_addresses(&mut self, fixed: Option<Addresses>);
    /// Sets the name server, until addresses are asked for again.
    fn set_dns(&mut self, server: Ipv4Addr);
    /// The name that the board goes by.
    fn set_hostname(&mut self, name: &str);
    /// The chip sleeps lightly, and the radio with it, or is awake again.
    fn set_asleep(&mut self, asleep: bool);

    /// Starts the board's own access point, or changes it.
    fn start_access_point(&mut self, settings: &SoftAp);
    /// Switches it off.
    fn stop_access_point(&mut self);
    /// Its stations.
    fn clients(&self) -> Vec<Client>;

    /// Takes messages of ESP-NOW from now on, or none any more.
    fn listen_now(&mut self, on: bool);
    /// Sends one from an interface's address to another address, at so many kilobits a second.
    fn send_now(
        &mut self,
        way: (Mac, Mac),
        data: &[u8],
        keys: Option<NowKeys>,
        kbits: u32,
    ) -> NowSent;
    /// The next one that has come.
    fn next_now(&mut self) -> Option<NowFrame>;

    /// Opens a socket: a datagram one or a stream.
    ///
    /// # Errors
    /// All are in use (23).
    fn open(&mut self, datagram: bool) -> Result<usize, Errno>;
    /// Gives a socket its local address.
    ///
    /// # Errors
    /// The address is in use or not the board's.
    fn bind(&mut self, socket: usize, local: SocketAddrV4) -> Result<(), Errno>;
    /// Starts to connect; a second call says how it went.
    ///
    /// # Errors
    /// [`EINPROGRESS`] while it goes on.
    fn connect_socket(&mut self, socket: usize, to: SocketAddrV4) -> Result<(), Errno>;
    /// Listens.
    ///
    /// # Errors
    /// The socket cannot.
    fn listen(&mut self, socket: usize, backlog: usize) -> Result<(), Errno>;
    /// Takes a connection.
    ///
    /// # Errors
    /// [`EAGAIN`] if none waits.
    fn accept(&mut self, socket: usize) -> Result<(usize, SocketAddrV4), Errno>;
    /// Sends on a connected socket; says how many bytes were taken.
    ///
    /// # Errors
    /// [`EAGAIN`] if there is no room.
    fn send(&mut self, socket: usize, data: &[u8]) -> Result<usize, Errno>;
    /// Receives from a connected socket; 0 is the end.
    ///
    /// # Errors
    /// [`EAGAIN`] if nothing is there.
    fn recv(&mut self, socket: usize, into: &mut [u8]) -> Result<usize, Errno>;
    /// Sends a datagram.
    ///
    /// # Errors
    /// [`EAGAIN`] if there is no room.
    fn send_to(&mut self, socket: usize, data: &[u8], to: SocketAddrV4) -> Result<usize, Errno>;
    /// Receives a datagram.
    ///
    /// # Errors
    /// [`EAGAIN`] if nothing is there.
    fn recv_from(&mut self, socket: usize, into: &mut [u8])
    -> Result<(usize, SocketAddrV4), Errno>;
    /// What a socket is ready for.
    ///
    /// # Errors
    /// There is no such socket.
    fn ready(&mut self, socket: usize) -> Result<Ready, Errno>;
    /// Sets an option.
    ///
    /// # Errors
    /// It does not fit the socket.
    fn set_option(&mut self, socket: usize, option: SocketOption) -> Result<(), Errno>;
    /// Closes a socket.
    ///
    /// # Errors
    /// There is no such socket.
    fn close(&mut self, socket: usize) -> Result<(), Errno>;

    /// Has the interface with this address be in a multicast group, or all that are on.
    ///
    /// # Errors
    /// lwIP's own numbers: there is no such group or interface (6), or no room (1).
    fn join_group(&mut self, group: Ipv4Addr, interface: Ipv4Addr) -> Result<(), Errno>;

    /// Starts to look a name up.
    ///
    /// # Errors
    /// There is no network, or [`NOT_STARTED`].
    fn resolve(&mut self, name: &str) -> Result<u32, Errno>;
    /// How a look-up goes: `None` while it does, then the addresses, of which there may be none.
    fn resolved(&mut self, query: u32) -> Option<Vec<Ipv4Addr>>;
}

/// The number for "no such device".
const ENODEV: Errno = 19;

/// A board that nobody put on the air: it finds no access point, and has no sockets.
#[derive(Debug, Default)]
pub struct NoRadio {
    trying: bool,
}

impl Radio for NoRadio {
    fn poll(&mut self) {}
    fn next_deadline(&self) -> Option<u64> {
        None
    }
    fn reset(&mut self) {
        self.trying = false;
    }
    fn close_all(&mut self) {}
    fn set_mac(&mut self, _: Mac) {}
    fn set_protocol(&mut self, _: u8) {}
    fn set_station(&mut self, _: bool) {}
    fn connect(&mut self, _: &Wanted) {
        self.trying = true;
    }
    fn disconnect(&mut self) {
        self.trying = false;
    }
    fn set_reconnects(&mut self, _: Option<u32>) {}
    fn link(&self) -> Link {
        Link {
            status: if self.trying { 201 } else { 1000 },
            trying: self.trying,
            ..Link::default()
        }
    }
    fn rssi(&mut self) -> Option<i8> {
        None
    }
    fn channel(&self) -> u8 {
        1
    }
    fn set_channel(&mut self, _: u8) {}
    fn scan(&mut self) -> (Vec<AccessPoint>, u64) {
        (Vec::new(), 2_400_000)
    }
    fn addresses(&self) -> Option<Addresses> {
        None
    }
    fn set_addresses(&mut self, _: Option<Addresses>) {}
    fn set_dns(&mut self, _: Ipv4Addr) {}
    fn set_hostname(&mut self, _: &str) {}
    fn set_asleep(&mut self, _: bool) {}
    fn start_access_point(&mut self, _: &SoftAp) {}
    fn stop_access_point(&mut self) {}
    fn clients(&self) -> Vec<Client> {
        Vec::new()
    }
    fn listen_now(&mut self, _: bool) {}
    fn send_now(&mut self, (_, to): (Mac, Mac), _: &[u8], _: Option<NowKeys>, _: u32) -> NowSent {
        NowSent { acknowledged: to[0] & 1 == 1, at_us: 0 }
    }
    fn next_now(&mut self) -> Option<NowFrame> {
        None
    }
    fn open(&mut self, _: bool) -> Result<usize, Errno> {
        Err(ENODEV)
    }
    fn bind(&mut self, _: usize, _: SocketAddrV4) -> Result<(), Errno> {
        Err(ENODEV)
    }
    fn connect_socket(&mut self, _: usize, _: SocketAddrV4) -> Result<(), Errno> {
        Err(ENODEV)
    }
    fn listen(&mut self, _: usize, _: usize) -> Result<(), Errno> {
        Err(ENODEV)
    }
    fn accept(&mut self, _: usize) -> Result<(usize, SocketAddrV4), Errno> {
        Err(ENODEV)
    }
    fn send(&mut self, _: usize, _: &[u8]) -> Result<usize, Errno> {
        Err(ENODEV)
    }
    fn recv(&mut self, _: usize, _: &mut [u8]) -> Result<usize, Errno> {
        Err(ENODEV)
    }
    fn send_to(&mut self, _: usize, _: &[u8], _: SocketAddrV4) -> Result<usize, Errno> {
        Err(ENODEV)
    }
    fn recv_from(&mut self, _: usize, _: &mut [u8]) -> Result<(usize, SocketAddrV4), Errno> {
        Err(ENODEV)
    }
    fn ready(&mut self, _: usize) -> Result<Ready, Errno> {
        Err(ENODEV)
    }
    fn set_option(&mut self, _: usize, _: SocketOption) -> Result<(), Errno> {
        Err(ENODEV)
    }
    fn close(&mut self, _: usize) -> Result<(), Errno> {
        Err(ENODEV)
    }
    fn join_group(&mut self, _: Ipv4Addr, _: Ipv4Addr) -> Result<(), Errno> {
        Err(6)
    }
    fn resolve(&mut self, _: &str) -> Result<u32, Errno> {
        Err(ENODEV)
    }
    fn resolved(&mut self, _: u32) -> Option<Vec<Ipv4Addr>> {
        Some(Vec::new())
    }
}
