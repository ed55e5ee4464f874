//! Calls: binding arguments, pushing frames, calling from Rust.

use super::frame::{Caller, Frame};
use super::loader::Facts;
use super::plan::{Plan, Return};
use crate::kinds::{self, class, code, function};
use crate::qstr::{Qstr, names};
use crate::rom::{Args, Convention};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_compiler::bytecode::CodeFlags;
use coil_heap::{Ref, Tag, Value};

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
                    // A built-in type that can be called lets what derives from it be called.
                    let native = self.heap.get(r, kinds::instance::NATIVE);
                    if self.as_ref_kind(native, kinds::NATIVE).is_some()
                        && let Some(call) = self.def_of(native).call
                    {
                        return call(self, native, args).map(Begun::Value);
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
        let plan = self.plan_of(f);
        let (base, end) = (args.base, args.base + plan.registers());
        if end + 8 >= self.stack.len() {
            return Err(self.recursion_error());
        }
        let mut is_body = false;
        if args.nkw == 0 && (plan.takes(args.n) || self.complete(plan, f, base, args.n)) {
            self.fill_window(plan, f, base);
        } else if !self.bind_in_place(plan, f, args)? {
            let code = self.function_code(f);
            self.bind_arguments(f, code, args, plan.registers())?;
            is_body = Facts::of(self, code).flags.has(CodeFlags::NAMES);
        }
        if plan.is_generator() {
            return self.make_generator(f, base, plan.registers()).map(Begun::Value);
        }
        if !self.has_room(plan, end) {
            return Err(self.recursion_error());
        }
        self.push_planned(plan, f, base, Return { caller, dst, owner: Value::NULL });
        if is_body {
            // The code of a module made a function: its names are those of the dict.
            let frame = self.top_mut();
            frame.locals = frame.globals.into();
        }
        Ok(Begun::Frame)
    }

    /// Pushes the frame of a module or class body whose registers are in place.
    fn push_body(
        &mut self,
        function: Value,
        code: Ref,
        base: usize,
        globals: Ref,
        locals: Value,
    ) -> Result<(), Raised> {
        let plan = Plan::from_value(self.heap.get(code, code::PLAN));
        if !self.has_room(plan, base + plan.registers()) {
            return Err(self.recursion_error());
        }
        let consts = self.heap.get(code, code::CONSTS).as_ref().expect("code has constants");
        let top = self.sp.max(base + plan.registers());
        self.depth_bytes += plan.cost();
        self.frames.push(Frame {
            code,
            function,
            globals,
            locals,
            owner: Value::NULL,
            outermost: Value::NULL,
            words: plan.words(),
            consts: consts.payload(),
            base: base as u32,
            top: top as u32,
            pc: 0,
            dst: 0,
            caller: Caller::Native,
            cost: plan.cost() as u16,
        });
        self.sp = top;
        Ok(())
    }

    /// Starts the construction of a plain class whose `__init__` takes these arguments as they
    /// are: makes the instance, puts it before them, at `at`.
    pub(crate) fn begin_init(
        &mut self,
        class: Ref,
        at: usize,
        n: u32,
    ) -> Result<Option<(Ref, Value)>, Raised> {
        if !self.heap.get(class, class::NATIVE).is_null() {
            return Ok(None);
        }
        let own = self.class_lookup(class.into(), names::new);
        if own.is_some_and(|f| f.as_tagged(Tag::Native).is_none()) {
            return Ok(None);
        }
        let init = self.class_lookup(class.into(), names::init).unwrap_or(Value::NULL);
        let Some(init) = self.as_ref_kind(init, kinds::FUNCTION) else { return Ok(None) };
        let (plan, n) = (self.plan_of(init), n as usize + 1);
        if plan.is_generator() || !plan.takes(n) && !self.complete(plan, init, at, n) {
            return Ok(None);
        }
        // A finaliser that runs meanwhile may replace it; the loop lets go of it again.
        self.root(init.into());
        let this = self.new_instance(class.into())?;
        self.stack[at] = this;
        if !plan.takes(n) {
            // The finaliser ran where the defaults stood.
            self.complete(plan, init, at, n);
        }
        Ok(Some((init, this)))
    }

    /// Takes the top frame away if all it has to do is to give its result to the frame below;
    /// says into which register.
    #[inline(always)]
    pub(crate) fn return_plain(&mut self, v: Value) -> Option<u8> {
        let frame = self.top();
        match frame.caller {
            Caller::Frame => {}
            Caller::Operator if v != Value::NOT_IMPLEMENTED => {}
            _ => return None,
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

    /// Puts the arguments of a call of a function that only has parameters with names in place;
    /// false if it is another, or the call passes names that are to be looked at closer.
    fn bind_in_place(&mut self, plan: Plan, f: Ref, args: Args) -> Result<bool, Raised> {
        let code = self.function_code(f);
        let facts = Facts::of(self, code);
        let complex = CodeFlags::VARARGS
            | CodeFlags::VARKEYWORDS
            | CodeFlags::VIPER
            | CodeFlags::NAMES
            | CodeFlags::GENERATOR;
        let mut pairs = [(Value::NULL, Value::NULL); 8];
        if facts.flags.0 & complex != 0
            || args.nkw == 0
            || args.nkw > pairs.len()
            || args.n > facts.positional
        {
            return Ok(false);
        }
        for (i, pair) in pairs[..args.nkw].iter_mut().enumerate() {
            *pair = self.kwarg(args, i);
            if pair.0.as_qstr().is_none() {
                return Ok(false);
            }
        }
        // Nothing is allocated from here on: the values need no other hold.
        let base = args.base;
        self.stack[base + args.n..base + plan.registers()].fill(Value::NULL);
        let params = self.heap.get(code, code::PARAMS);
        let fixed = facts.positional + facts.keyword_only;
        for &(name, v) in &pairs[..args.nkw] {
            match (0..fixed).find(|&i| self.tuple_item(params, i) == name) {
                Some(i) if self.stack[base + i].is_null() => self.stack[base + i] = v,
                found => return Err(self.bad_keyword(name, found.is_some())),
            }
        }
        for i in (args.n..facts.positional).rev().chain(facts.positional..fixed) {
            if self.stack[base + i].is_null() {
                self.fill_default(f, code, facts, i, base, args.nkw)?;
            }
        }
        let cells = self.heap.get(f, function::CELLS);
        for i in 0..facts.free {
            self.stack[base + fixed + i] = self.tuple_item(cells, i);
        }
        Ok(true)
    }

    /// TypeError of a name in a call that the function does not have, or that is given already.
    #[cold]
    fn bad_keyword(&mut self, name: Value, known: bool) -> Raised {
        let name = self.text_of(name);
        self.type_error(&if known {
            format!("function got multiple values for argument '{name}'")
        } else {
            format!("unexpected keyword argument '{name}'")
        })
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
                        return Err(self.bad_keyword(name, true));
                    }
                    self.stack[base + i] = v;
                }
                None if varkw => {
                    let map = self.as_dict(extra).expect("just made");
                    map.put(self, name, v)?;
                }
                None => return Err(self.bad_keyword(name, false)),
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
        let registers = Plan::from_value(self.heap.get(code, code::PLAN)).registers();
        let (sp, base) = (self.sp, self.sp + 1);
        if base + registers + 8 >= self.stack.len() {
            return Err(self.recursion_error());
        }
        self.enter_native()?;
        self.stack[sp..base + registers].fill(Value::NULL);
        let mark = self.mark();
        let done =
            self.push_body(Value::NULL, code, base, globals, locals).and_then(|()| self.run());
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
        if args.n < 2 {
            return Err(self.arg_count_error(args.n, 2, usize::MAX));
        }
        let (body, name) = (self.arg(args, 0), self.arg(args, 1));
        let (Some(f), Some(name)) =
            (self.as_ref_kind(body, kinds::FUNCTION), self.str_to_qstr(name)?)
        else {
            return Err(self.type_error("argument has wrong type"));
        };
        let bases: Vec<Value> = (2..args.n).map(|i| self.arg(args, i)).collect();
        let dict = self.new_dict(0)?;
        let code = self.function_code(f);
        let plan = Plan::from_value(self.heap.get(code, code::PLAN));
        let cell = if self.is_body(code) {
            self.run_class_body(f, dict)?
        } else if plan.takes(0) && !plan.is_generator() {
            // A function that a program hands over itself: what it executes fills the class.
            self.run_class_body(f, dict)?;
            Value::NONE
        } else {
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
        let registers = Plan::from_value(self.heap.get(code, code::PLAN)).registers();
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
        let globals = self.heap.get(f, function::GLOBALS).as_ref();
        let globals = globals.expect("a function has globals");
        let done = self.push_body(f.into(), code, base, globals, dict).and_then(|()| self.run());
        self.sp = sp;
        self.leave_native();
        done
    }
}
