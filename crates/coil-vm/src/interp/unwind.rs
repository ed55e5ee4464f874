//! Slow parts of the loop: returning, exceptions, delegation, names, unpacking.

use super::frame::{Caller, Frame};
use super::loader::Facts;
use crate::kinds::{self, code, generator};
use crate::qstr::{Qstr, names};
use crate::rom::{Args, Binary, PrintKind};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_compiler::bytecode::{CodeFlags, Op};
use coil_heap::{Ref, Value};

impl Vm {
    /// Takes the top frame away and gives its result to whoever waits: `Some` for Rust code.
    pub(crate) fn finish_frame(&mut self, v: Value) -> Result<Option<Value>, Raised> {
        let frame = self.pop_frame();
        let Some(generator) = frame.generator() else {
            if frame.caller == Caller::Init && v != Value::NONE {
                self.restore_sp();
                return Err(self.init_returned(v));
            }
            if frame.caller == Caller::Operator && v == Value::NOT_IMPLEMENTED {
                self.restore_sp();
                let v = self.ask_elsewhere(frame.owner)?;
                return Ok(self.hand_out_plain(frame.caller, v, frame.dst));
            }
            let v = if frame.caller == Caller::Init { frame.owner } else { v };
            return Ok(self.hand_out_plain(frame.caller, v, frame.dst));
        };
        self.end_generator(generator);
        if self.bring_back(&frame) {
            let top = self.top();
            let insn = self.heap.word_at(top.words + (top.pc - 1) * 4).to_le_bytes();
            let at = top.base as usize + usize::from(insn[1]);
            self.stack[at] = v;
            return Ok(None);
        }
        match frame.caller {
            Caller::For => {
                // The loop ends: go on behind it.
                self.restore_sp();
                Ok(None)
            }
            Caller::Delegate => Ok(self.hand_out_plain(frame.caller, v, frame.dst)),
            _ => {
                self.returned = v;
                Ok(Some(Value::STOP))
            }
        }
    }

    /// Goes on with the operator of the instruction that the top frame is at: the left operand's
    /// method does not know.
    fn ask_elsewhere(&mut self, op: Value) -> Res {
        let frame = self.top();
        let base = frame.base as usize;
        let insn = self.heap.word_at(frame.words + (frame.pc - 1) * 4).to_le_bytes();
        let a = self.stack[base + usize::from(insn[2])];
        let with_number = Op::from_u8(insn[0]).is_some_and(|op| op.operands().starts_with("wri"));
        let b = if with_number {
            Value::int(i64::from(insn[3]))
        } else {
            self.stack[base + usize::from(insn[3])]
        };
        self.operator_refused(op.int_unchecked() as usize, a, b)
    }

    fn hand_out_plain(&mut self, caller: Caller, v: Value, dst: u8) -> Option<Value> {
        match caller {
            Caller::Native => Some(v),
            _ => {
                self.restore_sp();
                let base = self.frames.last().expect("a frame called").base as usize;
                self.stack[base + usize::from(dst)] = v;
                None
            }
        }
    }

    /// Gives a yielded value to whoever drives the generator whose frame was taken away: `Some`
    /// for Rust code. A generator that delegates passes the value on and is suspended too.
    #[inline]
    pub(crate) fn hand_out(&mut self, (caller, dst): (Caller, u8), v: Value) -> Option<Value> {
        let mut to = (caller, dst);
        loop {
            match to.0 {
                Caller::For => {
                    let frame = self.top();
                    let (words, pc, base) = (frame.words, frame.pc, frame.base as usize);
                    self.sp = frame.top as usize;
                    let off = self.jump_offset(words, pc);
                    self.top_mut().pc = pc.wrapping_add_signed(off);
                    self.stack[base + usize::from(to.1)] = v;
                    return None;
                }
                Caller::Delegate => {
                    let pc = self.top().pc;
                    to = self.suspend(pc);
                }
                _ => return Some(v),
            }
        }
    }

    /// The offset word that ends right before `pc`.
    fn jump_offset(&self, words: u32, pc: u32) -> i32 {
        let w = self.heap.word_at(words + (pc - 1) * 4);
        w as i32
    }

    fn restore_sp(&mut self) {
        if let Some(f) = self.frames.last() {
            self.sp = f.top as usize;
        }
    }

    /// Finds the handler of the pending exception, taking frames away until one has it. Fails when
    /// the exception leaves the frame that Rust code waits for. `again`: the top frame is in the
    /// traceback already.
    pub(crate) fn unwind(&mut self, mut again: bool) -> Result<(), Raised> {
        loop {
            let top = self.frames.len() - 1;
            let frame = self.frames[top];
            let at = frame.pc.saturating_sub(1);
            let exception = self.pending;
            let native = CodeFlags::NATIVE | CodeFlags::VIPER;
            let silent = Facts::of(self, frame.code).flags.0 & native != 0;
            if !core::mem::take(&mut again)
                && !silent
                && !self.exception_is(exception, types::GENERATOR_EXIT)
            {
                let line = self.line_of(frame.code, at);
                let (file, block) =
                    (self.heap.get(frame.code, code::FILE), self.heap.get(frame.code, code::NAME));
                self.add_trace(exception, file, line, block);
            }
            if let Some((target, reg)) = self.handler_of(frame.code, at).filter(|_| !self.aborting)
            {
                self.restore_sp();
                self.stack[frame.base as usize + usize::from(reg)] = exception;
                self.frames[top].pc = target;
                return Ok(());
            }
            let frame = self.pop_frame();
            if let Some(r) = frame.generator() {
                self.end_generator(r);
            }
            if frame.generator().is_some() && self.exception_is(exception, types::STOP_ITERATION) {
                // It must not look like the end of the generator.
                let _: Raised = self.runtime_error("generator raised StopIteration");
            }
            if !self.bring_back(&frame) && matches!(frame.caller, Caller::Native | Caller::Gather) {
                return Err(Raised);
            }
        }
    }

    /// What the generator that has just ended returned.
    pub(crate) fn take_returned(&mut self) -> Value {
        let v = core::mem::replace(&mut self.returned, Value::NULL);
        if v.is_null() { Value::NONE } else { v }
    }

    /// Whether an exception waits for the generator on top.
    #[inline]
    pub(crate) fn has_injected(&self) -> bool {
        self.frames
            .last()
            .and_then(Frame::generator)
            .is_some_and(|r| !self.heap.get(r, generator::INJECT).is_null())
    }

    /// Raises what was left for a generator by `throw`, unless it delegates: then its
    /// sub-iterator gets it first.
    pub(crate) fn take_injected(&mut self) -> Result<(), Raised> {
        let Some(r) = self.frames.last().and_then(Frame::generator) else { return Ok(()) };
        let inject = self.heap.get(r, generator::INJECT);
        if inject.is_null() || self.is_delegating() {
            return Ok(());
        }
        self.heap.set(r, generator::INJECT, Value::NULL);
        let exception = self.make_exception(inject)?;
        Err(self.raise(exception))
    }

    /// Whether what is thrown is GeneratorExit, class or instance.
    fn is_generator_exit(&self, thrown: Value) -> bool {
        let class = self.as_type(thrown).unwrap_or_else(|| self.type_of(thrown));
        self.is_subclass(class, types::GENERATOR_EXIT.into())
    }

    /// A step of `yield from`: `Ok` with the result when the iterator has ended, `Err` with what
    /// it yields.
    pub(crate) fn delegate(
        &mut self,
        own: Value,
        it: Value,
        send: Value,
    ) -> Result<Result<Value, Value>, Raised> {
        let inject = match own.as_ref() {
            Some(r) => {
                let e = self.heap.get(r, generator::INJECT);
                self.heap.set(r, generator::INJECT, Value::NULL);
                e
            }
            None => Value::NULL,
        };
        let step =
            if inject.is_null() { self.send_to(it, send) } else { self.throw_to(it, inject) };
        let exits = !inject.is_null() && self.is_generator_exit(inject);
        let taken = inject.is_null() || self.as_ref_kind(it, kinds::GENERATOR).is_some();
        match step {
            // It swallowed the exception, but the generator around it has to end as well.
            Ok(v) if v == Value::STOP && exits => {
                let exception = self.make_exception(inject)?;
                Err(self.raise(exception))
            }
            Ok(v) if v == Value::STOP => Ok(Ok(self.take_returned())),
            Ok(v) => Ok(Err(v)),
            // What was thrown and nobody took is raised here, whatever it is.
            Err(Raised) if taken && self.exception_is(self.pending, types::STOP_ITERATION) => {
                Ok(Ok(self.exception_value(self.pending)))
            }
            Err(Raised) => Err(Raised),
        }
    }

    fn send_to(&mut self, it: Value, send: Value) -> Res {
        if let Some(r) = self.as_ref_kind(it, kinds::GENERATOR) {
            return self.resume(r, send);
        }
        if send == Value::NONE {
            return self.next(it);
        }
        let f = self.get_attr(it, names::send)?;
        self.call(f, &[send])
    }

    fn throw_to(&mut self, it: Value, exception: Value) -> Res {
        self.root(exception);
        if let Some(r) = self.as_ref_kind(it, kinds::GENERATOR) {
            return self.throw_into(r, exception);
        }
        let exits = self.is_generator_exit(exception);
        if exits {
            if let Some((f, this)) = self.load_method(it, names::close)? {
                self.call_method(f, this, &[])?;
            }
        } else if let Some((f, this)) = self.load_method(it, names::throw)? {
            return self.call_method(f, this, &[exception]);
        }
        let exception = self.make_exception(exception)?;
        Err(self.raise(exception))
    }

    /// The iterator behind `await`.
    pub(crate) fn get_awaitable(&mut self, v: Value) -> Res {
        if let Some((f, this)) = self.load_method(v, names::await_)? {
            return self.call_method(f, this, &[]);
        }
        self.iter(v)
    }

    /// Whether an exception matches the class or the tuple of classes of an `except` clause.
    pub(crate) fn exception_matches(&mut self, e: Value, class: Value) -> Result<bool, Raised> {
        let classes = self.tuple_items(class).unwrap_or_else(|| alloc::vec![class]);
        for class in classes {
            if self.as_type(class).is_none()
                || !self.is_subclass(class, types::BASE_EXCEPTION.into())
            {
                return Err(self.unsupported("", e, class));
            }
            if self.is_subclass(self.type_of(e), class) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    // ---- names ----

    /// A global or built-in name; for a global also its slot, if that fits a cache.
    pub(crate) fn load_global(
        &mut self,
        globals: Ref,
        name: Qstr,
    ) -> Result<(Value, Option<u32>), Raised> {
        let map = self.dict_map(globals);
        if let Some(slot) = map.find_qstr(self, name) {
            return Ok((map.value(self, slot), u16::try_from(slot).ok().map(u32::from)));
        }
        let v = self.load_builtin(name)?;
        self.cache_builtin(globals, name, v);
        Ok((v, None))
    }

    /// A built-in name.
    pub(crate) fn load_builtin(&mut self, name: Qstr) -> Res {
        if let Some(v) = self.dict_get(self.builtins_override, name) {
            return Ok(v);
        }
        match self.rom.builtins.get(name) {
            Some(v) => Ok(v),
            None => Err(self.name_error(name)),
        }
    }

    /// Stores a global name; its slot, if that fits a cache.
    pub(crate) fn store_global(
        &mut self,
        globals: Ref,
        name: Qstr,
        v: Value,
    ) -> Result<Option<u32>, Raised> {
        let map = self.dict_map(globals);
        match map.find_qstr(self, name) {
            Some(slot) => {
                map.set_value(self, slot, v);
                Ok(u16::try_from(slot).ok().map(u32::from))
            }
            None => map.put(self, name.into(), v).map(|()| None),
        }
    }

    /// Stores a name of a module or class body.
    #[inline]
    pub(crate) fn store_name(&mut self, locals: Value, name: Qstr, v: Value) -> Result<(), Raised> {
        let locals = self.locals_or_globals(locals);
        match self.as_dict(locals) {
            Some(map) => match map.find_qstr(self, name) {
                Some(slot) => {
                    map.set_value(self, slot, v);
                    Ok(())
                }
                None => map.put(self, name.into(), v),
            },
            None => self.set_item(locals, name.into(), v),
        }
    }

    /// Where names of a frame live: only the files of mpy-cross have functions that ask for
    /// locals which nobody made.
    fn locals_or_globals(&self, locals: Value) -> Value {
        match self.frames.last() {
            Some(frame) if locals.is_null() => frame.globals.into(),
            _ => locals,
        }
    }

    pub(crate) fn delete_name(&mut self, dict: Value, name: Qstr) -> Result<(), Raised> {
        let dict = self.locals_or_globals(dict);
        if let Some(map) = self.as_dict(dict)
            && let Some(slot) = map.find_qstr(self, name)
        {
            map.remove_slot(self, slot);
            self.bump_epoch();
            return Ok(());
        }
        Err(self.raise_value(types::KEY_ERROR, name.into()))
    }

    // ---- the rest ----

    pub(crate) fn range_goes_on(
        &mut self,
        i: Value,
        stop: Value,
        step: Value,
    ) -> Result<bool, Raised> {
        let down = self.less(step, Value::int(0))?;
        let v = self.binary(if down { Binary::Gt } else { Binary::Lt }, i, stop)?;
        self.truth(v)
    }

    pub(crate) fn build_set(&mut self, items: &[Value]) -> Res {
        let v = self.new_set(kinds::SET)?;
        let set = self.as_set(v).expect("just made");
        self.root(v);
        set.reserve(self, items.len())?;
        for &x in items {
            set.insert(self, x)?;
        }
        Ok(v)
    }

    /// Strings, one after the other.
    pub(crate) fn join_strings(&mut self, items: &[Value]) -> Res {
        let mut text = Vec::new();
        for &s in items {
            text.extend_from_slice(self.str_bytes(s));
        }
        self.new_str(&text)
    }

    /// Spreads a list or tuple of arguments out above the running function's registers, as those
    /// of a call; nothing if there are names as well, or no room.
    pub(crate) fn spread(&mut self, this: Value, args: Value, kwargs: Value) -> Option<Args> {
        let r = args.as_ref().filter(|_| kwargs == Value::NONE)?;
        let (store, n) = match self.heap.kind(r) {
            kinds::TUPLE => (r, self.heap.len(r)),
            kinds::LIST => (self.list_store(r), self.list_len(r)),
            _ => return None,
        };
        let own = usize::from(!this.is_null());
        // The slot in front of the arguments is for a self that is still to be found.
        let base = self.sp + 1;
        if base + own + n + 8 >= self.stack.len() {
            return None;
        }
        self.stack[base - 1] = Value::NULL;
        self.stack[base] = this;
        for i in 0..n {
            self.stack[base + own + i] = self.heap.get(store, i);
        }
        self.sp = base + own + n;
        Some(Args { base, n: own + n, nkw: 0 })
    }

    /// Calls with the arguments of a list and a dict.
    pub(crate) fn call_spread(&mut self, f: Value, this: Value, args: Value, kwargs: Value) -> Res {
        let mut all = if this.is_null() { Vec::new() } else { alloc::vec![this] };
        all.extend(self.fast_items(args).unwrap_or_default());
        let mut pairs = Vec::new();
        for (k, v) in self.dict_entries(kwargs) {
            match self.str_to_qstr(k)? {
                Some(k) => pairs.extend([k.into(), v]),
                None => return Err(self.type_error("keywords must be strings")),
            }
        }
        self.call_kw(f, &all, &pairs)
    }

    pub(crate) fn dict_update(
        &mut self,
        dict: Value,
        from: Value,
        call: bool,
    ) -> Result<(), Raised> {
        let map = self.as_dict(dict).expect("the compiler builds a dict here");
        if !call {
            return crate::objects::dict::merge(self, map, from);
        }
        let keys = match self.as_dict(from) {
            Some(_) => self.dict_entries(from).into_iter().map(|e| e.0).collect(),
            None => {
                let keys = self.get_attr(from, names::keys)?;
                let keys = self.call(keys, &[])?;
                self.collect_iterable(keys)?
            }
        };
        for k in keys {
            // Bytes will do for a name here.
            let name = if self.as_ref_kind(k, kinds::BYTES).is_some() {
                let text = self.str_bytes(k).to_vec();
                self.intern_text(&text)?
            } else {
                self.expect_name(k)?
            };
            if map.find_qstr(self, name).is_some() {
                let name = self.names.text(name).to_string();
                return Err(
                    self.type_error(&format!("function got multiple values for argument '{name}'"))
                );
            }
            let v = self.get_item(from, k)?;
            map.put(self, name.into(), v)?;
        }
        Ok(())
    }

    /// Exactly `n` items of an iterable.
    pub(crate) fn unpack(&mut self, v: Value, n: usize) -> Result<Vec<Value>, Raised> {
        let items = match self.fast_items(v) {
            Some(items) => items,
            None => {
                let it = self.iter(v)?;
                self.root(it);
                let mut items = Vec::new();
                while items.len() <= n {
                    let x = self.next(it)?;
                    if x == Value::STOP {
                        break;
                    }
                    self.root(x);
                    items.push(x);
                }
                items
            }
        };
        if items.len() < n {
            return Err(
                self.value_error(&format!("need more than {} values to unpack", items.len()))
            );
        }
        if items.len() > n {
            return Err(self.value_error(&format!("too many values to unpack (expected {n})")));
        }
        Ok(items)
    }

    /// Items of an iterable for targets before and after a star.
    pub(crate) fn unpack_star(
        &mut self,
        v: Value,
        before: usize,
        after: usize,
    ) -> Result<Vec<Value>, Raised> {
        let items = self.collect_iterable(v)?;
        if items.len() < before + after {
            return Err(
                self.value_error(&format!("need more than {} values to unpack", items.len()))
            );
        }
        let end = items.len() - after;
        let middle = self.new_list(&items[before..end])?;
        let mut out = items[..before].to_vec();
        out.push(middle);
        out.extend_from_slice(&items[end..]);
        Ok(out)
    }

    /// Shows the value of an expression at the prompt, and keeps it as the built-in name `_`.
    pub(crate) fn print_expression(&mut self, v: Value, kind: PrintKind) -> Result<(), Raised> {
        if v == Value::NONE {
            return Ok(());
        }
        let mut out = Vec::new();
        self.print(v, &mut out, kind)?;
        out.push(b'\n');
        self.write_stdout(&out)?;
        let underscore = self.intern("_");
        self.override_builtin(underscore, v)
    }

    /// Gives a built-in name another value, for this board alone.
    pub fn override_builtin(&mut self, name: Qstr, v: Value) -> Result<(), Raised> {
        if self.builtins_override.is_null() {
            self.builtins_override = self.new_dict(1)?;
        }
        // Built-in names that were found are kept until something like this happens.
        self.bump_epoch();
        self.dict_put(self.builtins_override, name, v)
    }
}
