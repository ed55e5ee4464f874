//! The access points on the air, the lab's own and those of boards, shared by all radios.

use crate::access_point::{AccessPoint, Security};
use crate::cell::Cell;
use crate::frame::Mac;
use crate::speech::Speech;
use std::cmp::Reverse;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// What `WLAN.scan()` shows of one access point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanResult {
    /// The network's name; empty if hidden.
    pub ssid: String,
    /// The access point's hardware address.
    pub bssid: Mac,
    /// The channel.
    pub channel: u8,
    /// The signal strength in dBm.
    pub rssi: i8,
    /// How it is secured.
    pub security: Security,
    /// Whether it hides its name.
    pub hidden: bool,
}

/// An access point on the air, and its own network if it is a board's.
#[derive(Debug, Clone)]
pub(crate) struct Beacon {
    pub(crate) ap: AccessPoint,
    pub(crate) cell: Option<Arc<Cell>>,
}

impl Beacon {
    /// Whether a station that joined the one is with the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let cell = match (&self.cell, &other.cell) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        cell && self.ap.bssid == other.ap.bssid && self.ap.ssid == other.ap.ssid
    }

    /// Whether only the long range's stations hear of it.
    pub(crate) fn is_long_range(&self) -> bool {
        self.cell.as_ref().is_some_and(|cell| cell.long_range)
    }

    fn is_cell(&self, cell: &Arc<Cell>) -> bool {
        self.cell.as_ref().is_some_and(|it| Arc::ptr_eq(it, cell))
    }
}

impl PartialEq for Beacon {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) && self.ap == other.ap
    }
}

#[derive(Debug)]
struct Entry {
    beacon: Beacon,
    present: bool,
}

/// The access points. `epoch` changes with every change, so that a radio need not look otherwise.
#[derive(Debug)]
pub(crate) struct AccessPoints {
    list: RwLock<Vec<Entry>>,
    epoch: AtomicU64,
}

impl AccessPoints {
    pub(crate) fn new(list: Vec<AccessPoint>) -> Self {
        let entry = |ap| Entry { beacon: Beacon { ap, cell: None }, present: true };
        Self { list: RwLock::new(list.into_iter().map(entry).collect()), epoch: AtomicU64::new(1) }
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    fn change<R>(&self, change: impl FnOnce(&mut Vec<Entry>) -> R) -> R {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut list);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        result
    }

    /// Adds one, or replaces the one with its hardware address.
    pub(crate) fn put(&self, ap: AccessPoint, cell: Option<Arc<Cell>>) {
        self.change(|list| {
            let at = list.iter_mut().find(|entry| entry.beacon.ap.bssid == ap.bssid);
            let beacon = Beacon { ap, cell };
            match at {
                Some(entry) => entry.beacon = beacon,
                None => list.push(Entry { beacon, present: true }),
            }
        });
    }

    /// Takes a board's access point off the air.
    pub(crate) fn remove(&self, cell: &Arc<Cell>) {
        self.change(|list| list.retain(|entry| !entry.beacon.is_cell(cell)));
    }

    /// A board's access point goes to another channel, and takes its stations with it.
    pub(crate) fn move_to(&self, cell: &Arc<Cell>, channel: u8) {
        self.change(|list| {
            for entry in list.iter_mut().filter(|entry| entry.beacon.is_cell(cell)) {
                entry.beacon.ap.channel = channel;
            }
        });
    }

    /// Switches those of a network on or off; false if there is none.
    pub(crate) fn set_present(&self, ssid: &str, present: bool) -> bool {
        self.change(|list| {
            let mut known = false;
            for entry in list.iter_mut().filter(|entry| entry.beacon.ap.ssid == ssid) {
                entry.present = present;
                known = true;
            }
            known
        })
    }

    /// Those on the air, the strongest first.
    pub(crate) fn present(&self) -> Vec<Beacon> {
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        let mut present: Vec<_> =
            list.iter().filter(|entry| entry.present).map(|entry| entry.beacon.clone()).collect();
        present.sort_by_key(|beacon| (Reverse(beacon.ap.rssi), beacon.ap.channel, beacon.ap.bssid));
        present
    }

    /// The same, as a scan shows them to one who speaks like this.
    pub(crate) fn scan(&self, speech: Speech) -> Vec<ScanResult> {
        let show = |Beacon { ap, .. }| ScanResult {
            ssid: if ap.hidden { String::new() } else { ap.ssid },
            bssid: ap.bssid,
            channel: ap.channel,
            rssi: ap.rssi,
            security: ap.security,
            hidden: ap.hidden,
        };
        let present = self.present().into_iter();
        present.filter(|it| speech.hears(it.is_long_range())).map(show).collect()
    }
}
