//! What boards want of the host's network, done by tasks of the host. Which addresses are open the gateway has looked at; that
//! none of those that merely are not closed is this machine's own is looked at here.

use super::{Clock, ServiceIo};
use crate::air::Air;
use crate::frame::Mac;
use crate::gateway::errand::{Call, Errand, Parcel, Verdict};
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

/// Connections of all boards at one time.
const CONNECTIONS_MAX: usize = 2048;
/// Names that are looked up at one time.
const LOOKUPS_MAX: usize = 32;
/// Ports of boards that send datagrams at one time: of all, and of one board.
const FLOWS_MAX: usize = 256;
const FLOWS_OF_BOARD: usize = 16;
/// Datagrams of one port that wait to be sent.
const WAITING: usize = 64;
/// Hosts that one port speaks with.
const PEERS_MAX: usize = 64;
/// A port that is quiet for so long loses its place.
const QUIET: Duration = Duration::from_secs(120);
/// Longer than a board waits for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(20);
/// Longer than a board waits for a name.
const LOOKUP_MAX: Duration = Duration::from_secs(15);
/// What fits one frame of the air.
const DATAGRAM_MAX: usize = 1472;

/// The way to the host's network.
pub(super) struct Outside {
    air: Air,
    clock: Clock,
    connections: Arc<Semaphore>,
    lookups: Arc<Semaphore>,
    flows: HashMap<(Mac, SocketAddrV4), Sender<Parcel>>,
}

impl Outside {
    pub(super) fn new(air: Air, clock: Clock) -> Self {
        let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let lookups = Arc::new(Semaphore::new(LOOKUPS_MAX));
        Self { air, clock, connections, lookups, flows: HashMap::new() }
    }

    /// Does what boards want by now; it waits for nothing.
    pub(super) fn serve(&mut self) {
        while let Some(errand) = self.air.next_errand() {
            match errand {
                Errand::Connect(call) => self.connect(call),
                Errand::Send(parcel) => self.send(parcel),
                Errand::Resolve { name, asked } => self.resolve(name, asked),
            }
        }
    }

    fn connect(&self, call: Call) {
        let Ok(seat) = self.connections.clone().try_acquire_owned() else {
            return call.fail(Verdict::Unreachable);
        };
        if self.is_closed(call.target) {
            return call.fail(Verdict::Unreachable);
        }
        tokio::spawn(async move {
            // A board or a host that goes away in the middle is no news.
            let _ = carry(call).await;
            drop(seat);
        });
    }

    fn send(&mut self, parcel: Parcel) {
        if self.is_closed(parcel.target) {
            return;
        }
        let key = (parcel.mac, parcel.from);
        self.flows.retain(|_, flow| !flow.is_closed());
        let to = match self.flows.get(&key) {
            Some(flow) => flow,
            None => {
                let of_board = self.flows.keys().filter(|(mac, _)| *mac == parcel.mac).count();
                if self.flows.len() >= FLOWS_MAX || of_board >= FLOWS_OF_BOARD {
                    return;
                }
                let (to, parcels) = channel(WAITING);
                let flow = Flow { air: self.air.clone(), clock: self.clock.clone(), key };
                // A port that cannot be had: what is sent from there is lost.
                tokio::spawn(async move { flow.run(parcels).await.unwrap_or_default() });
                self.flows.entry(key).or_insert(to)
            }
        };
        // A datagram that finds no room is lost.
        let _ = to.try_send(parcel);
    }

    fn resolve(&self, name: String, asked: Arc<[u8]>) {
        let Ok(seat) = self.lookups.clone().try_acquire_owned() else { return };
        let (air, clock) = (self.air.clone(), self.clock.clone());
        tokio::spawn(async move {
            let config = air.config();
            if let Ok(found) = timeout(LOOKUP_MAX, lookup_host((name.as_str(), 0))).await {
                let mut told = found.into_iter().flatten().filter_map(|at| match at {
                    SocketAddr::V4(at) => config.outside.told(config.gateway, *at.ip()),
                    SocketAddr::V6(_) => None,
                });
                air.tell_name(&asked, told.next(), clock.now_us());
            }
            drop(seat);
        });
    }

    /// Whether this is the machine itself without being listed.
    fn is_closed(&self, target: SocketAddrV4) -> bool {
        !self.air.config().outside.is_listed(target) && is_own(target)
    }
}

/// Whether an address is one of this machine's: then what goes there comes from there. Nothing is sent.
pub(super) fn is_own(target: SocketAddrV4) -> bool {
    let source = || {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.connect(target)?;
        socket.local_addr()
    };
    source().is_ok_and(|from: SocketAddr| from.ip() == *target.ip())
}

async fn carry(call: Call) -> io::Result<()> {
    let mut host = match timeout(CONNECT_MAX, TcpStream::connect(call.target)).await {
        Ok(Ok(host)) => host,
        Ok(Err(error)) => {
            call.fail(match error.kind() {
                io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => {
                    Verdict::Refused
                }
                io::ErrorKind::TimedOut => Verdict::Silent,
                _ => Verdict::Unreachable,
            });
            return Err(error);
        }
        Err(_) => {
            call.fail(Verdict::Silent);
            return Err(io::ErrorKind::TimedOut.into());
        }
    };
    host.set_nodelay(true)?;
    let Some(stream) = call.open() else { return Ok(()) };
    let mut board = ServiceIo::from(stream);
    let copied = copy_bidirectional(&mut host, &mut board).await;
    if copied.is_err() {
        board.stream().cut();
    }
    copied.map(drop)
}

/// One port of a board, with a port of the host that stands for it.
struct Flow {
    air: Air,
    clock: Clock,
    key: (Mac, SocketAddrV4),
}

impl Flow {
    async fn run(self, mut parcels: Receiver<Parcel>) -> io::Result<()> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
        // Whom it has spoken to, and as whom the board knows them: only they are heard.
        let mut peers: HashMap<SocketAddrV4, SocketAddrV4> = HashMap::new();
        let mut buffer = [0; DATAGRAM_MAX + 1];
        loop {
            tokio::select! {
                parcel = parcels.recv() => {
                    let Some(parcel) = parcel else { return Ok(()) };
                    if peers.len() < PEERS_MAX || peers.contains_key(&parcel.target) {
                        peers.insert(parcel.target, parcel.to);
                        // It is lost, as datagrams are.
                        let _ = socket.send_to(&parcel.payload, parcel.target).await;
                    }
                }
                received = socket.recv_from(&mut buffer) => {
                    // An error is the answer to something that was sent: nobody is there.
                    if let Ok((length, SocketAddr::V4(from))) = received
                        && length <= DATAGRAM_MAX
                        && let Some(known) = peers.get(&from)
                    {
                        let (mac, board) = self.key;
                        self.air.deliver(mac, (*known, board), &buffer[..length], self.clock.now_us());
                    }
                }
                () = tokio::time::sleep(QUIET) => return Ok(()),
            }
        }
    }
}
