//! Threads: several programs in one machine, of which one runs at a time.
//!
//! Each thread but the main one runs on a [`Strand`]. The main thread is the hub: at its poll
//! points, and while it waits, it gives every thread that can go on a turn; a thread puts itself
//! aside at its own poll points and waits. So the order is the same in every run, and only the
//! main thread ever rests on the [`crate::Port`].
//!
//! What belongs to one thread is its `Context`; it is exchanged when the turn passes. The machine
//! itself *moves* between the stacks: while a thread runs, the main thread's place holds a hollow
//! machine, so that nobody ever reaches it through two ways. The arena and the stacks of values stay
//! where they are in memory: what the loop's pointers point at does not move.

use super::frame::{Caller, Frame};
use crate::port::{Aside, Strand};
use crate::vm::{POLL_STEPS, Raised, Vm};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use coil_heap::{Heap, Value};
use core::cell::RefCell;
use core::mem::{swap, take};

/// Steps of a turn: the reference's interpreter lets others run every 32 poll points.
const TURN_STEPS: u32 = 32;
/// Values on a thread's stack beyond what its device stack has room for: arguments of native calls.
const STACK_EXTRA: usize = 2048;
/// The handle of the main thread; those of others follow, as far apart as task blocks might be.
const MAIN_HANDLE: u32 = 0x3ffb_d000;
const HANDLE_STEP: u32 = 0x170;
/// Handles repeat after so many threads.
const HANDLES: u32 = 0x400;

/// What a new thread is to do.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// What it calls.
    pub f: Value,
    /// With which positional arguments: a tuple.
    pub args: Value,
    /// With which arguments by name: a tuple of names and values in turn, or null.
    pub kwargs: Value,
    /// Bytes of its stack on the device.
    pub stack_bytes: u32,
    /// Called on the thread when `f` has returned or raised, with `f`.
    pub ended: fn(&mut Vm, Value, Result<Value, Raised>),
}

/// What is one thread's own.
#[derive(Default)]
struct Context {
    stack: Vec<Value>,
    sp: usize,
    frames: Vec<Frame>,
    temps: Vec<Value>,
    pending: Value,
    returned: Value,
    raise_at_start: bool,
    depth_bytes: u32,
    stack_bytes: u32,
    native_depth: u32,
    heap_lock: u32,
}

/// What a thread that is aside waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    /// Its turn.
    Turn,
    /// A moment.
    Time(u64),
    /// An object, which whoever changes it announces.
    Object(Value),
    /// Something it has to look for itself, at most until a moment.
    Change(Option<u64>),
}

struct Thread {
    handle: u32,
    waits: Waits,
    ended: bool,
    /// Its stack; taken out while it runs.
    strand: Option<Box<dyn Strand>>,
    /// Where the machine is handed over.
    machine: Rc<RefCell<Vm>>,
    /// Its context while it is aside; the main thread's while it runs.
    context: Context,
}

/// The threads of a machine beside the main one.
pub(crate) struct Threads {
    list: Vec<Thread>,
    /// Which one runs; nothing when the main one does.
    running: Option<usize>,
    started: u32,
    /// The means of the running thread to put itself aside.
    aside: Option<Aside>,
    /// Something has happened since the main thread looked last.
    progress: bool,
    /// The port is to be attended to at the next poll.
    attend: bool,
    /// Steps taken since the port was attended to.
    spent: u32,
    /// Turns do not pass.
    held: bool,
}

impl Context {
    fn mark(&self, heap: &mut Heap) {
        for v in self.stack[..self.sp].iter().chain(&self.temps) {
            heap.mark(*v);
        }
        for f in &self.frames {
            f.mark(heap);
        }
        heap.mark(self.pending);
        heap.mark(self.returned);
    }

    /// Makes it the machine's, and keeps the machine's.
    fn exchange(&mut self, vm: &mut Vm) {
        swap(&mut self.stack, &mut vm.stack);
        swap(&mut self.sp, &mut vm.sp);
        swap(&mut self.frames, &mut vm.frames);
        swap(&mut self.temps, &mut vm.temps);
        swap(&mut self.pending, &mut vm.pending);
        swap(&mut self.returned, &mut vm.returned);
        swap(&mut self.raise_at_start, &mut vm.raise_at_start);
        swap(&mut self.depth_bytes, &mut vm.depth_bytes);
        swap(&mut self.stack_bytes, &mut vm.stack_bytes);
        swap(&mut self.native_depth, &mut vm.native_depth);
        swap(&mut self.heap_lock, &mut vm.heap_lock);
    }
}

impl Threads {
    pub(crate) fn mark(&self, heap: &mut Heap) {
        for t in &self.list {
            t.context.mark(heap);
        }
    }

    /// The next moment that a thread waits for.
    fn deadline(&self) -> Option<u64> {
        self.list
            .iter()
            .filter_map(|t| match t.waits {
                Waits::Time(at) | Waits::Change(Some(at)) => Some(at),
                _ => None,
            })
            .min()
    }

    fn handle(&self) -> u32 {
        self.running.map_or(MAIN_HANDLE, |i| self.list[i].handle)
    }
}

impl Vm {
    /// Starts a thread and gives its handle; nothing if the port has no stack for it.
    pub fn start_thread(&mut self, start: Start) -> Option<u32> {
        let machine = Rc::new(RefCell::new(Self::hollow(self.rom.clone())));
        let (meeting, place) = (machine.clone(), Self::hollow(self.rom.clone()));
        let body = move |aside: Aside| run(place, &meeting, aside, start);
        let strand = self.port.strand(Box::new(body))?;
        let context = self.context_for(start);
        let fuel = self.fuel;
        let threads = self.threads.get_or_insert_with(|| {
            Box::new(Threads {
                list: Vec::new(),
                running: None,
                started: 0,
                aside: None,
                progress: false,
                attend: false,
                spent: POLL_STEPS.saturating_sub(fuel),
                held: false,
            })
        });
        threads.started += 1;
        threads.progress = true;
        let handle = MAIN_HANDLE + HANDLE_STEP * (threads.started % HANDLES);
        threads.list.push(Thread {
            handle,
            waits: Waits::Turn,
            ended: false,
            strand: Some(strand),
            machine,
            context,
        });
        self.fuel = self.fuel.min(TURN_STEPS);
        Some(handle)
    }

    /// The handle of the running thread.
    pub fn thread_handle(&self) -> u32 {
        self.threads.as_ref().map_or(MAIN_HANDLE, |t| t.handle())
    }

    /// Whether the running thread is the main one.
    pub fn on_main_thread(&self) -> bool {
        self.threads.as_ref().is_none_or(|t| t.running.is_none())
    }

    /// Keeps the turn with the running thread, or lets it pass again.
    pub fn hold_turn(&mut self, hold: bool) {
        if let Some(t) = &mut self.threads {
            t.held = hold;
        }
    }

    /// Lets other threads have their turn.
    pub fn pass_turn(&mut self) {
        match &self.threads {
            Some(t) if t.held => {}
            Some(t) if t.running.is_some() => self.step_aside(Waits::Turn),
            Some(_) => self.give_turns(),
            None => {}
        }
    }

    /// Waits until `done`, which may be so whenever [`Vm::announce`] is called for this object.
    pub fn wait_for_object(
        &mut self,
        object: Value,
        mut done: impl FnMut(&mut Self) -> Result<bool, Raised>,
    ) -> Result<(), Raised> {
        if self.on_main_thread() {
            return self.wait_until(None, done);
        }
        while !done(self)? {
            self.step_aside(Waits::Object(object));
            self.run_scheduled()?;
        }
        Ok(())
    }

    /// Tells those who wait for an object that it has changed.
    pub fn announce(&mut self, object: Value) {
        if let Some(threads) = &mut self.threads {
            threads.progress = true;
            for t in threads.list.iter_mut().filter(|t| t.waits == Waits::Object(object)) {
                t.waits = Waits::Turn;
            }
        }
    }

    /// The stack of a new thread: its arguments, and the frame of whoever starts it at the bottom,
    /// whose names are there for what has none of its own.
    fn context_for(&self, start: Start) -> Context {
        let mut stack = vec![Value::NULL; start.stack_bytes as usize / 4 + STACK_EXTRA];
        stack[..3].copy_from_slice(&[start.f, start.args, start.kwargs]);
        let mut frames = Vec::new();
        if let Some(f) = self.frames.last() {
            frames.push(Frame {
                owner: Value::NULL,
                caller: Caller::Native,
                base: 0,
                top: 3,
                ..*f
            });
        }
        Context { stack, sp: 3, frames, stack_bytes: start.stack_bytes, ..Context::default() }
    }

    // ---- on a thread ----

    /// Puts the running thread aside until it can go on.
    fn step_aside(&mut self, waits: Waits) {
        let threads = self.threads.as_mut().expect("a running thread is one of several");
        let aside = threads.aside.take().expect("a running thread can be put aside");
        let thread = &mut threads.list[threads.running.expect("a thread runs")];
        thread.waits = waits;
        let machine = thread.machine.clone();
        swap(self, &mut machine.borrow_mut());
        aside();
        swap(self, &mut machine.borrow_mut());
        self.threads.as_mut().expect("the thread is one of them").aside = Some(aside);
    }

    /// A poll point of a thread that is not the main one.
    fn poll_on_thread(&mut self) -> Result<(), Raised> {
        self.pass_turn();
        self.run_scheduled()
    }

    /// [`Vm::wait_until`] on a thread that is not the main one.
    pub(super) fn wait_on_thread(
        &mut self,
        until_us: Option<u64>,
        mut done: impl FnMut(&mut Self) -> Result<bool, Raised>,
    ) -> Result<(), Raised> {
        self.pass_turn();
        loop {
            self.run_scheduled()?;
            let over = done(self)? || until_us.is_some_and(|t| self.port.now_us() >= t);
            if over {
                self.threads.as_mut().expect("the thread is one of them").progress = true;
                return Ok(());
            }
            self.step_aside(Waits::Change(until_us));
        }
    }

    /// [`Vm::sleep_until`] on a thread that is not the main one.
    pub(super) fn sleep_on_thread(&mut self, until_us: u64) -> Result<(), Raised> {
        self.pass_turn();
        self.run_scheduled()?;
        if self.port.now_us() < until_us {
            self.step_aside(Waits::Time(until_us));
        }
        self.run_scheduled()
    }

    // ---- on the main thread ----

    /// A poll point while there are threads.
    pub(super) fn poll_among_threads(&mut self) -> Result<(), Raised> {
        if !self.on_main_thread() {
            return self.poll_on_thread();
        }
        let steps = TURN_STEPS.saturating_sub(self.fuel);
        self.fuel = TURN_STEPS;
        let threads = self.threads.as_mut().expect("there are threads");
        threads.spent += steps;
        if take(&mut threads.attend) || threads.spent >= POLL_STEPS {
            let spent = take(&mut threads.spent);
            self.attend(spent)?;
        }
        self.run_scheduled()?;
        self.pass_turn();
        self.check_abort()
    }

    /// Before the main thread looks whether its wait is over: the port is to be attended to.
    pub(super) fn attend_next(&mut self) {
        if let Some(t) = &mut self.threads {
            t.attend = true;
        }
    }

    /// Whether threads have got on since the last time; if not, when the next one wants to.
    pub(super) fn threads_rest(&mut self, until_us: Option<u64>) -> Result<Option<u64>, Progress> {
        let Some(t) = &mut self.threads else { return Ok(until_us) };
        t.attend |= t.held || !t.progress;
        if t.held {
            return Ok(until_us);
        }
        if take(&mut t.progress) {
            return Err(Progress);
        }
        Ok(match (until_us, t.deadline()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        })
    }

    /// Gives every thread that can go on a turn.
    fn give_turns(&mut self) {
        let mut i = 0;
        while let Some(t) = self.threads.as_ref().and_then(|t| t.list.get(i)) {
            let goes_on = match t.waits {
                Waits::Turn | Waits::Change(_) => true,
                Waits::Time(at) => self.port.now_us() >= at,
                Waits::Object(_) => false,
            };
            if goes_on {
                self.turn(i);
            }
            if self.aborting {
                return;
            }
            i += 1;
        }
        let Some(threads) = &mut self.threads else { return };
        threads.list.retain(|t| !t.ended);
        if threads.list.is_empty() {
            // The last of them: polls are as rare again as they were.
            self.fuel = POLL_STEPS.saturating_sub(threads.spent).max(1);
            self.threads = None;
        }
    }

    /// Runs a thread until it puts itself aside.
    fn turn(&mut self, i: usize) {
        let threads = self.threads.as_mut().expect("there are threads");
        let thread = &mut threads.list[i];
        let computes = matches!(thread.waits, Waits::Turn | Waits::Time(_));
        let Some(mut strand) = thread.strand.take() else { return };
        let (machine, mut context) = (thread.machine.clone(), take(&mut thread.context));
        threads.running = Some(i);
        threads.progress |= computes;
        context.exchange(self);
        self.threads.as_mut().expect("there are threads").list[i].context = context;
        self.fuel = TURN_STEPS;
        swap(self, &mut machine.borrow_mut());
        let goes_on = strand.resume();
        swap(self, &mut machine.borrow_mut());
        let steps = TURN_STEPS.saturating_sub(self.fuel);
        self.fuel = TURN_STEPS;
        let threads = self.threads.as_mut().expect("a thread ends in its own turn");
        threads.running = None;
        threads.spent += steps;
        let thread = &mut threads.list[i];
        let mut context = take(&mut thread.context);
        if goes_on {
            thread.strand = Some(strand);
        } else {
            thread.ended = true;
            threads.progress = true;
        }
        context.exchange(self);
        self.threads.as_mut().expect("there are threads").list[i].context = context;
    }
}

/// Threads have got on.
pub(super) struct Progress;

/// The life of a thread, on its own stack.
fn run(mut vm: Vm, machine: &RefCell<Vm>, aside: Aside, start: Start) {
    swap(&mut vm, &mut machine.borrow_mut());
    vm.threads.as_mut().expect("the thread is one of them").aside = Some(aside);
    let args = vm.tuple_items(start.args).unwrap_or_default();
    let kwargs = vm.tuple_items(start.kwargs).unwrap_or_default();
    let done = vm.call_kw(start.f, &args, &kwargs);
    (start.ended)(&mut vm, start.f, done);
    vm.threads.as_mut().expect("the thread is one of them").aside = None;
    swap(&mut vm, &mut machine.borrow_mut());
}
