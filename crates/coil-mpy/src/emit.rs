//! The bytecode of a function written again for registers.
//!
//! A slot of the stack is a register above the locals. A local or a small int that is pushed
//! stays where it is until something needs it in its slot; where paths meet all slots are in
//! their registers. Each level of blocks has two registers more: how its handler was entered,
//! and the value that is on its way out.

mod call;
mod control;
mod object;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use coil_compiler::bytecode::asm::{Assembler, Label, TableFull};
use coil_compiler::bytecode::{CodeFlags, CodeUnit, Const, Handler, Op};

use crate::blocks::State;
use crate::container::{File, RawCode};
use crate::flow::{self, Flow, Limits};
use crate::instruction::{Instruction, decode};
use crate::large::{Display, Large};
use crate::prelude::Prelude;
use crate::{MpyError, Result};

use control::Exits;

/// Registers of a function at most, and how many an instruction may need above the stack.
const REGISTERS_MAX: usize = 250;
const SCRATCH: usize = 6;

/// Where the value of a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// In the slot's own register.
    Own,
    /// In this register of a local.
    Local(u8),
    /// A small int.
    Int(i64),
}

/// A function being written.
struct Emitter<'a> {
    file: &'a File,
    raw: &'a RawCode,
    code: &'a [u8],
    prelude: &'a Prelude,
    flow: &'a Flow,
    large: &'a Large,
    /// Large displays that are being made, with how many of their items are put away.
    open: Vec<(Display, usize)>,
    /// A slot was asked for whose item is put away.
    is_lost: core::cell::Cell<bool>,
    /// Cells of enclosing functions: the first parameters.
    closed: usize,
    asm: Assembler,
    labels: BTreeMap<usize, Label>,
    landings: BTreeMap<usize, Landing>,
    exits: Exits,
    held: Vec<Held>,
    /// First register of the blocks, of the lists of large displays, and of the stack.
    block_base: usize,
    list_base: usize,
    base: usize,
    /// Children that are constants already, and how many cells they take.
    children: BTreeMap<usize, (u16, usize)>,
    ranges: Vec<(u32, u32, usize)>,
    /// An instruction that went into the one before it.
    skip: Option<usize>,
    names: bool,
    raises_last: bool,
}

/// How a handler is entered.
#[derive(Clone, Copy, Debug)]
struct Landing {
    label: Label,
    level: usize,
    depth: usize,
    is_except: bool,
}

impl From<TableFull> for MpyError {
    fn from(_: TableFull) -> Self {
        Self::TooLarge
    }
}

/// The code of a module.
pub(crate) fn module(file: &File) -> Result<CodeUnit> {
    let unit = function(file, &file.code, 0, true)?;
    let takes = unit.params.len() + usize::from(unit.free);
    let wrong = CodeFlags::GENERATOR | CodeFlags::VARARGS | CodeFlags::VARKEYWORDS;
    if takes != 0 || unit.flags.0 & wrong != 0 {
        return Err(MpyError::Incompatible);
    }
    Ok(unit)
}

fn function(file: &File, raw: &RawCode, closed: usize, is_module: bool) -> Result<CodeUnit> {
    let prelude = Prelude::parse(&raw.bytes, &file.names)?;
    if closed > prelude.positional {
        return Err(MpyError::Incompatible);
    }
    if prelude.cells.iter().any(|cell| usize::from(*cell) < closed) {
        return Err(MpyError::Incompatible);
    }
    let code = raw.bytes.get(prelude.start..).ok_or(MpyError::Incompatible)?;
    let limits = Limits {
        names: file.names.len(),
        objects: file.consts.len(),
        children: raw.children.len(),
        closed,
    };
    let flow = flow::follow(code, &prelude, limits)?;
    let block_base = flow.locals;
    let large = Large::find(&flow);
    let list_base = block_base + 2 * flow.nesting;
    let base = list_base + large.nesting;
    if base + large.depth + SCRATCH > REGISTERS_MAX {
        return Err(MpyError::TooLarge);
    }
    let mut emitter = Emitter {
        file,
        raw,
        code,
        prelude: &prelude,
        flow: &flow,
        large: &large,
        open: Vec::new(),
        is_lost: core::cell::Cell::new(false),
        closed,
        asm: Assembler::new(),
        labels: BTreeMap::new(),
        landings: BTreeMap::new(),
        exits: Exits::default(),
        held: Vec::new(),
        block_base,
        list_base,
        base,
        children: BTreeMap::new(),
        ranges: Vec::new(),
        skip: None,
        names: is_module,
        raises_last: false,
    };
    emitter.prepare()?;
    emitter.body()?;
    emitter.finish()
}

impl Emitter<'_> {
    /// Makes labels, landings, ways out and cells.
    fn prepare(&mut self) -> Result<()> {
        for at in self.flow.targets.keys() {
            let label = self.asm.label();
            self.labels.insert(*at, label);
        }
        for state in self.flow.states.values() {
            for (level, block) in state.blocks.iter().enumerate() {
                if self.landings.contains_key(&block.handler)
                    || !self.flow.states.contains_key(&block.handler)
                {
                    continue;
                }
                let label = self.asm.label();
                let is_except = block.kind == crate::instruction::Setup::Except;
                let landing = Landing { label, level, depth: block.depth, is_except };
                self.landings.insert(block.handler, landing);
            }
        }
        for (instruction, _) in self.flow.code.values() {
            match instruction {
                Instruction::LoadName(_)
                | Instruction::StoreName(_)
                | Instruction::DeleteName(_)
                | Instruction::ImportStar => self.names = true,
                Instruction::RaiseLast => self.raises_last = true,
                _ => {}
            }
        }
        self.exits = Exits::collect(self.flow)?;
        for cell in &self.prelude.cells {
            let reg = self.local(usize::from(*cell));
            self.asm.emit(Op::MakeCell, reg, 0, 0);
        }
        Ok(())
    }

    fn body(&mut self) -> Result<()> {
        let mut expected = Some(0);
        for (&at, &(instruction, next)) in &self.flow.code {
            if expected.is_some_and(|expected| expected != at) {
                // Instructions overlap.
                return Err(MpyError::Incompatible);
            }
            if self.skip == Some(at) {
                self.skip = None;
                expected = Some(next);
                continue;
            }
            let state = self.flow.states.get(&at).ok_or(MpyError::Incompatible)?;
            if let Some(label) = self.labels.get(&at).copied() {
                if self.asm.is_reachable() {
                    self.settle_all();
                }
                self.asm.bind_backward(label, true);
                self.held = alloc::vec![Held::Own; state.stack.len()];
            }
            if self.held.len() != state.stack.len() {
                return Err(MpyError::Incompatible);
            }
            self.set_line(at);
            self.put_away(at)?;
            let start = self.asm.position();
            let falls = self.instruction(at, instruction, next, state)?;
            self.cover(start, at, state);
            expected = falls;
            if falls.is_none() {
                // What follows is jumped to, or not there at all.
                self.asm_unreachable(at, next)?;
            }
        }
        if expected.is_some() {
            return Err(MpyError::Incompatible);
        }
        self.land();
        Ok(())
    }

    /// After an instruction that does not fall through the next one must be jumped to.
    fn asm_unreachable(&self, at: usize, next: usize) -> Result<()> {
        match self.flow.code.range(at + 1..).next() {
            Some((&following, _)) if following < next => Err(MpyError::Incompatible),
            Some((following, _)) if !self.labels.contains_key(following) => {
                Err(MpyError::Incompatible)
            }
            _ => Ok(()),
        }
    }

    /// The words of an instruction are covered by the handler that is active there.
    fn cover(&mut self, start: u32, at: usize, state: &State) {
        let end = self.asm.position();
        let Some(block) = state.active(at) else { return };
        match self.ranges.last_mut() {
            Some((_, last, handler)) if *last == start && *handler == block.handler => *last = end,
            _ => self.ranges.push((start, end, block.handler)),
        }
    }

    /// How handlers are entered: what they rest on is put in place.
    fn land(&mut self) {
        for (&handler, landing) in &self.landings {
            let used = self.ranges.iter().any(|(start, end, h)| *h == handler && start < end);
            if !used {
                continue;
            }
            let reg = (self.base + landing.depth) as u8;
            let [how, value] = [0, 1].map(|i| (self.block_base + 2 * landing.level + i) as u8);
            let target = self.asm.position();
            self.asm.bind_backward(landing.label, true);
            if !landing.is_except {
                self.asm.emit_wide(Op::LoadInt, how, 0);
            } else if self.raises_last {
                self.asm.emit(Op::Move, value, reg, 0);
            }
            if let Some(label) = self.labels.get(&handler) {
                self.asm.jump(*label);
            }
            for &(start, end, h) in &self.ranges {
                if h == handler {
                    self.asm.handler(Handler { start, end, target, reg });
                }
            }
        }
    }

    fn finish(self) -> Result<CodeUnit> {
        let prelude = self.prelude;
        let mut flags = 0;
        for (is_set, flag) in [
            (prelude.is_generator, CodeFlags::GENERATOR),
            (prelude.has_star, CodeFlags::VARARGS),
            (prelude.has_double_star, CodeFlags::VARKEYWORDS),
            (self.names, CodeFlags::NAMES),
        ] {
            flags |= if is_set { flag } else { 0 };
        }
        if flags & CodeFlags::GENERATOR != 0 && flags & CodeFlags::NAMES != 0 {
            return Err(MpyError::Incompatible);
        }
        if self.is_lost.get() || !self.open.is_empty() {
            return Err(MpyError::Incompatible);
        }
        let registers = self.base + self.large.depth + SCRATCH;
        let assembled = self.asm.finish().map_err(|_| MpyError::TooLarge)?;
        Ok(CodeUnit {
            name: prelude.name.clone(),
            code: assembled.code,
            consts: assembled.consts,
            params: prelude.params.get(self.closed..).unwrap_or_default().to_vec(),
            positional: (prelude.positional - self.closed) as u8,
            keyword_only: prelude.keyword_only as u8,
            free: self.closed as u8,
            registers: registers as u8,
            flags: CodeFlags(flags),
            handlers: assembled.handlers,
            lines: assembled.lines,
            locals: Vec::new(),
        })
    }

    fn set_line(&mut self, at: usize) {
        let lines = &self.prelude.lines;
        let after = lines.partition_point(|(start, _)| *start as usize <= at);
        if let Some((_, line)) = after.checked_sub(1).and_then(|i| lines.get(i)) {
            self.asm.set_line(*line);
        }
    }

    // Registers.

    /// The register of a local: cells of enclosing functions come after the parameters.
    fn local(&self, local: usize) -> u8 {
        let entry = self.prelude.entry();
        let reg = if local < self.closed {
            entry - self.closed + local
        } else if local < entry {
            local - self.closed
        } else {
            local
        };
        reg as u8
    }

    fn slot(&self, i: usize) -> u8 {
        let mut at = i;
        for (display, away) in &self.open {
            if i >= display.first + away {
                at -= away;
            } else if i >= display.first {
                self.is_lost.set(true);
            }
        }
        (self.base + at) as u8
    }

    /// Puts items of large displays away that are complete.
    fn put_away(&mut self, at: usize) -> Result<()> {
        for display in self.large.starts.get(&at).into_iter().flatten() {
            let list = (self.list_base + display.level) as u8;
            self.asm.emit(Op::BuildList, list, 0, 0);
            self.open.push((*display, 0));
        }
        let Some((display, upto)) = self.large.batches.get(&at).copied() else { return Ok(()) };
        self.append_items(display, upto)?;
        match self.open.last_mut() {
            Some((last, away)) if *last == display => {
                *away = upto;
                Ok(())
            }
            _ => Err(MpyError::Incompatible),
        }
    }

    /// Appends the items below a slot count that are not in the display's list yet.
    fn append_items(&mut self, display: Display, upto: usize) -> Result<()> {
        let away = self.open.last().filter(|(last, _)| *last == display);
        let (_, away) = *away.ok_or(MpyError::Incompatible)?;
        let list = (self.list_base + display.level) as u8;
        for i in display.first + away..display.first + upto {
            if i >= self.held.len() {
                return Err(MpyError::Incompatible);
            }
            let item = self.reg(i);
            self.held[i] = Held::Own;
            self.asm.emit(Op::ListAppend, list, item, 0);
        }
        Ok(())
    }

    /// Puts the value of a slot into its register.
    fn settle(&mut self, i: usize) {
        match core::mem::replace(&mut self.held[i], Held::Own) {
            Held::Own => {}
            Held::Local(reg) => self.asm.emit(Op::Move, self.slot(i), reg, 0),
            Held::Int(n) => self.load_int(self.slot(i), n),
        }
    }

    fn settle_all(&mut self) {
        (0..self.held.len()).for_each(|i| self.settle(i));
    }

    fn settle_from(&mut self, i: usize) {
        (i..self.held.len()).for_each(|i| self.settle(i));
    }

    /// Slots that hold a local which is about to change get their own copy.
    fn settle_local(&mut self, reg: u8) {
        for i in 0..self.held.len() {
            if self.held[i] == Held::Local(reg) {
                self.settle(i);
            }
        }
    }

    fn load_int(&mut self, reg: u8, n: i64) {
        match i16::try_from(n) {
            Ok(small) => self.asm.emit_wide(Op::LoadInt, reg, small as u16),
            Err(_) => {
                // A table that is full is found when the code is finished.
                if let Ok(index) = self.asm.constant(Const::Int(n)) {
                    self.asm.emit_wide(Op::LoadConst, reg, index);
                }
            }
        }
    }

    /// The register that holds a slot's value.
    fn reg(&mut self, i: usize) -> u8 {
        match self.held[i] {
            Held::Local(reg) => reg,
            _ => {
                self.settle(i);
                self.slot(i)
            }
        }
    }

    /// The slot so many below the top.
    fn top(&self, n: usize) -> Result<usize> {
        self.held.len().checked_sub(n + 1).ok_or(MpyError::Incompatible)
    }

    fn drop(&mut self, n: usize) -> Result<()> {
        let left = self.held.len().checked_sub(n).ok_or(MpyError::Incompatible)?;
        self.held.truncate(left);
        Ok(())
    }

    /// Where the result of an instruction goes whose operands have been dropped: to the local
    /// that the next instruction stores it into, or on the stack.
    fn result(&mut self, next: usize) -> u8 {
        if !self.flow.targets.contains_key(&next)
            && let Some((Instruction::StoreFast(local), _)) = self.flow.code.get(&next)
        {
            let reg = self.local(*local);
            self.settle_local(reg);
            self.skip = Some(next);
            return reg;
        }
        self.held.push(Held::Own);
        self.slot(self.held.len() - 1)
    }

    // Constants.

    fn name(&mut self, n: usize) -> Result<u32> {
        let name = self.file.names.get(n).ok_or(MpyError::Incompatible)?;
        self.name_of(name)
    }

    fn name_of(&mut self, name: &str) -> Result<u32> {
        Ok(u32::from(self.asm.constant(Const::Name(String::from(name)))?))
    }

    fn label(&self, at: usize) -> Result<Label> {
        self.labels.get(&at).copied().ok_or(MpyError::Incompatible)
    }

    /// The instruction at an offset if it can only be reached from the one before it.
    fn peek(&self, at: usize) -> Option<Instruction> {
        if self.flow.targets.contains_key(&at) {
            return None;
        }
        self.flow.code.get(&at).map(|(instruction, _)| *instruction)
    }

    fn after(&self, at: usize) -> Result<usize> {
        decode(self.code, at).map(|(_, next)| next)
    }
}
