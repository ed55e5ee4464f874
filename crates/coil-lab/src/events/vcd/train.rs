//! Wires that go on changing by themselves: PWM, and pulses that are repeated.

use super::Value;

/// Edges that may be drawn at once, and in each second after.
const EDGES: u64 = 20_000;
const EDGES_PER_S: u64 = 2000;

/// How many edges may still be drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    edges: u64,
    at_ns: u64,
}

impl Budget {
    /// All of it.
    pub(super) fn new(at_ns: u64) -> Self {
        Self { edges: EDGES, at_ns }
    }

    fn take(&mut self, now_ns: u64) -> bool {
        let more = now_ns.saturating_sub(self.at_ns) * EDGES_PER_S / 1_000_000_000;
        if more > 0 {
            self.edges = (self.edges + more).min(EDGES);
            self.at_ns = now_ns;
        }
        let some = self.edges > 0;
        self.edges -= u64::from(some);
        some
    }
}

/// A wire that changes by itself.
#[derive(Debug)]
pub(super) struct Train {
    start_ns: u64,
    /// Levels and when each ends, in nanoseconds from the start of a period.
    period: Vec<(bool, u64)>,
    /// In thousandths of a nanosecond.
    period_ps: u64,
    /// Nothing for ever.
    periods: Option<u64>,
    round: u64,
    at: usize,
    end_ns: Option<u64>,
    budget: Budget,
    over: bool,
}

impl Train {
    /// A channel that was set.
    pub(super) fn pwm(start_ns: u64, freq: u32, duty_u16: u16, budget: Budget) -> Self {
        let period_ps = 1_000_000_000_000 / u64::from(freq.max(1));
        let high_ns = period_ps * u64::from(duty_u16) / 65_535_000;
        let period_ns = period_ps / 1000;
        let (period, periods) = match duty_u16 {
            0 => (vec![(false, period_ns)], Some(1)),
            u16::MAX => (vec![(true, period_ns)], Some(1)),
            _ if freq == 0 => (vec![(true, period_ns)], Some(1)),
            _ => (vec![(true, high_ns), (false, period_ns)], None),
        };
        Self::new(start_ns, period, period_ps, periods, budget)
    }

    /// Pulses, repeated so often; negative for ever.
    pub(super) fn pulses(
        start_ns: u64,
        levels: &[(bool, u32)],
        repeats: i32,
        budget: Budget,
    ) -> Self {
        let mut end = 0;
        let period: Vec<_> = levels
            .iter()
            .map(|&(level, ns)| {
                end += u64::from(ns);
                (level, end)
            })
            .collect();
        let periods = u64::try_from(repeats).ok().map(|n| n + 1);
        Self::new(start_ns, period, end * 1000, periods, budget)
    }

    fn new(
        start_ns: u64,
        period: Vec<(bool, u64)>,
        period_ps: u64,
        periods: Option<u64>,
        budget: Budget,
    ) -> Self {
        let over = period.is_empty() || period_ps == 0;
        Self { start_ns, period, period_ps, periods, round: 0, at: 0, end_ns: None, budget, over }
    }

    /// What is left of its edges.
    pub(super) fn budget(&self) -> Budget {
        self.budget
    }

    /// Something else has the wire from then on.
    pub(super) fn end_at(&mut self, t: u64) {
        self.end_ns = Some(self.end_ns.map_or(t, |end| end.min(t)));
    }

    /// Draws what comes before a moment.
    pub(super) fn advance(&mut self, until_ns: u64, put: &mut dyn FnMut(u64, Value)) {
        while !self.over {
            let before = self.at.checked_sub(1).map_or(0, |i| self.period[i].1);
            let passed = u128::from(self.round) * u128::from(self.period_ps) / 1000;
            let passed = u64::try_from(passed).unwrap_or(u64::MAX);
            let t = self.start_ns.saturating_add(passed).saturating_add(before);
            if self.end_ns.is_some_and(|end| t >= end) {
                self.over = true;
                return;
            }
            if t >= until_ns {
                return;
            }
            if !self.budget.take(t) {
                put(t, Value::Unknown);
                self.over = true;
                return;
            }
            put(t, Value::Level(self.period[self.at].0));
            self.at += 1;
            if self.at == self.period.len() {
                self.at = 0;
                self.round += 1;
                self.over = self.periods.is_some_and(|n| self.round >= n);
            }
        }
    }
}
