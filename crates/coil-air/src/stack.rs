//! One IP stack on the segment: smoltcp's interface and sockets over two queues of frames. Boards and the gateway both stand on it.
//! It does not know the segment, the radio or the names of services; its owner moves the frames.

use crate::frame::{MAX_FRAME, Mac};
use smoltcp::iface::{
    Config, Interface, PollIngressSingleResult, PollResult, SocketHandle, SocketSet,
};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp::{self, State};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpEndpoint};
use std::collections::VecDeque;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

/// How soon a socket that could not send is asked again.
const RETRY_US: u64 = 500;

/// A stack: interface, sockets and the frames waiting to leave.
pub(crate) struct Stack {
    pub(crate) iface: Interface,
    pub(crate) sockets: SocketSet<'static>,
    // Those that are closed when what they have to send is on its way.
    closing: Vec<SocketHandle>,
    wire: Wire,
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stack").field("addresses", &self.iface.ip_addrs()).finish_non_exhaustive()
    }
}

impl Stack {
    pub(crate) fn new(mac: Mac, seed: u64, now_us: u64) -> Self {
        let mut wire = Wire::default();
        let mut config = Config::new(HardwareAddress::Ethernet(EthernetAddress(mac)));
        config.random_seed = seed;
        let iface = Interface::new(config, &mut wire, instant(now_us));
        Self { iface, sockets: SocketSet::new(Vec::new()), closing: Vec::new(), wire }
    }

    /// Takes one frame in. Answers wait in the queue that [`Stack::next_out`] empties.
    pub(crate) fn ingest(&mut self, frame: Arc<[u8]>, now_us: u64) {
        self.wire.rx = Some(frame);
        while self.wire.rx.is_some() {
            let result =
                self.iface.poll_ingress_single(instant(now_us), &mut self.wire, &mut self.sockets);
            if matches!(result, PollIngressSingleResult::None) {
                break;
            }
        }
        self.wire.rx = None;
    }

    /// Lets sockets send what they have to send.
    pub(crate) fn egress(&mut self, now_us: u64) {
        let mut closing = std::mem::take(&mut self.closing);
        closing.retain(|handle| !self.close_if_sent(*handle));
        self.closing = closing;
        while self.iface.poll_egress(instant(now_us), &mut self.wire, &mut self.sockets)
            == PollResult::SocketStateChanged
        {}
    }

    /// Closes the sending side of a TCP socket. Where the peer has closed its side already, only after all is sent and
    /// acknowledged: smoltcp's socket is deaf to a window that opens again from then on (0.14, LAST-ACK), and would wait for its probe,
    /// a second long.
    pub(crate) fn close(&mut self, handle: SocketHandle) {
        if !self.close_if_sent(handle) && !self.closing.contains(&handle) {
            self.closing.push(handle);
        }
    }

    fn close_if_sent(&mut self, handle: SocketHandle) -> bool {
        let socket = self.tcp_mut(handle);
        let waits = socket.state() == State::CloseWait && socket.send_queue() > 0;
        if !waits {
            socket.close();
        }
        !waits
    }

    /// Takes a socket away.
    pub(crate) fn remove(&mut self, handle: SocketHandle) {
        self.closing.retain(|it| *it != handle);
        self.sockets.remove(handle);
    }

    /// The next frame that leaves.
    pub(crate) fn next_out(&mut self) -> Option<Arc<[u8]>> {
        self.wire.tx.pop_front()
    }

    /// When sockets want attention next, after [`Stack::egress`]. One that wants it now could not have it (no route, say) and is not
    /// asked again at once.
    pub(crate) fn poll_at(&mut self, now_us: u64) -> Option<u64> {
        let at = self.iface.poll_at(instant(now_us), &self.sockets)?;
        Some(u64::try_from(at.total_micros()).unwrap_or(0).max(now_us.saturating_add(RETRY_US)))
    }

    /// Has a connection given up only while the peer owes an answer: one that is merely quiet may be so for days.
    pub(crate) fn mind_timeout(&mut self, handle: SocketHandle, timeout_us: u64) {
        let socket = self.tcp_mut(handle);
        let quiet =
            matches!(socket.state(), State::Established | State::CloseWait | State::FinWait2)
                && socket.send_queue() == 0;
        socket.set_timeout(if quiet { None } else { Some(Duration::from_micros(timeout_us)) });
    }

    /// A new TCP socket with buffers of these sizes.
    pub(crate) fn add_tcp(
        &mut self,
        rx_bytes: usize,
        tx_bytes: usize,
        timeout_us: u64,
    ) -> SocketHandle {
        let mut socket = tcp::Socket::new(
            tcp::SocketBuffer::new(vec![0; rx_bytes]),
            tcp::SocketBuffer::new(vec![0; tx_bytes]),
        );
        socket.set_timeout(Some(Duration::from_micros(timeout_us)));
        // Acknowledge at once and do not hold small segments back: nothing is saved on a virtual wire.
        socket.set_ack_delay(None);
        socket.set_nagle_enabled(false);
        self.sockets.add(socket)
    }

    /// A TCP socket that connects; nothing if the stack has no way.
    pub(crate) fn dial(
        &mut self,
        local: SocketAddrV4,
        remote: SocketAddrV4,
        (rx_bytes, tx_bytes): (usize, usize),
        timeout_us: u64,
    ) -> Option<SocketHandle> {
        let handle = self.add_tcp(rx_bytes, tx_bytes, timeout_us);
        let socket = self.sockets.get_mut::<tcp::Socket<'_>>(handle);
        if socket.connect(self.iface.context(), remote, local).is_err() {
            self.remove(handle);
            return None;
        }
        Some(handle)
    }

    pub(crate) fn tcp(&self, handle: SocketHandle) -> &tcp::Socket<'static> {
        self.sockets.get(handle)
    }

    pub(crate) fn tcp_mut(&mut self, handle: SocketHandle) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(handle)
    }

    /// True if the TCP socket `handle` is the connection from `local` to `remote`.
    pub(crate) fn is_connection(
        &self,
        handle: SocketHandle,
        local: SocketAddrV4,
        remote: SocketAddrV4,
    ) -> bool {
        let socket = self.tcp(handle);
        socket.local_endpoint() == Some(local.into())
            && socket.remote_endpoint() == Some(remote.into())
    }
}

/// Microseconds of lab time as smoltcp counts it.
pub(crate) fn instant(now_us: u64) -> Instant {
    Instant::from_micros(i64::try_from(now_us).unwrap_or(i64::MAX))
}

/// An endpoint as the standard library writes it.
pub(crate) fn to_std(endpoint: IpEndpoint) -> SocketAddrV4 {
    match IpAddr::from(endpoint.addr) {
        IpAddr::V4(ip) => SocketAddrV4::new(ip, endpoint.port),
        IpAddr::V6(_) => SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, endpoint.port),
    }
}

#[derive(Debug, Default)]
struct Wire {
    rx: Option<Arc<[u8]>>,
    tx: VecDeque<Arc<[u8]>>,
}

impl Device for Wire {
    type RxToken<'a> = Incoming;
    type TxToken<'a> = Outgoing<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Incoming, Outgoing<'_>)> {
        let frame = self.rx.take()?;
        Some((Incoming(frame), Outgoing(&mut self.tx)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Outgoing<'_>> {
        Some(Outgoing(&mut self.tx))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut caps = DeviceCapabilities::default();
        caps.medium = Medium::Ethernet;
        caps.max_transmission_unit = MAX_FRAME;
        caps
    }
}

struct Incoming(Arc<[u8]>);

impl RxToken for Incoming {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

struct Outgoing<'a>(&'a mut VecDeque<Arc<[u8]>>);

impl TxToken for Outgoing<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let mut frame: Arc<[u8]> = std::iter::repeat_n(0u8, len).collect();
        let result =
            f(Arc::get_mut(&mut frame).expect("the frame was made here and has one owner"));
        self.0.push_back(frame);
        result
    }
}
