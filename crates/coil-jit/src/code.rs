//! What there is to translate: the instructions of a code object, copied out of the board's heap.

use crate::facts::Fact;
use coil_heap::{Heap, Ref, Value};
use coil_vm::compiler::bytecode::Op;
use coil_vm::kinds::{self, code};

/// Instructions at most: what is longer is left to the interpreter.
const WORDS_MAX: usize = 4096;

/// An instruction taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Insn {
    /// Word index.
    pub(crate) at: u32,
    pub(crate) op: Op,
    pub(crate) a: u8,
    pub(crate) b: u8,
    pub(crate) c: u8,
    /// Where it jumps to, if it is a jump.
    pub(crate) target: u32,
}

impl Insn {
    /// Word index of the instruction behind it.
    pub(crate) fn next(&self) -> u32 {
        self.at + self.op.words() as u32
    }

    /// `b` and `c` together.
    pub(crate) fn wide(&self) -> u16 {
        u16::from_le_bytes([self.b, self.c])
    }

    /// Whether it jumps towards the start, which counts as a step.
    pub(crate) fn is_backward(&self) -> bool {
        self.target < self.next()
    }
}

/// A function to translate.
#[derive(Debug)]
pub(crate) struct Code {
    /// Whether its ints have 32 bits.
    pub(crate) viper: bool,
    /// How many registers it has.
    pub(crate) registers: usize,
    insns: Vec<Insn>,
    /// By word: which instruction starts there.
    starts: Vec<Option<u32>>,
    consts: Vec<Value>,
    /// What registers hold whose items are asked for: as they are now.
    hopes: Vec<Fact>,
}

impl Code {
    /// Reads a code object; nothing if it is too large or not what it should be.
    pub(crate) fn read(heap: &Heap, of: Ref, viper: bool, registers: &[Value]) -> Option<Self> {
        let words = heap.get(of, code::WORDS).as_ref()?;
        let consts =
            heap.get(of, code::CONSTS).as_ref().filter(|r| heap.kind(*r) == kinds::TUPLE)?;
        if heap.kind(words) != kinds::BLOB || heap.len(words) > WORDS_MAX * 4 {
            return None;
        }
        let words: Vec<u32> = heap
            .bytes(words)
            .chunks_exact(4)
            .map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
            .collect();
        let consts = heap.slots(consts).iter().map(|bits| Value::from_bits(*bits)).collect();
        let mut it = Self::from_words(&words, consts, viper, registers.len())?;
        it.hopes = registers.iter().map(|v| hope(heap, *v)).collect();
        Some(it)
    }

    /// Takes instructions apart; nothing if one is unknown, leads out of the code, or names a
    /// register or constant that is not there.
    pub(crate) fn from_words(
        words: &[u32],
        consts: Vec<Value>,
        viper: bool,
        registers: usize,
    ) -> Option<Self> {
        let mut starts = vec![None; words.len()];
        let mut insns = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let [number, a, b, c] = words[at].to_le_bytes();
            let op = Op::from_u8(number)?;
            let next = at + op.words();
            let offset = match op.operands() {
                "J" => words[at] as i32 >> 8,
                operands if operands.contains("|O") => *words.get(at + 1)? as i32,
                _ => 0,
            };
            let target = u32::try_from(i64::try_from(next).ok()? + i64::from(offset)).ok()?;
            let insn = Insn { at: at as u32, op, a, b, c, target };
            for (kind, field) in op.operands().bytes().zip([a, b, c]) {
                match kind {
                    b'r' | b'w' if usize::from(field) >= registers => return None,
                    b'K' if usize::from(insn.wide()) >= consts.len() => return None,
                    b'|' => break,
                    _ => {}
                }
            }
            if op == Op::ForRange && usize::from(b) + 1 >= registers {
                return None;
            }
            starts[at] = Some(insns.len() as u32);
            insns.push(insn);
            at = next;
        }
        let lands = |insn: &Insn| matches!(starts.get(insn.target as usize), Some(Some(_)));
        let ends = insns.last().is_some_and(|last: &Insn| {
            matches!(
                last.op,
                Op::Return | Op::Raise | Op::RaiseFrom | Op::Reraise | Op::RaiseNoActive | Op::Jump
            )
        });
        if !ends || at != words.len() || !insns.iter().all(|i| !is_jump(i.op) || lands(i)) {
            return None;
        }
        Some(Self { viper, registers, insns, starts, consts, hopes: Vec::new() })
    }

    /// What a register is hoped to hold whose items are asked for.
    pub(crate) fn hope(&self, reg: u8) -> Fact {
        self.hopes.get(usize::from(reg)).copied().unwrap_or(Fact::Any)
    }

    /// All instructions in order.
    pub(crate) fn insns(&self) -> &[Insn] {
        &self.insns
    }

    /// The index of the instruction that starts at a word.
    pub(crate) fn index(&self, at: u32) -> Option<usize> {
        self.starts.get(at as usize).copied().flatten().map(|i| i as usize)
    }

    /// The constant that an instruction loads.
    pub(crate) fn constant(&self, insn: &Insn) -> Value {
        self.consts[usize::from(insn.wide())]
    }
}

/// What a loop that reads items of this value may rely on.
fn hope(heap: &Heap, v: Value) -> Fact {
    match v.as_ref().map(|r| heap.header(r)) {
        Some(h) if h.kind() == kinds::LIST => Fact::List,
        Some(h) if h.kind() == kinds::ARRAY && h.flags() == 0 => Fact::Bytes,
        _ => Fact::Any,
    }
}

/// Whether an instruction may go on elsewhere than behind it.
pub(crate) fn is_jump(op: Op) -> bool {
    op.operands() == "J" || op.operands().contains("|O")
}
