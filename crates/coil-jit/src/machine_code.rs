//! Memory that code can run in: the one place where it is called and where it is given back.

#![allow(unsafe_code, reason = "calls what the translator has made, see each block")]

use crate::code::Code;
use crate::context::Context;
use crate::facts::Facts;
use crate::translate::Translator;
use coil_vm::interp::machine::Round;
use cranelift_codegen::ir::AbiParam;
use cranelift_codegen::ir::types::I32;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module, default_libcall_names};

/// Bytes of stack of the thread that translates.
const TRANSLATOR_STACK: usize = 8 << 20;

type Entry = unsafe extern "C" fn(*mut Context, u32) -> u32;

/// The machine code of one function.
pub(crate) struct MachineCode {
    /// Owns the memory; there until this is dropped.
    module: Option<JITModule>,
    entry: Entry,
    registers: usize,
    /// How many bytes of code it has.
    pub(crate) size: usize,
}

impl core::fmt::Debug for MachineCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MachineCode").field("size", &self.size).finish_non_exhaustive()
    }
}

/// What makes code for this processor; nothing if there is none.
pub(crate) fn target() -> Option<OwnedTargetIsa> {
    // The translator reads parts of the arena's words as a little-endian host has them.
    if cfg!(target_endian = "big") {
        return None;
    }
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("unwind_info", "false"),
        // Frames are small, but a board's stack ends at a guard page.
        ("enable_probestack", "true"),
        ("probestack_strategy", "inline"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ] {
        flags.set(name, value).ok()?;
    }
    cranelift_native::builder().ok()?.finish(settings::Flags::new(flags)).ok()
}

impl MachineCode {
    /// Translates a function; nothing if it cannot be.
    ///
    /// The translator works on a thread of its own: the stacks of boards and of their threads are
    /// too small for it.
    pub(crate) fn make(isa: &OwnedTargetIsa, code: &Code) -> Option<Self> {
        std::thread::scope(|scope| {
            let worker = std::thread::Builder::new().stack_size(TRANSLATOR_STACK);
            let work = worker.spawn_scoped(scope, || Self::make_here(isa, code)).ok()?;
            work.join().ok().flatten()
        })
    }

    fn make_here(isa: &OwnedTargetIsa, code: &Code) -> Option<Self> {
        let facts = Facts::find(code);
        let libcalls = default_libcall_names();
        let mut module = JITModule::new(JITBuilder::with_isa(isa.clone(), libcalls));
        let made = define(&mut module, code, &facts);
        let mut it =
            Self { module: Some(module), entry: nowhere, registers: code.registers, size: 0 };
        let (id, size) = made?;
        let module = it.module.as_mut()?;
        module.finalize_definitions().ok()?;
        let start = module.get_finalized_function(id);
        it.size = size;
        // SAFETY: the function was declared with this very signature, and lives as long as the
        // module, which is here until this is dropped.
        it.entry = unsafe { core::mem::transmute::<*const u8, Entry>(start) };
        Some(it)
    }

    /// Runs it on a frame; gives the place to go on at, and the steps left until the next poll.
    pub(crate) fn run(&self, mut round: Round<'_>) -> (u32, u32) {
        // Its code names no other registers than these.
        assert!(round.registers.len() >= self.registers, "the frame of this very code");
        let mut context = Context::new(&mut round);
        // SAFETY: the code reads and writes the context, which is here; registers below the number
        // that was just compared with the frame's, which `round` has borrowed; and places in the
        // arena, borrowed as well, whose offsets it compares with the arena's length or with
        // windows that `Context::new` has found to be inside. It calls nothing and its loops end
        // when `fuel` does.
        let at = unsafe { (self.entry)(&raw mut context, round.at) };
        *round.fuel = context.fuel;
        (at, context.fuel)
    }
}

/// Stands in until there is code.
unsafe extern "C" fn nowhere(_: *mut Context, at: u32) -> u32 {
    at
}

fn define(
    module: &mut JITModule,
    code: &Code,
    facts: &Facts,
) -> Option<(cranelift_module::FuncId, usize)> {
    let mut context = module.make_context();
    let config = module.target_config();
    let pointer = config.pointer_type();
    if pointer.bytes() != 8 {
        return None;
    }
    let signature = &mut context.func.signature;
    signature.params.push(AbiParam::new(pointer));
    signature.params.push(AbiParam::new(I32));
    signature.returns.push(AbiParam::new(I32));
    let id = module.declare_function("rounds", Linkage::Local, signature).ok()?;
    let mut builders = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut builders);
    Translator::write(code, facts, &mut builder);
    builder.finalize(config);
    module.define_function(id, &mut context).ok()?;
    let size = context.compiled_code().map_or(0, |c| c.code_info().total_size as usize);
    Some((id, size))
}

impl Drop for MachineCode {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: the code is called by `run` alone, which borrows what is dropped here, and
            // nobody else has its address.
            unsafe { module.free_memory() };
        }
    }
}
