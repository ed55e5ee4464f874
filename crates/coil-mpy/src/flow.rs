//! Follows the bytecode of a function to see what is on the stack before each instruction.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::blocks::{Block, Kind, Locals, State};
use crate::instruction::{Call, Instruction, MakeFunction, Setup, decode};
use crate::prelude::Prelude;
use crate::{MpyError, Result};

/// What a function's bytecode is, and what is known about it.
#[derive(Debug)]
pub(crate) struct Flow {
    /// Instructions that can be reached, by their offsets, with the offset of the next one.
    pub(crate) code: BTreeMap<usize, (Instruction, usize)>,
    pub(crate) states: BTreeMap<usize, State>,
    /// Offsets that are jumped to.
    pub(crate) targets: BTreeMap<usize, ()>,
    /// Most slots on the stack.
    pub(crate) depth: usize,
    /// Most blocks inside each other.
    pub(crate) nesting: usize,
    /// One more than the last local.
    pub(crate) locals: usize,
}

/// What a function is allowed to refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) names: usize,
    pub(crate) objects: usize,
    pub(crate) children: usize,
    /// Cells of enclosing functions: the first parameters.
    pub(crate) closed: usize,
}

/// Slots that the iterator of a loop takes.
pub(crate) const ITER_SLOTS: usize = 4;
/// More locals, slots and instructions than our code can have.
const LOCALS_MAX: usize = 250;
const DEPTH_MAX: usize = 1 << 12;
/// Jumps through one handler.
const WAYS_MAX: usize = 100;
/// Slots of all instructions together.
const ROOM: usize = 1 << 22;

struct Walk<'a> {
    code: &'a [u8],
    prelude: &'a Prelude,
    limits: Limits,
    flow: Flow,
    pending: Vec<usize>,
    /// Slots that may still be noted.
    room: usize,
    /// Jumps through handlers, by the handlers' offsets.
    ways: BTreeMap<usize, Ways>,
}

/// A jump out of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unwind {
    to: usize,
    /// Blocks that are left.
    count: usize,
    /// Whether the iterator of a loop goes as well.
    iterator: bool,
}

/// Jumps that lead through a handler, and where the handler ends.
#[derive(Debug, Default)]
struct Ways {
    unwinds: Vec<Unwind>,
    ends: Vec<usize>,
}

/// Whether a local is a cell.
pub(crate) fn is_cell(prelude: &Prelude, closed: usize, local: usize) -> bool {
    local < closed || prelude.cells.iter().any(|cell| usize::from(*cell) == local)
}

/// Follows a function from its start.
pub(crate) fn follow(code: &[u8], prelude: &Prelude, limits: Limits) -> Result<Flow> {
    let mut assigned = Locals::default();
    for local in 0..prelude.entry() {
        assigned.insert(local);
    }
    let flow = Flow {
        code: BTreeMap::new(),
        states: BTreeMap::new(),
        targets: BTreeMap::new(),
        depth: 0,
        nesting: 0,
        locals: prelude.entry(),
    };
    let mut walk = Walk {
        code,
        prelude,
        limits,
        flow,
        pending: Vec::new(),
        room: ROOM,
        ways: BTreeMap::new(),
    };
    for cell in &prelude.cells {
        walk.local(usize::from(*cell))?;
    }
    walk.reach(0, State { stack: Vec::new(), blocks: Vec::new(), assigned })?;
    // What is known at a place is lost bit by bit, and the reference's code loses little.
    let mut budget = code.len().saturating_mul(20) + 1000;
    while let Some(at) = walk.pending.pop() {
        budget = budget.checked_sub(1).ok_or(MpyError::Incompatible)?;
        walk.step(at)?;
    }
    Ok(walk.flow)
}

impl Walk<'_> {
    /// Notes what is known at an offset.
    fn reach(&mut self, at: usize, state: State) -> Result<()> {
        if state.stack.len() > DEPTH_MAX {
            return Err(MpyError::TooLarge);
        }
        self.flow.depth = self.flow.depth.max(state.stack.len());
        self.flow.nesting = self.flow.nesting.max(state.blocks.len());
        let changed = match self.flow.states.get_mut(&at) {
            Some(known) => known.merge(&state)?,
            None => {
                self.room =
                    self.room.checked_sub(state.stack.len() + 1).ok_or(MpyError::TooLarge)?;
                self.flow.states.insert(at, state);
                true
            }
        };
        if changed {
            self.pending.push(at);
        }
        Ok(())
    }

    fn jump(&mut self, from: usize, to: usize, state: State) -> Result<()> {
        self.edge(from, to, &state)?;
        self.flow.targets.insert(to, ());
        self.reach(to, state)
    }

    /// Rules that the reference's compiler keeps, and that our code rests on.
    fn edge(&self, from: usize, to: usize, state: &State) -> Result<()> {
        let back = state.stack.iter().any(|kind| matches!(kind, Kind::Token(h) if to < *h));
        // A handler is entered by an exception, or by falling into the end of a `finally`.
        let around = state.blocks.iter().any(|block| {
            let enters = from < block.handler && to >= block.handler;
            enters && (block.kind == Setup::Except || to > block.handler)
        });
        let falls = state.blocks.iter().any(|block| {
            let top = state.stack.get(block.depth);
            to == block.handler
                && from < block.handler
                && (state.stack.len() != block.depth + 1 || top != Some(&Kind::None))
        });
        if back || falls || around && !self.is_async_exit(to, state) {
            return Err(MpyError::Incompatible);
        }
        Ok(())
    }

    /// The end of `async with` is jumped to from the body, with `None` under the manager.
    fn is_async_exit(&self, _: usize, state: &State) -> bool {
        let Some(block) = state.blocks.last() else { return false };
        block.kind == Setup::Finally
            && state.stack.len() >= 2
            && state.stack[state.stack.len() - 2] == Kind::None
            && state.stack.len() == block.depth + 1
    }

    fn local(&mut self, local: usize) -> Result<usize> {
        if local >= LOCALS_MAX {
            return Err(MpyError::TooLarge);
        }
        self.flow.locals = self.flow.locals.max(local + 1);
        Ok(local)
    }

    fn name(&self, name: usize) -> Result<()> {
        if name < self.limits.names { Ok(()) } else { Err(MpyError::Incompatible) }
    }

    fn cell(&mut self, local: usize) -> Result<usize> {
        let local = self.local(local)?;
        let is_cell = is_cell(self.prelude, self.limits.closed, local);
        if is_cell { Ok(local) } else { Err(MpyError::Incompatible) }
    }

    /// A local that is no cell.
    fn plain(&mut self, local: usize) -> Result<usize> {
        let local = self.local(local)?;
        let is_cell = is_cell(self.prelude, self.limits.closed, local);
        if is_cell { Err(MpyError::Incompatible) } else { Ok(local) }
    }

    /// What an exception at an instruction brings to its handler.
    fn raise(&mut self, at: usize, state: &State) -> Result<()> {
        let Some(block) = state.active(at).copied() else { return Ok(()) };
        let keep = state.blocks.iter().rposition(|b| *b == block).map_or(0, |i| i + 1);
        let stack = state.stack.get(..block.depth).ok_or(MpyError::Incompatible)?;
        let mut stack = stack.to_vec();
        stack.push(Kind::Token(block.handler));
        let blocks = state.blocks[..keep].to_vec();
        self.flow.targets.insert(block.handler, ());
        self.reach(block.handler, State { stack, blocks, assigned: state.assigned })
    }

    fn step(&mut self, at: usize) -> Result<()> {
        let (instruction, next) = decode(self.code, at)?;
        self.flow.code.insert(at, (instruction, next));
        let mut state = self.flow.states.get(&at).cloned().ok_or(MpyError::Incompatible)?;
        self.raise(at, &state)?;
        let falls_through = self.apply(at, instruction, next, &mut state)?;
        if falls_through {
            // What the instruction has assigned or deleted counts for an exception as well.
            self.raise(at, &state)?;
            self.edge(at, next, &state)?;
            self.reach(next, state)?;
        }
        Ok(())
    }

    /// What an instruction does to the stack, and where it jumps; whether the next one follows.
    fn apply(
        &mut self,
        at: usize,
        instruction: Instruction,
        next: usize,
        s: &mut State,
    ) -> Result<bool> {
        use Instruction as I;
        match instruction {
            I::None => s.push(Kind::None),
            I::Null => s.push(Kind::Null),
            I::Small(n) => s.push(Kind::Small(n)),
            I::Bool(_) | I::LoadBuildClass => s.push(Kind::Value),
            I::Str(n) => {
                self.name(n)?;
                s.push(Kind::Str);
            }
            I::Object(n) => {
                if n >= self.limits.objects {
                    return Err(MpyError::Incompatible);
                }
                s.push(Kind::Value);
            }
            I::LoadFast(_)
            | I::LoadDeref(_)
            | I::StoreFast(_)
            | I::StoreDeref(_)
            | I::DeleteFast(_)
            | I::DeleteDeref(_) => self.variable(instruction, s)?,
            I::LoadName(n) | I::LoadGlobal(n) => {
                self.name(n)?;
                s.push(Kind::Value);
            }
            I::StoreName(n) | I::StoreGlobal(n) => {
                self.name(n)?;
                s.pop_object()?;
            }
            I::DeleteName(n) | I::DeleteGlobal(n) => self.name(n)?,
            I::Yield | I::YieldFrom if !self.prelude.is_generator => {
                return Err(MpyError::Incompatible);
            }
            I::Yield => {
                s.pop_object()?;
                s.push(Kind::Value);
            }
            I::YieldFrom => {
                s.pop_objects(2)?;
                s.push(Kind::Value);
            }
            I::MakeFunction(make) => self.make_function(make, s)?,
            I::Call(call) => arguments(call, s)?,
            I::Jump(_)
            | I::PopJumpIf(..)
            | I::JumpIfOrPop(..)
            | I::Unwind(..)
            | I::Setup(..)
            | I::PopExceptJump(_)
            | I::ForIter(_)
            | I::EndFinally
            | I::WithCleanup
            | I::Return
            | I::Raise
            | I::RaiseFrom
            | I::RaiseLast => return self.control(at, instruction, next, s),
            other => return self.objects(at, other, next, s),
        }
        Ok(true)
    }

    /// Instructions that jump, and those of blocks.
    fn control(
        &mut self,
        at: usize,
        instruction: Instruction,
        next: usize,
        s: &mut State,
    ) -> Result<bool> {
        use Instruction as I;
        match instruction {
            I::Jump(to) => {
                self.jump(at, to, s.clone())?;
                return Ok(false);
            }
            I::PopJumpIf(_, to) => {
                s.pop_object()?;
                self.jump(at, to, s.clone())?;
            }
            I::JumpIfOrPop(_, to) => {
                s.pop_object()?;
                let mut taken = s.clone();
                taken.push(Kind::Value);
                self.jump(at, to, taken)?;
            }
            I::Unwind(to, count, iterator) => {
                self.unwind(at, s.clone(), Unwind { to, count, iterator })?;
                return Ok(false);
            }
            I::Setup(kind, handler) => self.setup(kind, handler, next, s)?,
            I::PopExceptJump(to) => {
                s.blocks.pop().ok_or(MpyError::Incompatible)?;
                self.jump(at, to, s.clone())?;
                return Ok(false);
            }
            I::ForIter(to) => {
                iterator(s)?;
                let mut done = s.clone();
                done.stack.truncate(s.stack.len() - ITER_SLOTS);
                self.jump(at, to, done)?;
                s.push(Kind::Value);
            }
            I::EndFinally => {
                let block = s.blocks.pop().ok_or(MpyError::Incompatible)?;
                match s.pop()? {
                    Kind::None => {}
                    Kind::Token(handler) if handler == block.handler => {}
                    _ => return Err(MpyError::Incompatible),
                }
                let way = self.ways.entry(block.handler).or_default();
                if !way.ends.contains(&at) {
                    way.ends.push(at);
                }
                for unwind in way.unwinds.clone() {
                    self.unwind(at, s.clone(), unwind)?;
                }
            }
            I::WithCleanup => {
                let block = *s.blocks.last().ok_or(MpyError::Incompatible)?;
                let token = s.pop()?;
                let fits = token == Kind::None || token == Kind::Token(block.handler);
                if block.kind != Setup::With || !fits || s.stack.len() != block.depth {
                    return Err(MpyError::Incompatible);
                }
                s.pop()?;
                s.pop()?;
                s.push(Kind::Token(block.handler));
            }
            I::Return => {
                s.pop_object()?;
                return Ok(false);
            }
            I::Raise => {
                s.pop_object()?;
                return Ok(false);
            }
            I::RaiseFrom => {
                s.pop_objects(2)?;
                return Ok(false);
            }
            I::RaiseLast => return Ok(false),
            _ => return Err(MpyError::Incompatible),
        }
        Ok(true)
    }

    /// Leaves blocks up to one whose handler has something to do, and goes on at that one's end.
    fn unwind(&mut self, at: usize, mut s: State, unwind: Unwind) -> Result<()> {
        for done in 0..unwind.count {
            let block = *s.blocks.last().ok_or(MpyError::Incompatible)?;
            if block.kind != Setup::Except && block.handler > at {
                let rest = Unwind { count: unwind.count - done - 1, ..unwind };
                let way = self.ways.entry(block.handler).or_default();
                if !way.unwinds.contains(&rest) {
                    if way.unwinds.len() >= WAYS_MAX {
                        return Err(MpyError::TooLarge);
                    }
                    way.unwinds.push(rest);
                    self.pending.extend_from_slice(&way.ends);
                }
                return Ok(());
            }
            s.blocks.pop();
            if s.stack.len() < block.base() {
                return Err(MpyError::Incompatible);
            }
            s.stack.truncate(block.base());
        }
        if unwind.iterator {
            iterator(&s)?;
            s.stack.truncate(s.stack.len() - ITER_SLOTS);
        }
        self.jump(at, unwind.to, s)
    }

    fn variable(&mut self, instruction: Instruction, s: &mut State) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::LoadFast(n) => {
                let n = self.local(n)?;
                if is_cell(self.prelude, self.limits.closed, n) {
                    s.push(Kind::Cell);
                } else {
                    s.assigned.insert(n);
                    s.push(Kind::Value);
                }
            }
            I::StoreFast(n) => {
                s.pop_object()?;
                let n = self.plain(n)?;
                s.assigned.insert(n);
            }
            I::DeleteFast(n) => {
                let n = self.plain(n)?;
                s.assigned.remove(n);
            }
            I::LoadDeref(n) => {
                self.cell(n)?;
                s.push(Kind::Value);
            }
            I::StoreDeref(n) => {
                self.cell(n)?;
                s.pop_object()?;
            }
            I::DeleteDeref(n) => {
                self.cell(n)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn setup(&mut self, kind: Setup, handler: usize, next: usize, s: &mut State) -> Result<()> {
        if handler < next {
            return Err(MpyError::Incompatible);
        }
        if kind == Setup::With {
            s.pop_object()?;
            s.push(Kind::Value);
            s.push(Kind::Value);
        }
        s.blocks.push(Block { kind, handler, depth: s.stack.len() });
        if kind == Setup::With {
            s.push(Kind::Value);
        }
        Ok(())
    }

    fn make_function(&mut self, make: MakeFunction, s: &mut State) -> Result<()> {
        if make.child >= self.limits.children {
            return Err(MpyError::Incompatible);
        }
        for _ in 0..make.cells {
            s.pop_kind(Kind::Cell)?;
        }
        if make.defaults {
            let (keywords, positional) = (s.pop()?, s.pop()?);
            let fits = matches!(keywords, Kind::Map | Kind::Null)
                && matches!(positional, Kind::Tuple | Kind::Null);
            if !fits {
                return Err(MpyError::Incompatible);
            }
        }
        s.push(Kind::Value);
        Ok(())
    }

    /// Instructions on objects.
    fn objects(
        &mut self,
        at: usize,
        instruction: Instruction,
        next: usize,
        s: &mut State,
    ) -> Result<bool> {
        use Instruction as I;
        match instruction {
            I::LoadAttr(n) => {
                self.name(n)?;
                s.pop_object()?;
                s.push(Kind::Value);
            }
            I::LoadMethod(n) => {
                self.name(n)?;
                s.pop_object()?;
                s.push(Kind::Value);
                s.push(Kind::This);
            }
            I::LoadSuperMethod(n) => {
                self.name(n)?;
                s.pop_objects(3)?;
                s.push(Kind::Value);
                s.push(Kind::This);
            }
            I::LoadSubscr => {
                s.pop_objects(2)?;
                s.push(Kind::Value);
            }
            I::StoreAttr(n) => {
                self.name(n)?;
                s.pop_object()?;
                deletable(s)?;
            }
            I::StoreSubscr => {
                s.pop_objects(2)?;
                deletable(s)?;
            }
            I::Dup => {
                let kind = s.pop_object()?;
                s.push(kind);
                s.push(copied(kind));
            }
            I::DupTwo => {
                let (b, a) = (s.pop_object()?, s.pop_object()?);
                for kind in [a, b, copied(a), copied(b)] {
                    s.push(kind);
                }
            }
            // A loop's iterator is taken away slot by slot.
            I::Pop => {
                s.pop()?;
            }
            I::RotTwo => rotate(s, 2)?,
            I::RotThree if self.rotates_token(next, s)? => {
                // A way out takes two slots in the reference and one here; the second rotation
                // is left out.
                if self.flow.targets.contains_key(&next) {
                    return Err(MpyError::Incompatible);
                }
                rotate(s, 2)?;
                let (_, after) = decode(self.code, next)?;
                self.edge(at, after, s)?;
                self.reach(after, s.clone())?;
                return Ok(false);
            }
            I::RotThree => rotate(s, 3)?,
            I::GetIter => {
                s.pop_object()?;
                s.push(Kind::Value);
            }
            I::GetIterStack => {
                s.pop_object()?;
                s.push(Kind::Iter);
                s.stack.extend([Kind::Pad; ITER_SLOTS - 1]);
            }
            other => self.builders(other, s)?,
        }
        Ok(true)
    }

    fn rotates_token(&self, next: usize, s: &State) -> Result<bool> {
        let token = matches!(s.top(0)?, Kind::Token(_));
        Ok(token && matches!(decode(self.code, next), Ok((Instruction::RotThree, _))))
    }

    fn builders(&mut self, instruction: Instruction, s: &mut State) -> Result<()> {
        use Instruction as I;
        match instruction {
            I::BuildTuple(n) => {
                s.pop_objects(n)?;
                s.push(Kind::Tuple);
            }
            I::BuildList(n) => {
                s.pop_objects(n)?;
                s.push(Kind::List);
            }
            I::BuildSet(n) => {
                s.pop_objects(n)?;
                s.push(Kind::Set);
            }
            I::BuildMap(_) => s.push(Kind::Map),
            I::BuildSlice(step) => {
                s.pop_objects(2 + usize::from(step))?;
                s.push(Kind::Value);
            }
            I::StoreMap => {
                s.pop_objects(2)?;
                if s.top(0)? != Kind::Map {
                    return Err(MpyError::Incompatible);
                }
            }
            I::StoreComp(n) => {
                let want = match n & 3 {
                    0 => Kind::List,
                    1 => Kind::Map,
                    _ => Kind::Set,
                };
                if s.top(n >> 2)? != want {
                    return Err(MpyError::Incompatible);
                }
                s.pop_objects(1 + usize::from(n & 3 == 1))?;
            }
            I::UnpackSequence(n) => {
                s.pop_object()?;
                if n > DEPTH_MAX {
                    return Err(MpyError::TooLarge);
                }
                (0..n).for_each(|_| s.push(Kind::Value));
            }
            I::UnpackEx(left, right) => {
                s.pop_object()?;
                (0..=left + right).for_each(|_| s.push(Kind::Value));
            }
            I::ImportName(n) => {
                self.name(n)?;
                s.pop_objects(2)?;
                s.push(Kind::Value);
            }
            I::ImportFrom(n) => {
                self.name(n)?;
                s.pop_object()?;
                s.push(Kind::Value);
                s.push(Kind::Value);
            }
            I::ImportStar => {
                s.pop_object()?;
            }
            I::Unary(_) => {
                s.pop_object()?;
                s.push(Kind::Value);
            }
            I::Binary(_) => {
                s.pop_objects(2)?;
                s.push(Kind::Value);
            }
            _ => return Err(MpyError::Incompatible),
        }
        Ok(())
    }
}

/// What a copy of a slot is: a collection is built in one place.
fn copied(kind: Kind) -> Kind {
    if let Kind::List | Kind::Map | Kind::Set = kind { Kind::Value } else { kind }
}

/// The value of an assignment, or nothing for a deletion.
fn deletable(s: &mut State) -> Result<()> {
    match s.pop()? {
        Kind::Iter | Kind::Pad | Kind::This => Err(MpyError::Incompatible),
        _ => Ok(()),
    }
}

/// Moves the top below the `n - 1` slots under it.
fn rotate(s: &mut State, n: usize) -> Result<()> {
    let from = s.stack.len().checked_sub(n).ok_or(MpyError::Incompatible)?;
    let slots = &mut s.stack[from..];
    if slots.iter().any(|kind| matches!(kind, Kind::Iter | Kind::Pad)) {
        return Err(MpyError::Incompatible);
    }
    slots.rotate_right(1);
    Ok(())
}

/// The slot that holds the iterator whose four slots are on top.
pub(crate) fn iterator(s: &State) -> Result<usize> {
    let first = s.stack.len().checked_sub(ITER_SLOTS).ok_or(MpyError::Incompatible)?;
    match s.stack[first..] {
        [Kind::Iter, Kind::Pad, Kind::Pad, Kind::Pad] => Ok(first),
        [Kind::Null, kind, Kind::Null, Kind::Null] if kind.is_object() => Ok(first + 1),
        _ => Err(MpyError::Incompatible),
    }
}

/// Takes away what a call consumes.
fn arguments(call: Call, s: &mut State) -> Result<()> {
    if call.stars {
        match s.pop()? {
            Kind::Small(_) => {}
            _ => return Err(MpyError::Incompatible),
        }
    }
    for _ in 0..call.keyword {
        s.pop_object()?;
        match s.pop()? {
            Kind::Str => {}
            Kind::Null if call.stars => {}
            _ => return Err(MpyError::Incompatible),
        }
    }
    s.pop_objects(call.positional)?;
    if call.method {
        s.pop_kind(Kind::This)?;
    }
    s.pop_object()?;
    s.push(Kind::Value);
    Ok(())
}
