//! What registers hold at each instruction, as far as the instructions themselves tell.
//!
//! The analysis is hopeful: what nothing has been learnt about yet is whatever the other ways into a
//! place need it to be, and a check stands where that hope enters. So a loop over ints checks its
//! registers once, when it is entered, and not in every round.

use crate::code::{Code, Insn, is_jump};
use coil_vm::Value;
use coil_vm::compiler::bytecode::Op;

/// What a register holds. All but `Int32` are in the register as the interpreter has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Nobody has asked yet.
    Unasked,
    /// An int of 32 bits, as a plain number.
    Int32,
    /// A small int.
    Int,
    /// A bytearray; where its bytes are and how many is known beside.
    Bytes,
    /// A list; where its items are and how many is known beside.
    List,
    /// Anything.
    Any,
}

impl Fact {
    /// What holds where two ways meet.
    fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unasked, f) | (f, Self::Unasked) => f,
            (one, same) if one == same => one,
            (Self::Int | Self::Int32, Self::Int | Self::Int32) => Self::Int,
            _ => Self::Any,
        }
    }
}

/// A set of registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Regs([u64; 4]);

impl Regs {
    pub(crate) fn insert(&mut self, reg: u8) {
        self.0[usize::from(reg >> 6)] |= 1 << (reg & 63);
    }

    pub(crate) fn contains(&self, reg: u8) -> bool {
        self.0[usize::from(reg >> 6)] >> (reg & 63) & 1 == 1
    }

    fn join(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }
}

/// What is known before an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    facts: Vec<Fact>,
    /// Registers that may be other than what is in the frame's window.
    pub(crate) dirty: Regs,
}

impl State {
    /// Nothing is known.
    pub(crate) fn new(registers: usize) -> Self {
        Self { facts: vec![Fact::Unasked; registers], dirty: Regs::default() }
    }

    pub(crate) fn get(&self, reg: u8) -> Fact {
        self.facts[usize::from(reg)]
    }

    fn set(&mut self, reg: u8, fact: Fact) {
        self.facts[usize::from(reg)] = fact;
    }

    fn write(&mut self, reg: u8, fact: Fact) {
        self.set(reg, fact);
        self.dirty.insert(reg);
    }

    fn meet(&mut self, other: &Self) {
        for (mine, theirs) in self.facts.iter_mut().zip(&other.facts) {
            *mine = mine.meet(*theirs);
        }
        self.dirty.join(other.dirty);
    }
}

/// What an instruction does to facts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effect {
    /// Registers that must hold small ints, or it is left to the interpreter.
    pub(crate) ints: [Option<u8>; 3],
    /// Registers read as ints of 32 bits, whatever they hold.
    pub(crate) words: [Option<u8>; 3],
    /// A register whose items it reads or writes, and what that is hoped to be if nobody has asked.
    pub(crate) items: Option<(u8, Fact)>,
    /// What it writes.
    pub(crate) write: Option<(u8, Fact)>,
    /// What `ints` are hoped to be that nobody has asked about: 32 bits if so.
    pub(crate) short: bool,
}

fn ints(regs: &[u8], write: Option<(u8, Fact)>) -> Effect {
    let mut effect = Effect { write, ..Effect::default() };
    for (slot, reg) in effect.ints.iter_mut().zip(regs) {
        *slot = Some(*reg);
    }
    effect
}

fn words(regs: &[u8], write: Option<(u8, Fact)>) -> Effect {
    let mut effect = Effect { write, ..Effect::default() };
    for (slot, reg) in effect.words.iter_mut().zip(regs) {
        *slot = Some(*reg);
    }
    effect
}

/// The fact about a constant.
pub(crate) fn of_constant(v: Value, viper: bool) -> Fact {
    match v.as_int() {
        Some(i) if viper && i32::try_from(i).is_ok() => Fact::Int32,
        Some(_) => Fact::Int,
        None => Fact::Any,
    }
}

/// What an instruction does; nothing if it is always left to the interpreter.
pub(crate) fn effect(code: &Code, insn: &Insn, before: &State) -> Option<Effect> {
    let mut effect = effect_of(code, insn, before)?;
    // What functions with ints of 32 bits count and compare by has no others.
    effect.short = code.viper && is_jump(insn.op);
    Some(effect)
}

fn effect_of(code: &Code, insn: &Insn, before: &State) -> Option<Effect> {
    let (a, b, c) = (insn.a, insn.b, insn.c);
    let wrote = |fact| Effect { write: Some((a, fact)), ..Effect::default() };
    Some(match insn.op {
        Op::Nop | Op::Hot | Op::Jump | Op::CheckLocal | Op::JNone | Op::JIs => Effect::default(),
        Op::Move => wrote(before.get(b)),
        Op::LoadConst => wrote(of_constant(code.constant(insn), code.viper)),
        Op::LoadInt => wrote(if code.viper { Fact::Int32 } else { Fact::Int }),
        Op::LoadNone | Op::LoadTrue | Op::LoadFalse | Op::LoadNull => wrote(Fact::Any),
        Op::Add | Op::IAdd | Op::Sub | Op::ISub | Op::Mul | Op::IMul => int2(a, b, c, Fact::Int),
        Op::FloorDiv | Op::IFloorDiv | Op::Mod | Op::IMod => int2(a, b, c, Fact::Int),
        Op::LShift | Op::ILShift | Op::RShift | Op::IRShift => int2(a, b, c, Fact::Int),
        Op::And | Op::IAnd | Op::Or | Op::IOr | Op::Xor | Op::IXor => int2(a, b, c, Fact::Int),
        Op::AddI | Op::IAddI | Op::SubI | Op::ISubI | Op::MulI => ints(&[b], Some((a, Fact::Int))),
        Op::FloorDivI | Op::ModI if c == 0 => return None,
        Op::FloorDivI | Op::ModI => ints(&[b], Some((a, Fact::Int))),
        Op::LShiftI if c >= 32 => return None,
        Op::RShiftI if c >= 63 => return None,
        Op::LShiftI | Op::RShiftI => ints(&[b], Some((a, Fact::Int))),
        Op::AndI | Op::OrI | Op::XorI => ints(&[b], Some((a, Fact::Int))),
        Op::Neg | Op::Pos | Op::Invert => ints(&[b], Some((a, Fact::Int))),
        Op::Not => wrote(Fact::Any),
        Op::IntAdd | Op::IntSub | Op::IntMul | Op::IntFloorDiv | Op::IntMod => word2(a, b, c),
        Op::IntAnd | Op::IntOr | Op::IntXor | Op::IntShl | Op::IntShr => word2(a, b, c),
        Op::IntShrU | Op::IntLt | Op::IntLe | Op::IntLtU | Op::IntLeU => word2(a, b, c),
        Op::IntEq | Op::IntNe | Op::Load8 | Op::Load16 | Op::Load32 => word2(a, b, c),
        Op::IntAddI | Op::IntSubI | Op::IntAndI | Op::IntShlI => {
            words(&[b], Some((a, Fact::Int32)))
        }
        Op::IntNeg | Op::IntInvert => words(&[b], Some((a, Fact::Int32))),
        Op::Store8 | Op::Store16 | Op::Store32 => words(&[a, b, c], None),
        Op::ToNative => ints(&[b], Some((a, Fact::Int32))),
        Op::ToObject => words(
            &[b],
            Some((
                a,
                match c {
                    1 => Fact::Any,
                    2 => Fact::Int32,
                    _ => Fact::Int,
                },
            )),
        ),
        Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => int2(a, b, c, Fact::Any),
        Op::Is | Op::IsNot => wrote(Fact::Any),
        Op::JTrue | Op::JFalse => Effect::default(),
        Op::JLt | Op::JLe | Op::JGt | Op::JGe | Op::JEq | Op::JNe => ints(&[a, b], None),
        Op::JLtI | Op::JLeI | Op::JGtI | Op::JGeI | Op::JEqI | Op::JNeI => ints(&[a], None),
        // Its item and its next one are written where it jumps.
        Op::ForRange => ints(&[b, b + 1, c], None),
        Op::LoadItem | Op::LoadItemI => {
            let items = Some((b, code.hope(b)));
            let is_bytes = asked(before, items) == Fact::Bytes;
            let item = Some((a, if is_bytes { Fact::Int } else { Fact::Any }));
            let key: &[u8] = if insn.op == Op::LoadItem { &[c] } else { &[] };
            Effect { items, ..ints(key, item) }
        }
        Op::StoreItem | Op::StoreItemI => {
            let items = Some((a, code.hope(a)));
            let is_bytes = asked(before, items) == Fact::Bytes;
            let used: &[u8] = match (insn.op == Op::StoreItem, is_bytes) {
                (true, true) => &[b, c],
                (true, false) => &[b],
                (false, true) => &[c],
                (false, false) => &[],
            };
            Effect { items, ..ints(used, None) }
        }
        _ => return None,
    })
}

/// What a register with items is once it has been asked.
fn asked(before: &State, items: Option<(u8, Fact)>) -> Fact {
    items.map_or(Fact::Any, |(reg, hope)| match before.get(reg) {
        Fact::Unasked => hope,
        fact => fact,
    })
}

fn int2(a: u8, b: u8, c: u8, fact: Fact) -> Effect {
    ints(&[b, c], Some((a, fact)))
}

fn word2(a: u8, b: u8, c: u8) -> Effect {
    words(&[b, c], Some((a, Fact::Int32)))
}

/// What holds once an instruction has its operands.
pub(crate) fn learn(state: &mut State, effect: &Effect) {
    if let Some((reg, hope)) = effect.items.filter(|items| state.get(items.0) == Fact::Unasked) {
        state.set(reg, hope);
    }
    for reg in effect.ints.into_iter().flatten() {
        match state.get(reg) {
            Fact::Int32 => {}
            Fact::Unasked if effect.short => state.set(reg, Fact::Int32),
            _ => state.set(reg, Fact::Int),
        }
    }
    for reg in effect.words.into_iter().flatten() {
        if state.get(reg) == Fact::Unasked {
            state.set(reg, Fact::Int32);
        }
    }
}

/// What holds behind an instruction that has what it needs.
pub(crate) fn after(state: &mut State, effect: &Effect) {
    learn(state, effect);
    if let Some((reg, fact)) = effect.write {
        state.write(reg, fact);
    }
}

/// Whether a `ForRange` counts in 32 bits.
pub(crate) fn is_short_round(state: &State, insn: &Insn) -> bool {
    [insn.b, insn.b + 1, insn.c].iter().all(|reg| state.get(*reg) == Fact::Int32)
}

/// What holds where a `ForRange` jumps to.
pub(crate) fn after_round(state: &mut State, insn: &Insn) {
    let item = state.get(insn.b);
    let next = if is_short_round(state, insn) { Fact::Int32 } else { Fact::Int };
    state.write(insn.a, item);
    state.write(insn.b, next);
}

/// What is known at the start of each block: by word, and only where machine code comes at all.
#[derive(Debug)]
pub(crate) struct Facts {
    at: Vec<Option<State>>,
}

impl Facts {
    /// Follows the code from the starts of its rounds.
    pub(crate) fn find(code: &Code) -> Self {
        let words = code.insns().last().map_or(0, |i| i.next() as usize);
        let mut is_leader = vec![false; words + 1];
        for insn in code.insns() {
            if insn.op == Op::Hot {
                is_leader[insn.next() as usize] = true;
            }
            if is_jump(insn.op) {
                is_leader[insn.target as usize] = true;
                is_leader[insn.next() as usize] = true;
            }
        }
        let mut facts = Self { at: vec![None; words + 1] };
        let mut pending = Vec::new();
        for insn in code.insns().iter().filter(|i| i.op == Op::Hot) {
            facts.reach(insn.next(), &State::new(code.registers), &mut pending);
        }
        while let Some(leader) = pending.pop() {
            let (Some(mut state), Some(mut i)) =
                (facts.at[leader as usize].clone(), code.index(leader))
            else {
                continue;
            };
            while let Some(insn) = code.insns().get(i) {
                let Some(effect) = effect(code, insn, &state) else { break };
                after(&mut state, &effect);
                if is_jump(insn.op) {
                    let mut there = state.clone();
                    if insn.op == Op::ForRange {
                        after_round(&mut there, insn);
                    }
                    facts.reach(insn.target, &there, &mut pending);
                    if insn.op == Op::Jump {
                        break;
                    }
                }
                if is_leader[insn.next() as usize] {
                    facts.reach(insn.next(), &state, &mut pending);
                    break;
                }
                i += 1;
            }
        }
        facts
    }

    fn reach(&mut self, at: u32, state: &State, pending: &mut Vec<u32>) {
        let slot = &mut self.at[at as usize];
        let met = match slot {
            Some(have) => {
                let mut met = have.clone();
                met.meet(state);
                met
            }
            None => state.clone(),
        };
        if slot.as_ref() != Some(&met) {
            *slot = Some(met);
            pending.push(at);
        }
    }

    /// What is known at the start of a block; nothing if no block starts there.
    pub(crate) fn at(&self, at: u32) -> Option<&State> {
        self.at.get(at as usize)?.as_ref()
    }
}
