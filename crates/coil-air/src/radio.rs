//! The radio: one board's way from "connect" to "connected" and back, with the chip's timings.
//! It knows nothing of IP.

use crate::access_point::{AccessPoint, Security};
use crate::access_points::{AccessPoints, Beacon};
use crate::config::{Driver, Timings};
use crate::event::{Event, EventKind, LinkState, Reason};
use crate::frame::Mac;
use crate::rng::Rng;
use crate::speech::Speech;
use std::collections::VecDeque;

/// What a board wants to join.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The network's name.
    pub ssid: String,
    /// Its password; empty for none.
    pub password: String,
    /// The one access point that is wanted, by its hardware address.
    pub bssid: Option<Mac>,
    /// The channel that is looked at first.
    pub channel: Option<u8>,
}

/// How a radio goes on after a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconnect {
    /// Attempts after the first; `None` is for ever.
    pub attempts: Option<u32>,
    /// Whether a wrong password is tried again (firmware 1.11 gave up on it).
    pub after_wrong_password: bool,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self { attempts: None, after_wrong_password: true }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Idle,
    Scanning { until_us: u64, outcome: Outcome },
    Joining { until_us: u64, beacon: Beacon },
    // The password was wrong; the access point has yet to say so.
    Refusing { until_us: u64 },
    Up { beacon: Beacon },
    // The access point has said goodbye.
    Dismissed { until_us: u64 },
    // Beacons are gone; first the complaint, then the end.
    Fading { beacon: Beacon, complain_us: u64, complained: bool, until_us: u64 },
}

#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Found(Beacon),
    Failed(Reason),
}

/// What the radio did to the link in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkChange {
    Up,
    Down,
}

/// What a radio does with its one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tuning {
    /// It stays on a channel, for the sake of a link.
    Channel(u8),
    /// It goes through all channels.
    Sweeping,
    /// It may be anywhere.
    Free,
}

/// One board's radio.
#[derive(Debug)]
pub(crate) struct Radio {
    timings: Timings,
    pub(crate) driver: Driver,
    mac: Mac,
    pub(crate) speech: Speech,
    phase: Phase,
    wanted: Option<Wanted>,
    known_channel: Option<Mac>,
    pub(crate) reconnect: Reconnect,
    failures: u32,
    last_failure: Option<Reason>,
    /// How often a link has ended, or an attempt at one, and why it did last.
    ends: (u32, Option<Reason>),
    seen_epoch: u64,
}

impl Radio {
    pub(crate) fn new(timings: Timings, mac: Mac) -> Self {
        Self {
            timings,
            driver: Driver::default(),
            mac,
            speech: Speech::default(),
            phase: Phase::Idle,
            wanted: None,
            known_channel: None,
            reconnect: Reconnect::default(),
            failures: 0,
            last_failure: None,
            ends: (0, None),
            seen_epoch: 0,
        }
    }

    pub(crate) fn set_mac(&mut self, mac: Mac) {
        self.mac = mac;
    }

    /// What it is to join, or has.
    pub(crate) fn wanted(&self) -> Option<&Wanted> {
        self.wanted.as_ref()
    }

    /// The access point with which frames pass.
    pub(crate) fn up(&self) -> Option<&Beacon> {
        match &self.phase {
            Phase::Up { beacon } => Some(beacon),
            _ => None,
        }
    }

    pub(crate) fn tuning(&self) -> Tuning {
        match &self.phase {
            Phase::Idle | Phase::Dismissed { .. } => Tuning::Free,
            Phase::Scanning { .. } | Phase::Refusing { .. } => Tuning::Sweeping,
            Phase::Joining { beacon, .. } | Phase::Up { beacon } | Phase::Fading { beacon, .. } => {
                Tuning::Channel(beacon.ap.channel)
            }
        }
    }

    /// Whether the link stands as the firmware sees it, which notices a vanished access point late.
    pub(crate) fn is_associated(&self) -> bool {
        matches!(self.phase, Phase::Up { .. } | Phase::Fading { .. } | Phase::Dismissed { .. })
    }

    /// Whether an attempt to connect is under way.
    pub(crate) fn is_trying(&self) -> bool {
        matches!(
            self.phase,
            Phase::Scanning { .. } | Phase::Joining { .. } | Phase::Refusing { .. }
        )
    }

    pub(crate) fn last_failure(&self) -> Option<Reason> {
        self.last_failure
    }

    pub(crate) fn ends(&self) -> (u32, Option<Reason>) {
        self.ends
    }

    /// The board has an address: what went wrong before is forgotten.
    pub(crate) fn succeeded(&mut self) {
        self.last_failure = None;
    }

    pub(crate) fn access_point(&self) -> Option<&AccessPoint> {
        match &self.phase {
            Phase::Up { beacon } | Phase::Fading { beacon, .. } => Some(&beacon.ap),
            _ => None,
        }
    }

    /// Starts to connect.
    pub(crate) fn connect(
        &mut self,
        wanted: Wanted,
        aps: &AccessPoints,
        now_us: u64,
        rng: &mut Rng,
    ) {
        self.wanted = Some(wanted);
        self.failures = 0;
        self.start(aps, now_us, rng);
    }

    /// Leaves, or stops trying. Answers whether a link went down.
    pub(crate) fn disconnect(&mut self, now_us: u64, events: &mut VecDeque<Event>) -> bool {
        let was_up = self.is_associated();
        let was_busy = was_up || self.is_trying();
        self.wanted = None;
        self.phase = Phase::Idle;
        if was_up {
            push_link(events, now_us, LinkState::Run, LinkState::Init, 0);
        }
        if was_busy {
            self.last_failure = Some(Reason::AssocLeave);
            self.ends = (self.ends.0.wrapping_add(1), self.last_failure);
            push(events, now_us, EventKind::Disconnected { reason: Reason::AssocLeave });
        }
        was_up
    }

    /// When it must be polled again.
    pub(crate) fn deadline(&self) -> Option<u64> {
        match self.phase {
            Phase::Idle | Phase::Up { .. } => None,
            Phase::Scanning { until_us, .. }
            | Phase::Joining { until_us, .. }
            | Phase::Refusing { until_us }
            | Phase::Dismissed { until_us } => Some(until_us),
            Phase::Fading { complain_us, complained, until_us, .. } => {
                Some(if complained { until_us } else { complain_us })
            }
        }
    }

    /// Goes as far as the time allows.
    pub(crate) fn poll(
        &mut self,
        aps: &AccessPoints,
        now_us: u64,
        rng: &mut Rng,
        events: &mut VecDeque<Event>,
    ) -> Option<LinkChange> {
        self.notice_changes(aps, now_us, rng);
        let due = self.deadline().is_some_and(|deadline_us| now_us >= deadline_us);
        if !due {
            return None;
        }
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Scanning { outcome: Outcome::Found(beacon), until_us } => {
                push_link(events, until_us, LinkState::Init, LinkState::Auth, 0xb0);
                self.join(beacon, until_us, rng, events);
                None
            }
            Phase::Scanning { outcome: Outcome::Failed(reason), .. } => {
                self.fail(reason, aps, now_us, rng, events);
                None
            }
            Phase::Joining { beacon, .. } if !self.is_admitted(&beacon) => {
                self.fail(Reason::AssocTooMany, aps, now_us, rng, events);
                None
            }
            Phase::Joining { beacon, until_us } => {
                push_link(events, until_us, LinkState::Assoc, LinkState::Run, 0x10);
                let AccessPoint { ssid, bssid, channel, .. } = beacon.ap.clone();
                push(events, until_us, EventKind::Connected { ssid, bssid, channel });
                self.known_channel = Some(bssid);
                self.phase = Phase::Up { beacon };
                // The access point may have gone in the meantime.
                self.seen_epoch = 0;
                Some(LinkChange::Up)
            }
            Phase::Refusing { until_us } => {
                push_link(events, until_us, LinkState::Run, LinkState::Init, 0x2c0);
                self.fail(Reason::AuthFail, aps, now_us, rng, events);
                None
            }
            Phase::Dismissed { until_us } => {
                push_link(events, until_us, LinkState::Run, LinkState::Init, 0x3c0);
                self.fail(Reason::AuthLeave, aps, now_us, rng, events);
                Some(LinkChange::Down)
            }
            Phase::Fading { beacon, complain_us, complained: false, until_us } => {
                push(events, complain_us, EventKind::BeaconsMissed);
                self.phase = Phase::Fading { beacon, complain_us, complained: true, until_us };
                None
            }
            Phase::Fading { until_us, .. } => {
                push_link(events, until_us, LinkState::Run, LinkState::Init, 0xc800);
                self.fail(Reason::BeaconTimeout, aps, now_us, rng, events);
                Some(LinkChange::Down)
            }
            idle @ (Phase::Idle | Phase::Up { .. }) => {
                self.phase = idle;
                None
            }
        }
    }

    /// Whether there is room for this board at an access point.
    fn is_admitted(&self, beacon: &Beacon) -> bool {
        beacon.cell.as_ref().is_none_or(|cell| cell.admits(self.mac))
    }

    fn start(&mut self, aps: &AccessPoints, now_us: u64, rng: &mut Rng) {
        let Some(wanted) = &self.wanted else { return };
        let is_meant = |beacon: &Beacon| {
            beacon.ap.ssid == wanted.ssid
                && self.speech.hears(beacon.is_long_range())
                && wanted.bssid.is_none_or(|bssid| beacon.ap.bssid == bssid)
                && (self.driver.speaks_wpa3 || beacon.ap.security != Security::Wpa3)
        };
        // The chip's scan ends at the first channel where the network is, be there a stronger signal on another one.
        let found =
            aps.present().into_iter().filter(is_meant).min_by_key(|beacon| {
                (wanted.channel != Some(beacon.ap.channel), beacon.ap.channel)
            });
        let nothing = |reason| (self.timings.no_access_point, Outcome::Failed(reason));
        let (span, outcome) = match found {
            None => nothing(Reason::NoApFound),
            Some(beacon) => match self.objection(&wanted.password, beacon.ap.security) {
                Some(reason) => nothing(reason),
                None if self.known_channel == Some(beacon.ap.bssid)
                    || wanted.channel == Some(beacon.ap.channel) =>
                {
                    (self.timings.known_channel, Outcome::Found(beacon))
                }
                None => (self.timings.scan, Outcome::Found(beacon)),
            },
        };
        let until_us = now_us + rng.between(span.min_us, span.max_us);
        self.phase = Phase::Scanning { until_us, outcome };
    }

    /// Why the driver does not even try an access point that is secured like this.
    fn objection(&self, password: &str, security: Security) -> Option<Reason> {
        if !self.driver.minds_security {
            return None;
        }
        if password.is_empty() && security != Security::Open {
            return Some(Reason::NoApWithSecurity);
        }
        (password.len() >= WPA_PASSWORD && !security.is_strong()).then_some(Reason::NoApInAuthmode)
    }

    fn join(&mut self, beacon: Beacon, from_us: u64, rng: &mut Rng, events: &mut VecDeque<Event>) {
        let password = self.wanted.as_ref().map(|wanted| wanted.password.as_str());
        let join = self.timings.join;
        let until_us = from_us + rng.between(join.min_us, join.max_us);
        let assoc_us = from_us + (until_us - from_us) / 10;
        push_link(events, assoc_us, LinkState::Auth, LinkState::Assoc, 0);
        let ap = &beacon.ap;
        let admitted = ap.security == Security::Open || password == Some(ap.password.as_str());
        self.phase = if admitted {
            Phase::Joining { until_us, beacon }
        } else {
            push_link(events, until_us, LinkState::Assoc, LinkState::Run, 0x10);
            let span = self.timings.wrong_password;
            Phase::Refusing { until_us: until_us + rng.between(span.min_us, span.max_us) }
        };
    }

    fn fail(
        &mut self,
        reason: Reason,
        aps: &AccessPoints,
        now_us: u64,
        rng: &mut Rng,
        events: &mut VecDeque<Event>,
    ) {
        push(events, now_us, EventKind::Disconnected { reason });
        self.last_failure = Some(reason);
        self.ends = (self.ends.0.wrapping_add(1), self.last_failure);
        self.failures = self.failures.saturating_add(1);
        let allowed = self.reconnect.attempts.is_none_or(|attempts| self.failures <= attempts);
        let give_up = reason == Reason::AuthFail && !self.reconnect.after_wrong_password;
        if allowed && !give_up {
            self.start(aps, now_us, rng);
        } else {
            self.wanted = None;
        }
    }

    // An access point that goes is noticed late, by its missing beacons; one that returns in time is forgiven.
    fn notice_changes(&mut self, aps: &AccessPoints, now_us: u64, rng: &mut Rng) {
        let epoch = aps.epoch();
        if self.seen_epoch == epoch {
            return;
        }
        self.seen_epoch = epoch;
        let present = aps.present();
        let there = |beacon: &Beacon| present.iter().find(|other| other.is_same(beacon)).cloned();
        let span = self.timings.no_access_point;
        match &self.phase {
            Phase::Up { beacon } => match there(beacon) {
                // It may be on another channel now.
                Some(beacon) => self.phase = Phase::Up { beacon },
                None if beacon.cell.as_ref().is_some_and(|cell| cell.said_goodbye()) => {
                    self.phase = Phase::Dismissed { until_us: now_us };
                }
                None => {
                    let (loss, probe) = (self.timings.beacon_loss, self.timings.beacon_probe);
                    let complain_us = now_us + rng.between(loss.min_us, loss.max_us);
                    let until_us = complain_us + rng.between(probe.min_us, probe.max_us);
                    let beacon = beacon.clone();
                    self.phase = Phase::Fading { beacon, complain_us, complained: false, until_us };
                }
            },
            Phase::Fading { beacon, .. } => {
                if let Some(beacon) = there(beacon) {
                    self.phase = Phase::Up { beacon };
                }
            }
            Phase::Joining { beacon, .. }
            | Phase::Scanning { outcome: Outcome::Found(beacon), .. }
                if there(beacon).is_none() =>
            {
                let until_us = now_us + rng.between(span.min_us, span.max_us);
                self.phase =
                    Phase::Scanning { until_us, outcome: Outcome::Failed(Reason::NoApFound) };
            }
            _ => {}
        }
    }
}

/// With a password as long as WPA asks for, the chip takes no access point that is weaker than WPA2.
const WPA_PASSWORD: usize = 8;

/// Events that wait to be drained; the oldest go when nobody drains.
const MAX_EVENTS: usize = 64;

pub(crate) fn push(events: &mut VecDeque<Event>, at_us: u64, kind: EventKind) {
    if events.len() >= MAX_EVENTS {
        events.pop_front();
    }
    events.push_back(Event { at_us, kind });
}

fn push_link(events: &mut VecDeque<Event>, at_us: u64, from: LinkState, to: LinkState, code: u16) {
    push(events, at_us, EventKind::Link { from, to, code });
}
