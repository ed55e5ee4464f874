//! What the kernel is told of interfaces, addresses and routes: messages of rtnetlink, each of them answered.

use nix::libc;
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, recv, sendto, socket,
};
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, OwnedFd};

/// The bytes of a message before its body: length, type, flags, number, sender.
const HEAD: usize = 16;
/// Where the kernel's answer says what went wrong: nothing, or a negative error number.
const VERDICT: std::ops::Range<usize> = HEAD..HEAD + 4;
/// The loopback interface of every network.
pub(crate) const LOOPBACK: u32 = 1;

/// A way to the kernel, for the network that this process is in.
pub(crate) struct Netlink(OwnedFd);

/// What one message says, in the kernel's byte order.
#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    fn number(self, number: u32) -> Self {
        self.bytes(&number.to_ne_bytes())
    }

    /// An attribute of four bytes.
    fn attribute(self, kind: u16, value: [u8; 4]) -> Self {
        self.bytes(&8u16.to_ne_bytes()).bytes(&kind.to_ne_bytes()).bytes(&value)
    }
}

impl Netlink {
    pub(crate) fn open() -> io::Result<Self> {
        let (kind, flags) = (SockType::Raw, SockFlag::SOCK_CLOEXEC);
        Ok(Self(socket(AddressFamily::Netlink, kind, flags, SockProtocol::NetlinkRoute)?))
    }

    /// Asks for something and waits until it is done.
    fn ask(&self, kind: u16, flags: i32, body: &Body) -> io::Result<()> {
        let flags = (libc::NLM_F_REQUEST | libc::NLM_F_ACK | flags) as u16;
        let length = (HEAD + body.0.len()) as u32;
        let head = Body::default().number(length);
        let head = head.bytes(&kind.to_ne_bytes()).bytes(&flags.to_ne_bytes()).number(1).number(0);
        let message = [head.0, body.0.clone()].concat();
        let kernel = NetlinkAddr::new(0, 0);
        sendto(self.0.as_raw_fd(), &message, &kernel, MsgFlags::empty())?;
        let mut answer = [0; 1024];
        let length = recv(self.0.as_raw_fd(), &mut answer, MsgFlags::empty())?;
        let verdict = answer[..length].get(VERDICT).and_then(|v| v.try_into().ok());
        match verdict.map(i32::from_ne_bytes) {
            Some(0) => Ok(()),
            Some(error) => Err(io::Error::from_raw_os_error(-error)),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Switches an interface on or off.
    pub(crate) fn set_up(&self, interface: u32, is_up: bool) -> io::Result<()> {
        let up = libc::IFF_UP as u32;
        // Family, type; the interface; its flags, and which of them are meant.
        let body = Body::default().number(0).number(interface);
        let body = body.number(if is_up { up } else { 0 }).number(up);
        self.ask(libc::RTM_NEWLINK, 0, &body)
    }

    /// Gives an interface an address, or takes it away.
    pub(crate) fn set_address(
        &self,
        interface: u32,
        (address, prefix): (Ipv4Addr, u8),
        is_there: bool,
    ) -> io::Result<()> {
        let wild = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
        let broadcast = (u32::from(address) | wild).to_be_bytes();
        let family = AddressFamily::Inet as u8;
        let body = Body::default().bytes(&[family, prefix, 0, 0]).number(interface);
        let body = body.attribute(libc::IFA_LOCAL, address.octets());
        let body = body.attribute(libc::IFA_ADDRESS, address.octets());
        let body = body.attribute(libc::IFA_BROADCAST, broadcast);
        match is_there {
            true => self.ask(libc::RTM_NEWADDR, libc::NLM_F_CREATE | libc::NLM_F_REPLACE, &body),
            false => self.ask(libc::RTM_DELADDR, 0, &body),
        }
    }

    /// Sends by this gateway what is for elsewhere.
    pub(crate) fn set_gateway(&self, interface: u32, gateway: Ipv4Addr) -> io::Result<()> {
        let family = AddressFamily::Inet as u8;
        let (table, scope) = (libc::RT_TABLE_MAIN, libc::RT_SCOPE_UNIVERSE);
        let head = [family, 0, 0, 0, table, libc::RTPROT_BOOT, scope, libc::RTN_UNICAST];
        let body = Body::default().bytes(&head).number(0);
        let body = body.attribute(libc::RTA_GATEWAY, gateway.octets());
        let body = body.attribute(libc::RTA_OIF, interface.to_ne_bytes());
        self.ask(libc::RTM_NEWROUTE, libc::NLM_F_CREATE | libc::NLM_F_REPLACE, &body)
    }
}
