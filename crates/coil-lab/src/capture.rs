//! What goes over the air, as a pcapng file: of the whole lab, or of what a board sends and hears. Whoever reads slowly loses frames, and is told how many.

mod pcapng;

use crate::events::Names;
use coil_air::{Air, GuestSeat, Mac, Owners, TapId};
use pcapng::Direction;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes that wait to be written.
const WAITING_MAX: usize = 16 << 20;

/// What is to be captured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// A board, or a guest; nothing for all that is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// The secrets of boards' TLS sessions that begin from now on, so that Wireshark can read them.
    #[serde(default)]
    pub keys: bool,
}

/// Where captures of a lab come from.
#[derive(Clone, Debug)]
pub struct Captures {
    air: Air,
    boards: Names,
}

impl Captures {
    /// Those of this air, whose boards are called so.
    pub fn new(air: Air, boards: Names) -> Self {
        Self { air, boards }
    }

    /// Starts one.
    ///
    /// # Errors
    /// If there is no such board.
    pub fn start(&self, wish: &Wish) -> Result<Capture, String> {
        let of = match &wish.board {
            None => None,
            Some(name) => {
                let own = self.boards.iter().filter(|(_, board)| ***board == **name);
                let guest = GuestSeat::all().filter(|seat| seat.name() == *name);
                let own: Vec<Mac> =
                    own.map(|(mac, _)| *mac).chain(guest.map(GuestSeat::mac)).collect();
                if own.is_empty() {
                    let known: BTreeSet<&str> = self.boards.values().map(|n| &**n).collect();
                    let known = Vec::from_iter(known).join(", ");
                    return Err(format!("there is no board `{name}`; there are: {known}"));
                }
                Some(own)
            }
        };
        let shared = Arc::new(Shared::default());
        let hosts = self.air.config().names.hosts();
        let names = hosts.iter().filter(|h| !h.name.starts_with('*'));
        let names = names.map(|h| (h.address, &*h.name));
        let interface = wish.board.as_deref().unwrap_or("air");
        shared.push(pcapng::head(interface, "frames of a virtual workshop"));
        shared.push(pcapng::names(names));
        let (frames, zero) = (shared.clone(), self.air.unix_us_at_zero());
        let owners = self.air.owners();
        let tap = self.air.add_tap(Arc::new(move |now_us, frame| {
            if let Some(direction) = direction(frame, of.as_deref(), &owners) {
                let unix_us = zero.saturating_add_unsigned(now_us).max(0).cast_unsigned();
                frames.frame(unix_us, frame, direction);
            }
        }));
        let secrets = shared.clone();
        let key_tap = wish.keys.then(|| {
            self.air.add_key_tap(Arc::new(move |line| {
                secrets.push(pcapng::secrets(&format!("{line}\n")));
            }))
        });
        Ok(Capture { air: self.air.clone(), tap, key_tap, shared })
    }
}

/// Which way a frame goes at a board with these addresses; nothing if not at all.
fn direction(frame: &[u8], of: Option<&[Mac]>, owners: &Owners) -> Option<Direction> {
    let Some(own) = of else { return Some(Direction::Unknown) };
    let (to, from): (Mac, Mac) = (*frame.first_chunk()?, frame.get(6..12)?.try_into().ok()?);
    if own.contains(&owners.factory_of(from)) {
        Some(Direction::Out)
    } else {
        // The lowest bit of the first byte: for a group.
        (own.contains(&owners.factory_of(to)) || to[0] & 1 == 1).then_some(Direction::In)
    }
}

/// One that goes on until this is dropped.
#[derive(Debug)]
pub struct Capture {
    air: Air,
    tap: TapId,
    key_tap: Option<TapId>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    blocks: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Frames lost in all, and whether that has been said.
    dropped: u64,
    is_said: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, block: Vec<u8>) {
        let mut queue = self.lock();
        if queue.bytes + block.len() > WAITING_MAX {
            queue.dropped += 1;
            queue.is_said = false;
            return;
        }
        queue.bytes += block.len();
        queue.blocks.push_back(block);
        self.came.notify_one();
    }

    fn frame(&self, unix_us: u64, frame: &[u8], direction: Direction) {
        let dropped = {
            let mut queue = self.lock();
            let is_news = queue.dropped > 0 && !queue.is_said && queue.bytes < WAITING_MAX / 2;
            queue.is_said |= is_news;
            is_news.then_some(queue.dropped)
        };
        if let Some(dropped) = dropped {
            self.push(pcapng::losses(unix_us, dropped));
        }
        self.push(pcapng::frame(unix_us, frame, direction));
    }
}

impl Capture {
    /// The next bytes of the file, waiting so long for them.
    pub fn next(&self, patience: Duration) -> Option<Vec<u8>> {
        let end = Instant::now() + patience;
        let mut queue = self.shared.lock();
        while queue.blocks.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            queue = match self.shared.came.wait_timeout(queue, left) {
                Ok((queue, _)) => queue,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        queue.bytes = 0;
        Some(queue.blocks.drain(..).flatten().collect())
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.air.remove_tap(self.tap);
        if let Some(tap) = self.key_tap {
            self.air.remove_key_tap(tap);
        }
    }
}
