//! The network of a board's own access point: a segment whose one fixed port is the access point's, and who may join it. It lives as
//! long as the access point stays as it is; one that is changed is another.

use crate::frame::Mac;
use crate::segment::Segment;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// The network.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) segment: Arc<Segment>,
    /// Its beacons are of the long range.
    pub(crate) long_range: bool,
    max_clients: AtomicUsize,
    said_goodbye: AtomicBool,
}

impl Cell {
    pub(crate) fn new(segment: Arc<Segment>, long_range: bool, max_clients: usize) -> Self {
        Self {
            segment,
            long_range,
            max_clients: AtomicUsize::new(max_clients),
            said_goodbye: AtomicBool::new(false),
        }
    }

    pub(crate) fn set_max_clients(&self, max_clients: usize) {
        self.max_clients.store(max_clients, Relaxed);
    }

    /// Whether the station may join; one that is in it may.
    pub(crate) fn admits(&self, mac: Mac) -> bool {
        self.segment.has(mac) || self.segment.stations() < self.max_clients.load(Relaxed)
    }

    /// The access point is switched off by its board, and tells its stations.
    pub(crate) fn say_goodbye(&self) {
        self.said_goodbye.store(true, Relaxed);
    }

    pub(crate) fn said_goodbye(&self) -> bool {
        self.said_goodbye.load(Relaxed)
    }
}
