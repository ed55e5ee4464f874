//! A board's sockets, as lwIP gives them to programs: kinds, states, limits and errors, over the board's stack. It does not know the
//! radio; the station tells it the board's address and moves the frames.

use crate::config::{IpConfig, StationLimits, Timings};
use crate::error::SocketError;
use crate::rng::Rng;
use crate::stack::{Stack, to_std};
use smoltcp::iface::SocketHandle;
use smoltcp::socket::{tcp, udp};
use std::net::{Ipv4Addr, SocketAddrV4};

mod listener;
mod stream;
mod udp_socket;
mod wire;

use listener::Listener;
use stream::Stream;
use udp_socket::UdpSocket;

/// One of a board's sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SocketId(u32);

/// What a socket is ready for, as `poll` asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Reading, or accepting, would not block: there is data, a connection, the end, or an error to tell.
    pub readable: bool,
    /// Writing would not block.
    pub writable: bool,
    /// There is an error to tell.
    pub error: bool,
    /// The peer has closed its side.
    pub hangup: bool,
}

/// A socket's options that the air looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketOption {
    /// `SO_REUSEADDR`: bind to a port whose last connections are still closing.
    ReuseAddress(bool),
    /// `SO_KEEPALIVE`: probe an idle connection.
    KeepAlive(bool),
    /// `TCP_NODELAY`: do not wait to fill segments.
    NoDelay(bool),
}

#[derive(Debug)]
enum Kind {
    Udp(UdpSocket),
    Tcp(Tcp),
}

#[derive(Debug)]
struct Tcp {
    local: Option<SocketAddrV4>,
    reuse: bool,
    keep_alive: bool,
    no_delay: bool,
    role: Role,
}

#[derive(Debug)]
enum Role {
    Fresh,
    Stream(Stream),
    Listening(Listener),
}

impl Tcp {
    fn new(role: Role, local: Option<SocketAddrV4>) -> Self {
        Self { local, reuse: false, keep_alive: false, no_delay: true, role }
    }
}

#[derive(Debug)]
struct Slot {
    id: SocketId,
    kind: Kind,
}

// A connection that its program has closed and the stack has not.
#[derive(Debug)]
struct Lingering {
    handle: SocketHandle,
    until_us: u64,
}

/// The addresses of a board's interfaces, as far as they are in use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Own {
    pub(crate) station: Option<IpConfig>,
    pub(crate) access_point: Option<IpConfig>,
}

impl Own {
    pub(crate) fn has(&self, ip: Ipv4Addr) -> bool {
        [self.station, self.access_point].into_iter().flatten().any(|it| it.address == ip)
    }

    // From which address this board reaches `remote`: what is not behind its own access point it looks for as a station.
    fn source_for(&self, remote: Ipv4Addr) -> Result<Ipv4Addr, SocketError> {
        if remote.is_loopback() {
            return Ok(Ipv4Addr::LOCALHOST);
        }
        let behind = self.access_point.filter(|it| it.contains(remote));
        let way = behind.or(self.station).or(self.access_point);
        way.map(|it| it.address).ok_or(SocketError::HostUnreachable)
    }
}

/// What the calls below need besides the table.
#[derive(Debug)]
pub(crate) struct Net<'a> {
    pub(crate) stack: &'a mut Stack,
    /// The board's addresses.
    pub(crate) own: Own,
    pub(crate) now_us: u64,
}

/// All sockets of one board.
#[derive(Debug)]
pub(crate) struct Sockets {
    limits: StationLimits,
    timings: Timings,
    slots: Vec<Slot>,
    lingering: Vec<Lingering>,
    next_id: u32,
    next_port: u16,
}

const FIRST_EPHEMERAL: u16 = 49_152;
/// How long a closed connection may take to end on the wire.
const LINGER_US: u64 = 20_000_000;

impl Sockets {
    pub(crate) fn new(limits: StationLimits, timings: Timings, rng: &mut Rng) -> Self {
        let next_port = u16::try_from(rng.between(u64::from(FIRST_EPHEMERAL), 65_535))
            .unwrap_or(FIRST_EPHEMERAL);
        Self { limits, timings, slots: Vec::new(), lingering: Vec::new(), next_id: 1, next_port }
    }

    pub(crate) fn set_limits(&mut self, limits: StationLimits) {
        self.limits = limits;
    }

    pub(crate) fn count(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn open_udp(&mut self, net: &mut Net<'_>) -> Result<SocketId, SocketError> {
        self.check_room()?;
        let socket = UdpSocket::new(net, self.limits.udp_queue);
        self.insert(Kind::Udp(socket))
    }

    pub(crate) fn open_tcp(&mut self) -> Result<SocketId, SocketError> {
        self.check_room()?;
        self.insert(Kind::Tcp(Tcp::new(Role::Fresh, None)))
    }

    fn check_room(&self) -> Result<(), SocketError> {
        if self.slots.len() < self.limits.max_sockets {
            Ok(())
        } else {
            Err(SocketError::TooManySockets)
        }
    }

    fn insert(&mut self, kind: Kind) -> Result<SocketId, SocketError> {
        let id = SocketId(self.next_id);
        self.next_id = self.next_id.wrapping_add(1);
        self.slots.push(Slot { id, kind });
        Ok(id)
    }

    fn index(&self, id: SocketId) -> Result<usize, SocketError> {
        self.slots.iter().position(|slot| slot.id == id).ok_or(SocketError::BadSocket)
    }

    fn kind(&mut self, id: SocketId) -> Result<&mut Kind, SocketError> {
        let index = self.index(id)?;
        Ok(&mut self.slots[index].kind)
    }

    fn tcp(&mut self, id: SocketId) -> Result<&mut Tcp, SocketError> {
        match self.kind(id)? {
            Kind::Tcp(tcp) => Ok(tcp),
            Kind::Udp(_) => Err(SocketError::Invalid),
        }
    }

    fn udp(&mut self, id: SocketId) -> Result<&mut UdpSocket, SocketError> {
        match self.kind(id)? {
            Kind::Udp(udp) => Ok(udp),
            Kind::Tcp(_) => Err(SocketError::Invalid),
        }
    }

    pub(crate) fn is_udp(&mut self, id: SocketId) -> Result<bool, SocketError> {
        Ok(matches!(self.kind(id)?, Kind::Udp(_)))
    }

    /// Gives a socket its port; 0 picks one.
    pub(crate) fn bind(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        local: SocketAddrV4,
    ) -> Result<(), SocketError> {
        let own = *local.ip();
        let is_group = own.is_multicast() && self.is_udp(id)?;
        if !(own.is_unspecified() || own.is_loopback() || is_group || net.own.has(own)) {
            return Err(SocketError::AddressNotAvailable);
        }
        let (is_tcp, reuse) = match self.kind(id)? {
            Kind::Tcp(Tcp { role: Role::Fresh, reuse, .. }) => (true, *reuse),
            Kind::Tcp(_) => return Err(SocketError::Invalid),
            Kind::Udp(udp) => (false, udp.reuse),
        };
        let port = match local.port() {
            0 => self.ephemeral_port(net.stack, is_tcp)?,
            port if self.port_is_used(net.stack, port, is_tcp, reuse) => {
                return Err(SocketError::AddressInUse);
            }
            port => port,
        };
        let local = SocketAddrV4::new(own, port);
        match self.kind(id)? {
            Kind::Tcp(tcp) => tcp.local = Some(local),
            Kind::Udp(udp) => udp.bind(net, local)?,
        }
        Ok(())
    }

    fn port_is_used(&self, stack: &Stack, port: u16, is_tcp: bool, reuse: bool) -> bool {
        let by_open = self.slots.iter().any(|slot| match &slot.kind {
            Kind::Tcp(tcp) => {
                is_tcp
                    && tcp.local.is_some_and(|local| local.port() == port)
                    && !(reuse && tcp.reuse)
            }
            Kind::Udp(udp) => !is_tcp && udp.port() == Some(port) && !(reuse && udp.reuse),
        });
        // Connections that are closing hold their port too, unless the program says it does not mind.
        by_open
            || is_tcp
                && !reuse
                && self
                    .lingering
                    .iter()
                    .any(|it| stack.tcp(it.handle).local_endpoint().is_some_and(|l| l.port == port))
    }

    fn ephemeral_port(&mut self, stack: &Stack, is_tcp: bool) -> Result<u16, SocketError> {
        for _ in FIRST_EPHEMERAL..=u16::MAX {
            let port = self.next_port;
            self.next_port = port.checked_add(1).unwrap_or(FIRST_EPHEMERAL);
            if !self.port_is_used(stack, port, is_tcp, false) {
                return Ok(port);
            }
        }
        Err(SocketError::AddressInUse)
    }

    /// Whether a TCP socket has begun to connect, so that connecting it once more only asks how that goes.
    pub(crate) fn has_begun(&mut self, id: SocketId) -> bool {
        self.tcp(id).is_ok_and(|tcp| matches!(tcp.role, Role::Stream(_)))
    }

    /// Starts to connect a TCP socket ([`SocketError::InProgress`] says that it goes on), or sets a UDP socket's peer.
    pub(crate) fn connect(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        remote: SocketAddrV4,
    ) -> Result<(), SocketError> {
        if let Kind::Udp(udp) = self.kind(id)? {
            udp.peer = Some(remote);
            return self.autobind(net, id);
        }
        let tcp = self.tcp(id)?;
        match &mut tcp.role {
            Role::Fresh => {}
            Role::Stream(stream) => return stream.connect_again(net),
            Role::Listening(_) => return Err(SocketError::Invalid),
        }
        let bound = tcp.local;
        let source = net.own.source_for(*remote.ip())?;
        if remote.port() == 0
            || remote.ip().is_unspecified()
            || remote.ip().is_broadcast()
            || remote.ip().is_multicast()
        {
            return Err(SocketError::HostUnreachable);
        }
        self.make_room_for_tcp(net)?;
        let port = match bound {
            Some(local) => local.port(),
            None => self.ephemeral_port(net.stack, true)?,
        };
        let local = SocketAddrV4::new(source, port);
        let (limits, timeout_us) = (self.limits, self.timings.connect_timeout_us);
        let tcp = self.tcp(id)?;
        let handle = net.stack.add_tcp(limits.tcp_receive_bytes, limits.tcp_send_bytes, timeout_us);
        let (socket, cx) =
            (net.stack.sockets.get_mut::<tcp::Socket<'_>>(handle), net.stack.iface.context());
        socket.set_nagle_enabled(!tcp.no_delay);
        if socket.connect(cx, remote, local).is_err() {
            net.stack.remove(handle);
            return Err(SocketError::HostUnreachable);
        }
        tcp.local = Some(local);
        tcp.role = Role::Stream(Stream::connecting(handle));
        Err(SocketError::InProgress)
    }

    /// Starts to accept connections; at most `backlog` wait to be taken.
    pub(crate) fn listen(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        backlog: usize,
    ) -> Result<(), SocketError> {
        if self.tcp(id)?.local.is_none() {
            let any = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
            self.bind(net, id, any)?;
        }
        let tcp = self.tcp(id)?;
        let Some(local) = tcp.local else { return Err(SocketError::Invalid) };
        match &mut tcp.role {
            Role::Fresh => tcp.role = Role::Listening(Listener::new(local, backlog)),
            Role::Listening(listener) => listener.set_backlog(backlog),
            Role::Stream(_) => return Err(SocketError::Invalid),
        }
        Ok(())
    }

    /// Takes the next connection that waits.
    pub(crate) fn accept(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
    ) -> Result<(SocketId, SocketAddrV4), SocketError> {
        let full = self.check_room();
        let Role::Listening(listener) = &mut self.tcp(id)?.role else {
            return Err(SocketError::Invalid);
        };
        if !listener.has_connection(net.stack) {
            return Err(SocketError::WouldBlock);
        }
        full?;
        let (handle, local, remote) = listener.take(net.stack).ok_or(SocketError::WouldBlock)?;
        let stream = Stream::established(handle);
        let new = self.insert(Kind::Tcp(Tcp::new(Role::Stream(stream), Some(local))))?;
        Ok((new, remote))
    }

    pub(crate) fn send(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        data: &[u8],
    ) -> Result<usize, SocketError> {
        match self.kind(id)? {
            Kind::Tcp(tcp) => match &mut tcp.role {
                Role::Stream(stream) => stream.send(net, data),
                _ => Err(SocketError::NotConnected),
            },
            Kind::Udp(udp) => {
                let peer = udp.peer.ok_or(SocketError::NotConnected)?;
                self.send_to(net, id, data, peer)
            }
        }
    }

    pub(crate) fn recv(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        buffer: &mut [u8],
    ) -> Result<usize, SocketError> {
        match self.kind(id)? {
            Kind::Tcp(tcp) => match &mut tcp.role {
                Role::Stream(stream) => stream.recv(net, buffer),
                _ => Err(SocketError::NotConnected),
            },
            Kind::Udp(udp) => udp.recv_from(net, buffer).map(|(length, _)| length),
        }
    }

    pub(crate) fn send_to(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        data: &[u8],
        to: SocketAddrV4,
    ) -> Result<usize, SocketError> {
        self.udp(id)?;
        self.autobind(net, id)?;
        self.udp(id)?.send_to(net, data, to)
    }

    pub(crate) fn recv_from(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        buffer: &mut [u8],
    ) -> Result<(usize, SocketAddrV4), SocketError> {
        self.udp(id)?.recv_from(net, buffer)
    }

    fn autobind(&mut self, net: &mut Net<'_>, id: SocketId) -> Result<(), SocketError> {
        if self.udp(id)?.port().is_none() {
            self.bind(net, id, SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0))?;
        }
        Ok(())
    }

    pub(crate) fn shutdown(&mut self, net: &mut Net<'_>, id: SocketId) -> Result<(), SocketError> {
        match &mut self.tcp(id)?.role {
            Role::Stream(stream) => stream.shutdown(net),
            _ => Err(SocketError::NotConnected),
        }
    }

    pub(crate) fn set_option(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
        option: SocketOption,
    ) -> Result<(), SocketError> {
        let tcp = match (self.kind(id)?, option) {
            (Kind::Udp(udp), SocketOption::ReuseAddress(on)) => {
                udp.reuse = on;
                return Ok(());
            }
            (Kind::Udp(_), _) => return Err(SocketError::Invalid),
            (Kind::Tcp(tcp), _) => tcp,
        };
        match option {
            SocketOption::ReuseAddress(on) => tcp.reuse = on,
            SocketOption::KeepAlive(on) => tcp.keep_alive = on,
            SocketOption::NoDelay(on) => tcp.no_delay = on,
        }
        if let Role::Stream(stream) = &tcp.role {
            stream.set_options(net, tcp.keep_alive, tcp.no_delay);
        }
        Ok(())
    }

    pub(crate) fn readiness(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
    ) -> Result<Readiness, SocketError> {
        Ok(match self.kind(id)? {
            Kind::Udp(udp) => udp.readiness(net),
            Kind::Tcp(tcp) => match &mut tcp.role {
                Role::Fresh => Readiness { hangup: true, writable: true, ..Readiness::default() },
                Role::Stream(stream) => stream.readiness(net),
                Role::Listening(listener) => Readiness {
                    readable: listener.has_connection(net.stack),
                    ..Readiness::default()
                },
            },
        })
    }

    pub(crate) fn local(&mut self, id: SocketId) -> Result<Option<SocketAddrV4>, SocketError> {
        Ok(match self.kind(id)? {
            Kind::Udp(udp) => udp.local,
            Kind::Tcp(tcp) => tcp.local,
        })
    }

    pub(crate) fn peer(
        &mut self,
        net: &mut Net<'_>,
        id: SocketId,
    ) -> Result<Option<SocketAddrV4>, SocketError> {
        Ok(match self.kind(id)? {
            Kind::Udp(udp) => udp.peer,
            Kind::Tcp(Tcp { role: Role::Stream(stream), .. }) => stream.peer(net),
            Kind::Tcp(_) => None,
        })
    }

    /// Closes a socket and frees its slot; a connection ends on the wire by itself.
    pub(crate) fn close(&mut self, net: &mut Net<'_>, id: SocketId) -> Result<(), SocketError> {
        let index = self.index(id)?;
        match self.slots.remove(index).kind {
            Kind::Udp(udp) => udp.close(net),
            Kind::Tcp(tcp) => match tcp.role {
                Role::Fresh => {}
                Role::Stream(stream) => {
                    if let Some(handle) = stream.close(net) {
                        self.linger(net, handle);
                    }
                }
                Role::Listening(listener) => {
                    for handle in listener.close(net.stack) {
                        self.linger(net, handle);
                    }
                }
            },
        }
        Ok(())
    }

    fn linger(&mut self, net: &Net<'_>, handle: SocketHandle) {
        self.lingering.push(Lingering { handle, until_us: net.now_us.saturating_add(LINGER_US) });
    }
}

fn buffer(packets: usize) -> udp::PacketBuffer<'static> {
    udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; packets], vec![0; packets * 1472])
}

fn endpoint(address: Option<smoltcp::wire::IpEndpoint>) -> Option<SocketAddrV4> {
    address.map(to_std)
}
