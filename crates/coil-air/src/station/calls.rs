//! What a board's programs ask of its stack: sockets, names and pings. None of these waits: [`SocketError::WouldBlock`] and
//! [`SocketError::InProgress`] say that [`Station::poll`] must run first.

use super::{Mdns, Resolution, ResolveId, Station, mdns};
use crate::error::SocketError;
use crate::socket::{Readiness, SocketId, SocketOption};
use std::net::{Ipv4Addr, SocketAddrV4};

impl Station {
    /// Opens a datagram socket.
    pub fn udp_open(&mut self) -> Result<SocketId, SocketError> {
        let (sockets, mut net) = self.split();
        sockets.open_udp(&mut net)
    }

    /// Opens a TCP socket.
    pub fn tcp_open(&mut self) -> Result<SocketId, SocketError> {
        self.sockets.open_tcp()
    }

    /// Sockets that are open.
    pub fn open_sockets(&self) -> usize {
        self.sockets.count()
    }

    /// Gives a socket its local address and port; port 0 picks one.
    pub fn bind(&mut self, id: SocketId, local: SocketAddrV4) -> Result<(), SocketError> {
        // The firmware's own has that port, and shares it with nobody.
        if local.port() == mdns::PORT && self.mdns.has_started() && self.sockets.is_udp(id)? {
            return Err(SocketError::AddressInUse);
        }
        let (sockets, mut net) = self.split();
        sockets.bind(&mut net, id, local)
    }

    /// Connects. For TCP the answer is [`SocketError::InProgress`]; the socket turns writable when the connection stands, and a
    /// second call tells how it went.
    pub fn connect_socket(
        &mut self,
        id: SocketId,
        remote: SocketAddrV4,
    ) -> Result<(), SocketError> {
        // Whoever only asks gives the stack nothing to do.
        self.dirty |= !self.sockets.has_begun(id);
        let (sockets, mut net) = self.split();
        sockets.connect(&mut net, id, remote)
    }

    /// Listens for connections.
    pub fn listen(&mut self, id: SocketId, backlog: usize) -> Result<(), SocketError> {
        let (sockets, mut net) = self.split();
        sockets.listen(&mut net, id, backlog)
    }

    /// Takes a connection that waits.
    pub fn accept(&mut self, id: SocketId) -> Result<(SocketId, SocketAddrV4), SocketError> {
        let (sockets, mut net) = self.split();
        sockets.accept(&mut net, id)
    }

    /// Sends on a connected socket; answers how many bytes were taken.
    pub fn send(&mut self, id: SocketId, data: &[u8]) -> Result<usize, SocketError> {
        let (sockets, mut net) = self.split();
        let sent = sockets.send(&mut net, id, data);
        self.dirty |= sent.is_ok();
        sent
    }

    /// Receives from a connected socket; 0 is the end of the stream.
    pub fn recv(&mut self, id: SocketId, buffer: &mut [u8]) -> Result<usize, SocketError> {
        let (sockets, mut net) = self.split();
        let received = sockets.recv(&mut net, id, buffer);
        // Reading opens the window, which the peer must be told.
        self.dirty |= matches!(received, Ok(1..));
        received
    }

    /// Sends a datagram.
    pub fn send_to(
        &mut self,
        id: SocketId,
        data: &[u8],
        to: SocketAddrV4,
    ) -> Result<usize, SocketError> {
        let (sockets, mut net) = self.split();
        let sent = sockets.send_to(&mut net, id, data, to);
        self.dirty |= sent.is_ok();
        sent
    }

    /// Receives a datagram; one longer than the buffer is cut.
    pub fn recv_from(
        &mut self,
        id: SocketId,
        buffer: &mut [u8],
    ) -> Result<(usize, SocketAddrV4), SocketError> {
        let (sockets, mut net) = self.split();
        sockets.recv_from(&mut net, id, buffer)
    }

    /// Closes the sending side of a connection.
    pub fn shutdown(&mut self, id: SocketId) -> Result<(), SocketError> {
        self.dirty = true;
        let (sockets, mut net) = self.split();
        sockets.shutdown(&mut net, id)
    }

    /// Closes a socket. A connection ends on the wire by itself.
    pub fn close(&mut self, id: SocketId) -> Result<(), SocketError> {
        self.dirty = true;
        let (sockets, mut net) = self.split();
        sockets.close(&mut net, id)
    }

    /// Sets an option.
    pub fn set_option(&mut self, id: SocketId, option: SocketOption) -> Result<(), SocketError> {
        let (sockets, mut net) = self.split();
        sockets.set_option(&mut net, id, option)
    }

    /// What a socket is ready for.
    pub fn readiness(&mut self, id: SocketId) -> Result<Readiness, SocketError> {
        let (sockets, mut net) = self.split();
        sockets.readiness(&mut net, id)
    }

    /// A socket's own address, if it has one.
    pub fn local_address(&mut self, id: SocketId) -> Result<Option<SocketAddrV4>, SocketError> {
        self.sockets.local(id)
    }

    /// The address of a socket's peer, if it has one.
    pub fn peer_address(&mut self, id: SocketId) -> Result<Option<SocketAddrV4>, SocketError> {
        let (sockets, mut net) = self.split();
        sockets.peer(&mut net, id)
    }

    // --- names and pings ---

    /// Starts to resolve a name. Addresses in figures and `localhost` need no server.
    pub fn start_resolve(&mut self, name: &str) -> Result<ResolveId, SocketError> {
        self.dirty = true;
        match mdns::host_of(name) {
            Some(host) if self.mdns.has() != Mdns::None => self.search_mdns(host),
            _ => self.resolver.start(&mut self.stack, name, self.has_ip),
        }
    }

    /// Whoever waited for names waits no more.
    pub fn forget_resolves(&mut self) {
        self.resolver.forget(&mut self.stack);
        self.mdns.forget_searches();
        self.dirty = true;
    }

    /// How a resolution goes; once it is over the answer is given once.
    pub fn poll_resolve(&mut self, id: ResolveId) -> Resolution {
        self.resolver.take(id)
    }

    /// Sends an ICMP echo request.
    pub fn ping(&mut self, to: Ipv4Addr, sequence: u16) -> Result<(), SocketError> {
        if !self.has_ip && !to.is_loopback() {
            return Err(SocketError::HostUnreachable);
        }
        self.dirty = true;
        self.pinger.send(&mut self.stack, to, sequence)
    }

    /// The next answer to a ping: who, and which.
    pub fn pong(&mut self) -> Option<(Ipv4Addr, u16)> {
        self.pinger.next()
    }

    /// Sends a frame as it is, whatever is in it: what a program with the bare radio could do, and what tests of the air's
    /// endurance do. One that is too short or from another hardware address than the board's goes nowhere.
    pub fn send_frame(&mut self, frame: &[u8], now_us: u64) {
        self.net.send(&self.port, frame.into(), now_us, &mut self.rng);
    }

    /// Frames that this board's radio had no room for.
    pub fn dropped_frames(&self) -> u64 {
        self.port.dropped() + self.seat.dropped()
    }
}
