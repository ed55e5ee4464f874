//! Which code objects of a board have machine code: made when their loops have run for a while, kept
//! within a limit, forgotten with the code object.

#![allow(unsafe_code, reason = "vouches for the places it names, see the block")]

use crate::code::Code;
use crate::machine_code::{MachineCode, target};
use coil_vm::Ref;
use coil_vm::interp::machine::{self, NEVER, Round};
use cranelift_codegen::isa::OwnedTargetIsa;
use std::collections::BTreeMap;

/// Rounds that are interpreted before there is machine code.
const ROUNDS: u32 = 500;
/// Visits in a row without a single backward jump after which a place is left alone.
const IDLE_MAX: u32 = 64;
/// Functions with machine code at most.
const FUNCTIONS_MAX: usize = 128;
/// Bytes of machine code at most.
const BYTES_MAX: usize = 4 << 20;
/// Notes from here on are numbers of functions; those below count rounds.
const NUMBERS: u32 = 1 << 31;

/// A function with machine code.
#[derive(Debug)]
struct Function {
    code: Ref,
    made: MachineCode,
    idle: BTreeMap<u32, u32>,
    used: u64,
}

/// Makes machine code for one board.
pub struct Jit {
    isa: Option<OwnedTargetIsa>,
    rounds: u32,
    /// By number. Numbers are never given twice, so that a stale note names nothing.
    functions: BTreeMap<u32, Function>,
    numbers: BTreeMap<Ref, u32>,
    next: u32,
    clock: u64,
    bytes: usize,
}

impl core::fmt::Debug for Jit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Jit").field("functions", &self.functions).finish_non_exhaustive()
    }
}

impl Default for Jit {
    fn default() -> Self {
        Self::after(ROUNDS)
    }
}

impl Jit {
    /// Makes machine code once a loop has gone through so many rounds.
    pub fn after(rounds: u32) -> Self {
        Self {
            isa: target(),
            rounds: rounds.min(NUMBERS - 1),
            functions: BTreeMap::new(),
            numbers: BTreeMap::new(),
            next: NUMBERS,
            clock: 0,
            bytes: 0,
        }
    }

    /// How many functions have machine code now.
    pub fn functions(&self) -> usize {
        self.functions.len()
    }

    /// The number of a function's machine code, which is made if there is none.
    fn number(&mut self, round: &Round<'_>) -> Option<u32> {
        if let Some(number) = self.numbers.get(&round.code) {
            return Some(*number);
        }
        if self.next == NEVER {
            return None;
        }
        let code = Code::read(round.heap, round.code, round.viper, round.registers)?;
        let made = MachineCode::make(self.isa.as_ref()?, &code)?;
        if made.size > BYTES_MAX {
            return None;
        }
        while self.functions.len() >= FUNCTIONS_MAX || self.bytes + made.size > BYTES_MAX {
            let oldest = self.functions.iter().min_by_key(|(_, f)| f.used).map(|(n, _)| *n)?;
            self.forget(oldest);
        }
        let number = self.next;
        self.next += 1;
        self.bytes += made.size;
        self.numbers.insert(round.code, number);
        let idle = BTreeMap::new();
        self.functions.insert(number, Function { code: round.code, made, idle, used: self.clock });
        Some(number)
    }

    fn forget(&mut self, number: u32) {
        if let Some(function) = self.functions.remove(&number) {
            self.bytes -= function.made.size;
            self.numbers.remove(&function.code);
        }
    }
}

// SAFETY: machine code gives places out of constants that are words at which an instruction of the
// code it was made of starts; that is the code of the round, which is compared here. A code object
// does not change, and is forgotten when it is no more.
unsafe impl machine::MachineCode for Jit {
    fn go_on(&mut self, note: &mut u32, round: Round<'_>) -> u32 {
        let at = round.at;
        if *note < self.rounds {
            *note += 1;
            return at;
        }
        let known = self.functions.get(note).is_some_and(|f| f.code == round.code);
        if !known {
            let Some(number) = self.number(&round) else {
                *note = NEVER;
                return at;
            };
            *note = number;
        }
        let Some(function) = self.functions.get_mut(note) else { return at };
        self.clock += 1;
        function.used = self.clock;
        let fuel = *round.fuel;
        let (to, left) = function.made.run(round);
        if left < fuel {
            function.idle.remove(&at);
        } else {
            let idle = function.idle.entry(at).or_insert(0);
            *idle += 1;
            if *idle > IDLE_MAX {
                *note = NEVER;
            }
        }
        to
    }

    fn forget_unless(&mut self, alive: &dyn Fn(Ref) -> bool) {
        let dead: Vec<u32> =
            self.functions.iter().filter(|(_, f)| !alive(f.code)).map(|(n, _)| *n).collect();
        for number in dead {
            self.forget(number);
        }
    }
}
