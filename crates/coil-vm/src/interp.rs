//! Running code: frames, calls, the loop itself.

pub mod call;
pub(crate) mod frame;
pub(crate) mod gather;
pub mod import;
pub mod loader;
pub mod look;
pub mod machine;
pub(crate) mod methods;
pub(crate) mod native;
pub(crate) mod plan;
pub mod poll;
mod resume;
mod run;
pub mod thread;
mod unloader;
mod unwind;
