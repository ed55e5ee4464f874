//! The radio: which access points there are, and one board's way from "connect" to "connected" and back, with the chip's timings.
//! It knows nothing of IP.

use crate::config::{AccessPoint, Security, Timings};
use crate::event::{Event, EventKind, LinkState, Reason};
use crate::frame::Mac;
use crate::rng::Rng;
use std::collections::VecDeque;
use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// The access points, shared by all radios. `epoch` changes with every change, so that a radio need not look otherwise.
#[derive(Debug)]
pub(crate) struct AccessPoints {
    list: RwLock<Vec<(AccessPoint, bool)>>,
    epoch: AtomicU64,
}

impl AccessPoints {
    pub(crate) fn new(list: Vec<AccessPoint>) -> Self {
        Self {
            list: RwLock::new(list.into_iter().map(|ap| (ap, true)).collect()),
            epoch: AtomicU64::new(1),
        }
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Changes the list and tells radios to look.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Vec<(AccessPoint, bool)>) -> R) -> R {
        let mut list = self.list.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let result = change(&mut list);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        result
    }

    /// Those on the air, the strongest first.
    pub(crate) fn present(&self) -> Vec<AccessPoint> {
        let list = self.list.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut present: Vec<_> =
            list.iter().filter(|(_, present)| *present).map(|(ap, _)| ap.clone()).collect();
        present.sort_by_key(|ap| std::cmp::Reverse(ap.rssi));
        present
    }

    pub(crate) fn scan(&self) -> Vec<ScanResult> {
        let show = |ap: AccessPoint| ScanResult {
            ssid: if ap.hidden { String::new() } else { ap.ssid },
            bssid: ap.bssid,
            channel: ap.channel,
            rssi: ap.rssi,
            security: ap.security,
            hidden: ap.hidden,
        };
        self.present().into_iter().map(show).collect()
    }
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
    Joining { until_us: u64, ap: AccessPoint },
    // The password was wrong; the access point has yet to say so.
    Refusing { until_us: u64 },
    Up { ap: AccessPoint },
    // Beacons are gone; first the complaint, then the end.
    Fading { ap: AccessPoint, complain_us: u64, complained: bool, until_us: u64 },
}

#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Found(AccessPoint),
    Failed(Reason),
}

/// What the radio did to the link in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkChange {
    Up,
    Down,
}

/// One board's radio.
#[derive(Debug)]
pub(crate) struct Radio {
    timings: Timings,
    phase: Phase,
    wanted: Option<(String, String)>,
    known_channel: Option<Mac>,
    pub(crate) reconnect: Reconnect,
    failures: u32,
    last_failure: Option<Reason>,
    seen_epoch: u64,
}

impl Radio {
    pub(crate) fn new(timings: Timings) -> Self {
        Self {
            timings,
            phase: Phase::Idle,
            wanted: None,
            known_channel: None,
            reconnect: Reconnect::default(),
            failures: 0,
            last_failure: None,
            seen_epoch: 0,
        }
    }

    /// Whether frames pass.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Up { .. })
    }

    /// Whether the link stands as the firmware sees it, which notices a vanished access point late.
    pub(crate) fn is_associated(&self) -> bool {
        matches!(self.phase, Phase::Up { .. } | Phase::Fading { .. })
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

    /// The board has an address: what went wrong before is forgotten.
    pub(crate) fn succeeded(&mut self) {
        self.last_failure = None;
    }

    pub(crate) fn access_point(&self) -> Option<&AccessPoint> {
        match &self.phase {
            Phase::Up { ap } | Phase::Fading { ap, .. } => Some(ap),
            _ => None,
        }
    }

    /// Starts to connect.
    pub(crate) fn connect(
        &mut self,
        ssid: &str,
        password: &str,
        aps: &AccessPoints,
        now_us: u64,
        rng: &mut Rng,
    ) {
        self.wanted = Some((ssid.into(), password.into()));
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
            | Phase::Refusing { until_us } => Some(until_us),
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
            Phase::Scanning { outcome: Outcome::Found(ap), until_us } => {
                push_link(events, until_us, LinkState::Init, LinkState::Auth, 0xb0);
                self.join(ap, until_us, rng, events);
                None
            }
            Phase::Scanning { outcome: Outcome::Failed(reason), .. } => {
                self.fail(reason, aps, now_us, rng, events);
                None
            }
            Phase::Joining { ap, until_us } => {
                push_link(events, until_us, LinkState::Assoc, LinkState::Run, 0x10);
                push(
                    events,
                    until_us,
                    EventKind::Connected {
                        ssid: ap.ssid.clone(),
                        bssid: ap.bssid,
                        channel: ap.channel,
                    },
                );
                self.known_channel = Some(ap.bssid);
                self.failures = 0;
                self.phase = Phase::Up { ap };
                // The access point may have gone in the meantime.
                self.seen_epoch = 0;
                Some(LinkChange::Up)
            }
            Phase::Refusing { until_us } => {
                push_link(events, until_us, LinkState::Run, LinkState::Init, 0x2c0);
                self.fail(Reason::AuthFail, aps, now_us, rng, events);
                None
            }
            Phase::Fading { ap, complain_us, complained: false, until_us } => {
                push(events, complain_us, EventKind::BeaconsMissed);
                self.phase = Phase::Fading { ap, complain_us, complained: true, until_us };
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

    fn start(&mut self, aps: &AccessPoints, now_us: u64, rng: &mut Rng) {
        let Some((ssid, password)) = &self.wanted else { return };
        let found = aps.present().into_iter().find(|ap| ap.ssid == *ssid);
        let (span, outcome) = match found {
            None => (self.timings.no_access_point, Outcome::Failed(Reason::NoApFound)),
            Some(ap) if password.len() >= WPA_PASSWORD && !ap.security.is_strong() => {
                (self.timings.no_access_point, Outcome::Failed(Reason::NoApInAuthmode))
            }
            Some(ap) if self.known_channel == Some(ap.bssid) => {
                (self.timings.known_channel, Outcome::Found(ap))
            }
            Some(ap) => (self.timings.scan, Outcome::Found(ap)),
        };
        let until_us = now_us + rng.between(span.min_us, span.max_us);
        self.phase = Phase::Scanning { until_us, outcome };
    }

    fn join(&mut self, ap: AccessPoint, from_us: u64, rng: &mut Rng, events: &mut VecDeque<Event>) {
        let password = self.wanted.as_ref().map(|(_, password)| password.as_str());
        let join = self.timings.join;
        let until_us = from_us + rng.between(join.min_us, join.max_us);
        let assoc_us = from_us + (until_us - from_us) / 10;
        push_link(events, assoc_us, LinkState::Auth, LinkState::Assoc, 0);
        let admitted = ap.security == Security::Open || password == Some(ap.password.as_str());
        self.phase = if admitted {
            Phase::Joining { until_us, ap }
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
        let there = |ap: &AccessPoint| {
            aps.present().iter().any(|other| other.bssid == ap.bssid && other.ssid == ap.ssid)
        };
        match &self.phase {
            Phase::Up { ap } if !there(ap) => {
                let (loss, probe) = (self.timings.beacon_loss, self.timings.beacon_probe);
                let complain_us = now_us + rng.between(loss.min_us, loss.max_us);
                let until_us = complain_us + rng.between(probe.min_us, probe.max_us);
                self.phase =
                    Phase::Fading { ap: ap.clone(), complain_us, complained: false, until_us };
            }
            Phase::Fading { ap, .. } if there(ap) => self.phase = Phase::Up { ap: ap.clone() },
            Phase::Joining { ap, .. } if !there(ap) => {
                let span = self.timings.no_access_point;
                let until_us = now_us + rng.between(span.min_us, span.max_us);
                self.phase =
                    Phase::Scanning { until_us, outcome: Outcome::Failed(Reason::NoApFound) };
            }
            Phase::Scanning { outcome: Outcome::Found(ap), .. } if !there(ap) => {
                let span = self.timings.no_access_point;
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
