//! The multicast groups that a board's interfaces are in, and when IGMP says so on the air. As with lwIP, a group is joined by an
//! interface and not by a socket, is joined until the interface is switched off, and is told at once and once more soon after.

use super::{Station, Way};
use crate::error::SocketError;
use crate::frame::{self, Igmp};
use crate::rng::Rng;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Every host is in this one, and none says so.
const ALL_SYSTEMS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 1);
/// Groups that one interface is in at most; lwIP has as many as its memory holds.
const MAX_GROUPS: usize = 32;
/// The step of lwIP's timer for IGMP, and how many steps the second report comes later at most.
const STEP_US: u64 = 100_000;
const STEPS_AGAIN: u64 = 5;
/// How long a question of the first version leaves time.
const FIRST_VERSION_US: u64 = 10_000_000;

#[derive(Debug)]
pub(super) struct Groups {
    /// Of the station and of the access point: each group, and when it is to be told.
    of: [BTreeMap<Ipv4Addr, Option<u64>>; 2],
    // Its own, so that what else is random does not depend on groups.
    rng: Rng,
}

impl Groups {
    pub(super) fn new(rng: Rng) -> Self {
        Self { of: Default::default(), rng }
    }

    pub(super) fn has(&self, way: Way, group: Ipv4Addr) -> bool {
        group == ALL_SYSTEMS || self.of[way as usize].contains_key(&group)
    }

    fn is_in_any(&self, group: Ipv4Addr) -> bool {
        self.of.iter().any(|of| of.contains_key(&group))
    }

    fn all(&self, way: Way) -> Vec<Ipv4Addr> {
        self.of[way as usize].keys().copied().collect()
    }

    /// When a group is to be told next.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.of.iter().flat_map(BTreeMap::values).flatten().copied().min()
    }

    fn some_steps_us(&mut self, steps: u64) -> u64 {
        self.rng.between(1, steps.max(2) - 1) * STEP_US
    }

    /// Has a group told within some steps, or all of them, if that is not to be earlier anyway.
    fn tell_within(&mut self, way: Way, group: Option<Ipv4Addr>, steps: u64, now_us: u64) {
        let groups = group.map_or_else(|| self.all(way), |group| vec![group]);
        for group in groups {
            let at_us = now_us + self.some_steps_us(steps);
            if let Some(due) = self.of[way as usize].get_mut(&group) {
                *due = Some(due.map_or(at_us, |due| due.min(at_us)));
            }
        }
    }

    /// The interface is up again: its groups are told again.
    pub(super) fn interface_is_up(&mut self, way: Way, now_us: u64) {
        self.tell_within(way, None, STEPS_AGAIN, now_us);
    }

    /// Takes in what others say.
    pub(super) fn hear(&mut self, way: Way, said: Igmp, now_us: u64) {
        match said {
            Igmp::Query { group, within_us } => {
                let within_us = if within_us == 0 { FIRST_VERSION_US } else { within_us };
                let group = Some(group).filter(|group| !group.is_unspecified());
                self.tell_within(way, group, within_us / STEP_US, now_us);
            }
            // One that says so is enough.
            Igmp::Report(group) => {
                if let Some(due) = self.of[way as usize].get_mut(&group) {
                    *due = None;
                }
            }
            Igmp::Leave(_) => {}
        }
    }

    /// The next group that is to be told by now.
    fn take_due(&mut self, now_us: u64) -> Option<(Way, Ipv4Addr)> {
        for way in Way::BOTH {
            for (group, due) in &mut self.of[way as usize] {
                if due.take_if(|due| *due <= now_us).is_some() {
                    return Some((way, *group));
                }
            }
        }
        None
    }
}

impl Station {
    /// Has the board's interfaces be in a multicast group: the one that has this address, or all that are on.
    pub fn join_group(&mut self, group: Ipv4Addr, interface: Ipv4Addr) -> Result<(), SocketError> {
        if !group.is_multicast() || group == ALL_SYSTEMS {
            return Err(SocketError::BadGroup);
        }
        let is_meant = |way: &Way| {
            let address = self.address_of(*way).map(|(_, address)| address);
            self.is_on(*way) && (interface.is_unspecified() || address == Some(interface))
        };
        let meant: Vec<Way> = Way::BOTH.into_iter().filter(is_meant).collect();
        if meant.is_empty() {
            return Err(SocketError::BadGroup);
        }
        meant.into_iter().try_for_each(|way| self.enter_group(way, group))
    }

    pub(super) fn enter_group(&mut self, way: Way, group: Ipv4Addr) -> Result<(), SocketError> {
        if self.groups.has(way, group) {
            return Ok(());
        }
        if self.groups.of[way as usize].len() >= MAX_GROUPS
            || self.stack.iface.join_multicast_group(group).is_err()
        {
            return Err(SocketError::TooManyGroups);
        }
        let again_us = self.now_us + self.groups.some_steps_us(STEPS_AGAIN);
        self.groups.of[way as usize].insert(group, Some(again_us));
        self.report_group(way, group, self.now_us);
        self.dirty = true;
        Ok(())
    }

    /// The interface is switched off, and is in no group any more. lwIP tells nobody.
    pub(super) fn leave_groups(&mut self, way: Way) {
        for group in self.groups.all(way) {
            self.groups.of[way as usize].remove(&group);
            if !self.groups.is_in_any(group) {
                // It was in that group.
                let _ = self.stack.iface.leave_multicast_group(group);
                self.dirty = true;
            }
        }
    }

    pub(super) fn run_groups(&mut self, now_us: u64) {
        while let Some((way, group)) = self.groups.take_due(now_us) {
            self.report_group(way, group, now_us);
        }
    }

    fn report_group(&mut self, way: Way, group: Ipv4Addr, now_us: u64) {
        if let Some((mac, address)) = self.address_of(way) {
            self.send_by(way, frame::igmp_report(mac, address, group), now_us);
        }
    }
}
