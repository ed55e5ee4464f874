//! Calls: binding arguments, pushing frames, calling from Rust.

use super::frame::{Caller, Entry, Frame};
use super::loader::Facts;
use crate::kinds::{self, class, code, function, generator};
use crate::objects::generator as gen_state;
use crate::qstr::{Qstr, names};
use crate::rom::{Args, Convention};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_compiler::bytecode::CodeFlags;
use coil_heap::{Ref, Tag, Value};

/// Device bytes of stack that a call costs beside its registers.
const CALL_COST: u32 = 112;

/// What a call came to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begun {
    /// A frame was pushed: run it.
    Frame,
    /// It is done already.
    Value(Value),
}

impl Vm {
    /// Calls something with these positional arguments.
    pub fn call(&mut self, f: Value, args: &[Value]) -> Res {
        self.call_kw(f, args, &[])
    }

    /// Calls a function with a self in front, unless that is null.
    pub fn call_method(&mut self, f: Value, this: Value, args: &[Value]) -> Res {
        if this.is_null() {
            return self.call_kw(f, args, &[]);
        }
        let mut all = [Value::NULL; 8];
        if args.len() < all.len() {
            all[0] = this;
            all[1..=args.len()].copy_from_slice(args);
            return self.call_kw(f, &all[..=args.len()], &[]);
        }
        let mut all = alloc::vec![this];
        all.extend_from_slice(args);
        self.call_kw(f, &all, &[])
    }

    /// Calls something with positional arguments and pairs of name and value.
    pub fn call_kw(&mut self, f: Value, args: &[Value], kwargs: &[Value]) -> Res {
        let n = args.len() + kwargs.len();
        let (sp, base) = (self.sp, self.sp + 2);
        if base + n >= self.stack.len() {
            return Err(self.recursion_error());
        }
        self.stack[sp] = f;
        self.stack[sp + 1] = Value::NULL;
        self.stack[base..base + args.len()].copy_from_slice(args);
        self.stack[base + args.len()..base + n].copy_from_slice(kwargs);
        self.sp = base + n;
        let done = self.run_call(f, Args { base, n: args.len(), nkw: kwargs.len() / 2 });
        self.sp = sp;
        done
    }

    /// Passes the arguments of a call on to something else.
    pub fn call_args(&mut self, f: Value, args: Args) -> Res {
        let all = self.stack[args.base..args.base + args.n + 2 * args.nkw].to_vec();
        self.call_kw(f, &all[..args.n], &all[args.n..])
    }

    /// Passes the arguments of a call on, with one more in front.
    pub fn call_with_first(&mut self, f: Value, first: Value, args: Args) -> Res {
        let mut all = alloc::vec![first];
        all.extend_from_slice(&self.stack[args.base..args.base + args.n + 2 * args.nkw]);
        self.call_kw(f, &all[..=args.n], &all[args.n + 1..])
    }

    /// Runs a call to its end. The slot before the arguments is free to use.
    fn run_call(&mut self, f: Value, args: Args) -> Res {
        self.enter_native()?;
        let mark = self.mark();
        let done = match self.begin_call(f, args, 0, Caller::Native) {
            Ok(Begun::Value(v)) => Ok(v),
            Ok(Begun::Frame) => self.run(),
            Err(e) => Err(e),
        };
        self.leave_native();
        match done {
            Ok(v) => self.release_but(mark, v),
            Err(_) => self.release(mark),
        }
        done
    }

    /// Starts a call: pushes the frame of a function, or does the whole call of anything else.
    pub(crate) fn begin_call(
        &mut self,
        f: Value,
        args: Args,
        dst: u8,
        caller: Caller,
    ) -> Result<Begun, Raised> {
        if let Some(r) = f.as_ref() {
            match self.heap.kind(r) {
                kinds::FUNCTION => return self.begin_function(r, args, dst, caller),
                kinds::BOUND => {
                    // Self takes the place in front of the arguments.
                    let (f, this) = (self.heap.get(r, 0), self.heap.get(r, 1));
                    if self.as_ref_kind(f, kinds::BOUND).is_some() {
                        return self.call_with_first(f, this, args).map(Begun::Value);
                    }
                    self.stack[args.base - 1] = this;
                    return self.begin_call(
                        f,
                        Args { base: args.base - 1, n: args.n + 1, nkw: args.nkw },
                        dst,
                        caller,
                    );
                }
                kinds::INSTANCE => {
                    let class = self.heap.get(r, 0);
                    if let Some(call) = self.class_lookup(class, names::call) {
                        let (call, this) = self.bind(call, f, class);
                        let v = if this.is_null() {
                            self.call_args(call, args)?
                        } else {
                            self.call_with_first(call, this, args)?
                        };
                        return Ok(Begun::Value(v));
                    }
                }
                kinds::CLASS => return self.instantiate(f, args).map(Begun::Value),
                kinds::CLASSMETHOD | kinds::STATIC => {
                    let inner = self.heap.get(r, 0);
                    return self.begin_call(inner, args, dst, caller);
                }
                _ => {}
            }
        } else if let Some(n) = f.as_tagged(Tag::Native) {
            return self.call_native(n, args).map(Begun::Value);
        }
        if let Some(call) = self.def_of(f).call {
            return call(self, f, args).map(Begun::Value);
        }
        let t = self.type_name(f).to_string();
        Err(self.type_error(&format!("'{t}' object isn't callable")))
    }

    /// Calls a function of the firmware.
    #[inline]
    pub(crate) fn call_native(&mut self, n: u32, args: Args) -> Res {
        let native = &self.rom.natives[n as usize];
        let f = native.f;
        match native.convention {
            Convention::Raw => {}
            Convention::Plain => {
                if args.nkw > 0
                    || args.n < usize::from(native.min)
                    || args.n > usize::from(native.max) && native.max != u16::MAX
                {
                    let (min, max) = (usize::from(native.min), usize::from(native.max));
                    return match self.check_args(
                        args,
                        min,
                        if max == usize::from(u16::MAX) { usize::MAX } else { max },
                    ) {
                        Ok(()) => Err(self.arg_count_error(args.n, min, max)),
                        Err(e) => Err(e),
                    };
                }
            }
            Convention::Named => return self.call_named(n, args),
        }
        if let Some(owner) = native.owner
            && owner != types::OBJECT.0
        {
            self.check_self(owner, args)?;
        }
        f(self, args)
    }

    /// The first argument of a method must be what the method belongs to.
    fn check_self(&mut self, owner: u32, args: Args) -> Result<(), Raised> {
        let this = self.arg(args, 0);
        let owner = Value::immediate(Tag::Type, owner);
        if this.is_null() || !self.is_subclass(self.type_of(this), owner) {
            return Err(self.type_error("argument has wrong type"));
        }
        if let Some(r) = self.as_ref_kind(this, kinds::INSTANCE) {
            let native = self.heap.get(r, kinds::instance::NATIVE);
            if native.is_null() {
                return Err(
                    self.raise_args(types::ATTRIBUTE_ERROR, "call super().__init__() first")
                );
            }
            self.stack[args.base] = native;
        }
        Ok(())
    }

    /// Binds arguments by name into a fresh window, one slot per parameter.
    fn call_named(&mut self, n: u32, args: Args) -> Res {
        let rom = self.rom.clone();
        let native = &rom.natives[n as usize];
        let count = native.params.len();
        let (sp, base) = (self.sp, self.sp + 1);
        if base + count >= self.stack.len() {
            return Err(self.recursion_error());
        }
        if args.n > usize::from(native.max) {
            return Err(self.type_error("extra positional arguments given"));
        }
        for i in 0..=count {
            self.stack[sp + i] = Value::NULL;
        }
        for i in 0..args.n {
            self.stack[base + i] = self.stack[args.base + i];
        }
        for i in 0..args.nkw {
            let (name, v) = self.kwarg(args, i);
            match native.params.iter().position(|p| Value::from(p.0) == name) {
                Some(at) if self.stack[base + at].is_null() => self.stack[base + at] = v,
                _ => return Err(self.type_error("extra keyword arguments given")),
            }
        }
        for (i, (name, optional)) in native.params.iter().enumerate() {
            if !optional && self.stack[base + i].is_null() {
                let name = self.names.text(*name).to_string();
                return Err(self.type_error(&format!("'{name}' argument required")));
            }
        }
        let bound = Args { base, n: count, nkw: 0 };
        if let Some(owner) = native.owner
            && owner != types::OBJECT.0
        {
            self.check_self(owner, bound)?;
        }
        self.sp = base + count;
        let done = (native.f)(self, bound);
        self.sp = sp;
        done
    }

    fn begin_function(
        &mut self,
        f: Ref,
        args: Args,
        dst: u8,
        caller: Caller,
    ) -> Result<Begun, Raised> {
        let code = self.function_code(f);
        let registers = self.heap.get(code, code::REGISTERS).int_unchecked() as usize;
        let (base, end) = (args.base, args.base + registers);
        if end + 8 >= self.stack.len() {
            return Err(self.recursion_error());
        }
        let simple = self.heap.get(code, code::SIMPLE).int_unchecked();
        let mut is_body = false;
        if simple >= 0 && simple as usize == args.n && args.nkw == 0 {
            self.stack[base + args.n..end].fill(Value::NULL);
        } else {
            self.bind_arguments(f, code, args, registers)?;
            let facts = Facts::of(self, code);
            if facts.flags.has(CodeFlags::GENERATOR) {
                return self.make_generator(f, base, registers).map(Begun::Value);
            }
            is_body = facts.flags.has(CodeFlags::NAMES);
        }
        self.push_frame(f.into(), code, base, registers, dst, caller)?;
        if is_body {
            // The code of a module made a function: its names are those of the dict.
            let frame = self.frames.last_mut().expect("just pushed");
            frame.locals = frame.globals.into();
        }
        Ok(Begun::Frame)
    }

    /// Pushes the frame of a function whose registers are in place.
    pub(crate) fn push_frame(
        &mut self,
        function: Value,
        code: Ref,
        base: usize,
        registers: usize,
        dst: u8,
        caller: Caller,
    ) -> Result<(), Raised> {
        let cost = CALL_COST + 4 * registers as u32;
        if self.depth_bytes + cost > self.stack_bytes {
            return Err(self.recursion_error());
        }
        self.depth_bytes += cost;
        let globals = match function.as_ref() {
            Some(f) => {
                self.heap.get(f, function::GLOBALS).as_ref().expect("a function has globals")
            }
            None => self.frames.last().map_or(code, |f| f.globals),
        };
        let top = self.sp.max(base + registers);
        let (words, consts) = self.places_of(code);
        self.frames.push(Frame {
            code,
            function,
            globals,
            locals: Value::NULL,
            owner: Value::NULL,
            words,
            consts,
            base: base as u32,
            top: top as u32,
            pc: 0,
            dst,
            caller,
            cost: cost as u16,
        });
        self.sp = top;
        Ok(())
    }

    /// Where the instructions and constants of a code object are: byte offsets in the arena.
    #[inline(always)]
    fn places_of(&self, code: Ref) -> (u32, u32) {
        let words = self.heap.get(code, code::WORDS).as_ref().expect("code has words");
        let consts = self.heap.get(code, code::CONSTS).as_ref().expect("code has constants");
        (words.payload(), consts.payload())
    }

    /// What a call of a function with `n` plain arguments needs, if nothing is to be bound.
    #[inline(always)]
    pub(crate) fn entry_of(&self, f: Ref, n: u32) -> Option<Entry> {
        let code = self.function_code(f);
        if self.heap.get(code, code::SIMPLE) != Value::int(i64::from(n)) {
            return None;
        }
        let registers = self.heap.get(code, code::REGISTERS).int_unchecked() as usize;
        Some(Entry { function: f, code, registers, cost: CALL_COST + 4 * registers as u32 })
    }

    /// Whether the stacks, the device's and ours, have room for a call up to `end`.
    #[inline(always)]
    pub(crate) fn has_room(&self, entry: &Entry, end: usize) -> bool {
        self.depth_bytes + entry.cost <= self.stack_bytes && end + 8 < self.stack.len()
    }

    /// Pushes the frame of such a call, which there is room for.
    #[inline(always)]
    pub(crate) fn push_entry(&mut self, e: &Entry, base: usize, end: usize, dst: u8, this: Value) {
        let globals =
            self.heap.get(e.function, function::GLOBALS).as_ref().expect("a function has globals");
        let (words, consts) = self.places_of(e.code);
        let top = self.sp.max(end);
        self.depth_bytes += e.cost;
        self.sp = top;
        self.frames.push(Frame {
            code: e.code,
            function: e.function.into(),
            globals,
            locals: Value::NULL,
            owner: this,
            words,
            consts,
            base: base as u32,
            top: top as u32,
            pc: 0,
            dst,
            caller: if this.is_null() { Caller::Frame } else { Caller::Init },
            cost: e.cost as u16,
        });
    }

    /// Starts the construction of a plain class whose `__init__` takes these arguments as they
    /// are: makes the instance, puts it before them, at `at`.
    pub(crate) fn begin_init(
        &mut self,
        class: Ref,
        at: usize,
        n: u32,
    ) -> Result<Option<(Entry, Value)>, Raised> {
        if !self.heap.get(class, class::NATIVE).is_null() {
            return Ok(None);
        }
        let own = self.class_lookup(class.into(), names::new);
        if own.is_some_and(|f| f.as_tagged(Tag::Native).is_none()) {
            return Ok(None);
        }
        let init = self.class_lookup(class.into(), names::init).unwrap_or(Value::NULL);
        let Some(init) = self.as_ref_kind(init, kinds::FUNCTION) else { return Ok(None) };
        let Some(entry) = self.entry_of(init, n + 1) else { return Ok(None) };
        // A finaliser that runs meanwhile may replace it; the loop lets go of it again.
        self.root(init.into());
        let this = self.new_instance(class.into())?;
        self.stack[at] = this;
        Ok(Some((entry, this)))
    }

    /// Takes the top frame away if all it has to do is to give its result to the frame below;
    /// says into which register.
    #[inline(always)]
    pub(crate) fn return_plain(&mut self) -> Option<u8> {
        let frame = self.top();
        if frame.caller != Caller::Frame || !frame.owner.is_null() {
            return None;
        }
        let (cost, dst) = (frame.cost, frame.dst);
        self.frames.pop();
        self.depth_bytes -= u32::from(cost);
        self.sp = self.top().top as usize;
        Some(dst)
    }

    /// The running function's frame.
    #[inline(always)]
    pub(crate) fn top(&self) -> &Frame {
        self.frames.last().expect("a running function has a frame")
    }

    /// The running function's frame, to change.
    #[inline(always)]
    pub(crate) fn top_mut(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a running function has a frame")
    }

    /// Takes the top frame away.
    #[inline(always)]
    pub(crate) fn pop_frame(&mut self) -> Frame {
        let frame = self.frames.pop().expect("a running function has a frame");
        self.depth_bytes -= u32::from(frame.cost);
        frame
    }

    fn make_generator(&mut self, f: Ref, base: usize, registers: usize) -> Res {
        let sp = self.sp;
        self.sp = sp.max(base + registers);
        let made = self.alloc_values(kinds::GENERATOR, generator::REGS as u32 + registers as u32);
        self.sp = sp;
        let r = made?;
        self.heap.set(r, generator::FUNCTION, f.into());
        self.heap.set(r, generator::PC, Value::int(gen_state::FRESH));
        let saved = &mut self.heap.slots_mut(r)[generator::REGS..];
        for (to, from) in saved.iter_mut().zip(&self.stack[base..base + registers]) {
            *to = from.bits();
        }
        Ok(r.into())
    }

    /// Puts the arguments of a call where the function's registers are.
    fn bind_arguments(
        &mut self,
        f: Ref,
        code: Ref,
        args: Args,
        registers: usize,
    ) -> Result<(), Raised> {
        let facts = Facts::of(self, code);
        let base = args.base;
        let positional = facts.positional;
        if facts.flags.has(CodeFlags::VIPER) {
            // Machine code takes its positional arguments and nothing else.
            self.check_args(args, positional, positional)?;
        }
        let all: Vec<Value> = self.stack[base..base + args.n + 2 * args.nkw].to_vec();
        let (given, pairs) = all.split_at(args.n);
        let mark = self.mark();
        for v in &all {
            self.root(*v);
        }
        let defaults = self.heap.get(f, function::DEFAULTS);
        let n_defaults = self.as_tuple(defaults).map_or(0, |t| t.2);
        let varargs = facts.flags.has(CodeFlags::VARARGS);
        let varkw = facts.flags.has(CodeFlags::VARKEYWORDS);
        if args.n > positional && !varargs {
            return Err(self.arg_count_error(args.n, positional, positional));
        }
        let no_keywords = args.nkw == 0 && self.heap.get(f, function::KWDEFAULTS).is_null();
        if no_keywords && args.n + n_defaults < positional {
            let need = positional - n_defaults;
            return Err(self.arg_count_error(args.n, need, need));
        }
        self.stack[base..base + registers].fill(Value::NULL);
        let direct = args.n.min(positional);
        self.stack[base..base + direct].copy_from_slice(&given[..direct]);
        let sp = self.sp;
        self.sp = sp.max(base + registers);
        let bound = self.bind_rest(f, code, facts, (base, given, pairs), (varargs, varkw));
        self.sp = sp;
        self.release(mark);
        bound?;
        let fixed = positional + facts.keyword_only;
        // As in the reference the last positional one that is missing is told first.
        for i in (0..positional).rev().chain(positional..fixed) {
            if self.stack[base + i].is_null() {
                self.fill_default(f, code, facts, i, base, args.nkw)?;
            }
        }
        let cells = self.heap.get(f, function::CELLS);
        let at = base + fixed + usize::from(varargs) + usize::from(varkw);
        for i in 0..facts.free {
            self.stack[at + i] = self.tuple_item(cells, i);
        }
        Ok(())
    }

    fn bind_rest(
        &mut self,
        _f: Ref,
        code: Ref,
        facts: Facts,
        (base, given, pairs): (usize, &[Value], &[Value]),
        (varargs, varkw): (bool, bool),
    ) -> Result<(), Raised> {
        let fixed = facts.positional + facts.keyword_only;
        if varargs {
            let rest =
                if given.len() > facts.positional { &given[facts.positional..] } else { &[] };
            self.stack[base + fixed] = self.new_tuple(rest)?;
        }
        let mut extra = Value::NULL;
        if varkw {
            extra = self.new_dict(0)?;
            self.stack[base + fixed + usize::from(varargs)] = extra;
        }
        let params = self.heap.get(code, code::PARAMS);
        for pair in pairs.chunks_exact(2) {
            let (name, v) = (pair[0], pair[1]);
            let name = self.str_to_qstr(name)?.map_or(name, Value::from);
            match (0..fixed).find(|&i| self.tuple_item(params, i) == name) {
                Some(i) => {
                    if !self.stack[base + i].is_null() {
                        let name = self.text_of(name);
                        return Err(self.type_error(&format!(
                            "function got multiple values for argument '{name}'"
                        )));
                    }
                    self.stack[base + i] = v;
                }
                None if varkw => {
                    let map = self.as_dict(extra).expect("just made");
                    map.put(self, name, v)?;
                }
                None => {
                    let name = self.text_of(name);
                    return Err(self.type_error(&format!("unexpected keyword argument '{name}'")));
                }
            }
        }
        Ok(())
    }

    fn fill_default(
        &mut self,
        f: Ref,
        code: Ref,
        facts: Facts,
        i: usize,
        base: usize,
        nkw: usize,
    ) -> Result<(), Raised> {
        if i < facts.positional {
            let defaults = self.heap.get(f, function::DEFAULTS);
            let n = self.as_tuple(defaults).map_or(0, |t| t.2);
            if i + n >= facts.positional {
                self.stack[base + i] = self.tuple_item(defaults, i + n - facts.positional);
                return Ok(());
            }
            return Err(
                self.type_error(&format!("function missing required positional argument #{i}"))
            );
        }
        let name = self.tuple_item(self.heap.get(code, code::PARAMS), i);
        let kwdefaults = self.heap.get(f, function::KWDEFAULTS);
        if let Some(q) = name.as_qstr()
            && let Some(v) = self.dict_get(kwdefaults, Qstr(q))
        {
            self.stack[base + i] = v;
            return Ok(());
        }
        if nkw == 0 && kwdefaults.is_null() {
            return Err(self.type_error("function missing keyword-only argument"));
        }
        let name = self.text_of(name);
        Err(self.type_error(&format!("function missing required keyword argument '{name}'")))
    }

    pub(crate) fn text_of(&self, v: Value) -> alloc::string::String {
        alloc::string::String::from_utf8_lossy(self.str_bytes(v)).into_owned()
    }

    /// Runs the body of a module (or a piece of one) with these dicts for its names.
    pub fn run_module_code(&mut self, code: Value, globals: Value, locals: Value) -> Res {
        let (Some(code), Some(globals)) = (self.as_ref_kind(code, kinds::CODE), globals.as_ref())
        else {
            return Err(self.type_error("argument has wrong type"));
        };
        let registers = self.heap.get(code, code::REGISTERS).int_unchecked() as usize;
        let (sp, base) = (self.sp, self.sp + 1);
        if base + registers + 8 >= self.stack.len() {
            return Err(self.recursion_error());
        }
        self.enter_native()?;
        self.stack[sp..base + registers].fill(Value::NULL);
        let mark = self.mark();
        let done =
            self.push_frame(Value::NULL, code, base, registers, 0, Caller::Native).and_then(|()| {
                let frame = self.frames.last_mut().expect("just pushed");
                frame.globals = globals;
                frame.locals = locals;
                self.run()
            });
        self.sp = sp;
        self.leave_native();
        match done {
            Ok(v) => self.release_but(mark, v),
            Err(_) => self.release(mark),
        }
        done
    }

    /// Makes a class as a `class` statement does: runs the body, calls the metaclass.
    pub(crate) fn build_class(&mut self, args: Args) -> Res {
        let (body, name) = (self.arg(args, 0), self.arg(args, 1));
        let (Some(f), Some(name)) =
            (self.as_ref_kind(body, kinds::FUNCTION), self.str_to_qstr(name)?)
        else {
            return Err(self.type_error("argument has wrong type"));
        };
        let bases: Vec<Value> = (2..args.n).map(|i| self.arg(args, i)).collect();
        let dict = self.new_dict(0)?;
        let cell = if self.is_body(self.function_code(f)) {
            self.run_class_body(f, dict)?
        } else {
            // A function that a program hands over itself.
            self.call(body, &[])?;
            Value::NONE
        };
        self.root(cell);
        let bases = self.new_tuple(&bases)?;
        let meta = if args.n > 2 { self.type_of(self.arg(args, 2)) } else { types::TYPE.into() };
        let class = if meta == types::TYPE.into() {
            self.new_class(name, bases, dict)?
        } else {
            self.call(meta, &[name.into(), bases, dict])?
        };
        if let Some(c) = self.as_ref_kind(cell, kinds::CELL) {
            self.heap.set(c, 0, class);
        }
        Ok(class)
    }

    fn run_class_body(&mut self, f: Ref, dict: Value) -> Res {
        let code = self.function_code(f);
        let registers = self.heap.get(code, code::REGISTERS).int_unchecked() as usize;
        let (sp, base) = (self.sp, self.sp + 1);
        if base + registers + 8 >= self.stack.len() {
            return Err(self.recursion_error());
        }
        self.enter_native()?;
        self.stack[sp..base + registers].fill(Value::NULL);
        let cells = self.heap.get(f, function::CELLS);
        for i in 0..Facts::of(self, code).free {
            self.stack[base + i] = self.tuple_item(cells, i);
        }
        let done =
            self.push_frame(f.into(), code, base, registers, 0, Caller::Native).and_then(|()| {
                self.frames.last_mut().expect("just pushed").locals = dict;
                self.run()
            });
        self.sp = sp;
        self.leave_native();
        done
    }

    /// Goes on with a generator, sending it a value. [`Value::STOP`] when it ends; what it
    /// returned is then in `returned`.
    pub(crate) fn resume(&mut self, r: Ref, send: Value) -> Res {
        self.returned = Value::NULL;
        self.enter_native()?;
        let (sp, mark) = (self.sp, self.mark());
        self.root(r.into());
        let done = match self.push_generator(r, send, Caller::Native, 0) {
            Ok(true) => {
                self.raise_at_start = self.take_injected().is_err();
                self.run()
            }
            Ok(false) => Ok(Value::STOP),
            Err(e) => Err(e),
        };
        self.sp = sp;
        self.leave_native();
        match done {
            Ok(v) => self.release_but(mark, v),
            Err(_) => self.release(mark),
        }
        done
    }

    /// Puts a suspended generator's frame on the stack; false if it has ended.
    pub(crate) fn push_generator(
        &mut self,
        r: Ref,
        send: Value,
        caller: Caller,
        dst: u8,
    ) -> Result<bool, Raised> {
        let pc = self.heap.get(r, generator::PC).int_unchecked();
        match pc {
            gen_state::FINISHED => {
                let inject = self.heap.get(r, generator::INJECT);
                self.heap.set(r, generator::INJECT, Value::NULL);
                self.returned = Value::NONE;
                if inject.is_null() {
                    return Ok(false);
                }
                let exception = self.make_exception(inject)?;
                return Err(self.raise(exception));
            }
            gen_state::RUNNING => return Err(self.value_error("generator already executing")),
            // One that has not begun ends before its first handler is in force.
            gen_state::FRESH if !self.heap.get(r, generator::INJECT).is_null() => {
                let inject = self.heap.get(r, generator::INJECT);
                self.heap.set(r, generator::INJECT, Value::NULL);
                self.heap.set(r, generator::PC, Value::int(gen_state::FINISHED));
                let exception = self.make_exception(inject)?;
                return Err(self.raise(exception));
            }
            gen_state::FRESH if send != Value::NONE => {
                return Err(
                    self.type_error("can't send non-None value to a just-started generator")
                );
            }
            _ => {}
        }
        let f = self.heap.get(r, generator::FUNCTION);
        let code = self.function_code(f.as_ref().expect("a generator has a function"));
        let registers = self.heap.len(r) - generator::REGS;
        let base = self.sp + 1;
        if base + registers + 8 >= self.stack.len() {
            return Err(self.recursion_error());
        }
        self.stack[base - 1] = Value::NULL;
        let saved = &self.heap.slots(r)[generator::REGS..];
        for (to, from) in self.stack[base..base + registers].iter_mut().zip(saved) {
            *to = Value::from_bits(*from);
        }
        self.push_frame(f, code, base, registers, dst, caller)?;
        let frame = self.frames.last_mut().expect("just pushed");
        frame.owner = r.into();
        self.heap.set(r, generator::PC, Value::int(gen_state::RUNNING));
        if pc != gen_state::FRESH {
            self.resume_at(code, pc as u32, base, send);
        }
        Ok(true)
    }

    /// Takes a suspended generator's frame off the stack into the generator.
    pub(crate) fn suspend(&mut self, pc: u32) -> Frame {
        let frame = self.pop_frame();
        let r = frame.generator().expect("only generators are suspended");
        let registers = self.heap.len(r) - generator::REGS;
        let base = frame.base as usize;
        let saved = &mut self.heap.slots_mut(r)[generator::REGS..];
        for (to, from) in saved.iter_mut().zip(&self.stack[base..base + registers]) {
            *to = from.bits();
        }
        self.heap.set(r, generator::PC, Value::int(i64::from(pc)));
        frame
    }

    /// Marks a generator whose frame was popped as ended.
    pub(crate) fn end_generator(&mut self, frame: &Frame) {
        if let Some(r) = frame.generator() {
            self.heap.set(r, generator::PC, Value::int(gen_state::FINISHED));
            self.heap.slots_mut(r)[generator::REGS..].fill(Value::NULL.bits());
        }
    }
}
