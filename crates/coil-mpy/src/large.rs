//! Displays with more items than there are registers: items that are complete are put into a list
//! from time to time, so that those on the stack stay few.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::flow::Flow;
use crate::instruction::Instruction;

/// Displays with fewer items are left as they are.
const MANY: usize = 48;
/// How many items are put away at once.
const BATCH: usize = 16;

/// Jumps within a display at most.
const JUMPS_MAX: usize = 2000;

/// A display that is made bit by bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Display {
    /// Offset of the instruction that builds it.
    pub(crate) build: usize,
    /// The slot of its first item.
    pub(crate) first: usize,
    /// How many large displays it is inside of.
    pub(crate) level: usize,
}

/// Where items are put away.
#[derive(Debug, Default)]
pub(crate) struct Large {
    /// Displays that start before the instruction at an offset, outermost first.
    pub(crate) starts: BTreeMap<usize, Vec<Display>>,
    /// Before the instruction at an offset so many items of a display are in its list.
    pub(crate) batches: BTreeMap<usize, (Display, usize)>,
    /// Displays by the offsets of what builds them.
    pub(crate) builds: BTreeMap<usize, Display>,
    /// Most displays inside each other.
    pub(crate) nesting: usize,
    /// Most slots in registers.
    pub(crate) depth: usize,
}

/// Where a jump leads.
fn target(instruction: Instruction) -> Option<usize> {
    use Instruction as I;
    match instruction {
        I::Jump(to)
        | I::PopJumpIf(_, to)
        | I::JumpIfOrPop(_, to)
        | I::ForIter(to)
        | I::PopExceptJump(to)
        | I::Unwind(to, ..)
        | I::Setup(_, to) => Some(to),
        _ => None,
    }
}

/// How many slots from the top an instruction looks at.
fn uses(instruction: Instruction) -> usize {
    use Instruction as I;
    match instruction {
        I::LoadAttr(_)
        | I::LoadMethod(_)
        | I::StoreFast(_)
        | I::StoreDeref(_)
        | I::StoreName(_)
        | I::StoreGlobal(_)
        | I::Dup
        | I::Pop
        | I::PopJumpIf(..)
        | I::JumpIfOrPop(..)
        | I::GetIter
        | I::GetIterStack
        | I::UnpackSequence(_)
        | I::UnpackEx(..)
        | I::Return
        | I::Raise
        | I::Yield
        | I::ImportFrom(_)
        | I::ImportStar
        | I::EndFinally
        | I::Setup(..)
        | I::Unary(_) => 1,
        I::LoadSubscr
        | I::StoreAttr(_)
        | I::DupTwo
        | I::RotTwo
        | I::RaiseFrom
        | I::YieldFrom
        | I::ImportName(_)
        | I::Binary(_) => 2,
        I::LoadSuperMethod(_)
        | I::StoreSubscr
        | I::RotThree
        | I::WithCleanup
        | I::BuildSlice(_)
        | I::StoreMap => 3,
        I::ForIter(_) => 4,
        I::BuildTuple(n) | I::BuildList(n) | I::BuildSet(n) => n,
        I::StoreComp(n) => (n >> 2) + 1,
        I::MakeFunction(make) => make.cells + 2,
        I::Call(call) => call.positional + 2 * call.keyword + 3,
        _ => 0,
    }
}

impl Large {
    /// Finds the large displays of a function.
    pub(crate) fn find(flow: &Flow) -> Self {
        let mut large = Self::default();
        let offsets: Vec<(usize, usize)> =
            flow.states.iter().map(|(at, state)| (*at, state.stack.len())).collect();
        let mut regions: Vec<(usize, usize, Display)> = Vec::new();
        for (at, (instruction, _)) in &flow.code {
            let count = match instruction {
                Instruction::BuildTuple(n)
                | Instruction::BuildList(n)
                | Instruction::BuildSet(n) => *n,
                _ => continue,
            };
            let end = offsets.partition_point(|(o, _)| o < at);
            let Some(first) = offsets.get(end).and_then(|(_, depth)| depth.checked_sub(count))
            else {
                continue;
            };
            let start = offsets[..end].iter().rposition(|(_, depth)| *depth <= first);
            match start {
                Some(start) if count >= MANY && offsets[start].1 == first => {
                    regions.push((start, end, Display { build: *at, first, level: 0 }));
                }
                _ => {}
            }
        }
        let jumps: Vec<(usize, usize)> = flow
            .code
            .iter()
            .filter_map(|(at, (instruction, _))| target(*instruction).map(|to| (*at, to)))
            .collect();
        for i in 0..regions.len() {
            let (start, end, display) = regions[i];
            let around = |r: &&(usize, usize, Display)| r.0 <= start && r.1 > end;
            let level = regions.iter().filter(around).count();
            let display = Display { level, ..display };
            regions[i].2 = display;
            let (from, build) = (offsets[start].0, display.build);
            let enters = |(at, to): &(usize, usize)| {
                (from + 1..=build).contains(to) && !(from..build).contains(at)
            };
            if !jumps.iter().any(enters) {
                large.region(flow, &offsets, (start, end, display));
            }
        }
        large.starts.values_mut().for_each(|starts| starts.sort_by_key(|d| d.level));
        large.measure(flow);
        large
    }

    fn region(
        &mut self,
        flow: &Flow,
        offsets: &[(usize, usize)],
        (start, end, display): (usize, usize, Display),
    ) {
        let inside = &offsets[start..end];
        let last = offsets[end].0;
        // A place that some jump passes over is none to put items away.
        let jumps: Vec<(usize, usize)> = inside
            .iter()
            .filter_map(|(at, _)| {
                let to = flow.code.get(at).and_then(|(instruction, _)| target(*instruction))?;
                Some((*at, to))
            })
            .collect();
        if jumps.len() > JUMPS_MAX || jumps.iter().any(|(_, to)| *to > last || *to < inside[0].0) {
            return;
        }
        let mut lowest = usize::MAX;
        let mut complete = alloc::vec![false; inside.len()];
        for (i, (at, depth)) in inside.iter().enumerate().rev() {
            let used = flow.code.get(at).map_or(0, |(instruction, _)| uses(*instruction));
            let passed = jumps.iter().any(|(from, to)| from.min(to) < at && at < from.max(to));
            lowest = lowest.min(depth.saturating_sub(used));
            complete[i] = *depth == lowest && !passed && !flow.targets.contains_key(at);
        }
        let mut away = 0;
        for (i, (at, depth)) in inside.iter().enumerate() {
            if complete[i] && *depth >= display.first + away + BATCH {
                away = depth - display.first;
                self.batches.insert(*at, (display, away));
            }
        }
        if away > 0 {
            self.starts.entry(inside[0].0).or_default().push(display);
            self.builds.insert(display.build, display);
            self.nesting = self.nesting.max(display.level + 1);
        }
    }

    fn measure(&mut self, flow: &Flow) {
        let mut open: Vec<(Display, usize)> = Vec::new();
        for (at, state) in &flow.states {
            for display in self.starts.get(at).into_iter().flatten() {
                open.push((*display, 0));
            }
            let away: usize = open.iter().map(|(_, away)| *away).sum();
            self.depth = self.depth.max(state.stack.len().saturating_sub(away));
            if let Some((display, away)) = self.batches.get(at)
                && let Some(last) = open.iter_mut().find(|(d, _)| d == display)
            {
                last.1 = *away;
            }
            if self.builds.contains_key(at) {
                open.pop();
            }
        }
        // An instruction may leave more than what the next one starts with.
        self.depth += 1;
    }
}
