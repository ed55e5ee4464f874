//! What machine code is given: where its frame is, where the arena is, and what of it is open.

use coil_vm::interp::machine::Round;
use core::mem::offset_of;

/// A window as machine code looks through it.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Open {
    /// Bytes that may be read, counted from the start; zero closes it.
    readable: u64,
    /// Bytes that may be replaced.
    writable: u64,
    /// Offset of the first byte in the arena.
    start: u32,
}

/// How many windows there are.
pub(crate) const WINDOWS: usize = coil_heap::WINDOWS;

/// The one argument of machine code beside the place.
#[repr(C)]
#[derive(Debug)]
pub(crate) struct Context {
    /// The frame's first register.
    registers: *mut u64,
    /// The first byte of the arena.
    arena: *mut u8,
    /// Offset behind the last place of eight bytes: the arena's length less seven.
    end: u64,
    /// The windows.
    open: [Open; WINDOWS],
    /// Steps until the next poll.
    pub(crate) fuel: u32,
}

/// Places of fields.
pub(crate) const REGISTERS: i32 = offset_of!(Context, registers) as i32;
pub(crate) const ARENA: i32 = offset_of!(Context, arena) as i32;
pub(crate) const END: i32 = offset_of!(Context, end) as i32;
pub(crate) const FUEL: i32 = offset_of!(Context, fuel) as i32;

/// Where a field of a window is.
pub(crate) fn window(i: usize, field: usize) -> i32 {
    (offset_of!(Context, open) + i * size_of::<Open>() + field) as i32
}

pub(crate) const START: usize = offset_of!(Open, start);
pub(crate) const READABLE: usize = offset_of!(Open, readable);
pub(crate) const WRITABLE: usize = offset_of!(Open, writable);

impl Context {
    /// For a round; what it points at is borrowed by that.
    pub(crate) fn new(round: &mut Round<'_>) -> Self {
        let bytes = round.heap.host_bytes() as u64;
        let open = round.heap.open_windows().map(|w| {
            let inside = u64::from(w.start) + u64::from(w.len) <= bytes;
            let readable = if inside { u64::from(w.len) } else { 0 };
            Open { readable, writable: if w.writable { readable } else { 0 }, start: w.start }
        });
        Self {
            registers: round.registers.as_mut_ptr().cast(),
            arena: round.heap.base().cast(),
            end: bytes.saturating_sub(7),
            open,
            fuel: *round.fuel,
        }
    }
}
