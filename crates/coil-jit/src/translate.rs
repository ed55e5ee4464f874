//! From instructions to Cranelift's: the frame of a function, its blocks, its ways in and out.
//!
//! The code that is made is one function of a context and a place. It goes on at the place until it
//! meets something it has no answer for, then writes the registers that differ back into the frame's
//! window and gives the place of that instruction. It calls nothing. All that it reads or writes is the
//! context, the window, and the arena behind a check against the arena's length.

use crate::code::{Code, Insn};
use crate::context;
use crate::facts::{self, Effect, Fact, Facts, Regs, State};
use coil_vm::Value as Word;
use coil_vm::compiler::bytecode::Op;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Type, Value};
use cranelift_frontend::{FunctionBuilder, Switch, Variable};

/// A register of the frame, in the two forms it can have, and what is known beside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// As the interpreter has it.
    whole: Variable,
    /// As a number of 32 bits.
    short: Variable,
    /// Of a list or bytearray: where its items start.
    pub(crate) items: Variable,
    /// And how many there are, as the interpreter has ints.
    pub(crate) len: Variable,
}

/// Writes one function.
pub(crate) struct Translator<'a, 'b> {
    pub(crate) code: &'a Code,
    pub(crate) facts: &'a Facts,
    pub(crate) builder: &'a mut FunctionBuilder<'b>,
    pub(crate) regs: Vec<Pair>,
    fuel: Variable,
    context: Value,
    window: Value,
    pub(crate) arena: Value,
    blocks: Vec<Option<Block>>,
    /// What is known before the instruction at hand.
    pub(crate) state: State,
    /// Where the instruction at hand leaves to the interpreter, once it needs to.
    exit: Option<Block>,
}

/// Memory that is ours and aligned.
pub(crate) fn flags() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// Memory of the arena: at no particular alignment.
pub(crate) fn loose() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

impl<'a, 'b> Translator<'a, 'b> {
    /// Writes the whole function.
    pub(crate) fn write(code: &'a Code, facts: &'a Facts, builder: &'a mut FunctionBuilder<'b>) {
        let start = builder.create_block();
        builder.append_block_params_for_function_params(start);
        builder.switch_to_block(start);
        builder.seal_block(start);
        let (context, place) = (builder.block_params(start)[0], builder.block_params(start)[1]);
        let load = |builder: &mut FunctionBuilder<'_>, ty, offset| {
            builder.ins().load(ty, flags(), context, offset)
        };
        let window = load(builder, I64, context::REGISTERS);
        let arena = load(builder, I64, context::ARENA);
        let fuel_now = load(builder, I32, context::FUEL);
        let fuel = builder.declare_var(I32);
        builder.def_var(fuel, fuel_now);
        let regs = (0..code.registers)
            .map(|_| Pair {
                whole: builder.declare_var(I64),
                short: builder.declare_var(I32),
                items: builder.declare_var(I64),
                len: builder.declare_var(I64),
            })
            .collect();
        let words = code.insns().last().map_or(0, |i| i.next() as usize);
        let blocks =
            (0..=words as u32).map(|at| facts.at(at).map(|_| builder.create_block())).collect();
        let mut it = Self {
            code,
            facts,
            builder,
            regs,
            fuel,
            context,
            window,
            arena,
            blocks,
            state: State::new(code.registers),
            exit: None,
        };
        it.ways_in(place);
        for leader in 0..words as u32 {
            if let (Some(block), Some(state)) = (it.blocks[leader as usize], facts.at(leader)) {
                it.builder.switch_to_block(block);
                it.state = state.clone();
                it.block(leader);
            }
        }
        it.builder.seal_all_blocks();
    }

    /// The registers that the code names.
    fn used(&self) -> Regs {
        let mut used = Regs::default();
        for insn in self.code.insns() {
            for (kind, field) in insn.op.operands().bytes().zip([insn.a, insn.b, insn.c]) {
                match kind {
                    b'r' | b'w' => used.insert(field),
                    b'|' => break,
                    _ => {}
                }
            }
            if insn.op == Op::ForRange {
                used.insert(insn.b + 1);
            }
        }
        used
    }

    /// Loads the registers and goes to the start of the round that was asked for.
    fn ways_in(&mut self, place: Value) {
        let used = self.used();
        for reg in 0..self.code.registers as u8 {
            if used.contains(reg) {
                let v = self.builder.ins().load(I64, flags(), self.window, i32::from(reg) * 8);
                self.builder.def_var(self.regs[usize::from(reg)].whole, v);
            }
        }
        let mut switch = Switch::new();
        let mut ways = Vec::new();
        for insn in self.code.insns().iter().filter(|i| i.op == Op::Hot) {
            let block = self.builder.create_block();
            switch.set_entry(u128::from(insn.next()), block);
            ways.push((insn.next(), block));
        }
        let nowhere = self.builder.create_block();
        switch.emit(self.builder, place, nowhere);
        self.builder.switch_to_block(nowhere);
        self.builder.seal_block(nowhere);
        self.builder.ins().return_(&[place]);
        for (at, block) in ways {
            self.builder.switch_to_block(block);
            self.builder.seal_block(block);
            self.go(at);
        }
    }

    /// Writes a block.
    fn block(&mut self, leader: u32) {
        let mut at = leader;
        loop {
            let insn = self.code.index(at).map(|i| self.code.insns()[i]);
            let Some((insn, effect)) =
                insn.and_then(|i| Some((i, facts::effect(self.code, &i, &self.state)?)))
            else {
                self.leave(at);
                return;
            };
            let before = self.state.clone();
            self.demand(&effect);
            let ended = self.instruction(&insn, &effect);
            if let Some(exit) = self.exit.take() {
                let here = self.builder.current_block();
                let after = core::mem::replace(&mut self.state, before);
                self.builder.switch_to_block(exit);
                self.builder.seal_block(exit);
                self.builder.set_cold_block(exit);
                self.leave(insn.at);
                self.state = after;
                if let Some(here) = here.filter(|_| !ended) {
                    self.builder.switch_to_block(here);
                }
            }
            if ended {
                return;
            }
            at = insn.next();
            if self.blocks[at as usize].is_some() {
                self.go(at);
                return;
            }
        }
    }

    /// Checks that registers hold what an instruction needs.
    fn demand(&mut self, effect: &Effect) {
        if let Some((reg, hope)) = effect.items.filter(|i| self.state.get(i.0) == Fact::Unasked) {
            if hope != Fact::Any {
                let exit = self.way_out();
                self.open_items(reg, hope, exit);
            }
            facts::learn(&mut self.state, &Effect { ints: [None; 3], words: [None; 3], ..*effect });
        }
        for reg in effect.ints.into_iter().flatten() {
            match self.state.get(reg) {
                Fact::Int32 | Fact::Int => {}
                Fact::Unasked if effect.short => self.demand_short(reg),
                Fact::Unasked | Fact::Any | Fact::Bytes | Fact::List => {
                    let v = self.whole(reg);
                    let ok = self.is_int(v);
                    self.guard(ok);
                }
            }
            facts::learn(
                &mut self.state,
                &Effect { ints: [Some(reg), None, None], words: [None; 3], ..*effect },
            );
        }
        for reg in effect.words.into_iter().flatten() {
            if self.state.get(reg) == Fact::Unasked {
                self.demand_short(reg);
            }
            facts::learn(
                &mut self.state,
                &Effect { ints: [None; 3], words: [Some(reg), None, None], ..*effect },
            );
        }
    }

    fn demand_short(&mut self, reg: u8) {
        let (short, ok) = self.shortened(reg);
        self.guard(ok);
        self.builder.def_var(self.regs[usize::from(reg)].short, short);
    }

    /// The 32 bits of a register that is in its whole form, and whether they are all of it.
    fn shortened(&mut self, reg: u8) -> (Value, Value) {
        let whole = self.builder.use_var(self.regs[usize::from(reg)].whole);
        let short = self.reduce(whole);
        let again = self.enlarge(short);
        let ok = self.builder.ins().icmp(IntCC::Equal, again, whole);
        (short, ok)
    }

    fn is_int(&mut self, whole: Value) -> Value {
        self.builder.ins().band_imm_u(whole, 1)
    }

    /// The low 32 bits of an int.
    pub(crate) fn reduce(&mut self, whole: Value) -> Value {
        let number = self.builder.ins().sshr_imm_u(whole, 1);
        self.builder.ins().ireduce(I32, number)
    }

    /// A number of 32 bits as the interpreter has it.
    pub(crate) fn enlarge(&mut self, short: Value) -> Value {
        let number = self.builder.ins().sextend(I64, short);
        self.tagged(number)
    }

    /// A number as the interpreter has it.
    pub(crate) fn tagged(&mut self, number: Value) -> Value {
        let doubled = self.builder.ins().ishl_imm_u(number, 1);
        self.builder.ins().bor_imm_u(doubled, 1)
    }

    /// A constant in the interpreter's form.
    pub(crate) fn constant(&mut self, v: Word) -> Value {
        self.builder.ins().iconst(I64, v.bits() as i64)
    }

    /// A register in the interpreter's form.
    pub(crate) fn whole(&mut self, reg: u8) -> Value {
        let pair = self.regs[usize::from(reg)];
        if self.state.get(reg) == Fact::Int32 {
            let short = self.builder.use_var(pair.short);
            return self.enlarge(short);
        }
        self.builder.use_var(pair.whole)
    }

    /// A register as a number of 32 bits, whatever it holds.
    pub(crate) fn short(&mut self, reg: u8) -> Value {
        let pair = self.regs[usize::from(reg)];
        if self.state.get(reg) == Fact::Int32 {
            return self.builder.use_var(pair.short);
        }
        let whole = self.builder.use_var(pair.whole);
        self.reduce(whole)
    }

    /// Whether all of these are numbers of 32 bits already.
    pub(crate) fn are_short(&self, regs: &[u8]) -> bool {
        regs.iter().all(|reg| self.state.get(*reg) == Fact::Int32)
    }

    /// Puts a result where the instruction's effect says, in the form that says.
    pub(crate) fn put(&mut self, reg: u8, fact: Fact, v: Value) {
        let pair = self.regs[usize::from(reg)];
        let is_short = self.type_of(v) == I32;
        match (fact == Fact::Int32, is_short) {
            (true, true) => self.builder.def_var(pair.short, v),
            (true, false) => {
                let v = self.reduce(v);
                self.builder.def_var(pair.short, v);
            }
            (false, false) => self.builder.def_var(pair.whole, v),
            (false, true) => {
                let v = self.enlarge(v);
                self.builder.def_var(pair.whole, v);
            }
        }
    }

    pub(crate) fn type_of(&self, v: Value) -> Type {
        self.builder.func.dfg.value_type(v)
    }

    /// The value of a register in the form it has.
    pub(crate) fn as_it_is(&mut self, reg: u8) -> Value {
        if self.state.get(reg) == Fact::Int32 { self.short(reg) } else { self.whole(reg) }
    }

    /// A field of the context, which nothing changes meanwhile.
    pub(crate) fn field(&mut self, ty: Type, offset: i32) -> Value {
        let context = self.context;
        self.builder.ins().load(ty, flags().with_readonly(), context, offset)
    }

    /// Where the instruction at hand is left to the interpreter.
    pub(crate) fn way_out(&mut self) -> Block {
        match self.exit {
            Some(exit) => exit,
            None => {
                let exit = self.builder.create_block();
                self.exit = Some(exit);
                exit
            }
        }
    }

    /// Goes on if a condition holds, else leaves the instruction to the interpreter.
    pub(crate) fn guard(&mut self, ok: Value) {
        let exit = self.way_out();
        self.check(ok, exit);
    }

    /// Leaves the instruction to the interpreter if a condition holds.
    pub(crate) fn guard_not(&mut self, bad: Value) {
        let (exit, on) = (self.way_out(), self.builder.create_block());
        self.builder.ins().brif(bad, exit, &[], on, &[]);
        self.builder.switch_to_block(on);
        self.builder.seal_block(on);
    }

    /// Leaves the instruction to the interpreter on this way.
    pub(crate) fn give_up(&mut self) {
        let exit = self.way_out();
        self.builder.ins().jump(exit, &[]);
    }

    /// Ends a block with two ways of a jump.
    pub(crate) fn branch(&mut self, insn: &Insn, jumps: Value, sense: bool) {
        let (there, on) = (self.builder.create_block(), self.builder.create_block());
        let (yes, no) = if sense { (there, on) } else { (on, there) };
        self.builder.ins().brif(jumps, yes, &[], no, &[]);
        self.builder.switch_to_block(there);
        self.builder.seal_block(there);
        self.jump(insn);
        self.builder.switch_to_block(on);
        self.builder.seal_block(on);
        self.go(insn.next());
    }

    /// Jumps; the jump that ends at a poll is the interpreter's.
    pub(crate) fn jump(&mut self, insn: &Insn) {
        if insn.is_backward() {
            self.count_step();
        }
        self.go(insn.target);
    }

    /// Counts a backward jump.
    pub(crate) fn count_step(&mut self) {
        let fuel = self.builder.use_var(self.fuel);
        let left = self.builder.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, fuel, 1);
        self.guard(left);
        let fuel = self.builder.ins().iadd_imm_s(fuel, -1);
        self.builder.def_var(self.fuel, fuel);
    }

    /// Goes to a block, with registers in the form it has them.
    pub(crate) fn go(&mut self, at: u32) {
        let Some(block) = self.blocks[at as usize] else {
            self.leave(at);
            return;
        };
        let mut bail = None;
        for reg in 0..self.code.registers {
            let reg = reg as u8;
            let wanted = self.facts.at(at).map_or(Fact::Any, |state| state.get(reg));
            match (self.state.get(reg), wanted) {
                (have, wanted) if have == wanted => {}
                (Fact::Unasked | Fact::Int | Fact::Bytes | Fact::List, Fact::Any) => {}
                (Fact::Unasked, Fact::Bytes | Fact::List) => {
                    let out = *bail.get_or_insert_with(|| self.builder.create_block());
                    self.open_items(reg, wanted, out);
                }
                (Fact::Unasked, Fact::Int) => {
                    let v = self.whole(reg);
                    let ok = self.is_int(v);
                    self.check_way(&mut bail, ok);
                }
                (Fact::Unasked, Fact::Int32) => {
                    let (short, ok) = self.shortened(reg);
                    self.check_way(&mut bail, ok);
                    self.builder.def_var(self.regs[usize::from(reg)].short, short);
                }
                (Fact::Int32, _) => {
                    let v = self.whole(reg);
                    self.builder.def_var(self.regs[usize::from(reg)].whole, v);
                }
                _ => unreachable!("facts only weaken where ways meet"),
            }
        }
        self.builder.ins().jump(block, &[]);
        if let Some(bail) = bail {
            self.builder.switch_to_block(bail);
            self.builder.seal_block(bail);
            self.builder.set_cold_block(bail);
            self.leave(at);
        }
    }

    fn check_way(&mut self, bail: &mut Option<Block>, ok: Value) {
        let out = *bail.get_or_insert_with(|| self.builder.create_block());
        self.check(ok, out);
    }

    /// Goes on if a condition holds, else elsewhere.
    pub(crate) fn check(&mut self, ok: Value, out: Block) {
        let on = self.builder.create_block();
        self.builder.ins().brif(ok, on, &[], out, &[]);
        self.builder.switch_to_block(on);
        self.builder.seal_block(on);
    }

    /// Writes back what differs from the window, and returns to the interpreter.
    fn leave(&mut self, at: u32) {
        for reg in 0..self.code.registers {
            let reg = reg as u8;
            if self.state.dirty.contains(reg) {
                let v = self.whole(reg);
                self.builder.ins().store(flags(), v, self.window, i32::from(reg) * 8);
            }
        }
        let fuel = self.builder.use_var(self.fuel);
        self.builder.ins().store(flags(), fuel, self.context, context::FUEL);
        let at = self.builder.ins().iconst(I32, i64::from(at));
        self.builder.ins().return_(&[at]);
    }
}
