//! The machine of one board: its heap, stack, names and door outwards.
//!
//! Rooting rule: every object that is allocated through [`Vm`] is held by a list of temporary
//! roots until the native function that made it returns (or until [`Vm::release`]). Arguments are
//! held by the stack. A value that was *taken out* of a container and must survive an allocation
//! is held with [`Vm::root`].

use crate::interp::frame::Frame;
use crate::interp::machine::MachineCode;
use crate::interp::methods::NameCache;
use crate::interp::thread::Threads;
use crate::kinds;
use crate::objects::map::SlotHints;
use crate::port::{NullPort, Port};
use crate::qstr::{Names, Qstr};
use crate::rom::Rom;
use crate::shared::Shared;
use crate::types;
use crate::witness::Told;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use coil_heap::{Header, Heap, Kind, Ref, Tag, Value};
use core::any::{Any, TypeId};

/// An exception is on its way: it is parked in [`Vm::pending`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised;

/// What every operation of the machine gives.
pub type Res = Result<Value, Raised>;

/// How a machine is set up.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Size of the Python heap at the start, in device bytes.
    pub heap_initial: u32,
    /// Size to which it may grow.
    pub heap_max: u32,
    /// Bytes of the device's stack: limits recursion.
    pub stack_bytes: u32,
    /// Compute floats in single precision, as the chip does.
    pub single_precision: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            heap_initial: 56_000,
            heap_max: 112_000,
            stack_bytes: 15_360,
            single_precision: true,
        }
    }
}

/// Values on the stack at most; the device's stack runs out long before.
const STACK_VALUES: usize = 1 << 15;
/// Temporary roots at most.
const TEMPS_MAX: usize = 1 << 16;
/// Bytes of a name at most.
const NAME_BYTES_MAX: usize = 255;
/// Bytes that are taken from the heap at a time to hold names.
const NAME_CHUNK: u32 = 128;
/// Steps between two polls.
pub(crate) const POLL_STEPS: u32 = 2048;
/// Entries of the attribute cache.
pub(crate) const CACHE: usize = 512;

/// One entry of the cache of class attributes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CacheEntry {
    pub(crate) owner: Value,
    pub(crate) name: Qstr,
    pub(crate) epoch: u32,
    pub(crate) value: Value,
}

/// The machine of one board.
///
/// It stays small: threads hand it to each other by moving it (see [`crate::interp::thread`]).
pub struct Vm {
    /// Its memory.
    pub heap: Heap,
    /// Its names.
    pub names: Names,
    /// The firmware's fixed part.
    pub rom: Shared<Rom>,
    /// The way out.
    pub port: Box<dyn Port>,
    /// The exception on its way, after [`Raised`].
    pub pending: Value,
    /// Loaded modules: a dict.
    pub modules: Value,
    /// Where imports look: `sys.path`, or null before anyone asked.
    pub path: Value,
    /// Names added to `builtins` by the program: a dict, or null.
    pub builtins_override: Value,
    /// Calls a program has asked to be made between two instructions.
    pub scheduled: Vec<(Value, Value)>,
    /// How many scheduled calls may wait.
    pub schedule_depth: usize,
    /// The scheduler is running or locked.
    pub(crate) schedule_lock: u32,
    /// The character that interrupts a program.
    pub(crate) interrupt_char: i16,
    /// The program asked for a KeyboardInterrupt.
    pub(crate) interrupt_asked: bool,
    /// The heap is locked: allocation raises MemoryError.
    pub heap_lock: u32,
    /// Collect automatically when memory is short.
    pub gc_enabled: bool,
    /// Collect when this many device bytes were handed out.
    pub gc_threshold: Option<u32>,
    /// Collect at every allocation, to find missing roots.
    pub gc_stress: bool,
    /// The program is being left: no handler of its runs any more.
    pub aborting: bool,
    /// Line ends become CR LF on the console.
    pub console_crlf: bool,
    /// Optimisation level for programs compiled from now on.
    pub opt_level: u8,
    /// Called to find a module that is neither loaded nor built in.
    pub importer: Option<crate::interp::import::Importer>,
    /// The chip that it runs on, if it runs on one.
    pub hardware: Option<&'static crate::hardware::Hardware>,
    /// Asked at every poll, with the steps taken; may schedule calls or raise.
    pub hook: Option<fn(&mut Self) -> Result<(), Raised>>,
    /// Told what the program prints and what fails, for whoever watches.
    pub witness: Option<crate::witness::Witness>,
    /// When something that no one waits for is due next, such as a timer.
    pub deadline: Option<fn(&mut Self) -> Option<u64>>,
    /// What is beside the port's console.
    pub second_console: Option<&'static crate::console::SecondConsole>,
    /// Machine code is for the loops of all programs compiled from now on, not only of functions
    /// that ask for it.
    pub hot_loops: bool,
    /// Makes machine code of functions that ask for it; without it they are interpreted.
    pub machine_code: Option<Box<dyn MachineCode>>,
    /// Names of locals, for whoever looks from outside.
    pub(crate) local_names: crate::interp::look::LocalNames,
    /// What the generator which ended last has returned.
    pub(crate) returned: Value,
    /// The frame on top starts with the pending exception.
    pub(crate) raise_at_start: bool,
    pub(crate) stack: Vec<Value>,
    pub(crate) sp: usize,
    pub(crate) frames: Vec<Frame>,
    pub(crate) fuel: u32,
    pub(crate) single: bool,
    pub(crate) depth_bytes: u32,
    pub(crate) stack_bytes: u32,
    pub(crate) native_depth: u32,
    pub(crate) epoch: u32,
    pub(crate) cache: Vec<CacheEntry>,
    pub(crate) name_cache: Box<NameCache>,
    /// Where keys of tables were found lately.
    pub(crate) slot_hints: Box<SlotHints>,
    /// Words of the last int that was computed, to be used again.
    pub(crate) digits: Vec<u64>,
    pub(crate) attr_names: Vec<bool>,
    /// What holds the program's names, and the bytes left in it.
    name_chunks: Vec<Value>,
    name_room: u32,
    pub(crate) memory_error: Value,
    pub(crate) abort_exception: Value,
    /// The threads beside the main one; nothing while there are none.
    pub(crate) threads: Option<Box<Threads>>,
    pub(crate) temps: Vec<Value>,
    /// What is raised when there is no memory for an exception.
    pub(crate) emergency_exception: Value,
    /// Size of the buffer for exceptions that are raised while the heap is locked, in bytes.
    pub emergency_bytes: u32,
    pinned: Vec<Value>,
    state: BTreeMap<TypeId, Box<dyn Any>>,
    collecting: bool,
}

impl core::fmt::Debug for Vm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Vm")
            .field("heap", &self.heap.stats())
            .field("frames", &self.frames.len())
            .finish_non_exhaustive()
    }
}

impl Vm {
    /// A machine with an empty heap.
    pub fn new(rom: Shared<Rom>, port: Box<dyn Port>, config: Config) -> Self {
        let mut vm = Self::bare(rom, port, config);
        vm.stack = vec![Value::NULL; STACK_VALUES];
        vm.frames.reserve(32);
        vm.cache =
            vec![
                CacheEntry { owner: Value::NULL, name: Qstr(0), epoch: 0, value: Value::NULL };
                CACHE
            ];
        vm.boot();
        vm
    }

    /// A machine that only keeps another one's place and never runs.
    pub(crate) fn hollow(rom: Shared<Rom>) -> Self {
        let config = Config { heap_initial: 0, heap_max: 0, stack_bytes: 0, ..Config::default() };
        Self::bare(rom, Box::new(NullPort::default()), config)
    }

    fn bare(rom: Shared<Rom>, port: Box<dyn Port>, config: Config) -> Self {
        Self {
            heap: Heap::new(config.heap_initial, config.heap_max),
            names: Names::new(rom.strings.clone()),
            rom,
            port,
            pending: Value::NULL,
            modules: Value::NULL,
            path: Value::NULL,
            builtins_override: Value::NULL,
            scheduled: Vec::new(),
            schedule_depth: 8,
            schedule_lock: 0,
            interrupt_asked: false,
            heap_lock: 0,
            gc_enabled: true,
            gc_threshold: None,
            gc_stress: false,
            aborting: false,
            console_crlf: false,
            opt_level: 0,
            importer: None,
            hardware: None,
            hook: None,
            witness: None,
            deadline: None,
            second_console: None,
            interrupt_char: -1,
            hot_loops: false,
            machine_code: None,
            local_names: Default::default(),
            returned: Value::NULL,
            raise_at_start: false,
            stack: Vec::new(),
            sp: 0,
            frames: Vec::new(),
            fuel: POLL_STEPS,
            single: config.single_precision,
            depth_bytes: 0,
            stack_bytes: config.stack_bytes,
            native_depth: 0,
            epoch: 1,
            cache: Vec::new(),
            name_cache: Box::default(),
            slot_hints: Box::default(),
            digits: Vec::new(),
            attr_names: Vec::new(),
            name_chunks: Vec::new(),
            name_room: 0,
            memory_error: Value::NULL,
            abort_exception: Value::NULL,
            threads: None,
            emergency_exception: Value::NULL,
            emergency_bytes: 0,
            temps: Vec::new(),
            pinned: Vec::new(),
            state: BTreeMap::new(),
            collecting: false,
        }
    }

    fn boot(&mut self) {
        let made = self.new_dict(0).and_then(|modules| {
            self.modules = modules;
            let args = self.alloc_values(kinds::TUPLE, 0)?;
            let error = self.alloc_values(kinds::EXC, kinds::exc::LEN)?;
            self.heap.set(error, kinds::exc::TYPE, types::MEMORY_ERROR.into());
            self.heap.set(error, kinds::exc::ARGS, args.into());
            self.memory_error = error.into();
            let abort = self.alloc_values(kinds::EXC, kinds::exc::LEN)?;
            self.heap.set(abort, kinds::exc::TYPE, types::BASE_EXCEPTION.into());
            self.heap.set(abort, kinds::exc::ARGS, args.into());
            self.abort_exception = abort.into();
            let emergency = self.alloc_values(kinds::EXC, kinds::exc::LEN)?;
            self.heap.set(emergency, kinds::exc::TYPE, types::EXCEPTION.into());
            self.heap.set(emergency, kinds::exc::ARGS, args.into());
            self.emergency_exception = emergency.into();
            Ok(())
        });
        debug_assert!(made.is_ok(), "an empty heap has room for a few small objects");
        self.temps.clear();
    }

    // ---- memory ----

    /// Makes an object; collects first if there is no room.
    #[inline(always)]
    pub fn alloc(&mut self, header: Header) -> Result<Ref, Raised> {
        if self.heap_lock == 0
            && !self.gc_stress
            && self.gc_threshold.is_none()
            && let Ok(r) = self.heap.alloc(header)
        {
            self.temps.push(r.into());
            return Ok(r);
        }
        self.alloc_slow(header)
    }

    #[cold]
    #[inline(never)]
    fn alloc_slow(&mut self, header: Header) -> Result<Ref, Raised> {
        if self.heap_lock > 0 {
            return Err(self.raise_locked());
        }
        if self.temps.len() > TEMPS_MAX {
            return Err(self.raise_memory(header));
        }
        if self.gc_enabled
            && (self.gc_stress
                || self.gc_threshold.is_some_and(|t| self.heap.allocated_since_collect() >= t))
        {
            self.collect();
        }
        let mut tried = false;
        loop {
            if let Ok(r) = self.heap.alloc(header) {
                self.temps.push(r.into());
                return Ok(r);
            }
            if self.gc_enabled && !tried {
                self.collect();
                tried = true;
            } else if !self.heap.grow() {
                return Err(self.raise_memory(header));
            }
        }
    }

    /// Allocates what the device keeps on its stack or in static memory: a locked heap does not
    /// stand in the way.
    pub fn off_heap<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let locked = core::mem::take(&mut self.heap_lock);
        let made = make(self);
        self.heap_lock += locked;
        made
    }

    /// Makes an object longer where it stands; false if that is not possible.
    pub fn grow_in_place(&mut self, r: Ref, len: u32) -> bool {
        self.heap_lock == 0 && self.heap.resize_in_place(r, len)
    }

    /// MemoryError of an allocation while the heap is locked.
    #[cold]
    pub(crate) fn raise_locked(&mut self) -> Raised {
        self.raise_args(types::MEMORY_ERROR, "memory allocation failed, heap is locked")
    }

    fn raise_memory(&mut self, header: Header) -> Raised {
        let bytes = if header.kind().holds_values() { header.len() * 4 } else { header.len() };
        let free = self.heap.stats().free;
        self.tell(Told::NoMemory { bytes, free });
        if free < 512 {
            self.pending = self.memory_error;
            return Raised;
        }
        self.raise_fmt(
            types::MEMORY_ERROR,
            format_args!("memory allocation failed, allocating {bytes} bytes"),
        )
    }

    /// Makes an object of `n` null values.
    #[inline(always)]
    pub fn alloc_values(&mut self, kind: Kind, n: u32) -> Result<Ref, Raised> {
        self.alloc(Header::new(kind, 0, 0, n))
    }

    /// Makes an object that holds these bytes.
    pub fn alloc_bytes(&mut self, kind: Kind, flags: u8, bytes: &[u8]) -> Result<Ref, Raised> {
        let n = self.checked_len(bytes.len())?;
        let r = self.alloc(Header::new(kind, flags, 0, n))?;
        self.heap.bytes_mut(r).copy_from_slice(bytes);
        Ok(r)
    }

    /// Makes an object of `n` zero bytes.
    pub fn alloc_zeroed(&mut self, kind: Kind, n: usize) -> Result<Ref, Raised> {
        let n = self.checked_len(n)?;
        let r = self.alloc(Header::new(kind, 0, 0, n))?;
        self.heap.bytes_mut(r).fill(0);
        Ok(r)
    }

    /// A length as headers hold it, or MemoryError.
    pub fn checked_len(&mut self, n: usize) -> Result<u32, Raised> {
        if n < 1 << 28 {
            Ok(n as u32)
        } else {
            Err(self.raise_fmt(
                types::MEMORY_ERROR,
                format_args!("memory allocation failed, allocating {n} bytes"),
            ))
        }
    }

    /// Holds a value until the running native returns.
    #[inline]
    pub fn root(&mut self, v: Value) {
        self.temps.push(v);
    }

    /// The temporary root at a height.
    pub(crate) fn rooted(&self, at: usize) -> Value {
        self.temps[at]
    }

    /// The height of the temporary roots, for [`Vm::release`].
    #[inline(always)]
    pub fn mark(&self) -> usize {
        self.temps.len()
    }

    /// Lets go of temporary roots above a mark.
    #[inline(always)]
    pub fn release(&mut self, mark: usize) {
        self.temps.truncate(mark);
    }

    /// Lets go of temporary roots above a mark but for one value.
    #[inline(always)]
    pub fn release_but(&mut self, mark: usize, v: Value) {
        self.temps.truncate(mark);
        self.temps.push(v);
    }

    /// Holds a value for ever, or until it is replaced; gives its place.
    pub fn pin(&mut self, v: Value) -> usize {
        self.pinned.push(v);
        self.pinned.len() - 1
    }

    /// The value at a pinned place.
    pub fn pinned(&self, place: usize) -> Value {
        self.pinned[place]
    }

    /// The same where nothing may be held there yet.
    pub fn get_pinned(&self, place: usize) -> Option<Value> {
        self.pinned.get(place).copied()
    }

    /// Replaces the value at a pinned place.
    pub fn set_pinned(&mut self, place: usize, v: Value) {
        self.pinned[place] = v;
    }

    /// Collects garbage now.
    pub fn collect(&mut self) {
        self.heap.begin_collect();
        for i in 0..self.sp {
            self.heap.mark(self.stack[i]);
        }
        for f in &self.frames {
            f.mark(&mut self.heap);
        }
        if let Some(threads) = &self.threads {
            threads.mark(&mut self.heap);
        }
        for v in self.temps.iter().chain(&self.pinned).chain(&self.name_chunks) {
            self.heap.mark(*v);
        }
        for (f, a) in &self.scheduled {
            self.heap.mark(*f);
            self.heap.mark(*a);
        }
        for v in [
            self.pending,
            self.modules,
            self.path,
            self.builtins_override,
            self.memory_error,
            self.abort_exception,
            self.emergency_exception,
            self.returned,
        ] {
            self.heap.mark(v);
        }
        self.mark_addresses();
        self.heap.finish_collect();
        self.epoch = self.epoch.wrapping_add(1);
        if let Some(machine_code) = &mut self.machine_code {
            machine_code.forget_unless(&|code| self.heap.is_used(code));
        }
        self.run_finalisers();
    }

    fn run_finalisers(&mut self) {
        if self.collecting || !(self.heap.has_doomed() || self.heap.has_bereft()) {
            return;
        }
        self.collecting = true;
        let (mark, pending) = (self.mark(), self.pending);
        self.root(pending);
        while let Some(r) = self.heap.take_doomed() {
            self.root(r.into());
            crate::objects::finalise(self, r);
        }
        while let Some(r) = self.heap.take_bereft() {
            self.root(r.into());
            crate::objects::weak::lost(self, r);
        }
        self.pending = pending;
        self.release(mark);
        self.collecting = false;
    }

    // ---- state of modules ----

    /// The state that a module keeps on this board, made the first time.
    pub fn state<T: Any + Default>(&mut self) -> &mut T {
        let slot = self.state.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(T::default()));
        slot.downcast_mut().expect("the key is the type's own")
    }

    /// Puts a state in place that has no default.
    pub fn set_state<T: Any>(&mut self, state: T) {
        self.state.insert(TypeId::of::<T>(), Box::new(state));
    }

    /// Takes a state away, to put it into another machine.
    pub fn take_state<T: Any>(&mut self) -> Option<T> {
        self.state.remove(&TypeId::of::<T>()).and_then(|s| s.downcast().ok()).map(|s| *s)
    }

    /// Leaves the program at the next poll point, past all its handlers.
    pub fn abort(&mut self) {
        self.aborting = true;
        self.pending = self.abort_exception;
        self.poll_soon();
    }

    /// A state that was put in place.
    pub fn try_state<T: Any>(&mut self) -> Option<&mut T> {
        self.state.get_mut(&TypeId::of::<T>()).and_then(|s| s.downcast_mut())
    }

    // ---- arguments ----

    /// A positional argument; null when there are fewer.
    #[inline(always)]
    pub fn arg(&self, args: crate::rom::Args, i: usize) -> Value {
        if i < args.n { self.stack[args.base + i] } else { Value::NULL }
    }

    /// A keyword argument of a raw call: name and value.
    pub fn kwarg(&self, args: crate::rom::Args, i: usize) -> (Value, Value) {
        let at = args.base + args.n + 2 * i;
        (self.stack[at], self.stack[at + 1])
    }

    /// Replaces a positional argument, which keeps the value alive.
    pub fn set_arg(&mut self, args: crate::rom::Args, i: usize, v: Value) {
        debug_assert!(i < args.n);
        self.stack[args.base + i] = v;
    }

    /// All positional arguments as a host vector.
    pub fn args_vec(&self, args: crate::rom::Args) -> Vec<Value> {
        self.stack[args.base..args.base + args.n].to_vec()
    }

    /// Bytes of the device's stack in use.
    pub fn stack_used(&self) -> u32 {
        self.depth_bytes + 128 * self.native_depth
    }

    /// Bytes of the device's stack.
    pub fn stack_limit(&self) -> u32 {
        self.stack_bytes
    }

    // ---- names and immediates ----

    /// Interns a name that the machine itself brings along.
    pub fn intern(&mut self, text: &str) -> Qstr {
        self.names.intern(text.as_bytes())
    }

    /// Interns a text of the program. Names live as long as the board runs, so they take memory
    /// that is never given back.
    ///
    /// # Errors
    /// `RuntimeError: name too long` beyond 255 bytes, MemoryError without room.
    pub fn intern_text(&mut self, text: &[u8]) -> Result<Qstr, Raised> {
        if let Some(q) = self.names.find(text) {
            return Ok(q);
        }
        if text.len() > NAME_BYTES_MAX {
            return Err(self.runtime_error("name too long"));
        }
        // The device keeps names in chunks of its heap, and a table entry beside each.
        let cost = text.len() as u32 + 1 + 8;
        if self.name_room < cost {
            let chunk = self.alloc(Header::new(kinds::BLOB, 0, 0, NAME_CHUNK.max(cost)))?;
            self.name_chunks.push(chunk.into());
            self.name_room += NAME_CHUNK.max(cost);
        }
        self.name_room -= cost;
        Ok(self.names.intern(text))
    }

    /// The value of a built-in type.
    pub fn type_value(&self, def: &'static crate::rom::TypeDef) -> Value {
        self.rom.type_value(def)
    }

    /// Whether floats are single precision.
    pub fn is_single_precision(&self) -> bool {
        self.single
    }

    /// The number of a built-in type from the immediate that stands for it.
    #[inline(always)]
    pub fn type_number(v: Value) -> Option<u32> {
        v.as_tagged(Tag::Type)
    }
}
