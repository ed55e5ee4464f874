//! What a call of a function needs to know, packed into one word that stands in the function.
//!
//! Owns the quick way into a function: plain arguments, defaults, cells. Whatever else a call may
//! bring (`*args`, names) is bound in `call.rs`.

use super::frame::{Caller, Frame};
use crate::kinds::function;
use crate::vm::Vm;
use coil_compiler::bytecode::{CodeFlags, CodeUnit};
use coil_heap::{Ref, Value};

/// Device bytes of stack that a call costs beside its registers.
const CALL_COST: u32 = 112;

/// How to enter a function.
///
/// | bits | meaning |
/// |---|---|
/// | 0 to 7 | positional parameters |
/// | 8 to 15 | cells of free variables, which stand behind them |
/// | 16 to 24 | registers |
/// | 25 | it has other parameters than positional ones: bind them one by one |
/// | 26 | calling it makes a generator |
/// | 27 | defaults may stand in for arguments |
/// | from 28 | the byte offset of the instructions in the arena, in words of eight |
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan(u64);

const COMPLEX: u64 = 1 << 25;
const GENERATOR: u64 = 1 << 26;
const DEFAULTS: u64 = 1 << 27;

impl Plan {
    /// The plan of a code object whose instructions are in place.
    pub(crate) fn new(unit: &CodeUnit, words: Ref) -> Self {
        let flags = unit.flags.0;
        let complex = CodeFlags::VARARGS | CodeFlags::VARKEYWORDS | CodeFlags::NAMES;
        let mut bits = u64::from(unit.positional)
            | u64::from(unit.free) << 8
            | u64::from(unit.registers) << 16
            | u64::from(words.payload() >> 3) << 28;
        if unit.keyword_only > 0 || flags & complex != 0 {
            bits |= COMPLEX;
        }
        if flags & CodeFlags::GENERATOR != 0 {
            bits |= GENERATOR;
        }
        // Machine code takes its positional arguments and nothing else.
        if flags & CodeFlags::VIPER == 0 {
            bits |= DEFAULTS;
        }
        Self(bits)
    }

    /// As a value that a code object holds.
    pub(crate) fn value(self) -> Value {
        Value::int(self.0 as i64)
    }

    /// From such a value.
    #[inline(always)]
    pub(crate) fn from_value(v: Value) -> Self {
        Self(v.int_unchecked() as u64)
    }

    /// Whether `n` positional arguments are exactly what the function takes.
    #[inline(always)]
    pub(crate) fn takes(self, n: usize) -> bool {
        self.0 & (COMPLEX | 255) == n as u64
    }

    #[inline(always)]
    fn positional(self) -> usize {
        (self.0 & 255) as usize
    }

    #[inline(always)]
    fn free(self) -> usize {
        (self.0 >> 8 & 255) as usize
    }

    /// How many registers the function has.
    #[inline(always)]
    pub(crate) fn registers(self) -> usize {
        (self.0 >> 16 & 511) as usize
    }

    /// Whether calling it makes a generator.
    #[inline(always)]
    pub(crate) fn is_generator(self) -> bool {
        self.0 & GENERATOR != 0
    }

    /// Where the instructions are: a byte offset in the arena.
    #[inline(always)]
    pub(crate) fn words(self) -> u32 {
        ((self.0 >> 28) << 3) as u32
    }

    /// Device bytes of stack that a call costs.
    #[inline(always)]
    pub(crate) fn cost(self) -> u32 {
        CALL_COST + 4 * self.registers() as u32
    }
}

impl Vm {
    /// How to enter a function.
    #[inline(always)]
    pub(crate) fn plan_of(&self, f: Ref) -> Plan {
        Plan::from_value(self.heap.get(f, function::PLAN))
    }

    /// Puts defaults behind `n` arguments that stand at `at`, if they make a call complete.
    pub(crate) fn complete(&mut self, plan: Plan, f: Ref, at: usize, n: usize) -> bool {
        let positional = plan.positional();
        if plan.0 & (COMPLEX | DEFAULTS) != DEFAULTS
            || n >= positional
            || at + positional > self.stack.len()
        {
            return false;
        }
        let defaults = self.heap.get(f, function::DEFAULTS);
        let Some(count) = self.as_tuple(defaults).map(|t| t.2) else { return false };
        if n + count < positional {
            return false;
        }
        for i in n..positional {
            self.stack[at + i] = self.tuple_item(defaults, i + count - positional);
        }
        true
    }

    /// Whether the stacks, the device's and ours, have room for a call up to `end`.
    #[inline(always)]
    pub(crate) fn has_room(&self, plan: Plan, end: usize) -> bool {
        self.depth_bytes + plan.cost() <= self.stack_bytes && end + 8 < self.stack.len()
    }

    /// Makes the window of a function ready behind its arguments: cells, then nothing.
    #[inline(always)]
    pub(crate) fn fill_window(&mut self, plan: Plan, f: Ref, at: usize) {
        let mut next = plan.positional();
        if plan.free() > 0
            && let Some(cells) = self.heap.get(f, function::CELLS).as_ref()
        {
            for i in 0..plan.free() {
                self.stack[at + next + i] = self.heap.get(cells, i);
            }
            next += plan.free();
        }
        for slot in &mut self.stack[at + next..at + plan.registers()] {
            *slot = Value::NULL;
        }
    }

    /// Pushes the frame of a call that there is room for; gives its module's dict and the place
    /// of its constants.
    #[inline(always)]
    pub(crate) fn push_planned(
        &mut self,
        plan: Plan,
        f: Ref,
        base: usize,
        to: Return,
    ) -> (Ref, u32) {
        let fields = self.heap.fields::<{ function::LEN as usize }>(f);
        let [code, globals, consts] = [function::CODE, function::GLOBALS, function::CONSTS]
            .map(|i| Value::from_bits(fields[i]).as_ref());
        let (Some(code), Some(globals), Some(consts)) = (code, globals, consts) else {
            unreachable!("a function has code, a module and constants");
        };
        let consts = consts.payload();
        let top = self.sp.max(base + plan.registers());
        self.depth_bytes += plan.cost();
        self.sp = top;
        self.frames.push(Frame {
            code,
            function: f.into(),
            globals,
            locals: Value::NULL,
            owner: to.owner,
            outermost: Value::NULL,
            words: plan.words(),
            consts,
            base: base as u32,
            top: top as u32,
            pc: 0,
            dst: to.dst,
            caller: to.caller,
            cost: plan.cost() as u16,
        });
        (globals, consts)
    }
}

/// Who gets what a call gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Return {
    /// Who called.
    pub(crate) caller: Caller,
    /// The register of the frame below.
    pub(crate) dst: u8,
    /// The generator that runs, the instance that is made, or null.
    pub(crate) owner: Value,
}
