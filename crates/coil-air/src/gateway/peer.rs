//! The gateway's side of one board: a stack of its own, the connections on it, and those that wait for the host's network.

use super::HTTP_PORT;
use super::errand::{Call, Held, Verdict};
use crate::air::Shared;
use crate::faults::ServiceFault;
use crate::frame::Mac;
use crate::names::{Host, ServicePort};
use crate::services::answer::PORTAL;
use crate::services::tcp::{BUFFERS, Connection, ServiceStream, Target};
use crate::stack::Stack;
use smoltcp::iface::SocketHandle;
use smoltcp::wire::{IpAddress, IpCidr, IpListenEndpoint, Ipv4Cidr};
use std::net::SocketAddrV4;
use std::sync::Arc;

/// Connections of one board that the gateway keeps at one time; a chip has sixteen.
const MAX_CONNECTIONS: usize = 64;
const DATA_TIMEOUT_US: u64 = 90_000_000;

/// What the gateway keeps of one board.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) stack: Stack,
    pub(super) connections: Vec<Connection>,
    held: Vec<Held>,
    pub(super) deadline_us: Option<u64>,
}

/// A connection that a board asks for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) local: SocketAddrV4,
    pub(super) remote: SocketAddrV4,
    pub(super) mac: Mac,
    /// The frame that asks.
    pub(super) syn: &'a Arc<[u8]>,
}

/// What becomes of it.
#[derive(Debug)]
pub(super) enum Admitted {
    /// The stack takes it in; without a socket there it refuses it.
    Now,
    /// Once this call is decided.
    Later(Call),
    /// Not at all.
    Never,
}

impl Peer {
    pub(super) fn new(air: &Shared, seed: u64, now_us: u64) -> Self {
        let mut stack = Stack::new(air.segment.gateway().mac, seed, now_us);
        // Every virtual address is the gateway's; what reaches this stack was looked at before.
        stack.iface.set_any_ip(true);
        stack.iface.update_ip_addrs(|addresses| {
            let _ =
                addresses.push(IpCidr::Ipv4(Ipv4Cidr::new(air.config.gateway, air.config.prefix)));
        });
        Self { stack, connections: Vec::new(), held: Vec::new(), deadline_us: None }
    }

    /// Makes a socket wait for the connection that is asked for.
    pub(super) fn admit(&mut self, air: &Shared, asked: Asked<'_>) -> Admitted {
        let Asked { local, remote, mac, syn } = asked;
        let known = |it: &Connection| self.stack.is_connection(it.handle, local, remote);
        let faults = air.faults.get();
        if self.connections.iter().any(known) || faults.services == ServiceFault::Dead {
            return Admitted::Now;
        }
        let service = if faults.portal { portal_at(air, local) } else { service_at(air, local) };
        let target = match service {
            None if faults.portal => None,
            None => air.config.outside.target(air.config.gateway, local),
            Some(_) => None,
        };
        if service.is_none() && target.is_none() {
            return Admitted::Now;
        }
        let is_held = |it: &Held| it.from == remote && it.to == local;
        if self.held.iter().any(is_held)
            || self.connections.len() + self.held.len() >= MAX_CONNECTIONS
        {
            return Admitted::Never;
        }
        if let Some(target) = target {
            let (held, call) = Held::new((remote, local, mac), target, syn.clone(), &air.mailbox);
            self.held.push(held);
            return Admitted::Later(call);
        }
        let Some((host, port)) = service else { return Admitted::Now };
        let tls = if port.tls {
            match air
                .authority()
                .server(&host.name, faults.expired)
                .and_then(|config| config.accept())
            {
                Ok(session) => Some(session),
                Err(_) => return Admitted::Now,
            }
        } else {
            None
        };
        let Some(handle) = self.listen(local) else { return Admitted::Now };
        let target = Target {
            name: host.name.clone(),
            kind: host.kind_name.clone(),
            local,
            peer: remote,
            mac,
        };
        self.connections.push(Connection::new(handle, target, tls, &air.mailbox));
        Admitted::Now
    }

    fn listen(&mut self, local: SocketAddrV4) -> Option<SocketHandle> {
        let handle = self.stack.add_tcp(BUFFERS.0, BUFFERS.1, DATA_TIMEOUT_US);
        let at = IpListenEndpoint { addr: Some(IpAddress::Ipv4(*local.ip())), port: local.port() };
        if self.stack.tcp_mut(handle).listen(at).is_err() {
            self.stack.remove(handle);
            return None;
        }
        Some(handle)
    }

    /// Goes on with those of which the host's network has answered; tells the frames to which there is no way.
    pub(super) fn decide(&mut self, now_us: u64) -> Vec<Arc<[u8]>> {
        let mut lost = Vec::new();
        let held = std::mem::take(&mut self.held);
        for one in held {
            match one.verdict() {
                None => {
                    self.held.push(one);
                    continue;
                }
                Some(Verdict::Open) => match self.listen(one.to) {
                    Some(handle) => self.connections.push(Connection::over(handle, one.core())),
                    None => one.core().break_off(),
                },
                Some(Verdict::Refused) => {}
                Some(Verdict::Silent) => continue,
                Some(Verdict::Unreachable) => {
                    lost.push(one.syn);
                    continue;
                }
            }
            // Without a socket the stack refuses it.
            self.stack.ingest(one.syn, now_us);
        }
        lost
    }

    /// The board is gone.
    pub(super) fn break_off(&self) {
        self.connections.iter().for_each(Connection::break_off);
        self.held.iter().for_each(|held| held.core().break_off());
    }

    pub(super) fn mind_timeouts(&mut self) {
        for connection in &self.connections {
            self.stack.mind_timeout(connection.handle, DATA_TIMEOUT_US);
        }
    }

    /// Opens a connection to the board.
    pub(super) fn dial(
        &mut self,
        air: &Shared,
        local: SocketAddrV4,
        board: SocketAddrV4,
        mac: Mac,
    ) -> Option<ServiceStream> {
        if self.connections.len() >= MAX_CONNECTIONS {
            return None;
        }
        let (way, timeout_us) = ((local, board), air.config.timings.connect_timeout_us);
        let (connection, stream) =
            Connection::dial(&mut self.stack, way, mac, &air.mailbox, timeout_us)?;
        self.connections.push(connection);
        Some(stream)
    }

    pub(super) fn reap(&mut self) {
        Connection::reap(&mut self.connections, &mut self.stack);
    }

    pub(super) fn deadline(&mut self, now_us: u64) -> Option<u64> {
        let linger = self.connections.iter().filter_map(Connection::deadline).min();
        self.stack.poll_at(now_us).into_iter().chain(linger).min()
    }
}

/// What a portal makes of an address: itself for plain HTTP, nothing else.
fn portal_at(air: &Shared, at: SocketAddrV4) -> Option<(&Host, ServicePort)> {
    let host = air.config.names.find(PORTAL)?;
    (at.port() == HTTP_PORT).then_some((host, ServicePort { port: HTTP_PORT, tls: false }))
}

fn service_at(air: &Shared, at: SocketAddrV4) -> Option<(&Host, ServicePort)> {
    let host = air.config.names.at(*at.ip())?;
    let port = host.kind.ports.iter().find(|port| port.port == at.port())?;
    Some((host, *port))
}
