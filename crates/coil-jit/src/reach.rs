//! Instructions that reach into the arena: items of lists, tuples and bytes, and memory by address.
//!
//! Nothing in the arena is believed: every offset is compared with the arena's length before it is
//! used, so that whatever stands there, what is read or written is a place of the arena.

use crate::code::Insn;
use crate::context;
use crate::facts::Fact;
use crate::translate::{Translator, flags, loose};
use coil_vm::compiler::bytecode::Op;
use coil_vm::{Kind, Value as Word, kinds, memory};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, Value};

/// Bytes of a header, and of a value behind it.
const WORD: i32 = 8;

impl Translator<'_, '_> {
    /// Writes such an instruction; nothing if it is another one.
    pub(crate) fn reach(&mut self, insn: &Insn) -> Option<Value> {
        match insn.op {
            Op::Load8 => Some(self.load(insn, 0)),
            Op::Load16 => Some(self.load(insn, 1)),
            Op::Load32 => Some(self.load(insn, 2)),
            Op::Store8 => self.store(insn, 0),
            Op::Store16 => self.store(insn, 1),
            Op::Store32 => self.store(insn, 2),
            Op::LoadItem | Op::LoadItemI => Some(self.load_item(insn)),
            Op::StoreItem | Op::StoreItemI => self.store_item(insn),
            _ => None,
        }
    }

    /// The place in the arena of an item of `1 << shift` bytes, which is in a window.
    fn place(&mut self, base: u8, index: u8, shift: i64, field: usize) -> Value {
        let (base, index) = (self.short(base), self.short(index));
        let index = self.builder.ins().ishl_imm_u(index, shift);
        let address = self.builder.ins().iadd(base, index);
        let at = self.builder.ins().iadd_imm_s(address, -i64::from(memory::ARENA));
        let found = self.builder.create_block();
        for i in 0..context::WINDOWS {
            let start = self.field(I32, context::window(i, context::START));
            let len = self.field(I64, context::window(i, field));
            let inside = self.builder.ins().isub(at, start);
            let inside = self.builder.ins().uextend(I64, inside);
            let last = self.builder.ins().iadd_imm_s(inside, (1 << shift) - 1);
            let fits = self.builder.ins().icmp(IntCC::UnsignedLessThan, last, len);
            let other = self.builder.create_block();
            self.builder.ins().brif(fits, found, &[], other, &[]);
            self.builder.switch_to_block(other);
            self.builder.seal_block(other);
        }
        self.give_up();
        self.builder.switch_to_block(found);
        self.builder.seal_block(found);
        let at = self.builder.ins().uextend(I64, at);
        let arena = self.arena;
        self.builder.ins().iadd(arena, at)
    }

    fn load(&mut self, insn: &Insn, shift: i64) -> Value {
        let place = self.place(insn.b, insn.c, shift, context::READABLE);
        match shift {
            0 => self.builder.ins().uload8(I32, loose(), place, 0),
            1 => self.builder.ins().uload16(I32, loose(), place, 0),
            _ => self.builder.ins().load(I32, loose(), place, 0),
        }
    }

    fn store(&mut self, insn: &Insn, shift: i64) -> Option<Value> {
        let place = self.place(insn.a, insn.b, shift, context::WRITABLE);
        let v = self.short(insn.c);
        match shift {
            0 => self.builder.ins().istore8(loose(), v, place, 0),
            1 => self.builder.ins().istore16(loose(), v, place, 0),
            _ => self.builder.ins().store(loose(), v, place, 0),
        };
        None
    }

    /// Checks that the eight bytes at an offset are in the arena; gives where they are.
    fn inside(&mut self, offset: Value) -> Value {
        let end = self.field(I64, context::END);
        let ok = self.builder.ins().icmp(IntCC::UnsignedLessThan, offset, end);
        self.guard(ok);
        let arena = self.arena;
        self.builder.ins().iadd(arena, offset)
    }

    /// The offset that a reference is.
    fn offset_of(&mut self, v: Value) -> Value {
        let low = self.builder.ins().ireduce(I32, v);
        self.builder.ins().uextend(I64, low)
    }

    /// The object that a value refers to, its header and two fields inside the arena: its offset
    /// and where that is.
    fn object(&mut self, v: Value) -> (Value, Value) {
        let tag = self.builder.ins().band_imm_u(v, 7);
        self.guard_not(tag);
        let offset = self.offset_of(v);
        let last = self.builder.ins().iadd_imm_s(offset, i64::from(2 * WORD));
        let last = self.inside(last);
        (offset, self.builder.ins().iadd_imm_s(last, -i64::from(2 * WORD)))
    }

    /// Goes on in a new block if the kind and flags of a header are these; gives the block for the
    /// others, to go on in after it.
    fn if_kind(&mut self, header: Value, kind: Kind, with_flags: bool) -> Block {
        let (yes, no) = (self.builder.create_block(), self.builder.create_block());
        let seen = if with_flags { header } else { self.builder.ins().ireduce(I8, header) };
        let is = self.builder.ins().icmp_imm_u(IntCC::Equal, seen, i64::from(kind.0));
        self.builder.ins().brif(is, yes, &[], no, &[]);
        self.builder.switch_to_block(yes);
        self.builder.seal_block(yes);
        no
    }

    fn switch_to(&mut self, block: Block) {
        self.builder.switch_to_block(block);
        self.builder.seal_block(block);
    }

    /// Finds the items of a list or bytearray, or goes elsewhere if a register does not hold one.
    ///
    /// Nothing that machine code does moves them or changes how many there are.
    pub(crate) fn open_items(&mut self, reg: u8, fact: Fact, out: Block) {
        let v = self.whole(reg);
        let tag = self.builder.ins().band_imm_u(v, 7);
        let is_ref = self.builder.ins().icmp_imm_u(IntCC::Equal, tag, 0);
        self.check(is_ref, out);
        let offset = self.offset_of(v);
        let last = self.builder.ins().iadd_imm_s(offset, i64::from(2 * WORD));
        let end = self.field(I64, context::END);
        let ok = self.builder.ins().icmp(IntCC::UnsignedLessThan, last, end);
        self.check(ok, out);
        let arena = self.arena;
        let object = self.builder.ins().iadd(arena, offset);
        let (size, is_kind) = if fact == Fact::List {
            let kind = self.builder.ins().load(I8, flags(), object, 0);
            (8, self.builder.ins().icmp_imm_u(IntCC::Equal, kind, i64::from(kinds::LIST.0)))
        } else {
            let kind = self.builder.ins().load(I16, flags(), object, 0);
            (1, self.builder.ins().icmp_imm_u(IntCC::Equal, kind, i64::from(kinds::ARRAY.0)))
        };
        self.check(is_kind, out);
        let (len, store) = self.two_fields(object);
        // Lengths are far below; one that is not would make the product below wrap around.
        let sane = self.builder.ins().icmp_imm_u(IntCC::UnsignedLessThan, len, 1i64 << 40);
        self.check(sane, out);
        let n = self.builder.ins().ushr_imm_u(len, 1);
        let bytes = self.builder.ins().imul_imm_s(n, size);
        let start = self.builder.ins().iadd_imm_s(store, i64::from(WORD));
        let behind = self.builder.ins().iadd(start, bytes);
        let ok = self.builder.ins().icmp(IntCC::UnsignedLessThan, behind, end);
        self.check(ok, out);
        let items = self.builder.ins().iadd(arena, start);
        let pair = self.regs[usize::from(reg)];
        self.builder.def_var(pair.items, items);
        self.builder.def_var(pair.len, len);
    }

    /// What is known beside a register goes along with its value.
    pub(crate) fn copy_items(&mut self, to: u8, from: u8) {
        if matches!(self.state.get(from), Fact::Bytes | Fact::List) {
            let (to, from) = (self.regs[usize::from(to)], self.regs[usize::from(from)]);
            for (to, from) in [(to.items, from.items), (to.len, from.len)] {
                let v = self.builder.use_var(from);
                self.builder.def_var(to, v);
            }
        }
    }

    /// The key of an item, counted from the start; one that is not there is the interpreter's.
    fn index(&mut self, key: Value, len: Value) -> Value {
        let (found, below) = (self.builder.create_block(), self.builder.create_block());
        let result = self.builder.append_block_param(found, I64);
        let ok = self.builder.ins().icmp(IntCC::UnsignedLessThan, key, len);
        self.builder.ins().brif(ok, found, &[key.into()], below, &[]);
        self.switch_to(below);
        self.builder.set_cold_block(below);
        let key = self.builder.ins().iadd(key, len);
        let key = self.builder.ins().iadd_imm_s(key, -1);
        let ok = self.builder.ins().icmp(IntCC::UnsignedLessThan, key, len);
        let exit = self.way_out();
        self.builder.ins().brif(ok, found, &[key.into()], exit, &[]);
        self.switch_to(found);
        self.builder.ins().ushr_imm_u(result, 1)
    }

    /// Where item `key` of a register is whose items are known.
    fn known_item(&mut self, reg: u8, key: Value) -> Value {
        let pair = self.regs[usize::from(reg)];
        let len = self.builder.use_var(pair.len);
        let index = self.index(key, len);
        let items = self.builder.use_var(pair.items);
        let index = if self.state.get(reg) == Fact::List {
            self.builder.ins().ishl_imm_u(index, 3)
        } else {
            index
        };
        self.builder.ins().iadd(items, index)
    }

    /// Where item `key` of `len` is that start behind the header at an offset; both are ints as the
    /// interpreter has them.
    fn item(&mut self, store: Value, key: Value, len: Value, size: i64) -> Value {
        let index = self.index(key, len);
        let bytes = self.builder.ins().imul_imm_s(index, size);
        let at = self.builder.ins().iadd(store, bytes);
        let at = self.builder.ins().iadd_imm_s(at, i64::from(WORD));
        self.inside(at)
    }

    /// The length in a header as the interpreter has ints.
    fn header_len(&mut self, object: Value) -> Value {
        let len = self.builder.ins().uload32(flags(), object, 4);
        self.tagged(len)
    }

    fn load_item(&mut self, insn: &Insn) -> Value {
        let key = if insn.op == Op::LoadItem {
            self.whole(insn.c)
        } else {
            self.constant(Word::int(i64::from(insn.c)))
        };
        match self.state.get(insn.b) {
            Fact::Bytes => {
                let at = self.known_item(insn.b, key);
                return self.byte(at);
            }
            Fact::List => {
                let at = self.known_item(insn.b, key);
                return self.builder.ins().load(I64, flags(), at, 0);
            }
            _ => {}
        }
        let v = self.whole(insn.b);
        let (offset, object) = self.object(v);
        let header = self.builder.ins().load(I16, flags(), object, 0);
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, I64);
        let others = self.if_kind(header, kinds::LIST, false);
        let (len, store) = self.two_fields(object);
        let at = self.item(store, key, len, 8);
        let v = self.builder.ins().load(I64, flags(), at, 0);
        self.builder.ins().jump(done, &[v.into()]);
        self.switch_to(others);
        let others = self.if_kind(header, kinds::ARRAY, true);
        let (len, store) = self.two_fields(object);
        let at = self.item(store, key, len, 1);
        let v = self.byte(at);
        self.builder.ins().jump(done, &[v.into()]);
        self.switch_to(others);
        let others = self.if_kind(header, kinds::TUPLE, false);
        let len = self.header_len(object);
        let at = self.item(offset, key, len, 8);
        let v = self.builder.ins().load(I64, flags(), at, 0);
        self.builder.ins().jump(done, &[v.into()]);
        self.switch_to(others);
        let others = self.if_kind(header, kinds::BYTES, false);
        let len = self.header_len(object);
        let at = self.item(offset, key, len, 1);
        let v = self.byte(at);
        self.builder.ins().jump(done, &[v.into()]);
        self.switch_to(others);
        self.give_up();
        self.switch_to(done);
        result
    }

    fn store_byte(&mut self, item: Value, at: Value) {
        let byte = self.builder.ins().sshr_imm_u(item, 1);
        self.builder.ins().istore8(loose(), byte, at, 0);
    }

    fn byte(&mut self, at: Value) -> Value {
        let byte = self.builder.ins().uload8(I64, loose(), at, 0);
        self.tagged(byte)
    }

    /// Length and storage of a list or a bytearray.
    fn two_fields(&mut self, object: Value) -> (Value, Value) {
        let len = self.builder.ins().load(I64, flags(), object, WORD);
        let store = self.builder.ins().load(I64, flags(), object, 2 * WORD);
        (len, self.offset_of(store))
    }

    fn store_item(&mut self, insn: &Insn) -> Option<Value> {
        let key = if insn.op == Op::StoreItem {
            self.whole(insn.b)
        } else {
            self.constant(Word::int(i64::from(insn.b)))
        };
        let is_int = matches!(self.state.get(insn.c), Fact::Int | Fact::Int32);
        let (v, item) = (self.whole(insn.a), self.whole(insn.c));
        match self.state.get(insn.a) {
            Fact::Bytes => {
                let at = self.known_item(insn.a, key);
                self.store_byte(item, at);
                return None;
            }
            Fact::List => {
                let at = self.known_item(insn.a, key);
                self.builder.ins().store(flags(), item, at, 0);
                return None;
            }
            _ => {}
        }
        let (_, object) = self.object(v);
        let header = self.builder.ins().load(I16, flags(), object, 0);
        let done = self.builder.create_block();
        let others = self.if_kind(header, kinds::LIST, false);
        let (len, store) = self.two_fields(object);
        let at = self.item(store, key, len, 8);
        self.builder.ins().store(flags(), item, at, 0);
        self.builder.ins().jump(done, &[]);
        self.switch_to(others);
        let others = self.if_kind(header, kinds::ARRAY, true);
        if !is_int {
            let odd = self.builder.ins().band_imm_u(item, 1);
            self.guard(odd);
        }
        let (len, store) = self.two_fields(object);
        let at = self.item(store, key, len, 1);
        self.store_byte(item, at);
        self.builder.ins().jump(done, &[]);
        self.switch_to(others);
        self.give_up();
        self.switch_to(done);
        None
    }
}
