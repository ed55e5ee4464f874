//! Names to addresses, for one board: smoltcp's DNS client and the names that need none.

use crate::error::SocketError;
use crate::stack::Stack;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::dns::{self, GetQueryResultError, QueryHandle};
use smoltcp::wire::{DnsQueryType, IpAddress};
use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// A resolution under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResolveId(u32);

/// How a resolution goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// No answer yet.
    Pending,
    /// These addresses.
    Found(Vec<Ipv4Addr>),
    /// No such name, or nobody who knows.
    Failed,
}

enum State {
    Asking(QueryHandle),
    // Somebody else looks for it.
    Elsewhere,
    Over(Resolution),
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asking(_) => f.write_str("Asking"),
            Self::Elsewhere => f.write_str("Elsewhere"),
            Self::Over(resolution) => resolution.fmt(f),
        }
    }
}

/// Resolutions at one time.
const MAX_QUERIES: usize = 4;

#[derive(Debug)]
pub(super) struct Resolver {
    handle: SocketHandle,
    queries: HashMap<ResolveId, State>,
    next: u32,
    asking: usize,
}

impl Resolver {
    pub(super) fn new(stack: &mut Stack) -> Self {
        let handle = stack.sockets.add(dns::Socket::new(&[], Vec::new()));
        Self { handle, queries: HashMap::new(), next: 1, asking: 0 }
    }

    pub(super) fn set_server(&mut self, stack: &mut Stack, server: Option<Ipv4Addr>) {
        let servers: Vec<IpAddress> =
            server.filter(|ip| !ip.is_unspecified()).map(IpAddress::Ipv4).into_iter().collect();
        stack.sockets.get_mut::<dns::Socket<'_>>(self.handle).update_servers(&servers);
    }

    pub(super) fn start(
        &mut self,
        stack: &mut Stack,
        name: &str,
        online: bool,
    ) -> Result<ResolveId, SocketError> {
        if self.queries.len() >= MAX_QUERIES {
            return Err(SocketError::NoBuffers);
        }
        let state = if let Ok(address) = name.parse::<Ipv4Addr>() {
            State::Over(Resolution::Found(vec![address]))
        } else if name.eq_ignore_ascii_case("localhost") {
            State::Over(Resolution::Found(vec![Ipv4Addr::LOCALHOST]))
        } else if online {
            let socket = stack.sockets.get_mut::<dns::Socket<'_>>(self.handle);
            match socket.start_query(stack.iface.context(), name, DnsQueryType::A) {
                Ok(query) => {
                    self.asking += 1;
                    State::Asking(query)
                }
                Err(_) => State::Over(Resolution::Failed),
            }
        } else {
            State::Over(Resolution::Failed)
        };
        Ok(self.insert(state))
    }

    fn insert(&mut self, state: State) -> ResolveId {
        let id = ResolveId(self.next);
        self.next = self.next.wrapping_add(1);
        self.queries.insert(id, state);
        id
    }

    /// A resolution that somebody else sees to and ends.
    pub(super) fn wait(&mut self) -> Result<ResolveId, SocketError> {
        if self.queries.len() >= MAX_QUERIES {
            return Err(SocketError::NoBuffers);
        }
        Ok(self.insert(State::Elsewhere))
    }

    /// Ends such a one, if somebody still waits for it.
    pub(super) fn end(&mut self, id: ResolveId, resolution: Resolution) {
        if let Some(state @ State::Elsewhere) = self.queries.get_mut(&id) {
            *state = State::Over(resolution);
        }
    }

    /// Nobody waits for any of them any more.
    pub(super) fn forget(&mut self, stack: &mut Stack) {
        let socket = stack.sockets.get_mut::<dns::Socket<'_>>(self.handle);
        for state in std::mem::take(&mut self.queries).into_values() {
            if let State::Asking(query) = state {
                socket.cancel_query(query);
            }
        }
        self.asking = 0;
    }

    pub(super) fn poll(&mut self, stack: &mut Stack) {
        if self.asking == 0 {
            return;
        }
        let socket = stack.sockets.get_mut::<dns::Socket<'_>>(self.handle);
        for state in self.queries.values_mut() {
            let State::Asking(query) = state else { continue };
            let resolution = match socket.get_query_result(*query) {
                Err(GetQueryResultError::Pending) => continue,
                Err(GetQueryResultError::Failed) => Resolution::Failed,
                Ok(addresses) => found(addresses.iter().copied()),
            };
            *state = State::Over(resolution);
            self.asking -= 1;
        }
    }

    pub(super) fn take(&mut self, id: ResolveId) -> Resolution {
        match self.queries.get(&id) {
            Some(State::Asking(_) | State::Elsewhere) => Resolution::Pending,
            Some(State::Over(resolution)) => {
                let resolution = resolution.clone();
                self.queries.remove(&id);
                resolution
            }
            None => Resolution::Failed,
        }
    }
}

fn found(addresses: impl Iterator<Item = IpAddress>) -> Resolution {
    let list: Vec<_> = addresses
        .filter_map(|address| match IpAddr::from(address) {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        })
        .collect();
    if list.is_empty() { Resolution::Failed } else { Resolution::Found(list) }
}
