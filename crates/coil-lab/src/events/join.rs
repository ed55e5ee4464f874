//! Guests on the air of a lab: what they ask at the door, and what they are told there.

use super::Answer;
use coil_air::bridge::GuestNews;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Ipv4Addr;
use std::os::unix::net::UnixStream;

/// The network that a guest is to join.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinWish {
    /// Its name; the workshop's own if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssid: Option<String>,
    /// Its password. That of the workshop's own need not be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// What a guest is, once it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// Its name among the boards.
    pub name: String,
    /// The network that it is in.
    pub ssid: String,
    /// Its hardware address, from which all its frames must be.
    pub mac: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// The length of the network's prefix.
    pub prefix: u8,
    /// The way out.
    pub gateway: Ipv4Addr,
    /// The server that resolves names.
    pub dns: Ipv4Addr,
}

/// A line for a guest's client.
pub(super) fn line(news: GuestNews<'_>) -> String {
    let answer = match news {
        GuestNews::Joined(guest, ip) => Answer::Joined(Joined {
            name: guest.seat().name(),
            ssid: guest.ssid().to_owned(),
            mac: guest.seat().mac().map(|b| format!("{b:02x}")).join(":"),
            address: ip.address,
            prefix: ip.prefix(),
            gateway: ip.gateway,
            dns: ip.dns,
        }),
        GuestNews::Lost(ssid) => Answer::Lost(ssid.to_owned()),
        GuestNews::Refused(why) => Answer::Error(why.to_string()),
    };
    serde_json::to_string(&answer).expect("an answer is plain data")
}

/// A line of the door at most.
const LINE_MAX: u64 = 16 * 1024;

/// A guest's connection: frames both ways, each after its length.
#[derive(Debug)]
pub struct GuestLink(UnixStream);

/// What comes to a guest.
#[derive(Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A frame of Ethernet.
    Frame(Vec<u8>),
    /// How its link is.
    News(Answer),
}

/// All that comes to a guest, in order.
#[derive(Debug)]
pub struct Arrivals(BufReader<UnixStream>);

impl GuestLink {
    pub(super) fn new(stream: UnixStream) -> Self {
        Self(stream)
    }

    /// Sends a frame. One that is longer than any can be goes nowhere.
    ///
    /// # Errors
    /// If the lab is gone.
    pub fn send(&self, frame: &[u8]) -> io::Result<()> {
        let Ok(length @ 1..) = u16::try_from(frame.len()) else { return Ok(()) };
        (&self.0).write_all(&[&length.to_be_bytes(), frame].concat())
    }

    /// What comes.
    ///
    /// # Errors
    /// If the system has no descriptor left.
    pub fn arrivals(&self) -> io::Result<Arrivals> {
        Ok(Arrivals(BufReader::with_capacity(1 << 16, self.0.try_clone()?)))
    }
}

impl Arrivals {
    /// Waits for the next.
    ///
    /// # Errors
    /// If the lab is gone, or says what cannot be understood.
    pub fn receive(&mut self) -> io::Result<Arrival> {
        let mut length = [0; 2];
        self.0.read_exact(&mut length)?;
        let length = usize::from(u16::from_be_bytes(length));
        if length == 0 {
            let mut line = Vec::new();
            self.0.by_ref().take(LINE_MAX).read_until(b'\n', &mut line)?;
            return Ok(Arrival::News(serde_json::from_slice(&line)?));
        }
        let mut frame = vec![0; length];
        self.0.read_exact(&mut frame)?;
        Ok(Arrival::Frame(frame))
    }
}
