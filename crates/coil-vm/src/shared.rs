//! A counted pointer that threads may share where the target has atomics for it.

#[cfg(not(target_has_atomic = "ptr"))]
pub use alloc::rc::Rc as Shared;
#[cfg(target_has_atomic = "ptr")]
pub use alloc::sync::Arc as Shared;
