//! The broadcast domain behind the access points: ports with inboxes, and who gets which frame. A frame passes from one thread to
//! another here and nowhere else. It knows hardware addresses and looks into ARP and DHCP only to spare boards what is not for them.

use crate::faults::FaultTable;
use crate::frame::{self, Frame, Mac, Peek};
use crate::rng::Rng;
use crate::taps::{FrameTap, Taps};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Called when something waits for whoever set it. It must return at once and call nothing of the air: wake a thread, no more.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

const DHCP_SERVER_PORT: u16 = 67;

/// Locks a mutex whose data stays whole even if a holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One plug: a board's radio, a board's access point, or the gateway. It is on at most one segment at a time.
pub(crate) struct Port {
    pub(crate) mac: Mac,
    /// The number of the segment that it is on; zero for none.
    on: AtomicU64,
    inbox: Mutex<Vec<Frame>>,
    capacity: usize,
    waker: Mutex<Option<Waker>>,
    dropped: AtomicU64,
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Port").field("mac", &self.mac).field("on", &self.on).finish_non_exhaustive()
    }
}

impl Port {
    fn new(mac: Mac, capacity: usize) -> Arc<Self> {
        Arc::new(Self {
            mac,
            on: AtomicU64::new(0),
            inbox: Mutex::new(Vec::new()),
            capacity,
            waker: Mutex::new(None),
            dropped: AtomicU64::new(0),
        })
    }

    /// Opens the port on a segment.
    pub(crate) fn open(&self, segment: &Segment) {
        self.on.store(segment.number, Relaxed);
    }

    /// Closes the port: it neither sends nor gets.
    pub(crate) fn close(&self) {
        self.on.store(0, Relaxed);
        lock(&self.inbox).clear();
    }

    pub(crate) fn set_waker(&self, waker: Option<Waker>) {
        *lock(&self.waker) = waker;
    }

    pub(crate) fn waker(&self) -> Option<Waker> {
        lock(&self.waker).clone()
    }

    /// Calls the waker.
    pub(crate) fn wake(&self) {
        let waker = lock(&self.waker).clone();
        if let Some(waker) = waker {
            waker();
        }
    }

    /// Moves what is in the inbox to the end of `frames`; what does not fit there is dropped.
    pub(crate) fn drain_into(&self, frames: &mut VecDeque<Frame>) {
        let mut inbox = lock(&self.inbox);
        let fits = inbox.len().min((self.capacity * 4).saturating_sub(frames.len()));
        self.dropped.fetch_add((inbox.len() - fits) as u64, Relaxed);
        frames.extend(inbox.drain(..fits));
        inbox.clear();
    }

    /// Frames that found the inbox full.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    fn deliver(&self, segment: u64, frame: Frame) {
        if self.on.load(Relaxed) != segment {
            return;
        }
        let was_empty = {
            let mut inbox = lock(&self.inbox);
            if inbox.len() >= self.capacity {
                self.dropped.fetch_add(1, Relaxed);
                return;
            }
            inbox.push(frame);
            inbox.len() == 1
        };
        if was_empty {
            self.wake();
        }
    }
}

#[derive(Debug, Default)]
struct Ports {
    // In order, so that the same seed gives the same run.
    by_mac: BTreeMap<Mac, Arc<Port>>,
    by_ip: HashMap<Ipv4Addr, Mac>,
}

/// Numbers of segments, so that a port knows which one it is on.
static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// The segment.
pub(crate) struct Segment {
    number: u64,
    ports: RwLock<Ports>,
    gateway: Arc<Port>,
    faults: Arc<FaultTable>,
    taps: Arc<Taps<FrameTap>>,
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment").field("gateway", &self.gateway).finish_non_exhaustive()
    }
}

impl Segment {
    /// Frames that wait for one board; the chip has fewer buffers, but it is never away as long as a busy host is.
    const STATION_INBOX: usize = 256;
    const GATEWAY_INBOX: usize = 16_384;

    /// A segment with a port at `gateway_ip` that is always open: the lab's gateway, or a board's access point.
    pub(crate) fn new(
        gateway_mac: Mac,
        gateway_ip: Ipv4Addr,
        faults: Arc<FaultTable>,
        taps: Arc<Taps<FrameTap>>,
    ) -> Self {
        let gateway = Port::new(gateway_mac, Self::GATEWAY_INBOX);
        let mut ports = Ports::default();
        ports.by_mac.insert(gateway_mac, gateway.clone());
        ports.by_ip.insert(gateway_ip, gateway_mac);
        let number = NUMBERS.fetch_add(1, Relaxed);
        gateway.on.store(number, Relaxed);
        Self { number, ports: RwLock::new(ports), gateway, faults, taps }
    }

    pub(crate) fn gateway(&self) -> &Arc<Port> {
        &self.gateway
    }

    /// Plugs a board in, closed. One that had the same hardware address is unplugged.
    pub(crate) fn attach(&self, mac: Mac) -> Arc<Port> {
        let port = Port::new(mac, Self::STATION_INBOX);
        let mut ports = self.ports.write().unwrap_or_else(PoisonError::into_inner);
        if mac != self.gateway.mac
            && let Some(old) = ports.by_mac.insert(mac, port.clone())
        {
            old.close();
        }
        ports.by_ip.retain(|_, owner| *owner != mac || mac == self.gateway.mac);
        port
    }

    /// Plugs a port in that may be plugged in elsewhere as well. Another one that had its hardware address is unplugged.
    pub(crate) fn plug(&self, port: &Arc<Port>) {
        let mut ports = self.ports.write().unwrap_or_else(PoisonError::into_inner);
        if port.mac != self.gateway.mac {
            ports.by_mac.insert(port.mac, port.clone());
        }
    }

    /// Unplugs a board.
    pub(crate) fn detach(&self, port: &Arc<Port>) {
        port.close();
        let mut ports = self.ports.write().unwrap_or_else(PoisonError::into_inner);
        if ports.by_mac.get(&port.mac).is_some_and(|current| Arc::ptr_eq(current, port)) {
            ports.by_mac.remove(&port.mac);
            ports.by_ip.retain(|_, owner| *owner != port.mac);
        }
    }

    /// Notes which address a board uses, so that questions for it reach that board alone.
    pub(crate) fn set_ip(&self, port: &Port, old: Option<Ipv4Addr>, new: Option<Ipv4Addr>) {
        let mut ports = self.ports.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = old
            && ports.by_ip.get(&old) == Some(&port.mac)
        {
            ports.by_ip.remove(&old);
        }
        if let Some(new) = new
            && ports.by_ip.get(&new) != Some(&self.gateway.mac)
        {
            ports.by_ip.insert(new, port.mac);
        }
    }

    /// Whether some board uses that address.
    pub(crate) fn has_ip(&self, ip: Ipv4Addr) -> bool {
        self.ports.read().unwrap_or_else(PoisonError::into_inner).by_ip.contains_key(&ip)
    }

    /// Whether a station with this hardware address is plugged in.
    pub(crate) fn has(&self, mac: Mac) -> bool {
        self.ports.read().unwrap_or_else(PoisonError::into_inner).by_mac.contains_key(&mac)
    }

    /// The stations that are plugged in, by their hardware addresses.
    pub(crate) fn station_macs(&self) -> Vec<Mac> {
        let ports = self.ports.read().unwrap_or_else(PoisonError::into_inner);
        ports.by_mac.keys().copied().filter(|mac| *mac != self.gateway.mac).collect()
    }

    /// Who uses that address.
    pub(crate) fn mac_of(&self, ip: Ipv4Addr) -> Option<Mac> {
        self.ports.read().unwrap_or_else(PoisonError::into_inner).by_ip.get(&ip).copied()
    }

    /// The address that a board uses, the lowest if there are more, while it is on the segment: addresses outlive a lost link.
    pub(crate) fn ip_of(&self, mac: Mac) -> Option<Ipv4Addr> {
        let ports = self.ports.read().unwrap_or_else(PoisonError::into_inner);
        ports.by_mac.get(&mac).filter(|port| port.on.load(Relaxed) == self.number)?;
        ports.by_ip.iter().filter(|(_, m)| **m == mac).map(|(ip, _)| *ip).min()
    }

    /// Boards plugged in.
    pub(crate) fn stations(&self) -> usize {
        self.ports.read().unwrap_or_else(PoisonError::into_inner).by_mac.len().saturating_sub(1)
    }

    /// Wakes every board.
    pub(crate) fn wake_all(&self) {
        let all: Vec<_> = self
            .ports
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .by_mac
            .values()
            .cloned()
            .collect();
        for port in all {
            port.wake();
        }
    }

    /// Sends a frame on its way.
    pub(crate) fn send(&self, from: &Port, bytes: Arc<[u8]>, now_us: u64, rng: &mut Rng) {
        self.send_later(from, bytes, (now_us, 0), rng);
    }

    /// The same, of one who takes so many microseconds more to send it.
    pub(crate) fn send_later(
        &self,
        from: &Port,
        bytes: Arc<[u8]>,
        (now_us, late_us): (u64, u64),
        rng: &mut Rng,
    ) {
        let Some((dst, src)) = frame::addresses(&bytes) else { return };
        if from.on.load(Relaxed) != self.number || src != from.mac {
            return;
        }
        self.taps.each(|tap| tap(now_us, &bytes));
        if rng.chance(self.faults.loss_ppm()) {
            return;
        }
        let at_us = now_us.saturating_add(late_us);
        let Some(arrival_us) = self.faults.arrival_us(at_us, bytes.len()) else { return };
        let deliver_at_us = if late_us > 0 { arrival_us.max(at_us) } else { arrival_us };
        let frame = Frame { deliver_at_us, bytes };
        if dst == self.gateway.mac {
            return self.gateway.deliver(self.number, frame);
        }
        if !frame::is_group(dst) {
            let ports = self.ports.read().unwrap_or_else(PoisonError::into_inner);
            let port = ports.by_mac.get(&dst).cloned();
            drop(ports);
            if let Some(port) = port {
                port.deliver(self.number, frame);
            }
            return;
        }
        self.send_to_group(from, frame);
    }

    // An access point that answers for its stations: an ARP question goes to the one it is about and a DHCP question to the
    // server, or a thousand boards would each hear a thousand questions when they start.
    fn send_to_group(&self, from: &Port, frame: Frame) {
        let ports = self.ports.read().unwrap_or_else(PoisonError::into_inner);
        let targets: Vec<Arc<Port>> = match frame::peek(&frame.bytes) {
            Peek::ArpRequest { target, .. } => ports
                .by_ip
                .get(&target)
                .and_then(|mac| ports.by_mac.get(mac))
                .cloned()
                .into_iter()
                .collect(),
            Peek::Udp { dst, .. } if dst.port() == DHCP_SERVER_PORT => vec![self.gateway.clone()],
            _ => ports.by_mac.values().cloned().collect(),
        };
        drop(ports);
        for port in targets.iter().filter(|port| port.mac != from.mac) {
            port.deliver(self.number, frame.clone());
        }
    }
}
