//! Looking for a host by multicast: first the driver's way, which hears answers to everybody, then the IP stack's, which asks from a
//! port of its own and is answered there.

use super::{Mdns, RESPONSE, Responders};
use crate::dns_message::{CLASS_IN, FLAG_RESPONSE, Message, Question, Section, TYPE_A};
use crate::station::resolver::{Resolution, ResolveId};
use std::net::Ipv4Addr;

/// How long the driver waits for an answer, in steps of its timer.
const PATIENCE_US: u64 = 5_000_000;
/// The step of its timer, and how long after a question it asks again.
const STEP_US: u64 = 100_000;
const AGAIN_US: u64 = 1_100_000;
/// How many seconds lwIP waits after each of its questions.
const STACK_WAITS_S: [u64; 4] = [1, 1, 2, 3];
const FIRST_PORT: u64 = 49_152;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The driver's, with the moment at which it gives up.
    Driver { until_us: u64 },
    /// The stack's: its port and number, and which of its questions is next.
    Stack { port: u16, id: u16, nth: usize },
}

#[derive(Debug)]
pub(super) struct Search {
    of: ResolveId,
    name: String,
    stage: Stage,
    next_us: u64,
    found: Option<Ipv4Addr>,
    is_over: bool,
}

impl Search {
    pub(super) fn deadline(&self) -> u64 {
        if self.is_over { 0 } else { self.next_us }
    }
}

/// A question that goes out now: from the driver's port or another one.
pub(super) struct Asked {
    pub(super) from: Option<u16>,
    pub(super) message: Message,
}

impl Responders {
    pub(super) fn search(&mut self, of: ResolveId, host: &str, now_us: u64) {
        let begins_us = now_us + self.rng.between(0, STEP_US);
        self.searches.push(Search {
            of,
            name: format!("{host}.local"),
            stage: Stage::Driver { until_us: begins_us + PATIENCE_US },
            next_us: begins_us,
            found: None,
            is_over: false,
        });
    }

    /// Nobody waits for the answers any more.
    pub(in crate::station) fn forget_searches(&mut self) {
        self.searches.clear();
    }

    pub(super) fn next_question(&mut self, now_us: u64) -> Option<Asked> {
        let Self { searches, has, rng, .. } = self;
        for search in searches.iter_mut().filter(|it| !it.is_over && it.next_us <= now_us) {
            let name = search.name.clone();
            let question = Question { name, kind: TYPE_A, class: CLASS_IN };
            let message = Message { questions: vec![question], ..Message::default() };
            match &mut search.stage {
                Stage::Driver { until_us } if search.next_us < *until_us => {
                    search.next_us = (search.next_us + AGAIN_US).min(*until_us);
                    return Some(Asked { from: None, message });
                }
                Stage::Driver { .. } if search.found.is_none() && *has == Mdns::DriverAndStack => {
                    let port = u16::try_from(rng.between(FIRST_PORT, 65_535)).unwrap_or(u16::MAX);
                    let id = (rng.next() & 0xffff) as u16;
                    search.stage = Stage::Stack { port, id, nth: 1 };
                    search.next_us += STACK_WAITS_S[0] * 1_000_000;
                    return Some(Asked { from: Some(port), message: Message { id, ..message } });
                }
                Stage::Stack { port, id, nth } if *nth < STACK_WAITS_S.len() => {
                    search.next_us += STACK_WAITS_S[*nth] * 1_000_000;
                    *nth += 1;
                    let message = Message { id: *id, ..message };
                    return Some(Asked { from: Some(*port), message });
                }
                Stage::Driver { .. } | Stage::Stack { .. } => search.is_over = true,
            }
        }
        None
    }

    /// Takes the addresses that a message has for what the driver looks for.
    pub(super) fn look_for_results(&mut self, message: &Message, now_us: u64) {
        if message.flags & FLAG_RESPONSE == 0 {
            return;
        }
        for record in message.records.iter().filter(|it| it.section != Section::Authority) {
            if self.is_own(&record.name) {
                continue;
            }
            for search in &mut self.searches {
                if matches!(search.stage, Stage::Driver { .. })
                    && search.name.eq_ignore_ascii_case(&record.name)
                    && search.found.is_none()
                {
                    search.found = Some(record.address);
                    // Otherwise it waits for others as long as it would for this one.
                    search.is_over = message.flags == RESPONSE;
                    search.next_us = search.next_us.max(now_us);
                }
            }
        }
    }

    pub(super) fn hears_one_shot(&self, port: u16) -> bool {
        self.searches
            .iter()
            .any(|it| matches!(it.stage, Stage::Stack { port: own, .. } if own == port))
    }

    /// Takes an answer to the stack's question.
    pub(super) fn hear_one_shot(&mut self, port: u16, payload: &[u8]) {
        let Some(message) = Message::read(payload) else { return };
        for search in &mut self.searches {
            let Stage::Stack { port: own, id, .. } = search.stage else { continue };
            let is_asked =
                message.questions.iter().any(|q| q.name.eq_ignore_ascii_case(&search.name));
            if own != port || id != message.id || message.flags & FLAG_RESPONSE == 0 || !is_asked {
                continue;
            }
            let record = message.records.iter().find(|r| r.section == Section::Answer);
            search.found = record.map(|record| record.address);
            search.is_over = search.found.is_some();
        }
    }

    /// The searches that are over, and what they have found.
    pub(super) fn take_ended(&mut self) -> Vec<(ResolveId, Resolution)> {
        let ended = self.searches.extract_if(.., |search| search.is_over);
        let told = |search: Search| {
            let found = search.found.map_or(Resolution::Failed, |ip| Resolution::Found(vec![ip]));
            (search.of, found)
        };
        ended.map(told).collect()
    }
}
