//! What registers hold, followed through the code: the checks that let code be trusted which nobody
//! here has compiled.
//!
//! [`verify`](fn@super::verify) makes sure that the machine stays inside its tables. That a list is
//! built where one is appended to, that a cell is in the register a variable is read through, that
//! no register is read before something is in it: all this the compiler knows of its own code, and
//! here it is found out.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use super::decode::{Instruction, Operand, decode};
use super::verify::{Check, VerifyError, ensure};
use super::{CodeFlags, CodeUnit, Const, Op};

/// What a register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Perhaps nothing, perhaps something of the machine's own.
    Anything,
    /// A value of the language.
    Value,
    /// A string, and one that is interned.
    Str,
    Name,
    List,
    Dict,
    Set,
    /// A tuple of this many values.
    Tuple(u8),
    /// The cell of a variable.
    Cell,
    /// A tuple of this many cells.
    Cells(u8),
}

impl Holds {
    const fn is_value(self) -> bool {
        !matches!(self, Self::Anything | Self::Cell | Self::Cells(_))
    }

    const fn is_str(self) -> bool {
        matches!(self, Self::Str | Self::Name)
    }

    /// What holds where two ways meet.
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (a, b) if a.is_str() && b.is_str() => Self::Str,
            (a, b) if a.is_value() && b.is_value() => Self::Value,
            _ => Self::Anything,
        }
    }

    fn of(value: &Const) -> Self {
        match value {
            Const::Str(_) => Self::Str,
            Const::Name(_) => Self::Name,
            Const::Tuple(items) => u8::try_from(items.len()).map_or(Self::Value, Self::Tuple),
            _ => Self::Value,
        }
    }
}

type State = Vec<Holds>;

/// How often each instruction is looked at on average, at most.
const LOOKS: usize = 64;

struct Flow<'a> {
    unit: &'a CodeUnit,
    /// Where ways meet.
    leaders: BTreeSet<usize>,
    /// What holds there, as far as is known.
    states: BTreeMap<usize, State>,
    pending: Vec<usize>,
}

/// Checks what the registers of a unit hold, and of those nested in it. The unit must have passed
/// [`verify`](fn@super::verify).
///
/// # Errors
/// The first rule that is broken.
pub fn check_flow(unit: &CodeUnit) -> Check {
    let mut units = vec![unit];
    while let Some(unit) = units.pop() {
        Flow::new(unit).run()?;
        units.extend(unit.consts.iter().filter_map(|value| match value {
            Const::Code(code) => Some(&**code),
            _ => None,
        }));
    }
    Ok(())
}

impl<'a> Flow<'a> {
    fn new(unit: &'a CodeUnit) -> Self {
        let mut leaders: BTreeSet<usize> =
            unit.handlers.iter().map(|h| h.target as usize).collect();
        leaders.insert(0);
        let mut at = 0;
        while let Some(instruction) = decode(&unit.code, at) {
            leaders.extend(targets(&instruction));
            at += instruction.op.words();
        }
        let mut entry = vec![Holds::Anything; usize::from(unit.registers)];
        let stars = u8::from(unit.flags.has(CodeFlags::VARARGS))
            + u8::from(unit.flags.has(CodeFlags::VARKEYWORDS));
        let values = usize::from(unit.positional + unit.keyword_only + stars);
        entry[..values].fill(Holds::Value);
        entry[values..values + usize::from(unit.free)].fill(Holds::Cell);
        Self { unit, leaders, states: BTreeMap::from([(0, entry)]), pending: vec![0] }
    }

    fn run(mut self) -> Check {
        if self.unit.flags.has(CodeFlags::NAMES) {
            let called = CodeFlags::GENERATOR | CodeFlags::VARARGS | CodeFlags::VARKEYWORDS;
            let plain = self.unit.flags.0 & called == 0 && self.unit.params.is_empty();
            ensure(plain, 0, "a body is not called")?;
        }
        for (i, handler) in self.unit.handlers.iter().enumerate() {
            // Ways back are jumps, which look for interrupts.
            ensure(handler.target >= handler.end, i, "handler before what it covers")?;
        }
        let mut looks = LOOKS * (self.unit.code.len() + 16);
        while let Some(mut at) = self.pending.pop() {
            let mut state = self.states[&at].clone();
            loop {
                ensure(looks > 0, at, "ways too tangled")?;
                looks -= 1;
                let instruction = decode(&self.unit.code, at)
                    .ok_or(VerifyError { at, reason: "no instruction" })?;
                let before = state.clone();
                Step { unit: self.unit, at, state: &mut state }.take(&instruction)?;
                self.arrive_at_handler(at, &before, &state);
                for target in targets(&instruction) {
                    self.arrive(target, &state);
                }
                if let Op::ForIter | Op::ForRange = instruction.op {
                    // Nothing is written at the end of a loop.
                    state = before;
                }
                if ends(instruction.op) {
                    break;
                }
                at += instruction.op.words();
                if self.leaders.contains(&at) {
                    self.arrive(at, &state);
                    break;
                }
            }
        }
        Ok(())
    }

    /// An exception may come before an instruction has done its work, or after.
    fn arrive_at_handler(&mut self, at: usize, before: &State, after: &State) {
        let covers = |h: &&super::Handler| (h.start as usize..h.end as usize).contains(&at);
        let Some(handler) = self.unit.handlers.iter().find(covers) else { return };
        let mut state: State = before.iter().zip(after).map(|(a, b)| a.join(*b)).collect();
        state[usize::from(handler.reg)] = Holds::Value;
        self.arrive(handler.target as usize, &state);
    }

    fn arrive(&mut self, at: usize, state: &State) {
        let joined = match self.states.get(&at) {
            None => state.clone(),
            Some(known) => {
                let joined: State = known.iter().zip(state).map(|(a, b)| a.join(*b)).collect();
                if joined == *known {
                    return;
                }
                joined
            }
        };
        self.states.insert(at, joined);
        self.pending.push(at);
    }
}

fn targets(instruction: &Instruction) -> impl Iterator<Item = usize> {
    instruction.operands.iter().filter_map(|operand| match *operand {
        Operand::Target(at) => usize::try_from(at).ok(),
        _ => None,
    })
}

const fn ends(op: Op) -> bool {
    matches!(
        op,
        Op::Return | Op::Raise | Op::RaiseFrom | Op::Reraise | Op::RaiseNoActive | Op::Jump
    )
}

/// One instruction and what holds before it, to become what holds after it.
struct Step<'a> {
    unit: &'a CodeUnit,
    at: usize,
    state: &'a mut State,
}

impl Step<'_> {
    fn ensure(&self, condition: bool, reason: &'static str) -> Check {
        ensure(condition, self.at, reason)
    }

    fn holds(&self, r: usize) -> Holds {
        self.state.get(r).copied().unwrap_or(Holds::Anything)
    }

    fn value(&self, r: usize) -> Check {
        self.ensure(self.holds(r).is_value(), "a register that may hold nothing is read")
    }

    fn values(&self, from: usize, count: usize) -> Check {
        (from..from + count).try_for_each(|r| self.value(r))
    }

    fn exactly(&self, r: usize, what: Holds) -> Check {
        self.ensure(self.holds(r) == what, "a register holds another kind of object")
    }

    fn has(&self, flag: u16) -> Check {
        self.ensure(self.unit.flags.has(flag), "not in this kind of code")
    }

    fn set(&mut self, r: usize, what: Holds) {
        if let Some(slot) = self.state.get_mut(r) {
            *slot = what;
        }
    }

    fn take(&mut self, instruction: &Instruction) -> Check {
        let fields = fields(instruction);
        match instruction.op {
            Op::Move => self.set(fields.0, self.holds(fields.1)),
            Op::LoadNull => self.set(fields.0, Holds::Anything),
            Op::CheckLocal => {
                if self.holds(fields.0) == Holds::Anything {
                    self.set(fields.0, Holds::Value);
                }
            }
            Op::LoadConst => {
                let Some(Operand::Const(k)) = instruction.operands.get(1) else { return Ok(()) };
                let what = self.unit.consts.get(usize::from(*k)).map_or(Holds::Value, Holds::of);
                self.set(fields.0, what);
            }
            Op::MakeCell | Op::NewCell => self.set(fields.0, Holds::Cell),
            Op::LoadCell => {
                self.exactly(fields.1, Holds::Cell)?;
                self.set(fields.0, Holds::Value);
            }
            Op::StoreCell => {
                self.exactly(fields.0, Holds::Cell)?;
                self.value(fields.1)?;
            }
            Op::DelCell => self.exactly(fields.0, Holds::Cell)?,
            Op::LoadName | Op::StoreName | Op::DelName | Op::ImportStar => {
                self.has(CodeFlags::NAMES)?;
                self.plain(instruction)?;
            }
            // A class body gives the cell of its `__class__`.
            Op::Return if self.holds(fields.0) == Holds::Cell => self.has(CodeFlags::NAMES)?,
            Op::Yield | Op::YieldFrom => {
                self.has(CodeFlags::GENERATOR)?;
                self.plain(instruction)?;
            }
            Op::Call | Op::CallM | Op::CallMethod | Op::CallEx => self.call(instruction)?,
            Op::LoadMethod => {
                self.value(fields.1)?;
                self.set(fields.0, Holds::Value);
                self.set(fields.0 + 1, Holds::Anything);
            }
            Op::MakeFunction => self.make_function(instruction)?,
            _ if is_native(instruction.op) => {
                self.has(CodeFlags::VIPER)?;
                // Whatever such a register holds counts as some int.
                for operand in &instruction.operands {
                    if let Operand::Write(r) = operand {
                        self.set(usize::from(*r), Holds::Value);
                    }
                }
            }
            _ => self.build(instruction)?,
        }
        Ok(())
    }

    /// Instructions that build objects piece by piece, or take them apart.
    fn build(&mut self, instruction: &Instruction) -> Check {
        let (a, b, c) = fields(instruction);
        match instruction.op {
            Op::BuildTuple => {
                let cells = c > 0 && (b..b + c).all(|r| self.holds(r) == Holds::Cell);
                if !cells {
                    self.values(b, c)?;
                }
                let count = u8::try_from(c).unwrap_or(u8::MAX);
                self.set(a, if cells { Holds::Cells(count) } else { Holds::Tuple(count) });
            }
            Op::BuildList | Op::BuildSet => {
                self.values(b, c)?;
                let list = instruction.op == Op::BuildList;
                self.set(a, if list { Holds::List } else { Holds::Set });
            }
            Op::BuildMap => self.set(a, Holds::Dict),
            Op::BuildSlice => {
                self.values(b, 3)?;
                self.set(a, Holds::Value);
            }
            Op::BuildString => {
                let all = (b..b + c).all(|r| self.holds(r).is_str());
                self.ensure(all, "not only strings are joined")?;
                self.set(a, Holds::Str);
            }
            Op::FormatValue => {
                self.values(b, 2)?;
                self.set(a, Holds::Str);
            }
            Op::StoreMap => {
                self.exactly(a, Holds::Dict)?;
                self.values(b, 1)?;
                self.values(c, 1)?;
            }
            Op::DictUpdate => {
                self.exactly(a, Holds::Dict)?;
                self.value(b)?;
            }
            Op::ListAppend | Op::ListExtend => {
                self.exactly(a, Holds::List)?;
                self.value(b)?;
            }
            Op::SetAdd | Op::SetUpdate => {
                self.exactly(a, Holds::Set)?;
                self.value(b)?;
            }
            Op::ListToTuple => {
                self.exactly(b, Holds::List)?;
                self.set(a, Holds::Value);
            }
            Op::UnpackSeq => {
                self.value(b)?;
                (a..a + c).for_each(|r| self.set(r, Holds::Value));
            }
            Op::UnpackEx => {
                self.value(b)?;
                let after = word(instruction) as usize;
                (a..a + c + 1 + after).for_each(|r| self.set(r, Holds::Value));
            }
            Op::ForRange | Op::ImportName => {
                self.values(b, 2)?;
                self.plain(instruction)?;
                if instruction.op == Op::ForRange {
                    self.set(b, Holds::Value);
                }
            }
            _ => self.plain(instruction)?,
        }
        Ok(())
    }

    /// Instructions that read and write the values of the registers they name.
    fn plain(&mut self, instruction: &Instruction) -> Check {
        for operand in &instruction.operands {
            if let Operand::Read(r) = operand {
                self.value(usize::from(*r))?;
            }
        }
        for operand in &instruction.operands {
            if let Operand::Write(r) = operand {
                self.set(usize::from(*r), Holds::Value);
            }
        }
        if instruction.op == Op::YieldFrom {
            self.set(fields(instruction).2, Holds::Value);
        }
        Ok(())
    }

    fn call(&mut self, instruction: &Instruction) -> Check {
        let (window, positional, named) = fields(instruction);
        if instruction.op == Op::CallEx {
            self.values(window, 3)?;
        } else {
            let first = match instruction.op {
                Op::Call => window + 1,
                _ => window + 2,
            };
            if instruction.op == Op::CallMethod {
                self.value(window + 1)?;
            } else {
                self.value(window)?;
            }
            self.values(first, positional + 2 * named)?;
            for pair in 0..named {
                self.exactly(first + positional + 2 * pair, Holds::Name)?;
            }
        }
        // Whoever is called has its registers there.
        (window..self.state.len()).for_each(|r| self.set(r, Holds::Anything));
        let destination = instruction.operands.iter().find_map(|operand| match *operand {
            Operand::Destination(r) => Some(r as usize),
            _ => None,
        });
        self.set(destination.unwrap_or(usize::MAX), Holds::Value);
        Ok(())
    }

    fn make_function(&mut self, instruction: &Instruction) -> Check {
        let (a, b, _) = fields(instruction);
        let word = word(instruction);
        let Some(Const::Code(code)) = self.unit.consts.get((word & 0xffff) as usize) else {
            return self.ensure(false, "not the index of code");
        };
        if word & 0x10000 != 0 {
            let fits = matches!(self.holds(b), Holds::Tuple(n) if n <= code.positional);
            self.ensure(fits, "defaults do not fit the parameters")?;
        }
        if word & 0x20000 != 0 {
            self.exactly(b + 1, Holds::Dict)?;
        }
        if word & 0x40000 != 0 {
            self.exactly(b + 2, Holds::Cells(code.free))?;
        }
        self.set(a, Holds::Value);
        Ok(())
    }
}

const fn is_native(op: Op) -> bool {
    op as u8 >= Op::IntAdd as u8 && op as u8 <= Op::Store32 as u8 || matches!(op, Op::ToObject)
}

/// The registers and numbers of the first word.
fn fields(instruction: &Instruction) -> (usize, usize, usize) {
    let field = |i: usize| match instruction.operands.get(i) {
        Some(Operand::Write(v) | Operand::Read(v) | Operand::Number(v)) => usize::from(*v),
        _ => 0,
    };
    (field(0), field(1), field(2))
}

fn word(instruction: &Instruction) -> u32 {
    match instruction.operands.last() {
        Some(Operand::Word(word)) => *word,
        _ => 0,
    }
}
